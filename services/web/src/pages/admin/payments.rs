//! Payments and refunds.

use contracts::payments::{
    AttemptView, LedgerQuery, PaymentQuery, PaymentStatus, PaymentView, RefundRequest, RefundView,
};
use kernel::{Error, Money, PageRequest, PaymentId, Result, VendorId};

use super::{Desk, Room, commission, ledger, transfers, vendors::search};
use crate::{
    forms::{self, Fields, Posted, Reader},
    pages::portal::{
        Facts, Form, List, Paging, Panel, PortalPage, Split, Tools, Words, download,
        fields::{day, end_of_day, renamed},
        or_none, words,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// What narrows the list beside its state, and everything that does.
const FURTHER: [&str; 6] = ["q", "provider", "from", "to", "least", "most"];
const FILTERS: [&str; 7] = ["q", "status", "provider", "from", "to", "least", "most"];

/// Who takes money, by what the list calls them.
const PROVIDERS: [(&str, &str); 8] = [
    ("", "Any provider"),
    ("stripe", "Stripe"),
    ("paypal", "PayPal"),
    ("xendit", "Xendit"),
    ("midtrans", "Midtrans"),
    ("bank_transfer", "Bank transfer"),
    ("cash_on_delivery", "Cash on delivery"),
    ("sandbox", "Sandbox"),
];

/// `GET /admin/payments`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/payments", &asked, &FILTERS);
    let query = PaymentQuery { limit: Some(25), after: paging.after(), ..wanted(&desk, &asked) };
    let page = desk.app.payments.payments(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("card", "No payment fits", "Search by the order's whole number or the provider's reference.")
            .action("Show all payments", "/admin/payments")
    } else {
        Empty::new("card", "No payments yet", "Each order that holds its stock opens one.")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "payment", "payments");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let states = [
        ("", "All"),
        ("captured", "Captured"),
        ("requires_action", "Waits for the buyer"),
        ("processing", "Processing"),
        ("promised", "To be collected"),
        ("unknown", "Being asked for"),
        ("failed", "Failed"),
        ("refunded", "Refunded"),
    ];
    let tools = tools(&desk, &paging);
    let place = desk.place("Payments", Room::Payments).await;
    let page = PortalPage::new(place)
        .action("Events of providers", "/admin/payments/webhooks")
        .action("To be looked at", "/admin/payments/review")
        .action("Export", paging.file("/admin/payments.csv"));
    render::page(&page.block(&paging.tabs("Payments by state", "status", &states)).block(&tools).block(&list))
}

fn tools(desk: &Desk, paging: &Paging) -> Tools {
    let small = |field: Field, name: &str| field.optional().class("small").value(paging.filter(name));
    let symbol = desk.visit.purse.main().symbol();
    let fields = vec![
        search(paging.filter("q"), "Search payments", "Order or reference"),
        small(Field::select("provider", "Provider", PROVIDERS), "provider"),
        small(Field::date("from", "From"), "from"),
        small(Field::date("to", "To"), "to"),
        small(Field::amount("least", "Amount from", symbol), "least"),
        small(Field::amount("most", "Amount to", symbol), "most"),
    ];
    let links = if paging.narrowed() { vec![Link::new("Show all", "/admin/payments")] } else { Vec::new() };
    Tools { action: "/admin/payments".to_owned(), kept: paging.others(&FURTHER), fields, links }
}

/// The question behind an address. What cannot be read narrows nothing. Amounts are asked about in the main currency.
fn wanted(desk: &Desk, asked: &Fields) -> PaymentQuery {
    let main = desk.visit.purse.main();
    let amount = |name: &str| forms::amount(asked.get(name), main).map(|money| money.amount_minor);
    let (amount_min, amount_max) = (amount("least"), amount("most"));
    PaymentQuery {
        status: words::named(asked.get("status")),
        q: asked.some("q"),
        provider: asked.some("provider"),
        from: day(asked.get("from")),
        before: end_of_day(asked.get("to")),
        currency: (amount_min.is_some() || amount_max.is_some()).then_some(main),
        amount_min,
        amount_max,
        ..PaymentQuery::default()
    }
}

/// `GET /admin/payments.csv`
pub async fn export(visit: Visit, Query(asked): Query) -> Shown {
    let desk = Desk::open(visit).await?;
    let wanted = wanted(&desk, &asked);
    let pairs = [
        ("status", wanted.status.map(|status| words::word(&status))),
        ("q", wanted.q),
        ("provider", wanted.provider),
        ("from", wanted.from.map(|at| at.to_string())),
        ("before", wanted.before.map(|at| at.to_string())),
        ("currency", wanted.currency.map(|currency| currency.to_string())),
        ("amount_min", wanted.amount_min.map(|minor| minor.to_string())),
        ("amount_max", wanted.amount_max.map(|minor| minor.to_string())),
    ];
    let path = download::with_query("/api/v1/admin/payments.csv".to_owned(), pairs);
    download::csv(&desk.app.payments.0, &desk.who, path, "payments.csv").await
}

/// Payments as rows.
pub(super) fn table(desk: &Desk, payments: &[PaymentView], empty: Empty) -> Table {
    let fmt = &desk.fmt;
    let columns = [Column::new("Payment"), Column::new("State"), Column::new("Opened"), Column::number("Amount")];
    let columns = columns.into_iter().chain([Column::number("Returned")]).collect();
    let row = |payment: &PaymentView| Row {
        id: payment.id.to_string(),
        cells: vec![
            Cell::Code(
                Link::new(format!("For {}", payment.order_number), format!("/admin/payments/{}", payment.id)),
                payment.provider_ref.clone().unwrap_or_else(|| payment.provider.clone()),
            ),
            Cell::Badge(words::payment(payment.status)),
            Cell::When(fmt.when(payment.created_at)),
            Cell::Number(fmt.money(payment.amount)),
            Cell::Number(fmt.money(payment.refunded)),
        ],
    };
    Table::new("Payments", columns, payments.iter().map(row).collect(), empty)
}

/// What can still go back.
fn returnable(payment: &PaymentView) -> Money {
    let gone = payment.refunded.amount_minor.saturating_add(payment.disputed.amount_minor);
    let left = payment.captured.amount_minor.saturating_sub(gone).max(0);
    Money::new(left, payment.captured.currency)
}

/// `GET /admin/payments/{id}`
pub async fn show(visit: Visit, Path(id): Path<PaymentId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    let fmt = desk.fmt;
    let facts = Facts::new("About the payment")
        .linked("Order", &payment.order_number, format!("/admin/orders/{}", payment.order_id))
        .fact("Provider", &payment.provider)
        .maybe("Its reference", payment.provider_ref.clone())
        .fact("Opened", fmt.exact(payment.created_at))
        .fact("To pay", fmt.money(payment.amount))
        .maybe("To be collected", payment.to_collect.map(|collect| fmt.money(collect)))
        .fact("Captured", fmt.money(payment.captured))
        .fact("Returned", fmt.money(payment.refunded));
    let facts = match payment.disputed.is_zero() {
        true => facts,
        false => {
            let disputes = format!("/admin/disputes?order_id={}", payment.order_id);
            facts.linked("Disputed or lost", fmt.money(payment.disputed), disputes)
        }
    };
    let facts = facts.maybe("Why it failed", payment.failure.as_deref().map(words::plain)).linked(
        "Booked",
        "In the ledger",
        format!("/admin/ledger?order_id={}", payment.order_id),
    );
    let booked = LedgerQuery { order_id: Some(payment.order_id), limit: Some(50), ..LedgerQuery::default() };
    let booked = ledger::panel(&desk, &booked, format!("/admin/ledger?order_id={}", payment.order_id)).await;
    let place = desk.place(format!("Payment for {}", payment.order_number), Room::Payments).await;
    let mut page =
        PortalPage::new(place).above(&[("Payments", "/admin/payments")]).badge(words::payment(payment.status));
    if let Some(confirm) = transfers::to_confirm(&payment) {
        page = page.main("Money has arrived", confirm);
    }
    if transfers::is_to_collect(&payment) {
        page = page.danger("Not collected", format!("/admin/payments/{id}/not-collected"));
    }
    if payment.status == PaymentStatus::Captured && !returnable(&payment).is_zero() {
        page = page.danger("Return money", format!("/admin/payments/{id}/refund"));
    }
    let mut main = vec![Panel::new("Refunds").flush().with(&refunds(&desk, &payment))];
    main.extend(attempts(&desk, id).await);
    main.extend(commission::of_payment(&desk, &payment).await);
    main.push(booked);
    render::page(&page.block(&Split { main, side: vec![Panel::new("Particulars").with(&facts)] }))
}

/// The way to what is booked of a refund that has arrived.
fn booked(refund: &RefundView) -> Option<Link> {
    let is_booked = refund.status == "succeeded";
    is_booked.then(|| Link::new("In the ledger", format!("/admin/ledger?refund_id={}", refund.id)))
}

/// What was tried to pay it, the present attempt first. There are eleven at most, but for what was attached by hand.
async fn attempts(desk: &Desk, id: PaymentId) -> Option<Panel> {
    let asked = PageRequest { limit: Some(25), after: None };
    let attempts = or_none("attempts", desk.app.payments.attempts(&desk.who, id, &asked).await)?.items;
    let columns = [Column::new("Way to pay"), Column::new("State"), Column::new("Began"), Column::new("Over")];
    let columns = columns.into_iter().chain([Column::number("Amount")]).collect();
    let fmt = &desk.fmt;
    let when = |at: Option<kernel::Timestamp>| at.map_or_else(|| Cell::text("–"), |at| Cell::When(fmt.when(at)));
    let row = |attempt: &AttemptView| {
        let seen = [
            Some(attempt.provider.clone()),
            attempt.provider_ref.clone(),
            attempt.failure.as_deref().map(words::plain),
        ];
        let note = seen.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Row {
            id: format!("attempt-{}", attempt.position),
            cells: vec![
                Cell::Text(words::plain(&attempt.method), note),
                Cell::Badge(words::payment(attempt.status)),
                when(attempt.began_at),
                when(attempt.ended_at),
                Cell::Number(fmt.money(attempt.amount)),
            ],
        }
    };
    let empty = Empty::new("card", "No attempt yet", "It begins once the goods are held.");
    let table = Table::new("Attempts", columns, attempts.iter().map(row).collect(), empty);
    Some(Panel::new("Attempts").flush().with(&table))
}

fn refunds(desk: &Desk, payment: &PaymentView) -> Table {
    let columns = [Column::new("Asked for"), Column::new("Why"), Column::new("State"), Column::number("Amount")];
    let columns = columns.into_iter().chain([Column::new("")]).collect();
    let row = |refund: &RefundView| Row {
        id: refund.id.to_string(),
        cells: vec![
            Cell::When(desk.fmt.when(refund.created_at)),
            Cell::text(&refund.reason),
            Cell::text(words::plain(&refund.status)),
            Cell::Number(desk.fmt.money(refund.amount)),
            Cell::Actions(transfers::of_refund(payment, refund).into_iter().chain(booked(refund)).collect()),
        ],
    };
    let empty = Empty::new("return", "Nothing returned", "Money that goes back to the buyer is listed here.");
    Table::new("Refunds", columns, payment.refunds.iter().map(row).collect(), empty)
}

/// `GET /admin/payments/{id}/refund`: asks how much and why.
pub async fn ask_refund(visit: Visit, Path(id): Path<PaymentId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    // Sent twice, it returns money once: the key is the form's, not the request's.
    let key = desk.app.random.token();
    let filled = Filled::with([("key", key), ("amount_minor", returnable(&payment).decimal())]);
    let page = question(&mut desk, &payment, &filled).await;
    render::page(&page)
}

async fn question(desk: &mut Desk, payment: &PaymentView, filled: &Filled) -> PortalPage {
    let here = format!("/admin/payments/{}", payment.id);
    let left = desk.fmt.money(returnable(payment));
    let order = or_none("order", desk.app.orders.order(&desk.who, payment.order_id).await);
    let parts = order.map(|order| order.vendor_orders).unwrap_or_default();
    let bearers = [(String::new(), "All vendors of the order, by their shares".to_owned())].into_iter();
    let bearers = bearers.chain(parts.into_iter().map(|part| (part.vendor_id.to_string(), part.vendor_name)));
    let fields = vec![
        Field::amount("amount_minor", "Amount", payment.amount.currency.symbol())
            .hint(format!("At most {left}."))
            .filled(filled),
        Field::select("vendor_id", "Who bears it", bearers).filled(filled),
    ];
    let reason = Field::text("reason", "Reason").max_length(300).filled(filled);
    let form = Form::new(format!("{here}/refund"), &desk.csrf(), "Return money")
        .danger()
        .hidden("key", filled.value("key"))
        .fields(fields)
        .with(&reason)
        .cancel("Keep it", &here);
    let effect = "The money goes back the way it came and the vendors' balances fall with it. This cannot be undone.";
    let place = desk.place(format!("Return money of {}", payment.order_number), Room::Payments).await;
    PortalPage::new(place)
        .above(&[("Payments", "/admin/payments"), (&payment.order_number, &here)])
        .errors(filled.summary(&["amount_minor", "vendor_id", "reason"]))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form))
}

/// `POST /admin/payments/{id}/refund`
pub async fn refund(Path(id): Path<PaymentId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let payment = desk.app.payments.payment(&desk.who, id).await?;
    let result = match read(&posted.fields, &payment) {
        Ok((key, input)) => {
            let client = desk.app.payments.with_header("idempotency-key", key);
            client.refund(&desk.who, id, &input).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(payment) => {
            let text = format!(
                "{} of {} returned or on its way.",
                desk.fmt.money(payment.refunded),
                desk.fmt.money(payment.captured)
            );
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&format!("/admin/payments/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(renamed(error, str::to_owned))?;
            let page = question(&mut desk, &payment, &filled).await;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields, payment: &PaymentView) -> Result<(String, RefundRequest)> {
    let key = sent.some("key").ok_or_else(|| Error::malformed("Load the form again and repeat."))?;
    let mut reader = Reader::new(sent);
    let amount = reader.amount("amount_minor", payment.captured.currency);
    let reason = reader.text("reason", "Say why; it is kept with the payment.");
    let left = returnable(payment).amount_minor;
    let amount = amount.filter(|amount| (1..=left).contains(&amount.amount_minor));
    if amount.is_none() && reader.ok() {
        reader.wrong("amount_minor", "Enter an amount that is still there to be returned.");
    }
    match amount {
        Some(amount) if reader.ok() => {
            let vendor_id = sent.parsed::<VendorId>("vendor_id");
            Ok((key, RefundRequest { amount_minor: amount.amount_minor, reason, vendor_id }))
        }
        _ => Err(reader.error()),
    }
}
