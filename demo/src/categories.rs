//! The category tree: eight departments, and what is in them.

use crate::draw::Look;
use crate::draw::colour::Colour;
use crate::draw::group::Group;
use crate::picture::{Picture, Subject};
use crate::products::SHELVES;
use crate::seed::{Seed, hash};
use crate::{Category, attributes};

struct Row {
    slug: &'static str,
    name: &'static str,
    description: &'static str,
    /// Slugs of the products in its picture.
    faces: [&'static str; 3],
}

const fn row(slug: &'static str, name: &'static str, description: &'static str, faces: [&'static str; 3]) -> Row {
    Row { slug, name, description, faces }
}

const TREE: &[(Row, u32, &[Row])] = &[
    (
        row(
            "kitchen-and-table",
            "Kitchen & table",
            "Cups, plates, pots and good knives: the things that are in your hands every day.",
            ["olive-wood-board", "dipped-latte-cup", "gooseneck-kettle"],
        ),
        0xefe0cd,
        &[
            row(
                "mugs",
                "Mugs & cups",
                "For coffee, tea and everything you warm your hands on.",
                ["round-tea-mug", "speckled-breakfast-mug", "espresso-cup-and-saucer"],
            ),
            row(
                "tableware",
                "Bowls & plates",
                "Stoneware and wood to eat from, serve in and pass round.",
                ["deep-noodle-bowl", "nesting-bowls", "side-plates-set-of-four"],
            ),
            row(
                "tea-and-coffee-gear",
                "Tea & coffee making",
                "Pots, kettles, grinders and drippers, for people who take their time.",
                ["moka-pot", "ribbed-teapot", "hand-coffee-grinder"],
            ),
            row(
                "cook-and-cut",
                "Boards, knives & pans",
                "Tools for cooking that get better with use.",
                ["pepper-mill", "enamelled-casserole", "round-bread-board"],
            ),
        ],
    ),
    (
        row(
            "home",
            "Home",
            "Light, wood, wool and something on the wall.",
            ["spindle-back-chair", "dome-table-lamp", "velvet-cushion"],
        ),
        0xdde3dc,
        &[
            row(
                "vases-and-candles",
                "Vases & candles",
                "For a branch from the park and an evening without plans.",
                ["brass-candlesticks-pair", "moon-vase", "beeswax-pillar-candles"],
            ),
            row(
                "lighting",
                "Lamps",
                "Warm light where you sit, none in your eyes.",
                ["mushroom-lamp", "pleated-bedside-lamp", "kranich-desk-lamp"],
            ),
            row(
                "furniture",
                "Furniture",
                "Made by joiners, to be sat on, stood on and handed down.",
                ["three-legged-stool", "woven-seat-dining-chair", "round-side-table"],
            ),
            row(
                "textiles",
                "Blankets, cushions & rugs",
                "Woven, quilted, printed: cloth for every room.",
                ["block-printed-cushion", "herringbone-lambswool-throw", "round-boucle-cushion"],
            ),
            row(
                "wall-and-time",
                "Prints & clocks",
                "Pictures to look at and clocks to look up at.",
                ["print-harbour-early", "ash-wall-clock", "print-nine-leaves"],
            ),
        ],
    ),
    (
        row(
            "food-and-drink",
            "Food & drink",
            "From people who grow, roast, press and bake it themselves.",
            ["ribeira-house-espresso", "orange-blossom-honey", "early-harvest-olive-oil"],
        ),
        0xf3e1bf,
        &[
            row(
                "coffee-and-tea",
                "Coffee & tea",
                "Roasted this week, picked by hand, packed with care.",
                ["colombia-huila", "ribeira-house-espresso", "azores-green-tea"],
            ),
            row(
                "honey-and-preserves",
                "Honey & preserves",
                "Summers in jars.",
                ["bitter-orange-marmalade", "orange-blossom-honey", "strawberry-jam"],
            ),
            row(
                "oils-and-spices",
                "Oils, vinegar & spices",
                "Small quantities that change everything.",
                ["reserve-sherry-vinegar", "early-harvest-olive-oil", "smoked-paprika"],
            ),
            row(
                "sweets-and-deli",
                "Chocolate, bread & cheese",
                "For the board after supper and the coffee after that.",
                ["wood-fired-country-loaf", "six-month-manchego", "cinnamon-biscuits-tin"],
            ),
        ],
    ),
    (
        row(
            "clothing-and-bags",
            "Clothing & bags",
            "Wool, linen, leather and canvas, made to be repaired.",
            ["roll-top-backpack", "leather-market-tote", "laced-walking-boots"],
        ),
        0xdbe0e2,
        &[
            row(
                "tops-and-knitwear",
                "Sweaters & shirts",
                "Knitwear for weather, T-shirts for the rest.",
                ["organic-cotton-t-shirt", "aran-cable-sweater", "boiled-wool-cardigan"],
            ),
            row(
                "hats-scarves-socks",
                "Hats, scarves & socks",
                "The small warm things one always needs one more of.",
                ["merino-beanie", "checked-lambswool-scarf", "boot-socks"],
            ),
            row(
                "shoes",
                "Shoes",
                "Stitched soles, honest leather, sizes for most of us.",
                ["chelsea-boots", "white-leather-sneakers", "laced-walking-boots"],
            ),
            row(
                "bags",
                "Bags & backpacks",
                "For the office, the market and three nights away.",
                ["canvas-tote", "leather-city-backpack", "weekender-bag"],
            ),
            row(
                "wallets-and-belts",
                "Wallets & belts",
                "Small leather, thick thread, quiet brass.",
                ["bifold-wallet", "classic-belt", "key-fob"],
            ),
        ],
    ),
    (
        row(
            "jewellery-and-beauty",
            "Jewellery & beauty",
            "Worn on the skin or good for it.",
            ["rosemary-shampoo", "moonstone-ring", "day-cream"],
        ),
        0xf0dfd8,
        &[
            row(
                "rings",
                "Rings",
                "Plain, hammered, set with a stone, or three at once.",
                ["hammered-ring", "moonstone-ring", "plain-band-ring"],
            ),
            row(
                "necklaces-and-earrings",
                "Necklaces, earrings & bracelets",
                "Fine chains, real leaves, pearls with a character.",
                ["sun-disc-necklace", "small-hoop-earrings", "open-cuff-bracelet"],
            ),
            row(
                "watches",
                "Watches",
                "Three hands, and no notifications.",
                ["field-watch", "thirty-six-millimetre-watch", "mesh-watch"],
            ),
            row(
                "soap-and-bath",
                "Soap & bath",
                "Olive oil, clay, salt, hot water.",
                ["lavender-bath-salts", "olive-oil-soap", "oat-and-honey-soap"],
            ),
            row(
                "skin-and-hair",
                "Skin & hair",
                "Short lists of ingredients that you can pronounce.",
                ["rosemary-shampoo", "facial-oil", "day-cream"],
            ),
        ],
    ),
    (
        row(
            "desk-and-sound",
            "Desk & sound",
            "Paper, pens, books, and something good to listen to.",
            ["regal-speakers", "linden-headphones", "kuechenradio"],
        ),
        0xe0dedb,
        &[
            row(
                "notebooks-and-pens",
                "Notebooks & pens",
                "Paper that likes ink and pens that like paper.",
                ["cloth-bound-notebook", "lacquered-fountain-pen", "twelve-coloured-pencils"],
            ),
            row(
                "books",
                "Books",
                "A small shelf, chosen by people who read them.",
                ["the-ferrymans-almanac", "soup-for-sunday", "where-the-otters-go"],
            ),
            row(
                "audio",
                "Headphones, speakers & radios",
                "Sound for one, or for the whole kitchen.",
                ["kiesel-portable-speaker", "linden-headphones", "kern-earbuds"],
            ),
            row(
                "desk",
                "Keyboards, chargers & stands",
                "Tools for the working day, made to last several.",
                ["taste-keyboard", "walnut-charging-pad", "maus-wireless-mouse"],
            ),
        ],
    ),
    (
        row(
            "toys-and-games",
            "Toys & games",
            "Wood, wool and cardboard; no batteries included, none needed.",
            ["building-blocks", "plush-bear-otso", "timber-train"],
        ),
        0xf6e3c0,
        &[
            row(
                "toys",
                "Wooden & soft toys",
                "To build with, push about and fall asleep next to.",
                ["stacking-rainbow", "plush-fox-repo", "ring-tower"],
            ),
            row(
                "puzzles-and-games",
                "Puzzles & games",
                "For rainy days, long evenings and good losers.",
                ["rooftops-puzzle", "draughts-board", "memory-game"],
            ),
        ],
    ),
    (
        row(
            "garden-and-outdoors",
            "Garden & outdoors",
            "From the window sill to the far side of the mountain.",
            ["monstera-deliciosa", "ridge-tent-two-person", "long-spout-watering-can"],
        ),
        0xdbe5da,
        &[
            row(
                "houseplants",
                "Houseplants",
                "Grown without peat, sent with care, told honestly how much light they need.",
                ["snake-plant", "monstera-deliciosa", "pilea"],
            ),
            row(
                "pots-and-tools",
                "Pots & garden tools",
                "Clay, steel and seeds.",
                ["terracotta-pot-and-saucer", "long-spout-watering-can", "seagrass-basket"],
            ),
            row(
                "camping",
                "Camping",
                "Tried in bad weather by people who like it.",
                ["camp-lantern", "ridge-tent-two-person", "winter-thermos"],
            ),
            row(
                "cycling",
                "Cycling",
                "Bells, bags, lights: what makes a bicycle yours.",
                ["brass-bicycle-bell", "handlebar-bag", "bicycle-lights"],
            ),
        ],
    ),
];

/// The whole tree, parents before children.
pub fn all() -> Vec<Category> {
    let mut categories = Vec::new();
    for (top, tint, children) in TREE {
        categories.push(category(top, None, Colour(*tint)));
        for (i, child) in children.iter().enumerate() {
            let tint = Colour(*tint).lift(if i % 2 == 0 { -0.015 } else { -0.05 });
            categories.push(category(child, Some(top.slug), tint));
        }
    }
    categories
}

fn category(row: &Row, parent: Option<&'static str>, tint: Colour) -> Category {
    let looks: Vec<Look> = row.faces.iter().filter_map(|slug| look_of(slug)).collect();
    let group = Group { looks, tint, size: (1200, 900), seed: hash(row.slug) };
    Category {
        slug: row.slug,
        name: row.name,
        parent,
        description: row.description,
        picture: Picture { subject: Subject::Group(group), alt: format!("{}, side by side", titles(&row.faces)) },
        attributes: if parent.is_some() { attributes::of(row.slug) } else { Vec::new() },
    }
}

/// The seed of a product, with its shop's mark on it.
fn find(slug: &str) -> Option<(Seed, Look)> {
    SHELVES.iter().find_map(|shelf| {
        let seed = shelf.seeds.iter().find(|seed| seed.slug == slug)?;
        let mut look = seed.look;
        look.coat.mark = shelf.mark;
        Some((*seed, look))
    })
}

/// How a product looks in its first colour.
pub fn look_of(slug: &str) -> Option<Look> {
    let (seed, mut look) = find(slug)?;
    if let Some(dye) = seed.dyes.first() {
        look.coat.main = dye.1;
    }
    Some(look)
}

/// The titles of products as a list in words.
pub fn titles(slugs: &[&str]) -> String {
    let names: Vec<&str> = slugs.iter().filter_map(|slug| find(slug)).map(|(seed, _)| seed.title).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}
