//! Pieni Metsä: toys and games.

use super::backdrops::PLAY;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::{games, toys, wall};

pub const SHELF: Shelf = Shelf { vendor: "pieni-metsa", code: "MET", mark: Mark::Firs, tints: &PLAY, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Play, category: "toys", ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "stacking-rainbow",
        title: "Stacking rainbow",
        summary: "Six arches that are also tunnels, cradles, fences, hills and a very good bridge.",
        text: &[
            "Cut from one block, so the arches fit as closely as year rings. The colour is a stain and not a paint; you can still see the wood and it will not chip into a mouth.",
            "Children find about forty uses. Adults put it on a shelf.",
        ],
        facts: &["Size: 30 × 16 cm", "Care: a damp cloth"],
        attrs: &[("age", "1"), ("material", "Birch"), ("finish", "Water-based stain"), ("origin", "Finland")],
        sizes: Some(("Size", &[("Small, 18 cm", -1500, -500), ("Large, 30 cm", 0, 0)])),
        price: 4400,
        weight: 1200,
        stock: 18,
        tags: &["toy", "rainbow", "wooden", "stacking"],
        look: Look::new(toys::wooden, OAK),
        loved: 92,
        ..BASE
    },
    Seed {
        slug: "building-blocks",
        title: "Building blocks",
        summary: "Cubes, columns and roofs, exact to half a millimetre, in a cotton sack.",
        text: &[
            "A tower is only as good as its blocks. Ours are sanded by hand at the edges and sawn true everywhere else, and go with every set we have made since 1986.",
        ],
        facts: &["Unit: 4 cm", "Sack included"],
        attrs: &[("age", "1"), ("material", "Birch"), ("finish", "Water-based stain, beeswax"), ("origin", "Finland")],
        sizes: Some(("Set", &[("24 blocks", 0, 0), ("48 blocks", 2900, 1300)])),
        price: 3600,
        weight: 1350,
        stock: 22,
        tags: &["toy", "blocks", "building", "wooden"],
        look: Look::new(toys::wooden, OAK).style(1),
        loved: 80,
        ..BASE
    },
    Seed {
        slug: "timber-train",
        title: "Timber train",
        summary: "An engine, a wagon, and four logs to load. Runs on floors, tables and backs.",
        text: &[
            "Magnets hide in the couplings, the right way round, always. The wheels are turned from one stick and run true.",
        ],
        facts: &["Length: 34 cm coupled", "Logs: four, and two spare for the sofa"],
        attrs: &[("age", "2"), ("material", "Birch"), ("finish", "Water-based paint"), ("origin", "Finland")],
        price: 3900,
        weight: 640,
        stock: 15,
        tags: &["toy", "train", "wooden"],
        look: Look::new(toys::wooden, TOMATO).second(OAK).third(PINE).style(2),
        off: Some((20, "Rainy day sale")),
        loved: 74,
        ..BASE
    },
    Seed {
        slug: "pocket-car",
        title: "Big little car",
        summary: "A saloon with a certain elegance and no batteries.",
        text: &[
            "Shaped so that a small hand fits over the roof. It rolls a long way on parquet; put something soft against the wall. The paint is worn off at the bumpers first, and looks all the better for it.",
        ],
        facts: &["Length: 18 cm"],
        attrs: &[("age", "1"), ("material", "Beech"), ("finish", "Water-based paint"), ("origin", "Finland")],
        dyes: &[("Teal", TEAL), ("Tomato", TOMATO), ("Mustard", MUSTARD)],
        price: 2200,
        weight: 320,
        stock: 26,
        tags: &["toy", "car", "wooden"],
        look: Look::new(toys::wooden, TEAL).second(CREAM).third(OAK).style(3),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "ring-tower",
        title: "Ring tower",
        summary: "Six rings and a ball. The first engineering problem, solved about a hundred times a day.",
        text: &[
            "The rings get smaller by the thickness of a finger, and the pole is slightly flexible, for when somebody sits on it. From about three it becomes a shop, a wedding cake and a hat.",
        ],
        facts: &["Height: 22 cm"],
        attrs: &[("age", "1"), ("material", "Beech"), ("finish", "Water-based paint"), ("origin", "Finland")],
        price: 2600,
        weight: 520,
        stock: 24,
        tags: &["toy", "stacking", "rings", "baby"],
        look: Look::new(toys::wooden, TEAL).style(4),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "forest-animals",
        title: "Forest animals, set of three",
        summary: "A bear, a fox and a hare, sawn from birch, who get along surprisingly well.",
        text: &[
            "Thick enough to stand on carpet, smooth enough to chew. The eyes are burnt in with a hot wire; nothing can come off. The hare is the first to get lost, so there are two in the drawer here with your name on one.",
        ],
        facts: &["Height: 6 to 13 cm", "Oiled with linseed"],
        attrs: &[("age", "1"), ("material", "Birch"), ("finish", "Linseed oil"), ("origin", "Finland")],
        price: 2900,
        weight: 280,
        stock: 20,
        tags: &["toy", "animals", "wooden", "bear"],
        look: Look::new(toys::wooden, OAK).style(5),
        loved: 69,
        ..BASE
    },
    Seed {
        slug: "spinning-tops",
        title: "Spinning tops, set of three",
        summary: "Under a minute to learn, the rest of the winter to beat your uncle.",
        text: &[
            "Each has a different weight and a different temper. The red one is the steadiest; the yellow one wanders. They come in a small cotton bag with a string, and a sheet of the rules the directors have agreed on.",
        ],
        facts: &["Height: 7 cm"],
        attrs: &[("age", "4"), ("material", "Maple"), ("finish", "Water-based paint"), ("origin", "Finland")],
        price: 1490,
        weight: 110,
        stock: 41,
        tags: &["toy", "spinning top", "wooden", "set"],
        look: Look::new(toys::wooden, OAK).style(6),
        loved: 52,
        ..BASE
    },
    Seed {
        slug: "eight-note-xylophone",
        title: "Eight-note xylophone",
        summary: "Tuned, really tuned. Your ears will be grateful for years.",
        text: &[
            "The bars are tuned by filing from below until a musician nods. A songbook with coloured dots is included; the first tune takes three minutes.",
        ],
        facts: &["Length: 32 cm", "One mallet and a spare"],
        attrs: &[("age", "2"), ("material", "Maple"), ("finish", "Water-based paint"), ("origin", "Finland")],
        price: 4900,
        was: Some(5600),
        weight: 780,
        stock: 11,
        tags: &["toy", "xylophone", "music", "wooden"],
        look: Look::new(toys::wooden, BIRCH).style(7),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "plush-bear-otso",
        title: "Otso the bear",
        summary: "A bear with a scarf and the patience of a bear.",
        text: &[
            "Wool plush over a filling of wool, so he is warm at once and can be washed. The joints are sewn: arms that wave, legs that sit.",
        ],
        facts: &["Height: 32 cm sitting", "Care: hand wash, dry in the sun"],
        attrs: &[("age", "0"), ("material", "Wool plush"), ("finish", "Undyed and plant-dyed"), ("origin", "Finland")],
        dyes: &[("Brown", CLAY), ("Honey", SAND), ("Grey", STONE)],
        price: 3900,
        weight: 320,
        stock: 19,
        tags: &["plush", "bear", "teddy", "soft toy"],
        look: Look::new(toys::plush, CLAY).second(CREAM).third(DENIM),
        loved: 86,
        ..BASE
    },
    Seed {
        slug: "plush-rabbit-pupu",
        title: "Pupu the rabbit",
        summary: "Long ears for holding, chewing and telling secrets to.",
        text: &["The ears have no wire and no opinion. Cotton plush that gets flatter where it is loved most."],
        facts: &["Height: 38 cm with ears", "Care: machine wash at 30° in a bag"],
        attrs: &[("age", "0"), ("material", "Cotton plush"), ("finish", "Undyed"), ("origin", "Finland")],
        dyes: &[("Oat", OAT), ("Rose", BLUSH)],
        price: 3400,
        weight: 240,
        stock: 23,
        tags: &["plush", "rabbit", "bunny", "soft toy"],
        look: Look::new(toys::plush, OAT).second(CHALK).third(ROSE).style(1),
        loved: 78,
        ..BASE
    },
    Seed {
        slug: "plush-fox-repo",
        title: "Repo the fox",
        summary: "Clever face, green scarf, black ears. Steals socks.",
        text: &[
            "Repo was drawn by Aino's daughter, aged seven, and altered only where he would have fallen over. The scarf comes off and is needed elsewhere surprisingly often.",
        ],
        facts: &["Height: 32 cm", "Care: hand wash"],
        attrs: &[("age", "0"), ("material", "Wool plush"), ("finish", "Plant-dyed"), ("origin", "Finland")],
        price: 3900,
        weight: 300,
        stock: 17,
        tags: &["plush", "fox", "soft toy"],
        look: Look::new(toys::plush, TERRACOTTA).second(CHALK).third(PINE).style(2),
        loved: 71,
        ..BASE
    },
    Seed {
        slug: "plush-elephant-norsu",
        title: "Norsu the elephant",
        summary: "Not native to Finland, but who could say no.",
        text: &[
            "Large ears, a trunk that can be knotted, pink soles. Heavy in the bottom so that she sits through any story.",
        ],
        facts: &["Height: 30 cm", "Care: hand wash"],
        attrs: &[("age", "0"), ("material", "Wool plush"), ("finish", "Plant-dyed"), ("origin", "Finland")],
        dyes: &[("Blue-grey", DUSK), ("Sage", SAGE)],
        price: 4200,
        weight: 390,
        stock: 13,
        tags: &["plush", "elephant", "soft toy"],
        look: Look::new(toys::plush, DUSK).second(BLUSH).third(MUSTARD).style(3),
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "forest-puzzle",
        title: "Forest puzzle, 48 pieces",
        category: "puzzles-and-games",
        summary: "Big pieces, a fox to find, and eleven small creatures you will miss at first.",
        text: &[
            "Cut from poplar, three millimetres thick, so the pieces can be picked up by fingers that are still learning.",
        ],
        facts: &["Finished: 40 × 28 cm", "Wooden frame to build it in"],
        attrs: &[("age", "4"), ("pieces", "48"), ("players", "1 or more"), ("origin", "Finland")],
        price: 1990,
        weight: 560,
        stock: 27,
        tags: &["puzzle", "jigsaw", "forest", "children"],
        look: Look::new(games::puzzle, PINE).second(BUTTER).style(1),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "memory-game",
        title: "Memory game",
        category: "puzzles-and-games",
        summary: "Twenty-four pairs from the forest floor. Children win. It is scientifically proven.",
        text: &[
            "Thick birch tiles that click when they are turned. There is a harder version inside, in which the pairs are a leaf and its tree.",
        ],
        facts: &["Tiles: 48, 5 × 5 cm", "Cotton bag"],
        attrs: &[("age", "3"), ("pieces", "48"), ("players", "2 to 6"), ("origin", "Finland")],
        price: 2400,
        weight: 430,
        stock: 25,
        tags: &["game", "memory", "cards", "children"],
        look: Look::new(games::game, PINE),
        off: Some((15, "Family game week")),
        loved: 59,
        ..BASE
    },
    Seed {
        slug: "draughts-board",
        title: "Draughts and mill board",
        category: "puzzles-and-games",
        summary: "Two games, one board, pieces with a good weight to them.",
        text: &[
            "Walnut and birch inlay on the one side, nine men's morris on the other. The pieces live in a drawer under the edge.",
        ],
        facts: &["Size: 38 × 38 cm", "Pieces: 24, turned"],
        attrs: &[("age", "6"), ("pieces", "24"), ("players", "2"), ("origin", "Finland")],
        price: 5900,
        weight: 1900,
        stock: 8,
        tags: &["game", "draughts", "checkers", "board game"],
        look: Look::new(games::game, WALNUT).second(CHESTNUT).style(1),
        loved: 49,
        ..BASE
    },
    Seed {
        slug: "print-fruit-bowl",
        title: "Print: breakfast fruit",
        category: "wall-and-time",
        summary: "For the wall by the high chair: three fruits in a white bowl.",
        text: &[
            "Painted for our own kitchen and asked for by every guest under five. Printed with soy inks on thick, uncoated paper. It also answers the question of what is for breakfast.",
        ],
        facts: &["Paper: 250 g"],
        attrs: &[("kind", "Print"), ("width", "30"), ("height", "40"), ("made_of", "Recycled paper")],
        sizes: Some(("Frame", &[("Unframed", 0, 0), ("Birch frame", 3400, 1200)])),
        price: 2200,
        weight: 160,
        stock: 22,
        tags: &["print", "poster", "fruit", "nursery"],
        look: Look::new(wall::print, BIRCH).second(BLUSH).third(SAGE).style(4),
        world: World::Home,
        loved: 53,
        ..BASE
    },
];
