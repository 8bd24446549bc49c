//! What must hold of the content.

use std::collections::BTreeSet;

use crate::{AttributeKind, Market, Picture, market, reply_for, review_for};

fn repeated<'a>(items: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    items.filter(|item| !seen.insert(*item)).collect()
}

#[test]
fn there_is_enough_of_everything() {
    let Market { categories, vendors, products, people, .. } = market();
    assert!(products.len() >= 210, "{} products", products.len());
    assert_eq!(vendors.len(), 15);
    assert_eq!(people.len(), 62);
    assert_eq!(categories.iter().filter(|c| c.parent.is_none()).count(), 8);
    assert_eq!(categories.iter().filter(|c| c.parent.is_some()).count(), 33);
    for vendor in &vendors {
        let count = products.iter().filter(|p| p.vendor == vendor.slug).count();
        assert!(count >= 15, "{} has {count} products", vendor.slug);
    }
    for category in categories.iter().filter(|c| c.parent.is_some()) {
        let count = products.iter().filter(|p| p.category == category.slug).count();
        assert!(count >= 3, "{} has {count} products", category.slug);
    }
    let with_options = products.iter().filter(|p| !p.options.is_empty()).count();
    assert!((50..=75).contains(&(100 * with_options / products.len())), "{with_options} with options");
    let discounted = products.iter().filter(|p| p.discount.is_some()).count();
    assert!((25..=30).contains(&discounted), "{discounted} on discount");
}

#[test]
fn names_are_unique() {
    let market = market();
    assert_eq!(repeated(market.products.iter().map(|p| p.slug)), Vec::<&str>::new());
    assert_eq!(repeated(market.products.iter().map(|p| p.title)), Vec::<&str>::new());
    let variants = market.products.iter().flat_map(|p| &p.variants);
    assert_eq!(repeated(variants.map(|v| v.sku.as_str())), Vec::<&str>::new());
    assert_eq!(repeated(market.vendors.iter().map(|v| v.slug)), Vec::<&str>::new());
    assert_eq!(repeated(market.categories.iter().map(|c| c.slug)), Vec::<&str>::new());
    let emails = market.people.iter().map(|p| p.email.as_str()).chain(market.vendors.iter().map(|v| v.owner_email));
    assert_eq!(repeated(emails), Vec::<&str>::new());
    let summaries = market.products.iter().map(|p| p.summary);
    assert_eq!(repeated(summaries), Vec::<&str>::new());
}

#[test]
fn products_say_what_their_category_asks() {
    let market = market();
    for product in &market.products {
        let category = market.categories.iter().find(|c| c.slug == product.category).expect("a category that exists");
        assert!(category.parent.is_some(), "{} is in a department", product.slug);
        assert!(market.vendors.iter().any(|v| v.slug == product.vendor));
        let asked: Vec<_> = category.attributes.iter().map(|a| a.key).collect();
        let said: Vec<_> = product.attributes.iter().map(|a| a.0).collect();
        assert_eq!(said, asked, "{}", product.slug);
        for (def, (key, value)) in category.attributes.iter().zip(&product.attributes) {
            let fits = match &def.kind {
                AttributeKind::Text => !value.is_empty(),
                AttributeKind::Number { .. } => value.parse::<f64>().is_ok(),
                AttributeKind::Choice(options) => options.contains(value),
                AttributeKind::YesNo => ["yes", "no"].contains(value),
            };
            assert!(fits, "{}: {key} cannot be {value}", product.slug);
        }
    }
}

#[test]
fn products_can_be_bought() {
    for product in market().products {
        let expected: usize = product.options.iter().map(|o| o.values.len()).product();
        assert_eq!(product.variants.len(), expected, "{}", product.slug);
        assert!(product.variants.iter().any(|v| v.stock > 0), "{} is sold out", product.slug);
        for variant in &product.variants {
            assert!((300..=60_000).contains(&variant.price_minor), "{}: {}", variant.sku, variant.price_minor);
            assert!(variant.compare_at_minor.is_none_or(|was| was > variant.price_minor), "{}", variant.sku);
            assert!(variant.weight_g > 0);
            assert_eq!(variant.options.len(), product.options.len());
            for (value, option) in variant.options.iter().zip(&product.options) {
                assert!(option.values.contains(value), "{}", variant.sku);
            }
        }
        assert!(product.discount.is_none() || product.variants.iter().all(|v| v.compare_at_minor.is_none()));
        assert!(product.discount.is_none_or(|d| (5..=50).contains(&d.percent)));
        assert!((1..=100).contains(&product.popularity));
    }
}

#[test]
fn bundles_are_cheaper_than_what_lies_in_them() {
    let market = market();
    assert!(market.bundles.len() >= 2);
    for bundle in market.bundles {
        let of = |slug: &str| market.products.iter().find(|p| p.slug == slug).unwrap_or_else(|| panic!("no {slug}"));
        let parts: Vec<_> = bundle.parts.iter().map(|(slug, quantity)| (of(slug), *quantity)).collect();
        assert!(parts.iter().all(|(part, _)| part.vendor == parts[0].0.vendor), "{}", bundle.slug);
        assert!(parts.iter().all(|(part, _)| part.variants[0].stock > 0), "{} is sold out", bundle.slug);
        let alone: i64 = parts.iter().map(|(part, quantity)| part.variants[0].price_minor * quantity).sum();
        assert!(bundle.price_minor < alone, "{}: {alone} one by one", bundle.slug);
        let weight: i64 = parts.iter().map(|(part, n)| i64::from(part.variants[0].weight_g) * n).sum();
        assert!(i64::from(bundle.weight_g) >= weight * 9 / 10, "{}: {weight} g one by one", bundle.slug);
        assert!(!market.products.iter().any(|p| p.slug == bundle.slug || p.title == bundle.title));
        assert!(!market.products.iter().flat_map(|p| &p.variants).any(|v| v.sku == bundle.sku));
        assert!(bundle.summary.len() >= 30 && bundle.tags.len() >= 3, "{}", bundle.slug);
    }
}

#[test]
fn printables_are_files_of_prints() {
    let market = market();
    assert!(market.printables.len() >= 2);
    for file in market.printables {
        let print = market.products.iter().find(|p| p.slug == file.like).unwrap_or_else(|| panic!("no {}", file.like));
        assert!(file.price_minor < print.variants[0].price_minor, "{} costs more than the print", file.slug);
        let category = market.categories.iter().find(|c| c.slug == print.category).expect("a category that exists");
        let asked: Vec<_> = category.attributes.iter().map(|a| a.key).collect();
        assert_eq!(file.attributes.iter().map(|a| a.0).collect::<Vec<_>>(), asked, "{}", file.slug);
        for (def, (key, value)) in category.attributes.iter().zip(file.attributes) {
            if let AttributeKind::Choice(options) = &def.kind {
                assert!(options.contains(value), "{}: {key} cannot be {value}", file.slug);
            }
        }
        assert!(!market.products.iter().any(|p| p.slug == file.slug || p.title == file.title));
        assert!(!market.products.iter().flat_map(|p| &p.variants).any(|v| v.sku == file.sku));
        assert!(file.summary.len() >= 30 && file.description.len() >= 190 && file.tags.len() >= 3, "{}", file.slug);
        let sheet = file.sheet();
        assert_eq!(sheet.size(), (720, 1072));
        for picture in file.pictures().iter().chain([&sheet]) {
            let svg = picture.svg();
            assert_eq!(svg, picture.svg());
            assert!(svg.len() > 400 && svg.len() < 160_000 && !svg.contains("NaN"), "{}", picture.alt);
            let pixels = picture.pixels(72, 107).expect("pixels");
            assert!(pixels.pixels().iter().all(|p| p.alpha() == 255), "{} has holes", picture.alt);
        }
    }
}

#[test]
fn texts_are_complete_and_only_use_the_allowed_tags() {
    for product in market().products {
        assert!(product.summary.len() >= 30, "{}", product.slug);
        assert!(product.description.len() >= 190, "{}: {}", product.slug, product.description);
        assert!(product.tags.len() >= 3, "{}", product.slug);
        let bare = ["<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<strong>", "</strong>"]
            .iter()
            .fold(product.description.clone(), |text, tag| text.replace(tag, ""));
        assert!(!bare.contains('<'), "{}", product.slug);
    }
}

fn pictures(market: &Market) -> Vec<&Picture> {
    let of_products = market.products.iter().flat_map(|p| &p.pictures);
    let of_vendors = market.vendors.iter().flat_map(|v| [&v.banner, &v.logo]);
    of_products.chain(of_vendors).chain(market.categories.iter().map(|c| &c.picture)).collect()
}

#[test]
fn every_picture_is_a_whole_drawing_and_has_its_words() {
    let market = market();
    for product in &market.products {
        assert!((2..=3).contains(&product.pictures.len()), "{}", product.slug);
    }
    for picture in pictures(&market) {
        assert!(picture.alt.len() > 12, "{}", picture.alt);
        let svg = picture.svg();
        assert!(svg.len() > 400 && svg.len() < 160_000, "{}: {} bytes", picture.alt, svg.len());
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", picture.alt);
    }
}

#[test]
fn pictures_are_the_same_every_time_and_not_empty() {
    let (one, two) = (market(), market());
    for (a, b) in pictures(&one).into_iter().zip(pictures(&two)).step_by(23) {
        assert_eq!(a.svg(), b.svg());
        let jpeg = a.jpeg(240, 240).expect("a JPEG");
        assert_eq!(jpeg, b.jpeg(240, 240).expect("a JPEG"));
        assert_eq!(&jpeg[..2], [0xff, 0xd8]);
        let pixels = a.pixels(64, 64).expect("pixels");
        let tones: BTreeSet<u32> =
            pixels.pixels().iter().map(|p| u32::from(p.red()) / 8 * 1024 + u32::from(p.green()) / 8).collect();
        assert!(tones.len() > 8, "{} has {} tones", a.alt, tones.len());
        assert!(pixels.pixels().iter().all(|p| p.alpha() == 255), "{} has holes", a.alt);
    }
}

#[test]
fn a_picture_without_size_is_refused() {
    let market = market();
    assert!(market.products[0].pictures[0].jpeg(0, 100).is_err());
}

#[test]
fn shops_answer_praise_and_blame_differently() {
    let answers = |rating| (0..40).map(|seed| reply_for(rating, seed)).collect::<BTreeSet<_>>();
    assert_eq!((answers(5).len(), answers(1).len()), (4, 4));
    assert!(answers(5).is_disjoint(&answers(1)));
    assert_eq!(reply_for(1, 7), reply_for(1, 7));
}

#[test]
fn reviews_fit_their_stars_and_vary() {
    let market = market();
    let product = &market.products[0];
    assert_eq!(review_for(product, 5, 1), review_for(product, 5, 1));
    for rating in 1..=5 {
        let texts: BTreeSet<String> = (0..60).map(|seed| review_for(product, rating, seed).1).collect();
        assert!(texts.len() > 20, "{rating} stars: {} different texts", texts.len());
    }
    for product in &market.products {
        for rating in 1..=5 {
            let (title, text) = review_for(product, rating, 7);
            assert!(title.len() > 3 && text.len() > 15, "{}: {title} / {text}", product.slug);
            assert!(!text.contains("  "), "{text}");
        }
    }
}
