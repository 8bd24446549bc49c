//! People for tests.

use std::sync::Arc;

use kernel::{AccountId, Identity, Principal, Role, SessionId, VendorId, VendorMembership, VendorRole};

fn person(name: &str, roles: Vec<Role>, vendors: Vec<VendorMembership>) -> Identity {
    Identity::User(Arc::new(Principal {
        account_id: AccountId::derived("test", &[name]),
        session_id: SessionId::derived("test", &[name]),
        roles,
        vendors,
        email_verified: true,
    }))
}

/// A customer; the same name is the same account.
pub fn customer(name: &str) -> Identity {
    person(name, vec![Role::Customer], vec![])
}
/// An admin.
pub fn admin() -> Identity {
    person("admin", vec![Role::Customer, Role::Admin], vec![])
}
/// An owner of a vendor.
pub fn vendor_owner(vendor_id: VendorId) -> Identity {
    let membership = VendorMembership { vendor_id, role: VendorRole::Owner };
    person(&format!("owner of {vendor_id}"), vec![Role::Customer], vec![membership])
}
/// A staff member of a vendor.
pub fn vendor_staff(vendor_id: VendorId) -> Identity {
    let membership = VendorMembership { vendor_id, role: VendorRole::Staff };
    person(&format!("staff of {vendor_id}"), vec![Role::Customer], vec![membership])
}
/// The account of a person made by the functions above.
pub fn account_of(identity: &Identity) -> AccountId {
    match identity {
        Identity::User(principal) => principal.account_id,
        other => panic!("{other:?} has no account"),
    }
}
