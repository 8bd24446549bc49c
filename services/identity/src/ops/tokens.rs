//! What a client gets when it logs in or renews.

use contracts::identity::{AccessClaims, TOKEN_AUDIENCE, TOKEN_ISSUER, Tokens};
use kernel::{Result, Secret, SessionId, VendorMembership};

use crate::{
    app::App,
    model::{ACCESS_LIFETIME, Account},
};

/// Signs an access token for a session that was just opened or renewed.
pub(super) async fn tokens(
    app: &App,
    account: &Account,
    vendors: Vec<VendorMembership>,
    session_id: SessionId,
    refresh_token: Secret,
) -> Result<Tokens> {
    let now = app.clock.now();
    let claims = AccessClaims {
        iss: TOKEN_ISSUER.to_owned(),
        aud: TOKEN_AUDIENCE.to_owned(),
        sub: account.id,
        iat: now.seconds(),
        nbf: now.seconds(),
        exp: now.plus(ACCESS_LIFETIME).seconds(),
        sid: session_id,
        roles: account.roles(),
        vendors: vendors.clone(),
        verified: account.verified_at.is_some(),
    };
    Ok(Tokens {
        access_token: app.keys.sign(&claims).await?,
        token_type: "Bearer".to_owned(),
        expires_in_s: u32::try_from(ACCESS_LIFETIME.as_secs()).unwrap_or(u32::MAX),
        refresh_token,
        session_id,
        account: account.view(vendors),
    })
}
