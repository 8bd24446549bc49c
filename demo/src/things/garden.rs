//! Tools, seeds and pots for the garden.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, blob, card, poly, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);

/// Tools for the garden. Styles: 0 trowel and fork, 1 secateurs, 2 seed packets.
pub fn tools(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => secateurs(p, c),
        2 => seeds(p, c),
        _ => {
            for (x, turn, fork) in [(-100.0, -8.0, false), (110.0, 8.0, true)] {
                p.place(x, 0.0, turn, 1.0, |p| hand_tool(p, c, fork));
            }
            Frame::lay(460.0, 720.0).focus(-70.0, -120.0)
        }
    }
}

fn hand_tool(p: &mut Pen, c: &Coat, fork: bool) {
    let grip = blob(&[
        (-22.0, 60.0),
        (-34.0, 160.0),
        (-28.0, 280.0),
        (-34.0, 320.0),
        (0.0, 346.0),
        (34.0, 320.0),
        (28.0, 280.0),
        (34.0, 160.0),
        (22.0, 60.0),
    ]);
    let steel = p.slant(dye::STEEL.lift(0.14), dye::STEEL.lift(-0.14));
    let head = if fork {
        let mut d = String::new();
        for x in [-64.0, 0.0, 64.0] {
            d.push_str(&blob(&[
                (x * 0.9 - 13.0, -120.0),
                (x - 11.0, -250.0),
                (x, -336.0),
                (x, -336.0),
                (x + 11.0, -250.0),
                (x * 0.9 + 13.0, -120.0),
            ]));
        }
        d + &soft(&[(-76.0, -146.0), (76.0, -146.0), (30.0, -70.0), (-30.0, -70.0)], 26.0)
    } else {
        blob(&[
            (-30.0, -70.0),
            (-80.0, -120.0),
            (-84.0, -230.0),
            (-50.0, -310.0),
            (0.0, -344.0),
            (50.0, -310.0),
            (84.0, -230.0),
            (80.0, -120.0),
            (30.0, -70.0),
        ])
    };
    let neck = poly(&[(-10.0, 70.0), (-13.0, -90.0), (13.0, -90.0), (10.0, 70.0)]);
    for d in [&head, &grip] {
        p.drop(d, 14.0);
    }
    p.fill(&neck, &steel);
    p.fill(&head, &steel);
    if !fork {
        p.fill(&blob(&[(0.0, -76.0), (40.0, -130.0), (44.0, -230.0), (0.0, -320.0), (-10.0, -220.0)]), DEEP.at(0.13));
        p.line(&Path::at(0.0, -90.0).to(0.5, -300.0).open(), dye::WHITE.at(0.4), 4.0);
    }
    let wood = p.across(&[(0.0, c.main.lift(0.08), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.16), 1.0)]);
    p.fill(&grip, wood);
    p.grain(-26.0, 70.0, 52.0, 260.0, c.main, 3);
    p.rect(-25.0, 50.0, 50.0, 34.0, 6.0, dye::BRASS);
    p.rect(-25.0, 52.0, 50.0, 8.0, 4.0, dye::WHITE.at(0.4));
    p.line(&wave(&[(0.0, 320.0), (24.0, 380.0), (-12.0, 390.0), (0.0, 320.0)]), c.second, 8.0);
}

fn secateurs(p: &mut Pen, c: &Coat) -> Frame {
    let steel = p.slant(dye::SILVER.lift(0.1), dye::STEEL.lift(-0.12));
    let lower = blob(&[
        (-10.0, -20.0),
        (-70.0, -110.0),
        (-84.0, -220.0),
        (-40.0, -300.0),
        (-40.0, -300.0),
        (-44.0, -200.0),
        (20.0, -60.0),
    ]);
    let upper = blob(&[
        (20.0, -20.0),
        (70.0, -120.0),
        (60.0, -240.0),
        (-26.0, -320.0),
        (-26.0, -320.0),
        (-10.0, -200.0),
        (-20.0, -60.0),
    ]);
    let left = blob(&[
        (-20.0, -10.0),
        (16.0, 10.0),
        (-30.0, 120.0),
        (-76.0, 250.0),
        (-110.0, 340.0),
        (-150.0, 336.0),
        (-150.0, 240.0),
        (-90.0, 90.0),
    ]);
    let right = blob(&[
        (-16.0, 10.0),
        (24.0, -10.0),
        (96.0, 90.0),
        (156.0, 240.0),
        (160.0, 330.0),
        (120.0, 340.0),
        (84.0, 250.0),
        (30.0, 120.0),
    ]);
    p.group("rotate(32)", |p| {
        for d in [&lower, &upper, &left, &right] {
            p.drop(d, 14.0);
        }
        p.fill(&lower, dye::IRON.lift(0.05));
        p.fill(&upper, steel);
        for (d, tone) in [(&left, 0.0), (&right, -0.06)] {
            let ink = p.across(&[(0.0, c.main.lift(tone + 0.08), 1.0), (1.0, c.main.lift(tone - 0.1), 1.0)]);
            p.fill(d, ink);
        }
        for k in 0..6 {
            let y = 40.0 + 13.0 * k as f32;
            p.line(&Path::at(-16.0, y).to(20.0, y + 7.0).open(), dye::STEEL.lift(-0.06), 4.0);
        }
        p.ball(0.0, -10.0, 27.0, dye::BRASS);
        p.line(&Path::at(-12.0, -14.0).to(12.0, -4.0).open(), DEEP.at(0.6), 5.0);
    });
    Frame::lay(560.0, 620.0).focus(20.0, -20.0)
}

fn seeds(p: &mut Pen, c: &Coat) -> Frame {
    for (x, y, turn, paper, petal) in [
        (-140.0, 16.0, -11.0, c.second, dye::TOMATO),
        (130.0, 20.0, 12.0, c.third, dye::LAVENDER),
        (0.0, -10.0, -1.0, c.main, dye::MUSTARD),
    ] {
        p.place(x, y, turn, 1.0, |p| {
            let packet = soft(&[(-130.0, -200.0), (130.0, -200.0), (130.0, 200.0), (-130.0, 200.0)], 7.0);
            p.drop(&packet, 13.0);
            let ink = p.slant(paper.lift(0.05), paper.lift(-0.05));
            p.fill(&packet, ink);
            p.fill(&card(-130.0, -200.0, 260.0, 44.0, 5.0), paper.lift(-0.09));
            p.fill(&card(-104.0, -140.0, 208.0, 214.0, 10.0), dye::CHALK);
            for (fx, fy, s) in [(-44.0, 10.0, 0.8), (40.0, 24.0, 0.7), (0.0, -44.0, 1.0)] {
                p.line(&wave(&[(fx, fy), (fx * 0.7, 40.0), (fx * 0.4, 72.0)]), dye::LEAF, 5.0);
                for (px, py) in crate::draw::path::ring(fx, fy, 27.0 * s, 27.0 * s, 8, 0.0) {
                    p.fill(
                        &crate::draw::path::leaf((fx, fy), (fx + (px - fx) * 1.5, fy + (py - fy) * 1.5), 0.28, 0.0),
                        petal,
                    );
                }
                p.dot(fx, fy, 12.0 * s, dye::CHESTNUT);
            }
            p.words(
                0.0,
                112.0,
                &[160.0, 110.0, 130.0],
                26.0,
                7.0,
                paper.lift(if paper.lightness() > 0.6 { -0.36 } else { 0.4 }),
            );
        });
    }
    for k in 0..14 {
        let (x, y) = (-200.0 + 31.0 * k as f32, 262.0 + 21.0 * ((k * 7) % 5) as f32);
        p.oval(x + 2.0, y + 3.0, 7.0, 5.0, DEEP.at(0.25));
        p.oval(x, y, 7.0, 5.0, dye::CHESTNUT.lift(0.05));
    }
    Frame::lay(560.0, 600.0).focus(0.0, -40.0)
}

/// Planters. Styles: 0 terracotta with saucer, 1 glazed cylinder, 2 three in a row.
pub fn planter(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => {
            let body = Lathe::new(&[
                (140.0, 0.0),
                (140.0, 0.0),
                (150.0, 20.0),
                (160.0, 160.0),
                (160.0, 270.0),
                (160.0, 270.0),
            ]);
            p.body(&body, c.main, Finish::Gloss);
            for k in 0..6 {
                p.line(&body.hoop(30.0 + 40.0 * k as f32), c.main.lift(-0.12).at(0.4), 4.0);
                p.line(&body.hoop(35.0 + 40.0 * k as f32), c.main.lift(0.1).at(0.4), 3.0);
            }
            p.mouth(&body, c.main, c.main.mix(dye::CREAM, 0.2), 11.0);
            p.oval(0.0, -262.0, 142.0, 24.0, dye::SOIL);
            p.place(0.0, -262.0, 0.0, 0.9, |p| super::foliage::sprouts(p, c.third));
            Frame::stand(400.0, 440.0, 144.0).focus(30.0, -190.0)
        }
        2 => {
            for (x, s, colour) in [(-210.0, 0.72, c.second), (190.0, 0.86, c.third), (0.0, 1.0, c.main)] {
                p.place(x, if s < 1.0 { -14.0 } else { 8.0 }, 0.0, s, |p| {
                    p.shadow(0.0, 0.0, 96.0, 120.0, dye::SAND);
                    terracotta(p, colour);
                });
            }
            Frame::stand(620.0, 260.0, 240.0).focus(0.0, -130.0)
        }
        _ => {
            terracotta(p, c.main);
            p.place(0.0, -214.0, 0.0, 0.9, |p| super::foliage::sprouts(p, c.third));
            Frame::stand(380.0, 400.0, 150.0).focus(30.0, -150.0)
        }
    }
}

fn terracotta(p: &mut Pen, c: Colour) {
    let saucer = Lathe::new(&[(140.0, 0.0), (140.0, 0.0), (158.0, 24.0), (158.0, 30.0)]);
    p.body(&saucer, c.lift(-0.03), Finish::Matte);
    p.oval(0.0, -30.0, 158.0, 31.0, c.lift(-0.09));
    p.place(0.0, -26.0, 0.0, 1.0, |p| {
        let body = Lathe::new(&[(100.0, 0.0), (100.0, 0.0), (132.0, 140.0), (132.0, 140.0)]);
        p.body(&body, c, Finish::Matte);
        p.specks(&body, c.lift(-0.14), 40, 8.0, 136.0);
        let rim = Lathe::new(&[(144.0, 138.0), (144.0, 138.0), (148.0, 150.0), (150.0, 196.0), (150.0, 196.0)]);
        p.body(&rim, c.lift(0.02), Finish::Matte);
        p.line(&rim.hoop(140.0), DEEP.at(0.25), 5.0);
        p.mouth(&rim, c.lift(0.05), c, 12.0);
        p.oval(0.0, -188.0, 130.0, 21.0, dye::SOIL);
    });
}
