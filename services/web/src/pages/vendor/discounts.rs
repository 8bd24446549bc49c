//! Discounts of a store: for a period, on some products or on all.

use contracts::pricing::{DiscountInput, DiscountView};
use kernel::{DiscountId, PageRequest, ProductId, Result, VendorId};

use super::{Desk, Room};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Form, List, Paging, Panel, PortalPage, Ticks, fields},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/discounts`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("discounts"), &asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let page = desk.app.pricing.discounts(&desk.who, vendor_id, &request).await?;
    let columns = [Column::new("Discount"), Column::new("State"), Column::number("Off"), Column::new("From")];
    let columns = columns.into_iter().chain([Column::new("Until"), Column::new("")]).collect();
    let empty = Empty::new("star", "No discounts yet", "A discount shows the old price struck beside the new one.")
        .action("Create a discount", desk.at("discounts/new"));
    let rows = page.items.iter().map(|discount| row(&desk, discount)).collect();
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "discount", "discounts");
    let list = List::new(Table::new("Discounts", columns, rows, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Discounts", Room::Discounts).await?;
    render::page(&PortalPage::new(place).main("Create a discount", desk.at("discounts/new")).block(&list))
}

fn row(desk: &Desk, discount: &DiscountView) -> Row {
    let (input, fmt) = (&discount.input, &desk.fmt);
    let on = match input.product_ids.len() {
        0 => "On everything".to_owned(),
        n => format!("On {}", fmt.counted(i64::try_from(n).unwrap_or(i64::MAX), "product", "products")),
    };
    let over = over(fmt, discount);
    let actions =
        if over { Vec::new() } else { vec![Link::new("End", desk.at(&format!("discounts/{}/end", discount.id)))] };
    Row {
        id: discount.id.to_string(),
        cells: vec![
            Cell::Text(input.name.clone(), on),
            Cell::Badge(state(fmt, discount)),
            Cell::Number(fmt.percent(input.percent_bp)),
            Cell::When(fmt.when(input.starts_at)),
            input.ends_at.map_or_else(|| Cell::text("You end it"), |at| Cell::When(fmt.when(at))),
            Cell::Actions(actions),
        ],
    }
}

fn over(fmt: &Fmt, discount: &DiscountView) -> bool {
    discount.input.ends_at.is_some_and(|at| at <= fmt.now())
}

fn state(fmt: &Fmt, discount: &DiscountView) -> Badge {
    if discount.active {
        Badge::new("Running", Tone::Success)
    } else if over(fmt, discount) {
        Badge::new("Over", Tone::Neutral)
    } else {
        Badge::new("To come", Tone::Accent)
    }
}

/// `GET /vendor/{vendor_id}/discounts/new`
pub async fn new(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let filled = Filled::with([("starts_at", desk.fmt.now().date())]);
    let page = form(&mut desk, &filled, &Fields::default()).await?;
    render::page(&page)
}

async fn form(desk: &mut Desk, filled: &Filled, sent: &Fields) -> Result<PortalPage> {
    let tick = |(id, title): (String, String)| {
        let ticked = sent.all("product_ids").any(|chosen| chosen == id);
        (id, title, ticked)
    };
    let ticks = Ticks {
        name: "product_ids".to_owned(),
        legend: "On which products".to_owned(),
        hint: "None ticked means everything in your store.".to_owned(),
        ticks: desk.products_to_choose().await.into_iter().map(tick).collect(),
        error: filled.error("product_ids").map(str::to_owned),
    };
    let fields = vec![
        Field::text("name", "Name that buyers see").max_length(80).hint("Such as Autumn sale.").filled(filled),
        Field::text("percent_bp", "Off").keyboard("decimal").class("num").after("%").filled(filled),
        Field::date("starts_at", "First day").filled(filled),
        Field::date("ends_at", "Last day").optional().hint("Runs until you end it if left empty.").filled(filled),
    ];
    let form = Form::new(desk.at("discounts"), &desk.csrf(), "Create discount")
        .fields(fields)
        .with(&ticks)
        .cancel("Cancel", desk.at("discounts"));
    let place = desk.place("Create a discount", Room::Discounts).await?;
    Ok(PortalPage::new(place)
        .above(&[("Discounts", &desk.at("discounts"))])
        .errors(filled.summary(&["name", "percent_bp", "starts_at", "ends_at", "product_ids"]))
        .block(&Panel::new("").with(&form)))
}

/// `POST /vendor/{vendor_id}/discounts`
pub async fn create(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let sent = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let result = match read(&sent) {
        Ok(input) => desk.app.pricing.create_discount(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(discount) => {
            desk.visit.say(Message::good(format!("“{}” is created.", discount.input.name))).await?;
            Ok(desk.visit.go(&desk.at("discounts")))
        }
        Err(error) => {
            let (status, filled) = sent.refused(error)?;
            let page = form(&mut desk, &filled, &sent).await?;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields) -> Result<DiscountInput> {
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Give it a name that buyers see.");
    let percent = fields::basis_points(sent.get("percent_bp")).filter(|bp| (1..=9_500).contains(bp));
    if percent.is_none() {
        reader.wrong("percent_bp", "Enter a percentage from 0.01 to 95.");
    }
    let starts_at = fields::day(sent.get("starts_at"));
    if starts_at.is_none() {
        reader.wrong("starts_at", "Choose the first day.");
    }
    let ends_at = fields::end_of(&mut reader, "ends_at");
    match (percent, starts_at) {
        (Some(percent_bp), Some(starts_at)) if reader.ok() => Ok(DiscountInput {
            name,
            percent_bp,
            product_ids: sent.all("product_ids").filter_map(|id| id.parse::<ProductId>().ok()).collect(),
            starts_at,
            ends_at,
        }),
        _ => Err(reader.error()),
    }
}

/// `GET /vendor/{vendor_id}/discounts/{id}/end`: asks.
pub async fn ask_end(visit: Visit, Path((vendor_id, id)): Path<(VendorId, DiscountId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let discount = desk.app.pricing.discount(&desk.who, vendor_id, id).await?;
    let place = desk.place(format!("End “{}”?", discount.input.name), Room::Discounts).await?;
    let form = Form::new(desk.at(&format!("discounts/{id}/end")), &desk.csrf(), "End discount")
        .hidden("version", discount.version.to_string());
    let effect = if discount.active {
        "The products cost their full price again at once. Orders already placed keep the discount."
    } else {
        "It has not begun and will not begin: the discount is removed."
    };
    let ask = Ask { effect, form, back: Link::new("Keep it", desk.at("discounts")) };
    render::page(&ask.page(place, &[("Discounts", &desk.at("discounts"))]))
}

/// `POST /vendor/{vendor_id}/discounts/{id}/end`
pub async fn end(Path((vendor_id, id)): Path<(VendorId, DiscountId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let discount = desk.app.pricing.discount(&desk.who, vendor_id, id).await?;
    let version = posted.fields.parsed("version").unwrap_or(discount.version);
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    if discount.active {
        let input = DiscountInput { ends_at: Some(desk.fmt.now()), ..discount.input };
        client.update_discount(&desk.who, vendor_id, id, &input).await?;
    } else {
        client.delete_discount(&desk.who, vendor_id, id).await?;
    }
    desk.visit.say(Message::good("The discount has ended.")).await?;
    Ok(desk.visit.go(&desk.at("discounts")))
}
