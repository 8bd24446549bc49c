//! Choosing a variant: from what the address says to price, stock and the button.

use contracts::{
    catalog::{PartView, ProductOption, ProductView, VariantView},
    inventory::{LevelsRequest, StockLevel},
    prices::QuantityPrice,
    shipping::RateView,
};
use kernel::{Country, Currency, Identity, Money};

use super::{
    cards, own_prices,
    product::{Buy, Promise, Stock},
    stores,
    sums::arrival,
};
use crate::{
    app::{App, Web},
    fmt::Fmt,
    forms::Fields,
    pages::portal::or_none,
    ui::{Link, Notice, Pill, Pills, Price, Specs, Stepper},
    visit::Visit,
};

/// Most of one thing that the page offers to put into the cart at once.
const MOST: i64 = 20;

/// Who looks, where that makes a difference for prices.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// On whose behalf is asked.
    pub who: Identity,
    /// Where parcels go.
    pub country: Country,
    /// In what prices are read.
    pub currency: Currency,
}

/// What is to be known of the chosen variant beyond what stands in the catalogue.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// What one costs this visitor, if that is less than it costs everybody.
    own_price: Option<Money>,
    /// How many can be ordered of what is not there.
    ahead: Option<i64>,
}

impl Terms {
    /// The terms of the variant that `asked` names.
    pub async fn of(app: &App, buyer: &Buyer, product: &ProductView, asked: &Fields) -> Self {
        let Some(variant) = chosen(product, asked) else { return Self::default() };
        let variants = [variant];
        let ahead = async {
            if variant.stock != StockLevel::BackOrder {
                return None;
            }
            let wanted = LevelsRequest { variant_ids: vec![variant.id], quantities: Vec::new() };
            let levels = or_none("what can be ordered ahead", app.inventory.levels(&buyer.who, &wanted).await)?;
            levels.first().map(|level| level.available)
        };
        let (own, ahead) = futures::join!(own_prices::of(app, buyer, &variants), ahead);
        Self { own_price: own.get(&variant.id).copied(), ahead }
    }
}

/// Price to button for the variant that `asked` names.
pub fn buy(visit: &Visit, product: &ProductView, rates: &[RateView], tax: &Tax, terms: &Terms, asked: &Fields) -> Buy {
    let fmt = &visit.fmt;
    let action = format!("/p/{}", product.slug);
    let Some(variant) = chosen(product, asked) else { return nothing_to_buy(visit, action) };
    // What is downloaded has no delivery, whatever its vendor's other things cost to send.
    let rates: &[RateView] = if variant.digital { &[] } else { rates };
    // As many as its lowest price is for, should that be more.
    let most = variant.quantity_prices.last().map_or(MOST, |step| step.from.max(MOST));
    let (stock, most) = match variant.stock {
        StockLevel::InStock => (Stock::In, most),
        StockLevel::BackOrder => (Stock::Later, terms.ahead.map_or(most, |ahead| ahead.clamp(1, most))),
        StockLevel::Low(left) => (Stock::Low, left.clamp(1, most)),
        StockLevel::SoldOut => (Stock::Out, 1),
    };
    Buy {
        action,
        variant: variant.id.to_string(),
        csrf: visit.csrf(),
        price: match terms.own_price {
            Some(own) => Price::of(fmt, own).big(),
            None => cards::price(fmt, variant.price, variant.compare_at).big(),
        },
        lowest: variant.lowest_price.filter(|_| terms.own_price.is_none()).map(|lowest| fmt.money(lowest)),
        quantity_prices: quantity_prices(fmt, variant, terms),
        included: included(fmt, variant, rates, tax, terms),
        parts: variant.parts.iter().map(|it| (part(it), fmt.language(it.translated))).collect(),
        options: product.options.iter().enumerate().map(|(i, option)| pills(product, variant, i, option)).collect(),
        stock,
        stock_text: match variant.digital {
            true => "Digital: download after payment".to_owned(),
            false => cards::stock_text(variant.stock),
        },
        quantity: Stepper {
            name: "quantity".to_owned(),
            id: "quantity".to_owned(),
            label: format!("Quantity of {}", product.title),
            value: 1,
            min: 1,
            max: most,
        },
        promises: promises(fmt, product, variant, rates),
        notice: None,
    }
}

/// A product without variants: nothing can be bought.
fn nothing_to_buy(visit: &Visit, action: String) -> Buy {
    let quantity = Stepper {
        name: "quantity".to_owned(),
        id: "quantity".to_owned(),
        label: "Quantity".to_owned(),
        value: 1,
        min: 1,
        max: 1,
    };
    Buy {
        action,
        variant: String::new(),
        csrf: visit.csrf(),
        price: Price { now: String::new(), value: "0".to_owned(), was: None, from: false, big: true },
        lowest: None,
        quantity_prices: None,
        included: String::new(),
        parts: Vec::new(),
        options: Vec::new(),
        stock: Stock::Out,
        stock_text: "Not for sale now".to_owned(),
        quantity,
        promises: Vec::new(),
        notice: None::<Notice>,
    }
}

/// A part of a bundle; with its page while that is there.
fn part(part: &PartView) -> Link {
    let text = cards::pieces(part.quantity, &part.title, &part.options);
    let page = if part.on_sale { format!("/p/{}?variant={}", part.slug, part.variant_id) } else { String::new() };
    Link::new(text, page)
}

/// A row for each quantity from which on a piece costs less.
fn quantity_prices(fmt: &Fmt, variant: &VariantView, terms: &Terms) -> Option<Specs> {
    let row = |step: &QuantityPrice| (format!("From {} pieces", step.from), format!("{} each", fmt.money(step.price)));
    let is_less = |step: &&QuantityPrice| terms.own_price.is_none_or(|own| step.price.amount_minor < own.amount_minor);
    let rows: Vec<_> = variant.quantity_prices.iter().filter(is_less).map(row).collect();
    (!rows.is_empty()).then(|| Specs { caption: "Prices for quantities".to_owned(), rows })
}

/// Name of the `i`th option in the address.
fn name(i: usize) -> String {
    format!("o{}", i + 1)
}

/// The variant that is asked for, by id or by its options; the nearest one if there is none like that.
/// Without a wish: the first that can be had.
pub(super) fn chosen<'a>(product: &'a ProductView, asked: &Fields) -> Option<&'a VariantView> {
    if let Some(id) = asked.parsed("variant") {
        let named = product.variants.iter().find(|variant| variant.id == id);
        if named.is_some() {
            return named;
        }
    }
    let wishes: Vec<Option<String>> = (0..product.options.len()).map(|i| asked.some(&name(i))).collect();
    let fits = |variant: &VariantView| {
        let matching = variant.options.iter().zip(&wishes).map(|(has, wish)| wish.as_ref() == Some(has));
        // Earlier options weigh more; of two that fit as well, the one that can be had is nearer.
        let weight = matching.fold(0_u32, |sum, fits| sum * 2 + u32::from(fits));
        (weight, variant.stock.available())
    };
    let best = product.variants.iter().map(fits).max()?;
    product.variants.iter().find(|variant| fits(variant) == best)
}

/// An option with its values; those of which nothing is left, the other options staying as they are, are struck.
fn pills(product: &ProductView, chosen: &VariantView, i: usize, option: &ProductOption) -> Pills {
    let left = |value: &String| {
        product.variants.iter().any(|variant| {
            variant.stock.available()
                && variant
                    .options
                    .iter()
                    .enumerate()
                    .all(|(at, has)| if at == i { has == value } else { chosen.options.get(at) == Some(has) })
        })
    };
    let pill = |value: &String| Pill { value: value.clone(), text: value.clone(), sold_out: !left(value) };
    Pills {
        name: name(i),
        legend: option.name.clone(),
        pills: option.values.iter().map(pill).collect(),
        chosen: chosen.options.get(i).cloned().unwrap_or_default(),
    }
}

/// The cheapest that is brought.
fn cheapest(rates: &[RateView]) -> Option<&RateView> {
    let sent = rates.iter().filter(|rate| rate.pickup.is_none());
    sent.min_by_key(|rate| (rate.price.amount_minor, rate.days_max))
}

/// What it costs at least, short of being free from a value on.
fn least(rate: &RateView) -> Money {
    let steps = rate.value_prices.iter().map(|step| step.price);
    steps.fold(rate.price, |least, price| if price.amount_minor < least.amount_minor { price } else { least })
}

/// What is said of the tax where this visitor's parcels go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tax {
    /// The price contains it.
    Contained(String),
    /// It is added to the price.
    Added(String),
    /// There is none.
    Nothing,
}

impl Tax {
    /// The tax of a country; if nobody knows it, what holds nearly everywhere.
    pub async fn of(app: &Web, country: Country) -> Self {
        match app.tax_areas().await {
            Ok(areas) => match areas.iter().find(|area| area.country == country && area.region.is_none()) {
                Some(area) if area.input.prices_include_tax => Self::Contained(area.input.name.clone()),
                Some(area) => Self::Added(area.input.name.clone()),
                None => Self::Nothing,
            },
            Err(error) => {
                tracing::warn!(%error, "a product's page does not know the tax");
                Self::Contained("VAT".to_owned())
            }
        }
    }
}

/// `Autumn fair. Including VAT, plus delivery from 4.90 €`.
fn included(fmt: &Fmt, variant: &VariantView, rates: &[RateView], tax: &Tax, terms: &Terms) -> String {
    let offer = match (terms.own_price, &variant.offer) {
        (Some(_), _) => format!("Your price; everybody else pays {}. ", fmt.money(variant.price)),
        (None, Some(offer)) => format!("{offer}. "),
        (None, None) => String::new(),
    };
    let rate = cheapest(rates).map(least).map(|price| Some(fmt.money(price)).filter(|_| !price.is_zero()));
    let text = match (tax, rate) {
        (Tax::Contained(tax), Some(Some(rate))) => format!("Including {tax}, plus delivery from {rate}"),
        (Tax::Contained(tax), Some(None)) => format!("Including {tax} and delivery"),
        (Tax::Contained(tax), None) => format!("Including {tax}"),
        (Tax::Added(tax), Some(Some(rate))) => format!("Plus {tax}, and delivery from {rate}"),
        (Tax::Added(tax), Some(None)) => format!("Including delivery, plus {tax}"),
        (Tax::Added(tax), None) => format!("Plus {tax}"),
        (Tax::Nothing, Some(Some(rate))) => format!("Plus delivery from {rate}"),
        (Tax::Nothing, Some(None)) => "Including delivery".to_owned(),
        (Tax::Nothing, None) => String::new(),
    };
    format!("{offer}{text}")
}

fn promises(fmt: &Fmt, product: &ProductView, variant: &VariantView, rates: &[RateView]) -> Vec<Promise> {
    let vendor = &product.vendor.name;
    let mut promises = Vec::new();
    if let Some(rate) = cheapest(rates) {
        let there = rate.handling.arrival(fmt.now(), rate.days_min, rate.days_max);
        promises.push(Promise {
            icon: "truck",
            title: format!("At your door {}", arrival(fmt, there)),
            note: format!("{}, {}. Packed and sent by {vendor}.", rate.name, stores::prices(fmt, rate)),
        });
    }
    if let Some((rate, place)) = rates.iter().find_map(|rate| rate.pickup.as_ref().map(|place| (rate, place))) {
        let there = rate.handling.arrival(fmt.now(), rate.days_min, rate.days_max);
        promises.push(Promise {
            icon: "box",
            title: format!("Fetch it in {}", place.city),
            note: format!("{}. Ready {}, {}.", place.line(), arrival(fmt, there), stores::prices(fmt, rate)),
        });
    }
    if variant.digital {
        promises.push(Promise {
            icon: "download",
            title: "Yours with the payment".to_owned(),
            note: "On the page of your order, to which the confirmation leads. It cannot be sent back.".to_owned(),
        });
    }
    promises.push(Promise {
        icon: "lock",
        title: "Pay once, for all makers".to_owned(),
        note: "On the page of the payment provider. No account needed.".to_owned(),
    });
    promises
}

#[cfg(test)]
mod tests {
    use contracts::catalog::{Rating, VendorRef};
    use kernel::{Currency, Money, ProductId, VariantId, VendorId};

    use super::*;

    fn product() -> ProductView {
        let variant = |size: &str, colour: &str, stock| VariantView {
            id: VariantId::derived("test", &[size, colour]),
            sku: format!("{size}-{colour}"),
            options: vec![size.to_owned(), colour.to_owned()],
            price: Money::new(1_000, Currency::EUR),
            compare_at: None,
            lowest_price: None,
            offer: None,
            quantity_prices: Vec::new(),
            stock,
            weight_g: 0,
            barcode: None,
            picture_id: None,
            parts: vec![],
            digital: false,
        };
        let option = |name: &str, values: [&str; 2]| ProductOption {
            name: name.to_owned(),
            values: values.map(str::to_owned).to_vec(),
        };
        ProductView {
            id: ProductId::derived("test", &["p"]),
            slug: "mug".parse().unwrap(),
            title: "Mug".to_owned(),
            summary: String::new(),
            description_html: String::new(),
            vendor: VendorRef {
                id: VendorId::derived("test", &["v"]),
                slug: "v".parse().unwrap(),
                name: "V".to_owned(),
            },
            categories: Vec::new(),
            attributes: Vec::new(),
            options: vec![option("Size", ["S", "L"]), option("Colour", ["Sand", "Moss"])],
            variants: vec![
                variant("S", "Sand", StockLevel::SoldOut),
                variant("S", "Moss", StockLevel::InStock),
                variant("L", "Sand", StockLevel::Low(2)),
            ],
            pictures: Vec::new(),
            tags: Vec::new(),
            rating: Rating::default(),
            published_at: None,
            brand: String::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            related: Vec::new(),
            translated: Vec::new(),
        }
    }

    fn sku(asked: &str) -> String {
        chosen(&product(), &Fields::parse(asked.as_bytes())).unwrap().sku.clone()
    }

    #[test]
    fn the_nearest_variant_is_shown() {
        assert_eq!(sku(""), "S-Moss", "the first that can be had");
        assert_eq!(sku("o1=S&o2=Sand"), "S-Sand", "also when it is sold out");
        assert_eq!(sku("o1=L&o2=Moss"), "L-Sand", "there is no such variant: the first option counts more");
        assert_eq!(sku("o1=XXL"), "S-Moss");
        assert_eq!(sku(&format!("variant={}", VariantId::derived("test", &["L", "Sand"]))), "L-Sand");
        assert_eq!(sku("variant=nonsense"), "S-Moss");
    }

    #[test]
    fn what_is_gone_is_struck_under_the_other_choices() {
        let product = product();
        let chosen = &product.variants[1];
        let struck = |i: usize| -> Vec<bool> {
            pills(&product, chosen, i, &product.options[i]).pills.iter().map(|pill| pill.sold_out).collect()
        };
        assert_eq!(struck(0), [false, true], "no large one in moss");
        assert_eq!(struck(1), [true, false], "no small one in sand is left");
    }
}
