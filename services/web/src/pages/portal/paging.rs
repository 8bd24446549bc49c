//! Lists that are read by cursors. A cursor leads only forward, so the way back is kept in the address.

use crate::{
    fmt::Fmt,
    forms::Fields,
    render,
    ui::{Link, Pager, Tab, Tabs},
};

/// Pages one can go back to one by one; before that it is the first page.
const BACK_MAX: usize = 12;

/// Where one is in a list, and what narrows it.
#[derive(Debug, Clone)]
pub struct Paging {
    path: String,
    kept: Vec<(String, String)>,
    after: Option<String>,
    back: Vec<String>,
}

impl Paging {
    /// Reads the address of the list at `path`: the filters called `keep`, and the page.
    pub fn of(path: impl Into<String>, asked: &Fields, keep: &[&str]) -> Self {
        let kept = keep.iter().filter_map(|name| Some(((*name).to_owned(), asked.some(name)?)));
        let back = asked.get("back").split('.').filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        Self { path: path.into(), kept: kept.collect(), after: asked.some("after"), back: back.collect() }
    }
    /// The cursor to read from.
    pub fn after(&self) -> Option<String> {
        self.after.clone()
    }
    /// A filter's value.
    pub fn filter(&self, name: &str) -> &str {
        self.kept.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
    /// All filters but `name`, to be kept by a form that sets that one.
    pub fn others(&self, names: &[&str]) -> Vec<(String, String)> {
        self.kept.iter().filter(|(known, _)| !names.contains(&known.as_str())).cloned().collect()
    }
    /// True if anything narrows the list.
    pub fn narrowed(&self) -> bool {
        !self.kept.is_empty()
    }
    /// The list from its beginning with the filter `name` set to `value`; without it if that is empty.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut kept = self.others(&[name]);
        if !value.is_empty() {
            kept.push((name.to_owned(), value.to_owned()));
        }
        self.address(&kept, None, &[])
    }
    /// The file at `path` with all that the list is narrowed to.
    pub fn file(&self, path: &str) -> String {
        let pairs: Vec<(&str, &str)> = self.kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", render::query(&pairs)) }
    }
    /// The same page of the list, for forms that come back to it.
    pub fn here(&self) -> String {
        self.address(&self.kept, self.after.as_deref(), &self.back)
    }
    /// Tabs for the values of the filter `name`: `(value, text)`.
    pub fn tabs(&self, label: &str, name: &str, values: &[(&str, &str)]) -> Tabs {
        let chosen = self.filter(name);
        let tab = |(value, text): &(&str, &str)| Tab {
            link: Link::new(*text, self.with(name, value)),
            count: None,
            current: chosen == *value,
        };
        Tabs { label: label.to_owned(), tabs: values.iter().map(tab).collect() }
    }
    /// Before and after this page with `shown` items.
    pub fn pager(&self, fmt: &Fmt, shown: usize, next: Option<&str>, one: &str, many: &str) -> Pager {
        let shown = i64::try_from(shown).unwrap_or(i64::MAX);
        let count = fmt.counted(shown, one, many);
        let alone = self.after.is_none() && next.is_none();
        let text = if shown == 0 && alone {
            String::new()
        } else if alone {
            count
        } else {
            format!("Page {} · {count}", self.number())
        };
        let mut further = self.back.clone();
        further.extend(self.after.clone());
        let surplus = further.len().saturating_sub(BACK_MAX);
        let next = next.map(|next| self.address(&self.kept, Some(next), &further[surplus..]));
        Pager { text, previous: self.previous(), next, target: Some("#list") }
    }
    fn number(&self) -> usize {
        self.back.len() + 1 + usize::from(self.after.is_some())
    }
    fn previous(&self) -> Option<String> {
        self.after.as_ref()?;
        let (last, rest) = match self.back.split_last() {
            Some((last, rest)) => (Some(last.as_str()), rest),
            None => (None, &[][..]),
        };
        Some(self.address(&self.kept, last, rest))
    }
    fn address(&self, kept: &[(String, String)], after: Option<&str>, back: &[String]) -> String {
        let back = back.join(".");
        let mut pairs: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend(after.map(|after| ("after", after)));
        if !back.is_empty() {
            pairs.push(("back", &back));
        }
        if pairs.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, render::query(&pairs)) }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::fmt::Locale;

    fn at(query: &str) -> Paging {
        Paging::of("/list", &Fields::parse(query.as_bytes()), &["q", "status"])
    }
    fn pager(query: &str, next: Option<&str>) -> Pager {
        at(query).pager(&Fmt::new(Locale::En, Timestamp(0)), 3, next, "thing", "things")
    }

    #[test]
    fn there_is_a_way_back_from_every_page() {
        let first = pager("q=a+b", Some("c1"));
        assert_eq!((first.previous, first.next.as_deref()), (None, Some("/list?q=a+b&after=c1")));
        let second = pager("q=a+b&after=c1", Some("c2"));
        assert_eq!(second.previous.as_deref(), Some("/list?q=a+b"));
        assert_eq!(second.next.as_deref(), Some("/list?q=a+b&after=c2&back=c1"));
        let third = pager("q=a+b&after=c2&back=c1", None);
        assert_eq!((third.previous.as_deref(), third.next), (Some("/list?q=a+b&after=c1"), None));
        assert_eq!(third.text, "Page 3 · 3\u{a0}things");
        assert_eq!(pager("", None).text, "3\u{a0}things");
    }

    #[test]
    fn a_filter_begins_the_list_anew_and_keeps_the_others() {
        let list = at("q=mug&status=draft&after=c1&junk=1");
        assert_eq!(list.with("status", "published"), "/list?q=mug&status=published");
        assert_eq!(list.with("status", ""), "/list?q=mug");
        assert_eq!(list.here(), "/list?q=mug&status=draft&after=c1");
        assert_eq!(list.others(&["q"]), [("status".to_owned(), "draft".to_owned())]);
        let tabs = list.tabs("State", "status", &[("", "All"), ("draft", "Drafts")]);
        assert_eq!(tabs.tabs.iter().map(|t| t.current).collect::<Vec<_>>(), [false, true]);
    }
}
