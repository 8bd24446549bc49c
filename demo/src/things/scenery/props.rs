//! What a scene is dressed with, and the surfaces it lies on.

use super::super::{foliage, paper};
use super::daylight;
use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, blob, leaf, leaflet, oval, poly, ring, wave};
use crate::draw::pen::Pen;
use crate::draw::weave::Weave;

pub fn planks(p: &mut Pen, wood: Colour) {
    p.surface(wood, 1000.0, 1000.0);
    for k in 0..5 {
        let y = 200.0 * k as f32;
        let tone = p.dice.range(-0.025, 0.025);
        p.rect(0.0, y, 1000.0, 200.0, 0.0, wood.lift(tone).at(0.6));
        p.grain(-20.0, y + 8.0, 1040.0, 184.0, wood, 6);
        p.rect(0.0, y - 2.0, 1000.0, 4.0, 0.0, wood.lift(-0.2).at(0.55));
    }
    daylight(p, wood, false);
}

pub fn terrazzo(p: &mut Pen, tint: Colour) {
    let base = dye::CHALK.mix(tint, 0.25);
    p.surface(base, 1000.0, 1000.0);
    for _ in 0..90 {
        let (x, y, r) = (p.dice.range(0.0, 1000.0), p.dice.range(0.0, 1000.0), p.dice.range(6.0, 22.0));
        let turn = p.dice.range(0.0, 1.0);
        let c = *p.dice.pick(&[dye::BLUSH, dye::STONE, dye::SAGE, dye::CLAY]);
        p.fill(&poly(&ring(x, y, r, r * 0.7, 5, turn)), c.at(0.45));
    }
    daylight(p, base, false);
}

pub fn tiles(p: &mut Pen, tint: Colour) {
    let mut joints = Path::default();
    for row in 0..7 {
        let y = 20.0 + 100.0 * row as f32;
        joints = joints.jump(0.0, y).to(1000.0, y + 0.1);
        for col in 0..6 {
            let x = 200.0 * col as f32 + if row % 2 == 0 { 0.0 } else { 100.0 };
            joints = joints.jump(x, y).to(x + 0.1, y + 100.0);
        }
    }
    let joints = joints.open();
    p.line(&joints, tint.lift(-0.08).at(0.7), 5.0);
    p.group("translate(3 4)", |p| p.line(&joints, tint.lift(0.12).at(0.6), 3.0));
}

pub fn cloth_corner(p: &mut Pen, c: Colour, stripe: Colour) {
    let sheet = blob(&[
        (1010.0, 640.0),
        (1010.0, 640.0),
        (900.0, 700.0),
        (780.0, 830.0),
        (650.0, 900.0),
        (560.0, 1010.0),
        (560.0, 1010.0),
        (1010.0, 1010.0),
        (1010.0, 1010.0),
    ]);
    p.drop(&sheet, 10.0);
    let ink = p.slant(c.lift(0.02), c.lift(-0.08));
    p.fill(&sheet, ink);
    p.cloth(&sheet, c, (Weave::Linen, c, c), 1.0, -40.0);
    p.line(
        &wave(&[(1010.0, 690.0), (920.0, 740.0), (806.0, 862.0), (690.0, 930.0), (620.0, 1010.0)]),
        stripe.at(0.8),
        12.0,
    );
    p.line(&wave(&[(1010.0, 800.0), (920.0, 860.0), (860.0, 1010.0)]), dye::ESPRESSO.at(0.1), 24.0);
}

pub fn herbs(p: &mut Pen, x: f32, y: f32, turn: f32) {
    p.place(x, y, turn, 1.0, |p| {
        for k in 0..9 {
            let t = k as f32 * 30.0;
            let s = if k % 2 == 0 { 1.0 } else { -1.0 };
            let tip = (t - 96.0, s * 62.0);
            p.place(6.0, 10.0, 0.0, 1.0, |p| {
                p.fill(&leaf((t - 130.0, 0.0), tip, 0.2, 0.04 * s), dye::ESPRESSO.at(0.14))
            });
            foliage::blade(p, (t - 130.0, 0.0), tip, 0.2, 0.04 * s, dye::SAGE.lift(-0.06 + 0.012 * k as f32));
        }
        p.line(&wave(&[(-150.0, 4.0), (0.0, -4.0), (130.0, 6.0)]), dye::MOSS, 4.0);
    });
}

pub fn fern(p: &mut Pen, x: f32, y: f32, turn: f32) {
    p.place(x, y, turn, 1.0, |p| {
        for k in 0..12 {
            let t = 24.0 * k as f32;
            let reach = 92.0 * (1.0 - k as f32 / 13.0);
            for s in [-1.0, 1.0] {
                p.fill(
                    &leaflet((t, 0.0), (t + 34.0, s * reach), 0.14),
                    dye::FERN.lift(if s > 0.0 { -0.02 } else { 0.05 }),
                );
            }
        }
        p.line(&wave(&[(-20.0, 0.0), (150.0, 4.0), (300.0, 0.0)]), dye::FERN.lift(-0.1), 5.0);
    });
}

pub fn pebble(p: &mut Pen, x: f32, y: f32, r: f32) {
    p.pool(x + r * 0.16, y + r * 0.26, r * 1.35, r * 1.15, dye::ESPRESSO, 0.5);
    let ink = p.rad(
        0.36,
        0.32,
        0.8,
        &[(0.0, dye::STONE.lift(0.12), 1.0), (0.6, dye::STONE, 1.0), (1.0, dye::PEBBLE.lift(-0.06), 1.0)],
    );
    p.fill(&blob(&ring(x, y, r, r * 0.82, 7, 0.07)), ink);
}

pub fn stones(p: &mut Pen) {
    for (x, y, w, h) in [(120.0, 850.0, 130.0, 90.0), (890.0, 830.0, 110.0, 74.0), (800.0, 880.0, 60.0, 40.0)] {
        p.shadow(x, y, w * 0.8, h, dye::MOSS);
        let rock = blob(&[
            (x - w, y),
            (x - w * 0.86, y - h * 0.6),
            (x - w * 0.2, y - h),
            (x + w * 0.5, y - h * 0.84),
            (x + w, y - h * 0.2),
            (x + w * 0.94, y),
            (x, y + h * 0.14),
        ]);
        let ink = p.slant(dye::STONE.lift(0.06), dye::PEBBLE.lift(-0.12));
        p.fill(&rock, ink);
        p.fill(
            &blob(&[
                (x - w * 0.8, y - h * 0.5),
                (x - w * 0.2, y - h * 0.96),
                (x + w * 0.4, y - h * 0.8),
                (x - w * 0.1, y - h * 0.6),
            ]),
            dye::WHITE.at(0.16),
        );
    }
}

pub fn lemons(p: &mut Pen, x: f32, y: f32, tint: Colour) {
    for (dx, dy, turn) in [(-40.0, -14.0, -16.0), (50.0, 6.0, 20.0)] {
        p.shadow(x + dx, y + dy + 34.0, 46.0, 50.0, tint);
        p.place(x + dx, y + dy, turn, 1.0, |p| {
            let skin = blob(&[
                (-64.0, 0.0),
                (-40.0, -36.0),
                (10.0, -42.0),
                (46.0, -22.0),
                (70.0, 2.0),
                (46.0, 26.0),
                (6.0, 42.0),
                (-42.0, 34.0),
            ]);
            let ink = p.rad(
                0.38,
                0.32,
                0.8,
                &[(0.0, dye::LEMON.lift(0.08), 1.0), (0.5, dye::LEMON, 1.0), (1.0, dye::MUSTARD.lift(-0.05), 1.0)],
            );
            p.fill(&skin, ink);
            p.oval(-14.0, -20.0, 20.0, 9.0, dye::WHITE.at(0.3));
        });
    }
    foliage::blade(p, (x + 2.0, y - 20.0), (x + 62.0, y - 76.0), 0.24, 0.06, dye::FERN);
}

pub fn fruit(p: &mut Pen, x: f32, y: f32, skin: Colour) {
    p.pool(x + 8.0, y + 12.0, 62.0, 58.0, dye::ESPRESSO, 0.5);
    p.ball(x, y, 44.0, skin);
    for (tx, ty) in ring(x, y, 22.0, 22.0, 5, 0.1) {
        p.fill(&leaf((x, y), (tx, ty), 0.26, 0.0), dye::FERN);
    }
}

pub fn sprig(p: &mut Pen, x: f32, y: f32, turn: f32, scale: f32, c: Colour) {
    p.place(x, y, turn, scale, |p| {
        p.line(&wave(&[(-120.0, 10.0), (0.0, -6.0), (120.0, -24.0)]), c.lift(-0.1), 4.0);
        for k in 0..8 {
            let at = (-104.0 + 28.0 * k as f32, 8.0 - 4.0 * k as f32);
            let s = if k % 2 == 0 { -1.0 } else { 1.0 };
            foliage::blade(p, at, (at.0 + 44.0, at.1 + 24.0 * s), 0.19, 0.04, c.lift(0.03 * s));
        }
    });
}

pub fn linen(p: &mut Pen, tint: Colour) {
    let c = dye::CHALK.mix(tint, 0.3);
    let sheet = blob(&[
        (300.0, 806.0),
        (470.0, 780.0),
        (700.0, 786.0),
        (770.0, 850.0),
        (720.0, 920.0),
        (480.0, 930.0),
        (250.0, 900.0),
    ]);
    let ink = p.slant(c.lift(0.02), c.lift(-0.07));
    p.group("translate(6 9)", |p| p.fill(&sheet, dye::ESPRESSO.at(0.16)));
    p.fill(&sheet, ink);
    p.line(&wave(&[(268.0, 886.0), (480.0, 914.0), (716.0, 902.0)]), dye::CLAY.at(0.6), 7.0);
}

pub fn stack(p: &mut Pen, x: f32, y: f32) {
    p.shadow(x, y, 110.0, 90.0, dye::WALNUT);
    for (k, (c, w)) in [(dye::PETROL, 220.0), (dye::CREAM, 190.0), (dye::RUST, 204.0)].into_iter().enumerate() {
        let top = y - 30.0 * (k + 1) as f32;
        let ink = p.across(&[(0.0, c.lift(0.05), 1.0), (1.0, c.lift(-0.08), 1.0)]);
        p.rect(x - w / 2.0 + 6.0 * k as f32, top, w, 29.0, 4.0, ink);
        p.rect(
            x - w / 2.0 + 6.0 * k as f32 + 22.0,
            top,
            8.0,
            29.0,
            0.0,
            c.lift(if c.lightness() > 0.7 { -0.2 } else { 0.22 }).at(0.8),
        );
    }
}

pub fn mug_of_pencils(p: &mut Pen, x: f32, y: f32, tint: Colour) {
    for (dx, turn, c) in [(-26.0, -98.0, dye::MUSTARD), (0.0, -88.0, dye::TEAL), (26.0, -80.0, dye::TOMATO)] {
        p.place(x + dx, y - 140.0, turn + 180.0, 1.0, |p| paper::pencil(p, 220.0, c));
    }
    p.shadow(x, y, 62.0, 100.0, tint);
    let cup = Lathe::new(&[(58.0, 0.0), (58.0, 0.0), (62.0, 10.0), (62.0, 140.0), (62.0, 140.0)]);
    p.place(x, y, 0.0, 1.0, |p| {
        p.body(&cup, dye::CHALK, Finish::Matte);
        p.specks(&cup, dye::PEBBLE, 30, 8.0, 130.0);
    });
}

pub fn parcel(p: &mut Pen, x: f32, y: f32, coat: &Coat) {
    p.shadow(x + 20.0, y, 140.0, 160.0, dye::OAK);
    p.place(x, y, 0.0, 1.0, |p| {
        p.carton(240.0, 190.0, 150.0, dye::KRAFT);
        p.rect(-22.0, -190.0, 44.0, 190.0, 0.0, dye::CHALK.at(0.55));
        p.dot(0.0, -104.0, 52.0, dye::CHALK);
        p.mark(coat.mark, 0.0, -104.0, 60.0, dye::ESPRESSO);
        p.line(&wave(&[(-40.0, -252.0), (20.0, -226.0), (70.0, -250.0)]), dye::JUTE.lift(-0.1), 5.0);
    });
}

pub fn slabs(p: &mut Pen, tint: Colour) {
    for (y, w, h, c) in [(850.0, 620.0, 60.0, dye::STONE.mix(tint, 0.4)), (790.0, 440.0, 50.0, dye::CHALK)] {
        p.shadow(520.0, y, w / 2.0, 60.0, tint);
        p.place(500.0, y, 0.0, 1.0, |p| p.carton(w, h, 170.0, c));
    }
}

pub fn cup_from_above(p: &mut Pen, x: f32, y: f32) {
    for (r, c) in [(112.0, dye::CHALK), (78.0, dye::CHALK)] {
        p.pool(x + 10.0, y + 14.0, r * 1.2, r * 1.2, dye::ESPRESSO, 0.4);
        let ink = p.slant(c.lift(0.02), c.lift(-0.09));
        p.dot(x, y, r, ink);
        p.line(&oval(x, y, r - 5.0, r - 5.0), c.lift(-0.12).at(0.5), 3.0);
    }
    let coffee = p.rad(0.45, 0.4, 0.6, &[(0.0, dye::COFFEE.lift(0.12), 1.0), (1.0, dye::COFFEE, 1.0)]);
    p.dot(x, y, 66.0, coffee);
    p.fill(
        &blob(&[
            (x, y + 34.0),
            (x - 30.0, y - 4.0),
            (x - 20.0, y - 26.0),
            (x, y - 14.0),
            (x + 20.0, y - 26.0),
            (x + 30.0, y - 4.0),
        ]),
        dye::OAT.at(0.85),
    );
}

pub fn pot_from_above(p: &mut Pen, x: f32, y: f32) {
    p.pool(x + 12.0, y + 16.0, 140.0, 136.0, dye::ESPRESSO, 0.45);
    let clay = p.slant(dye::TERRACOTTA.lift(0.08), dye::TERRACOTTA.lift(-0.08));
    p.dot(x, y, 112.0, clay);
    p.dot(x, y, 94.0, dye::SOIL);
    for k in 0..7 {
        let a = k as f32 * 0.9;
        foliage::blade(
            p,
            (x, y),
            (x + a.cos() * 104.0, y + a.sin() * 104.0),
            0.26,
            0.04,
            dye::LEAF.lift(0.02 * (k % 3) as f32),
        );
    }
}
