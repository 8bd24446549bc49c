//! One suite for every bus, one for every store of files, and what only one of them can do.

mod files;
#[cfg(feature = "kafka")]
mod kafka;
mod local;
mod outside;
mod process;
mod proxy;
mod rabbitmq;
mod redis;
mod shop;
mod suite;

/// Says that a test did not run, and why; fails where it has to run.
fn skip(what: &str) {
    let must = ["CI", "SOUK_REQUIRE_ENGINES"].iter().any(|name| std::env::var_os(name).is_some());
    assert!(!must, "{what} is missing, and this test must not be skipped here");
    eprintln!("\n*** SKIPPED: {what} is missing ***\n");
}
