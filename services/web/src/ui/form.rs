//! Forms: a field is a label, a control, a hint and, when it went wrong, an error beside it, with
//! what was typed still in it.

use std::collections::BTreeMap;

use askama::Template;
use kernel::{Error, FieldError};

use super::component;

/// What a form was sent with and what is wrong with it; empty for a form not sent yet.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    values: BTreeMap<String, String>,
    errors: Vec<FieldError>,
    detail: Option<String>,
}

impl Filled {
    /// Values to begin with: those stored, or those just typed.
    pub fn with(values: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, ..Self::default() }
    }
    /// The same, refused with `error`.
    #[must_use]
    pub fn refused(mut self, error: &Error) -> Self {
        self.errors = error.fields().to_vec();
        self.detail = Some(error.detail().to_owned());
        self
    }
    /// With `value` in the field `name` unless it was sent.
    #[must_use]
    pub fn or(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_insert_with(|| value.into());
        self
    }
    /// What the field `name` holds.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
    /// What is wrong with the field `name`.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == name).map(|e| e.reason.as_str())
    }
    /// The summary for the top of the form, if the form was refused. `labels` are the names of the
    /// fields on this page: an error in another field is told in words, without a link.
    pub fn summary(&self, labels: &[&str]) -> Option<ErrorSummary> {
        let detail = self.detail.clone()?;
        let item = |e: &FieldError| SummaryItem {
            text: e.reason.clone(),
            href: labels.contains(&e.field.as_str()).then(|| format!("#{}", field_id(&e.field))),
        };
        Some(ErrorSummary { detail, items: self.errors.iter().map(item).collect() })
    }
}

/// The id of the control of a field: letters, digits and hyphens only.
pub fn field_id(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    std::iter::once('f').chain(std::iter::once('-')).chain(plain).collect()
}

/// All errors of a form in one place, each leading to its field. Takes the focus.
#[derive(Debug, Clone, Template)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    detail: String,
    items: Vec<SummaryItem>,
}

#[derive(Debug, Clone)]
struct SummaryItem {
    text: String,
    href: Option<String>,
}

/// A choice of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectOption {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Control {
    Input(&'static str),
    TextArea(u32),
    Select(Vec<SelectOption>),
}

/// A field of one line, of many lines, or a select.
#[derive(Debug, Clone, Template)]
#[template(path = "components/field.html")]
pub struct Field {
    id: String,
    name: String,
    label: String,
    control: Control,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    optional: bool,
    hidden_label: bool,
    class: &'static str,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    pattern: Option<&'static str>,
    min: Option<i64>,
    max: Option<i64>,
    max_length: Option<usize>,
    before: Option<String>,
    after: Option<String>,
    attributes: Vec<(&'static str, String)>,
}

impl Field {
    fn new(name: &str, label: &str, control: Control) -> Self {
        Self {
            id: field_id(name),
            name: name.to_owned(),
            label: label.to_owned(),
            control,
            value: String::new(),
            hint: None,
            error: None,
            optional: false,
            hidden_label: false,
            class: "",
            autocomplete: None,
            inputmode: None,
            pattern: None,
            min: None,
            max: None,
            max_length: None,
            before: None,
            after: None,
            attributes: Vec::new(),
        }
    }

    /// One line of text.
    pub fn text(name: &str, label: &str) -> Self {
        Self::new(name, label, Control::Input("text"))
    }
    /// An e-mail address, with the right keyboard.
    pub fn email(name: &str, label: &str) -> Self {
        let mut field = Self::new(name, label, Control::Input("email")).autocomplete("email");
        field.inputmode = Some("email");
        field
    }
    /// A password; `autocomplete` is `current-password` or `new-password`. Never refilled.
    pub fn password(name: &str, label: &str, autocomplete: &'static str) -> Self {
        Self::new(name, label, Control::Input("password")).autocomplete(autocomplete)
    }
    /// A telephone number.
    pub fn phone(name: &str, label: &str) -> Self {
        Self::new(name, label, Control::Input("tel")).autocomplete("tel")
    }
    /// A whole number.
    pub fn number(name: &str, label: &str) -> Self {
        let mut field = Self::new(name, label, Control::Input("number"));
        field.inputmode = Some("numeric");
        field.class = "num";
        field
    }
    /// An amount in a currency whose symbol stands behind it. A text field, so that nothing the
    /// browser does to numbers can change it.
    pub fn amount(name: &str, label: &str, symbol: &str) -> Self {
        let mut field = Self::new(name, label, Control::Input("text"));
        field.inputmode = Some("decimal");
        field.class = "num";
        field.after = Some(symbol.to_owned());
        field
    }
    /// A day.
    pub fn date(name: &str, label: &str) -> Self {
        Self::new(name, label, Control::Input("date"))
    }
    /// A day and a time.
    pub fn moment(name: &str, label: &str) -> Self {
        Self::new(name, label, Control::Input("datetime-local"))
    }
    /// A search.
    pub fn search(name: &str, label: &str) -> Self {
        Self::new(name, label, Control::Input("search"))
    }
    /// Several lines of text.
    pub fn lines(name: &str, label: &str, rows: u32) -> Self {
        Self::new(name, label, Control::TextArea(rows))
    }
    /// One of `options`, given as `(value, text)`.
    pub fn select<V: Into<String>, T: Into<String>>(
        name: &str,
        label: &str,
        options: impl IntoIterator<Item = (V, T)>,
    ) -> Self {
        let options = options.into_iter().map(|(value, text)| SelectOption { value: value.into(), text: text.into() });
        Self::new(name, label, Control::Select(options.collect()))
    }

    /// What was typed and what is wrong with it.
    #[must_use]
    pub fn filled(mut self, filled: &Filled) -> Self {
        if self.control != Control::Input("password") {
            self.value = filled.value(&self.name).to_owned();
        }
        self.error = filled.error(&self.name).map(str::to_owned);
        self
    }
    /// What is wrong with it.
    #[must_use]
    pub fn error(mut self, reason: impl Into<String>) -> Self {
        self.error = Some(reason.into());
        self
    }
    /// What it holds at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
    /// How to fill it, under it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// True if this is its name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }
    /// May be left empty; the label says so. Fields are required otherwise.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
    /// The label is for screen readers only: the place says what it is.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.hidden_label = true;
        self
    }
    /// The autofill token, e.g. `shipping postal-code`.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }
    /// The keyboard of a phone: `numeric`, `decimal`, `tel`.
    #[must_use]
    pub fn keyboard(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }
    /// Bounds of a number.
    #[must_use]
    pub fn between(mut self, min: i64, max: i64) -> Self {
        self.min = Some(min);
        self.max = Some(max);
        self
    }
    /// The longest text the contract takes.
    #[must_use]
    pub fn max_length(mut self, characters: usize) -> Self {
        self.max_length = Some(characters);
        self
    }
    /// `.w-s`, `.w-m`, `.num`, `.small`: a class for the control.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }
    /// A word inside the frame before the control, e.g. `https://souk.example/`.
    #[must_use]
    pub fn before(mut self, text: impl Into<String>) -> Self {
        self.before = Some(text.into());
        self
    }
    /// A word inside the frame behind the control, e.g. `kg`.
    #[must_use]
    pub fn after(mut self, text: impl Into<String>) -> Self {
        self.after = Some(text.into());
        self
    }
    /// A further attribute, e.g. `hx-get`. The name is ours, the value is escaped.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }
    /// True if something was typed or is wrong: a disclosure around it opens.
    pub fn has_content(&self) -> bool {
        !self.value.is_empty() || self.error.is_some()
    }
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let ids: Vec<_> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// A quantity with buttons to either side; a number field without scripts.
#[derive(Debug, Clone, Template)]
#[template(path = "components/stepper.html")]
pub struct Stepper {
    /// Name of the field.
    pub name: String,
    /// Id of the control; unique on the page, and the same after a swap so that focus survives it.
    pub id: String,
    /// For a screen reader: `Quantity of Blue mug`.
    pub label: String,
    /// The number now.
    pub value: i64,
    /// Least.
    pub min: i64,
    /// Most, e.g. what is in stock.
    pub max: i64,
}

/// A place for files: a native file input with progress while they travel. The form around it
/// carries `enctype="multipart/form-data"` and `data-upload="#id-of-what-the-answer-replaces"`.
#[derive(Debug, Clone, Template)]
#[template(path = "components/upload.html")]
pub struct Upload {
    /// Name of the field.
    pub name: String,
    /// What to choose: `Add pictures`.
    pub label: String,
    /// `image/jpeg,image/png` or `.csv`.
    pub accept: &'static str,
    /// True if several at once are fine.
    pub multiple: bool,
    /// Formats and the largest size in words.
    pub hint: String,
    /// What was wrong with the last one.
    pub error: Option<String>,
}

/// Fields that are folded away until somebody wants them.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<details class="more"{% if open %} open{% endif %}><summary>{{ title }}</summary><div class="stack">{% for field in fields %}{{ field }}{% endfor %}</div></details>"#,
    ext = "html"
)]
pub struct Fold {
    /// What they are about.
    pub title: String,
    /// Open where something is in them.
    pub open: bool,
    /// The fields, each with a label that stands for itself.
    pub fields: Vec<Field>,
}

component!(ErrorSummary, Field, Fold, Stepper, Upload);
