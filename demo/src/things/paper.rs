//! Books, notebooks, pens and paper.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, blob, card, leaf, oval, poly, ring, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

/// A row of books on a shelf, standing at (0, 0).
pub fn standing_books(p: &mut Pen) {
    let shelf = [
        (dye::RUST, 46.0, 210.0),
        (dye::CREAM, 34.0, 190.0),
        (dye::PETROL, 54.0, 232.0),
        (dye::MUSTARD, 30.0, 200.0),
        (dye::SAGE, 42.0, 216.0),
    ];
    let mut x = -110.0;
    for (c, w, h) in shelf {
        let ink = p.turned(c, crate::draw::lathe::Finish::Matte);
        p.rect(x, -h, w, h, 4.0, ink);
        p.rect(x, -h * 0.84, w, 6.0, 0.0, c.lift(if c.lightness() > 0.7 { -0.25 } else { 0.24 }).at(0.8));
        p.rect(x, -h * 0.2, w, 6.0, 0.0, c.lift(if c.lightness() > 0.7 { -0.25 } else { 0.24 }).at(0.8));
        x += w + 2.0;
    }
    let c = dye::BLUSH;
    p.fill(&poly(&[(x, 0.0), (x + 52.0, -196.0), (x + 92.0, -186.0), (x + 40.0, 0.0)]), c);
}

/// The cover of a book as a rectangle from (0, 0) down and right, with its thickness at the right and bottom.
fn volume(p: &mut Pen, w: f32, h: f32, thick: f32, c: Colour) {
    let base = card(-w / 2.0, -h / 2.0, w + thick, h + thick, 6.0);
    p.drop(&base, 15.0);
    let (l, t, r, b) = (-w / 2.0, -h / 2.0, w / 2.0, h / 2.0);
    p.fill(&poly(&[(r, t), (r + thick, t + thick), (r + thick, b + thick), (r, b)]), dye::CREAM.lift(-0.03));
    p.fill(&poly(&[(l, b), (l + thick, b + thick), (r + thick, b + thick), (r, b)]), dye::CREAM.lift(-0.09));
    for k in 1..4 {
        let d = thick * k as f32 / 4.0;
        p.line(&Path::at(r + d, t + d).to(r + d, b + d).to(l + d, b + d).open(), dye::CREAM.lift(-0.22).at(0.5), 1.4);
    }
    p.line(
        &Path::at(l + thick, b + thick).to(r + thick, b + thick).to(r + thick, t + thick).open(),
        c.lift(-0.16),
        5.0,
    );
    let ink = p.slant(c.lift(0.05), c.lift(-0.05));
    p.fill(&card(l, t, w, h, 5.0), ink);
    let spine = p.across(&[
        (0.0, c.lift(-0.12), 1.0),
        (0.3, c.lift(0.06), 1.0),
        (0.8, c.lift(-0.02), 1.0),
        (1.0, c.lift(-0.12), 1.0),
    ]);
    p.rect(l, t, w * 0.085, h, 3.0, spine);
}

/// A book. The style is its cover: 0 ferry on a river, 1 soup, 2 otters, 3 trees, 4 poems (moon).
pub fn book(p: &mut Pen, c: &Coat) -> Frame {
    let (w, h) = (360.0, 500.0);
    volume(p, w, h, 22.0, c.main);
    p.place(14.0, 0.0, 0.0, 1.0, |p| match c.style {
        1 => soup_cover(p, c),
        2 => otter_cover(p, c),
        3 => tree_cover(p, c),
        4 => moon_cover(p, c),
        _ => ferry_cover(p, c),
    });
    let gloss = p.lin(
        (0.0, 0.0),
        (1.0, 0.7),
        &[(0.0, dye::WHITE, 0.2), (0.35, dye::WHITE, 0.0), (1.0, Colour(0x201820), 0.12)],
    );
    p.fill(&card(-w / 2.0, -h / 2.0, w, h, 5.0), gloss);
    Frame::lay(400.0, 540.0).focus(10.0, -60.0)
}

fn title(p: &mut Pen, y: f32, c: Colour) {
    p.words(0.0, y, &[210.0, 160.0], 30.0, 15.0, c);
    p.words(0.0, 218.0, &[110.0], 10.0, 6.0, c);
}

fn ferry_cover(p: &mut Pen, c: &Coat) {
    title(p, -190.0, c.second);
    p.dot(60.0, -46.0, 60.0, c.third);
    for (i, y) in [20.0, 60.0, 104.0, 152.0].into_iter().enumerate() {
        let shade = c.main.mix(c.second, 0.16 + 0.13 * i as f32);
        p.fill(
            &Path::at(-150.0, y)
                .through(&[(-150.0, y), (-80.0, y - 14.0), (0.0, y + 8.0), (80.0, y - 12.0), (156.0, y + 4.0)])
                .to(156.0, 186.0)
                .to(-150.0, 186.0)
                .close(),
            shade,
        );
    }
    p.fill(&poly(&[(-100.0, 30.0), (36.0, 30.0), (12.0, 66.0), (-78.0, 66.0)]), c.second);
    p.rect(-60.0, -2.0, 62.0, 32.0, 3.0, c.third);
    p.line(&Path::at(-30.0, -2.0).to(-30.5, -64.0).open(), c.second, 5.0);
    p.fill(&poly(&[(-28.0, -64.0), (10.0, -50.0), (-28.0, -38.0)]), c.second);
}

fn soup_cover(p: &mut Pen, c: &Coat) {
    title(p, -190.0, c.second);
    p.fill(
        &Path::at(-120.0, 50.0)
            .to(120.0, 50.0)
            .curve((112.0, 140.0), (60.0, 176.0), (0.0, 176.0))
            .curve((-60.0, 176.0), (-112.0, 140.0), (-120.0, 50.0))
            .close(),
        c.second,
    );
    p.oval(0.0, 50.0, 120.0, 34.0, c.second.lift(-0.08));
    p.oval(0.0, 52.0, 104.0, 26.0, c.third);
    for (x, y) in [(-40.0, 48.0), (20.0, 58.0), (52.0, 46.0), (-8.0, 42.0)] {
        p.oval(x, y, 15.0, 7.0, c.third.lift(0.16));
    }
    for x in [-44.0, 0.0, 44.0] {
        p.line(&wave(&[(x, 2.0), (x + 16.0, -26.0), (x - 10.0, -54.0), (x + 8.0, -92.0)]), c.second.at(0.7), 8.0);
    }
    p.line(&Path::at(96.0, 34.0).to(150.0, -60.0).open(), c.third.lift(-0.1), 11.0);
}

fn otter_cover(p: &mut Pen, c: &Coat) {
    title(p, -190.0, c.second);
    p.fill(
        &Path::at(-156.0, 40.0)
            .through(&[(-156.0, 40.0), (-70.0, 24.0), (20.0, 46.0), (110.0, 24.0), (154.0, 40.0)])
            .to(154.0, 190.0)
            .to(-156.0, 190.0)
            .close(),
        c.third,
    );
    let fur = dye::CHESTNUT;
    p.fill(
        &blob(&[(-116.0, 56.0), (-70.0, 34.0), (10.0, 40.0), (70.0, 22.0), (96.0, 56.0), (40.0, 92.0), (-60.0, 92.0)]),
        fur,
    );
    p.fill(&blob(&ring(92.0, 22.0, 50.0, 42.0, 8, 0.0)), fur);
    p.oval(104.0, 36.0, 30.0, 21.0, dye::SAND);
    p.dot(84.0, 10.0, 6.0, dye::BLACK);
    p.dot(116.0, 12.0, 6.0, dye::BLACK);
    p.oval(106.0, 26.0, 10.0, 7.0, dye::BLACK);
    p.fill(&leaf((-110.0, 60.0), (-160.0, 22.0), 0.2, 0.1), fur);
    for y in [112.0, 142.0, 166.0] {
        p.line(
            &wave(&[(-120.0, y), (-60.0, y - 9.0), (0.0, y + 5.0), (60.0, y - 8.0), (120.0, y)]),
            c.second.at(0.6),
            6.0,
        );
    }
    for (x, y) in [(-110.0, -60.0), (-60.0, -96.0), (120.0, -80.0)] {
        p.dot(x, y, 9.0, c.second.at(0.8));
    }
}

fn tree_cover(p: &mut Pen, c: &Coat) {
    title(p, -190.0, c.second);
    for (x, s, k) in [(-92.0, 1.0, 0), (0.0, 1.2, 1), (94.0, 0.9, 2)] {
        p.line(&Path::at(x, 176.0).to(x + 0.5, 20.0).open(), c.second.lift(-0.2), 10.0);
        let crown = match k {
            0 => blob(&ring(x, 14.0, 54.0 * s, 66.0 * s, 7, 0.1)),
            1 => soft(&[(x, -118.0), (x + 56.0, 84.0), (x - 56.0, 84.0)], 14.0),
            _ => blob(&ring(x, 10.0, 58.0 * s, 50.0 * s, 5, 0.3)),
        };
        p.fill(&crown, if k == 1 { c.third } else { c.second });
        p.line(&Path::at(x, 150.0).to(x + 22.0, 54.0).jump(x, 120.0).to(x - 20.0, 40.0).open(), c.main.at(0.5), 4.0);
    }
    p.line(&Path::at(-150.0, 178.0).to(150.0, 178.0).open(), c.second, 7.0);
}

fn moon_cover(p: &mut Pen, c: &Coat) {
    title(p, -190.0, c.second);
    p.dot(0.0, 40.0, 104.0, c.second);
    p.dot(40.0, 18.0, 90.0, c.main.lift(0.01));
    for (x, y, r) in
        [(-120.0, -90.0, 6.0), (120.0, -60.0, 8.0), (90.0, 130.0, 5.0), (-130.0, 120.0, 7.0), (60.0, 20.0, 6.0)]
    {
        p.fill(
            &poly(&[
                (x, y - r * 2.4),
                (x + r * 0.6, y - r * 0.6),
                (x + r * 2.4, y),
                (x + r * 0.6, y + r * 0.6),
                (x, y + r * 2.4),
                (x - r * 0.6, y + r * 0.6),
                (x - r * 2.4, y),
                (x - r * 0.6, y - r * 0.6),
            ]),
            c.third,
        );
    }
}

/// A notebook. Styles: 0 cloth-bound with elastic, 1 three pocket books, 2 planner with ribbon, 3 spiral sketchbook.
pub fn notebook(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => {
            for (x, y, turn, colour) in
                [(-86.0, 30.0, -12.0, c.third), (10.0, 0.0, -2.0, c.second), (104.0, -20.0, 9.0, c.main)]
            {
                p.place(x, y, turn, 1.0, |p| {
                    volume(p, 250.0, 380.0, 9.0, colour);
                    p.rect(-60.0, -120.0, 150.0, 84.0, 5.0, dye::CHALK);
                    p.words(15.0, -94.0, &[110.0, 80.0], 26.0, 5.0, colour.lift(-0.2));
                });
            }
            return Frame::lay(560.0, 500.0).focus(90.0, -50.0);
        }
        3 => return sketchbook(p, c),
        _ => {}
    }
    volume(p, 360.0, 500.0, 26.0, c.main);
    let cover = card(-180.0, -250.0, 360.0, 500.0, 5.0);
    p.cloth(&cover, c.main, (crate::draw::weave::Weave::Linen, c.main, c.main), 0.6, 0.0);
    if c.style == 2 {
        p.line(&wave(&[(60.0, 250.0), (64.0, 300.0), (50.0, 340.0)]), c.second, 13.0);
        p.mark(c.mark, 14.0, -90.0, 96.0, c.second);
        p.words(14.0, 0.0, &[150.0], 20.0, 8.0, c.second);
        for k in 0..7 {
            p.rect(
                186.0 + 4.0,
                -220.0 + 60.0 * k as f32,
                22.0,
                40.0,
                5.0,
                [c.second, c.third, dye::SAGE, dye::BLUSH][k % 4],
            );
        }
    } else {
        p.rect(126.0, -252.0, 17.0, 504.0, 2.0, c.second.lift(-0.02));
        p.rect(126.0, -252.0, 5.0, 504.0, 2.0, c.second.lift(0.14).at(0.6));
        p.mark(c.mark, 0.0, 0.0, 84.0, c.main.lift(if c.main.lightness() > 0.6 { -0.24 } else { 0.2 }));
    }
    p.sheen(&cover, 0.08);
    Frame::lay(420.0, 560.0).focus(40.0, -60.0)
}

fn sketchbook(p: &mut Pen, c: &Coat) -> Frame {
    volume(p, 480.0, 360.0, 14.0, c.main);
    let page = card(-214.0, -166.0, 440.0, 332.0, 4.0);
    p.fill(&page, dye::CHALK);
    p.sheen(&page, 0.06);
    let lead = dye::GRAPHITE;
    for (x, s) in [(-60.0, 1.0), (40.0, 0.8)] {
        p.line(
            &wave(&[
                (x - 60.0 * s, 70.0),
                (x - 64.0 * s, -20.0 * s),
                (x - 30.0 * s, -70.0 * s),
                (x + 30.0 * s, -70.0 * s),
                (x + 64.0 * s, -20.0 * s),
                (x + 60.0 * s, 70.0),
                (x - 60.0 * s, 70.0),
            ]),
            lead.at(0.75),
            3.2,
        );
        p.line(&oval(x, -70.0 * s, 30.0 * s, 8.0), lead.at(0.7), 2.6);
        for k in 0..7 {
            let at = x + 10.0 + 7.0 * k as f32;
            p.line(&Path::at(at, 64.0).to(at + 16.0, -20.0).open(), lead.at(0.32), 2.0);
        }
    }
    p.line(&Path::at(-170.0, 76.0).to(180.0, 70.0).open(), lead.at(0.6), 2.6);
    for k in 0..17 {
        let x = -214.0 + 27.5 * k as f32;
        p.dot(x, -152.0, 6.0, c.main.lift(-0.2));
        p.line(
            &Path::at(x, -152.0).curve((x - 6.0, -200.0), (x + 14.0, -204.0), (x + 7.0, -160.0)).open(),
            dye::STEEL,
            4.6,
        );
        p.line(
            &Path::at(x, -160.0).curve((x - 5.0, -198.0), (x + 8.0, -200.0), (x + 6.0, -176.0)).open(),
            dye::WHITE.at(0.7),
            1.6,
        );
    }
    p.place(70.0, 30.0, 24.0, 1.0, |p| pencil(p, 300.0, c.second));
    Frame::lay(560.0, 440.0).focus(0.0, 0.0)
}

/// A pencil lying along the x axis, its point to the left.
pub fn pencil(p: &mut Pen, length: f32, c: Colour) {
    let half = length / 2.0;
    p.drop(&poly(&[(-half, 0.0), (-half + 46.0, -11.0), (half, -11.0), (half, 11.0), (-half + 46.0, 11.0)]), 8.0);
    p.fill(&poly(&[(-half, 0.0), (-half + 48.0, -11.0), (-half + 48.0, 11.0)]), dye::BIRCH);
    p.fill(&poly(&[(-half, 0.0), (-half + 16.0, -3.8), (-half + 16.0, 3.8)]), c.lift(-0.1));
    let ink = p.lin(
        (0.0, 0.0),
        (0.0, 1.0),
        &[
            (0.0, c.lift(0.1), 1.0),
            (0.34, c.lift(0.08), 1.0),
            (0.36, c, 1.0),
            (0.68, c, 1.0),
            (0.7, c.lift(-0.12), 1.0),
            (1.0, c.lift(-0.14), 1.0),
        ],
    );
    p.rect(-half + 46.0, -11.0, length - 56.0, 22.0, 1.0, ink);
    p.rect(half - 24.0, -11.0, 24.0, 22.0, 3.0, c.lift(-0.2));
}

/// Coloured pencils in a fan.
pub fn pencils(p: &mut Pen, c: &Coat) -> Frame {
    let row = [
        dye::TOMATO,
        dye::APRICOT,
        dye::MUSTARD,
        dye::BUTTER,
        dye::LEAF,
        dye::PINE,
        dye::SKY,
        dye::COBALT,
        dye::PLUM,
        dye::ROSE,
        c.main,
        dye::CHARCOAL,
    ];
    for (i, colour) in row.into_iter().enumerate() {
        let y = -220.0 + 40.0 * i as f32;
        let jog = 12.0 * ((i * 7) % 5) as f32 - 24.0;
        p.place(jog, y, 0.0, 1.0, |p| pencil(p, 500.0, colour));
    }
    Frame::lay(560.0, 520.0).focus(-150.0, -40.0)
}

/// A pen. Styles: 0 fountain pen, 1 brass rollerball.
pub fn pen(p: &mut Pen, c: &Coat) -> Frame {
    let sheet = card(-250.0, -170.0, 500.0, 340.0, 4.0);
    p.place(0.0, 10.0, 5.0, 1.0, |p| {
        p.drop(&sheet, 6.0);
        p.fill(&sheet, dye::CHALK);
        let hand: Vec<(f32, f32)> = (0..=64)
            .map(|k| {
                let t = k as f32 / 64.0;
                (-200.0 + 380.0 * t, -40.0 + 17.0 * (t * 58.0).sin() * (0.5 + 0.5 * (t * 17.0).sin().abs()))
            })
            .collect();
        p.line(&wave(&hand), c.third, 4.0);
        p.line(&wave(&hand.iter().take(46).map(|(x, y)| (*x, y + 74.0)).collect::<Vec<_>>()), c.third, 4.0);
    });
    p.place(30.0, 30.0, -34.0, 1.0, |p| {
        let barrel = soft(&[(-120.0, -25.0), (190.0, -21.0), (206.0, 0.0), (190.0, 21.0), (-120.0, 25.0)], 10.0);
        p.drop(&barrel, 12.0);
        let lac = |p: &mut Pen, x: Colour| {
            p.lin(
                (0.0, 0.0),
                (0.0, 1.0),
                &[
                    (0.0, x.lift(-0.05), 1.0),
                    (0.22, x.lift(0.2), 1.0),
                    (0.34, x.lift(0.04), 1.0),
                    (0.75, x.lift(-0.08), 1.0),
                    (1.0, x.lift(-0.16), 1.0),
                ],
            )
        };
        let (body, trim) = (lac(p, c.main), lac(p, c.second));
        p.fill(&barrel, &body);
        let grip = soft(&[(-206.0, -16.0), (-118.0, -22.0), (-118.0, 22.0), (-206.0, 16.0)], 5.0);
        p.fill(&grip, if c.style == 1 { &trim } else { &body });
        p.rect(-124.0, -26.0, 14.0, 52.0, 2.0, &trim);
        p.rect(150.0, -24.0, 9.0, 47.0, 2.0, &trim);
        if c.style == 1 {
            p.fill(&poly(&[(-206.0, -14.0), (-244.0, -4.0), (-250.0, 0.0), (-244.0, 4.0), (-206.0, 14.0)]), &trim);
            for k in 0..9 {
                p.rect(-196.0 + 8.0 * k as f32, -19.0, 3.0, 38.0, 1.0, c.second.lift(-0.24).at(0.5));
            }
        } else {
            p.fill(
                &blob(&[
                    (-206.0, -15.0),
                    (-206.0, -15.0),
                    (-250.0, -13.0),
                    (-292.0, 0.0),
                    (-292.0, 0.0),
                    (-250.0, 13.0),
                    (-206.0, 15.0),
                    (-206.0, 15.0),
                ]),
                &trim,
            );
            p.line(&Path::at(-290.0, 0.0).to(-246.0, 0.6).open(), dye::ESPRESSO, 2.2);
            p.dot(-244.0, 0.0, 4.5, dye::ESPRESSO);
        }
    });
    Frame::lay(600.0, 480.0).focus(-80.0, 80.0)
}

/// Letter paper and envelopes.
pub fn letters(p: &mut Pen, c: &Coat) -> Frame {
    for (x, y, turn, colour) in [(-60.0, -90.0, -7.0, dye::CHALK), (40.0, -60.0, 4.0, c.second.lift(0.04))] {
        p.place(x, y, turn, 1.0, |p| {
            let sheet = card(-170.0, -200.0, 340.0, 420.0, 3.0);
            p.drop(&sheet, 8.0);
            p.fill(&sheet, colour);
            p.rect(-170.0, -200.0, 340.0, 14.0, 0.0, c.main);
            p.mark(c.mark, 0.0, -136.0, 54.0, c.main);
        });
    }
    for (x, y, turn, colour) in [(-50.0, 120.0, -12.0, c.third), (70.0, 140.0, 7.0, c.main)] {
        p.place(x, y, turn, 1.0, |p| {
            let body = card(-200.0, -120.0, 400.0, 250.0, 6.0);
            p.drop(&body, 12.0);
            let ink = p.slant(colour.lift(0.05), colour.lift(-0.05));
            p.fill(&body, ink);
            p.fill(&soft(&[(-198.0, -118.0), (198.0, -118.0), (0.0, 40.0)], 12.0), colour.lift(-0.06));
            p.fill(&soft(&[(-194.0, -119.0), (194.0, -119.0), (0.0, 32.0)], 12.0), colour.lift(0.05));
            p.dot(0.0, 26.0, 27.0, c.second.lift(-0.3));
            p.mark(c.mark, 0.0, 26.0, 27.0, dye::CREAM);
        });
    }
    Frame::lay(560.0, 660.0).focus(60.0, 110.0)
}
