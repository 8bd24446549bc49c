//! What the way to pay costs, as a part of the shipping.

use contracts::pricing::{PaymentFee, QuoteVendor};
use kernel::{Error, Money, Result};

/// Has those who send something share what the way to pay costs, to the minor unit; the first ones bear what cannot be shared.
/// It is in their shipping from here on, and taxed with it. Promotions take nothing off it. Nothing if nobody sends anything.
pub(super) fn charge(fee: Option<&PaymentFee>, vendors: &mut [QuoteVendor]) -> Result<Option<PaymentFee>> {
    let mut senders: Vec<&mut QuoteVendor> = vendors.iter_mut().filter(|vendor| !vendor.digital).collect();
    let count = i64::try_from(senders.len()).map_err(Error::internal)?;
    let Some(fee) = fee.filter(|fee| count > 0 && fee.amount.amount_minor > 0) else { return Ok(None) };
    let (each, rest) = (fee.amount.amount_minor / count, fee.amount.amount_minor % count);
    for (vendor, position) in senders.iter_mut().zip(0..) {
        let share = each + i64::from(position < rest);
        vendor.shipping = vendor.shipping.plus(Money::new(share, fee.amount.currency))?;
    }
    Ok(Some(fee.clone()))
}
