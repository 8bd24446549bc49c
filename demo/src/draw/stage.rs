//! The studio: backdrops, light and shadow, and how a thing is put before the camera.

use std::f32::consts::TAU;

use super::colour::{Colour, dye};
use super::path::{Path, Point, card, leaf, oval, poly};
use super::pen::Pen;

/// How a thing meets the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pose {
    /// Stands on the floor at (0, 0).
    Stand,
    /// Lies flat, centred on (0, 0), seen from above.
    Lay,
    /// Hangs on the wall, centred on (0, 0).
    Wall,
    /// Hangs from above, centred on (0, 0).
    Hang,
}

/// The size and place of what was drawn, in its own units.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// How it meets the picture.
    pub pose: Pose,
    /// Width of the whole.
    pub w: f32,
    /// Height of the whole.
    pub h: f32,
    /// Half width of what touches the floor.
    pub base: f32,
    /// Where a close-up looks.
    pub focus: Point,
    /// How much of the picture the thing fills, 1 for usual.
    pub fill: f32,
    /// How dark its shadow is, 1 for something solid.
    pub weight: f32,
}

impl Frame {
    /// A thing that stands, `base` wide (half) at the floor.
    pub fn stand(w: f32, h: f32, base: f32) -> Frame {
        Frame { pose: Pose::Stand, w, h, base, focus: (w * 0.08, -h * 0.66), fill: 1.0, weight: 1.0 }
    }

    /// A thing that lies flat.
    pub fn lay(w: f32, h: f32) -> Frame {
        Frame { pose: Pose::Lay, w, h, base: 0.0, focus: (-w * 0.08, -h * 0.14), fill: 1.0, weight: 1.0 }
    }

    /// A thing on the wall.
    pub fn wall(w: f32, h: f32) -> Frame {
        Frame { pose: Pose::Wall, w, h, base: 0.0, focus: (w * 0.05, h * 0.08), fill: 1.0, weight: 1.0 }
    }

    /// A thing that hangs from above.
    pub fn hang(w: f32, h: f32) -> Frame {
        Frame { pose: Pose::Hang, w, h, base: 0.0, focus: (0.0, 0.0), fill: 1.0, weight: 1.0 }
    }

    /// Looks closer at this point.
    pub fn focus(self, x: f32, y: f32) -> Frame {
        Frame { focus: (x, y), ..self }
    }

    /// Shown larger or smaller than usual.
    pub fn fill(self, fill: f32) -> Frame {
        Frame { fill, ..self }
    }

    /// Stands on legs: light reaches under it.
    pub fn airy(self) -> Frame {
        Frame { weight: 0.4, ..self }
    }

    /// The scale at which it fits a box.
    pub fn fit(&self, w: f32, h: f32) -> f32 {
        (w / self.w).min(h / self.h) * self.fill
    }
}

/// The accent behind a thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Set {
    /// Nothing but light.
    Plain,
    /// A niche in the wall.
    Arch,
    /// A disc.
    Sun,
    /// A low round plinth.
    Plinth,
    /// Light from a window.
    Window,
    /// A wooden table top.
    Table,
    /// Far hills.
    Hills,
}

impl Pen {
    /// Wall and floor in one tint, lit from the upper left.
    pub fn studio(&mut self, tint: Colour, w: f32, h: f32) {
        let floor = tint.lift(0.015);
        let sweep = self.lin(
            (0.0, 0.0),
            (0.0, 1.0),
            &[
                (0.0, tint.lift(0.0), 1.0),
                (0.5, tint.lift(-0.02), 1.0),
                (0.655, tint.lift(-0.055), 1.0),
                (0.70, floor.lift(-0.02), 1.0),
                (0.80, floor.lift(0.015), 1.0),
                (1.0, floor.lift(-0.03), 1.0),
            ],
        );
        self.rect(0.0, 0.0, w, h, 0.0, sweep);
        self.sunlight(tint, w, h);
    }

    /// A flat surface seen from above.
    pub fn surface(&mut self, tint: Colour, w: f32, h: f32) {
        let sheet = self.lin(
            (0.0, 0.0),
            (0.8, 1.0),
            &[(0.0, tint.lift(0.03), 1.0), (0.5, tint, 1.0), (1.0, tint.lift(-0.06), 1.0)],
        );
        self.rect(0.0, 0.0, w, h, 0.0, sheet);
    }

    fn sunlight(&mut self, tint: Colour, w: f32, h: f32) {
        let glow = self.glow(tint.lift(0.2), 0.75);
        self.oval(w * 0.3, h * 0.28, w * 0.62, h * 0.5, glow);
    }

    /// The shadow of a standing thing: soft and long to the right, dark where it touches.
    pub fn shadow(&mut self, x: f32, y: f32, half: f32, height: f32, tint: Colour) {
        self.cast(x, y, half, height, tint, 1.0);
    }

    /// The same, `weight` as dark.
    pub fn cast(&mut self, x: f32, y: f32, half: f32, height: f32, tint: Colour, weight: f32) {
        let dark = tint.lift(-0.42);
        let reach = (height * 0.34).min(half * 2.4 + 40.0);
        let long = self.glow(dark, 0.6 * weight);
        self.oval(x + reach * 0.5, y - half * 0.02, half * 1.2 + reach * 0.62, half * 0.26 + 13.0, long);
        let near = self.glow(dark, 0.95 * weight);
        self.oval(x + half * 0.1, y + half * 0.05, half * 1.28 + 8.0, half * 0.27 + 9.0, near);
    }

    /// The shadow a flat thing throws on the surface it lies on, for any outline.
    pub fn drop(&mut self, outline: &str, depth: f32) {
        let dark = Colour(0x2a1f1c);
        for (i, alpha) in [0.04, 0.05, 0.06, 0.09].into_iter().enumerate() {
            let spread = depth * (3 - i) as f32 * 0.75;
            let shift = depth * (1.15 - 0.24 * i as f32);
            self.place(shift * 0.75, shift, 0.0, 1.0, |p| {
                p.fill(outline, dark.at(alpha));
                if spread > 0.0 {
                    p.line(outline, dark.at(alpha), spread);
                }
            });
        }
    }

    /// Draws the accent behind the thing.
    pub fn set(&mut self, set: Set, tint: Colour, accent: Colour) {
        match set {
            Set::Plain => {}
            Set::Arch => self.arch(tint),
            Set::Sun => {
                let deep = if accent.distance(tint) > 0.14 { accent.mix(tint, 0.45) } else { tint.lift(-0.09) };
                let disc = self.slant(deep.lift(0.04), deep.lift(-0.01));
                let (x, y) = (self.dice.range(500.0, 610.0), self.dice.range(380.0, 440.0));
                self.dot(x, y, 270.0, disc);
            }
            Set::Plinth => self.plinth(tint),
            Set::Window => self.window(tint),
            Set::Table => self.table(accent),
            Set::Hills => self.hills(tint),
        }
    }

    fn arch(&mut self, tint: Colour) {
        let x = self.dice.range(-30.0, 30.0);
        let shape = |inset: f32| {
            let (l, r, top) = (235.0 + x + inset, 765.0 + x + inset, 420.0);
            Path::at(l, 690.0).to(l, top).arc(265.0, 265.0, true, r, top).to(r, 690.0).close()
        };
        let deep =
            self.across(&[(0.0, tint.lift(-0.13), 1.0), (0.25, tint.lift(-0.075), 1.0), (1.0, tint.lift(-0.045), 1.0)]);
        self.fill(&shape(0.0), deep);
        let edge = tint.lift(-0.19);
        self.line(
            &Path::at(235.0 + x, 690.0).to(235.0 + x, 420.0).arc(265.0, 265.0, true, 765.0 + x, 420.0).open(),
            edge.at(0.18),
            3.0,
        );
    }

    fn plinth(&mut self, tint: Colour) {
        let (cx, cy, rx, ry, h) = (500.0, 772.0, 300.0, 62.0, 92.0);
        self.shadow(cx, cy + h, rx, 120.0, tint);
        let side = self.across(&[
            (0.0, tint.lift(-0.04), 1.0),
            (0.3, tint.lift(0.03), 1.0),
            (0.8, tint.lift(-0.14), 1.0),
            (1.0, tint.lift(-0.12), 1.0),
        ]);
        let wall =
            Path::at(cx - rx, cy).to(cx - rx, cy + h).arc(rx, ry, false, cx + rx, cy + h).to(cx + rx, cy).close();
        self.fill(&wall, side);
        let top = self.slant(tint.lift(0.07), tint.lift(0.0));
        self.oval(cx, cy, rx, ry, top);
    }

    fn window(&mut self, tint: Colour) {
        let light = tint.lift(0.16);
        let x = self.dice.range(20.0, 120.0);
        for row in 0..3 {
            for col in 0..2 {
                let (l, t) = (x + col as f32 * 215.0, 60.0 + row as f32 * 190.0 + col as f32 * 62.0);
                let pane = [(l, t), (l + 190.0, t + 54.0), (l + 190.0, t + 222.0), (l, t + 168.0)];
                self.fill(&poly(&pane), light.at(0.55));
                self.line(&poly(&pane), light.at(0.25), 9.0);
            }
        }
        self.bough(830.0, -30.0, 2.3, 420.0, tint.lift(-0.12), 0.3);
    }

    /// The shadow of a branch on the wall.
    fn bough(&mut self, x: f32, y: f32, angle: f32, length: f32, c: Colour, alpha: f32) {
        let tip = (x + length * angle.cos(), y + length * angle.sin());
        self.line(&Path::at(x, y).to(tip.0, tip.1).open(), c.at(alpha), 5.0);
        for i in 1..9 {
            let t = i as f32 / 9.0;
            let side = if i % 2 == 0 { 0.75 } else { -0.75 };
            let base = (x + (tip.0 - x) * t, y + (tip.1 - y) * t);
            let reach = length * 0.3 * (1.1 - 0.4 * t);
            let end = (base.0 + reach * (angle + side).cos(), base.1 + reach * (angle + side).sin());
            self.fill(&leaf(base, end, 0.2, 0.04), c.at(alpha));
        }
    }

    fn table(&mut self, wood: Colour) {
        let top = self.lin(
            (0.0, 0.0),
            (0.3, 1.0),
            &[(0.0, wood.lift(-0.05), 1.0), (0.3, wood.lift(0.05), 1.0), (1.0, wood.lift(-0.03), 1.0)],
        );
        self.rect(0.0, 668.0, 1000.0, 332.0, 0.0, top);
        self.rect(0.0, 660.0, 1000.0, 10.0, 0.0, wood.lift(-0.12).at(0.35));
        let mut grain = Path::default();
        for i in 0..9 {
            let y = 690.0 + (i * i) as f32 * 3.4 + self.dice.range(0.0, 12.0);
            let (a, b) = (self.dice.range(-9.0, 9.0), self.dice.range(-9.0, 9.0));
            grain = grain.jump(-10.0, y).curve((300.0, y + a), (640.0, y + b), (1010.0, y + a));
        }
        self.line(&grain.open(), wood.lift(-0.12).at(0.22), 3.0);
        let seam = Path::at(-10.0, 812.0).to(1010.0, 806.0).open();
        self.line(&seam, wood.lift(-0.22).at(0.4), 3.0);
    }

    fn hills(&mut self, tint: Colour) {
        let sun = tint.lift(0.12);
        self.dot(690.0, 235.0, 74.0, sun);
        let far = dye::PINE.mix(tint, 0.72);
        for (i, base) in [430.0, 520.0, 610.0].into_iter().enumerate() {
            let c = far.mix(dye::PINE, 0.2 * i as f32);
            let shift = self.dice.range(0.0, TAU);
            let mut points: Vec<Point> = (0..=8)
                .map(|k| {
                    let x = -40.0 + 135.0 * k as f32;
                    let wave = (shift + k as f32 * (1.3 - 0.2 * i as f32)).sin();
                    (x, base - wave * (74.0 - 16.0 * i as f32))
                })
                .collect();
            points.push((1040.0, 760.0));
            points.push((1040.0, 760.0));
            points.push((-40.0, 760.0));
            points.push((-40.0, 760.0));
            let ink = self.down(c.lift(0.02), c.mix(tint, 0.35));
            self.fill(&super::path::blob(&points), ink);
        }
        let ground = tint.mix(dye::MOSS, 0.42);
        let ink = self.down(ground.lift(0.05), ground.lift(-0.08));
        self.fill(
            &Path::at(-10.0, 690.0)
                .curve((260.0, 655.0), (700.0, 700.0), (1010.0, 668.0))
                .to(1010.0, 1010.0)
                .to(-10.0, 1010.0)
                .close(),
            ink,
        );
    }

    /// A box standing before the camera: front face, top and right side, in one colour. Returns nothing; (0, 0) is the
    /// middle of the front's lower edge.
    pub fn carton(&mut self, w: f32, h: f32, d: f32, c: Colour) {
        let (l, r) = (-w / 2.0, w / 2.0);
        let (dx, dy) = (d * 0.42, d * 0.36);
        let front = self.slant(c.lift(0.03), c.lift(-0.05));
        let side = self.down(c.lift(-0.13), c.lift(-0.19));
        let top = self.slant(c.lift(0.1), c.lift(0.05));
        self.fill(&poly(&[(r, -h), (r + dx, -h - dy), (r + dx, -dy), (r, 0.0)]), side);
        self.fill(&poly(&[(l, -h), (l + dx, -h - dy), (r + dx, -h - dy), (r, -h)]), top);
        self.fill(&card(l, -h, w, h, 2.0), front);
    }

    /// A small round of light on a ball.
    pub fn ball(&mut self, x: f32, y: f32, r: f32, c: Colour) {
        let ink = self.rad(
            0.36,
            0.3,
            0.78,
            &[
                (0.0, c.lift(0.16), 1.0),
                (0.35, c.lift(0.04), 1.0),
                (0.75, c.lift(-0.08), 1.0),
                (1.0, c.lift(-0.2), 1.0),
            ],
        );
        self.dot(x, y, r, ink);
    }

    /// Grain along a wooden surface inside a box, as fine lines.
    pub fn grain(&mut self, x: f32, y: f32, w: f32, h: f32, c: Colour, lines: usize) {
        let mut path = Path::default();
        for i in 0..lines {
            let at = y + h * (i as f32 + 0.5) / lines as f32 + self.dice.range(-0.3, 0.3) * h / lines as f32;
            let (a, b) = (self.dice.range(-1.0, 1.0) * h * 0.03, self.dice.range(-1.0, 1.0) * h * 0.03);
            let (s, e) = (x + w * self.dice.range(0.0, 0.25), x + w * self.dice.range(0.75, 1.0));
            path = path.jump(s, at).curve((x + w * 0.35, at + a), (x + w * 0.65, at + b), (e, at + a));
        }
        self.line(&path.open(), c.lift(-0.14).at(0.35), (h * 0.012).clamp(1.2, 3.0));
    }

    /// A soft highlight along the upper left of any outline's box.
    pub fn sheen(&mut self, outline: &str, alpha: f32) {
        let ink = self.lin(
            (0.0, 0.0),
            (0.9, 1.0),
            &[
                (0.0, dye::WHITE, alpha),
                (0.45, dye::WHITE, 0.0),
                (0.6, Colour(0x2a1f2a), 0.0),
                (1.0, Colour(0x2a1f2a), alpha),
            ],
        );
        self.fill(outline, ink);
    }

    /// A soft dark pool, where folds and insides are.
    pub fn pool(&mut self, x: f32, y: f32, rx: f32, ry: f32, c: Colour, alpha: f32) {
        let ink = self.glow(c, alpha);
        self.fill(&oval(x, y, rx, ry), ink);
    }
}
