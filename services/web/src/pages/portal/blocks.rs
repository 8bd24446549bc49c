//! Blocks of a page: panels, forms, filters, lists. Each is a component like those of [`crate::ui`].

use askama::{Template, filters::HtmlSafe};

use crate::ui::{Field, Html, Link, Pager, Table, Tile, component};

/// A headed box.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "portal/panel.html")]
pub struct Panel {
    title: String,
    id: String,
    link: Option<Link>,
    parts: Vec<Html>,
    flush: bool,
    narrow: bool,
}

impl Panel {
    /// A box headed `title`; an empty one has no head.
    pub fn new(title: &str) -> Self {
        let id = title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        Self { title: title.to_owned(), id, ..Self::default() }
    }
    /// With a link at the end of its head.
    #[must_use]
    pub fn link(mut self, text: &str, href: impl Into<String>) -> Self {
        self.link = Some(Link::new(text, href));
        self
    }
    /// With a part of its content.
    #[must_use]
    pub fn with(mut self, part: &impl HtmlSafe) -> Self {
        self.parts.push(Html::of(part));
        self
    }
    /// With a part, if there is one.
    #[must_use]
    pub fn maybe(self, part: Option<&impl HtmlSafe>) -> Self {
        match part {
            Some(part) => self.with(part),
            None => self,
        }
    }
    /// Its content reaches the edges: a table.
    #[must_use]
    pub fn flush(mut self) -> Self {
        self.flush = true;
        self
    }
    /// As wide as a form reads well.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }
}

/// A broad and a narrow column of panels.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="split"><div class="stack">{% for panel in main %}{{ panel }}{% endfor %}</div><div class="stack">{% for panel in side %}{{ panel }}{% endfor %}</div></div>"#,
    ext = "html"
)]
pub struct Split {
    /// The broad column.
    pub main: Vec<Panel>,
    /// The narrow one.
    pub side: Vec<Panel>,
}

/// Numbers side by side.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<div class="tiles">{% for tile in tiles %}{{ tile }}{% endfor %}</div>"#, ext = "html")]
pub struct Tiles {
    /// The numbers.
    pub tiles: Vec<Tile>,
}

/// A sentence.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<p class="{{ class }}">{{ text }}</p>"#, ext = "html")]
pub struct Words {
    /// The sentence.
    pub text: String,
    /// `soft`, `lead` or nothing.
    pub class: &'static str,
}

impl Words {
    /// A sentence.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "" }
    }
    /// A sentence that may be skipped.
    pub fn soft(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "soft" }
    }
}

/// Names with their values, some of which lead somewhere.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<table class="specs"><caption class="vh">{{ caption }}</caption><tbody>{% for (name, value) in rows %}<tr><th scope="row">{{ name }}</th><td>{% if value.href.is_empty() %}{{ value.text }}{% else %}<a href="{{ value.href }}">{{ value.text }}</a>{% endif %}</td></tr>{% endfor %}</tbody></table>"#,
    ext = "html"
)]
pub struct Facts {
    caption: String,
    rows: Vec<(String, Link)>,
}

impl Facts {
    /// Facts about what `caption` names.
    pub fn new(caption: &str) -> Self {
        Self { caption: caption.to_owned(), rows: Vec::new() }
    }
    /// With one more.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<String>) -> Self {
        self.rows.push((name.to_owned(), Link::new(value, "")));
        self
    }
    /// With one that leads somewhere.
    #[must_use]
    pub fn linked(mut self, name: &str, value: impl Into<String>, href: impl Into<String>) -> Self {
        self.rows.push((name.to_owned(), Link::new(value, href)));
        self
    }
    /// With one more, if it is known.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }
}

/// A form that posts.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "portal/form.html")]
pub struct Form {
    action: String,
    csrf: String,
    id: String,
    hidden: Vec<(String, String)>,
    parts: Vec<Html>,
    verb: String,
    danger: bool,
    inline: bool,
    quiet: bool,
    cancel: Option<Link>,
    others: Vec<(String, String, String)>,
    upload: Option<String>,
}

impl Form {
    /// A form whose button says `verb`, with the token of this visitor's forms.
    pub fn new(action: impl Into<String>, csrf: &str, verb: &str) -> Self {
        Self { action: action.into(), csrf: csrf.to_owned(), verb: verb.to_owned(), ..Self::default() }
    }
    /// With a part: a field, a choice, words.
    #[must_use]
    pub fn with(mut self, part: &impl HtmlSafe) -> Self {
        self.parts.push(Html::of(part));
        self
    }
    /// With a part, if there is one.
    #[must_use]
    pub fn maybe(self, part: Option<&impl HtmlSafe>) -> Self {
        match part {
            Some(part) => self.with(part),
            None => self,
        }
    }
    /// With fields side by side where there is room.
    #[must_use]
    pub fn fields(self, fields: Vec<Field>) -> Self {
        self.with(&Fieldset { fields })
    }
    /// With a value that is not seen.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }
    /// It ends or removes something.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
    /// A plain button, beside a main action elsewhere on the page.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }
    /// In a row with what stands beside it: one field and its button.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }
    /// With a way out.
    #[must_use]
    pub fn cancel(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.cancel = Some(Link::new(text, href));
        self
    }
    /// With one more button that sends `name=value`.
    #[must_use]
    pub fn other(mut self, name: &str, value: &str, text: &str) -> Self {
        self.others.push((name.to_owned(), value.to_owned(), text.to_owned()));
        self
    }
    /// Its id, for what stands outside of it.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        self.id = id.to_owned();
        self
    }
    /// With files; the answer replaces the element `target` names where scripts run.
    #[must_use]
    pub fn upload(mut self, target: &str) -> Self {
        self.upload = Some(target.to_owned());
        self
    }
}

/// Fields side by side where there is room.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<div class="fields">{% for field in fields %}{{ field }}{% endfor %}</div>"#, ext = "html")]
pub struct Fieldset {
    /// The fields.
    pub fields: Vec<Field>,
}

/// Several of many, each with a tick. Sent as one value per tick.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/ticks.html")]
pub struct Ticks {
    /// Name of the field.
    pub name: String,
    /// The question.
    pub legend: String,
    /// How to answer it.
    pub hint: String,
    /// Value, text, ticked.
    pub ticks: Vec<(String, String, bool)>,
    /// What is wrong.
    pub error: Option<String>,
}

/// What narrows a list: a form that is sent by GET and keeps the address true.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "portal/tools.html")]
pub struct Tools {
    /// Address of the list.
    pub action: String,
    /// The filters.
    pub fields: Vec<Field>,
    /// Other filters that stay.
    pub kept: Vec<(String, String)>,
    /// Things to do beside it.
    pub links: Vec<Link>,
}

/// What can be done with ticked rows.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// Where it posts.
    pub action: String,
    /// Token of forms.
    pub csrf: String,
    /// Value of `do` and text of each button.
    pub verbs: Vec<(&'static str, &'static str)>,
}

/// A list with its pager: the fragment `#list`.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/list.html")]
pub struct List {
    table: Table,
    pager: Option<Pager>,
    bulk: Option<Bulk>,
}

impl List {
    /// Rows, with before and after.
    pub fn new(table: Table, pager: Pager) -> Self {
        Self { table, pager: Some(pager), bulk: None }
    }
    /// All rows there are.
    pub fn whole(table: Table) -> Self {
        Self { table, pager: None, bulk: None }
    }
    /// With what can be done with ticked rows; the table says `.ticked("id", "bulk")`.
    #[must_use]
    pub fn bulk(mut self, bulk: Bulk) -> Self {
        self.bulk = Some(bulk);
        self
    }
}

/// A block of text as it is: a message, an error.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<pre class="verbatim" tabindex="0">{{ text }}</pre>"#, ext = "html")]
pub struct Verbatim {
    /// The text.
    pub text: String,
}

component!(Panel, Split, Tiles, Words, Facts, Form, Fieldset, Ticks, Tools, List, Verbatim);
