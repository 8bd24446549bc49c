//! How the pictures are drawn: a small studio that writes SVG.
//!
//! A *thing* (`things::…`) draws itself in its own units through the [`Pen`]; the *studio* ([`stage`]) gives it a
//! backdrop, light and a shadow; a *shot* ([`shot`]) puts both before the camera.

pub mod colour;
pub mod group;
pub mod lathe;
pub mod marks;
pub mod path;
pub mod pen;
pub mod shot;
pub mod stage;
pub mod weave;

use colour::{Colour, dye};
use marks::Mark;
use pen::Pen;
use stage::Frame;
use weave::Weave;

/// Draws a thing.
pub type Draw = fn(&mut Pen, &Coat) -> Frame;

/// What a thing is made of this time.
#[derive(Clone, Copy, Debug)]
pub struct Coat {
    /// The main colour: glaze, cloth, metal.
    pub main: Colour,
    /// The second colour: pattern, lid, contents.
    pub second: Colour,
    /// The third colour: trim, leaves, small parts.
    pub third: Colour,
    /// The pattern, for cloth.
    pub weave: Weave,
    /// Which of the shapes of this thing.
    pub style: u8,
    /// Whose mark is on the label.
    pub mark: Mark,
}

/// A thing in its materials, ready to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The thing.
    pub draw: Draw,
    /// Its materials.
    pub coat: Coat,
}

impl Look {
    /// A thing in one colour, with sensible others.
    pub const fn new(draw: Draw, main: Colour) -> Look {
        let coat =
            Coat { main, second: dye::CREAM, third: dye::OLIVE, weave: Weave::Plain, style: 0, mark: Mark::Awning };
        Look { draw, coat }
    }

    /// With a second colour.
    pub const fn second(mut self, colour: Colour) -> Look {
        self.coat.second = colour;
        self
    }

    /// With a third colour.
    pub const fn third(mut self, colour: Colour) -> Look {
        self.coat.third = colour;
        self
    }

    /// With a pattern.
    pub const fn weave(mut self, weave: Weave) -> Look {
        self.coat.weave = weave;
        self
    }

    /// In another shape.
    pub const fn style(mut self, style: u8) -> Look {
        self.coat.style = style;
        self
    }
}
