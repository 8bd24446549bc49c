//! One use case per file.

pub(crate) mod advance_shipment;
pub(crate) mod change_methods;
pub(crate) mod create_shipments;
pub(crate) mod list_shipments;
pub(crate) mod track;
