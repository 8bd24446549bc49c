//! Leaves, flowers and houseplants.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe, facing};
use crate::draw::path::{Path, Point, blob, half_leaf, leaf, leaflet, ring, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

/// A leaf with a lit and a shaded half and a vein.
pub fn blade(p: &mut Pen, base: Point, tip: Point, belly: f32, bow: f32, c: Colour) {
    let ink = p.slant(c.lift(0.06), c.lift(-0.05));
    p.fill(&leaf(base, tip, belly, bow), ink);
    p.fill(&half_leaf(base, tip, belly, bow), c.lift(-0.12).at(0.45));
    let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
    let mid = (base.0 + dx * 0.5 - dy * bow, base.1 + dy * 0.5 + dx * bow);
    p.line(&wave(&[base, mid, (tip.0 - dx * 0.08, tip.1 - dy * 0.08)]), c.lift(0.14).at(0.55), 1.8);
}

/// A branch of eucalyptus from a vase's mouth.
pub fn branch(p: &mut Pen, from: Point, scale: f32, c: Colour) {
    p.place(from.0, from.1, 0.0, scale, |p| {
        for (lean, length) in [(-0.34, 230.0), (0.28, 260.0), (0.02, 205.0)] {
            let tip = (lean * length, -length);
            let mid = (tip.0 * 0.3, tip.1 * 0.55);
            p.line(&wave(&[(0.0, 26.0), mid, tip]), c.lift(-0.14), 4.5);
            for i in 0..7 {
                let t = 0.2 + 0.13 * i as f32;
                let at = (mid.0 * 2.0 * t * (1.0 - t) + tip.0 * t * t, tip.1 * t);
                let reach = 62.0 * (1.15 - 0.55 * t);
                let shade = c.lift(if i % 2 == 0 { 0.03 } else { -0.05 });
                let side = if i % 2 == 0 { 1.0 } else { -1.0 };
                blade(p, at, (at.0 + side * reach, at.1 - reach * 0.42), 0.27, 0.05 * side, shade);
            }
            blade(p, tip, (tip.0 + lean * 50.0, tip.1 - 44.0), 0.26, 0.0, c.lift(0.05));
        }
    });
}

/// Twigs in blossom.
pub fn blossoms(p: &mut Pen, from: Point, c: Colour) {
    let twig = Colour(0x6a4c3c);
    p.place(from.0, from.1, 0.0, 1.0, |p| {
        for points in [
            [(0.0, 20.0), (-34.0, -90.0), (-96.0, -170.0), (-120.0, -246.0)],
            [(0.0, 20.0), (26.0, -100.0), (24.0, -180.0), (62.0, -272.0)],
            [(10.0, -60.0), (70.0, -120.0), (120.0, -150.0), (164.0, -196.0)],
        ] {
            p.line(&wave(&points), twig, 5.0);
            for w in points.windows(2).skip(1) {
                for t in [0.25, 0.6, 0.95] {
                    let (dx, dy) = (p.dice.range(-14.0, 14.0), p.dice.range(-14.0, 14.0));
                    let at = (w[0].0 + (w[1].0 - w[0].0) * t + dx, w[0].1 + (w[1].1 - w[0].1) * t + dy);
                    blossom(p, at, 15.0, c);
                }
            }
        }
    });
}

/// One small flower.
pub fn blossom(p: &mut Pen, at: Point, r: f32, c: Colour) {
    let turn = p.dice.range(0.0, 1.0);
    for (i, petal) in ring(at.0, at.1, r * 0.62, r * 0.62, 5, turn).into_iter().enumerate() {
        p.dot(petal.0, petal.1, r * 0.56, c.lift(if i % 2 == 0 { 0.05 } else { -0.02 }));
    }
    p.dot(at.0, at.1, r * 0.3, dye::MUSTARD);
}

/// A bunch of tulips.
pub fn tulips(p: &mut Pen, from: Point, c: Colour) {
    p.place(from.0, from.1, 0.0, 1.0, |p| {
        for (x, y) in [(-104.0, -176.0), (98.0, -186.0), (-44.0, -232.0), (44.0, -246.0), (2.0, -178.0)] {
            let green = dye::LEAF.lift(p.dice.range(-0.04, 0.04));
            p.line(&wave(&[(x * 0.28, 24.0), (x * 0.5, y * 0.5), (x, y)]), green, 7.0);
            blade(p, (x * 0.3, 20.0), (x * 1.5, y * 0.62), 0.13, -0.06 * x.signum(), green.lift(-0.03));
            let head = |w: f32| {
                blob(&[
                    (x - w, y - 24.0),
                    (x - w * 0.72, y - 66.0),
                    (x - w * 0.72, y - 66.0),
                    (x, y - 48.0),
                    (x + w * 0.72, y - 66.0),
                    (x + w * 0.72, y - 66.0),
                    (x + w, y - 24.0),
                    (x, y + 8.0),
                ])
            };
            let ink = p.slant(c.lift(0.08), c.lift(-0.12));
            p.fill(&head(31.0), ink);
            let mid = p.slant(c.lift(0.13), c.lift(-0.02));
            p.fill(
                &blob(&[(x, y - 74.0), (x, y - 74.0), (x + 17.0, y - 30.0), (x, y + 6.0), (x - 17.0, y - 30.0)]),
                mid,
            );
        }
    });
}

/// Dried grasses with soft plumes.
pub fn grasses(p: &mut Pen, from: Point, c: Colour) {
    p.place(from.0, from.1, 0.0, 1.0, |p| {
        for (lean, length) in [(-112.0, 220.0), (-50.0, 262.0), (14.0, 236.0), (70.0, 266.0), (128.0, 210.0)] {
            p.line(&wave(&[(lean * 0.1, 24.0), (lean * 0.4, -length * 0.5), (lean, -length)]), c.lift(-0.1), 3.6);
            let (base, tip) = ((lean * 0.66, -length * 0.7), (lean * 1.22, -length * 1.16));
            let ink = p.slant(c.lift(0.1), c.lift(-0.06));
            p.fill(&leaf(base, tip, 0.2, 0.03), ink);
            for k in 0..7 {
                let t = 0.1 + 0.12 * k as f32;
                let at = (base.0 + (tip.0 - base.0) * t, base.1 + (tip.1 - base.1) * t);
                p.line(
                    &Path::at(at.0, at.1)
                        .to(at.0 + 17.0, at.1 - 22.0)
                        .jump(at.0, at.1)
                        .to(at.0 - 17.0, at.1 - 20.0)
                        .open(),
                    c.lift(0.06).at(0.7),
                    3.0,
                );
            }
        }
    });
}

/// A flower pot with earth in it; the rim is at the returned height.
fn pot(p: &mut Pen, c: Colour, scale: f32) -> f32 {
    let body = Lathe::new(&[
        (86.0 * scale, 0.0),
        (86.0 * scale, 0.0),
        (104.0 * scale, 70.0 * scale),
        (118.0 * scale, 176.0 * scale),
        (118.0 * scale, 176.0 * scale),
    ]);
    p.body(&body, c, Finish::Matte);
    p.mouth(&body, c.lift(0.03), c, 9.0);
    let (y, rx, ry) = body.rim();
    p.oval(0.0, y + 3.0, (rx - 9.0) * 0.96, (ry - 5.0) * 0.9, dye::SOIL);
    p.specks(&body, c.lift(-0.14), 26, 10.0, 166.0);
    176.0 * scale
}

/// A houseplant in its pot. Styles: 0 monstera, 1 rubber plant, 2 snake plant, 3 pilea, 4 trailing, 5 olive tree,
/// 6 cactus trio, 7 fern.
pub fn houseplant(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => rubber_plant(p, c),
        2 => snake_plant(p, c),
        3 => pilea(p, c),
        4 => trailing(p, c),
        5 => olive_tree(p, c),
        6 => cacti(p, c),
        7 => fern(p, c),
        _ => monstera(p, c),
    }
}

fn monstera(p: &mut Pen, c: &Coat) -> Frame {
    let top = pot(p, c.main, 1.0);
    let leaves = [
        (-150.0, -150.0, 0.9, -34.0),
        (150.0, -190.0, 0.95, 30.0),
        (-70.0, -270.0, 1.05, -14.0),
        (76.0, -330.0, 1.1, 12.0),
        (-176.0, -40.0, 0.66, -62.0),
        (176.0, -56.0, 0.66, 64.0),
        (6.0, -150.0, 0.8, 4.0),
    ];
    for (i, (x, y, scale, turn)) in leaves.into_iter().enumerate() {
        let green = c.third.lift(if i % 2 == 0 { 0.0 } else { 0.045 });
        p.line(&wave(&[(x * 0.06, -top), (x * 0.4, -top + y * 0.45), (x, -top + y)]), green.lift(-0.06), 7.0);
        p.place(x, -top + y, turn, scale, |p| monstera_leaf(p, green));
    }
    Frame::stand(480.0, 580.0, 90.0).focus(40.0, -400.0).fill(1.1)
}

/// A heart-shaped leaf with cuts, its stem at (0, 0), pointing up.
fn monstera_leaf(p: &mut Pen, c: Colour) {
    let mut left = Vec::new();
    for (i, (x, y)) in [(30.0, 26.0), (78.0, 10.0), (100.0, -34.0), (92.0, -84.0), (66.0, -128.0), (30.0, -164.0)]
        .into_iter()
        .enumerate()
    {
        left.push((x, y));
        left.push((x, y));
        if (1..5).contains(&i) {
            left.push((x * 0.5 + 3.0, y - 12.0));
            left.push((x * 0.97, y - 17.0));
        }
    }
    let mut points: Vec<Point> = vec![(0.0, 0.0), (0.0, 0.0)];
    points.extend(&left);
    points.extend([(0.0, -188.0), (0.0, -188.0)]);
    points.extend(left.iter().rev().map(|(x, y)| (-x, *y)));
    let ink = p.slant(c.lift(0.08), c.lift(-0.07));
    p.fill(&blob(&points), ink);
    p.line(&Path::at(0.0, 0.0).to(0.0, -176.0).open(), c.lift(0.15).at(0.7), 3.6);
    for y in [-10.0, -52.0, -96.0] {
        for s in [-1.0, 1.0] {
            p.line(&Path::at(0.0, y).bend(36.0 * s, y - 8.0, 66.0 * s, y - 26.0).open(), c.lift(0.13).at(0.45), 2.2);
        }
    }
}

fn rubber_plant(p: &mut Pen, c: &Coat) -> Frame {
    let top = pot(p, c.main, 1.0);
    p.line(&wave(&[(0.0, -top), (6.0, -top - 180.0), (-2.0, -top - 360.0)]), Colour(0x6b5138), 11.0);
    for i in 0..9 {
        let y = -top - 40.0 - 38.0 * i as f32;
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let reach = 176.0 - 9.0 * i as f32;
        let green = c.third.lift(if i % 3 == 0 { 0.05 } else { -0.01 });
        blade(p, (0.0, y), (side * reach, y - 66.0 - 6.0 * i as f32), 0.25, 0.06 * side, green);
    }
    blade(p, (-2.0, -top - 356.0), (14.0, -top - 450.0), 0.2, 0.05, dye::ROSE.mix(c.third, 0.4));
    Frame::stand(400.0, 630.0, 90.0).focus(40.0, -440.0).fill(1.1)
}

fn snake_plant(p: &mut Pen, c: &Coat) -> Frame {
    let top = pot(p, c.main, 1.0);
    for (x, lean, h) in [
        (-44.0, -70.0, 300.0),
        (46.0, 66.0, 320.0),
        (-20.0, -24.0, 390.0),
        (24.0, 18.0, 350.0),
        (0.0, 6.0, 250.0),
        (-62.0, -120.0, 190.0),
        (64.0, 124.0, 210.0),
    ] {
        let (base, tip) = ((x, -top + 8.0), (x + lean, -top - h));
        let edge = leaf(base, tip, 0.095, 0.015);
        p.fill(&edge, dye::BUTTER.mix(c.third, 0.2));
        let ink = p.across(&[(0.0, c.third.lift(0.06), 1.0), (1.0, c.third.lift(-0.09), 1.0)]);
        p.fill(&leaf(base, tip, 0.07, 0.015), ink);
        for k in 2..9 {
            let t = k as f32 / 10.0;
            let at = (base.0 + (tip.0 - base.0) * t, base.1 + (tip.1 - base.1) * t);
            let w = h * 0.055 * (1.0 - (t - 0.45).abs());
            p.line(
                &wave(&[(at.0 - w, at.1 + 4.0), (at.0, at.1 - 4.0), (at.0 + w, at.1 + 3.0)]),
                c.third.lift(0.13).at(0.4),
                4.0,
            );
        }
    }
    let rim = Path::at(-109.0, -top + 3.0).arc(109.0, 19.0, false, 109.0, -top + 3.0).open();
    p.line(&rim, c.main.lift(0.05), 7.0);
    Frame::stand(380.0, 570.0, 90.0).focus(20.0, -400.0).fill(1.1)
}

fn pilea(p: &mut Pen, c: &Coat) -> Frame {
    let top = pot(p, c.main, 0.9);
    for i in 0..19 {
        let a = 0.12 + 2.9 * ((i * 7) % 19) as f32 / 19.0;
        let reach = p.dice.range(110.0, 220.0);
        let at = (-a.cos() * reach * 1.05, -top - 30.0 - a.sin() * reach);
        let green = c.third.lift(p.dice.range(-0.05, 0.08));
        p.line(&wave(&[(0.0, -top), (at.0 * 0.4, -top + (at.1 + top) * 0.6), at]), green.lift(-0.05), 3.6);
        let r = p.dice.range(31.0, 46.0);
        let ink =
            p.rad(0.4, 0.35, 0.75, &[(0.0, green.lift(0.1), 1.0), (0.6, green, 1.0), (1.0, green.lift(-0.08), 1.0)]);
        p.oval(at.0, at.1, r, r * 0.86, ink);
        p.dot(at.0, at.1 + r * 0.1, 3.4, green.lift(0.24));
    }
    Frame::stand(480.0, 460.0, 80.0).focus(0.0, -300.0)
}

fn trailing(p: &mut Pen, c: &Coat) -> Frame {
    p.place(0.0, -40.0, 0.0, 1.0, |p| {
        for x in [-112.0, 0.0, 112.0] {
            p.line(&Path::at(x, -136.0).to(0.0, -420.0).open(), dye::JUTE.lift(-0.1), 4.0);
        }
        p.line(&Path::at(0.0, -420.0).to(0.0, -1400.0).open(), dye::JUTE.lift(-0.1), 5.0);
        let bowl = Lathe::new(&[(34.0, -40.0), (34.0, -40.0), (100.0, 10.0), (126.0, 92.0), (122.0, 140.0)]);
        p.mouth(&bowl, c.main, c.main.lift(-0.2), 8.0);
        p.body(&bowl, c.main, Finish::Gloss);
        for i in 0..13 {
            let a = -126.0 + 21.0 * i as f32;
            let outer = (a / 126.0).abs();
            let drop = -60.0 + 330.0 * outer * outer + 60.0 * (((i * 5) % 13) as f32 / 13.0);
            p.line(
                &wave(&[(a * 0.7, -136.0), (a * 1.04, -150.0), (a * 1.17, -90.0), (a * 1.14, drop)]),
                c.third.lift(-0.1),
                3.4,
            );
            let count = ((drop + 150.0) / 42.0) as i32;
            for k in 0..=count {
                let t = k as f32 / count.max(1) as f32;
                let at = (a * (1.02 + 0.14 * (1.0 - (2.0 * t - 1.0).powi(2))), -142.0 + (drop + 142.0) * t);
                let s = if (k + i) % 2 == 0 { 1.0 } else { -1.0 };
                blade(
                    p,
                    at,
                    (at.0 + 33.0 * s, at.1 + 24.0),
                    0.36,
                    0.0,
                    c.third.lift(if (k + i) % 3 == 0 { 0.09 } else { 0.0 }),
                );
            }
        }
    });
    Frame::hang(420.0, 560.0).focus(0.0, -110.0).fill(1.15)
}

fn olive_tree(p: &mut Pen, c: &Coat) -> Frame {
    let top = pot(p, c.main, 1.05);
    let bark = Colour(0x84715c);
    p.line(&wave(&[(0.0, -top), (-8.0, -top - 90.0), (4.0, -top - 210.0)]), bark, 15.0);
    p.line(&wave(&[(-4.0, -top - 20.0), (-10.0, -top - 90.0), (0.0, -top - 200.0)]), bark.lift(0.12).at(0.7), 4.0);
    for i in 0..15 {
        let a = 0.1 + 2.95 * i as f32 / 14.0;
        let reach = 130.0 + 54.0 * (((i * 5) % 7) as f32 / 7.0);
        let tip = (-a.cos() * reach * 0.98, -top - 240.0 - a.sin() * reach);
        let from = (0.0, -top - 200.0);
        p.line(&wave(&[from, (tip.0 * 0.5, (from.1 + tip.1) / 2.0 - 8.0), tip]), bark.lift(-0.02), 3.4);
        for k in 0..6 {
            let t = 0.3 + 0.14 * k as f32;
            let at = (tip.0 * t, from.1 + (tip.1 - from.1) * t);
            for s in [-1.0, 1.0] {
                let lean = p.dice.range(24.0, 44.0);
                let green = c.third.mix(dye::SAGE, if s > 0.0 { 0.2 } else { 0.55 });
                let (rise, light) = (p.dice.range(16.0, 38.0), p.dice.range(-0.05, 0.06));
                p.fill(&leaflet(at, (at.0 + s * lean, at.1 - rise), 0.15), green.lift(light));
            }
        }
        if i % 4 == 1 {
            p.ball(tip.0 * 0.8, tip.1 * 0.96, 9.0, dye::PLUM.mix(dye::OLIVE, 0.3));
        }
    }
    Frame::stand(400.0, 640.0, 94.0).focus(20.0, -440.0).fill(1.1)
}

fn cacti(p: &mut Pen, c: &Coat) -> Frame {
    for (x, pot_colour, kind, s) in
        [(-176.0, c.second, 0, 0.92), (170.0, c.main.lift(-0.05), 2, 0.92), (0.0, c.main, 1, 1.0)]
    {
        p.place(x, if kind == 1 { 16.0 } else { 0.0 }, 0.0, s, |p| {
            let top = pot(p, pot_colour, 0.7);
            let profile: &[Point] = match kind {
                0 => &[(44.0, 0.0), (70.0, 34.0), (74.0, 74.0), (52.0, 118.0), (4.0, 132.0)],
                1 => &[(40.0, 0.0), (50.0, 60.0), (52.0, 170.0), (42.0, 238.0), (4.0, 262.0)],
                _ => &[(36.0, 0.0), (60.0, 40.0), (56.0, 100.0), (34.0, 150.0), (4.0, 160.0)],
            };
            p.place(0.0, -top + 4.0, 0.0, 1.0, |p| cactus(p, profile, c.third, kind));
        });
    }
    Frame::stand(540.0, 420.0, 230.0).focus(0.0, -250.0)
}

fn cactus(p: &mut Pen, profile: &[Point], c: Colour, kind: i32) {
    let body = Lathe::new(profile);
    p.body(&body, c.lift(0.02 * kind as f32), Finish::Matte);
    let h = body.height();
    for k in -4..=4 {
        let sine = facing(k, 5.0);
        p.line(&body.rib(2.0, h * 0.93, sine), c.lift(-0.13).at(0.5), 3.4);
        for j in 1..6 {
            let at = body.on(h * j as f32 / 6.5, sine + 0.1);
            p.line(
                &Path::at(at.0 - 5.0, at.1 - 4.0)
                    .to(at.0 + 5.0, at.1 + 4.0)
                    .jump(at.0 + 5.0, at.1 - 4.0)
                    .to(at.0 - 5.0, at.1 + 4.0)
                    .open(),
                dye::CREAM.at(0.75),
                1.5,
            );
        }
    }
    if kind != 1 {
        blossom(p, (4.0, -h - 4.0), 22.0, dye::ROSE);
    }
}

fn fern(p: &mut Pen, c: &Coat) -> Frame {
    let top = pot(p, c.main, 0.95);
    for i in 0..13 {
        let a = 0.08 + 2.98 * ((i * 5) % 13) as f32 / 12.0;
        let reach = 250.0 - 40.0 * ((i % 3) as f32);
        let tip = (-a.cos() * reach, -top - a.sin() * reach * 0.95 + a.cos().abs() * 46.0);
        let mid = (tip.0 * 0.5, -top - (a.sin() * 0.62 + 0.2) * reach);
        let green = c.third.lift(-0.06 + 0.014 * i as f32);
        p.line(&Path::at(0.0, -top).bend(mid.0, mid.1, tip.0, tip.1).open(), green.lift(-0.04), 3.4);
        let mut fronds = String::new();
        for k in 1..15 {
            let t = k as f32 / 15.0;
            let q = |a: f32, b: f32, c: f32| (1.0 - t).powi(2) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
            let at = (q(0.0, mid.0, tip.0), q(-top, mid.1, tip.1));
            let (dx, dy) = ((1.0 - t) * mid.0 + t * (tip.0 - mid.0), (1.0 - t) * (mid.1 + top) + t * (tip.1 - mid.1));
            let len = (dx * dx + dy * dy).sqrt().max(1.0);
            let size = 44.0 * (1.0 - (t - 0.35).abs() * 1.15).max(0.16);
            for s in [-1.0, 1.0] {
                let end =
                    (at.0 + (-dy * s * 0.9 + dx * 0.45) / len * size, at.1 + (dx * s * 0.9 + dy * 0.45) / len * size);
                fronds.push_str(&leaflet(at, end, 0.2));
            }
        }
        p.fill(&fronds, green);
    }
    Frame::stand(500.0, 460.0, 84.0).focus(-30.0, -300.0).fill(1.05)
}

/// Young leaves above the earth of a pot.
pub fn sprouts(p: &mut Pen, c: Colour) {
    for (x, h, lean) in
        [(-70.0, 110.0, -40.0), (0.0, 160.0, 10.0), (66.0, 120.0, 46.0), (-30.0, 130.0, -24.0), (34.0, 100.0, 14.0)]
    {
        p.line(&wave(&[(x, 4.0), (x + lean * 0.3, -h * 0.5), (x + lean, -h)]), c.lift(-0.06), 5.0);
        for s in [-1.0, 1.0] {
            blade(p, (x + lean, -h), (x + lean + 56.0 * s, -h - 40.0), 0.27, 0.05 * s, c.lift(0.03 * s));
            blade(
                p,
                (x + lean * 0.5, -h * 0.55),
                (x + lean * 0.5 + 40.0 * s, -h * 0.55 - 24.0),
                0.25,
                0.05 * s,
                c.lift(-0.03),
            );
        }
    }
}
