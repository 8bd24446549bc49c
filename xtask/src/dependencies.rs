//! What may be depended on: bans, sources and licences as `deny.toml` has them, of what is built here. `cargo deny` in the
//! workflow reads the same file for other systems too, and asks for advisories, which need the network.

use std::process::Command;

use toml::{Table, Value};

use crate::tree::{Tree, root};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// All that is built and tested, with its licence behind a bar.
const LIST: &str = "tree --workspace --features adapters/kafka,sim/planted-bugs --prefix none --format {p}|{l}";

/// The rule.
pub fn are_allowed(tree: &Tree) -> Vec<String> {
    let read = |path: &str| toml::from_str(&tree.files.iter().find(|f| f.path == path)?.text).ok();
    let (Some(rules), Some(lock)): (Option<Table>, Option<Table>) = (read("deny.toml"), read("Cargo.lock")) else {
        return vec!["deny.toml: it or Cargo.lock cannot be read".to_owned()];
    };
    let listed = match Command::new("cargo").args(LIST.split(' ')).current_dir(root()).output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => return vec![format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr))],
        Err(error) => return vec![format!("cargo tree: {error}")],
    };
    [banned(&rules, &lock), foreign(&lock), unlicensed(&rules, &listed)].concat()
}

fn words(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn packages(lock: &Table) -> impl Iterator<Item = &Value> {
    lock.get("package").and_then(Value::as_array).into_iter().flatten()
}

/// Who depends on what nobody, or only its wrappers, may depend on.
fn banned(rules: &Table, lock: &Table) -> Vec<String> {
    let bans = rules.get("bans").and_then(|bans| bans.get("deny")?.as_array());
    let mut complaints = Vec::new();
    for ban in bans.into_iter().flatten() {
        let name = text(ban, "name");
        for package in packages(lock) {
            let who = text(package, "name");
            // Where there are several versions, the version stands behind the name.
            let uses = words(package.get("dependencies")).any(|used| used.split(' ').next() == Some(name));
            if uses && !words(ban.get("wrappers")).any(|wrapper| wrapper == who) {
                complaints.push(format!("Cargo.lock: {who} depends on {name}, which deny.toml bans"));
            }
        }
    }
    complaints
}

/// What comes from elsewhere than crates.io.
fn foreign(lock: &Table) -> Vec<String> {
    let outside = packages(lock).filter(|package| !matches!(text(package, "source"), "" | CRATES_IO));
    outside.map(|p| format!("Cargo.lock: {} is from {}, not crates.io", text(p, "name"), text(p, "source"))).collect()
}

/// Whose licence is not among the allowed.
fn unlicensed(rules: &Table, listed: &str) -> Vec<String> {
    let allowed: Vec<&str> = words(rules.get("licenses").and_then(|licences| licences.get("allow"))).collect();
    let mut complaints: Vec<String> = listed
        .lines()
        // What was listed before has a mark.
        .filter_map(|line| line.trim_end_matches(" (*)").split_once('|'))
        .filter(|(_, licence)| !grants(&licence.replace(" / ", " OR ").replace('/', " OR "), &allowed))
        .map(|(who, licence)| format!("deny.toml: does not allow the licence `{licence}` of {who}"))
        .collect();
    complaints.sort();
    complaints.dedup();
    complaints
}

/// True if an SPDX expression can be fulfilled with the allowed licences.
fn grants(expression: &str, allowed: &[&str]) -> bool {
    if let Some(all) = split(expression, " OR ") {
        return all.iter().any(|one| grants(one, allowed));
    }
    if let Some(all) = split(expression, " AND ") {
        return all.iter().all(|one| grants(one, allowed));
    }
    let inner = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.map_or_else(|| allowed.contains(&expression), |inner| grants(inner, allowed))
}

/// The sides of an operator that stands outside of brackets; none if there is none.
fn split<'a>(expression: &'a str, operator: &str) -> Option<[&'a str; 2]> {
    let level = |start: &str| start.matches('(').count() == start.matches(')').count();
    let (at, _) = expression.match_indices(operator).find(|(at, _)| level(&expression[..*at]))?;
    Some([&expression[..at], &expression[at + operator.len()..]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deny_toml_does_not_allow_is_named() {
        let rules: Table = toml::from_str(
            "licenses.allow = [\"MIT\", \"ISC\"]\nbans.deny = [{ name = \"ssl\", wrappers = [\"kafka\"] }]",
        )
        .unwrap();
        let lock: Table = toml::from_str(
            "[[package]]\nname = \"kafka\"\ndependencies = [\"ssl\"]\n[[package]]\nname = \"mail\"\ndependencies = [\"ssl 1.0.0\"]\n\
             [[package]]\nname = \"ssl\"\nsource = \"git+https://example.com/ssl\"",
        )
        .unwrap();
        assert_eq!(banned(&rules, &lock), ["Cargo.lock: mail depends on ssl, which deny.toml bans"]);
        assert_eq!(foreign(&lock), ["Cargo.lock: ssl is from git+https://example.com/ssl, not crates.io"]);
        let listed = "a v1|MIT\na v1|MIT (*)\nb v1|(MIT OR X) AND ISC\nc v1|X/MIT\n\nd v1|X AND (MIT OR ISC)\nd v1|X AND (MIT OR ISC)\ne v1|";
        let complaints = unlicensed(&rules, listed);
        let missed = [("X AND (MIT OR ISC)", "d v1"), ("", "e v1")];
        let mut expected = missed.map(|(l, who)| format!("deny.toml: does not allow the licence `{l}` of {who}"));
        expected.sort();
        assert_eq!(complaints, expected);
    }
}
