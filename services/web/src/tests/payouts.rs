//! Payouts in the vendor portal and in the administration.

use contracts::{
    payouts::{
        BalanceView, ConnectedPayoutAccount, MonthPaid, PayoutAccountView, PayoutQuestion, PayoutRouteView,
        PayoutRunLine, PayoutRunView, PayoutStatus, PayoutTermsView, PayoutView, PayoutsOverview, RunOutcome, Schedule,
        StatementView, UpcomingPayout,
    },
    reversals::{ReversalStatus, ReversalView},
};
use kernel::{PayoutId, VendorRole};
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

fn at_path(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}
fn id() -> PayoutId {
    PayoutId::derived("test", &["payout"])
}

fn payout(status: PayoutStatus) -> PayoutView {
    PayoutView {
        id: id(),
        vendor_id: kiln(),
        period: "2026-W05".to_owned(),
        amount: eur(27_360),
        status,
        account: "PT50 •••• 0154".to_owned(),
        provider: None,
        failure: (status == PayoutStatus::Failed).then(|| "The account is <closed>".to_owned()),
        attempt: 1,
        created_at: at("2026-01-26T00:10:00Z"),
        sent_at: None,
        ended_at: None,
        reversals: Vec::new(),
    }
}

fn account() -> PayoutAccountView {
    PayoutAccountView {
        holder: "Inês Prado".to_owned(),
        country: "PT".parse().unwrap(),
        number: "PT50 •••• 0154".to_owned(),
        has_iban: true,
        bic: None,
        bank_code: None,
        changed_at: at("2026-01-10T00:00:00Z"),
    }
}

pub fn overview(with_account: bool) -> PayoutsOverview {
    PayoutsOverview {
        balances: vec![BalanceView {
            pending: eur(12_000),
            available: eur(31_000),
            held: eur(2_700),
            reserve: eur(0),
            in_transit: eur(27_360),
            paid_out: eur(88_000),
        }],
        terms: PayoutTermsView {
            schedule: Schedule::Weekly,
            minimum_minor: 1_000,
            platform_minimum_minor: 1_000,
            hold_days: 7,
        },
        account: with_account.then(account),
        routes: Vec::new(),
        reserve: None,
        upcoming: vec![UpcomingPayout { at: at("2026-02-02T00:00:00Z"), amount: eur(31_000), is_enough: true }],
        months: vec![
            MonthPaid { month: "2025-12".to_owned(), paid: eur(40_000) },
            MonthPaid { month: "2026-01".to_owned(), paid: eur(48_000) },
        ],
    }
}

#[tokio::test]
async fn an_owner_sees_what_comes_when_and_where_to() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    stage.says(&format!("GET {}", api("/payouts/overview")), overview(true));
    let reversal = |status| ReversalView {
        number: 1,
        amount: eur(900),
        status,
        failure: (status == ReversalStatus::Refused).then(|| "Stripe: balance insufficient".to_owned()),
        created_at: at("2026-01-27T00:10:00Z"),
        ended_at: None,
    };
    let reversals = vec![reversal(ReversalStatus::Sent), reversal(ReversalStatus::Refused)];
    let paid = PayoutView { reversals, ..payout(PayoutStatus::Paid) };
    stage.says(&format!("GET {}", api("/payouts")), page(&[payout(PayoutStatus::Failed), paid]));
    let shown = ines.get(&at_path("/payouts")).await.expect(200);
    shown.says(&[
        "310.00\u{a0}€",
        "Pending",
        "880.00\u{a0}€",
        "2 February 2026, as it looks now",
        "PT50 •••• 0154",
        "Paid out by month",
        "role=\"img\"",
        "The account is &#60;closed&#62;",
        "Asked for: 9.00\u{a0}€ (27 January 2026)",
        "Refused: 9.00\u{a0}€ (27 January 2026, the next payouts are less by it)",
        "Every Monday",
    ]);
    stage.says(&format!("GET {}", api("/payouts/overview")), overview(false));
    stage.says(&format!("GET {}", api("/payouts")), page::<PayoutView>(&[]));
    let bare = ines.get(&at_path("/payouts")).await.expect(200);
    bare.says(&["We do not know where to pay you", "No payouts yet", "/payouts/account\""]);
}

#[tokio::test]
async fn the_account_is_set_with_the_password_typed_again() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    stage.says(&format!("GET {}", api("/payouts/overview")), overview(true));
    let form = ines.get(&at_path("/payouts/account")).await.expect(200);
    form.says(&["value=\"Inês Prado\"", "type=\"password\"", "current-password"]).never_says(&["0154"]);
    let save = format!("PUT {}", api("/payout-account"));
    let typed = [("holder", "Inês Prado"), ("country", "PT"), ("iban", "PT50 0002 0123 1234 5678 9015 4")];
    let page = ines.post(&at_path("/payouts/account"), &typed).await.expect(422);
    page.says(&["Enter your password once more", "PT50 0002 0123 1234 5678 9015 4"]);
    assert!(stage.asked(&save).is_empty());
    let typed = [typed[0], typed[1], typed[2], ("password", "a walk in the park")];
    stage.refuses(&save, 422, "invalid_input", "Mend it.", &[("password", "This is not your password.")]);
    let page = ines.post(&at_path("/payouts/account"), &typed).await.expect(422);
    page.says(&["This is not your password.", "aria-invalid=\"true\""]).never_says(&["a walk in the park"]);
    stage.says(&save, account());
    ines.post(&at_path("/payouts/account"), &typed).await.leads_to(&at_path("/payouts"));
    let body = &stage.asked(&save)[1].body;
    assert_eq!(
        (&body["iban"], &body["password"]),
        (&json!("PT50 0002 0123 1234 5678 9015 4"), &json!("a walk in the park"))
    );
    // How often, and from which amount on.
    let terms = format!("PUT {}", api("/payout-terms"));
    stage.says(&terms, PayoutTermsView { schedule: Schedule::Daily, ..overview(true).terms });
    ines.post(&at_path("/payouts/terms"), &[("schedule", "hourly")]).await.expect(422).says(&["Choose how often"]);
    ines.post(&at_path("/payouts/terms"), &[("schedule", "daily"), ("minimum_minor", "25,00")])
        .await
        .leads_to(&at_path("/payouts"));
    assert_eq!(stage.asked_once(&terms).body, json!({"schedule": "daily", "minimum_minor": 2_500}));
}

fn stripe(is_chosen: bool, is_ready: bool) -> PayoutRouteView {
    PayoutRouteView {
        provider: "stripe".to_owned(),
        label: "Stripe".to_owned(),
        is_chosen,
        account: is_chosen.then(|| "•••• lo2C".to_owned()),
        country: is_chosen.then(|| "PT".parse().unwrap()),
        is_ready,
        due: if is_ready { Vec::new() } else { vec!["individual.dob.day".to_owned(), "external_account".to_owned()] },
        problem: None,
        checked_at: is_chosen.then(|| at("2026-01-15T00:00:00Z")),
        asks: Vec::new(),
    }
}

fn paypal(is_chosen: bool) -> PayoutRouteView {
    let ask = PayoutQuestion {
        name: "address".to_owned(),
        label: "PayPal address".to_owned(),
        hint: "That of <your> account.".to_owned(),
        choices: Vec::new(),
    };
    PayoutRouteView {
        provider: "paypal".to_owned(),
        label: "PayPal".to_owned(),
        account: is_chosen.then(|| "i••••@prado.test".to_owned()),
        due: Vec::new(),
        checked_at: None,
        asks: vec![ask],
        ..stripe(is_chosen, is_chosen)
    }
}

#[tokio::test]
async fn an_owner_names_its_account_where_the_provider_asks_nothing() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let asked = format!("GET {}", api("/payouts/overview"));
    stage.says(&asked, PayoutsOverview { routes: vec![paypal(false)], ..overview(true) });
    let page = ines.get(&at_path("/payouts/account")).await.expect(200);
    page.says(&["PayPal can pay you instead of the bank", "/payouts/account/paypal\""]);
    let here = at_path("/payouts/account/paypal");
    let page = ines.get(&here).await.expect(200);
    page.says(&["PayPal address", "That of &#60;your&#62; account.", "type=\"password\"", "Country of your business"])
        .never_says(&["Leave it empty", "on its own pages", "It cannot be changed later"]);

    let connect = format!("POST {}", api("/payout-account/paypal"));
    let typed = [("country", "PT"), ("recipient.address", "ines@prado"), ("password", "a walk in the park")];
    stage.refuses(&connect, 422, "invalid_input", "Mend it.", &[("recipient.address", "This is no e-mail address.")]);
    let page = ines.post(&here, &typed).await.expect(422);
    page.says(&["This is no e-mail address.", "aria-invalid=\"true\"", "ines@prado", "#f-recipient-address"])
        .never_says(&["a walk in the park"]);
    stage.says(&connect, ConnectedPayoutAccount { route: paypal(true), url: None });
    let typed = [typed[0], ("recipient.address", "ines@prado.test"), typed[2]];
    ines.post(&here, &typed).await.leads_to(&at_path("/payouts/account"));
    let body = json!({"country": "PT", "recipient": {"address": "ines@prado.test"}, "password": "a walk in the park"});
    assert_eq!(stage.asked(&connect)[1].body, body);

    stage.says(&asked, PayoutsOverview { routes: vec![paypal(true)], ..overview(true) });
    let page = ines.get(&at_path("/payouts/account")).await.expect(200);
    page.says(&["You are paid through PayPal", "i••••@prado.test", "Change it"]).never_says(&["Ask again"]);
    ines.get(&here).await.expect(200).says(&["Leave it empty to keep i••••@prado.test."]);
}

#[tokio::test]
async fn an_owner_goes_on_to_the_pages_of_a_provider() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let asked = format!("GET {}", api("/payouts/overview"));
    stage.says(&asked, PayoutsOverview { routes: vec![stripe(false, false)], ..overview(true) });
    let page = ines.get(&at_path("/payouts/account")).await.expect(200);
    page.says(&["Connect with Stripe", "/payouts/account/stripe\"", "Bank account", "type=\"password\""]);
    ines.get(&at_path("/payouts/account/paypal")).await.expect(404);
    ines.get(&at_path("/payouts/account/stripe")).await.expect(200).says(&[
        "Be paid through Stripe",
        "Country of your business",
        "type=\"password\"",
    ]);
    let connect = format!("POST {}", api("/payout-account/stripe"));
    let page = ines.post(&at_path("/payouts/account/stripe"), &[("country", "PT")]).await.expect(422);
    page.says(&["Enter your password once more"]);
    assert!(stage.asked(&connect).is_empty());
    let typed = [("country", "PT"), ("password", "a walk in the park")];
    stage.refuses(&connect, 422, "invalid_input", "Mend it.", &[("password", "This is not your password.")]);
    let page = ines.post(&at_path("/payouts/account/stripe"), &typed).await.expect(422);
    page.says(&["This is not your password."]).never_says(&["a walk in the park"]);
    let url = "https://connect.stripe.test/setup/e/acct_1/link_1";
    stage.says(&connect, ConnectedPayoutAccount { route: stripe(true, false), url: Some(url.to_owned()) });
    // Not sent there by the form, which may not leave this site: by a link.
    ines.post(&at_path("/payouts/account/stripe"), &typed).await.expect(200).says(&["Go on at Stripe", url]);
    assert_eq!(stage.asked(&connect)[1].body, json!({"country": "PT", "password": "a walk in the park"}));
    stage.says(&connect, ConnectedPayoutAccount { route: stripe(true, true), url: None });
    ines.post(&at_path("/payouts/account/stripe"), &typed).await.leads_to(&at_path("/payouts/account"));
}

#[tokio::test]
async fn whoever_comes_back_sees_what_the_provider_still_wants_to_know() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let (asked, refresh) =
        (format!("GET {}", api("/payouts/overview")), format!("POST {}", api("/payout-account/stripe/refresh")));
    stage.says(&refresh, stripe(true, false));
    stage.says(&asked, PayoutsOverview { routes: vec![stripe(true, false)], ..overview(true) });
    let page = ines.get(&at_path("/payouts/account?back=stripe")).await.expect(200);
    page.says(&["it does not know enough", "individual dob day, external account", "•••• lo2C", "Go on at Stripe"]);
    assert_eq!(stage.asked(&refresh).len(), 1);
    // An account stays in its country.
    let page = ines.get(&at_path("/payouts/account/stripe")).await.expect(200);
    page.says(&["name=\"country\" value=\"PT\""]).never_says(&["Country of your business"]);
    stage.says(&format!("GET {}", api("/payouts")), page_of_none());
    ines.get(&at_path("/payouts")).await.expect(200).says(&["Stripe does not know enough about you", "Not ready"]);
    // Without an answer of the provider the page shows what is known.
    stage.refuses(&refresh, 503, "provider_no_answer", "Try again.", &[]);
    ines.get(&at_path("/payouts/account?back=stripe")).await.expect(200);
    stage.says(&asked, PayoutsOverview { routes: vec![stripe(true, true)], ..overview(false) });
    let shown = ines.get(&at_path("/payouts")).await.expect(200);
    shown.says(&["Paid through", "Takes payouts"]).never_says(&["We do not know where to pay you"]);
}

fn page_of_none() -> serde_json::Value {
    page::<PayoutView>(&[])
}

#[tokio::test]
async fn a_statement_is_of_the_period_in_the_address() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let view = StatementView {
        from: "2026-01-01".to_owned(),
        to: "2026-01-31".to_owned(),
        opening: eur(0),
        sales: eur(2_550),
        shipping: eur(490),
        promotions: eur(0),
        commission: eur(-304),
        refunds: eur(-1_000),
        disputes_held: eur(0),
        disputes_lost: eur(0),
        reserve: eur(0),
        labels: eur(-420),
        payouts: eur(-1_000),
        payouts_returned: eur(0),
        payouts_reversed: eur(0),
        paid_directly: eur(0),
        closing: eur(316),
    };
    let asked = format!("GET {}", api("/statement"));
    stage.says(&asked, &view);
    let shown = ines.get(&at_path("/statement?from=2026-01-01&to=2026-01-31")).await.expect(200);
    shown
        .says(&["Opening balance", "4.90\u{a0}€", "Of carriers, less those given back", "4.20\u{a0}€", "3.16\u{a0}€"])
        .says(&["statement.csv?currency=EUR&#38;from=2026-01-01"])
        .says(&["statement.pdf?currency=EUR&#38;from=2026-01-01"]);
    assert_eq!(stage.asked_once(&asked).query, "currency=EUR&from=2026-01-01&to=2026-01-31");
    // What is no day is this month.
    ines.get(&at_path("/statement?from=soon")).await.expect(200);
    assert_eq!(stage.asked(&asked)[1].query, "currency=EUR&from=2026-01-01&to=2026-01-15");
    stage.says(&format!("GET {}", api("/statement.csv")), "the file");
    let file = ines.get(&at_path("/statement.csv?from=2026-01-01&to=2026-01-31")).await.expect(200).says(&["the file"]);
    let name = "attachment; filename=\"statement-2026-01-01-2026-01-31.csv\"";
    assert_eq!(file.header("content-disposition"), Some(name));
    let asked = format!("GET {}", api("/statement.pdf"));
    stage.says(&asked, "the paper");
    ines.get(&at_path("/statement.pdf?from=2026-01-01&to=2026-01-31")).await.expect(200).says(&["the paper"]);
    assert_eq!(stage.asked_once(&asked).query, "currency=EUR&from=2026-01-01&to=2026-01-31");
}

#[tokio::test]
async fn admins_look_first_then_pay_and_take_the_file_to_the_bank() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let line = |outcome| PayoutRunLine { vendor_id: kiln(), available: eur(27_360), outcome, payout_id: None };
    let lines = vec![line(RunOutcome::Payout), line(RunOutcome::NoAccount), line(RunOutcome::Suspended)];
    let dry = PayoutRunView { dry_run: true, period: "manual 2026-01-15".to_owned(), lines, next: None };
    let run = "POST /api/v1/admin/payouts/runs";
    stage.says(run, &dry);
    mary.get("/admin/payouts/run").await.expect(200).says(&[
        "273.60\u{a0}€",
        "Would be paid",
        "No account",
        "Suspended: it waits",
        "1\u{a0}vendor,",
    ]);
    assert_eq!(stage.asked_once(run).body["dry_run"], true);
    stage.says(run, PayoutRunView { dry_run: false, ..dry });
    mary.post("/admin/payouts/run", &[]).await.leads_to("/admin/payouts?status=created");
    assert_eq!(stage.asked(run)[1].body["dry_run"], false);

    stage.says("GET /api/v1/admin/payouts", page(&[payout(PayoutStatus::Created)]));
    mary.get("/admin/payouts").await.expect(200).says(&["2026-W05", "To be sent", "PT50 •••• 0154", "SEPA file"]);
    mary.post("/admin/payouts/bulk", &[("do", "sepa")]).await.leads_to("/admin/payouts");
    let ticked = id().to_string();
    let file = format!("/admin/payouts/sepa.xml?id={ticked}");
    mary.post("/admin/payouts/bulk", &[("do", "sepa"), ("id", &ticked)]).await.leads_to(&file);
    stage.says("GET /api/v1/admin/payouts/sepa.xml", "the file");
    let taken = mary.get(&file).await.expect(200).says(&["the file"]);
    assert_eq!(taken.header("content-type"), Some("application/xml"));
    assert_eq!(stage.asked_once("GET /api/v1/admin/payouts/sepa.xml").query, format!("id={ticked}"));
    stage.refuses("GET /api/v1/admin/payouts/sepa.xml", 409, "no_platform_account", "Souk does not know.", &[]);
    mary.get(&file).await.leads_to("/admin/payouts");
    let sent = format!("POST /api/v1/admin/payouts/{ticked}/sent");
    stage.says(&sent, payout(PayoutStatus::Sent));
    mary.post("/admin/payouts/bulk", &[("do", "sent"), ("id", &ticked)]).await.leads_to("/admin/payouts");
    assert_eq!(stage.asked(&sent).len(), 1);
}

#[tokio::test]
async fn what_the_bank_says_is_said_here_with_a_reason() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (one, here) = (format!("GET /api/v1/admin/payouts/{}", id()), format!("/admin/payouts/{}", id()));
    stage.says(&one, payout(PayoutStatus::Sent));
    mary.get(&here)
        .await
        .expect(200)
        .says(&["It was paid", "It failed", "273.60\u{a0}€"])
        .never_says(&["Try it again"]);
    mary.get(&format!("{here}/retry")).await.leads_to(&here);
    mary.get(&format!("{here}/forget")).await.expect(404);
    mary.get(&format!("{here}/failed")).await.expect(200).says(&["reads why"]);
    let failed = format!("POST /api/v1/admin/payouts/{}/failed", id());
    mary.post(&format!("{here}/failed"), &[("reason", " ")]).await.expect(422).says(&["Say why"]);
    assert!(stage.asked(&failed).is_empty());
    stage.says(&failed, payout(PayoutStatus::Failed));
    mary.post(&format!("{here}/failed"), &[("reason", "Account closed")]).await.leads_to(&here);
    assert_eq!(stage.asked_once(&failed).body, json!({"reason": "Account closed"}));
    stage.says(&one, payout(PayoutStatus::Failed));
    mary.get(&here).await.expect(200).says(&["Try it again", "The account is &#60;closed&#62;"]);
    stage.says(&one, payout(PayoutStatus::Paid));
    mary.get(&here).await.expect(200).says(&["It came back"]).never_says(&["It failed"]);
    let returned = format!("POST /api/v1/admin/payouts/{}/returned", id());
    stage.says(&returned, payout(PayoutStatus::Failed));
    mary.post(&format!("{here}/returned"), &[("reason", "")]).await.expect(422).says(&["Say why"]);
    mary.post(&format!("{here}/returned"), &[("reason", "Closed")]).await.leads_to(&here);
    assert_eq!(stage.asked_once(&returned).body, json!({"reason": "Closed"}));
    let by_provider = PayoutView { provider: Some("stripe".to_owned()), ..payout(PayoutStatus::Paid) };
    stage.says(&one, by_provider);
    mary.get(&here).await.expect(200).never_says(&["It came back"]);
    stage.says(&one, payout(PayoutStatus::Failed));
    let retry = format!("POST /api/v1/admin/payouts/{}/retry", id());
    stage.refuses(&retry, 409, "not_available", "Only 1.00 EUR is available to the vendor now.", &[]);
    mary.post(&format!("{here}/retry"), &[]).await.leads_to(&here);
    mary.get(&here).await.says(&["Only 1.00 EUR is available"]);
}
