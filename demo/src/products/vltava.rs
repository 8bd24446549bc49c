//! Papírna Vltava: paper, pens, books.

use super::backdrops::PAPER;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{Choice, SEED, Seed, Shelf};
use crate::things::{games, larder, paper, wall};

pub const SHELF: Shelf =
    Shelf { vendor: "papirna-vltava", code: "VLT", mark: Mark::River, tints: &PAPER, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Desk, ..SEED };
const RULING: Option<Choice> = Some(("Ruling", &[("Plain", 0, 0), ("Lined", 0, 0), ("Dotted", 0, 0)]));

const SEEDS: &[Seed] = &[
    Seed {
        slug: "cloth-bound-notebook",
        title: "Cloth-bound notebook",
        category: "notebooks-and-pens",
        summary: "Sewn, so it lies flat. Paper that does not mind fountain pens.",
        text: &[
            "Sixteen sections, sewn with linen thread and glued only at the spine, which is why you can open it anywhere and it stays there.",
            "The paper is our own hundred-gram cream; ink dries in seconds and does not come through.",
        ],
        facts: &["Size: A5, 192 pages", "Cover: book cloth over board", "Elastic, ribbon, pocket at the back"],
        attrs: &[("kind", "Notebook"), ("format", "A5"), ("refillable", "no"), ("origin", "Czechia")],
        dyes: &[("Moss", MOSS), ("Ink", INK), ("Brick", BRICK), ("Oat", OAT)],
        more: RULING,
        price: 1990,
        weight: 380,
        stock: 26,
        tags: &["notebook", "journal", "paper", "A5"],
        look: Look::new(paper::notebook, MOSS).second(CREAM),
        loved: 88,
        ..BASE
    },
    Seed {
        slug: "pocket-notebooks-three",
        title: "Pocket notebooks, set of three",
        category: "notebooks-and-pens",
        summary: "Stapled, rounded, thin enough for a shirt. One for each coat.",
        text: &[
            "Forty-eight pages is exactly a fortnight of lists. The label is for a name or a purpose; most of ours say 'misc.' The corners are rounded, so they come out of a pocket as easily as they went in.",
        ],
        facts: &["Size: 9 × 14 cm, 48 pages each"],
        attrs: &[("kind", "Notebook"), ("format", "9 × 14 cm"), ("refillable", "no"), ("origin", "Czechia")],
        more: RULING,
        price: 990,
        weight: 150,
        stock: 54,
        tags: &["notebook", "pocket", "set"],
        look: Look::new(paper::notebook, MUSTARD).second(CREAM).third(TEAL).style(1),
        loved: 71,
        ..BASE
    },
    Seed {
        slug: "year-planner",
        title: "Year planner, undated",
        category: "notebooks-and-pens",
        summary: "Fifty-three weeks that begin whenever you do.",
        text: &[
            "A week on the left, an empty page on the right, because plans need a margin. Tabs for the months and two ribbons, one for now and one for later.",
        ],
        facts: &["Size: 15 × 21 cm, 240 pages", "Gold edges on request"],
        attrs: &[("kind", "Planner"), ("format", "A5"), ("refillable", "no"), ("origin", "Czechia")],
        dyes: &[("Ink", INK), ("Rust", RUST), ("Sage", SAGE)],
        price: 2990,
        weight: 520,
        stock: 20,
        tags: &["planner", "diary", "calendar", "agenda"],
        look: Look::new(paper::notebook, INK).second(GOLD).third(CLAY).style(2),
        off: Some((25, "The year has begun")),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "spiral-sketchbook",
        title: "Spiral sketchbook",
        category: "notebooks-and-pens",
        summary: "Heavy paper with a little tooth, for pencil, ink and a careful watercolour.",
        text: &[
            "The spiral lets it fold right round onto itself, so you can hold it on a tram. Perforated, for the drawings you want to give away and the others.",
        ],
        facts: &["Paper: 180 g, 60 sheets", "Cover: grey board"],
        attrs: &[("kind", "Notebook"), ("format", "Landscape"), ("refillable", "no"), ("origin", "Czechia")],
        sizes: Some(("Size", &[("A5", -400, -260), ("A4", 0, 0)])),
        price: 1690,
        weight: 620,
        stock: 32,
        tags: &["sketchbook", "drawing", "art", "paper"],
        look: Look::new(paper::notebook, KRAFT).second(COBALT).style(3),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "lacquered-fountain-pen",
        title: "Lacquered fountain pen",
        category: "notebooks-and-pens",
        summary: "A steel nib that needs no coaxing, in a barrel with eleven coats of lacquer.",
        text: &[
            "Each nib is tuned on our own paper before it leaves. It fills from a bottle or takes standard cartridges, and writes a letter of six pages without a pause.",
        ],
        facts: &["Length: 13.5 cm closed", "Converter included"],
        attrs: &[("kind", "Pen"), ("format", "13.5 cm"), ("refillable", "yes"), ("origin", "Czechia")],
        dyes: &[("Pine", PINE), ("Ink", INK), ("Wine", WINE)],
        sizes: Some(("Nib", &[("Fine", 0, 0), ("Medium", 0, 0), ("Broad", 0, 0)])),
        price: 6900,
        weight: 90,
        stock: 9,
        tags: &["fountain pen", "pen", "writing", "ink"],
        look: Look::new(paper::pen, PINE).second(GOLD).third(INK),
        loved: 75,
        ..BASE
    },
    Seed {
        slug: "brass-rollerball",
        title: "Brass rollerball",
        category: "notebooks-and-pens",
        summary: "Solid, heavy, knurled at the grip. It will brown like a door handle.",
        text: &[
            "Turned from bar stock on a lathe older than the republic. Takes the refill you can buy at any station.",
        ],
        facts: &["Weight: 42 g", "Refill: standard rollerball"],
        attrs: &[("kind", "Pen"), ("format", "13 cm"), ("refillable", "yes"), ("origin", "Czechia")],
        price: 4400,
        weight: 80,
        stock: 17,
        tags: &["pen", "rollerball", "brass"],
        look: Look::new(paper::pen, CHARCOAL).second(BRASS).third(INK).style(1),
        loved: 56,
        ..BASE
    },
    Seed {
        slug: "twelve-coloured-pencils",
        title: "Twelve coloured pencils",
        category: "notebooks-and-pens",
        summary: "Soft cores, cedar, twelve colours chosen by a painter and a six-year-old.",
        text: &[
            "They argued for a week about the pink. The cores are thick, lay down colour without pressing and do not break inside when dropped, which they will be.",
        ],
        facts: &["Length: 17.5 cm", "Cedar, water-based lacquer"],
        attrs: &[("kind", "Pencils"), ("format", "Box of 12"), ("refillable", "no"), ("origin", "Czechia")],
        price: 1590,
        weight: 130,
        stock: 38,
        tags: &["pencils", "coloured pencils", "drawing", "art"],
        look: Look::new(paper::pencils, COGNAC),
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "bottle-of-ink",
        title: "Bottle of ink",
        category: "notebooks-and-pens",
        summary: "Mixed by hand, named after the river at different hours.",
        text: &[
            "Behaves well in any pen, dries in ten seconds, washes off fingers by evening. The bottle has a well at the bottom so that the last millilitre can be reached.",
        ],
        facts: &["Volume: 50 ml"],
        attrs: &[("kind", "Ink"), ("format", "50 ml"), ("refillable", "no"), ("origin", "Czechia")],
        dyes: &[("Midnight", INK), ("Weir green", PINE), ("Brick kiln", BRICK), ("Lamp black", CHARCOAL)],
        price: 1290,
        weight: 190,
        stock: 34,
        tags: &["ink", "fountain pen", "writing"],
        look: Look::new(larder::bottle, INK).second(CHARCOAL).third(INK).style(3),
        loved: 52,
        ..BASE
    },
    Seed {
        slug: "letter-set",
        title: "Letter set",
        category: "notebooks-and-pens",
        summary: "Twenty sheets, ten envelopes, and no excuse.",
        text: &[
            "Rag paper with a torn edge and lined envelopes. Wax and a seal are in the box too, because if you are going to write a letter you may as well.",
        ],
        facts: &["Paper: 120 g cotton, A5", "Envelopes: C6, gummed"],
        attrs: &[("kind", "Letter paper"), ("format", "A5"), ("refillable", "no"), ("origin", "Czechia")],
        dyes: &[("Sage", SAGE), ("Blush", BLUSH), ("Dusk", DUSK)],
        price: 2200,
        weight: 260,
        stock: 21,
        tags: &["letter", "stationery", "envelopes", "paper"],
        look: Look::new(paper::letters, SAGE).second(CREAM).third(KRAFT),
        off: Some((10, "Write to someone")),
        loved: 54,
        ..BASE
    },
    Seed {
        slug: "the-ferrymans-almanac",
        title: "The Ferryman's Almanac",
        category: "books",
        summary: "A novel about a man who crosses the same river forty times a day, and the one day he does not.",
        text: &[
            "Vilém Hora has kept the ferry at Podbaba for thirty years and a diary for twenty-nine. When the bridge is finally announced he begins to read it, from the start.",
            "Slow, funny, and a good deal sadder than it looks.",
        ],
        facts: &["By Ludmila Hájek", "First English edition", "Sewn, with a ribbon"],
        attrs: &[("genre", "Novel"), ("pages", "312"), ("binding", "Hardcover"), ("language", "English")],
        price: 2400,
        weight: 480,
        stock: 29,
        tags: &["book", "novel", "fiction"],
        look: Look::new(paper::book, PETROL).second(CREAM).third(MUSTARD),
        loved: 67,
        ..BASE
    },
    Seed {
        slug: "soup-for-sunday",
        title: "Soup for Sunday",
        category: "books",
        summary: "Fifty-two soups, one for each week, with the bread that goes with it.",
        text: &[
            "From clear broths to things you could stand a spoon in. Every recipe fits on one page and was cooked by at least one person who says they cannot cook.",
        ],
        facts: &["By Anežka Malá", "52 recipes", "Lies flat by the stove"],
        attrs: &[("genre", "Cookbook"), ("pages", "176"), ("binding", "Hardcover"), ("language", "English")],
        price: 2900,
        was: Some(3400),
        weight: 720,
        stock: 22,
        tags: &["book", "cookbook", "soup", "recipes"],
        look: Look::new(paper::book, TERRACOTTA).second(CREAM).third(BUTTER).style(1),
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "where-the-otters-go",
        title: "Where the Otters Go",
        category: "books",
        summary: "A bedtime book about a river at night, to be read more and more quietly.",
        text: &[
            "Each page has a few words fewer than the one before. Most children do not hear the last one. From two years, and for those who read aloud.",
        ],
        facts: &["By Tereza Říhová, with her own linocuts", "Board pages, rounded corners"],
        attrs: &[("genre", "Children"), ("pages", "28"), ("binding", "Hardcover"), ("language", "English")],
        price: 1690,
        weight: 360,
        stock: 37,
        tags: &["book", "children", "picture book", "bedtime"],
        look: Look::new(paper::book, SKY).second(CHALK).third(TEAL).style(2),
        loved: 73,
        ..BASE
    },
    Seed {
        slug: "field-guide-to-city-trees",
        title: "A Field Guide to City Trees",
        category: "books",
        summary: "Eighty trees between the tram stops, told by leaf, bark and who planted them.",
        text: &[
            "Slim enough for a pocket, with a ruler on the back flap. After a week you cannot walk to the office without stopping.",
        ],
        facts: &["By Pavel Dub", "320 drawings", "Flexible, washable cover"],
        attrs: &[("genre", "Nature"), ("pages", "224"), ("binding", "Paperback"), ("language", "English")],
        price: 1990,
        weight: 310,
        stock: 31,
        tags: &["book", "nature", "trees", "field guide"],
        look: Look::new(paper::book, CREAM).second(PINE).third(MUSTARD).style(3),
        loved: 59,
        ..BASE
    },
    Seed {
        slug: "small-hours",
        title: "Small Hours",
        category: "books",
        summary: "Poems for people who are awake: night nurses, new parents, bakers.",
        text: &[
            "Forty short poems set in large type, so that they can be read by the light of a refrigerator. A ribbon marks the place, because you will fall asleep.",
        ],
        facts: &["By Ida Kropáčková", "Letterpress cover, 500 copies"],
        attrs: &[("genre", "Poetry"), ("pages", "96"), ("binding", "Hardcover"), ("language", "English")],
        price: 1800,
        weight: 240,
        stock: 18,
        tags: &["book", "poetry", "poems"],
        look: Look::new(paper::book, NIGHT).second(BUTTER).third(CHALK).style(4),
        loved: 43,
        ..BASE
    },
    Seed {
        slug: "rooftops-puzzle",
        title: "Rooftops, a puzzle of 1,000 pieces",
        category: "puzzles-and-games",
        summary: "Old Prague in the evening: a lot of red tiles, and then a lot of sky.",
        text: &[
            "Thick board, random cut, matte print that does not mirror the lamp. There is a poster in the box for those who think looking at the lid is cheating.",
        ],
        facts: &["Finished: 68 × 48 cm", "One spare piece of sky, as a joke"],
        attrs: &[("age", "12"), ("pieces", "1000"), ("players", "1 or more"), ("origin", "Czechia")],
        price: 2400,
        weight: 780,
        stock: 24,
        tags: &["puzzle", "jigsaw", "prague", "1000 pieces"],
        look: Look::new(games::puzzle, INK).second(SKY),
        loved: 65,
        ..BASE
    },
    Seed {
        slug: "print-nine-leaves",
        title: "Print: nine leaves",
        category: "wall-and-time",
        summary: "A herbarium in three inks, from the park across the road.",
        text: &[
            "Linocut, one block for each colour, printed on the big press in the back. The fourth leaf is a weed. We like it best.",
        ],
        facts: &["Paper: 220 g, acid free", "Edition of 200, signed"],
        attrs: &[("kind", "Print"), ("width", "40"), ("height", "50"), ("made_of", "Cotton paper")],
        sizes: Some(("Frame", &[("Unframed", 0, 0), ("Black frame", 4900, 1800)])),
        price: 4900,
        weight: 260,
        stock: 16,
        tags: &["print", "poster", "leaves", "linocut"],
        look: Look::new(wall::print, BLACK).second(PINE).third(TERRACOTTA).style(1),
        world: World::Home,
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "print-map-of-a-river",
        title: "Print: map of a river",
        category: "wall-and-time",
        summary: "The Vltava from its spring to the confluence, with every mill that is still standing.",
        text: &[
            "Part map, part memory. We walked most of it, over two summers, and left out the motorway. Printed in two shades of green and the brown of the ploughed fields in March.",
        ],
        facts: &["Paper: 220 g, acid free", "Two spot colours and a grey"],
        attrs: &[("kind", "Print"), ("width", "50"), ("height", "70"), ("made_of", "Cotton paper")],
        sizes: Some(("Frame", &[("Unframed", 0, 0), ("Oak frame", 6500, 2400)])),
        price: 5400,
        weight: 340,
        stock: 12,
        tags: &["print", "poster", "map", "river"],
        look: Look::new(wall::print, OAK).second(TEAL).third(CLAY).style(2),
        world: World::Home,
        loved: 50,
        ..BASE
    },
    Seed {
        slug: "print-moon-over-hills",
        title: "Print: moon over hills",
        category: "wall-and-time",
        summary: "Three ridges, one moon, the blue you get after ten minutes without a torch.",
        text: &[
            "A rainbow roll: three inks on one roller, so that no two skies are the same. Hung in a bedroom it seems to get darker half an hour before the room does.",
        ],
        facts: &["Paper: 220 g, acid free", "Edition of 150"],
        attrs: &[("kind", "Print"), ("width", "30"), ("height", "40"), ("made_of", "Cotton paper")],
        sizes: Some(("Frame", &[("Unframed", 0, 0), ("Walnut frame", 4400, 1500)])),
        price: 3600,
        weight: 180,
        stock: 15,
        tags: &["print", "poster", "moon", "night"],
        look: Look::new(wall::print, WALNUT).second(INK).third(CLAY).style(3),
        world: World::Home,
        loved: 57,
        ..BASE
    },
];
