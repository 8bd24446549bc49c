//! Everything that has to hold before a change lands, as one list: `cargo xtask test`.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command, ExitCode},
    time::Instant,
};

/// A step: its name, a program with its arguments (none holds a blank), and the folder it runs in.
type Step = (&'static str, &'static str, &'static str);

/// In the order in which a mistake shows soonest.
///
/// Whatever compiles does so for the whole workspace in the profile `fast`: with fewer packages the
/// features of dependencies would differ, and all of them would be built again. The tests are built
/// with Kafka and with the bugs that the simulator can switch on; the step before sees to it that
/// nothing depends on Kafka; the bugs stay off in every program but the simulator's (see `docs/reliability.md`).
const STEPS: &[Step] = &[
    ("format", "cargo fmt --all --check", "."),
    ("tidy", "cargo run -q -p xtask -- tidy", "."),
    ("build without Kafka", "cargo build --profile fast --workspace --bin souk --features sim/planted-bugs", "."),
    (
        "build",
        "cargo build --keep-going --profile fast --workspace --all-targets --features adapters/kafka,sim/planted-bugs",
        ".",
    ),
    (
        "tests",
        "cargo test --profile fast --workspace --features adapters/kafka,sim/planted-bugs --lib --bins --no-fail-fast",
        ".",
    ),
    (
        "end to end",
        "cargo test --profile fast --workspace --features adapters/kafka,sim/planted-bugs --test e2e -- --test-threads=1 --nocapture",
        ".",
    ),
    ("browser", "npm test", "tests/browser"),
    // What the search sends to Elasticsearch, judged by the official client's types; no server is at hand.
    ("elasticsearch types", "npm test", "tests/elasticsearch"),
    ("gateways' libraries", "npm test", "tests/gateways/judge"),
    ("api fuzzing", "bash tests/schemathesis.sh", "."),
    ("simulation", "target/fast/sim --seeds 0..1000 --threads 2 --marks", "."),
    (
        "planted bugs",
        "cargo test --profile fast --workspace --features adapters/kafka,sim/planted-bugs --test seeds --test planted -- --nocapture",
        ".",
    ),
];

/// Needs nothing but a processor, and the tests before it leave much of theirs idle: begun with the first of them, it
/// takes what they leave.
const BESIDE: &str = "simulation";
const BEGUN_WITH: &str = "end to end";

/// As `cargo clippy -- -D warnings` tells it to clippy.
const DENY_WARNINGS: &str = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";

/// Runs the steps (all, or those named), stops at the first that fails, says how long each took.
pub fn run(root: &Path, only: &[String]) -> ExitCode {
    let mut times = Vec::new();
    let wanted = |(name, ..): &&Step| only.is_empty() || only.iter().any(|o| o == name);
    let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
    let mut beside: Option<Child> = None;
    for (name, command, folder) in &steps {
        println!("\n=== {name}: {command}");
        let started = Instant::now();
        if *name == BEGUN_WITH
            && let Some((_, command, folder)) = steps.iter().find(|(name, ..)| *name == BESIDE)
        {
            beside = begin_beside(root, command, folder);
        }
        let status = match beside.as_mut().filter(|_| *name == BESIDE) {
            Some(child) => child.wait().inspect(|_| print_log(root)),
            None => process(command).current_dir(root.join(folder)).status(),
        };
        let took_s = started.elapsed().as_secs();
        times.push(format!("{name} {took_s} s"));
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => {
                eprintln!("\n=== {name} failed ({status}) after {took_s} s");
                return end(beside);
            }
            Err(error) => {
                eprintln!("\n=== {name} cannot run: {command} ({error})");
                return end(beside);
            }
        }
    }
    println!("\n=== all passed: {}", times.join(", "));
    ExitCode::SUCCESS
}

/// What cargo compiles of ours is compiled by clippy, which is the compiler and says more: a pass of its own would go
/// through all dependencies once more.
fn process(command: &str) -> Command {
    let mut words = command.split(' ');
    let mut process = Command::new(words.next().unwrap_or_default());
    process.args(words).env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", DENY_WARNINGS);
    process
}

/// Starts it behind all others; what it says is kept in a file. If that cannot be done it runs in its turn.
fn begin_beside(root: &Path, command: &str, folder: &str) -> Option<Child> {
    let log = File::create(root.join("target/beside.log")).ok()?;
    let mut niced = process(&format!("nice -n 19 {command}"));
    niced.current_dir(root.join(folder)).stdout(log.try_clone().ok()?).stderr(log).spawn().ok()
}

fn print_log(root: &Path) {
    print!("{}", std::fs::read_to_string(root.join("target/beside.log")).unwrap_or_default());
}

/// A failure; nothing goes on behind it.
fn end(beside: Option<Child>) -> ExitCode {
    if let Some(mut child) = beside {
        // Both fail only if it has ended already.
        let _ = child.kill();
        let _ = child.wait();
    }
    ExitCode::FAILURE
}
