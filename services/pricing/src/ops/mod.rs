//! One use case per file.

pub(crate) mod create_discount;
pub(crate) mod currencies;
pub(crate) mod delete_discount;
pub(crate) mod groups;
pub(crate) mod hold_promotions;
pub(crate) mod list_discounts;
pub(crate) mod make_quote;
pub(crate) mod price_lists;
pub(crate) mod promotions;
pub(crate) mod reprice;
pub(crate) mod set_prices;
pub(crate) mod set_taxes;
pub(crate) mod take_sale;
pub(crate) mod update_discount;
