//! Texts of vendors: what of their HTML is kept, what it says in words, names in addresses.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use kernel::Slug;

/// Sanitised HTML and the same without markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Html {
    /// Paragraphs, lists, emphasis, links; nothing else.
    pub html: String,
    /// The words.
    pub text: String,
}

static KEPT: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = ["p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "a", "h3", "h4", "blockquote"];
    let mut builder = ammonia::Builder::new();
    builder
        .tags(HashSet::from(tags))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer"));
    builder
});

/// Keeps of a vendor's HTML what cannot harm a page.
pub(crate) fn sanitise(html: &str) -> Html {
    if html.trim().is_empty() {
        return Html::default();
    }
    let html = KEPT.clean(html).to_string().trim().to_owned();
    let text = words(&html);
    Html { html, text }
}

/// The words of sanitised HTML, with single spaces between them.
pub(super) fn words(html: &str) -> String {
    let mut raw = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        raw.push_str(&rest[..start]);
        let length = tag_length(&rest[start..]);
        let tag = rest[start..start + length].trim_matches(['<', '>', '/']);
        // Emphasis and links run on in the sentence, everything else ends it.
        let inline = ["strong", "b", "em", "i", "u", "a"];
        if !inline.contains(&tag.split_whitespace().next().unwrap_or_default()) {
            raw.push(' ');
        }
        rest = &rest[start + length..];
    }
    raw.push_str(rest);
    let decoded = raw
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    decoded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Bytes of the tag that `text` begins with; a `>` inside quotes does not end it.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    for (index, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// The `n`th try for a name in addresses: `blue-mug`, `blue-mug-2`, `blue-mug-3` …
pub(crate) fn numbered_slug(base: &Slug, n: u32) -> Slug {
    if n <= 1 {
        return base.clone();
    }
    // Room for the number: the longest slug has 80 characters.
    let short: String = base.as_str().chars().take(69).collect();
    Slug::from_title(&short, "product").numbered(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_markup_is_kept() {
        let html = sanitise(
            "<script>alert(1)</script><p onclick=\"x()\" style=\"color:red\">A <strong>fine</strong> mug &amp; saucer</p>\
             <img src=x onerror=alert(1)><a href=\"javascript:alert(1)\">no</a> <a href=\"https://example.com/?a>b\">yes</a>, \
             <a href=\"/admin\">in</a><ul><li>one</li><li>two</li></ul><!-- secret -->",
        );
        for bad in ["script", "onclick", "style", "img", "javascript", "/admin", "secret"] {
            assert!(!html.html.contains(bad), "{bad} in {}", html.html);
        }
        assert!(html.html.contains("rel=\"nofollow noopener noreferrer\""), "{}", html.html);
        assert_eq!(html.text, "A fine mug & saucer no yes, in one two");
        assert_eq!(sanitise(&html.html), html, "sanitising again changes nothing");
        assert_eq!(sanitise("  \n "), Html::default());
    }

    #[test]
    fn numbered_slugs_are_slugs() {
        let base: Slug = "blue-mug".parse().unwrap();
        assert_eq!(numbered_slug(&base, 1).as_str(), "blue-mug");
        assert_eq!(numbered_slug(&base, 2).as_str(), "blue-mug-2");
        let longest: Slug = format!("{}-b", "a".repeat(78)).parse().unwrap();
        for n in [1, 2, 4_000_000_000] {
            assert!(numbered_slug(&longest, n).as_str().parse::<Slug>().is_ok());
        }
    }
}
