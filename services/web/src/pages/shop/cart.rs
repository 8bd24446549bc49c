//! The cart: what is in it, by maker, what it costs and why, and putting things into it.

use askama::Template;
use contracts::{
    cart::{self, AddLine, CartPart, CartView, SetCurrency, SetLater, SetQuantity},
    pricing::{Quote, QuoteRequest, WantedLine},
    promotions::Customer,
};
use kernel::{Country, Error, Kind, Result, Slug, VariantId, VendorId};

use super::{
    cards,
    choice::{self, Buyer},
    codes::{self, Codes, Mistyped},
    countries,
    names::Names,
    shortfalls::Stock,
    sums, wishes,
};
use crate::{
    currency::Purse,
    fmt::Fmt,
    forms::{Fields, Harmless, Posted},
    pages::portal::or_none,
    render::{self, Shown},
    session::{Data, Message},
    ui::{
        Avatar, CartCount, CartGroup, CartGroups, CartLine, Empty, Field, Link, Notice, OrderSummary, Price, Shell,
        Stepper, SumRow, Toast, Toasts, Tone, component,
    },
    visit::{Path, Visit},
};

/// Everything below the heading: the fragment `#cart`, swapped after every edit, followed by a
/// [`crate::ui::CartCount`].
#[derive(Debug, Clone, Template)]
#[template(path = "shop/cart_body.html")]
pub struct CartBody {
    /// What changed since the last look: a price, a stock.
    pub notices: Vec<Notice>,
    /// The lines by vendor; none shows `empty`.
    pub groups: CartGroups,
    /// What is not ordered yet.
    pub later: Vec<CartLine>,
    /// What it costs and why.
    pub summary: OrderSummary,
    /// Codes of promotions.
    pub codes: Codes,
    /// Where it goes, for the estimate.
    pub country: Field,
    /// Hidden token.
    pub csrf: String,
    /// Said aloud after a swap: `Total 84.70 €`.
    pub say: String,
    /// Instead of lines, when there are none.
    pub empty: Empty,
}

component!(CartBody);

/// The cart's page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/cart.html")]
pub struct Cart {
    /// Head and foot.
    pub shell: Shell,
    /// Everything below the heading.
    pub body: CartBody,
}

/// Most of one thing that a line offers; more can be typed.
const MOST: i64 = 99;
/// Where parcels go until a visitor says otherwise.
const COUNTRY: &str = "DE";
/// Most characters of a state or province that a quote is asked with.
pub const REGION_MAX: usize = 80;

/// `GET /cart`
pub async fn show(mut visit: Visit) -> Shown {
    let cart = current(&visit).await?;
    let (shell, body) = (visit.shell("Your cart").await, body(&visit, cart.as_ref(), None).await);
    render::page(&Cart { shell: Shell { private: true, ..shell }, body })
}

/// The cart of this visitor, if there is one. A guest's that has been forgotten is none.
pub async fn current(visit: &Visit) -> Result<Option<CartView>> {
    if !visit.has_cart() {
        return Ok(None);
    }
    match visit.cart().current(&visit.who()).await {
        Ok(cart) => Ok(Some(cart)),
        Err(error) if error.is(Kind::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where parcels go, as far as this visitor has said.
pub fn country(visit: &Visit) -> Country {
    visit.data().country.unwrap_or_else(|| COUNTRY.parse().expect("a country code"))
}

/// The state or province of the customer's address, if parcels go to its country: it may decide the tax.
async fn region(visit: &Visit, country: &Country) -> Option<String> {
    visit.principal()?;
    let saved = or_none("stored addresses", visit.app.identity.addresses(&visit.who()).await)?;
    let own = saved.into_iter().find(|saved| saved.is_default)?.address;
    own.region.filter(|region| own.country == *country && region.chars().count() <= REGION_MAX)
}

/// In what this cart is shown and paid: as was chosen for it, or as this visitor reads prices.
pub fn purse(visit: &Visit, cart: Option<&CartView>) -> Purse {
    visit.purse.paying(cart.and_then(|cart| cart.currency))
}

/// The lines that can be had, as the quote wants them.
pub fn wanted(cart: &CartView) -> Vec<WantedLine> {
    let had = cart.lines.iter().filter(|line| can_be_had(line));
    had.map(|line| WantedLine { variant_id: line.variant_id, quantity: line.quantity }).collect()
}

/// True if it is ordered with the cart.
pub fn can_be_had(line: &cart::CartLine) -> bool {
    line.available && line.stock.available()
}

/// What can be had of the cart, with its codes; nothing if there is nothing to order.
pub async fn quote(visit: &Visit, cart: &CartView) -> Result<Option<Quote>> {
    let lines = wanted(cart);
    if lines.is_empty() {
        return Ok(None);
    }
    let country = country(visit);
    let region = region(visit, &country).await;
    let request = QuoteRequest {
        currency: purse(visit, Some(cart)).currency,
        country,
        region,
        lines,
        shipping: Vec::new(),
        codes: cart.codes.clone(),
        customer: Customer::default(),
        payment_method: None,
    };
    visit.app.pricing.quote(&visit.who(), &request).await.map(Some)
}

/// Everything below the heading.
async fn body(visit: &Visit, cart: Option<&CartView>, wrong: Option<Mistyped>) -> CartBody {
    let csrf = visit.csrf();
    let (names, stock) = match cart {
        Some(cart) => {
            let who = visit.who();
            futures::join!(Names::of_cart(visit, cart), Stock::of(&visit.app, &who, cart))
        }
        None => Default::default(),
    };
    let mut shown = cart.map(|known| purse(visit, cart).show(known.clone()));
    if let Some(shown) = &mut shown {
        names.say_cart(shown);
    }
    let cart = shown.as_ref();
    let lines = cart.map(|cart| cart.lines.as_slice()).unwrap_or_default();
    let mut notices: Vec<Notice> = lines.iter().filter_map(|line| notice(&visit.fmt, &stock, line)).collect();
    let mut quote = match cart {
        Some(cart) => quote(visit, cart).await.unwrap_or_else(|error| {
            let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str());
            notices.push(Notice::new(Tone::Warning, "The total is not known just now.", reason));
            None
        }),
        None => None,
    };
    if let Some(quote) = &mut quote {
        names.say_quote(quote);
    }
    let country = country(visit);
    let groups = groups(&visit.fmt, lines, quote.as_ref(), &country, &names);
    let summary = match (&quote, cart) {
        (Some(quote), _) => sums::summary(&visit.fmt, "What it costs", quote, Vec::new()),
        (None, cart) => plain_summary(&visit.fmt, cart),
    };
    let later = cart.map(|cart| cart.later.as_slice()).unwrap_or_default();
    CartBody {
        notices,
        later: later.iter().map(|line| cart_line(&visit.fmt, line, None, &names)).collect(),
        groups: CartGroups { groups, action: "/cart".to_owned(), csrf: csrf.clone() },
        say: if lines.is_empty() { "Your cart is empty".to_owned() } else { format!("Total {}", summary.total) },
        summary,
        codes: Codes::of(&visit.fmt, cart, quote.as_ref(), wrong),
        country: Field::select("country", "Delivery to", countries::all()).value(country.as_str()),
        csrf,
        empty: Empty::new("basket", "Your cart is empty", "What you put in stays here, also when you close the page.")
            .action("Look around", "/search"),
    }
}

/// Without a quote only the sum of the goods is known.
fn plain_summary(fmt: &Fmt, cart: Option<&CartView>) -> OrderSummary {
    let total = cart.and_then(|cart| cart.subtotal).map_or_else(|| "–".to_owned(), |sum| fmt.money(sum));
    OrderSummary {
        title: "What it costs".to_owned(),
        rows: vec![SumRow::new("Items", &total), SumRow::new("Delivery", "At checkout")],
        total,
        ..OrderSummary::default()
    }
}

/// What changed about a line since it was put in.
fn notice(fmt: &Fmt, stock: &Stock, line: &cart::CartLine) -> Option<Notice> {
    if !can_be_had(line) {
        let title = format!("{} can no longer be had.", line.title);
        return Some(Notice::new(
            Tone::Warning,
            title,
            "It is not in the total. Take it out, or wait until it is back.",
        ));
    }
    if let Some(short) = stock.notice(fmt, line) {
        return Some(short);
    }
    let before = line.price_when_added.filter(|before| *before != line.unit_price)?;
    let text = format!("It is now {}; it was {} when you put it in.", fmt.money(line.unit_price), fmt.money(before));
    Some(Notice::new(Tone::Neutral, format!("The price of {} changed.", line.title), text))
}

/// The lines by vendor, in the order in which the vendors came in.
fn groups(
    fmt: &Fmt,
    lines: &[cart::CartLine],
    quote: Option<&Quote>,
    country: &Country,
    names: &Names,
) -> Vec<CartGroup> {
    let mut order: Vec<VendorId> = Vec::new();
    for line in lines {
        if !order.contains(&line.vendor_id) {
            order.push(line.vendor_id);
        }
    }
    let group = |vendor: VendorId| {
        let of_vendor: Vec<_> = lines.iter().filter(|line| line.vendor_id == vendor).collect();
        let first = of_vendor.first()?;
        let parcel = quote.and_then(|quote| quote.vendors.iter().find(|quoted| quoted.vendor_id == vendor));
        let (delivery, delivery_price) = parcel.map_or_else(
            || ("Delivery is not known just now".to_owned(), String::new()),
            |parcel| sums::parcel(fmt, parcel, countries::name(country.as_str())),
        );
        Some(CartGroup {
            vendor: Link::new(&first.vendor_name, format!("/v/{}", first.vendor_slug)),
            avatar: Avatar::of(&first.vendor_name, None),
            delivery,
            delivery_price,
            lines: of_vendor.iter().map(|line| cart_line(fmt, line, quote, names)).collect(),
        })
    };
    order.into_iter().filter_map(group).collect()
}

/// A line at what it costs this visitor: groups of customers have prices of their own, which the quote knows.
fn cart_line(fmt: &Fmt, line: &cart::CartLine, quote: Option<&Quote>, names: &Names) -> CartLine {
    let quoted = quote.and_then(|quote| quote.lines.iter().find(|quoted| quoted.variant_id == line.variant_id));
    let each = quoted.map_or(line.unit_price, |quoted| quoted.unit_price);
    let total = each.times(line.quantity).unwrap_or(line.total);
    // What is struck is what everybody paid before.
    let before = line.compare_at.filter(|_| each == line.unit_price);
    let before = before.and_then(|before| before.times(line.quantity).ok());
    CartLine {
        id: line.variant_id.to_string(),
        href: format!("/p/{}?variant={}", line.product_slug, line.variant_id),
        title: line.title.clone(),
        lang: names.language(fmt, line.product_id),
        variant: cards::variant(&line.options),
        parts: parts(line),
        picture: cards::picture_at(line.picture_url.as_deref(), 320, 320),
        price: before.map_or_else(|| Price::of(fmt, total), |before| cards::price(fmt, total, Some(before))),
        each: (line.quantity > 1).then(|| fmt.money(each)),
        quantity: Stepper {
            name: "quantity".to_owned(),
            id: format!("quantity-{}", line.variant_id),
            label: format!("Quantity of {}", line.title),
            value: line.quantity,
            min: 0,
            max: MOST.max(line.quantity),
        },
        badge: wishes::stock_badge(line),
    }
}

fn parts(line: &cart::CartLine) -> String {
    let part = |part: &CartPart| cards::pieces(part.quantity, &part.title, &part.options);
    line.parts.iter().map(part).collect::<Vec<_>>().join(" · ")
}

/// `POST /cart`: puts something in.
pub async fn add(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    let (Some(variant_id), quantity) =
        (fields.parsed::<VariantId>("variant"), fields.parsed::<i64>("quantity").unwrap_or(1))
    else {
        return Err(Error::invalid("variant", "Choose what to put into the cart first.").into());
    };
    let line = AddLine { variant_id, quantity };
    let added = put_in(&mut visit, &line).await;
    if visit.hx.wants_part() {
        return added_part(visit, &fields, added).await;
    }
    match added {
        Ok(cart) => {
            let title = cart.lines.iter().find(|line| line.variant_id == variant_id).map(|line| line.title.clone());
            visit.say(Message::good(in_cart(title.as_deref()))).await?;
        }
        Err(error) => visit.say(Message::bad(reason(&error)?)).await?,
    }
    Ok(visit.go("/cart"))
}

fn in_cart(title: Option<&str>) -> String {
    format!("{} is in your cart.", title.unwrap_or("It"))
}

/// Why something cannot be put in, for the visitor. What no other wish can mend is passed on.
fn reason(error: &Error) -> Result<String> {
    match error.kind() {
        Kind::Internal | Kind::Unavailable => Err(error.clone()),
        _ => Ok(error.fields().first().map_or(error.detail(), |field| field.reason.as_str()).to_owned()),
    }
}

/// Puts a line into the cart, opening one if there is none.
async fn put_in(visit: &mut Visit, line: &AddLine) -> Result<CartView> {
    if visit.has_cart() {
        match visit.cart().add(&visit.who(), line).await {
            // A guest's cart that has been forgotten.
            Err(error) if error.is(Kind::NotFound) => {}
            answer => return answer,
        }
    }
    open(visit, Some(line.clone())).await
}

/// Opens a guest's cart, which this browser remembers.
pub(super) async fn open(visit: &mut Visit, first: Option<AddLine>) -> Result<CartView> {
    let opened = visit.app.cart.create(&visit.who(), &first).await?;
    let token = opened.token;
    visit.change(move |data: &mut Data| data.cart = Some(token.clone())).await?;
    if visit.purse.is_further() {
        let wanted = SetCurrency { currency: Some(visit.purse.currency) };
        return Ok(visit.cart().set_currency(&visit.who(), &wanted).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a cart goes without its currency");
            opened.cart
        }));
    }
    Ok(opened.cart)
}

/// The button's part of the product's page again, with the new number in the head and a word about it.
async fn added_part(visit: Visit, fields: &Fields, added: Result<CartView>) -> Shown {
    let slug: Slug = fields.get("product").parse().map_err(|_| Error::not_found("product"))?;
    let product = visit.purse.show(visit.catalog().product(&visit.who(), slug.as_str()).await?);
    let (who, country) = (visit.who(), country(&visit));
    let buyer = Buyer { who: who.clone(), country: country.clone(), currency: visit.purse.currency };
    let (rates, tax, terms) = futures::join!(
        visit.app.shipping.rates(&who, product.vendor.id),
        choice::Tax::of(&visit.app, country),
        choice::Terms::of(&visit.app, &buyer, &product, fields),
    );
    let rates = visit.purse.show(rates.unwrap_or_default());
    let mut buy = choice::buy(&visit, &product, &rates, &tax, &terms, fields);
    match added {
        Ok(cart) => {
            let toast = Toast::new(Tone::Neutral, in_cart(Some(&product.title))).action("See the cart", "/cart");
            render::parts(&[&buy, &CartCount { count: cart.items }, &Toasts { toasts: vec![toast] }])
        }
        Err(error) => {
            buy.notice = Some(Notice::new(Tone::Danger, "That did not go into the cart.", reason(&error)?));
            render::parts(&[&buy])
        }
    }
}

/// `POST /cart/{variant}`: sets a quantity; 0 takes the line out.
pub async fn set_quantity(Path(variant): Path<VariantId>, Posted { visit, fields }: Posted) -> Shown {
    let changed = match fields.parsed::<i64>("quantity") {
        Some(quantity @ 0..=10_000) => {
            visit.cart().set_quantity(&visit.who(), variant, &SetQuantity { quantity }).await
        }
        _ => Err(Error::invalid("quantity", "Enter a whole number from 0 to 10,000.")),
    };
    changed_part(visit, changed).await
}

/// `POST /cart/{variant}/remove`
pub async fn remove(Path(variant): Path<VariantId>, Posted { visit, .. }: Posted) -> Shown {
    let changed = visit.cart().remove(&visit.who(), variant).await;
    changed_part(visit, changed).await
}

/// `POST /cart/{variant}/later`
pub async fn keep_for_later(Path(variant): Path<VariantId>, Posted { visit, .. }: Posted) -> Shown {
    let changed = visit.cart().set_later(&visit.who(), variant, &SetLater { later: true }).await;
    changed_part(visit, changed).await
}

/// `POST /cart/{variant}/now`
pub async fn want_now(Path(variant): Path<VariantId>, Posted { visit, .. }: Posted) -> Shown {
    let changed = visit.cart().set_later(&visit.who(), variant, &SetLater { later: false }).await;
    changed_part(visit, changed).await
}

/// `POST /cart/country`: where it goes, for the estimate.
pub async fn set_country(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    let country: Country = fields.get("country").parse()?;
    visit.change(|data| data.country = Some(country.clone())).await?;
    if !visit.hx.wants_part() {
        return Ok(visit.go("/cart"));
    }
    let cart = current(&visit).await?;
    render::parts(&[&body(&visit, cart.as_ref(), None).await])
}

/// `POST /cart/codes`: another code, with what is wrong with it beside the field.
pub async fn add_code(Posted { mut visit, fields }: Posted) -> Shown {
    let wrong = codes::add(&visit, fields.get("code")).await?;
    let cart = current(&visit).await?;
    let body = body(&visit, cart.as_ref(), wrong).await;
    if visit.hx.wants_part() {
        return render::parts(&[&body]);
    }
    let shell = visit.shell("Your cart").await;
    render::page(&Cart { shell: Shell { private: true, ..shell }, body })
}

/// `POST /cart/codes/remove`
pub async fn remove_code(Posted { visit, fields }: Posted) -> Shown {
    codes::remove(&visit, fields.get("code")).await?;
    if !visit.hx.wants_part() {
        return Ok(visit.go("/cart"));
    }
    let cart = current(&visit).await?;
    render::parts(&[&body(&visit, cart.as_ref(), None).await])
}

/// The cart after an edit: the part for htmx, the page for everybody else.
async fn changed_part(mut visit: Visit, changed: Result<CartView>) -> Shown {
    let (cart, refused) = match changed {
        Ok(cart) => (Some(cart), None),
        // Another tab was quicker: show what is there now.
        Err(error) if error.is(Kind::NotFound) => (current(&visit).await?, None),
        Err(error) => (current(&visit).await?, Some(reason(&error)?)),
    };
    if !visit.hx.wants_part() {
        if let Some(reason) = refused {
            visit.say(Message::bad(reason)).await?;
        }
        return Ok(visit.go("/cart"));
    }
    let count = CartCount { count: cart.as_ref().map_or(0, |cart| cart.items) };
    let mut body = body(&visit, cart.as_ref(), None).await;
    body.notices.extend(refused.map(|reason| Notice::new(Tone::Danger, "That was not changed.", reason)));
    render::parts(&[&body, &count])
}
