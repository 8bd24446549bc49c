//! Forms: what was sent, reading it field by field, and what to show when it was refused.

use std::{ops::RangeInclusive, str::FromStr};

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Multipart, Request,
        multipart::{Field as Part, MultipartError},
    },
    http::{StatusCode, header},
};
use kernel::{Currency, Error, FieldError, Kind, Money, Result, Secret};

use crate::{app::App, csrf, render::Refusal, ui::Filled, visit::Visit};

/// The longest form, without files.
pub const FORM_LIMIT: usize = 256 * 1024;

/// Names and values as they were sent, in order.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of names and values, in their order.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
    /// Of a query string or of the body of a form. What cannot be read is left out.
    pub fn parse(bytes: &[u8]) -> Self {
        let pairs: Vec<(String, String)> = serde_html_form::from_bytes(bytes).unwrap_or_default();
        Self(pairs.into_iter().map(|(name, value)| (name, clean(&value))).collect())
    }
    /// The first value called `name`; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
    /// The first value called `name`, trimmed, if it is not empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name).trim()).filter(|value| !value.is_empty()).map(str::to_owned)
    }
    /// All values called `name`.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    /// All names and values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
    /// The value called `name` as `T`, if it is one.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).trim().parse().ok()
    }
    /// As the content of a form that is shown again.
    pub fn filled(&self) -> Filled {
        Filled::with(self.pairs().filter(|(name, _)| *name != csrf::FIELD))
    }
    /// The form shown again after `error`: the status of the answer, and what was typed with what is
    /// wrong with it.
    ///
    /// # Errors
    /// An error that no change of the form can mend is passed on.
    pub fn refused(&self, error: Error) -> Result<(StatusCode, Filled)> {
        match error.kind() {
            Kind::NotFound | Kind::Internal | Kind::Unavailable => Err(error),
            kind => Ok((souk_http::answer::status_of(kind), self.filled().refused(&error))),
        }
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

/// Line ends as one character; characters that no text needs are left out.
fn clean(value: &str) -> String {
    value.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Reads the fields of a form; everything that is wrong is told at once.
pub struct Reader<'a> {
    fields: &'a Fields,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    /// Reads `fields`.
    pub fn new(fields: &'a Fields) -> Self {
        Self { fields, errors: Vec::new() }
    }
    /// Says that the field `name` is wrong, and how to mend it.
    pub fn wrong(&mut self, name: &str, reason: impl Into<String>) {
        self.errors.push(FieldError { field: name.to_owned(), reason: reason.into() });
    }
    /// A text that must be there; `ask` says so otherwise.
    pub fn text(&mut self, name: &str, ask: &str) -> String {
        let text = self.fields.some(name);
        if text.is_none() {
            self.wrong(name, ask);
        }
        text.unwrap_or_default()
    }
    /// A text that may be missing.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.fields.some(name)
    }
    /// A password or the like: taken exactly as it was typed.
    pub fn secret(&mut self, name: &str, ask: &str) -> Secret {
        let value = self.fields.get(name);
        if value.is_empty() {
            self.wrong(name, ask);
        }
        Secret::new(value)
    }
    /// A value that must be there and must parse.
    pub fn parsed<T: FromStr<Err = Error>>(&mut self, name: &str, ask: &str) -> Option<T> {
        let text = self.text(name, ask);
        if text.is_empty() { None } else { self.parse(name, &text) }
    }
    /// A value that may be missing, but must parse.
    pub fn optional_parsed<T: FromStr<Err = Error>>(&mut self, name: &str) -> Option<T> {
        let text = self.fields.some(name)?;
        self.parse(name, &text)
    }
    fn parse<T: FromStr<Err = Error>>(&mut self, name: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str()).to_owned();
                self.wrong(name, reason);
                None
            }
        }
    }
    /// A whole number within bounds.
    pub fn whole(&mut self, name: &str, bounds: RangeInclusive<i64>) -> i64 {
        match self.fields.parsed::<i64>(name).filter(|n| bounds.contains(n)) {
            Some(n) => n,
            None => {
                self.wrong(name, format!("Enter a whole number from {} to {}.", bounds.start(), bounds.end()));
                *bounds.start()
            }
        }
    }
    /// An amount as people type it: `19.99`, `19,99`. None if the field is empty.
    pub fn amount(&mut self, name: &str, currency: Currency) -> Option<Money> {
        let text = self.fields.some(name)?;
        let amount = amount(&text, currency);
        if amount.is_none() {
            self.wrong(name, format!("Enter an amount such as {}.", currency.example(1_999)));
        }
        amount
    }
    /// True if the tick is set.
    pub fn ticked(&self, name: &str) -> bool {
        !self.fields.get(name).is_empty()
    }
    /// True as long as nothing is wrong.
    pub fn ok(&self) -> bool {
        self.errors.is_empty()
    }
    /// Everything that is wrong, as the API would say it.
    pub fn error(self) -> Error {
        Error::invalid_fields(self.errors)
    }
}

/// An amount as people type it, with a point or a comma.
pub fn amount(text: &str, currency: Currency) -> Option<Money> {
    let plain = text.trim().replace(',', ".");
    Money::parse_decimal(&plain, currency).ok().filter(|money| !money.is_negative())
}

/// A form that was sent from one of our pages, by whom.
pub struct Posted {
    /// By whom.
    pub visit: Visit,
    /// What.
    pub fields: Fields,
}

/// A form that nobody is hurt by if it comes from a page without a token: public pages are the same
/// for everybody, so they carry none for visitors without a session.
pub struct Harmless(pub Posted);

impl FromRequest<App> for Posted {
    type Rejection = Refusal;
    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        Ok(posted(request, app, false).await?)
    }
}

impl FromRequest<App> for Harmless {
    type Rejection = Refusal;
    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        Ok(Self(posted(request, app, true).await?))
    }
}

async fn posted(request: Request, app: &App, harmless: bool) -> Result<Posted> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Error::new(Kind::UnsupportedMedia, "not_a_form", "This address takes forms only."));
    }
    let (mut parts, body) = request.into_parts();
    let visit = visit_of(&mut parts, app).await?;
    let body = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(too_large)?;
    let fields = Fields::parse(&body);
    visit.check_form(fields.get(csrf::FIELD), harmless)?;
    Ok(Posted { visit, fields })
}

async fn visit_of(parts: &mut axum::http::request::Parts, app: &App) -> Result<Visit> {
    Visit::from_request_parts(parts, app).await.map_err(|Refusal(error)| error)
}

fn too_large(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::TooLarge, "form_too_large", "That is more than this form takes.").caused_by(cause)
}

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct File {
    /// The field it was chosen in.
    pub field: String,
    /// What it is called on the sender's machine. Never a path here.
    pub name: String,
    /// What the browser takes it for. Never believed.
    pub content_type: String,
    /// Its content.
    pub bytes: Bytes,
}

/// A form with files. The route says how large it may be, by `DefaultBodyLimit::max`.
pub struct Uploaded {
    /// By whom.
    pub visit: Visit,
    /// The other fields.
    pub fields: Fields,
    /// The files; empty ones, of fields left alone, are left out.
    pub files: Vec<File>,
}

impl FromRequest<App> for Uploaded {
    type Rejection = Refusal;
    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (visit, mut form) = opened(request, app).await?;
        let (mut fields, mut files, mut checked) = (Vec::new(), Vec::new(), false);
        while let Some(part) = form.next_field().await.map_err(|e| unreadable(&e))? {
            let text = |value: Option<&str>| clean(value.unwrap_or_default()).chars().take(300).collect::<String>();
            let (field, name, content_type) = (text(part.name()), text(part.file_name()), text(part.content_type()));
            let is_file = part.file_name().is_some();
            // The token is the first field: a foreign form is refused before its files are read.
            if is_file && !checked {
                let fields = Fields(fields.clone());
                visit.check_form(fields.get(csrf::FIELD), false)?;
                checked = true;
            }
            let bytes = part.bytes().await.map_err(|e| unreadable(&e))?;
            if !is_file {
                fields.push((field, clean(&String::from_utf8_lossy(&bytes))));
            } else if !bytes.is_empty() {
                files.push(File { field, name, content_type, bytes });
            }
        }
        let fields = Fields(fields);
        visit.check_form(fields.get(csrf::FIELD), false)?;
        Ok(Self { visit, fields, files })
    }
}

/// Who sends a form with files, and the form.
async fn opened(request: Request, app: &App) -> Result<(Visit, Multipart)> {
    let (mut parts, body) = request.into_parts();
    let visit = visit_of(&mut parts, app).await?;
    let no_form = |e| Error::new(Kind::UnsupportedMedia, "not_a_form", "Send a form with files.").caused_by(e);
    let form = Multipart::from_request(Request::from_parts(parts, body), app).await.map_err(no_form)?;
    Ok((visit, form))
}

/// A form that cannot be read, or is too long.
pub fn unreadable(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large(error.body_text())
    } else {
        Error::malformed("The form could not be read.").caused_by(error.body_text())
    }
}

/// A form around a large file, read part by part as it comes in. The route turns the usual limit off: whoever reads
/// the file sees to how long it may be.
pub struct Streamed {
    /// By whom. Whether the form is ours is not checked yet.
    pub visit: Visit,
    /// Its parts.
    pub form: Multipart,
}

impl FromRequest<App> for Streamed {
    type Rejection = Refusal;
    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (visit, form) = opened(request, app).await?;
        Ok(Self { visit, form })
    }
}

/// Name and value of a part of a form that is no file.
pub async fn text_field(mut part: Part<'_>) -> Result<(String, String)> {
    let name = clean(part.name().unwrap_or_default()).chars().take(300).collect();
    let mut value = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|e| unreadable(&e))? {
        value.extend_from_slice(&chunk);
        if value.len() > FORM_LIMIT {
            return Err(too_large("a field of a form"));
        }
    }
    Ok((name, clean(&String::from_utf8_lossy(&value))))
}

/// Where to go after a form, if the form says so and it is a page of ours; `otherwise` if not.
pub fn next(fields: &Fields, otherwise: &str) -> String {
    let next = fields.get("next");
    // Only what an address is written with can stand in a header.
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let ours = next.starts_with('/') && !next.starts_with("//") && plain;
    if ours && next.len() <= 1_000 { next.to_owned() } else { otherwise.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_lose_what_no_text_needs() {
        let fields = Fields::parse(b"a=1&b=x%0D%0Ay&a=2&c=%00z&d=%F0%9F%8D%B5&=e");
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.get("b"), "x\ny");
        assert_eq!(fields.get("c"), "z");
        assert_eq!(fields.get("d"), "🍵");
        assert_eq!(fields.some("missing"), None);
        assert_eq!(Fields::parse(b"%%%&&=").get("a"), "");
    }

    #[test]
    fn a_reader_tells_everything_that_is_wrong_at_once() {
        let fields = Fields::parse(b"email=ada&price=12%2C5o&count=0&name=+");
        let mut reader = Reader::new(&fields);
        assert_eq!(reader.parsed::<kernel::Email>("email", "Enter an e-mail address."), None);
        assert_eq!(reader.amount("price", Currency::EUR), None);
        assert_eq!(reader.whole("count", 1..=9), 1);
        assert_eq!(reader.text("name", "Enter a name."), "");
        let wrong: Vec<_> = reader.error().fields().iter().map(|e| (e.field.clone(), e.reason.clone())).collect();
        let wanted = [
            ("email", "Enter an e-mail address such as name@example.com."),
            ("price", "Enter an amount such as 19.99."),
            ("count", "Enter a whole number from 1 to 9."),
            ("name", "Enter a name."),
        ];
        assert_eq!(wrong, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let eur = |text| amount(text, Currency::EUR).map(|m| m.amount_minor);
        assert_eq!(
            [eur("19.99"), eur(" 19,9 "), eur("1250"), eur("0")],
            [Some(1999), Some(1990), Some(125_000), Some(0)]
        );
        assert_eq!([eur("-1"), eur("1.999"), eur("1.000,00"), eur("")], [None; 4]);
        let of = |code, text| amount(text, Currency::parse(code).unwrap()).map(|m| m.amount_minor);
        assert_eq!([of("JPY", "1250"), of("JPY", "12,5"), of("JPY", "12.0")], [Some(1_250), None, None]);
        assert_eq!([of("KWD", "1,25"), of("KWD", "1.255"), of("KWD", "1.2555")], [Some(1_250), Some(1_255), None]);
        let fields = Fields::parse(b"price=12.5");
        let mut reader = Reader::new(&fields);
        assert_eq!(reader.amount("price", Currency::parse("JPY").unwrap()), None);
        assert_eq!(reader.error().fields()[0].reason, "Enter an amount such as 1999.");
    }

    #[test]
    fn only_our_own_pages_come_next() {
        let to = |text: &str| next(&Fields(vec![("next".to_owned(), text.to_owned())]), "/account");
        assert_eq!(to("/checkout?x=1"), "/checkout?x=1");
        for foreign in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/\t/evil",
            "/tee kanne",
            "/käse",
        ] {
            assert_eq!(to(foreign), "/account", "{foreign}");
        }
    }
}
