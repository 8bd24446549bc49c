//! Who belongs to which store, as vendors tells.

use contracts::{
    identity::{AccountView, Tokens},
    vendors::MemberChanged,
};
use events::Received;
use kernel::{VendorId, VendorMembership, VendorRole};

use super::on_both;

#[tokio::test]
async fn memberships_come_with_the_next_token_and_go_at_once() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let (account_id, vendor_id) = (tokens.account.id, VendorId::derived("test", &["a"]));
        let tell = |role| MemberChanged { vendor_id, account_id, role };
        assert_eq!(here.app.deliver("identity", &tell(Some(VendorRole::Staff))).await, Received::Handled);
        let view: AccountView = here.bearer(&tokens).get("/api/v1/me").await.expect(200).json();
        assert_eq!(view.vendors, [VendorMembership { vendor_id, role: VendorRole::Staff }]);
        assert_eq!(view.version, 2);
        let renewed: Tokens = here.try_refresh(&tokens.refresh_token).await.expect(200).json();
        let principal = here.app.system.verifier().verify(renewed.access_token.expose()).unwrap();
        assert_eq!(principal.vendors, view.vendors);

        here.app.deliver("identity", &tell(Some(VendorRole::Owner))).await;
        let promoted: Tokens = here.try_refresh(&renewed.refresh_token).await.expect(200).json();
        assert_eq!(promoted.account.vendors[0].role, VendorRole::Owner);
        here.app.deliver("identity", &tell(Some(VendorRole::Staff))).await;
        here.settle().await;
        here.bearer(&promoted).get("/api/v1/me").await.expect_problem(401, "unauthenticated");

        let again = here.login("ada@example.com").await;
        assert_eq!(again.account.vendors[0].role, VendorRole::Staff);
        here.app.deliver("identity", &tell(None)).await;
        here.settle().await;
        here.bearer(&again).get("/api/v1/me").await.expect(401);
        here.try_refresh(&again.refresh_token).await.expect(401);
        assert_eq!(here.login("ada@example.com").await.account.vendors, []);
    })
    .await;
}

#[tokio::test]
async fn news_of_members_may_come_twice_late_and_about_nobody() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let (account_id, vendor_id) = (tokens.account.id, VendorId::derived("test", &["a"]));
        let joined = here.app.envelope(&MemberChanged { vendor_id, account_id, role: Some(VendorRole::Owner) });
        let left = here.app.envelope(&MemberChanged { vendor_id, account_id, role: None });
        assert_eq!(here.app.hand_over("identity", &left).await, Received::Waiting);
        assert_eq!(here.app.hand_over("identity", &joined).await, Received::Handled);
        here.app.advance(std::time::Duration::from_secs(2)).await;
        assert_eq!(here.app.hand_over("identity", &joined).await, Received::Duplicate);
        assert_eq!(here.app.hand_over("identity", &left).await, Received::Duplicate);
        assert_eq!(here.count("SELECT count(*) FROM memberships").await, 0);

        let ghost = kernel::AccountId::derived("test", &["ghost"]);
        let other = VendorId::derived("test", &["b"]);
        let about_ghost = MemberChanged { vendor_id: other, account_id: ghost, role: Some(VendorRole::Staff) };
        assert_eq!(here.app.deliver("identity", &about_ghost).await, Received::Retrying);
    })
    .await;
}
