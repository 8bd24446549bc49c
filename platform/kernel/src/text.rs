//! Small texts with rules: parse once, trust afterwards.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $schema:tt) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(d)?;
                text.parse().map_err(|e: Error| {
                    serde::de::Error::custom(e.fields().first().map_or_else(|| e.detail().to_owned(), |f| f.reason.clone()))
                })
            }
        }
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

text_type!(
    /// An e-mail address, trimmed and in lower case. Checked for shape; only a mail proves it.
    Email,
    {"type": "string", "format": "email", "maxLength": 254}
);

impl FromStr for Email {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        let text = s.trim().to_lowercase();
        let bad = || Error::invalid("email", "Enter an e-mail address such as name@example.com.");
        let (local, domain) = text.rsplit_once('@').ok_or_else(bad)?;
        let plain = |c: char| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\\' | '[' | ']' | '@')
        };
        let label = |l: &str| {
            !l.is_empty()
                && l.len() <= 63
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let ok = text.len() <= 254
            && (1..=64).contains(&local.len())
            && local.chars().all(plain)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && domain.contains('.')
            && domain.split('.').all(label);
        if ok { Ok(Self(text)) } else { Err(bad()) }
    }
}

text_type!(
    /// A name in an address: `blue-mug-2`. Lower-case ASCII letters, digits and single hyphens.
    Slug,
    {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80}
);

impl FromStr for Slug {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        let ok = (1..=80).contains(&s.len())
            && s.split('-')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if ok {
            Ok(Self(s.to_owned()))
        } else {
            Err(Error::invalid("slug", "Use lower-case letters, digits and single hyphens, at most 80."))
        }
    }
}

impl Slug {
    /// The nearest slug to a title; `fallback` if nothing of it can be kept.
    pub fn from_title(title: &str, fallback: &str) -> Self {
        let mut text = String::with_capacity(title.len());
        for c in deunicode::deunicode(title).chars() {
            match c.to_ascii_lowercase() {
                c @ ('a'..='z' | '0'..='9') => text.push(c),
                _ if !text.is_empty() && !text.ends_with('-') => text.push('-'),
                _ => {}
            }
        }
        text.truncate(70);
        let text = text.trim_matches('-');
        Self(if text.is_empty() { fallback.to_owned() } else { text.to_owned() })
    }
    /// The same slug with a number behind, for when the plain one is taken.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Self {
        Self(format!("{}-{n}", self.0))
    }
}

text_type!(
    /// An ISO 3166-1 alpha-2 country code.
    Country,
    {"type": "string", "pattern": "^[A-Z]{2}$"}
);

impl FromStr for Country {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        if s.len() == 2 && s.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(s.to_owned()))
        } else {
            Err(Error::invalid("country", "Use a two-letter country code such as DE."))
        }
    }
}

text_type!(
    /// What a buyer types to get a promotion: `WELCOME-10`. Upper case, however it was typed.
    PromoCode,
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{3,40}$"}
);

impl FromStr for PromoCode {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        let text = s.trim().to_ascii_uppercase();
        let ok = (3..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
        if ok {
            Ok(Self(text))
        } else {
            Err(Error::invalid("code", "A code has 3 to 40 letters without accents, digits, “-” or “_”."))
        }
    }
}

/// What makes a spreadsheet take a cell for a formula, and the mark that keeps it from doing so.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// A text for a cell that no spreadsheet takes for a formula.
pub fn guard_cell(text: &str) -> String {
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

/// Takes back what [`guard_cell`] did.
pub fn unguard_cell(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        assert_eq!("  Ada@Example.COM ".parse::<Email>().unwrap().as_str(), "ada@example.com");
        for bad in [
            "",
            "a",
            "a@b",
            "@example.com",
            "a b@example.com",
            "a@exa mple.com",
            "a@example..com",
            "a\r\nBcc: x@y.z@example.com",
            "a@-x.com",
            "<a@b.com>",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn slugs() {
        assert_eq!(Slug::from_title("Größe & Maß: Blue Mug!", "item").as_str(), "grosse-mass-blue-mug");
        assert_eq!(Slug::from_title("!!!", "item").as_str(), "item");
        for bad in ["", "A", "a--b", "-a", "a-", "a b", "ä"] {
            assert!(bad.parse::<Slug>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn codes() {
        assert_eq!(" Welcome-10\n".parse::<PromoCode>().unwrap().as_str(), "WELCOME-10");
        for bad in ["", "AB", "A B C", "ÄRGER", "A/B/C", "'--", &"X".repeat(41)] {
            assert!(bad.parse::<PromoCode>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn formulas_are_made_harmless_and_come_back() {
        for text in ["=1+1", "+49", "-5", "@cmd", "\tx", "\rx", "'=x", "''", "'", "'tis", "plain", "", "a=b", "''+'"] {
            let guarded = guard_cell(text);
            assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r']), "{guarded:?}");
            assert_eq!(unguard_cell(&guarded), text);
        }
        assert_eq!(unguard_cell("'tis"), "'tis", "an apostrophe of somebody's own stays");
    }
}
