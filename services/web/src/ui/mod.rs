//! The components. Each is a plain struct that a page fills and a template that shows it, once;
//! print one with `{{ it }}`. A component escapes everything it is given, so it may be printed
//! unescaped itself, and htmx can be answered with a component alone.

mod basics;
mod cart;
mod choice;
mod dialog;
mod form;
mod list;
mod order;
mod panel;
mod product;
mod shell;
mod table;
#[cfg(test)]
mod tests;

pub use basics::*;
pub use cart::*;
pub use choice::*;
pub use dialog::*;
pub use form::*;
pub use list::*;
pub use order::*;
pub use panel::*;
pub use product::*;
pub use shell::*;
pub use table::*;

/// Marks templates whose output is HTML already, so that `{{ it }}` does not escape it twice.
macro_rules! component {
    ($($name:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $name {})+ };
}
pub(crate) use component;

/// What a colour says. Never said by colour alone: every use carries words or an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Souk's own colour: new, chosen, current.
    Accent,
    /// Done, in stock, paid.
    Success,
    /// Soon a problem.
    Warning,
    /// A problem.
    Danger,
    /// A reduced price.
    Sale,
}

impl Tone {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Accent => "accent",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
            Self::Sale => "sale flat",
        }
    }
    /// The icon of a notice.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Success => "check-circle",
            Self::Warning => "warning",
            Self::Danger => "alert",
            Self::Neutral | Self::Accent | Self::Sale => "info",
        }
    }
}

/// A link that reads as a button or as text, depending on where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it does, as a verb, or where it leads.
    pub text: String,
    /// Address.
    pub href: String,
}

impl Link {
    /// `text` leading to `href`.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// HTML that is known to be safe: the output of a template, or text that was sanitised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// What a component prints.
    pub fn of(component: &impl askama::filters::HtmlSafe) -> Self {
        Self(component.to_string())
    }
    /// A description from the catalogue. The caller vouches that it went through the sanitiser
    /// when it was stored; nothing else comes in here.
    pub fn sanitised(html: impl Into<String>) -> Self {
        Self(html.into())
    }
    /// True if there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

component!(Html);
