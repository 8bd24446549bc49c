//! What a store has, in the administration, and what is held back of its sales.

use contracts::vendors::VendorStatus;
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

#[tokio::test]
async fn an_operator_sees_what_a_store_has_and_holds_some_of_it_back() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (here, api) = (format!("/admin/vendors/{}", kiln()), format!("/api/v1/admin/vendors/{}", kiln()));
    stage.says(&format!("GET {api}"), vendor_view(VendorStatus::Approved));
    let balance = json!({
        "pending": eur(12_000), "available": eur(31_000), "reserve": eur(2_150), "held": eur(0), "in_transit": eur(0),
        "paid_out": eur(0),
    });
    let money = json!({"balances": [balance], "reserve": {"rate_bp": 1_050, "days": 60}});
    stage.says(&format!("GET {api}/money"), &money);
    let path = format!("{here}/money");
    mary.get(&here).await.expect(200).says(&[&format!("{path}\"")]);
    mary.get(&path).await.expect(200).says(&[
        "In reserve",
        "21.50\u{a0}€",
        "310.00\u{a0}€",
        "value=\"10.5\"",
        "value=\"60\"",
    ]);

    let set = format!("PUT {api}/reserve");
    stage.says(&set, &money);
    for (rate, days, says) in
        [("ten", "30", "from 0 to 100"), ("10", "0", "from 1 to 365"), ("10", "soon", "from 1 to 365")]
    {
        let typed = [format!("value=\"{rate}\""), format!("value=\"{days}\"")];
        let shown = mary.post(&path, &[("rate_bp", rate), ("days", days)]).await.expect(422);
        shown.says(&[says, &typed[0], &typed[1]]);
    }
    assert!(stage.asked(&set).is_empty());
    mary.post(&path, &[("rate_bp", "10,5 %"), ("days", "60")]).await.leads_to(&path);
    assert_eq!(stage.asked_once(&set).body, json!({"rate_bp": 1_050, "days": 60}));
    // One that has none is asked for nothing: what is usual is proposed.
    stage.says(&format!("GET {api}/money"), json!({"balances": [], "reserve": null}));
    mary.get(&path).await.expect(200).says(&["Nothing yet", "value=\"0\"", "value=\"90\""]);
}
