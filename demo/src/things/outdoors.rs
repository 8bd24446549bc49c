//! For camping and for the bicycle.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, blob, card, oval, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);

/// A tent.
pub fn tent(p: &mut Pen, c: &Coat) -> Frame {
    for (x1, y1, x2, y2) in [(-300.0, -60.0, -396.0, 14.0), (330.0, -80.0, 420.0, -4.0), (60.0, -370.0, 440.0, -40.0)] {
        p.line(&Path::at(x1, y1).to(x2, y2).open(), c.third, 3.4);
    }
    let back = blob(&[
        (-60.0, -384.0),
        (-60.0, -384.0),
        (120.0, -360.0),
        (290.0, -210.0),
        (372.0, -16.0),
        (372.0, -16.0),
        (100.0, 0.0),
        (100.0, 0.0),
    ]);
    let shade = p.lin((0.0, 0.0), (1.0, 0.6), &[(0.0, c.main.lift(-0.03), 1.0), (1.0, c.main.lift(-0.15), 1.0)]);
    p.fill(&back, shade);
    let front = blob(&[
        (-60.0, -384.0),
        (-60.0, -384.0),
        (-190.0, -220.0),
        (-340.0, 0.0),
        (-340.0, 0.0),
        (100.0, 12.0),
        (100.0, 12.0),
        (60.0, -180.0),
    ]);
    let lit = p.slant(c.main.lift(0.1), c.main.lift(-0.03));
    p.fill(&front, lit);
    let door = blob(&[
        (-70.0, -330.0),
        (-70.0, -330.0),
        (-150.0, -150.0),
        (-206.0, 3.0),
        (-206.0, 3.0),
        (20.0, 9.0),
        (20.0, 9.0),
        (-10.0, -160.0),
    ]);
    let inside = p.down(dye::ESPRESSO.mix(c.main, 0.35), Colour(0xe8b765));
    p.fill(&door, inside);
    p.fill(
        &blob(&[(-206.0, 3.0), (-150.0, -44.0), (-60.0, -52.0), (20.0, -40.0), (20.0, 9.0), (-90.0, 10.0)]),
        dye::CREAM.mix(dye::SAND, 0.5),
    );
    let flap = blob(&[
        (-70.0, -330.0),
        (-70.0, -330.0),
        (-10.0, -160.0),
        (20.0, 9.0),
        (20.0, 9.0),
        (70.0, -60.0),
        (40.0, -200.0),
    ]);
    let rolled = p.across(&[(0.0, c.second.lift(-0.08), 1.0), (1.0, c.second.lift(0.06), 1.0)]);
    p.fill(&flap, rolled);
    for d in [
        wave(&[(-60.0, -384.0), (-190.0, -220.0), (-340.0, 0.0)]),
        wave(&[(-60.0, -384.0), (60.0, -180.0), (100.0, 12.0)]),
    ] {
        p.line(&d, c.second.lift(-0.04), 9.0);
        p.line(&d, c.second.lift(0.14).at(0.6), 3.0);
    }
    for (x, y) in [(160.0, -300.0), (230.0, -190.0)] {
        p.line(&wave(&[(x, y), (x + 20.0, y + 140.0), (x + 10.0, y + 280.0)]), DEEP.at(0.1), 12.0);
    }
    p.mark(c.mark, 220.0, -96.0, 54.0, c.second.lift(0.1));
    Frame::stand(800.0, 400.0, 350.0).focus(-80.0, -180.0)
}

/// A sleeping bag, unrolled.
pub fn sleeping_bag(p: &mut Pen, c: &Coat) -> Frame {
    let outline = blob(&[
        (-150.0, -320.0),
        (-90.0, -380.0),
        (0.0, -396.0),
        (90.0, -380.0),
        (150.0, -320.0),
        (176.0, -140.0),
        (150.0, 120.0),
        (112.0, 330.0),
        (60.0, 384.0),
        (-60.0, 384.0),
        (-112.0, 330.0),
        (-150.0, 120.0),
        (-176.0, -140.0),
    ]);
    p.drop(&outline, 19.0);
    let ink = p.lin(
        (0.0, 0.0),
        (1.0, 0.2),
        &[(0.0, c.main.lift(0.05), 1.0), (0.4, c.main.lift(0.02), 1.0), (1.0, c.main.lift(-0.12), 1.0)],
    );
    p.fill(&outline, ink);
    for k in 0..9 {
        let y = -210.0 + 66.0 * k as f32;
        let w = 168.0 - (y / 380.0).max(0.0).powi(2) * 62.0;
        p.line(&wave(&[(-w, y), (0.0, y + 17.0), (w, y)]), DEEP.at(0.2), 7.0);
        p.line(&wave(&[(-w + 4.0, y + 22.0), (0.0, y + 40.0), (w - 4.0, y + 22.0)]), dye::WHITE.at(0.16), 22.0);
    }
    let hood = blob(&[
        (-118.0, -306.0),
        (-70.0, -350.0),
        (0.0, -362.0),
        (70.0, -350.0),
        (118.0, -306.0),
        (100.0, -232.0),
        (0.0, -206.0),
        (-100.0, -232.0),
    ]);
    p.fill(&hood, c.second.lift(-0.06));
    p.line(&hood, c.main.lift(-0.1), 10.0);
    p.pool(0.0, -280.0, 96.0, 60.0, DEEP, 0.3);
    let zip = wave(&[(96.0, -236.0), (140.0, -120.0), (124.0, 60.0), (110.0, 160.0)]);
    p.line(&zip, DEEP.at(0.4), 8.0);
    p.seam(&zip, c.third, 5.0, 4.0);
    p.mark(c.mark, -70.0, 250.0, 54.0, c.third);
    Frame::lay(380.0, 800.0).focus(20.0, -180.0)
}

/// A hammock between two posts.
pub fn hammock(p: &mut Pen, c: &Coat) -> Frame {
    for x in [-370.0, 370.0] {
        let post = p.across(&[(0.0, dye::WALNUT.lift(0.06), 1.0), (1.0, dye::WALNUT.lift(-0.1), 1.0)]);
        p.rect(x - 19.0, -440.0, 38.0, 446.0, 8.0, post);
        p.line(&Path::at(x - 21.0, -330.0).to(x + 21.0, -322.0).open(), dye::JUTE, 12.0);
    }
    for s in [-1.0, 1.0] {
        for k in 0..6 {
            p.line(
                &Path::at(356.0 * s, -326.0).to(222.0 * s, -270.0 + 22.0 * k as f32).open(),
                dye::JUTE.lift(-0.04),
                3.4,
            );
        }
    }
    p.pool(0.0, -4.0, 260.0, 24.0, DEEP, 0.35);
    let back = blob(&[
        (-236.0, -286.0),
        (-236.0, -286.0),
        (-110.0, -200.0),
        (0.0, -176.0),
        (110.0, -200.0),
        (236.0, -286.0),
        (236.0, -286.0),
        (120.0, -120.0),
        (0.0, -90.0),
        (-120.0, -120.0),
    ]);
    p.fill(&back, c.main.lift(-0.15));
    let cloth = blob(&[
        (-240.0, -276.0),
        (-240.0, -276.0),
        (-120.0, -160.0),
        (0.0, -128.0),
        (120.0, -160.0),
        (240.0, -276.0),
        (240.0, -276.0),
        (226.0, -150.0),
        (120.0, -40.0),
        (0.0, -14.0),
        (-120.0, -40.0),
        (-226.0, -150.0),
    ]);
    let ink = p.lin(
        (0.0, 0.0),
        (0.4, 1.0),
        &[(0.0, c.main.lift(0.07), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.13), 1.0)],
    );
    p.fill(&cloth, ink);
    for k in 0..4 {
        let y = -118.0 + 28.0 * k as f32;
        let shade = if k % 2 == 0 { c.second } else { c.third };
        p.line(
            &wave(&[
                (-236.0, -258.0 + 28.0 * k as f32),
                (-120.0, y - 26.0),
                (0.0, y + 4.0),
                (120.0, y - 26.0),
                (236.0, -258.0 + 28.0 * k as f32),
            ]),
            shade,
            10.0,
        );
    }
    p.sheen(&cloth, 0.12);
    Frame::stand(800.0, 450.0, 380.0).focus(-60.0, -140.0).airy()
}

/// For the bicycle. Styles: 0 bell, 1 saddle, 2 lights.
pub fn cycling(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => saddle(p, c),
        2 => lights(p, c),
        _ => bell(p, c),
    }
}

fn bell(p: &mut Pen, c: &Coat) -> Frame {
    let bar = p.down(dye::STEEL.lift(0.1), dye::STEEL.lift(-0.18));
    p.rect(-330.0, -70.0, 660.0, 56.0, 28.0, bar);
    p.rect(-330.0, -62.0, 660.0, 8.0, 4.0, dye::WHITE.at(0.6));
    p.rect(-54.0, -92.0, 108.0, 96.0, 16.0, c.second);
    p.rect(-54.0, -92.0, 108.0, 96.0, 16.0, DEEP.at(0.12));
    let lever =
        blob(&[(60.0, -118.0), (150.0, -128.0), (196.0, -110.0), (190.0, -88.0), (140.0, -96.0), (60.0, -92.0)]);
    p.fill(&lever, dye::STEEL.lift(-0.1));
    p.place(0.0, -104.0, 0.0, 1.0, |p| {
        let foot = Lathe::new(&[(148.0, 0.0), (148.0, 0.0), (150.0, 12.0), (146.0, 20.0)]);
        p.body(&foot, c.second.lift(0.02), Finish::Gloss);
        let dome =
            Lathe::new(&[(160.0, 18.0), (160.0, 18.0), (162.0, 34.0), (138.0, 116.0), (76.0, 168.0), (8.0, 182.0)]);
        p.body(&dome, c.main, Finish::Metal);
        p.line(&dome.hoop(30.0), c.main.lift(-0.2).at(0.6), 4.0);
        p.ball(0.0, -186.0, 17.0, c.main.lift(-0.05));
    });
    Frame::stand(680.0, 320.0, 60.0).focus(0.0, -200.0).airy()
}

fn saddle(p: &mut Pen, c: &Coat) -> Frame {
    for x in [-40.0, 40.0] {
        p.line(
            &wave(&[(-190.0, -170.0), (-120.0 + x, -90.0), (60.0 + x, -80.0), (200.0, -160.0)]),
            dye::STEEL.lift(-0.1),
            12.0,
        );
        p.line(
            &wave(&[(-190.0, -172.0), (-120.0 + x, -93.0), (60.0 + x, -83.0), (200.0, -162.0)]),
            dye::WHITE.at(0.5),
            3.4,
        );
    }
    let post = p.turned(dye::STEEL, Finish::Metal);
    p.rect(-34.0, -84.0, 54.0, 90.0, 4.0, post);
    for x in [-230.0, -170.0] {
        p.line(&oval(x, -150.0, 24.0, 44.0), dye::STEEL.lift(-0.04), 9.0);
    }
    let top = blob(&[
        (-300.0, -246.0),
        (-250.0, -286.0),
        (-130.0, -284.0),
        (40.0, -256.0),
        (230.0, -252.0),
        (300.0, -226.0),
        (290.0, -186.0),
        (200.0, -176.0),
        (20.0, -166.0),
        (-110.0, -140.0),
        (-220.0, -150.0),
        (-296.0, -190.0),
    ]);
    let ink = p.lin(
        (0.0, 0.0),
        (0.3, 1.0),
        &[(0.0, c.main.lift(0.13), 1.0), (0.4, c.main, 1.0), (1.0, c.main.lift(-0.15), 1.0)],
    );
    p.fill(&top, ink);
    p.fill(
        &blob(&[(-250.0, -270.0), (-130.0, -270.0), (40.0, -246.0), (200.0, -240.0), (40.0, -232.0), (-140.0, -240.0)]),
        dye::WHITE.at(0.13),
    );
    for (x, y) in [(-272.0, -240.0), (-240.0, -258.0), (-262.0, -204.0), (270.0, -222.0), (-206.0, -266.0)] {
        p.dot(x, y, 11.0, c.second.lift(-0.12));
        p.dot(x - 2.0, y - 2.0, 7.0, c.second.lift(0.1));
    }
    p.mark(c.mark, -60.0, -190.0, 44.0, c.main.lift(-0.14));
    Frame::stand(620.0, 300.0, 40.0).focus(-90.0, -200.0).airy()
}

fn lights(p: &mut Pen, c: &Coat) -> Frame {
    for (x, beam, s) in [(-130.0, Colour(0xfff1c8), 1.0), (160.0, Colour(0xff6a52), 0.8)] {
        p.place(x, 0.0, 0.0, s, |p| {
            p.shadow(0.0, 0.0, 100.0, 200.0, dye::SAND);
            p.rect(-36.0, -70.0, 72.0, 76.0, 12.0, dye::CHARCOAL);
            let body = card(-124.0, -300.0, 248.0, 240.0, 70.0);
            let ink = p.slant(c.main.lift(0.08), c.main.lift(-0.1));
            p.fill(&body, ink);
            p.dot(0.0, -182.0, 92.0, c.main.lift(-0.2));
            let lens =
                p.rad(0.45, 0.42, 0.6, &[(0.0, dye::WHITE, 1.0), (0.4, beam, 1.0), (1.0, beam.lift(-0.22), 1.0)]);
            p.dot(0.0, -182.0, 82.0, lens);
            for r in [30.0, 54.0] {
                p.line(&oval(0.0, -182.0, r, r), dye::WHITE.at(0.35), 4.0);
            }
            let glow = p.glow(beam, 0.55);
            p.dot(0.0, -182.0, 230.0, glow);
            p.rect(-20.0, -292.0, 40.0, 13.0, 6.0, c.second);
        });
    }
    Frame::stand(560.0, 320.0, 170.0).focus(-110.0, -180.0)
}
