//! How a product is written down, and how it becomes a [`Product`].

use crate::draw::Look;
use crate::draw::colour::{Colour, dye};
use crate::draw::marks::Mark;
use crate::draw::path::push;
use crate::draw::pen::Dice;
use crate::draw::shot::{Shot, Sitting, World};
use crate::picture::{Picture, Subject};
use crate::{Discount, Product, ProductOption, Variant};

/// A choice besides colour: its name, and per value what it adds to price (cents) and weight (grams).
pub type Choice = (&'static str, &'static [(&'static str, i64, i32)]);

/// A product as its shop writes it down.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// Name in addresses.
    pub slug: &'static str,
    /// Name.
    pub title: &'static str,
    /// Child category.
    pub category: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    /// Paragraphs of the description.
    pub text: &'static [&'static str],
    /// The list under them; "Care: wash cold" puts "Care" in strong letters.
    pub facts: &'static [&'static str],
    /// Values of the category's attributes.
    pub attrs: &'static [(&'static str, &'static str)],
    /// The name of the colour choice, where there are several colours.
    pub dyed: &'static str,
    /// The colours it comes in.
    pub dyes: &'static [(&'static str, Colour)],
    /// Another choice.
    pub sizes: Option<Choice>,
    /// And one more.
    pub more: Option<Choice>,
    /// Cents, of the plainest variant.
    pub price: i64,
    /// What it cost before, if more.
    pub was: Option<i64>,
    /// Grams, of the plainest variant.
    pub weight: i32,
    /// About how many there are of each variant.
    pub stock: u32,
    /// Words to find it by.
    pub tags: &'static [&'static str],
    /// What it looks like.
    pub look: Look,
    /// Where it lives.
    pub world: World,
    /// Percent off, and why.
    pub off: Option<(u8, &'static str)>,
    /// 1 to 100.
    pub loved: u8,
}

/// The seed that others fill in.
pub const SEED: Seed = Seed {
    slug: "",
    title: "",
    category: "",
    summary: "",
    text: &[],
    facts: &[],
    attrs: &[],
    dyed: "Colour",
    dyes: &[],
    sizes: None,
    more: None,
    price: 0,
    was: None,
    weight: 0,
    stock: 12,
    tags: &[],
    look: Look::new(crate::things::cups::mug, dye::OAT),
    world: World::Home,
    off: None,
    loved: 40,
};

/// Clothes sizes.
pub const SIZES: Choice = ("Size", &[("XS", 0, -40), ("S", 0, -20), ("M", 0, 0), ("L", 0, 20), ("XL", 0, 40)]);

/// Shoe sizes.
pub const SHOE_SIZES: Choice = (
    "Size",
    &[
        ("37", 0, -60),
        ("38", 0, -40),
        ("39", 0, -20),
        ("40", 0, 0),
        ("41", 0, 20),
        ("42", 0, 40),
        ("43", 0, 60),
        ("44", 0, 80),
        ("45", 0, 100),
    ],
);

/// Ring sizes, the circumference in millimetres.
pub const RING_SIZES: Choice =
    ("Ring size", &[("50", 0, 0), ("52", 0, 0), ("54", 0, 0), ("56", 0, 0), ("58", 0, 0), ("60", 0, 0)]);

/// A shop's shelf: what its products share.
pub struct Shelf {
    /// The shop's slug.
    pub vendor: &'static str,
    /// How its SKUs begin.
    pub code: &'static str,
    /// Its mark.
    pub mark: Mark,
    /// The backdrops it photographs before.
    pub tints: &'static [Colour],
    /// Its products.
    pub seeds: &'static [Seed],
}

impl Shelf {
    /// The shelf's products.
    pub fn products(&self) -> impl Iterator<Item = Product> + '_ {
        self.seeds.iter().enumerate().map(|(i, seed)| self.product(i, seed))
    }

    fn product(&self, i: usize, seed: &Seed) -> Product {
        let mut options = Vec::new();
        if seed.dyes.len() > 1 {
            options.push(ProductOption { name: seed.dyed, values: seed.dyes.iter().map(|d| d.0).collect() });
        }
        for (name, values) in [seed.sizes, seed.more].into_iter().flatten() {
            options.push(ProductOption { name, values: values.iter().map(|v| v.0).collect() });
        }
        Product {
            vendor: self.vendor,
            category: seed.category,
            slug: seed.slug,
            title: seed.title,
            summary: seed.summary,
            description: description(seed),
            attributes: seed.attrs.to_vec(),
            options,
            variants: self.variants(i, seed),
            tags: seed.tags.to_vec(),
            pictures: self.pictures(i, seed),
            discount: seed.off.map(|(percent, label)| Discount { percent, label }),
            popularity: seed.loved,
        }
    }

    fn variants(&self, i: usize, seed: &Seed) -> Vec<Variant> {
        let mut rows: Vec<(Vec<&'static str>, i64, i32)> = vec![(Vec::new(), 0, 0)];
        let colours: Vec<_> = seed.dyes.iter().map(|d| (d.0, 0, 0)).collect();
        let choices =
            [Some(colours.as_slice()).filter(|c| c.len() > 1), seed.sizes.map(|s| s.1), seed.more.map(|s| s.1)];
        for values in choices.into_iter().flatten() {
            let widen = |row: &(Vec<&'static str>, i64, i32)| -> Vec<(Vec<&'static str>, i64, i32)> {
                let add =
                    |v: &(&'static str, i64, i32)| ([row.0.as_slice(), &[v.0]].concat(), row.1 + v.1, row.2 + v.2);
                values.iter().map(add).collect()
            };
            rows = rows.iter().flat_map(widen).collect();
        }
        let mut dice = Dice::new(hash(seed.slug));
        rows.into_iter()
            .map(|(options, extra, grams)| Variant {
                sku: sku(self.code, i, &options),
                price_minor: seed.price + extra,
                compare_at_minor: seed.was.map(|was| was + extra),
                weight_g: (seed.weight + grams).max(1) as u32,
                stock: stock(&mut dice, seed.stock, options.is_empty()),
                options,
            })
            .collect()
    }

    fn pictures(&self, i: usize, seed: &Seed) -> Vec<Picture> {
        let mut look = seed.look;
        look.coat.mark = self.mark;
        let colours: Vec<Colour> = seed.dyes.iter().map(|d| d.1).collect();
        let main = colours.first().copied().unwrap_or(look.coat.main);
        let tint = self.backdrop(i, main);
        let sitting = Sitting { look, colours, world: seed.world, tint, seed: hash(seed.slug) };
        let shots: &[Shot] = match (seed.dyes.len() > 1, i % 8) {
            (true, 7) => &[Shot::Hero, Shot::Range],
            (true, k) if k % 3 == 2 => &[Shot::Hero, Shot::Close, Shot::Range],
            (true, _) => &[Shot::Hero, Shot::Range, Shot::Scene],
            (false, 7) => &[Shot::Hero, Shot::Scene],
            (false, _) => &[Shot::Hero, Shot::Scene, Shot::Close],
        };
        let picture = |shot: &Shot| Picture {
            subject: Subject::Product(Box::new(sitting.clone()), *shot),
            alt: alt(seed, *shot),
        };
        shots.iter().map(picture).collect()
    }

    /// The shop's next backdrop against which the thing can be seen.
    fn backdrop(&self, i: usize, main: Colour) -> Colour {
        let count = self.tints.len();
        let fits = |k: &usize| self.tints[k % count].distance(main) > 0.1;
        let k = (i..i + count).find(fits).unwrap_or(i);
        self.tints[k % count]
    }
}

/// A number from a text, the same everywhere (FNV-1a).
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn sku(code: &str, i: usize, options: &[&str]) -> String {
    let mut sku = format!("{code}-{:02}", i + 1);
    for value in options {
        let letters: String = value.chars().filter(|c| c.is_ascii_alphanumeric()).take(4).collect();
        push(&mut sku, format_args!("-{}", letters.to_uppercase()));
    }
    sku
}

/// About `usual`; one variant in fourteen is sold out, one in nine nearly.
fn stock(dice: &mut Dice, usual: u32, single: bool) -> u32 {
    let about = (usual as f32 * dice.range(0.5, 1.6)) as u32;
    match dice.below(if single { 40 } else { 126 }) {
        0..9 if !single => 0,
        9..23 => 1 + dice.below(3) as u32,
        _ => about.max(2),
    }
}

fn description(seed: &Seed) -> String {
    let mut html = String::new();
    for paragraph in seed.text {
        push(&mut html, format_args!("<p>{}</p>", escape(paragraph)));
    }
    if !seed.facts.is_empty() {
        html.push_str("<ul>");
        for fact in seed.facts {
            match fact.split_once(": ") {
                Some((head, rest)) => {
                    push(&mut html, format_args!("<li><strong>{}:</strong> {}</li>", escape(head), escape(rest)));
                }
                None => push(&mut html, format_args!("<li>{}</li>", escape(fact))),
            }
        }
        html.push_str("</ul>");
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn alt(seed: &Seed, shot: Shot) -> String {
    let title = seed.title;
    let named: Vec<String> = seed.dyes.iter().map(|d| d.0.to_lowercase()).collect();
    let first = if named.len() > 1 { format!(" in {}", named[0]) } else { String::new() };
    match shot {
        Shot::Hero => format!("{title}{first} before a plain backdrop"),
        Shot::Close => format!("{title} from close by"),
        Shot::Scene => format!("{title} {}", place(seed.world)),
        Shot::Range => {
            let shown = named.len().min(4);
            format!("{title} in {} and {}", named[..shown - 1].join(", "), named[shown - 1])
        }
    }
}

fn place(world: World) -> &'static str {
    match world {
        World::Kitchen => "in the kitchen",
        World::Home => "on a table by the window",
        World::Room => "in a bright room",
        World::Pantry => "on the kitchen table, beside a parcel",
        World::Wardrobe => "in the hallway",
        World::Jewellery => "on pale stone",
        World::Bath => "in the bathroom",
        World::Desk => "on a desk",
        World::Play => "in the children's room",
        World::Garden => "among plants",
        World::Outdoors => "out in the hills",
    }
}
