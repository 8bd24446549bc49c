//! What pages say to machines: structured data, the map of the site.

use contracts::{
    catalog::{ProductView, VariantView},
    inventory::StockLevel,
    reviews::ReviewView,
};
use serde_json::{Value, json};

use crate::ui::Html;

/// Reviews that are told to machines.
const REVIEWS: usize = 5;

/// Name and description of a product for search engines: those written for them, else title and summary.
pub fn told(product: &ProductView) -> (&str, &str) {
    let name: &str = if product.seo_title.is_empty() { &product.title } else { &product.seo_title };
    let description: &str =
        if product.seo_description.is_empty() { &product.summary } else { &product.seo_description };
    (name, description)
}

/// A product with some of its reviews in the words of schema.org, fit to stand in a `<script>`.
pub fn product(product: &ProductView, reviews: &[ReviewView], url: &str, public_url: &str) -> Html {
    let absolute = |path: &str| if path.starts_with('/') { format!("{public_url}{path}") } else { path.to_owned() };
    let pictures = product.pictures.iter().filter_map(|picture| picture.sizes.last()).map(|size| absolute(&size.url));
    let offers: Vec<Value> = product.variants.iter().map(|variant| offer(product, variant, url)).collect();
    let (name, description) = told(product);
    let brand = if product.brand.is_empty() { &product.vendor.name } else { &product.brand };
    let mut document = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": name,
        "description": description,
        "url": url,
        "image": pictures.collect::<Vec<_>>(),
        "brand": {"@type": "Brand", "name": brand},
        "offers": offers,
    });
    if product.rating.count > 0 {
        let hundredths = product.rating.average_x100;
        document["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": format!("{}.{:02}", hundredths / 100, hundredths % 100),
            "reviewCount": product.rating.count,
        });
    }
    if !reviews.is_empty() {
        document["review"] = reviews.iter().take(REVIEWS).map(review).collect();
    }
    in_script(&document)
}

fn review(review: &ReviewView) -> Value {
    json!({
        "@type": "Review",
        "author": {"@type": "Person", "name": review.author},
        "datePublished": review.created_at.date(),
        "name": review.title,
        "reviewBody": review.text,
        "reviewRating": {"@type": "Rating", "ratingValue": review.rating, "bestRating": 5, "worstRating": 1},
    })
}

fn offer(product: &ProductView, variant: &VariantView, url: &str) -> Value {
    let availability = match variant.stock {
        StockLevel::InStock => "InStock",
        StockLevel::Low(_) => "LimitedAvailability",
        StockLevel::BackOrder => "BackOrder",
        StockLevel::SoldOut => "OutOfStock",
    };
    let mut offer = json!({
        "@type": "Offer",
        "sku": variant.sku,
        "price": variant.price.decimal(),
        "priceCurrency": variant.price.currency.code(),
        "availability": format!("https://schema.org/{availability}"),
        "url": url,
        "seller": {"@type": "Organization", "name": product.vendor.name},
    });
    if let Some(gtin) = variant.barcode.as_deref().filter(|code| is_gtin(code)) {
        offer["gtin"] = json!(gtin);
    }
    offer
}

/// True for a number that is one of a trade item: 8, 12, 13 or 14 digits, of which the last checks the others.
fn is_gtin(code: &str) -> bool {
    if !matches!(code.len(), 8 | 12 | 13 | 14) || !code.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let weighed =
        code.bytes().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    weighed.sum::<u32>() % 10 == 0
}

/// JSON that cannot end the script it stands in, nor begin anything else.
fn in_script(document: &Value) -> Html {
    let text = document.to_string();
    Html::sanitised(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_trade_items_check_themselves() {
        for good in ["4006381333931", "036000291452", "96385074", "10012345678902"] {
            assert!(is_gtin(good), "{good}");
        }
        for bad in ["4006381333932", "400638133393", "", "EAN-96385074", "９6385074", "12345"] {
            assert!(!is_gtin(bad), "{bad}");
        }
    }

    #[test]
    fn a_title_cannot_leave_the_script() {
        let text = in_script(&json!({"name": "</script><script>alert(1)</script>&amp;"})).to_string();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["name"], "</script><script>alert(1)</script>&amp;");
    }
}
