//! Groups of customers that have prices of their own.

use contracts::price_lists::{CustomerGroup, GroupsOfCustomer};
use kernel::{AccountId, Kind, Result, Slug};

use super::{Desk, Room, said};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Form, List, Panel, PortalPage, Split, Ticks, Words, or_none},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Visit},
};

/// `GET /admin/customer-groups`
pub async fn list(visit: Visit) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let page = page(&mut desk, &Filled::default()).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, filled: &Filled) -> Result<PortalPage> {
    let groups = desk.app.pricing.customer_groups(&desk.who).await?;
    let row = |group: &CustomerGroup| Row {
        id: group.key.to_string(),
        cells: vec![
            Cell::Text(group.name.clone(), group.key.to_string()),
            Cell::Actions(vec![Link::new("Remove", format!("/admin/customer-groups/{}/remove", group.key))]),
        ],
    };
    let empty = Empty::new(
        "users",
        "No groups yet",
        "Vendors make price lists for a group, such as the trade; who is in it is said on the person's page.",
    );
    let columns = vec![Column::new("Group"), Column::new("")];
    let table = Table::new("Groups of customers", columns, groups.iter().map(row).collect(), empty);
    let form = Form::new("/admin/customer-groups", &desk.csrf(), "Save group").fields(vec![
        Field::text("key", "Key")
            .max_length(80)
            .hint("Such as trade; one that there is gets the new name.")
            .filled(filled),
        Field::text("name", "Name").max_length(60).filled(filled),
    ]);
    let hint = Words::soft("To put somebody into a group, open their page under Users.");
    let place = desk.place("Groups of customers", Room::CustomerGroups).await;
    Ok(PortalPage::new(place).errors(filled.summary(&["key", "name"])).block(&Split {
        main: vec![Panel::new("Groups").flush().with(&List::whole(table))],
        side: vec![Panel::new("Add a group").with(&form).with(&hint)],
    }))
}

/// `POST /admin/customer-groups`
pub async fn save(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields) {
        Ok(group) => desk.app.pricing.set_customer_group(&desk.who, group.key.as_str(), &group).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(group) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", group.name))).await?;
            Ok(desk.visit.go("/admin/customer-groups"))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let page = page(&mut desk, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields) -> Result<CustomerGroup> {
    let mut reader = Reader::new(sent);
    let key = reader.parsed::<Slug>("key", "Use lower-case letters, digits and hyphens, such as trade.");
    let name = reader.text("name", "Give the group a name.");
    match key {
        Some(key) if reader.ok() => Ok(CustomerGroup { key, name }),
        _ => Err(reader.error()),
    }
}

/// `GET /admin/customer-groups/{key}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path(key): Path<Slug>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let form = Form::new(format!("/admin/customer-groups/{key}/remove"), &desk.csrf(), "Remove group");
    let place = desk.place(format!("Remove the group “{key}”?"), Room::CustomerGroups).await;
    let ask = Ask {
        effect: "Nobody is in it any more. Only a group that no price list is for can be removed.",
        form,
        back: Link::new("Keep it", "/admin/customer-groups"),
    };
    render::page(&ask.page(place, &[("Groups of customers", "/admin/customer-groups")]))
}

/// `POST /admin/customer-groups/{key}/remove`
pub async fn remove(Path(key): Path<Slug>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.pricing.delete_customer_group(&desk.who, key.as_str()).await {
        Ok(()) => Message::good(format!("The group “{key}” is removed.")),
        Err(error) if error.is(Kind::Conflict) => Message::bad(error.detail().to_owned()),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/customer-groups"))
}

/// On a person's page: in which groups they are. Nothing if there are none, or if pricing does not answer.
pub(super) async fn of_person(desk: &Desk, account: AccountId) -> Option<Panel> {
    let groups = or_none("groups of customers", desk.app.pricing.customer_groups(&desk.who).await)?;
    if groups.is_empty() {
        return None;
    }
    let theirs = or_none("their groups", desk.app.pricing.groups_of_customer(&desk.who, account).await)?;
    let tick = |group: CustomerGroup| {
        let ticked = theirs.groups.contains(&group.key);
        (group.key.to_string(), group.name, ticked)
    };
    let ticks = Ticks {
        name: "groups".to_owned(),
        legend: "Prices of which groups they get".to_owned(),
        hint: String::new(),
        ticks: groups.into_iter().map(tick).collect(),
        error: None,
    };
    let form = Form::new(format!("/admin/users/{account}/groups"), &desk.csrf(), "Save groups").with(&ticks);
    Some(Panel::new("Groups").with(&form))
}

/// `POST /admin/users/{id}/groups`
pub async fn assign(Path(account): Path<AccountId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let groups = posted.fields.all("groups").filter_map(|key| key.parse().ok()).collect();
    let wanted = GroupsOfCustomer { groups };
    let message = match desk.app.pricing.assign_groups(&desk.who, account, &wanted).await {
        Ok(_) => Message::good("Their groups are saved."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/users/{account}")))
}
