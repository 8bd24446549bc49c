//! Starts and stops the real program.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{Result, client::Client, process::Process};

/// A running program. Dropped, it is killed.
pub struct Server {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
    /// From the start to the first `ready`.
    pub ready_after: Duration,
    printed: Arc<Mutex<Vec<String>>>,
}

/// Builds the program as it is delivered.
pub fn build() -> Result<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo).args(["build", "--release", "-p", "souk"]).status()?;
    if !built.success() {
        return Err("souk cannot be built".into());
    }
    // This program was built into the same folder.
    let folder = std::env::current_exe()?;
    Ok(folder.parent().ok_or("this program lies nowhere")?.join("souk"))
}

/// An address that nobody listens on.
pub fn free_address() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Server {
    /// Starts `souk <command>` on the data in `folder` and waits until it is ready.
    pub async fn start(program: &Path, command: &str, folder: &Path, patience: Duration) -> Result<Self> {
        Self::start_with(program, (command, &[]), folder, &[], patience).await
    }

    /// The same for `souk <command> <arguments>`, with these settings.
    pub async fn start_with(
        program: &Path,
        (command, arguments): (&str, &[String]),
        folder: &Path,
        settings: &[(&str, String)],
        patience: Duration,
    ) -> Result<Self> {
        let address = free_address()?;
        std::fs::create_dir_all(folder)?;
        let mut start = Command::new(program);
        start
            .arg(command)
            .args(arguments)
            .arg("--data")
            .arg(folder.join("data"))
            .args(["--listen", &address.to_string()]);
        start.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped());
        start.envs([("SOUK_GATEWAY__LIMITS", "false"), ("SOUK_LOG__FILTER", "warn")]);
        start.envs(settings.iter().map(|(key, value)| (key, value)));
        Self::wait(start.spawn()?, address, patience).await
    }

    /// Starts this program itself as the ceiling.
    pub async fn start_ceiling(bodies: &Path) -> Result<Self> {
        Self::start_own(&["ceiling", &bodies.display().to_string()]).await
    }

    /// Starts this program itself as the ceiling of a gateway before the server at `behind`.
    pub async fn start_proxy(behind: SocketAddr) -> Result<Self> {
        Self::start_own(&["proxy", &behind.to_string()]).await
    }

    async fn start_own(arguments: &[&str]) -> Result<Self> {
        let address = free_address()?;
        let mut start = Command::new(std::env::current_exe()?);
        start.args(arguments).arg(address.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
        Self::wait(start.spawn()?, address, Duration::from_secs(10)).await
    }

    async fn wait(mut child: Child, address: SocketAddr, patience: Duration) -> Result<Self> {
        let begun = Instant::now();
        let printed: Arc<Mutex<Vec<String>>> = Arc::default();
        if let Some(out) = child.stdout.take() {
            let printed = printed.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(std::io::Result::ok) {
                    printed.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                }
            });
        }
        let mut server = Self { child, address, ready_after: Duration::ZERO, printed };
        while !server.is_ready().await {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("the server ended with {status}").into());
            }
            if begun.elapsed() > patience {
                return Err("the server is not ready in time".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.ready_after = begun.elapsed();
        Ok(server)
    }

    async fn is_ready(&self) -> bool {
        let Ok(mut client) = Client::connect(self.address).await else { return false };
        client.get("/health/ready").await.is_ok_and(|answer| answer.status == 200)
    }

    /// Its process.
    pub fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// The rest of the line that it prints after `mark`; none if it does not within a few seconds.
    pub async fn printed_after(&self, mark: &str) -> Option<String> {
        for _ in 0..500 {
            let found = {
                let lines = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
                lines.iter().find_map(|line| Some(line.split_once(mark)?.1.trim().to_owned()))
            };
            if found.is_some() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }

    /// Waits until it has done what was left to do: its processor time stands nearly still.
    pub async fn settle(&self, patience: Duration) -> Result<Duration> {
        let begun = Instant::now();
        let mut quiet = 0;
        // Every process looks now and then whether there is something to do.
        let idle = Duration::from_millis(20) * u32::try_from(1 + self.process().children()?.len() / 4)?;
        while quiet < 4 {
            let before = self.process().cpu()?;
            tokio::time::sleep(Duration::from_millis(500)).await;
            let used = self.process().cpu()? - before;
            quiet = if used <= idle { quiet + 1 } else { 0 };
            if begun.elapsed() > patience {
                return Err(format!("the server is not quiet after {patience:?}").into());
            }
        }
        Ok(begun.elapsed())
    }

    /// Asks it to stop and waits.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let until = Instant::now() + Duration::from_secs(40);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() { Ok(()) } else { Err(format!("the server ended with {status}").into()) };
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("the server does not stop".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // They may have ended by themselves; then there is nobody to kill.
        for (child, _) in self.process().children().unwrap_or_default() {
            let _ = Command::new("kill").args(["-KILL", &child.0.to_string()]).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
