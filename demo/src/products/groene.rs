//! De Groene Hoek: plants, pots, tools.

use super::backdrops::GLASSHOUSE;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{Choice, SEED, Seed, Shelf};
use crate::things::{foliage, garden, vessels};

pub const SHELF: Shelf =
    Shelf { vendor: "de-groene-hoek", code: "GRO", mark: Mark::Sprout, tints: &GLASSHOUSE, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Garden, category: "houseplants", ..SEED };
const PLANT_SIZES: Option<Choice> =
    Some(("Size", &[("Small, 12 cm pot", 0, 0), ("Medium, 17 cm pot", 1200, 1400), ("Large, 24 cm pot", 3900, 4600)]));

const SEEDS: &[Seed] = &[
    Seed {
        slug: "monstera-deliciosa",
        title: "Monstera deliciosa",
        summary: "The one with the holes. It will outgrow the corner; give it the corner anyway.",
        text: &[
            "New leaves come out whole and pale and tear themselves open as they harden. Give it a pole to climb and water when the top of the soil is dry, not before.",
            "Grown in our own glasshouse without peat, sent in a box with its own airbags.",
        ],
        facts: &[
            "Light: bright, out of the midday sun",
            "Likes: a wipe with a damp cloth",
            "Arrives in a terracotta pot",
        ],
        attrs: &[("light", "Bright, no direct sun"), ("water", "Weekly"), ("height", "45"), ("pet_safe", "no")],
        sizes: PLANT_SIZES,
        price: 1990,
        weight: 1900,
        stock: 14,
        tags: &["plant", "houseplant", "monstera", "green"],
        look: Look::new(foliage::houseplant, TERRACOTTA).third(FERN),
        loved: 93,
        ..BASE
    },
    Seed {
        slug: "rubber-plant",
        title: "Rubber plant",
        summary: "Glossy, upright, almost impossible to offend.",
        text: &[
            "Ficus elastica was in every hallway in 1975 for a reason. Turn it a quarter each week, or it will lean to the window like a bored pupil.",
        ],
        facts: &["Light: bright to half shade", "Arrives in a white pot"],
        attrs: &[("light", "Bright, no direct sun"), ("water", "Weekly"), ("height", "60"), ("pet_safe", "no")],
        sizes: PLANT_SIZES,
        price: 1790,
        weight: 2000,
        stock: 12,
        tags: &["plant", "houseplant", "ficus", "rubber plant"],
        look: Look::new(foliage::houseplant, CHALK).third(FERN).style(1),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "snake-plant",
        title: "Snake plant",
        summary: "Forget it for a month. It prefers that.",
        text: &[
            "Sansevieria stores its water and makes oxygen at night. The bedroom, the office, the friend who kills cacti: this is the plant for them.",
        ],
        facts: &["Light: anything but darkness", "Arrives in a blue-grey pot"],
        attrs: &[("light", "Shade"), ("water", "Monthly"), ("height", "50"), ("pet_safe", "no")],
        sizes: PLANT_SIZES,
        price: 1690,
        weight: 1800,
        stock: 19,
        tags: &["plant", "houseplant", "sansevieria", "snake plant"],
        look: Look::new(foliage::houseplant, DUSK).third(FERN).style(2),
        loved: 79,
        ..BASE
    },
    Seed {
        slug: "pilea",
        title: "Pilea, the pancake plant",
        summary: "Round leaves on thin stems, and babies to give away by summer.",
        text: &[
            "It came from Yunnan with a Norwegian missionary and has been passed from window sill to window sill ever since. Cut off the little ones when they have four leaves.",
        ],
        facts: &["Light: bright, turn it often", "Arrives in a blush pot"],
        attrs: &[("light", "Bright, no direct sun"), ("water", "Weekly"), ("height", "22"), ("pet_safe", "yes")],
        price: 1290,
        weight: 900,
        stock: 23,
        tags: &["plant", "houseplant", "pilea", "pet safe"],
        look: Look::new(foliage::houseplant, BLUSH).third(LEAF).style(3),
        loved: 75,
        ..BASE
    },
    Seed {
        slug: "trailing-pothos",
        title: "Trailing pothos in a hanging pot",
        summary: "Hang it high and let it come down to you.",
        text: &[
            "It grows a hand a month in a good year. Pin the tendrils along a shelf, or let them hang; cut pieces root in a glass of water within a week.",
        ],
        facts: &["Light: bright to shade", "With pot, cords and a hook"],
        attrs: &[("light", "Shade"), ("water", "Weekly"), ("height", "55"), ("pet_safe", "no")],
        price: 2900,
        weight: 1700,
        stock: 10,
        tags: &["plant", "hanging plant", "pothos", "houseplant"],
        look: Look::new(foliage::houseplant, CHALK).third(LEAF).style(4),
        off: Some((15, "Needs a home")),
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "small-olive-tree",
        title: "Small olive tree",
        summary: "A standard on a bare stem, for a sunny balcony and, in a kind year, three olives.",
        text: &[
            "Silver below, green above, grateful for wind. It can stay outside down to minus eight if the pot is wrapped.",
        ],
        facts: &["Light: all the sun there is", "Arrives in a terracotta pot"],
        attrs: &[("light", "Full sun"), ("water", "Weekly"), ("height", "85"), ("pet_safe", "yes")],
        price: 4900,
        weight: 5200,
        stock: 7,
        tags: &["plant", "olive tree", "balcony", "tree"],
        look: Look::new(foliage::houseplant, TERRACOTTA).third(OLIVE).style(5),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "cactus-trio",
        title: "Cactus trio",
        summary: "One round, one tall, one in between, and sometimes a flower.",
        text: &[
            "Three small characters in three clay pots. Water them when you change the clocks, and a little more in June.",
        ],
        facts: &["Pots: 9 cm", "Light: a south window"],
        attrs: &[("light", "Full sun"), ("water", "Monthly"), ("height", "18"), ("pet_safe", "yes")],
        price: 2400,
        weight: 1500,
        stock: 16,
        tags: &["plant", "cactus", "succulent", "set"],
        look: Look::new(foliage::houseplant, TERRACOTTA).second(CHALK).third(FERN).style(6),
        loved: 65,
        ..BASE
    },
    Seed {
        slug: "boston-fern",
        title: "Boston fern",
        summary: "A green fountain for the bathroom, where it is happiest.",
        text: &[
            "Steam, half shade and never quite dry: if that is your bathroom, this is your fern. Cut the brown fronds at the base and it forgives everything.",
        ],
        facts: &["Light: shade", "Arrives in a sand-coloured pot"],
        attrs: &[("light", "Shade"), ("water", "Every few days"), ("height", "35"), ("pet_safe", "yes")],
        sizes: PLANT_SIZES,
        price: 1490,
        weight: 1700,
        stock: 15,
        tags: &["plant", "fern", "houseplant", "pet safe"],
        look: Look::new(foliage::houseplant, SAND).third(LEAF).style(7),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "terracotta-pot-and-saucer",
        title: "Terracotta pot with saucer",
        category: "pots-and-tools",
        summary: "Thick, breathing, Tuscan clay that turns paler every summer.",
        text: &[
            "Fired hot enough to stay out in frost. Roots like terracotta because it dries from the sides as well, and so do people who tend to overwater.",
        ],
        facts: &["Size: the outer rim, in centimetres", "Herbs in the picture not included"],
        attrs: &[("kind", "Pot"), ("material", "Terracotta"), ("size", "22"), ("outdoors", "yes")],
        sizes: Some(("Size", &[("16 cm", -700, -900), ("22 cm", 0, 0), ("30 cm", 1600, 2900)])),
        price: 1890,
        weight: 2100,
        stock: 22,
        tags: &["pot", "terracotta", "planter", "garden"],
        look: Look::new(garden::planter, TERRACOTTA).third(LEAF),
        loved: 72,
        ..BASE
    },
    Seed {
        slug: "glazed-cylinder-planter",
        title: "Glazed planter",
        category: "pots-and-tools",
        summary: "Wheel-ridged stoneware with a plug in the bottom: in or out, you decide.",
        text: &[
            "Leave the cork plug in for a cover pot, take it out for planting. The glaze pools in the ridges, darker below than above. Heavy enough that a cat on the rim is no danger to anyone.",
        ],
        facts: &["Size: 24 cm high, 24 cm across"],
        attrs: &[("kind", "Pot"), ("material", "Stoneware"), ("size", "24"), ("outdoors", "yes")],
        dyes: &[("Denim", DENIM), ("Moss", MOSS), ("Chalk", CHALK)],
        price: 3900,
        weight: 3200,
        stock: 13,
        tags: &["pot", "planter", "ceramic", "glazed"],
        look: Look::new(garden::planter, DENIM).third(LEAF).style(1),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "herb-pots-set-of-three",
        title: "Herb pots, set of three",
        category: "pots-and-tools",
        summary: "Basil, thyme and whatever the children insisted on.",
        text: &[
            "Three sizes in three shades of fired clay, with saucers that fit a kitchen window sill. The smallest is exactly right for chives. Soak them in water for an hour before the first planting; they will thank you for it.",
        ],
        facts: &["Size: 10, 12 and 14 cm"],
        attrs: &[("kind", "Pot"), ("material", "Terracotta"), ("size", "14"), ("outdoors", "yes")],
        price: 2600,
        weight: 1900,
        stock: 18,
        tags: &["pot", "terracotta", "herbs", "set"],
        look: Look::new(garden::planter, TERRACOTTA).second(CLAY).third(BLUSH).style(2),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "long-spout-watering-can",
        title: "Long-spout watering can",
        category: "pots-and-tools",
        summary: "Balanced so that it does not tip when half full, with a brass rose that rains.",
        text: &[
            "The long spout reaches the back row; the rose turns up for seedlings and down for everyone else. Galvanised first, painted after.",
        ],
        facts: &["Volume: 1.8 l", "Rose: solid brass, unscrews"],
        attrs: &[("kind", "Watering"), ("material", "Steel"), ("size", "40"), ("outdoors", "yes")],
        dyes: &[("Pine", PINE), ("Cream", CREAM), ("Rust", RUST)],
        price: 3400,
        weight: 780,
        stock: 20,
        tags: &["watering can", "garden", "plants"],
        look: Look::new(vessels::watering_can, PINE).second(BRASS),
        loved: 74,
        ..BASE
    },
    Seed {
        slug: "trowel-and-fork",
        title: "Hand trowel and fork",
        category: "pots-and-tools",
        summary: "Forged boron steel, ash handles, leather loops. Your grandchildren will argue over them.",
        text: &[
            "They are made in Dronten by a smith who guarantees them for life and is seventy-four. The trowel has centimetres on it, for bulbs.",
        ],
        facts: &["Length: 32 cm", "Care: wipe, oil in autumn"],
        attrs: &[("kind", "Tool"), ("material", "Steel"), ("size", "32"), ("outdoors", "yes")],
        price: 4400,
        weight: 720,
        stock: 15,
        tags: &["trowel", "fork", "garden tools", "set"],
        look: Look::new(garden::tools, ASH).second(COGNAC),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "garden-secateurs",
        title: "Secateurs",
        category: "pots-and-tools",
        summary: "A bypass blade that cuts like scissors, for roses, raspberries and flowers for the table.",
        text: &[
            "Every part unscrews, every part is for sale. The grips are red because everything else in a garden is green. The catch is where the thumb already is, and the spring is loud enough to be found again in long grass.",
        ],
        facts: &["Cuts: to 20 mm", "For either hand"],
        attrs: &[("kind", "Tool"), ("material", "Steel"), ("size", "21"), ("outdoors", "no")],
        price: 3900,
        was: Some(4500),
        weight: 280,
        stock: 17,
        tags: &["secateurs", "pruner", "garden tools", "scissors"],
        look: Look::new(garden::tools, TOMATO).style(1),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "seagrass-basket",
        title: "Seagrass basket",
        category: "pots-and-tools",
        summary: "For a big plant, a stack of blankets, or everything on the floor when guests ring.",
        text: &[
            "Woven over a frame of rattan, with handles that go right round the bottom. Put a saucer in before you put a plant in. It smells of hay for the first few weeks. The handles carry fifteen kilos of magazines, we tried.",
        ],
        facts: &["Blanket not included"],
        attrs: &[("kind", "Basket"), ("material", "Seagrass"), ("size", "38"), ("outdoors", "no")],
        sizes: Some(("Size", &[("28 cm", -900, -300), ("38 cm", 0, 0), ("46 cm", 1200, 500)])),
        price: 3400,
        weight: 1100,
        stock: 14,
        tags: &["basket", "seagrass", "storage", "planter"],
        look: Look::new(vessels::basket, JUTE).second(CREAM),
        world: World::Room,
        loved: 69,
        ..BASE
    },
    Seed {
        slug: "cottage-flower-seeds",
        title: "Cottage flower seeds, three packets",
        category: "pots-and-tools",
        summary: "Sunflower, poppy, lavender: one for the bees, one for the vase, one for the drawer.",
        text: &[
            "Open-pollinated, collected in our own beds, so you can keep your own seed in autumn and never buy them again. We are bad at business.",
        ],
        facts: &["Sow: March to May", "Each packet covers about two square metres"],
        attrs: &[("kind", "Seeds"), ("material", "Paper"), ("size", "12"), ("outdoors", "yes")],
        price: 890,
        weight: 40,
        stock: 64,
        tags: &["seeds", "flowers", "garden", "bees"],
        look: Look::new(garden::tools, BUTTER).second(MINT).third(BLUSH).style(2),
        loved: 61,
        ..BASE
    },
];
