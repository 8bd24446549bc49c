//! The edge as a stack of layers, and as a proxy before services that live, die and change.

mod edge;
mod leftover;
mod limits;
mod passing;
mod product_page;
mod service;
mod streams;
