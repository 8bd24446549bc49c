//! Making an order for a buyer: found, put together, looked at, placed; step by step in one form, without scripts.

use axum::http::StatusCode;
use contracts::{
    orders::{MakeOrder, NOTHING_TO_PAY, QuoteForBuyer},
    pricing::{Quote, WantedLine},
    search::{SearchQuery, SearchSort},
};
use kernel::{AccountId, Country, Currency, Email, Identity, Kind, Result, VariantId};
use souk_http::extract::validate;

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{Form, Panel, PortalPage, Words, or_none},
        shop::{
            address::address_fields,
            attempt::{Agreed, address, wishes},
            cards, cart,
            checkout::parcel,
            paying, sums,
        },
    },
    render::{self, Shown},
    session::Message,
    ui::{Choice, Choices, Field, Filled, Notice, SummaryLine, Tone},
    visit::{Query, Visit},
};

const HERE: &str = "/admin/orders/new";
/// Products whose variants are offered.
const FOUND: u32 = 5;
/// Most pieces of a line.
const QUANTITY_MAX: i64 = 10_000;
/// What stands before the id of a variant in the name of its quantity.
const QUANTITY: &str = "quantity.";
/// The same for what it is called.
const LABEL: &str = "label.";

/// A line: variant, how many, what it is called.
type Line = (VariantId, i64, String);

/// What the form says so far.
struct Draft {
    lines: Vec<Line>,
    /// Variants that were looked for.
    found: Vec<(VariantId, String)>,
    account_id: Option<AccountId>,
    email: Option<Email>,
    country: Country,
    /// The main currency of the shop.
    currency: Currency,
}

/// `GET /admin/orders/new`, with `?account_id=` for somebody with an account
pub async fn new(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let country = cart::country(&desk.visit);
    let filled = Filled::with([
        ("key", desk.app.random.token()),
        ("account_id", asked.get("account_id").to_owned()),
        ("address.country", country.to_string()),
    ]);
    let currency = desk.visit.purse.main();
    let draft = Draft { lines: Vec::new(), found: Vec::new(), account_id: None, email: None, country, currency };
    page(&mut desk, StatusCode::OK, &draft, &Fields::default(), filled, None).await
}

/// `POST /admin/orders/new`: one more step, or the order.
pub async fn make(posted: Posted) -> Shown {
    let (mut desk, fields) = (Desk::open(posted.visit).await?, posted.fields);
    let mut reader = Reader::new(&fields);
    let draft = read(&desk, &mut reader, &fields).await;
    if !reader.ok() {
        let (status, filled) = fields.refused(reader.error())?;
        return page(&mut desk, status, &draft, &fields, filled, None).await;
    }
    if fields.some("place").is_none() {
        return page(&mut desk, StatusCode::OK, &draft, &fields, fields.filled(), None).await;
    }
    let result = match order(reader, &draft, &fields) {
        Ok(order) => {
            let client = desk.app.orders.with_header("idempotency-key", fields.get("key"));
            client.make(&desk.who, &order).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(order) => {
            desk.visit.say(Message::good("The order is made. The buyer gets a mail with the way to pay it.")).await?;
            Ok(desk.visit.go(&format!("/admin/orders/{}", order.id)))
        }
        Err(error) if error.code() == "quote_changed" => {
            let text = "Look at the new total, then make the order again.";
            let notice = Notice::new(Tone::Warning, "It costs something else now.", text);
            page(&mut desk, StatusCode::CONFLICT, &draft, &fields, fields.filled(), Some(notice)).await
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, &draft, &fields, filled, None).await
        }
    }
}

async fn read(desk: &Desk, reader: &mut Reader<'_>, fields: &Fields) -> Draft {
    let mut lines: Vec<Line> = Vec::new();
    for (name, _) in fields.pairs() {
        let Some(id) = name.strip_prefix(QUANTITY).and_then(|id| id.parse::<VariantId>().ok()) else { continue };
        let quantity = reader.whole(name, 0..=QUANTITY_MAX);
        if quantity > 0 && lines.iter().all(|(known, ..)| *known != id) {
            lines.push((id, quantity, fields.get(&format!("{LABEL}{id}")).to_owned()));
        }
    }
    if let Some(id) = fields.parsed::<VariantId>("add")
        && lines.iter().all(|(known, ..)| *known != id)
    {
        lines.push((id, 1, fields.get(&format!("{LABEL}{id}")).to_owned()));
    }
    let account_id = fields.some("account_id").and_then(|id| match id.parse::<AccountId>() {
        Ok(id) => Some(id),
        Err(_) => {
            reader.wrong("account_id", "Enter the id of an account as its page has it.");
            None
        }
    });
    let email = reader.optional_parsed::<Email>("email");
    let country = fields.parsed("address.country").unwrap_or_else(|| cart::country(&desk.visit));
    let currency = desk.visit.purse.main();
    Draft { lines, found: find(desk, fields).await, account_id, email, country, currency }
}

/// Variants of the products that fit what was typed.
async fn find(desk: &Desk, fields: &Fields) -> Vec<(VariantId, String)> {
    let Some(q) = fields.some("q") else { return Vec::new() };
    let search = SearchQuery {
        q: q.chars().take(200).collect(),
        sort: Some(SearchSort::Relevance),
        limit: Some(FOUND),
        ..SearchQuery::default()
    };
    let Some(page) = or_none("findings", desk.app.search.search(&desk.who, &search).await) else { return Vec::new() };
    let who = Identity::Anonymous;
    let products = page.items.iter().map(|card| desk.app.catalog.product(&who, card.slug.as_str()));
    let products =
        futures::future::join_all(products).await.into_iter().filter_map(|found| or_none("a product", found));
    let variants = products.flat_map(|product| {
        let title = product.title.clone();
        product.variants.into_iter().map(move |variant| {
            (variant.id, format!("{} ({})", cards::with_options(&title, &variant.options), variant.sku))
        })
    });
    variants.take(50).collect()
}

fn order(mut reader: Reader<'_>, draft: &Draft, fields: &Fields) -> Result<MakeOrder> {
    let address = address(&mut reader, "address.");
    let payment_method = reader.text(paying::FIELD, "Choose how it can be paid.");
    if draft.lines.is_empty() {
        reader.wrong("q", "Look for something, and add it.");
    }
    let (Some(address), true) = (address, reader.ok()) else { return Err(reader.error()) };
    let order = MakeOrder {
        quote_hash: fields.get("quote_hash").to_owned(),
        account_id: draft.account_id,
        email: draft.email.clone(),
        currency: draft.currency,
        lines: wanted(draft),
        shipping: wishes(fields),
        address,
        payment_method,
        note: fields.some("note"),
    };
    validate(&order)?;
    Ok(order)
}

fn wanted(draft: &Draft) -> Vec<WantedLine> {
    draft
        .lines
        .iter()
        .map(|(variant_id, quantity, _)| WantedLine { variant_id: *variant_id, quantity: *quantity })
        .collect()
}

/// What it costs, as soon as there is something and somebody to count it for.
async fn quote(desk: &Desk, draft: &Draft, fields: &Fields) -> Result<Option<Quote>> {
    if draft.lines.is_empty() || (draft.account_id.is_none() && draft.email.is_none()) {
        return Ok(None);
    }
    let input = QuoteForBuyer {
        account_id: draft.account_id,
        email: draft.email.clone(),
        currency: draft.currency,
        country: draft.country.clone(),
        region: fields.some("address.region"),
        lines: wanted(draft),
        shipping: wishes(fields),
        payment_method: fields.some(paying::FIELD).filter(|way| way.chars().count() <= 40),
    };
    desk.app.orders.quote_for_buyer(&desk.who, &input).await.map(Some)
}

async fn page(
    desk: &mut Desk,
    status: StatusCode,
    draft: &Draft,
    fields: &Fields,
    filled: Filled,
    notice: Option<Notice>,
) -> Shown {
    let (quote, filled) = match quote(desk, draft, fields).await {
        Ok(quote) => (quote, filled),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => (None, filled.refused(&error)),
        Err(error) => return Err(error.into()),
    };
    let place = desk.place("Make an order", Room::Orders).await;
    let mut form = begun(desk, draft, &filled);
    let mut panels = Vec::new();
    match &quote {
        Some(quote) => {
            form = priced(desk, form, quote, &filled).await;
            panels.push(Panel::new("What it costs").narrow().with(&summary(desk, quote)));
        }
        None => {
            let text =
                "Say for whom it is and look for what is wanted; then choose how it is sent, and see what it costs.";
            panels.push(Panel::new("").narrow().with(&Words::soft(text)));
        }
    }
    panels.push(Panel::new("The order").narrow().with(&form.cancel("Leave it", "/admin/orders")));
    let names = names(draft);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let page =
        PortalPage::new(place).above(&[("Orders", "/admin/orders")]).errors(filled.summary(&names)).notice(notice);
    render::page_with(status, &panels.iter().fold(page, |page, panel| page.block(panel)))
}

/// For whom, what, where to.
fn begun(desk: &Desk, draft: &Draft, filled: &Filled) -> Form {
    let mut form = Form::new(HERE, &desk.csrf(), "Go on").hidden("key", filled.value("key")).fields(vec![
        Field::email("email", "E-mail of the buyer").optional().filled(filled),
        Field::text("account_id", "Or account")
            .hint("Its id, as the page of the account has it.")
            .optional()
            .max_length(40)
            .filled(filled),
    ]);
    for (id, quantity, label) in &draft.lines {
        let name = format!("{QUANTITY}{id}");
        let filled = filled.clone().or(&name, quantity.to_string());
        let field = Field::number(&name, label).between(0, QUANTITY_MAX).hint("0 takes it out.").filled(&filled);
        form = form.with(&field).hidden(&format!("{LABEL}{id}"), label);
    }
    form = form.with(
        &Field::text("q", "Look for a product").hint("Words or an SKU.").optional().max_length(200).filled(filled),
    );
    let found = draft.found.iter().filter(|(id, _)| draft.lines.iter().all(|(known, ..)| known != id));
    let found: Vec<&(VariantId, String)> = found.collect();
    for (id, label) in &found {
        form = form.hidden(&format!("{LABEL}{id}"), label);
    }
    if !found.is_empty() {
        let choice =
            |of: &&(VariantId, String)| Choice { value: of.0.to_string(), text: of.1.clone(), ..Choice::default() };
        form = form.with(&Choices {
            name: "add".to_owned(),
            legend: "Add one of these".to_owned(),
            hidden_legend: false,
            choices: found.iter().map(choice).collect(),
            chosen: String::new(),
            error: None,
            across: false,
        });
    }
    form.fields(address_fields("address.", filled))
        .with(&Field::lines("note", "A word to the makers", 2).optional().max_length(500).filled(filled))
}

/// How it is sent and how it can be paid; with the button that makes it.
async fn priced(desk: &Desk, form: Form, quote: &Quote, filled: &Filled) -> Form {
    let fmt = &desk.fmt;
    let agreed = Agreed::to(quote, desk.visit.purse.main());
    let mut form = agreed.hidden().into_iter().fold(form, |form, (name, value)| form.hidden(&name, value));
    for vendor in &quote.vendors {
        form = match vendor.method {
            Some(_) => form.with(&parcel(fmt, vendor)),
            None if vendor.digital => form,
            None => {
                let title = format!("{} does not deliver there.", vendor.name);
                form.with(&Notice::new(Tone::Danger, title, "Choose another address, or take its things out."))
            }
        };
    }
    let form = match sums::nothing_to_pay(quote) {
        Some(free) => form.with(&free).hidden(paying::FIELD, NOTHING_TO_PAY),
        None => {
            let methods = or_none("ways to pay", desk.app.payments.methods(&desk.who).await).unwrap_or_default();
            let offered = paying::offered(methods, quote);
            let (chosen, error) = (filled.value(paying::FIELD), filled.error(paying::FIELD));
            form.with(&paying::choices("How can it be paid?", offered, chosen, error))
        }
    };
    form.other("place", "yes", "Make the order")
}

fn summary(desk: &Desk, quote: &Quote) -> crate::ui::OrderSummary {
    let fmt = &desk.fmt;
    let line = |line: &contracts::pricing::QuoteLine| SummaryLine {
        title: line.title.clone(),
        lang: None,
        variant: cards::variant(&line.options),
        picture: cards::picture_at(None, 320, 320),
        quantity: fmt.count(line.quantity),
        amount: fmt.money(sums::before_tax(quote, line.total, line.tax)),
    };
    sums::summary(fmt, "What it costs the buyer", quote, quote.lines.iter().map(line).collect())
}

/// Names of the fields, for what is wrong with them.
fn names(draft: &Draft) -> Vec<String> {
    const FIXED: [&str; 14] = [
        "email",
        "account_id",
        "q",
        "lines",
        "shipping",
        "note",
        "payment.method",
        "address.country",
        "address.name",
        "address.line1",
        "address.line2",
        "address.postcode",
        "address.city",
        "address.region",
    ];
    let lines = draft.lines.iter().map(|(id, ..)| format!("{QUANTITY}{id}"));
    FIXED.iter().map(|name| (*name).to_owned()).chain(lines).collect()
}
