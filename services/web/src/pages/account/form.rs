//! A page that is one form: most pages of an account are.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;

use crate::{
    render::{self, Shown},
    ui::{ErrorSummary, Filled, Html, Link, Notice, Shell, Tabs},
    visit::Visit,
};

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/form.html")]
pub struct FormPage {
    /// Head and foot.
    shell: Shell,
    /// The other pages of the account, on pages of the account.
    tabs: Option<Tabs>,
    title: String,
    lead: String,
    notice: Option<Notice>,
    errors: Option<ErrorSummary>,
    action: String,
    hidden: Vec<(String, String)>,
    fields: Vec<Html>,
    /// Files may come with it.
    upload: bool,
    button: String,
    /// Other ways to go on.
    after: Vec<Link>,
}

impl FormPage {
    /// A page called `title` whose form posts to `action`, with a button that says `button`.
    pub fn new(title: &str, action: impl Into<String>, button: &str) -> Self {
        Self {
            shell: Shell::default(),
            tabs: None,
            title: title.to_owned(),
            lead: String::new(),
            notice: None,
            errors: None,
            action: action.into(),
            hidden: Vec::new(),
            fields: Vec::new(),
            upload: false,
            button: button.to_owned(),
            after: Vec::new(),
        }
    }
    /// A sentence under the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }
    /// Something to know.
    #[must_use]
    pub fn notice(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }
    /// What is wrong with what was sent; `names` are the fields of this form.
    #[must_use]
    pub fn errors(mut self, filled: &Filled, names: &[&str]) -> Self {
        self.errors = filled.summary(names);
        self
    }
    /// A field or another component of the form.
    #[must_use]
    pub fn field(mut self, field: &impl HtmlSafe) -> Self {
        self.fields.push(Html::of(field));
        self
    }
    /// A hidden field.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }
    /// Files may come with it; it is read as [`crate::forms::Uploaded`].
    #[must_use]
    pub fn upload(mut self) -> Self {
        self.upload = true;
        self
    }
    /// Another way to go on.
    #[must_use]
    pub fn after(mut self, text: &str, href: impl Into<String>) -> Self {
        self.after.push(Link::new(text, href));
        self
    }
    /// Among the pages of the account, at `here`.
    #[must_use]
    pub fn in_account(mut self, here: &str) -> Self {
        self.tabs = Some(super::tabs(here));
        self
    }
    /// The page, with forms bound to this browser.
    pub async fn show(mut self, visit: &mut Visit, status: StatusCode) -> Shown {
        visit.bind_forms();
        self.shell = Shell { private: true, ..visit.shell(&self.title).await };
        render::page_with(status, &self)
    }
}
