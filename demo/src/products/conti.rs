//! Falegnameria Conti: wood.

use super::backdrops::PALE;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{cups, kitchen, wood};

pub const SHELF: Shelf =
    Shelf { vendor: "falegnameria-conti", code: "CON", mark: Mark::Rings, tints: &PALE, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Room, dyed: "Wood", ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "three-legged-stool",
        title: "Three-legged stool",
        category: "furniture",
        summary: "Three legs never wobble, whatever the floor. Wedged joints, no screws.",
        text: &[
            "The first thing an apprentice makes with us, and the last thing he stops improving. The legs go through the seat and are wedged from above; you can see the wedge, a thin dark line.",
            "Seat, plant stand, bedside table, stage for a four-year-old.",
        ],
        facts: &["Seat: 36 cm across, dished by hand", "Carries 150 kg", "Finish: hard wax oil"],
        attrs: &[("material", "Ash"), ("width", "36"), ("height", "45"), ("assembled", "yes"), ("origin", "Italy")],
        dyes: &[("Ash", ASH), ("Walnut", WALNUT)],
        price: 14900,
        weight: 3200,
        stock: 9,
        tags: &["stool", "seat", "wood", "furniture"],
        look: Look::new(wood::stool, ASH),
        loved: 81,
        ..BASE
    },
    Seed {
        slug: "library-step-stool",
        title: "Library step stool",
        category: "furniture",
        summary: "Two steps up to the top shelf, and a good seat for deciding which book.",
        text: &[
            "Solid oak, dovetailed at the corners, with a groove across each tread so that socks do not slip. Light enough to carry in one hand.",
        ],
        facts: &["Treads: 22 and 42 cm high", "Carries 150 kg", "Finish: oiled"],
        attrs: &[("material", "Oak"), ("width", "44"), ("height", "42"), ("assembled", "yes"), ("origin", "Italy")],
        price: 18900,
        weight: 5400,
        stock: 5,
        tags: &["step stool", "oak", "library", "furniture"],
        look: Look::new(wood::stool, OAK).style(1),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "round-side-table",
        title: "Round side table",
        category: "furniture",
        summary: "Room for a lamp, a book, a cup, and nothing that piles up.",
        text: &[
            "The top is turned from a single glued-up board so that the rings run on across the joint. The legs splay just enough to clear a sofa's foot.",
        ],
        facts: &["Top: 48 cm across", "Legs screw off for moving house"],
        attrs: &[("material", "Walnut"), ("width", "48"), ("height", "50"), ("assembled", "no"), ("origin", "Italy")],
        dyes: &[("Walnut", WALNUT), ("Oak", OAK)],
        price: 22900,
        weight: 5200,
        stock: 6,
        tags: &["table", "side table", "walnut", "furniture"],
        look: Look::new(wood::stool, WALNUT).style(2),
        off: Some((10, "Workshop samples")),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "spindle-back-chair",
        title: "Spindle-back chair",
        category: "furniture",
        summary: "Seven shaved spindles that give a little when you lean back and think.",
        text: &[
            "We split the spindles along the grain instead of sawing them, so they bend and do not break. The seat is carved deep enough that nobody asks for a cushion.",
            "Sold singly. Four take us about three weeks.",
        ],
        facts: &["Size: 46 cm wide, 88 cm high, seat at 45 cm", "Finish: soap or oil"],
        attrs: &[("material", "Ash"), ("width", "46"), ("height", "88"), ("assembled", "yes"), ("origin", "Italy")],
        dyes: &[("Ash", ASH), ("Black", CHARCOAL), ("Cherry", CHERRY)],
        price: 34900,
        weight: 4900,
        stock: 8,
        tags: &["chair", "dining chair", "spindle", "furniture"],
        look: Look::new(wood::chair, ASH),
        loved: 76,
        ..BASE
    },
    Seed {
        slug: "woven-seat-dining-chair",
        title: "Dining chair with woven seat",
        category: "furniture",
        summary: "Curved rails, a seat of paper cord, the quiet comfort of long dinners.",
        text: &[
            "It takes 120 metres of Danish paper cord and an afternoon to weave one seat. After twenty years it can be woven again, on the same frame.",
        ],
        facts: &["Size: 48 cm wide, 80 cm high", "Seat: paper cord, 3 strand", "Carries 140 kg"],
        attrs: &[("material", "Walnut"), ("width", "48"), ("height", "80"), ("assembled", "yes"), ("origin", "Italy")],
        price: 42900,
        weight: 4600,
        stock: 4,
        tags: &["chair", "dining chair", "woven", "furniture"],
        look: Look::new(wood::chair, WALNUT).second(STRAW).style(1),
        loved: 59,
        ..BASE
    },
    Seed {
        slug: "hallway-bench",
        title: "Hallway bench",
        category: "furniture",
        summary: "Somewhere to sit while you tie your boots, and a rail below to put them on.",
        text: &[
            "A plank of oak with its edges broken by hand and four legs that lean outwards like a calf. Strong enough for two grown people and the shopping.",
        ],
        facts: &["Depth: 34 cm", "Finish: oiled twice", "Blanket not included, but it does look nice"],
        attrs: &[("material", "Oak"), ("width", "110"), ("height", "44"), ("assembled", "no"), ("origin", "Italy")],
        sizes: Some(("Length", &[("90 cm", -3000, -1500), ("110 cm", 0, 0), ("140 cm", 5500, 2800)])),
        price: 31900,
        weight: 9800,
        stock: 4,
        tags: &["bench", "oak", "hall", "furniture"],
        look: Look::new(wood::bench, OAK).second(RUST),
        loved: 57,
        ..BASE
    },
    Seed {
        slug: "peg-shelf",
        title: "Shelf with four pegs",
        category: "furniture",
        summary: "Keys, coats and a plant, all at the height where your hand already is.",
        text: &[
            "The pegs are turned, not bought, with a waist that keeps a loop from slipping. Hangs on two hidden brackets; the template is printed on the box.",
        ],
        facts: &["Depth: 14 cm", "Carries 12 kg", "Screws and plugs included"],
        attrs: &[("material", "Oak"), ("width", "70"), ("height", "16"), ("assembled", "yes"), ("origin", "Italy")],
        dyes: &[("Oak", OAK), ("Walnut", WALNUT)],
        price: 9900,
        weight: 2300,
        stock: 12,
        tags: &["shelf", "pegs", "coat rack", "furniture"],
        look: Look::new(wood::shelf, OAK).second(CREAM),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "olive-wood-board",
        title: "Olive wood board",
        category: "cook-and-cut",
        summary: "Wild grain, a hole for the thumb, hard enough for a lifetime of onions.",
        text: &[
            "From trees that had stopped bearing, felled in Liguria and dried for four years. Olive is dense and oily by nature, so knives stay sharp on it and tomato does not soak in.",
        ],
        facts: &["Care: wipe, stand upright, oil twice a year", "Every grain is different"],
        attrs: &[("material", "Olive wood"), ("length", "42"), ("dishwasher", "no"), ("origin", "Italy")],
        sizes: Some(("Size", &[("30 cm", -1200, -500), ("42 cm", 0, 0), ("52 cm", 1800, 700)])),
        price: 4400,
        weight: 1300,
        stock: 18,
        tags: &["cutting board", "olive wood", "kitchen"],
        look: Look::new(wood::board, OLIVEWOOD),
        world: World::Kitchen,
        loved: 89,
        ..BASE
    },
    Seed {
        slug: "end-grain-chopping-block",
        title: "End-grain chopping block",
        category: "cook-and-cut",
        summary: "Cut across the grain, so that the blade goes between the fibres and they close behind it.",
        text: &[
            "Fifty-four pieces of walnut, glued on end, planed flat and oiled until they would take no more. It weighs four kilos and stays exactly where you put it.",
        ],
        facts: &["Size: 45 × 32 × 4.5 cm, with a juice groove", "Care: never in water, oil monthly at first"],
        attrs: &[("material", "Walnut"), ("length", "45"), ("dishwasher", "no"), ("origin", "Italy")],
        price: 13900,
        weight: 4300,
        stock: 6,
        tags: &["cutting board", "chopping block", "walnut", "kitchen"],
        look: Look::new(wood::board, WALNUT).style(1),
        world: World::Kitchen,
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "round-bread-board",
        title: "Round bread board",
        category: "cook-and-cut",
        summary: "Beech, with a groove that keeps the crumbs at the table and off it.",
        text: &[
            "Big enough for a two-pound loaf and pretty enough to leave out with half of it. The groove is deep; empty it over the sink and you are done.",
        ],
        facts: &["Size: 34 cm across", "Care: wipe with a damp cloth"],
        attrs: &[("material", "Beech"), ("length", "34"), ("dishwasher", "no"), ("origin", "Italy")],
        price: 3600,
        weight: 1100,
        stock: 15,
        tags: &["bread board", "beech", "kitchen", "cutting board"],
        look: Look::new(wood::board, BEECH).style(2),
        world: World::Kitchen,
        loved: 52,
        ..BASE
    },
    Seed {
        slug: "cooking-spoons-set-of-three",
        title: "Cooking spoons, set of three",
        category: "cook-and-cut",
        summary: "A spoon, a turner, another spoon: the three that leave the drawer every day.",
        text: &[
            "Cherry is kind to pans and does not take on the taste of yesterday's curry. One edge of each spoon is left straight, for the corner of the pot.",
        ],
        facts: &["Length: 30 cm", "Care: wash by hand, dry upright"],
        attrs: &[("material", "Cherry"), ("length", "30"), ("dishwasher", "no"), ("origin", "Italy")],
        price: 2700,
        weight: 190,
        stock: 31,
        tags: &["spoon", "wooden spoon", "kitchen", "set"],
        look: Look::new(wood::spoons, CHERRY),
        world: World::Kitchen,
        off: Some((15, "Kitchen days")),
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "rolling-pin",
        title: "Rolling pin with walnut handles",
        category: "cook-and-cut",
        summary: "It rolls on its own bearings, so your hands hold still and only the dough moves.",
        text: &[
            "A straight barrel of beech, long enough for a sheet of pasta, on steel bearings that you will never hear. My grandmother used a wine bottle; she approves of this one.",
        ],
        facts: &["Size: 46 cm with handles, 6 cm thick", "Care: wipe off the flour"],
        attrs: &[("material", "Beech"), ("length", "46"), ("dishwasher", "no"), ("origin", "Italy")],
        price: 3200,
        weight: 760,
        stock: 17,
        tags: &["rolling pin", "baking", "kitchen", "pasta"],
        look: Look::new(wood::rolling_pin, BEECH).second(WALNUT),
        world: World::Kitchen,
        loved: 48,
        ..BASE
    },
    Seed {
        slug: "pepper-mill",
        title: "Pepper mill",
        category: "cook-and-cut",
        summary: "Turned walnut over a ceramic grinder that goes from dust to cracked in one twist.",
        text: &[
            "The knob at the top sets the grind. The mechanism is guaranteed for twenty-five years, which is longer than most of us stay with a recipe.",
        ],
        facts: &["Filled with Tellicherry pepper", "Care: dry cloth only"],
        attrs: &[("material", "Walnut"), ("length", "22"), ("dishwasher", "no"), ("origin", "Italy")],
        sizes: Some(("Height", &[("16 cm", -900, -90), ("22 cm", 0, 0), ("32 cm", 1600, 160)])),
        price: 4600,
        weight: 380,
        stock: 16,
        tags: &["pepper mill", "grinder", "walnut", "kitchen"],
        look: Look::new(wood::mill, WALNUT).second(BRASS),
        world: World::Kitchen,
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "bread-knife-cherry",
        title: "Bread knife with cherry handle",
        category: "cook-and-cut",
        summary: "Long, wavy and stiff: it saws a crust without squashing what is under it.",
        text: &[
            "Blades from Maniago, handles from our offcuts. The waves are ground on one side only, which makes a cleaner slice and a knife that can be sharpened again.",
        ],
        facts: &["Blade: 24 cm, X50 steel", "Care: wash by hand"],
        attrs: &[("material", "Steel"), ("length", "37"), ("dishwasher", "no"), ("origin", "Italy")],
        price: 6900,
        weight: 240,
        stock: 11,
        tags: &["knife", "bread knife", "kitchen"],
        look: Look::new(kitchen::knife, CHERRY).style(1),
        world: World::Kitchen,
        loved: 50,
        ..BASE
    },
    Seed {
        slug: "turned-salad-bowl",
        title: "Turned salad bowl",
        category: "tableware",
        summary: "A whole piece of ash, turned green and left to move: slightly oval, like an egg.",
        text: &[
            "We turn the bowl while the wood is wet and let it dry as it likes. By spring it has settled into a shape of its own, and only then is it sanded and oiled.",
        ],
        facts: &["Care: rinse, dry at once, oil now and then", "Safe for food, finished with linseed oil"],
        attrs: &[("material", "Wood"), ("diameter", "28"), ("dishwasher", "no"), ("origin", "Italy")],
        sizes: Some(("Diameter", &[("22 cm", -1900, -400), ("28 cm", 0, 0), ("34 cm", 2800, 700)])),
        price: 7400,
        weight: 1200,
        stock: 8,
        tags: &["bowl", "salad", "wood", "serving"],
        look: Look::new(cups::bowl, ASH).style(3),
        world: World::Kitchen,
        loved: 71,
        ..BASE
    },
];
