//! SQL of messages.

pub mod erased;

use std::collections::BTreeMap;

use contracts::{
    notifications::{MessageDetail, MessageQuery, MessageStatus, MessageView},
    shared::TimelineEntry,
    vendors::VendorSnapshot,
};
use db::{Db, Row, Rows, Tx, Value, params, placeholders, rows_sql};
use kernel::{AccountId, Email, Error, MessageId, Page, PageRequest, Result, Timestamp, VendorId};

use crate::{mailer::Mail, model::Rendered};

const MESSAGE: &str = "id, recipient, template, subject, status, attempts, error, created_at, sent_at";

/// To whom a message goes, under which key.
#[derive(Debug, Clone)]
pub struct Envelope {
    pub key: String,
    pub to: Email,
    pub account_id: Option<AccountId>,
    pub locale: String,
}

fn status_of(text: &str) -> Result<MessageStatus> {
    match text {
        "queued" => Ok(MessageStatus::Queued),
        "sent" => Ok(MessageStatus::Sent),
        "failed" => Ok(MessageStatus::Failed),
        other => Err(Error::internal(format!("message status {other}"))),
    }
}

fn text_of(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Queued => "queued",
        MessageStatus::Sent => "sent",
        MessageStatus::Failed => "failed",
    }
}

fn view(row: &Row) -> Result<MessageView> {
    Ok(MessageView {
        id: row.get("id")?,
        to: row.get("recipient")?,
        template: row.get("template")?,
        subject: row.get("subject")?,
        status: status_of(&row.get::<String>("status")?)?,
        attempts: row.get("attempts")?,
        error: row.get("error")?,
        created_at: row.get("created_at")?,
        sent_at: row.get("sent_at")?,
    })
}

const INTO: &str =
    "INSERT INTO messages (id, key, recipient, account_id, template, locale, subject, body_text, body_html, status,
     attempts, created_at, sent_at)";

/// Messages, each unless its key is known.
static MESSAGES: Rows = Rows::new(&["messages"], add);

fn add(messages: usize) -> String {
    format!("{} ON CONFLICT (key) DO NOTHING", rows_sql(INTO, 13, messages))
}

fn message(
    id: MessageId,
    envelope: &Envelope,
    letter: &Rendered,
    status: MessageStatus,
    now: Timestamp,
    sent_at: Option<Timestamp>,
) -> Vec<Value> {
    params![
        id,
        &envelope.key,
        &envelope.to,
        envelope.account_id,
        letter.template,
        &envelope.locale,
        &letter.subject,
        &letter.text,
        &letter.html,
        text_of(status),
        0,
        now,
        sent_at
    ]
}

/// Stores a message that waits to be sent, if its key is new; true if it was.
pub async fn queue(tx: &mut Tx, id: MessageId, envelope: &Envelope, letter: &Rendered, now: Timestamp) -> Result<bool> {
    Ok(tx.exec(&add(1), message(id, envelope, letter, MessageStatus::Queued, now, None)).await? == 1)
}

/// Puts a message into the mailbox, if its key is new.
pub async fn put(tx: &mut Tx, id: MessageId, envelope: &Envelope, letter: &Rendered, now: Timestamp) -> Result<()> {
    tx.gather(&MESSAGES, message(id, envelope, letter, MessageStatus::Sent, now, Some(now))).await
}

/// How a message's history begins: its own row says that. What is put into the mailbox is sent without an attempt.
fn beginning(message: &MessageView) -> TimelineEntry {
    let (kind, text) = match message.sent_at.is_some() && message.attempts == 0 {
        true => ("sent", "Put into the mailbox."),
        false => ("queued", "Written, waits to be sent."),
    };
    TimelineEntry { at: message.created_at, kind: kind.to_owned(), text: text.to_owned() }
}

/// Adds to a message's history what became of it after it was written.
pub async fn note(tx: &mut Tx, id: MessageId, at: Timestamp, kind: &str, text: &str) -> Result<()> {
    let sql = "INSERT INTO message_history (message_id, at, kind, text) VALUES ($1, $2, $3, $4)";
    tx.defer(sql, params![id, at, kind, text]).await
}

/// A message that waits to be sent; none if it has been.
pub async fn queued(db: &Db, id: MessageId) -> Result<Option<Mail>> {
    let sql = "SELECT id, recipient, subject, body_text, body_html FROM messages WHERE id = $1 AND status = 'queued'";
    let row = db.opt(sql, params![id]).await?;
    row.map(|row| {
        Ok(Mail {
            id,
            to: row.get("recipient")?,
            subject: row.get("subject")?,
            text: row.get("body_text")?,
            html: row.get("body_html")?,
            stop: None,
        })
    })
    .transpose()
}

/// The server has taken it.
pub async fn sent(tx: &mut Tx, id: MessageId, now: Timestamp) -> Result<()> {
    let sql = "UPDATE messages SET status = 'sent', attempts = attempts + 1, error = NULL, sent_at = $2 WHERE id = $1";
    tx.defer(sql, params![id, now]).await?;
    note(tx, id, now, "sent", "Taken by the mail server.").await
}

/// The server has not taken it; `last` gives it up.
pub async fn refused(tx: &mut Tx, id: MessageId, now: Timestamp, why: &str, last: bool) -> Result<()> {
    let status = if last { "failed" } else { "queued" };
    let why: String = why.chars().take(500).collect();
    let sql = "UPDATE messages SET status = $2, attempts = attempts + 1, error = $3 WHERE id = $1";
    tx.defer(sql, params![id, status, &why]).await?;
    note(tx, id, now, if last { "failed" } else { "refused" }, &why).await
}

/// Queues a failed message again; false if it has not failed, or nobody is left to read it.
pub async fn requeue(tx: &mut Tx, id: MessageId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE messages SET status = 'queued', attempts = 0, error = NULL WHERE id = $1 AND status = 'failed' AND recipient <> $2";
    let done = tx.exec(sql, params![id, erased::NOWHERE]).await? == 1;
    if done {
        note(tx, id, now, "queued", "To be tried again.").await?;
    }
    Ok(done)
}

/// Messages, newest first.
pub async fn list(db: &Db, query: &MessageQuery) -> Result<Page<MessageView>> {
    let page = PageRequest { limit: query.limit, after: query.after.clone() };
    let (limit, cursor) = (page.limit()?, page.cursor()?);
    let (at, id) =
        cursor.map_or(Ok((i64::MAX, String::new())), |c| Ok::<_, Error>((c.number(0)?, c.text(1)?.to_owned())))?;
    let mut sql = format!("SELECT {MESSAGE} FROM messages WHERE (created_at < $1 OR (created_at = $1 AND id < $2))");
    let mut values: Vec<Value> = params![at, id, i64::from(limit) + 1];
    if let Some(to) = query.to.as_ref().filter(|t| !t.is_empty()) {
        values.extend(params![to.trim().to_lowercase()]);
        sql.push_str(&format!(" AND recipient = ${}", values.len()));
    }
    if let Some(status) = query.status {
        values.extend(params![text_of(status)]);
        sql.push_str(&format!(" AND status = ${}", values.len()));
    }
    sql.push_str(" ORDER BY created_at DESC, id DESC LIMIT $3");
    let messages = db.all(&sql, values).await?.iter().map(view).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(messages, limit, |m| vec![m.created_at.micros().to_string(), m.id.to_string()]))
}

/// A message with its content and history.
pub async fn detail(db: &Db, id: MessageId) -> Result<MessageDetail> {
    let sql = format!("SELECT {MESSAGE}, body_text, body_html FROM messages WHERE id = $1");
    let row = db.opt(&sql, params![id]).await?.ok_or_else(|| Error::not_found("message"))?;
    let message = view(&row)?;
    let later = db
        .all("SELECT at, kind, text FROM message_history WHERE message_id = $1 ORDER BY at LIMIT 100", params![id])
        .await?;
    let entry = |row: &Row| Ok(TimelineEntry { at: row.get("at")?, kind: row.get("kind")?, text: row.get("text")? });
    let history = std::iter::once(Ok(beginning(&message))).chain(later.iter().map(entry));
    Ok(MessageDetail {
        history: history.collect::<Result<Vec<_>>>()?,
        message,
        text: row.get("body_text")?,
        html: row.get("body_html")?,
    })
}

/// The id of the message with a key.
pub async fn by_key(tx: &mut Tx, key: &str) -> Result<MessageId> {
    tx.one("SELECT id FROM messages WHERE key = $1", params![key]).await?.at(0)
}

/// Keeps whom to write to about a store.
pub async fn put_vendor(tx: &mut Tx, vendor_id: VendorId, vendor: &VendorSnapshot) -> Result<()> {
    let sql = "INSERT INTO vendors (vendor_id, name, owners) VALUES ($1, $2, $3)
               ON CONFLICT (vendor_id) DO UPDATE SET name = excluded.name, owners = excluded.owners";
    tx.defer(sql, params![vendor_id, &vendor.name, serde_json::to_string(&vendor.owners)?]).await
}

/// What a store is called, if it is known.
pub async fn name_of(db: &Db, vendor_id: VendorId) -> Result<Option<String>> {
    let row = db.opt("SELECT name FROM vendors WHERE vendor_id = $1", params![vendor_id]).await?;
    row.map(|row| row.get("name")).transpose()
}

/// Owners of a store.
pub async fn owners(db: &Db, vendor_id: VendorId) -> Result<Vec<AccountId>> {
    Ok(owners_of(db, &[vendor_id]).await?.remove(&vendor_id).unwrap_or_default())
}

/// Owners of some stores; nothing of those that are not known.
pub async fn owners_of(db: &Db, vendors: &[VendorId]) -> Result<BTreeMap<VendorId, Vec<AccountId>>> {
    let sql = format!("SELECT vendor_id, owners FROM vendors WHERE vendor_id IN ({})", placeholders(1, vendors.len()));
    let rows = db.all(&sql, vendors.iter().map(|id| Value::from(*id)).collect()).await?;
    rows.iter().map(|row| Ok((row.get("vendor_id")?, serde_json::from_str(&row.get::<String>("owners")?)?))).collect()
}
