//! Promotions of a store: codes to hand out, and what applies by itself, on the store's own goods.

use contracts::promotions::PromotionView;
use kernel::{PageRequest, PromotionId, Result, VendorId};

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

/// `GET /vendor/{vendor_id}/promotions`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("promotions"), &asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let page = desk.app.pricing.promotions(&desk.who, vendor_id, &request).await?;
    let table = promotions::table(&desk.fmt, &desk.base, &page.items, |_| None);
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "promotion", "promotions");
    let list = List::new(table, pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Promotions", Room::Promotions).await?;
    render::page(&PortalPage::new(place).main("Create a promotion", desk.at("promotions/new")).block(&list))
}

/// `GET /vendor/{vendor_id}/promotions/new`
pub async fn new(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let filled = promotions::beginning(&desk.fmt, None);
    let page = form(&mut desk, None, &filled, &Chosen::default()).await?;
    render::page(&page)
}

/// `GET /vendor/{vendor_id}/promotions/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, PromotionId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let promotion = desk.app.pricing.promotion(&desk.who, vendor_id, id).await?;
    let filled = promotions::beginning(&desk.fmt, Some(&promotion));
    let page = form(&mut desk, Some(&promotion), &filled, &Chosen::of(&promotion)).await?;
    render::page(&page)
}

async fn form(
    desk: &mut Desk,
    promotion: Option<&PromotionView>,
    filled: &Filled,
    chosen: &Chosen,
) -> Result<PortalPage> {
    let choice = Choice {
        name: "product_ids",
        legend: "On which products",
        hint: "None ticked means everything in your store.",
        all: desk.products_to_choose().await,
    };
    let groups = desk.app.pricing.groups_for_vendor(&desk.who, desk.vendor_id).await;
    let groups = or_none("groups of customers", groups).and_then(Choice::of_groups);
    let (title, action, verb) = match promotion {
        Some(known) => (known.input.name.clone(), desk.at(&format!("promotions/{}", known.id)), "Save promotion"),
        None => ("Create a promotion".to_owned(), desk.at("promotions"), "Create promotion"),
    };
    let currency = promotion.map_or(desk.visit.purse.main(), |known| known.input.currency);
    let form = Form::new(action, &desk.csrf(), verb).cancel("Cancel", desk.at("promotions"));
    let form = promotions::form(form, currency, filled, chosen, [choice].into_iter().chain(groups).collect(), false);
    let place = desk.place(title, Room::Promotions).await?;
    Ok(PortalPage::new(place)
        .above(&[("Promotions", &desk.at("promotions"))])
        .errors(filled.summary(promotions::LABELS))
        .block(&Panel::new("").with(&form)))
}

/// `POST /vendor/{vendor_id}/promotions`
pub async fn create(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = match promotions::read(&posted.fields, desk.visit.purse.main(), None, false) {
        Ok(input) => desk.app.pricing.create_promotion(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, None, &posted.fields, result).await
}

/// `POST /vendor/{vendor_id}/promotions/{id}`
pub async fn save(Path((vendor_id, id)): Path<(VendorId, PromotionId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let promotion = desk.app.pricing.promotion(&desk.who, vendor_id, id).await?;
    let version = posted.fields.parsed("version").unwrap_or(promotion.version);
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    let before = &promotion.input;
    let result = match promotions::read(&posted.fields, before.currency, Some(before), false) {
        Ok(input) => client.update_promotion(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, Some(promotion), &posted.fields, result).await
}

async fn answer(
    mut desk: Desk,
    promotion: Option<PromotionView>,
    sent: &Fields,
    result: Result<PromotionView>,
) -> Shown {
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.input.name))).await?;
            Ok(desk.visit.go(&desk.at("promotions")))
        }
        Err(error) => {
            let (status, filled) = sent.refused(renamed(error, promotions::field_of))?;
            let page = form(&mut desk, promotion.as_ref(), &filled, &Chosen::sent(sent)).await?;
            render::page_with(status, &page)
        }
    }
}

/// `GET /vendor/{vendor_id}/promotions/{id}/end`: asks.
pub async fn ask_end(visit: Visit, Path((vendor_id, id)): Path<(VendorId, PromotionId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let promotion = desk.app.pricing.promotion(&desk.who, vendor_id, id).await?;
    let place = desk.place(format!("End “{}”?", promotion.input.name), Room::Promotions).await?;
    let form = Form::new(desk.at(&format!("promotions/{id}/end")), &desk.csrf(), "End promotion")
        .hidden("version", promotion.version.to_string());
    let ask = Ask { effect: promotions::END_EFFECT, form, back: Link::new("Keep it", desk.at("promotions")) };
    render::page(&ask.page(place, &[("Promotions", &desk.at("promotions"))]))
}

/// `POST /vendor/{vendor_id}/promotions/{id}/end`
pub async fn end(Path((vendor_id, id)): Path<(VendorId, PromotionId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let version = posted.fields.get("version");
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    client.delete_promotion(&desk.who, vendor_id, id).await?;
    desk.visit.say(Message::good("The promotion has ended.")).await?;
    Ok(desk.visit.go(&desk.at("promotions")))
}
