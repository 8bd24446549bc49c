//! Cups, bowls and plates.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, oval, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

/// A handle on the right of a vessel, from `top` to `bottom` (heights) at radius `x`, reaching out.
pub fn handle(p: &mut Pen, x: f32, top: f32, bottom: f32, reach: f32, width: f32, c: Colour) {
    let d = Path::at(x - 8.0, -top)
        .curve(
            (x + reach * 0.9, -top - 6.0),
            (x + reach * 1.25, -(top + bottom) * 0.52),
            (x + reach * 0.55, -bottom - 22.0),
        )
        .curve((x + reach * 0.3, -bottom - 4.0), (x + 4.0, -bottom + 4.0), (x - 8.0, -bottom + 2.0))
        .open();
    p.line(&d, c.lift(-0.17), width);
    p.group("translate(-2.5 -2.5)", |p| p.line(&d, c.lift(-0.05), width * 0.68));
    p.group("translate(-4 -5)", |p| p.line(&d, c.lift(0.08).at(0.8), width * 0.2));
}

/// A mug. Styles: 0 straight, 1 tapered and dipped, 2 round, 3 enamel.
pub fn mug(p: &mut Pen, c: &Coat) -> Frame {
    let lathe = match c.style {
        1 => Lathe::new(&[(84.0, 0.0), (84.0, 0.0), (98.0, 16.0), (116.0, 120.0), (128.0, 262.0), (128.0, 262.0)]),
        2 => Lathe::new(&[(84.0, 0.0), (84.0, 0.0), (124.0, 46.0), (142.0, 118.0), (132.0, 186.0), (118.0, 232.0)]),
        3 => Lathe::new(&[(118.0, 0.0), (118.0, 0.0), (126.0, 14.0), (128.0, 110.0), (130.0, 206.0), (134.0, 216.0)]),
        _ => Lathe::new(&[(112.0, 0.0), (112.0, 0.0), (124.0, 18.0), (127.0, 90.0), (127.0, 240.0), (127.0, 240.0)]),
    };
    let h = lathe.height();
    let side = lathe.radius(h * 0.5);
    handle(
        p,
        side,
        h * 0.82,
        h * 0.24,
        78.0,
        if c.style == 3 { 18.0 } else { 27.0 },
        if c.style == 3 { c.second } else { c.main },
    );
    p.body(&lathe, c.main, if c.style == 0 { Finish::Matte } else { Finish::Gloss });
    match c.style {
        0 => p.specks(&lathe, c.main.lift(if c.main.lightness() > 0.6 { -0.36 } else { 0.3 }), 90, 8.0, h - 14.0),
        1 => dip(p, &lathe, 108.0, c.second),
        2 => p.specks(&lathe, c.main.lift(-0.2), 40, 20.0, h * 0.5),
        _ => p.specks(&lathe, dye::WHITE, 46, 12.0, h - 20.0),
    }
    let rim = if c.style == 3 { c.second } else { c.main.lift(0.02) };
    let inside = if c.style == 3 { dye::CHALK } else { c.main.mix(dye::CREAM, 0.45) };
    p.mouth(&lathe, rim, inside, if c.style == 3 { 5.0 } else { 9.0 });
    p.drink(&lathe, if c.style == 2 { dye::TEA } else { dye::COFFEE }, 9.0);
    Frame::stand(330.0, h + 30.0, lathe.foot()).focus(34.0, -h * 0.72).fill(0.92)
}

/// Bare clay below a dipped glaze, with an uneven edge.
fn dip(p: &mut Pen, lathe: &Lathe, height: f32, clay: Colour) {
    let ink = p.turned(clay, Finish::Matte);
    p.fill(&lathe.band(0.0, height), ink);
    let edge = lathe.hoop(height);
    p.line(&edge, clay.lift(-0.16).at(0.5), 3.0);
    let shade = p.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, clay, 0.0), (1.0, clay.lift(-0.35), 0.4)]);
    p.fill(&lathe.band(0.0, height * 0.8), shade);
    p.specks(lathe, clay.lift(-0.2), 36, 6.0, height - 8.0);
}

/// An espresso cup on its saucer. Style 1: a glass.
pub fn espresso(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 1 {
        return tumblers(p, c);
    }
    saucer(p, 168.0, c.second);
    p.place(0.0, -16.0, 0.0, 1.0, |p| {
        let cup = Lathe::new(&[(52.0, 0.0), (52.0, 0.0), (84.0, 26.0), (100.0, 80.0), (106.0, 138.0), (106.0, 138.0)]);
        handle(p, 96.0, 116.0, 36.0, 56.0, 19.0, c.main);
        p.body(&cup, c.main, Finish::Gloss);
        p.mouth(&cup, c.main, c.main.mix(dye::CREAM, 0.5), 7.0);
        p.drink(&cup, dye::COFFEE.lift(0.06), 7.0);
        let crema = p.rad(0.5, 0.5, 0.5, &[(0.0, dye::SAND, 0.0), (0.7, dye::SAND, 0.1), (1.0, dye::SAND, 0.75)]);
        p.oval(0.0, -135.5, 91.0, 16.0, crema);
    });
    Frame::stand(350.0, 190.0, 110.0).focus(10.0, -120.0).fill(0.95)
}

fn saucer(p: &mut Pen, r: f32, c: Colour) {
    p.shadow(6.0, 10.0, r * 0.72, 40.0, c.lift(-0.2));
    let under = p.turned(c.lift(-0.05), Finish::Gloss);
    p.fill(
        &Path::at(-r, -16.0)
            .curve((-r * 0.8, 12.0), (-r * 0.4, 26.0), (0.0, 26.0))
            .curve((r * 0.4, 26.0), (r * 0.8, 12.0), (r, -16.0))
            .close(),
        under,
    );
    let top = p.slant(c.lift(0.06), c.lift(-0.05));
    p.oval(0.0, -16.0, r, r * 0.21, top);
    let well = p.slant(c.lift(-0.08), c.lift(0.03));
    p.oval(0.0, -13.0, r * 0.62, r * 0.12, well);
    p.pool(26.0, -11.0, 92.0, 18.0, c.lift(-0.5), 0.5);
}

/// Two small glasses, one with milk coffee.
pub fn tumblers(p: &mut Pen, c: &Coat) -> Frame {
    for (x, y, fill) in [(-98.0, -26.0, c.second), (84.0, 0.0, c.third)] {
        p.place(x, y, 0.0, 1.0, |p| tumbler(p, fill));
    }
    Frame::stand(400.0, 270.0, 170.0).focus(90.0, -150.0).fill(0.95)
}

fn tumbler(p: &mut Pen, fill: Colour) {
    let glass = Lathe::new(&[(70.0, 0.0), (70.0, 0.0), (78.0, 20.0), (84.0, 120.0), (94.0, 226.0), (94.0, 226.0)]);
    p.shadow(0.0, 4.0, 70.0, 120.0, dye::SAND);
    let drink = Lathe::new(&[(66.0, 16.0), (66.0, 16.0), (80.0, 100.0), (86.0, 168.0), (86.0, 168.0)]);
    let ink = p.turned(fill, Finish::Gloss);
    p.fill(&drink.band(16.0, 168.0), ink);
    let froth = p.slant(fill.lift(0.3), fill.lift(0.18));
    p.fill(&drink.band(146.0, 168.0), fill.lift(0.22));
    p.oval(0.0, -168.0, 86.0, 17.0, froth);
    clear(p, &glass, 0.0);
    for sine in [-0.75, -0.45, -0.1, 0.3, 0.62, 0.86] {
        p.line(&glass.rib(10.0, 130.0, sine), dye::WHITE.at(0.16), 5.0);
    }
    p.glint(&glass, 30.0, 206.0, -0.78, 0.75);
}

/// Clear glass over what has been drawn: edges, rim, no fill to speak of.
pub fn clear(p: &mut Pen, glass: &Lathe, tint: f32) {
    let edge = dye::DUSK.lift(-0.14 - tint);
    let wall = p.across(&[
        (0.0, edge, 0.6),
        (0.07, edge.lift(0.2), 0.26),
        (0.25, dye::WHITE, 0.2),
        (0.6, dye::WHITE, 0.08),
        (0.93, edge.lift(0.1), 0.18),
        (1.0, edge, 0.6),
    ]);
    p.fill(&glass.outline(), wall);
    let (y, rx, ry) = glass.rim();
    p.line(&oval(0.0, y, rx, ry), dye::WHITE.at(0.85), 4.0);
    p.line(&Path::at(-rx, y).arc(rx, ry, false, rx, y).open(), edge.at(0.35), 2.0);
}

/// A bowl. Styles: 0 deep, 1 shallow, 2 a nest of three, 3 turned wood.
pub fn bowl(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 2 {
        return nest(p, c);
    }
    let tilt = 0.26;
    let lathe = match c.style {
        1 => {
            Lathe::tilted(&[(74.0, 0.0), (74.0, 0.0), (76.0, 12.0), (150.0, 40.0), (196.0, 78.0), (216.0, 120.0)], tilt)
        }
        3 => Lathe::tilted(
            &[(92.0, 0.0), (92.0, 0.0), (158.0, 38.0), (202.0, 96.0), (212.0, 150.0), (212.0, 150.0)],
            tilt,
        ),
        _ => Lathe::tilted(
            &[(70.0, 0.0), (70.0, 0.0), (74.0, 18.0), (134.0, 56.0), (178.0, 118.0), (192.0, 178.0)],
            tilt,
        ),
    };
    let h = lathe.height();
    let wood = c.style == 3;
    p.body(&lathe, c.main, if wood { Finish::Matte } else { Finish::Gloss });
    if wood {
        for k in 0..5 {
            p.line(&lathe.hoop(62.0 + 17.0 * k as f32), c.main.lift(-0.13).at(0.28), 2.2 + (k % 3) as f32);
        }
    } else {
        p.specks(&lathe, c.main.lift(if c.main.lightness() > 0.55 { -0.32 } else { 0.3 }), 70, h * 0.4, h - 6.0);
        let foot = p.turned(c.third, Finish::Matte);
        p.fill(&lathe.band(0.0, 15.0), foot);
    }
    let inside = if wood { c.main.lift(0.03) } else { c.second };
    p.mouth(&lathe, c.main.lift(0.03), inside, if wood { 12.0 } else { 8.0 });
    let (y, rx, ry) = lathe.rim();
    if wood {
        for k in 1..4 {
            let t = 1.0 - 0.24 * k as f32;
            p.line(&oval(6.0, y + 8.0, rx * t, ry * t), c.main.lift(-0.16).at(0.25), 2.4);
        }
    } else {
        p.oval(-rx * 0.1, y + ry * 0.35, rx * 0.5, ry * 0.4, dye::WHITE.at(0.12));
    }
    Frame::stand(rx * 2.0, h + ry + 10.0, lathe.foot()).focus(40.0, -h * 0.75).fill(0.88)
}

fn nest(p: &mut Pen, c: &Coat) -> Frame {
    nested(p, &[(1.0, 0.0, c.main), (0.84, 44.0, c.second), (0.68, 84.0, c.third)]);
    Frame::stand(392.0, 250.0, 86.0).focus(60.0, -150.0).fill(0.92)
}

/// The outer bowl's inside, then what stands in it, then its front wall.
fn nested(p: &mut Pen, bowls: &[(f32, f32, Colour)]) {
    let Some(((scale, lift, colour), rest)) = bowls.split_first() else { return };
    let at = |p: &mut Pen, draw: &dyn Fn(&mut Pen, &Lathe)| {
        p.place(0.0, -lift, 0.0, *scale, |p| {
            let profile = [(84.0, 0.0), (84.0, 0.0), (150.0, 42.0), (186.0, 100.0), (196.0, 142.0)];
            draw(p, &Lathe::tilted(&profile, 0.26));
        });
    };
    at(p, &|p, lathe| p.mouth(lathe, colour.lift(0.06), colour.lift(-0.07), 9.0));
    nested(p, rest);
    at(p, &|p, lathe| {
        p.body(lathe, *colour, Finish::Gloss);
        p.specks(lathe, colour.lift(-0.25), 40, 62.0, 134.0);
        p.line(&lathe.hoop(142.0), colour.lift(0.09), 7.0);
    });
}

/// Plates, stacked. Style 1: a stack of small ones.
pub fn plates(p: &mut Pen, c: &Coat) -> Frame {
    let (count, r) = if c.style == 1 { (4, 180.0) } else { (2, 240.0) };
    for i in 0..count {
        let y = -(i as f32) * 24.0;
        let colour = if c.style == 1 && i % 2 == 1 { c.second } else { c.main };
        let jog = p.dice.range(-4.0, 4.0);
        p.place(jog, y, 0.0, 1.0, |p| plate(p, r, colour, c.third, i + 1 == count));
    }
    let h = 24.0 * count as f32 + 70.0;
    Frame::stand(r * 2.0, h + 60.0, r * 0.66).focus(r * 0.35, -h * 0.5).fill(0.95)
}

fn plate(p: &mut Pen, r: f32, c: Colour, rim: Colour, top: bool) {
    let k = 0.3;
    let under = p.turned(c.lift(-0.07), Finish::Matte);
    p.fill(
        &Path::at(-r, -34.0)
            .curve((-r * 0.86, 2.0), (-r * 0.5, r * k * 0.62), (0.0, r * k * 0.62))
            .curve((r * 0.5, r * k * 0.62), (r * 0.86, 2.0), (r, -34.0))
            .close(),
        under,
    );
    p.oval(0.0, -34.0, r, r * k, rim);
    let face = p.slant(c.lift(0.05), c.lift(-0.03));
    p.oval(0.0, -33.0, r - 4.0, (r - 4.0) * k - 1.0, face);
    if !top {
        return;
    }
    let well =
        p.lin((0.1, 0.0), (0.9, 1.0), &[(0.0, c.lift(-0.1), 1.0), (0.3, c.lift(-0.03), 1.0), (1.0, c.lift(0.05), 1.0)]);
    p.oval(2.0, -28.0, r * 0.74, r * k * 0.7, well);
    let flat = p.slant(c.lift(0.035), c.lift(-0.01));
    p.oval(4.0, -24.0, r * 0.66, r * k * 0.6, flat);
    let mut path = Path::default();
    for _ in 0..46 {
        let (a, t) = (p.dice.range(0.0, std::f32::consts::TAU), p.dice.range(0.2, 0.95));
        let at = (a.cos() * r * t, -30.0 + a.sin() * r * k * t);
        path = path.jump(at.0, at.1).to(at.0 + 0.1, at.1);
    }
    p.line(&path.open(), c.lift(-0.34).at(0.6), 3.2);
    p.line(&wave(&[(-r * 0.9, -50.0), (-r * 0.6, -76.0), (-r * 0.2, -34.0 - r * k * 0.93)]), dye::WHITE.at(0.3), 4.0);
}
