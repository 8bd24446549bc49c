//! Bundles: things of one shop that are sold together.

/// A bundle. It is sold by the shop of its first part, in that one's category, with its facts and pictures.
#[derive(Clone, Copy, Debug)]
pub struct Bundle {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub title: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    /// HTML of `p` only.
    pub description: &'static str,
    /// Unique over the market.
    pub sku: &'static str,
    /// The price in euro cents.
    pub price_minor: i64,
    /// With its packaging.
    pub weight_g: u32,
    /// Words to find it by.
    pub tags: &'static [&'static str],
    /// Slugs of products, of which the first variant lies in it, and how many.
    pub parts: &'static [(&'static str, i64)],
}

/// Every bundle.
pub const ALL: &[Bundle] = &[
    Bundle {
        slug: "valencian-breakfast",
        title: "Valencian breakfast",
        summary: "Two jars of orange blossom honey and one of bitter marmalade, packed together for less than one by one.",
        description: "<p>What stands on our own table in April: honey for the bread, marmalade for the second slice. The \
                      jars come in one box, in straw.</p>",
        sku: "AZA-BREAKFAST",
        price_minor: 2190,
        weight_g: 1300,
        tags: &["honey", "breakfast", "gift"],
        parts: &[("orange-blossom-honey", 2), ("bitter-orange-marmalade", 1)],
    },
    Bundle {
        slug: "bread-board-and-knife",
        title: "Board and bread knife",
        summary: "An olive-wood board with the cherry-handled bread knife that was made beside it.",
        description: "<p>The two leave the workshop oiled and wrapped in one parcel. Ready for the first loaf.</p>",
        sku: "CON-BREAD",
        price_minor: 9400,
        weight_g: 1050,
        tags: &["bread", "kitchen", "gift"],
        parts: &[("olive-wood-board", 1), ("bread-knife-cherry", 1)],
    },
];
