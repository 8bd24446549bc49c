//! One product: the form that creates and changes it.

use askama::Template;
use axum::http::StatusCode;
use contracts::catalog::{
    CategoryView, ProductEdit, ProductInput, ProductStatus,
    limits::{
        BARCODE_MAX, BRAND_MAX, DESCRIPTION_MAX, OPTION_MAX, SEO_DESCRIPTION_MAX, SEO_TITLE_MAX, SKU_MAX, SUMMARY_MAX,
        TITLE_MAX,
    },
};
use kernel::{Error, Kind, ProductId, Result, Slug, VendorId};

use super::{
    Desk, Room, bundles, downloads, pictures, product_facts,
    product_form::{Draft, OPTIONS},
    products::{at_version, badge},
    related,
};
use crate::{
    forms::{Fields, Posted},
    pages::portal::{Ask, Form, translations, tree},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Crumbs, ErrorSummary, Field, Filled, Fold, Html, Link, Notice, PortalFrame, Shell, Tone},
    visit::{Path, Query, Visit},
};

/// A row of the table of variants.
#[derive(Debug, Clone)]
struct VariantRow {
    index: usize,
    id: String,
    /// The values, one per line.
    options: String,
    label: String,
    cells: Vec<Field>,
    stock_link: Option<Link>,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/product.html")]
struct ProductPage {
    shell: Shell,
    portal: PortalFrame,
    crumbs: Crumbs,
    title: String,
    badge: Option<Badge>,
    action: String,
    errors: Option<ErrorSummary>,
    notice: Option<Notice>,
    version: String,
    currency: String,
    words: Vec<Field>,
    place: Vec<Field>,
    engines: Vec<Field>,
    engines_open: bool,
    translations: Vec<Fold>,
    facts: Vec<Field>,
    more: Field,
    options: Vec<(Field, Field)>,
    heads: Vec<&'static str>,
    /// The only variant of a product without options.
    simple: Option<VariantRow>,
    variants: Vec<VariantRow>,
    pictures: Option<Html>,
    bundles: Option<Html>,
    downloads: Option<Html>,
    related: Option<Html>,
    shop: Option<Link>,
    sales: Option<String>,
    prices: Option<String>,
    archive: Option<String>,
}

/// `GET /vendor/{vendor_id}/products/new`
pub async fn new(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let draft = Draft::blank(desk.visit.purse.main());
    let page = page(&mut desk, None, &draft, draft.filled(), None).await?;
    render::page(&page)
}

/// `GET /vendor/{vendor_id}/products/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let product = desk.app.catalog.own_product(&desk.who, vendor_id, id).await?;
    let draft = Draft::stored(&product, &desk.app.categories().await?);
    let page = page(&mut desk, Some(&product), &draft, draft.filled(), None).await?;
    render::page(&page)
}

/// `POST /vendor/{vendor_id}/products`
pub async fn create(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    store(desk, None, &posted.fields).await
}

/// `POST /vendor/{vendor_id}/products/{id}`
pub async fn save(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let product = desk.app.catalog.own_product(&desk.who, vendor_id, id).await?;
    store(desk, Some(product), &posted.fields).await
}

async fn store(mut desk: Desk, product: Option<ProductEdit>, sent: &Fields) -> Shown {
    let categories = desk.app.categories().await?;
    let mut draft = Draft::sent(sent, desk.visit.purse.main());
    let news = draft.expand();
    if sent.get("do") == "refresh" || news {
        let seen = Notice::new(Tone::Neutral, "Nothing is saved yet.", "Check the variants and facts, then save.");
        let page = page(&mut desk, product.as_ref(), &draft, draft.filled(), Some(seen)).await?;
        return render::page(&page);
    }
    let result = match draft.input(sent, &categories) {
        Ok(input) => {
            let known = product.as_ref().map(|product| &product.input.translations);
            let translations = translations::product(&desk.app.languages, known, |name| draft.get(name));
            let input = ProductInput { translations, ..input };
            match &product {
                None => desk.app.catalog.create_product(&desk.who, desk.vendor_id, &input).await,
                Some(product) => {
                    let input = ProductInput { related: product.input.related.clone(), ..input };
                    let version = sent.parsed("version").unwrap_or(product.version);
                    at_version(&desk, version).update_product(&desk.who, desk.vendor_id, product.id, &input).await
                }
            }
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(saved_words(&saved, product.is_none()))).await?;
            Ok(desk.visit.go(&desk.at(&format!("products/{}", saved.id))))
        }
        Err(error) => refused(&mut desk, product.as_ref(), &draft, draft.renamed(error, &categories)).await,
    }
}

fn saved_words(product: &ProductEdit, new: bool) -> String {
    let title = &product.input.title;
    match (new, product.input.status) {
        (true, _) if product.pictures.is_empty() => format!("“{title}” is created. Add pictures next."),
        (_, ProductStatus::Published) => format!("“{title}” is saved and on sale."),
        (_, ProductStatus::Scheduled) => format!("“{title}” is saved and goes on sale by itself."),
        _ => format!("“{title}” is saved."),
    }
}

async fn refused(desk: &mut Desk, product: Option<&ProductEdit>, draft: &Draft, error: Error) -> Shown {
    if matches!(error.kind(), Kind::NotFound | Kind::Internal | Kind::Unavailable) {
        return Err(error.into());
    }
    let status: StatusCode = souk_http::answer::status_of(error.kind());
    let page = page(desk, product, draft, draft.filled().refused(&error), None).await?;
    render::page_with(status, &page)
}

async fn page(
    desk: &mut Desk,
    product: Option<&ProductEdit>,
    draft: &Draft,
    filled: Filled,
    notice: Option<Notice>,
) -> Result<ProductPage> {
    let categories = desk.app.categories().await?;
    let title = product.map_or_else(|| "Add a product".to_owned(), |p| p.input.title.clone());
    let place = desk.place(&title, Room::Products).await?;
    let at = |path: &str| desk.at(&format!("products/{path}"));
    let id = product.map(|p| p.id.to_string());
    let variants = variant_rows(desk, product, draft, &filled);
    let withdrawn = product.is_some_and(|p| p.withdrawn).then(|| {
        Notice::new(
            Tone::Danger,
            "This product was taken off sale by the marketplace.",
            "It cannot be put on sale until that is lifted.",
        )
    });
    let bundles = match product {
        Some(product) => bundles::panel(desk, product).await,
        None => None,
    };
    let downloads = match product {
        Some(product) => downloads::panel(desk, product).await,
        None => None,
    };
    let related = match product {
        Some(product) => Some(related::panel(desk, product).await),
        None => None,
    };
    let mut names = field_names(draft, &categories);
    names.extend(translations::product_names(&desk.app.languages));
    let on_sale = product.filter(|p| p.input.status == ProductStatus::Published && !p.withdrawn);
    Ok(ProductPage {
        crumbs: Crumbs::new(&[("Products", &desk.at("products"))], &title),
        badge: product.map(badge),
        action: id.as_deref().map_or_else(|| desk.at("products"), at),
        errors: filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        notice: notice.or(withdrawn),
        version: draft.get("version").to_owned(),
        currency: draft.currency.code().to_owned(),
        words: word_fields(desk, &filled),
        place: place_fields(&categories, &filled),
        engines_open: engine_fields(&filled).iter().any(Field::has_content),
        engines: engine_fields(&filled),
        translations: translations::product_folds(&desk.app.languages, &filled),
        facts: product_facts::fields(&categories, draft.category(), &filled),
        more: Field::lines("more", "Further facts", 3)
            .optional()
            .hint("One per line: “Care: by hand”.")
            .filled(&filled),
        options: option_fields(&filled),
        heads: heads(shows_pictures(product), product.is_none()),
        simple: variants.first().filter(|_| is_simple(draft)).cloned(),
        variants,
        pictures: product.map(|p| pictures::panel(desk, p)),
        bundles,
        downloads,
        related,
        shop: on_sale.map(|p| Link::new("See it in the shop", format!("/p/{}", p.slug))),
        sales: id.as_deref().map(|id| at(&format!("{id}/sales"))),
        prices: id.as_deref().map(|id| at(&format!("{id}/prices"))),
        archive: id.as_deref().map(|id| at(&format!("{id}/archive"))),
        title,
        shell: place.shell,
        portal: place.portal,
    })
}

fn word_fields(desk: &Desk, filled: &Filled) -> Vec<Field> {
    vec![
        Field::text("title", "Title")
            .max_length(TITLE_MAX)
            .filled(filled)
            .attribute("hx-get", desk.at("products/slug"))
            .attribute("hx-trigger", "input changed delay:300ms")
            .attribute("hx-target", "#slug-preview"),
        Field::lines("summary", "In one or two sentences", 2).optional().max_length(SUMMARY_MAX).filled(filled),
        Field::lines("description_html", "Description", 8)
            .optional()
            .max_length(DESCRIPTION_MAX)
            .hint("Plain paragraphs, or HTML with p, ul, li, strong, em and links.")
            .filled(filled),
    ]
}

fn place_fields(categories: &[CategoryView], filled: &Filled) -> Vec<Field> {
    let states = [
        ("draft", "Draft: only you see it"),
        ("scheduled", "Scheduled: goes on sale by itself"),
        ("published", "On sale"),
        ("archived", "Archived"),
    ];
    let choose = [(String::new(), "Choose a category".to_owned())].into_iter();
    let fields = vec![
        Field::select("status", "State", states).filled(filled),
        Field::moment("publish_at", "Goes on sale at")
            .optional()
            .hint("In UTC. Counts for what is scheduled.")
            .filled(filled),
        Field::moment("unpublish_at", "Goes off sale at")
            .optional()
            .hint("In UTC. It is a draft again then.")
            .filled(filled),
        Field::select("category_id", "Category", choose.chain(tree::choices(categories, None))).filled(filled),
        Field::text("brand", "Brand").optional().max_length(BRAND_MAX).hint("Whose make it is.").filled(filled),
        Field::text("tags", "Tags").optional().hint("Words apart by commas.").filled(filled),
        Field::text("slug", "Name in the address")
            .optional()
            .max_length(80)
            .before("/p/")
            .hint("Made from the title if you leave it empty.")
            .filled(filled),
    ];
    // They stand beside the form, not in it.
    fields.into_iter().map(|field| field.attribute("form", "product")).collect()
}

/// What search engines show instead of title and summary.
fn engine_fields(filled: &Filled) -> Vec<Field> {
    vec![
        Field::text("seo_title", "Title for search engines")
            .optional()
            .max_length(SEO_TITLE_MAX)
            .hint("The title if you leave it empty.")
            .filled(filled),
        Field::lines("seo_description", "Description for search engines", 2)
            .optional()
            .max_length(SEO_DESCRIPTION_MAX)
            .hint("The summary if you leave it empty.")
            .filled(filled),
    ]
}

fn option_fields(filled: &Filled) -> Vec<(Field, Field)> {
    let fields = |i: usize| {
        let name =
            Field::text(&format!("options[{i}].name"), &format!("Option {}", i + 1)).optional().max_length(OPTION_MAX);
        let values = Field::lines(&format!("options[{i}].values"), "Its values, one per line", 3).optional();
        (name.filled(filled), values.filled(filled))
    };
    (0..OPTIONS).map(fields).collect()
}

fn heads(pictures: bool, new: bool) -> Vec<&'static str> {
    let mut heads = vec!["SKU", "Price", "Price before", "Weight", "Barcode"];
    if pictures {
        heads.push("Picture");
    }
    if new {
        heads.push("Stock");
    }
    heads
}

fn variant_rows(desk: &Desk, product: Option<&ProductEdit>, draft: &Draft, filled: &Filled) -> Vec<VariantRow> {
    let (symbol, simple) = (draft.currency.symbol(), is_simple(draft));
    let row = |(index, typed): (usize, &super::product_form::Typed)| {
        let name = |field: &str| format!("variants[{index}].{field}");
        let mut cells = vec![
            Field::text(&name("sku"), "SKU").max_length(SKU_MAX),
            Field::amount(&name("price_minor"), "Price", symbol),
            Field::amount(&name("compare_at_minor"), "Price before", symbol).optional(),
            Field::text(&name("weight_g"), "Weight").keyboard("numeric").class("num").after("g").optional(),
            Field::text(&name("barcode"), "Barcode").max_length(BARCODE_MAX).optional(),
        ];
        if shows_pictures(product) {
            cells.push(picture_field(&name("picture_id"), product));
        }
        if product.is_none() || typed.id.is_empty() {
            cells.push(Field::number(&name("initial_stock"), "Stock").between(0, 1_000_000).optional());
        }
        let label = if typed.options.is_empty() { "All of it".to_owned() } else { typed.options.join(", ") };
        VariantRow {
            index,
            id: typed.id.clone(),
            options: typed.options.join("\n"),
            label,
            cells: cells.into_iter().map(|cell| if simple { cell } else { cell.bare() }.filled(filled)).collect(),
            stock_link: (!typed.id.is_empty()).then(|| Link::new("Stock", desk.at(&format!("stock/{}", typed.id)))),
        }
    };
    draft.variants.iter().enumerate().map(row).collect()
}

/// True if there is one picture of several to choose for a variant.
fn shows_pictures(product: Option<&ProductEdit>) -> bool {
    product.is_some_and(|product| product.pictures.len() > 1)
}

fn picture_field(name: &str, product: Option<&ProductEdit>) -> Field {
    let told = |(index, picture): (usize, &contracts::catalog::Picture)| {
        let text = if picture.alt.is_empty() { "without a text" } else { &picture.alt };
        (picture.id.to_string(), format!("{}. {text}", index + 1))
    };
    let pictures = product.into_iter().flat_map(|product| product.pictures.iter().enumerate().map(told));
    let none = std::iter::once((String::new(), "All of them".to_owned()));
    Field::select(name, "Picture", none.chain(pictures)).optional()
}

/// True for one variant that is not chosen by anything.
fn is_simple(draft: &Draft) -> bool {
    draft.options.is_empty() && draft.variants.len() == 1
}

fn field_names(draft: &Draft, categories: &[CategoryView]) -> Vec<String> {
    let plain = ["title", "summary", "description_html", "status", "category_id", "tags", "slug", "more"];
    let further = ["brand", "seo_title", "seo_description", "publish_at", "unpublish_at"];
    let asked = product_facts::attributes(categories, draft.category());
    let facts = asked.iter().map(|def| product_facts::fact_name(&def.key));
    let options = (0..OPTIONS).flat_map(|i| ["name", "values"].map(|field| format!("options[{i}].{field}")));
    let cells = ["sku", "price_minor", "compare_at_minor", "weight_g", "barcode", "picture_id", "initial_stock"];
    let variants = (0..draft.variants.len()).flat_map(|i| cells.map(|cell| format!("variants[{i}].{cell}")));
    plain.into_iter().chain(further).map(str::to_owned).chain(facts).chain(options).chain(variants).collect()
}

/// What the address of a product will look like.
#[derive(Debug, Clone, Template)]
#[template(source = "Its address: /p/{{ slug }}", ext = "html")]
struct SlugPreview {
    slug: String,
}

crate::ui::component!(SlugPreview);

/// `GET /vendor/{vendor_id}/products/slug?title=`: while one types.
pub async fn slug(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    Desk::of(visit, vendor_id).await?;
    let slug = Slug::from_title(asked.get("title"), "product").to_string();
    render::parts(&[&SlugPreview { slug }])
}

/// `GET /vendor/{vendor_id}/products/{id}/archive`: asks.
pub async fn ask_archive(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let product = desk.app.catalog.own_product(&desk.who, vendor_id, id).await?;
    let here = desk.at(&format!("products/{id}"));
    let place = desk.place(format!("Remove “{}”?", product.input.title), Room::Products).await?;
    let form = Form::new(format!("{here}/archive"), &desk.csrf(), "Remove product")
        .hidden("version", product.version.to_string())
        .maybe(bundles::lost(&desk, id).await.as_ref());
    let ask = Ask {
        effect: "Buyers no longer find it. A draft that was never on sale is deleted for good; a product that was on \
                 sale is archived, keeps its orders and reviews, and can be put on sale again.",
        form,
        back: Link::new("Keep it", &here),
    };
    render::page(&ask.page(place, &[("Products", &desk.at("products")), (&product.input.title, &here)]))
}

/// `POST /vendor/{vendor_id}/products/{id}/archive`
pub async fn archive(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let version = posted.fields.parsed("version").unwrap_or_default();
    at_version(&desk, version).delete_product(&desk.who, vendor_id, id).await?;
    desk.visit.say(Message::good("The product is off sale.")).await?;
    Ok(desk.visit.go(&desk.at("products")))
}
