//! Printables: pictures that are downloaded and printed at home. Their files are drawn by the same code as all pictures.

use crate::draw::Look;
use crate::draw::colour::{Colour, dye};
use crate::draw::shot::{Shot, Sitting, World};
use crate::picture::{Picture, Subject};
use crate::products::backdrops::PAPER;
use crate::seed::hash;
use crate::things::wall;

/// A picture to print. It is sold by the shop of the print that it is the file of, in that one's category.
#[derive(Clone, Copy, Debug)]
pub struct Printable {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub title: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    /// HTML of `p` only.
    pub description: &'static str,
    /// Unique over the market.
    pub sku: &'static str,
    /// The price in euro cents.
    pub price_minor: i64,
    /// Words to find it by.
    pub tags: &'static [&'static str],
    /// Values of the category's attributes.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Slug of the print.
    pub like: &'static str,
    /// What its file is called.
    pub file_name: &'static str,
    look: Look,
}

/// Every printable.
pub const ALL: &[Printable] = &[
    Printable {
        slug: "nine-leaves-to-print",
        title: "Nine leaves, to print yourself",
        summary: "The herbarium of our linocut as a file for your own printer, to be downloaded at once.",
        description: "<p>Scanned from the last good pull and cleaned by hand. It is sharp up to 18 by 27 centimetres; on \
                      cream paper it looks most like the original.</p><p>For your own walls, and those of your friends.</p>",
        sku: "VLT-LEAVES-FILE",
        price_minor: 600,
        tags: &["print", "download", "leaves", "printable"],
        attributes: &[
            ("kind", "Print"),
            ("width", "18"),
            ("height", "27"),
            ("made_of", "A file, and paper of your own"),
        ],
        like: "print-nine-leaves",
        file_name: "nine-leaves.jpg",
        look: Look::new(wall::sheet, dye::CHALK).second(dye::PINE).third(dye::TERRACOTTA).style(1),
    },
    Printable {
        slug: "moon-over-hills-to-print",
        title: "Moon over hills, to print yourself",
        summary: "Three ridges and one moon as a file for your own printer, to be downloaded at once.",
        description: "<p>The sky of number 31 of the edition, the darkest of them. It is sharp up to 18 by 27 centimetres, \
                      and wants paper that takes much ink.</p><p>For your own walls, and those of your friends.</p>",
        sku: "VLT-MOON-FILE",
        price_minor: 500,
        tags: &["print", "download", "moon", "printable"],
        attributes: &[
            ("kind", "Print"),
            ("width", "18"),
            ("height", "27"),
            ("made_of", "A file, and paper of your own"),
        ],
        like: "print-moon-over-hills",
        file_name: "moon-over-hills.jpg",
        look: Look::new(wall::sheet, dye::CHALK).second(dye::INK).third(dye::CLAY).style(3),
    },
];

impl Printable {
    /// Two pictures for its page: the printed sheet alone, and where it lies.
    pub fn pictures(&self) -> Vec<Picture> {
        let seed = hash(self.slug);
        let tint: Colour = PAPER[(seed % PAPER.len() as u64) as usize];
        let sitting = Sitting { look: self.look, colours: Vec::new(), world: World::Desk, tint, seed };
        let picture = |shot, alt| Picture { subject: Subject::Product(Box::new(sitting.clone()), shot), alt };
        vec![
            picture(Shot::Hero, format!("{}: the sheet", self.title)),
            picture(Shot::Scene, format!("{}: the sheet on a desk", self.title)),
        ]
    }

    /// What is downloaded: the picture itself, as large as its sheet.
    pub fn sheet(&self) -> Picture {
        Picture { subject: Subject::Sheet(self.look.coat), alt: self.title.to_owned() }
    }
}
