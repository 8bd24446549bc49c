//! Accounts: found, made administrators, closed.

use contracts::identity::{AccountQuery, AccountView, EraseForOwner, SetRoles};
use kernel::{AccountId, Error, Result, Role};

use super::{Desk, Room, customer_groups, said, vendors::search};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Facts, Form, List, Paging, Panel, PortalPage, Split, Tools, words},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// `GET /admin/users`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/users", &asked, &["q"]);
    let query = AccountQuery { q: asked.some("q"), limit: Some(25), after: paging.after() };
    let page = desk.app.identity.accounts(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("users", "Nobody fits", "No name or e-mail address has these letters.")
            .action("Show everybody", "/admin/users")
    } else {
        Empty::new("users", "No accounts yet", "People appear here when they register.")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "person", "people");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let tools = Tools {
        action: "/admin/users".to_owned(),
        fields: vec![search(paging.filter("q"), "Search people", "Name or e-mail")],
        ..Tools::default()
    };
    let place = desk.place("Users", Room::Users).await;
    render::page(&PortalPage::new(place).block(&tools).block(&list))
}

/// Accounts as rows.
pub(super) fn table(desk: &Desk, accounts: &[AccountView], empty: Empty) -> Table {
    let columns = vec![Column::new("Person"), Column::new("Is"), Column::new("State"), Column::new("Since")];
    let row = |account: &AccountView| Row {
        id: account.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&account.name, format!("/admin/users/{}", account.id)), account.email.to_string()),
            Cell::text(roles(account)),
            Cell::Badge(state(account)),
            Cell::When(desk.fmt.when(account.created_at)),
        ],
    };
    Table::new("Accounts", columns, accounts.iter().map(row).collect(), empty)
}

fn roles(account: &AccountView) -> String {
    let mut roles = Vec::new();
    if account.roles.contains(&Role::Admin) {
        roles.push("Administrator");
    }
    if !account.vendors.is_empty() {
        roles.push("Vendor");
    }
    if roles.is_empty() {
        roles.push("Customer");
    }
    roles.join(", ")
}

fn state(account: &AccountView) -> Badge {
    if account.erased_at.is_some() {
        return Badge::new("Erased", Tone::Neutral);
    }
    match (account.disabled, account.email_verified) {
        (true, _) => Badge::new("Closed", Tone::Danger),
        (false, true) => Badge::new("Open", Tone::Success),
        (false, false) => Badge::new("E-mail not confirmed", Tone::Warning),
    }
}

/// `GET /admin/users/{id}`
pub async fn show(visit: Visit, Path(id): Path<AccountId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let account = desk.app.identity.account(&desk.who, id).await?;
    let fmt = desk.fmt;
    let orders = format!("/admin/orders?{}", render::query(&[("q", account.email.as_str())]));
    let mail = format!("/admin/messages?{}", render::query(&[("to", account.email.as_str())]));
    let facts = Facts::new("About the account")
        .fact("E-mail", account.email.as_str())
        .maybe("Phone", account.phone.clone())
        .fact("Is", roles(&account))
        .fact("Since", fmt.exact(account.created_at))
        .fact("Language", &account.locale)
        .linked("Bought", "Orders", orders)
        .linked("Written to", "Messages", mail);
    let columns = vec![Column::new("Store"), Column::new("May")];
    let rows = account.vendors.iter().map(|membership| Row {
        id: membership.vendor_id.to_string(),
        cells: vec![
            Cell::link("Open the store", format!("/admin/vendors/{}", membership.vendor_id)),
            Cell::text(words::plain(&words::word(&membership.role))),
        ],
    });
    let empty = Empty::new("store", "Works in no store", "Memberships are given by the store's owners.");
    let stores = Table::new("Stores", columns, rows.collect(), empty);
    let at = |verb: &str| format!("/admin/users/{id}/{verb}");
    let place = desk.place(&account.name, Room::Users).await;
    let page = PortalPage::new(place).above(&[("Users", "/admin/users")]).badge(state(&account));
    let admin = account.roles.contains(&Role::Admin);
    let own = desk.visit.principal().is_some_and(|me| me.account_id == id);
    let page = match (own || account.erased_at.is_some(), account.disabled) {
        (true, _) => page,
        (false, true) => page.main("Open again", at("reopen")).danger("Erase account", at("erase")),
        (false, false) => {
            let (text, verb) = if admin { ("Take admin role", "dismiss") } else { ("Make administrator", "promote") };
            page.action(text, at(verb)).danger("Close account", at("close"))
        }
    };
    let main = vec![Panel::new("Particulars").with(&facts)];
    let side = [Panel::new("Stores").flush().with(&stores)].into_iter();
    let side = side.chain(customer_groups::of_person(&desk, id).await).collect();
    render::page(&page.block(&Split { main, side }))
}

/// The change that needs a reason.
const ERASE: &str = "erase";

/// What can be done with an account: verb, question, effect, button.
const CHANGES: [(&str, &str, &str, &str); 5] = [
    (
        "close",
        "Close the account of",
        "The person is logged out everywhere and can no longer log in. Orders stay. You can open it again.",
        "Close account",
    ),
    ("reopen", "Open the account of", "The person can log in again, with the password from before.", "Open account"),
    (
        "promote",
        "Make an administrator of",
        "The person sees and changes everything here: orders, money, people.",
        "Make administrator",
    ),
    (
        "dismiss",
        "Take the admin role from",
        "The person no longer sees these pages. Orders and stores stay.",
        "Take the role",
    ),
    (
        ERASE,
        "Erase the account of",
        "Name, addresses, log-ins, cart, wish list and mails go for good; reviews lose their name, orders the account. It waits \
         until orders have arrived, returns are settled and store credit is used.",
        "Erase for good",
    ),
];

fn change_of(verb: &str) -> Result<&'static (&'static str, &'static str, &'static str, &'static str)> {
    CHANGES.iter().find(|(known, ..)| *known == verb).ok_or_else(|| Error::not_found("page"))
}

/// `GET /admin/users/{id}/{verb}`: asks.
pub async fn ask(visit: Visit, Path((id, verb)): Path<(AccountId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let change = change_of(&verb)?;
    let account = desk.app.identity.account(&desk.who, id).await?;
    let page = question(&mut desk, &account, change, &Filled::default()).await;
    render::page(&page)
}

async fn question(
    desk: &mut Desk,
    account: &AccountView,
    (verb, question, effect, button): &(&str, &str, &str, &str),
    filled: &Filled,
) -> PortalPage {
    let here = format!("/admin/users/{}", account.id);
    let place = desk.place(format!("{question} {}?", account.name), Room::Users).await;
    let form = Form::new(format!("{here}/{verb}"), &desk.csrf(), button).hidden("version", account.version.to_string());
    let hint = "Stays in the audit log: no names, no addresses.";
    let reason = Field::text("reason", "Why").max_length(200).hint(hint).filled(filled);
    let form = if *verb == ERASE { form.with(&reason) } else { form };
    let ask = Ask { effect, form, back: Link::new("Leave it", &here) };
    ask.page(place, &[("Users", "/admin/users"), (&account.name, &here)]).errors(filled.summary(&["reason"]))
}

async fn erase(mut desk: Desk, account: &AccountView, fields: &Fields) -> Shown {
    let mut reader = Reader::new(fields);
    let reason = reader.text("reason", "Say why; it stays in the audit log.");
    let erased = if reader.ok() {
        desk.app.identity.erase_for_owner(&desk.who, account.id, &EraseForOwner { reason }).await
    } else {
        Err(reader.error())
    };
    match erased {
        Ok(()) => {
            desk.visit.say(Message::good("The account is erased.")).await?;
            Ok(desk.visit.go(&format!("/admin/users/{}", account.id)))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            let page = question(&mut desk, account, change_of(ERASE)?, &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// `POST /admin/users/{id}/{verb}`
pub async fn change(Path((id, verb)): Path<(AccountId, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let (verb, ..) = change_of(&verb)?;
    let account = desk.app.identity.account(&desk.who, id).await?;
    if *verb == ERASE {
        return erase(desk, &account, &posted.fields).await;
    }
    let mut input = SetRoles { roles: account.roles.clone(), disabled: account.disabled };
    match *verb {
        "close" => input.disabled = true,
        "reopen" => input.disabled = false,
        "promote" if !input.roles.contains(&Role::Admin) => input.roles.push(Role::Admin),
        "dismiss" => input.roles.retain(|role| *role != Role::Admin),
        _ => {}
    }
    let version: i64 = posted.fields.parsed("version").unwrap_or(account.version);
    let client = desk.app.identity.with_header("if-match", format!("\"{version}\""));
    let message = match client.set_roles(&desk.who, id, &input).await {
        Ok(account) => Message::good(format!("The account of {} is changed.", account.name)),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/users/{id}")))
}
