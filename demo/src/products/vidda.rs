//! Vidda: for camp and for the bicycle.

use super::backdrops::FELL;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{cups, kitchen, leather, light, outdoors};

pub const SHELF: Shelf = Shelf { vendor: "vidda", code: "VID", mark: Mark::Peak, tints: &FELL, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Outdoors, category: "camping", ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "ridge-tent-two-person",
        title: "Ridge tent for two",
        summary: "Up in four minutes, even by the one who says they are just holding the pole.",
        text: &[
            "A single-wall front you can sit in, a double-wall back you can sleep in, and a door wide enough for two dogs. We pitch each new batch on Åreskutan in November; what survives that may be sold.",
            "Every part can be bought singly, and sewn or splinted with the kit in the bag.",
        ],
        facts: &["Floor: 135 × 220 cm", "Water column: 3,000 mm", "Repairs: for the life of the tent"],
        attrs: &[
            ("made_of", "Recycled polyester, aluminium"),
            ("grams", "1980"),
            ("packed", "45 × 14 cm"),
            ("warranty", "10"),
        ],
        dyes: &[("Mustard", MUSTARD), ("Moss", MOSS), ("Rust", RUST)],
        price: 34900,
        weight: 2200,
        stock: 6,
        tags: &["tent", "camping", "hiking", "outdoor"],
        look: Look::new(outdoors::tent, MUSTARD).second(CREAM).third(CHARCOAL),
        off: Some((15, "Season's end")),
        loved: 84,
        ..BASE
    },
    Seed {
        slug: "down-sleeping-bag",
        title: "Down sleeping bag",
        summary: "Warm to minus five, light as a loaf, with room to bend a knee.",
        text: &[
            "Responsible down in box chambers, a draught collar, and a zip with a strip of leather behind it that cannot bite. The hood closes to a hole the size of a nose.",
        ],
        facts: &["Comfort: 0 °C, limit −5 °C", "Care: we wash it for you, once a year, for the postage"],
        attrs: &[("made_of", "Down, recycled nylon"), ("grams", "920"), ("packed", "28 × 18 cm"), ("warranty", "10")],
        dyes: &[("Teal", TEAL), ("Rust", RUST)],
        sizes: Some(("Length", &[("To 175 cm", 0, 0), ("To 195 cm", 2000, 90)])),
        price: 27900,
        weight: 1050,
        stock: 7,
        tags: &["sleeping bag", "down", "camping", "hiking"],
        look: Look::new(outdoors::sleeping_bag, TEAL).second(APRICOT).third(CREAM),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "enamel-camping-mug",
        title: "Enamel camping mug",
        summary: "Straight into the embers, straight back onto the hook.",
        text: &[
            "Steel with two coats of enamel and a rolled rim that will not burn your lip. It chips if you drop it on rock. That is a diary, not a defect.",
        ],
        facts: &["Volume: 400 ml", "Weighs 140 g"],
        attrs: &[("made_of", "Enamelled steel"), ("grams", "140"), ("packed", "9 × 9 cm"), ("warranty", "2")],
        dyes: &[("Pine", PINE), ("Ink", INK), ("Tomato", TOMATO), ("Chalk", CHALK)],
        price: 1400,
        weight: 190,
        stock: 58,
        tags: &["mug", "enamel", "camping", "coffee"],
        look: Look::new(cups::mug, PINE).style(3).second(CREAM),
        loved: 88,
        ..BASE
    },
    Seed {
        slug: "insulated-water-bottle",
        title: "Insulated water bottle",
        summary: "Ice in it at noon, still ice in it at supper.",
        text: &[
            "Two walls of steel with nothing between them. The mouth takes a snowball and the cap hangs from a finger; powder coat, so it does not slip in gloves.",
        ],
        facts: &["Cold: 24 hours, hot: 12", "Care: lid apart, then the dishwasher"],
        attrs: &[("made_of", "Stainless steel"), ("grams", "360"), ("packed", "26 × 7 cm"), ("warranty", "10")],
        dyes: &[("Sage", SAGE), ("Dusk", DUSK), ("Rust", RUST), ("Charcoal", GRAPHITE)],
        sizes: Some(("Volume", &[("500 ml", -400, -90), ("750 ml", 0, 0), ("1 l", 500, 110)])),
        price: 2900,
        weight: 420,
        stock: 21,
        tags: &["water bottle", "flask", "insulated", "steel"],
        look: Look::new(kitchen::flask, SAGE).second(CHARCOAL),
        loved: 90,
        ..BASE
    },
    Seed {
        slug: "winter-thermos",
        title: "Winter thermos",
        summary: "The old green one from every ski tour, built again so it can be mended.",
        text: &[
            "The stopper comes apart into three pieces and each of them is on our website for two euros. The cup holds exactly one blåbärssoppa.",
        ],
        facts: &["Hot: 24 hours", "Cup in the lid, 250 ml"],
        attrs: &[("made_of", "Stainless steel"), ("grams", "620"), ("packed", "31 × 9 cm"), ("warranty", "10")],
        sizes: Some(("Volume", &[("0.75 l", -500, -130), ("1 l", 0, 0)])),
        price: 4400,
        weight: 720,
        stock: 16,
        tags: &["thermos", "flask", "winter", "steel"],
        look: Look::new(kitchen::flask, PINE).style(1),
        loved: 65,
        ..BASE
    },
    Seed {
        slug: "folding-knife",
        title: "Folding knife",
        summary: "One blade, one ring lock, beech handle. Cheese, string, kindling, apples.",
        text: &[
            "Carbon steel takes an edge on any stone and goes grey like the rest of us. Twist the ring and it neither opens nor closes by itself.",
        ],
        facts: &["Blade: 8 cm", "Care: a drop of oil, keep it dry"],
        attrs: &[("made_of", "Carbon steel, beech"), ("grams", "48"), ("packed", "11 cm closed"), ("warranty", "5")],
        price: 1990,
        weight: 90,
        stock: 33,
        tags: &["knife", "folding knife", "pocket knife", "camping"],
        look: Look::new(kitchen::knife, BEECH).second(RUST).style(3),
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "carving-knife-and-sheath",
        title: "Carving knife with sheath",
        summary: "A short, stiff blade for spoons, and a leather sheath stitched in Östersund.",
        text: &[
            "Laminated steel, hard in the middle and tough at the sides, ground with a single bevel that lies flat on the wood and guides itself.",
        ],
        facts: &["Blade: 7.5 cm", "Handle: curly birch"],
        attrs: &[("made_of", "Laminated steel, birch"), ("grams", "110"), ("packed", "21 cm"), ("warranty", "5")],
        price: 4900,
        weight: 170,
        stock: 12,
        tags: &["knife", "carving", "bushcraft", "birch"],
        look: Look::new(kitchen::knife, BIRCH).second(COGNAC).style(2),
        loved: 57,
        ..BASE
    },
    Seed {
        slug: "trekking-backpack",
        title: "Trekking backpack, 45 l",
        summary: "A back length you can set with cold fingers, and one big hole to throw things into.",
        text: &[
            "A lid, a main bag, two bottle pockets you can reach while walking. We left out everything else and saved 400 grams.",
        ],
        facts: &["Back: 42 to 52 cm", "Rain cover in the base", "Carries 16 kg in comfort"],
        attrs: &[("made_of", "Recycled nylon"), ("grams", "1380"), ("packed", "70 × 30 cm"), ("warranty", "10")],
        dyes: &[("Teal", TEAL), ("Rust", RUST), ("Charcoal", GRAPHITE)],
        price: 19900,
        weight: 1600,
        stock: 9,
        tags: &["backpack", "rucksack", "trekking", "hiking"],
        look: Look::new(leather::backpack, TEAL).second(INK).third(APRICOT).style(2),
        loved: 76,
        ..BASE
    },
    Seed {
        slug: "camp-lantern",
        title: "Camp lantern",
        summary: "Looks like grandfather's, runs on light diodes, charges from anything.",
        text: &[
            "The knob goes from a candle to the whole table. At its lowest it lasts nine nights, which is longer than most marriages spend in a tent.",
        ],
        facts: &["Runs: 6 to 200 hours", "Charges by USB-C, or your phone from it"],
        attrs: &[("made_of", "Steel, glass"), ("grams", "540"), ("packed", "24 × 13 cm"), ("warranty", "3")],
        dyes: &[("Moss", MOSS), ("Cream", CREAM), ("Tomato", TOMATO)],
        price: 5900,
        was: Some(6900),
        weight: 720,
        stock: 14,
        tags: &["lantern", "lamp", "camping", "light"],
        look: Look::new(light::lantern, MOSS).second(BRASS),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "campfire-pot",
        title: "Campfire pot",
        summary: "Two litres, a wire bow, and a lid that is a pan.",
        text: &[
            "Hang it, stand it, bury it in the coals. The steel is thick enough to spread the heat and thin enough to carry past the tree line.",
        ],
        facts: &["Volume: 2 l", "Care: sand and a stream"],
        attrs: &[("made_of", "Stainless steel"), ("grams", "610"), ("packed", "19 × 13 cm"), ("warranty", "10")],
        price: 3900,
        weight: 760,
        stock: 17,
        tags: &["pot", "camping", "cooking", "campfire"],
        look: Look::new(kitchen::pot, STEEL).second(STEEL).style(2),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "striped-hammock",
        title: "Striped hammock",
        summary: "Two trees, one book, no plans.",
        text: &[
            "Organic cotton, woven with selvedges all round, so that there is no seam to lie on. Ropes and tree straps are in the bag.",
        ],
        facts: &["Size: 140 × 220 cm", "Carries 160 kg", "Care: machine wash at 30°"],
        attrs: &[("made_of", "Cotton"), ("grams", "1450"), ("packed", "30 × 20 cm"), ("warranty", "3")],
        price: 6900,
        weight: 1600,
        stock: 11,
        tags: &["hammock", "garden", "camping", "cotton"],
        look: Look::new(outdoors::hammock, CREAM).second(TERRACOTTA).third(TEAL),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "brass-bicycle-bell",
        title: "Brass bicycle bell",
        category: "cycling",
        summary: "One clear note that says good morning and not get out of the way.",
        text: &[
            "Turned from brass and tuned to an A, because our founder plays the viola. The spring is steel, the sound lasts for three seconds. Polish it, or let it go brown; the note stays the same.",
        ],
        facts: &["Screw and rubber shim included"],
        attrs: &[("made_of", "Brass"), ("fits", "22 to 32 mm handlebars"), ("grams", "65"), ("warranty", "5")],
        dyes: &[("Brass", BRASS), ("Copper", COPPER), ("Steel", STEEL)],
        price: 1890,
        weight: 110,
        stock: 39,
        tags: &["bicycle bell", "bell", "bike", "brass"],
        look: Look::new(outdoors::cycling, BRASS).second(CHARCOAL),
        loved: 73,
        ..BASE
    },
    Seed {
        slug: "leather-saddle",
        title: "Leather saddle",
        category: "cycling",
        summary: "A hammock of thick leather that becomes yours after five hundred kilometres.",
        text: &[
            "It is hard at first; we will not pretend otherwise. Then it takes your shape and no other saddle will ever do. Tension bolt under the nose, spanner in the box.",
        ],
        facts: &["Size: 17 × 27 cm", "Care: grease it twice a year"],
        attrs: &[("made_of", "Leather, steel"), ("fits", "Standard rails"), ("grams", "520"), ("warranty", "10")],
        dyes: &[("Cognac", COGNAC), ("Black", CHARCOAL)],
        price: 8900,
        weight: 640,
        stock: 10,
        tags: &["saddle", "bicycle", "bike", "leather"],
        look: Look::new(outdoors::cycling, COGNAC).second(COPPER).style(1),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "bicycle-lights",
        title: "Bicycle lights, front and back",
        category: "cycling",
        summary: "Round, bright, magnetic: they come off with you when you go in.",
        text: &[
            "The front light has a cut-off like a car's, so nobody is dazzled. Both charge on one cable and tell you a day before they are empty.",
        ],
        facts: &["Front: 60 lux, back: visible from 1 km", "Runs: 8 hours, flashing 30"],
        attrs: &[("made_of", "Aluminium"), ("fits", "22 to 35 mm, strap"), ("grams", "130"), ("warranty", "3")],
        dyes: &[("Petrol", PETROL), ("Charcoal", GRAPHITE)],
        price: 4900,
        weight: 220,
        stock: 19,
        tags: &["bike light", "bicycle", "lights", "usb"],
        look: Look::new(outdoors::cycling, PETROL).second(MUSTARD).style(2),
        off: Some((20, "Clocks go back")),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "handlebar-bag",
        title: "Handlebar bag",
        category: "cycling",
        summary: "Rain jacket, camera, cinnamon bun. Off in two buckles and over the shoulder.",
        text: &[
            "Waxed canvas round a stiff board, so it does not sag onto the tyre. The zip runs in a gutter and stays dry. A clear window under the flap takes a map, for the days on which the battery does not last.",
        ],
        facts: &["Volume: 6 l", "Shoulder strap included"],
        attrs: &[("made_of", "Waxed canvas, leather"), ("fits", "Any handlebar"), ("grams", "480"), ("warranty", "5")],
        dyes: &[("Mustard", MUSTARD), ("Olive", OLIVE), ("Ink", INK)],
        price: 6900,
        weight: 560,
        stock: 13,
        tags: &["handlebar bag", "bike bag", "bicycle", "canvas"],
        look: Look::new(leather::bag, MUSTARD).second(CHESTNUT).style(4),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "cycling-bottle",
        title: "Cycling bottle",
        category: "cycling",
        summary: "Squeeze, drink, do not think. Tastes of nothing.",
        text: &[
            "Sugar-cane plastic that can go in the dishwasher, soft enough to squeeze in gloves, with a valve that closes itself at the next pothole.",
        ],
        facts: &["Volume: 650 ml", "Care: dishwasher safe"],
        attrs: &[
            ("made_of", "Bio-based polyethylene"),
            ("fits", "Standard cages, 74 mm"),
            ("grams", "78"),
            ("warranty", "2"),
        ],
        dyes: &[("Sky", SKY), ("Blush", BLUSH), ("Charcoal", GRAPHITE)],
        price: 1200,
        weight: 100,
        stock: 47,
        tags: &["water bottle", "bike", "bicycle", "cycling"],
        look: Look::new(kitchen::flask, SKY).second(INK).style(2),
        loved: 51,
        ..BASE
    },
    Seed {
        slug: "cast-iron-skillet",
        title: "Cast-iron skillet",
        category: "cook-and-cut",
        summary: "Pancakes over a fire, eggs over gas, a tart in the oven. Already seasoned.",
        text: &[
            "Cast in Älmhult, ground smooth inside, oiled and baked three times. It weighs something; that is why it browns.",
        ],
        facts: &["Diameter: 26 cm", "Care: hot water, dry, a film of oil", "For any stove and any fire"],
        attrs: &[("material", "Cast iron"), ("length", "44"), ("dishwasher", "no"), ("origin", "Sweden")],
        sizes: Some(("Diameter", &[("20 cm", -1200, -700), ("26 cm", 0, 0), ("30 cm", 1300, 800)])),
        price: 5900,
        weight: 2300,
        stock: 15,
        tags: &["skillet", "pan", "cast iron", "frying pan"],
        look: Look::new(kitchen::pot, IRON).style(1),
        world: World::Kitchen,
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "enamelled-casserole",
        title: "Enamelled casserole",
        category: "cook-and-cut",
        summary: "Bread, beans, a whole chicken. From the hut's stove to the table in one pot.",
        text: &[
            "Heavy iron under three coats of enamel, with a lid that drips back onto the roast. We bought ours for the cabin and took it home.",
        ],
        facts: &["Volume: 4.5 l", "Oven proof to 250 °C", "Care: dishwasher safe, though it prefers you"],
        attrs: &[("material", "Cast iron"), ("length", "33"), ("dishwasher", "yes"), ("origin", "Sweden")],
        dyes: &[("Tomato", TOMATO), ("Pine", PINE), ("Dusk", DUSK)],
        price: 12900,
        weight: 5100,
        stock: 9,
        tags: &["casserole", "dutch oven", "pot", "cast iron"],
        look: Look::new(kitchen::pot, TOMATO).second(BRASS),
        world: World::Kitchen,
        loved: 64,
        ..BASE
    },
];
