//! Typed ids: a UUIDv7 each, so an order can never be looked up with a product's id.
//! An id is a name, not a secret.

/// Declares id types over [`uuid::Uuid`]; text form is the plain hyphenated UUID.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "uuid_schema::Uuid")] pub uuid::Uuid);

        impl $name {
            /// A new id from the handed-in source.
            pub fn new(ids: &crate::Ids) -> Self {
                Self(ids.uuid())
            }
            /// An id derived from parts, the same for the same parts: makes effects repeatable.
            pub fn derived(namespace: &str, parts: &[&str]) -> Self {
                Self(derive(namespace, parts))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = crate::Error;
            fn from_str(s: &str) -> crate::Result<Self> {
                uuid::Uuid::parse_str(s).map(Self).map_err(|_| crate::Error::malformed(concat!("not a ", stringify!($name))))
            }
        }
    )+};
}

/// Schema stand-in: schemars has no built-in knowledge of our `uuid` version.
mod uuid_schema {
    use std::borrow::Cow;
    pub struct Uuid;
    impl schemars::JsonSchema for Uuid {
        fn inline_schema() -> bool {
            true
        }
        fn schema_name() -> Cow<'static, str> {
            "Uuid".into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({"type": "string", "format": "uuid"})
        }
    }
}

/// A stable 128-bit id out of text parts (FNV-1a in two lanes; a name, not a secret).
fn derive(namespace: &str, parts: &[&str]) -> uuid::Uuid {
    let mut lanes = [0xcbf2_9ce4_8422_2325_u64, 0x6c62_272e_07bb_0142_u64];
    let mut eat = |byte: u8| {
        for (i, lane) in lanes.iter_mut().enumerate() {
            *lane = (*lane ^ u64::from(byte).wrapping_add(i as u64 * 131)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    namespace.bytes().for_each(&mut eat);
    for part in parts {
        eat(0x1f);
        part.bytes().for_each(&mut eat);
    }
    let mut bytes = [0_u8; 16];
    bytes[..8].copy_from_slice(&lanes[0].to_be_bytes());
    bytes[8..].copy_from_slice(&lanes[1].to_be_bytes());
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

ids! {
    /// An account of a person: customer, vendor member or admin.
    AccountId,
    /// A log-in on one device.
    SessionId,
    /// A postal address in somebody's book.
    AddressId,
    /// A store.
    VendorId,
    /// A product of one vendor.
    ProductId,
    /// What is bought: a product in one combination of options.
    VariantId,
    /// A node of the category tree.
    CategoryId,
    /// A picture.
    MediaId,
    /// A discount.
    DiscountId,
    /// A promotion.
    PromotionId,
    /// A list of prices for a group of customers.
    PriceListId,
    /// A cart. Not the token that opens it.
    CartId,
    /// A line of a cart or an order.
    LineId,
    /// What a buyer ordered, across vendors.
    OrderId,
    /// One vendor's part of an order.
    VendorOrderId,
    /// What a buyer sends back to one vendor.
    ReturnId,
    /// What is held of the stock for an order.
    ReservationId,
    /// The payment of an order.
    PaymentId,
    /// Money on its way back.
    RefundId,
    /// A payment that its buyer disputes.
    DisputeId,
    /// Money on its way to a vendor.
    PayoutId,
    /// A rule of what the platform takes of sales.
    CommissionRuleId,
    /// A gift card, or the store credit of an account.
    CreditId,
    /// An entry of the ledger's journal.
    EntryId,
    /// A parcel.
    ShipmentId,
    /// A label of a carrier for a parcel.
    LabelId,
    /// A way a vendor ships.
    ShippingMethodId,
    /// A review.
    ReviewId,
    /// What a moderator did.
    ModerationId,
    /// A message to a person.
    MessageId,
    /// An event.
    EventId,
    /// A job or timer.
    JobId,
    /// An import run.
    ImportId,
    /// A file to import.
    ImportFileId,
    /// A file of a variant that is downloaded.
    VariantFileId,
    /// Where a vendor keeps goods.
    LocationId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_repeat_and_differ() {
        let a = OrderId::derived("order", &["a", "b"]);
        assert_eq!(a, OrderId::derived("order", &["a", "b"]));
        assert_ne!(a, OrderId::derived("order", &["ab"]));
        assert_ne!(a, OrderId::derived("order", &["b", "a"]));
        assert_eq!(a.to_string().parse::<OrderId>().unwrap(), a);
    }
}
