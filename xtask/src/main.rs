//! Chores of the workspace: `cargo xtask test` runs everything that has to hold, `cargo xtask tidy`
//! the rules of style.
//!
//! `tidy` is STYLE.md as a program: every rule there that a compiler does not check is checked here.

mod dependencies;
mod rules;
mod steps;
mod tree;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("tidy") => tidy(),
        Some("test") => steps::run(&tree::root(), &arguments[1..]),
        _ => {
            eprintln!("usage: cargo xtask tidy | test [step …]");
            ExitCode::FAILURE
        }
    }
}

fn tidy() -> ExitCode {
    let tree = tree::Tree::read();
    let complaints = rules::all(&tree);
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    println!("tidy: {} files, {} complaints", tree.files.len(), complaints.len());
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_is_tidy() {
        let complaints = crate::rules::all(&crate::tree::Tree::read());
        assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    }
}
