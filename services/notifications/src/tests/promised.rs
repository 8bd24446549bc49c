//! Orders that are paid to the courier: everybody is written to when they are promised, and not again when they are paid.

use contracts::{
    orders::{OrderPaid, OrderPromised},
    vendors::VendorStatus,
};
use testkit::on_both_databases;

use super::{decided, mailbox, orders, services, stand_in_identity};

#[tokio::test]
async fn a_promised_order_writes_once() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        orders::stand_in_order_of(&app, vec![orders::part()]);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let paid = orders::paid(&app);
        let promised = OrderPromised { order_id: paid.order_id, order: paid.order.clone(), promised_at: paid.paid_at };
        app.deliver("notifications", &promised).await;
        app.settle().await;
        assert_eq!(mailbox(&app).await.len(), 3, "approval, confirmation, new order");
        app.deliver("notifications", &OrderPaid { was_promised: true, ..paid }).await;
        app.settle().await;
        assert_eq!(mailbox(&app).await.len(), 3);
    })
    .await;
}
