//! Buyers who send something back, and vendors who answer, so that returns of every state can be seen.

use contracts::orders::{
    ApproveReturn, ApprovedLine, OrdersClient, ReceiveReturn, ReceivedLine, RequestReturn, ReturnAnswer, ReturnReason,
    ReturnView, ReturnWish, SendReturn,
};
use kernel::{Identity, OrderId, Result};

use super::{CARRIERS, Trade};

/// Why things go back, and what buyers say about it.
const REASONS: [(ReturnReason, &str); 4] = [
    (ReturnReason::DoesNotFit, "Lovely, but too large for our shelf."),
    (ReturnReason::Damaged, "There is a crack along the rim."),
    (ReturnReason::ChangedMind, "A present that was given twice."),
    (ReturnReason::NotAsDescribed, "The colour is another one than on the picture."),
];

impl Trade<'_> {
    /// One piece of everything that has arrived is asked for, and goes as far as chance lets it.
    pub(super) async fn send_back(&self, buyer: usize, order_id: OrderId) -> Result<()> {
        let who = &self.people.buyers[buyer].identity;
        let orders: OrdersClient = self.seeding.souk.system.client();
        let found = orders.returns(who, order_id).await?;
        let lines = found.returnable.iter().flat_map(|part| &part.lines);
        let lines: Vec<_> =
            lines.map(|line| ReturnWish { line_id: line.line_id, quantity: 1, exchange_for: None }).collect();
        if lines.is_empty() {
            return Ok(());
        }
        let (reason, text) = REASONS[self.roll(REASONS.len() as u64) as usize];
        let request = RequestReturn { lines, reason, text: Some(text.to_owned()) };
        let key = format!("seed-return-{order_id}-{}", found.returns.len());
        let asked = orders.with_header("idempotency-key", key).request_return(who, order_id, &request).await?;
        for of in asked {
            let owner = self.shops.by_slug.values().find(|shop| shop.vendor_id == of.vendor_id).map(|shop| &shop.owner);
            if let Some(owner) = owner {
                let of = orders.vendor_return(owner, of.vendor_id, of.id).await?;
                self.answer(&orders, who, owner, &of).await?;
            }
        }
        self.seeding.settle().await
    }

    async fn answer(&self, orders: &OrdersClient, buyer: &Identity, owner: &Identity, of: &ReturnView) -> Result<()> {
        let stage = self.roll(6);
        if stage == 0 {
            return Ok(());
        }
        if stage == 1 {
            let no = ReturnAnswer { reason: "It was made to order, as the page says.".to_owned() };
            return orders.refuse_return(owner, of.vendor_id, of.id, &no).await.map(drop);
        }
        let approved = of.lines.iter().map(|line| ApprovedLine { line_id: line.line_id, quantity: line.quantity });
        let yes = ApproveReturn {
            lines: approved.collect(),
            instructions: Some("Wrap it well and send it to the address on our page.".to_owned()),
            reason: None,
        };
        orders.approve_return(owner, of.vendor_id, of.id, &yes).await?;
        if stage == 2 {
            return Ok(());
        }
        let carrier = CARRIERS[self.roll(CARRIERS.len() as u64) as usize].to_owned();
        let sent = SendReturn { carrier, tracking_number: format!("R{:09}", self.roll(999_999_999)) };
        orders.send_return(buyer, of.order_id, of.id, &sent).await?;
        if stage == 3 {
            return Ok(());
        }
        let restock = |quantity: i64| if of.reason == ReturnReason::Damaged { 0 } else { quantity };
        let lines = of.lines.iter().map(|line| ReceivedLine {
            line_id: line.line_id,
            received: line.quantity,
            restocked: restock(line.quantity),
        });
        let arrived = ReceiveReturn { lines: lines.collect(), refund_shipping: stage == 5, condition: None };
        orders.receive_return(owner, of.vendor_id, of.id, &arrived).await.map(drop)
    }
}
