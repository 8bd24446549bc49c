//! Shoes and boots, a pair at a time.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, blob, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);

fn pair(p: &mut Pen, draw: impl Fn(&mut Pen, f32)) {
    p.place(96.0, -74.0, 0.0, 0.93, |p| {
        p.shadow(-20.0, -4.0, 250.0, 120.0, dye::SAND);
        draw(p, -0.05);
    });
    p.place(-40.0, 0.0, 0.0, 1.0, |p| {
        p.shadow(-10.0, -6.0, 262.0, 90.0, dye::SAND);
        draw(p, 0.0);
    });
}

fn leather(p: &mut Pen, outline: &str, c: Colour) {
    let ink =
        p.lin((0.0, 0.0), (0.6, 1.0), &[(0.0, c.lift(0.09), 1.0), (0.45, c.lift(0.0), 1.0), (1.0, c.lift(-0.13), 1.0)]);
    p.fill(outline, ink);
}

fn stitch(p: &mut Pen, d: &str, c: Colour) {
    p.seam(d, c.lift(if c.lightness() > 0.62 { -0.2 } else { 0.26 }).at(0.85), 2.8, 8.0);
}

/// Sneakers. Style 1: canvas with a rubber toe.
pub fn sneakers(p: &mut Pen, c: &Coat) -> Frame {
    pair(p, |p, shade| sneaker(p, c, shade));
    Frame::stand(700.0, 380.0, 250.0).focus(60.0, -130.0)
}

fn sneaker(p: &mut Pen, c: &Coat, shade: f32) {
    let main = c.main.lift(shade);
    let upper = blob(&[
        (-262.0, -46.0),
        (-262.0, -46.0),
        (-272.0, -150.0),
        (-250.0, -224.0),
        (-216.0, -238.0),
        (-170.0, -206.0),
        (-110.0, -206.0),
        (-60.0, -238.0),
        (-60.0, -238.0),
        (10.0, -196.0),
        (110.0, -140.0),
        (220.0, -120.0),
        (276.0, -84.0),
        (282.0, -46.0),
        (282.0, -46.0),
    ]);
    let inside = blob(&[
        (-248.0, -222.0),
        (-214.0, -246.0),
        (-150.0, -250.0),
        (-60.0, -246.0),
        (-60.0, -232.0),
        (-110.0, -204.0),
        (-170.0, -202.0),
        (-216.0, -228.0),
    ]);
    p.fill(&inside, c.second.lift(-0.2 + shade));
    leather(p, &upper, main);
    if c.style == 1 {
        p.cloth(&upper, main, (crate::draw::weave::Weave::Linen, main, main), 0.6, 0.0);
        leather(
            p,
            &blob(&[(170.0, -46.0), (160.0, -110.0), (200.0, -126.0), (262.0, -100.0), (284.0, -46.0)]),
            c.second.lift(shade),
        );
    } else {
        stitch(p, &wave(&[(120.0, -46.0), (110.0, -96.0), (150.0, -128.0), (200.0, -126.0)]), main);
        stitch(p, &wave(&[(-150.0, -46.0), (-120.0, -120.0), (-96.0, -204.0)]), main);
    }
    let heel = blob(&[
        (-264.0, -46.0),
        (-273.0, -150.0),
        (-254.0, -224.0),
        (-228.0, -236.0),
        (-214.0, -140.0),
        (-204.0, -46.0),
    ]);
    leather(p, &heel, c.third.lift(shade));
    let tongue = blob(&[(-62.0, -236.0), (-40.0, -276.0), (0.0, -262.0), (40.0, -190.0), (10.0, -186.0)]);
    leather(p, &tongue, main.lift(0.03));
    let vamp = blob(&[
        (-66.0, -232.0),
        (-30.0, -214.0),
        (40.0, -166.0),
        (118.0, -134.0),
        (104.0, -110.0),
        (0.0, -120.0),
        (-80.0, -160.0),
    ]);
    leather(p, &vamp, main.lift(0.02));
    stitch(p, &wave(&[(-70.0, -170.0), (0.0, -132.0), (92.0, -118.0)]), main);
    for k in 0..5 {
        let (x, y) = (-42.0 + 32.0 * k as f32, -210.0 + 18.0 * k as f32);
        p.line(&Path::at(x, y).to(x + 30.0, y + 44.0).open(), c.second.lift(shade - 0.14), 15.0);
        p.line(&Path::at(x - 2.0, y - 2.0).to(x + 28.0, y + 42.0).open(), c.second.lift(shade + 0.02), 11.0);
    }
    p.sheen(&upper, 0.1);
    let sole =
        soft(&[(-274.0, -52.0), (286.0, -52.0), (300.0, -24.0), (280.0, 4.0), (-262.0, 4.0), (-280.0, -20.0)], 16.0);
    let rubber = p.lin(
        (0.0, 0.0),
        (0.0, 1.0),
        &[
            (0.0, c.second.lift(shade + 0.02), 1.0),
            (0.7, c.second.lift(shade - 0.03), 1.0),
            (1.0, c.second.lift(shade - 0.16), 1.0),
        ],
    );
    p.fill(&sole, rubber);
    stitch(p, &wave(&[(-264.0, -34.0), (0.0, -34.0), (288.0, -34.0)]), c.second.lift(-0.1));
    p.line(&wave(&[(-270.0, -53.0), (0.0, -51.0), (284.0, -53.0)]), DEEP.at(0.22), 4.0);
}

/// Boots. Styles: 0 Chelsea, 1 laced.
pub fn boots(p: &mut Pen, c: &Coat) -> Frame {
    pair(p, |p, shade| boot(p, c, shade));
    Frame::stand(660.0, 560.0, 240.0).focus(-70.0, -290.0)
}

fn boot(p: &mut Pen, c: &Coat, shade: f32) {
    let main = c.main.lift(shade);
    p.fill(
        &blob(&[
            (-238.0, -428.0),
            (-140.0, -446.0),
            (-40.0, -430.0),
            (-60.0, -404.0),
            (-140.0, -400.0),
            (-220.0, -404.0),
        ]),
        main.lift(-0.2),
    );
    let upper = blob(&[
        (-240.0, -40.0),
        (-240.0, -40.0),
        (-252.0, -150.0),
        (-226.0, -260.0),
        (-244.0, -428.0),
        (-244.0, -428.0),
        (-140.0, -412.0),
        (-36.0, -430.0),
        (-36.0, -430.0),
        (-30.0, -280.0),
        (0.0, -206.0),
        (100.0, -160.0),
        (210.0, -140.0),
        (268.0, -90.0),
        (270.0, -40.0),
        (270.0, -40.0),
    ]);
    leather(p, &upper, main);
    let shine = p.glow(dye::WHITE, 0.35);
    p.oval(170.0, -118.0, 80.0, 34.0, shine);
    if c.style == 0 {
        let gore = blob(&[
            (-150.0, -412.0),
            (-150.0, -412.0),
            (-84.0, -416.0),
            (-84.0, -416.0),
            (-80.0, -290.0),
            (-112.0, -216.0),
            (-146.0, -290.0),
        ]);
        p.fill(&gore, c.second.lift(shade));
        for k in 0..6 {
            let x = -144.0 + 11.0 * k as f32;
            p.line(&Path::at(x, -408.0).to(x + 8.0, -262.0).open(), c.second.lift(shade - 0.12).at(0.7), 3.0);
        }
        stitch(
            p,
            &wave(&[(-156.0, -408.0), (-152.0, -290.0), (-112.0, -204.0), (-74.0, -290.0), (-78.0, -412.0)]),
            main,
        );
        p.line(&Path::at(-236.0, -420.0).bend(-252.0, -480.0, -224.0, -424.0).open(), c.second.lift(shade), 12.0);
    } else {
        leather(
            p,
            &blob(&[(-44.0, -426.0), (-20.0, -452.0), (6.0, -426.0), (30.0, -260.0), (60.0, -190.0), (0.0, -190.0)]),
            main.lift(-0.08),
        );
        for k in 0..7 {
            let (x, y) = (-54.0 + 3.0 * (k * k) as f32 * 0.7, -406.0 + 34.0 * k as f32);
            p.dot(x - 20.0, y + 4.0, 7.0, dye::BRASS);
            p.line(
                &Path::at(x - 20.0, y + 4.0)
                    .to(x + 56.0, y + 20.0)
                    .jump(x + 50.0, y - 10.0)
                    .to(x - 16.0, y + 30.0)
                    .open(),
                c.third.lift(shade),
                8.0,
            );
        }
        stitch(p, &wave(&[(-100.0, -414.0), (-84.0, -270.0), (-40.0, -150.0), (60.0, -130.0), (110.0, -156.0)]), main);
        p.line(&wave(&[(-240.0, -414.0), (-140.0, -398.0), (-60.0, -412.0)]), main.lift(-0.16), 26.0);
    }
    stitch(p, &wave(&[(-246.0, -120.0), (-170.0, -140.0), (-130.0, -46.0)]), main);
    p.line(&wave(&[(20.0, -196.0), (60.0, -150.0), (70.0, -110.0)]), DEEP.at(0.12), 12.0);
    p.sheen(&upper, 0.14);
    let sole = soft(
        &[
            (-250.0, -46.0),
            (278.0, -46.0),
            (288.0, -20.0),
            (268.0, 0.0),
            (-60.0, 0.0),
            (-90.0, -14.0),
            (-110.0, 6.0),
            (-248.0, 6.0),
        ],
        9.0,
    );
    let ink = p.down(c.third.lift(shade - 0.02), c.third.lift(shade - 0.2));
    p.fill(&sole, ink);
    stitch(p, &wave(&[(-244.0, -36.0), (0.0, -36.0), (276.0, -36.0)]), c.third);
}
