//! The shops and the people behind them.

mod makers;
mod providers;

use crate::categories::{look_of, titles};
use crate::draw::colour::Colour;
use crate::draw::group::Group;
use crate::draw::marks::Mark;
use crate::picture::{Picture, Subject};
use crate::seed::hash;
use crate::{Policy, ShippingMethod, Vendor};

/// A shop as it writes itself down.
struct Shop {
    slug: &'static str,
    name: &'static str,
    tagline: &'static str,
    story: &'static [&'static str],
    country: &'static str,
    city: &'static str,
    owner: (&'static str, &'static str),
    returns: &'static str,
    care: &'static str,
    commission_bp: u32,
    mark: Mark,
    ground: u32,
    backdrop: u32,
    /// Slugs of the products on its banner.
    banner: [&'static str; 5],
    /// (name, cents, free from, soonest, latest)
    shipping: &'static [(&'static str, i64, Option<i64>, u32, u32)],
}

/// Every shop.
pub fn all() -> Vec<Vendor> {
    makers::SHOPS.iter().chain(providers::SHOPS).map(vendor).collect()
}

fn vendor(shop: &Shop) -> Vendor {
    let looks = shop.banner.iter().filter_map(|slug| look_of(slug)).collect();
    let group = Group { looks, tint: Colour(shop.backdrop), size: (1600, 500), seed: hash(shop.slug) };
    Vendor {
        slug: shop.slug,
        name: shop.name,
        tagline: shop.tagline,
        story: shop.story.to_vec(),
        country: shop.country,
        city: shop.city,
        owner_name: shop.owner.0,
        owner_email: shop.owner.1,
        policies: vec![
            Policy { title: "Returns", text: shop.returns },
            Policy { title: "Packing and care", text: shop.care },
        ],
        commission_bp: shop.commission_bp,
        banner: Picture {
            subject: Subject::Group(group),
            alt: format!("From {}: {}", shop.name, titles(&shop.banner)),
        },
        logo: Picture {
            subject: Subject::Logo(shop.mark, Colour(shop.ground)),
            alt: format!("The mark of {}", shop.name),
        },
        shipping_methods: shop.shipping.iter().map(method).collect(),
    }
}

fn method(row: &(&'static str, i64, Option<i64>, u32, u32)) -> ShippingMethod {
    let &(name, price_minor, free_over_minor, days_min, days_max) = row;
    ShippingMethod { name, price_minor, free_over_minor, days_min, days_max }
}
