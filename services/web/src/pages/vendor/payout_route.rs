//! A store is paid through a provider: for its owners.

use axum::http::StatusCode;
use contracts::payouts::{ConnectPayoutAccount, ConnectedPayoutAccount, PayoutQuestion, PayoutRouteView};
use kernel::{Country, Error, Result, Secret, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{Facts, Form, Panel, PortalPage, Words, or_none},
        shop::countries,
    },
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled},
    visit::{Path, Visit},
};

/// Begins the names of what says where the store's account is.
const RECIPIENT: &str = "recipient.";

/// Asks a provider how the account has come on. What it does not tell now it tells later.
pub(super) async fn ask_provider(desk: &Desk, provider: &str) {
    or_none("payout route", desk.app.payments.refresh_payout_account(&desk.who, desk.vendor_id, provider).await);
}

/// How far a store has come with a provider, and what to do next.
pub(super) fn panel(desk: &Desk, route: &PayoutRouteView) -> Panel {
    let label = &route.label;
    let here = desk.at(&format!("payouts/account/{}", route.provider));
    if !route.asks.is_empty() {
        let (words, link) = invitation(route);
        return Panel::new(label).narrow().with(&Words::new(words)).link(&link, here).with(&facts(desk, route));
    }
    let (words, link, href) = match (route.is_chosen, route.is_ready, &route.account) {
        (true, true, _) => (
            format!(
                "You are paid through {label}: payouts go there, and it pays them out to your bank by its own schedule."
            ),
            "Ask again".to_owned(),
            desk.at(&format!("payouts/account?back={}", route.provider)),
        ),
        (true, false, _) => (
            format!(
                "You are to be paid through {label}, but it does not know enough. Until it does no payouts are made."
            ),
            format!("Go on at {label}"),
            here,
        ),
        (false, _, Some(_)) => (
            format!("You have an account at {label}, but you are not paid there."),
            format!("Be paid through {label}"),
            here,
        ),
        (false, _, None) => (
            format!("{label} can pay you instead of the bank. It asks who you are on its own pages."),
            format!("Connect with {label}"),
            here,
        ),
    };
    let panel = Panel::new(label).narrow().with(&Words::new(words)).link(&link, href);
    panel.with(&facts(desk, route))
}

/// The same where the store itself says where its account is.
fn invitation(route: &PayoutRouteView) -> (String, String) {
    let label = &route.label;
    match (route.is_chosen, &route.account) {
        (true, _) => {
            (format!("You are paid through {label}: payouts go to the account below."), "Change it".to_owned())
        }
        (false, Some(_)) => (
            format!("You have named an account at {label}, but you are not paid there."),
            format!("Be paid through {label}"),
        ),
        (false, None) => (
            format!("{label} can pay you instead of the bank, to an account that you have there."),
            format!("Be paid through {label}"),
        ),
    }
}

fn facts(desk: &Desk, route: &PayoutRouteView) -> Facts {
    let due: Vec<String> = route.due.iter().map(|due| in_words(due)).collect();
    Facts::new(&route.label)
        .maybe("Account", route.account.as_ref())
        .maybe("Still to be said", (!due.is_empty()).then(|| due.join(", ")))
        .maybe("Stopped because", route.problem.as_deref().map(in_words))
        .maybe("Asked last", route.checked_at.map(|at| desk.fmt.exact(at)))
}

/// `individual.dob.day` as `individual dob day`.
fn in_words(name: &str) -> String {
    name.replace(['.', '_'], " ")
}

async fn route(desk: &Desk, provider: &str) -> Result<PayoutRouteView> {
    let overview = desk.app.payments.payouts_overview(&desk.who, desk.vendor_id).await?;
    let found = overview.routes.into_iter().find(|route| route.provider == provider);
    found.ok_or_else(|| Error::not_found("page"))
}

/// `GET /vendor/{vendor_id}/payouts/account/{provider}`
pub async fn ask(visit: Visit, Path((vendor_id, provider)): Path<(VendorId, String)>) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let route = route(&desk, &provider).await?;
    let country = match route.country.clone() {
        Some(country) => country,
        None => desk.app.vendors.vendor(&desk.who, vendor_id).await?.store.country,
    };
    let filled = Filled::with([("country", country.to_string())]);
    question(&mut desk, StatusCode::OK, &route, &filled).await
}

async fn question(desk: &mut Desk, status: StatusCode, route: &PayoutRouteView, filled: &Filled) -> Shown {
    let label = &route.label;
    let form = Form::new(desk.at(&format!("payouts/account/{}", route.provider)), &desk.csrf(), "Go on")
        .cancel("Leave it as it is", desk.at("payouts/account"));
    let country = Field::select("country", "Country of your business", countries::all());
    let form = match (route.asks.as_slice(), &route.account, &route.country) {
        // An account stays in its country.
        ([], Some(_), Some(country)) => form.hidden("country", country.to_string()),
        ([], ..) => form.with(&country.hint("It cannot be changed later.").filled(filled)),
        (asks, account, _) => {
            let form = form.with(&country.filled(filled));
            asks.iter().fold(form, |form, ask| form.with(&answer(ask, account.as_deref()).filled(filled)))
        }
    };
    let form = form.with(
        &Field::password("password", "Your password", "current-password")
            .hint("Once more, so that nobody else leads your money elsewhere.")
            .filled(filled),
    );
    let whose = if route.asks.is_empty() {
        format!("{label} asks on its own pages who you are and where your bank is.")
    } else {
        "Compare the account twice: what is paid to somebody else's does not come back.".to_owned()
    };
    let effect = format!(
        "Your payouts go to {label} from now on, instead of your bank account; those under way go where they were sent. {whose} All \
         owners are told by mail."
    );
    let names: Vec<String> =
        ["country", "password"].map(str::to_owned).into_iter().chain(route.asks.iter().map(field_of)).collect();
    let title = format!("Be paid through {label}");
    let place = desk.place(&title, Room::Payouts).await?;
    let page = PortalPage::new(place)
        .above(&[("Payouts", &desk.at("payouts")), ("Payout account", &desk.at("payouts/account"))])
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form));
    render::page_with(status, &page)
}

fn field_of(ask: &PayoutQuestion) -> String {
    format!("{RECIPIENT}{}", ask.name)
}

/// Where the store's account is; whoever has said so before need not again.
fn answer(ask: &PayoutQuestion, known: Option<&str>) -> Field {
    let name = field_of(ask);
    let field = if ask.choices.is_empty() {
        Field::text(&name, &ask.label).max_length(254).autocomplete("off")
    } else {
        let choices = ask.choices.iter().map(|choice| (choice.as_str(), choice.as_str()));
        Field::select(&name, &ask.label, std::iter::once(("", "Choose one")).chain(choices))
    };
    match known {
        Some(known) => field.optional().hint(format!("{} Leave it empty to keep {known}.", ask.hint)),
        None => field.hint(ask.hint.clone()),
    }
}

/// `POST /vendor/{vendor_id}/payouts/account/{provider}`: leads on to the provider's page, if it has one.
pub async fn connect(Path((vendor_id, provider)): Path<(VendorId, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let result = match read(&posted.fields) {
        Ok(input) => desk.app.payments.connect_payout_account(&desk.who, vendor_id, &provider, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(connected) => lead_on(&mut desk, connected).await,
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let route = route(&desk, &provider).await?;
            question(&mut desk, status, &route, &filled).await
        }
    }
}

fn read(sent: &Fields) -> Result<ConnectPayoutAccount> {
    let mut reader = Reader::new(sent);
    let country = reader.parsed::<Country>("country", "Choose the country of your business.");
    let password = reader.secret("password", "Enter your password once more.");
    match country {
        Some(country) if reader.ok() => {
            let answers = sent.pairs().filter_map(|(name, text)| Some((name.strip_prefix(RECIPIENT)?, text)));
            let recipient = answers.map(|(name, text)| (name.to_owned(), Secret::new(text))).collect();
            Ok(ConnectPayoutAccount { country, recipient, password })
        }
        _ => Err(reader.error()),
    }
}

/// A form may not lead to another site, a link may.
async fn lead_on(desk: &mut Desk, connected: ConnectedPayoutAccount) -> Shown {
    let label = connected.route.label;
    let Some(url) = connected.url else {
        desk.visit.say(Message::good(format!("You are paid through {label} from now on."))).await?;
        return Ok(desk.visit.go(&desk.at("payouts/account")));
    };
    let words = format!(
        "{label} asks who you are and where your bank is. Its page opens once, and soon; if it has closed, begin again from here."
    );
    let title = format!("Go on at {label}");
    let place = desk.place(&title, Room::Payouts).await?;
    let page = PortalPage::new(place)
        .above(&[("Payouts", &desk.at("payouts")), ("Payout account", &desk.at("payouts/account"))])
        .main(&format!("To {label}"), url)
        .block(&Panel::new("").narrow().with(&Words::new(words)));
    render::page(&page)
}
