//! Puzzles and games.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, blob, card, leaf, oval, poly, ring};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;
use std::f32::consts::TAU;

const DEEP: Colour = Colour(0x2a1f2a);
const PAINTS: [Colour; 6] = super::toys::PAINTS;

/// A boxed puzzle with pieces beside it. The style is the picture: 0 rooftops, 1 forest.
pub fn puzzle(p: &mut Pen, c: &Coat) -> Frame {
    let lid = card(-250.0, -230.0, 500.0, 380.0, 8.0);
    p.drop(&lid, 18.0);
    p.fill(&card(-250.0, 130.0, 500.0, 34.0, 6.0), c.main.lift(-0.16));
    p.fill(&lid, c.main);
    let picture = card(-228.0, -208.0, 456.0, 290.0, 4.0);
    let sky = p.down(c.second.lift(0.06), c.second.lift(-0.06));
    p.fill(&picture, sky);
    if c.style == 1 {
        forest(p);
    } else {
        rooftops(p);
    }
    p.words(0.0, 112.0, &[200.0, 120.0], 22.0, 7.0, dye::CREAM);
    for (x, y, turn, colour) in [
        (-210.0, 230.0, 20.0, dye::TERRACOTTA),
        (-90.0, 262.0, -14.0, c.second),
        (60.0, 236.0, 40.0, dye::PINE),
        (200.0, 250.0, 8.0, dye::MUSTARD),
    ] {
        p.place(x, y, turn, 1.0, |p| piece(p, colour));
    }
    Frame::lay(560.0, 620.0).focus(-30.0, -60.0)
}

fn piece(p: &mut Pen, c: Colour) {
    let d = Path::at(-38.0, -38.0)
        .to(-13.0, -38.0)
        .curve((-22.0, -64.0), (22.0, -64.0), (13.0, -38.0))
        .to(38.0, -38.0)
        .to(38.0, -13.0)
        .curve((64.0, -22.0), (64.0, 22.0), (38.0, 13.0))
        .to(38.0, 38.0)
        .to(13.0, 38.0)
        .curve((20.0, 16.0), (-20.0, 16.0), (-13.0, 38.0))
        .to(-38.0, 38.0)
        .to(-38.0, 13.0)
        .curve((-14.0, 20.0), (-14.0, -20.0), (-38.0, -13.0))
        .close();
    p.drop(&d, 7.0);
    let ink = p.slant(c.lift(0.08), c.lift(-0.05));
    p.fill(&d, ink);
}

fn rooftops(p: &mut Pen) {
    p.dot(140.0, -140.0, 34.0, dye::CREAM);
    for (i, (x, w, h, c)) in [
        (-228.0, 90.0, 120.0, dye::SAND),
        (-150.0, 80.0, 170.0, dye::BLUSH),
        (-60.0, 100.0, 130.0, dye::CREAM),
        (40.0, 76.0, 200.0, dye::OAT),
        (110.0, 118.0, 140.0, dye::APRICOT),
    ]
    .into_iter()
    .enumerate()
    {
        p.rect(x, 82.0 - h, w, h, 0.0, c);
        let peak = if i == 3 { 96.0 } else { 46.0 };
        p.fill(
            &poly(&[(x - 6.0, 82.0 - h), (x + w / 2.0, 82.0 - h - peak), (x + w + 6.0, 82.0 - h)]),
            dye::TERRACOTTA.lift(if i % 2 == 0 { 0.0 } else { -0.06 }),
        );
        for wx in 0..2 {
            for wy in 0..3 {
                p.rect(
                    x + w * 0.2 + wx as f32 * w * 0.36,
                    100.0 - h + wy as f32 * 40.0,
                    w * 0.2,
                    24.0,
                    2.0,
                    dye::INK.at(0.55),
                );
            }
        }
    }
}

fn forest(p: &mut Pen) {
    p.dot(-120.0, -140.0, 34.0, dye::CREAM);
    for (x, s, c) in [
        (-180.0, 1.0, dye::PINE),
        (-90.0, 1.3, dye::FERN),
        (10.0, 1.1, dye::PINE),
        (100.0, 1.4, dye::FERN),
        (180.0, 1.0, dye::PINE),
    ] {
        for k in 0..3 {
            let y = 40.0 - 60.0 * k as f32 * s;
            let w = (58.0 - 12.0 * k as f32) * s;
            p.fill(&poly(&[(x - w, y), (x, y - 84.0 * s), (x + w, y)]), c.lift(0.03 * k as f32));
        }
        p.rect(x - 7.0, 40.0, 14.0, 42.0, 0.0, dye::CHESTNUT);
    }
    p.fill(
        &blob(&[(-40.0, 82.0), (-30.0, 40.0), (10.0, 34.0), (40.0, 10.0), (56.0, 30.0), (50.0, 60.0), (54.0, 82.0)]),
        dye::TERRACOTTA,
    );
}

/// A game on the table. Styles: 0 memory cards, 1 draughts board.
pub fn game(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 1 {
        return draughts(p, c);
    }
    let marks = crate::draw::marks::Mark::Firs;
    for row in 0..3 {
        for col in 0..4 {
            let (x, y) = (-230.0 + 154.0 * col as f32, -160.0 + 160.0 * row as f32);
            let turn = p.dice.range(-6.0, 6.0);
            let k = row * 4 + col;
            p.place(x, y, turn, 1.0, |p| {
                let tile = card(-66.0, -66.0, 132.0, 132.0, 16.0);
                p.drop(&tile, 8.0);
                if k % 3 == 1 {
                    p.fill(&tile, c.main);
                    p.line(&card(-52.0, -52.0, 104.0, 104.0, 10.0), dye::CREAM.at(0.6), 4.0);
                    p.mark(marks, 0.0, 0.0, 56.0, dye::CREAM);
                } else {
                    p.fill(&tile, dye::CHALK);
                    memory_picture(p, k);
                }
            });
        }
    }
    Frame::lay(640.0, 500.0).focus(-80.0, -70.0)
}

fn memory_picture(p: &mut Pen, k: usize) {
    let c = PAINTS[k % 6];
    match k % 4 {
        0 => {
            p.fill(&blob(&ring(0.0, 8.0, 40.0, 38.0, 8, 0.0)), c);
            p.fill(&leaf((0.0, -26.0), (30.0, -54.0), 0.26, 0.0), dye::LEAF);
        }
        1 => p.fill(&leaf((-40.0, 36.0), (40.0, -40.0), 0.3, 0.05), c),
        2 => {
            for a in 0..7 {
                let t = TAU * a as f32 / 7.0;
                p.dot(t.cos() * 27.0, t.sin() * 27.0, 17.0, c);
            }
            p.dot(0.0, 0.0, 17.0, dye::MUSTARD);
        }
        _ => {
            p.oval(0.0, 12.0, 42.0, 30.0, c);
            p.dot(30.0, -20.0, 22.0, c.lift(0.05));
            p.dot(36.0, -24.0, 4.0, dye::BLACK);
            p.fill(&poly(&[(48.0, -20.0), (66.0, -14.0), (48.0, -8.0)]), dye::MUSTARD);
        }
    }
}

fn draughts(p: &mut Pen, c: &Coat) -> Frame {
    let frame = card(-290.0, -290.0, 580.0, 580.0, 16.0);
    p.drop(&frame, 16.0);
    let wood = p.slant(c.main.lift(0.03), c.main.lift(-0.06));
    p.fill(&frame, wood);
    for row in 0..8 {
        for col in 0..8 {
            let dark = (row + col) % 2 == 1;
            let tone = p.dice.range(-0.02, 0.02);
            p.rect(
                -256.0 + 64.0 * col as f32,
                -256.0 + 64.0 * row as f32,
                64.0,
                64.0,
                0.0,
                if dark { c.second.lift(tone) } else { dye::BIRCH.lift(tone) },
            );
        }
    }
    for (row, col, white) in [
        (0, 1, false),
        (0, 5, false),
        (1, 2, false),
        (2, 3, false),
        (1, 6, false),
        (5, 2, true),
        (6, 1, true),
        (4, 5, true),
        (7, 4, true),
        (6, 5, true),
        (7, 0, true),
    ] {
        let (x, y) = (-224.0 + 64.0 * col as f32, -224.0 + 64.0 * row as f32);
        let colour = if white { dye::CREAM } else { dye::CHARCOAL };
        p.pool(x + 5.0, y + 8.0, 34.0, 33.0, DEEP, 0.6);
        p.dot(x, y, 26.0, colour.lift(-0.1));
        let face = p.slant(colour.lift(0.08), colour.lift(-0.04));
        p.dot(x - 1.0, y - 3.0, 25.0, face);
        p.line(&oval(x - 1.0, y - 3.0, 16.0, 16.0), colour.lift(-0.14), 3.0);
    }
    Frame::lay(600.0, 600.0).focus(-40.0, -100.0)
}
