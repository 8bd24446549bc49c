//! What Linux says about a process: processor time, memory, threads.

use std::{collections::BTreeMap, fs, time::Duration};

use crate::Result;

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A process, together with those it has started.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// This one.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Itself and those it has started.
    fn family(self) -> Result<Vec<u32>> {
        let mut ids = vec![self.0];
        for task in fs::read_dir(format!("/proc/{}/task", self.0))? {
            // A thread may end between being listed and being read.
            let Ok(children) = fs::read_to_string(task?.path().join("children")) else { continue };
            ids.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        }
        Ok(ids)
    }

    /// Those it has started, each with what it was told on its command line.
    pub fn children(self) -> Result<Vec<(Self, String)>> {
        let named = |id: u32| {
            let line = fs::read_to_string(format!("/proc/{id}/cmdline"))?;
            Ok((Self(id), line.trim_end_matches('\0').replace('\0', " ")))
        };
        self.family()?.into_iter().skip(1).map(named).collect()
    }

    /// Processor time so far.
    pub fn cpu(self) -> Result<Duration> {
        let of = |id: u32| cpu_of(&fs::read_to_string(format!("/proc/{id}/stat"))?);
        self.family()?.into_iter().map(of).sum()
    }

    /// Processor time so far by names of threads.
    pub fn threads(self) -> Result<Vec<(String, Duration)>> {
        let mut by_name: BTreeMap<String, Duration> = BTreeMap::new();
        for id in self.family()? {
            for thread in fs::read_dir(format!("/proc/{id}/task"))? {
                // A thread may end between being listed and being read.
                let Ok(stat) = fs::read_to_string(thread?.path().join("stat")) else { continue };
                let name =
                    stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(name, _)| name);
                *by_name.entry(name.to_owned()).or_default() += cpu_of(&stat)?;
            }
        }
        Ok(by_name.into_iter().collect())
    }

    /// Memory that is really held, in megabytes of 10⁶ bytes.
    pub fn memory_mb(self) -> Result<f64> {
        self.sum("status", "VmRSS:")
    }

    /// Its share of the memory, in megabytes: what is its own, and of the pages that several processes map (the program above
    /// all) as much as falls on it. What all processes of a cluster take together is the sum of these.
    pub fn memory_share_mb(self) -> Result<f64> {
        self.sum("smaps_rollup", "Pss:")
    }

    /// The most it ever held; of several processes the sum of that.
    pub fn memory_peak_mb(self) -> Result<f64> {
        self.sum("status", "VmHWM:")
    }

    fn sum(self, file: &str, key: &str) -> Result<f64> {
        let of = |id: u32| -> Result<f64> {
            let status = fs::read_to_string(format!("/proc/{id}/{file}"))?;
            let line = status.lines().find_map(|line| line.strip_prefix(key)).ok_or("no such line")?;
            let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
            Ok(kilobytes * 1024.0 / 1e6)
        };
        self.family()?.into_iter().map(of).sum()
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
        let (held, share) = (Process::own().memory_mb().unwrap(), Process::own().memory_share_mb().unwrap());
        assert!(share > 0.1 && share < held * 1.05, "{share} of {held}");
    }
}
