//! All promotions: the marketplace's own, and the vendors'.

use contracts::{
    promotions::PromotionView,
    vendors::{VendorQuery, VendorStatus},
};
use kernel::{PageRequest, PromotionId, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted},
    pages::portal::{
        Ask, Form, List, Paging, Panel, PortalPage,
        fields::renamed,
        or_none,
        promotions::{self, Choice, Chosen},
    },
    render::{self, Shown},
    session::Message,
    ui::{Filled, Link},
    visit::{Path, Query, Visit},
};

/// Vendors that can be chosen in the form, and named in the list.
const CHOICE: u32 = 100;

/// `GET /admin/promotions`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/promotions".to_owned(), &asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let page = desk.app.pricing.all_promotions(&desk.who, &request).await?;
    let stores = stores(&desk).await;
    let owner = |promotion: &PromotionView| {
        let Some(vendor) = promotion.vendor_id else { return Some("The marketplace".to_owned()) };
        let named = stores.iter().find(|(id, _)| *id == vendor).map(|(_, name)| name.clone());
        Some(named.unwrap_or_else(|| "A vendor".to_owned()))
    };
    let table = promotions::table(&desk.fmt, "/admin", &page.items, owner);
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "promotion", "promotions");
    let list = List::new(table, pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Promotions", Room::Promotions).await;
    render::page(&PortalPage::new(place).main("Create a promotion", "/admin/promotions/new").block(&list))
}

/// Open stores, as far as they can be chosen from.
pub(super) async fn stores(desk: &Desk) -> Vec<(VendorId, String)> {
    let query = VendorQuery { status: Some(VendorStatus::Approved), limit: Some(CHOICE), ..VendorQuery::default() };
    let page = or_none("vendors", desk.app.vendors.all(&desk.who, &query).await);
    page.map(|page| page.items.into_iter().map(|v| (v.store.id, v.store.name)).collect()).unwrap_or_default()
}

/// `GET /admin/promotions/new`
pub async fn new(visit: Visit) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let filled = promotions::beginning(&desk.fmt, None);
    let page = form(&mut desk, None, &filled, &Chosen::default()).await;
    render::page(&page)
}

/// `GET /admin/promotions/{id}`
pub async fn show(visit: Visit, Path(id): Path<PromotionId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let promotion = desk.app.pricing.any_promotion(&desk.who, id).await?;
    let filled = promotions::beginning(&desk.fmt, Some(&promotion));
    let page = form(&mut desk, Some(&promotion), &filled, &Chosen::of(&promotion)).await;
    render::page(&page)
}

async fn form(desk: &mut Desk, promotion: Option<&PromotionView>, filled: &Filled, chosen: &Chosen) -> PortalPage {
    let categories = or_none("categories", desk.app.categories().await);
    let categories = categories.iter().flat_map(|all| all.iter().map(|c| (c.id.to_string(), c.name.clone())));
    let mut choices = vec![Choice {
        name: "category_ids",
        legend: "In which categories",
        hint: "None ticked means all.",
        all: categories.collect(),
    }];
    let by_admin = promotion.is_none_or(|known| known.vendor_id.is_none());
    if by_admin {
        let stores = stores(desk).await.into_iter().map(|(id, name)| (id.to_string(), name));
        choices.push(Choice {
            name: "vendor_ids",
            legend: "Of which vendors",
            hint: "None ticked means all.",
            all: stores.collect(),
        });
    }
    let groups = or_none("groups of customers", desk.app.pricing.customer_groups(&desk.who).await);
    choices.extend(groups.and_then(Choice::of_groups));
    let (title, action, verb) = match promotion {
        Some(known) => (known.input.name.clone(), format!("/admin/promotions/{}", known.id), "Save promotion"),
        None => ("Create a promotion".to_owned(), "/admin/promotions".to_owned(), "Create promotion"),
    };
    let currency = promotion.map_or(desk.visit.purse.main(), |known| known.input.currency);
    let form = Form::new(action, &desk.csrf(), verb).cancel("Cancel", "/admin/promotions");
    let form = promotions::form(form, currency, filled, chosen, choices, by_admin);
    let place = desk.place(title, Room::Promotions).await;
    PortalPage::new(place)
        .above(&[("Promotions", "/admin/promotions")])
        .errors(filled.summary(promotions::LABELS))
        .block(&Panel::new("").with(&form))
}

/// `POST /admin/promotions`
pub async fn create(posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let result = match promotions::read(&posted.fields, desk.visit.purse.main(), None, true) {
        Ok(input) => desk.app.pricing.create_any_promotion(&desk.who, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, None, &posted.fields, result).await
}

/// `POST /admin/promotions/{id}`
pub async fn save(Path(id): Path<PromotionId>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let promotion = desk.app.pricing.any_promotion(&desk.who, id).await?;
    let version = posted.fields.parsed("version").unwrap_or(promotion.version);
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    let (before, by_admin) = (&promotion.input, promotion.vendor_id.is_none());
    let result = match promotions::read(&posted.fields, before.currency, Some(before), by_admin) {
        Ok(input) => client.update_any_promotion(&desk.who, id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, Some(promotion), &posted.fields, result).await
}

async fn answer(
    mut desk: Desk,
    promotion: Option<PromotionView>,
    sent: &Fields,
    result: kernel::Result<PromotionView>,
) -> Shown {
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.input.name))).await?;
            Ok(desk.visit.go("/admin/promotions"))
        }
        Err(error) => {
            let (status, filled) = sent.refused(renamed(error, promotions::field_of))?;
            let page = form(&mut desk, promotion.as_ref(), &filled, &Chosen::sent(sent)).await;
            render::page_with(status, &page)
        }
    }
}

/// `GET /admin/promotions/{id}/end`: asks.
pub async fn ask_end(visit: Visit, Path(id): Path<PromotionId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let promotion = desk.app.pricing.any_promotion(&desk.who, id).await?;
    let place = desk.place(format!("End “{}”?", promotion.input.name), Room::Promotions).await;
    let form = Form::new(format!("/admin/promotions/{id}/end"), &desk.csrf(), "End promotion")
        .hidden("version", promotion.version.to_string());
    let ask = Ask { effect: promotions::END_EFFECT, form, back: Link::new("Keep it", "/admin/promotions") };
    render::page(&ask.page(place, &[("Promotions", "/admin/promotions")]))
}

/// `POST /admin/promotions/{id}/end`
pub async fn end(Path(id): Path<PromotionId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let version = posted.fields.get("version");
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    client.delete_any_promotion(&desk.who, id).await?;
    desk.visit.say(Message::good("The promotion has ended.")).await?;
    Ok(desk.visit.go("/admin/promotions"))
}
