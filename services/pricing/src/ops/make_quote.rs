//! What a cart costs, and why. Reads only: it is on the way of every checkout, twice.

use contracts::pricing::{Quote, QuoteRequest};
use kernel::Result;

use crate::{Pricing, model::quote, store};

pub(crate) async fn make_quote(app: &Pricing, request: &QuoteRequest) -> Result<Quote> {
    let prices = store::quote::load(&app.db, request, app.clock.now()).await?;
    quote::quote(request, &prices)
}
