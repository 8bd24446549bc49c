//! A category or the findings of a search.

use askama::Template;
use contracts::{
    catalog::{CatalogClient, CategoryView, ProductQuery, ProductSort},
    search::{self, Instead, SearchClient, SearchPage, SearchSort},
};
use kernel::{Error, Identity, Result};

use super::{
    cards,
    narrowing::Narrowing,
    paging::{Listed, Place},
};
use crate::{
    fmt::Fmt,
    pages::portal::or_none,
    render::{self, Shown},
    ui::{
        Chips, Crumbs, Empty, Facets, Link, Notice, Pager, ProductCard, Shell, Sort, Suggestion, Suggestions, Tone,
        component,
    },
    visit::{Path, Query, Visit},
};

/// Products on one page.
pub(super) const PAGE: u32 = 24;
/// Characters of what is being typed that suggestions are made for.
const SUGGEST_MAX: usize = 100;
/// Products of a category that are shown while the search is away: there is no second page then.
const SHELF: u32 = 96;

/// The list itself: the fragment `#results`, swapped when a facet, the order or the page changes.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/results.html")]
pub struct Results {
    /// `213 products`, also said aloud after a swap.
    pub count: String,
    /// What is chosen.
    pub chips: Chips,
    /// The order.
    pub sort: Sort,
    /// The products.
    pub products: Vec<ProductCard>,
    /// Before and after.
    pub pager: Pager,
    /// Instead of products, when there are none.
    pub empty: Empty,
    /// Where to look then: what each is, and the links.
    pub instead: Vec<(&'static str, Vec<Link>)>,
}

component!(Results);

/// A category or a search. The fragment is [`Results`], with [`Facets`] marked `oob` behind it.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/listing.html")]
pub struct Listing {
    /// Head and foot.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Name of the category, or `Results for “mug”`.
    pub title: String,
    /// Language of its name, if that is another than the page's.
    pub title_lang: Option<&'static str>,
    /// A sentence about the category.
    pub intro: String,
    /// The language of that, likewise.
    pub intro_lang: Option<&'static str>,
    /// Says what the page goes without.
    pub notice: Option<Notice>,
    /// If the query was corrected: what was typed.
    pub instead_of: Option<String>,
    /// Nothing has all of the words, and these have all but one.
    pub partial: bool,
    /// Aisles and makers that are called like what was typed: what suggestions say where scripts run.
    pub called_so: Vec<Link>,
    /// Categories below this one, or those of what was found.
    pub below: Vec<Link>,
    /// What narrows the list.
    pub facets: Facets,
    /// The list.
    pub results: Results,
}

/// `GET /c/{slug}`
pub async fn category(mut visit: Visit, Path(slug): Path<String>, Query(asked): Query) -> Shown {
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let (search_client, catalog) = (visit.search(), visit.catalog());
    let tree = visit.categories().await?;
    let Some(here) = tree.iter().find(|category| category.slug.as_str() == slug) else {
        let present = catalog.category(&who, &slug).await?.slug;
        // The tree may be a few seconds old: a name that is not in it yet leads nowhere else.
        return if present.as_str() == slug {
            Err(Error::not_found("page").into())
        } else {
            Ok(render::moved(&format!("/c/{present}"), &asked))
        };
    };
    let narrowing = Narrowing::of(format!("/c/{slug}"), &asked, Some(&slug), &visit.purse);
    let search = narrowing.query(PAGE);
    if visit.hx.wants_part() {
        return parts(&fmt, &narrowing, &search_client.search(&who, &search).await?);
    }
    let (shell, found) = futures::join!(visit.shell(&here.name), search_client.search(&who, &search));
    let (results, facets, notice) = match found {
        Ok(found) => (results(&fmt, &narrowing, &found), narrowing.facets(&fmt, &found, false), None),
        Err(error) if error.is_transient() => {
            tracing::warn!(%error, "a category goes without the search");
            let shelf = shelf(&catalog, &who, &slug, narrowing.sort()).await?;
            let pager = Pager { text: String::new(), previous: None, next: None, target: None };
            let results = Results { pager, ..results(&fmt, &narrowing, &shelf) };
            (results, narrowing.facets(&fmt, &shelf, false), Some(without_search()))
        }
        Err(error) => return Err(error.into()),
    };
    let below = tree.iter().filter(|category| category.parent_id == Some(here.id));
    let page = Listing {
        shell: Shell {
            title: or(&here.seo_title, &here.name),
            description: or(&here.seo_description, &here.description),
            canonical: Some(format!("{}/c/{slug}", app.public_url)),
            ..shell
        },
        crumbs: crumbs(&tree, here),
        title: here.name.clone(),
        title_lang: cards::language(&fmt, &here.translated, "name"),
        intro: here.description.clone(),
        intro_lang: cards::language(&fmt, &here.translated, "description"),
        notice,
        instead_of: None,
        partial: false,
        called_so: Vec::new(),
        below: below.map(|category| Link::new(&category.name, format!("/c/{}", category.slug))).collect(),
        facets,
        results,
    };
    render::public(&visit, &page)
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

/// What the catalogue has of a category, as if the search had found it.
async fn shelf(catalog: &CatalogClient, who: &Identity, category: &str, sort: SearchSort) -> Result<SearchPage> {
    let sort = match sort {
        SearchSort::PriceAsc => ProductSort::PriceAsc,
        SearchSort::PriceDesc => ProductSort::PriceDesc,
        SearchSort::Rating => ProductSort::Rating,
        SearchSort::Relevance | SearchSort::Newest | SearchSort::Sales => ProductSort::Newest,
    };
    let (category, limit) = (Some(category.to_owned()), Some(SHELF));
    let query = ProductQuery { category, sort: Some(sort), limit, ..ProductQuery::default() };
    let items = catalog.products(who, &query).await?.items;
    let total = items.len() as u64;
    Ok(SearchPage { items, total, corrected: None, partial: false, instead: None, facets: Vec::new(), next: None })
}

fn without_search() -> Notice {
    let text = format!("Filters do not work until it is back, and no more than {SHELF} things are shown.");
    Notice::new(Tone::Warning, "The search is away for a moment.", text)
}

/// The way from the entrance to a category.
pub(super) fn crumbs(tree: &[CategoryView], here: &CategoryView) -> Crumbs {
    let mut above = Vec::new();
    let mut parent = here.parent_id;
    // The tree is five levels deep at most; the bound only keeps a broken one from going round for ever.
    while let Some(category) = tree.iter().find(|c| Some(c.id) == parent).filter(|_| above.len() < 8) {
        above.push(Link::new(&category.name, format!("/c/{}", category.slug)));
        parent = category.parent_id;
    }
    above.push(Link::new("Home", "/"));
    above.reverse();
    Crumbs { above, here: here.name.clone() }
}

/// `GET /search`
pub async fn search(mut visit: Visit, Query(asked): Query) -> Shown {
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let (search_client, language) = (visit.search(), visit.language);
    let narrowing = Narrowing::of("/search".to_owned(), &asked, None, &visit.purse);
    let search = narrowing.query(PAGE);
    if visit.hx.wants_part() {
        return parts(&fmt, &narrowing, &search_client.search(&who, &search).await?);
    }
    let (shell, found, tree, called_so) = futures::join!(
        visit.shell("Search"),
        search_client.search(&who, &search),
        app.categories_in(language),
        called_like(&search_client, &who, &search.q),
    );
    let found = found?;
    let typed = search.q.clone();
    let searched = found.corrected.as_ref().unwrap_or(&typed);
    let title = if typed.is_empty() { "Everything".to_owned() } else { format!("Results for “{searched}”") };
    let below = if found.items.is_empty() {
        let tree = tree.unwrap_or_default();
        tree.iter().filter(|c| c.parent_id.is_none()).map(|c| Link::new(&c.name, format!("/c/{}", c.slug))).collect()
    } else {
        narrowing.categories(&fmt, &found)
    };
    let page = Listing {
        shell: Shell { title: title.clone(), query: typed.clone(), private: true, ..shell },
        crumbs: Crumbs::new(&[("Home", "/")], "Search"),
        title,
        title_lang: None,
        intro: String::new(),
        intro_lang: None,
        notice: None,
        instead_of: found.corrected.is_some().then_some(typed),
        partial: found.partial,
        called_so,
        below,
        facets: narrowing.facets(&fmt, &found, false),
        results: results(&fmt, &narrowing, &found),
    };
    render::public(&visit, &page)
}

fn parts(fmt: &Fmt, narrowing: &Narrowing, found: &SearchPage) -> Shown {
    render::parts(&[&results(fmt, narrowing, found), &narrowing.facets(fmt, found, true)])
}

fn results(fmt: &Fmt, narrowing: &Narrowing, found: &SearchPage) -> Results {
    let total = i64::try_from(found.total).unwrap_or(i64::MAX);
    let list = Listed {
        shown: found.items.len(),
        page: PAGE as usize,
        next: found.next.as_deref(),
        total: Some(total),
        noun: if total == 1 { "product" } else { "products" },
        target: Some("#results"),
    };
    Results {
        count: if total == 0 { "Nothing found".to_owned() } else { fmt.counted(total, "product", "products") },
        chips: narrowing.chips(fmt, found),
        sort: sort(narrowing),
        products: narrowing.shown(found).iter().map(|product| cards::card(fmt, product)).collect(),
        pager: Place::of(&narrowing.place).pager(fmt, &narrowing.path, &narrowing.all(), &list),
        empty: nothing(fmt, narrowing, found.instead.as_ref()),
        instead: found.instead.as_ref().map(|instead| elsewhere(fmt, instead)).unwrap_or_default(),
    }
}

/// Where else to look: the words as they may have been meant, some of them, and aisles that are near.
fn elsewhere(fmt: &Fmt, instead: &Instead) -> Vec<(&'static str, Vec<Link>)> {
    let searching = |words: &str| format!("/search?{}", render::query(&[("q", words)]));
    let meant = instead.did_you_mean.iter().map(|words| Link::new(words, searching(words)));
    let fewer = instead.fewer_words.iter().map(|fewer| {
        let count = fmt.count(i64::try_from(fewer.total).unwrap_or(i64::MAX));
        Link::new(format!("{} ({count})", fewer.words), searching(&fewer.words))
    });
    let aisles = instead.categories.iter().map(|near| Link::new(&near.name, format!("/c/{}", near.slug)));
    let all = [
        ("Did you mean", meant.collect::<Vec<_>>()),
        ("With fewer words", fewer.collect()),
        ("Aisles to look in", aisles.collect()),
    ];
    all.into_iter().filter(|(_, links)| !links.is_empty()).collect()
}

fn nothing(fmt: &Fmt, narrowing: &Narrowing, instead: Option<&Instead>) -> Empty {
    let without = instead.map_or(0, |instead| i64::try_from(instead.without_choices).unwrap_or(i64::MAX));
    // Where the words find nothing anywhere, taking filters away would not help.
    if narrowing.is_narrowed() && (without > 0 || instead.is_none()) {
        let text = "Nothing here has all of what you chose. Take a filter away, or begin again.";
        let action = match without {
            0 => "Take all filters away".to_owned(),
            n => format!("Show all {}", fmt.counted(n, "product", "products")),
        };
        return Empty::new("filter", "Too narrow a choice", text).action(action, narrowing.cleared());
    }
    let text = "Check the spelling, use fewer or plainer words, or look through the aisles above.";
    Empty::new("search", "Nothing is called that here", text).action("See everything", "/search")
}

/// The orders to choose from, as the address and the reader call them.
const SORTS: [(&str, &str, SearchSort); 6] = [
    ("relevance", "What fits best", SearchSort::Relevance),
    ("newest", "Newest", SearchSort::Newest),
    ("best-selling", "Best selling", SearchSort::Sales),
    ("price-up", "Price, lowest first", SearchSort::PriceAsc),
    ("price-down", "Price, highest first", SearchSort::PriceDesc),
    ("rating", "Best rated", SearchSort::Rating),
];

/// The order an address asks for. Without words nothing fits better than another: the newest come first.
pub(super) fn sort_of(name: &str, has_words: bool) -> SearchSort {
    let plain = if has_words { SearchSort::Relevance } else { SearchSort::Newest };
    SORTS.iter().find(|(known, ..)| *known == name).map_or(plain, |(.., sort)| *sort)
}

fn sort(narrowing: &Narrowing) -> Sort {
    let chosen = narrowing.sort();
    let options = SORTS.iter().filter(|(.., sort)| narrowing.has_words() || *sort != SearchSort::Relevance);
    Sort {
        action: narrowing.path.clone(),
        kept: narrowing.without_sort(),
        options: options.map(|(value, text, _)| ((*value).to_owned(), (*text).to_owned())).collect(),
        chosen: SORTS
            .iter()
            .find(|(.., sort)| *sort == chosen)
            .map_or_else(String::new, |(name, ..)| (*name).to_owned()),
    }
}

/// Where a suggestion leads and what it is.
fn lead(suggestion: &search::Suggestion) -> (String, &'static str) {
    let (path, note) = match suggestion.kind.as_str() {
        "category" => ("c", "Aisle"),
        "vendor" => ("v", "Maker"),
        _ => ("p", ""),
    };
    (format!("/{path}/{}", suggestion.slug), note)
}

/// Aisles and makers that are called like what was typed.
async fn called_like(search: &SearchClient, who: &Identity, typed: &str) -> Vec<Link> {
    let q: String = typed.chars().take(SUGGEST_MAX).collect();
    if q.is_empty() {
        return Vec::new();
    }
    let suggested = or_none("suggestions", search.suggest(who, &search::SuggestQuery { q }).await);
    let named = suggested.into_iter().flatten().filter(|suggestion| suggestion.kind != "product");
    named.map(|suggestion| Link::new(&suggestion.text, lead(&suggestion).0)).collect()
}

/// `GET /search/suggest`: what the search field offers while one types.
pub async fn suggest(visit: Visit, Query(asked): Query) -> Shown {
    let q: String = asked.get("q").trim().chars().take(SUGGEST_MAX).collect();
    if q.is_empty() {
        return render::parts(&[]);
    }
    let found = visit.search().suggest(&visit.who(), &search::SuggestQuery { q }).await?;
    let group = |kind: &str| {
        let of_kind = found.iter().filter(|suggestion| suggestion.kind == kind);
        let offer = |suggestion: &search::Suggestion| {
            let (href, note) = lead(suggestion);
            let (text, picture) = (suggestion.text.clone(), suggestion.picture_url.clone());
            Suggestion { text, href, picture, note: note.to_owned() }
        };
        of_kind.map(offer).collect::<Vec<_>>()
    };
    let groups = vec![
        ("Products".to_owned(), group("product")),
        ("Aisles".to_owned(), group("category")),
        ("Makers".to_owned(), group("vendor")),
    ];
    render::parts(&[&Suggestions { groups }])
}
