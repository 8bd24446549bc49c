//! Orders, their saga, each vendor's part.

mod downloads;
mod events;
mod parcels;
mod placing;
mod queries;
mod return_events;
mod returns;
mod sent;
mod withdrawals;

pub use downloads::{Download, OrderDownloads};
pub use events::{
    LineSnapshot, OrderCancelled, OrderClaimed, OrderCompleted, OrderMade, OrderPaid, OrderPlaced, OrderPromised,
    OrderRejected, OrderSnapshot, VendorPart,
};
pub use parcels::{ParcelLine, ParcelView, Tracking};
pub use placing::{
    GIFT_MESSAGE_MAX, Gift, MakeOrder, NOTHING_TO_PAY, PayAnotherWay, PaymentChoice, PlaceOrder, PlacedOrder,
    QuoteForBuyer,
};
pub use queries::{OrderQuery, OrderSort, OrdersFileQuery, VendorOrderQuery, VendorOrdersFileQuery};
pub use return_events::{
    Restock, ReturnDecided, ReturnEnded, ReturnExchangeWanted, ReturnExchanged, ReturnLabelled, ReturnReceived,
    ReturnRefundDue, ReturnRequested, ReturnSent,
};
pub use returns::{
    ApproveReturn, ApprovedLine, AskedReturn, ExchangeState, ExchangeVariant, OrderReturns, PayBack, RETURN_DAYS_MAX,
    RETURN_PHOTOS_MAX, ReceiveReturn, ReceivedLine, Remedy, RequestReturn, ReturnAnswer, ReturnLabelView,
    ReturnLineView, ReturnPolicy, ReturnQuery, ReturnReason, ReturnStatus, ReturnSummary, ReturnView, ReturnWish,
    ReturnableLine, ReturnablePart, SendReturn, SetVendorReturnPolicy, VendorReturnPolicy,
};
pub use sent::{has_shipped, is_digital};
pub use withdrawals::{AskedBy, ItemsWithdrawn, ReturnKind, ReturnWithdrawalWanted, ReturnWithdrawn, WithdrawItems};

use garde::Validate;
use kernel::{
    AccountId, Email, LineId, Money, OrderId, Page, PageRequest, ProductId, ReturnId, Timestamp, VariantId, VendorId,
    VendorOrderId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    inventory::Shortage,
    payments::{NotCollected, OrderAttempt},
    pickup::PickupPlace,
    pricing::Quote,
    promotions::{AppliedPromotion, Customer},
    shared::{Address, TimelineEntry},
};

/// Header that carries the token of a guest's order.
pub const ORDER_TOKEN_HEADER: &str = "order-token";

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Accepted; stock is being reserved.
    Placed,
    /// Stock is held; waits for the payment.
    AwaitingPayment,
    /// Not paid yet, and sent all the same: the courier collects the money when handing it over.
    Promised,
    /// Paid; vendors prepare it.
    Paid,
    /// Every vendor's part has been delivered.
    Completed,
    /// Stock was not there; nothing was charged.
    Rejected,
    /// Called off, by the buyer, by an admin, by time; whatever was paid goes back.
    Cancelled,
}

impl OrderStatus {
    /// True if nothing more will happen to the checkout.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::Placed | Self::AwaitingPayment)
    }
}

/// Where a vendor's part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VendorOrderStatus {
    /// The order is not paid yet.
    Pending,
    /// To be packed and shipped.
    ToShip,
    /// Some of it is on its way or has arrived, the rest is still to be shipped.
    PartiallyShipped,
    /// On its way.
    Shipped,
    /// Arrived.
    Delivered,
    /// Called off.
    Cancelled,
}

/// What the buyer has to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum NextAction {
    /// Pay on the provider's page.
    Redirect {
        /// Its address.
        url: String,
    },
}

/// An order, as its buyer (and the admins) see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderView {
    /// Id.
    pub id: OrderId,
    /// Number people say: `S-2611-000123`.
    pub number: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// Why it was rejected or cancelled: `out_of_stock`, `payment_failed`, `expired`, `by_buyer`, `by_admin`.
    pub status_reason: Option<String>,
    /// What is missing, if it was rejected.
    pub shortages: Vec<Shortage>,
    /// What to do next, if anything.
    pub next_action: Option<NextAction>,
    /// Account, unless a guest's.
    pub account_id: Option<AccountId>,
    /// E-mail.
    pub email: Email,
    /// Where it goes.
    pub address: Address,
    /// For the invoice, if it is another.
    #[serde(default)]
    pub billing_address: Option<Address>,
    /// How it is or was paid.
    #[serde(default)]
    pub payment_method: String,
    /// What of the total is paid with gift cards and store credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered: Option<Money>,
    /// What is to be paid to the courier, while that is still to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_collect: Option<Money>,
    /// Paid at.
    #[serde(default)]
    pub paid_at: Option<Timestamp>,
    /// A word to the vendors.
    pub note: Option<String>,
    /// That it is a gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift: Option<Gift>,
    /// In which language it was ordered, which is that of its papers and mails: `de`; English if none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The accepted quote: lines, discounts, taxes, totals and why.
    pub quote: Quote,
    /// Each vendor's part.
    pub vendor_orders: Vec<VendorOrderView>,
    /// Returned so far.
    pub refunded: Money,
    /// Each time that money went back: a credit note.
    #[serde(default)]
    pub refunds: Vec<OrderRefund>,
    /// What has happened.
    pub timeline: Vec<TimelineEntry>,
    /// True while the buyer may call it off.
    pub can_cancel: bool,
    /// Placed at.
    pub placed_at: Timestamp,
    /// Version for `ETag` and live updates.
    pub version: i64,
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRefund {
    /// Number of its credit note: the order's with a count, `S-2611-000123-R1`.
    pub number: String,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderSummary {
    /// Id.
    pub id: OrderId,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// Titles of the first lines.
    pub titles: Vec<String>,
    /// Number of items.
    pub items: i64,
    /// To pay.
    pub total: Money,
    /// E-mail (admins only; empty otherwise).
    pub email: Option<Email>,
    /// Number of vendors.
    pub vendors: i64,
    /// Placed at.
    pub placed_at: Timestamp,
}

/// A part of a bundle that was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinePart {
    /// Variant.
    pub variant_id: VariantId,
    /// Title of its product with its options.
    pub title: String,
    /// SKU.
    pub sku: String,
    /// How many of it lie in one bundle.
    pub quantity: i64,
}

/// A line of a vendor's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    /// Id.
    pub id: LineId,
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Title.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// SKU.
    pub sku: String,
    /// How many.
    pub quantity: i64,
    /// How many of these were taken out before they were handed over.
    #[serde(default, skip_serializing_if = "is_none_of_it")]
    pub withdrawn: i64,
    /// What one of it is made of, if it is a bundle: known once its stock is set aside, and the same ever after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<LinePart>,
    /// Price of one, before promotions.
    pub unit_price: Money,
    /// What promotions take off `unit_price * quantity`.
    #[serde(default)]
    pub promotions: Vec<AppliedPromotion>,
    /// `unit_price * quantity`, less the promotions, with the tax that was added.
    pub total: Money,
    /// Tax contained in the total.
    pub tax: Money,
    /// True if the tax was added to the price, which did not contain it.
    #[serde(default)]
    pub tax_added: bool,
    /// True if it is downloaded and not sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
}

impl OrderLine {
    /// How many of it are sent, or were.
    pub fn kept(&self) -> i64 {
        self.quantity - self.withdrawn
    }
}

fn is_none_of_it(quantity: &i64) -> bool {
    *quantity == 0
}

/// One vendor's part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorOrderView {
    /// Id.
    pub id: VendorOrderId,
    /// Number: the order's with a letter, `S-2611-000123-A`.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Its name.
    pub vendor_name: String,
    /// Where it stands.
    pub status: VendorOrderStatus,
    /// Lines.
    pub lines: Vec<OrderLine>,
    /// Sum of the lines.
    pub items: Money,
    /// What promotions take off the shipping.
    #[serde(default)]
    pub shipping_promotions: Vec<AppliedPromotion>,
    /// Shipping, after promotions.
    pub shipping: Money,
    /// How it is shipped.
    pub shipping_method: String,
    /// Where its buyer fetches it, if it is not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup: Option<PickupPlace>,
    /// Tax contained in `total`.
    pub tax: Money,
    /// `items + shipping`.
    pub total: Money,
    /// What was handed over, parcel by parcel.
    #[serde(default)]
    pub parcels: Vec<ParcelView>,
}

/// A vendor's part, as the vendor sees it: with what is needed to ship, and nothing of other vendors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorOrderDetail {
    /// The part.
    pub order: VendorOrderView,
    /// Where it goes.
    pub address: Address,
    /// A word of the buyer.
    pub note: Option<String>,
    /// That it is a gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift: Option<Gift>,
    /// True while the courier still has to collect the money for the order that this part belongs to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cash_on_delivery: bool,
    /// How much that is, where the order has no other vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_collect: Option<Money>,
    /// Placed at.
    pub placed_at: Timestamp,
    /// What has happened to this part.
    pub timeline: Vec<TimelineEntry>,
}

/// Calls an order off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Why.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub reason: Option<String>,
}

/// Where an order stands, for services that ask whether it came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderStanding {
    /// Where it stands; nothing if there is no such order.
    pub status: Option<OrderStatus>,
}

/// What of an account's orders is not over yet, for services that ask before the account goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenOrders {
    /// Orders that wait for their money or their parcels.
    pub orders: i64,
    /// Returns that wait for somebody.
    pub returns: i64,
}

/// How often a customer has ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCount {
    /// Orders that were neither rejected nor cancelled.
    pub orders: i64,
}

client! {
    /// Client of the orders service. A guest's calls carry the `order-token` header.
    OrdersClient for "orders" {
        /// Places an order (headers `idempotency-key`, optionally `prefer: wait=N`).
        post place() body PlaceOrder => PlacedOrder, "/api/v1/orders";
        /// An order, for its buyer or an admin.
        get order(id: OrderId) => OrderView, "/api/v1/orders/{id}";
        /// The account's orders, newest first.
        get mine() query PageRequest => Page<OrderSummary>, "/api/v1/orders";
        /// Calls an order off.
        post cancel(id: OrderId) body CancelOrder => OrderView, "/api/v1/orders/{id}/cancel";
        /// Corrects where an order goes, until the first parcel is on its way.
        put correct_address(id: OrderId) body Address => OrderView, "/api/v1/orders/{id}/address";
        /// Pays an order another way, as long as nobody has paid it.
        post pay_another_way(id: OrderId) body PayAnotherWay => OrderView, "/api/v1/orders/{id}/payment";
        /// What was tried to pay an order, the present attempt first, for its buyer or an admin.
        get attempts(id: OrderId) query PageRequest => Page<OrderAttempt>, "/api/v1/orders/{id}/payment/attempts";
        /// What of a paid order can be downloaded, each with a fresh link.
        get downloads(id: OrderId) => OrderDownloads, "/api/v1/orders/{id}/downloads";
        /// What of an order was returned and what can be.
        get returns(id: OrderId) => OrderReturns, "/api/v1/orders/{id}/returns";
        /// Asks to return lines of an order (header `idempotency-key`): one return per vendor.
        post request_return(id: OrderId) body RequestReturn => Vec<AskedReturn>, "/api/v1/orders/{id}/returns";
        /// Takes pieces out of a paid order before they are handed over, for its buyer or an admin (header `idempotency-key`).
        post withdraw_items(id: OrderId) body WithdrawItems => ItemsWithdrawn, "/api/v1/orders/{id}/withdrawals";
        /// The same by a vendor, of its own part.
        post withdraw_own_items(vendor_id: VendorId, id: VendorOrderId) body WithdrawItems => ItemsWithdrawn, "/api/v1/vendors/{vendor_id}/orders/{id}/withdrawals";
        /// Pays something back of a vendor's part for which nothing comes back (header `idempotency-key`).
        post pay_back(vendor_id: VendorId, id: VendorOrderId) body PayBack => AskedReturn, "/api/v1/vendors/{vendor_id}/orders/{id}/refunds";
        /// The same by an admin, of any vendor's part.
        post pay_back_for(id: VendorOrderId) body PayBack => AskedReturn, "/api/v1/admin/vendor-orders/{id}/refunds";
        /// Says that the buyer of a vendor's order did not pay the courier.
        post not_collected(vendor_id: VendorId, id: VendorOrderId) body NotCollected => (), "/api/v1/vendors/{vendor_id}/orders/{id}/not-collected";
        /// Says that a return is on its way.
        post send_return(id: OrderId, return_id: ReturnId) body SendReturn => ReturnView, "/api/v1/orders/{id}/returns/{return_id}/send";
        /// The buyer keeps it after all.
        post cancel_return(id: OrderId, return_id: ReturnId) => ReturnView, "/api/v1/orders/{id}/returns/{return_id}/cancel";
        /// A vendor's returns, newest first.
        get vendor_returns(vendor_id: VendorId) query ReturnQuery => Page<ReturnSummary>, "/api/v1/vendors/{vendor_id}/returns";
        /// One of a vendor's returns.
        get vendor_return(vendor_id: VendorId, id: ReturnId) => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}";
        /// Takes a return back, all of it or part of it.
        post approve_return(vendor_id: VendorId, id: ReturnId) body ApproveReturn => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/approve";
        /// Says no to a return.
        post refuse_return(vendor_id: VendorId, id: ReturnId) body ReturnAnswer => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/refuse";
        /// Says that a return has arrived.
        post receive_return(vendor_id: VendorId, id: ReturnId) body ReceiveReturn => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/receive";
        /// Sends the money of a return once more, after it did not arrive.
        post retry_return_refund(vendor_id: VendorId, id: ReturnId) => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/retry";
        /// Says that the other variant was handed over.
        post send_exchange(vendor_id: VendorId, id: ReturnId) body SendReturn => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/exchange";
        /// Pays back what was to be exchanged.
        post refund_exchange(vendor_id: VendorId, id: ReturnId) => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/refund";
        /// Ends a return of which nothing goes back.
        post close_return(vendor_id: VendorId, id: ReturnId) body ReturnAnswer => ReturnView, "/api/v1/vendors/{vendor_id}/returns/{id}/close";
        /// For how long a vendor takes things back.
        get vendor_return_policy(vendor_id: VendorId) => VendorReturnPolicy, "/api/v1/vendors/{vendor_id}/return-policy";
        /// Sets that.
        put set_vendor_return_policy(vendor_id: VendorId) body SetVendorReturnPolicy => VendorReturnPolicy, "/api/v1/vendors/{vendor_id}/return-policy";
        /// All returns (admins).
        get all_returns() query ReturnQuery => Page<ReturnSummary>, "/api/v1/admin/returns";
        /// For how long vendors have to take things back (admins).
        get return_policy() => ReturnPolicy, "/api/v1/admin/return-policy";
        /// Sets that.
        put set_return_policy() body ReturnPolicy => ReturnPolicy, "/api/v1/admin/return-policy";
        /// A return, for services that write to people.
        get return_for_message(return_id: ReturnId) => ReturnView, "/internal/returns/{return_id}";
        /// A vendor's orders, newest first.
        get vendor_orders(vendor_id: VendorId) query VendorOrderQuery => Page<VendorOrderDetail>, "/api/v1/vendors/{vendor_id}/orders";
        /// One of a vendor's orders.
        get vendor_order(vendor_id: VendorId, id: VendorOrderId) => VendorOrderDetail, "/api/v1/vendors/{vendor_id}/orders/{id}";
        /// What an order costs that an admin makes for a buyer.
        post quote_for_buyer() body QuoteForBuyer => Quote, "/api/v1/admin/orders/quote";
        /// Makes an order for a buyer (admins; header `idempotency-key`).
        post make() body MakeOrder => OrderView, "/api/v1/admin/orders";
        /// All orders (admins).
        get all() query OrderQuery => Page<OrderSummary>, "/api/v1/admin/orders";
        /// An order with its buyer and the token that opens it, for services that write to people.
        get for_message(id: OrderId) => PlacedOrder, "/internal/orders/{id}";
        /// Where an order stands, or that there is no such order.
        get standing(id: OrderId) => OrderStanding, "/internal/orders/{id}/standing";
        /// What of an account's orders is not over yet.
        get open_of_account(account_id: AccountId) => OpenOrders, "/internal/accounts/{account_id}/open-orders";
        /// How often a customer has ordered.
        post count() body Customer => OrderCount, "/internal/orders/count";
    }
}
