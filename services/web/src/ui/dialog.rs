//! Questions and short messages.

use askama::Template;

use super::{Link, Tone, component};

/// Asks before something is destroyed: names the effect, and may ask for the name. A link to
/// `action` shows the same question as a page where dialogs cannot open.
#[derive(Debug, Clone, Template)]
#[template(path = "components/confirm.html")]
pub struct Confirm {
    /// Id of the dialog; a button opens it with `commandfor` and `command="show-modal"`.
    pub id: String,
    /// The question: `Delete “Blue mug”?`
    pub title: String,
    /// What will happen, and whether it can be undone.
    pub effect: String,
    /// Where the form posts.
    pub action: String,
    /// The verb on the button: `Delete product`.
    pub verb: String,
    /// What must be typed before the button works; the server checks it too, as `confirm`.
    pub type_this: Option<String>,
    /// Hidden token.
    pub csrf: String,
}

/// A short message that comes and goes. It repeats what the page says, it never stands alone.
#[derive(Debug, Clone, Template)]
#[template(path = "components/toast.html")]
pub struct Toast {
    /// The message.
    pub text: String,
    /// Danger stays until dismissed.
    pub tone: Tone,
    /// Undo, look.
    pub action: Option<Link>,
}

impl Toast {
    /// A message without an action.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone, action: None }
    }
    /// With what to do about it.
    #[must_use]
    pub fn action(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some(Link::new(text, href));
        self
    }
}

/// Toasts behind a fragment: htmx adds them to the page's own, wherever the fragment goes.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"{% if !toasts.is_empty() %}<div id="toasts" hx-swap-oob="beforeend">{% for toast in toasts %}{{ toast }}{% endfor %}</div>{% endif %}"#,
    ext = "html"
)]
pub struct Toasts {
    /// The messages.
    pub toasts: Vec<Toast>,
}

component!(Confirm, Toast, Toasts);
