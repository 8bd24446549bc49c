//! `souk`: a multi-vendor marketplace in one program.

mod commands;
mod compose;
mod config;
mod databases;
mod installation;
mod judge;
mod notify;
mod places;
mod seed;
mod telemetry;
#[cfg(test)]
mod tests;
mod watch;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("souk: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("souk: {}", commands::explain(&error));
            ExitCode::FAILURE
        }
    }
}
