//! What stands on a desk: keyboards, chargers, lamps, clocks.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, blob, card, oval, poly, ring, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x1f1c22);

/// A keyboard.
pub fn keyboard(p: &mut Pen, c: &Coat) -> Frame {
    let base = card(-370.0, -150.0, 740.0, 300.0, 24.0);
    p.drop(&base, 18.0);
    let ink = p.slant(c.main.lift(0.06), c.main.lift(-0.08));
    p.fill(&base, ink);
    p.fill(&card(-350.0, -130.0, 700.0, 260.0, 12.0), c.main.lift(-0.16));
    let key = |p: &mut Pen, x: f32, y: f32, w: f32, colour: Colour| {
        p.rect(x, y, w, 47.0, 8.0, colour.lift(-0.14));
        let face = p.down(colour.lift(0.05), colour.lift(-0.02));
        p.rect(x + 4.0, y + 2.0, w - 8.0, 37.0, 6.0, face);
    };
    for row in 0..4 {
        let shift = [0.0, 18.0, 30.0, 48.0][row];
        let mut x = -346.0;
        let y = -127.0 + 51.0 * row as f32;
        let first = 49.0 + shift;
        key(p, x, y, first, if row == 0 { c.third } else { c.second.lift(-0.1) });
        x += first + 3.0;
        while x + 52.0 < 346.0 - 50.0 {
            key(p, x, y, 49.0, c.second);
            x += 52.0;
        }
        key(p, x, y, 346.0 - x, if row == 2 { c.third } else { c.second.lift(-0.1) });
    }
    for (x, w) in [(-346.0, 62.0), (-281.0, 62.0), (-216.0, 62.0), (222.0, 60.0), (285.0, 61.0)] {
        key(p, x, 77.0, w, c.second.lift(-0.1));
    }
    key(p, -151.0, 77.0, 370.0, c.second);
    Frame::lay(770.0, 330.0).focus(-200.0, -20.0).fill(1.06)
}

/// Small things of the desk. Styles: 0 mouse, 1 charger, 2 charging pad, 3 cable, 4 laptop stand.
pub fn desk(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => charger(p, c),
        2 => pad(p, c),
        3 => cable(p, c),
        4 => laptop(p, c),
        _ => mouse(p, c),
    }
}

fn mouse(p: &mut Pen, c: &Coat) -> Frame {
    let outline = blob(&[
        (0.0, -230.0),
        (96.0, -210.0),
        (140.0, -120.0),
        (146.0, 60.0),
        (110.0, 190.0),
        (0.0, 232.0),
        (-110.0, 190.0),
        (-146.0, 60.0),
        (-140.0, -120.0),
        (-96.0, -210.0),
    ]);
    p.group("rotate(16)", |p| {
        p.drop(&outline, 22.0);
        let ink = p.rad(
            0.38,
            0.36,
            0.78,
            &[(0.0, c.main.lift(0.12), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.17), 1.0)],
        );
        p.fill(&outline, ink);
        p.line(&wave(&[(-143.0, -30.0), (0.0, -10.0), (143.0, -30.0)]), c.main.lift(-0.16), 4.0);
        p.line(&Path::at(0.0, -228.0).to(0.5, -14.0).open(), c.main.lift(-0.16), 4.0);
        p.rect(-15.0, -170.0, 30.0, 90.0, 15.0, c.main.lift(-0.24));
        p.rect(-11.0, -164.0, 22.0, 78.0, 11.0, c.second);
        p.mark(c.mark, 0.0, 130.0, 44.0, c.main.lift(-0.14));
        p.fill(&blob(&[(-110.0, -120.0), (-60.0, -190.0), (-40.0, -150.0), (-90.0, -30.0)]), dye::WHITE.at(0.2));
    });
    Frame::lay(400.0, 520.0).focus(-10.0, -70.0).fill(0.86)
}

fn charger(p: &mut Pen, c: &Coat) -> Frame {
    p.carton(250.0, 260.0, 170.0, c.main);
    p.sheen(&card(-125.0, -260.0, 250.0, 260.0, 2.0), 0.16);
    for y in [-196.0, -146.0] {
        p.rect(-40.0, y, 80.0, 27.0, 13.0, DEEP.lift(0.1));
        p.rect(-25.0, y + 10.0, 50.0, 7.0, 3.0, dye::STEEL);
    }
    p.rect(-40.0, -92.0, 80.0, 34.0, 4.0, DEEP.lift(0.1));
    p.rect(-32.0, -84.0, 64.0, 12.0, 2.0, c.second);
    p.mark(c.mark, 92.0, -26.0, 30.0, c.main.lift(-0.16));
    let cord =
        wave(&[(-40.0, -182.0), (-150.0, -180.0), (-230.0, -60.0), (-180.0, 20.0), (-20.0, 34.0), (200.0, 22.0)]);
    p.line(&cord, c.second.lift(-0.1), 13.0);
    p.line(&cord, c.second.lift(0.08), 5.0);
    p.rect(-96.0, -196.0, 62.0, 26.0, 8.0, c.second.lift(-0.05));
    Frame::stand(500.0, 350.0, 140.0).focus(-10.0, -150.0).fill(0.94)
}

fn pad(p: &mut Pen, c: &Coat) -> Frame {
    let cord = wave(&[(150.0, 150.0), (240.0, 220.0), (200.0, 300.0), (60.0, 330.0)]);
    p.line(&cord, c.second.lift(-0.1), 12.0);
    let disc = oval(0.0, 0.0, 220.0, 220.0);
    p.drop(&disc, 15.0);
    let wood = p.slant(c.main.lift(0.06), c.main.lift(-0.08));
    p.fill(&disc, wood);
    p.clip(&disc, |p| p.grain(-220.0, -220.0, 440.0, 440.0, c.main, 16));
    p.line(&oval(0.0, 0.0, 130.0, 130.0), c.main.lift(-0.17).at(0.6), 5.0);
    p.mark(c.mark, -150.0, 120.0, 36.0, c.main.lift(-0.2));
    p.place(30.0, -20.0, -18.0, 1.0, |p| {
        let phone = card(-104.0, -216.0, 208.0, 432.0, 34.0);
        p.drop(&phone, 13.0);
        p.fill(&phone, DEEP.lift(0.06));
        let glass = p.slant(dye::PETROL, dye::PLUM);
        p.fill(&card(-94.0, -206.0, 188.0, 412.0, 26.0), glass);
        p.fill(&poly(&[(-94.0, -60.0), (94.0, -206.0), (94.0, -60.0), (-94.0, 100.0)]), dye::WHITE.at(0.06));
        p.line(&oval(0.0, -40.0, 40.0, 40.0), dye::WHITE.at(0.9), 6.0);
        p.fill(
            &poly(&[(4.0, -66.0), (-16.0, -34.0), (-2.0, -34.0), (-6.0, -12.0), (16.0, -46.0), (2.0, -46.0)]),
            dye::WHITE,
        );
    });
    Frame::lay(500.0, 560.0).focus(-40.0, 40.0)
}

fn cable(p: &mut Pen, c: &Coat) -> Frame {
    let mut points: Vec<_> = (0..=60)
        .map(|k| {
            let t = k as f32 / 60.0 * 3.0;
            let a = std::f32::consts::TAU * t;
            (a.cos() * (170.0 + 14.0 * t), a.sin() * (140.0 + 12.0 * t))
        })
        .collect();
    points.extend([(240.0, 70.0), (200.0, 220.0)]);
    points.insert(0, (80.0, -220.0));
    let d = wave(&points);
    p.place(7.0, 12.0, 0.0, 1.0, |p| p.line(&d, DEEP.at(0.18), 19.0));
    p.line(&d, c.main.lift(-0.16), 19.0);
    p.line(&d, c.main, 14.0);
    p.seam(&d, c.main.lift(0.14), 12.0, 4.0);
    for (x, y, turn) in [(80.0, -220.0, 12.0), (200.0, 220.0, 200.0)] {
        p.place(x, y, turn, 1.0, |p| {
            p.rect(-17.0, -74.0, 34.0, 84.0, 9.0, c.second);
            p.rect(-17.0, -70.0, 9.0, 74.0, 5.0, dye::WHITE.at(0.3));
            p.rect(-13.0, -108.0, 26.0, 36.0, 9.0, dye::STEEL);
        });
    }
    p.rect(-218.0, -34.0, 70.0, 68.0, 10.0, c.second);
    p.mark(c.mark, -183.0, 0.0, 36.0, c.second.lift(0.34));
    Frame::lay(520.0, 640.0).focus(150.0, 100.0)
}

fn laptop(p: &mut Pen, c: &Coat) -> Frame {
    let lid = soft(&[(-250.0, -540.0), (250.0, -540.0), (262.0, -214.0), (-262.0, -214.0)], 18.0);
    p.fill(&lid, dye::STEEL.lift(-0.1));
    let screen = p.slant(dye::PETROL.lift(0.1), dye::PLUM.lift(0.1));
    p.fill(&soft(&[(-236.0, -526.0), (236.0, -526.0), (246.0, -232.0), (-246.0, -232.0)], 8.0), screen);
    p.dot(90.0, -400.0, 54.0, dye::APRICOT.at(0.85));
    p.fill(
        &blob(&[
            (-246.0, -232.0),
            (-246.0, -300.0),
            (-120.0, -370.0),
            (0.0, -290.0),
            (110.0, -340.0),
            (246.0, -280.0),
            (246.0, -232.0),
        ]),
        dye::NIGHT.at(0.7),
    );
    p.fill(&poly(&[(-262.0, -214.0), (262.0, -214.0), (300.0, -168.0), (-300.0, -168.0)]), dye::STEEL.lift(0.06));
    p.rect(-300.0, -168.0, 600.0, 13.0, 6.0, dye::STEEL.lift(-0.14));
    let wood = p.down(c.main.lift(0.06), c.main.lift(-0.08));
    p.fill(&poly(&[(-270.0, -156.0), (270.0, -156.0), (250.0, -120.0), (-250.0, -120.0)]), &wood);
    for s in [-1.0, 1.0] {
        p.fill(&soft(&[(236.0 * s, -140.0), (170.0 * s, -140.0), (230.0 * s, 6.0), (290.0 * s, 6.0)], 8.0), &wood);
    }
    p.rect(-276.0, -12.0, 552.0, 20.0, 8.0, c.main.lift(-0.06));
    p.line(&Path::at(-190.0, -84.0).to(190.0, -84.0).open(), c.main.lift(-0.12), 15.0);
    Frame::stand(620.0, 560.0, 270.0).focus(40.0, -180.0).airy()
}

/// A lamp for the desk, on an arm.
pub fn desk_lamp(p: &mut Pen, c: &Coat) -> Frame {
    let foot = Lathe::new(&[(120.0, 0.0), (120.0, 0.0), (122.0, 8.0), (112.0, 30.0)]);
    p.body(&foot, c.main, Finish::Gloss);
    p.oval(0.0, -30.0, 112.0, 22.0, c.main.lift(0.08));
    for (a, b) in [((0.0, -30.0), (-120.0, -300.0)), ((-120.0, -300.0), (110.0, -500.0))] {
        let d = Path::at(a.0, a.1).to(b.0, b.1).open();
        p.line(&d, c.second.lift(-0.14), 17.0);
        p.group("translate(-3 -2)", |p| p.line(&d, c.second.lift(0.12), 5.0));
    }
    for (x, y) in [(-120.0, -300.0), (110.0, -500.0), (0.0, -36.0)] {
        p.ball(x, y, 21.0, c.second);
    }
    let halo = p.glow(Colour(0xffe1a0), 0.55);
    p.oval(200.0, -280.0, 240.0, 250.0, halo);
    p.place(150.0, -466.0, -34.0, 1.0, |p| {
        let shade =
            Lathe::new(&[(128.0, -90.0), (128.0, -90.0), (120.0, -66.0), (64.0, 30.0), (38.0, 60.0), (30.0, 80.0)]);
        p.body(&shade, c.main, Finish::Gloss);
        p.oval(0.0, 90.0, 128.0, 26.0, Colour(0xfff0c4));
        p.dot(0.0, 92.0, 20.0, dye::WHITE);
    });
    Frame::stand(500.0, 600.0, 122.0).focus(110.0, -420.0)
}

/// A wall clock. Style 1: a small one that stands.
pub fn clock(p: &mut Pen, c: &Coat) -> Frame {
    let face = |p: &mut Pen, r: f32| {
        let rim = p.slant(c.main.lift(0.08), c.main.lift(-0.1));
        p.dot(0.0, 0.0, r, rim);
        let dial = p.slant(c.second.lift(0.03), c.second.lift(-0.04));
        p.dot(0.0, 0.0, r * 0.88, &dial);
        p.line(&oval(0.0, 0.0, r * 0.885, r * 0.885), DEEP.at(0.2), r * 0.02);
        let ink = c.second.lift(if c.second.lightness() > 0.55 { -0.6 } else { 0.6 });
        for (i, (x, y)) in ring(0.0, 0.0, r * 0.76, r * 0.76, 12, 0.0).into_iter().enumerate() {
            let k = if i % 3 == 0 { 0.86 } else { 0.93 };
            p.line(&Path::at(x * k, y * k).to(x, y + 0.1).open(), ink, if i % 3 == 0 { r * 0.032 } else { r * 0.018 });
        }
        for (turn, length, w, colour) in
            [(-54.0f32, 0.46f32, 0.04f32, ink), (60.0, 0.7, 0.028, ink), (200.0, 0.6, 0.01, c.third)]
        {
            let a = (turn - 90.0).to_radians();
            let d =
                Path::at(-a.cos() * r * 0.1, -a.sin() * r * 0.1).to(a.cos() * r * length, a.sin() * r * length).open();
            p.place(r * 0.016, r * 0.03, 0.0, 1.0, |p| p.line(&d, DEEP.at(0.18), r * w));
            p.line(&d, colour, r * w);
        }
        p.dot(0.0, 0.0, r * 0.05, c.third);
    };
    if c.style == 1 {
        for s in [-1.0, 1.0] {
            p.line(&Path::at(70.0 * s, -60.0).to(116.0 * s, 0.0).open(), c.main.lift(-0.12), 22.0);
            p.fill(
                &blob(&[(30.0 * s, -370.0), (70.0 * s, -420.0), (140.0 * s, -380.0), (130.0 * s, -320.0)]),
                c.main.lift(0.02),
            );
        }
        p.line(
            &Path::at(-40.0, -400.0).curve((-30.0, -450.0), (30.0, -450.0), (40.0, -400.0)).open(),
            c.main.lift(-0.08),
            12.0,
        );
        p.place(8.0, -190.0, 0.0, 1.0, |p| p.dot(8.0, 0.0, 182.0, c.main.lift(-0.18)));
        p.place(0.0, -190.0, 0.0, 1.0, |p| face(p, 182.0));
        return Frame::stand(390.0, 450.0, 120.0).focus(10.0, -200.0).fill(0.92).airy();
    }
    p.drop(&oval(0.0, 0.0, 270.0, 270.0), 22.0);
    face(p, 270.0);
    Frame::wall(560.0, 560.0).focus(40.0, -30.0).fill(0.94)
}
