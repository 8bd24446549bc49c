//! Checkout: one page, three steps, the sum always in sight.

use askama::Template;
use axum::http::StatusCode;
use contracts::{
    cart::CartView,
    credits::Cover,
    identity::{AccountView, AddressView},
    orders::{NOTHING_TO_PAY, NextAction, PlacedOrder},
    payments::MethodView,
    pricing::{Quote, QuoteRequest, QuoteVendor, ShippingOption},
    promotions::Customer,
};
use kernel::{Currency, Error, Kind, Result};

use super::{
    address::{address_fields, saved_choice},
    attempt::{Agreed, Attempt, gift_fields, shipping_field, wishes},
    billing, cards, cart,
    codes::{self, Codes, Mistyped},
    countries,
    names::Names,
    paying,
    shortfalls::Stock,
    stored_value, sums,
};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted},
    render::{self, Shown, query},
    session::{KeptOrder, Message},
    ui::{
        Check, Choice, Choices, ErrorSummary, Field, Filled, Fold, Notice, OrderSummary, Shell, SummaryLine, Tone,
        component,
    },
    visit::Visit,
};

/// The checkout's page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/checkout.html")]
pub struct Checkout {
    /// Head and foot.
    pub shell: Shell,
    /// What is wrong, if the form was refused.
    pub errors: Option<ErrorSummary>,
    /// The price changed, an item is gone.
    pub notices: Vec<Notice>,
    /// E-mail and telephone.
    pub contact: Vec<Field>,
    /// To log in instead of going on as a guest.
    pub log_in: Option<String>,
    /// Stored addresses of a customer.
    pub addresses: Option<Choices>,
    /// Country first, then the rest in the order of that country.
    pub address: Vec<Field>,
    /// To keep a new address; for customers.
    pub save: Option<Check>,
    /// Where the invoice goes, if not there.
    pub billing: Fold,
    /// How each vendor's parcel comes.
    pub delivery: Delivery,
    /// Codes of promotions.
    pub codes: Codes,
    /// A word to the makers.
    pub note: Field,
    /// That it is a gift, and the message that comes with it.
    pub gift: (Check, Field),
    /// Gift cards, and store credit for customers.
    pub stored: (Field, Option<Check>),
    /// The ways to pay.
    pub payment: Ways,
    /// Terms.
    pub terms: Check,
    /// What it costs and why.
    pub summary: Summary,
    /// The button with the amount.
    pub button: PayButton,
    /// The key of this attempt, as hidden fields.
    pub hidden: Vec<(String, String)>,
}

/// How each vendor's parcel comes, with the quote that it is part of: the fragment `#delivery`, asked
/// for again when the country or a way of delivery changes.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/checkout_delivery.html")]
pub struct Delivery {
    /// A vendor that does not deliver there.
    pub notices: Vec<Notice>,
    /// One per vendor: `From Kiln & Daughters · 42.90 €`.
    pub parcels: Vec<Choices>,
    /// The quote that the buyer agrees to, as hidden fields.
    pub hidden: Vec<(String, String)>,
}

/// What it costs, beside the form: the fragment `#summary`.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<aside class="panel stick" id="summary"{% if oob %} hx-swap-oob="outerMorph"{% endif %}>{{ summary }}</aside>"#,
    ext = "html"
)]
pub struct Summary {
    /// What it costs and why.
    pub summary: OrderSummary,
    /// True behind another fragment.
    pub oob: bool,
}

/// The ways to pay: the fragment `#ways`.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/ways.html")]
pub struct Ways {
    /// Those that are offered.
    pub choices: Choices,
    /// None is.
    pub none: Option<Notice>,
    /// None is needed, and what the form says then.
    pub free: Option<(Notice, &'static str)>,
    /// One of them costs something.
    pub requotes: bool,
    /// True behind another fragment.
    pub oob: bool,
}

/// The button that places the order: the fragment `#pay`.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<button class="btn primary large wide" id="pay" type="submit"{% if oob %} hx-swap-oob="outerMorph"{% endif %}>Place order · {{ amount }}</button>"#,
    ext = "html"
)]
pub struct PayButton {
    /// What is to be paid.
    pub amount: String,
    /// True behind another fragment.
    pub oob: bool,
}

component!(Delivery, Summary, Ways, PayButton);

/// `GET /checkout`
pub async fn show(mut visit: Visit) -> Shown {
    let Some(basis) = Basis::of(&visit).await? else { return Ok(visit.go("/cart")) };
    let fields = basis.beginning(&visit);
    let told = Told::default();
    page(&mut visit, StatusCode::OK, &basis, &fields, fields.filled(), told).await
}

/// `POST /checkout/quote`: what it costs with the country, the ways of delivery and the codes chosen now.
pub async fn requote(Posted { mut visit, fields }: Posted) -> Shown {
    let mut told = Told::default();
    if let Some(code) = fields.some("remove_code") {
        codes::remove(&visit, &code).await?;
    } else if let Some(code) = fields.some("code").filter(|_| !visit.hx.wants_part()) {
        told.wrong_code = codes::add(&visit, &code).await?;
    }
    let Some(basis) = Basis::of(&visit).await? else { return Ok(visit.go("/cart")) };
    if !visit.hx.wants_part() {
        return page(&mut visit, StatusCode::OK, &basis, &fields, fields.filled(), told).await;
    }
    let who = visit.who();
    let (quote, methods) = futures::join!(basis.quote(&visit, &fields), visit.app.payments.methods(&who));
    let (quote, fmt, filled) = (quote?, visit.fmt, fields.filled());
    let ways = ways(methods?, &quote, &filled, true);
    // What is wrong with a card is told with the whole page.
    let cover = stored_value::cover(&visit, &fields, quote.total).await?.ok().flatten();
    let summary = Summary { summary: summary(&fmt, &basis, &quote, cover.as_ref()), oob: true };
    let button = button(&fmt, &quote, cover.as_ref(), true);
    render::parts(&[&delivery(&fmt, &basis, &quote, &filled, cover.as_ref()), &summary, &ways, &button])
}

/// `POST /checkout`: places the order.
pub async fn place(Posted { mut visit, fields }: Posted) -> Shown {
    let saved = addresses(&visit).await?;
    let attempt = match Attempt::read(&fields, &saved, visit.purse.main()) {
        Ok(attempt) => attempt,
        Err(error) => return refused(visit, &fields, error).await,
    };
    let client = visit.placing(&attempt.key).with_header("prefer", "wait=4");
    match client.place(&visit.who(), &attempt.order).await {
        Ok(placed) => {
            keep(&mut visit, &attempt, &placed).await?;
            Ok(visit.go(&after(&visit, &placed)))
        }
        Err(error) => refused(visit, &fields, error).await,
    }
}

/// Remembers what opens the order, and what the buyer asked to be remembered.
async fn keep(visit: &mut Visit, attempt: &Attempt, placed: &PlacedOrder) -> Result<()> {
    let kept = KeptOrder { id: placed.order.id, token: placed.token.clone(), attempt: attempt.name.clone() };
    let country = attempt.order.address.country.clone();
    visit
        .change(|data| {
            data.keep_order(kept.clone());
            data.country = Some(country.clone());
        })
        .await?;
    if let Some(input) = &attempt.save
        && let Err(error) = visit.app.identity.add_address(&visit.who(), input).await
    {
        // The order stands; the address can be typed again.
        tracing::warn!(%error, "an address was not kept");
    }
    Ok(())
}

/// Where a buyer goes after placing the order: to pay, or to see it.
fn after(visit: &Visit, placed: &PlacedOrder) -> String {
    match &placed.order.next_action {
        Some(NextAction::Redirect { url }) if visit.is_here(url) => url.clone(),
        Some(NextAction::Redirect { .. }) => format!("/orders/{}/pay", placed.order.id),
        None => format!("/orders/{}", placed.order.id),
    }
}

/// The form again, with what is wrong or what has changed.
async fn refused(mut visit: Visit, fields: &Fields, error: Error) -> Shown {
    let error = stored_value::named(error);
    let (status, filled) = fields.refused(error.clone())?;
    let Some(basis) = Basis::of(&visit).await? else { return Ok(visit.go("/cart")) };
    if error.code() == "quote_changed" {
        let quote = basis.quote(&visit, fields).await?;
        let mut notices = Agreed::of(fields, basis.main).changes(&visit.fmt, &quote);
        if let Some(name) = error.extra().and_then(|extra| extra["refused"]["name"].as_str()) {
            let title = format!("“{name}” cannot be had any more.");
            notices.insert(0, Notice::new(Tone::Warning, title, "Others were first, or you have used it before."));
        }
        let told = Told { notices, wrong_code: None };
        return page(&mut visit, StatusCode::CONFLICT, &basis, fields, fields.filled(), told).await;
    }
    if error.code() == "credit_changed" {
        let text = "Look at what is left to pay, then order again.";
        let notice = Notice::new(Tone::Warning, "Your gift cards and credit cover another amount now.", text);
        let told = Told { notices: vec![notice], wrong_code: None };
        return page(&mut visit, StatusCode::CONFLICT, &basis, fields, fields.filled(), told).await;
    }
    if error.fields().iter().any(|field| field.field.starts_with("lines")) {
        visit.say(Message::bad(error.fields().first().map_or(error.detail(), |f| f.reason.as_str()))).await?;
        return Ok(visit.go("/cart"));
    }
    page(&mut visit, status, &basis, fields, filled, Told::default()).await
}

/// What is told on the page beside what was wrong with its fields.
#[derive(Default)]
struct Told {
    notices: Vec<Notice>,
    wrong_code: Option<Mistyped>,
}

/// What a checkout starts from.
struct Basis {
    cart: CartView,
    names: Names,
    saved: Vec<AddressView>,
    me: Option<AccountView>,
    main: Currency,
}

impl Basis {
    /// Nothing if there is nothing to order.
    async fn of(visit: &Visit) -> Result<Option<Self>> {
        let (cart, saved) = futures::join!(cart::current(visit), addresses(visit));
        let Some(cart) = cart?.filter(|cart| !cart::wanted(cart).is_empty()) else { return Ok(None) };
        let me = match visit.principal() {
            Some(_) => Some(visit.app.identity.me(&visit.who()).await?),
            None => None,
        };
        let names = Names::of_cart(visit, &cart).await;
        Ok(Some(Self { cart, names, saved: saved?, me, main: visit.purse.main() }))
    }

    /// The form as it is first shown.
    fn beginning(&self, visit: &Visit) -> Fields {
        let country = cart::country(visit).to_string();
        let (email, name) = self.me.as_ref().map(|me| (me.email.to_string(), me.name.clone())).unwrap_or_default();
        let first = self.saved.iter().find(|saved| saved.is_default).or(self.saved.first());
        let mut pairs = vec![
            ("email".to_owned(), email),
            ("address.name".to_owned(), name),
            (billing::COUNTRY.to_owned(), country.clone()),
            ("address.country".to_owned(), country),
        ];
        pairs.extend(first.map(|saved| ("address_id".to_owned(), saved.id.to_string())));
        Fields::from(pairs)
    }

    /// What it costs with the country and ways of delivery in the form.
    async fn quote(&self, visit: &Visit, fields: &Fields) -> Result<Quote> {
        let chosen = self.saved.iter().find(|saved| saved.id.to_string() == fields.get("address_id"));
        let country = chosen.map(|saved| saved.address.country.clone());
        let country = country.or_else(|| fields.parsed("address.country")).unwrap_or_else(|| cart::country(visit));
        let vendors: Vec<_> = self.cart.lines.iter().map(|line| line.vendor_id).collect();
        let shipping = wishes(fields).into_iter().filter(|wish| vendors.contains(&wish.vendor_id)).collect();
        let region = chosen.map_or_else(|| fields.some("address.region"), |saved| saved.address.region.clone());
        let request = QuoteRequest {
            currency: cart::purse(visit, Some(&self.cart)).currency,
            country,
            // Longer ones are refused with the address.
            region: region.filter(|region| region.chars().count() <= cart::REGION_MAX),
            lines: cart::wanted(&self.cart),
            shipping,
            codes: self.cart.codes.clone(),
            customer: Customer { account_id: None, email: fields.parsed("email") },
            payment_method: fields.some(paying::FIELD).filter(|way| way.chars().count() <= 40),
        };
        let mut quote = visit.app.pricing.quote(&visit.who(), &request).await?;
        self.names.say_quote(&mut quote);
        Ok(quote)
    }
}

async fn addresses(visit: &Visit) -> Result<Vec<AddressView>> {
    match visit.principal() {
        Some(_) => visit.app.identity.addresses(&visit.who()).await,
        None => Ok(Vec::new()),
    }
}

async fn page(
    visit: &mut Visit,
    status: StatusCode,
    basis: &Basis,
    fields: &Fields,
    filled: Filled,
    told: Told,
) -> Shown {
    let quote = match basis.quote(visit, fields).await {
        Ok(quote) => quote,
        Err(error) if error.is(Kind::Invalid) => {
            let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str()).to_owned();
            visit.say(Message::bad(reason)).await?;
            return Ok(visit.go("/cart"));
        }
        Err(error) => return Err(error.into()),
    };
    let (cover, filled) = match stored_value::cover(visit, fields, quote.total).await? {
        Ok(cover) => (cover, filled),
        // What was wrong already is told first.
        Err(error) if filled.summary(LABELS).is_none() => (None, filled.refused(&error)),
        Err(_) => (None, filled),
    };
    visit.bind_forms();
    let (app, who) = (visit.app.clone(), visit.who());
    let stock = Stock::of(&app, &who, &basis.cart);
    let (shell, methods, stock) = futures::join!(visit.shell("Checkout"), app.payments.methods(&who), stock);
    let fmt = visit.fmt;
    let is_customer = visit.principal().is_some();
    let page = Checkout {
        shell: Shell { private: true, ..shell },
        errors: filled.summary(LABELS),
        notices: told.notices.into_iter().chain(stock.notices(&fmt, &basis.cart)).collect(),
        contact: vec![
            Field::email("email", "E-mail").hint("For the receipt and news about your parcels.").filled(&filled),
        ],
        log_in: (!is_customer).then(|| format!("/login?{}", query(&[("next", "/checkout")]))),
        addresses: saved_choice(&basis.saved, &filled),
        address: requoting(address_fields("address.", &filled)),
        save: is_customer.then(|| Check::new("save_address", "Keep this address for next time").filled(&filled)),
        billing: billing::fold(&filled),
        delivery: delivery(&fmt, basis, &quote, &filled, cover.as_ref()),
        codes: Codes::of(&fmt, Some(&basis.cart), Some(&quote), told.wrong_code),
        note: Field::lines("note", "A word to the makers", 2).optional().max_length(500).filled(&filled),
        gift: gift_fields(&filled),
        stored: stored_value::fields(is_customer, &filled),
        payment: ways(methods?, &quote, &filled, false),
        terms: Check::new("terms", "I have read the terms and how to withdraw").required().filled(&filled),
        summary: Summary { summary: summary(&fmt, basis, &quote, cover.as_ref()), oob: false },
        button: button(&fmt, &quote, cover.as_ref(), false),
        hidden: vec![("key".to_owned(), app.random.token())],
    };
    render::page_with(status, &page)
}

/// Names of the fields of this page that an error may lead to.
const LABELS: &[&str] = &[
    "email",
    "address_id",
    "address.country",
    "address.name",
    "address.company",
    "address.line1",
    "address.line2",
    "address.postcode",
    "address.city",
    "address.region",
    "address.phone",
    "billing_address.country",
    "billing_address.name",
    "billing_address.company",
    "billing_address.line1",
    "billing_address.line2",
    "billing_address.postcode",
    "billing_address.city",
    "billing_address.region",
    "note",
    "gift.message",
    stored_value::CODES,
    stored_value::OWN,
    "payment.method",
    "terms",
];

/// Another country is another delivery, and may be another price; another state may be another tax.
fn requoting(fields: Vec<Field>) -> Vec<Field> {
    const ASKS: [(&str, &str); 5] = [
        ("hx-post", "/checkout/quote"),
        ("hx-trigger", "change"),
        ("hx-include", "#checkout"),
        ("hx-target", "#delivery"),
        ("hx-swap", "outerMorph"),
    ];
    let asking = |field: Field| match field.is("address.country") || field.is("address.region") {
        true => ASKS.into_iter().fold(field, |field, (name, value)| field.attribute(name, value)),
        false => field,
    };
    fields.into_iter().map(asking).collect()
}

fn button(fmt: &Fmt, quote: &Quote, cover: Option<&Cover>, oob: bool) -> PayButton {
    let amount = fmt.money(stored_value::left(cover, quote.total));
    PayButton { amount, oob }
}

/// The ways to pay for what the quote is about.
fn ways(methods: Vec<MethodView>, quote: &Quote, filled: &Filled, oob: bool) -> Ways {
    let offered = paying::offered(methods, quote);
    let none = offered.is_empty().then(|| {
        let country = countries::name(quote.country.as_str());
        Notice::new(Tone::Danger, format!("No way to pay is offered to {country}."), "Choose another address.")
    });
    let (chosen, error) = (filled.value(paying::FIELD), filled.error(paying::FIELD));
    let free = sums::nothing_to_pay(quote).map(|notice| (notice, NOTHING_TO_PAY));
    let requotes = free.is_none() && offered.iter().any(|way| way.fee(quote.currency).is_some());
    Ways { choices: paying::choices("How do you want to pay?", offered, chosen, error), none, free, requotes, oob }
}

fn summary(fmt: &Fmt, basis: &Basis, quote: &Quote, cover: Option<&Cover>) -> OrderSummary {
    let line = |line: &contracts::pricing::QuoteLine| {
        let picture = basis.cart.lines.iter().find(|known| known.variant_id == line.variant_id);
        let picture = picture.and_then(|known| known.picture_url.as_deref());
        SummaryLine {
            title: line.title.clone(),
            lang: basis.names.language(fmt, line.product_id),
            variant: cards::variant(&line.options),
            picture: cards::picture_at(picture, 320, 320),
            quantity: fmt.count(line.quantity),
            amount: fmt.money(sums::before_tax(quote, line.total, line.tax)),
        }
    };
    let sum = sums::summary(fmt, "Your order", quote, quote.lines.iter().map(line).collect());
    stored_value::in_sum(fmt, sum, quote.total, cover.map(|cover| cover.covered))
}

fn delivery(fmt: &Fmt, basis: &Basis, quote: &Quote, filled: &Filled, cover: Option<&Cover>) -> Delivery {
    let country = countries::name(quote.country.as_str());
    let stuck = quote.vendors.iter().filter(|vendor| vendor.method.is_none() && !vendor.digital).map(|vendor| {
        let title = format!("{} does not deliver to {country}.", vendor.name);
        Notice::new(Tone::Danger, title, "Choose another address, or take its things out of the cart.")
            .action("To the cart", "/cart")
    });
    let refused = filled.error("shipping").map(|reason| Notice::new(Tone::Danger, "", reason));
    let parcels = quote.vendors.iter().filter(|vendor| vendor.method.is_some()).map(|vendor| parcel(fmt, vendor));
    let mut hidden = Agreed::to(quote, basis.main).hidden();
    hidden.push(("cart".to_owned(), basis.cart.id.to_string()));
    hidden.extend(stored_value::hidden(cover));
    Delivery { notices: stuck.chain(refused).collect(), parcels: parcels.collect(), hidden }
}

/// The ways a vendor sends its part, to choose from.
pub fn parcel(fmt: &Fmt, vendor: &QuoteVendor) -> Choices {
    let arrival = |method: &ShippingOption| sums::arrival(fmt, method.arrival(fmt.now()));
    let choice = |method: &ShippingOption| Choice {
        value: method.method_id.to_string(),
        text: method.name.clone(),
        note: match &method.pickup {
            Some(place) => format!("Fetch it yourself: {}. Ready {}.", place.line(), arrival(method)),
            None => arrival(method),
        },
        aside: sums::price_or_free(fmt, method.price),
        disabled: false,
    };
    Choices {
        name: shipping_field(vendor.vendor_id),
        legend: format!("From {}", vendor.name),
        hidden_legend: false,
        choices: vendor.methods.iter().map(choice).collect(),
        chosen: vendor.method.as_ref().map(|method| method.method_id.to_string()).unwrap_or_default(),
        error: None,
        across: vendor.methods.len() > 1,
    }
}
