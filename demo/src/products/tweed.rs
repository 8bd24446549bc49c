//! Tweed & Tide: clothes of wool, linen and cotton.

use super::backdrops::COAST;
use crate::draw::Look;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::draw::weave::Weave;
use crate::seed::{Choice, SEED, SIZES, Seed, Shelf};
use crate::things::wear;

pub const SHELF: Shelf = Shelf { vendor: "tweed-and-tide", code: "TWE", mark: Mark::Tide, tints: &COAST, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Wardrobe, stock: 9, ..SEED };
const SOCK_SIZES: Option<Choice> = Some(("Size", &[("36–39", 0, -10), ("40–43", 0, 0), ("44–47", 0, 10)]));
const HAND_SIZES: Option<Choice> = Some(("Size", &[("S", 0, 0), ("M", 0, 0), ("L", 0, 0)]));

const SEEDS: &[Seed] = &[
    Seed {
        slug: "aran-cable-sweater",
        title: "Aran cable sweater",
        category: "tops-and-knitwear",
        summary: "Cables, moss stitch and a kilo of wool between you and the Atlantic.",
        text: &[
            "Knitted on Inis Meáin by eleven women who each know their own cable. The wool keeps its lanolin, so it sheds drizzle and smells, briefly and pleasantly, of sheep.",
            "It is heavy for the first week. Then it is yours.",
        ],
        facts: &[
            "Care: wash by hand in cool water, dry flat",
            "Repairs: free, for ever, bring the hole",
            "Unbleached Galway wool",
        ],
        attrs: &[("material", "Wool"), ("fit", "Relaxed"), ("care", "Hand wash"), ("origin", "Ireland")],
        dyes: &[("Undyed", CREAM), ("Moss", MOSS), ("Ink", INK)],
        sizes: Some(SIZES),
        price: 16900,
        weight: 1100,
        tags: &["sweater", "jumper", "aran", "wool"],
        look: Look::new(wear::sweater, CREAM).weave(Weave::Cable),
        loved: 93,
        ..BASE
    },
    Seed {
        slug: "lambswool-crew-neck",
        title: "Lambswool crew neck",
        category: "tops-and-knitwear",
        summary: "The plain sweater you stop noticing you are wearing, in good colours.",
        text: &[
            "Geelong lambswool, fully fashioned, with a neck that goes over the head without an argument. Thin enough under a coat, warm enough without.",
        ],
        facts: &["Care: wool cycle at 30°", "Linked by hand at the shoulder"],
        attrs: &[("material", "Wool"), ("fit", "Regular"), ("care", "Machine wash 30°"), ("origin", "Ireland")],
        dyes: &[("Denim", DENIM), ("Rust", RUST), ("Charcoal", GRAPHITE), ("Mustard", MUSTARD)],
        sizes: Some(SIZES),
        price: 9900,
        weight: 420,
        tags: &["sweater", "jumper", "lambswool", "crew neck"],
        look: Look::new(wear::sweater, DENIM),
        off: Some((20, "Mid-season")),
        loved: 81,
        ..BASE
    },
    Seed {
        slug: "striped-fishermans-sweater",
        title: "Striped fisherman's sweater",
        category: "tops-and-knitwear",
        summary: "Narrow ink stripes on chalk, tight enough to keep the wind out.",
        text: &[
            "Merino, knitted dense, with a boat neck that can be worn either way round; that is how they dressed in the dark.",
        ],
        facts: &["Care: wool cycle at 30°", "Buttons on the left shoulder"],
        attrs: &[("material", "Merino"), ("fit", "Regular"), ("care", "Machine wash 30°"), ("origin", "Ireland")],
        sizes: Some(SIZES),
        price: 11900,
        weight: 460,
        tags: &["sweater", "stripes", "merino", "breton"],
        look: Look::new(wear::sweater, CHALK).second(INK).third(INK).weave(Weave::Stripe),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "boiled-wool-cardigan",
        title: "Wool cardigan with horn buttons",
        category: "tops-and-knitwear",
        summary: "A jacket in disguise: felted a little, buttoned with horn, two real pockets.",
        text: &[
            "For the months when a coat is too much and a sweater is not enough. The wool is milled until it will not fray, so the edges are simply cut.",
        ],
        facts: &["Care: brush and air; dry clean if you must", "Lined at the neck"],
        attrs: &[("material", "Wool"), ("fit", "Relaxed"), ("care", "Brush and air"), ("origin", "Ireland")],
        dyes: &[("Moss", MOSS), ("Brick", BRICK), ("Dusk", DUSK)],
        sizes: Some(SIZES),
        price: 14900,
        weight: 780,
        tags: &["cardigan", "wool", "jacket", "knit"],
        look: Look::new(wear::sweater, MOSS).second(WALNUT).style(1),
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "organic-cotton-t-shirt",
        title: "Organic cotton T-shirt",
        category: "tops-and-knitwear",
        summary: "A plain T-shirt, made as if that were a serious thing. It is.",
        text: &[
            "Long-staple cotton, knitted heavy enough not to show what is under it, with a neck that keeps its shape after forty washes. We tested: forty-one.",
        ],
        facts: &["Weight: 190 g/m²", "Care: machine wash at 40°", "Sewn in Donegal"],
        attrs: &[("material", "Cotton"), ("fit", "Regular"), ("care", "Machine wash 40°"), ("origin", "Ireland")],
        dyes: &[("Chalk", CHALK), ("Charcoal", GRAPHITE), ("Sage", SAGE), ("Clay", CLAY)],
        sizes: Some(SIZES),
        price: 3200,
        weight: 210,
        stock: 18,
        tags: &["t-shirt", "tee", "cotton", "organic"],
        look: Look::new(wear::tshirt, CHALK),
        loved: 87,
        ..BASE
    },
    Seed {
        slug: "striped-t-shirt",
        title: "Striped T-shirt",
        category: "tops-and-knitwear",
        summary: "Yarn-dyed stripes that meet at the side seam. Somebody has to care.",
        text: &[
            "Cut one at a time, so that the stripes line up. A summer on the line fades them all alike. Cropped a little, so that it stays tucked or untucked as you decide.",
        ],
        facts: &["Weight: 170 g/m²", "Care: machine wash at 40°"],
        attrs: &[("material", "Cotton"), ("fit", "Regular"), ("care", "Machine wash 40°"), ("origin", "Ireland")],
        sizes: Some(SIZES),
        price: 3600,
        weight: 200,
        stock: 14,
        tags: &["t-shirt", "stripes", "cotton", "tee"],
        look: Look::new(wear::tshirt, CHALK).second(RUST).weave(Weave::Stripe),
        loved: 62,
        ..BASE
    },
    Seed {
        slug: "pocket-t-shirt-merino",
        title: "Merino pocket T-shirt",
        category: "tops-and-knitwear",
        summary: "Wear it walking for five days. Your tent mate will not know.",
        text: &[
            "Fine merino breathes, dries overnight and does not hold on to smells. The pocket takes a ferry ticket.",
        ],
        facts: &["Weight: 150 g/m², 17.5 micron", "Care: wool cycle at 30°"],
        attrs: &[("material", "Merino"), ("fit", "Slim"), ("care", "Machine wash 30°"), ("origin", "Ireland")],
        dyes: &[("Dusk", DUSK), ("Pine", PINE), ("Rust", RUST)],
        sizes: Some(SIZES),
        price: 6900,
        was: Some(7900),
        weight: 160,
        tags: &["t-shirt", "merino", "travel", "base layer"],
        look: Look::new(wear::tshirt, DUSK).style(1),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "washed-linen-shirt",
        title: "Washed linen shirt",
        category: "tops-and-knitwear",
        summary: "Irish linen with the stiffness already washed out, for the warm week in June.",
        text: &[
            "Woven in Banbridge, garment-washed with pumice, buttoned with shell. It is meant to be creased; rolling the sleeves helps.",
        ],
        facts: &["Care: machine wash at 40°, hang to dry", "Shell buttons, one spare"],
        attrs: &[("material", "Linen"), ("fit", "Relaxed"), ("care", "Machine wash 40°"), ("origin", "Ireland")],
        dyes: &[("Sky", SKY), ("Chalk", CHALK), ("Olive", OLIVE)],
        sizes: Some(SIZES),
        price: 8900,
        weight: 260,
        tags: &["shirt", "linen", "summer"],
        look: Look::new(wear::shirt, SKY).third(CHALK).weave(Weave::Linen),
        loved: 69,
        ..BASE
    },
    Seed {
        slug: "merino-beanie",
        title: "Merino beanie",
        category: "hats-scarves-socks",
        summary: "Ribbed brim, soft crown, no itch, no pompom.",
        text: &[
            "Knitted from two ends of extra-fine merino. Turn the brim up for town and down for the pier. It packs to the size of an apple and comes out without a crease.",
        ],
        facts: &["One size", "Care: wool cycle at 30°"],
        attrs: &[("kind", "Hat"), ("material", "Merino"), ("care", "Machine wash 30°"), ("origin", "Ireland")],
        dyes: &[("Mustard", MUSTARD), ("Ink", INK), ("Oat", OAT), ("Brick", BRICK)],
        price: 3400,
        weight: 90,
        stock: 26,
        tags: &["beanie", "hat", "merino", "winter"],
        look: Look::new(wear::hat, MUSTARD).second(CREAM),
        loved: 83,
        ..BASE
    },
    Seed {
        slug: "donegal-tweed-cap",
        title: "Donegal tweed cap",
        category: "hats-scarves-socks",
        summary: "Eight panels, a soft peak, flecks the colour of gorse and heather.",
        text: &[
            "The flecks are spun into the yarn and beaten flat on the loom; no two caps share their constellation. Folds into a coat pocket and comes out none the worse.",
        ],
        facts: &["Care: brush it; steam it back into shape"],
        attrs: &[("kind", "Hat"), ("material", "Wool"), ("care", "Brush and air"), ("origin", "Ireland")],
        sizes: HAND_SIZES,
        price: 6200,
        weight: 140,
        tags: &["cap", "tweed", "hat", "donegal"],
        look: Look::new(wear::hat, STONE).second(RUST).third(MOSS).weave(Weave::Tweed).style(1),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "waxed-bucket-hat",
        title: "Waxed bucket hat",
        category: "hats-scarves-socks",
        summary: "Rain hat, sun hat, apple basket.",
        text: &[
            "Waxed cotton with a stitched brim that turns up where you want it. Comes with a small tin of wax, and will want it once a year.",
        ],
        facts: &["Care: sponge with cold water, re-wax yearly"],
        attrs: &[("kind", "Hat"), ("material", "Cotton"), ("care", "Wipe clean"), ("origin", "Ireland")],
        dyes: &[("Olive", OLIVE), ("Ink", INK)],
        sizes: HAND_SIZES,
        price: 4900,
        weight: 130,
        tags: &["hat", "bucket hat", "rain", "waxed"],
        look: Look::new(wear::hat, OLIVE).second(CHESTNUT).style(2),
        off: Some((15, "April showers")),
        loved: 47,
        ..BASE
    },
    Seed {
        slug: "checked-lambswool-scarf",
        title: "Checked lambswool scarf",
        category: "hats-scarves-socks",
        summary: "Long, brushed, fringed by hand, in a check nobody's clan has claimed.",
        text: &[
            "Brushed with teasels, the plant, not the word; there is nothing gentler. Long enough to go round twice.",
        ],
        facts: &["Size: 30 × 190 cm", "Care: hand wash, dry flat"],
        attrs: &[("kind", "Scarf"), ("material", "Wool"), ("care", "Hand wash"), ("origin", "Ireland")],
        dyes: &[("Brick", BRICK), ("Pine", PINE), ("Ink", INK)],
        price: 5400,
        weight: 190,
        stock: 16,
        tags: &["scarf", "lambswool", "check", "winter"],
        look: Look::new(wear::scarf, BRICK).second(CREAM).third(INK).weave(Weave::Check),
        loved: 71,
        ..BASE
    },
    Seed {
        slug: "donegal-tweed-scarf",
        title: "Donegal tweed scarf",
        category: "hats-scarves-socks",
        summary: "Light tweed, soft on the neck, the sky over Slieve League in one length.",
        text: &[
            "Woven by hand by Eddie in Ardara, who will tell you about it if you let him. Finer yarn than the caps, the same flecks.",
        ],
        facts: &["Size: 28 × 180 cm", "Care: hand wash, dry flat"],
        attrs: &[("kind", "Scarf"), ("material", "Wool"), ("care", "Hand wash"), ("origin", "Ireland")],
        price: 6400,
        weight: 170,
        stock: 12,
        tags: &["scarf", "tweed", "donegal", "handwoven"],
        look: Look::new(wear::scarf, DUSK).second(CREAM).third(RUST).weave(Weave::Tweed),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "boot-socks",
        title: "Thick boot socks",
        category: "hats-scarves-socks",
        summary: "Cushioned where it counts, guaranteed against holes for two winters.",
        text: &[
            "Terry loops under the foot, a heel that was actually turned, and enough nylon to survive a stubborn boot. If they go through, send them back; we darn or replace.",
        ],
        facts: &["Care: machine wash at 40°", "70 % wool, 30 % polyamide"],
        attrs: &[("kind", "Socks"), ("material", "Wool"), ("care", "Machine wash 40°"), ("origin", "Ireland")],
        dyes: &[("Oat", OAT), ("Charcoal", GRAPHITE)],
        sizes: SOCK_SIZES,
        price: 2200,
        weight: 130,
        stock: 30,
        tags: &["socks", "wool", "hiking", "boots"],
        look: Look::new(wear::socks, OAT).third(BRICK),
        loved: 75,
        ..BASE
    },
    Seed {
        slug: "striped-merino-socks",
        title: "Striped merino socks",
        category: "hats-scarves-socks",
        summary: "Everyday socks that look as though you had made an effort.",
        text: &[
            "Fine enough for shoes, warm enough for bed. The toe seam is linked by hand and cannot be felt. They come in pairs, and the pairs are the same length; we mention it because it is rarer than you think.",
        ],
        facts: &["Care: machine wash at 30°"],
        attrs: &[("kind", "Socks"), ("material", "Merino"), ("care", "Machine wash 30°"), ("origin", "Ireland")],
        sizes: SOCK_SIZES,
        price: 1600,
        weight: 70,
        stock: 42,
        tags: &["socks", "merino", "stripes"],
        look: Look::new(wear::socks, CREAM).second(TEAL).third(TEAL).weave(Weave::Stripe),
        loved: 64,
        ..BASE
    },
    Seed {
        slug: "fair-isle-mittens",
        title: "Fair Isle mittens",
        category: "hats-scarves-socks",
        summary: "Stars and small dots, two layers thick, for hands that hold a dog's lead in January.",
        text: &[
            "Stranded knitting carries the second colour along the back, which makes a mitten twice as warm and a good deal slower to make. A cord to go through the sleeves can be had for nothing; write it in the note, no matter how old you are.",
        ],
        facts: &["Care: hand wash"],
        attrs: &[("kind", "Gloves"), ("material", "Wool"), ("care", "Hand wash"), ("origin", "Ireland")],
        dyes: &[("Brick", BRICK), ("Pine", PINE)],
        sizes: HAND_SIZES,
        price: 3900,
        weight: 110,
        stock: 13,
        tags: &["mittens", "gloves", "fair isle", "winter"],
        look: Look::new(wear::mittens, BRICK).second(CREAM).third(CREAM).weave(Weave::FairIsle),
        loved: 60,
        ..BASE
    },
];
