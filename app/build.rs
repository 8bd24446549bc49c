//! Has the linker keep functions of the same machine code once: generic code makes many of them, and what a program of
//! this size touches of itself is most of the memory that it holds when idle.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // Here rustc links with LLD, which can; flags of one's own may choose another linker.
    let by_lld =
        is("TARGET", "x86_64-unknown-linux-gnu") && env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().is_empty();
    if by_lld && is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    }
}
