//! The saga alone: every move, and millions of histories.

use contracts::{
    inventory::Shortage,
    orders::{OrderStatus, ParcelLine, Tracking, VendorOrderStatus},
};
use kernel::{AccountId, Ids, LineId, ManualClock, Money, OrderId, SeededRandom, ShipmentId, Timestamp, VendorOrderId};
use proptest::prelude::*;

use super::{eur, two_vendors, variant};
use crate::model::{
    Order, Parcel, Reason,
    saga::{Effect, Event, Input, Note, Rejected, TRANSITIONS, step},
    split::{self, Buyer},
};

const NOW: Timestamp = Timestamp(1_000_000_000);
const DEADLINE: Timestamp = Timestamp(2_000_000_000);
const LATER: Timestamp = Timestamp(3_000_000_000);

fn draft() -> Order {
    let ids = Ids::new(std::sync::Arc::new(ManualClock::new(NOW)), std::sync::Arc::new(SeededRandom::new(1)));
    let payment =
        contracts::orders::PaymentChoice { method: "card".into(), token: Some("tok".into()), return_path: None };
    let buyer = Buyer { account_id: None, email: "a@example.com".parse().unwrap(), cart_id: None, payment };
    split::draft(&two_vendors(), OrderId::new(&ids), buyer, &ids, NOW).unwrap()
}

fn placed() -> Order {
    step(&draft(), Input::Place { deadline: DEADLINE }, NOW).unwrap().0
}

fn after(order: &Order, inputs: impl IntoIterator<Item = Input>) -> Order {
    inputs.into_iter().fold(order.clone(), |order, input| step(&order, input, NOW).unwrap().0)
}

fn captured(minor: i64) -> Input {
    Input::PaymentCaptured { amount: eur(minor), at: NOW }
}

/// To be paid to the courier: the order costs so much, and so much of that is to be collected.
fn promised(minor: i64, collect: i64) -> Input {
    Input::PaymentPromised { amount: eur(minor), collect: eur(collect), at: NOW }
}

fn paid() -> Order {
    after(&placed(), [Input::StockReserved, captured(6040)])
}

fn tracking() -> Tracking {
    Tracking { carrier: "DHL".into(), number: "1".into(), token: "t".into(), pickup: false }
}

fn names(effects: &[Effect]) -> Vec<&'static str> {
    let name = |effect: &Effect| match effect {
        Effect::Note(note) => note.kind,
        Effect::Publish(Event::Placed(_)) => "OrderPlaced",
        Effect::Publish(Event::Promised(_)) => "OrderPromised",
        Effect::Publish(Event::Paid(_)) => "OrderPaid",
        Effect::Publish(Event::Claimed(_)) => "OrderClaimed",
        Effect::Publish(Event::Rejected(_)) => "OrderRejected",
        Effect::Publish(Event::Cancelled(_)) => "OrderCancelled",
        Effect::Publish(Event::Completed(_)) => "OrderCompleted",
    };
    effects.iter().map(name).collect()
}

/// The parcel of this number; without lines it holds all of its part.
fn parcel(number: i64, lines: &[(LineId, i64)]) -> Parcel {
    Parcel {
        number,
        shipment_id: Some(shipment(number)),
        tracking: tracking(),
        lines: lines.iter().map(|(line_id, quantity)| ParcelLine { line_id: *line_id, quantity: *quantity }).collect(),
        shipped_at: NOW,
        delivered_at: None,
    }
}

fn shipment(number: i64) -> ShipmentId {
    ShipmentId::derived("test", &[&number.to_string()])
}

fn shipped(part: VendorOrderId) -> Input {
    Input::ShipmentShipped { part, parcel: Box::new(parcel(1, &[])) }
}

/// So many pieces of the first line, or all of the part.
fn handed_over(part: VendorOrderId, number: i64, pieces: i64) -> Input {
    let line = draft().parts[0].lines[0].id;
    let lines = [(line, pieces)];
    Input::ShipmentShipped { part, parcel: Box::new(parcel(number, if pieces == 0 { &[] } else { &lines })) }
}

fn delivered(part: VendorOrderId, number: i64) -> Input {
    Input::ShipmentDelivered { part, shipment_id: shipment(number) }
}

#[test]
fn a_part_leaves_in_parcels_and_has_arrived_with_the_last() {
    let order = paid();
    let part = &order.parts[0];
    let (id, mug, bowl) = (part.id, part.lines[0].id, part.lines[1].id);
    let ship =
        |number, lines: &[(LineId, i64)]| Input::ShipmentShipped { part: id, parcel: Box::new(parcel(number, lines)) };
    let pieces = |order: &Order| -> Vec<(i64, i64)> {
        let part = &order.parts[0];
        part.lines.iter().map(|line| (part.shipped_of(line), part.delivered_of(line))).collect()
    };
    let order = after(&order, [ship(1, &[(mug, 1)])]);
    assert_eq!((order.parts[0].status, pieces(&order)), (VendorOrderStatus::PartiallyShipped, vec![(1, 0), (0, 0)]));
    assert!(order.has_shipped() && !order.can_cancel());
    assert_eq!(after(&order, [ship(1, &[(mug, 1)])]), order, "the same again");
    let order = after(&order, [delivered(id, 1)]);
    assert_eq!((order.parts[0].status, pieces(&order)), (VendorOrderStatus::PartiallyShipped, vec![(1, 1), (0, 0)]));
    assert_eq!(order.parts[0].delivered_at, Some(NOW));
    assert_eq!(step(&order, delivered(id, 2), NOW).unwrap_err(), Rejected::UnknownParcel);
    let order = after(&order, [ship(2, &[(mug, 1), (bowl, 1)])]);
    assert_eq!((order.parts[0].status, pieces(&order)), (VendorOrderStatus::Shipped, vec![(2, 1), (1, 0)]));
    let order = after(&order, [delivered(id, 2)]);
    assert_eq!((order.parts[0].status, pieces(&order)), (VendorOrderStatus::Delivered, vec![(2, 2), (1, 1)]));
    let texts = order.parts[0].parcels.iter().map(|parcel| (parcel.number, parcel.delivered_at)).collect::<Vec<_>>();
    assert_eq!(texts, [(1, Some(NOW)), (2, Some(NOW))]);
    assert_eq!(order.status, OrderStatus::Paid, "the other vendor's part is still to come");
}

#[test]
fn placing_tells_the_others_and_forgets_the_token() {
    let (order, effects) = step(&draft(), Input::Place { deadline: DEADLINE }, NOW).unwrap();
    assert_eq!(names(&effects), ["placed", "OrderPlaced"]);
    let Effect::Publish(Event::Placed(event)) = &effects[1] else { panic!("placed first") };
    assert_eq!(event.order.payment.token.as_deref(), Some("tok"));
    assert_eq!((order.version, order.status, order.deadline), (1, OrderStatus::Placed, Some(DEADLINE)));
    assert_eq!(order.payment.token, None);
    assert_eq!(step(&draft(), Input::StockReserved, NOW).unwrap_err(), Rejected::WrongMoment);
    assert_eq!(step(&order, Input::Place { deadline: DEADLINE }, NOW).unwrap_err(), Rejected::WrongMoment);
}

#[test]
fn the_straight_way() {
    let order = placed();
    let (order, effects) = step(&order, Input::StockReserved, NOW).unwrap();
    assert_eq!((order.status, names(&effects)), (OrderStatus::AwaitingPayment, vec!["stock_reserved"]));
    let (order, effects) = step(&order, captured(6040), NOW).unwrap();
    assert_eq!((order.status, names(&effects)), (OrderStatus::Paid, vec!["paid", "OrderPaid"]));
    assert_eq!((order.deadline, order.paid_at), (None, Some(NOW)));
    let (first, second) = (order.parts[0].id, order.parts[1].id);
    let (order, effects) = step(&order, shipped(first), NOW).unwrap();
    assert_eq!((order.status, names(&effects)), (OrderStatus::Paid, vec!["shipped"]));
    assert_eq!(order.parts[0].parcels, [parcel(1, &[])]);
    assert_eq!(order.parts[1].status, VendorOrderStatus::ToShip);
    let (order, effects) = step(&order, delivered(first, 1), NOW).unwrap();
    assert_eq!((order.status, names(&effects)), (OrderStatus::Paid, vec!["delivered"]));
    // The parcel's first news is its arrival.
    let (order, effects) = step(&order, delivered(second, 1), NOW).unwrap();
    assert_eq!(names(&effects), ["delivered", "completed", "OrderCompleted"]);
    assert_eq!((order.status, order.version), (OrderStatus::Completed, 6));
}

#[test]
fn a_payment_is_also_news_of_the_reservation() {
    let order = after(&placed(), [captured(6040)]);
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(after(&order, [Input::StockReserved]), order);
    let order = after(&placed(), [Input::PaymentActionRequired { url: "http://p".into() }]);
    assert_eq!((order.status, order.redirect.as_deref()), (OrderStatus::AwaitingPayment, Some("http://p")));
    let again = after(&order, [Input::StockReserved, Input::PaymentActionRequired { url: "http://p".into() }]);
    assert_eq!(again, order);
}

fn account(name: &str) -> AccountId {
    AccountId::derived("test", &[name])
}

#[test]
fn a_guests_order_is_claimed_in_any_state_and_once() {
    let (ada, eve) = (account("ada"), account("eve"));
    let guests = draft();
    assert_eq!(step(&guests, Input::Claim { account_id: ada }, NOW).unwrap_err(), Rejected::WrongMoment);
    let placed = step(&guests, Input::Place { deadline: DEADLINE }, NOW).unwrap().0;
    let paid = after(&placed, [Input::StockReserved, captured(6040)]);
    let cancelled = after(&paid, [Input::CancelByBuyer { why: None }]);
    for (order, paid_at) in [(placed, None), (paid, Some(NOW)), (cancelled, None)] {
        let (claimed, effects) = step(&order, Input::Claim { account_id: ada }, NOW).unwrap();
        assert_eq!((claimed.account_id, claimed.version), (Some(ada), order.version + 1));
        assert_eq!((claimed.status, names(&effects)), (order.status, vec!["claimed", "OrderClaimed"]));
        let Effect::Publish(Event::Claimed(event)) = &effects[1] else { panic!("claimed") };
        assert_eq!((event.account_id, event.order.account_id, event.paid_at), (ada, Some(ada), paid_at));
        assert_eq!(after(&claimed, [Input::Claim { account_id: eve }]), claimed, "who has it keeps it");
    }
}

#[test]
fn another_amount_is_never_paid() {
    for amount in [eur(6039), eur(6041), Money::new(6040, kernel::Currency::USD)] {
        let input = Input::PaymentCaptured { amount, at: NOW };
        let (order, effects) = step(&placed(), input, NOW).unwrap();
        assert_eq!((order.status, order.version), (OrderStatus::Placed, 2));
        assert_eq!(names(&effects), ["payment_mismatch"]);
    }
}

#[test]
fn what_ends_it() {
    let shortage = Shortage { variant_id: variant("mug"), wanted: 2, available: 1 };
    let no_stock = Input::StockRejected { shortages: vec![shortage.clone()] };
    let (order, effects) = step(&placed(), no_stock.clone(), NOW).unwrap();
    assert_eq!((order.status, order.reason), (OrderStatus::Rejected, Some(Reason::OutOfStock)));
    assert_eq!(names(&effects), ["rejected", "OrderRejected"]);
    assert_eq!(order.shortages, [shortage]);

    let (order, effects) = step(&paid(), no_stock, NOW).unwrap();
    assert_eq!((order.status, order.reason), (OrderStatus::Cancelled, Some(Reason::OutOfStock)));
    let Effect::Publish(Event::Cancelled(event)) = &effects[1] else { panic!("cancelled") };
    assert!(event.was_paid);

    for (input, at, reason) in [
        (Input::DeadlinePassed, DEADLINE, Reason::Expired),
        (Input::StockReleased { expired: true }, NOW, Reason::Expired),
        (Input::PaymentFailed { reason: "card_declined".into() }, NOW, Reason::PaymentFailed),
        (Input::CancelByBuyer { why: None }, NOW, Reason::ByBuyer),
        (Input::CancelByAdmin { why: Some("fraud".into()) }, NOW, Reason::ByAdmin),
    ] {
        for start in [placed(), after(&placed(), [Input::StockReserved])] {
            let (order, effects) = step(&start, input.clone(), at).unwrap();
            assert_eq!((order.status, order.reason), (OrderStatus::Cancelled, Some(reason)));
            assert_eq!(names(&effects), ["cancelled", "OrderCancelled"]);
            let Effect::Publish(Event::Cancelled(event)) = &effects[1] else { panic!("cancelled") };
            assert!(!event.was_paid);
            assert!(order.parts.iter().all(|p| p.status == VendorOrderStatus::Cancelled));
            assert_eq!((order.deadline, order.redirect), (None, None));
        }
    }
    let early = step(&placed(), Input::DeadlinePassed, Timestamp(DEADLINE.0 - 1)).unwrap().0;
    assert_eq!(early, placed());
    assert_eq!(step(&paid(), Input::DeadlinePassed, LATER).unwrap().0, paid());
}

/// The order of two vendors with these lines to be downloaded, by part and line.
fn downloaded(lines: &[(usize, usize)]) -> Order {
    let mut order = placed();
    for (part, line) in lines {
        order.parts[*part].lines[*line].digital = true;
    }
    after(&order, [Input::StockReserved])
}

#[test]
fn what_is_only_downloaded_is_completed_by_the_payment() {
    let all = downloaded(&[(0, 0), (0, 1), (1, 0)]);
    let (order, effects) = step(&all, captured(6040), NOW).unwrap();
    assert_eq!(names(&effects), ["paid", "OrderPaid", "completed", "OrderCompleted"]);
    assert_eq!((order.status, order.version), (OrderStatus::Completed, all.version + 1));
    for part in &order.parts {
        assert_eq!((part.status, part.delivered_at), (VendorOrderStatus::Delivered, Some(NOW)));
        assert!(part.lines.iter().all(|line| part.delivered_of(line) == line.quantity));
    }
    assert_eq!(after(&order, [captured(6040), Input::StockReserved]), order, "the same again");
    let cancel = Input::CancelByBuyer { why: None };
    assert_eq!(step(&order, cancel, NOW).unwrap_err(), Rejected::NotCancellable);
    // Heard of before the reservation.
    let mut early = placed();
    early.parts.iter_mut().flat_map(|part| &mut part.lines).for_each(|line| line.digital = true);
    assert_eq!(after(&early, [captured(6040)]).status, OrderStatus::Completed);
}

#[test]
fn what_is_downloaded_beside_parcels_is_there_with_the_payment() {
    // The bowl of the first vendor is downloaded, and all of the second.
    let unpaid = downloaded(&[(0, 1), (1, 0)]);
    assert!(unpaid.can_cancel());
    let order = after(&unpaid, [captured(6040)]);
    let states: Vec<_> = order.parts.iter().map(|part| part.status).collect();
    assert_eq!(states, [VendorOrderStatus::ToShip, VendorOrderStatus::Delivered]);
    let part = &order.parts[0];
    assert_eq!((part.delivered_of(&part.lines[0]), part.delivered_of(&part.lines[1])), (0, 1));
    // It is handed over, so nobody calls it off; but nothing is on its way, so its address can be corrected.
    assert!(!order.has_shipped() && order.is_unsent() && !order.can_cancel());
    let cancel = Input::CancelByBuyer { why: None };
    assert_eq!(step(&order, cancel, NOW).unwrap_err(), Rejected::AlreadyShipped);
    // What is sent of it completes the order.
    let (id, mug) = (part.id, part.lines[0].id);
    let parcel = Input::ShipmentShipped { part: id, parcel: Box::new(parcel(1, &[(mug, 2)])) };
    let sent = after(&order, [parcel]);
    assert_eq!(sent.parts[0].status, VendorOrderStatus::Shipped);
    assert_eq!(after(&sent, [delivered(id, 1)]).status, OrderStatus::Completed);
    // If there is none after all, everything goes back.
    let (short, effects) = step(&order, Input::StockRejected { shortages: vec![] }, NOW).unwrap();
    assert_eq!((short.status, names(&effects)), (OrderStatus::Cancelled, vec!["cancelled", "OrderCancelled"]));
    // If all that would be sent is taken out, what is downloaded stays.
    let mut rest = order.clone();
    rest.parts[0].lines[0].withdrawn = 2;
    let rest = after(&rest, [Input::Withdrawn { part: id }]);
    assert_eq!((rest.parts[0].status, rest.status), (VendorOrderStatus::Delivered, OrderStatus::Completed));
}

#[test]
fn what_the_courier_collects_is_sent_without_money() {
    let order = after(&placed(), [Input::StockReserved]);
    let (order, effects) = step(&order, promised(6040, 5040), NOW).unwrap();
    assert_eq!((order.status, names(&effects)), (OrderStatus::Promised, vec!["promised", "OrderPromised"]));
    assert_eq!((order.promised_at, order.collect, order.deadline), (Some(NOW), Some(eur(5040)), None));
    assert!(order.parts.iter().all(|part| part.status == VendorOrderStatus::ToShip));
    assert!(order.can_cancel() && order.paid_at.is_none());
    assert_eq!(after(&order, [promised(6040, 5040), Input::StockReserved, Input::DeadlinePassed]), order, "once");
    // Less is to be collected once something was taken out; never more.
    let (less, effects) = step(&order, promised(6040, 4040), NOW).unwrap();
    assert_eq!((less.collect, names(&effects)), (Some(eur(4040)), vec!["to_collect"]));
    assert_eq!(after(&less, [promised(6040, 5040)]), less);
    let (first, second) = (order.parts[0].id, order.parts[1].id);
    let sent = after(&order, [shipped(first), shipped(second), delivered(first, 1), delivered(second, 1)]);
    assert_eq!((sent.status, sent.paid_at), (OrderStatus::Promised, None));
    assert_eq!(step(&sent, Input::CancelByBuyer { why: None }, NOW).unwrap_err(), Rejected::AlreadyShipped);
    let (done, effects) = step(&sent, captured(6040), NOW).unwrap();
    assert_eq!(names(&effects), ["paid", "OrderPaid", "completed", "OrderCompleted"]);
    assert_eq!((done.status, done.paid_at, done.collect), (OrderStatus::Completed, Some(NOW), None));
    let Effect::Publish(Event::Paid(event)) = &effects[1] else { panic!("paid") };
    assert!(event.was_promised);
    // The money comes before the last parcel has arrived: what has left has left.
    let on_its_way = after(&order, [shipped(first), captured(6040)]);
    assert_eq!((on_its_way.status, on_its_way.parts[0].status), (OrderStatus::Paid, VendorOrderStatus::Shipped));
}

#[test]
fn what_is_promised_is_exactly_the_total() {
    for amount in [6039, 6041] {
        let (order, effects) = step(&placed(), promised(amount, amount), NOW).unwrap();
        assert_eq!((order.status, names(&effects)), (OrderStatus::Placed, vec!["payment_mismatch"]));
        assert_eq!(order.collect, None);
    }
    let order = after(&placed(), [promised(6040, 6040)]);
    let (order, effects) = step(&order, captured(6039), NOW).unwrap();
    assert_eq!((order.status, names(&effects)), (OrderStatus::Promised, vec!["payment_mismatch"]));
    // What is paid or over promises nothing any more.
    for order in [paid(), after(&paid(), [Input::CancelByBuyer { why: None }])] {
        assert_eq!(after(&order, [promised(6040, 6040)]), order);
    }
}

#[test]
fn what_is_refused_at_the_door_is_called_off_although_it_has_left() {
    let order = after(&placed(), [promised(6040, 6040)]);
    let part = order.parts[0].id;
    for before in [order.clone(), after(&order, [shipped(part)]), after(&order, [shipped(part), delivered(part, 1)])] {
        let refused = Input::PaymentFailed { reason: "not_collected".into() };
        let (order, effects) = step(&before, refused, NOW).unwrap();
        assert_eq!((order.status, order.reason), (OrderStatus::Cancelled, Some(Reason::PaymentFailed)));
        assert_eq!(names(&effects), ["cancelled", "OrderCancelled"]);
        let Effect::Publish(Event::Cancelled(event)) = &effects[1] else { panic!("cancelled") };
        assert!(!event.was_paid && order.collect.is_none());
        // The courier brings the money after all: it goes back.
        assert_eq!(names(&step(&order, captured(6040), NOW).unwrap().1), ["paid_late"]);
    }
    let (short, effects) = step(&order, Input::StockRejected { shortages: vec![] }, NOW).unwrap();
    assert_eq!((short.status, names(&effects)), (OrderStatus::Cancelled, vec!["cancelled", "OrderCancelled"]));
}

#[test]
fn once_shipped_it_is_not_called_off() {
    let part = paid().parts[0].id;
    let order = after(&paid(), [shipped(part)]);
    for input in [Input::CancelByBuyer { why: None }, Input::CancelByAdmin { why: None }] {
        assert_eq!(step(&order, input, NOW).unwrap_err(), Rejected::AlreadyShipped);
    }
    let (short, effects) = step(&order, Input::StockRejected { shortages: vec![] }, NOW).unwrap();
    assert_eq!((short.status, names(&effects)), (OrderStatus::Paid, vec!["stock_short"]));
    let stranger = VendorOrderId::derived("test", &["stranger"]);
    let input = shipped(stranger);
    assert_eq!(step(&order, input, NOW).unwrap_err(), Rejected::UnknownPart);
    let input = shipped(part);
    assert_eq!(step(&placed(), input, NOW).unwrap_err(), Rejected::NotPaid);
}

#[test]
fn money_after_the_end_is_noted_and_changes_nothing_else() {
    let cancelled = after(&paid(), [Input::CancelByBuyer { why: None }]);
    let (order, effects) = step(&cancelled, captured(6040), NOW).unwrap();
    assert_eq!(names(&effects), ["paid_late"]);
    assert_eq!(Order { version: cancelled.version, ..order.clone() }, cancelled);
    let refund = Input::PaymentRefunded { amount: eur(6040), total: eur(6040) };
    let (order, effects) = step(&order, refund.clone(), NOW).unwrap();
    assert_eq!((names(&effects), order.refunded), (vec!["refunded"], eur(6040)));
    assert_eq!(after(&order, [refund]), order);
    assert_eq!(after(&order, [Input::CancelByBuyer { why: None }]), order);
    let rejected = after(&placed(), [Input::StockRejected { shortages: vec![] }]);
    assert_eq!(step(&rejected, Input::CancelByBuyer { why: None }, NOW).unwrap_err(), Rejected::NotCancellable);
    let part = cancelled.parts[0].id;
    let (late, effects) = step(&cancelled, shipped(part), NOW).unwrap();
    assert_eq!((late.parts[0].status, names(&effects)), (VendorOrderStatus::Cancelled, vec!["shipped_late"]));
}

fn any_input() -> impl Strategy<Value = Input> {
    let part = (0_usize..3).prop_map(|n| match n {
        2 => VendorOrderId::derived("test", &["stranger"]),
        n => draft().parts[n].id,
    });
    let why = prop::option::of("[a-z]{0,5}");
    prop_oneof![
        Just(Input::Place { deadline: DEADLINE }),
        Just(Input::StockReserved),
        Just(Input::StockRejected { shortages: vec![] }),
        any::<bool>().prop_map(|expired| Input::StockReleased { expired }),
        "[a-c]".prop_map(|url| Input::PaymentActionRequired { url }),
        prop_oneof![3 => Just(6040), 1 => 6000_i64..6100].prop_map(captured),
        prop_oneof![3 => Just(6040), 1 => 6000_i64..6100].prop_map(|minor| promised(minor, minor)),
        Just(Input::PaymentFailed { reason: "declined".into() }),
        (1_i64..6040).prop_map(|n| Input::PaymentRefunded { amount: eur(n), total: eur(n) }),
        Just(Input::DeadlinePassed),
        Just(Input::Noted(Note { kind: "disputed", text: "Disputed.".into(), part: None })),
        "[a-c]".prop_map(|name| Input::Claim { account_id: account(&name) }),
        why.clone().prop_map(|why| Input::CancelByBuyer { why }),
        why.prop_map(|why| Input::CancelByAdmin { why }),
        (part.clone(), 1_i64..4, 0_i64..3).prop_map(|(part, number, pieces)| handed_over(part, number, pieces)),
        (part, 1_i64..4).prop_map(|(part, number)| delivered(part, number)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_history_keeps_the_rules(inputs in prop::collection::vec((any_input(), prop::bool::ANY), 0..40)) {
        let mut order = placed();
        let mut ended = false;
        for (input, late) in inputs {
            let now = if late { LATER } else { NOW };
            let Ok((next, effects)) = step(&order, input.clone(), now) else { continue };
            // Gapless: nothing happened and nothing changed, or the version went up by one.
            if effects.is_empty() {
                prop_assert_eq!(&next, &order);
            } else {
                prop_assert_eq!(next.version, order.version + 1);
                prop_assert!(matches!(effects[0], Effect::Note(_)));
            }
            // Only the published moves; what has ended stays so.
            if next.status != order.status {
                prop_assert!(TRANSITIONS.contains(&(order.status, next.status)), "{:?} -> {:?}", order.status, next.status);
                prop_assert!(!ended);
            }
            // Each end is told once, with the order's state; so is its owner, who is for good.
            let claimed = next.account_id != order.account_id;
            prop_assert!(!claimed || order.account_id.is_none());
            let told = effects.iter().filter(|e| matches!(e, Effect::Publish(_))).count();
            let moved = next.status != order.status && next.status != OrderStatus::AwaitingPayment;
            // What was delivered before it is paid is completed with the payment.
            let both = next.status == OrderStatus::Completed && order.status == OrderStatus::Promised;
            prop_assert_eq!(told, usize::from(moved || claimed) + usize::from(both));
            // Paid means the exact amount.
            if next.paid_at.is_some() && order.paid_at.is_none() {
                prop_assert!(matches!(input, Input::PaymentCaptured { amount, .. } if amount == order.total), "not the total");
            }
            // Nothing is sent that is neither paid nor to be paid to the courier, and that is asked for only as long.
            prop_assert!(!next.has_shipped() || next.paid_at.is_some() || next.promised_at.is_some());
            prop_assert_eq!(next.collect.is_some(), next.status == OrderStatus::Promised);
            // What was agreed never changes, and nothing runs backwards.
            prop_assert_eq!((next.total, next.tax, next.parts.len()), (order.total, order.tax, order.parts.len()));
            prop_assert!(next.refunded.amount_minor >= order.refunded.amount_minor);
            for (a, b) in next.parts.iter().zip(&order.parts) {
                prop_assert!(a.status >= b.status, "{:?} after {:?}", a.status, b.status);
            }
            // The timer lives exactly as long as the payment is awaited.
            let unpaid = matches!(next.status, OrderStatus::Placed | OrderStatus::AwaitingPayment);
            prop_assert_eq!(next.deadline.is_some(), unpaid);
            prop_assert!(unpaid || next.redirect.is_none());
            ended = matches!(next.status, OrderStatus::Completed | OrderStatus::Rejected | OrderStatus::Cancelled);
            // Again is never more.
            let again = step(&next, input.clone(), now);
            if let (Ok((again, _)), false) = (again, matches!(input, Input::PaymentCaptured { .. } | Input::PaymentPromised { .. } | Input::StockRejected { .. } | Input::ShipmentShipped { .. } | Input::Noted(_))) {
                prop_assert_eq!(&again, &next);
            }
            order = next;
        }
    }
}
