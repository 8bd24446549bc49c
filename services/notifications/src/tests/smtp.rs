use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use contracts::notifications::{MessageDetail, MessageStatus, MessageView};
use db::Dialect;
use kernel::Page;
use serde_json::json;
use testkit::{TestApp, admin};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{Settings, Smtp, Tls};

/// A mail server that answers `RCPT TO` with what it is told to.
#[derive(Clone, Default)]
struct Server {
    taken: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<&'static str>>,
}

impl Server {
    async fn start() -> (Self, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { answer: Arc::new(Mutex::new("250 ok")), ..Self::default() };
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(this.clone().talk(stream));
            }
        });
        (server, port)
    }

    async fn talk(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let answer = match command.as_str() {
                "RCPT" => *self.answer.lock().unwrap(),
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.unwrap();
                    let mut mail = String::new();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.taken.lock().unwrap().push(mail);
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

async fn app(dialect: Dialect) -> (TestApp, Server) {
    let (server, port) = Server::start().await;
    let smtp = Smtp { host: "127.0.0.1".to_owned(), port, tls: Tls::None, username: None, password: None };
    let settings = Settings {
        smtp: Some(smtp),
        mailbox_public: true,
        from_address: "shop@example.com".to_owned(),
        ..Settings::default()
    };
    (TestApp::start(dialect, vec![crate::service(settings)]).await, server)
}

async fn write(app: &TestApp) {
    let wanted = json!({
        "key": "1", "email": "ada@example.com", "account_id": null, "locale": "en",
        "template": {"template": "password_changed", "name": "Ada"},
    });
    app.as_service("identity").post("/internal/messages", &wanted).await.expect(200);
    app.settle().await;
}

async fn message(app: &TestApp) -> MessageDetail {
    let page: Page<MessageView> = app.as_user(&admin()).get("/api/v1/admin/messages").await.expect(200).json();
    app.as_user(&admin()).get(&format!("/api/v1/admin/messages/{}", page.items[0].id)).await.expect(200).json()
}

#[tokio::test]
async fn mails_leave_as_text_and_html() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, server) = app(dialect).await;
        write(&app).await;
        assert_eq!(message(&app).await.message.status, MessageStatus::Sent);
        let mail = server.taken.lock().unwrap().pop().unwrap();
        for part in [
            "To: ada@example.com",
            "Souk <shop@example.com>",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "Message-ID: <",
        ] {
            assert!(mail.contains(part), "{part} in {mail}");
        }
        assert!(!mail.contains("List-Unsubscribe"), "{mail}");
        app.guest().get("/api/v1/mailbox").await.expect_problem(404, "not_found");

        let wanted = json!({
            "key": "2", "email": "eve@example.com", "account_id": null, "locale": "en",
            "template": {
                "template": "back_in_stock", "what": "Mug", "path": "/p/mug", "stop": "/notices/stop?token=c0ffee",
            },
        });
        app.as_service("cart").post("/internal/messages", &wanted).await.expect(200);
        app.settle().await;
        let mail = server.taken.lock().unwrap().pop().unwrap();
        let header = "List-Unsubscribe: <http://souk.test/notices/stop/one-click?token=c0ffee>\n";
        assert!(mail.contains(header), "{mail}");
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, server) = app(dialect).await;
        *server.answer.lock().unwrap() = "451 later";
        write(&app).await;
        let waiting = message(&app).await;
        assert_eq!((waiting.message.status, waiting.message.attempts), (MessageStatus::Queued, 1));
        assert!(waiting.message.error.unwrap().contains("later"));
        *server.answer.lock().unwrap() = "250 ok";
        app.advance(Duration::from_secs(60)).await;
        assert_eq!(message(&app).await.message.status, MessageStatus::Sent);
        assert_eq!(server.taken.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_given_up_and_can_be_tried_again() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, server) = app(dialect).await;
        *server.answer.lock().unwrap() = "550 no such user";
        write(&app).await;
        let failed = message(&app).await;
        assert_eq!((failed.message.status, failed.message.attempts), (MessageStatus::Failed, 1));
        assert_eq!(failed.history.iter().map(|h| h.kind.as_str()).collect::<Vec<_>>(), ["queued", "failed"]);
        *server.answer.lock().unwrap() = "250 ok";
        let retry = format!("/api/v1/admin/messages/{}/retry", failed.message.id);
        app.as_user(&admin()).post(&retry, &()).await.expect(200);
        app.settle().await;
        assert_eq!(message(&app).await.message.status, MessageStatus::Sent);
        app.as_user(&admin()).post(&retry, &()).await.expect_problem(409, "not_failed");
    }
}
