//! The pages through their router. The services behind them are played by stand-ins that answer what
//! a test tells them and remember what they were asked.

mod account;
mod addresses;
mod backbone;
mod browser;
mod bundling;
mod buying;
mod cash;
mod credits;
mod currencies;
mod describing;
mod disputes;
mod downloads;
mod fixtures;
mod invoices;
mod labels;
mod languages;
mod looking;
mod main_currency;
mod order;
mod paying;
mod payouts;
mod portal;
mod prices;
mod promoting;
mod queue;
mod returns;
mod reviews;
mod running;
mod searching;
mod selling;
mod shortfalls;
mod stage;
mod stocking;
mod tokens;
mod wishing;
