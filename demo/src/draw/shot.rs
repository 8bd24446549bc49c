//! Shots: how a thing is photographed.

use super::colour::{Colour, dye};
use super::pen::Pen;
use super::stage::{Frame, Pose, Set};
use super::{Coat, Look};
use crate::things::scenery;

/// One way to photograph a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shot {
    /// Alone in the studio.
    Hero,
    /// In each of its colours.
    Range,
    /// From close by.
    Close,
    /// Where it lives.
    Scene,
}

/// Where things of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// On the kitchen table.
    Kitchen,
    /// On a table in a room.
    Home,
    /// On the floor of a room.
    Room,
    /// In the larder.
    Pantry,
    /// In the wardrobe.
    Wardrobe,
    /// On the dressing table.
    Jewellery,
    /// By the basin.
    Bath,
    /// On the desk.
    Desk,
    /// On the nursery floor.
    Play,
    /// Among plants.
    Garden,
    /// Out in the hills.
    Outdoors,
}

/// Everything a picture of a product is made from.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// The thing.
    pub look: Look,
    /// The colours it comes in, the first one shown first.
    pub colours: Vec<Colour>,
    /// Where it lives.
    pub world: World,
    /// The backdrop.
    pub tint: Colour,
    /// The seed of small variations.
    pub seed: u64,
}

impl Sitting {
    fn coat(&self, i: usize) -> Coat {
        let mut coat = self.look.coat;
        if let Some(&colour) = self.colours.get(i) {
            coat.main = colour;
        }
        coat
    }

    /// Takes the picture: 1000 × 1000.
    pub fn take(&self, shot: Shot) -> String {
        let mut pen = Pen::new(self.seed ^ shot as u64);
        match shot {
            Shot::Hero => self.hero(&mut pen),
            Shot::Range => self.range(&mut pen),
            Shot::Close => self.close(&mut pen),
            Shot::Scene => self.scene(&mut pen),
        }
        pen.finish(1000, 1000)
    }

    fn thing(&self, pen: &mut Pen, i: usize) -> (String, Frame) {
        let coat = self.coat(i);
        let dice = std::mem::replace(&mut pen.dice, super::pen::Dice::new(self.seed));
        let drawn = pen.aside(|p| (self.look.draw)(p, &coat));
        pen.dice = dice;
        drawn
    }

    fn hero(&self, pen: &mut Pen) {
        let (drawn, frame) = self.thing(pen, 0);
        let tint = self.tint;
        match frame.pose {
            Pose::Stand => {
                pen.studio(tint, 1000.0, 1000.0);
                let sets = [Set::Plain, Set::Arch, Set::Plain, Set::Sun, Set::Plinth, Set::Plain];
                let mut set = sets[(self.seed % 6) as usize];
                if set == Set::Plinth && frame.base * frame.fit(620.0, 590.0) > 215.0 {
                    set = Set::Arch;
                }
                pen.set(set, tint, self.look.coat.second);
                let room = if set == Set::Plinth { 0.86 } else { 1.0 };
                let tall = frame.h * frame.fit(760.0, 730.0);
                let floor = if set == Set::Plinth { 778.0 } else { (570.0 + tall * 0.42).clamp(752.0, 866.0) };
                stand(pen, &drawn, &frame, (500.0, floor), (760.0 * room, 730.0 * room), tint);
            }
            Pose::Lay => {
                pen.surface(tint, 1000.0, 1000.0);
                scenery::daylight(pen, tint, self.seed.is_multiple_of(3));
                let s = frame.fit(780.0, 780.0);
                let turn = pen.dice.range(-7.0, 7.0);
                pen.paste(&drawn, &at(500.0, 500.0, turn, s));
            }
            Pose::Wall => {
                pen.surface(tint, 1000.0, 1000.0);
                scenery::daylight(pen, tint, self.seed.is_multiple_of(2));
                pen.paste(&drawn, &at(500.0, 500.0, 0.0, frame.fit(740.0, 780.0)));
            }
            Pose::Hang => {
                pen.studio(tint, 1000.0, 1000.0);
                pen.paste(&drawn, &at(500.0, 470.0, 0.0, frame.fit(640.0, 600.0)));
            }
        }
    }

    fn range(&self, pen: &mut Pen) {
        let count = self.colours.len().clamp(2, 4);
        let things: Vec<_> = (0..count).map(|i| self.thing(pen, i)).collect();
        let frame = things[0].1;
        let tint = self.tint.lift(0.01);
        if matches!(frame.pose, Pose::Stand) {
            pen.studio(tint, 1000.0, 1000.0);
            let places: &[(f32, f32, f32)] = match count {
                2 => &[(655.0, 740.0, 0.86), (350.0, 815.0, 1.0)],
                3 => &[(760.0, 725.0, 0.82), (250.0, 740.0, 0.86), (500.0, 835.0, 1.0)],
                _ => &[(300.0, 690.0, 0.74), (700.0, 690.0, 0.74), (235.0, 850.0, 0.86), (675.0, 860.0, 0.86)],
            };
            let (w, h) = if count == 4 { (430.0, 360.0) } else { (500.0, 480.0) };
            for (i, (x, y, s)) in places.iter().enumerate() {
                let (drawn, frame) = &things[(count - i) % count];
                stand(pen, drawn, frame, (*x, *y), (w * s, h * s), tint);
            }
            return;
        }
        pen.surface(tint, 1000.0, 1000.0);
        scenery::daylight(pen, tint, false);
        let places: &[(f32, f32, f32)] = match count {
            2 => &[(640.0, 350.0, 520.0), (360.0, 640.0, 520.0)],
            3 => &[(690.0, 300.0, 440.0), (305.0, 390.0, 440.0), (600.0, 715.0, 440.0)],
            _ => &[(280.0, 280.0, 400.0), (715.0, 285.0, 400.0), (285.0, 715.0, 400.0), (720.0, 720.0, 400.0)],
        };
        for (i, (x, y, size)) in places.iter().enumerate() {
            let (drawn, frame) = &things[i];
            let turn = if frame.pose == Pose::Lay { pen.dice.range(-9.0, 9.0) } else { 0.0 };
            pen.paste(drawn, &at(*x, *y, turn, frame.fit(*size, *size)));
        }
    }

    fn close(&self, pen: &mut Pen) {
        let (drawn, frame) = self.thing(pen, self.colours.len() / 2);
        let tint = self.tint.mix(dye::CHALK, 0.25).lift(-0.02);
        let (fx, fy) = frame.focus;
        if frame.pose == Pose::Stand {
            pen.studio(tint, 1000.0, 1000.0);
            let s = frame.fit(1240.0, 1240.0);
            let floor = 500.0 - fy * s;
            pen.cast(500.0 - fx * s, floor, frame.base * s, frame.h * s, tint, frame.weight);
            pen.paste(&drawn, &at(500.0 - fx * s, floor, 0.0, s));
        } else {
            pen.surface(tint, 1000.0, 1000.0);
            let s = frame.fit(1330.0, 1330.0);
            let turn = if frame.pose == Pose::Lay { pen.dice.range(-14.0, -6.0) } else { 0.0 };
            pen.paste(
                &drawn,
                &format!("translate(500 500)rotate({turn:.1})translate({:.1} {:.1})scale({s:.3})", -fx * s, -fy * s),
            );
        }
    }

    fn scene(&self, pen: &mut Pen) {
        let i = usize::from(self.colours.len() > 1);
        let (drawn, frame) = self.thing(pen, i);
        let spot = scenery::dress(pen, self.world, frame.pose, self.tint, &self.look.coat);
        let s = frame.fit(spot.w, spot.h);
        match frame.pose {
            Pose::Stand => stand(pen, &drawn, &frame, (spot.x, spot.y), (spot.w, spot.h), spot.tint),
            Pose::Lay => {
                let turn = pen.dice.range(-10.0, 10.0);
                pen.paste(&drawn, &at(spot.x, spot.y, turn, s));
            }
            Pose::Wall | Pose::Hang => pen.paste(&drawn, &at(spot.x, spot.y, 0.0, s)),
        }
        scenery::foreground(pen, self.world, frame.pose, self.tint);
    }
}

/// Puts a thing on the floor with its shadow.
pub fn stand(pen: &mut Pen, drawn: &str, frame: &Frame, floor: (f32, f32), room: (f32, f32), tint: Colour) {
    let s = frame.fit(room.0, room.1);
    pen.cast(floor.0, floor.1, frame.base * s, frame.h * s, tint, frame.weight);
    pen.paste(drawn, &at(floor.0, floor.1, 0.0, s));
}

fn at(x: f32, y: f32, turn: f32, scale: f32) -> String {
    if turn == 0.0 {
        format!("translate({x:.1} {y:.1})scale({scale:.3})")
    } else {
        format!("translate({x:.1} {y:.1})rotate({turn:.1})scale({scale:.3})")
    }
}
