//! Sample pages from cart to confirmation.

use std::time::Duration;

use web::{
    fmt::Fmt,
    pages::shop::{
        billing,
        cart::{Cart, CartBody},
        checkout::{Checkout, Delivery, PayButton, Summary, Ways},
        codes::{Code, Codes},
        order::{Order, Parcel},
        stored_value,
    },
    ui::*,
};

use crate::{
    shop::{shell, text},
    stock::{card, eur},
};

fn line(fmt: &Fmt, n: usize, quantity: i64, variant: &str) -> CartLine {
    let card = card(fmt, n);
    let (_, _, _, each, ..) = crate::stock::ARTICLES[n];
    CartLine {
        id: n.to_string(),
        href: card.href,
        quantity: Stepper {
            name: text("quantity"),
            id: format!("quantity-{n}"),
            label: format!("Quantity of {}", card.title),
            value: quantity,
            min: 1,
            max: 10,
        },
        title: card.title,
        lang: None,
        variant: text(variant),
        parts: String::new(),
        picture: card.picture.decorative(),
        price: Price::of(fmt, eur(each * quantity)),
        each: (quantity > 1).then(|| fmt.money(eur(each))),
        badge: (n == 1).then(|| Badge::new("Only 2 left", Tone::Warning)),
    }
}

fn summary(lines: Vec<SummaryLine>) -> OrderSummary {
    OrderSummary {
        title: text("Your order"),
        lines,
        rows: vec![
            SumRow::new("3 items", "104.70 €"),
            SumRow::new("Delivery", "9.80 €").note("From 2 makers"),
            SumRow::new("Autumn fair", "\u{2212}8.58 €").note("10 % off stoneware").off(),
        ],
        total: text("105.92 €"),
        tax: text("Including 16.02 € VAT"),
        why: vec![
            SumRow::new("Cobalt mug", "85.80 €").note("2 × 42.90 €"),
            SumRow::new("Olive oil", "18.90 €"),
            SumRow::new("Autumn fair", "\u{2212}8.58 €").note("10 % of 85.80 €").off(),
            SumRow::new("Kiln & Daughters, standard", "4.90 €"),
            SumRow::new("Ölmühle Süd, standard", "4.90 €"),
            SumRow::new("VAT contained", "16.02 €").note("19 % on tableware, 7 % on food"),
        ],
    }
}

fn group(fmt: &Fmt, vendor: &str, lines: Vec<CartLine>) -> CartGroup {
    let from = fmt.now().plus(Duration::from_secs(4 * 86_400));
    CartGroup {
        vendor: Link::new(vendor, "#"),
        avatar: Avatar::of(vendor, None),
        delivery: format!("Standard, {}", fmt.days_between(from, from.plus(Duration::from_secs(2 * 86_400)))),
        delivery_price: text("4.90 €"),
        lines,
    }
}

/// The cart.
pub fn cart(fmt: &Fmt) -> Cart {
    Cart {
        shell: shell("Your cart", "/cart.html"),
        body: CartBody {
            notices: vec![Notice::new(
                Tone::Warning,
                "The price of one thing changed.",
                "Olive oil is now 18.90 €, it was 17.90 € when you put it in.",
            )],
            groups: CartGroups {
                groups: vec![
                    group(fmt, "Kiln & Daughters", vec![line(fmt, 0, 2, "350 ml, cobalt")]),
                    group(fmt, "Ölmühle Süd", vec![line(fmt, 1, 1, "500 ml")]),
                ],
                action: text("/cart"),
                csrf: text("sample"),
            },
            later: vec![line(fmt, 2, 1, "A5, dotted")],
            summary: summary(Vec::new()),
            codes: codes(),
            country: Field::select("country", "Delivery to", [("DE", "Germany"), ("PT", "Portugal")]).value("DE"),
            csrf: text("sample"),
            say: text("Total 105.92 €"),
            empty: Empty::new(
                "basket",
                "Your cart is empty",
                "What you put in stays here for 30 days, on this device.",
            ),
        },
    }
}

fn codes() -> Codes {
    let code = |code: &str, words: &str, applied| Code { code: text(code), text: text(words), applied };
    Codes {
        codes: vec![
            code("WELCOME10", "Welcome: −10.47 €", true),
            code("SPRING", "“SPRING” needs 12.00 € more of what it applies to.", false),
        ],
        field: Field::text("code", "Code").optional(),
    }
}

fn delivery(name: &str, vendor: &str) -> Choices {
    let choice = |value: &str, words: &str, note: &str, aside: &str| Choice {
        value: text(value),
        text: text(words),
        note: text(note),
        aside: text(aside),
        disabled: false,
    };
    Choices {
        name: text(name),
        legend: format!("From {vendor} · 1 item"),
        hidden_legend: false,
        choices: vec![
            choice("standard", "Standard", "Tue 24 – Thu 26 Nov", "4.90 €"),
            choice("express", "Express", "Mon 23 Nov", "9.90 €"),
        ],
        chosen: text("standard"),
        error: None,
        across: true,
    }
}

fn refused() -> Filled {
    Filled::with([
        ("email", "ada@"),
        ("name", "Ada Lovelace"),
        ("country", "PT"),
        ("line1", "Rua das Flores 12"),
        ("postcode", "4050"),
        ("city", "Porto"),
    ])
    .refused(&kernel::Error::invalid_fields(
        [
            ("email", "Enter an e-mail address such as name@example.com."),
            ("postcode", "A Portuguese postcode looks like 4050-262."),
        ]
        .map(|(field, reason)| kernel::FieldError { field: text(field), reason: text(reason) })
        .to_vec(),
    ))
}

fn gift() -> (Check, Field) {
    let message = Field::lines("gift.message", "Message with the gift", 2).optional();
    (Check::new("gift", "This is a gift"), message)
}

fn bought(fmt: &Fmt) -> Vec<SummaryLine> {
    let line = |(n, quantity, amount, variant)| {
        let card = card(fmt, n);
        SummaryLine {
            title: card.title,
            lang: None,
            variant: text(variant),
            picture: card.picture.decorative(),
            quantity: text(quantity),
            amount: text(amount),
        }
    };
    [(0, "2", "85.80 €", "350 ml, cobalt"), (1, "1", "18.90 €", "500 ml")].map(line).to_vec()
}

/// Checkout, refused once.
pub fn checkout(fmt: &Fmt) -> Checkout {
    let refused = refused();
    let pay = |value: &str, words: &str, note: &str| Choice {
        value: text(value),
        text: text(words),
        note: text(note),
        ..Choice::default()
    };
    Checkout {
        gift: gift(),
        billing: billing::fold(&refused),
        shell: shell("Checkout", "/checkout.html"),
        errors: refused.summary(&["email", "postcode"]),
        notices: Vec::new(),
        contact: vec![
            Field::email("email", "E-mail").hint("For the receipt and news about your parcels.").filled(&refused),
            Field::phone("phone", "Telephone").optional().hint("Only for the carrier.").filled(&refused),
        ],
        log_in: Some(text("#")),
        addresses: None,
        address: vec![
            Field::select("country", "Country", [("DE", "Germany"), ("FR", "France"), ("PT", "Portugal")])
                .autocomplete("shipping country")
                .filled(&refused),
            Field::text("name", "Name").autocomplete("shipping name").filled(&refused),
            Field::text("line1", "Street and number").autocomplete("shipping address-line1").filled(&refused),
            Field::text("line2", "Floor, flat").autocomplete("shipping address-line2").optional().filled(&refused),
            Field::text("postcode", "Postcode").autocomplete("shipping postal-code").filled(&refused),
            Field::text("city", "Town").autocomplete("shipping address-level2").filled(&refused),
        ],
        save: None,
        delivery: Delivery {
            notices: Vec::new(),
            parcels: vec![delivery("delivery-1", "Kiln & Daughters"), delivery("delivery-2", "Ölmühle Süd")],
            hidden: Vec::new(),
        },
        codes: codes(),
        note: Field::lines("note", "A word to the makers", 2).optional(),
        stored: stored_value::fields(true, &refused),
        payment: Ways {
            choices: Choices {
                name: text("payment"),
                legend: text("How do you want to pay?"),
                hidden_legend: false,
                choices: vec![
                    pay("card", "Card", "Visa, Mastercard, with 3-D Secure"),
                    pay("transfer", "Bank transfer", "Sent once it has arrived"),
                ],
                chosen: text("card"),
                error: None,
                across: false,
            },
            none: None,
            free: None,
            requotes: false,
            oob: false,
        },
        terms: Check::new("terms", "I have read the terms and how to withdraw").required(),
        summary: Summary { summary: summary(bought(fmt)), oob: false },
        button: PayButton { amount: text("105.92 €"), oob: false },
        hidden: Vec::new(),
    }
}

fn timeline(fmt: &Fmt, sent: bool) -> Timeline {
    let at = |hours: u64| Some(fmt.when(fmt.now().minus(Duration::from_secs(hours * 3_600))));
    let item =
        |title: &str, note: &str, when, progress| TimelineItem { title: text(title), note: text(note), when, progress };
    let way = if sent {
        item("On its way", "With CTT Expresso, parcel 7731 2209", at(2), Progress::Now)
    } else {
        item("Being packed", "Ölmühle Süd packs within one day.", at(20), Progress::Now)
    };
    Timeline {
        items: vec![
            item("Paid", "", at(26), Progress::Done),
            way,
            item("Delivered", "Expected Tue 24 – Thu 26 Nov", None, Progress::Next),
        ],
    }
}

/// An order after it was placed.
pub fn order(fmt: &Fmt) -> Order {
    let parcel = |vendor: &str, contents: &str, sent: bool| Parcel {
        vendor: Link::new(vendor, "#"),
        contents: text(contents),
        badge: if sent { Badge::new("On its way", Tone::Accent) } else { Badge::new("Being packed", Tone::Warning) },
        timeline: timeline(fmt, sent),
        packages: vec![],
        tracking: sent.then(|| Link::new("Track the parcel", "#")),
        actions: vec![Link::new("Ask the maker", "#")],
    };
    Order {
        shell: shell("Order 10482", "/order.html"),
        title: text("Thank you, Ada"),
        lead: text("Order 10482 is paid. Two makers are packing; you get a mail when each parcel leaves."),
        notice: None,
        events: None,
        downloads: vec![],
        parcels: vec![
            parcel("Kiln & Daughters", "2 × Cobalt mug, 350 ml", true),
            parcel("Ölmühle Süd", "1 × Early harvest olive oil", false),
        ],
        summary: summary(Vec::new()),
        address: AddressBlock {
            lines: ["Ada Lovelace", "Rua das Flores 12", "4050-262 Porto", "Portugal"].map(text).to_vec(),
        },
        goes: "Goes to",
        billing: None,
        ways: None,
        pay: text("/orders/1/pay"),
        gift: None,
        payment: text("105.92 € by card ending in 4242"),
        tries: Timeline::default(),
        actions: vec![Link::new("Receipt", "#"), Link::new("Cancel order", "#")],
        papers: vec![],
        again: None,
        returns: None,
        history: timeline(fmt, true),
    }
}
