//! Lamps and candles.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe, facing};
use crate::draw::path::{Path, blob, leaf, oval, poly, soft};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const WARM: Colour = Colour(0xffdf9a);

/// A halo of lamplight.
fn halo(p: &mut Pen, x: f32, y: f32, rx: f32, ry: f32, alpha: f32) {
    let ink = p.glow(WARM, alpha);
    p.oval(x, y, rx, ry, ink);
}

/// A shade that is lit from within.
fn lit_shade(p: &mut Pen, lathe: &Lathe, c: Colour) {
    p.body(lathe, c, Finish::Matte);
    let inner = p.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, WARM, 0.05), (0.55, WARM, 0.5), (1.0, Colour(0xfff3cf), 0.85)]);
    p.fill(&lathe.outline(), inner);
}

/// A table lamp. Styles: 0 dome, 1 mushroom, 2 pleated shade, 3 floor lamp.
pub fn table_lamp(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => mushroom(p, c),
        2 => pleated(p, c),
        3 => floor_lamp(p, c),
        _ => dome(p, c),
    }
}

fn foot(p: &mut Pen, c: Colour, r: f32, stem: f32, width: f32) {
    let base = Lathe::new(&[(r, 0.0), (r, 0.0), (r, 14.0), (r * 0.94, 22.0), (width, 30.0), (width, 30.0)]);
    p.body(&base, c, Finish::Gloss);
    let top = p.slant(c.lift(0.1), c.lift(-0.02));
    p.oval(0.0, -21.0, r * 0.95, r * 0.18, top);
    let post = Lathe::new(&[(width, 24.0), (width, 24.0), (width, stem), (width, stem)]);
    let ink = p.turned(c, Finish::Metal);
    p.fill(&post.band(24.0, stem), ink);
}

fn dome(p: &mut Pen, c: &Coat) -> Frame {
    foot(p, c.second, 116.0, 340.0, 9.0);
    halo(p, 0.0, -236.0, 330.0, 230.0, 0.5);
    let shade =
        Lathe::new(&[(208.0, 290.0), (208.0, 290.0), (204.0, 318.0), (176.0, 392.0), (110.0, 444.0), (16.0, 462.0)]);
    let inside = p.rad(0.5, 0.4, 0.6, &[(0.0, Colour(0xfffbe6), 1.0), (0.5, WARM, 1.0), (1.0, WARM.lift(-0.12), 1.0)]);
    p.body(&shade, c.main, Finish::Gloss);
    p.oval(0.0, -290.0, 208.0, 41.0, inside);
    p.line(&oval(0.0, -290.0, 207.0, 41.0), c.main.lift(-0.1), 4.0);
    p.ball(0.0, -472.0, 13.0, c.second);
    halo(p, 0.0, -20.0, 300.0, 56.0, 0.55);
    Frame::stand(440.0, 500.0, 118.0).focus(40.0, -350.0).fill(1.02)
}

fn mushroom(p: &mut Pen, c: &Coat) -> Frame {
    halo(p, 0.0, -240.0, 360.0, 270.0, 0.55);
    let stem = Lathe::new(&[(112.0, 0.0), (112.0, 0.0), (104.0, 30.0), (66.0, 120.0), (58.0, 230.0), (74.0, 262.0)]);
    p.body(&stem, c.main, Finish::Gloss);
    halo(p, 0.0, -236.0, 140.0, 60.0, 0.8);
    let cap =
        Lathe::new(&[(196.0, 232.0), (196.0, 232.0), (202.0, 262.0), (176.0, 336.0), (104.0, 382.0), (8.0, 396.0)]);
    lit_shade(p, &cap, c.main.lift(0.03));
    p.glint(&cap, 270.0, 370.0, -0.7, 0.6);
    Frame::stand(440.0, 420.0, 116.0).focus(20.0, -250.0).fill(0.98)
}

fn pleated(p: &mut Pen, c: &Coat) -> Frame {
    let base = Lathe::new(&[
        (84.0, 0.0),
        (84.0, 0.0),
        (92.0, 20.0),
        (108.0, 90.0),
        (84.0, 160.0),
        (22.0, 196.0),
        (14.0, 240.0),
    ]);
    halo(p, 0.0, -320.0, 330.0, 270.0, 0.55);
    p.body(&base, c.second, Finish::Gloss);
    let shade = Lathe::new(&[(186.0, 226.0), (186.0, 226.0), (112.0, 440.0), (112.0, 440.0)]);
    lit_shade(p, &shade, c.main);
    for k in -12..=12 {
        let sine = facing(k, 13.2);
        p.line(&shade.rib(228.0, 438.0, sine), c.main.lift(-0.16).at(0.4), 3.4);
        p.line(&shade.rib(228.0, 438.0, sine + 0.03), dye::WHITE.at(0.3), 2.6);
    }
    p.oval(0.0, -440.0, 112.0, 21.0, WARM.lift(0.05));
    for at in [230.0, 435.0] {
        p.line(&shade.hoop(at), c.main.lift(-0.06), 6.0);
    }
    Frame::stand(400.0, 470.0, 90.0).focus(30.0, -330.0)
}

fn floor_lamp(p: &mut Pen, c: &Coat) -> Frame {
    foot(p, c.second, 130.0, 700.0, 7.0);
    let arm = Path::at(0.0, -690.0).curve((0.0, -850.0), (170.0, -870.0), (190.0, -740.0)).open();
    p.line(&arm, c.second.lift(-0.14), 14.0);
    p.group("translate(-2 -2)", |p| p.line(&arm, c.second.lift(0.14), 6.0));
    p.place(192.0, -570.0, 0.0, 1.0, |p| {
        halo(p, 0.0, 40.0, 280.0, 250.0, 0.5);
        let shade = Lathe::new(&[(124.0, 40.0), (124.0, 40.0), (118.0, 66.0), (74.0, 142.0), (20.0, 170.0)]);
        p.body(&shade, c.main, Finish::Gloss);
        p.oval(0.0, -40.0, 124.0, 25.0, WARM.lift(0.03));
        p.dot(0.0, -36.0, 20.0, dye::WHITE.at(0.9));
    });
    halo(p, 150.0, -10.0, 260.0, 44.0, 0.4);
    Frame::stand(470.0, 860.0, 132.0).focus(150.0, -640.0).fill(1.08)
}

/// A lamp that hangs. Styles: 0 folded paper, 1 opal glass globe, 2 enamel cone.
pub fn pendant(p: &mut Pen, c: &Coat) -> Frame {
    p.line(&Path::at(0.0, -140.0).to(0.5, -1400.0).open(), c.third, 6.0);
    halo(p, 0.0, 40.0, 420.0, 340.0, 0.5);
    match c.style {
        1 => {
            let globe = p.rad(
                0.4,
                0.36,
                0.72,
                &[(0.0, Colour(0xfffdf4), 1.0), (0.5, Colour(0xfff1d2), 1.0), (1.0, c.main.lift(-0.1), 1.0)],
            );
            p.dot(0.0, 30.0, 178.0, globe);
            p.oval(-70.0, -50.0, 34.0, 52.0, dye::WHITE.at(0.7));
            p.place(0.0, -136.0, 0.0, 1.0, |p| {
                let cap = Lathe::new(&[(54.0, -12.0), (54.0, -12.0), (50.0, 20.0), (14.0, 40.0), (12.0, 70.0)]);
                p.body(&cap, c.second, Finish::Metal);
            });
        }
        2 => {
            let cone = Lathe::new(&[
                (216.0, -130.0),
                (216.0, -130.0),
                (208.0, -108.0),
                (92.0, 50.0),
                (40.0, 96.0),
                (34.0, 150.0),
            ]);
            p.body(&cone, c.main, Finish::Gloss);
            p.oval(0.0, 130.0, 216.0, 43.0, Colour(0xfff0c4));
            p.dot(0.0, 134.0, 30.0, dye::WHITE.at(0.9));
            p.line(&oval(0.0, 130.0, 215.0, 43.0), c.main.lift(-0.08), 5.0);
        }
        _ => {
            let fan = Lathe::new(&[
                (60.0, -150.0),
                (60.0, -150.0),
                (204.0, -50.0),
                (236.0, 30.0),
                (160.0, 110.0),
                (44.0, 150.0),
                (44.0, 150.0),
            ]);
            lit_shade(p, &fan, c.main);
            for k in -10..=10 {
                let sine = facing(k, 11.0);
                p.line(&fan.rib(-146.0, 148.0, sine), c.main.lift(-0.18).at(0.45), 3.6);
                p.line(&fan.rib(-146.0, 148.0, sine + 0.035), dye::WHITE.at(0.4), 3.0);
            }
        }
    }
    Frame::hang(480.0, 420.0).focus(20.0, -20.0)
}

/// A flame at the tip of a wick that stands at (x, y).
pub fn flame(p: &mut Pen, x: f32, y: f32, s: f32) {
    halo(p, x, y - 30.0 * s, 120.0 * s, 120.0 * s, 0.6);
    p.line(&Path::at(x, y).to(x + 1.5, y - 16.0 * s).open(), dye::ESPRESSO, 4.0 * s);
    p.fill(
        &blob(&[
            (x, y - 84.0 * s),
            (x, y - 84.0 * s),
            (x + 15.0 * s, y - 40.0 * s),
            (x + 12.0 * s, y - 16.0 * s),
            (x, y - 8.0 * s),
            (x - 13.0 * s, y - 18.0 * s),
            (x - 13.0 * s, y - 42.0 * s),
        ]),
        Colour(0xf7a93b),
    );
    p.fill(
        &blob(&[
            (x, y - 64.0 * s),
            (x, y - 64.0 * s),
            (x + 9.0 * s, y - 32.0 * s),
            (x, y - 12.0 * s),
            (x - 8.0 * s, y - 30.0 * s),
        ]),
        Colour(0xfff0b8),
    );
}

/// A candle. Styles: 0 three pillars, 1 in a glass, 2 in a tin, 3 a taper in its holder.
pub fn candle(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => candle_glass(p, c),
        2 => candle_tin(p, c),
        3 => candlestick(p, c),
        _ => pillars(p, c),
    }
}

fn pillars(p: &mut Pen, c: &Coat) -> Frame {
    for (x, y, r, h) in [(-120.0, -30.0, 62.0, 330.0), (92.0, -22.0, 66.0, 230.0), (-16.0, 6.0, 64.0, 140.0)] {
        p.shadow(x, y, r, h * 0.6, c.main.lift(-0.1));
        p.place(x, y, 0.0, 1.0, |p| {
            let wax = Lathe::new(&[(r, 0.0), (r, 0.0), (r, h), (r, h)]);
            p.body(&wax, c.main, Finish::Wax);
            let top = p.rad(0.5, 0.5, 0.6, &[(0.0, c.main.lift(0.16), 1.0), (1.0, c.main.lift(0.04), 1.0)]);
            p.oval(0.0, -h, r, r * 0.2, top);
            p.oval(0.0, -h + 1.0, r * 0.6, r * 0.11, c.main.lift(0.1));
            let warm = p.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, WARM, 0.55), (1.0, WARM, 0.0)]);
            p.fill(&wax.band(h - 90.0, h), warm);
            flame(p, 0.0, -h + 2.0, 0.9);
        });
    }
    Frame::stand(390.0, 450.0, 170.0).focus(-20.0, -250.0)
}

fn candle_glass(p: &mut Pen, c: &Coat) -> Frame {
    let glass =
        Lathe::new(&[(112.0, 0.0), (112.0, 0.0), (122.0, 12.0), (124.0, 120.0), (124.0, 262.0), (124.0, 262.0)]);
    let wax = Lathe::new(&[(110.0, 16.0), (110.0, 16.0), (116.0, 24.0), (117.0, 196.0), (117.0, 196.0)]);
    let ink = p.turned(c.main, Finish::Wax);
    p.fill(&wax.band(16.0, 196.0), ink);
    p.oval(0.0, -196.0, 117.0, 23.0, c.main.lift(0.09));
    let pool = p.rad(0.5, 0.5, 0.5, &[(0.0, WARM, 0.9), (1.0, WARM, 0.0)]);
    p.oval(0.0, -196.0, 108.0, 20.0, pool);
    flame(p, 0.0, -194.0, 0.82);
    super::cups::clear(p, &glass, 0.0);
    p.glint(&glass, 20.0, 250.0, -0.84, 0.8);
    p.label(&glass, 54.0, 150.0, 0.62, dye::CHALK);
    p.mark(c.mark, 0.0, -94.0, 36.0, c.second);
    p.words(0.0, -56.0, &[70.0, 44.0], 12.0, 4.0, c.second);
    Frame::stand(280.0, 310.0, 118.0).focus(20.0, -170.0).fill(0.86)
}

fn candle_tin(p: &mut Pen, c: &Coat) -> Frame {
    let tin = Lathe::tilted(&[(150.0, 0.0), (150.0, 0.0), (152.0, 6.0), (152.0, 142.0), (152.0, 142.0)], 0.26);
    p.body(&tin, c.second, Finish::Metal);
    p.label(&tin, 22.0, 122.0, 0.96, c.third);
    p.mark(c.mark, 0.0, -52.0, 44.0, dye::CHALK);
    p.words(0.0, -16.0, &[96.0, 60.0], 12.0, 4.0, dye::CHALK);
    p.mouth(&tin, c.second.lift(0.1), c.second.lift(-0.1), 6.0);
    p.oval(0.0, -136.0, 138.0, 33.0, c.main);
    let pool = p.rad(0.5, 0.5, 0.5, &[(0.0, WARM, 0.9), (1.0, WARM, 0.0)]);
    p.oval(0.0, -136.0, 100.0, 24.0, pool);
    flame(p, 0.0, -136.0, 0.9);
    p.place(205.0, 10.0, 0.0, 1.0, |p| {
        p.shadow(0.0, 0.0, 110.0, 40.0, c.second.lift(0.1));
        let lid = Lathe::tilted(&[(128.0, 0.0), (128.0, 0.0), (128.0, 26.0), (128.0, 26.0)], 0.26);
        p.body(&lid, c.second, Finish::Metal);
        let top = p.slant(c.second.lift(0.16), c.second.lift(-0.06));
        p.oval(0.0, -26.0, 126.0, 32.0, top);
        p.line(&oval(0.0, -26.0, 104.0, 26.0), c.second.lift(-0.12).at(0.6), 2.4);
    });
    Frame::stand(500.0, 270.0, 170.0).focus(-20.0, -110.0).fill(0.98)
}

fn candlestick(p: &mut Pen, c: &Coat) -> Frame {
    for (x, y, h) in [(-96.0, -24.0, 200.0), (74.0, 0.0, 120.0)] {
        p.shadow(x, y, 70.0, h, c.main.lift(0.1));
        p.place(x, y, 0.0, 1.0, |p| {
            let taper = Lathe::new(&[(17.0, h), (17.0, h), (13.0, h + 250.0), (5.0, h + 268.0)]);
            p.body(&taper, c.second, Finish::Wax);
            flame(p, 0.0, -h - 266.0, 0.7);
            let stick = Lathe::new(&[
                (78.0, 0.0),
                (78.0, 0.0),
                (78.0, 9.0),
                (60.0, 16.0),
                (14.0, 26.0),
                (9.0, 40.0),
                (9.0, h - 60.0),
                (20.0, h - 40.0),
                (12.0, h - 22.0),
                (25.0, h),
                (25.0, h + 22.0),
                (25.0, h + 22.0),
            ]);
            p.body(&stick, c.main, Finish::Metal);
            p.oval(0.0, -h - 22.0, 25.0, 5.0, c.main.lift(0.12));
            p.line(
                &Path::at(-13.0, -h - 22.0).to(-12.0, -h - 60.0).jump(13.0, -h - 22.0).to(12.0, -h - 60.0).open(),
                c.second.lift(-0.05),
                8.0,
            );
        });
    }
    Frame::stand(360.0, 580.0, 130.0).focus(-30.0, -330.0)
}

/// A bundle of tapers, tied.
pub fn tapers(p: &mut Pen, c: &Coat) -> Frame {
    let mut outline = String::new();
    for i in 0..6 {
        let x = -120.0 + 48.0 * i as f32;
        outline.push_str(&soft(&[(x - 17.0, 260.0), (x - 11.0, -240.0), (x + 11.0, -240.0), (x + 17.0, 260.0)], 8.0));
    }
    p.drop(&outline, 16.0);
    for i in 0..6 {
        let x = -120.0 + 48.0 * i as f32;
        let colour = match i % 3 {
            0 => c.main,
            1 => c.second,
            _ => c.third,
        };
        p.line(&Path::at(x, -236.0).bend(x + 2.0, -262.0, x + 10.0, -276.0).open(), dye::CHALK, 5.0);
        let ink = p.turned(colour, Finish::Wax);
        p.fill(&soft(&[(x - 17.0, 260.0), (x - 11.0, -240.0), (x + 11.0, -240.0), (x + 17.0, 260.0)], 8.0), ink);
    }
    let band = p.slant(dye::KRAFT.lift(0.05), dye::KRAFT.lift(-0.06));
    p.rect(-150.0, 20.0, 300.0, 120.0, 3.0, band);
    p.mark(c.mark, 0.0, 66.0, 56.0, dye::ESPRESSO);
    p.words(0.0, 112.0, &[96.0, 60.0], 13.0, 4.0, dye::ESPRESSO);
    Frame::lay(340.0, 560.0).focus(0.0, 0.0)
}

/// A little gabled house for a tealight.
pub fn tealight_house(p: &mut Pen, c: &Coat) -> Frame {
    for (x, s, colour) in [(-180.0, 0.8, c.second), (170.0, 0.72, c.third), (0.0, 1.0, c.main)] {
        p.place(x, if s < 1.0 { -18.0 } else { 0.0 }, 0.0, s, |p| {
            p.shadow(0.0, 0.0, 104.0, 160.0, colour.lift(-0.1));
            gabled(p, colour);
        });
    }
    Frame::stand(520.0, 390.0, 230.0).focus(0.0, -190.0)
}

fn gabled(p: &mut Pen, c: Colour) {
    let side = p.down(c.lift(-0.1), c.lift(-0.18));
    p.fill(&poly(&[(92.0, 0.0), (92.0, -216.0), (142.0, -252.0), (142.0, -30.0)]), side);
    let roof = p.slant(c.lift(0.0), c.lift(-0.12));
    p.fill(&poly(&[(0.0, -340.0), (92.0, -216.0), (142.0, -252.0), (50.0, -372.0)]), roof);
    let front = p.slant(c.lift(0.06), c.lift(-0.04));
    p.fill(&soft(&[(-92.0, 0.0), (-92.0, -216.0), (0.0, -340.0), (92.0, -216.0), (92.0, 0.0)], 5.0), front);
    let light = p.down(Colour(0xf6b654), Colour(0xffedb6));
    p.fill(&Path::at(-24.0, -6.0).to(-24.0, -62.0).arc(24.0, 24.0, true, 24.0, -62.0).to(24.0, -6.0).close(), &light);
    for (x, y) in [(-48.0, -190.0), (14.0, -190.0), (-48.0, -122.0), (14.0, -122.0)] {
        p.rect(x, y, 34.0, 44.0, 3.0, &light);
        p.line(&Path::at(x + 17.0, y + 2.0).to(x + 17.2, y + 42.0).open(), c.lift(-0.02), 3.4);
    }
    p.dot(0.0, -258.0, 15.0, &light);
    halo(p, 0.0, -120.0, 170.0, 190.0, 0.35);
}

/// A camp lantern. Also stands on a terrace.
pub fn lantern(p: &mut Pen, c: &Coat) -> Frame {
    let bow = Path::at(-96.0, -300.0).curve((-130.0, -470.0), (130.0, -470.0), (96.0, -300.0)).open();
    p.line(&bow, c.second.lift(-0.1), 12.0);
    p.line(&bow, c.second.lift(0.12), 4.0);
    halo(p, 0.0, -200.0, 300.0, 260.0, 0.6);
    let base = Lathe::new(&[(112.0, 0.0), (112.0, 0.0), (118.0, 12.0), (114.0, 84.0), (86.0, 104.0), (86.0, 104.0)]);
    p.body(&base, c.main, Finish::Gloss);
    p.dot(0.0, -34.0, 19.0, c.second.lift(-0.1));
    p.dot(-2.0, -37.0, 14.0, c.second.lift(0.1));
    let glass = Lathe::new(&[(84.0, 100.0), (84.0, 100.0), (96.0, 180.0), (78.0, 272.0), (78.0, 272.0)]);
    let inner = p.rad(0.5, 0.55, 0.6, &[(0.0, Colour(0xfffbe8), 0.98), (0.5, WARM, 0.8), (1.0, WARM.lift(-0.1), 0.35)]);
    p.fill(&glass.outline(), inner);
    super::cups::clear(p, &glass, 0.0);
    for sine in [-0.82, 0.0, 0.82] {
        p.line(&glass.rib(100.0, 272.0, sine), c.second.lift(-0.08), 6.0);
    }
    let cap = Lathe::new(&[
        (96.0, 264.0),
        (96.0, 264.0),
        (98.0, 282.0),
        (70.0, 318.0),
        (44.0, 330.0),
        (44.0, 352.0),
        (6.0, 364.0),
    ]);
    p.body(&cap, c.main, Finish::Gloss);
    p.fill(&leaf((0.0, -366.0), (0.0, -372.0), 0.5, 0.0), c.second);
    Frame::stand(300.0, 430.0, 116.0).focus(20.0, -210.0)
}
