//! What the platform takes of sales: rules by vendor, category and amount, what a line would pay, what a payment paid.

use std::sync::Arc;

use contracts::{
    catalog::CategoryView,
    commission::{CommissionCharge, CommissionQuestion, CommissionRuleInput, CommissionRuleView, CommissionTier},
    payments::PaymentView,
};
use kernel::{CategoryId, CommissionRuleId, Currency, Money, PageRequest, Result, VendorId};

use super::{Desk, Room, promotions, said};
use crate::{
    forms::{Fields, Posted, Reader, amount},
    pages::portal::{
        Ask, Facts, Form, List, Paging, Panel, PortalPage, Split, Words, commission,
        fields::{self, renamed},
        or_none,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Query, Visit},
};

const HERE: &str = "/admin/commission";
/// Names of the form's fields that an error may lead to.
const FIELDS: [&str; 9] = ["name", "rate", "vendor_id", "category_id", "currency", "tiers", "fixed", "min", "max"];
/// The same of the question what a line would pay.
const ASKED: [&str; 4] = ["of", "within", "amount", "quantity"];
/// How deep a tree of categories may be.
const DEEPEST: usize = 20;

/// How vendors and categories are called.
struct Names {
    stores: Vec<(VendorId, String)>,
    categories: Arc<Vec<CategoryView>>,
}

impl Names {
    async fn of(desk: &Desk) -> Self {
        let categories = or_none("categories", desk.app.categories().await).unwrap_or_default();
        Self { stores: promotions::stores(desk).await, categories }
    }
    fn vendor(&self, id: Option<VendorId>) -> String {
        let Some(id) = id else { return "All vendors".to_owned() };
        let known = self.stores.iter().find(|(known, _)| *known == id);
        known.map_or_else(|| "A vendor".to_owned(), |(_, name)| name.clone())
    }
    fn category(&self, id: Option<CategoryId>) -> String {
        let Some(id) = id else { return "All categories".to_owned() };
        let known = self.categories.iter().find(|known| known.id == id);
        known.map_or_else(|| "A category that is gone".to_owned(), |known| known.name.clone())
    }
    /// From the top of the tree to this one.
    fn path(&self, id: CategoryId) -> Vec<CategoryId> {
        let mut path = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next.filter(|_| path.len() < DEEPEST) {
            path.insert(0, id);
            next = self.categories.iter().find(|known| known.id == id).and_then(|known| known.parent_id);
        }
        path
    }
    fn vendors(&self, first: Option<&str>) -> Vec<(String, String)> {
        let first = first.map(|text| (String::new(), text.to_owned())).into_iter();
        first.chain(self.stores.iter().map(|(id, name)| (id.to_string(), name.clone()))).collect()
    }
    fn all_categories(&self, first: &str) -> Vec<(String, String)> {
        let first = std::iter::once((String::new(), first.to_owned()));
        first.chain(self.categories.iter().map(|known| (known.id.to_string(), known.name.clone()))).collect()
    }
}

/// `GET /admin/commission`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let names = Names::of(&desk).await;
    let list = rules(&desk, &names, &asked).await?;
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let filled = Filled::with([("quantity", "1")]);
    let page = page(&mut desk, &names, &list, &filled, None).await;
    render::page(&page)
}

async fn rules(desk: &Desk, names: &Names, asked: &Fields) -> Result<List> {
    let paging = Paging::of(HERE, asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let page = desk.app.commissions.rules(&desk.who, &request).await?;
    let empty = Empty::new(
        "chart",
        "No rules yet",
        "Every vendor pays its own rate, which is on its page. A rule takes another for a category, a vendor or an amount.",
    )
    .action("Make a rule", format!("{HERE}/new"));
    let columns = [Column::new("Rule"), Column::new("Vendor"), Column::new("Category"), Column::number("Rate")];
    let columns = columns.into_iter().chain([Column::new("")]).collect();
    let row = |rule: &CommissionRuleView| {
        let (input, href) = (&rule.input, format!("{HERE}/{}", rule.id));
        Row {
            id: rule.id.to_string(),
            cells: vec![
                Cell::Link(Link::new(&input.name, &href), terms(desk, input)),
                Cell::text(names.vendor(input.vendor_id)),
                Cell::text(names.category(input.category_id)),
                Cell::Number(desk.fmt.rate(input.rate_bp)),
                Cell::Actions(vec![Link::new("Change", &href), Link::new("End", format!("{href}/end"))]),
            ],
        }
    };
    let table = Table::new("Rules of commission", columns, page.items.iter().map(row).collect(), empty);
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "rule", "rules");
    Ok(List::new(table.target("#list"), pager))
}

/// What a rule says beside its rate.
fn terms(desk: &Desk, input: &CommissionRuleInput) -> String {
    let Some(currency) = input.currency else { return String::new() };
    let money = |minor: i64| desk.fmt.money(Money::new(minor, currency));
    let mut told = vec![format!("Sales in {currency}")];
    told.extend(
        input.tiers.iter().map(|tier| format!("{} from {} on", desk.fmt.rate(tier.rate_bp), money(tier.from_minor))),
    );
    if input.fixed_minor > 0 {
        told.push(format!("{} for each item", money(input.fixed_minor)));
    }
    told.extend(input.min_minor.map(|least| format!("at least {}", money(least))));
    told.extend(input.max_minor.map(|most| format!("at most {}", money(most))));
    told.join(", ")
}

async fn page(
    desk: &mut Desk,
    names: &Names,
    list: &List,
    filled: &Filled,
    found: Option<&CommissionCharge>,
) -> PortalPage {
    let symbol = desk.visit.purse.main().symbol();
    let form = Form::new(format!("{HERE}/preview"), &desk.csrf(), "Work it out").quiet().fields(vec![
        Field::select("of", "Sold by", names.vendors(None)).filled(filled),
        Field::select("within", "In the category", names.all_categories("None of these")).filled(filled),
        Field::amount("amount", "For, in all", symbol).filled(filled),
        Field::number("quantity", "Items").between(1, 10_000).filled(filled),
    ]);
    let mut preview = Panel::new("What would a line pay?");
    if let Some(charge) = found {
        let facts = Facts::new("What it would pay").fact("Commission", desk.fmt.money(charge.commission));
        preview = preview.with(&facts).with(&Words::new(&charge.reason));
    }
    let order = Words::soft(
        "A vendor's rule comes before one for all vendors, then the nearest category counts. Delivery, and goods without a rule, \
         pay the vendor's own rate. Orders keep what counted when they were placed.",
    );
    let place = desk.place("Commission", Room::Commission).await;
    PortalPage::new(place).main("Make a rule", format!("{HERE}/new")).errors(filled.summary(&ASKED)).block(&Split {
        main: vec![Panel::new("Rules").flush().with(list)],
        side: vec![preview.with(&form), Panel::new("Which rule counts").with(&order)],
    })
}

/// `POST /admin/commission/preview`
pub async fn preview(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let names = Names::of(&desk).await;
    let list = rules(&desk, &names, &Fields::default()).await?;
    let result = match question(&posted.fields, &names, desk.visit.purse.main()) {
        Ok(asked) => desk.app.commissions.preview(&desk.who, &asked).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(charge) => {
            let page = page(&mut desk, &names, &list, &posted.fields.filled(), Some(&charge)).await;
            render::page(&page)
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let page = page(&mut desk, &names, &list, &filled, None).await;
            render::page_with(status, &page)
        }
    }
}

fn question(sent: &Fields, names: &Names, currency: Currency) -> Result<CommissionQuestion> {
    let mut reader = Reader::new(sent);
    let vendor_id = reader.parsed::<VendorId>("of", "Choose who sells it.");
    let quantity = reader.whole("quantity", 1..=10_000);
    let amount = reader.amount("amount", currency);
    if sent.some("amount").is_none() {
        reader.wrong("amount", "Say for how much it is sold.");
    }
    let categories = sent.parsed("within").map(|id| names.path(id)).unwrap_or_default();
    match (vendor_id, amount) {
        (Some(vendor_id), Some(amount)) if reader.ok() => {
            Ok(CommissionQuestion { vendor_id, categories, amount, quantity })
        }
        _ => Err(reader.error()),
    }
}

/// `GET /admin/commission/new`
pub async fn new(visit: Visit) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let page = form(&mut desk, None, &Filled::default()).await;
    render::page(&page)
}

/// `GET /admin/commission/{id}`
pub async fn show(visit: Visit, Path(id): Path<CommissionRuleId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let rule = desk.app.commissions.rule(&desk.who, id).await?;
    let page = form(&mut desk, Some(&rule), &beginning(&rule)).await;
    render::page(&page)
}

fn beginning(rule: &CommissionRuleView) -> Filled {
    let input = &rule.input;
    let amount = |minor: i64| input.currency.map_or_else(String::new, |unit| Money::new(minor, unit).decimal());
    let tier = |tier: &CommissionTier| format!("{}: {}", amount(tier.from_minor), fields::percent(tier.rate_bp));
    Filled::with([
        ("name", input.name.clone()),
        ("rate", fields::percent(input.rate_bp)),
        ("tiers", input.tiers.iter().map(tier).collect::<Vec<_>>().join("\n")),
        ("fixed", if input.fixed_minor > 0 { amount(input.fixed_minor) } else { String::new() }),
        ("min", input.min_minor.map_or_else(String::new, amount)),
        ("max", input.max_minor.map_or_else(String::new, amount)),
        ("version", rule.version.to_string()),
    ])
}

async fn form(desk: &mut Desk, rule: Option<&CommissionRuleView>, filled: &Filled) -> PortalPage {
    let names = Names::of(desk).await;
    let (title, action) = match rule {
        Some(rule) => (rule.input.name.clone(), format!("{HERE}/{}", rule.id)),
        None => ("Make a rule".to_owned(), HERE.to_owned()),
    };
    let mut fields = vec![
        Field::text("name", "Name").max_length(80).hint("Vendors read it beside what they pay.").filled(filled),
        Field::text("rate", "Our share").keyboard("decimal").after("%").filled(filled),
    ];
    let mut facts = None;
    match rule {
        Some(CommissionRuleView { input, .. }) => {
            let currency = input.currency.map_or_else(|| "All currencies".to_owned(), |currency| currency.to_string());
            let told = Facts::new("What it is for").fact("Vendor", names.vendor(input.vendor_id));
            facts = Some(told.fact("Category", names.category(input.category_id)).fact("Sales in", currency));
        }
        None => fields.extend([
            Field::select("vendor_id", "Vendor", names.vendors(Some("All vendors"))).filled(filled),
            Field::select("category_id", "Category, with those below it", names.all_categories("All categories"))
                .filled(filled),
            Field::text("currency", "Only sales in")
                .max_length(3)
                .optional()
                .hint("Such as EUR; needed for the amounts below, which are in it.")
                .filled(filled),
        ]),
    }
    let amounts = rule.is_none_or(|rule| rule.input.currency.is_some()).then(|| {
        let amount = |name: &str, label: &str| {
            Field::text(name, label).max_length(20).keyboard("decimal").optional().filled(filled)
        };
        vec![
            amount("fixed", "For each item besides"),
            amount("min", "At least, for a line"),
            amount("max", "At most, for a line"),
        ]
    });
    let steps = amounts.is_some().then(|| {
        let hint = "A line each, such as 100: 8 — lines of 100 and more pay 8 % of all of it.";
        Field::lines("tiers", "Other shares from an amount on", 3).optional().hint(hint).filled(filled)
    });
    let form = Form::new(action, &desk.csrf(), "Save rule").hidden("version", filled.value("version")).fields(fields);
    let form = match amounts {
        Some(amounts) => form.fields(amounts),
        None => form,
    };
    let form = form.maybe(steps.as_ref()).cancel("Cancel", HERE);
    let hint = Words::soft("Counts for orders from now on; those that were placed keep what they have.");
    let place = desk.place(title, Room::Commission).await;
    let page = PortalPage::new(place).above(&[("Commission", HERE)]).errors(filled.summary(&FIELDS));
    page.block(&Panel::new("").narrow().maybe(facts.as_ref()).with(&form).with(&hint))
}

/// `POST /admin/commission`
pub async fn create(posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields, None, desk.visit.purse.main()) {
        Ok(input) => desk.app.commissions.create(&desk.who, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, None, &posted.fields, result).await
}

/// `POST /admin/commission/{id}`
pub async fn save(Path(id): Path<CommissionRuleId>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let rule = desk.app.commissions.rule(&desk.who, id).await?;
    let version = posted.fields.parsed("version").unwrap_or(rule.version);
    let client = desk.app.commissions.with_header("if-match", format!("\"{version}\""));
    let result = match read(&posted.fields, Some(&rule.input), desk.visit.purse.main()) {
        Ok(input) => client.update(&desk.who, id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, Some(rule), &posted.fields, result).await
}

async fn answer(
    mut desk: Desk,
    rule: Option<CommissionRuleView>,
    sent: &Fields,
    result: Result<CommissionRuleView>,
) -> Shown {
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.input.name))).await?;
            Ok(desk.visit.go(HERE))
        }
        Err(error) => {
            let (status, filled) = sent.refused(renamed(error, form_name))?;
            let page = form(&mut desk, rule.as_ref(), &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// What the form calls a field of the API.
fn form_name(field: &str) -> String {
    match field {
        "rate_bp" => "rate",
        "fixed_minor" => "fixed",
        "min_minor" => "min",
        "max_minor" => "max",
        tiers if tiers.starts_with("tiers") => "tiers",
        other => other,
    }
    .to_owned()
}

fn read(sent: &Fields, before: Option<&CommissionRuleInput>, main: Currency) -> Result<CommissionRuleInput> {
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Give the rule a name; vendors read it.");
    let rate_bp = fields::basis_points(sent.get("rate")).filter(|bp| *bp <= 10_000);
    if rate_bp.is_none() {
        reader.wrong("rate", "Enter a percentage from 0 to 100.");
    }
    let (vendor_id, category_id, currency) = match before {
        Some(input) => (input.vendor_id, input.category_id, input.currency),
        None => (sent.parsed("vendor_id"), sent.parsed("category_id"), sold_in(&mut reader, sent)),
    };
    let unit = currency.unwrap_or(main);
    let [fixed, min_minor, max_minor] =
        ["fixed", "min", "max"].map(|name| reader.amount(name, unit).map(|money| money.amount_minor));
    let tiers = steps(sent.get("tiers"), unit);
    if tiers.is_none() {
        reader.wrong("tiers", "Write an amount and a percentage on each line, such as 100: 8.");
    }
    match (rate_bp, tiers) {
        (Some(rate_bp), Some(tiers)) if reader.ok() => Ok(CommissionRuleInput {
            name,
            vendor_id,
            category_id,
            currency,
            rate_bp,
            tiers,
            fixed_minor: fixed.unwrap_or(0),
            // Nothing at least is no bound.
            min_minor: min_minor.filter(|minor| *minor > 0),
            max_minor,
        }),
        _ => Err(reader.error()),
    }
}

/// The currency that a rule is for; none if the field is empty.
fn sold_in(reader: &mut Reader<'_>, sent: &Fields) -> Option<Currency> {
    let code = sent.some("currency")?;
    let currency = Currency::parse(&code.to_uppercase()).ok();
    if currency.is_none() {
        reader.wrong("currency", "Enter the code of a currency, such as EUR, or leave it empty.");
    }
    currency
}

/// Lines of an amount from which on a share holds, and the share: `100: 8`, `99,50 = 7.5 %`.
fn steps(text: &str, currency: Currency) -> Option<Vec<CommissionTier>> {
    let line = |line: &str| {
        let (from, rate) = line.split_once([':', '='])?;
        let from_minor = amount(from, currency)?.amount_minor;
        Some(CommissionTier { from_minor, rate_bp: fields::basis_points(rate)? })
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// `GET /admin/commission/{id}/end`: asks.
pub async fn ask_end(visit: Visit, Path(id): Path<CommissionRuleId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let rule = desk.app.commissions.rule(&desk.who, id).await?;
    let form =
        Form::new(format!("{HERE}/{id}/end"), &desk.csrf(), "End rule").hidden("version", rule.version.to_string());
    let place = desk.place(format!("End “{}”?", rule.input.name), Room::Commission).await;
    let ask = Ask {
        effect: "Orders from now on pay by the next rule that fits, or the vendor's own rate. Those that were placed keep what \
                 they have.",
        form,
        back: Link::new("Keep it", HERE),
    };
    render::page(&ask.page(place, &[("Commission", HERE)]))
}

/// `POST /admin/commission/{id}/end`
pub async fn end(Path(id): Path<CommissionRuleId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let client = desk.app.commissions.with_header("if-match", format!("\"{}\"", posted.fields.get("version")));
    let message = match client.end(&desk.who, id).await {
        Ok(()) => Message::good("The rule has ended."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(HERE))
}

/// On a payment's page: what was taken of each vendor's part, and why. Nothing if that cannot be had.
pub(super) async fn of_payment(desk: &Desk, payment: &PaymentView) -> Option<Panel> {
    let (parts, order) = futures::join!(
        desk.app.commissions.of_payment(&desk.who, payment.id),
        desk.app.orders.order(&desk.who, payment.order_id),
    );
    let (parts, order) = (or_none("commission", parts)?, or_none("order", order));
    let mut rows = Vec::new();
    for part in &parts {
        let sold = order.iter().flat_map(|order| &order.vendor_orders).find(|sold| sold.vendor_id == part.vendor_id);
        rows.extend(commission::rows(&desk.fmt, part, sold, sold.map_or("", |sold| sold.vendor_name.as_str())));
    }
    Some(Panel::new("Commission").flush().with(&commission::table(rows)))
}
