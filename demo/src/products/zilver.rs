//! Zilver & Zout: jewellery and watches.

use super::backdrops::PETAL;
use crate::draw::Look;
use crate::draw::colour::Colour;
use crate::draw::colour::dye::*;
use crate::draw::marks::Mark;
use crate::draw::shot::World;
use crate::seed::{Choice, RING_SIZES, SEED, Seed, Shelf};
use crate::things::jewels;

pub const SHELF: Shelf =
    Shelf { vendor: "zilver-en-zout", code: "ZIL", mark: Mark::Stone, tints: &PETAL, seeds: SEEDS };

const BASE: Seed = Seed { world: World::Jewellery, dyed: "Metal", stock: 8, ..SEED };
const METALS: &[(&str, Colour)] = &[("Silver", SILVER), ("Gold vermeil", GOLD)];
const CHAINS: Option<Choice> = Some(("Length", &[("40 cm", 0, 0), ("45 cm", 0, 0), ("50 cm", 300, 1)]));

const SEEDS: &[Seed] = &[
    Seed {
        slug: "plain-band-ring",
        title: "Plain band ring",
        category: "rings",
        summary: "Half round, four millimetres, nothing more. The ring you forget to take off.",
        text: &[
            "Forged from wire, soldered, hammered round and polished for an hour. A band has nowhere to hide a mistake, which is why we like making it.",
        ],
        facts: &[
            "Profile: half round, 1.6 mm thick",
            "Made in recycled metal",
            "Sizing: one free change within a year",
        ],
        attrs: &[("metal", "Sterling silver"), ("stone", "None"), ("band", "4"), ("origin", "Belgium")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER), ("Rose", ROSEGOLD)],
        sizes: Some(RING_SIZES),
        price: 5900,
        weight: 12,
        tags: &["ring", "band", "silver", "gold"],
        look: Look::new(jewels::ring, GOLD),
        loved: 80,
        ..BASE
    },
    Seed {
        slug: "hammered-ring",
        title: "Hammered ring",
        category: "rings",
        summary: "Two hundred small blows with a round hammer, and each one catches the light.",
        text: &[
            "It looks like water over sand. The facets soften as you wear it, which is the idea. Made to size from a strip of recycled silver, hammered before it is bent.",
        ],
        facts: &["Care: a soft cloth", "Made in recycled silver"],
        attrs: &[("metal", "Sterling silver"), ("stone", "None"), ("band", "5"), ("origin", "Belgium")],
        sizes: Some(RING_SIZES),
        price: 6900,
        weight: 12,
        tags: &["ring", "hammered", "silver"],
        look: Look::new(jewels::ring, SILVER).style(1),
        loved: 66,
        ..BASE
    },
    Seed {
        slug: "moonstone-ring",
        title: "Moonstone ring",
        category: "rings",
        summary: "A milky stone with a blue light inside it, held by a thin bezel.",
        text: &[
            "Move your hand and the glow slides across: it is called adularescence, and nobody tires of it. Each stone is cut by Anoma in Ratnapura, whom we have known for ten years.",
        ],
        facts: &["Stone: 8 × 10 mm cabochon", "Care: take it off for gardening"],
        attrs: &[("metal", "Gold vermeil"), ("stone", "Moonstone"), ("band", "2"), ("origin", "Belgium")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER)],
        sizes: Some(RING_SIZES),
        price: 12900,
        weight: 14,
        stock: 4,
        tags: &["ring", "moonstone", "gold", "gemstone"],
        look: Look::new(jewels::ring, GOLD).second(MOONSTONE).third(LILAC).style(2),
        off: Some((10, "Full moon")),
        loved: 73,
        ..BASE
    },
    Seed {
        slug: "stacking-rings-set",
        title: "Stacking rings, set of three",
        category: "rings",
        summary: "Yellow, white and rose, thin as thread; together they make one good ring.",
        text: &[
            "Wear one, or all, or lend the middle one to somebody. They are made to the same size from the same length of wire in three metals. They make a small sound together, like keys in another room.",
        ],
        facts: &["Each 1.5 mm wide", "14 ct gold in three colours"],
        attrs: &[("metal", "14 ct gold"), ("stone", "None"), ("band", "1.5"), ("origin", "Belgium")],
        sizes: Some(RING_SIZES),
        price: 32900,
        weight: 14,
        stock: 3,
        tags: &["ring", "stacking", "gold", "set"],
        look: Look::new(jewels::ring, GOLD).second(SILVER).third(ROSEGOLD).style(3),
        loved: 58,
        ..BASE
    },
    Seed {
        slug: "signet-ring",
        title: "Signet ring",
        category: "rings",
        summary: "An oval table, empty or engraved with up to two letters by hand.",
        text: &[
            "Solid, cast, with a face just large enough for a monogram. Griet engraves with a burin under a microscope; write the letters into the note.",
        ],
        facts: &["Face: 9 × 11 mm", "Engraving takes one more week"],
        attrs: &[("metal", "Sterling silver"), ("stone", "None"), ("band", "3"), ("origin", "Belgium")],
        sizes: Some(RING_SIZES),
        more: Some(("Face", &[("Plain", 0, 0), ("Engraved", 2500, 0)])),
        price: 11900,
        weight: 18,
        stock: 5,
        tags: &["ring", "signet", "silver", "engraved"],
        look: Look::new(jewels::ring, SILVER).style(4),
        loved: 52,
        ..BASE
    },
    Seed {
        slug: "double-chain-necklace",
        title: "Double chain necklace",
        category: "necklaces-and-earrings",
        summary: "Two fine chains on one clasp that never tangle with each other.",
        text: &[
            "The trick is in the clasp: the chains hang from two rings, one above the other. A tiny ball keeps the shorter one centred.",
        ],
        facts: &["Clasp: lobster, 7 mm", "Care: keep it dry, store it hanging"],
        attrs: &[("kind", "Necklace"), ("metal", "Gold vermeil"), ("stone", "None"), ("length", "45")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER)],
        sizes: CHAINS,
        price: 8900,
        weight: 18,
        tags: &["necklace", "chain", "gold", "layered"],
        look: Look::new(jewels::necklace, GOLD),
        loved: 65,
        ..BASE
    },
    Seed {
        slug: "pearl-drop-necklace",
        title: "Pearl drop necklace",
        category: "necklaces-and-earrings",
        summary: "One freshwater pearl, not quite round, on a chain you hardly see.",
        text: &[
            "We choose the pearls one by one for their skin, not for their shape. Yours may lean towards pear or potato; it will certainly glow.",
        ],
        facts: &["Pearl: 9 to 10 mm, freshwater", "Care: last on, first off"],
        attrs: &[("kind", "Necklace"), ("metal", "Sterling silver"), ("stone", "Freshwater pearl"), ("length", "45")],
        dyes: METALS,
        sizes: CHAINS,
        price: 7900,
        weight: 16,
        tags: &["necklace", "pearl", "silver", "pendant"],
        look: Look::new(jewels::necklace, SILVER).second(PEARL).style(1),
        loved: 77,
        ..BASE
    },
    Seed {
        slug: "sun-disc-necklace",
        title: "Sun disc necklace",
        category: "necklaces-and-earrings",
        summary: "Sixteen rays, chased by hand, the size of a thumbnail.",
        text: &[
            "Drawn after the weathervane on the house across the canal. The rays are punched from the front with a single tool; count them if you like, one disc has seventeen.",
        ],
        facts: &["Disc: 15 mm", "Made in recycled metal"],
        attrs: &[("kind", "Necklace"), ("metal", "Gold vermeil"), ("stone", "None"), ("length", "45")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER)],
        sizes: CHAINS,
        price: 9400,
        weight: 17,
        tags: &["necklace", "sun", "gold", "pendant"],
        look: Look::new(jewels::necklace, GOLD).style(2),
        loved: 71,
        ..BASE
    },
    Seed {
        slug: "small-hoop-earrings",
        title: "Small hoop earrings",
        category: "necklaces-and-earrings",
        summary: "Hollow, light, with a hinge that clicks. You can sleep in them.",
        text: &[
            "The first hoops most people buy and the last ones they wear. The tube is drawn by us, 2.5 millimetres thick, with walls that do not dent.",
        ],
        facts: &["Diameter: 16 mm", "Posts: solid"],
        attrs: &[("kind", "Earrings"), ("metal", "Gold vermeil"), ("stone", "None"), ("length", "1.6")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER)],
        sizes: Some(("Diameter", &[("12 mm", -600, -1), ("16 mm", 0, 0), ("24 mm", 900, 2)])),
        price: 6400,
        weight: 9,
        tags: &["earrings", "hoops", "gold"],
        look: Look::new(jewels::earrings, GOLD).third(PINE),
        off: Some((15, "Pairs week")),
        loved: 84,
        ..BASE
    },
    Seed {
        slug: "pearl-studs",
        title: "Pearl studs",
        category: "necklaces-and-earrings",
        summary: "Matched by eye at the north window, one pair at a time.",
        text: &[
            "Two pearls of the same tone are harder to find than two of the same size. These sit close to the ear on a cup of silver and a peg.",
        ],
        facts: &["Pearls: 7 mm, button shaped", "Backs: silver"],
        attrs: &[("kind", "Earrings"), ("metal", "Sterling silver"), ("stone", "Freshwater pearl"), ("length", "0.7")],
        price: 4900,
        weight: 8,
        stock: 14,
        tags: &["earrings", "pearl", "studs", "silver"],
        look: Look::new(jewels::earrings, SILVER).second(PEARL).third(DUSK).style(1),
        loved: 68,
        ..BASE
    },
    Seed {
        slug: "beech-leaf-earrings",
        title: "Beech leaf earrings",
        category: "necklaces-and-earrings",
        summary: "Real leaves from the Sonian Forest, cast in metal down to the veins.",
        text: &[
            "We press small leaves into clay in May, when they are soft, and cast one from each. They weigh about as much as they did on the tree.",
        ],
        facts: &["Length: 34 mm", "Weight: 2 g each"],
        attrs: &[("kind", "Earrings"), ("metal", "Gold vermeil"), ("stone", "None"), ("length", "3.4")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER)],
        price: 7900,
        weight: 10,
        tags: &["earrings", "leaf", "gold", "drop"],
        look: Look::new(jewels::earrings, GOLD).third(CREAM).style(2),
        loved: 60,
        ..BASE
    },
    Seed {
        slug: "green-onyx-earrings",
        title: "Green onyx drops",
        category: "necklaces-and-earrings",
        summary: "Eight-sided stones, deep as bottle glass, that swing a little when you laugh.",
        text: &[
            "Cut with a flat table so that they look like windows. The setting is open at the back and the light comes through.",
        ],
        facts: &["Length: 28 mm", "Stone: green onyx, 10 mm"],
        attrs: &[("kind", "Earrings"), ("metal", "Gold vermeil"), ("stone", "Green onyx"), ("length", "2.8")],
        price: 8900,
        was: Some(10900),
        weight: 11,
        stock: 6,
        tags: &["earrings", "onyx", "green", "gold"],
        look: Look::new(jewels::earrings, GOLD).second(PINE).third(BLUSH).style(3),
        loved: 55,
        ..BASE
    },
    Seed {
        slug: "open-cuff-bracelet",
        title: "Open cuff bracelet",
        category: "necklaces-and-earrings",
        summary: "A heavy curve of metal that slips on over the bone and stays.",
        text: &[
            "Bent from a bar over a steel mandrel, the ends filed round. It gives just enough to be squeezed a little smaller or larger, once.",
        ],
        facts: &["Width: 7 mm", "Fits: wrists from 14 to 18 cm"],
        attrs: &[("kind", "Bracelet"), ("metal", "Sterling silver"), ("stone", "None"), ("length", "17")],
        dyes: &[("Gold vermeil", GOLD), ("Silver", SILVER)],
        price: 13900,
        weight: 44,
        stock: 5,
        tags: &["bracelet", "cuff", "silver", "gold"],
        look: Look::new(jewels::bracelet, GOLD).style(1),
        loved: 57,
        ..BASE
    },
    Seed {
        slug: "sea-bead-bracelet",
        title: "Sea bead bracelet",
        category: "necklaces-and-earrings",
        summary: "Blue-grey stones the colour of the North Sea on a good day.",
        text: &[
            "Matte agate beads on silk, knotted by hand, with four gold ones so that you know where you are. It goes over the hand and needs no clasp; wear it in the sea, nothing happens.",
        ],
        facts: &["Beads: 6 mm", "Elastic, one size"],
        attrs: &[("kind", "Bracelet"), ("metal", "Gold vermeil"), ("stone", "Agate"), ("length", "18")],
        price: 4400,
        weight: 22,
        stock: 16,
        tags: &["bracelet", "beads", "agate"],
        look: Look::new(jewels::bracelet, GOLD).second(DUSK).style(2),
        loved: 48,
        ..BASE
    },
    Seed {
        slug: "thirty-six-millimetre-watch",
        title: "Dress watch, 36 mm",
        category: "watches",
        summary: "A white dial, three hands, a strap that smells of the saddler's.",
        text: &[
            "Small by today's standards and right by every other. The hands are bent down at the tips so that they sit close to the dial; look at it from the side.",
        ],
        facts: &["Crystal: sapphire", "Strap: 18 mm, changes without tools", "Serviced by us, in Antwerp"],
        attrs: &[("movement", "Quartz"), ("case", "36"), ("strap", "Leather"), ("water", "50")],
        sizes: Some(("Strap", &[("Cognac leather", 0, 0), ("Black leather", 0, 0)])),
        price: 18900,
        weight: 62,
        stock: 7,
        tags: &["watch", "dress watch", "leather"],
        look: Look::new(jewels::watch, STEEL).second(COGNAC),
        loved: 70,
        ..BASE
    },
    Seed {
        slug: "field-watch",
        title: "Field watch",
        category: "watches",
        summary: "Hand-wound, legible at five in the morning, on canvas you can wash.",
        text: &[
            "Forty turns of the crown are two days. The dial is night blue, not black, and the strap goes through the bars, so it survives one of them breaking.",
        ],
        facts: &["Crystal: domed, mineral", "Lume on hands and hours"],
        attrs: &[("movement", "Hand-wound"), ("case", "38"), ("strap", "Canvas"), ("water", "100")],
        sizes: Some(("Strap", &[("Olive canvas", 0, 0), ("Sand canvas", 0, 0)])),
        price: 32900,
        weight: 70,
        stock: 5,
        tags: &["watch", "field watch", "mechanical", "canvas"],
        look: Look::new(jewels::watch, STEEL).second(OLIVE).third(SAND).style(1),
        loved: 59,
        ..BASE
    },
    Seed {
        slug: "mesh-watch",
        title: "Mesh watch",
        category: "watches",
        summary: "A petrol dial on a woven steel band that fits any wrist to the millimetre.",
        text: &[
            "Milanese mesh closes with a sliding clasp, so there are no holes to choose between. Automatic: it runs while you do.",
        ],
        facts: &["Crystal: sapphire", "Power reserve: 40 hours"],
        attrs: &[("movement", "Automatic"), ("case", "38"), ("strap", "Steel mesh"), ("water", "50")],
        price: 39900,
        weight: 96,
        stock: 4,
        tags: &["watch", "mesh", "automatic", "gold"],
        look: Look::new(jewels::watch, GOLD).second(GOLD).third(PETROL).style(2),
        loved: 54,
        ..BASE
    },
    Seed {
        slug: "teal-drop-necklace",
        title: "Teal drop necklace",
        category: "necklaces-and-earrings",
        summary: "A drop of apatite, the colour of deep water seen from a ferry.",
        text: &[
            "Apatite is softer than we are used to and worth the trouble for its colour. The setting covers the edge all round, so it can be worn and not only looked at.",
        ],
        facts: &["Stone: 11 mm", "Care: not in the sea, whatever it looks like"],
        attrs: &[("kind", "Necklace"), ("metal", "Gold vermeil"), ("stone", "Apatite"), ("length", "45")],
        sizes: CHAINS,
        price: 10900,
        weight: 17,
        stock: 4,
        tags: &["necklace", "gemstone", "teal", "pendant"],
        look: Look::new(jewels::necklace, GOLD).second(TEAL).style(3),
        loved: 50,
        ..BASE
    },
    Seed {
        slug: "chain-bracelet-with-sun",
        title: "Chain bracelet with a small sun",
        category: "necklaces-and-earrings",
        summary: "A round chain with some weight, and one charm to start with.",
        text: &[
            "The links are soldered shut one by one, so charms stay where they are hung. The sun is the little sister of our disc necklace.",
        ],
        facts: &["Length: 18 cm, with a ring at 17", "Made in recycled metal"],
        attrs: &[("kind", "Bracelet"), ("metal", "Sterling silver"), ("stone", "None"), ("length", "18")],
        dyes: &[("Silver", SILVER), ("Gold vermeil", GOLD)],
        price: 9900,
        weight: 26,
        stock: 7,
        tags: &["bracelet", "chain", "silver", "charm"],
        look: Look::new(jewels::bracelet, SILVER),
        loved: 46,
        ..BASE
    },
];
