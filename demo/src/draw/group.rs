//! Pictures of several things: the banner of a shop, the face of a category, a shop's logo.

use super::colour::{Colour, dye};
use super::marks::Mark;
use super::path::card;
use super::pen::{Dice, Pen};
use super::stage::{Frame, Pose};
use super::{Look, shot};

/// Several things together.
#[derive(Clone, Debug)]
pub struct Group {
    /// What is shown, the most important in the middle.
    pub looks: Vec<Look>,
    /// The backdrop.
    pub tint: Colour,
    /// Width and height.
    pub size: (u32, u32),
    /// The seed of small variations.
    pub seed: u64,
}

impl Group {
    /// Draws it.
    pub fn take(&self) -> String {
        let mut pen = Pen::new(self.seed);
        let things: Vec<(String, Frame)> = self.looks.iter().map(|look| self.thing(&mut pen, look)).collect();
        let standing = things.iter().filter(|t| t.1.pose == Pose::Stand).count();
        if standing * 2 >= things.len() {
            self.shelf(&mut pen, &things);
        } else {
            self.spread(&mut pen, &things);
        }
        pen.finish(self.size.0, self.size.1)
    }

    fn thing(&self, pen: &mut Pen, look: &Look) -> (String, Frame) {
        pen.dice = Dice::new(self.seed);
        pen.aside(|p| (look.draw)(p, &look.coat))
    }

    /// Side by side on a table; flat things lean behind.
    fn shelf(&self, pen: &mut Pen, things: &[(String, Frame)]) {
        let (w, h) = (self.size.0 as f32, self.size.1 as f32);
        let tint = self.tint;
        pen.studio(tint, w, h);
        let floor = pen.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, tint.lift(-0.07), 1.0), (1.0, tint.lift(-0.02), 1.0)]);
        pen.rect(0.0, h * 0.7, w, h * 0.3, 0.0, floor);
        pen.rect(0.0, h * 0.7, w, h * 0.012, 0.0, tint.lift(-0.14).at(0.5));
        let step = w * 0.88 / things.len() as f32;
        let order = (0..things.len()).filter(|i| i % 2 == 0).chain((0..things.len()).filter(|i| i % 2 == 1));
        for i in order {
            let (drawn, frame) = &things[i];
            let (x, front) = (w * 0.06 + step * (i as f32 + 0.5), i % 2 == 1);
            let room = (step * 1.12, h * if front { 0.64 } else { 0.7 });
            if frame.pose == Pose::Stand {
                let y = h * if front { 0.88 } else { 0.79 };
                shot::stand(pen, drawn, frame, (x, y), room, tint);
            } else {
                let s = frame.fit(room.0 * 0.9, room.1 * 0.8);
                pen.paste(drawn, &format!("translate({x:.1} {:.1})scale({s:.3})", h * 0.42));
            }
        }
    }

    /// Laid out on a surface, seen from above.
    fn spread(&self, pen: &mut Pen, things: &[(String, Frame)]) {
        let (w, h) = (self.size.0 as f32, self.size.1 as f32);
        pen.surface(self.tint, w, h);
        let glow = pen.glow(self.tint.lift(0.14), 0.7);
        pen.oval(w * 0.3, h * 0.3, w * 0.6, h * 0.7, glow);
        let step = w * 0.95 / things.len() as f32;
        for (i, (drawn, frame)) in things.iter().enumerate() {
            let turn = pen.dice.range(-9.0, 9.0);
            let (x, y) = (w * 0.025 + step * (i as f32 + 0.5), h * if i % 2 == 0 { 0.45 } else { 0.56 });
            let s = frame.fit(step * 1.04, h * 0.8);
            let dy = if frame.pose == Pose::Stand { frame.h * s * 0.5 } else { 0.0 };
            let at = format!("translate({x:.1} {:.1})rotate({turn:.1})scale({s:.3})", y + dy);
            pen.paste(drawn, &at);
        }
    }
}

/// A shop's logo, 400 × 400.
pub fn logo(mark: Mark, ground: Colour) -> String {
    let mut pen = Pen::new(0);
    let face = pen.slant(ground.lift(0.03), ground.lift(-0.04));
    pen.fill(&card(0.0, 0.0, 400.0, 400.0, 0.0), face);
    let ink = if ground.lightness() > 0.62 { ground.lift(-0.5) } else { dye::CREAM };
    pen.mark(mark, 200.0, 200.0, 220.0, ink);
    pen.finish(400, 400)
}
