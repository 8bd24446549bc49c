//! Lehm & Feuer: stoneware.

use super::backdrops::EARTH;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{cups, vessels};

pub const SHELF: Shelf =
    Shelf { vendor: "lehm-und-feuer", code: "LEF", mark: Mark::Flame, tints: &EARTH, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Kitchen, ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "speckled-breakfast-mug",
        title: "Speckled breakfast mug",
        category: "mugs",
        summary: "A straight, generous mug whose iron specks come up through the glaze in the kiln.",
        text: &[
            "We throw this mug a little thicker at the foot than at the rim: it sits firmly, keeps coffee warm for as long as a newspaper lasts, and still feels light at the lip.",
            "The specks are not painted on. They are iron in the clay itself, and where they surface is up to the fire, so no two mugs in a cupboard are the same.",
        ],
        facts: &[
            "Size: 9 cm high, 8.5 cm across",
            "Care: dishwasher and microwave are fine",
            "Thrown and glazed in Höhr-Grenzhausen",
        ],
        attrs: &[("material", "Stoneware"), ("volume", "350"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Oat", OAT), ("Moss", MOSS), ("Ink", INK), ("Blush", BLUSH)],
        price: 2400,
        weight: 420,
        stock: 34,
        tags: &["ceramic", "coffee", "mug", "handmade"],
        look: Look::new(cups::mug, OAT),
        loved: 96,
        ..BASE
    },
    Seed {
        slug: "dipped-latte-cup",
        title: "Dipped latte cup",
        category: "mugs",
        summary: "Tapered, half glazed, half bare clay: the half you hold stays pleasantly rough.",
        text: &[
            "Each cup is held by its foot and dipped once into the glaze bucket, which is why the line around the middle wanders a little.",
            "The bare clay below it is burnished with a steel spoon before firing. It feels like a river stone and does not stain.",
        ],
        facts: &["Size: 10.5 cm high, 9 cm across", "Care: dishwasher safe", "Holds a double shot and all of its milk"],
        attrs: &[("material", "Stoneware"), ("volume", "320"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Teal", TEAL), ("Cream", CREAM), ("Mustard", MUSTARD)],
        price: 2600,
        weight: 390,
        stock: 22,
        tags: &["ceramic", "latte", "cup", "terracotta"],
        look: Look::new(cups::mug, TEAL).style(1).second(CLAY),
        off: Some((15, "Autumn kiln")),
        loved: 84,
        ..BASE
    },
    Seed {
        slug: "round-tea-mug",
        title: "Round tea mug",
        category: "mugs",
        summary: "A belly to warm both hands on, made for a whole pot's worth of patience.",
        text: &[
            "Tea drinkers asked for a mug that is not in a hurry. This one is as round as we can throw it without losing the handle, and holds just under half a litre.",
            "The glaze is a deep iron red that breaks to honey on the rim, where it runs thin.",
        ],
        facts: &[
            "Size: 9.5 cm high, 11 cm at its widest",
            "Care: dishwasher safe",
            "Fits our tea strainer and most others",
        ],
        attrs: &[("material", "Stoneware"), ("volume", "450"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Iron red", RUST), ("Pine", PINE), ("Oat", OAT)],
        price: 2800,
        weight: 460,
        stock: 18,
        tags: &["ceramic", "tea", "mug"],
        look: Look::new(cups::mug, RUST).style(2),
        loved: 71,
        ..BASE
    },
    Seed {
        slug: "espresso-cup-and-saucer",
        title: "Espresso cup and saucer",
        category: "mugs",
        summary: "Small, heavy, and quick to warm: the way a bar cup should be.",
        text: &[
            "Seventy millilitres, thick walls, a rounded bottom that folds the crema instead of breaking it. The saucer has a shallow well, so that the cup does not skate.",
        ],
        facts: &[
            "Size: cup 6 cm high, saucer 13 cm",
            "Care: dishwasher safe",
            "Warm it with hot water first and the espresso stays hot to the last sip",
        ],
        attrs: &[("material", "Porcelain"), ("volume", "70"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Blush", BLUSH), ("Sage", SAGE), ("Charcoal", CHARCOAL)],
        price: 2200,
        weight: 310,
        stock: 26,
        tags: &["porcelain", "espresso", "cup", "coffee"],
        look: Look::new(cups::espresso, BLUSH).second(CREAM),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "deep-noodle-bowl",
        title: "Deep noodle bowl",
        category: "tableware",
        summary: "Broth, noodles, an egg and everything you found in the fridge: it all fits.",
        text: &[
            "A high, steep bowl with a foot that stays cool enough to carry. We glaze the inside pale so that you see the soup, and the outside in denim so that you see the bowl.",
            "It stacks, though not as neatly as a factory bowl. We think that is fair.",
        ],
        facts: &["Size: 17 cm across, 9 cm high, 900 ml", "Care: dishwasher and microwave are fine"],
        attrs: &[("material", "Stoneware"), ("diameter", "17"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Denim", DENIM), ("Charcoal", CHARCOAL), ("Moss", MOSS)],
        price: 3400,
        weight: 720,
        stock: 20,
        tags: &["ceramic", "bowl", "ramen", "soup"],
        look: Look::new(cups::bowl, DENIM).second(CREAM).third(CLAY),
        loved: 77,
        ..BASE
    },
    Seed {
        slug: "shallow-pasta-bowl",
        title: "Shallow pasta bowl",
        category: "tableware",
        summary: "Between plate and bowl, with a rim wide enough to twirl a fork against.",
        text: &[
            "Half of what we eat at home we eat from this shape: pasta, risotto, salad, a fried egg with its rice. The rim catches the sauce, the flat middle lets a knife work.",
        ],
        facts: &["Size: 22 cm across, 5 cm high", "Care: dishwasher safe", "Two fit side by side on a tray"],
        attrs: &[("material", "Stoneware"), ("diameter", "22"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Chalk and sage", CHALK), ("Oat", OAT)],
        price: 3200,
        weight: 690,
        stock: 28,
        tags: &["ceramic", "bowl", "pasta", "plate"],
        look: Look::new(cups::bowl, CHALK).style(1).second(SAGE).third(CLAY),
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "nesting-bowls",
        title: "Nesting bowls, set of three",
        category: "tableware",
        summary: "For dough, for salad, for the olives: three bowls that live in the space of one.",
        text: &[
            "The largest is big enough to knead a loaf in, the smallest is the one everyone reaches for. Nested, they take up a single place on the shelf and look like a sunrise.",
        ],
        facts: &["Size: 26, 21 and 17 cm across", "Care: dishwasher safe", "Oven proof to 180 °C"],
        attrs: &[("material", "Stoneware"), ("diameter", "26"), ("dishwasher", "yes"), ("origin", "Germany")],
        price: 7900,
        weight: 2600,
        stock: 9,
        tags: &["ceramic", "mixing bowl", "baking", "set"],
        look: Look::new(cups::bowl, MUSTARD).style(2).second(CREAM).third(SAGE),
        off: Some((10, "Set price")),
        loved: 73,
        ..BASE
    },
    Seed {
        slug: "dinner-plate-clay-rim",
        title: "Dinner plate with clay rim",
        category: "tableware",
        summary: "A flat, quiet plate with a thin unglazed edge that frames whatever you cook.",
        text: &[
            "We wipe the glaze off the very edge by hand, so a line of warm clay shows round each plate. The well is flat: knives do not rock and peas do not gather in the middle.",
        ],
        facts: &["Size: 27 cm across", "Care: dishwasher safe", "Sold singly, so that a set can grow"],
        attrs: &[("material", "Stoneware"), ("diameter", "27"), ("dishwasher", "yes"), ("origin", "Germany")],
        dyes: &[("Cream", CREAM), ("Sage", SAGE), ("Dusk", DUSK)],
        price: 2900,
        weight: 820,
        stock: 44,
        tags: &["ceramic", "plate", "dinner"],
        look: Look::new(cups::plates, CREAM).third(CLAY),
        loved: 80,
        ..BASE
    },
    Seed {
        slug: "side-plates-set-of-four",
        title: "Side plates, set of four",
        category: "tableware",
        summary: "Two in cream, two in sage, for toast, cake and the cheese afterwards.",
        text: &[
            "Small plates are the ones that are always in use and always in the dishwasher. Four is the number at which there is usually a clean one.",
        ],
        facts: &["Size: 18 cm across", "Care: dishwasher and microwave are fine"],
        attrs: &[("material", "Stoneware"), ("diameter", "18"), ("dishwasher", "yes"), ("origin", "Germany")],
        price: 6400,
        was: Some(7200),
        weight: 1700,
        stock: 15,
        tags: &["ceramic", "plate", "set", "cake"],
        look: Look::new(cups::plates, CREAM).style(1).second(SAGE).third(CLAY),
        loved: 59,
        ..BASE
    },
    Seed {
        slug: "ribbed-teapot",
        title: "Ribbed teapot",
        category: "tea-and-coffee-gear",
        summary: "Carved by hand, rib by rib, with a spout that does not drip. We checked each one.",
        text: &[
            "A teapot is the hardest thing we make: body, lid, spout and handle dry at different speeds and have to agree in the end. The ribs are cut while the clay is leather hard, which leaves about twenty minutes for each pot.",
            "Behind the spout is a clay sieve for loose leaves, and the oak knob stays cool.",
        ],
        facts: &[
            "Size: 0.9 litres, three good cups",
            "Care: wash by hand, and without soap if you drink green tea",
            "Lid with an oiled oak knob",
        ],
        attrs: &[("material", "Stoneware"), ("volume", "900"), ("dishwasher", "no"), ("origin", "Germany")],
        dyes: &[("Dusk", DUSK), ("Sage", SAGE), ("Charcoal", CHARCOAL)],
        price: 8900,
        weight: 1150,
        stock: 7,
        tags: &["ceramic", "teapot", "tea"],
        look: Look::new(vessels::teapot, DUSK).third(OAK),
        loved: 82,
        ..BASE
    },
    Seed {
        slug: "milk-jug",
        title: "Milk jug",
        category: "tableware",
        summary: "For milk in the morning, custard at noon and cow parsley on Sundays.",
        text: &[
            "The lip is pulled with a wet finger in one movement, and that is the whole secret of a jug that pours cleanly. The foot is left bare; put it down on any table without a scratch.",
        ],
        facts: &["Size: 13 cm high, 500 ml", "Care: dishwasher safe"],
        attrs: &[("material", "Stoneware"), ("diameter", "10"), ("dishwasher", "yes"), ("origin", "Germany")],
        price: 3600,
        weight: 560,
        stock: 16,
        tags: &["ceramic", "jug", "milk", "pitcher"],
        look: Look::new(vessels::jug, CREAM).second(CLAY),
        loved: 54,
        ..BASE
    },
    Seed {
        slug: "bottle-vase",
        title: "Bottle vase",
        category: "vases-and-candles",
        summary: "A narrow neck that makes one branch look like a decision.",
        text: &[
            "You do not need a bouquet. Put in a single stem of eucalyptus or whatever the wind brought down, and turn it until it looks right.",
        ],
        facts: &[
            "Size: 24 cm high, opening 2.5 cm",
            "Watertight, glazed inside",
            "Care: rinse with warm water and a bottle brush",
        ],
        attrs: &[("kind", "Vase"), ("material", "Stoneware"), ("height", "24"), ("origin", "Germany")],
        dyes: &[("Oat", OAT), ("Clay", CLAY), ("Ink", INK)],
        price: 4200,
        weight: 900,
        stock: 13,
        tags: &["ceramic", "vase", "flowers"],
        look: Look::new(vessels::vase, OAT).third(SAGE),
        world: World::Home,
        loved: 75,
        ..BASE
    },
    Seed {
        slug: "moon-vase",
        title: "Moon vase",
        category: "vases-and-candles",
        summary: "Thrown in two halves and joined at the equator; look closely and you find the seam.",
        text: &[
            "The moon jar is an old Korean form, and a humbling one: two bowls, rim to rim, that become a sphere or do not. Ours leans a little. They all lean a little.",
            "Petrol glaze over dark clay, two firings, about a week from first to last.",
        ],
        facts: &["Size: 26 cm high, 27 cm across", "Watertight"],
        attrs: &[("kind", "Vase"), ("material", "Stoneware"), ("height", "26"), ("origin", "Germany")],
        price: 11800,
        weight: 2300,
        stock: 4,
        tags: &["ceramic", "vase", "moon jar"],
        look: Look::new(vessels::vase, PETROL).style(1).third(BLUSH),
        world: World::Home,
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "fluted-cylinder-vase",
        title: "Fluted cylinder vase",
        category: "vases-and-candles",
        summary: "Straight and fluted like a column, for tulips that refuse to stand up straight.",
        text: &[
            "Tall enough to hold a supermarket bunch in order and plain enough to let it be the show. Unglazed outside: the flutes catch the light all day long.",
        ],
        facts: &["Size: 25 cm high, 11 cm across", "Glazed inside, raw outside", "Care: wipe with a damp cloth"],
        attrs: &[("kind", "Vase"), ("material", "Porcelain"), ("height", "25"), ("origin", "Germany")],
        price: 5400,
        weight: 1250,
        stock: 11,
        tags: &["porcelain", "vase", "tulips"],
        look: Look::new(vessels::vase, CHALK).style(2).third(ROSE),
        world: World::Home,
        off: Some((20, "Last of the batch")),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "cork-lid-storage-jar",
        title: "Storage jar with cork lid",
        category: "vases-and-candles",
        summary: "Flour, coffee, dog biscuits: whatever has to stay dry and should not look like storage.",
        text: &[
            "A wide mouth for a scoop, a shoulder in glossy ink, and a lid cut from a single piece of Portuguese cork that seals by its own spring.",
        ],
        facts: &["Size: 20 cm high, 1.6 litres", "Care: jar in the dishwasher, cork with a damp cloth"],
        attrs: &[("kind", "Jar"), ("material", "Stoneware"), ("height", "20"), ("origin", "Germany")],
        sizes: Some(("Size", &[("Small, 0.8 l", 0, 0), ("Large, 1.6 l", 1400, 620)])),
        price: 3900,
        weight: 880,
        stock: 14,
        tags: &["ceramic", "jar", "storage", "cork"],
        look: Look::new(vessels::storage_jar, OAT).second(INK),
        loved: 51,
        ..BASE
    },
];
