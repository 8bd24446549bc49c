//! The embedded mailbox: every mail the shop has sent, where no mail server is configured.

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use contracts::notifications::{MessageQuery, MessageStatus, MessageView};
use kernel::MessageId;

use super::paging::{Listed, Place};
use crate::{
    fmt::Fmt,
    render::{self, Shown},
    ui::{Badge, Cell, Column, Empty, Field, Filled, Link, Pager, Row, Shell, Table, Tone, When},
    visit::{Path, Query, Visit},
};

/// Mails on one page.
const PAGE: u32 = 30;

/// A mail's own page may look as it likes, but do nothing: no scripts, no forms, nothing from elsewhere.
const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; \
     frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox",
);

/// The list of mails.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/mailbox.html")]
pub struct Mailbox {
    /// Head and foot.
    pub shell: Shell,
    /// To whom.
    pub to: Field,
    /// The mails.
    pub mails: Table,
    /// More of them.
    pub pager: Pager,
}

/// A part of a mail's text.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// True for an address.
    pub link: bool,
}

/// One mail.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/mail.html")]
pub struct Mail {
    /// Head and foot.
    pub shell: Shell,
    /// Subject.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// When.
    pub when: When,
    /// Where it stands.
    pub badge: Badge,
    /// Address of its content.
    pub frame: String,
    /// The plain text, with its addresses as links.
    pub text: Vec<Piece>,
}

/// `GET /mailbox`
pub async fn list(mut visit: Visit, Query(asked): Query) -> Shown {
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let place = Place::of(&asked);
    let wanted = MessageQuery { to: asked.some("to"), status: None, limit: Some(PAGE), after: place.after.clone() };
    let (shell, found) = futures::join!(visit.shell("Mailbox"), app.notifications.mailbox(&who, &wanted));
    let found = found?;
    let kept: Vec<_> = wanted.to.iter().map(|to| ("to".to_owned(), to.clone())).collect();
    let list =
        Listed { shown: found.items.len(), page: PAGE as usize, next: found.next.as_deref(), ..Listed::default() };
    let page = Mailbox {
        shell: Shell { private: true, ..shell },
        to: Field::search("to", "To whom")
            .bare()
            .attribute("placeholder", "To whom")
            .optional()
            .filled(&Filled::with([("to", wanted.to.clone().unwrap_or_default())])),
        pager: place.pager(&fmt, "/mailbox", &kept, &list),
        mails: table(&fmt, &found.items),
    };
    render::page(&page)
}

fn table(fmt: &Fmt, mails: &[MessageView]) -> Table {
    let row = |mail: &MessageView| Row {
        id: mail.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&mail.subject, format!("/mailbox/{}", mail.id)), String::new()),
            Cell::text(mail.to.to_string()),
            Cell::When(fmt.when(mail.created_at)),
            Cell::Badge(badge(mail.status)),
        ],
    };
    let columns = vec![Column::new("Subject"), Column::new("To"), Column::new("Sent"), Column::new("State")];
    let empty =
        Empty::new("mail", "No mails", "What the shop sends is kept here as long as no mail server is configured.");
    Table::new("Mails", columns, mails.iter().map(row).collect(), empty)
}

fn badge(status: MessageStatus) -> Badge {
    match status {
        MessageStatus::Queued => Badge::new("Waiting", Tone::Neutral),
        MessageStatus::Sent => Badge::new("Sent", Tone::Success),
        MessageStatus::Failed => Badge::new("Failed", Tone::Danger),
    }
}

/// `GET /mailbox/{id}`
pub async fn show(mut visit: Visit, Path(id): Path<MessageId>) -> Shown {
    let mail = visit.app.notifications.mail(&visit.who(), id).await?;
    let shell = Shell { private: true, ..visit.shell(&mail.message.subject).await };
    let page = Mail {
        shell,
        to: mail.message.to.to_string(),
        when: visit.fmt.when(mail.message.created_at),
        badge: badge(mail.message.status),
        frame: format!("/mailbox/{id}/html"),
        text: pieces(&mail.text),
        subject: mail.message.subject,
    };
    render::page(&page)
}

/// `GET /mailbox/{id}/html`: the mail itself, for a frame that may do nothing.
pub async fn content(visit: Visit, Path(id): Path<MessageId>) -> Shown {
    let mail = visit.app.notifications.mail(&visit.who(), id).await?;
    framed(&mail.html)
}

/// A mail for a frame that may do nothing.
pub(crate) fn framed(mail: &str) -> Shown {
    // Its links leave the frame: our pages refuse to be framed.
    let html = format!("<base target=\"_top\">{mail}");
    let mut response: Response = axum::response::Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, CSP);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Text with the addresses in it apart.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (i, word) in text.split_inclusive(char::is_whitespace).enumerate() {
        let bare = word.trim_end();
        let is_link = bare.starts_with("https://") || bare.starts_with("http://");
        match pieces.last_mut() {
            Some(last) if !is_link && !last.link && i > 0 => last.text.push_str(word),
            _ if is_link => {
                pieces.push(Piece { text: bare.to_owned(), link: true });
                pieces.push(Piece { text: word[bare.len()..].to_owned(), link: false });
            }
            _ => pieces.push(Piece { text: word.to_owned(), link: false }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_become_links() {
        let shown: Vec<_> = pieces("Hello,\nconfirm here: http://souk.test/verify?token=a\n\njavascript:alert(1) end")
            .into_iter()
            .map(|piece| (piece.text, piece.link))
            .collect();
        let wanted = [
            ("Hello,\nconfirm here: ", false),
            ("http://souk.test/verify?token=a", true),
            ("\n\njavascript:alert(1) end", false),
        ];
        assert_eq!(shown, wanted.map(|(text, link)| (text.to_owned(), link)));
    }
}
