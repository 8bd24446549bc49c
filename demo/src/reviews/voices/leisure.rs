//! What people say of what they read, play, grow and take outdoors.

use super::Voice;

pub const BOOK: Voice = Voice {
    titles: &["Read it in one evening", "A quiet marvel", "Will be given to everyone I know"],
    praise: &[
        "I read it in two sittings and then started again.",
        "Funny where you do not expect it.",
        "A beautiful object: the paper, the type, the cover.",
        "It has been lent to three people and come back each time with a note in it.",
        "You can open it anywhere and stay.",
        "The translation reads as if there were none.",
    ],
    niggles: &[
        "The beginning is slow; keep going.",
        "I would have liked it longer.",
        "The type is a bit small for me.",
    ],
    faults: &[
        "I could not get into it, and I tried twice.",
        "My copy had two pages stuck together.",
        "Less to it than the description promises.",
    ],
};

pub const DEVICE: Voice = Voice {
    titles: &["Just works", "Repairable, at last", "Sounds and feels right"],
    praise: &[
        "Out of the box, plugged in, done; no account, no app.",
        "It feels solid and there is nothing that rattles.",
        "I took it apart, because one can, and it went back together.",
        "Does what it should and looks good while doing it.",
        "Better than the one from the big brand that I sent back.",
        "I have used it for eight hours a day since and have stopped noticing it, which is praise.",
        "The support answered with a real name and a real answer.",
    ],
    niggles: &[
        "The manual is rather thin.",
        "A longer cable would be nice.",
        "The first setup took me two attempts.",
        "Slightly larger than I had thought.",
    ],
    faults: &[
        "It stopped working after three weeks.",
        "There is a faint noise that I cannot unhear.",
        "It gets warmer than I am comfortable with.",
    ],
};

pub const TOY: Voice = Voice {
    titles: &["Played with every day", "The birthday favourite", "Loved to bits"],
    praise: &[
        "Our daughter has carried it around since she unwrapped it.",
        "Robust: it has been down the stairs more than once.",
        "The colours are lovely and do not come off, even when chewed.",
        "It keeps them busy for an hour, which is a small miracle.",
        "Grandparents and child were equally pleased.",
        "Smells of wood and of nothing else.",
        "No batteries, no noise. Thank you.",
    ],
    niggles: &[
        "A bit smaller than we expected.",
        "Ours has a small knot in the wood, which we rather like.",
        "You step on it at night.",
        "It took a while until he was interested.",
    ],
    faults: &[
        "One part came off within a week.",
        "The paint has chipped already.",
        "She looked at it and went back to the box.",
    ],
};

pub const GAME: Voice = Voice {
    titles: &["The holidays are saved", "One more round", "For big and small"],
    praise: &[
        "We play it every Sunday now.",
        "The pieces are a pleasure to hold.",
        "Just hard enough.",
        "The picture is so nice that we framed it.",
        "Explained in two minutes, and then nobody wanted to stop.",
        "My six-year-old beats me and tells everyone.",
    ],
    niggles: &["The box could be sturdier.", "A little too easy for adults.", "You need a big table."],
    faults: &[
        "A piece was missing. The last one, of course.",
        "The print is paler than in the picture.",
        "We tried twice and it has been in the cupboard since.",
    ],
};

pub const PLANT: Voice = Voice {
    titles: &["Arrived happy", "New leaves already", "Much bigger than I thought"],
    praise: &[
        "It came upright, moist and without a broken leaf.",
        "Two new leaves in the first month.",
        "Bigger and bushier than in the picture.",
        "The care card is short and actually useful.",
        "I have killed everything so far and this one lives.",
        "They answered my worried photograph within a day.",
    ],
    niggles: &[
        "One leaf was bent on arrival, it has grown out.",
        "It dropped some leaves until it had settled in.",
        "The pot is a bit plain.",
        "Needs more water than they say, in our flat at least.",
    ],
    faults: &[
        "It had little flies in the soil.",
        "Half of the leaves were yellow after a week.",
        "Much smaller than in the picture.",
    ],
};

pub const GARDEN: Voice = Voice {
    titles: &["A tool for life", "Sits in the garden as if it grew there", "Simply good"],
    praise: &[
        "Strong, simple, and a pleasure to use.",
        "It has stood outside all winter and looks the better for it.",
        "My neighbour has ordered the same one.",
        "Comfortable in the hand, even after an afternoon.",
        "Really well made for the money.",
        "Nothing about it is plastic, which is a relief.",
    ],
    niggles: &[
        "Heavier than I expected.",
        "I had to drill the hole a bit larger.",
        "The colour is a shade darker than in the picture.",
    ],
    faults: &["It arrived cracked.", "Rust after the first rain.", "It is thinner than it looks."],
};

pub const OUTDOORS: Voice = Voice {
    titles: &["Held up in a storm", "Goes everywhere with me", "Tested for a week in the rain"],
    praise: &[
        "Used for ten days on the trail and not one complaint.",
        "Lighter than the one it replaces and twice as tough.",
        "Everything works with cold hands.",
        "You can tell that it was designed by someone who uses it.",
        "It has been dropped on rock and only has a story now.",
        "Small things are thought of, loops, tabs, a spare part in the pocket.",
        "Rained all night and we were dry.",
    ],
    niggles: &[
        "The bag it comes in is very tight.",
        "Took a try or two to get right.",
        "A little heavier than stated, on my scales.",
        "I would like it in a brighter colour.",
    ],
    faults: &[
        "A seam let go on the second trip.",
        "The coating came off where it rubs.",
        "It does not fit, although it should according to the page.",
    ],
};
