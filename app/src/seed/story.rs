//! One sale to follow through the books: two vendors, a code that the platform pays, payouts, a refund of what had been
//! paid out, and a dispute that is lost. Nothing of it is left to chance.

use std::time::Duration;

use contracts::{
    inventory::{AdjustStock, InventoryClient, StockChange},
    orders::{OrderView, PaymentChoice},
    payments::{PaymentQuery, PaymentView, PaymentsClient, RefundRequest},
    pricing::{PricingClient, WantedLine},
    promotions::{Effect, PromotionInput},
    shipping::{MarkShipped, ShippingClient},
};
use demo::Market;
use kernel::{Error, Identity, Result, Timestamp, VendorId};
use sandbox::Command;

use super::{
    Seeding,
    people::{Buyer, People},
    shops::{Article, Shop, Shops},
    trade,
};

/// What happens how many days ago. What was delivered matures a week later, and is paid on the Thursday after the
/// Monday that follows: at the latest ten days after that.
const ORDERED: i64 = 40;
const SHIPPED: i64 = 39;
const DELIVERED: i64 = 37;
const REFUNDED: i64 = 18;
const DISPUTED: i64 = 14;
const LOST: i64 = 11;
/// When the code ends.
const CODE_ENDS: i64 = 35;
const CODE: &str = "OPENING10";
/// After the day's trade.
const EVENING: Duration = Duration::from_secs(23 * 3600);

/// The sale, and how far it has come.
pub(crate) struct Story<'a> {
    seeding: &'a Seeding,
    market: &'a Market,
    people: &'a People,
    shops: &'a Shops,
    order: Option<OrderView>,
    /// The gateway's name for the dispute.
    dispute: Option<String>,
}

impl<'a> Story<'a> {
    /// Nothing has happened yet.
    pub fn new(seeding: &'a Seeding, market: &'a Market, people: &'a People, shops: &'a Shops) -> Self {
        Self { seeding, market, people, shops, order: None, dispute: None }
    }

    /// Whose parts the order has.
    pub fn vendors(&self) -> Vec<VendorId> {
        self.order.iter().flat_map(|order| &order.vendor_orders).map(|part| part.vendor_id).collect()
    }

    /// What happens on this day.
    pub async fn of_day(&mut self, day: i64) -> Result<()> {
        let ago = self.seeding.now.day() - day;
        if ![ORDERED, SHIPPED, DELIVERED, REFUNDED, DISPUTED, LOST].contains(&ago) {
            return Ok(());
        }
        self.seeding.clock.set(Timestamp::of_day(day).plus(EVENING));
        let order = self.order.clone();
        match (ago, &order) {
            (ORDERED, _) => self.order = self.buy(day).await?,
            (SHIPPED, Some(order)) => self.ship(order).await?,
            (DELIVERED, Some(order)) => self.deliver(order).await?,
            (REFUNDED, Some(order)) => self.refund(order).await?,
            (DISPUTED, Some(order)) => self.dispute = self.dispute(order).await?,
            (LOST, Some(_)) => self.lose().await?,
            _ => {}
        }
        self.seeding.settle().await
    }

    /// The dearest thing of each of the two shops that sell least, of those that can be paid: their statements are short.
    fn basket(&self) -> Vec<&'a Article> {
        let with_account = self.market.vendors.len().saturating_sub(1);
        let vendors = self.market.vendors.iter().take(with_account);
        let mut shelves: Vec<(u64, &Article)> = vendors
            .filter_map(|vendor| {
                let vendor_id = self.shops.by_slug.get(vendor.slug)?.vendor_id;
                let own = self.shops.articles.iter().filter(move |article| article.vendor_id == vendor_id);
                let busy: u64 = own.clone().map(|article| article.popularity).sum();
                Some((busy, own.max_by_key(|article| self.price(article))?))
            })
            .collect();
        shelves.sort_by_key(|(busy, _)| *busy);
        shelves.into_iter().take(2).map(|(_, article)| article).collect()
    }

    fn price(&self, article: &Article) -> i64 {
        self.market.products[article.index].variants.first().map_or(0, |variant| variant.price_minor)
    }

    fn shop(&self, vendor_id: VendorId) -> Result<&'a Shop> {
        let found = self.shops.by_slug.values().find(|shop| shop.vendor_id == vendor_id);
        found.ok_or_else(|| Error::internal("a vendor without a shop"))
    }

    async fn buy(&self, day: i64) -> Result<Option<OrderView>> {
        let (basket, Some(buyer)) = (self.basket(), self.people.buyers.last()) else { return Ok(None) };
        self.give_code(day).await?;
        let inventory: InventoryClient = self.seeding.souk.system.client();
        let mut lines = Vec::new();
        for article in &basket {
            let Some(variant_id) = article.variants.first().copied() else { return Ok(None) };
            let one = AdjustStock { change: StockChange::Add(1), location_id: None, reason: "Delivery".to_owned() };
            inventory.adjust(&self.shop(article.vendor_id)?.owner, article.vendor_id, variant_id, &one).await?;
            lines.push(WantedLine { variant_id, quantity: 1 });
        }
        self.seeding.settle().await?;
        let payment =
            PaymentChoice { method: "card".to_owned(), token: Some("tok_visa".to_owned()), return_path: None };
        let buyer = Buyer { identity: Identity::Anonymous, email: buyer.email.clone(), person: buyer.person.clone() };
        let codes = vec![CODE.parse()?];
        let key = "seed-story".to_owned();
        trade::place(self.seeding, &buyer, &buyer.identity, lines, codes, payment, key).await.map(Some)
    }

    /// A code that is over by now.
    async fn give_code(&self, day: i64) -> Result<()> {
        let pricing: PricingClient = self.seeding.souk.system.client();
        let input = PromotionInput {
            name: "Opening weeks".to_owned(),
            code: Some(CODE.parse()?),
            currency: self.seeding.currency,
            starts_at: Timestamp::of_day(day),
            ends_at: Some(Timestamp::of_day(self.seeding.now.day() - CODE_ENDS)),
            product_ids: vec![],
            category_ids: vec![],
            vendor_ids: vec![],
            minimum_minor: 0,
            first_order: false,
            countries: vec![],
            groups: vec![],
            effect: Effect::Percent { percent_bp: 1_000 },
            priority: 0,
            advertised: false,
            exclusive: false,
            max_uses: Some(100),
            max_uses_per_customer: None,
            budget_minor: None,
            platform_share_bp: 10_000,
        };
        pricing.create_any_promotion(&self.people.admin, &input).await?;
        self.seeding.settle().await
    }

    async fn ship(&self, order: &OrderView) -> Result<()> {
        let shipping: ShippingClient = self.seeding.souk.system.client();
        for (part, number) in order.vendor_orders.iter().zip(["0034000101", "0034000102"]) {
            let parcel = MarkShipped { carrier: "DHL".to_owned(), tracking_number: number.to_owned(), lines: None };
            shipping.ship(&self.shop(part.vendor_id)?.owner, part.vendor_id, part.id, &parcel).await?;
        }
        Ok(())
    }

    async fn deliver(&self, order: &OrderView) -> Result<()> {
        let shipping: ShippingClient = self.seeding.souk.system.client();
        for part in &order.vendor_orders {
            shipping.deliver(&self.shop(part.vendor_id)?.owner, part.vendor_id, part.id).await?;
        }
        Ok(())
    }

    async fn payment(&self, order: &OrderView) -> Result<Option<PaymentView>> {
        let payments: PaymentsClient = self.seeding.souk.system.client();
        let query = PaymentQuery { order_id: Some(order.id), ..PaymentQuery::default() };
        Ok(payments.payments(&self.people.admin, &query).await?.items.into_iter().next())
    }

    /// A quarter of the first vendor's part goes back, after it was paid out.
    async fn refund(&self, order: &OrderView) -> Result<()> {
        let (Some(payment), Some(part)) = (self.payment(order).await?, order.vendor_orders.first()) else {
            return Ok(());
        };
        let request = RefundRequest {
            amount_minor: (part.total.amount_minor / 4).max(1),
            reason: "Arrived with a scratch".to_owned(),
            vendor_id: Some(part.vendor_id),
        };
        let payments: PaymentsClient = self.seeding.souk.system.client();
        let payments = payments.with_header("idempotency-key", "seed-story-refund");
        payments.refund(&self.people.admin, payment.id, &request).await.map(drop)
    }

    /// The buyer has the bank take back half of the rest. Only our own gateway lets itself be told so.
    async fn dispute(&self, order: &OrderView) -> Result<Option<String>> {
        let (Some(payment), Some(gateway)) = (self.payment(order).await?, &self.seeding.souk.sandbox) else {
            return Ok(None);
        };
        let Some(reference) = payment.provider_ref else { return Ok(None) };
        let left = payment.captured.minus(payment.refunded)?.amount_minor;
        let command = Command::Dispute {
            payment: reference,
            amount_minor: Some((left / 2).max(1)),
            reason: "product_not_received".to_owned(),
        };
        Ok(Some(gateway.apply(command.into()).await?.dispute()?.id))
    }

    /// Nobody has answered, and the bank decides.
    async fn lose(&self) -> Result<()> {
        let (Some(dispute), Some(gateway)) = (self.dispute.clone(), &self.seeding.souk.sandbox) else {
            return Ok(());
        };
        gateway.apply(Command::Decide { dispute, won: false }.into()).await?.dispute().map(drop)
    }
}
