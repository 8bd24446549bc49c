//! Who belongs to a store.

use std::time::Duration;

use contracts::{
    identity::AccountErased,
    vendors::{MemberChanged, MemberView, VendorChanged},
};
use kernel::{VendorId, VendorRole};
use serde_json::json;

use super::{Here, account, application, at_once, on_both};

const OWNER: VendorRole = VendorRole::Owner;
const STAFF: VendorRole = VendorRole::Staff;

async fn members(here: &Here, id: VendorId) -> Vec<(String, VendorRole)> {
    let answer = here.member("ada", id, STAFF).get(&format!("/api/v1/vendors/{id}/members")).await.expect(200);
    answer.json::<Vec<MemberView>>().into_iter().map(|m| (m.name, m.role)).collect()
}

fn add(name: &str, role: &str) -> serde_json::Value {
    json!({"email": format!("{name}@example.com"), "role": role})
}

#[tokio::test]
async fn members_come_and_go() {
    on_both(|here| async move {
        let id = here.open("ada", "Blue Mug").await.store.id;
        let path = format!("/api/v1/vendors/{id}/members");
        let of = |name: &str| format!("{path}/{}", account(name));
        let ada = here.member("ada", id, OWNER);
        here.app.clock.advance(Duration::from_secs(60));
        let sam: MemberView = ada.post(&path, &add("sam", "staff")).await.expect(201).json();
        assert_eq!(
            (sam.account_id, sam.name.as_str(), sam.email.as_str(), sam.role),
            (account("sam"), "SAM", "sam@example.com", STAFF)
        );
        assert_eq!(
            sam.since,
            here.app.envelope(&MemberChanged { vendor_id: id, account_id: sam.account_id, role: None }).time
        );
        assert_eq!(members(&here, id).await, [("ADA".to_owned(), OWNER), ("SAM".to_owned(), STAFF)]);
        // Those who run the platform belong to no store and see who does.
        let of_store = format!("/api/v1/admin/vendors/{id}/members");
        let seen: Vec<MemberView> = here.admin().get(&of_store).await.expect(200).json();
        assert_eq!(seen.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["ADA", "SAM"]);
        ada.get(&of_store).await.expect_problem(403, "forbidden");
        let nobody = of_store.replace(&id.to_string(), "00000000-0000-7000-8000-000000000000");
        here.admin().get(&nobody).await.expect_problem(404, "not_found");
        ada.post(&path, &add("sam", "staff")).await.expect_problem(409, "already_member");
        assert_eq!(here.app.published::<VendorChanged>("vendors").await.len(), 0, "the owners are the same");

        here.app.clock.advance(Duration::from_secs(60));
        let promoted: MemberView = ada.post(&path, &add("sam", "owner")).await.expect(201).json();
        assert_eq!((promoted.role, promoted.since), (OWNER, sam.since));
        let changed = here.app.published::<VendorChanged>("vendors").await;
        assert_eq!(changed.last().unwrap().vendor.owners, [account("ada"), account("sam")]);

        let sam = here.member("sam", id, OWNER);
        sam.delete(&of("ada")).await.expect(204);
        sam.delete(&of("ada")).await.expect_problem(404, "not_found");
        sam.delete(&of("sam")).await.expect_problem(409, "last_owner");
        sam.post(&path, &add("sam", "staff")).await.expect_problem(409, "last_owner");
        assert_eq!(members(&here, id).await, [("SAM".to_owned(), OWNER)]);
        let told = here.app.published::<MemberChanged>("vendors").await;
        let told: Vec<_> = told.iter().map(|e| (e.account_id, e.role)).collect();
        let (ada, sam) = (account("ada"), account("sam"));
        assert_eq!(told, [(ada, Some(OWNER)), (sam, Some(STAFF)), (sam, Some(OWNER)), (ada, None)]);
        assert_eq!(here.app.published::<VendorChanged>("vendors").await.last().unwrap().vendor.owners, [sam]);
        assert_eq!(here.count("SELECT member_count * 100 + owner_count FROM vendors").await, 101);
        assert_eq!(here.count("SELECT sum(stores) FROM owners").await, 1);
    })
    .await;
}

#[tokio::test]
async fn staff_leave_and_change_nobody_else() {
    on_both(|here| async move {
        let id = here.open("ada", "Blue Mug").await.store.id;
        let path = format!("/api/v1/vendors/{id}/members");
        for name in ["sam", "tim"] {
            here.app.clock.advance(Duration::from_secs(60));
            here.member("ada", id, OWNER).post(&path, &add(name, "staff")).await.expect(201);
        }
        let sam = here.member("sam", id, STAFF);
        sam.get(&path).await.expect(200);
        sam.post(&path, &add("eve", "staff")).await.expect_problem(404, "not_found");
        for name in ["tim", "ada", "nobody"] {
            sam.delete(&format!("{path}/{}", account(name))).await.expect_problem(404, "not_found");
        }
        sam.delete(&format!("{path}/{}", account("sam"))).await.expect(204);
        assert_eq!(members(&here, id).await, [("ADA".to_owned(), OWNER), ("TIM".to_owned(), STAFF)]);

        let foreign = here.member("eve", VendorId::derived("test", &["another"]), OWNER);
        let missing = "/api/v1/vendors/00000000-0000-7000-8000-000000000000/members";
        assert_eq!(foreign.get(&path).await.expect(404).text(), foreign.get(missing).await.expect(404).text());
        assert_eq!(
            foreign.post(&path, &add("eve", "owner")).await.expect(404).text(),
            foreign.post(missing, &add("eve", "owner")).await.expect(404).text()
        );
        foreign.delete(&format!("{path}/{}", account("tim"))).await.expect_problem(404, "not_found");
        here.guest().get(&path).await.expect(401);
        here.guest().post(&path, &add("eve", "owner")).await.expect(401);
        here.guest().delete(&format!("{path}/{}", account("tim"))).await.expect(401);
        assert_eq!(members(&here, id).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn who_cannot_be_a_member_is_named() {
    on_both(|here| async move {
        let id = here.open("ada", "Blue Mug").await.store.id;
        let path = format!("/api/v1/vendors/{id}/members");
        let ada = here.member("ada", id, OWNER);
        ada.post(&path, &add("nobody", "staff")).await.expect_invalid("email");
        ada.post(&path, &json!({"email": "sam", "role": "staff"})).await.expect_invalid("email");
        ada.post(&path, &add("sam", "king")).await.expect_invalid("role");
        ada.delete(&format!("{path}/nonsense")).await.expect_problem(404, "not_found");
        *here.identity_down.lock().unwrap() = true;
        ada.post(&path, &add("sam", "staff")).await.expect(503);
        ada.get(&path).await.expect(503);
        *here.identity_down.lock().unwrap() = false;
        assert_eq!(members(&here, id).await, [("ADA".to_owned(), OWNER)]);
        assert_eq!(here.app.published::<MemberChanged>("vendors").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_sixth_store_is_not_had_by_invitation() {
    on_both(|here| async move {
        for i in 0..5 {
            here.applied("sam", &format!("Store {i}")).await;
        }
        let id = here.open("ada", "Blue Mug").await.store.id;
        let path = format!("/api/v1/vendors/{id}/members");
        let ada = here.member("ada", id, OWNER);
        ada.post(&path, &add("sam", "owner")).await.expect_problem(409, "too_many_stores");
        here.app.clock.advance(Duration::from_secs(60));
        ada.post(&path, &add("sam", "staff")).await.expect(201);
        ada.post(&path, &add("sam", "owner")).await.expect_problem(409, "too_many_stores");
        assert_eq!(members(&here, id).await[1], ("SAM".to_owned(), STAFF));
        // Who gives a store away may open another.
        let mine: Vec<contracts::vendors::VendorView> = here.person("sam").get("/api/v1/me/vendors").await.json();
        assert_eq!(mine.len(), 6);
        let first = mine.iter().find(|v| v.store.name == "Store 0").unwrap().store.id;
        let sam = here.member("sam", first, OWNER);
        sam.post(&format!("/api/v1/vendors/{first}/members"), &add("eve", "owner")).await.expect(201);
        sam.delete(&format!("/api/v1/vendors/{first}/members/{}", account("sam"))).await.expect(204);
        here.person("sam").post("/api/v1/vendors", &application("Store 6")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn a_store_holds_fifty_members_even_at_once() {
    on_both(|here| async move {
        let id = here.open("ada", "Blue Mug").await.store.id;
        let ada = here.member("ada", id, OWNER);
        let statuses = at_once(60, |i| {
            let (ada, path) = (ada.clone(), format!("/api/v1/vendors/{id}/members"));
            async move { ada.post(&path, &add(&format!("person{i}"), "staff")).await }
        })
        .await;
        assert_eq!(statuses, [(201, 49), (409, 11)].into());
        assert_eq!(here.count("SELECT count(*) FROM members").await, 50);
        assert_eq!(members(&here, id).await.len(), 50);
    })
    .await;
}

#[tokio::test]
async fn two_owners_who_leave_at_once_leave_one() {
    on_both(|here| async move {
        let id = here.open("ada", "Blue Mug").await.store.id;
        here.member("ada", id, OWNER)
            .post(&format!("/api/v1/vendors/{id}/members"), &add("sam", "owner"))
            .await
            .expect(201);
        let sides = [here.member("ada", id, OWNER), here.member("sam", id, OWNER)];
        let statuses = at_once(2, |i| {
            let (side, path) =
                (sides[i].clone(), format!("/api/v1/vendors/{id}/members/{}", account(["ada", "sam"][i])));
            async move { side.delete(&path).await }
        })
        .await;
        assert_eq!(statuses, [(204, 1), (409, 1)].into());
        assert_eq!(here.count("SELECT count(*) FROM members WHERE role = 'owner'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_is_erased_works_in_no_store() {
    on_both(|here| async move {
        let (mug, lamp) = (here.open("ada", "Blue Mug").await.store.id, here.open("bob", "Red Lamp").await.store.id);
        for (owner, id, role) in [("ada", mug, "staff"), ("bob", lamp, "owner")] {
            let owner = here.member(owner, id, OWNER);
            owner.post(&format!("/api/v1/vendors/{id}/members"), &add("sam", role)).await.expect(201);
        }
        let sam = account("sam");
        let at = kernel::Clock::now(&*here.app.clock);
        here.app.deliver("vendors", &AccountErased { account_id: sam, at }).await;
        assert_eq!(here.count("SELECT count(*) FROM members").await, 2);
        assert_eq!(here.count("SELECT CAST(sum(member_count + owner_count) AS BIGINT) FROM vendors").await, 4);
        let told = here.app.published::<MemberChanged>("vendors").await;
        let mut left: Vec<_> = told.iter().filter(|m| m.role.is_none()).map(|m| (m.vendor_id, m.account_id)).collect();
        left.sort();
        let mut both = [(mug, sam), (lamp, sam)];
        both.sort();
        assert_eq!(left, both);
    })
    .await;
}
