//! Where each setting was made: a line of the file, a variable, a flag. What is found wrong after everything was
//! read is named with it all the same.

use std::{collections::BTreeMap, path::Path};

use kernel::{Error, FieldError, Kind};
use toml::de::DeTable;

/// How a complaint begins about each key and section that was set.
#[derive(Debug, Clone, Default)]
pub struct Places(BTreeMap<String, String>);

/// Number of the line in which the byte `at` of `text` stands.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

impl Places {
    /// All keys of a file that has been read.
    pub fn of_file(path: &Path, text: &str) -> Self {
        let mut places = Self::default();
        if let Ok(root) = DeTable::parse(text) {
            let place = |at: usize| format!("{}:{}: ", path.display(), line_of(text, at));
            places.enter("", root.get_ref(), &place);
        }
        places
    }

    fn enter(&mut self, above: &str, table: &DeTable<'_>, place: &dyn Fn(usize) -> String) {
        for (key, value) in table {
            let name = format!("{above}{}", key.get_ref());
            self.0.insert(name.clone(), place(key.span().start));
            if let Some(inner) = value.get_ref().as_table() {
                self.enter(&format!("{name}."), inner, place);
            }
        }
    }

    /// A variable or a flag has set `key`, and all below it.
    pub fn replace(&mut self, key: &str, what: &str) {
        let below = format!("{key}.");
        self.0.retain(|known, _| !known.starts_with(&below));
        self.0.insert(key.to_owned(), format!("{what} is wrong: "));
    }

    /// The same error; if it is about settings it names the place of each, or that of the section it belongs into.
    #[must_use]
    pub fn name(&self, error: Error) -> Error {
        let placed = |field: &FieldError| {
            let place = self.of(&field.field)?;
            Some(format!("{place}{}: {}", field.field, field.reason))
        };
        let lines: Option<Vec<String>> = error.fields().iter().map(placed).collect();
        match lines {
            Some(lines) if !lines.is_empty() && error.is(Kind::Invalid) => {
                let named = Error::new(Kind::Invalid, "configuration", lines.join("\n"));
                match error.source_text() {
                    Some(cause) => named.caused_by(cause),
                    None => named,
                }
            }
            _ => error,
        }
    }

    fn of(&self, key: &str) -> Option<&str> {
        let mut key = key;
        loop {
            if let Some(place) = self.0.get(key) {
                return Some(place);
            }
            key = key.rsplit_once('.')?.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[server]\nlisten = \"127.0.0.1:1\"\n\n[payments.stripe]\nlive = true\n\
                        [payments]\nmethods = { card = { countries = [\"NL\"] } }\n";

    fn named(places: &Places, key: &str) -> String {
        places.name(Error::invalid(key, "Mend it.").caused_by("the cause")).detail().to_owned()
    }

    #[test]
    fn keys_are_named_with_their_line_and_what_is_not_set_with_that_of_its_section() {
        let places = Places::of_file(Path::new("souk.toml"), FILE);
        assert_eq!(named(&places, "server.listen"), "souk.toml:2: server.listen: Mend it.");
        assert_eq!(named(&places, "server.advertise"), "souk.toml:1: server.advertise: Mend it.");
        assert_eq!(named(&places, "payments.stripe.live"), "souk.toml:5: payments.stripe.live: Mend it.");
        assert_eq!(named(&places, "payments.stripe.secret_key"), "souk.toml:4: payments.stripe.secret_key: Mend it.");
        assert_eq!(named(&places, "payments.methods.card"), "souk.toml:7: payments.methods.card: Mend it.");
        assert_eq!(places.name(Error::invalid("server.listen", "No.").caused_by("why")).source_text(), Some("why"));
    }

    #[test]
    fn what_came_later_is_named_and_not_what_it_replaced() {
        let mut places = Places::of_file(Path::new("souk.toml"), FILE);
        places.replace("server.listen", "The flag --listen");
        places.replace("payments.methods", "The variable SOUK_PAYMENTS__METHODS");
        assert_eq!(named(&places, "server.listen"), "The flag --listen is wrong: server.listen: Mend it.");
        assert_eq!(
            named(&places, "payments.methods.card"),
            "The variable SOUK_PAYMENTS__METHODS is wrong: payments.methods.card: Mend it."
        );
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        let places = Places::of_file(Path::new("souk.toml"), FILE);
        let unknown = places.name(Error::invalid("log.filter", "Mend it."));
        assert_eq!((unknown.code(), unknown.fields().len()), ("invalid_input", 1));
        assert_eq!(places.name(Error::not_found("order")).detail(), "There is no such order.");
    }
}
