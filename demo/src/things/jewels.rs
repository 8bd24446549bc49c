//! Rings, chains, earrings, watches.

use std::f32::consts::TAU;

use crate::draw::Coat;
use crate::draw::colour::{Colour, Ink, dye};
use crate::draw::path::{Path, Point, blob, card, leaf, oval, poly, ring as around, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);

/// Polished metal seen from any side.
fn polish(p: &mut Pen, c: Colour) -> Ink {
    p.lin(
        (0.0, 0.0),
        (1.0, 0.9),
        &[
            (0.0, c.lift(0.1), 1.0),
            (0.18, c.lift(-0.1), 1.0),
            (0.34, c.lift(0.2), 1.0),
            (0.5, c.lift(0.02), 1.0),
            (0.66, c.lift(-0.22), 1.0),
            (0.84, c.lift(0.08), 1.0),
            (1.0, c.lift(-0.14), 1.0),
        ],
    )
}

/// A ring band standing upright, seen from the front: an annulus with depth.
fn band(p: &mut Pen, r: f32, width: f32, depth: f32, c: Colour) {
    let k = 0.96;
    let inner = polish(p, c.lift(-0.1));
    for step in 0..3 {
        let dx = depth * (1.0 - step as f32 / 3.0);
        p.line(&oval(dx, -dx * 0.3, r, r * k), if step == 0 { Ink::from(c.lift(-0.24)) } else { inner.clone() }, width);
    }
    let face = polish(p, c);
    p.line(&oval(0.0, 0.0, r, r * k), face, width);
    p.line(&oval(-1.0, -1.0, r + width * 0.36, (r + width * 0.36) * k), dye::WHITE.at(0.5), 2.4);
    p.line(&oval(0.0, 0.0, r - width * 0.42, (r - width * 0.42) * k), DEEP.at(0.22), 2.6);
}

/// A ring. Styles: 0 plain, 1 hammered, 2 with a stone, 3 three to stack, 4 signet.
pub fn ring(p: &mut Pen, c: &Coat) -> Frame {
    let r = 150.0;
    p.place(0.0, -r - 12.0, 0.0, 1.0, |p| match c.style {
        3 => {
            for (x, y, s, colour) in [(-60.0, 8.0, 0.94, c.second), (66.0, 4.0, 0.96, c.third), (0.0, 0.0, 1.0, c.main)]
            {
                p.place(x, y, 0.0, s, |p| band(p, r, 17.0, 14.0, colour));
            }
        }
        _ => {
            band(p, r, if c.style == 2 { 16.0 } else { 27.0 }, 30.0, c.main);
            match c.style {
                1 => hammer(p, r, c.main),
                2 => stone(p, -r * 0.96, c),
                4 => signet(p, -r * 0.96, c),
                _ => {}
            }
        }
    });
    let h = if c.style == 2 || c.style == 4 { 390.0 } else { 330.0 };
    Frame::stand(if c.style == 3 { 470.0 } else { 360.0 }, h, 64.0).focus(30.0, -h * 0.82).fill(0.72)
}

fn hammer(p: &mut Pen, r: f32, c: Colour) {
    for k in 0..44 {
        let a = TAU * k as f32 / 44.0;
        let (x, y) = (a.cos() * r, a.sin() * r * 0.96);
        let tone = p.dice.range(-0.14, 0.2);
        let size = p.dice.range(7.0, 12.0);
        p.oval(x, y, size, size * 0.8, c.lift(tone).at(0.75));
    }
}

fn stone(p: &mut Pen, y: f32, c: &Coat) {
    let base = polish(p, c.main);
    p.fill(&blob(&[(-58.0, y - 20.0), (-40.0, y + 22.0), (0.0, y + 30.0), (40.0, y + 22.0), (58.0, y - 20.0)]), base);
    let gem = p.rad(
        0.36,
        0.3,
        0.8,
        &[
            (0.0, dye::WHITE, 1.0),
            (0.3, c.second.lift(0.06), 1.0),
            (0.7, c.second.lift(-0.04), 1.0),
            (1.0, c.second.lift(-0.22), 1.0),
        ],
    );
    p.oval(0.0, y - 34.0, 58.0, 44.0, gem);
    p.oval(12.0, y - 20.0, 30.0, 15.0, c.third.at(0.3));
    p.oval(-20.0, y - 52.0, 15.0, 8.0, dye::WHITE.at(0.9));
    p.line(&oval(0.0, y - 34.0, 59.0, 45.0), c.main.lift(-0.1), 5.0);
    p.line(&oval(-1.0, y - 35.0, 59.0, 45.0), c.main.lift(0.2).at(0.8), 2.4);
}

fn signet(p: &mut Pen, y: f32, c: &Coat) {
    let table = soft(&[(-78.0, y + 24.0), (-70.0, y - 36.0), (70.0, y - 36.0), (78.0, y + 24.0)], 26.0);
    let ink = polish(p, c.main);
    p.fill(&table, ink);
    let face = p.slant(c.main.lift(0.16), c.main.lift(-0.06));
    p.oval(0.0, y - 36.0, 74.0, 26.0, face);
    p.line(&oval(0.0, y - 36.0, 62.0, 20.0), c.main.lift(-0.2).at(0.7), 2.4);
    p.place(0.0, y - 36.0, 0.0, 1.0, |p| {
        p.group("scale(1 0.36)", |p| p.mark(c.mark, 0.0, 0.0, 78.0, c.main.lift(-0.25)))
    });
}

/// A chain along a line of points.
fn chain(p: &mut Pen, points: &[Point], c: Colour, width: f32) {
    let d = wave(points);
    p.place(5.0, 8.0, 0.0, 1.0, |p| p.line(&d, DEEP.at(0.16), width * 1.5));
    p.line(&d, c.lift(-0.2), width * 1.5);
    p.seam(&d, c.lift(0.16), width, width * 0.75);
    p.line(&d, c.lift(0.1).at(0.35), width * 0.4);
}

fn drape() -> Vec<Point> {
    (0..=24)
        .map(|k| {
            let t = k as f32 / 24.0;
            let x = -190.0 + 380.0 * t;
            (x, -300.0 + 430.0 * (1.0 - ((x / 190.0).powi(2))).max(0.0).powf(0.62))
        })
        .collect()
}

/// A necklace. Styles: 0 chain alone, doubled, 1 pearl, 2 sun disc, 3 stone.
pub fn necklace(p: &mut Pen, c: &Coat) -> Frame {
    let line = drape();
    chain(p, &line, c.main, 6.0);
    let foot = (0.0, 130.0);
    match c.style {
        1 => {
            p.line(&oval(0.0, foot.1 + 8.0, 8.0, 10.0), c.main.lift(-0.05), 4.0);
            p.pool(12.0, foot.1 + 66.0, 54.0, 50.0, DEEP, 0.4);
            pearl(p, 0.0, foot.1 + 52.0, 40.0, c.second);
        }
        2 => {
            p.pool(12.0, foot.1 + 84.0, 88.0, 80.0, DEEP, 0.4);
            disc(p, 0.0, foot.1 + 70.0, 66.0, c.main);
        }
        3 => {
            p.pool(12.0, foot.1 + 74.0, 66.0, 74.0, DEEP, 0.4);
            let drop = blob(&[
                (0.0, foot.1),
                (0.0, foot.1),
                (44.0, foot.1 + 66.0),
                (0.0, foot.1 + 124.0),
                (-44.0, foot.1 + 66.0),
            ]);
            let gem = p.rad(
                0.38,
                0.4,
                0.7,
                &[(0.0, c.second.lift(0.18), 1.0), (0.5, c.second, 1.0), (1.0, c.second.lift(-0.2), 1.0)],
            );
            p.fill(&drop, gem);
            p.line(&drop, c.main, 5.0);
            p.oval(-12.0, foot.1 + 58.0, 8.0, 17.0, dye::WHITE.at(0.7));
        }
        _ => {
            let second: Vec<Point> = line.iter().map(|(x, y)| (x * 0.78, -300.0 + (y + 300.0) * 0.76)).collect();
            chain(p, &second, c.main, 4.0);
            p.ball(0.0, 26.0, 10.0, c.main);
        }
    }
    Frame::lay(430.0, 560.0).focus(0.0, 120.0)
}

fn pearl(p: &mut Pen, x: f32, y: f32, r: f32, c: Colour) {
    let ink = p.rad(
        0.36,
        0.3,
        0.8,
        &[
            (0.0, dye::WHITE, 1.0),
            (0.35, c.lift(0.02), 1.0),
            (0.75, c.lift(-0.1), 1.0),
            (0.92, dye::BLUSH.lift(-0.06), 1.0),
            (1.0, c.lift(-0.16), 1.0),
        ],
    );
    p.dot(x, y, r, ink);
    p.oval(x - r * 0.34, y - r * 0.4, r * 0.22, r * 0.15, dye::WHITE.at(0.95));
}

fn disc(p: &mut Pen, x: f32, y: f32, r: f32, c: Colour) {
    let face = polish(p, c);
    p.dot(x, y, r, face);
    p.line(&oval(x, y, r - 3.0, r - 3.0), c.lift(0.2).at(0.7), 3.0);
    for (i, (tx, ty)) in around(x, y, r * 0.78, r * 0.78, 16, 0.0).into_iter().enumerate() {
        let inner = if i % 2 == 0 { 0.4 } else { 0.52 };
        p.line(&Path::at(x + (tx - x) * inner, y + (ty - y) * inner).to(tx, ty).open(), c.lift(-0.2).at(0.75), 3.4);
    }
    p.dot(x, y, r * 0.24, c.lift(-0.12));
    p.dot(x - 1.5, y - 1.5, r * 0.2, c.lift(0.1));
}

/// Earrings. Styles: 0 hoops, 1 pearl studs, 2 leaves, 3 stones.
pub fn earrings(p: &mut Pen, c: &Coat) -> Frame {
    let backing = card(-240.0, -200.0, 480.0, 400.0, 14.0);
    p.drop(&backing, 10.0);
    let paper = p.slant(c.third.lift(0.04), c.third.lift(-0.04));
    p.fill(&backing, paper);
    p.mark(c.mark, 0.0, -150.0, 44.0, c.third.lift(if c.third.lightness() > 0.6 { -0.25 } else { 0.4 }));
    for x in [-110.0, 110.0] {
        match c.style {
            1 => {
                p.pool(x + 10.0, 34.0, 66.0, 62.0, DEEP, 0.4);
                pearl(p, x, 20.0, 50.0, c.second);
            }
            2 => {
                p.ball(x, -66.0, 10.0, c.main);
                let (base, tip) = ((x, -52.0), (x + 4.0, 140.0));
                p.pool(x + 12.0, 60.0, 54.0, 110.0, DEEP, 0.35);
                let ink = polish(p, c.main);
                p.fill(&leaf(base, tip, 0.24, 0.03), ink);
                p.line(&Path::at(x, -46.0).to(x + 4.0, 126.0).open(), c.main.lift(-0.2), 3.0);
                for k in 0..5 {
                    let y = -10.0 + 26.0 * k as f32;
                    p.line(
                        &Path::at(x + 1.0, y + 14.0)
                            .to(x + 28.0, y - 6.0)
                            .jump(x + 1.0, y + 14.0)
                            .to(x - 28.0, y - 6.0)
                            .open(),
                        c.main.lift(-0.16).at(0.7),
                        2.2,
                    );
                }
            }
            3 => {
                p.ball(x, -60.0, 10.0, c.main);
                p.line(&Path::at(x, -50.0).to(x + 0.5, 0.0).open(), c.main.lift(-0.1), 4.0);
                p.pool(x + 10.0, 54.0, 60.0, 60.0, DEEP, 0.4);
                let gem = p.rad(
                    0.38,
                    0.34,
                    0.75,
                    &[(0.0, c.second.lift(0.2), 1.0), (0.5, c.second, 1.0), (1.0, c.second.lift(-0.2), 1.0)],
                );
                p.fill(&poly(&around(x, 44.0, 46.0, 46.0, 8, 0.06)), gem);
                p.line(&poly(&around(x, 44.0, 48.0, 48.0, 8, 0.06)), c.main, 5.0);
                p.line(&poly(&around(x, 44.0, 24.0, 24.0, 8, 0.06)), dye::WHITE.at(0.5), 2.4);
            }
            _ => {
                p.place(9.0, 15.0, 0.0, 1.0, |p| p.line(&oval(x, 34.0, 78.0, 82.0), DEEP.at(0.14), 22.0));
                p.line(&oval(x, 34.0, 78.0, 82.0), c.main.lift(-0.2), 21.0);
                let ink = polish(p, c.main);
                p.line(&oval(x - 1.0, 33.0, 78.0, 82.0), ink, 17.0);
                p.line(&oval(x - 2.0, 31.0, 81.0, 85.0), dye::WHITE.at(0.45), 3.0);
                p.ball(x, -50.0, 9.0, c.main);
            }
        }
    }
    Frame::lay(520.0, 430.0).focus(-110.0, 30.0)
}

/// A bracelet. Styles: 0 chain, 1 open cuff, 2 beads.
pub fn bracelet(p: &mut Pen, c: &Coat) -> Frame {
    let (rx, ry) = (230.0, 150.0);
    match c.style {
        1 => {
            let arc = |r: f32| -> String {
                let pts: Vec<Point> = (0..=30)
                    .map(|k| {
                        let a = TAU * (0.31 + 0.88 * k as f32 / 30.0);
                        (a.cos() * (rx + r), a.sin() * (ry + r * 0.6))
                    })
                    .collect();
                wave(&pts)
            };
            p.place(12.0, 26.0, 0.0, 1.0, |p| p.line(&arc(0.0), DEEP.at(0.2), 40.0));
            p.line(&arc(0.0), c.main.lift(-0.22), 42.0);
            let ink = polish(p, c.main);
            p.line(&arc(0.0), ink, 34.0);
            p.line(&arc(9.0), dye::WHITE.at(0.5), 4.0);
        }
        2 => {
            for (i, (x, y)) in around(0.0, 0.0, rx, ry, 28, 0.0).into_iter().enumerate() {
                p.pool(x + 7.0, y + 14.0, 34.0, 30.0, DEEP, 0.35);
                let colour = if i % 7 == 3 { c.main } else { c.second.lift(p.dice.range(-0.05, 0.05)) };
                p.ball(x, y, 24.0, colour);
                p.oval(x - 8.0, y - 9.0, 5.0, 4.0, dye::WHITE.at(0.7));
            }
        }
        _ => {
            let mut line = around(0.0, 0.0, rx, ry, 30, 0.0);
            line.push(line[0]);
            chain(p, &line, c.main, 15.0);
            p.line(&Path::at(rx - 6.0, 0.0).to(rx - 2.0, 40.0).open(), c.main.lift(-0.05), 9.0);
            disc(p, rx + 2.0, 74.0, 34.0, c.main);
        }
    }
    Frame::lay(540.0, 400.0).focus(130.0, 60.0)
}

/// A wrist watch. Styles: 0 leather strap, 1 field watch on canvas, 2 steel mesh.
pub fn watch(p: &mut Pen, c: &Coat) -> Frame {
    for (y0, y1, w0, w1) in [(-120.0, -400.0, 74.0, 58.0), (120.0, 430.0, 74.0, 54.0)] {
        let arm = soft(&[(-w0, y0), (w0, y0), (w1, y1), (-w1, y1)], 16.0);
        p.drop(&arm, 12.0);
        let ink = p.across(&[
            (0.0, c.second.lift(0.06), 1.0),
            (0.4, c.second.lift(0.02), 1.0),
            (1.0, c.second.lift(-0.12), 1.0),
        ]);
        p.fill(&arm, ink);
        match c.style {
            2 => {
                if let Some(mesh) = p.weave(crate::draw::weave::Weave::Braid, c.second, c.second, c.second, 0.42, 0.0) {
                    p.fill(&arm, mesh.fade(0.7));
                }
            }
            1 => {
                p.cloth(&arm, c.second, (crate::draw::weave::Weave::Linen, c.second, c.second), 0.6, 0.0);
                p.rect(-10.0, y0.min(y1) + 6.0, 20.0, (y1 - y0).abs() - 12.0, 0.0, c.third);
            }
            _ => p.seam(
                &Path::at(-w0 + 14.0, y0).to(-w1 + 12.0, y1).jump(w0 - 14.0, y0).to(w1 - 12.0, y1).open(),
                c.second.lift(0.24).at(0.85),
                3.0,
                9.0,
            ),
        }
        p.sheen(&arm, 0.12);
        if y1 > 0.0 && c.style != 2 {
            for k in 0..4 {
                p.oval(0.0, 250.0 + 44.0 * k as f32, 7.0, 10.0, DEEP.at(0.65));
            }
        }
    }
    watch_case(p, c);
    Frame::lay(420.0, 800.0).focus(30.0, -10.0).fill(1.08)
}

fn watch_case(p: &mut Pen, c: &Coat) {
    for (x, y) in [(-84.0, -128.0), (62.0, -128.0), (-84.0, 92.0), (62.0, 92.0)] {
        p.rect(x, y, 22.0, 38.0, 8.0, c.main.lift(-0.08));
    }
    p.rect(148.0, -20.0, 34.0, 40.0, 8.0, c.main.lift(-0.1));
    let whole = oval(0.0, 0.0, 160.0, 160.0);
    p.drop(&whole, 13.0);
    let steel = polish(p, c.main);
    p.fill(&whole, steel);
    p.line(&oval(0.0, 0.0, 142.0, 142.0), c.main.lift(-0.18), 5.0);
    let dark = c.third.lightness() < 0.5;
    let dial_colour = if c.style == 1 {
        dye::NIGHT
    } else if dark && c.style == 2 {
        c.third
    } else {
        dye::CHALK
    };
    let dial = p.slant(dial_colour.lift(0.05), dial_colour.lift(-0.06));
    p.dot(0.0, 0.0, 139.0, dial);
    let marks = if dial_colour.lightness() < 0.5 { dye::CREAM } else { dye::CHARCOAL };
    for k in 0..60 {
        let a = TAU * k as f32 / 60.0;
        let (inner, w) = if k % 5 == 0 { (108.0, 6.0) } else { (122.0, 2.0) };
        p.line(&Path::at(a.cos() * inner, a.sin() * inner).to(a.cos() * 128.0, a.sin() * 128.0).open(), marks, w);
    }
    p.mark(c.mark, 0.0, -58.0, 30.0, marks);
    for (turn, length, w, colour) in
        [(-52.0f32, 66.0f32, 10.0, marks), (58.0, 102.0, 7.0, marks), (162.0, 112.0, 2.6, dye::TOMATO)]
    {
        let a = turn.to_radians() - TAU / 4.0;
        let d = Path::at(-a.cos() * 20.0, -a.sin() * 20.0).to(a.cos() * length, a.sin() * length).open();
        p.place(3.0, 5.0, 0.0, 1.0, |p| p.line(&d, DEEP.at(0.2), w));
        p.line(&d, colour, w);
    }
    p.dot(0.0, 0.0, 8.0, marks);
    p.fill(
        &blob(&[(-118.0, -60.0), (-60.0, -118.0), (40.0, -128.0), (-70.0, -50.0), (-128.0, 30.0)]),
        dye::WHITE.at(0.14),
    );
}
