//! Mail by SMTP.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::{Email, Error, Result};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::authentication::Credentials,
};

use super::{Mail, Mailer, Refusal};
use crate::settings::{Smtp, Tls};

/// How long a mail server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends over a pool of SMTP connections.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// A mailer for a server; nothing is connected yet.
    pub fn new(server: &Smtp, from: Email, name: &str) -> Result<Self> {
        let wrong = |e: lettre::transport::smtp::Error| Error::invalid("notifications.smtp", e.to_string());
        let mut builder = match server.tls {
            Tls::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&server.host).map_err(wrong)?,
            Tls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&server.host).map_err(wrong)?,
            Tls::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host),
        };
        if let (Some(user), Some(password)) = (&server.username, &server.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        let transport = builder.port(server.port).timeout(Some(PATIENCE)).build();
        Ok(Self { transport, from: Mailbox::new(Some(name.to_owned()), address(&from)?) })
    }

    fn message(&self, mail: &Mail) -> Result<Message> {
        let id = format!("<{}@{}>", mail.id, self.from.email.domain());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&mail.to)?))
            .message_id(Some(id))
            .subject(mail.subject.clone());
        for (name, value) in unsubscribing(mail) {
            message = message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
        }
        message
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(Error::internal)
    }
}

/// What mail programs are told of how to end such letters. That one click is enough they may only believe where nobody
/// on the way could have changed the address.
fn unsubscribing(mail: &Mail) -> Vec<(&'static str, String)> {
    let Some(stop) = &mail.stop else { return Vec::new() };
    let mut headers = vec![("List-Unsubscribe", format!("<{stop}>"))];
    if stop.starts_with("https://") {
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

fn address(email: &Email) -> Result<Address> {
    email.as_str().parse().map_err(|e| Error::invalid("email", format!("Mail cannot be sent to {email}: {e}.")))
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, std::result::Result<(), Refusal>> {
        Box::pin(async move {
            let message = self.message(mail).map_err(|e| Refusal::ForGood(e.to_string()))?;
            match self.transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Refusal::ForGood(error.to_string())),
                Err(error) => Err(Refusal::ForNow(error.to_string())),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::MessageId;

    use super::*;

    #[tokio::test]
    async fn letters_that_can_be_ended_say_so_in_their_headers() {
        let server = Smtp { host: "127.0.0.1".to_owned(), port: 25, tls: Tls::None, username: None, password: None };
        let mailer = SmtpMailer::new(&server, "shop@example.com".parse().unwrap(), "Souk").unwrap();
        let token = "a1".repeat(60);
        let headers = |stop: Option<String>| {
            let mail = Mail {
                id: MessageId::derived("test", &["mail"]),
                to: "ada@example.com".parse().unwrap(),
                subject: "Still in your cart".to_owned(),
                text: "Text".to_owned(),
                html: "<p>Text</p>".to_owned(),
                stop,
            };
            let message = String::from_utf8(mailer.message(&mail).unwrap().formatted()).unwrap();
            let lines = message.lines().filter(|line| line.starts_with("List-"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let url = format!("https://souk.example/cart/letters/stop/one-click?token={token}");
        let expected =
            [format!("List-Unsubscribe: <{url}>"), "List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned()];
        assert_eq!(headers(Some(url)), expected);
        assert_eq!(headers(Some("http://souk.test/s".to_owned())), ["List-Unsubscribe: <http://souk.test/s>"]);
        assert!(headers(None).is_empty());
    }
}
