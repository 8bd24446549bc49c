//! The files of the workspace, as git knows them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A file with its text.
pub struct File {
    /// Path from the root, with slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// All text files.
pub struct Tree {
    /// The files.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads what git tracks and what it does not ignore.
    pub fn read() -> Self {
        let root = root();
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(&root)
            .output()
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
            .unwrap_or_default();
        let files = listed
            .lines()
            .filter_map(|path| {
                Some(File { path: path.to_owned(), text: std::fs::read_to_string(root.join(path)).ok()? })
            })
            .collect();
        Self { files }
    }

    /// Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|f| f.path.ends_with(".rs"))
    }
}

impl File {
    /// True for tests, examples and benches.
    pub fn is_test(&self) -> bool {
        ["/tests/", "/tests.rs", "/examples/", "/testing"].iter().any(|part| self.path.contains(part))
            || ["tests/", "bench/", "xtask/", "platform/testkit/"].iter().any(|start| self.path.starts_with(start))
    }
    /// Lines with their numbers, up to a test module at the end.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        self.text[..end].lines().enumerate().map(|(n, line)| (n + 1, line))
    }
}
