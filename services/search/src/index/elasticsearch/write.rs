//! Bulk writes: in pieces, each repeated with growing pauses until all of it is in or patience ends.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use kernel::{Error, Result};
use serde_json::{Value, json};

use super::{
    server::{Answer, Ask, Body, Server, away, is_busy},
    shape::Line,
};

/// Most documents of a request.
const LINES_MAX: usize = 500;
/// Bytes of a request, a little more or less.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// Attempts to bring a piece in. Afterwards the rows still tell what is missing.
const ATTEMPTS: u32 = 6;
/// Pause before the second attempt; doubled before each one after it.
const PAUSE: Duration = Duration::from_millis(100);

/// A document with its action, as they are sent.
pub(super) struct Packed {
    line: Line,
    pub(super) bytes: Vec<u8>,
}

/// What became of a request.
#[derive(Default)]
struct Outcome {
    /// To be sent again.
    busy: Vec<Packed>,
    /// What the server does not accept, and why.
    refused: Vec<(Line, String)>,
}

/// Writes through the alias of an index, which fails if the index is gone: without that the server would make one.
///
/// # Errors
/// Unavailable if some could not be written. What was written meanwhile stays, and may be written again.
pub async fn write(server: &Server, alias: &str, lines: Vec<Line>) -> Result<()> {
    let mut piece = Vec::new();
    let mut size = 0;
    for line in lines {
        let packed = pack(line)?;
        if !piece.is_empty() && (piece.len() == LINES_MAX || size + packed.bytes.len() > BYTES_MAX) {
            write_piece(server, alias, std::mem::take(&mut piece)).await?;
            size = 0;
        }
        size += packed.bytes.len();
        piece.push(packed);
    }
    if piece.is_empty() { Ok(()) } else { write_piece(server, alias, piece).await }
}

async fn write_piece(server: &Server, alias: &str, mut left: Vec<Packed>) -> Result<()> {
    let (mut attempts, mut pause) = (1, PAUSE);
    loop {
        let trouble = match send(server, alias, &left).await {
            Ok(answer) => {
                let outcome = sort_out(answer, left)?;
                left = outcome.busy;
                let some_are_busy = !left.is_empty();
                for (line, why) in outcome.refused {
                    left.push(pack(hide(&line, &why)?)?);
                }
                if left.is_empty() {
                    return Ok(());
                }
                if !some_are_busy {
                    // Nobody is overloaded: what is hidden instead goes at once.
                    continue;
                }
                away(format!("{} documents were not taken", left.len()))
            }
            Err(error) => error,
        };
        if attempts == ATTEMPTS {
            return Err(trouble);
        }
        tokio::time::sleep(pause).await;
        attempts += 1;
        pause *= 2;
    }
}

/// One product that the server refuses must not keep all others out. It is not found until it changes: rather than as
/// it was before.
fn hide(line: &Line, why: &str) -> Result<Line> {
    let hidden = line.hidden();
    if hidden == *line {
        return Err(Error::internal(format!("Elasticsearch does not even take a hidden document: {why}")));
    }
    tracing::error!(product = line.id, why, "the search refuses a product, which is not found now");
    Ok(hidden)
}

pub(super) fn pack(line: Line) -> Result<Packed> {
    let action = json!({"index": {"_id": line.id, "version": line.version, "version_type": "external"}});
    let mut bytes = serde_json::to_vec(&action)?;
    bytes.push(b'\n');
    serde_json::to_writer(&mut bytes, &line.document)?;
    bytes.push(b'\n');
    Ok(Packed { line, bytes })
}

async fn send(server: &Server, alias: &str, piece: &[Packed]) -> Result<Answer> {
    let lines: Bytes = piece.iter().flat_map(|packed| packed.bytes.iter().copied()).collect();
    let path = format!("/{alias}/_bulk?require_alias=true&filter_path=items.*.status,items.*.error");
    server.write(&Ask::post(path, Body::Lines(lines))).await
}

/// Looks at the answer to each line. They come in the order in which they were sent.
fn sort_out(answer: Answer, sent: Vec<Packed>) -> Result<Outcome> {
    let body = answer.or_error("a bulk request")?;
    let items: &[Value] = body["items"].as_array().map_or(&[], Vec::as_slice);
    if items.len() != sent.len() {
        return Err(Error::internal(format!("Elasticsearch answered {} of {} lines", items.len(), sent.len())));
    }
    let mut outcome = Outcome::default();
    for (packed, item) in sent.into_iter().zip(items) {
        let item = &item["index"];
        let status = item["status"].as_u64().and_then(|n| u16::try_from(n).ok());
        let status = status.and_then(|n| StatusCode::from_u16(n).ok()).unwrap_or_default();
        let words = || format!("{status} {} {}", item["error"]["type"], item["error"]["reason"]);
        match status {
            StatusCode::CREATED | StatusCode::OK => {}
            // Something newer is there already, or the same: another process was faster.
            StatusCode::CONFLICT => {}
            status if is_busy(status) => outcome.busy.push(packed),
            StatusCode::BAD_REQUEST => outcome.refused.push((packed.line, words())),
            _ => return Err(away(format!("a line of a bulk request was answered {}", words()))),
        }
    }
    Ok(outcome)
}
