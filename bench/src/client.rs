//! An HTTP/1.1 client that costs as little processor time as possible: it shares the machine with
//! what it measures. One connection, kept alive; one request at a time; answers with a length.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::Result;

/// More headers than this no answer has.
const HEADERS_MAX: usize = 48;

/// A connection that is kept alive.
pub struct Client {
    address: SocketAddr,
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// An answer; the body stays in the connection's buffer until the next request.
pub struct Answer<'a> {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The body, if the status is the one that was hoped for.
    pub fn expect(&self, status: u16) -> Result<&[u8]> {
        if self.status == status {
            Ok(self.body)
        } else {
            Err(format!("answer {} instead of {status}: {}", self.status, String::from_utf8_lossy(self.body)).into())
        }
    }

    /// True if a good answer has this text in it.
    pub fn tells(&self, text: &str) -> Result<bool> {
        Ok(std::str::from_utf8(self.expect(200)?)?.contains(text))
    }
}

/// A header, name and value.
pub type Header<'a> = (&'a str, &'a str);

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream, request: Vec::with_capacity(4096), answer: Vec::with_capacity(64 * 1024) })
    }

    /// A GET.
    pub async fn get(&mut self, path: &str) -> Result<Answer<'_>> {
        self.send("GET", path, &[], b"").await
    }

    /// A POST of JSON.
    pub async fn post(&mut self, path: &str, headers: &[Header<'_>], body: &[u8]) -> Result<Answer<'_>> {
        self.request.clear();
        self.write_head("POST", path, headers, body.len());
        self.request.extend_from_slice(b"content-type: application/json\r\n\r\n");
        self.request.extend_from_slice(body);
        self.exchange().await
    }

    /// Any request; the content type is among the headers.
    pub async fn send(&mut self, method: &str, path: &str, headers: &[Header<'_>], body: &[u8]) -> Result<Answer<'_>> {
        self.request.clear();
        self.write_head(method, path, headers, body.len());
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body);
        self.exchange().await
    }

    fn write_head(&mut self, method: &str, path: &str, headers: &[Header<'_>], length: usize) {
        let mut line = |parts: &[&str]| parts.iter().for_each(|part| self.request.extend_from_slice(part.as_bytes()));
        line(&[method, " ", path, " HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\n"]);
        for (name, value) in headers {
            line(&[name, ": ", value, "\r\n"]);
        }
        if length > 0 {
            line(&["content-length: ", &length.to_string(), "\r\n"]);
        }
    }

    async fn exchange(&mut self) -> Result<Answer<'_>> {
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        let (status, begin, length) = loop {
            self.fill().await?;
            if let Some(head) = head_of(&self.answer)? {
                break head;
            }
        };
        while self.answer.len() < begin + length {
            self.fill().await?;
        }
        Ok(Answer { status, body: &self.answer[begin..begin + length] })
    }

    async fn fill(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err(format!("{} closed the connection", self.address).into()),
            _ => Ok(()),
        }
    }
}

/// Status, where the body begins and how long it is; none if the head is not there as a whole.
fn head_of(answer: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(begin) = head.parse(answer)? else { return Ok(None) };
    let status = head.code.ok_or("no status line")?;
    match head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length")) {
        Some(length) => Ok(Some((status, begin, std::str::from_utf8(length.value)?.parse()?))),
        None if status == 204 => Ok(Some((status, begin, 0))),
        None => Err("an answer without a length".into()),
    }
}

/// The text of a JSON member, found without reading the whole document: the first one of that name.
pub fn text_member<'a>(body: &'a [u8], name: &str) -> Result<&'a str> {
    let body = std::str::from_utf8(body)?;
    let mark = format!("\"{name}\":\"");
    let begin = body.find(&mark).ok_or_else(|| format!("no “{name}” in {body}"))? + mark.len();
    let length = body[begin..].find('"').ok_or("a text without an end")?;
    Ok(&body[begin..begin + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_when_they_are_whole() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nx: y\r\n\r\n{}";
        assert_eq!(head_of(answer).unwrap(), Some((201, answer.len() - 2, 2)));
        assert_eq!(head_of(&answer[..30]).unwrap(), None);
        assert_eq!(head_of(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap(), Some((204, 27, 0)));
        assert!(head_of(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn members_are_found() {
        let body = br#"{"token":"abc","order":{"status":"paid"}}"#;
        assert_eq!(text_member(body, "token").unwrap(), "abc");
        assert_eq!(text_member(body, "status").unwrap(), "paid");
        assert!(text_member(body, "hash").is_err());
    }
}
