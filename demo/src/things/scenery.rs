//! Where things live: the props of a scene.

mod props;

use super::{cloth, cups, foliage, garden, light, paper, toys, vessels, wall, wood};
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, oval, poly, soft};
use crate::draw::pen::Pen;
use crate::draw::shot::{World, stand};
use crate::draw::stage::{Pose, Set};
use crate::draw::weave::Weave;
use crate::draw::{Coat, Look};
use props::{
    cloth_corner, cup_from_above, fern, fruit, herbs, lemons, linen, mug_of_pencils, parcel, pebble, planks,
    pot_from_above, slabs, sprig, stack, stones, terrazzo, tiles,
};

/// The place kept free for the thing.
pub struct Spot {
    /// Across, in the picture.
    pub x: f32,
    /// Down, in the picture: the floor of a standing thing, the middle of any other.
    pub y: f32,
    /// How wide it may be.
    pub w: f32,
    /// How high it may be.
    pub h: f32,
    /// The colour of what it stands on.
    pub tint: Colour,
}

/// Light on a flat surface.
pub fn daylight(p: &mut Pen, tint: Colour, window: bool) {
    if window {
        p.set(Set::Window, tint, tint);
    } else {
        let glow = p.glow(tint.lift(0.15), 0.6);
        p.oval(330.0, 270.0, 620.0, 520.0, glow);
    }
}

/// A thing that may stand in a scene, and how high it is there.
type Extra = (Look, f32);

const KITCHEN: &[Extra] = &[
    (Look::new(vessels::vase, dye::CHALK).third(dye::SAGE), 470.0),
    (Look::new(vessels::storage_jar, dye::OAT).second(dye::DUSK), 250.0),
    (Look::new(vessels::jug, dye::CREAM).second(dye::CLAY), 270.0),
    (Look::new(vessels::vase, dye::OAT).style(2).third(dye::BLUSH), 440.0),
];

const HERBS: &[Extra] = &[
    (Look::new(garden::planter, dye::TERRACOTTA).third(dye::LEAF), 260.0),
    (Look::new(foliage::houseplant, dye::CHALK).third(dye::LEAF).style(7), 270.0),
];

const VASES: &[Extra] = &[
    (Look::new(vessels::vase, dye::CHALK).style(3).second(dye::CLAY).third(dye::SAND), 440.0),
    (Look::new(vessels::vase, dye::OAT).third(dye::SAGE), 410.0),
    (Look::new(vessels::vase, dye::CLAY).style(1).third(dye::CREAM), 380.0),
    (Look::new(vessels::vase, dye::CHALK).style(2).third(dye::BLUSH), 400.0),
];

const SMALL_PLANTS: &[Extra] = &[
    (Look::new(foliage::houseplant, dye::BLUSH).third(dye::LEAF).style(3), 270.0),
    (Look::new(foliage::houseplant, dye::CHALK).third(dye::FERN).style(2), 280.0),
    (Look::new(vessels::vase, dye::CHALK).style(1).third(dye::BLUSH), 260.0),
];

const BIG_PLANTS: &[Extra] = &[
    (Look::new(foliage::houseplant, dye::CHALK).third(dye::FERN), 470.0),
    (Look::new(foliage::houseplant, dye::OAT).third(dye::FERN).style(1), 480.0),
    (Look::new(foliage::houseplant, dye::TERRACOTTA).third(dye::FERN).style(2), 400.0),
    (Look::new(foliage::houseplant, dye::TERRACOTTA).third(dye::FERN).style(7), 350.0),
];

/// Lets chance choose which of these stands here.
fn cast(p: &mut Pen, extras: &[Extra], x: f32, y: f32, tint: Colour) {
    let (look, height) = *p.dice.pick(extras);
    prop(p, look, x, y, height, tint);
}

/// A picture on the wall, small.
fn hung(p: &mut Pen, x: f32, y: f32) {
    let prints = [
        Look::new(wall::print, dye::OAK).second(dye::SAGE).third(dye::CLAY).style(3),
        Look::new(wall::print, dye::BLACK).second(dye::PINE).third(dye::TERRACOTTA).style(1),
        Look::new(wall::print, dye::OAK).second(dye::TEAL).third(dye::CLAY).style(2),
    ];
    let look = *p.dice.pick(&prints);
    p.place(x, y, 0.0, 0.36, |p| (look.draw)(p, &look.coat));
}

/// Puts another thing into the scene, `height` high.
fn prop(p: &mut Pen, look: Look, x: f32, y: f32, height: f32, tint: Colour) {
    let (drawn, frame) = p.aside(|p| (look.draw)(p, &look.coat));
    stand(p, &drawn, &frame, (x, y), (height * 4.0, height / frame.fill), tint);
}

/// Dresses the scene and says where the thing goes.
pub fn dress(p: &mut Pen, world: World, pose: Pose, tint: Colour, coat: &Coat) -> Spot {
    match pose {
        Pose::Stand => standing(p, world, tint, coat),
        Pose::Lay => lying(p, world, tint),
        Pose::Wall => room(p, tint),
        Pose::Hang => dining(p, tint),
    }
}

fn standing(p: &mut Pen, world: World, tint: Colour, coat: &Coat) -> Spot {
    if world == World::Outdoors {
        p.studio(tint, 1000.0, 1000.0);
        p.set(Set::Hills, tint, tint);
        stones(p);
        return Spot { x: 500.0, y: 815.0, w: 620.0, h: 520.0, tint: tint.mix(dye::MOSS, 0.4) };
    }
    p.studio(tint, 1000.0, 1000.0);
    let wood = match world {
        World::Room | World::Wardrobe | World::Play => return on_the_floor(p, world, tint),
        World::Bath | World::Jewellery => dye::CHALK.mix(tint, 0.3),
        World::Desk | World::Home => dye::WALNUT.lift(0.1),
        _ => dye::OAK.lift(0.04),
    };
    if world == World::Bath {
        tiles(p, tint);
    } else {
        p.set(Set::Window, tint, tint);
    }
    p.set(Set::Table, tint, wood);
    match world {
        World::Kitchen => {
            cast(p, KITCHEN, 190.0, 735.0, wood);
            match p.dice.below(3) {
                0 => lemons(p, 806.0, 800.0, wood),
                1 => sprig(p, 810.0, 850.0, -14.0, 1.0, dye::FERN),
                _ => cast(p, HERBS, 850.0, 740.0, wood),
            }
            linen(p, tint);
        }
        World::Pantry => {
            parcel(p, 215.0, 770.0, coat);
            match p.dice.below(3) {
                0 => lemons(p, 850.0, 790.0, wood),
                1 => cast(p, KITCHEN, 860.0, 735.0, wood),
                _ => cast(p, HERBS, 860.0, 745.0, wood),
            }
            sprig(p, 760.0, 875.0, -12.0, 0.9, dye::FERN);
        }
        World::Bath => {
            let towels = Look::new(cloth::towels, dye::CHALK).second(dye::OAT).weave(Weave::Waffle);
            prop(p, towels, 200.0, 760.0, 190.0, wood);
            cast(p, VASES, 850.0, 740.0, wood);
            sprig(p, 270.0, 880.0, 14.0, 0.9, dye::SAGE);
        }
        World::Jewellery => {
            slabs(p, tint);
            sprig(p, 180.0, 860.0, -24.0, 1.1, dye::SAGE);
            return Spot { x: 520.0, y: 735.0, w: 420.0, h: 400.0, tint: dye::CHALK };
        }
        World::Home => {
            hung(p, 205.0, 330.0);
            stack(p, 190.0, 770.0);
            cast(p, VASES, 840.0, 740.0, wood);
        }
        World::Desk => {
            stack(p, 190.0, 770.0);
            cast(p, SMALL_PLANTS, 190.0, 684.0, wood);
            mug_of_pencils(p, 850.0, 750.0, tint);
        }
        _ => {
            cast(p, BIG_PLANTS, 165.0, 745.0, wood);
            let cans = [dye::CREAM, dye::RUST, dye::PINE];
            let can = *p.dice.pick(&cans);
            prop(p, Look::new(vessels::watering_can, can).second(dye::BRASS), 850.0, 745.0, 240.0, wood);
        }
    }
    Spot { x: 500.0, y: 840.0, w: 520.0, h: 530.0, tint: wood }
}

/// A room with a wooden floor, for furniture, bags, toys.
fn on_the_floor(p: &mut Pen, world: World, tint: Colour) -> Spot {
    p.set(Set::Window, tint, tint);
    let floor = dye::BIRCH.lift(-0.02).mix(tint, 0.2);
    p.set(Set::Table, tint, floor);
    p.rect(0.0, 640.0, 1000.0, 30.0, 0.0, tint.lift(0.09));
    match world {
        World::Play => {
            let rug = p.slant(dye::BLUSH.lift(0.04), dye::BLUSH.lift(-0.03));
            p.oval(500.0, 850.0, 430.0, 100.0, rug);
            p.line(&oval(500.0, 850.0, 404.0, 92.0), dye::CHALK.at(0.7), 9.0);
            prop(p, Look::new(toys::wooden, dye::OAK).style(1), 165.0, 760.0, 200.0, floor);
            prop(p, Look::new(vessels::basket, dye::JUTE).second(dye::SKY), 845.0, 745.0, 250.0, floor);
            return Spot { x: 500.0, y: 860.0, w: 500.0, h: 470.0, tint: dye::BLUSH };
        }
        World::Wardrobe => {
            prop(p, Look::new(wood::stool, dye::OAK), 185.0, 770.0, 330.0, floor);
            cast(p, BIG_PLANTS, 865.0, 740.0, floor);
            return Spot { x: 520.0, y: 860.0, w: 560.0, h: 520.0, tint: floor };
        }
        _ => {
            cast(p, BIG_PLANTS, 870.0, 730.0, floor);
            hung(p, 190.0, 300.0);
            prop(p, Look::new(vessels::basket, dye::JUTE).second(dye::CREAM), 160.0, 760.0, 210.0, floor);
        }
    }
    Spot { x: 500.0, y: 860.0, w: 600.0, h: 590.0, tint: floor }
}

/// A sideboard below, the thing on the wall above it.
fn room(p: &mut Pen, tint: Colour) -> Spot {
    p.surface(tint, 1000.0, 1000.0);
    daylight(p, tint, true);
    let wood = dye::WALNUT.lift(0.1);
    let top = p.down(wood.lift(0.09), wood.lift(0.02));
    p.rect(90.0, 812.0, 820.0, 22.0, 4.0, top);
    let front = p.slant(wood.lift(0.02), wood.lift(-0.08));
    p.rect(100.0, 834.0, 800.0, 200.0, 2.0, front);
    p.grain(104.0, 838.0, 792.0, 160.0, wood, 9);
    for x in [366.0, 632.0] {
        p.line(&Path::at(x, 836.0).to(x + 0.5, 1000.0).open(), wood.lift(-0.2), 4.0);
    }
    for x in [236.0, 500.0, 766.0] {
        p.ball(x, 884.0, 12.0, dye::BRASS);
    }
    prop(p, Look::new(light::table_lamp, dye::CREAM).second(dye::SAGE).style(2), 205.0, 818.0, 330.0, wood);
    stack(p, 770.0, 816.0);
    cast(p, SMALL_PLANTS, 790.0, 730.0, wood);
    Spot { x: 500.0, y: 400.0, w: 440.0, h: 560.0, tint }
}

/// A table below, the lamp above it.
fn dining(p: &mut Pen, tint: Colour) -> Spot {
    p.studio(tint, 1000.0, 1000.0);
    p.set(Set::Window, tint, tint);
    prop(p, Look::new(wood::chair, dye::ASH), 250.0, 890.0, 470.0, tint);
    let mirrored = Look::new(wood::chair, dye::ASH);
    p.group("translate(1000 0)scale(-1 1)", |p| prop(p, mirrored, 250.0, 890.0, 470.0, tint));
    let wood = dye::OAK;
    p.shadow(500.0, 980.0, 260.0, 40.0, tint);
    let side = p.down(wood.lift(-0.04), wood.lift(-0.12));
    p.rect(170.0, 762.0, 660.0, 26.0, 8.0, side);
    let top = p.slant(wood.lift(0.1), wood.lift(0.01));
    p.fill(&soft(&[(170.0, 768.0), (236.0, 716.0), (764.0, 716.0), (830.0, 768.0)], 8.0), top);
    for (a, b) in [(220.0, 200.0), (780.0, 800.0)] {
        p.fill(&poly(&[(a - 14.0, 788.0), (a + 14.0, 788.0), (b + 9.0, 990.0), (b - 9.0, 990.0)]), wood.lift(-0.03));
    }
    prop(p, Look::new(cups::bowl, dye::CHALK).style(1).second(dye::SAGE).third(dye::CLAY), 440.0, 748.0, 56.0, wood);
    prop(p, Look::new(vessels::jug, dye::CREAM).second(dye::CLAY), 580.0, 752.0, 100.0, wood);
    Spot { x: 500.0, y: 345.0, w: 380.0, h: 400.0, tint }
}

fn lying(p: &mut Pen, world: World, tint: Colour) -> Spot {
    match world {
        World::Kitchen | World::Pantry | World::Desk | World::Garden => {
            planks(p, if world == World::Desk { dye::WALNUT.lift(0.12) } else { dye::OAK.lift(0.08) })
        }
        World::Outdoors => {
            p.surface(dye::MOSS.lift(0.12), 1000.0, 1000.0);
            daylight(p, dye::MOSS.lift(0.12), false);
        }
        World::Bath => terrazzo(p, tint),
        _ => planks(p, dye::BIRCH.mix(tint, 0.5).lift(0.02)),
    }
    match world {
        World::Kitchen | World::Pantry => {
            if p.dice.below(3) > 0 {
                let stripe = *p.dice.pick(&[dye::DENIM, dye::BRICK, dye::MOSS]);
                cloth_corner(p, dye::CHALK, stripe);
            }
            let corners = [(130.0, 160.0, 40.0), (140.0, 850.0, -30.0)];
            let (x, y, turn) = *p.dice.pick(&corners);
            herbs(p, x, y, turn);
            let skin = if world == World::Pantry { dye::APRICOT } else { dye::TOMATO };
            for (x, y) in [(850.0, 150.0), (905.0, 225.0)] {
                fruit(p, x, y, skin);
            }
        }
        World::Desk => {
            cup_from_above(p, 855.0, 165.0);
            p.place(150.0, 820.0, -62.0, 1.0, |p| paper::pencil(p, 330.0, dye::MUSTARD));
            herbs(p, 120.0, 130.0, 30.0);
        }
        World::Outdoors => {
            for (x, y, turn) in [(60.0, 80.0, 30.0), (950.0, 900.0, 210.0), (930.0, 90.0, 120.0)] {
                fern(p, x, y, turn);
            }
            for (x, y, r) in [(130.0, 880.0, 62.0), (225.0, 930.0, 40.0), (880.0, 700.0, 34.0)] {
                pebble(p, x, y, r);
            }
        }
        World::Garden => {
            for (x, y, turn) in [(40.0, 60.0, 40.0), (960.0, 940.0, 220.0)] {
                fern(p, x, y, turn);
            }
            pot_from_above(p, 860.0, 170.0);
        }
        World::Bath => {
            herbs(p, 140.0, 170.0, 40.0);
            for (x, y, r) in [(860.0, 820.0, 60.0), (785.0, 890.0, 38.0)] {
                pebble(p, x, y, r);
            }
        }
        _ => {
            let corners = [(120.0, 150.0, 34.0), (150.0, 860.0, -36.0), (880.0, 140.0, 140.0)];
            let (x, y, turn) = *p.dice.pick(&corners);
            herbs(p, x, y, turn);
            if p.dice.below(2) == 0 {
                cloth_corner(p, tint.lift(0.05), tint.lift(-0.12));
            }
        }
    }
    Spot { x: 500.0, y: 505.0, w: 620.0, h: 640.0, tint }
}

/// What stands before the thing.
pub fn foreground(p: &mut Pen, world: World, pose: Pose, tint: Colour) {
    if pose == Pose::Stand && matches!(world, World::Outdoors | World::Garden) {
        let c = dye::FERN.mix(tint, 0.15);
        for (x, reach, bow) in [(20.0, 250.0, 0.12), (70.0, 200.0, 0.02), (-30.0, 230.0, 0.16)] {
            foliage::blade(p, (x, 1030.0), (x + reach * 0.6, 1030.0 - reach), 0.15, bow, c);
        }
        for (x, reach) in [(985.0, 220.0), (940.0, 170.0)] {
            foliage::blade(p, (x, 1030.0), (x - reach * 0.5, 1030.0 - reach), 0.16, -0.1, c.lift(0.03));
        }
    }
}
