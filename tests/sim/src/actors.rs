//! Buyers, vendors and an admin, all at once and none of them patient.

use contracts::{
    orders::{OrderView, PlacedOrder, VendorOrderStatus, VendorOrderView},
    pricing::Quote,
};
use http::Method;
use kernel::{Clock, OrderId, Result};
use sandbox::{Command, Status, card::TestCard};
use serde_json::{Value, json};

use crate::{
    bus::short,
    cash,
    credits::Purse,
    shop::{self, PRODUCTS},
    world::{World, now},
};

/// Cards, the one that simply works first.
const CARDS: [&str; 13] = [
    "tok_visa",
    "tok_mastercard",
    "tok_3ds",
    "tok_declined",
    "tok_insufficient_funds",
    "tok_processing",
    "tok_late",
    "tok_timeout_after_success",
    "tok_duplicate_webhooks",
    "tok_out_of_order_webhooks",
    "tok_late_webhooks",
    "tok_refund_pending",
    "tok_refund_fails",
];

/// Who carries what goes without a label.
const BY_HAND: &str = "Post";

/// What somebody wants, and what it is to be paid with.
#[derive(Debug, Clone)]
struct Wish {
    /// In which currency it is to be paid.
    currency: &'static str,
    lines: Vec<Value>,
    /// Codes of promotions.
    codes: Value,
    card: Option<String>,
    purse: Purse,
}

/// A buyer's attempt to buy something.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Idempotency key, and the buyer's address: an order can be told by it.
    pub key: String,
    /// What is sent.
    pub body: Value,
    /// What it was made of.
    wish: Wish,
    /// What came back, if anything did.
    pub placed: Option<PlacedOrder>,
    /// The same, byte for byte.
    answer: Vec<u8>,
    /// Its calling off was acknowledged.
    pub called_off: bool,
    /// The prices had changed.
    over: bool,
}

impl Checkout {
    /// The order, once it is known.
    pub fn order(&self) -> Option<OrderId> {
        self.placed.as_ref().map(|placed| placed.order.id)
    }
}

impl World {
    /// Somebody does something, or nobody does.
    pub fn act(&mut self) -> Result<()> {
        match self.below(100) {
            0..14 if self.swarm.direct && self.checkouts.is_empty() && self.below(8) > 0 => self.at_the_page(),
            0..14 => self.begin(),
            14..20 => self.place_again(),
            20..28 => self.at_the_page(),
            28..30 => self.call_off(),
            30..42 => self.carry_out(),
            42..45 => self.keep_stock(),
            45..46 => self.reprice(),
            46..49 => self.refund(),
            49..50 => self.pay_back(),
            50..58 => self.send_back(),
            58..60 => self.remake(),
            60..65 => self.dispute(),
            65..70 => self.take_out(),
            70..73 => self.look_after_credits(),
            73..78 => self.use_labels(),
            78..86 => self.pay_vendors(),
            86..93 => self.see_parcels(),
            93..99 => self.hear_of_courier(),
            _ => Ok(()),
        }
    }

    pub fn any_placed(&self) -> Option<(usize, PlacedOrder)> {
        let placed: Vec<_> =
            self.checkouts.iter().enumerate().filter_map(|(n, c)| c.placed.clone().map(|p| (n, p))).collect();
        if placed.is_empty() { None } else { placed.get(self.below(placed.len() as u64) as usize).cloned() }
    }

    /// All orders, beginning with any: whoever works them off takes the first that waits for it.
    fn placed_from_any(&self) -> Vec<PlacedOrder> {
        let mut placed: Vec<PlacedOrder> = self.checkouts.iter().filter_map(|c| c.placed.clone()).collect();
        let first = self.below(placed.len().max(1) as u64) as usize;
        placed.rotate_left(first);
        placed
    }

    /// Somebody, mostly a guest, asks for the price and agrees.
    fn begin(&mut self) -> Result<()> {
        if self.checkouts.len() as u64 >= self.swarm.checkouts {
            return Ok(());
        }
        let mut lines = Vec::new();
        for (_, name, _) in PRODUCTS {
            if self.below(3) == 0 {
                lines.push(json!({"variant_id": shop::variant(name), "quantity": 1 + self.below(2)}));
            }
        }
        for (_, name, _) in shop::BUNDLES {
            if self.below(4) == 0 {
                lines.push(json!({"variant_id": shop::variant(name), "quantity": 1 + self.below(2)}));
            }
        }
        for colour in shop::CHOICE.2 {
            if self.below(3) == 0 {
                lines.push(json!({"variant_id": shop::variant(colour), "quantity": 1 + self.below(2)}));
            }
        }
        if self.below(4) == 0 {
            lines.push(json!({"variant_id": shop::variant(shop::DOWNLOAD.1), "quantity": 1}));
        }
        if lines.is_empty() {
            lines.push(json!({"variant_id": shop::variant("mug"), "quantity": 1}));
        }
        let number = self.checkouts.len();
        let card = if self.swarm.odd_cards { self.below(CARDS.len() as u64 + 1) as usize } else { 0 };
        let card = self.or_paypal(self.or_cash(CARDS.get(card).map(|card| (*card).to_owned())));
        let currency = self.any_currency();
        let mut purse = self.fill_purse()?;
        if currency != shop::MAIN_CURRENCY {
            purse.leave_credits_at_home();
        }
        // Who has used the code before is refused it: guests are always new.
        let codes = if purse.who.is_none() && self.below(2) == 0 { json!([shop::CODE]) } else { json!([]) };
        self.agree(&format!("buyer-{number}"), Wish { currency, lines, codes, card, purse })
    }

    fn agree(&mut self, key: &str, wish: Wish) -> Result<()> {
        let Wish { currency, lines, codes, card, purse } = &wish;
        let request = json!({"currency": currency, "country": "DE", "lines": lines, "shipping": [], "codes": codes});
        let reply = self.send(Method::POST, "/api/v1/quotes", purse.who.as_ref(), &[], Some(&request))?;
        if reply.status != 200 {
            return Ok(());
        }
        let quote: Quote = serde_json::from_slice(&reply.body)?;
        let mut body = json!({
            "quote_hash": quote.hash, "currency": currency, "lines": lines, "shipping": [], "codes": codes,
            "email": format!("{key}@example.com"),
            "address": {"name": "Eve", "line1": "High Street 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
            "payment": cash::payment(card.as_deref()),
        });
        if let Some(credits) = self.pay_with(purse, quote.total)? {
            body["credits"] = credits;
        }
        let (key, answer) = (key.to_owned(), Vec::new());
        self.checkouts.push(Checkout { key, body, wish, placed: None, answer, called_off: false, over: false });
        // Some click at once, some think about it while prices change.
        if self.below(4) > 0 { self.place(self.checkouts.len() - 1) } else { Ok(()) }
    }

    /// A double click, a second tab, a retry after no answer: the same key.
    fn place_again(&mut self) -> Result<()> {
        if self.checkouts.is_empty() {
            return Ok(());
        }
        let any = self.below(self.checkouts.len() as u64) as usize;
        let unanswered = self.checkouts.iter().position(|c| c.placed.is_none() && !c.over);
        self.place(if self.below(3) > 0 { unanswered.unwrap_or(any) } else { any })
    }

    fn place(&mut self, number: usize) -> Result<()> {
        let Some(Checkout { key, body, mut wish, over: false, .. }) = self.checkouts.get(number).cloned() else {
            return Ok(());
        };
        let headers = [("idempotency-key", key.as_str())];
        let reply = self.send(Method::POST, "/api/v1/orders", wish.purse.who.as_ref(), &headers, Some(&body))?;
        let Some(checkout) = self.checkouts.get_mut(number) else { return Ok(()) };
        match reply.status {
            202 => {
                let placed: PlacedOrder = serde_json::from_slice(&reply.body)?;
                if checkout.placed.is_none() {
                    let line = format!(
                        "{key} is order {} over {}",
                        short(&placed.order.id.to_string()),
                        placed.order.quote.total
                    );
                    checkout.placed = Some(placed);
                    checkout.answer = reply.body.to_vec();
                    self.note(line);
                } else if checkout.answer == reply.body {
                    self.trace.mark("same key, same answer");
                } else {
                    self.broken.push(format!("I1: {key} got two different answers"));
                }
            }
            409 | 422 => {
                let refused = reply.json();
                match refused["code"].as_str().unwrap_or_default() {
                    "quote_changed" => self.trace.mark("quote had changed"),
                    // Too dear for a courier, or downloaded.
                    "invalid_input" if wish.card.as_deref() == Some(cash::CASH) => {
                        self.trace.mark("cash on delivery refused");
                        wish.card = Some(CARDS[0].to_owned());
                    }
                    "credit_changed" => self.trace.mark("what credit covers had changed"),
                    code if code.starts_with("gift_card_") => wish.purse.refused(code, &self.trace),
                    _ => return Ok(()),
                }
                checkout.over = true;
                self.agree(&format!("{key}-again"), wish)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A buyer on the provider's page: approves, refuses, enters a card, or comes much too late.
    fn at_the_page(&mut self) -> Result<()> {
        if self.swarm.paypal && (self.below(2) == 0 || (self.swarm.direct && self.unconnected()?.is_some())) {
            return self.at_paypal();
        }
        for placed in self.placed_from_any() {
            if self.pay_at_the_page(&placed)? {
                break;
            }
        }
        Ok(())
    }

    /// True if the order's payment waited for its buyer.
    fn pay_at_the_page(&self, placed: &PlacedOrder) -> Result<bool> {
        let mut waited = false;
        for payment in self.psp.payments_of(&placed.order.id.to_string())? {
            let command = match payment.status {
                Status::RequiresAction => {
                    Command::Challenge { payment: payment.id.clone(), approve: self.below(6) > 0 }
                }
                Status::RequiresPayment => {
                    let card = if self.below(4) > 0 { "tok_visa" } else { "tok_declined" };
                    let Some(card) = TestCard::by_token(card) else { continue };
                    Command::Pay { payment: payment.id.clone(), card: card.used() }
                }
                _ => continue,
            };
            let outcome = self.psp.buyer(command)?;
            self.trace.mark("buyer paid on the hosted page");
            self.note(format_args!("buyer on the page of {}: {}", short(&payment.id), outcome.status));
            waited = true;
        }
        Ok(waited)
    }

    fn call_off(&mut self) -> Result<()> {
        let Some((number, placed)) = self.any_placed() else { return Ok(()) };
        let path = format!("/api/v1/orders/{}/cancel", placed.order.id);
        let by_admin = self.below(4) == 0;
        let reply = if by_admin {
            self.send(Method::POST, &path, Some(&shop::admin()), &[], Some(&json!({"reason": "Fraud."})))?
        } else {
            let headers = [("order-token", placed.token.expose())];
            self.send(Method::POST, &path, None, &headers, Some(&json!({})))?
        };
        if reply.status == 200
            && let Some(checkout) = self.checkouts.get_mut(number)
        {
            checkout.called_off = true;
        }
        Ok(())
    }

    /// A vendor ships what is to be shipped, or says that it has arrived.
    fn carry_out(&mut self) -> Result<()> {
        for placed in self.placed_from_any() {
            if self.carry_out_one(&placed)? {
                break;
            }
        }
        Ok(())
    }

    /// True if there was something to ship, or on its way.
    fn carry_out_one(&mut self, placed: &PlacedOrder) -> Result<bool> {
        let headers = [("order-token", placed.token.expose())];
        let path = format!("/api/v1/orders/{}", placed.order.id);
        let reply = self.send(Method::GET, &path, None, &headers, None)?;
        if reply.status != 200 {
            return Ok(false);
        }
        let view: OrderView = serde_json::from_slice(&reply.body)?;
        if !cash::is_sent(&view) {
            return Ok(false);
        }
        let mut waited = false;
        for part in &view.vendor_orders {
            match part.status {
                VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped if self.wants_label() => {
                    self.label_of(part)?;
                }
                VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped => self.ship(part)?,
                VendorOrderStatus::Shipped => {}
                _ => continue,
            }
            waited = true;
            for parcel in part.parcels.iter().filter(|parcel| parcel.delivered_at.is_none()) {
                // Of what goes with a label the carrier tells, where it does.
                let told = self.swarm.carrier_tells && parcel.tracking.carrier != BY_HAND;
                let Some(id) = parcel.shipment_id.filter(|_| !told) else { continue };
                let path = format!("/api/v1/vendors/{}/shipments/{id}/deliver", part.vendor_id);
                self.send(Method::POST, &path, Some(&shop::owner(part.vendor_id)), &[], Some(&json!({})))?;
            }
        }
        Ok(waited)
    }

    /// Hands over all that is left, or, now and then, one piece of it; and at times twice.
    fn ship(&mut self, part: &VendorOrderView) -> Result<()> {
        let number = format!("{}", self.below(1_000_000));
        let mut body = json!({"carrier": BY_HAND, "tracking_number": number});
        let some = &part.lines[self.below(part.lines.len() as u64) as usize];
        let in_part = self.below(3) == 0;
        if in_part {
            body["lines"] = json!([{"line_id": some.id, "quantity": 1}]);
        }
        let path = format!("/api/v1/vendors/{}/orders/{}/shipment/ship", part.vendor_id, part.id);
        for _ in 0..1 + self.below(2) {
            let reply = self.send(Method::POST, &path, Some(&shop::owner(part.vendor_id)), &[], Some(&body))?;
            if reply.status == 200 {
                self.acknowledged_parcels.push((part.id.to_string(), number.clone()));
                if in_part {
                    self.trace.mark("shipped in part");
                }
            }
        }
        Ok(())
    }

    fn reprice(&mut self) -> Result<()> {
        if self.swarm.currencies && self.below(2) == 0 {
            return self.set_rates();
        }
        let (of, name, price) = PRODUCTS[self.below(PRODUCTS.len() as u64) as usize];
        let price = price + self.below(200) as i64;
        let envelope = self.heralds.envelope(&shop::repriced(of, name, price)?, self.clock.now())?;
        self.note(format_args!("{name} costs {price} now"));
        self.bus.tell(&envelope);
        Ok(())
    }

    /// A vendor makes a bundle of something else: what was ordered before leaves as it was.
    fn remake(&mut self) -> Result<()> {
        let (of, name, price) = shop::BUNDLES[self.below(shop::BUNDLES.len() as u64) as usize];
        let turn = self.below(2) as usize;
        let envelope = self.heralds.envelope(&shop::remade(of, name, price, turn)?, self.clock.now())?;
        self.note(format_args!("{name} is made of something else now"));
        self.trace.mark("bundle made of something else");
        self.bus.tell(&envelope);
        Ok(())
    }

    /// An admin returns a part, or tries to return more than there is; twice at once.
    fn refund(&mut self) -> Result<()> {
        let Some((_, placed)) = self.any_placed() else { return Ok(()) };
        let Some(payments) = self.databases.get("payments") else { return Ok(()) };
        let sql = "SELECT id, amount_minor FROM payments WHERE order_id = $1";
        let Some(row) = now(payments.opt(sql, db::params![placed.order.id]))? else { return Ok(()) };
        let (id, amount): (String, i64) = (row.get("id")?, row.get("amount_minor")?);
        let part = 1 + self.below(amount.unsigned_abs()) as i64;
        for again in 0..1 + self.below(2) {
            let key = format!("refund-{id}-{part}-{again}");
            let body = json!({"amount_minor": part, "reason": "Broken."});
            let path = format!("/api/v1/admin/payments/{id}/refunds");
            let headers = [("idempotency-key", key.as_str())];
            let reply = self.send(Method::POST, &path, Some(&shop::admin()), &headers, Some(&body))?;
            match reply.status {
                202 => {
                    self.acknowledged_refunds += 1;
                    self.trace.mark("refund in part");
                }
                409 => self.trace.mark("refund refused"),
                _ => {}
            }
        }
        Ok(())
    }
}
