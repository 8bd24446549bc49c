//! All returns, and for how long vendors take things back.

use axum::http::StatusCode;
use contracts::orders::{RETURN_DAYS_MAX, ReturnPolicy, ReturnQuery};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Form, List, Paging, Panel, PortalPage, Words, returns, words},
    render::{self, Shown},
    session::Message,
    ui::{Empty, Field, Filled},
    visit::{Query, Visit},
};

/// `GET /admin/returns`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    page(&mut desk, StatusCode::OK, &Paging::of("/admin/returns", &asked, &["status"]), None).await
}

async fn page(desk: &mut Desk, status: StatusCode, paging: &Paging, filled: Option<&Filled>) -> Shown {
    let query = ReturnQuery { status: words::named(paging.filter("status")), limit: Some(25), after: paging.after() };
    let (found, policy) =
        futures::join!(desk.app.orders.all_returns(&desk.who, &query), desk.app.orders.return_policy(&desk.who));
    let (found, policy) = (found?, policy?);
    let pager = paging.pager(&desk.fmt, found.items.len(), found.next.as_deref(), "return", "returns");
    let empty = Empty::new("refresh", "No returns", "What buyers want to send back appears here.");
    let table = returns::table(&desk.fmt, &found.items, empty, |of| format!("/admin/orders/{}", of.order_id));
    let list = List::new(table.target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let known = Filled::with([("days", policy.days.to_string())]);
    let field = Field::number("days", "Days after the delivery")
        .between(0, RETURN_DAYS_MAX)
        .hint("Vendors may give more time, never less. 0 takes nothing back.")
        .filled(filled.unwrap_or(&known));
    let form = Form::new("/admin/returns/policy", &desk.csrf(), "Save").with(&field);
    let hint = Words::soft("Counts from now on, also for what was delivered before.");
    let place = desk.place("Returns", Room::Returns).await;
    let page = PortalPage::new(place)
        .errors(filled.and_then(|filled| filled.summary(&["days"])))
        .block(&paging.tabs("Returns by state", "status", &returns::STATES))
        .block(&list)
        .block(&Panel::new("Time to return").narrow().with(&form).with(&hint));
    render::page_with(status, &page)
}

/// `POST /admin/returns/policy`
pub async fn save_policy(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let mut reader = Reader::new(&posted.fields);
    let input = ReturnPolicy { days: reader.whole("days", 0..=RETURN_DAYS_MAX) };
    let result =
        if reader.ok() { desk.app.orders.set_return_policy(&desk.who, &input).await } else { Err(reader.error()) };
    match result {
        Ok(policy) => {
            let days = desk.fmt.counted(policy.days, "day", "days");
            desk.visit.say(Message::good(format!("Buyers have at least {days} to return something."))).await?;
            Ok(desk.visit.go("/admin/returns"))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            page(&mut desk, status, &Paging::of("/admin/returns", &Fields::default(), &[]), Some(&filled)).await
        }
    }
}
