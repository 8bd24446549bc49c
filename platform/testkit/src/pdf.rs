//! What a person reads in a PDF: the text of its pages, as whoever copies it out gets it.
//!
//! It knows of PDF what our own files use: plain objects, compressed streams, fonts with two bytes per character and a
//! table that says what they mean.

use std::{collections::BTreeMap, io::Read};

use flate2::read::ZlibDecoder;

/// The text of each page, a line for each piece of text, in the order in which they were drawn.
///
/// # Panics
/// If it is no such file.
pub fn pages(file: &[u8]) -> Vec<String> {
    assert!(file.starts_with(b"%PDF-"), "this is no PDF");
    let objects = objects(file);
    let root = objects.values().find(|object| object.head.contains("/Type /Pages")).expect("it has pages");
    let kids = references(between(&root.head, "/Kids [", "]"));
    kids.iter().map(|id| page(&objects, &objects[id])).collect()
}

/// All pages in one.
///
/// # Panics
/// If it is no such file.
pub fn text(file: &[u8]) -> String {
    pages(file).join("\n")
}

struct Object {
    /// Without the stream.
    head: String,
    /// Unpacked.
    stream: Vec<u8>,
}

fn objects(file: &[u8]) -> BTreeMap<u32, Object> {
    let mut objects = BTreeMap::new();
    let mut at = 0;
    while let Some(begin) = find(file, b" 0 obj\n", at) {
        let id = file[..begin].rsplit(|b| !b.is_ascii_digit()).next().unwrap_or_default();
        let id = String::from_utf8_lossy(id).parse().expect("an object has a number");
        let body = begin + b" 0 obj\n".len();
        let end = find(file, b"\nendobj", body).expect("an object ends");
        let (head, stream, next) = match find(&file[..end], b"\nstream\n", body) {
            Some(stream) => {
                let head = String::from_utf8_lossy(&file[body..stream]).into_owned();
                let length: usize = after(&head, "/Length ").parse().expect("a stream has a length");
                let from = stream + b"\nstream\n".len();
                (head, inflated(&file[from..from + length]), from + length)
            }
            None => (String::from_utf8_lossy(&file[body..end]).into_owned(), Vec::new(), end),
        };
        objects.insert(id, Object { head, stream });
        at = next;
    }
    objects
}

fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    ZlibDecoder::new(packed).read_to_end(&mut plain).expect("a stream is compressed");
    plain
}

fn page(objects: &BTreeMap<u32, Object>, page: &Object) -> String {
    let fonts = between(&page.head, "/Font <<", ">>");
    let fonts: BTreeMap<&str, BTreeMap<u16, char>> = fonts
        .split('/')
        .filter_map(|font| font.trim().split_once(' '))
        .map(|(name, id)| (name, meaning(objects, &objects[&references(id)[0]])))
        .collect();
    let content = &objects[&references(&after_rest(&page.head, "/Contents "))[0]].stream;
    let mut lines = Vec::new();
    let mut font = &BTreeMap::new();
    let mut shown = Vec::new();
    for token in tokens(content) {
        match token {
            Token::Text(bytes) => shown = bytes,
            Token::Word(word) => match word.as_str() {
                "Tj" => {
                    let codes = shown.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                    lines.push(codes.map(|code| font[&code]).collect::<String>());
                }
                word => {
                    if let Some(known) = word.strip_prefix('/').and_then(|name| fonts.get(name)) {
                        font = known;
                    }
                }
            },
        }
    }
    lines.join("\n")
}

/// What the codes of a font mean.
fn meaning(objects: &BTreeMap<u32, Object>, font: &Object) -> BTreeMap<u16, char> {
    let table = &objects[&references(&after_rest(&font.head, "/ToUnicode "))[0]].stream;
    let table = String::from_utf8_lossy(table).into_owned();
    let mut meaning = BTreeMap::new();
    for line in table.lines() {
        let mut parts = line.split(['<', '>']).skip(1).step_by(2);
        if let (Some(code), Some(to), None) = (parts.next(), parts.next(), parts.next())
            && code.len() == 4
            && let Ok(code) = u16::from_str_radix(code, 16)
        {
            let units: Vec<u16> = to
                .as_bytes()
                .chunks(4)
                .filter_map(|hex| u16::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
                .collect();
            meaning
                .insert(code, char::decode_utf16(units).next().and_then(Result::ok).expect("a code means a character"));
        }
    }
    meaning
}

enum Token {
    Text(Vec<u8>),
    Word(String),
}

fn tokens(content: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (text, next) = literal(content, at + 1);
                tokens.push(Token::Text(text));
                at = next;
            }
            b'<' if content.get(at + 1) != Some(&b'<') => {
                let end = find(content, b">", at).expect("a text ends");
                let digits = &content[at + 1..end];
                let byte =
                    |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("digits");
                tokens.push(Token::Text(digits.chunks(2).map(byte).collect()));
                at = end + 1;
            }
            b'<' => at += 2,
            b if b.is_ascii_whitespace() => at += 1,
            _ => {
                let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'(' | b'<');
                let end = content[at + 1..].iter().position(ends).map_or(content.len(), |length| at + 1 + length);
                tokens.push(Token::Word(String::from_utf8_lossy(&content[at..end]).into_owned()));
                at = end;
            }
        }
    }
    tokens
}

/// A text in parentheses, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut text = Vec::new();
    let mut depth = 0;
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                let octal = content[at..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                if octal > 0 {
                    let value = content[at..at + octal].iter().fold(0, |sum: u8, b| (sum << 3) | (b - b'0'));
                    text.push(value);
                    at += octal;
                    continue;
                }
                text.push(match content[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
            }
            b')' if depth == 0 => return (text, at + 1),
            b => {
                depth += i32::from(b == b'(') - i32::from(b == b')');
                text.push(b);
            }
        }
        at += 1;
    }
}

fn find(within: &[u8], what: &[u8], from: usize) -> Option<usize> {
    within[from..].windows(what.len()).position(|window| window == what).map(|at| from + at)
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = text.split_once(begin).unwrap_or_else(|| panic!("no {begin:?} in {text:?}")).1;
    rest.split_once(end).map_or(rest, |(part, _)| part)
}

fn after_rest(text: &str, mark: &str) -> String {
    between(text, mark, "\n").to_owned()
}

fn after(text: &str, mark: &str) -> String {
    between(text, mark, "\n").chars().take_while(char::is_ascii_digit).collect()
}

/// The numbers in `7 0 R 9 0 R`.
fn references(text: &str) -> Vec<u32> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |window: &[&str]| window[2].starts_with('R').then(|| window[0].parse().ok()).flatten();
    words.windows(3).filter_map(number).collect()
}
