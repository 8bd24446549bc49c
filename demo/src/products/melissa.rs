//! Melissa Apothecary: soaps, creams, brushes.

use super::backdrops::HERBS;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{bath, larder};

pub const SHELF: Shelf =
    Shelf { vendor: "melissa-apothecary", code: "MEL", mark: Mark::Sprig, tints: &HERBS, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Bath, ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "olive-oil-soap",
        title: "Olive oil soap, two bars",
        category: "soap-and-bath",
        summary: "Cretan oil, wood ash lye, six months on the drying rack. Green, plain, gentle.",
        text: &[
            "The recipe has three ingredients and most of the work is waiting. A well-dried bar is hard, foams softly and lasts about two months by the basin.",
            "Good for hands, face, babies, and woollens.",
        ],
        facts: &["Weight: 2 × 120 g", "Keep it dry between uses"],
        attrs: &[("scent", "Unscented"), ("skin", "Sensitive skin"), ("vegan", "yes"), ("origin", "Greece")],
        price: 890,
        weight: 260,
        stock: 62,
        tags: &["soap", "olive oil", "unscented", "vegan"],
        look: Look::new(bath::soap, SAGE).second(MOSS).third(OLIVE),
        loved: 90,
        ..BASE
    },
    Seed {
        slug: "rosemary-clay-soap",
        title: "Rosemary and clay soap, two bars",
        category: "soap-and-bath",
        summary: "Red clay for grip, rosemary to wake up with.",
        text: &[
            "The clay comes from the gully behind the workshop, sieved through a stocking. It takes off garden, bicycle and most kinds of fish. The scent is sharp and clean and gone by the time you have dried your hands.",
        ],
        facts: &["Weight: 2 × 120 g"],
        attrs: &[("scent", "Rosemary"), ("skin", "Oily skin"), ("vegan", "yes"), ("origin", "Greece")],
        price: 950,
        weight: 260,
        stock: 40,
        tags: &["soap", "rosemary", "clay", "vegan"],
        look: Look::new(bath::soap, CLAY).second(RUST).third(FERN),
        loved: 61,
        ..BASE
    },
    Seed {
        slug: "oat-and-honey-soap",
        title: "Oat and honey soap",
        category: "soap-and-bath",
        summary: "A round bar with ground oats and thyme honey, for skin in winter.",
        text: &[
            "Thyme honey is the reason to visit Crete in July, and it draws moisture like nothing else. The oats are as fine as flour; they polish and do not scratch.",
        ],
        facts: &["Weight: 150 g", "Dish not included"],
        attrs: &[("scent", "Honey"), ("skin", "Dry skin"), ("vegan", "no"), ("origin", "Greece")],
        price: 690,
        weight: 170,
        stock: 44,
        tags: &["soap", "honey", "oat", "dry skin"],
        look: Look::new(bath::soap, BUTTER).second(CHALK).style(1),
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "solid-shampoo-bar",
        title: "Solid shampoo bar",
        category: "skin-and-hair",
        summary: "One bar, eighty washes, no bottle. Nettle and laurel for shine.",
        text: &[
            "Rub it on wet hair three times and there is foam enough. It travels in hand luggage and cannot leak onto your shirts.",
        ],
        facts: &["Weight: 85 g", "Without silicone or sulphates"],
        attrs: &[("kind", "Hair"), ("scent", "Laurel"), ("vegan", "yes"), ("origin", "Greece")],
        sizes: Some(("For", &[("Normal hair", 0, 0), ("Dry hair", 0, 0), ("Fine hair", 0, 0)])),
        price: 1090,
        weight: 100,
        stock: 35,
        tags: &["shampoo", "solid", "hair", "vegan", "travel"],
        look: Look::new(bath::soap, MINT).second(OAK).style(1),
        off: Some((15, "Travel light")),
        loved: 72,
        ..BASE
    },
    Seed {
        slug: "lavender-bath-salts",
        title: "Lavender bath salts",
        category: "soap-and-bath",
        summary: "Coarse sea salt with real lavender oil, for the evening you cancelled.",
        text: &[
            "Two handfuls under the running tap. The salt is from Mesolongi and slightly pink; the lavender grows in rows behind the chapel.",
        ],
        facts: &["Weight: 600 g, about six baths", "Jar with a cork, to be refilled"],
        attrs: &[("scent", "Lavender"), ("skin", "All skin"), ("vegan", "yes"), ("origin", "Greece")],
        price: 1690,
        weight: 950,
        stock: 23,
        tags: &["bath salts", "lavender", "bath", "relax"],
        look: Look::new(larder::jar, LILAC).third(LAVENDER).style(3),
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "hand-cream",
        title: "Hand cream",
        category: "skin-and-hair",
        summary: "Sinks in while you look for your keys. Sage, olive and beeswax.",
        text: &[
            "We make it for potters and gardeners, who are strict: it must work, and it must not be on the door handle afterwards.",
        ],
        facts: &["Volume: 75 ml, aluminium tube", "Squeeze from the bottom"],
        attrs: &[("kind", "Hands"), ("scent", "Sage"), ("vegan", "no"), ("origin", "Greece")],
        sizes: Some(("Scent", &[("Sage", 0, 0), ("Rose", 0, 0), ("Unscented", 0, 0)])),
        price: 1290,
        weight: 95,
        stock: 48,
        tags: &["hand cream", "hands", "sage", "dry skin"],
        look: Look::new(bath::cream, SAGE).second(PINE).third(PINE).style(1),
        loved: 83,
        ..BASE
    },
    Seed {
        slug: "day-cream",
        title: "Day cream with calendula",
        category: "skin-and-hair",
        summary: "A light cream for faces that are outdoors, in a jar you will keep.",
        text: &[
            "Calendula flowers steep in almond oil on the roof for six weeks. We whip the oil with rose water until it stands; that is very nearly the whole recipe.",
        ],
        facts: &["Volume: 50 ml", "Glass jar, wooden lid", "Use within six months"],
        attrs: &[("kind", "Face"), ("scent", "Calendula"), ("vegan", "yes"), ("origin", "Greece")],
        price: 2400,
        weight: 180,
        stock: 27,
        tags: &["cream", "face", "calendula", "vegan"],
        look: Look::new(bath::cream, SAND).second(OAK).third(PINE),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "calendula-balm",
        title: "Calendula balm",
        category: "skin-and-hair",
        summary: "For elbows, knees, noses and everything with a graze on it.",
        text: &[
            "Beeswax, olive oil, flowers. It is the tin that travels from rucksack to rucksack and comes back empty. Warm a little between two fingers first; it melts at the temperature of skin and goes a long way.",
        ],
        facts: &["Weight: 60 g"],
        attrs: &[("kind", "Hands"), ("scent", "Calendula"), ("vegan", "no"), ("origin", "Greece")],
        price: 1190,
        weight: 90,
        stock: 39,
        tags: &["balm", "calendula", "salve"],
        look: Look::new(bath::cream, CREAM).second(HONEY).third(TERRACOTTA).style(2),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "rose-lip-balm",
        title: "Rose lip balm",
        category: "skin-and-hair",
        summary: "Soft on cold days, no shine, a trace of rose and none of menthol.",
        text: &[
            "The colour is alkanet root and you will not see it on your lips. The tin opens with one thumb. A tin lasts a winter, unless you have teenagers.",
        ],
        facts: &["Weight: 15 g"],
        attrs: &[("kind", "Lips"), ("scent", "Rose"), ("vegan", "no"), ("origin", "Greece")],
        price: 690,
        weight: 30,
        stock: 58,
        tags: &["lip balm", "lips", "rose"],
        look: Look::new(bath::cream, BLUSH).second(ROSE).third(RASPBERRY).style(2),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "facial-oil",
        title: "Facial oil",
        category: "skin-and-hair",
        summary: "Five drops at night: almond, prickly pear and a little wild carrot.",
        text: &[
            "Press it into damp skin, do not rub. In the morning you look as if you had slept, whether or not you did.",
        ],
        facts: &["Volume: 30 ml, with a dropper", "Keep it out of the sun"],
        attrs: &[("kind", "Face"), ("scent", "Neroli"), ("vegan", "yes"), ("origin", "Greece")],
        price: 2900,
        was: Some(3400),
        weight: 120,
        stock: 19,
        tags: &["facial oil", "serum", "face", "vegan"],
        look: Look::new(bath::flacon, AMBER).second(CHARCOAL).third(RUST).style(1),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "rose-water-mist",
        title: "Rose water mist",
        category: "skin-and-hair",
        summary: "Distilled in a copper still in May. For the face, the pillow, the afternoon.",
        text: &[
            "Four kilos of petals for a litre of water, picked before the sun is on them. Nothing added, nothing taken away.",
        ],
        facts: &["Volume: 100 ml", "Keep it in the fridge in August"],
        attrs: &[("kind", "Face"), ("scent", "Rose"), ("vegan", "yes"), ("origin", "Greece")],
        price: 1690,
        weight: 190,
        stock: 26,
        tags: &["rose water", "toner", "mist", "face"],
        look: Look::new(bath::flacon, BLUSH).second(CHALK).third(RASPBERRY).style(2),
        loved: 57,
        ..BASE
    },
    Seed {
        slug: "rosemary-shampoo",
        title: "Rosemary shampoo",
        category: "skin-and-hair",
        summary: "Clean hair that still feels like hair. In an amber bottle, to be refilled.",
        text: &[
            "Mild sugar surfactants, rosemary hydrosol instead of water, and a pump that gives the right amount. Refills are a litre and save a third.",
        ],
        facts: &["Bottle: glass, 300 ml", "Care: shake before use"],
        attrs: &[("kind", "Hair"), ("scent", "Rosemary"), ("vegan", "yes"), ("origin", "Greece")],
        sizes: Some(("Size", &[("300 ml", 0, 0), ("1 l refill", 1400, 520)])),
        price: 1890,
        weight: 540,
        stock: 33,
        tags: &["shampoo", "rosemary", "hair", "refill"],
        look: Look::new(bath::flacon, AMBER).second(CHARCOAL).third(PINE),
        loved: 76,
        ..BASE
    },
    Seed {
        slug: "fig-conditioner",
        title: "Fig and oat conditioner",
        category: "skin-and-hair",
        summary: "Two minutes, and the comb goes through.",
        text: &[
            "Oat milk untangles, fig seed oil smooths; we keep the scent low because it stays until tomorrow. Leave it in for as long as it takes to brush your teeth, then rinse with cool water for shine.",
        ],
        facts: &["Bottle: glass, 300 ml"],
        attrs: &[("kind", "Hair"), ("scent", "Fig"), ("vegan", "yes"), ("origin", "Greece")],
        sizes: Some(("Size", &[("300 ml", 0, 0), ("1 l refill", 1400, 520)])),
        price: 1890,
        weight: 540,
        stock: 24,
        tags: &["conditioner", "hair", "fig", "refill"],
        look: Look::new(bath::flacon, PINE).second(CHALK).third(FERN),
        loved: 52,
        ..BASE
    },
    Seed {
        slug: "olive-wood-comb",
        title: "Olive wood comb",
        category: "skin-and-hair",
        summary: "Rounded teeth, no static, a grain like a small landscape.",
        text: &[
            "Sawn, filed, sanded and oiled in Rethymno by one man and his radio. Wood takes a little oil from the hair and gives it back at the tips.",
        ],
        facts: &["Length: 17 cm", "Care: wipe, never soak"],
        attrs: &[("kind", "Tools"), ("scent", "None"), ("vegan", "yes"), ("origin", "Greece")],
        price: 1400,
        weight: 45,
        stock: 31,
        tags: &["comb", "hair", "olive wood"],
        look: Look::new(bath::brush, OLIVEWOOD).style(2),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "bristle-hairbrush",
        title: "Bristle hairbrush",
        category: "skin-and-hair",
        summary: "A hundred strokes, as they used to say. Twenty will do.",
        text: &[
            "Natural bristle in a rubber cushion, handle of cherry. It spreads the hair's own oil from root to tip, which is what makes it shine.",
        ],
        facts: &["Length: 22 cm", "Care: clean it with the comb"],
        attrs: &[("kind", "Tools"), ("scent", "None"), ("vegan", "no"), ("origin", "Greece")],
        price: 3400,
        weight: 130,
        stock: 14,
        tags: &["hairbrush", "brush", "hair", "cherry"],
        look: Look::new(bath::brush, CHERRY).second(RUST).third(ESPRESSO),
        off: Some((10, "Spring cleaning")),
        loved: 51,
        ..BASE
    },
    Seed {
        slug: "bath-brush",
        title: "Bath brush",
        category: "soap-and-bath",
        summary: "A long handle for the place between the shoulder blades.",
        text: &[
            "Tampico fibre, stiff when dry and kind when wet. Brush towards the heart before a shower and you will not need the second coffee.",
        ],
        facts: &["Length: 38 cm", "Hang it up to dry"],
        attrs: &[("scent", "None"), ("skin", "All skin"), ("vegan", "yes"), ("origin", "Greece")],
        price: 1890,
        weight: 180,
        stock: 20,
        tags: &["brush", "bath", "body brush"],
        look: Look::new(bath::brush, BEECH).second(BIRCH).third(CREAM).style(1),
        loved: 49,
        ..BASE
    },
];
