//! Atelier Hirondelle: woven for the house.

use super::backdrops::LINEN;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::draw::weave::Weave;
use crate::seed::{SEED, Seed, Shelf};
use crate::things::cloth;

pub const SHELF: Shelf =
    Shelf { vendor: "atelier-hirondelle", code: "HIR", mark: Mark::Swallow, tints: &LINEN, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Room, category: "textiles", ..SEED };

const SEEDS: &[Seed] = &[
    Seed {
        slug: "herringbone-lambswool-throw",
        title: "Herringbone lambswool throw",
        summary: "Dense, warm and soft enough to sleep under, in a herringbone you can feel with a thumb.",
        text: &[
            "Lambswool is the first shearing, finer than anything the sheep grows later. We weave it in Roubaix on looms from the seventies that are slow enough to leave air in the cloth.",
            "Big enough for two on a sofa who like each other.",
        ],
        facts: &[
            "Size: 140 × 190 cm, fringed",
            "Care: air it, wash by hand when it must be",
            "Mended free of charge for ten years",
        ],
        attrs: &[
            ("material", "Wool"),
            ("width", "140"),
            ("length", "190"),
            ("care", "Hand wash"),
            ("origin", "France"),
        ],
        dyes: &[("Dusk", DUSK), ("Rust", RUST), ("Moss", MOSS), ("Charcoal", GRAPHITE)],
        price: 13900,
        weight: 1100,
        stock: 12,
        tags: &["blanket", "wool", "throw", "sofa"],
        look: Look::new(cloth::blanket, DUSK).second(CHALK).third(INK).weave(Weave::Herringbone),
        loved: 91,
        ..BASE
    },
    Seed {
        slug: "waffle-linen-bedspread",
        title: "Waffle linen bedspread",
        summary: "A light cover with deep cells, cool in July and a good top layer in December.",
        text: &[
            "Washed linen, woven as a waffle: the cells trap a little air and let the rest go. It gets softer each time, and creases the way linen should.",
        ],
        facts: &["Size: 240 × 220 cm", "Care: machine wash at 40°, no softener"],
        attrs: &[
            ("material", "Linen"),
            ("width", "220"),
            ("length", "240"),
            ("care", "Machine wash 40°"),
            ("origin", "France"),
        ],
        dyes: &[("Oat", OAT), ("Blush", BLUSH), ("Dusk", DUSK)],
        price: 18900,
        weight: 1900,
        stock: 8,
        tags: &["bed", "blanket", "linen", "waffle"],
        look: Look::new(cloth::blanket, OAT).weave(Weave::Waffle),
        loved: 63,
        ..BASE
    },
    Seed {
        slug: "checked-picnic-blanket",
        title: "Checked picnic blanket",
        summary: "Recycled wool with a proofed back, so that the grass stays where it is.",
        text: &[
            "Yarn spun from last year's offcuts, which is why no two checks are quite the same red. The back is coated cotton: damp meadows are no reason to stay at home.",
        ],
        facts: &["Size: 150 × 180 cm, with leather carrying straps", "Care: shake it, wipe the back"],
        attrs: &[
            ("material", "Wool"),
            ("width", "150"),
            ("length", "180"),
            ("care", "Wipe clean"),
            ("origin", "France"),
        ],
        price: 9400,
        weight: 1500,
        stock: 10,
        tags: &["blanket", "picnic", "wool", "check"],
        look: Look::new(cloth::blanket, BRICK).second(CREAM).third(INK).weave(Weave::Check),
        off: Some((20, "End of summer")),
        loved: 57,
        ..BASE
    },
    Seed {
        slug: "quilted-cotton-cover",
        title: "Quilted cotton cover",
        summary: "Hand-guided stitching over organic cotton: a quilt that is meant to be used, not inherited.",
        text: &[
            "Two layers of percale with a thin filling of cotton between them, stitched in diamonds by a machine that Mireille steers freehand. You can see where she stopped for coffee.",
        ],
        facts: &["Size: 180 × 240 cm", "Care: machine wash at 40°, dry on the line", "Filling: 180 g/m² cotton"],
        attrs: &[
            ("material", "Cotton"),
            ("width", "180"),
            ("length", "240"),
            ("care", "Machine wash 40°"),
            ("origin", "France"),
        ],
        dyes: &[("Sage", SAGE), ("Rose", ROSE)],
        price: 16400,
        weight: 1700,
        stock: 6,
        tags: &["quilt", "bed", "cotton", "blanket"],
        look: Look::new(cloth::blanket, SAGE).second(CHALK).weave(Weave::Quilt),
        loved: 49,
        ..BASE
    },
    Seed {
        slug: "velvet-cushion",
        title: "Velvet cushion",
        summary: "Cotton velvet with a proper weight, in colours that do not shout.",
        text: &[
            "Velvet changes with the light and with whoever sat there last. Ours is cotton, not polyester; it does not crackle, and it mends with steam.",
        ],
        facts: &["Size: 50 × 50 cm, with a feather inner", "Care: spot clean, then brush with the pile", "Hidden zip"],
        attrs: &[
            ("material", "Velvet"),
            ("width", "50"),
            ("length", "50"),
            ("care", "Wipe clean"),
            ("origin", "France"),
        ],
        dyes: &[("Rust", RUST), ("Petrol", PETROL), ("Mustard", MUSTARD), ("Plum", PLUM)],
        price: 5400,
        weight: 900,
        stock: 24,
        tags: &["cushion", "velvet", "sofa", "pillow"],
        look: Look::new(cloth::cushion, RUST),
        loved: 74,
        ..BASE
    },
    Seed {
        slug: "striped-linen-cushion-cover",
        title: "Striped linen cushion cover",
        summary: "Deckchair stripes on heavy linen, for the chair by the window.",
        text: &[
            "The stripes are woven, not printed, so they are the same on both sides and fade together, slowly, like a beach holiday.",
        ],
        facts: &["Size: 50 × 50 cm, cover only", "Care: machine wash at 40°"],
        attrs: &[
            ("material", "Linen"),
            ("width", "50"),
            ("length", "50"),
            ("care", "Machine wash 40°"),
            ("origin", "France"),
        ],
        price: 3900,
        weight: 240,
        stock: 26,
        tags: &["cushion", "linen", "stripes", "pillow"],
        look: Look::new(cloth::cushion, CHALK).second(DENIM).third(INK).weave(Weave::Broad),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "round-boucle-cushion",
        title: "Round bouclé cushion",
        summary: "A pouf for the lap: looped wool, one button, no corners.",
        text: &[
            "Bouclé is yarn that has been allowed to curl. On a round cushion with a single tufted button it looks like a small, well-behaved sheep.",
        ],
        facts: &["Size: 42 cm across", "Care: hand wash, dry flat"],
        attrs: &[("material", "Wool"), ("width", "42"), ("length", "42"), ("care", "Hand wash"), ("origin", "France")],
        dyes: &[("Cream", CREAM), ("Clay", CLAY)],
        price: 6200,
        weight: 780,
        stock: 14,
        tags: &["cushion", "boucle", "wool", "round"],
        look: Look::new(cloth::cushion, CREAM).weave(Weave::Boucle).style(1),
        loved: 65,
        ..BASE
    },
    Seed {
        slug: "block-printed-cushion",
        title: "Block-printed leaf cushion",
        summary: "Printed by hand with a pear-wood block, leaf after leaf, not quite in line.",
        text: &[
            "Camille carved the block on her kitchen table. One press of the heel of the hand for each leaf, forty-nine leaves a side; the dye is fixed with steam.",
        ],
        facts: &["Size: 45 × 45 cm, with inner", "Care: machine wash at 30°, inside out"],
        attrs: &[
            ("material", "Cotton"),
            ("width", "45"),
            ("length", "45"),
            ("care", "Machine wash 30°"),
            ("origin", "France"),
        ],
        price: 4800,
        weight: 650,
        stock: 17,
        tags: &["cushion", "print", "leaves", "cotton"],
        look: Look::new(cloth::cushion, CREAM).second(FERN).third(RUST).weave(Weave::Leaves),
        loved: 56,
        ..BASE
    },
    Seed {
        slug: "diamond-kilim-rug",
        title: "Diamond kilim rug",
        summary: "Flat, tough and reversible: a wool rug that has no wrong side.",
        text: &[
            "A kilim is woven, not knotted, so it lies flat, slides under a door and turns over when one side has had a hard year.",
            "Plant-dyed wool from the Cévennes on a cotton warp. It smells faintly of sheep for the first week.",
        ],
        facts: &["Care: beat it, vacuum it, rotate it", "Lies best on our felt underlay"],
        attrs: &[
            ("material", "Wool"),
            ("width", "140"),
            ("length", "200"),
            ("care", "Brush and air"),
            ("origin", "France"),
        ],
        sizes: Some(("Size", &[("90 × 150 cm", -14000, -1900), ("140 × 200 cm", 0, 0), ("170 × 240 cm", 16000, 2400)])),
        price: 32900,
        weight: 4200,
        stock: 5,
        tags: &["rug", "kilim", "wool", "carpet"],
        look: Look::new(cloth::rug, RUST).second(CREAM).third(INK).weave(Weave::Kilim),
        off: Some((15, "Weavers' week")),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "striped-hall-runner",
        title: "Striped hall runner",
        summary: "Cotton rag rug for narrow places that see a lot of boots.",
        text: &["Made of shirt cuttings, beaten tight. Throw it into the machine when the dog has been in the canal."],
        facts: &["Size: 70 × 220 cm, fringed", "Care: machine wash at 40°"],
        attrs: &[
            ("material", "Cotton"),
            ("width", "70"),
            ("length", "220"),
            ("care", "Machine wash 40°"),
            ("origin", "France"),
        ],
        price: 8600,
        weight: 2100,
        stock: 11,
        tags: &["rug", "runner", "hall", "cotton"],
        look: Look::new(cloth::rug, CREAM).second(INK).third(MUSTARD).weave(Weave::Broad).style(1),
        loved: 52,
        ..BASE
    },
    Seed {
        slug: "round-jute-rug",
        title: "Round jute rug",
        summary: "One long braid, coiled and sewn, with two rings of dark green.",
        text: &[
            "Jute is honest stuff: a little rough underfoot, golden in the sun, and quite happy under a table with crumbs on it. Sewn in a spiral from a braid about ninety metres long.",
        ],
        facts: &["Care: vacuum; keep it dry", "Made from unbleached jute"],
        attrs: &[
            ("material", "Jute"),
            ("width", "150"),
            ("length", "150"),
            ("care", "Brush and air"),
            ("origin", "France"),
        ],
        sizes: Some(("Diameter", &[("120 cm", -4000, -1400), ("150 cm", 0, 0), ("200 cm", 8500, 2900)])),
        price: 14900,
        weight: 4000,
        stock: 7,
        tags: &["rug", "jute", "round", "carpet"],
        look: Look::new(cloth::rug, JUTE).second(PINE).style(2),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "linen-tea-towels",
        title: "Linen tea towels, set of two",
        summary: "The towel that actually dries a wine glass, with a red edge like grandmother's.",
        text: &[
            "Half-bleached linen takes up water the moment it touches it, and leaves no fluff. Wash them a few times before you judge; they start stiff and end as friends.",
        ],
        facts: &["Size: 50 × 70 cm each, with a loop", "Care: machine wash at 60°"],
        attrs: &[
            ("material", "Linen"),
            ("width", "50"),
            ("length", "70"),
            ("care", "Machine wash 60°"),
            ("origin", "France"),
        ],
        price: 2800,
        weight: 260,
        stock: 48,
        tags: &["tea towel", "linen", "kitchen", "set"],
        look: Look::new(cloth::linens, CHALK).second(OAT).third(BRICK),
        world: World::Kitchen,
        loved: 79,
        ..BASE
    },
    Seed {
        slug: "linen-napkins-set-of-four",
        title: "Linen napkins, set of four",
        summary: "Stone-washed, hemmed with a mitred corner, never in need of an iron.",
        text: &["Cloth napkins sound like effort. These go from the line to the table; the creases are the point."],
        facts: &["Size: 42 × 42 cm", "Care: machine wash at 60°"],
        attrs: &[
            ("material", "Linen"),
            ("width", "42"),
            ("length", "42"),
            ("care", "Machine wash 60°"),
            ("origin", "France"),
        ],
        dyes: &[("Blush", BLUSH), ("Sage", SAGE), ("Dusk", DUSK)],
        price: 3600,
        was: Some(4200),
        weight: 240,
        stock: 30,
        tags: &["napkins", "linen", "table", "set"],
        look: Look::new(cloth::linens, BLUSH).second(CLAY).third(CREAM).style(1),
        world: World::Kitchen,
        loved: 61,
        ..BASE
    },
    Seed {
        slug: "waffle-bath-towels",
        title: "Waffle bath towels, set of three",
        summary: "Thin on the hook, thirsty on the skin, dry again before the next shower.",
        text: &[
            "A waffle weave has twice the surface of a plain one. That is all there is to it: the towel dries you quickly and then itself.",
        ],
        facts: &["Size: one 70 × 140 cm, two 50 × 90 cm", "Care: machine wash at 60°"],
        attrs: &[
            ("material", "Cotton"),
            ("width", "70"),
            ("length", "140"),
            ("care", "Machine wash 60°"),
            ("origin", "France"),
        ],
        dyes: &[("Chalk", CHALK), ("Clay", CLAY), ("Sage", SAGE)],
        price: 6900,
        weight: 1050,
        stock: 20,
        tags: &["towel", "bath", "cotton", "waffle"],
        look: Look::new(cloth::towels, CHALK).second(CLAY).third(RUST).weave(Weave::Waffle).style(1),
        world: World::Bath,
        loved: 72,
        ..BASE
    },
    Seed {
        slug: "workshop-apron",
        title: "Workshop apron",
        summary: "Heavy linen, leather ties, one deep divided pocket. For clay, flour or tomato plants.",
        text: &[
            "We made it for ourselves, because aprons from catalogues last a season. The neck strap is adjustable, the ties go round to the front, and the pocket is divided for a pencil and everything else.",
        ],
        facts: &["Size: one size, 72 × 88 cm", "Care: machine wash at 40° with the leather ties taken off"],
        attrs: &[
            ("material", "Linen"),
            ("width", "72"),
            ("length", "88"),
            ("care", "Machine wash 40°"),
            ("origin", "France"),
        ],
        dyes: &[("Denim", DENIM), ("Olive", OLIVE), ("Charcoal", GRAPHITE)],
        price: 6400,
        weight: 520,
        stock: 16,
        tags: &["apron", "linen", "kitchen", "workshop"],
        look: Look::new(cloth::apron, DENIM).second(COGNAC),
        loved: 64,
        ..BASE
    },
];
