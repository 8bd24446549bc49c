//! Gift cards and store credit: given, found, blocked, written off.

use contracts::credits::{
    CreditKind, CreditQuery, CreditStatus, CreditView, IssueCredit, IssuedCredit, WriteOffCredit,
};
use kernel::{CreditId, Currency, Error, PageRequest, Result};

use super::{Desk, Room, said, vendors::search};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    language,
    pages::{
        account::credit,
        portal::{
            Facts, Form, List, Paging, Panel, PortalPage, Split, Tools, Words,
            fields::{end_of, last_day, renamed},
            words,
        },
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// Fields of the form, by which its errors are told.
const LABELS: &[&str] = &["kind", "amount", "email", "language", "account_id", "expires_at", "note"];

/// `GET /admin/credits`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let page = page(&mut desk, &asked, &Filled::default()).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, asked: &Fields, filled: &Filled) -> Result<PortalPage> {
    let paging = Paging::of("/admin/credits", asked, &["kind", "status", "account_id", "q", "left"]);
    let query = CreditQuery {
        kind: words::named(paging.filter("kind")),
        status: words::named(paging.filter("status")),
        account_id: asked.parsed("account_id"),
        q: asked.some("q"),
        left: (paging.filter("left") == "true").then_some(true),
        limit: Some(25),
        after: paging.after(),
    };
    let found = desk.app.credits.all(&desk.who, &query).await?;
    let pager = paging.pager(&desk.fmt, found.items.len(), found.next.as_deref(), "credit", "credits");
    let empty = if paging.narrowed() {
        Empty::new("wallet", "Nothing is like that", "Look at all of them instead.")
            .action("Show all", "/admin/credits")
    } else {
        Empty::new("wallet", "Nothing was given yet", "Gift cards and store credit are listed here.")
    };
    let list = List::new(table(&desk.fmt, &found.items, empty), pager);
    let kinds = [("", "All"), ("gift_card", "Gift cards"), ("store_credit", "Store credit")];
    let tabs = paging.tabs("Credits by kind", "kind", &kinds);
    let place = desk.place("Gift cards and credit", Room::Credits).await;
    let form = form(desk, filled);
    let tools = Tools {
        action: "/admin/credits".to_owned(),
        fields: vec![search(paging.filter("q"), "Search cards", "Last four of the code, or e-mail")],
        ..Tools::default()
    };
    let page = PortalPage::new(place).action("Expired with something left", "/admin/credits?status=expired&left=true");
    Ok(page.errors(filled.summary(LABELS)).block(&tabs).block(&tools).block(&Split {
        main: vec![Panel::new("Given so far").flush().with(&list)],
        side: vec![Panel::new("Give").with(&form)],
    }))
}

fn table(fmt: &Fmt, credits: &[CreditView], empty: Empty) -> Table {
    let row = |credit: &CreditView| Row {
        id: credit.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(name(credit), format!("/admin/credits/{}", credit.id)), state(credit).to_owned()),
            Cell::When(fmt.when(credit.created_at)),
            Cell::Number(fmt.money(credit.issued)),
            Cell::Number(fmt.money(credit.held)),
            Cell::Number(fmt.money(credit.balance)),
        ],
    };
    let columns = vec![
        Column::new("Credit"),
        Column::new("Given"),
        Column::number("Worth"),
        Column::number("Held"),
        Column::number("Left"),
    ];
    Table::new("Gift cards and credit", columns, credits.iter().map(row).collect(), empty)
}

fn name(credit: &CreditView) -> String {
    match (&credit.kind, &credit.last4) {
        (CreditKind::GiftCard, Some(last4)) => format!("Gift card •••• {last4}"),
        (CreditKind::GiftCard, None) => "Gift card".to_owned(),
        (CreditKind::StoreCredit, _) => "Store credit".to_owned(),
    }
}

fn state(credit: &CreditView) -> &'static str {
    match credit.status {
        CreditStatus::Active => "",
        CreditStatus::Blocked => "Blocked",
        CreditStatus::Expired => "Expired",
    }
}

fn form(desk: &Desk, filled: &Filled) -> Form {
    let kinds = [("gift_card", "Gift card"), ("store_credit", "Store credit")];
    let tongues = ::words::languages().all().iter().map(|code| (*code, language::english(code)));
    let fields = vec![
        Field::select("kind", "What", kinds).filled(filled),
        Field::amount("amount", "Worth", desk.visit.purse.main().symbol()).filled(filled),
        Field::email("email", "Send the code to").optional().hint("For a gift card.").filled(filled),
        Field::select("language", "Language of the mail", tongues).filled(filled),
        Field::text("account_id", "Account")
            .optional()
            .hint("For store credit: the id on the person's page.")
            .filled(filled),
        Field::date("expires_at", "Last day").optional().hint("For a gift card; always if left empty.").filled(filled),
        Field::text("note", "Why").optional().max_length(300).hint("Only the administration reads it.").filled(filled),
    ];
    Form::new("/admin/credits", &desk.csrf(), "Give").hidden("key", desk.app.random.token()).fields(fields)
}

/// `POST /admin/credits`: gives it; the code of a gift card is shown this once.
pub async fn issue(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let fields = posted.fields;
    let issued = match read(&fields, desk.visit.purse.main()) {
        Ok(input) => {
            let client = desk.app.credits.with_header("idempotency-key", fields.get("key"));
            client.issue(&desk.who, &input).await
        }
        Err(error) => Err(error),
    };
    match issued {
        Ok(issued) => given(desk, issued).await,
        Err(error) => {
            let error =
                renamed(error, |field| if field == "amount_minor" { "amount".to_owned() } else { field.to_owned() });
            let (status, filled) = fields.refused(error)?;
            let page = page(&mut desk, &Fields::default(), &filled).await?;
            render::page_with(status, &page)
        }
    }
}

async fn given(mut desk: Desk, issued: IssuedCredit) -> Shown {
    let path = format!("/admin/credits/{}", issued.credit.id);
    let Some(code) = issued.code else {
        let text = format!("Given. There is {} of store credit now.", desk.fmt.money(issued.credit.balance));
        desk.visit.say(Message::good(text)).await?;
        return Ok(desk.visit.go(&path));
    };
    let place = desk.place("The gift card is made", Room::Credits).await;
    let sent = match &issued.credit.email {
        Some(email) => format!("Its code was sent to {email}, and is not shown again."),
        None => "Write its code down or send it: it is not shown again.".to_owned(),
    };
    let panel =
        Panel::new("Code").link("Look at the card", path).with(&Words::new(code.expose())).with(&Words::soft(sent));
    render::page(&PortalPage::new(place).above(&[("Gift cards and credit", "/admin/credits")]).block(&panel))
}

fn read(sent: &Fields, currency: Currency) -> Result<IssueCredit> {
    let mut reader = Reader::new(sent);
    let kind = words::named(sent.get("kind"));
    let amount = reader.amount("amount", currency);
    let email = reader.optional_parsed("email");
    let account_id = reader.optional_parsed("account_id");
    let expires_at = end_of(&mut reader, "expires_at");
    if kind.is_none() {
        reader.wrong("kind", "Choose what is given.");
    }
    if sent.some("amount").is_none() {
        reader.wrong("amount", "Say how much it is worth.");
    }
    let (Some(kind), Some(amount), true) = (kind, amount, reader.ok()) else { return Err(reader.error()) };
    Ok(IssueCredit {
        kind,
        amount_minor: amount.amount_minor,
        currency,
        expires_at,
        email,
        account_id,
        note: sent.some("note"),
        // The form always has one; it says something of a mail alone.
        language: sent.some("language").filter(|_| kind == CreditKind::GiftCard),
    })
}

/// `GET /admin/credits/{id}`
pub async fn show(visit: Visit, Path(id): Path<CreditId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of(format!("/admin/credits/{id}"), &asked, &[]);
    let query = PageRequest { limit: Some(25), after: paging.after() };
    let (credit, movements) =
        futures::join!(desk.app.credits.one(&desk.who, id), desk.app.credits.movements(&desk.who, id, &query));
    let (credit, movements) = (credit?, movements?);
    let fmt = desk.fmt;
    let pager = paging.pager(&fmt, movements.items.len(), movements.next.as_deref(), "movement", "movements");
    let history = credit::table(&fmt, &movements.items, |id| format!("/admin/orders/{id}"));
    let mut facts = Facts::new("What is known of it")
        .fact("Left", fmt.money(credit.balance))
        .fact("Held for orders", fmt.money(credit.held))
        .fact("Given", fmt.money(credit.issued));
    if let Some(account) = credit.account_id {
        facts = facts.linked("Account", account.to_string(), format!("/admin/users/{account}"));
    }
    if let Some(email) = &credit.email {
        facts = facts.fact("Sent to", email.to_string());
    }
    if let Some(note) = &credit.note {
        facts = facts.fact("Why", note.clone());
    }
    if let Some(until) = credit.expires_at {
        facts = facts.fact("Last day", last_day(until));
    }
    let form = if credit.status == CreditStatus::Blocked {
        Form::new(format!("/admin/credits/{id}/unblock"), &desk.csrf(), "Unblock")
    } else {
        Form::new(format!("/admin/credits/{id}/block"), &desk.csrf(), "Block").danger()
    };
    let hint = Words::soft("Blocked, nothing new is paid with it. What orders hold stays theirs.");
    let place = desk.place(name(&credit), Room::Credits).await;
    let mut page = PortalPage::new(place).above(&[("Gift cards and credit", "/admin/credits")]);
    if may_be_written_off(&desk, &credit) {
        page = page.danger("Write off what is left", format!("/admin/credits/{id}/write-off"));
    }
    render::page(&page.block(&Split {
        main: vec![Panel::new("History").flush().with(&List::new(history, pager))],
        side: vec![Panel::new("Now").with(&facts).with(&form).with(&hint)],
    }))
}

/// Its time is over, something is left, and no order that may still be paid holds any of it.
fn may_be_written_off(desk: &Desk, credit: &CreditView) -> bool {
    let is_over = credit.expires_at.is_some_and(|at| at <= desk.app.clock.now());
    is_over && credit.held.is_zero() && !credit.balance.is_zero()
}

/// `GET /admin/credits/{id}/write-off`: asks why.
pub async fn ask_write_off(visit: Visit, Path(id): Path<CreditId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let credit = desk.app.credits.one(&desk.who, id).await?;
    if !may_be_written_off(&desk, &credit) {
        return Ok(desk.visit.go(&format!("/admin/credits/{id}")));
    }
    // Sent twice, it is written off once: the key is the form's, not the request's.
    let filled = Filled::with([("key", desk.app.random.token())]);
    let page = question(&mut desk, &credit, &filled).await;
    render::page(&page)
}

async fn question(desk: &mut Desk, credit: &CreditView, filled: &Filled) -> PortalPage {
    let here = format!("/admin/credits/{}", credit.id);
    let left = desk.fmt.money(credit.balance);
    let reason = Field::text("reason", "Reason").max_length(300).hint("It stays in the history.").filled(filled);
    let form = Form::new(format!("{here}/write-off"), &desk.csrf(), &format!("Write off {left}"))
        .danger()
        .hidden("key", filled.value("key"))
        .with(&reason)
        .cancel("Keep it", &here);
    let effect = format!(
        "{left} are owed to nobody any more, and the platform has earned them. This cannot be undone. What a refund gives \
         back to it later can be used all the same."
    );
    let name = name(credit);
    let place = desk.place(format!("Write off what is left of {name}"), Room::Credits).await;
    PortalPage::new(place)
        .above(&[("Gift cards and credit", "/admin/credits"), (&name, &here)])
        .errors(filled.summary(&["reason"]))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form))
}

/// `POST /admin/credits/{id}/write-off`
pub async fn write_off(Path(id): Path<CreditId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let credit = desk.app.credits.one(&desk.who, id).await?;
    let result = match read_reason(&posted.fields) {
        Ok((key, input)) => {
            let client = desk.app.credits.with_header("idempotency-key", key);
            client.write_off(&desk.who, id, &input).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => {
            desk.visit.say(Message::good("What was left is written off.")).await?;
            Ok(desk.visit.go(&format!("/admin/credits/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let page = question(&mut desk, &credit, &filled).await;
            render::page_with(status, &page)
        }
    }
}

fn read_reason(sent: &Fields) -> Result<(String, WriteOffCredit)> {
    let key = sent.some("key").ok_or_else(|| Error::malformed("Load the form again and repeat."))?;
    let mut reader = Reader::new(sent);
    let reason = reader.text("reason", "Say why; it stays in the history.");
    if reader.ok() { Ok((key, WriteOffCredit { reason })) } else { Err(reader.error()) }
}

/// `POST /admin/credits/{id}/{verb}`: blocks or unblocks it.
pub async fn change(Path((id, verb)): Path<(CreditId, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let changed = match verb.as_str() {
        "block" => desk.app.credits.block(&desk.who, id).await,
        "unblock" => desk.app.credits.unblock(&desk.who, id).await,
        _ => return Err(Error::not_found("page").into()),
    };
    let message = match changed {
        Ok(_) if verb == "block" => Message::good("It is blocked."),
        Ok(_) => Message::good("It can be used again."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/credits/{id}")))
}
