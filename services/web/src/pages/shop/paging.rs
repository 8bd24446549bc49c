//! Lists that are read page by page. A cursor leads only onwards, so the address remembers the
//! cursors that led here.

use crate::{fmt::Fmt, forms::Fields, render::query, ui::Pager};

/// Cursors that are remembered; further back one begins again.
const TRAIL: usize = 8;

/// Where in a list we are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Where this page begins; nothing for the first.
    pub after: Option<String>,
    /// Where the pages before began, the first of all excepted.
    trail: Vec<String>,
    /// Items before this page.
    before: usize,
}

impl Place {
    /// As the address says it.
    pub fn of(asked: &Fields) -> Self {
        let Some(after) = asked.some("after") else { return Self::default() };
        let trail = asked.get("trail").split('.').filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        Self { after: Some(after), trail: trail.collect(), before: asked.parsed("n").unwrap_or(0) }
    }

    /// Links to the pages before and after of a list at `path`, whose filters are `kept`. `shown` items
    /// are on this page, `next` is the cursor of the one after, `total` counts all if that is known.
    pub fn pager(&self, fmt: &Fmt, path: &str, kept: &[(String, String)], list: &Listed<'_>) -> Pager {
        let first = self.before + 1;
        let last = self.before + list.shown;
        let number = |n: usize| fmt.count(i64::try_from(n).unwrap_or(i64::MAX));
        let text = match list.total {
            _ if list.shown == 0 => String::new(),
            Some(total) => format!("{}–{} of {}\u{a0}{}", number(first), number(last), fmt.count(total), list.noun),
            None if self.after.is_none() && list.next.is_none() => String::new(),
            None => format!("{}–{}", number(first), number(last)),
        };
        let next = list.next.map(|next| {
            let mut trail: Vec<&str> = self.trail.iter().chain(self.after.as_ref()).map(String::as_str).collect();
            trail.drain(..trail.len().saturating_sub(TRAIL));
            href(path, kept, Some((next, &trail.join("."), last)))
        });
        let previous = self.after.as_ref().map(|_| match self.trail.split_last() {
            Some((after, trail)) => {
                href(path, kept, Some((after, &trail.join("."), self.before.saturating_sub(list.page))))
            }
            None => href(path, kept, None),
        });
        Pager { text, previous, next, target: list.target }
    }
}

/// What is known of a page of a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listed<'a> {
    /// Items on this page.
    pub shown: usize,
    /// Items on a full page.
    pub page: usize,
    /// Cursor of the page after.
    pub next: Option<&'a str>,
    /// Items in all, if that is known.
    pub total: Option<i64>,
    /// What they are: `products`.
    pub noun: &'static str,
    /// The element that htmx replaces.
    pub target: Option<&'static str>,
}

/// An address with its query; no question mark if there is nothing to ask.
pub fn href(path: &str, kept: &[(String, String)], place: Option<(&str, &str, usize)>) -> String {
    let mut pairs: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = place.map(|(_, _, before)| before.to_string()).unwrap_or_default();
    if let Some((after, trail, _)) = place {
        pairs.push(("after", after));
        pairs.extend((!trail.is_empty()).then_some(("trail", trail)));
        pairs.push(("n", &before));
    }
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", query(&pairs)) }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::fmt::Locale;

    fn walk(address: &str, next: Option<&str>) -> Pager {
        let fmt = Fmt::new(Locale::En, Timestamp(0));
        let asked = Fields::parse(address.split_once('?').map_or("", |(_, query)| query).as_bytes());
        let kept = [("q".to_owned(), "tea & mug".to_owned())];
        let list = Listed { shown: 24, page: 24, next, total: Some(1_213), noun: "products", target: None };
        Place::of(&asked).pager(&fmt, "/search", &kept, &list)
    }

    #[test]
    fn the_way_back_is_remembered() {
        let first = walk("/search", Some("c1"));
        assert_eq!((first.text.as_str(), first.previous), ("1–24 of 1,213\u{a0}products", None));
        assert_eq!(first.next.as_deref(), Some("/search?q=tea+%26+mug&after=c1&n=24"));
        let second = walk(&first.next.unwrap(), Some("c2"));
        assert_eq!(second.previous.as_deref(), Some("/search?q=tea+%26+mug"));
        assert_eq!(second.next.as_deref(), Some("/search?q=tea+%26+mug&after=c2&trail=c1&n=48"));
        let third = walk(&second.next.unwrap(), None);
        assert_eq!((third.text.as_str(), third.next), ("49–72 of 1,213\u{a0}products", None));
        assert_eq!(third.previous.as_deref(), Some("/search?q=tea+%26+mug&after=c1&n=24"));
    }

    #[test]
    fn the_trail_does_not_grow_for_ever() {
        let mut address = "/search".to_owned();
        for n in 0..30 {
            address = walk(&address, Some(&format!("c{n}"))).next.unwrap();
        }
        assert!(address.contains("after=c29&trail=c21.c22.c23.c24.c25.c26.c27.c28&n=720"), "{address}");
    }
}
