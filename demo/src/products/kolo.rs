//! Kolo: leather and canvas.

use super::backdrops::PLASTER;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{Choice, SEED, SHOE_SIZES, Seed, Shelf};
use crate::things::{leather, shoes};

pub const SHELF: Shelf = Shelf { vendor: "kolo", code: "KOL", mark: Mark::Wheel, tints: &PLASTER, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Wardrobe, ..SEED };
const WAIST: Option<Choice> =
    Some(("Length", &[("80 cm", 0, -20), ("90 cm", 0, 0), ("100 cm", 0, 20), ("110 cm", 0, 40)]));

const SEEDS: &[Seed] = &[
    Seed {
        slug: "roll-top-backpack",
        title: "Roll-top backpack",
        category: "bags",
        summary: "Waxed canvas, bridle leather, a top that rolls down to meet whatever you packed.",
        text: &[
            "Roll it three times and it keeps out a thunderstorm; leave it open and it carries a baguette and a tripod. The laptop lives in its own pocket against your back.",
            "The straps are riveted and stitched. In nine years we have replaced four.",
        ],
        facts: &[
            "Size: 30 × 45 × 14 cm, rolled",
            "Weight: 1.2 kg",
            "Care: brush off the mud, re-wax when it stops beading",
        ],
        attrs: &[("material", "Canvas"), ("volume", "20"), ("laptop", "yes"), ("origin", "Poland")],
        dyes: &[("Olive", OLIVE), ("Ink", INK), ("Sand", SAND), ("Charcoal", GRAPHITE)],
        price: 15900,
        weight: 1400,
        stock: 11,
        tags: &["backpack", "rucksack", "canvas", "laptop"],
        look: Look::new(leather::backpack, OLIVE).second(COGNAC),
        loved: 95,
        ..BASE
    },
    Seed {
        slug: "leather-city-backpack",
        title: "Leather city backpack",
        category: "bags",
        summary: "Vegetable-tanned, buckled over, darker every year in the places you touch.",
        text: &[
            "Cut from whole hides with a knife, not a press, so we can go round the scars or use them. A magnet sits behind each buckle; you will undo them properly about twice.",
        ],
        facts: &["Size: 29 × 40 × 12 cm", "Care: a little cream in spring", "Lining: striped cotton"],
        attrs: &[("material", "Leather"), ("volume", "14"), ("laptop", "yes"), ("origin", "Poland")],
        dyes: &[("Cognac", COGNAC), ("Chestnut", CHESTNUT), ("Black", CHARCOAL)],
        price: 27900,
        weight: 1700,
        stock: 6,
        tags: &["backpack", "leather", "laptop", "rucksack"],
        look: Look::new(leather::backpack, COGNAC).second(CHESTNUT).style(1),
        off: Some((15, "Workshop birthday")),
        loved: 78,
        ..BASE
    },
    Seed {
        slug: "canvas-tote",
        title: "Canvas tote",
        category: "bags",
        summary: "Sailcloth weight, a base that stands, handles long enough for a winter coat.",
        text: &[
            "Most totes are T-shirts with ambitions. This one is 640-gram canvas with a double bottom, printed once, in one colour, and proud of it.",
        ],
        facts: &["Size: 42 × 38 × 14 cm", "Care: machine wash at 30°"],
        attrs: &[("material", "Canvas"), ("volume", "18"), ("laptop", "yes"), ("origin", "Poland")],
        dyes: &[("Natural and ink", CREAM), ("Mustard", MUSTARD), ("Sage", SAGE)],
        price: 4900,
        weight: 520,
        stock: 28,
        tags: &["tote", "canvas", "shopping bag"],
        look: Look::new(leather::bag, CREAM).second(INK),
        loved: 82,
        ..BASE
    },
    Seed {
        slug: "leather-market-tote",
        title: "Leather market tote",
        category: "bags",
        summary: "Unlined, raw-edged, one pocket. It will outlive the market.",
        text: &[
            "Three and a half millimetres of leather need no lining. It arrives stiff and upright and slumps, with time, into exactly your shape of a day.",
        ],
        facts: &["Size: 40 × 36 × 13 cm", "Key strap inside"],
        attrs: &[("material", "Leather"), ("volume", "16"), ("laptop", "yes"), ("origin", "Poland")],
        dyes: &[("Cognac", COGNAC), ("Black", CHARCOAL)],
        price: 19900,
        weight: 1300,
        stock: 7,
        tags: &["tote", "leather", "handbag"],
        look: Look::new(leather::bag, COGNAC).style(1).second(CHESTNUT),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "crossbody-bag",
        title: "Crossbody bag",
        category: "bags",
        summary: "Phone, wallet, keys, a paperback. The flap closes with a brass stud.",
        text: &[
            "Moulded over a wooden last while wet, so it keeps its round edges without a frame. The strap goes from short to long in eight holes.",
        ],
        facts: &["Size: 24 × 17 × 7 cm", "Strap: 70 to 125 cm"],
        attrs: &[("material", "Leather"), ("volume", "3"), ("laptop", "no"), ("origin", "Poland")],
        dyes: &[("Pine", PINE), ("Rust", RUST), ("Black", CHARCOAL), ("Sand", SAND)],
        price: 12900,
        weight: 540,
        stock: 12,
        tags: &["bag", "crossbody", "leather", "handbag"],
        look: Look::new(leather::bag, PINE).style(2),
        loved: 74,
        ..BASE
    },
    Seed {
        slug: "weekender-bag",
        title: "Weekender",
        category: "bags",
        summary: "Three nights, two pairs of shoes, every airline's idea of cabin size.",
        text: &[
            "Canvas with leather corners where bags wear out first. The zip is as thick as a finger and opens right down to the seams, so you can see your socks.",
        ],
        facts: &["Size: 52 × 29 × 23 cm", "Shoulder strap included"],
        attrs: &[("material", "Canvas"), ("volume", "35"), ("laptop", "yes"), ("origin", "Poland")],
        dyes: &[("Moss", MOSS), ("Ink", INK)],
        price: 18900,
        weight: 1700,
        stock: 8,
        tags: &["weekender", "travel bag", "holdall", "duffel"],
        look: Look::new(leather::bag, MOSS).second(COGNAC).style(3),
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "bifold-wallet",
        title: "Bifold wallet",
        category: "wallets-and-belts",
        summary: "Six cards, some notes, and no bulge. Stitched by hand with waxed linen.",
        text: &[
            "Two needles, one thread, a saddle stitch that does not unravel even if it is cut. The leather is skived at the folds, so the closed wallet is as thin as a pencil.",
        ],
        facts: &["Size: 11 × 9 cm closed", "Care: your pocket does it"],
        attrs: &[("material", "Leather"), ("width", "11"), ("hardware", "None")],
        dyes: &[("Chestnut", CHESTNUT), ("Cognac", COGNAC), ("Black", CHARCOAL)],
        price: 5900,
        weight: 80,
        stock: 25,
        tags: &["wallet", "leather", "bifold"],
        look: Look::new(leather::wallet, CHESTNUT),
        loved: 79,
        ..BASE
    },
    Seed {
        slug: "card-holder",
        title: "Card holder",
        category: "wallets-and-belts",
        summary: "Four slots, one pocket, and the end of the bulging trouser.",
        text: &[
            "One piece of leather, folded twice. It starts tight and eases after a week; resist adding a fifth card before then. The edges are burnished with bone and beeswax, and will be glossy by spring.",
        ],
        facts: &["Size: 10 × 7.5 cm"],
        attrs: &[("material", "Leather"), ("width", "10"), ("hardware", "None")],
        dyes: &[("Cognac", COGNAC), ("Pine", PINE), ("Ink", INK)],
        price: 3200,
        weight: 40,
        stock: 33,
        tags: &["card holder", "wallet", "leather"],
        look: Look::new(leather::wallet, COGNAC).style(1),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "key-fob",
        title: "Leather key fob",
        category: "wallets-and-belts",
        summary: "A tongue of leather and a brass ring, so that keys can be found by feel.",
        text: &[
            "Made from what is left when the backpacks are cut. We stamp up to three initials if you leave a note with your order. The brass ring is thick and closes with a click, so nothing wanders off in the bottom of a bag.",
        ],
        facts: &["Length: 12 cm with the ring"],
        attrs: &[("material", "Leather"), ("width", "3"), ("hardware", "Solid brass")],
        dyes: &[("Rust", RUST), ("Chestnut", CHESTNUT), ("Pine", PINE)],
        price: 1400,
        weight: 35,
        stock: 52,
        tags: &["key fob", "keyring", "leather"],
        look: Look::new(leather::wallet, RUST).style(2),
        loved: 54,
        ..BASE
    },
    Seed {
        slug: "felt-laptop-sleeve",
        title: "Felt laptop sleeve",
        category: "wallets-and-belts",
        summary: "Four millimetres of wool felt and a leather flap: quiet armour.",
        text: &[
            "Felt is warm, does not scratch and makes no noise in a meeting. The flap slips under a band, no magnets near your disk. The felt comes from sheep in the Bieszczady and is dyed in the fleece.",
        ],
        facts: &["Care: brush, spot clean"],
        attrs: &[("material", "Felt"), ("width", "35"), ("hardware", "Brass stud")],
        dyes: &[("Stone", STONE), ("Graphite", GRAPHITE)],
        sizes: Some(("Laptop", &[("13 inch", 0, 0), ("15 inch", 600, 60)])),
        price: 5400,
        weight: 220,
        stock: 17,
        tags: &["laptop sleeve", "felt", "case"],
        look: Look::new(leather::wallet, STONE).second(COGNAC).style(3),
        world: World::Desk,
        off: Some((20, "Old laptop sizes")),
        loved: 50,
        ..BASE
    },
    Seed {
        slug: "classic-belt",
        title: "Classic belt, 30 mm",
        category: "wallets-and-belts",
        summary: "One thickness of bridle leather, burnished edges, a buckle you can change.",
        text: &[
            "A belt is one straight cut and nothing to hide behind. The buckle is held by two screws, so brass today can be steel tomorrow.",
        ],
        facts: &["Thickness: 3.5 mm", "Measure to the middle hole"],
        attrs: &[("material", "Leather"), ("width", "3"), ("hardware", "Solid brass")],
        dyes: &[("Chestnut", CHESTNUT), ("Black", CHARCOAL)],
        sizes: WAIST,
        price: 5900,
        weight: 190,
        stock: 14,
        tags: &["belt", "leather", "brass"],
        look: Look::new(leather::belt, CHESTNUT),
        loved: 61,
        ..BASE
    },
    Seed {
        slug: "braided-belt",
        title: "Braided belt",
        category: "wallets-and-belts",
        summary: "Eight strands, no holes: it fits before lunch and after.",
        text: &[
            "Plaited by hand by Pan Stanisław, who learned it for horse tack. The pin goes through wherever you need it. It stretches by a finger's width in the first month, and then stops.",
        ],
        facts: &["Width: 3.2 cm", "Measure round the hips"],
        attrs: &[("material", "Leather"), ("width", "3.2"), ("hardware", "Solid brass")],
        sizes: WAIST,
        price: 6900,
        weight: 210,
        stock: 9,
        tags: &["belt", "braided", "leather"],
        look: Look::new(leather::belt, COGNAC).style(1),
        loved: 45,
        ..BASE
    },
    Seed {
        slug: "white-leather-sneakers",
        title: "White leather sneakers",
        category: "shoes",
        summary: "Plain, white, stitched sole. Clean them or do not; both look right.",
        text: &[
            "Full-grain calf outside, calf inside, a cup sole that is sewn as well as glued. The green tab at the heel is the only thing we could not resist.",
        ],
        facts: &["Fit: true to size", "Care: a damp cloth, white cream now and then"],
        attrs: &[
            ("upper", "Leather"),
            ("sole", "Natural rubber, stitched"),
            ("resoleable", "yes"),
            ("origin", "Poland"),
        ],
        sizes: Some(SHOE_SIZES),
        price: 13900,
        weight: 1050,
        stock: 8,
        tags: &["sneakers", "shoes", "leather", "white"],
        look: Look::new(shoes::sneakers, CHALK).second(CREAM).third(SAGE),
        loved: 85,
        ..BASE
    },
    Seed {
        slug: "canvas-sneakers",
        title: "Canvas sneakers",
        category: "shoes",
        summary: "A gym shoe from the fifties with a proper footbed.",
        text: &[
            "Vulcanised in Bydgoszcz on the original moulds. The canvas is double, the toe cap is rubber and the laces are long enough for a bow.",
        ],
        facts: &["Fit: half a size large", "Care: machine wash at 30° without the footbed"],
        attrs: &[("upper", "Canvas"), ("sole", "Vulcanised rubber"), ("resoleable", "no"), ("origin", "Poland")],
        dyes: &[("Ink", INK), ("Tomato", TOMATO), ("Sand", SAND)],
        sizes: Some(SHOE_SIZES),
        price: 6900,
        was: Some(7900),
        weight: 820,
        stock: 7,
        tags: &["sneakers", "canvas", "shoes", "plimsolls"],
        look: Look::new(shoes::sneakers, INK).second(CHALK).third(INK).style(1),
        loved: 69,
        ..BASE
    },
    Seed {
        slug: "chelsea-boots",
        title: "Chelsea boots",
        category: "shoes",
        summary: "Pull them on and go. Goodyear welted, so the cobbler can bring them back.",
        text: &[
            "One piece of leather, wrapped and sewn at the back only. The elastic is woven, not knitted, and lasts as long as the first sole; after that both can be replaced.",
        ],
        facts: &["Fit: true to size, a little snug at first", "Care: brush, cream, cedar trees"],
        attrs: &[("upper", "Leather"), ("sole", "Dainite-pattern rubber"), ("resoleable", "yes"), ("origin", "Poland")],
        dyes: &[("Chestnut", CHESTNUT), ("Black", CHARCOAL)],
        sizes: Some(SHOE_SIZES),
        price: 21900,
        weight: 1500,
        stock: 5,
        tags: &["boots", "chelsea", "leather", "shoes"],
        look: Look::new(shoes::boots, CHESTNUT).second(CHARCOAL).third(ESPRESSO),
        loved: 72,
        ..BASE
    },
    Seed {
        slug: "laced-walking-boots",
        title: "Laced walking boots",
        category: "shoes",
        summary: "For the Tatras on Saturday and the tram on Monday.",
        text: &[
            "Oiled nubuck, a padded collar, hooks that let go at once in the evening. The sole is stitched through, so it can be taken off and replaced instead of thrown away.",
        ],
        facts: &["Fit: order half a size up for thick socks", "Care: wax after a wet day"],
        attrs: &[("upper", "Suede"), ("sole", "Lugged rubber, stitched"), ("resoleable", "yes"), ("origin", "Poland")],
        sizes: Some(SHOE_SIZES),
        price: 23900,
        weight: 1700,
        stock: 5,
        tags: &["boots", "hiking", "walking", "leather"],
        look: Look::new(shoes::boots, COGNAC).second(CHARCOAL).third(MUSTARD).style(1),
        loved: 64,
        ..BASE
    },
];
