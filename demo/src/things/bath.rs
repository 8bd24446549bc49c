//! Soaps, creams, brushes.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe, facing};
use crate::draw::path::{Path, blob, leaf, oval, ring, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);

/// Bars of soap. Styles: 0 two bars and a sprig, 1 round bar on a dish.
pub fn soap(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 1 {
        return round_soap(p, c);
    }
    for (x, y, w, tone) in [(30.0, 0.0, 360.0, -0.02), (-34.0, -122.0, 350.0, 0.02)] {
        p.place(x, y, 0.0, 1.0, |p| {
            let c2 = c.main.lift(tone);
            p.shadow(20.0, -2.0, 150.0, 40.0, c2.lift(0.05));
            p.carton(w, 112.0, 150.0, c2);
            for _ in 0..26 {
                let (sx, sy) = (p.dice.range(-w * 0.46, w * 0.46), p.dice.range(-104.0, -8.0));
                p.line(&Path::at(sx, sy).to(sx + 6.0, sy + 3.0).open(), c.second.at(0.7), 3.2);
            }
            p.mark(c.mark, 0.0, -56.0, 74.0, c2.lift(-0.13));
        });
    }
    let y = -236.0;
    p.line(&wave(&[(-150.0, y - 20.0), (-20.0, y - 36.0), (130.0, y - 70.0)]), c.third.lift(-0.1), 4.0);
    for k in 0..8 {
        let t = k as f32 / 8.0;
        let at = (-130.0 + 250.0 * t, y - 24.0 - 40.0 * t);
        let s = if k % 2 == 0 { -1.0 } else { 1.0 };
        p.fill(&leaf(at, (at.0 + 40.0, at.1 + 26.0 * s), 0.16, 0.04), c.third.lift(0.03 * s));
    }
    Frame::stand(470.0, 320.0, 200.0).focus(-30.0, -170.0).fill(0.94)
}

fn round_soap(p: &mut Pen, c: &Coat) -> Frame {
    let dish = Lathe::tilted(&[(150.0, 0.0), (150.0, 0.0), (210.0, 30.0), (216.0, 44.0)], 0.26);
    p.body(&dish, c.second, Finish::Matte);
    p.mouth(&dish, c.second.lift(0.05), c.second, 10.0);
    p.place(0.0, -36.0, 0.0, 1.0, |p| {
        p.pool(10.0, 8.0, 190.0, 50.0, DEEP, 0.4);
        let bar = Lathe::tilted(&[(130.0, 0.0), (148.0, 14.0), (152.0, 50.0), (142.0, 82.0), (130.0, 90.0)], 0.28);
        p.body(&bar, c.main, Finish::Wax);
        let top = p.slant(c.main.lift(0.08), c.main.lift(-0.01));
        p.oval(0.0, -90.0, 130.0, 36.0, top);
        p.place(0.0, -90.0, 0.0, 1.0, |p| {
            p.group("scale(1 0.36)", |p| p.mark(c.mark, 0.0, 0.0, 130.0, c.main.lift(-0.12)))
        });
    });
    for (x, y, r) in [(-96.0, -150.0, 26.0), (-60.0, -176.0, 15.0), (120.0, -140.0, 19.0)] {
        bubble(p, x, y, r);
    }
    Frame::stand(450.0, 230.0, 160.0).focus(0.0, -110.0).fill(0.94)
}

fn bubble(p: &mut Pen, x: f32, y: f32, r: f32) {
    let film = p.rad(0.4, 0.35, 0.6, &[(0.0, dye::WHITE, 0.1), (0.8, dye::SKY, 0.25), (1.0, dye::LILAC, 0.6)]);
    p.dot(x, y, r, film);
    p.oval(x - r * 0.34, y - r * 0.4, r * 0.24, r * 0.16, dye::WHITE.at(0.9));
}

fn label(p: &mut Pen, c: &Coat, body: &Lathe, low: f32, high: f32, half: f32) {
    p.label(body, low, high, half, dye::CHALK);
    let front = body.on((low + high) / 2.0, 0.0).1;
    let (h, w) = (high - low, body.radius((low + high) / 2.0) * half);
    p.mark(c.mark, 0.0, front - h * 0.2, h * 0.3, c.third);
    p.words(0.0, front + h * 0.08, &[w * 1.2, w * 0.8, w * 1.0], h * 0.12, 3.6, c.third);
}

/// A bottle for the bathroom. Styles: 0 pump, 1 dropper, 2 mist spray, 3 flip-top shampoo pair.
pub fn flacon(p: &mut Pen, c: &Coat) -> Frame {
    let body = match c.style {
        1 => Lathe::new(&[
            (78.0, 0.0),
            (78.0, 0.0),
            (86.0, 10.0),
            (86.0, 150.0),
            (74.0, 184.0),
            (36.0, 200.0),
            (34.0, 216.0),
        ]),
        2 => Lathe::new(&[
            (70.0, 0.0),
            (70.0, 0.0),
            (76.0, 10.0),
            (76.0, 236.0),
            (64.0, 270.0),
            (32.0, 284.0),
            (30.0, 298.0),
        ]),
        _ => Lathe::new(&[
            (92.0, 0.0),
            (92.0, 0.0),
            (100.0, 12.0),
            (100.0, 250.0),
            (86.0, 286.0),
            (40.0, 300.0),
            (38.0, 318.0),
        ]),
    };
    let h = body.height();
    p.body(&body, c.main, Finish::Gloss);
    let lit = p.rad(0.4, 0.55, 0.5, &[(0.0, c.main.lift(0.2), 0.4), (1.0, c.main, 0.0)]);
    p.fill(&body.outline(), lit);
    p.glint(&body, 16.0, h * 0.8, -0.84, 0.5);
    label(p, c, &body, h * 0.14, h * 0.66, 0.8);
    p.place(0.0, -h, 0.0, 1.0, |p| match c.style {
        1 => dropper(p, c.second),
        2 => sprayer(p, c.second),
        _ => pump(p, c.second),
    });
    Frame::stand(280.0, h + 130.0, body.foot()).focus(14.0, -h * 0.6).fill(if c.style == 1 { 0.84 } else { 0.98 })
}

fn pump(p: &mut Pen, c: Colour) {
    let collar = Lathe::new(&[(44.0, -4.0), (44.0, -4.0), (44.0, 28.0), (38.0, 34.0), (11.0, 36.0), (11.0, 70.0)]);
    p.body(&collar, c, Finish::Gloss);
    let head = blob(&[
        (-30.0, -66.0),
        (-34.0, -92.0),
        (20.0, -98.0),
        (96.0, -90.0),
        (110.0, -70.0),
        (98.0, -66.0),
        (84.0, -74.0),
        (28.0, -68.0),
    ]);
    let ink = p.slant(c.lift(0.12), c.lift(-0.1));
    p.fill(&head, ink);
}

fn dropper(p: &mut Pen, c: Colour) {
    let collar = Lathe::new(&[(40.0, -4.0), (40.0, -4.0), (40.0, 44.0), (36.0, 50.0)]);
    p.body(&collar, c, Finish::Matte);
    for k in -6..=6 {
        p.line(&collar.rib(0.0, 44.0, facing(k, 7.0)), c.lift(-0.14).at(0.6), 2.4);
    }
    let bulb = Lathe::new(&[(22.0, 48.0), (26.0, 66.0), (26.0, 118.0), (18.0, 142.0), (4.0, 150.0)]);
    p.body(&bulb, c.lift(0.06), Finish::Gloss);
}

fn sprayer(p: &mut Pen, c: Colour) {
    let collar = Lathe::new(&[(36.0, -4.0), (36.0, -4.0), (36.0, 30.0), (28.0, 36.0), (28.0, 84.0), (24.0, 92.0)]);
    p.body(&collar, c, Finish::Gloss);
    p.dot(-16.0, -62.0, 6.0, c.lift(-0.3));
    for (x, y, r) in [
        (-90.0, -96.0, 4.0),
        (-120.0, -70.0, 5.0),
        (-140.0, -104.0, 3.6),
        (-160.0, -58.0, 4.4),
        (-110.0, -36.0, 3.6),
        (-186.0, -84.0, 4.0),
    ] {
        p.dot(x, y, r, dye::WHITE.at(0.8));
    }
}

/// Cream. Styles: 0 jar, 1 tube, 2 balm tin, 3 lip balm sticks.
pub fn cream(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => tube(p, c),
        2 => balm(p, c),
        _ => cream_jar(p, c),
    }
}

fn cream_jar(p: &mut Pen, c: &Coat) -> Frame {
    let jar = Lathe::tilted(
        &[(134.0, 0.0), (134.0, 0.0), (146.0, 14.0), (148.0, 100.0), (140.0, 126.0), (128.0, 132.0)],
        0.24,
    );
    p.body(&jar, c.main, Finish::Gloss);
    label(p, c, &jar, 20.0, 100.0, 0.66);
    p.mouth(&jar, c.main.lift(0.05), dye::CHALK, 8.0);
    let (y, rx, ry) = jar.rim();
    let swirl = p.slant(dye::CHALK.lift(0.02), dye::CREAM.lift(-0.02));
    p.oval(0.0, y + 4.0, rx - 14.0, ry - 7.0, swirl);
    p.line(
        &wave(&[
            (-80.0, y + 8.0),
            (-20.0, y - 10.0),
            (60.0, y - 4.0),
            (70.0, y + 12.0),
            (0.0, y + 18.0),
            (-40.0, y + 8.0),
            (10.0, y),
        ]),
        dye::OAT.lift(0.03),
        6.0,
    );
    p.place(216.0, 14.0, 0.0, 1.0, |p| {
        p.shadow(0.0, 0.0, 110.0, 60.0, c.second.lift(0.2));
        let lid = Lathe::tilted(&[(122.0, 0.0), (122.0, 0.0), (124.0, 6.0), (124.0, 44.0), (120.0, 50.0)], 0.24);
        p.body(&lid, c.second, Finish::Matte);
        let top = p.slant(c.second.lift(0.1), c.second.lift(-0.03));
        p.oval(0.0, -50.0, 120.0, 28.0, top);
        for r in [0.4, 0.7] {
            p.line(&oval(4.0, -50.0, 120.0 * r, 28.0 * r), c.second.lift(-0.1).at(0.4), 2.4);
        }
    });
    Frame::stand(520.0, 190.0, 190.0).focus(0.0, -110.0).fill(0.96)
}

fn tube(p: &mut Pen, c: &Coat) -> Frame {
    p.group("rotate(14)", |p| {
        let body = soft(&[(-120.0, -290.0), (120.0, -290.0), (96.0, 190.0), (-96.0, 190.0)], 12.0);
        let cap = soft(&[(-70.0, 186.0), (70.0, 186.0), (64.0, 270.0), (-64.0, 270.0)], 12.0);
        p.drop(&cap, 15.0);
        p.drop(&body, 15.0);
        let dark = p.turned(c.second, Finish::Gloss);
        p.fill(&cap, dark);
        let ink = p.turned(c.main, Finish::Gloss);
        p.fill(&body, ink);
        p.rect(-120.0, -290.0, 240.0, 40.0, 4.0, c.main.lift(-0.09));
        for k in 0..23 {
            let x = -112.0 + 10.2 * k as f32;
            p.line(&Path::at(x, -286.0).to(x + 0.5, -254.0).open(), c.main.lift(0.08).at(0.7), 2.4);
        }
        p.fill(&blob(&[(-20.0, -240.0), (40.0, -120.0), (28.0, 40.0), (-10.0, -60.0)]), dye::WHITE.at(0.12));
        p.mark(c.mark, 0.0, -120.0, 90.0, c.third);
        p.words(0.0, -30.0, &[130.0, 96.0, 112.0], 24.0, 5.0, c.third);
        p.fill(&leaf((-60.0, 150.0), (70.0, 96.0), 0.2, 0.1), c.third.at(0.4));
    });
    p.fill(&blob(&[(120.0, 210.0), (190.0, 190.0), (236.0, 230.0), (200.0, 268.0), (150.0, 250.0)]), dye::CHALK);
    p.oval(180.0, 216.0, 24.0, 9.0, dye::WHITE.at(0.9));
    Frame::lay(460.0, 620.0).focus(0.0, -60.0)
}

fn balm(p: &mut Pen, c: &Coat) -> Frame {
    for (x, y, r, lid) in [(110.0, 96.0, 150.0, false), (-90.0, -60.0, 172.0, true)] {
        let outline = oval(x, y, r, r);
        p.drop(&outline, 14.0);
        let rim = p.slant(dye::SILVER.lift(0.1), dye::STEEL.lift(-0.08));
        p.fill(&outline, rim);
        p.line(&oval(x, y, r - 10.0, r - 10.0), dye::STEEL.lift(-0.16).at(0.6), 3.0);
        if lid {
            let face = p.slant(c.main.lift(0.05), c.main.lift(-0.05));
            p.dot(x, y, r - 18.0, face);
            p.mark(c.mark, x, y - 30.0, 90.0, c.third);
            p.words(x, y + 54.0, &[120.0, 80.0], 20.0, 5.0, c.third);
        } else {
            let wax = p.rad(0.4, 0.38, 0.7, &[(0.0, c.second.lift(0.08), 1.0), (1.0, c.second.lift(-0.04), 1.0)]);
            p.dot(x, y, r - 16.0, wax);
            p.line(
                &wave(&[(x - 70.0, y + 20.0), (x, y + 60.0), (x + 60.0, y + 6.0)]),
                c.second.lift(-0.08).at(0.7),
                16.0,
            );
        }
    }
    for (x, y) in [(150.0, -150.0), (196.0, -120.0), (-170.0, 170.0)] {
        for petal in ring(x, y, 22.0, 22.0, 9, 0.0) {
            p.fill(&leaf((x, y), petal, 0.3, 0.0), dye::APRICOT.lift(0.0));
        }
        p.dot(x, y, 9.0, dye::COGNAC);
    }
    Frame::lay(540.0, 500.0).focus(-80.0, -50.0)
}

/// A brush. Styles: 0 hairbrush, 1 bath brush, 2 comb.
pub fn brush(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 2 {
        return comb(p, c);
    }
    let long = c.style == 1;
    let (rx, ry) = if long { (104.0, 136.0) } else { (116.0, 170.0) };
    p.group("rotate(24)", |p| {
        let head = oval(0.0, -150.0, rx, ry);
        let arm = blob(&[
            (-40.0, -20.0),
            (-26.0, 40.0),
            (-22.0, 200.0),
            (-30.0, 300.0),
            (0.0, 330.0),
            (30.0, 300.0),
            (22.0, 200.0),
            (26.0, 40.0),
            (40.0, -20.0),
        ]);
        p.drop(&arm, 14.0);
        p.drop(&head, 14.0);
        let wood = p.across(&[(0.0, c.main.lift(0.08), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.15), 1.0)]);
        p.fill(&arm, &wood);
        p.fill(&head, &wood);
        p.grain(-24.0, 30.0, 48.0, 260.0, c.main, 3);
        let pad = p.slant(c.second.lift(0.06), c.second.lift(-0.06));
        p.oval(0.0, -150.0, rx * 0.84, ry * 0.86, pad);
        let mut tufts = Path::default();
        for row in -6i32..=6 {
            for col in -4i32..=4 {
                let (x, y) = (col as f32 * 19.0 + if row % 2 == 0 { 9.0 } else { 0.0 }, -150.0 + row as f32 * 21.0);
                if ((x / (rx * 0.76)).powi(2) + ((y + 150.0) / (ry * 0.78)).powi(2)) < 1.0 {
                    tufts = tufts.jump(x, y).to(x - 4.0, y - 15.0);
                }
            }
        }
        let tufts = tufts.open();
        p.line(&tufts, DEEP.at(0.3), 9.0);
        p.group("translate(-2 -4)", |p| p.line(&tufts, c.third, 6.0));
        p.dot(0.0, 296.0, 8.0, DEEP.at(0.55));
        if long {
            p.line(&wave(&[(0.0, 296.0), (26.0, 360.0), (-10.0, 380.0), (0.0, 296.0)]), dye::JUTE, 7.0);
        }
    });
    Frame::lay(520.0, 660.0).focus(70.0, -130.0)
}

fn comb(p: &mut Pen, c: &Coat) -> Frame {
    let mut path = Path::at(-290.0, -80.0)
        .curve((-290.0, -130.0), (-240.0, -140.0), (0.0, -140.0))
        .curve((240.0, -140.0), (290.0, -130.0), (290.0, -80.0))
        .to(290.0, 110.0)
        .to(262.0, 110.0);
    for k in 0..23 {
        let x = 262.0 - 23.0 * k as f32;
        let foot = if k == 22 { -20.0 } else { -46.0 };
        path = path.to(x, -20.0).to(x - 9.0, -20.0).to(x - 9.0, 104.0).bend(x - 16.0, 122.0, x - 23.0, 104.0);
        if foot > -40.0 {
            break;
        }
    }
    let outline = path.to(-290.0, 110.0).close();
    p.group("rotate(-14)", |p| {
        p.drop(&outline, 12.0);
        let wood = p.slant(c.main.lift(0.08), c.main.lift(-0.08));
        p.fill(&outline, wood);
        p.grain(-270.0, -130.0, 540.0, 100.0, c.main, 7);
        p.mark(c.mark, 220.0, -84.0, 44.0, c.main.lift(-0.2));
    });
    Frame::lay(620.0, 420.0).focus(-60.0, 0.0)
}
