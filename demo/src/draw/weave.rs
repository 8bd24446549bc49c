//! Patterns of cloth, knitting and paper, as repeated tiles.

use super::colour::{Colour, Ink, dye};
use super::path::{Path, blob, leaf, oval, poly, ring};
use super::pen::Pen;

/// The pattern laid over a cloth's base colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weave {
    /// No pattern.
    Plain,
    /// Narrow stripes across.
    Stripe,
    /// Broad stripes across.
    Broad,
    /// A window-pane check of two colours.
    Check,
    /// Herringbone.
    Herringbone,
    /// A waffle weave.
    Waffle,
    /// Stocking stitch.
    Knit,
    /// Aran cables between moss stitch.
    Cable,
    /// Stars and lice in the Fair Isle way.
    FairIsle,
    /// Diamonds, as on a kilim.
    Kilim,
    /// Printed leaves.
    Leaves,
    /// A quilted grid.
    Quilt,
    /// Flecked tweed.
    Tweed,
    /// Loops of bouclé.
    Boucle,
    /// A braid, as in woven leather or seagrass.
    Braid,
    /// Plain linen, close up.
    Linen,
}

impl Pen {
    /// The ink of a pattern in `c` (and `d` where it has a second colour); nothing for plain cloth.
    pub fn weave(&mut self, weave: Weave, base: Colour, c: Colour, d: Colour, scale: f32, turn: f32) -> Option<Ink> {
        let at = format!("rotate({turn:.1}) scale({scale:.2})");
        let ink = match weave {
            Weave::Plain => return None,
            Weave::Stripe => self.tile(60.0, 26.0, &at, |p| p.rect(0.0, 4.0, 60.0, 9.0, 0.0, c)),
            Weave::Broad => self.tile(90.0, 92.0, &at, |p| {
                p.rect(0.0, 10.0, 90.0, 40.0, 0.0, c);
                p.rect(0.0, 66.0, 90.0, 7.0, 0.0, d);
            }),
            Weave::Check => self.check(&at, c, d),
            Weave::Herringbone => self.herringbone(&at, c),
            Weave::Waffle => self.waffle(&at, base),
            Weave::Knit => self.knit(&at, base),
            Weave::Cable => self.cable(&at, base),
            Weave::FairIsle => self.fair_isle(&at, base, c, d),
            Weave::Kilim => self.kilim(&at, c, d),
            Weave::Leaves => self.leaf_print(&at, c, d),
            Weave::Quilt => self.quilt(&at, base, c),
            Weave::Tweed => self.tweed(&at, base, c, d),
            Weave::Boucle => self.boucle(&at, base),
            Weave::Braid => self.braid(&at, base),
            Weave::Linen => self.linen(&at, base),
        };
        Some(ink)
    }

    /// Lays a pattern over an outline.
    pub fn cloth(&mut self, outline: &str, base: Colour, pattern: (Weave, Colour, Colour), scale: f32, turn: f32) {
        if let Some(ink) = self.weave(pattern.0, base, pattern.1, pattern.2, scale, turn) {
            self.fill(outline, ink);
        }
    }

    fn check(&mut self, at: &str, c: Colour, d: Colour) -> Ink {
        self.tile(96.0, 96.0, at, |p| {
            p.rect(0.0, 0.0, 96.0, 40.0, 0.0, c.at(0.45));
            p.rect(0.0, 0.0, 40.0, 96.0, 0.0, c.at(0.45));
            p.rect(0.0, 66.0, 96.0, 4.0, 0.0, d.at(0.9));
            p.rect(66.0, 0.0, 4.0, 96.0, 0.0, d.at(0.9));
        })
    }

    fn herringbone(&mut self, at: &str, c: Colour) -> Ink {
        self.tile(40.0, 14.0, at, |p| {
            for k in -2..3 {
                let y = k as f32 * 14.0;
                p.bar(&Path::at(0.0, y).to(20.0, y + 20.0).to(40.0, y).open(), c.at(0.8), 4.6);
            }
        })
    }

    fn waffle(&mut self, at: &str, base: Colour) -> Ink {
        self.tile(26.0, 26.0, at, |p| {
            p.rect(4.0, 4.0, 18.0, 18.0, 3.0, base.lift(-0.09).at(0.9));
            p.rect(7.0, 8.0, 15.0, 14.0, 2.0, base.lift(-0.03));
        })
    }

    fn knit(&mut self, at: &str, base: Colour) -> Ink {
        self.tile(18.0, 15.0, at, |p| {
            for y in [-15.0, 0.0, 15.0] {
                p.line(
                    &Path::at(1.5, y + 1.0).bend(3.0, y + 8.0, 8.0, y + 13.0).open(),
                    base.lift(-0.075).at(0.85),
                    2.2,
                );
                p.line(
                    &Path::at(16.5, y + 1.0).bend(15.0, y + 8.0, 10.0, y + 13.0).open(),
                    base.lift(-0.075).at(0.85),
                    2.2,
                );
                p.line(&Path::at(5.0, y + 3.0).bend(6.0, y + 7.0, 8.6, y + 9.5).open(), base.lift(0.07).at(0.6), 2.0);
            }
        })
    }

    fn cable(&mut self, at: &str, base: Colour) -> Ink {
        let (dark, light) = (base.lift(-0.14), base.lift(0.05));
        self.tile(120.0, 84.0, at, |p| {
            p.rect(20.0, -2.0, 50.0, 88.0, 0.0, dark.at(0.28));
            for y in [-84.0, 0.0, 84.0] {
                let left = Path::at(28.0, y).curve((28.0, y + 30.0), (62.0, y + 26.0), (62.0, y + 84.0)).open();
                let right = Path::at(62.0, y).curve((62.0, y + 30.0), (28.0, y + 26.0), (28.0, y + 84.0)).open();
                for strand in [right, left] {
                    p.bar(&strand, dark, 20.0);
                    p.bar(&strand, base, 15.0);
                    p.bar(&strand, light, 5.0);
                }
            }
            for row in 0..7 {
                for col in 0..3 {
                    let shift = if row % 2 == 0 { 0.0 } else { 6.0 };
                    p.rect(80.0 + col as f32 * 12.0 + shift, row as f32 * 12.0, 6.0, 7.0, 2.5, dark.at(0.5));
                }
            }
        })
    }

    fn fair_isle(&mut self, at: &str, base: Colour, c: Colour, d: Colour) -> Ink {
        self.tile(72.0, 132.0, at, |p| {
            p.rect(0.0, 0.0, 72.0, 8.0, 0.0, d);
            p.rect(0.0, 80.0, 72.0, 8.0, 0.0, d);
            for k in 0..8 {
                let a = ring(36.0, 44.0, 28.0, 28.0, 8, 0.0)[k];
                let b = ring(36.0, 44.0, 10.0, 10.0, 16, 0.03)[k * 2];
                p.line(&Path::at(b.0, b.1).to(a.0, a.1).open(), c, 7.0);
            }
            for k in 0..4 {
                p.rect(4.0 + k as f32 * 18.0, 100.0, 8.0, 8.0, 2.0, c);
                p.rect(13.0 + k as f32 * 18.0, 114.0, 8.0, 8.0, 2.0, c);
            }
            for row in 0..9 {
                p.rect(0.0, row as f32 * 15.0, 72.0, 2.0, 0.0, base.lift(-0.1).at(0.25));
            }
        })
    }

    fn kilim(&mut self, at: &str, c: Colour, d: Colour) -> Ink {
        let gem = |x: f32, y: f32, w: f32, h: f32| poly(&[(x, y - h), (x + w, y), (x, y + h), (x - w, y)]);
        self.tile(140.0, 190.0, at, |p| {
            p.fill(&gem(70.0, 95.0, 60.0, 72.0), c);
            p.fill(&gem(70.0, 95.0, 40.0, 48.0), d);
            p.fill(&gem(70.0, 95.0, 18.0, 22.0), c);
            for x in [0.0, 140.0] {
                p.fill(&gem(x, 0.0, 26.0, 31.0), d);
                p.fill(&gem(x, 190.0, 26.0, 31.0), d);
            }
            p.rect(0.0, 0.0, 140.0, 5.0, 0.0, c);
            p.rect(0.0, 185.0, 140.0, 5.0, 0.0, c);
        })
    }

    fn leaf_print(&mut self, at: &str, c: Colour, d: Colour) -> Ink {
        self.tile(130.0, 130.0, at, |p| {
            for (x, y, flip) in [(30.0, 60.0, 1.0), (95.0, 125.0, -1.0)] {
                p.line(&Path::at(x, y).to(x + 6.0 * flip, y - 54.0).open(), c, 2.6);
                for k in 0..3 {
                    let at = (x + 2.0 * flip, y - 8.0 - 15.0 * k as f32);
                    p.fill(&leaf(at, (at.0 + 25.0, at.1 - 17.0), 0.22, 0.05), c);
                    p.fill(&leaf(at, (at.0 - 25.0, at.1 - 14.0), 0.22, -0.05), c);
                }
                p.dot(x + 7.0 * flip, y - 58.0, 4.6, d);
            }
        })
    }

    fn quilt(&mut self, at: &str, base: Colour, c: Colour) -> Ink {
        self.tile(84.0, 84.0, at, |p| {
            let puff =
                p.rad(0.42, 0.38, 0.6, &[(0.0, base.lift(0.06), 0.9), (0.7, base, 0.3), (1.0, base.lift(-0.1), 0.8)]);
            p.fill(&poly(&[(42.0, 0.0), (84.0, 42.0), (42.0, 84.0), (0.0, 42.0)]), puff);
            p.seam(
                &Path::at(0.0, 42.0).to(42.0, 0.0).to(84.0, 42.0).to(42.0, 84.0).to(0.0, 42.0).open(),
                c.at(0.75),
                2.2,
                6.0,
            );
        })
    }

    fn tweed(&mut self, at: &str, base: Colour, c: Colour, d: Colour) -> Ink {
        self.tile(92.0, 92.0, at, |p| {
            let mut dice = super::pen::Dice::new(77);
            for i in 0..64 {
                let ink = match i % 8 {
                    0 => c,
                    1 => d,
                    2..=4 => base.lift(-0.09),
                    _ => base.lift(0.07),
                };
                let (x, y) = (dice.range(3.0, 84.0), dice.range(4.0, 88.0));
                p.line(&Path::at(x, y).to(x + 4.0, y + 3.0).open(), ink.at(0.7), 2.6);
            }
        })
    }

    fn boucle(&mut self, at: &str, base: Colour) -> Ink {
        self.tile(78.0, 78.0, at, |p| {
            let mut dice = super::pen::Dice::new(31);
            for i in 0..34 {
                let (x, y, r) = (dice.range(6.0, 72.0), dice.range(6.0, 72.0), dice.range(4.0, 8.0));
                let shade = if i % 2 == 0 { base.lift(-0.07) } else { base.lift(0.06) };
                p.line(&blob(&ring(x, y, r, r * 0.7, 5, dice.range(0.0, 1.0))), shade.at(0.75), 2.6);
            }
        })
    }

    fn braid(&mut self, at: &str, base: Colour) -> Ink {
        self.tile(36.0, 28.0, at, |p| {
            p.rect(0.0, 0.0, 36.0, 28.0, 0.0, base.lift(-0.16));
            for (x, y, lit) in [(9.0, 7.0, true), (27.0, 21.0, true), (27.0, 7.0, false), (9.0, 21.0, false)] {
                let ink = if lit { base.lift(0.04) } else { base.lift(-0.05) };
                let (rx, ry) = if lit { (10.5, 5.6) } else { (8.0, 6.2) };
                p.fill(&oval(x, y, rx, ry), ink);
            }
        })
    }

    fn linen(&mut self, at: &str, base: Colour) -> Ink {
        self.tile(22.0, 22.0, at, |p| {
            for k in 0..3 {
                let at = 3.0 + k as f32 * 7.3;
                p.rect(0.0, at, 22.0, 1.4, 0.0, base.lift(-0.08).at(0.4));
                p.rect(at + 1.0, 0.0, 1.4, 22.0, 0.0, base.lift(0.08).at(0.4));
            }
            p.rect(6.0, 10.0, 9.0, 2.0, 0.0, dye::WHITE.at(0.14));
        })
    }
}
