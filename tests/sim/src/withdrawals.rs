//! Buyers, vendors and admins who take pieces out of orders while somebody packs them.

use contracts::orders::{OrderView, PlacedOrder};
use http::Method;
use kernel::Result;
use serde_json::json;

use crate::{cash::is_sent, shop, world::World};

impl World {
    /// An order that is to be sent, looked for from any on.
    fn any_being_sent(&self) -> Result<Option<(usize, PlacedOrder, OrderView)>> {
        let many = self.checkouts.len();
        let first = self.below(many.max(1) as u64) as usize;
        for number in (first..many).chain(0..first) {
            let Some(placed) = &self.checkouts[number].placed else { continue };
            let token = ("order-token", placed.token.expose());
            let reply = self.send(Method::GET, &format!("/api/v1/orders/{}", placed.order.id), None, &[token], None)?;
            if reply.status != 200 {
                continue;
            }
            let view: OrderView = serde_json::from_slice(&reply.body)?;
            if is_sent(&view) {
                return Ok(Some((number, placed.clone(), view)));
            }
        }
        Ok(None)
    }

    /// Somebody takes pieces of a line out of an order that is to be sent, now and then with two clicks.
    pub fn take_out(&mut self) -> Result<()> {
        let Some((number, placed, view)) = self.any_being_sent()? else { return Ok(()) };
        let token = ("order-token", placed.token.expose());
        let order = format!("/api/v1/orders/{}", placed.order.id);
        let part = &view.vendor_orders[self.below(view.vendor_orders.len() as u64) as usize];
        let line = &part.lines[self.below(part.lines.len() as u64) as usize];
        let quantity = 1 + self.below(line.quantity.unsigned_abs());
        let body = json!({"lines": [{"line_id": line.id, "quantity": quantity}], "reason": "Not needed."});
        let (who, path) = match self.below(3) {
            0 => {
                let path = format!("/api/v1/vendors/{}/orders/{}/withdrawals", part.vendor_id, part.id);
                (Some(shop::owner(part.vendor_id)), path)
            }
            1 => (Some(shop::admin()), format!("{order}/withdrawals")),
            _ => (None, format!("{order}/withdrawals")),
        };
        let key = format!("out-{}-{}", placed.order.id, view.version);
        for _ in 0..1 + self.below(2) {
            let headers = [token, ("idempotency-key", key.as_str())];
            let reply = self.send(Method::POST, &path, who.as_ref(), &headers, Some(&body))?;
            match reply.status {
                201 if reply.json()["cancelled"] == true => {
                    self.trace.mark("order called off by taking everything out");
                    if let Some(checkout) = self.checkouts.get_mut(number) {
                        checkout.called_off = true;
                    }
                }
                422 => self.trace.mark("taking out more than is left is refused"),
                _ => {}
            }
        }
        Ok(())
    }
}
