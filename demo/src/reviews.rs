//! What buyers write: a title and a few sentences that fit the thing and the stars.

mod voices;

use crate::Product;
use crate::draw::pen::Dice;
use crate::seed::hash;
use voices::Voice;

const TITLES: [&[&str]; 5] = [
    &["Disappointed", "Not for me, sadly", "Sending it back", "I had hoped for more", "A pity", "Went wrong somewhere"],
    &["Not quite there", "Looks better than it is", "Mixed, leaning to no", "Expected more", "So so", "Nice idea, but"],
    &["It is all right", "Good with a but", "Fine, not special", "Somewhere in the middle", "Does the job", "Decent"],
    &[
        "Very good",
        "Nearly perfect",
        "Happy with it",
        "Would buy again",
        "Lovely, one small thing",
        "Solid",
        "Good value",
        "Glad I bought it",
    ],
    &[
        "Exactly what I hoped for",
        "A joy every day",
        "Even better than in the picture",
        "Perfect",
        "I want another one",
        "Beautifully made",
        "Worth every cent",
        "Best thing I bought this year",
        "Love it",
        "My favourite now",
        "Keeps making me smile",
        "Recommended without hesitation",
    ],
];

const OPENERS: [&[&str]; 5] = [
    &["I really wanted to like this.", "Three weeks in and I have given up.", "Maybe I got a bad one.", ""],
    &["Lovely to look at, I will say that.", "Not sure whom to blame.", "I was torn between two stars and three.", ""],
    &[
        "Honest opinion after a month of use.",
        "Some of it is great, some of it is not.",
        "Neither thrilled nor upset.",
        "",
    ],
    &[
        "Bought it for myself and do not regret it.",
        "Second purchase from this shop.",
        "Had it for two months now.",
        "A present from my sister, so I can be honest.",
        "",
        "",
    ],
    &[
        "I do not usually write reviews.",
        "Bought one, came back for a second.",
        "This was a gift to myself.",
        "Given to my mother, who rang me up about it.",
        "I had been looking at this for months.",
        "We use it every single day.",
        "",
        "",
        "",
    ],
];

const CLOSERS: [&[&str]; 5] = [
    &["The shop took it back without fuss, to be fair.", "Refund came quickly, so at least that.", "Returned it.", ""],
    &[
        "For less money I would have kept quiet.",
        "I may give it to someone who minds less.",
        "Perhaps mine was the odd one out.",
        "",
    ],
    &[
        "For the price I would think about it again.",
        "You will probably be happier than I am.",
        "Keeping it, with a shrug.",
        "",
    ],
    &[
        "Still, I would buy it again.",
        "Small thing; I only mention it.",
        "Four and a half, really.",
        "Recommended all the same.",
        "",
    ],
    &[
        "Packed with real care, and a handwritten note.",
        "Arrived two days early.",
        "Thank you to the people who made it.",
        "Already ordered the next one.",
        "No complaints whatsoever.",
        "The shop answered my question within the hour.",
        "Friends have asked where it is from.",
        "",
        "",
    ],
];

/// A review of this product for this many stars (1 to 5); another seed, another reviewer.
pub fn review_for(product: &Product, rating: u8, seed: u64) -> (String, String) {
    let stars = usize::from(rating.clamp(1, 5)) - 1;
    let voice = voices::of(product.category);
    let mut dice = Dice::new(hash(product.slug) ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stars as u64);
    let middle = match stars {
        4 => two(&mut dice, voice.praise),
        3 => vec![*dice.pick(voice.praise), *dice.pick(voice.niggles)],
        2 => vec![*dice.pick(voice.praise), *dice.pick(voice.niggles), *dice.pick(voice.faults)],
        1 => vec![*dice.pick(voice.faults), *dice.pick(voice.niggles)],
        _ => two(&mut dice, voice.faults),
    };
    let brief = dice.below(4) == 0;
    let mut sentences: Vec<&str> = Vec::new();
    if !brief {
        sentences.push(*dice.pick(OPENERS[stars]));
    }
    sentences.extend(if brief && stars != 2 { &middle[..1] } else { &middle[..] });
    if !brief || stars == 0 {
        sentences.push(*dice.pick(CLOSERS[stars]));
    }
    sentences.retain(|s| !s.is_empty());
    (title(&mut dice, stars, voice), sentences.join(" "))
}

const THANKS: &[&str] = &[
    "Thank you for taking the time. It goes on the wall of the workshop.",
    "We are glad it has found a good place. Thank you.",
    "That is exactly what we had in mind when we made it. Thank you.",
    "Thank you. Tell us should it ever need mending; we do that.",
];

const AMENDS: &[&str] = &[
    "We are sorry. That is not how it leaves our workshop: write to us, and we replace it.",
    "Thank you for saying so plainly. We have changed how we pack these, and would like to make it good.",
    "We are sorry to read this. Please send us a picture, and you have a new one this week.",
    "This should not have happened. Your money is on its way back, and we look at the whole batch.",
];

/// What a shop answers to a review with so many stars; another seed, another answer.
pub fn reply_for(rating: u32, seed: u64) -> &'static str {
    let mut dice = Dice::new(seed ^ 0x5ead_b0a7);
    let answers = if rating >= 4 { THANKS } else { AMENDS };
    answers[dice.below(answers.len())]
}

fn title(dice: &mut Dice, stars: usize, voice: &Voice) -> String {
    let own = if stars == 4 { voice.titles } else { &[] };
    let k = dice.below(TITLES[stars].len() + own.len() * 2);
    let text = TITLES[stars].get(k).copied();
    text.unwrap_or_else(|| own[(k - TITLES[stars].len()) % own.len()]).to_owned()
}

/// Two different ones.
fn two<'a>(dice: &mut Dice, from: &[&'a str]) -> Vec<&'a str> {
    let first = dice.below(from.len());
    let second = (first + 1 + dice.below(from.len() - 1)) % from.len();
    vec![from[first], from[second]]
}
