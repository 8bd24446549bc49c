//! Casa Azahar: the larder.

use super::backdrops::SUNNY;
use crate::draw::Look;
use crate::draw::colour::Colour;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{larder, wall};

pub const SHELF: Shelf = Shelf { vendor: "casa-azahar", code: "AZA", mark: Mark::Blossom, tints: &SUNNY, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Pantry, ..SEED };
const DARK_GLASS: Colour = Colour(0x2f3a1f);

const SEEDS: &[Seed] = &[
    Seed {
        slug: "orange-blossom-honey",
        title: "Orange blossom honey",
        category: "honey-and-preserves",
        summary: "Three weeks in April, when all of Valencia smells like this jar.",
        text: &[
            "Our hives stand between the rows while the oranges are in flower. The bees work for three weeks, we extract cold, and nothing else happens to it.",
            "Pale, runny at first, setting to a soft cream by Christmas.",
        ],
        facts: &["Keeps: two years, in the dark", "To loosen it: a bath of warm water, never the microwave"],
        attrs: &[
            ("kind", "Honey"),
            ("origin", "Valencia, Spain"),
            ("tastes_of", "Orange flower, vanilla"),
            ("organic", "yes"),
        ],
        sizes: Some(("Size", &[("250 g", 0, 0), ("500 g", 550, 340), ("1 kg", 1500, 900)])),
        price: 890,
        weight: 420,
        stock: 60,
        tags: &["honey", "orange", "breakfast", "organic"],
        look: Look::new(larder::jar, HONEY).second(BRASS).third(MUSTARD),
        loved: 94,
        ..BASE
    },
    Seed {
        slug: "chestnut-honey",
        title: "Chestnut honey",
        category: "honey-and-preserves",
        summary: "Dark, a little bitter, with something of leather and toast. For cheese.",
        text: &[
            "The mountain hives are the last we bring down. This is not a honey for children; it is the one you put next to an old Manchego and say nothing for a while.",
        ],
        facts: &["Keeps: two years", "Stays liquid"],
        attrs: &[
            ("kind", "Honey"),
            ("origin", "Sierra de Aracena, Spain"),
            ("tastes_of", "Chestnut, malt, smoke"),
            ("organic", "yes"),
        ],
        sizes: Some(("Size", &[("250 g", 0, 0), ("500 g", 600, 340)])),
        price: 990,
        weight: 420,
        stock: 34,
        tags: &["honey", "chestnut", "cheese", "organic"],
        look: Look::new(larder::jar, Colour(0x7a3f14)).second(CHARCOAL).third(CHESTNUT),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "bitter-orange-marmalade",
        title: "Bitter orange marmalade",
        category: "honey-and-preserves",
        summary: "Seville oranges, cane sugar, patience. Cut thick, set soft.",
        text: &[
            "We cut the peel by hand because the machine makes it all the same length, and half the pleasure is finding a long one. Boiled in copper in batches of forty jars.",
        ],
        facts: &["Fruit: 62 g in 100 g", "After opening: three months in the fridge"],
        attrs: &[
            ("kind", "Marmalade"),
            ("origin", "Seville, Spain"),
            ("tastes_of", "Bitter orange, caramel"),
            ("organic", "yes"),
        ],
        price: 690,
        weight: 460,
        stock: 52,
        tags: &["marmalade", "orange", "jam", "breakfast"],
        look: Look::new(larder::jar, Colour(0xd9791f)).second(CHALK).third(TERRACOTTA).style(1),
        loved: 79,
        ..BASE
    },
    Seed {
        slug: "fig-and-almond-preserve",
        title: "Fig and almond preserve",
        category: "honey-and-preserves",
        summary: "Black figs in their own syrup with toasted almonds, thick enough to slice.",
        text: &[
            "Picked in September when the skins split. We cook the figs whole, twice, and let them rest a night in between, so they keep their seeds and their temper.",
        ],
        facts: &["Fruit: 70 g in 100 g", "Contains: almonds"],
        attrs: &[
            ("kind", "Jam"),
            ("origin", "Extremadura, Spain"),
            ("tastes_of", "Fig, almond, bay"),
            ("organic", "no"),
        ],
        price: 750,
        weight: 440,
        stock: 28,
        tags: &["jam", "fig", "preserve", "cheese"],
        look: Look::new(larder::jar, PLUM).second(BLUSH).third(PLUM).style(1),
        off: Some((15, "New harvest soon")),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "strawberry-jam",
        title: "Strawberry jam",
        category: "honey-and-preserves",
        summary: "From Huelva, in May, with whole berries and less sugar than you expect.",
        text: &[
            "Small, late strawberries that would not survive a lorry. We cook them the day they are picked, so briefly that they stay whole, and the lemon does the setting.",
        ],
        facts: &["Fruit: 68 g in 100 g", "After opening: a month in the fridge"],
        attrs: &[("kind", "Jam"), ("origin", "Huelva, Spain"), ("tastes_of", "Strawberry, lemon"), ("organic", "yes")],
        price: 650,
        weight: 430,
        stock: 45,
        tags: &["jam", "strawberry", "breakfast"],
        look: Look::new(larder::jar, RASPBERRY).second(CHALK).third(RASPBERRY).style(1),
        loved: 73,
        ..BASE
    },
    Seed {
        slug: "manzanilla-olives",
        title: "Manzanilla olives with lemon",
        category: "honey-and-preserves",
        summary: "Cracked by hand, cured in brine with lemon, garlic and mountain oregano.",
        text: &[
            "Small green olives with a good bite. They spend six weeks in the barrel and then go into the jar with the same herbs that grow between the trees.",
        ],
        facts: &["Drained weight: 200 g", "With stones, because they taste of more"],
        attrs: &[
            ("kind", "Olives"),
            ("origin", "Jaén, Spain"),
            ("tastes_of", "Green olive, lemon, garlic"),
            ("organic", "yes"),
        ],
        price: 590,
        weight: 420,
        stock: 48,
        tags: &["olives", "tapas", "aperitif"],
        look: Look::new(larder::jar, OLIVE).second(GRAPHITE).third(FERN).style(2),
        loved: 65,
        ..BASE
    },
    Seed {
        slug: "early-harvest-olive-oil",
        title: "Early harvest olive oil",
        category: "oils-and-spices",
        summary: "Picual, picked green in October: tomato leaf, cut grass, a peppery finish.",
        text: &[
            "Green olives give half as much oil as ripe ones and three times as much character. We press within four hours of picking and bottle without filtering.",
            "For bread, tomatoes, beans, and the last minute of any soup.",
        ],
        facts: &["Acidity: 0.15 %", "Harvest date on each bottle", "Keeps: eighteen months, away from the stove"],
        attrs: &[("kind", "Olive oil"), ("origin", "Jaén, Spain"), ("use", "Bread, salad, soup"), ("organic", "yes")],
        sizes: Some(("Size", &[("250 ml", -700, -360), ("500 ml", 0, 0), ("750 ml", 650, 420)])),
        price: 1690,
        weight: 960,
        stock: 40,
        tags: &["olive oil", "extra virgin", "picual", "organic"],
        look: Look::new(larder::bottle, DARK_GLASS).second(CHARCOAL).third(OIL),
        loved: 92,
        ..BASE
    },
    Seed {
        slug: "arbequina-oil-canister",
        title: "Arbequina oil, family canister",
        category: "oils-and-spices",
        summary: "The mild one, for every day, in a tin that keeps the light out and the price down.",
        text: &[
            "Arbequina is round and almost sweet, with a note of almond. It does not argue with fish. We fill it straight from the settling tank in November.",
        ],
        facts: &["Acidity: 0.2 %", "With a pull-out spout"],
        attrs: &[
            ("kind", "Olive oil"),
            ("origin", "Lleida, Spain"),
            ("use", "Cooking, baking, fish"),
            ("organic", "no"),
        ],
        sizes: Some(("Size", &[("2 l", 0, 0), ("3 l", 1100, 980), ("5 l", 2900, 2950)])),
        price: 3490,
        weight: 2050,
        stock: 25,
        tags: &["olive oil", "arbequina", "tin", "cooking"],
        look: Look::new(larder::tin, OIL).second(STEEL).third(PINE).style(2),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "reserve-sherry-vinegar",
        title: "Reserve sherry vinegar",
        category: "oils-and-spices",
        summary: "Twelve years in a row of barrels in Jerez. A spoonful does the work of a sauce.",
        text: &[
            "It smells of walnuts and old furniture and tastes of much more. Over lentils, over strawberries, in the pan after the meat has come out.",
        ],
        facts: &["Acidity: 8 %", "Solera of twelve years"],
        attrs: &[
            ("kind", "Vinegar"),
            ("origin", "Jerez, Spain"),
            ("use", "Lentils, salad, strawberries"),
            ("organic", "no"),
        ],
        price: 1290,
        weight: 680,
        stock: 30,
        tags: &["vinegar", "sherry", "salad"],
        look: Look::new(larder::bottle, AMBER).second(CORK).third(WINE).style(1),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "smoked-paprika",
        title: "Smoked paprika",
        category: "oils-and-spices",
        summary: "Peppers dried for two weeks over oak fires in La Vera, then stone-ground.",
        text: &[
            "Open the tin and the kitchen smells of a bonfire. Sweet for stews, bittersweet for chickpeas, hot for those who said they can take it.",
        ],
        facts: &["Weight: 75 g", "Keeps: two years, closed and dark"],
        attrs: &[("kind", "Spice"), ("origin", "La Vera, Spain"), ("use", "Stews, potatoes, eggs"), ("organic", "yes")],
        sizes: Some(("Kind", &[("Sweet", 0, 0), ("Bittersweet", 0, 0), ("Hot", 0, 0)])),
        price: 490,
        weight: 130,
        stock: 70,
        tags: &["paprika", "spice", "smoked"],
        look: Look::new(larder::tin, PAPRIKA).second(GOLD).third(PAPRIKA).style(1),
        loved: 76,
        ..BASE
    },
    Seed {
        slug: "saffron-threads",
        title: "Saffron threads",
        category: "oils-and-spices",
        summary: "La Mancha, this autumn's flowers, one gram, plucked at dawn.",
        text: &[
            "A hundred and fifty crocuses make a gram. Crush a pinch with sugar, steep it in a little warm broth, and a rice for six turns the colour of an egg yolk.",
        ],
        facts: &["Grade: coupé, red tips only", "With its certificate of origin"],
        attrs: &[
            ("kind", "Spice"),
            ("origin", "La Mancha, Spain"),
            ("use", "Rice, fish, milk puddings"),
            ("organic", "yes"),
        ],
        sizes: Some(("Weight", &[("1 g", 0, 0), ("2 g", 990, 2)])),
        price: 1190,
        weight: 60,
        stock: 24,
        tags: &["saffron", "spice", "paella"],
        look: Look::new(larder::tin, SAFFRON).second(BUTTER).third(WINE).style(1),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "sea-salt-flakes",
        title: "Sea salt flakes",
        category: "oils-and-spices",
        summary: "Skimmed by hand from the salt pans of the Ebro delta while the wind is down.",
        text: &[
            "On still evenings a crust forms on the water as thin as a window pane. It is lifted off with a wooden rake before it sinks; those are the flakes.",
        ],
        facts: &["Weight: 200 g", "Resealable bag with a wooden clip"],
        attrs: &[
            ("kind", "Salt"),
            ("origin", "Ebro delta, Spain"),
            ("use", "Everything, at the end"),
            ("organic", "no"),
        ],
        price: 590,
        weight: 230,
        stock: 55,
        tags: &["salt", "sea salt", "flakes"],
        look: Look::new(larder::bag, CHALK).second(SKY).third(COBALT).style(1),
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "six-month-manchego",
        title: "Manchego, six months",
        category: "sweets-and-deli",
        summary: "Raw sheep's milk, a firm paste, a rind pressed with esparto grass.",
        text: &[
            "From a dairy with four hundred ewes and one cheesemaker, Rosa, who turns each wheel herself. Nutty, a touch lanolin, with a tail that asks for honey.",
        ],
        facts: &["Sent chilled, vacuum-packed", "Keeps: two months in the fridge"],
        attrs: &[("kind", "Cheese"), ("allergens", "Milk"), ("vegan", "no"), ("origin", "Spain")],
        sizes: Some(("Weight", &[("300 g", 0, 0), ("Half wheel, 1.4 kg", 2500, 1150)])),
        price: 990,
        weight: 360,
        stock: 22,
        tags: &["cheese", "manchego", "tapas", "sheep"],
        look: Look::new(wall::deli, CHEESE).second(CHESTNUT),
        loved: 69,
        ..BASE
    },
    Seed {
        slug: "marcona-almonds",
        title: "Marcona almonds, fried and salted",
        category: "sweets-and-deli",
        summary: "Round, buttery, fried in our own oil and gone before the guests arrive.",
        text: &[
            "Marcona is to other almonds what a good tomato is to the rest. We fry them in olive oil, in pans, and salt them while they are hot.",
        ],
        facts: &["Ingredients: almonds, olive oil, salt"],
        attrs: &[("kind", "Nuts"), ("allergens", "Almonds"), ("vegan", "yes"), ("origin", "Spain")],
        sizes: Some(("Weight", &[("150 g", 0, 0), ("500 g", 1090, 360)])),
        price: 690,
        weight: 180,
        stock: 44,
        tags: &["almonds", "nuts", "tapas", "salted"],
        look: Look::new(wall::deli, BEECH).second(DENIM).style(3),
        off: Some((10, "Aperitif hour")),
        loved: 72,
        ..BASE
    },
    Seed {
        slug: "almond-nougat",
        title: "Almond nougat, hard",
        category: "sweets-and-deli",
        summary: "Turrón the way Alicante makes it: almonds, honey, egg white and a hammer.",
        text: &[
            "More almond than anything else, held together by orange blossom honey. Break it in its paper with the flat of a knife and pretend to share.",
        ],
        facts: &["Weight: 250 g", "Almonds: 70 %"],
        attrs: &[("kind", "Nougat"), ("allergens", "Almonds, egg"), ("vegan", "no"), ("origin", "Spain")],
        price: 1190,
        weight: 290,
        stock: 32,
        tags: &["nougat", "turron", "almond", "sweet"],
        look: Look::new(larder::bar, CREAM).second(TERRACOTTA).third(GOLD).style(1),
        loved: 54,
        ..BASE
    },
    Seed {
        slug: "wood-fired-country-loaf",
        title: "Wood-fired country loaf",
        category: "sweets-and-deli",
        summary: "Sourdough with a hard crust, baked at night and sent the same morning.",
        text: &[
            "Two-day dough, old wheat from Burgos, a brick oven that never quite goes out. It arrives a day old, which is when it is best, and makes toast for the rest of the week.",
        ],
        facts: &["Weight: 1 kg", "Keeps: five days in a cloth", "Baked Tuesdays and Thursdays"],
        attrs: &[("kind", "Bread"), ("allergens", "Wheat"), ("vegan", "yes"), ("origin", "Spain")],
        price: 790,
        weight: 1020,
        stock: 20,
        tags: &["bread", "sourdough", "loaf"],
        look: Look::new(wall::deli, CRUST).style(1),
        loved: 56,
        ..BASE
    },
];
