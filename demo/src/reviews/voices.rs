//! What is said of which kind of thing.

mod leisure;

use leisure::{BOOK, DEVICE, GAME, GARDEN, OUTDOORS, PLANT, TOY};

/// What people say of one kind of thing.
pub struct Voice {
    /// Titles of five stars.
    pub titles: &'static [&'static str],
    /// What they like.
    pub praise: &'static [&'static str],
    /// What they mention.
    pub niggles: &'static [&'static str],
    /// What they mind.
    pub faults: &'static [&'static str],
}

/// The voice for a category.
pub fn of(category: &str) -> &'static Voice {
    match category {
        "mugs" | "tableware" => &CERAMIC,
        "tea-and-coffee-gear" | "cook-and-cut" => &COOKING,
        "lighting" => &LIGHT,
        "vases-and-candles" | "wall-and-time" => &DECORATION,
        "furniture" => &FURNITURE,
        "textiles" => &TEXTILE,
        "coffee-and-tea" => &COFFEE,
        "honey-and-preserves" | "oils-and-spices" | "sweets-and-deli" => &FOOD,
        "tops-and-knitwear" | "hats-scarves-socks" => &CLOTHES,
        "shoes" => &SHOES,
        "bags" | "wallets-and-belts" => &LEATHER,
        "rings" | "necklaces-and-earrings" | "watches" => &JEWELLERY,
        "soap-and-bath" | "skin-and-hair" => &BODY,
        "notebooks-and-pens" => &PAPER,
        "books" => &BOOK,
        "audio" | "desk" => &DEVICE,
        "toys" => &TOY,
        "puzzles-and-games" => &GAME,
        "houseplants" => &PLANT,
        "pots-and-tools" => &GARDEN,
        _ => &OUTDOORS,
    }
}

const CERAMIC: Voice = Voice {
    titles: &["The one everybody grabs first", "Feels so good in the hand", "Better than anything in our cupboard"],
    praise: &[
        "The glaze has a depth the pictures cannot show.",
        "It has a good weight and sits firmly on the table.",
        "Has been through the dishwasher every day since and looks new.",
        "You can feel that a person made this.",
        "The colour is warmer in daylight than on the screen, in a good way.",
        "We now eat and drink more slowly, which I did not expect from crockery.",
        "Guests turn it over to see who made it.",
    ],
    niggles: &[
        "A touch smaller than I had imagined.",
        "The foot is rough; I put felt under it.",
        "It gets quite hot in the microwave.",
        "Mine differs a little from the other one, as they say it will.",
    ],
    faults: &[
        "There is a hairline in the glaze near the rim.",
        "It came with a chip, which should not leave the workshop.",
        "The shade is not what I ordered, much darker.",
    ],
};

const COOKING: Voice = Voice {
    titles: &["The best tool in my kitchen", "Should have bought it years ago", "A pleasure to work with"],
    praise: &[
        "It does one thing and does it properly.",
        "Feels solid, and balanced, and as if it will outlive me.",
        "Cooking with it is simply nicer.",
        "I gave the old one away the same evening.",
        "The finish is beautiful, you can see the work in it.",
        "Easy to clean, which I had been worried about.",
        "It has made me better at this, or at least more patient.",
    ],
    niggles: &[
        "It needs a bit of care, so not for lazy people like my flatmate.",
        "A little heavier than I expected.",
        "I wish it could go into the dishwasher.",
        "Takes up more of the drawer than I thought.",
    ],
    faults: &[
        "After a few weeks it has developed a small crack.",
        "Mine arrived with a dent, or a scratch, depending on the light.",
        "It does not do the job as well as the cheap one I had.",
    ],
};

const LIGHT: Voice = Voice {
    titles: &["The room is a different room", "Warmest light in the house", "We turn the big light off now"],
    praise: &[
        "The light is soft and exactly where you need it.",
        "Even switched off it is a lovely object.",
        "It makes the whole corner feel finished.",
        "Mounting took ten minutes, and I am not handy.",
        "No glare from any chair, just as described.",
        "The dimmer goes right down to candle level.",
    ],
    niggles: &[
        "The cable could be half a metre longer.",
        "The switch is a little hard to find in the dark.",
        "Slightly smaller than it looks in the picture.",
        "I swapped the bulb for a warmer one.",
    ],
    faults: &[
        "It hums when dimmed.",
        "The shade does not sit straight and I cannot get it to.",
        "It flickered from the first day.",
    ],
};

const DECORATION: Voice = Voice {
    titles: &["Makes the room", "Simple and lovely", "I keep looking at it"],
    praise: &[
        "Looks as good on the shelf as it did on the page.",
        "Understated, which is what I was after.",
        "The details are what make it: look at it from close by.",
        "It was the present everybody asked about.",
        "I moved it around the flat for a day because it looks good everywhere.",
        "You can tell that somebody cared.",
        "Really well packed; not a scratch.",
    ],
    niggles: &[
        "It is smaller than I had pictured; read the dimensions.",
        "The colour is a shade cooler than on my screen.",
        "I would have liked one size up.",
    ],
    faults: &[
        "Arrived with a flaw on the side one sees.",
        "For what it costs I expected a cleaner finish.",
        "It does not look like the picture, sorry.",
    ],
};

const FURNITURE: Voice = Voice {
    titles: &["An heirloom, I hope", "Real joinery", "The most beautiful thing in the flat"],
    praise: &[
        "The joints are a work of art and you want to run your hand over them.",
        "Stable, quiet, no creak anywhere.",
        "Much lighter to carry than I feared and much stronger than it looks.",
        "The smell of oiled wood when we unpacked it.",
        "More comfortable than anything with upholstery we own.",
        "It has already been sat on, stood on and jumped from.",
    ],
    niggles: &[
        "The grain is wilder than in the picture, which I have come to like.",
        "Took three weeks to arrive.",
        "I had to oil it once more after a month.",
        "The carrier only came to the kerb.",
    ],
    faults: &[
        "One leg is shorter; it rocks on a flat floor.",
        "There is a split in the wood that was filled and shows.",
        "The surface marks if you so much as look at it.",
    ],
};

const TEXTILE: Voice = Voice {
    titles: &["So soft", "The whole family fights over it", "Better after every wash"],
    praise: &[
        "The cloth is dense and soft at the same time.",
        "Washed it as the label says and it came out even nicer.",
        "The colours go with everything we have.",
        "The cat approves, and she approves of nothing.",
        "You notice the quality as soon as you lift it out of the parcel.",
        "Edges and seams are done properly.",
        "It has not pilled at all.",
    ],
    niggles: &[
        "It shed a little fluff in the first week.",
        "Slightly thinner than I had thought.",
        "The colour is more muted than on my screen.",
        "Smells of wool at first, then not any more.",
    ],
    faults: &[
        "It shrank in the wash although I followed the label.",
        "One seam came open after a few days.",
        "Scratchy; I cannot have it against my skin.",
    ],
};

const COFFEE: Voice = Voice {
    titles: &["My new morning", "Tastes like they say it does", "Fresh, fresh, fresh"],
    praise: &[
        "You smell how fresh it is the moment you open the bag.",
        "The notes on the label are really there, even I can taste them.",
        "Clean, sweet, and no bitterness at all.",
        "It has replaced the one I had been buying for years.",
        "Works black and with milk.",
        "The date on the bag was three days old.",
        "Even the second infusion is better than the first of others.",
    ],
    niggles: &[
        "It took me a few tries to find the right grind.",
        "The bag could close better.",
        "A little light for my taste, but well made.",
        "Goes too fast, we should have ordered the large one.",
    ],
    faults: &[
        "Too sour for me, however I brewed it.",
        "The bag was not sealed properly and it tasted flat.",
        "I expected much more aroma for this price.",
    ],
};

const FOOD: Voice = Voice {
    titles: &["Gone within a day", "Like being on holiday", "You can taste where it comes from"],
    praise: &[
        "It tastes of what it is made of and of nothing else.",
        "We finished it standing in the kitchen.",
        "The children asked what happened to breakfast, it is suddenly good.",
        "A spoonful turns a plain supper into something.",
        "I brought it to a dinner and came home with orders from three people.",
        "Not too sweet, not too salty, simply right.",
        "The small note about who made it is a nice touch.",
    ],
    niggles: &[
        "I would like a bigger size.",
        "It is not cheap, but you use little.",
        "The lid was sticky on arrival.",
        "More intense than I am used to.",
    ],
    faults: &[
        "The seal was broken and I did not dare to eat it.",
        "Bland, compared to what they promise.",
        "It was much closer to its date than I would like.",
    ],
};

const CLOTHES: Voice = Voice {
    titles: &["Fits as if made for me", "I live in it", "Warm, and it does not itch"],
    praise: &[
        "The fit is spot on; I took my usual size.",
        "Warm without being heavy.",
        "It does not itch, and I am fussy.",
        "The knit is even and the seams lie flat.",
        "Worn it three days a week all winter and it looks the same.",
        "The colour is lovely, deeper than in the picture.",
        "I got compliments from a stranger on a train.",
    ],
    niggles: &[
        "Runs a little large; consider a size down.",
        "The sleeves are slightly long on me.",
        "Sheds a bit of fluff on dark trousers at first.",
        "You do have to wash it with care.",
    ],
    faults: &[
        "It pilled under the arms within two weeks.",
        "The size is nowhere near the chart.",
        "A thread came loose on the first day and it unravelled.",
    ],
};

const SHOES: Voice = Voice {
    titles: &["Comfortable from day one", "Finally shoes that last", "Walked twenty kilometres in them"],
    praise: &[
        "They fitted straight out of the box.",
        "Real leather, real stitching, and you can smell it.",
        "After a week they felt like I had owned them for years.",
        "Good grip in the wet.",
        "The cobbler looked at them and nodded, which he never does.",
        "Go with everything I wear.",
    ],
    niggles: &[
        "Took a week of blisters to break in.",
        "Half a size large, an insole solved it.",
        "The laces are too short for a double knot.",
        "They need polish now and then.",
    ],
    faults: &[
        "The sole started to come off after a month.",
        "One shoe is visibly wider than the other.",
        "My heel never stopped hurting in them.",
    ],
};

const LEATHER: Voice = Voice {
    titles: &["Gets better every week", "Made to last", "The last one I will need"],
    praise: &[
        "The leather is already getting its own character.",
        "Every stitch is where it should be.",
        "It carries far more than you would think.",
        "The size is perfect for every day.",
        "Buckles and zips feel like they belong on something twice the price.",
        "I have been caught in the rain with it and nothing got wet.",
        "Colleagues keep touching it.",
    ],
    niggles: &[
        "Quite stiff in the beginning.",
        "One more inside pocket would make it perfect.",
        "The colour is a little darker than in the picture.",
        "It has a strong smell of leather at first, which I like and my husband does not.",
    ],
    faults: &[
        "A rivet came out in the second week.",
        "The edge was not finished and has begun to fray.",
        "It scratches from looking at it.",
    ],
};

const JEWELLERY: Voice = Voice {
    titles: &["I have not taken it off", "She cried, in a good way", "Delicate and strong"],
    praise: &[
        "It catches the light in a way that no picture shows.",
        "Fine without being flimsy.",
        "I sleep, swim and work in it and it looks the same.",
        "The box alone made it a present.",
        "The size was exactly right, their chart works.",
        "You can see the hand of the maker in it.",
        "Simple enough for every day and special enough for a wedding.",
    ],
    niggles: &[
        "A bit smaller than I had thought from the photograph.",
        "The clasp is fiddly to do up alone.",
        "It needed a polish after the summer.",
        "It took a week longer because of the size.",
    ],
    faults: &[
        "The plating has worn off on the inside already.",
        "The clasp opened by itself and I nearly lost it.",
        "The stone is much paler than on the page.",
    ],
};

const BODY: Voice = Voice {
    titles: &["My skin is happy", "The only one I use now", "Smells like a garden"],
    praise: &[
        "My skin has calmed down since I started using it.",
        "The scent is there and then it is gone, as it should be.",
        "Lasts far longer than I expected.",
        "No perfume headache, no itching, nothing.",
        "My husband has started to use it too and thinks I do not notice.",
        "The bathroom smells wonderful.",
        "I like that I can read the list of ingredients.",
    ],
    niggles: &[
        "You have to get used to it for a week.",
        "The scent is fainter than I had hoped.",
        "It leaves a slight film at first.",
        "I wish there were a larger size.",
    ],
    faults: &["It gave me a rash, so not for me.", "It had leaked in the parcel.", "I notice no difference at all."],
};

const PAPER: Voice = Voice {
    titles: &["Makes me want to write", "The paper!", "A small daily luxury"],
    praise: &[
        "Ink dries fast and does not bleed through.",
        "It lies flat, truly flat, on any page.",
        "I write more since I have it.",
        "The feel of it is worth the price.",
        "Everything about it is simple and right.",
        "I am left-handed and nothing smears.",
        "Bought as a gift and then kept.",
    ],
    niggles: &[
        "I would love it in one more size.",
        "A bit too beautiful to use for shopping lists.",
        "The colour is less bright than on my screen.",
        "The elastic could be tighter.",
    ],
    faults: &[
        "The binding came loose after two weeks.",
        "It feathers with my pen.",
        "A corner was crushed in the post.",
    ],
};
