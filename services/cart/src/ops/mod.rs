//! One use case per file.

pub(crate) mod add_line;
pub(crate) mod change_codes;
pub(crate) mod change_lines;
pub(crate) mod letters;
pub(crate) mod merge_carts;
pub(crate) mod notices;
pub(crate) mod open_cart;
pub(crate) mod reorder;
pub(crate) mod set_currency;
pub(crate) mod show_cart;
pub(crate) mod wishes;
