//! Three months of trade: orders with a weekly rhythm, parcels, returns, returns of money, reviews.

mod send_back;

use std::{collections::BTreeMap, time::Duration};

use contracts::{
    credits::PayWithCredits,
    inventory::{AdjustStock, InventoryClient, StockChange},
    orders::{CancelOrder, OrderStatus, OrderView, OrdersClient, PaymentChoice, PlaceOrder},
    payments::{PaymentQuery, PaymentsClient, RefundRequest},
    pricing::{PricingClient, QuoteRequest, ShippingChoice, WantedLine},
    promotions::Customer,
    reviews::ReviewInput,
    shared::Address,
    shipping::{MarkShipped, ShippingClient},
};
use demo::Market;
use kernel::{Identity, OrderId, ProductId, PromoCode, Random, Result, Timestamp, VendorId, VendorOrderId};

use super::{
    Seeding, payouts,
    people::{Buyer, People},
    searching,
    shops::{Article, Shops},
    story::Story,
    voices::Voices,
};

const CARRIERS: &[&str] = &["DHL", "DPD", "GLS", "PostNL", "Correos"];

/// What is still to happen to an order.
enum Later {
    Ship { vendor_id: VendorId, part: VendorOrderId },
    Deliver { vendor_id: VendorId, part: VendorOrderId },
    Review { buyer: usize, product_id: ProductId, index: usize, vendor_id: VendorId },
    Cancel { buyer: usize, order_id: OrderId },
    SendBack { buyer: usize, order_id: OrderId },
    Refund { order_id: OrderId, vendor_id: VendorId, amount_minor: i64 },
}

struct Trade<'a> {
    seeding: &'a Seeding,
    market: &'a Market,
    people: &'a People,
    shops: &'a Shops,
    /// By day.
    diary: BTreeMap<i64, Vec<Later>>,
    popularity: u64,
    placed: u64,
}

/// Lets the days pass.
pub(crate) async fn trade(seeding: &Seeding, market: &Market, people: &People, shops: &Shops) -> Result<()> {
    let popularity = shops.articles.iter().map(|a| a.popularity).sum();
    let mut trade = Trade { seeding, market, people, shops, diary: BTreeMap::new(), popularity, placed: 0 };
    let today = seeding.now.day();
    let mut story = Story::new(seeding, market, people, shops);
    seeding.step("Three months of trade", seeding.size.days.unsigned_abs());
    for day in today - seeding.size.days + 1..=today {
        trade.day(day).await?;
        story.of_day(day).await?;
        payouts::of_day(seeding, people, day, &story.vendors()).await?;
        searching::of_day(seeding, people, day).await?;
        seeding.tick();
    }
    Voices { seeding, people, shops }.complain().await
}

impl<'a> Trade<'a> {
    fn roll(&self, bound: u64) -> u64 {
        self.seeding.dice.below(bound)
    }

    /// The clock on this day at a time, but never later than now.
    fn set_time(&self, day: i64, second: u64) {
        let time = Timestamp::of_day(day).plus(Duration::from_secs(second));
        self.seeding.clock.set(time.min(self.seeding.now));
    }

    async fn day(&mut self, day: i64) -> Result<()> {
        self.set_time(day, 7 * 3600);
        self.seeding.settle().await?;
        for (n, later) in (0_u64..).zip(self.diary.remove(&day).unwrap_or_default()) {
            self.set_time(day, 8 * 3600 + n * 60);
            self.happen(day, later).await?;
        }
        self.seeding.settle().await?;
        // More at the weekend, and more every week.
        let age = (self.seeding.now.day() - day).unsigned_abs();
        let weekend = u64::from(matches!(day.rem_euclid(7), 2 | 3)) * 4;
        let growth = self.seeding.size.orders_per_day * (150 - age.min(100)) / 150;
        let orders = growth.max(1) + self.roll(3) + weekend * growth / 10;
        let hours = if day == self.seeding.now.day() { 6 } else { 14 };
        for n in 0..orders {
            self.set_time(day, 8 * 3600 + n * hours * 3600 / orders + self.roll(600));
            self.order(day).await?;
        }
        self.seeding.settle().await
    }

    fn article(&self) -> &'a Article {
        let mut left = self.roll(self.popularity.max(1));
        let articles = &self.shops.articles;
        articles
            .iter()
            .find(|a| {
                let here = left < a.popularity;
                left = left.saturating_sub(a.popularity);
                here
            })
            .unwrap_or(&articles[0])
    }

    fn basket(&self) -> Vec<(&'a Article, WantedLine)> {
        let mut basket: Vec<(&'a Article, WantedLine)> = Vec::new();
        for _ in 0..=self.roll(3) {
            let article = self.article();
            let variant_id = article.variants[self.roll(article.variants.len() as u64) as usize];
            if !basket.iter().any(|(_, line)| line.variant_id == variant_id) {
                basket.push((article, WantedLine { variant_id, quantity: 1 + i64::from(self.roll(6) == 0) }));
            }
        }
        basket
    }

    async fn order(&mut self, day: i64) -> Result<()> {
        // The sample buyer is a good customer.
        let buyer_index = if self.roll(12) == 0 { 0 } else { self.roll(self.people.buyers.len() as u64) as usize };
        let buyer = &self.people.buyers[buyer_index];
        let is_guest = buyer_index != 0 && self.roll(5) == 0;
        let who = if is_guest { Identity::Anonymous } else { buyer.identity.clone() };
        let basket = self.basket();
        let payment = self.way_to_pay(day).await?;
        self.placed += 1;
        let lines = basket.iter().map(|(_, line)| line.clone()).collect();
        let key = format!("seed-{}", self.placed);
        let order = place(self.seeding, buyer, &who, lines, vec![], payment, key).await?;
        if order.status == OrderStatus::Rejected {
            return self.restock(&basket).await;
        }
        let articles: Vec<(ProductId, usize, VendorId)> =
            basket.iter().map(|(a, _)| (a.product_id, a.index, a.vendor_id)).collect();
        let parts: Vec<_> =
            order.vendor_orders.iter().map(|part| (part.vendor_id, part.id, part.total.amount_minor)).collect();
        self.plan(day, buyer_index, is_guest, order.id, &parts, &articles);
        Ok(())
    }

    /// A card; now and then, on the last day, a transfer that somebody has to confirm.
    async fn way_to_pay(&self, day: i64) -> Result<PaymentChoice> {
        const TRANSFER: &str = "bank_transfer";
        let payments: PaymentsClient = self.seeding.souk.system.client();
        let is_offered = payments.methods(&Identity::Anonymous).await?.iter().any(|way| way.method == TRANSFER);
        let is_to_send = is_offered && day == self.seeding.now.day() && self.placed.is_multiple_of(5);
        let (method, token) = if is_to_send { (TRANSFER, None) } else { ("card", Some("tok_visa".to_owned())) };
        Ok(PaymentChoice { method: method.to_owned(), token, return_path: None })
    }

    /// What will become of an order.
    fn plan(
        &mut self,
        day: i64,
        buyer: usize,
        is_guest: bool,
        order_id: OrderId,
        parts: &[(VendorId, VendorOrderId, i64)],
        articles: &[(ProductId, usize, VendorId)],
    ) {
        let mut later = Vec::new();
        if !is_guest && self.roll(40) == 0 {
            later.push((day + 1, Later::Cancel { buyer, order_id }));
        } else {
            for (vendor_id, part, total_minor) in parts {
                let shipped = day + 1 + self.roll(3) as i64;
                let delivered = shipped + 2 + self.roll(4) as i64;
                later.push((shipped, Later::Ship { vendor_id: *vendor_id, part: *part }));
                later.push((delivered, Later::Deliver { vendor_id: *vendor_id, part: *part }));
                for (product_id, index, vendor_id) in articles.iter().filter(|(_, _, v)| v == vendor_id) {
                    if !is_guest && self.roll(10) < 6 {
                        let on = delivered + 1 + self.roll(5) as i64;
                        let (product_id, index, vendor_id) = (*product_id, *index, *vendor_id);
                        later.push((on, Later::Review { buyer, product_id, index, vendor_id }));
                    }
                }
                if !is_guest && self.roll(12) == 0 {
                    later.push((delivered + 3, Later::SendBack { buyer, order_id }));
                }
                if self.roll(35) == 0 {
                    // A third of the vendor's part goes back.
                    let refund = Later::Refund { order_id, vendor_id: *vendor_id, amount_minor: total_minor / 3 };
                    later.push((delivered + 2, refund));
                }
            }
        }
        for (day, what) in later {
            self.diary.entry(day).or_default().push(what);
        }
    }

    async fn restock(&self, basket: &[(&Article, WantedLine)]) -> Result<()> {
        let inventory: InventoryClient = self.seeding.souk.system.client();
        for (article, line) in basket {
            if let Some(shop) = self.shops.by_slug.values().find(|s| s.vendor_id == article.vendor_id) {
                let change = StockChange::Add(8);
                let delivery = AdjustStock { change, location_id: None, reason: "Delivery".to_owned() };
                inventory.adjust(&shop.owner, shop.vendor_id, line.variant_id, &delivery).await?;
            }
        }
        self.seeding.settle().await
    }

    async fn happen(&self, day: i64, later: Later) -> Result<()> {
        let shipping: ShippingClient = self.seeding.souk.system.client();
        let owner =
            |vendor_id: VendorId| self.shops.by_slug.values().find(|s| s.vendor_id == vendor_id).map(|s| &s.owner);
        match later {
            Later::Ship { vendor_id, part } => {
                let Some(owner) = owner(vendor_id) else { return Ok(()) };
                let carrier = CARRIERS[self.roll(CARRIERS.len() as u64) as usize].to_owned();
                let tracking_number = format!("{:010}", 340_000_000 + self.roll(9_999_999));
                shipping
                    .ship(owner, vendor_id, part, &MarkShipped { carrier, tracking_number, lines: None })
                    .await
                    .map(|_| ())
            }
            Later::Deliver { vendor_id, part } => {
                let Some(owner) = owner(vendor_id) else { return Ok(()) };
                shipping.deliver(owner, vendor_id, part).await.map(|_| ())
            }
            Later::Review { buyer, product_id, index, vendor_id } => {
                let seed = (buyer as u64) << 32 | day.unsigned_abs() << 12 | index as u64;
                let rating = [5, 5, 5, 5, 4, 4, 4, 3, 2, 5, 4, 1][self.roll(12) as usize];
                let (title, text) = demo::review_for(&self.market.products[index], rating, seed);
                let review = ReviewInput { rating: u32::from(rating), title, text };
                let voices = Voices { seeding: self.seeding, people: self.people, shops: self.shops };
                voices.review(buyer, (product_id, vendor_id), &review, seed).await
            }
            Later::Cancel { buyer, order_id } => {
                let orders: OrdersClient = self.seeding.souk.system.client();
                let reason = CancelOrder { reason: Some("Ordered twice by mistake".to_owned()) };
                orders.cancel(&self.people.buyers[buyer].identity, order_id, &reason).await.map(|_| ())
            }
            Later::SendBack { buyer, order_id } => self.send_back(buyer, order_id).await,
            Later::Refund { order_id, vendor_id, amount_minor } => self.refund(order_id, vendor_id, amount_minor).await,
        }
    }

    async fn refund(&self, order_id: OrderId, vendor_id: VendorId, amount_minor: i64) -> Result<()> {
        let payments: PaymentsClient = self.seeding.souk.system.client();
        let query = PaymentQuery { order_id: Some(order_id), ..PaymentQuery::default() };
        let found = payments.payments(&self.people.admin, &query).await?;
        let Some(payment) = found.items.first() else { return Ok(()) };
        let request =
            RefundRequest { amount_minor, reason: "Arrived with a scratch".to_owned(), vendor_id: Some(vendor_id) };
        let key = format!("seed-refund-{order_id}-{vendor_id}");
        match payments.with_header("idempotency-key", key).refund(&self.people.admin, payment.id, &request).await {
            // It was sent back before somebody saw the scratch.
            Err(error) if error.code() == "over_refund" => Ok(()),
            refunded => refunded.map(drop),
        }
    }
}

/// Orders these lines at what they cost now, with these codes, and lets everything arrive that it sets going.
pub(crate) async fn place(
    seeding: &Seeding,
    buyer: &Buyer,
    who: &Identity,
    lines: Vec<WantedLine>,
    codes: Vec<PromoCode>,
    payment: PaymentChoice,
    key: String,
) -> Result<OrderView> {
    let request = QuoteRequest {
        currency: seeding.currency,
        country: buyer.person.country.parse()?,
        region: None,
        lines,
        shipping: vec![],
        codes,
        customer: Customer { account_id: None, email: Some(buyer.email.clone()) },
        payment_method: Some(payment.method.clone()),
    };
    let pricing: PricingClient = seeding.souk.system.client();
    let quote = pricing.quote(who, &request).await?;
    let shipping = quote
        .vendors
        .iter()
        .filter_map(|v| Some(ShippingChoice { vendor_id: v.vendor_id, method_id: v.method.as_ref()?.method_id }));
    let place = PlaceOrder {
        quote_hash: quote.hash.clone(),
        currency: seeding.currency,
        lines: request.lines,
        shipping: shipping.collect(),
        codes: request.codes,
        email: buyer.email.clone(),
        address: address(buyer)?,
        billing_address: None,
        payment,
        credits: PayWithCredits::default(),
        cart_id: None,
        note: None,
        gift: None,
    };
    let orders: OrdersClient = seeding.souk.system.client();
    let placed = orders.with_header("idempotency-key", key).place(who, &place).await?;
    seeding.settle().await?;
    Ok(orders.for_message(&Identity::Service("seed"), placed.order.id).await?.order)
}

fn address(buyer: &Buyer) -> Result<Address> {
    let person = &buyer.person;
    Ok(Address {
        name: person.name.to_string(),
        company: None,
        line1: person.street.to_string(),
        line2: None,
        postcode: person.postcode.to_string(),
        city: person.city.to_string(),
        region: None,
        country: person.country.parse()?,
        phone: None,
    })
}
