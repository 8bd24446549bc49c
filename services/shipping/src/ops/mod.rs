//! One use case per file.

pub(crate) mod advance_shipment;
pub(crate) mod carrier_rates;
pub(crate) mod carry_label;
pub(crate) mod change_methods;
pub(crate) mod create_shipments;
pub(crate) mod follow;
mod keep_label;
pub(crate) mod labels;
pub(crate) mod list_shipments;
pub(crate) mod return_labels;
pub(crate) mod senders;
pub(crate) mod track;
pub(crate) mod withdraw;
