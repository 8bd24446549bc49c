//! Who works in a store.

use contracts::vendors::{AddMember, MemberView};
use kernel::{AccountId, Email, Error, Result, VendorId, VendorRole};

use super::{Desk, Room};
use crate::{
    forms::{Posted, Reader},
    pages::portal::{Ask, Form, List, Panel, PortalPage, Split, words},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Choice, Choices, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Visit},
};

/// `GET /vendor/{vendor_id}/members`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let page = page(&mut desk, &Filled::with([("role", "staff")])).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, filled: &Filled) -> Result<PortalPage> {
    let members = desk.app.vendors.members(&desk.who, desk.vendor_id).await?;
    let columns = [Column::new("Person"), Column::new("May"), Column::new("Since"), Column::new("")];
    let rows = members.iter().map(|member| row(desk, member)).collect();
    let empty = Empty::new("users", "Nobody yet", "Add the people you work with.");
    let panel = Panel::new("People").flush().with(&List::whole(Table::new("Members", columns.into(), rows, empty)));
    let mut side = Vec::new();
    if desk.owner {
        let role = Choices {
            name: "role".to_owned(),
            legend: "May".to_owned(),
            hidden_legend: false,
            choices: vec![
                choice("staff", "Work", "Products, stock, orders, delivery."),
                choice("owner", "Everything", "Also money, members and the store page."),
            ],
            chosen: filled.value("role").to_owned(),
            error: filled.error("role").map(str::to_owned),
            across: false,
        };
        let email = Field::email("email", "E-mail").hint("Of an account they have here already.").filled(filled);
        let form = Form::new(desk.at("members"), &desk.csrf(), "Add member").with(&email).with(&role);
        side.push(Panel::new("Add somebody").with(&form));
    }
    let place = desk.place("Members", Room::Members).await?;
    Ok(PortalPage::new(place).errors(filled.summary(&["email", "role"])).block(&Split { main: vec![panel], side }))
}

fn choice(value: &str, text: &str, note: &str) -> Choice {
    Choice { value: value.to_owned(), text: text.to_owned(), note: note.to_owned(), ..Choice::default() }
}

fn row(desk: &Desk, member: &MemberView) -> Row {
    let badge = match member.role {
        VendorRole::Owner => Badge::new("Everything", Tone::Accent),
        VendorRole::Staff => Badge::new("Work", Tone::Neutral),
    };
    let remove = Link::new("Remove", desk.at(&format!("members/{}/remove", member.account_id)));
    Row {
        id: member.account_id.to_string(),
        cells: vec![
            Cell::Text(member.name.clone(), member.email.to_string()),
            Cell::Badge(badge),
            Cell::When(desk.fmt.when(member.since)),
            Cell::Actions(if desk.owner { vec![remove] } else { Vec::new() }),
        ],
    }
}

/// `POST /vendor/{vendor_id}/members`
pub async fn add(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let email = reader.parsed::<Email>("email", "Enter the e-mail address of their account.");
    let role = words::named::<VendorRole>(posted.fields.get("role"));
    if role.is_none() {
        reader.wrong("role", "Choose what they may do.");
    }
    let result = match (email, role) {
        (Some(email), Some(role)) => {
            desk.app.vendors.add_member(&desk.who, vendor_id, &AddMember { email, role }).await
        }
        _ => Err(reader.error()),
    };
    match result {
        Ok(member) => {
            desk.visit.say(Message::good(format!("{} works here now.", member.name))).await?;
            Ok(desk.visit.go(&desk.at("members")))
        }
        Err(error) => {
            // The account behind an unknown address is not a missing page.
            let error = if error.is(kernel::Kind::NotFound) {
                Error::invalid("email", "There is no account with this address yet. Ask them to register first.")
            } else {
                error
            };
            let (status, filled) = posted.fields.refused(error)?;
            let page = page(&mut desk, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

async fn find(desk: &Desk, account_id: AccountId) -> Result<MemberView> {
    let members = desk.app.vendors.members(&desk.who, desk.vendor_id).await?;
    members.into_iter().find(|m| m.account_id == account_id).ok_or_else(|| Error::not_found("member"))
}

/// `GET /vendor/{vendor_id}/members/{account_id}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path((vendor_id, account_id)): Path<(VendorId, AccountId)>) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let member = find(&desk, account_id).await?;
    let place = desk.place(format!("Remove {}?", member.name), Room::Members).await?;
    let form = Form::new(desk.at(&format!("members/{account_id}/remove")), &desk.csrf(), "Remove member");
    let ask = Ask {
        effect: "They no longer see this portal, from now on. What they did stays. You can add them again.",
        form,
        back: Link::new("Keep them", desk.at("members")),
    };
    render::page(&ask.page(place, &[("Members", &desk.at("members"))]))
}

/// `POST /vendor/{vendor_id}/members/{account_id}/remove`
pub async fn remove(Path((vendor_id, account_id)): Path<(VendorId, AccountId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let message = match desk.app.vendors.remove_member(&desk.who, vendor_id, account_id).await {
        Ok(()) => Message::good("The member is removed."),
        Err(error) if error.is(kernel::Kind::Conflict) => Message::bad(error.detail()),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at("members")))
}
