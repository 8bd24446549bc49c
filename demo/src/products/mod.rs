//! What the shops sell, a shelf for each.

mod azahar;
pub mod backdrops;
mod conti;
mod groene;
mod hirondelle;
mod klang;
mod kolo;
mod lehm;
mod melissa;
mod metsa;
mod nordlys;
mod torra;
mod tweed;
mod vidda;
mod vltava;
mod zilver;

use crate::Product;
use crate::seed::Shelf;

/// Every shop's shelf.
pub const SHELVES: &[Shelf] = &[
    lehm::SHELF,
    hirondelle::SHELF,
    nordlys::SHELF,
    conti::SHELF,
    azahar::SHELF,
    torra::SHELF,
    tweed::SHELF,
    kolo::SHELF,
    zilver::SHELF,
    melissa::SHELF,
    vltava::SHELF,
    metsa::SHELF,
    vidda::SHELF,
    klang::SHELF,
    groene::SHELF,
];

/// Every product, shop by shop.
pub fn all() -> Vec<Product> {
    SHELVES.iter().flat_map(Shelf::products).collect()
}
