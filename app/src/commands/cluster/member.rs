//! One process of the cluster: how it is started, told to end, and started again.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    net::{SocketAddr, TcpListener},
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use kernel::{Error, Result};
use tokio::net::TcpSocket;

use super::ears::Ears;
use crate::notify;

/// How long a process that died is left alone before it is started again.
const REST: Duration = Duration::from_secs(1);
/// Connections that wait until somebody accepts them.
const WAITING_MAX: u32 = 1024;

/// One process: what it runs, where it listens.
pub struct Member {
    pub service: &'static str,
    pub number: usize,
    pub listen: SocketAddr,
    /// No second process of it may run beside it.
    pub is_single: bool,
    /// Kept open here, so that connections wait while one process follows another.
    socket: Option<TcpListener>,
    pub child: Option<Child>,
    /// Starts beside it, to take its place.
    pub next: Option<Child>,
    /// Had its place, and finishes what it has begun.
    pub before: Option<Child>,
    ended: Instant,
}

/// When a process begins to accept connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// As soon as it can, if only to say that it is not ready: nobody else does.
    AtOnce,
    /// When it is ready: meanwhile the process before it does, or they wait.
    WhenReady,
}

impl Member {
    pub fn new(service: &'static str, number: usize, listen: SocketAddr, is_single: bool) -> Self {
        let ended = Instant::now();
        Self { service, number, listen, is_single, socket: None, child: None, next: None, before: None, ended }
    }

    /// Starts another process of it.
    pub fn start(&mut self, starter: &Starter, accepts: Accepts) -> Result<Child> {
        let socket = match self.socket.take() {
            Some(socket) => socket,
            None => bind(self.listen)?,
        };
        let child = starter.start(self, &socket, accepts);
        self.socket = Some(socket);
        child
    }

    /// Starts it again if it has ended: at once if it was told to end, while connections wait; a while later
    /// if it died, and until then whoever calls it hears so.
    pub fn look_after(&mut self, starter: &Starter, ears: &mut Ears) -> Result<()> {
        let mut accepts = Accepts::AtOnce;
        if let Some(child) = &mut self.child
            && let Some(status) = child.try_wait().map_err(Error::internal)?
        {
            eprintln!("{} {} ended ({status}) and is started again.", self.service, self.number);
            ears.forget(child.id());
            (self.child, self.ended) = (None, Instant::now());
            if status.success() {
                accepts = Accepts::WhenReady;
            } else {
                self.socket = None;
            }
        }
        if self.child.is_none() && (accepts == Accepts::WhenReady || self.ended.elapsed() >= REST) {
            match self.start(starter, accepts) {
                Ok(child) => self.child = Some(child),
                Err(error) => {
                    eprintln!("{} {} cannot be started yet: {}", self.service, self.number, error.detail());
                    self.ended = Instant::now();
                }
            }
        }
        Ok(())
    }

    /// All processes of it that there are.
    pub fn processes(&mut self) -> impl Iterator<Item = &mut Child> {
        [&mut self.child, &mut self.next, &mut self.before].into_iter().flatten()
    }

    /// From now on nobody waits for a process that will not come.
    pub fn close(&mut self) {
        self.socket = None;
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener> {
    let bound = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(WAITING_MAX)?.into_std()
    };
    bound().map_err(|e| Error::unavailable(format!("Cannot listen on {address}: {e}.")))
}

/// How a process is started.
pub struct Starter {
    pub program: PathBuf,
    pub settings: BTreeMap<String, String>,
    pub file: Option<PathBuf>,
    pub logs: PathBuf,
    /// Where processes say that they are ready.
    pub ears: PathBuf,
    /// Where the process that listens at this port serves its metrics; the others at as many ports above as they listen above it.
    pub metrics: Option<(SocketAddr, u16)>,
}

impl Starter {
    /// In a process group of its own: Ctrl-C reaches this program alone, which then ends the others in order.
    fn start(&self, member: &Member, socket: &TcpListener, accepts: Accepts) -> Result<Child> {
        let log = self.log(member)?;
        let errors = log.try_clone().map_err(Error::internal)?;
        let socket: OwnedFd = socket.try_clone().map_err(Error::internal)?.into();
        let mut command = Command::new(&self.program);
        command.args(["serve", member.service, "--inherit", "--listen"]).arg(member.listen.to_string());
        if accepts == Accepts::WhenReady {
            command.arg("--when-ready");
        }
        if let Some(file) = &self.file {
            command.arg("--config").arg(file);
        }
        command.envs(&self.settings).env(notify::SOCKET, &self.ears);
        if let Some((first, front)) = self.metrics {
            let port = first.port().saturating_add(member.listen.port().saturating_sub(front));
            command.env("SOUK_SERVER__METRICS_LISTEN", SocketAddr::new(first.ip(), port).to_string());
        }
        command.stdin(Stdio::from(socket)).stdout(log).stderr(errors).process_group(0);
        command.spawn().map_err(|e| Error::unavailable(format!("{} cannot be started: {e}.", self.program.display())))
    }

    fn log(&self, member: &Member) -> Result<File> {
        let path: &Path = &self.logs.join(format!("{}-{}.log", member.service, member.number));
        let opened = OpenOptions::new().create(true).append(true).open(path);
        opened.map_err(|e| Error::unavailable(format!("{} cannot be written: {e}.", path.display())))
    }
}

/// Tells a process to finish what it has begun, and end.
pub fn tell_to_end(child: &Child) {
    // Fails only if it has ended already.
    let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
}
