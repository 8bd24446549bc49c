//! Klang: sound, and what stands on a desk.

use super::backdrops::STUDIO;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{desk, tech};

pub const SHELF: Shelf = Shelf { vendor: "klang", code: "KLA", mark: Mark::Sound, tints: &STUDIO, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Desk, category: "audio", ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "linden-headphones",
        title: "Linden over-ear headphones",
        summary: "Wireless, quiet inside, with cushions and battery you can change with a coin.",
        text: &[
            "Most headphones die of their battery or their ear pads. Both come off ours with a quarter turn, and both will be on our site for as long as we are.",
            "The sound is open and unhurried. The noise cancelling is strong enough for the S-Bahn and weak enough for a conversation.",
        ],
        facts: &[
            "Weight: 268 g",
            "Charges in 90 minutes, ten minutes give five hours",
            "Folds flat, felt pouch included",
        ],
        attrs: &[("kind", "Headphones"), ("connection", "Bluetooth and cable"), ("battery", "42"), ("warranty", "5")],
        dyes: &[("Cream", CREAM), ("Charcoal", GRAPHITE), ("Pine", PINE)],
        price: 24900,
        weight: 620,
        stock: 14,
        tags: &["headphones", "bluetooth", "wireless", "noise cancelling"],
        look: Look::new(tech::headphones, CREAM).second(COGNAC).third(CHARCOAL),
        loved: 96,
        ..BASE
    },
    Seed {
        slug: "birke-headphones",
        title: "Birke on-ear headphones",
        summary: "A cable, two small drivers, no menu. The pair in our own drawers.",
        text: &[
            "Light as a letter, with a spring-steel band and a cable that unplugs at both ends. Nothing to charge, nothing to pair, nothing to update.",
        ],
        facts: &["Weight: 96 g", "Cable: 1.4 m with a microphone"],
        attrs: &[("kind", "Headphones"), ("connection", "Cable"), ("battery", "0"), ("warranty", "5")],
        price: 7900,
        weight: 230,
        stock: 22,
        tags: &["headphones", "wired", "on-ear"],
        look: Look::new(tech::headphones, CHARCOAL).second(STEEL).third(CHARCOAL).style(1),
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "oak-headphone-stand",
        title: "Oak headphone stand",
        category: "desk",
        summary: "A coat hanger for the ears, from the joiner downstairs.",
        text: &[
            "The yoke is curved like the top of a head, so the band keeps its shape. Weighted foot, felt underneath. The headphones in the picture are not included; you have some.",
        ],
        facts: &["Height: 27 cm"],
        attrs: &[("kind", "Stand"), ("made_of", "Oak, steel"), ("connection", "None"), ("warranty", "5")],
        price: 3900,
        weight: 780,
        stock: 15,
        tags: &["headphones", "stand", "oak", "desk"],
        look: Look::new(tech::headphones, OAK).second(PINE).style(2),
        loved: 48,
        ..BASE
    },
    Seed {
        slug: "kern-earbuds",
        title: "Kern earbuds",
        summary: "Small, matte, and repairable: the first we know of with screws.",
        text: &[
            "Tiny ones, but screws. Two microphones listen to the street and let as much of it through as you like. The case is the size of a matchbox.",
        ],
        facts: &["Tips: four sizes", "Case charges by cable or pad", "Splash-proof"],
        attrs: &[("kind", "Earbuds"), ("connection", "Bluetooth"), ("battery", "9"), ("warranty", "3")],
        dyes: &[("Sage", SAGE), ("Charcoal", GRAPHITE), ("Blush", BLUSH)],
        price: 12900,
        weight: 140,
        stock: 25,
        tags: &["earbuds", "earphones", "bluetooth", "wireless"],
        look: Look::new(tech::earbuds, SAGE).second(CHALK).third(CHARCOAL),
        off: Some((15, "New tips, old price")),
        loved: 79,
        ..BASE
    },
    Seed {
        slug: "regal-speakers",
        title: "Regal bookshelf speakers, a pair",
        summary: "Walnut boxes, paper cones, an amplifier inside the left one.",
        text: &[
            "Paper is old-fashioned and sounds like people. Plug in a turntable, a television or nothing at all and play from your phone; the remote has four buttons.",
        ],
        facts: &["Size: 18 × 28 × 22 cm each", "Power: 2 × 50 W", "Inputs: phono, line, optical, Bluetooth"],
        attrs: &[("kind", "Speaker"), ("connection", "Bluetooth and cable"), ("battery", "0"), ("warranty", "5")],
        dyes: &[("Walnut", WALNUT), ("Oak", OAK)],
        dyed: "Wood",
        price: 44900,
        weight: 9800,
        stock: 5,
        tags: &["speakers", "bookshelf", "hifi", "walnut"],
        look: Look::new(tech::speaker, WALNUT).second(CREAM).third(CHARCOAL),
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "kiesel-portable-speaker",
        title: "Kiesel portable speaker",
        summary: "A pebble in felted wool that fills a kitchen and floats in a lake.",
        text: &[
            "It plays in all directions, so there is no wrong place to put it. Two of them make a pair; three make the neighbours come over.",
        ],
        facts: &["Size: 13 × 12 cm", "Runs: 20 hours", "Waterproof to a metre"],
        attrs: &[("kind", "Speaker"), ("connection", "Bluetooth"), ("battery", "20"), ("warranty", "3")],
        dyes: &[("Dusk", DUSK), ("Rust", RUST), ("Moss", MOSS), ("Stone", STONE)],
        price: 11900,
        weight: 780,
        stock: 18,
        tags: &["speaker", "portable", "bluetooth", "waterproof"],
        look: Look::new(tech::speaker, DUSK).second(CHALK).style(1),
        loved: 82,
        ..BASE
    },
    Seed {
        slug: "kuechenradio",
        title: "Küchenradio",
        summary: "Two knobs, one for the station, one for how much of it.",
        text: &[
            "FM, digital and internet stations behind one dial that moves like a real one. It remembers where you were and starts there, in under a second.",
        ],
        facts: &["Size: 26 × 16 × 8 cm", "Runs: 12 hours off the plug"],
        attrs: &[("kind", "Radio"), ("connection", "Bluetooth and cable"), ("battery", "12"), ("warranty", "5")],
        dyes: &[("Mint", MINT), ("Tomato", TOMATO), ("Cream", CREAM)],
        price: 16900,
        weight: 1800,
        stock: 9,
        tags: &["radio", "kitchen", "dab", "speaker"],
        look: Look::new(tech::speaker, MINT).second(WALNUT).third(CREAM).style(2),
        loved: 69,
        ..BASE
    },
    Seed {
        slug: "dreher-turntable",
        title: "Dreher turntable",
        summary: "Belt drive, a heavy platter, an arm you lower yourself.",
        text: &[
            "We believe in the small ceremony: the sleeve, the dust brush, the click. A preamplifier is built in, with a switch for those who know why they would want it off.",
        ],
        facts: &["Speeds: 33 and 45", "Cartridge: fitted and set", "Dust cover included"],
        attrs: &[("kind", "Turntable"), ("connection", "Cable"), ("battery", "0"), ("warranty", "5")],
        price: 38900,
        was: Some(42900),
        weight: 7200,
        stock: 4,
        tags: &["turntable", "vinyl", "record player", "hifi"],
        look: Look::new(tech::turntable, WALNUT).second(TOMATO),
        loved: 61,
        ..BASE
    },
    Seed {
        slug: "taste-keyboard",
        title: "Taste mechanical keyboard",
        category: "desk",
        summary: "Sixty-five keys with a deep, soft sound. Colleagues have approved.",
        text: &[
            "Every switch can be pulled and swapped; the case is a block of aluminium; the caps are dyed through, so the letters cannot wear off. Works with a cable or three devices without.",
        ],
        facts: &["Size: 31 × 11 cm", "Runs: a month on a charge"],
        attrs: &[
            ("kind", "Keyboard"),
            ("made_of", "Aluminium, PBT"),
            ("connection", "USB-C, Bluetooth"),
            ("warranty", "5"),
        ],
        sizes: Some(("Layout", &[("English", 0, 0), ("German", 0, 0), ("French", 0, 0), ("Nordic", 0, 0)])),
        more: Some(("Switches", &[("Linear", 0, 0), ("Tactile", 0, 0)])),
        price: 17900,
        weight: 1200,
        stock: 8,
        tags: &["keyboard", "mechanical keyboard", "typing", "desk"],
        look: Look::new(desk::keyboard, STONE).second(CREAM).third(TERRACOTTA),
        loved: 74,
        ..BASE
    },
    Seed {
        slug: "maus-wireless-mouse",
        title: "Maus, a wireless mouse",
        category: "desk",
        summary: "Round-backed, quiet, at home on oak and on felt.",
        text: &[
            "Clicks you can feel and nobody hears. The wheel is aluminium and spins freely if you flick it; the battery is an ordinary AA.",
        ],
        facts: &["Size: 11 × 6.5 cm", "For either hand"],
        attrs: &[
            ("kind", "Mouse"),
            ("made_of", "Recycled plastic, aluminium"),
            ("connection", "Bluetooth"),
            ("warranty", "3"),
        ],
        dyes: &[("Cream", CREAM), ("Charcoal", GRAPHITE), ("Sage", SAGE)],
        price: 5900,
        weight: 150,
        stock: 23,
        tags: &["mouse", "wireless", "bluetooth", "desk"],
        look: Look::new(desk::desk, CREAM).second(TERRACOTTA),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "sixty-five-watt-charger",
        title: "Charger, 65 W",
        category: "desk",
        summary: "A laptop, a phone and an old camera at once, from one small cube.",
        text: &[
            "Gallium nitride instead of silicon: half the size, and barely warm. The plug folds; there are three heads in the box for the rest of the world.",
        ],
        facts: &["Ports: two USB-C, one USB-A", "Size: 5 × 5 × 3 cm"],
        attrs: &[
            ("kind", "Charger"),
            ("made_of", "Recycled plastic"),
            ("connection", "USB-C, USB-A"),
            ("warranty", "3"),
        ],
        price: 4400,
        weight: 170,
        stock: 44,
        tags: &["charger", "usb-c", "laptop", "gan"],
        look: Look::new(desk::desk, CHALK).second(CHARCOAL).style(1),
        loved: 77,
        ..BASE
    },
    Seed {
        slug: "walnut-charging-pad",
        title: "Walnut charging pad",
        category: "desk",
        summary: "A disc of wood that happens to charge a telephone.",
        text: &[
            "Cut from the offcuts of the speakers. The ring in the grain shows where to put the phone; a magnet does the rest.",
        ],
        facts: &["Size: 12 cm across", "Power: 15 W"],
        attrs: &[("kind", "Charger"), ("made_of", "Walnut, cork"), ("connection", "USB-C"), ("warranty", "3")],
        dyes: &[("Walnut", WALNUT), ("Oak", OAK)],
        dyed: "Wood",
        price: 4900,
        weight: 240,
        stock: 20,
        tags: &["charger", "wireless charging", "walnut", "desk"],
        look: Look::new(desk::desk, WALNUT).second(CHARCOAL).style(2),
        off: Some((20, "Made too many")),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "braided-usb-c-cable",
        title: "Braided USB-C cable",
        category: "desk",
        summary: "Woven like a climbing rope, tested to thirty thousand bends.",
        text: &[
            "The sleeve is cotton, the plug is metal, and the leather strap keeps it from becoming a bird's nest at the bottom of your bag.",
        ],
        facts: &["Power: 100 W", "Data: 10 Gbit/s"],
        attrs: &[
            ("kind", "Cable"),
            ("made_of", "Cotton, aluminium"),
            ("connection", "USB-C to USB-C"),
            ("warranty", "5"),
        ],
        dyes: &[("Rust", RUST), ("Petrol", PETROL), ("Stone", STONE)],
        sizes: Some(("Length", &[("1 m", 0, 0), ("2 m", 500, 30), ("3 m", 900, 60)])),
        price: 1900,
        weight: 70,
        stock: 40,
        tags: &["cable", "usb-c", "charging"],
        look: Look::new(desk::desk, RUST).second(CHARCOAL).style(3),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "folding-laptop-stand",
        title: "Folding laptop stand",
        category: "desk",
        summary: "Oak, flat in a bag, at eye height in two seconds.",
        text: &[
            "Lifts the screen to where your neck wants it. The joints are wood on wood, with a little wax; they get better, not looser.",
        ],
        facts: &["Carries 8 kg", "Folded: 30 × 5 × 2 cm"],
        attrs: &[("kind", "Stand"), ("made_of", "Oak"), ("connection", "None"), ("warranty", "5")],
        price: 5400,
        weight: 420,
        stock: 17,
        tags: &["laptop stand", "oak", "desk", "ergonomic"],
        look: Look::new(desk::desk, OAK).style(4),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "kranich-desk-lamp",
        title: "Kranich desk lamp",
        category: "lighting",
        summary: "Two arms, three joints, stays where you leave it. Named after the crane.",
        text: &[
            "Balanced by springs inside the arms, so one finger moves it. The light is warm at eleven at night and cool at eleven in the morning, if you let it.",
        ],
        facts: &["Reach: 80 cm", "Clamp and foot included"],
        attrs: &[
            ("kind", "Desk lamp"),
            ("material", "Steel"),
            ("height", "60"),
            ("bulb", "Built-in LED, 9 W, replaceable"),
            ("dimmable", "yes"),
        ],
        dyes: &[("Mustard", MUSTARD), ("Charcoal", GRAPHITE), ("Petrol", PETROL)],
        price: 14900,
        weight: 2700,
        stock: 10,
        tags: &["desk lamp", "lamp", "light", "office"],
        look: Look::new(desk::desk_lamp, MUSTARD).second(CHARCOAL),
        loved: 71,
        ..BASE
    },
];
