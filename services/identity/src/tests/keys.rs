//! Signing keys over time.

use std::time::Duration;

use contracts::identity::{Jwks, Tokens};
use db::params;
use kernel::Kind;

use super::{Here, on_both};
use crate::keys::Keys;

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn kids(here: &Here) -> Vec<String> {
    let jwks: Jwks = here.guest().get("/.well-known/jwks.json").await.expect(200).json();
    assert!(jwks.keys.iter().all(|k| k.kty == "OKP" && k.crv == "Ed25519" && k.alg == "EdDSA" && k.usage == "sig"));
    jwks.keys.into_iter().map(|k| k.kid).collect()
}

async fn next(here: &Here, tokens: &Tokens) -> Tokens {
    here.try_refresh(&tokens.refresh_token).await.expect(200).json()
}

#[tokio::test]
async fn keys_take_turns_without_anybody_noticing() {
    on_both(|here| async move {
        let first = kids(&here).await;
        assert_eq!(first.len(), 1);
        here.app.advance(DAY * 29).await;
        assert_eq!(kids(&here).await, first);
        here.register("ada@example.com").await;
        here.app.advance(DAY).await;
        let tokens = here.login("ada@example.com").await;
        let both = kids(&here).await;
        assert_eq!((both.len(), &both[0]), (2, &first[0]), "the new one is published and does not sign yet");

        here.app.advance(Duration::from_secs(3599)).await;
        let tokens = next(&here, &tokens).await;
        here.app.advance(Duration::from_secs(1)).await;
        let turned = kids(&here).await;
        assert_eq!(turned, [both[1].clone(), first[0].clone()], "now it signs");
        here.settle().await;
        here.bearer(&tokens).get("/api/v1/me").await.expect(200);
        let signed_by_new = next(&here, &tokens).await;
        here.bearer(&signed_by_new).get("/api/v1/me").await.expect(200);

        here.app.advance(Duration::from_secs(3600)).await;
        assert_eq!(kids(&here).await, [both[1].clone()], "the old one's tokens are over");
        here.settle().await;
        here.bearer(&tokens).get("/api/v1/me").await.expect(401);
        let tokens = next(&here, &signed_by_new).await;
        here.bearer(&tokens).get("/api/v1/me").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn private_keys_open_under_the_right_secret_and_in_their_own_row() {
    on_both(|here| async move {
        let env = here.app.system.env("identity").unwrap();
        let keys = |secret| Keys::new(env.db.clone(), env.clock.clone(), env.random.clone(), secret, DAY);
        assert_eq!(keys(env.secret("signing-keys")).jwks().await.unwrap().keys.len(), 1);
        let refused = keys([9; 32]).jwks().await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Internal);
        assert!(refused.source_text().unwrap().contains("another secret of this installation"));

        env.db.write(async |tx| tx.exec("UPDATE signing_keys SET kid = 'moved'", params![]).await).await.unwrap();
        assert!(keys(env.secret("signing-keys")).jwks().await.is_err());
    })
    .await;
}
