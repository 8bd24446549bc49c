//! Sound and desk.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, blob, card, oval, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;
use crate::draw::weave::Weave;

const DEEP: Colour = Colour(0x1f1c22);

/// Headphones. Styles: 0 over-ear, 1 light on-ear with a cable, 2 on an oak stand.
pub fn headphones(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 2 {
        return stand(p, c);
    }
    let arc = |w: f32, top: f32, foot: f32| {
        Path::at(-w, foot)
            .curve((-w - 10.0, top * 0.86), (-w * 0.62, top), (0.0, top))
            .curve((w * 0.62, top), (w + 10.0, top * 0.86), (w, foot))
            .open()
    };
    let (w, thick) = if c.style == 1 { (178.0, 17.0) } else { (186.0, 40.0) };
    p.line(&arc(w - 8.0, -490.0, -200.0), c.second.lift(-0.22), thick);
    p.line(&arc(w, -512.0, -200.0), c.second.lift(-0.06), thick);
    p.group("translate(-3 -5)", |p| p.line(&arc(w, -512.0, -200.0), c.second.lift(0.12).at(0.7), thick * 0.24));
    if c.style == 1 {
        p.line(&wave(&[(-178.0, -60.0), (-160.0, 10.0), (-40.0, 24.0), (80.0, 6.0), (190.0, 30.0)]), c.third, 7.0);
    }
    for s in [-1.0, 1.0] {
        p.place(w * s, -170.0, 6.0 * s, 1.0, |p| cup(p, c, s));
    }
    Frame::stand(520.0, 530.0, 190.0).focus(-140.0, -230.0).airy()
}

fn cup(p: &mut Pen, c: &Coat, side: f32) {
    let big = if c.style == 1 { 0.74 } else { 1.0 };
    p.line(&Path::at(0.0, -130.0 * big).to(0.5, -40.0).open(), dye::STEEL.lift(-0.05), 17.0);
    p.line(&Path::at(-3.0, -130.0 * big).to(-2.5, -40.0).open(), dye::WHITE.at(0.5), 4.0);
    p.group(&format!("scale({big:.2})"), |p| {
        let pad =
            soft(&[(-54.0 * side, -122.0), (-4.0 * side, -128.0), (-4.0 * side, 128.0), (-54.0 * side, 122.0)], 26.0);
        p.fill(&pad, c.third.lift(-0.04));
        p.line(&Path::at(-30.0 * side, -110.0).to(-30.0 * side + 0.5, 110.0).open(), c.third.lift(0.12).at(0.6), 9.0);
        let shell = soft(
            &[
                (-8.0 * side, -136.0),
                (48.0 * side, -120.0),
                (62.0 * side, -60.0),
                (62.0 * side, 60.0),
                (48.0 * side, 120.0),
                (-8.0 * side, 136.0),
            ],
            30.0,
        );
        let ink = p.lin(
            (0.0, 0.0),
            (1.0, 0.7),
            &[(0.0, c.main.lift(0.12), 1.0), (0.45, c.main, 1.0), (1.0, c.main.lift(-0.14), 1.0)],
        );
        p.fill(&shell, ink);
        p.line(&Path::at(46.0 * side, -74.0).to(46.0 * side + 0.5, 74.0).open(), dye::WHITE.at(0.2), 7.0);
        p.dot(30.0 * side, 0.0, 11.0, c.second.lift(0.04));
    });
}

fn stand(p: &mut Pen, c: &Coat) -> Frame {
    let foot = Lathe::new(&[(130.0, 0.0), (130.0, 0.0), (132.0, 8.0), (128.0, 26.0)]);
    p.body(&foot, c.main, Finish::Matte);
    p.oval(0.0, -26.0, 128.0, 25.0, c.main.lift(0.07));
    let post = p.across(&[(0.0, c.main.lift(0.07), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.15), 1.0)]);
    p.rect(-19.0, -470.0, 38.0, 450.0, 8.0, post);
    p.grain(-15.0, -460.0, 30.0, 430.0, c.main, 3);
    let yoke = blob(&[
        (-96.0, -440.0),
        (-60.0, -486.0),
        (0.0, -500.0),
        (60.0, -486.0),
        (96.0, -440.0),
        (60.0, -446.0),
        (0.0, -456.0),
        (-60.0, -446.0),
    ]);
    let ink = p.slant(c.main.lift(0.1), c.main.lift(-0.08));
    p.fill(&yoke, ink);
    p.place(0.0, 8.0, 0.0, 0.92, |p| {
        headphones(p, &Coat { main: c.second, second: dye::IRON, third: dye::CHARCOAL, style: 0, ..*c });
    });
    Frame::stand(480.0, 540.0, 132.0).focus(0.0, -380.0)
}

/// Earbuds in their open case.
pub fn earbuds(p: &mut Pen, c: &Coat) -> Frame {
    let lid = card(-190.0, -330.0, 380.0, 190.0, 90.0);
    let back = p.slant(c.main.lift(0.02), c.main.lift(-0.1));
    p.fill(&lid, back);
    p.fill(&card(-164.0, -306.0, 328.0, 160.0, 74.0), c.main.lift(-0.2));
    let tray = Lathe::new(&[(130.0, 0.0), (174.0, 26.0), (192.0, 80.0), (192.0, 150.0), (192.0, 150.0)]);
    for s in [-1.0, 1.0] {
        p.place(84.0 * s, -150.0, -7.0 * s, 1.0, |p| {
            let stem = soft(&[(-19.0, 20.0), (-17.0, -112.0), (17.0, -112.0), (19.0, 20.0)], 16.0);
            let ink = p.across(&[
                (0.0, c.second.lift(0.02), 1.0),
                (0.4, c.second.lift(0.04), 1.0),
                (1.0, c.second.lift(-0.16), 1.0),
            ]);
            p.ball(-16.0 * s, 6.0, 46.0, c.second.lift(-0.03));
            p.fill(&stem, ink);
            p.rect(-12.0, -106.0, 24.0, 5.0, 2.0, c.third.at(0.7));
            p.dot(0.0, -70.0, 3.6, c.third.at(0.6));
        });
    }
    p.body(&tray, c.main, Finish::Gloss);
    p.line(&tray.hoop(146.0), c.main.lift(0.14), 7.0);
    p.oval(0.0, -58.0, 7.0, 5.0, dye::MINT);
    Frame::stand(420.0, 350.0, 140.0).focus(-60.0, -160.0).fill(0.88)
}

fn cone(p: &mut Pen, x: f32, y: f32, r: f32, c: Colour) {
    p.dot(x, y, r, dye::CHARCOAL);
    let rim = p.slant(dye::STEEL.lift(0.1), dye::STEEL.lift(-0.2));
    p.dot(x, y, r * 0.94, rim);
    let paper = p.rad(
        0.5,
        0.5,
        0.5,
        &[(0.0, c.lift(-0.14), 1.0), (0.5, c.lift(0.04), 1.0), (0.9, c.lift(-0.06), 1.0), (1.0, c.lift(-0.18), 1.0)],
    );
    p.dot(x, y, r * 0.82, paper);
    for k in [0.5, 0.64] {
        p.line(&oval(x, y, r * k, r * k), c.lift(-0.14).at(0.4), 2.4);
    }
    p.ball(x, y, r * 0.28, c.lift(-0.08));
}

/// Speakers. Styles: 0 a pair for the shelf, 1 portable, 2 kitchen radio.
pub fn speaker(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => portable(p, c),
        2 => radio(p, c),
        _ => {
            for (x, y) in [(-150.0, -14.0), (140.0, 0.0)] {
                p.place(x, y, 0.0, 1.0, |p| {
                    p.shadow(24.0, 0.0, 130.0, 300.0, dye::SAND);
                    p.carton(230.0, 380.0, 150.0, c.main);
                    p.grain(-110.0, -374.0, 220.0, 366.0, c.main, 12);
                    p.fill(&card(-101.0, -366.0, 202.0, 352.0, 12.0), c.third);
                    cone(p, 0.0, -134.0, 84.0, c.second);
                    cone(p, 0.0, -288.0, 44.0, c.second);
                });
            }
            Frame::stand(580.0, 450.0, 250.0).focus(-130.0, -240.0)
        }
    }
}

fn portable(p: &mut Pen, c: &Coat) -> Frame {
    let loop_ = wave(&[(170.0, -280.0), (250.0, -300.0), (262.0, -180.0), (190.0, -150.0)]);
    p.line(&loop_, c.second.lift(-0.06), 17.0);
    p.line(&loop_, c.second.lift(0.1), 5.0);
    let body = Lathe::new(&[
        (150.0, 0.0),
        (150.0, 0.0),
        (176.0, 24.0),
        (184.0, 90.0),
        (184.0, 280.0),
        (172.0, 336.0),
        (150.0, 352.0),
    ]);
    p.body(&body, c.main, Finish::Matte);
    p.cloth(&body.band(30.0, 330.0), c.main, (Weave::Tweed, c.main.lift(0.12), c.main.lift(-0.12)), 0.55, 0.0);
    let shade = p.across(&[(0.0, DEEP, 0.1), (0.3, dye::WHITE, 0.12), (0.6, DEEP, 0.0), (1.0, DEEP, 0.4)]);
    p.fill(&body.outline(), shade);
    let top = p.slant(c.second.lift(0.08), c.second.lift(-0.06));
    p.oval(0.0, -352.0, 150.0, 30.0, top);
    for x in [-60.0, 0.0, 60.0] {
        p.oval(x, -352.0, 17.0, 5.0, c.second.lift(-0.16));
    }
    p.fill(&body.patch(150.0, 190.0, -0.24, 0.24), c.second);
    p.mark(c.mark, 0.0, -136.0, 32.0, c.second.lift(-0.3));
    Frame::stand(460.0, 390.0, 160.0).focus(20.0, -210.0)
}

fn radio(p: &mut Pen, c: &Coat) -> Frame {
    p.line(&Path::at(170.0, -300.0).to(276.0, -520.0).open(), dye::STEEL.lift(-0.04), 7.0);
    p.ball(278.0, -524.0, 9.0, dye::STEEL);
    let bow = Path::at(-190.0, -320.0).curve((-180.0, -420.0), (140.0, -420.0), (150.0, -320.0)).open();
    p.line(&bow, c.second.lift(-0.05), 22.0);
    p.line(&bow, c.second.lift(0.1).at(0.6), 6.0);
    p.carton(520.0, 320.0, 130.0, c.main);
    p.sheen(&card(-260.0, -320.0, 520.0, 320.0, 8.0), 0.12);
    let cloth = card(-234.0, -290.0, 270.0, 260.0, 20.0);
    p.fill(&cloth, c.third);
    p.cloth(&cloth, c.third, (Weave::Linen, c.third, c.third), 1.2, 0.0);
    for k in 0..9 {
        p.line(
            &Path::at(-216.0, -268.0 + 27.0 * k as f32).to(18.0, -268.0 + 27.0 * k as f32).open(),
            c.third.lift(-0.14).at(0.6),
            4.0,
        );
    }
    p.fill(&card(62.0, -290.0, 172.0, 84.0, 10.0), dye::CREAM);
    for k in 0..9 {
        let h = if k % 2 == 0 { 26.0 } else { 15.0 };
        p.line(
            &Path::at(80.0 + 17.0 * k as f32, -280.0).to(80.5 + 17.0 * k as f32, -280.0 + h).open(),
            dye::CHARCOAL,
            3.0,
        );
    }
    p.line(&Path::at(150.0, -284.0).to(150.5, -214.0).open(), dye::TOMATO, 4.0);
    for (x, r) in [(104.0, 36.0), (192.0, 36.0)] {
        p.pool(x + 7.0, -104.0, r * 1.4, r * 1.4, DEEP, 0.5);
        p.ball(x, -112.0, r, c.second);
        p.line(&Path::at(x, -112.0).to(x + 12.0, -138.0).open(), dye::CREAM, 5.0);
    }
    Frame::stand(620.0, 540.0, 280.0).focus(60.0, -200.0)
}

/// A turntable with its dust cover open.
pub fn turntable(p: &mut Pen, c: &Coat) -> Frame {
    let base = card(-330.0, -250.0, 660.0, 500.0, 16.0);
    p.drop(&base, 20.0);
    let wood = p.slant(c.main.lift(0.05), c.main.lift(-0.06));
    p.fill(&base, wood);
    p.grain(-320.0, -244.0, 640.0, 488.0, c.main, 14);
    p.pool(-74.0, 14.0, 250.0, 244.0, DEEP, 0.5);
    p.dot(-84.0, 0.0, 226.0, dye::STEEL.lift(-0.04));
    let vinyl = p.lin(
        (0.0, 0.0),
        (1.0, 1.0),
        &[
            (0.0, DEEP.lift(0.1), 1.0),
            (0.3, DEEP.lift(0.02), 1.0),
            (0.5, DEEP.lift(0.16), 1.0),
            (0.7, DEEP, 1.0),
            (1.0, DEEP.lift(0.1), 1.0),
        ],
    );
    p.dot(-84.0, 0.0, 216.0, vinyl);
    for k in 0..9 {
        let r = 204.0 - 14.0 * k as f32;
        p.line(&oval(-84.0, 0.0, r, r), dye::WHITE.at(0.08), 2.4);
    }
    p.dot(-84.0, 0.0, 76.0, c.second);
    p.line(&oval(-84.0, 0.0, 54.0, 54.0), dye::CREAM.at(0.7), 4.0);
    p.dot(-84.0, 0.0, 7.0, dye::STEEL);
    p.dot(240.0, -150.0, 58.0, dye::STEEL.lift(-0.14));
    p.ball(240.0, -150.0, 44.0, dye::STEEL);
    let arm = wave(&[(240.0, -150.0), (252.0, 20.0), (190.0, 120.0), (92.0, 158.0)]);
    p.place(8.0, 13.0, 0.0, 1.0, |p| p.line(&arm, DEEP.at(0.2), 15.0));
    p.line(&arm, dye::STEEL.lift(-0.08), 13.0);
    p.line(&arm, dye::WHITE.at(0.6), 4.0);
    p.place(80.0, 162.0, -20.0, 1.0, |p| p.rect(-30.0, -15.0, 50.0, 30.0, 5.0, DEEP));
    p.ball(252.0, 190.0, 30.0, dye::BRASS);
    p.rect(170.0, 184.0, 40.0, 13.0, 6.0, DEEP.at(0.5));
    Frame::lay(700.0, 540.0).focus(60.0, 60.0)
}
