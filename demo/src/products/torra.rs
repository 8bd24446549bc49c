//! Torra Ponte: coffee, tea, chocolate.

use super::backdrops::ROAST;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{Choice, SEED, Seed, Shelf};
use crate::things::{cups, kitchen, larder, vessels, wall};

pub const SHELF: Shelf = Shelf { vendor: "torra-ponte", code: "TOR", mark: Mark::Bridge, tints: &ROAST, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Pantry, ..SEED };
const BAGS: Option<Choice> = Some(("Weight", &[("250 g", 0, 0), ("1 kg", 2300, 760)]));
const GRIND: Option<Choice> = Some(("Grind", &[("Whole bean", 0, 0), ("Filter", 0, 0), ("Espresso", 0, 0)]));

const SEEDS: &[Seed] = &[
    Seed {
        slug: "ribeira-house-espresso",
        title: "Ribeira house espresso",
        category: "coffee-and-tea",
        summary: "Chocolate, hazelnut, a long finish. The cup our neighbours come in for at seven.",
        text: &[
            "Brazil for body, a little Uganda for backbone. We roast it dark enough to stand up to milk and stop before it turns to charcoal.",
            "Eighteen grams in, thirty-six out, twenty-eight seconds: that is how we drink it.",
        ],
        facts: &["Roasted: Mondays and Thursdays", "Keeps: best between one and six weeks", "Bag: paper, with a valve"],
        attrs: &[
            ("kind", "Coffee"),
            ("origin", "Brazil and Uganda"),
            ("tastes_of", "Dark chocolate, hazelnut"),
            ("organic", "no"),
        ],
        sizes: BAGS,
        more: GRIND,
        price: 990,
        weight: 280,
        stock: 64,
        tags: &["coffee", "espresso", "beans"],
        look: Look::new(larder::bag, KRAFT).second(APRICOT).third(ESPRESSO),
        loved: 97,
        ..BASE
    },
    Seed {
        slug: "ethiopia-guji-filter",
        title: "Ethiopia Guji, filter roast",
        category: "coffee-and-tea",
        summary: "Peach, jasmine, black tea. Washed, light, and awake.",
        text: &[
            "From Shakiso, at 2,100 metres, where the coffee grows under its own forest. Brew it a little cooler than usual and let it cool further; the fruit comes out last.",
        ],
        facts: &["Variety: heirloom", "Process: washed", "Roasted to order"],
        attrs: &[
            ("kind", "Coffee"),
            ("origin", "Guji, Ethiopia"),
            ("tastes_of", "Peach, jasmine, black tea"),
            ("organic", "yes"),
        ],
        sizes: BAGS,
        more: GRIND,
        price: 1290,
        weight: 280,
        stock: 38,
        tags: &["coffee", "filter", "ethiopia", "organic"],
        look: Look::new(larder::bag, BLUSH).second(MINT).third(TEAL),
        loved: 80,
        ..BASE
    },
    Seed {
        slug: "colombia-huila",
        title: "Colombia Huila",
        category: "coffee-and-tea",
        summary: "Caramel and red apple; the one to give to somebody whose taste you do not know.",
        text: &[
            "Forty families around Pitalito bring their cherries to one washing station, and one cooperative pays them on the day. It is sweet, balanced and very hard to brew badly.",
        ],
        facts: &["Variety: caturra and castillo", "Process: washed"],
        attrs: &[
            ("kind", "Coffee"),
            ("origin", "Huila, Colombia"),
            ("tastes_of", "Caramel, red apple"),
            ("organic", "no"),
        ],
        sizes: BAGS,
        more: GRIND,
        price: 1090,
        weight: 280,
        stock: 46,
        tags: &["coffee", "colombia", "beans"],
        look: Look::new(larder::bag, SAGE).second(BUTTER).third(BRICK),
        off: Some((10, "Coffee of the month")),
        loved: 74,
        ..BASE
    },
    Seed {
        slug: "sesta-decaf",
        title: "Sesta decaf",
        category: "coffee-and-tea",
        summary: "For the cup after dinner that should not follow you to bed.",
        text: &[
            "Decaffeinated in Mexico with mountain water and nothing else, then roasted a shade lighter than our espresso so that the sweetness survives.",
        ],
        facts: &["Caffeine: below 0.1 %", "Process: mountain water"],
        attrs: &[
            ("kind", "Coffee"),
            ("origin", "Chiapas, Mexico"),
            ("tastes_of", "Almond, brown sugar"),
            ("organic", "yes"),
        ],
        sizes: BAGS,
        more: GRIND,
        price: 1190,
        weight: 280,
        stock: 30,
        tags: &["coffee", "decaf", "decaffeinated"],
        look: Look::new(larder::bag, DUSK).second(LAVENDER).third(INK),
        loved: 51,
        ..BASE
    },
    Seed {
        slug: "azores-green-tea",
        title: "Azores green tea",
        category: "coffee-and-tea",
        summary: "From Europe's oldest tea garden, in the middle of the Atlantic.",
        text: &[
            "São Miguel has fog, acid soil and no pests worth the name, so nobody has ever had to spray. Fresh, grassy, with a hint of salt that we like to think is the sea.",
        ],
        facts: &["Brew: 75 °C, two minutes, twice", "Tin: 100 g, refills available"],
        attrs: &[
            ("kind", "Green tea"),
            ("origin", "São Miguel, Azores"),
            ("tastes_of", "Fresh hay, sea air"),
            ("organic", "yes"),
        ],
        price: 1150,
        weight: 210,
        stock: 33,
        tags: &["tea", "green tea", "azores"],
        look: Look::new(larder::tin, PINE).second(BRASS).third(PINE),
        loved: 61,
        ..BASE
    },
    Seed {
        slug: "smoked-black-tea",
        title: "Smoked black tea",
        category: "coffee-and-tea",
        summary: "Azores leaf, smoked over pine in Porto: campfire in a china cup.",
        text: &[
            "We smoke it ourselves, on the roaster's night off. Less fierce than a Lapsang, and remarkably good with cheese on toast.",
        ],
        facts: &["Brew: boiling water, four minutes", "Tin: 100 g"],
        attrs: &[
            ("kind", "Black tea"),
            ("origin", "São Miguel, Azores"),
            ("tastes_of", "Pine smoke, plum"),
            ("organic", "no"),
        ],
        price: 1250,
        weight: 210,
        stock: 21,
        tags: &["tea", "black tea", "smoked"],
        look: Look::new(larder::tin, CHARCOAL).second(COPPER).third(BRICK),
        loved: 44,
        ..BASE
    },
    Seed {
        slug: "lemon-verbena-infusion",
        title: "Lemon verbena infusion",
        category: "coffee-and-tea",
        summary: "Whole leaves from a garden in Alentejo. Sleep follows.",
        text: &[
            "Cut before it flowers, dried in the dark so that it stays green. Three leaves are a cup; ten are a pot, and the whole house smells of lemon.",
        ],
        facts: &["Without caffeine", "Tin: 40 g of whole leaves"],
        attrs: &[
            ("kind", "Infusion"),
            ("origin", "Alentejo, Portugal"),
            ("tastes_of", "Lemon, fresh herbs"),
            ("organic", "yes"),
        ],
        price: 890,
        weight: 140,
        stock: 37,
        tags: &["tea", "herbal", "verbena", "infusion"],
        look: Look::new(larder::tin, BUTTER).second(FERN).third(FERN),
        loved: 57,
        ..BASE
    },
    Seed {
        slug: "dark-chocolate-sea-salt",
        title: "Dark chocolate with sea salt, 72 %",
        category: "sweets-and-deli",
        summary: "São Tomé cocoa, ground for two days, with flakes of salt on the back.",
        text: &[
            "The beans come over on the same boat as they did two centuries ago, and are paid a good deal better. Snap it, wait, and let the salt arrive first.",
        ],
        facts: &["Weight: 80 g", "Cocoa: 72 %, two ingredients and salt"],
        attrs: &[("kind", "Chocolate"), ("allergens", "May contain nuts"), ("vegan", "yes"), ("origin", "Portugal")],
        price: 590,
        weight: 95,
        stock: 80,
        tags: &["chocolate", "dark chocolate", "salt", "vegan"],
        look: Look::new(larder::bar, CACAO).second(TEAL).third(GOLD),
        loved: 86,
        ..BASE
    },
    Seed {
        slug: "milk-chocolate-hazelnut",
        title: "Milk chocolate with hazelnuts",
        category: "sweets-and-deli",
        summary: "Forty-five per cent cocoa, whole roasted nuts, no apologies.",
        text: &[
            "Milk chocolate for people who thought they had outgrown it. The hazelnuts go into the roaster straight after the coffee, while it is still hot.",
        ],
        facts: &["Weight: 90 g", "Cocoa: 45 %"],
        attrs: &[("kind", "Chocolate"), ("allergens", "Milk, hazelnuts"), ("vegan", "no"), ("origin", "Portugal")],
        price: 590,
        weight: 105,
        stock: 66,
        tags: &["chocolate", "milk chocolate", "hazelnut"],
        look: Look::new(larder::bar, MILKCHOC).second(TOMATO).third(BUTTER),
        loved: 71,
        ..BASE
    },
    Seed {
        slug: "cinnamon-biscuits-tin",
        title: "Cinnamon biscuits",
        category: "sweets-and-deli",
        summary: "Thin, brittle, made for dunking, by Inês's mother on Wednesdays.",
        text: &[
            "She will not give us the recipe. We know there is olive oil in it instead of butter, and that they survive four seconds in coffee.",
        ],
        facts: &["Weight: 280 g, about 40 biscuits", "Keeps: two months, if hidden"],
        attrs: &[("kind", "Biscuits"), ("allergens", "Wheat, egg"), ("vegan", "no"), ("origin", "Portugal")],
        price: 840,
        weight: 320,
        stock: 29,
        tags: &["biscuits", "cookies", "cinnamon", "coffee"],
        look: Look::new(wall::deli, BEECH).second(CACAO).style(2),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "porcelain-dripper",
        title: "Porcelain dripper",
        category: "tea-and-coffee-gear",
        summary: "A cone that keeps its heat and lets the water find its own speed.",
        text: &[
            "Spiral ribs inside, one large hole below, a saucer that fits any cup. Porcelain takes a moment to warm and then holds the temperature better than plastic ever does.",
        ],
        facts: &["Fits: size 02 filters", "Glass server not included", "Care: dishwasher safe"],
        attrs: &[("material", "Porcelain"), ("volume", "500"), ("dishwasher", "yes"), ("origin", "Portugal")],
        dyes: &[("White", CHALK), ("Terracotta", TERRACOTTA), ("Ink", INK)],
        price: 2900,
        weight: 520,
        stock: 23,
        tags: &["dripper", "filter coffee", "pour over", "porcelain"],
        look: Look::new(kitchen::dripper, CHALK),
        world: World::Kitchen,
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "hourglass-coffee-carafe",
        title: "Hourglass coffee carafe",
        category: "tea-and-coffee-gear",
        summary: "Brews, serves and looks good empty: one piece of glass with an oak collar.",
        text: &[
            "Borosilicate glass, blown thin. The collar is tied on with a leather lace and comes off for the wash. It makes four cups of very clear coffee.",
        ],
        facts: &["Volume: 800 ml", "Care: glass in the dishwasher, collar by hand"],
        attrs: &[("material", "Glass"), ("volume", "800"), ("dishwasher", "yes"), ("origin", "Portugal")],
        price: 4900,
        was: Some(5600),
        weight: 620,
        stock: 12,
        tags: &["carafe", "pour over", "coffee", "glass"],
        look: Look::new(kitchen::dripper, OAK).style(1),
        world: World::Kitchen,
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "gooseneck-kettle",
        title: "Gooseneck kettle",
        category: "tea-and-coffee-gear",
        summary: "A thin, steady stream exactly where you point it. For any stove, induction too.",
        text: &[
            "The spout starts low and narrows twice, which is what makes the water obey. The handle is walnut and stays cool for longer than your patience.",
        ],
        facts: &["Volume: 0.9 l", "Enamelled steel", "Thermometer in the lid"],
        attrs: &[("material", "Steel"), ("volume", "900"), ("dishwasher", "no"), ("origin", "Portugal")],
        dyes: &[("Charcoal", CHARCOAL), ("Cream", CREAM), ("Pine", PINE)],
        price: 6900,
        weight: 980,
        stock: 10,
        tags: &["kettle", "gooseneck", "pour over", "coffee"],
        look: Look::new(kitchen::kettle, CHARCOAL).second(WALNUT),
        world: World::Kitchen,
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "hand-coffee-grinder",
        title: "Hand coffee grinder",
        category: "tea-and-coffee-gear",
        summary: "Conical steel burrs, thirty clicks, and a minute of your own to wake up in.",
        text: &[
            "Two bearings hold the shaft straight, so the last gram is as even as the first. From Turkish to French press without tools.",
        ],
        facts: &["Holds: 30 g", "Burrs: 38 mm, hardened steel", "Care: a brush, never water"],
        attrs: &[("material", "Steel"), ("volume", "90"), ("dishwasher", "no"), ("origin", "Portugal")],
        price: 8900,
        weight: 610,
        stock: 14,
        tags: &["grinder", "coffee", "burr grinder"],
        look: Look::new(kitchen::grinder, STEEL).second(WALNUT),
        world: World::Kitchen,
        off: Some((12, "World coffee day")),
        loved: 59,
        ..BASE
    },
    Seed {
        slug: "moka-pot",
        title: "Moka pot",
        category: "tea-and-coffee-gear",
        summary: "Eight sides, three parts, one gurgle. The kitchen sound of half of Europe.",
        text: &[
            "Steel instead of aluminium, so it works on induction and may go into the dishwasher, though your grandmother would not hear of it. Fill the water to the valve, the coffee to the rim, and take it off the moment it begins to sing.",
        ],
        facts: &["For any stove", "Spare seals always in stock"],
        attrs: &[("material", "Steel"), ("volume", "200"), ("dishwasher", "yes"), ("origin", "Portugal")],
        sizes: Some(("Size", &[("3 cups", -800, -160), ("6 cups", 0, 0), ("9 cups", 900, 240)])),
        price: 4200,
        weight: 690,
        stock: 18,
        tags: &["moka", "espresso", "coffee maker", "stovetop"],
        look: Look::new(kitchen::moka, STEEL).second(CHARCOAL),
        world: World::Kitchen,
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "cortado-glasses",
        title: "Cortado glasses, set of two",
        category: "mugs",
        summary: "Fluted, stackable, just large enough for a shot and its share of milk.",
        text: &[
            "The glasses from the counter in our shop. They have been dropped from it more often than we can count.",
        ],
        facts: &["Volume: 130 ml", "Toughened glass", "Care: dishwasher safe"],
        attrs: &[("material", "Glass"), ("volume", "130"), ("dishwasher", "yes"), ("origin", "Portugal")],
        price: 1400,
        weight: 360,
        stock: 41,
        tags: &["glass", "cortado", "coffee", "set"],
        look: Look::new(cups::espresso, BLUSH).style(1).second(MILKCHOC).third(COFFEE),
        world: World::Kitchen,
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "glass-teapot",
        title: "Glass teapot with oak lid",
        category: "tea-and-coffee-gear",
        summary: "Watch the leaves open. It is half of what tea is for.",
        text: &[
            "A steel spring in the spout holds back the leaves, and the lid is a slice of oak with a knob. Set it over a tealight on winter afternoons.",
        ],
        facts: &["Volume: 1 l", "Care: glass in the dishwasher, lid by hand"],
        attrs: &[("material", "Glass"), ("volume", "1000"), ("dishwasher", "yes"), ("origin", "Portugal")],
        price: 3900,
        weight: 540,
        stock: 13,
        tags: &["teapot", "glass", "tea"],
        look: Look::new(vessels::teapot, CHALK).second(TEA).third(OAK).style(1),
        world: World::Kitchen,
        loved: 53,
        ..BASE
    },
    Seed {
        slug: "box-of-pralines",
        title: "Pralines in a keepsake tin",
        category: "sweets-and-deli",
        summary: "Sixteen fillings, among them port wine, cinnamon and one that is only coffee.",
        text: &[
            "Made on Fridays, in January more than in June. The tin is printed by the shop that did our sign, and ends up full of buttons in most homes.",
        ],
        facts: &["Weight: 200 g, 16 pieces", "Keeps: six weeks, cool"],
        attrs: &[
            ("kind", "Chocolate"),
            ("allergens", "Milk, almonds, hazelnuts"),
            ("vegan", "no"),
            ("origin", "Portugal"),
        ],
        price: 2190,
        weight: 380,
        stock: 18,
        tags: &["chocolate", "pralines", "gift", "tin"],
        look: Look::new(larder::tin, BLUSH).second(WINE).third(WINE).style(3),
        loved: 60,
        ..BASE
    },
];
