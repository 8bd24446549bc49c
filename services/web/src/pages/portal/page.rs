//! A page of the portal: a head with its one main action, and blocks under it.

use askama::Template;

use super::{Form, Place};
use crate::ui::{Badge, Crumbs, ErrorSummary, Html, Link, Notice, PortalFrame, Shell, Tone};

/// A button in the head.
#[derive(Debug, Clone)]
struct Action {
    link: Link,
    class: &'static str,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/page.html")]
pub struct PortalPage {
    shell: Shell,
    portal: PortalFrame,
    title: String,
    crumbs: Option<Crumbs>,
    badge: Option<Badge>,
    actions: Vec<Action>,
    errors: Option<ErrorSummary>,
    notices: Vec<Notice>,
    blocks: Vec<Html>,
    reload: bool,
}

impl PortalPage {
    /// A page that is called what its head says.
    pub fn new(place: Place) -> Self {
        Self {
            title: place.shell.title.clone(),
            shell: place.shell,
            portal: place.portal,
            crumbs: None,
            badge: None,
            actions: Vec::new(),
            errors: None,
            notices: Vec::new(),
            blocks: Vec::new(),
            reload: false,
        }
    }
    /// With the way to it: `(text, href)`.
    #[must_use]
    pub fn above(mut self, above: &[(&str, &str)]) -> Self {
        self.crumbs = Some(Crumbs::new(above, self.title.clone()));
        self
    }
    /// With its state beside the title.
    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badge = Some(badge);
        self
    }
    /// With its main action.
    #[must_use]
    pub fn main(mut self, text: &str, href: impl Into<String>) -> Self {
        self.actions.push(Action { link: Link::new(text, href), class: "primary" });
        self
    }
    /// With one more thing to do.
    #[must_use]
    pub fn action(mut self, text: &str, href: impl Into<String>) -> Self {
        self.actions.push(Action { link: Link::new(text, href), class: "" });
        self
    }
    /// With something that ends or removes; it leads to a page that asks.
    #[must_use]
    pub fn danger(mut self, text: &str, href: impl Into<String>) -> Self {
        self.actions.push(Action { link: Link::new(text, href), class: "danger" });
        self
    }
    /// With what was wrong with its form.
    #[must_use]
    pub fn errors(mut self, errors: Option<ErrorSummary>) -> Self {
        self.errors = errors;
        self
    }
    /// With something to know.
    #[must_use]
    pub fn notice(mut self, notice: Option<Notice>) -> Self {
        self.notices.extend(notice);
        self
    }
    /// With a part of its content.
    #[must_use]
    pub fn block(mut self, block: &impl askama::filters::HtmlSafe) -> Self {
        self.blocks.push(Html::of(block));
        self
    }
    /// Loads itself again where scripts do not run, if `yes`: something is under way.
    #[must_use]
    pub fn reload(mut self, yes: bool) -> Self {
        self.reload = yes;
        self
    }
}

/// Asks before something ends: what will happen, and whether it can be undone.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// What will happen.
    pub effect: &'a str,
    /// The form that does it.
    pub form: Form,
    /// Where nothing happens.
    pub back: Link,
}

impl Ask<'_> {
    /// The page that asks.
    pub fn page(self, place: Place, above: &[(&str, &str)]) -> PortalPage {
        let form = self.form.danger().cancel(self.back.text, self.back.href);
        PortalPage::new(place)
            .above(above)
            .notice(Some(Notice::new(Tone::Warning, "", self.effect)))
            .block(&super::Panel::new("").narrow().with(&form))
    }
}
