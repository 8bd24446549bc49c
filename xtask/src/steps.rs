//! Everything that has to hold before a change lands, as one list: `cargo xtask test`.

use std::{
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

/// A step: its name, a program with its arguments (none holds a blank), and the folder it runs in.
type Step = (&'static str, &'static str, &'static str);

/// In the order in which a mistake shows soonest.
///
/// Whatever compiles does so for the whole workspace in the profile `fast`: with fewer packages the
/// features of dependencies would differ, and all of them would be built again. The tests are built
/// with Kafka and with the bugs that the simulator can switch on; lint sees to it that nothing depends on that.
const STEPS: &[Step] = &[
    ("format", "cargo fmt --all --check", "."),
    ("tidy", "cargo run -q -p xtask -- tidy", "."),
    ("lint", "cargo clippy --profile fast --workspace --all-targets -- -D warnings", "."),
    ("build", "cargo build --profile fast --workspace --all-targets --features adapters/kafka,sim/planted-bugs", "."),
    ("tests", "cargo test --profile fast --workspace --features adapters/kafka,sim/planted-bugs --lib --bins", "."),
    (
        "end to end",
        "cargo test --profile fast --workspace --features adapters/kafka,sim/planted-bugs --test e2e -- --test-threads=1 --nocapture",
        ".",
    ),
    ("browser", "npm test", "tests/browser"),
    // What the search sends to Elasticsearch, judged by the official client's types; no server is at hand.
    ("elasticsearch types", "npm test", "tests/elasticsearch"),
    ("api fuzzing", "bash tests/schemathesis.sh", "."),
    ("simulation", "target/fast/sim --seeds 0..1000 --threads 2 --marks", "."),
    (
        "planted bugs",
        "cargo test --profile fast --workspace --features adapters/kafka,sim/planted-bugs --test seeds --test planted -- --nocapture",
        ".",
    ),
];

/// Runs the steps (all, or those named), stops at the first that fails, says how long each took.
pub fn run(root: &Path, only: &[String]) -> ExitCode {
    let mut times = Vec::new();
    let wanted = |(name, ..): &&Step| only.is_empty() || only.iter().any(|o| o == name);
    for (name, command, folder) in STEPS.iter().filter(wanted) {
        println!("\n=== {name}: {command}");
        let started = Instant::now();
        let mut words = command.split(' ');
        let program = words.next().unwrap_or_default();
        let status = Command::new(program).args(words).current_dir(root.join(folder)).status();
        let took_s = started.elapsed().as_secs();
        times.push(format!("{name} {took_s} s"));
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => {
                eprintln!("\n=== {name} failed ({status}) after {took_s} s");
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("\n=== {name} cannot run: {program} ({error})");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("\n=== all passed: {}", times.join(", "));
    ExitCode::SUCCESS
}
