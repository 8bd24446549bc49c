//! Whose rows a session sees in the tables that are fenced: the setting `souk.scope`, which the
//! policies read. `platform` sees all rows, a vendor's id that vendor's; without it there are none.

use kernel::VendorId;

/// For every session we open: the services' own work, and reads on nobody's behalf.
pub(super) const OF_THE_PLATFORM: &str = "SET souk.scope = 'platform'";

/// `begin`, and until the transaction ends the session is the vendor's. An id is hexadecimal digits
/// and hyphens, so it can stand in a statement as it is.
pub(super) fn begin(begin: &str, vendor: VendorId) -> String {
    format!("{begin}; SET LOCAL souk.scope = '{vendor}'")
}
