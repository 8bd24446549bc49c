//! One vendor: what it wrote, whether it may sell, on what terms.

use contracts::vendors::{Decision, RefusedMethods, Terms, VendorStatus, VendorView};
use kernel::{Error, Result, VendorId};

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::{
        portal::{Ask, Facts, Form, Panel, PortalPage, Split, Ticks, Words, fields, or_none, words},
        shop::stores,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Visit},
};

/// A decision on a vendor: its name in the address, what it says, what it does.
struct Verdict {
    verb: &'static str,
    question: &'static str,
    effect: &'static str,
    button: &'static str,
    done: &'static str,
    /// True if the vendor must read why.
    needs_reason: bool,
}

const VERDICTS: [Verdict; 3] = [
    Verdict {
        verb: "approve",
        question: "Open",
        effect: "The store and its products on sale are seen by buyers at once. The vendor gets a mail.",
        button: "Open store",
        done: "is open",
        needs_reason: false,
    },
    Verdict {
        verb: "reject",
        question: "Turn down",
        effect: "The store stays closed and the vendor reads the reason in a mail. You can still open it later.",
        button: "Turn down",
        done: "is turned down",
        needs_reason: true,
    },
    Verdict {
        verb: "suspend",
        question: "Suspend",
        effect: "Buyers no longer see the store and its products. Paid orders are still to be sent. The vendor reads \
                 the reason in a mail. You can open it again.",
        button: "Suspend store",
        done: "is suspended",
        needs_reason: true,
    },
];

fn verdict(verb: &str) -> Result<&'static Verdict> {
    VERDICTS.iter().find(|verdict| verdict.verb == verb).ok_or_else(|| Error::not_found("page"))
}

/// `GET /admin/vendors/{id}`
pub async fn show(visit: Visit, Path(id): Path<VendorId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let vendor = desk.app.vendors.one(&desk.who, id).await?;
    let filled = Filled::with([("commission_bp", fields::percent(vendor.commission_bp))]);
    let page = page(&mut desk, &vendor, &filled).await;
    render::page(&page)
}

async fn page(desk: &mut Desk, vendor: &VendorView, filled: &Filled) -> PortalPage {
    let (store, fmt) = (&vendor.store, desk.fmt);
    let members = or_none("members", desk.app.vendors.members_of(&desk.who, store.id).await);
    let facts = Facts::new("About the store")
        .fact("From", stores::place(store))
        .linked("E-mail", vendor.contact_email.as_str(), format!("mailto:{}", vendor.contact_email))
        .fact("Applied", fmt.exact(vendor.created_at))
        .linked("Sold", "Its sales by day", format!("/admin/vendors/{}/sales", store.id))
        .linked("Money", "Its account in the ledger", format!("/admin/ledger?account=vendor_payable:{}", store.id))
        .linked("Has", "Its balances and reserve", format!("/admin/vendors/{}/money", store.id))
        .linked("Owed", "Its statement", format!("/admin/vendors/{}/statement", store.id))
        .linked("Charged", "Its commission invoices", format!("/admin/invoices?vendor_id={}", store.id))
        .maybe("Reason of the last decision", vendor.status_reason.clone());
    let field = Field::text("commission_bp", "Our share of each sale")
        .keyboard("decimal")
        .class("num w-s")
        .after("%")
        .hint("Counts for orders placed from now on, where no rule fits.")
        .filled(filled);
    let terms =
        Form::new(format!("/admin/vendors/{}/terms", store.id), &desk.csrf(), "Save terms").quiet().with(&field);
    let mut story = Panel::new("What it says about itself").with(&Words { text: store.tagline.clone(), class: "lead" });
    for paragraph in stores::paragraphs(&store.story) {
        story = story.with(&Words::new(paragraph));
    }
    let mut main = vec![story];
    if let Some(members) = members {
        main.push(Panel::new("Members").flush().with(&people(desk, &members)));
    }
    let side = vec![
        Panel::new("Particulars").with(&facts),
        Panel::new("Terms").link("Rules", "/admin/commission").with(&terms),
        Panel::new("Ways to pay").with(&ways(desk, vendor, filled).await),
    ];
    let at = |verb: &str| format!("/admin/vendors/{}/{verb}", store.id);
    let place = desk.place(&store.name, Room::Vendors).await;
    let page = PortalPage::new(place).above(&[("Vendors", "/admin/vendors")]).badge(words::vendor(vendor.status));
    let page = match vendor.status {
        VendorStatus::Applied => page.danger("Turn down", at("reject")).main("Open store", at("approve")),
        VendorStatus::Approved => {
            page.action("See its page", format!("/v/{}", store.slug)).danger("Suspend", at("suspend"))
        }
        VendorStatus::Suspended | VendorStatus::Rejected => page.main("Open store", at("approve")),
    };
    page.errors(filled.summary(&["commission_bp", "refused_methods"])).block(&Split { main, side })
}

/// Which ways to pay are not offered for what it sells. One that is not set up any more stays until it is taken out.
async fn ways(desk: &Desk, vendor: &VendorView, filled: &Filled) -> Form {
    let known = or_none("ways to pay", desk.app.payments.methods(&desk.who).await).unwrap_or_default();
    let mut ways: Vec<(String, String)> = known.into_iter().map(|way| (way.method, way.label)).collect();
    for gone in &vendor.refused_methods {
        if !ways.iter().any(|(known, _)| known == gone) {
            ways.push((gone.clone(), words::plain(gone)));
        }
    }
    let ticks = Ticks {
        name: "refused_methods".to_owned(),
        legend: "Not offered".to_owned(),
        hint: "For carts with anything of this store, from the next quote on.".to_owned(),
        ticks: ways
            .into_iter()
            .map(|(way, label)| {
                let ticked = vendor.refused_methods.contains(&way);
                (way, label, ticked)
            })
            .collect(),
        error: filled.error("refused_methods").map(str::to_owned),
    };
    let action = format!("/admin/vendors/{}/payment-methods", vendor.store.id);
    Form::new(action, &desk.csrf(), "Save ways to pay").quiet().with(&ticks)
}

fn people(desk: &Desk, members: &[contracts::vendors::MemberView]) -> Table {
    let columns = vec![Column::new("Person"), Column::new("May"), Column::new("Since")];
    let row = |member: &contracts::vendors::MemberView| Row {
        id: member.account_id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&member.name, format!("/admin/users/{}", member.account_id)),
                member.email.to_string(),
            ),
            Cell::text(words::plain(&words::word(&member.role))),
            Cell::When(desk.fmt.when(member.since)),
        ],
    };
    Table::new("Members", columns, members.iter().map(row).collect(), Empty::new("users", "Nobody", ""))
}

/// `GET /admin/vendors/{id}/{verb}`: asks.
pub async fn ask(visit: Visit, Path((id, verb)): Path<(VendorId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let verdict = verdict(&verb)?;
    let vendor = desk.app.vendors.one(&desk.who, id).await?;
    let page = question(&mut desk, &vendor, verdict, &Filled::default()).await;
    render::page(&page)
}

async fn question(desk: &mut Desk, vendor: &VendorView, verdict: &Verdict, filled: &Filled) -> PortalPage {
    let here = format!("/admin/vendors/{}", vendor.store.id);
    let reason = Field::lines("reason", "Reason, which the vendor reads", 3).max_length(500).filled(filled);
    let reason = if verdict.needs_reason { reason } else { reason.optional() };
    let form = Form::new(format!("{here}/{}", verdict.verb), &desk.csrf(), verdict.button).with(&reason);
    let place = desk.place(format!("{} “{}”?", verdict.question, vendor.store.name), Room::Vendors).await;
    let above = [("Vendors", "/admin/vendors"), (vendor.store.name.as_str(), here.as_str())];
    let page = if verdict.needs_reason {
        Ask { effect: verdict.effect, form, back: Link::new("Leave it", &here) }.page(place, &above)
    } else {
        let form = form.cancel("Leave it", &here);
        let panel = Panel::new("").narrow().with(&Words::new(verdict.effect)).with(&form);
        PortalPage::new(place).above(&above).block(&panel)
    };
    page.errors(filled.summary(&["reason"]))
}

/// `POST /admin/vendors/{id}/{verb}`
pub async fn decide(Path((id, verb)): Path<(VendorId, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let verdict = verdict(&verb)?;
    let decision = Decision { reason: posted.fields.some("reason") };
    let vendors = &desk.app.vendors;
    let result = match verdict.verb {
        _ if verdict.needs_reason && decision.reason.is_none() => {
            Err(Error::invalid("reason", "Say why; the vendor reads it."))
        }
        "approve" => vendors.approve(&desk.who, id, &decision).await,
        "reject" => vendors.reject(&desk.who, id, &decision).await,
        _ => vendors.suspend(&desk.who, id, &decision).await,
    };
    match result {
        Ok(vendor) => {
            desk.visit.say(Message::good(format!("“{}” {}.", vendor.store.name, verdict.done))).await?;
            Ok(desk.visit.go(&format!("/admin/vendors/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let vendor = desk.app.vendors.one(&desk.who, id).await?;
            let page = question(&mut desk, &vendor, verdict, &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// `POST /admin/vendors/{id}/terms`
pub async fn terms(Path(id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let commission = fields::basis_points(posted.fields.get("commission_bp")).filter(|bp| *bp <= 10_000);
    let result = match commission {
        Some(commission_bp) => desk.app.vendors.set_terms(&desk.who, id, &Terms { commission_bp }).await,
        None => Err(Error::invalid("commission_bp", "Enter a percentage from 0 to 100.")),
    };
    match result {
        Ok(vendor) => {
            let share = desk.fmt.percent(vendor.commission_bp);
            desk.visit.say(Message::good(format!("Our share is {share} from now on."))).await?;
            Ok(desk.visit.go(&format!("/admin/vendors/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let vendor = desk.app.vendors.one(&desk.who, id).await?;
            let page = page(&mut desk, &vendor, &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// `POST /admin/vendors/{id}/payment-methods`
pub async fn payment_methods(Path(id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let refused_methods: Vec<String> = posted.fields.all("refused_methods").map(str::to_owned).collect();
    let wish = RefusedMethods { refused_methods };
    let result = desk.app.vendors.set_refused_methods(&desk.who, id, &wish).await;
    match result {
        Ok(vendor) => {
            let text = match vendor.refused_methods.len() {
                0 => "All ways to pay are offered for its goods.".to_owned(),
                _ => {
                    let names: Vec<String> = vendor.refused_methods.iter().map(|way| words::plain(way)).collect();
                    format!("Not offered for its goods from now on: {}.", names.join(", "))
                }
            };
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&format!("/admin/vendors/{id}")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let mut vendor = desk.app.vendors.one(&desk.who, id).await?;
            vendor.refused_methods = wish.refused_methods;
            let page = page(&mut desk, &vendor, &filled).await;
            render::page_with(status, &page)
        }
    }
}
