//! Mail by SMTP.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::{Email, Error, Result};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
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
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&mail.to)?))
            .message_id(Some(id))
            .subject(mail.subject.clone())
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(Error::internal)
    }
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
