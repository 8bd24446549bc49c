//! Where and how a store is paid: forms for its owners.

use axum::http::StatusCode;
use contracts::payouts::{PayoutRouteView, Schedule, SetPayoutAccount, SetPayoutTerms};
use kernel::{Country, Currency, Error, Money, Result, VendorId};

use super::{Desk, Room, payout_route, payouts::often};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{Form, Panel, PortalPage, Words, fields::renamed, words},
        shop::countries,
    },
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled},
    visit::{Path, Query, Visit},
};

const FIELDS: [&str; 7] = ["holder", "country", "iban", "bic", "account_number", "bank_code", "password"];

/// `GET /vendor/{vendor_id}/payouts/account`; `?back=stripe` comes from that provider's pages, and asks it.
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    if let Some(provider) = asked.some("back") {
        payout_route::ask_provider(&desk, &provider).await;
    }
    let overview = desk.app.payments.payouts_overview(&desk.who, vendor_id).await?;
    let filled = match overview.account {
        Some(account) => Filled::with([
            ("holder", account.holder),
            ("country", account.country.to_string()),
            ("bic", account.bic.unwrap_or_default()),
            ("bank_code", account.bank_code.unwrap_or_default()),
        ]),
        None => Filled::default(),
    };
    page(&mut desk, StatusCode::OK, &filled, &overview.routes).await
}

async fn page(desk: &mut Desk, status: StatusCode, filled: &Filled, routes: &[PayoutRouteView]) -> Shown {
    let first = vec![
        Field::text("holder", "Account holder").max_length(70).filled(filled).hint("As the bank has it."),
        Field::select("country", "Country of the bank", countries::all()).filled(filled),
        Field::text("iban", "IBAN").optional().max_length(42).autocomplete("off").filled(filled),
        Field::text("bic", "BIC").optional().max_length(11).hint("Not needed within the SEPA area.").filled(filled),
    ];
    let local = vec![
        Field::text("account_number", "Account number")
            .optional()
            .max_length(34)
            .autocomplete("off")
            .hint("Only where banks have no IBANs.")
            .filled(filled),
        Field::text("bank_code", "Bank code")
            .optional()
            .max_length(34)
            .hint("Routing number, sort code, BSB …")
            .filled(filled),
    ];
    let password = Field::password("password", "Your password", "current-password")
        .hint("Once more, so that nobody else leads your money elsewhere.")
        .filled(filled);
    let form = Form::new(desk.at("payouts/account"), &desk.csrf(), "Save the account")
        .fields(first)
        .fields(local)
        .with(&password)
        .cancel("Leave it as it is", desk.at("payouts"));
    let effect =
        "Payouts go to this account from now on; those under way go where they were sent. All owners are told by mail.";
    let place = desk.place("Payout account", Room::Payouts).await?;
    let mut page = PortalPage::new(place).above(&[("Payouts", &desk.at("payouts"))]).errors(filled.summary(&FIELDS));
    for route in routes {
        page = page.block(&payout_route::panel(desk, route));
    }
    let head = if routes.is_empty() { "" } else { "Bank account" };
    render::page_with(status, &page.block(&Panel::new(head).narrow().with(&Words::new(effect)).with(&form)))
}

/// `POST /vendor/{vendor_id}/payouts/account`
pub async fn save(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let result = match read(&posted.fields) {
        Ok(input) => desk.app.payments.set_payout_account(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(account) => {
            desk.visit.say(Message::good(format!("You are paid to {} from now on.", account.number))).await?;
            Ok(desk.visit.go(&desk.at("payouts")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(renamed(error, str::to_owned))?;
            let routes = desk.app.payments.payouts_overview(&desk.who, vendor_id).await?.routes;
            page(&mut desk, status, &filled, &routes).await
        }
    }
}

fn read(sent: &Fields) -> Result<SetPayoutAccount> {
    let mut reader = Reader::new(sent);
    let holder = reader.text("holder", "Say whose account it is; banks compare it.");
    let country = reader.parsed::<Country>("country", "Choose the country of the bank.");
    let password = reader.secret("password", "Enter your password once more.");
    match country {
        Some(country) if reader.ok() => Ok(SetPayoutAccount {
            holder,
            country,
            iban: reader.optional("iban").map(Into::into),
            bic: reader.optional("bic"),
            account_number: reader.optional("account_number").map(Into::into),
            bank_code: reader.optional("bank_code"),
            password,
        }),
        _ => Err(reader.error()),
    }
}

/// `GET /vendor/{vendor_id}/payouts/terms`
pub async fn terms(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let terms = desk.app.payments.payouts_overview(&desk.who, vendor_id).await?.terms;
    let filled = Filled::with([
        ("schedule", words::word(&terms.schedule)),
        ("minimum_minor", Money::new(terms.minimum_minor, desk.visit.purse.main()).decimal()),
    ]);
    terms_page(&mut desk, StatusCode::OK, &filled).await
}

async fn terms_page(desk: &mut Desk, status: StatusCode, filled: &Filled) -> Shown {
    let schedules = [Schedule::Daily, Schedule::Weekly, Schedule::Monthly, Schedule::Manual];
    let fields = vec![
        Field::select("schedule", "How often", schedules.map(|s| (words::word(&s), often(s)))).filled(filled),
        Field::amount("minimum_minor", "Smallest payout", desk.visit.purse.main().symbol())
            .optional()
            .hint("What is less waits for the next payout. Leave it empty for the marketplace's.")
            .filled(filled),
    ];
    let form = Form::new(desk.at("payouts/terms"), &desk.csrf(), "Save")
        .fields(fields)
        .cancel("Leave it as it is", desk.at("payouts"));
    let place = desk.place("When you are paid", Room::Payouts).await?;
    let page = PortalPage::new(place)
        .above(&[("Payouts", &desk.at("payouts"))])
        .errors(filled.summary(&["schedule", "minimum_minor"]))
        .block(&Panel::new("").narrow().with(&form));
    render::page_with(status, &page)
}

/// `POST /vendor/{vendor_id}/payouts/terms`
pub async fn save_terms(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let result = match read_terms(&posted.fields, desk.visit.purse.main()) {
        Ok(input) => desk.app.payments.set_payout_terms(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(terms) => {
            desk.visit.say(Message::good(format!("{}, from the next period on.", often(terms.schedule)))).await?;
            Ok(desk.visit.go(&desk.at("payouts")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            terms_page(&mut desk, status, &filled).await
        }
    }
}

fn read_terms(sent: &Fields, currency: Currency) -> Result<SetPayoutTerms> {
    let mut reader = Reader::new(sent);
    let minimum = reader.amount("minimum_minor", currency);
    let schedule = words::named(sent.get("schedule"));
    if schedule.is_none() {
        reader.wrong("schedule", "Choose how often you are paid.");
    }
    match schedule {
        Some(schedule) if reader.ok() => {
            Ok(SetPayoutTerms { schedule, minimum_minor: minimum.map(|minimum| minimum.amount_minor) })
        }
        _ => Err::<_, Error>(reader.error()),
    }
}
