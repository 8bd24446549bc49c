//! The stores one belongs to: where a member of several chooses.

use crate::{
    pages::portal::words,
    render::{self, Shown},
    ui::{Avatar, Badge, Empty, Shell},
    visit::Visit,
};

use askama::Template;

/// A store to choose.
#[derive(Debug, Clone)]
struct Choice {
    href: String,
    name: String,
    avatar: Avatar,
    badge: Badge,
}

#[derive(Debug, Clone, Template)]
#[template(path = "vendor/stores.html")]
struct ChooseStore {
    shell: Shell,
    stores: Vec<Choice>,
    empty: Empty,
}

/// `GET /vendor`
pub async fn choose(mut visit: Visit) -> Shown {
    visit.account()?;
    let stores = visit.app.vendors.mine(&visit.who()).await?;
    if let [only] = stores.as_slice() {
        return Ok(visit.go(&format!("/vendor/{}", only.store.id)));
    }
    let choices = stores.into_iter().map(|vendor| Choice {
        href: format!("/vendor/{}", vendor.store.id),
        avatar: Avatar::of(&vendor.store.name, vendor.store.logo_url),
        name: vendor.store.name,
        badge: words::vendor(vendor.status),
    });
    let page = ChooseStore {
        stores: choices.collect(),
        empty: Empty::new("store", "You do not sell here yet", "Apply for a store; it takes a few minutes.")
            .action("Apply for a store", "/sell"),
        shell: Shell { private: true, ..visit.shell("Your stores").await },
    };
    render::page(&page)
}
