//! Letters about carts left behind: what the link carries that ends them.

use hmac::Mac;
use kernel::{AccountId, Secret};

use super::notice::signed;

/// What ends all such letters to an account: the same in each, and nobody can make one who does not have `secret`.
pub(crate) fn stop_token(secret: &[u8; 32], account: AccountId) -> Secret {
    Secret::new(format!("{account}.{}", hex::encode(signed(secret, &account.to_string()).finalize().into_bytes())))
}

/// The account of a token, if it is one of ours.
pub(crate) fn account_of(secret: &[u8; 32], token: &Secret) -> Option<AccountId> {
    let (account, signature) = token.expose().split_once('.')?;
    let (account, signature) = (account.parse::<AccountId>().ok()?, hex::decode(signature).ok()?);
    signed(secret, &account.to_string()).verify_slice(&signature).ok().map(|()| account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_one_account_and_one_secret() {
        let (ada, eve) = (AccountId::derived("test", &["ada"]), AccountId::derived("test", &["eve"]));
        let token = stop_token(&[7; 32], ada);
        assert_eq!(account_of(&[7; 32], &token), Some(ada));
        assert_eq!(account_of(&[8; 32], &token), None);
        let (_, signature) = token.expose().split_once('.').unwrap();
        assert_eq!(account_of(&[7; 32], &Secret::new(format!("{eve}.{signature}"))), None);
        for nonsense in ["", ".", "x.y", &ada.to_string(), &format!("{ada}."), &format!("{ada}.00")] {
            assert_eq!(account_of(&[7; 32], &Secret::new(nonsense)), None, "{nonsense:?}");
        }
    }
}
