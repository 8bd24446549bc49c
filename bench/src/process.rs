//! What Linux says about a process: processor time, memory, threads.

use std::{collections::BTreeMap, fs, time::Duration};

use crate::Result;

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A process.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// This one.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Processor time so far.
    pub fn cpu(self) -> Result<Duration> {
        cpu_of(&fs::read_to_string(format!("/proc/{}/stat", self.0))?)
    }

    /// Processor time so far by names of threads.
    pub fn threads(self) -> Result<Vec<(String, Duration)>> {
        let mut by_name: BTreeMap<String, Duration> = BTreeMap::new();
        for thread in fs::read_dir(format!("/proc/{}/task", self.0))? {
            // A thread may end between being listed and being read.
            let Ok(stat) = fs::read_to_string(thread?.path().join("stat")) else { continue };
            let name = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(name, _)| name);
            *by_name.entry(name.to_owned()).or_default() += cpu_of(&stat)?;
        }
        Ok(by_name.into_iter().collect())
    }

    /// Memory that is really held, in megabytes of 10⁶ bytes.
    pub fn memory_mb(self) -> Result<f64> {
        self.status("VmRSS:")
    }

    /// The most it ever held.
    pub fn memory_peak_mb(self) -> Result<f64> {
        self.status("VmHWM:")
    }

    fn status(self, key: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let line = status.lines().find_map(|line| line.strip_prefix(key)).ok_or("no such line in status")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

fn cpu_of(stat: &str) -> Result<Duration> {
    let fields = stat.rsplit_once(')').ok_or("a stat line without a name")?.1;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || -> Result<u32> { Ok(fields.next().ok_or("a short stat line")?.parse()?) };
    Ok(TICK * (ticks()? + ticks()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_odd_names_are_read() {
        let line = "42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 1";
        assert_eq!(cpu_of(line).unwrap(), Duration::from_secs(2));
        assert!(Process::own().memory_mb().unwrap() > 1.0);
    }
}
