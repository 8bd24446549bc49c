//! Who a customer is, for limits per customer: an account, or for guests, as well as one can, an address.

use contracts::promotions::Customer;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A name for the customer that tells nobody who it is, and is the same every time.
pub(crate) fn key(customer: &Customer, secret: &[u8; 32]) -> Option<String> {
    let name = match (customer.account_id, &customer.email) {
        (Some(account), _) => format!("account:{account}"),
        (None, Some(email)) => format!("email:{}", normal(email.as_str())),
        (None, None) => return None,
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(name.as_bytes());
    Some(hex::encode(mac.finalize().into_bytes()))
}

/// The address without what its owner may add at will: `ada+spring@example.com` is `ada@example.com`.
fn normal(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            let plain = local.split('+').next().filter(|plain| !plain.is_empty()).unwrap_or(local);
            format!("{plain}@{domain}")
        }
        None => email.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_customer_however_it_is_written() {
        let of =
            |email: &str| key(&Customer { account_id: None, email: Some(email.parse().unwrap()) }, &[7; 32]).unwrap();
        assert_eq!(of("Ada+Spring@Example.com"), of("ada@example.com"));
        assert_ne!(of("bob@example.com"), of("ada@example.com"));
        assert!(!of("ada@example.com").contains("ada"));
        assert_eq!(key(&Customer::default(), &[7; 32]), None);
    }
}
