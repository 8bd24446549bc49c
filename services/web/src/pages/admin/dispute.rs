//! One dispute: what it is of, what is booked, and the answer to it.

use std::collections::BTreeMap;

use contracts::{
    disputes::{DisputeAnswer, DisputePartView, DisputeStatus, DisputeView, Evidence},
    orders::{OrderView, VendorOrderView},
    payments::{EntryView, LedgerQuery},
};
use kernel::{DisputeId, Error, Result, VendorId};

use super::{Desk, Room, ledger, said};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Facts, Form, Panel, PortalPage, Split, Verbatim, Words, fields::renamed, or_none, words},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Notice, Row, Table, Tone},
    visit::{Path, Visit},
};

/// A dispute with what belongs to it.
struct Found {
    dispute: DisputeView,
    order: Option<OrderView>,
    entries: Vec<EntryView>,
}

async fn find(desk: &Desk, id: DisputeId) -> Result<Found> {
    let dispute = desk.app.payments.dispute(&desk.who, id).await?;
    let booked = LedgerQuery { order_id: Some(dispute.order_id), limit: Some(50), ..LedgerQuery::default() };
    let (order, entries) = futures::join!(
        desk.app.orders.order(&desk.who, dispute.order_id),
        desk.app.payments.ledger(&desk.who, &booked),
    );
    let entries = or_none("ledger", entries).map(|page| page.items).unwrap_or_default();
    Ok(Found { dispute, order: or_none("order", order), entries })
}

/// True while an answer can be given.
fn waits(dispute: &DisputeView) -> bool {
    dispute.status == DisputeStatus::Opened && dispute.answer.is_none()
}

/// `GET /admin/disputes/{id}`
pub async fn show(visit: Visit, Path(id): Path<DisputeId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let found = find(&desk, id).await?;
    // Sent twice, it is answered once: the key is the form's, not the request's.
    let filled = Filled::with(begun(&found)).or("key", desk.app.random.token());
    let page = page(&mut desk, &found, &filled).await;
    render::page(&page)
}

/// What the form begins with: what was sent before and refused, or what the order says.
fn begun(found: &Found) -> Vec<(&'static str, String)> {
    let evidence = found.dispute.evidence.clone().unwrap_or_else(|| of_order(found));
    vec![
        ("product", evidence.product),
        ("carrier", evidence.carrier.unwrap_or_default()),
        ("tracking_number", evidence.tracking_number.unwrap_or_default()),
        ("communication", evidence.communication.unwrap_or_default()),
    ]
}

fn of_order(found: &Found) -> Evidence {
    let Some(order) = &found.order else { return Evidence::default() };
    let disputed = |part: &&VendorOrderView| found.dispute.parts.iter().any(|p| p.vendor_id == part.vendor_id);
    let parts: Vec<&VendorOrderView> = order.vendor_orders.iter().filter(disputed).collect();
    let line = |part: &VendorOrderView| {
        let lines = part.lines.iter().map(|line| format!("{} × {}", line.quantity, line.title)).collect::<Vec<_>>();
        format!("{}, sold by {}", lines.join(", "), part.vendor_name)
    };
    let product = parts.iter().map(|part| line(part)).collect::<Vec<_>>().join("\n");
    let parcel = parts.iter().flat_map(|part| &part.parcels).next();
    Evidence {
        product,
        carrier: parcel.map(|parcel| parcel.tracking.carrier.clone()),
        tracking_number: parcel.map(|parcel| parcel.tracking.number.clone()),
        communication: None,
    }
}

async fn page(desk: &mut Desk, found: &Found, filled: &Filled) -> PortalPage {
    let dispute = &found.dispute;
    let place = desk.place(format!("Dispute of {}", dispute.order_number), Room::Disputes).await;
    let mut page = PortalPage::new(place)
        .above(&[("Disputes", "/admin/disputes")])
        .badge(words::dispute(dispute.status))
        .errors(filled.summary(&["product", "carrier", "tracking_number", "communication"]))
        .notice(notice(desk, dispute));
    if waits(dispute) {
        page = page.danger("Accept the dispute", format!("/admin/disputes/{}/accept", dispute.id));
    }
    let mut main = Vec::new();
    if waits(dispute) {
        main.push(Panel::new("Answer with evidence").with(&form(desk, dispute, filled)));
    } else if let Some(evidence) = &dispute.evidence {
        main.push(sent(evidence));
    }
    let names = found.order.iter().flat_map(|order| &order.vendor_orders);
    let names: BTreeMap<VendorId, String> = names.map(|part| (part.vendor_id, part.vendor_name.clone())).collect();
    main.push(Panel::new("Vendors").flush().with(&parts(desk, &names, &dispute.parts)));
    let none = Empty::new("wallet", "Nothing booked yet", "What is held, withdrawn and lost is booked here.");
    let of_dispute: Vec<EntryView> =
        found.entries.iter().filter(|entry| entry.kind.starts_with("dispute")).cloned().collect();
    let table = ledger::of_order(desk, &ledger::Accounts::of(names), &of_dispute, none);
    let all = format!("/admin/ledger?order_id={}", dispute.order_id);
    main.push(Panel::new("Ledger").link("All of the order", all).flush().with(&table));
    page.block(&Split { main, side: vec![Panel::new("Particulars").with(&facts(desk, dispute))] })
}

fn facts(desk: &Desk, dispute: &DisputeView) -> Facts {
    let fmt = desk.fmt;
    let facts = Facts::new("About the dispute")
        .linked("Order", &dispute.order_number, format!("/admin/orders/{}", dispute.order_id))
        .linked("Payment", "Open", format!("/admin/payments/{}", dispute.payment_id))
        .fact("Amount", fmt.money(dispute.amount))
        .fact("Reason", words::plain(&dispute.reason))
        .fact("Provider", &dispute.provider)
        .fact("Its reference", &dispute.provider_ref)
        .fact("Withdrawn", if dispute.is_withdrawn { "Yes" } else { "No" })
        .fact("Fee", fmt.money(dispute.fee));
    let facts = match dispute.beyond.is_zero() {
        true => facts,
        false => facts.fact("Of that returned before", fmt.money(dispute.beyond)),
    };
    facts
        .maybe("Answer by", dispute.evidence_due.map(|at| fmt.exact(at)))
        .fact("Opened", fmt.exact(dispute.opened_at))
        .maybe("Over since", dispute.ended_at.map(|at| fmt.exact(at)))
}

/// Where the answer stands.
fn notice(desk: &Desk, dispute: &DisputeView) -> Option<Notice> {
    if let Some(why) = dispute.failure.as_ref().filter(|_| waits(dispute)) {
        let text = format!("{}. Mend it and send it again.", words::plain(why));
        return Some(Notice::new(Tone::Danger, "The provider did not take the answer.", text));
    }
    if !dispute.status.is_open() {
        return None;
    }
    match (dispute.answer, dispute.is_answer_sent) {
        (Some(_), false) => Some(Notice::new(Tone::Neutral, "The answer is on its way.", "It is sent once.")),
        (Some(DisputeAnswer::Acceptance), true) => Some(Notice::new(
            Tone::Neutral,
            "The provider was told that you accept it.",
            "It ends as soon as it says so.",
        )),
        (Some(DisputeAnswer::Evidence), true) => {
            Some(Notice::new(Tone::Neutral, "The provider has the evidence.", "It may take weeks until it is decided."))
        }
        (None, _) => {
            let due = dispute.evidence_due?;
            let text = format!("Evidence is taken until {}; without any the money is lost.", desk.fmt.exact(due));
            Some(Notice::new(Tone::Warning, "This dispute waits for an answer.", text))
        }
    }
}

fn form(desk: &Desk, dispute: &DisputeView, filled: &Filled) -> Form {
    let parcel = vec![
        Field::text("carrier", "Carrier").optional().max_length(100).filled(filled),
        Field::text("tracking_number", "Tracking number").optional().max_length(200).filled(filled),
    ];
    Form::new(format!("/admin/disputes/{}/evidence", dispute.id), &desk.csrf(), "Send the evidence")
        .hidden("key", filled.value("key"))
        .with(&Words::new("It is sent to the provider once, and cannot be changed afterwards."))
        .with(&Field::lines("product", "What was sold", 4).max_length(5_000).filled(filled))
        .fields(parcel)
        .with(
            &Field::lines("communication", "What was written to and by the buyer", 6)
                .optional()
                .max_length(5_000)
                .filled(filled),
        )
}

fn sent(evidence: &Evidence) -> Panel {
    let facts = Facts::new("Evidence")
        .maybe("Carrier", evidence.carrier.as_ref())
        .maybe("Tracking number", evidence.tracking_number.as_ref());
    let panel = Panel::new("Evidence").with(&Verbatim { text: evidence.product.clone() }).with(&facts);
    let written = evidence.communication.clone().map(|text| Verbatim { text });
    panel.maybe(written.as_ref())
}

fn parts(desk: &Desk, names: &BTreeMap<VendorId, String>, parts: &[DisputePartView]) -> Table {
    let row = |part: &DisputePartView| Row {
        id: part.vendor_id.to_string(),
        cells: vec![
            Cell::Link(super::payouts::store(names, part.vendor_id), String::new()),
            Cell::Number(desk.fmt.money(part.amount)),
            Cell::Number(desk.fmt.money(part.held)),
        ],
    };
    let columns = vec![Column::new("Vendor"), Column::number("Share"), Column::number("Held from the balance")];
    let empty =
        Empty::new("store", "No vendor bears it", "All that is disputed had been returned to the buyer before.");
    Table::new("Vendors", columns, parts.iter().map(row).collect(), empty)
}

/// `POST /admin/disputes/{id}/evidence`
pub async fn answer(Path(id): Path<DisputeId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields) {
        Ok((key, evidence)) => {
            let client = desk.app.payments.with_header("idempotency-key", key);
            client.submit_evidence(&desk.who, id, &evidence).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => {
            desk.visit.say(Message::good("The evidence is on its way to the provider.")).await?;
            Ok(desk.visit.go(&format!("/admin/disputes/{id}")))
        }
        Err(error) => {
            let found = find(&desk, id).await?;
            let (status, filled) = posted.fields.refused(renamed(error, str::to_owned))?;
            let page = page(&mut desk, &found, &filled).await;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields) -> Result<(String, Evidence)> {
    let key = sent.some("key").ok_or_else(|| Error::malformed("Load the form again and repeat."))?;
    let mut reader = Reader::new(sent);
    let product = reader.text("product", "Say what was sold: the bank knows nothing of it.");
    if !reader.ok() {
        return Err(reader.error());
    }
    let (carrier, tracking_number) = (sent.some("carrier"), sent.some("tracking_number"));
    Ok((key, Evidence { product, carrier, tracking_number, communication: sent.some("communication") }))
}

/// `GET /admin/disputes/{id}/accept`: says what will happen.
pub async fn ask_accept(visit: Visit, Path(id): Path<DisputeId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let dispute = desk.app.payments.dispute(&desk.who, id).await?;
    let here = format!("/admin/disputes/{id}");
    if !waits(&dispute) {
        return Ok(desk.visit.go(&here));
    }
    let form = Form::new(format!("{here}/accept"), &desk.csrf(), "Accept the dispute");
    let effect = format!(
        "The buyer keeps {}. It is taken from the vendors' balances, or from their next payouts, and they get the commission on \
         it back. This cannot be undone.",
        desk.fmt.money(dispute.amount)
    );
    let place = desk.place(format!("Accept the dispute of {}?", dispute.order_number), Room::Disputes).await;
    let ask = Ask { effect: &effect, form, back: Link::new("Not now", &here) };
    render::page(&ask.page(place, &[("Disputes", "/admin/disputes"), (&dispute.order_number, &here)]))
}

/// `POST /admin/disputes/{id}/accept`
pub async fn accept(Path(id): Path<DisputeId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.payments.accept_dispute(&desk.who, id).await {
        Ok(_) => Message::good("The provider is told that you accept the dispute."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/disputes/{id}")))
}
