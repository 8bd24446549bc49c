//! Everything that has to hold before a change lands, as one list: `cargo xtask test`.

use std::{
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

/// A step: its name, a program with its arguments, and the folder it runs in.
type Step = (&'static str, &'static [&'static str], &'static str);

/// In the order in which a mistake shows soonest. Everything is built once, in the profile `fast`.
const STEPS: &[Step] = &[
    ("format", &["cargo", "fmt", "--all", "--check"], "."),
    ("tidy", &["cargo", "run", "-q", "-p", "xtask", "--", "tidy"], "."),
    ("lint", &["cargo", "clippy", "--profile", "fast", "--workspace", "--all-targets", "--", "-D", "warnings"], "."),
    ("tests", &["cargo", "test", "--profile", "fast", "--workspace", "--exclude", "e2e", "--exclude", "sim"], "."),
    ("binary", &["cargo", "build", "--profile", "fast", "-p", "souk", "-p", "sandbox"], "."),
    ("end to end", &["cargo", "test", "--profile", "fast", "-p", "e2e", "--", "--test-threads=1", "--nocapture"], "."),
    ("browser", &["npm", "test"], "tests/browser"),
    ("api fuzzing", &["bash", "tests/schemathesis.sh"], "."),
    (
        "simulation",
        &["cargo", "run", "--profile", "fast", "-p", "sim", "--", "--seeds", "0..1000", "--threads", "2", "--marks"],
        ".",
    ),
    (
        "planted bugs",
        &["cargo", "test", "--profile", "fast", "-p", "sim", "--features", "planted-bugs", "--", "--nocapture"],
        ".",
    ),
];

/// Runs the steps (all, or those named), stops at the first that fails, says how long each took.
pub fn run(root: &Path, only: &[String]) -> ExitCode {
    let mut times = Vec::new();
    let wanted = |(name, ..): &&Step| only.is_empty() || only.iter().any(|o| o == name);
    for (name, command, folder) in STEPS.iter().filter(wanted) {
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
