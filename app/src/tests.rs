//! What lies in `deploy/` is read as the program would read it. It has not been run here, so at least nothing in it may
//! name a service, a command or a setting that there is not.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clap::Parser;
use contracts::SERVICES;
use runtime::discovery;

use crate::{
    commands::Cli,
    config::{Config, EventsBackend, Overrides},
    judge::judge,
};

const COMPOSE: &str = include_str!("../../deploy/compose.yaml");
const SAMPLE: &str = include_str!("../../deploy/compose/env.sample");

fn deployed(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file)
}

/// Fills in `${NAME:-default}` and `${NAME:?}` as Compose does, and notes the names.
fn filled(text: &str, names: &mut BTreeSet<String>) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let (inner, behind) = after.split_once('}').unwrap();
        let (name, otherwise) = inner.split_once(':').unwrap_or((inner, ""));
        names.insert(name.to_owned());
        out.push_str(before);
        match otherwise.strip_prefix('-') {
            Some(default) => out.push_str(default),
            None if name == "SOUK_SECRET" => out.push_str(&"5a17".repeat(16)),
            None => out.push_str("secret"),
        }
        rest = behind;
    }
    out + rest
}

/// Settings among the lines: `SOUK_A__B: value`, on a line of its own or last between braces.
fn variables<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    let setting = |line: &str| {
        let text = line.trim().strip_suffix(" }").unwrap_or(line.trim());
        let (name, value) = text[text.find("SOUK_")?..].split_once(": ")?;
        let is_name = name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        let value = filled(value.trim_matches('"'), &mut BTreeSet::new());
        is_name.then(|| (name.to_owned(), value))
    };
    lines.into_iter().filter(|line| !line.trim_start().starts_with('#')).filter_map(setting).collect()
}

/// What a container of ours is told.
struct Container<'a> {
    command: Vec<&'a str>,
    variables: Vec<(String, String)>,
}

/// The services of the Compose file with their lines.
fn blocks() -> BTreeMap<&'static str, Vec<&'static str>> {
    let (_, services) = COMPOSE.split_once("\nservices:\n").unwrap();
    let (services, _) = services.split_once("\nvolumes:\n").unwrap();
    let (mut blocks, mut name) = (BTreeMap::<_, Vec<_>>::new(), "");
    for line in services.lines() {
        let begins = line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '#']));
        name = begins.and_then(|rest| rest.strip_suffix(':')).unwrap_or(name);
        blocks.entry(name).or_default().push(line);
    }
    blocks
}

/// Those that run our program.
fn containers() -> BTreeMap<&'static str, Container<'static>> {
    let (common, _) = COMPOSE.split_once("\nservices:\n").unwrap();
    let ours = blocks().into_iter().filter(|(_, lines)| lines.iter().any(|line| line.trim() == "<<: *souk"));
    let container = |lines: Vec<&'static str>| {
        let command = lines.iter().find_map(|line| line.trim().strip_prefix("command: [")?.strip_suffix(']')).unwrap();
        let command = command.split(", ").map(|word| word.trim_matches('"')).collect();
        Container { command, variables: variables(common.lines().chain(lines)) }
    };
    ours.map(|(name, lines)| (name, container(lines))).collect()
}

#[tokio::test]
async fn every_container_is_told_what_the_program_accepts() {
    let containers = containers();
    for (name, Container { command, variables }) in &containers {
        let parsed = Cli::try_parse_from(["souk"].iter().chain(command));
        assert!(parsed.is_ok(), "{name}: {}", parsed.err().unwrap());
        let listen = command.iter().skip_while(|word| **word != "--listen").nth(1);
        let flags = Overrides { listen: listen.map(|address| address.parse().unwrap()), data: None };
        let config = Config::load(Some(&deployed("compose/souk.toml")), variables.clone().into_iter(), flags)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let only: Vec<String> = match command[..] {
            ["migrate"] => Vec::new(),
            ["serve", service, ..] => vec![service.to_owned()],
            _ => panic!("{name}: {command:?}"),
        };
        judge(&config, &only).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(config.events.backend, EventsBackend::Rabbitmq);
        assert!(!config.server.public_url.is_empty() && !config.data.secret.expose().is_empty(), "{name}");
        for service in &only {
            assert_eq!(service, name, "others find a service by the name of its container");
            let address = config.server.advertised().unwrap().to_string();
            let told = config.discovery.services.get(service).map(Vec::as_slice);
            assert!(service == "gateway" || told == Some(std::slice::from_ref(&address)), "{name}: {told:?}");
        }
    }
    let all: BTreeSet<&str> = SERVICES.iter().copied().chain(["gateway", "migrate"]).collect();
    assert_eq!(containers.into_keys().collect::<BTreeSet<_>>(), all);
}

#[test]
fn the_compose_file_names_what_there_is() {
    let (blocks, mut names) = (blocks(), BTreeSet::new());
    filled(COMPOSE, &mut names);
    let sample = SAMPLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    assert_eq!(names, sample.map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>());
    let awaited = COMPOSE.lines().filter_map(|line| line.trim().split_once(": { condition: "));
    for (name, _) in awaited {
        assert!(blocks.contains_key(name), "nothing is called {name}");
    }
    let at = variables(COMPOSE.lines()).into_iter().find(|(name, _)| name == "SOUK_CONFIG").unwrap().1;
    let mounted = format!("- ./compose/souk.toml:{at}:ro");
    assert_eq!(COMPOSE.lines().filter(|line| line.trim() == mounted).count(), 3, "common, search, payments");
}

#[tokio::test]
async fn the_settings_of_the_cluster_on_one_machine_are_accepted() {
    let config = Config::load(Some(&deployed("local/souk.toml")), std::iter::empty(), Overrides::default()).unwrap();
    judge(&config, &[]).unwrap();
    discovery::open(&config.discovery).map(drop).unwrap();
}
