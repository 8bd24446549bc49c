//! Words that mean the same to the search: a list in plain text, a line per group.

use contracts::search::{SynonymGroup, SynonymsInput, SynonymsView};
use kernel::{Error, FieldError, Result};

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::portal::{Form, Panel, PortalPage, Split, Words},
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled},
    visit::{Query, Visit},
};

/// Between what is typed and what is found besides.
const ARROW: &str = "=>";
/// Rows of the list on the page.
const ROWS: u32 = 16;

/// `GET /admin/synonyms`; `add` names words that shall find something.
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let view = desk.app.search.synonyms(&desk.who).await?;
    let begun = asked.some("add").map(|words| format!("{words} {ARROW} "));
    let list = [written(&view)].into_iter().filter(|list| !list.is_empty()).chain(begun).collect::<Vec<_>>().join("\n");
    let filled = Filled::with([("list", list), ("version", view.version.to_string())]);
    let page = page(&mut desk, &filled).await;
    render::page(&page)
}

async fn page(desk: &mut Desk, filled: &Filled) -> PortalPage {
    let list = Field::lines("list", "Words that mean the same, a line per group", ROWS)
        .hint("sofa, couch, settee – each finds the others. kicks => trainers, running shoe – one way only.")
        .optional()
        .filled(filled);
    let form = Form::new("/admin/synonyms", &desk.csrf(), "Save synonyms")
        .hidden("version", filled.value("version"))
        .with(&list);
    let help = Panel::new("How they work")
        .with(&Words::new("Whoever searches for a word also finds what has one of the others; what was typed counts more."))
        .with(&Words::new("Up to four words may be one thing: “cell phone, mobile”. Forms of a word need no line: “mugs” finds “mug”."))
        .with(&Words::soft("A change counts for every search from now on. Nothing has to be indexed anew."));
    let place = desk.place("Synonyms", Room::Synonyms).await;
    PortalPage::new(place)
        .errors(filled.summary(&["list"]))
        .block(&Split { main: vec![Panel::new("").with(&form)], side: vec![help] })
}

/// `POST /admin/synonyms`
pub async fn save(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let (lines, input) = read(posted.fields.get("list"));
    let version = posted.fields.get("version");
    let result = match input {
        Ok(input) => {
            let client = desk.app.search.with_header("if-match", format!("\"{version}\""));
            client.set_synonyms(&desk.who, &input).await.map_err(|error| in_lines(error, &lines))
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(view) => {
            let groups = i64::try_from(view.groups.len()).unwrap_or(i64::MAX);
            let text = format!("Saved: {}.", desk.fmt.counted(groups, "group", "groups"));
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go("/admin/synonyms"))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let page = page(&mut desk, &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// The groups as they are typed.
fn written(view: &SynonymsView) -> String {
    let line = |group: &SynonymGroup| match group.means.as_slice() {
        [] => group.words.join(", "),
        means => format!("{} {ARROW} {}", group.words.join(", "), means.join(", ")),
    };
    view.groups.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The groups that a text says, and the numbers of their lines.
fn read(text: &str) -> (Vec<usize>, Result<SynonymsInput>) {
    let cut = |texts: &str| {
        let words = texts.split([',', ';']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let (mut lines, mut groups, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (n, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (words, means) = line.split_once(ARROW).map_or((line, None), |(words, means)| (words, Some(means)));
        let group = SynonymGroup { words: cut(words), means: means.map(cut).unwrap_or_default() };
        if group.words.is_empty() || means.is_some() && group.means.is_empty() {
            let reason = format!("Line {n}: put words on both sides of “{ARROW}”, or leave it out.");
            errors.push(FieldError { field: "list".to_owned(), reason });
        }
        lines.push(n);
        groups.push(group);
    }
    let input = if errors.is_empty() { Ok(SynonymsInput { groups }) } else { Err(Error::invalid_fields(errors)) };
    (lines, input)
}

/// What is wrong with a group is wrong with its line.
fn in_lines(error: Error, lines: &[usize]) -> Error {
    let of_group = |field: &str| field.strip_prefix("groups[")?.split(']').next()?.parse::<usize>().ok();
    let told = error.fields().iter().map(|wrong| {
        let line = of_group(&wrong.field).and_then(|n| lines.get(n));
        let reason = line.map_or_else(|| wrong.reason.clone(), |line| format!("Line {line}: {}", wrong.reason));
        FieldError { field: "list".to_owned(), reason }
    });
    let told = told.collect();
    error.with_fields(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_kept() {
        let text = "sofa, couch\nkicks => trainers, running shoe";
        let (lines, input) = read(&format!("\n{}\n\n", text.replace('\n', "\n\n")));
        let groups = input.unwrap().groups;
        assert_eq!(lines, [2, 4]);
        assert_eq!(
            (groups[0].means.len(), groups[1].means.as_slice()),
            (0, &["trainers".to_owned(), "running shoe".to_owned()][..])
        );
        assert_eq!(written(&SynonymsView { groups, version: 1 }), text);
    }

    #[test]
    fn errors_name_the_line() {
        let (_, input) = read("a, b\n=> c\nd =>");
        let reasons: Vec<String> = input.unwrap_err().fields().iter().map(|f| f.reason.clone()).collect();
        assert!(
            reasons.len() == 2 && reasons[0].starts_with("Line 2:") && reasons[1].starts_with("Line 3:"),
            "{reasons:?}"
        );
        let error = in_lines(Error::invalid("groups[1].words", "Too long."), &[1, 5]);
        assert_eq!(
            (error.fields()[0].field.as_str(), error.fields()[0].reason.as_str()),
            ("list", "Line 5: Too long.")
        );
    }
}
