//! Carts, their lines, and what a line shows. Pure.

pub(crate) mod again;
pub(crate) mod key;
pub(crate) mod letters;
pub(crate) mod notice;

use contracts::{
    cart::{CartLine, CartPart, CartView},
    catalog::Picture,
    inventory::StockLevel,
    prices::QuantityPrice,
};
use kernel::{CartId, Currency, Money, ProductId, PromoCode, Result, Slug, Timestamp, VariantId, VendorId};

/// Most lines of a cart.
pub(crate) const LINES_MAX: i64 = 100;
/// Most of one variant.
pub(crate) const QUANTITY_MAX: i64 = 10_000;
/// Most wishes of an account.
pub(crate) const WISHES_MAX: i64 = 500;
/// Width of the picture beside a line.
const PICTURE_WIDTH: u32 = 320;

/// What is known of a variant.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    pub product_slug: Slug,
    pub vendor_id: VendorId,
    pub vendor_name: String,
    pub vendor_slug: String,
    pub title: String,
    pub options: Vec<String>,
    /// What it is made of, if it is a bundle.
    pub parts: Vec<CartPart>,
    pub picture_url: Option<String>,
    pub list_price: Money,
    /// Struck price that the vendor gives.
    pub compare_at: Option<Money>,
    /// Offer told last.
    pub offer: Option<Offer>,
    pub stock: StockLevel,
    /// Published, and its store is open.
    pub on_sale: bool,
}

/// What a variant costs, as pricing has told.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub price: Money,
    /// The list price it was made from.
    pub list_price: Money,
    /// By quantity.
    pub quantity_prices: Vec<QuantityPrice>,
}

impl Item {
    /// The offer that counts. One that was made from another list price is out of date: either the
    /// product's event or the next offer is still on its way.
    fn offer(&self) -> Option<&Offer> {
        self.offer.as_ref().filter(|offer| offer.list_price == self.list_price)
    }

    /// Price of one now.
    pub fn price(&self) -> Money {
        self.offer().map_or(self.list_price, |offer| offer.price)
    }

    /// Price of each of so many now.
    fn price_for(&self, quantity: i64) -> Money {
        let steps = self.offer().map_or(&[][..], |offer| &offer.quantity_prices);
        steps.iter().rev().find(|step| step.from <= quantity).map_or_else(|| self.price(), |step| step.price)
    }

    /// The price to show struck, if this one is reduced.
    fn struck(&self, price: Money) -> Option<Money> {
        let higher = |m: &Money| m.currency == price.currency && m.amount_minor > price.amount_minor;
        Some(self.list_price).filter(higher).or(self.compare_at.filter(higher))
    }
}

/// A line of a cart.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub item: Item,
    pub quantity: i64,
    /// Price of one when it was added, in the cart's currency.
    pub added_minor: i64,
    /// Not to be ordered yet.
    pub later: bool,
}

/// Something an account wishes for.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub item: Item,
    pub wished_at: Timestamp,
    /// The account waits to be told that it is back.
    pub tell: bool,
}

/// A cart with its lines in order.
#[derive(Debug, Clone)]
pub(crate) struct Cart {
    pub id: CartId,
    /// Of its lines.
    pub currency: Option<Currency>,
    pub lines: Vec<Line>,
    pub codes: Vec<PromoCode>,
    /// In what it is to be paid, if that was chosen.
    pub pay_currency: Option<Currency>,
    pub updated_at: Timestamp,
    pub version: i64,
}

impl Cart {
    /// A cart nobody has put anything into.
    pub fn empty(id: CartId, version: i64, now: Timestamp) -> Self {
        let (lines, codes) = (Vec::new(), Vec::new());
        Self { id, currency: None, lines, codes, pay_currency: None, updated_at: now, version }
    }

    /// As its owner sees it.
    pub fn view(&self) -> Result<CartView> {
        let views = |later: bool| -> Result<Vec<CartLine>> {
            self.lines.iter().filter(|line| line.later == later).map(|line| line.view(self.currency)).collect()
        };
        let lines = views(false)?;
        let subtotal = match self.currency {
            Some(currency) if !lines.is_empty() => {
                let had = lines.iter().filter(|line| line.available && line.stock.available());
                Some(Money::sum(currency, had.map(|line| line.total))?)
            }
            _ => None,
        };
        Ok(CartView {
            id: self.id,
            items: lines.iter().map(|line| line.quantity).sum(),
            lines,
            later: views(true)?,
            subtotal,
            codes: self.codes.clone(),
            currency: self.pay_currency,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

impl Line {
    /// One of a thing that is in no cart.
    pub fn alone(item: Item) -> Self {
        let added_minor = item.price().amount_minor;
        Self { item, quantity: 1, added_minor, later: false }
    }

    /// As the owner of a cart in `currency` sees it.
    pub fn view(&self, currency: Option<Currency>) -> Result<CartLine> {
        let Self { item, quantity, added_minor, .. } = self;
        let (price, of_one) = (item.price_for(*quantity), item.price());
        // A product that changed its currency cannot be ordered together with the rest.
        let same_currency = currency == Some(price.currency);
        Ok(CartLine {
            variant_id: item.variant_id,
            product_id: item.product_id,
            product_slug: item.product_slug.clone(),
            vendor_id: item.vendor_id,
            vendor_name: item.vendor_name.clone(),
            vendor_slug: item.vendor_slug.clone(),
            title: item.title.clone(),
            options: item.options.clone(),
            // A part that nobody has told of yet has no name to show.
            parts: item.parts.iter().filter(|part| !part.title.is_empty()).cloned().collect(),
            picture_url: item.picture_url.clone(),
            quantity: *quantity,
            unit_price: price,
            compare_at: item.struck(price),
            total: price.times(*quantity)?,
            price_when_added: currency
                .map(|currency| Money::new(*added_minor, currency))
                .filter(|added| same_currency && *added != of_one),
            stock: item.stock,
            available: item.on_sale && same_currency,
        })
    }
}

/// Address of the smallest size that is wide enough; the largest if none is.
pub(crate) fn picture_url(picture: &Picture) -> Option<&str> {
    let wide_enough = picture.sizes.iter().find(|size| size.width >= PICTURE_WIDTH);
    wide_enough.or(picture.sizes.last()).map(|size| size.url.as_str())
}
