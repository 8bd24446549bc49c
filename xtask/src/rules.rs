//! The rules, one function each; each returns its complaints as `path:line: what`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    dependencies,
    tree::{File, Tree},
};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

/// Every rule.
pub fn all(tree: &Tree) -> Vec<String> {
    let rules = [
        file_length,
        function_length,
        dead_files,
        service_rooms,
        dependency_direction,
        sql_in_stores,
        vendors_are_named,
        events_have_two_ends,
        words_are_said,
        banned_words,
        placeholders,
        readmes,
        members_are_on_the_map,
        planted_bugs_stay_off,
        dependencies::are_allowed,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}

fn file_length(tree: &Tree) -> Vec<String> {
    // The demo's texts and drawings are long because there is much of them.
    let much = |f: &File| f.path.starts_with("demo/src/");
    let too_long = |f: &&File| f.text.lines().count() > FILE_LINES_MAX && !much(f);
    tree.rust()
        .filter(too_long)
        .map(|f| format!("{}: {} lines, at most {FILE_LINES_MAX}: make a folder of it", f.path, f.text.lines().count()))
        .collect()
}

/// Functions are found by indentation, which rustfmt guarantees.
fn function_length(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    // A drawing is a list of strokes; cutting it in two makes it no clearer.
    for file in tree.rust().filter(|f| !f.path.starts_with("demo/src/things/")) {
        let mut open: Option<(usize, usize, String)> = None;
        for (number, line) in file.text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let text = line.trim_start();
            let starts = ["fn ", "pub fn ", "pub(crate) fn ", "async fn ", "pub async fn ", "pub(crate) async fn "]
                .iter()
                .any(|s| text.starts_with(s));
            if starts && !text.ends_with(';') && open.is_none() {
                open = Some((number, indent, text.chars().take(60).collect()));
            } else if let Some((start, at, name)) = &open
                && (text == "}" || text.ends_with(';'))
                && indent == *at
            {
                let length = number - start + 1;
                if length > FUNCTION_LINES_MAX {
                    complaints.push(format!(
                        "{}:{}: {length} lines, at most {FUNCTION_LINES_MAX}: {name}",
                        file.path,
                        start + 1
                    ));
                }
                open = None;
            }
        }
    }
    complaints
}

/// A `.rs` file that no `mod` names is never compiled.
fn dead_files(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in tree.rust() {
        let parts: Vec<&str> = file.path.split('/').collect();
        let Some(src) = parts.iter().rposition(|p| *p == "src") else { continue };
        let inside = &parts[src + 1..];
        if matches!(inside, ["lib.rs" | "main.rs"] | ["bin", ..]) {
            continue;
        }
        let (name, folder) = match inside {
            [.., folder, "mod.rs"] => (*folder, parts[..parts.len() - 2].join("/")),
            [.., last] => (last.trim_end_matches(".rs"), parts[..parts.len() - 1].join("/")),
            [] => continue,
        };
        let parents = [
            format!("{folder}/lib.rs"),
            format!("{folder}/main.rs"),
            format!("{folder}/mod.rs"),
            format!("{folder}.rs"),
        ];
        let declared = tree.files.iter().filter(|f| parents.contains(&f.path)).any(|f| {
            let names = |line: &str| {
                line.trim()
                    .trim_start_matches("pub(crate) ")
                    .trim_start_matches("pub ")
                    .trim_start_matches("mod ")
                    .trim_end_matches(';')
                    == name
            };
            f.text.lines().any(|line| line.contains("mod ") && names(line))
        });
        if !declared {
            complaints.push(format!("{}: no `mod {name};` names it, so it is never compiled", file.path));
        }
    }
    complaints
}

/// Domain services have the same rooms; a newcomer who knows one knows all.
fn service_rooms(tree: &Tree) -> Vec<String> {
    const ROOMS: &[&str] = &["lib", "model", "ops", "store", "api", "events", "jobs", "error", "tests"];
    // Ports and cores that a service has beside its rooms; extend with a reason in the service's README.
    const EXTRA: &[(&str, &[&str])] = &[
        ("catalog", &["csv", "seed", "cache", "views"]),
        ("identity", &["app", "keys", "links", "mail", "passwords", "seed", "setup", "throttle"]),
        ("notifications", &["letters", "mailer", "settings"]),
        ("orders", &["access", "live"]),
        ("payments", &["provider", "ledger"]),
        ("search", &["index", "query"]),
        ("pricing", &["cache", "sample"]),
        ("shipping", &["carrier"]),
    ];
    let mut complaints = Vec::new();
    for file in tree.rust().filter(|f| f.path.starts_with("services/")) {
        let parts: Vec<&str> = file.path.split('/').collect();
        let [_, service, "src", room, ..] = parts.as_slice() else { continue };
        if matches!(*service, "gateway" | "web") {
            continue;
        }
        let room = room.trim_end_matches(".rs");
        let extra = EXTRA.iter().find(|(name, _)| name == service).map_or(&[][..], |(_, rooms)| rooms);
        if !ROOMS.contains(&room) && !extra.contains(&room) {
            complaints.push(format!("{}: a service has the rooms {}, not `{room}`", file.path, ROOMS.join(", ")));
        }
    }
    complaints
}

/// `app → services → platform`; in platform `runtime → http, events → db → contracts → kernel`.
fn dependency_direction(tree: &Tree) -> Vec<String> {
    let platform: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("kernel", &[][..]),
        ("contracts", &["kernel"]),
        ("words", &["kernel"]),
        ("papers", &["kernel", "words"]),
        ("db", &["kernel"]),
        ("events", &["kernel", "contracts", "db"]),
        ("souk-http", &["kernel", "contracts", "db"]),
        ("invariants", &["kernel", "contracts", "db"]),
        ("pictures", &["kernel", "contracts", "runtime"]),
        ("runtime", &["kernel", "contracts", "db", "events", "souk-http"]),
        ("adapters", &["kernel", "contracts", "db", "events", "runtime"]),
        ("testkit", &["kernel", "contracts", "db", "events", "souk-http", "runtime"]),
    ]);
    let manifests: Vec<(&File, toml::Table)> = tree
        .files
        .iter()
        .filter(|f| f.path.ends_with("Cargo.toml") && f.path.contains('/'))
        .filter_map(|f| Some((f, toml::from_str(&f.text).ok()?)))
        .collect();
    let name_of = |table: &toml::Table| table["package"]["name"].as_str().unwrap_or_default().to_owned();
    let services: BTreeSet<String> =
        manifests.iter().filter(|(f, _)| f.path.starts_with("services/")).map(|(_, t)| name_of(t)).collect();
    let mut complaints = Vec::new();
    for (file, table) in &manifests {
        let name = name_of(table);
        let wanted: Vec<&String> =
            table.get("dependencies").and_then(|d| d.as_table()).into_iter().flat_map(|d| d.keys()).collect();
        for dependency in wanted {
            let is_platform = platform.contains_key(dependency.as_str());
            let wrong = if let Some(allowed) = platform.get(name.as_str()) {
                services.contains(dependency) || is_platform && !allowed.contains(&dependency.as_str())
            } else {
                services.contains(&name) && services.contains(dependency)
            };
            if wrong {
                complaints.push(format!("{}: {name} must not depend on {dependency}", file.path));
            }
        }
    }
    complaints
}

/// SQL lives in stores and in the platform's own tables, nowhere else.
fn sql_in_stores(tree: &Tree) -> Vec<String> {
    const WORDS: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let mut complaints = Vec::new();
    for file in tree.rust().filter(|f| f.path.starts_with("services/") && !f.is_test() && !f.path.contains("/store")) {
        for (number, line) in file.code() {
            let text = line.trim_start();
            let in_string = |word: &&&str| line.contains(&format!("\"{word}")) || text.starts_with(**word);
            if !text.starts_with("//") && WORDS.iter().any(|word| in_string(&word)) {
                complaints.push(format!("{}:{number}: SQL belongs into the service's store", file.path));
            }
        }
    }
    complaints
}

/// What acts for a vendor says so to the database, which then shows it that vendor's rows alone.
fn vendors_are_named(tree: &Tree) -> Vec<String> {
    const CALLS: &[&str] = &["db.write(", "db.all(", "db.opt(", "db.one("];
    let mut complaints = Vec::new();
    for file in tree.rust().filter(|f| f.path.starts_with("services/") && !f.is_test()) {
        // Each function from its name to the next one, without white space.
        let mut functions: Vec<(usize, String)> = Vec::new();
        for (number, line) in file.code() {
            if line.trim_start().starts_with("fn ") || line.contains(" fn ") {
                functions.push((number, String::new()));
            }
            if let Some((_, text)) = functions.last_mut() {
                text.extend(line.split_whitespace());
            }
        }
        for (number, text) in functions {
            let signature = text.split('{').next().unwrap_or_default();
            let acts_for_vendor = signature.contains(":VendorScope") || signature.contains(":&VendorScope");
            if acts_for_vendor && !text.contains("as_vendor(") && CALLS.iter().any(|call| text.contains(call)) {
                complaints.push(format!("{}:{number}: this acts for a vendor: `db.as_vendor(scope)`", file.path));
            }
        }
    }
    complaints
}

/// An event that nobody publishes or nobody hears is a leftover.
fn events_have_two_ends(tree: &Tree) -> Vec<String> {
    // Milestones that integrations listen for; nothing inside has to act on them.
    const FOR_INTEGRATIONS: &[&str] = &["AccountVerified", "ShipmentCreated", "OrderCompleted", "PayoutCreated"];
    let contracts = tree.rust().filter(|f| f.path.starts_with("platform/contracts/src/"));
    let mut names: Vec<(String, &str)> = Vec::new();
    for file in contracts {
        let declared = file.text.lines().skip_while(|l| !l.starts_with("events! {"));
        for line in declared {
            if let Some((event, rest)) = line.trim().split_once(" = \"")
                && rest.ends_with("\";")
                && event.chars().all(char::is_alphanumeric)
            {
                names.push((event.to_owned(), &file.path));
            }
        }
    }
    let mut complaints = Vec::new();
    for (event, path) in names {
        let uses = |needle: &[String]| {
            tree.rust()
                .filter(|f| f.path.starts_with("services/") && !f.is_test())
                .any(|f| needle.iter().any(|n| f.text.contains(n.as_str())))
        };
        if !uses(&[format!("{event} {{"), format!("{event}(")]) {
            complaints.push(format!("{path}: nobody publishes {event}"));
        }
        if !FOR_INTEGRATIONS.contains(&event.as_str())
            && !uses(&[format!(": {event},"), format!(": {event})"), format!("{event}>"), format!("event: {event}")])
        {
            complaints.push(format!("{path}: nobody hears {event}"));
        }
    }
    complaints
}

/// What papers and letters could say in every language, and never do, is a leftover.
fn words_are_said(tree: &Tree) -> Vec<String> {
    const TABLE: &str = "platform/words/src/table.rs";
    let says = |text: &str, what: &str| {
        let ends = |at: usize| !text[at + what.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        text.match_indices(what).any(|(at, _)| ends(at))
    };
    let is_said = |name: &str| {
        tree.rust().filter(|f| !f.is_test()).any(|f| match f.path.as_str() {
            TABLE => says(&f.text, &format!("self.{name}")),
            path => !path.starts_with("platform/words/") && says(&f.text, &format!("words.{name}")),
        })
    };
    let mut complaints = Vec::new();
    for table in tree.rust().filter(|f| f.path == TABLE) {
        let declared = table.text.lines().enumerate().skip_while(|(_, line)| !line.starts_with("words! {"));
        for (number, line) in declared.take_while(|(_, line)| !line.starts_with('}')) {
            let Some((name, _)) = line.trim().split_once(['(', ';']) else { continue };
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            if is_name && !is_said(name) {
                complaints.push(format!("{TABLE}:{}: nothing says `{name}`", number + 1));
            }
        }
    }
    complaints
}

/// Words that have no place in the code.
fn banned_words(tree: &Tree) -> Vec<String> {
    let banned = [
        "todo!(",
        "unimplemented!(",
        "dbg!(",
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        "#[ignore",
        "#[allow(",
    ];
    let mut complaints = Vec::new();
    for file in tree.rust().filter(|f| !f.path.starts_with("xtask/")) {
        for (number, line) in file.text.lines().enumerate() {
            for word in banned.iter().filter(|word| line.contains(**word)) {
                complaints.push(format!("{}:{}: `{word}` must not stay", file.path, number + 1));
            }
        }
    }
    complaints
}

/// What was to be filled in is filled in.
fn placeholders(tree: &Tree) -> Vec<String> {
    let mark = concat!("@", "@");
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|f| f.path.ends_with(".md")) {
        let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(mark));
        complaints.extend(
            lines.map(|(number, _)| format!("{}:{}: `{mark}` is still to be filled in", file.path, number + 1)),
        );
    }
    complaints
}

/// Every service says what it owns.
fn readmes(tree: &Tree) -> Vec<String> {
    let manifests = tree.files.iter().filter(|f| f.path.starts_with("services/") && f.path.ends_with("/Cargo.toml"));
    let folders = manifests.map(|f| f.path.trim_end_matches("Cargo.toml").to_owned());
    folders
        .filter(|folder| !tree.files.iter().any(|f| f.path == format!("{folder}README.md")))
        .map(|folder| format!("{folder}: has no README.md"))
        .collect()
}

/// Whoever looks for a folder finds it in the table of `ARCHITECTURE.md`.
fn members_are_on_the_map(tree: &Tree) -> Vec<String> {
    const MAP: &str = "ARCHITECTURE.md";
    let map = tree.files.iter().find(|f| f.path == MAP).map_or("", |f| f.text.as_str());
    // Names in the first column: `app/`, or `services/*` for all below.
    let column = map.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let named: BTreeSet<&str> =
        column.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(|name| name.trim_end_matches('/')).collect();
    let folders = tree.files.iter().filter_map(|f| f.path.strip_suffix("/Cargo.toml"));
    let is_named = |folder: &str| {
        let siblings = folder.rsplit_once('/').map(|(parent, _)| format!("{parent}/*"));
        named.contains(folder) || siblings.is_some_and(|all| named.contains(all.as_str()))
    };
    folders.filter(|folder| !is_named(folder)).map(|folder| format!("{MAP}: does not name `{folder}`")).collect()
}

/// The tested programs have the simulator's bugs in them; nobody else may switch one on.
fn planted_bugs_stay_off(tree: &Tree) -> Vec<String> {
    let switches = concat!("planted::", "switch(");
    let outside = tree.rust().filter(|f| !f.path.starts_with("tests/sim/"));
    let called = outside.filter(|f| f.text.contains(switches));
    called.map(|f| format!("{}: only the simulator's tests switch planted bugs on", f.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_to_be_filled_in_is_found() {
        let page = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let open = concat!("# Page\n\n@", "@NUMBERS@", "@\n");
        let files = vec![page("docs/a.md", open), page("docs/b.md", "a@b.example\n"), page("docs/c.sql", open)];
        assert_eq!(placeholders(&Tree { files }), [concat!("docs/a.md:3: `@", "@` is still to be filled in")]);
    }

    #[test]
    fn a_member_that_the_map_does_not_name_is_missed() {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let map = "| folder | what |\n|---|---|\n| `app/` | `bench` runs it |\n| `services/*` | all |\n| `tests/a`, `tests/b` | |\n";
        let mut files = vec![file("ARCHITECTURE.md", map), file("Cargo.toml", "")];
        let members = ["app", "bench", "services/cart", "tests/a", "tests/b", "tests/c"];
        files.extend(members.iter().map(|folder| file(&format!("{folder}/Cargo.toml"), "")));
        let missed = ["bench", "tests/c"].map(|folder| format!("ARCHITECTURE.md: does not name `{folder}`"));
        assert_eq!(members_are_on_the_map(&Tree { files }), missed);
    }
}
