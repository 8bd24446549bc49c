//! Everything that has to hold before a change lands, as one list: `cargo xtask test`.

use std::{
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

/// A step: its name, a program with its arguments, and the folder it runs in.
type Step = (&'static str, &'static [&'static str], &'static str);

/// In the order in which a mistake shows soonest.
const STEPS: &[Step] = &[
    ("format", &["cargo", "fmt", "--all", "--check"], "."),
    ("tidy", &["cargo", "run", "-q", "-p", "xtask", "--", "tidy"], "."),
    ("lint", &["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], "."),
    ("tests", &["cargo", "test", "--workspace", "--exclude", "e2e", "--exclude", "sim"], "."),
];

/// Longer proofs, by name: `cargo xtask test simulation`.
const PROOFS: &[Step] = &[
    ("simulation", &["cargo", "test", "--profile", "fast", "-p", "sim"], "."),
    ("binary", &["cargo", "build", "--profile", "fast", "-p", "souk", "-p", "sandbox"], "."),
    ("end to end", &["cargo", "test", "--profile", "fast", "-p", "e2e", "--", "--test-threads=1"], "."),
    ("browser", &["npm", "test"], "tests/browser"),
    ("api fuzzing", &["bash", "tests/schemathesis.sh"], "."),
];

/// Runs the steps (all, or those named, proofs included), stops at the first that fails, says how long each took.
pub fn run(root: &Path, only: &[String]) -> ExitCode {
    let mut times = Vec::new();
    let named = |(name, ..): &&Step| only.iter().any(|o| o == name);
    let steps: Vec<&Step> =
        if only.is_empty() { STEPS.iter().collect() } else { STEPS.iter().chain(PROOFS).filter(named).collect() };
    for (name, command, folder) in steps {
        println!("\n=== {name}: {}", command.join(" "));
        let started = Instant::now();
        let status = Command::new(command[0]).args(&command[1..]).current_dir(root.join(folder)).status();
        let took_s = started.elapsed().as_secs();
        times.push(format!("{name} {took_s} s"));
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => {
                eprintln!("\n=== {name} failed ({status}) after {took_s} s");
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("\n=== {name} cannot run: {} ({error})", command[0]);
                return ExitCode::FAILURE;
            }
        }
    }
    println!("\n=== all passed: {}", times.join(", "));
    ExitCode::SUCCESS
}
