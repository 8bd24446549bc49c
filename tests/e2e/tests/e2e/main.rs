//! What only the real program can show: the binaries `souk` and `souk-sandbox` as processes, over real
//! sockets. `README.md` tells how to run it and what the long forms are.

mod backlog;
mod cards;
mod command_line;
mod crash;
mod demo;
mod failures;
mod forms;
mod guest;
mod http;
mod input;
mod market;
mod pages;
mod postgres;
mod process;
mod proxy;
mod races;
mod rolling;
mod rows;
mod schema;
mod shape;
mod split;
mod stage;
mod tenants;
mod truth;
