//! Every component in every state, on one page: for those who build pages, and for the tests
//! that look at them.

use askama::Template;
use axum::{Router, routing::get};

use crate::{
    app::App,
    chart::{Bars, Chart},
    fmt::Fmt,
    render::{self, Shown},
    ui::*,
    visit::Visit,
};

mod samples;

use samples::*;

/// The page alone: it is no part of a shop, so only the settings add it.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/dev/components", get(show))
}

/// `GET /dev/components`
async fn show(mut visit: Visit) -> Shown {
    let shell = Shell { private: true, ..visit.shell("Components").await };
    render::page(&ComponentsPage::new(shell, &visit.fmt))
}

/// The page, served at `/dev/components` in the demo.
#[derive(Debug, Template)]
#[template(path = "components_gallery.html")]
pub struct ComponentsPage {
    shell: Shell,
    prices: Vec<Price>,
    ratings: Vec<Rating>,
    badges: Vec<Badge>,
    notices: Vec<Notice>,
    times: Vec<When>,
    crumbs: Crumbs,
    tabs: Tabs,
    steps: Vec<Steps>,
    cards: Vec<ProductCard>,
    tiles: Vec<CategoryTile>,
    vendors: Vec<VendorCard>,
    gallery: Gallery,
    histogram: Histogram,
    review: Review,
    fields: Vec<Field>,
    errors: Option<ErrorSummary>,
    checks: Vec<Check>,
    choices: Choices,
    pills: Pills,
    steppers: Vec<Stepper>,
    uploads: Vec<Upload>,
    chips: Chips,
    pager: Pager,
    suggestions: Suggestions,
    table: Table,
    empty_table: Table,
    stats: Vec<Tile>,
    line: Chart,
    bars: Chart,
    flat: Chart,
    best: Bars,
    todo: Todo,
    timeline: Timeline,
    address: AddressBlock,
    specs: Specs,
    summary: OrderSummary,
    confirm: Confirm,
    toasts: Vec<Toast>,
}

impl ComponentsPage {
    /// The page in `shell`.
    pub fn new(shell: Shell, fmt: &Fmt) -> Self {
        Self {
            prices: prices(fmt),
            ratings: ratings(fmt),
            badges: badges(),
            notices: notices(),
            times: times(fmt),
            crumbs: Crumbs::new(&[("Home", "/"), ("Kitchen", "/c/kitchen"), ("Mugs", "/c/mugs")], "Blue mug"),
            tabs: tabs(),
            steps: steps(),
            cards: cards(fmt),
            tiles: tiles(),
            vendors: (0..2).map(|n| vendor(fmt, n)).collect(),
            gallery: gallery(),
            histogram: Histogram::of(fmt, [2, 1, 6, 30, 89], "/p/blue-mug"),
            review: review(fmt),
            fields: fields(),
            errors: refused().summary(&["email", "price"]),
            checks: checks(),
            choices: choices(),
            pills: pills(),
            steppers: steppers(),
            uploads: uploads(),
            chips: chips(),
            pager: pager(),
            suggestions: suggestions(),
            table: table(fmt, true),
            empty_table: table(fmt, false),
            stats: stats(fmt),
            line: line(fmt),
            bars: bars(fmt),
            flat: flat(fmt),
            best: best(fmt),
            todo: todo(),
            timeline: timeline(fmt),
            address: address(),
            specs: specs(),
            summary: summary(),
            confirm: confirm(&shell.csrf),
            toasts: toasts(),
            shell,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fmt::Locale;

    #[test]
    fn the_gallery_has_no_style_and_no_script_of_its_own() {
        let fmt = Fmt::new(Locale::En, "2026-11-20T13:45:00Z".parse().unwrap());
        let html = ComponentsPage::new(Shell { lang: "en".to_owned(), ..Shell::default() }, &fmt).to_string();
        for forbidden in [" style=", "<style", "onclick=", "javascript:", "<script>"] {
            assert!(!html.contains(forbidden), "{forbidden} in the page");
        }
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(html.contains("Enter an amount such as 19.99."));
    }
}
