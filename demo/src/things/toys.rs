//! Toys and games.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, blob, card, leaf, oval, poly, ring, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);
/// The colours toys are stained in.
pub const PAINTS: [Colour; 6] = [dye::TOMATO, dye::MUSTARD, dye::LEAF, dye::TEAL, dye::DENIM, dye::PLUM];

/// A wooden wheel on its axle.
fn wheel(p: &mut Pen, x: f32, y: f32, r: f32, c: Colour) {
    p.dot(x + r * 0.12, y + r * 0.02, r, c.lift(-0.2));
    let ink = p.slant(c.lift(0.06), c.lift(-0.08));
    p.dot(x, y, r, ink);
    p.line(&oval(x, y, r * 0.72, r * 0.72), c.lift(-0.12).at(0.5), r * 0.07);
    p.ball(x, y, r * 0.2, dye::BIRCH);
}

/// Wooden toys. Styles: 0 rainbow, 1 blocks, 2 train, 3 car, 4 ring tower, 5 animals, 6 spinning tops, 7 xylophone.
pub fn wooden(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => blocks(p),
        2 => train(p, c),
        3 => car(p, c),
        4 => tower(p),
        5 => animals(p, c),
        6 => tops(p),
        7 => xylophone(p, c),
        _ => rainbow(p),
    }
}

fn rainbow(p: &mut Pen) -> Frame {
    for (i, c) in PAINTS.into_iter().enumerate() {
        let r = 300.0 - 46.0 * i as f32;
        let arch = |r: f32, t: f32, dx: f32, dy: f32| {
            Path::at(-r + dx, dy)
                .to(-r + dx, -40.0 + dy)
                .arc(r, r, true, r + dx, -40.0 + dy)
                .to(r + dx, dy)
                .to(r - t + dx, dy)
                .to(r - t + dx, -40.0 + dy)
                .arc(r - t, r - t, false, -r + t + dx, -40.0 + dy)
                .to(-r + t + dx, dy)
                .close()
        };
        p.fill(&arch(r, 40.0, 26.0, -20.0), c.lift(-0.17));
        let ink = p.lin(
            (0.0, 0.0),
            (1.0, 0.4),
            &[(0.0, c.lift(0.09), 1.0), (0.5, c.lift(0.0), 1.0), (1.0, c.lift(-0.08), 1.0)],
        );
        p.fill(&arch(r, 40.0, 0.0, 0.0), ink);
        p.line(
            &Path::at(-r + 3.0, -10.0).to(-r + 3.0, -40.0).arc(r - 3.0, r - 3.0, true, 0.0, -37.0 - r).open(),
            dye::WHITE.at(0.25),
            4.0,
        );
    }
    Frame::stand(640.0, 370.0, 300.0).focus(-120.0, -210.0).airy()
}

fn blocks(p: &mut Pen) -> Frame {
    let cube =
        |p: &mut Pen, x: f32, y: f32, s: f32, c: Colour| p.place(x, y, 0.0, 1.0, |p| p.carton(s, s, s * 0.62, c));
    cube(p, 150.0, -30.0, 150.0, dye::DENIM);
    cube(p, -150.0, -10.0, 150.0, dye::MUSTARD);
    p.place(0.0, 0.0, 0.0, 1.0, |p| {
        p.carton(150.0, 150.0, 93.0, dye::TOMATO);
        p.dot(0.0, -75.0, 44.0, dye::TOMATO.lift(0.14));
    });
    cube(p, -84.0, -182.0, 150.0, dye::BIRCH);
    p.place(90.0, -180.0, 0.0, 1.0, |p| {
        let post = Lathe::new(&[(62.0, 0.0), (62.0, 0.0), (62.0, 140.0), (62.0, 140.0)]);
        p.body(&post, dye::LEAF, Finish::Matte);
        p.oval(0.0, -140.0, 62.0, 12.0, dye::LEAF.lift(0.1));
    });
    p.place(-70.0, -332.0, 0.0, 1.0, |p| {
        p.fill(&poly(&[(76.0, 0.0), (116.0, -34.0), (40.0, -150.0), (0.0, -120.0)]), dye::TEAL.lift(-0.14));
        let ink = p.slant(dye::TEAL.lift(0.08), dye::TEAL.lift(-0.04));
        p.fill(&soft(&[(-76.0, 0.0), (0.0, -120.0), (76.0, 0.0)], 6.0), ink);
    });
    for (x, y) in [(-150.0, -85.0), (-84.0, -257.0)] {
        p.mark(crate::draw::marks::Mark::Firs, x, y, 84.0, dye::OAK);
    }
    Frame::stand(540.0, 490.0, 230.0).focus(-30.0, -220.0)
}

fn train(p: &mut Pen, c: &Coat) -> Frame {
    let wagon = |p: &mut Pen, x: f32, colour: Colour| {
        p.place(x, -44.0, 0.0, 1.0, |p| {
            p.line(&Path::at(96.0, -20.0).to(150.0, -20.0).open(), dye::STEEL, 7.0);
            p.carton(190.0, 40.0, 90.0, dye::BIRCH);
            p.place(-6.0, -40.0, 0.0, 1.0, |p| p.carton(160.0, 74.0, 70.0, colour));
            for (bx, by) in [(-44.0, -136.0), (10.0, -146.0), (52.0, -136.0), (-14.0, -166.0)] {
                p.ball(bx, by, 27.0, dye::OAK.lift(0.02));
            }
        });
        for dx in [-56.0, 56.0] {
            wheel(p, x + dx, -34.0, 34.0, c.second);
        }
    };
    wagon(p, -290.0, dye::MUSTARD);
    p.place(40.0, -50.0, 0.0, 1.0, |p| {
        p.carton(320.0, 42.0, 100.0, dye::BIRCH);
        p.place(-96.0, -42.0, 0.0, 1.0, |p| {
            p.carton(120.0, 170.0, 90.0, c.main);
            p.rect(-32.0, -146.0, 64.0, 64.0, 8.0, c.main.lift(-0.22));
            p.place(14.0, -166.0, 0.0, 1.0, |p| p.carton(164.0, 20.0, 110.0, dye::BIRCH));
        });
        let boiler = p.lin(
            (0.0, 0.0),
            (0.0, 1.0),
            &[(0.0, c.third.lift(0.04), 1.0), (0.3, c.third.lift(0.1), 1.0), (1.0, c.third.lift(-0.15), 1.0)],
        );
        p.rect(-34.0, -150.0, 190.0, 108.0, 26.0, boiler);
        p.oval(156.0, -96.0, 16.0, 52.0, dye::BIRCH);
        p.place(110.0, -148.0, 0.0, 1.0, |p| {
            let stack = Lathe::new(&[(17.0, 0.0), (17.0, 0.0), (19.0, 40.0), (30.0, 74.0), (30.0, 82.0)]);
            p.body(&stack, c.second, Finish::Gloss);
            p.oval(0.0, -82.0, 30.0, 6.0, DEEP);
        });
        p.ball(44.0, -158.0, 22.0, dye::MUSTARD);
    });
    for (x, r) in [(-70.0, 50.0), (70.0, 40.0), (160.0, 40.0)] {
        wheel(p, x, -r, r, c.second);
    }
    Frame::stand(680.0, 310.0, 300.0).focus(60.0, -160.0)
}

fn car(p: &mut Pen, c: &Coat) -> Frame {
    let hull = blob(&[
        (-270.0, -60.0),
        (-270.0, -60.0),
        (-276.0, -140.0),
        (-230.0, -180.0),
        (-140.0, -192.0),
        (-80.0, -270.0),
        (60.0, -286.0),
        (130.0, -200.0),
        (250.0, -170.0),
        (284.0, -110.0),
        (280.0, -60.0),
        (280.0, -60.0),
    ]);
    p.place(26.0, -16.0, 0.0, 1.0, |p| p.fill(&hull, c.main.lift(-0.2)));
    let ink = p.lin(
        (0.0, 0.0),
        (0.6, 1.0),
        &[(0.0, c.main.lift(0.1), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.1), 1.0)],
    );
    p.fill(&hull, ink);
    p.fill(
        &blob(&[
            (-112.0, -194.0),
            (-112.0, -194.0),
            (-66.0, -252.0),
            (-14.0, -256.0),
            (-14.0, -194.0),
            (-14.0, -194.0),
        ]),
        dye::BIRCH,
    );
    p.fill(
        &blob(&[(10.0, -194.0), (10.0, -194.0), (10.0, -258.0), (50.0, -258.0), (92.0, -196.0), (92.0, -194.0)]),
        dye::BIRCH,
    );
    p.rect(-270.0, -112.0, 550.0, 12.0, 4.0, c.second);
    p.dot(256.0, -132.0, 17.0, dye::BUTTER);
    for x in [-160.0, 160.0] {
        wheel(p, x, -62.0, 62.0, c.third);
    }
    Frame::stand(580.0, 300.0, 250.0).focus(30.0, -170.0)
}

fn tower(p: &mut Pen) -> Frame {
    let base = Lathe::new(&[(150.0, 0.0), (150.0, 0.0), (156.0, 10.0), (152.0, 30.0)]);
    p.body(&base, dye::BIRCH, Finish::Matte);
    p.oval(0.0, -30.0, 152.0, 30.0, dye::BIRCH.lift(0.06));
    let mut y = -30.0;
    for (i, c) in PAINTS.into_iter().enumerate() {
        let r = 140.0 - 14.0 * i as f32;
        p.place(0.0, y, 0.0, 1.0, |p| {
            let torus = Lathe::new(&[(r * 0.84, 0.0), (r, 12.0), (r + 4.0, 30.0), (r, 48.0), (r * 0.84, 60.0)]);
            p.body(&torus, c, Finish::Gloss);
            p.oval(0.0, -60.0, r * 0.84, r * 0.16, c.lift(0.1));
        });
        y -= 60.0;
    }
    p.ball(0.0, y - 40.0, 50.0, dye::BIRCH);
    Frame::stand(320.0, 490.0, 150.0).focus(30.0, -300.0)
}

fn animals(p: &mut Pen, c: &Coat) -> Frame {
    let slab = |p: &mut Pen, d: &str, c: Colour| {
        p.place(17.0, -12.0, 0.0, 1.0, |p| p.fill(d, c.lift(-0.2)));
        let ink = p.slant(c.lift(0.08), c.lift(-0.06));
        p.fill(d, ink);
    };
    p.place(150.0, -40.0, 0.0, 1.0, |p| {
        p.shadow(0.0, 0.0, 130.0, 200.0, dye::SAND);
        slab(
            p,
            &blob(&[
                (-130.0, 0.0),
                (-130.0, 0.0),
                (-130.0, -190.0),
                (-60.0, -260.0),
                (60.0, -250.0),
                (110.0, -300.0),
                (176.0, -290.0),
                (200.0, -236.0),
                (160.0, -200.0),
                (120.0, -170.0),
                (124.0, 0.0),
                (124.0, 0.0),
                (60.0, 0.0),
                (60.0, 0.0),
                (50.0, -80.0),
                (-50.0, -80.0),
                (-66.0, 0.0),
                (-66.0, 0.0),
            ]),
            c.main,
        );
        p.dot(140.0, -258.0, 6.0, DEEP);
    });
    p.place(-190.0, -10.0, 0.0, 1.0, |p| {
        p.shadow(0.0, 0.0, 110.0, 140.0, dye::SAND);
        slab(
            p,
            &blob(&[
                (-90.0, 0.0),
                (-90.0, 0.0),
                (-86.0, -110.0),
                (-150.0, -170.0),
                (-140.0, -190.0),
                (-70.0, -150.0),
                (40.0, -140.0),
                (80.0, -210.0),
                (96.0, -170.0),
                (120.0, -204.0),
                (126.0, -150.0),
                (160.0, -120.0),
                (110.0, -96.0),
                (100.0, 0.0),
                (100.0, 0.0),
                (50.0, 0.0),
                (50.0, 0.0),
                (40.0, -54.0),
                (-34.0, -54.0),
                (-46.0, 0.0),
                (-46.0, 0.0),
            ]),
            dye::TERRACOTTA,
        );
        p.dot(112.0, -148.0, 5.0, DEEP);
    });
    p.place(0.0, 26.0, 0.0, 1.0, |p| {
        p.shadow(0.0, 0.0, 74.0, 80.0, dye::SAND);
        slab(
            p,
            &blob(&[
                (-70.0, 0.0),
                (-70.0, 0.0),
                (-80.0, -60.0),
                (-30.0, -100.0),
                (10.0, -96.0),
                (14.0, -180.0),
                (34.0, -180.0),
                (40.0, -110.0),
                (76.0, -80.0),
                (56.0, -50.0),
                (60.0, 0.0),
                (60.0, 0.0),
            ]),
            dye::BIRCH,
        );
        p.dot(48.0, -82.0, 5.0, DEEP);
        p.dot(-74.0, -40.0, 15.0, dye::CHALK);
    });
    Frame::stand(660.0, 350.0, 230.0).focus(120.0, -210.0).airy()
}

fn tops(p: &mut Pen) -> Frame {
    for (i, (x, y, turn, c)) in
        [(-170.0, -20.0, -15.0, dye::TEAL), (30.0, 0.0, 6.0, dye::TOMATO), (200.0, -30.0, 18.0, dye::MUSTARD)]
            .into_iter()
            .enumerate()
    {
        p.shadow(x, y, 40.0, 90.0, dye::SAND);
        p.place(x, y, turn, 1.0, |p| {
            let body = Lathe::new(&[
                (4.0, 0.0),
                (14.0, 20.0),
                (92.0, 84.0),
                (104.0, 104.0),
                (96.0, 122.0),
                (30.0, 140.0),
                (12.0, 152.0),
                (10.0, 220.0),
                (14.0, 236.0),
            ]);
            p.body(&body, c, Finish::Gloss);
            p.fill(&body.band(88.0, 98.0), dye::BIRCH);
            p.fill(&body.band(112.0, 118.0), PAINTS[(i + 3) % 6]);
            p.oval(0.0, -236.0, 14.0, 4.0, c.lift(0.1));
        });
    }
    Frame::stand(560.0, 260.0, 60.0).focus(20.0, -120.0).airy()
}

fn xylophone(p: &mut Pen, c: &Coat) -> Frame {
    let rail = soft(&[(-330.0, -130.0), (330.0, -80.0), (330.0, 80.0), (-330.0, 130.0)], 12.0);
    p.drop(&rail, 13.0);
    p.fill(&rail, c.main.lift(-0.05));
    let notes = [dye::TOMATO, dye::TERRACOTTA, dye::MUSTARD, dye::LEAF, dye::TEAL, dye::DENIM, dye::PLUM, dye::ROSE];
    for (i, colour) in notes.into_iter().enumerate() {
        let (x, h) = (-300.0 + 86.0 * i as f32, 220.0 - 16.0 * i as f32);
        let key = card(x - 34.0, -h, 68.0, h * 2.0, 16.0);
        p.drop(&key, 9.0);
        let ink = p.across(&[(0.0, colour.lift(0.1), 1.0), (0.4, colour, 1.0), (1.0, colour.lift(-0.1), 1.0)]);
        p.fill(&key, ink);
        for s in [-1.0, 1.0] {
            p.dot(x, s * h * 0.62, 9.0, dye::STEEL);
            p.dot(x - 1.5, s * h * 0.62 - 1.5, 5.0, dye::WHITE.at(0.8));
        }
    }
    p.place(60.0, 60.0, -28.0, 1.0, |p| {
        let stick = card(-220.0, -10.0, 400.0, 20.0, 10.0);
        p.drop(&stick, 14.0);
        p.fill(&stick, dye::BIRCH);
        p.ball(-226.0, 0.0, 34.0, dye::TOMATO);
    });
    Frame::lay(700.0, 470.0).focus(-90.0, 20.0)
}

/// Plush animals. Styles: 0 bear, 1 rabbit, 2 fox, 3 elephant.
pub fn plush(p: &mut Pen, c: &Coat) -> Frame {
    let fur = |p: &mut Pen, d: &str, tone: f32| {
        let base = c.main.lift(tone);
        let ink = p.rad(0.4, 0.32, 0.8, &[(0.0, base.lift(0.1), 1.0), (0.55, base, 1.0), (1.0, base.lift(-0.12), 1.0)]);
        p.fill(d, ink);
        p.cloth(d, c.main, (crate::draw::weave::Weave::Boucle, c.main, c.main), 0.5, 0.0);
    };
    for s in [-1.0, 1.0] {
        fur(
            p,
            &blob(&[
                (90.0 * s, -210.0),
                (150.0 * s, -190.0),
                (184.0 * s, -120.0),
                (156.0 * s, -86.0),
                (110.0 * s, -120.0),
            ]),
            -0.03,
        );
    }
    fur(p, &blob(&ring(0.0, -130.0, 136.0, 140.0, 10, 0.0)), 0.0);
    p.oval(0.0, -118.0, 84.0, 96.0, c.second.at(0.9));
    for s in [-1.0, 1.0] {
        fur(p, &blob(&ring(112.0 * s, -40.0, 70.0, 56.0, 8, 0.0)), -0.01);
        p.oval(120.0 * s, -38.0, 37.0, 32.0, c.second);
    }
    p.place(0.0, -330.0, 0.0, 1.0, |p| {
        match c.style {
            1 => {
                for s in [-1.0, 1.0] {
                    fur(p, &leaf((54.0 * s, -80.0), (96.0 * s, -330.0), 0.19, 0.05 * s), 0.0);
                    p.fill(&leaf((58.0 * s, -110.0), (92.0 * s, -290.0), 0.11, 0.05 * s), dye::BLUSH);
                }
            }
            2 => {
                for s in [-1.0, 1.0] {
                    fur(p, &soft(&[(60.0 * s, -90.0), (150.0 * s, -210.0), (156.0 * s, -40.0)], 18.0), 0.0);
                    p.fill(&soft(&[(92.0 * s, -96.0), (140.0 * s, -172.0), (142.0 * s, -70.0)], 12.0), dye::CHARCOAL);
                }
            }
            3 => {
                for s in [-1.0, 1.0] {
                    fur(p, &blob(&ring(176.0 * s, -10.0, 96.0, 116.0, 8, 0.0)), -0.03);
                    p.oval(176.0 * s, -4.0, 60.0, 80.0, c.second);
                }
            }
            _ => {
                for s in [-1.0, 1.0] {
                    fur(p, &blob(&ring(112.0 * s, -100.0, 54.0, 54.0, 8, 0.0)), 0.0);
                    p.oval(112.0 * s, -96.0, 30.0, 30.0, c.second);
                }
            }
        }
        fur(p, &blob(&ring(0.0, 0.0, 156.0, 136.0, 10, 0.0)), 0.02);
        face(p, c);
    });
    p.fill(
        &blob(&[(-70.0, -214.0), (0.0, -196.0), (70.0, -214.0), (74.0, -190.0), (0.0, -170.0), (-74.0, -190.0)]),
        c.third,
    );
    p.fill(&blob(&[(30.0, -196.0), (96.0, -150.0), (70.0, -128.0), (20.0, -176.0)]), c.third.lift(-0.06));
    let h = if c.style == 1 { 660.0 } else { 500.0 };
    Frame::stand(if c.style == 3 { 540.0 } else { 400.0 }, h, 170.0).focus(0.0, -330.0)
}

fn face(p: &mut Pen, c: &Coat) {
    match c.style {
        2 => p.fill(
            &blob(&[
                (-150.0, 20.0),
                (-80.0, 10.0),
                (0.0, -10.0),
                (80.0, 10.0),
                (150.0, 20.0),
                (80.0, 110.0),
                (0.0, 130.0),
                (-80.0, 110.0),
            ]),
            c.second,
        ),
        3 => {
            let trunk = wave(&[(0.0, 20.0), (6.0, 90.0), (40.0, 150.0), (86.0, 146.0)]);
            p.line(&trunk, c.main.lift(-0.12), 60.0);
            p.line(&trunk, c.main.lift(0.02), 50.0);
            for t in [60.0, 88.0, 114.0] {
                p.line(&Path::at(-16.0, t).to(24.0, t - 6.0).open(), c.main.lift(-0.14).at(0.6), 4.0);
            }
        }
        _ => p.oval(0.0, 46.0, 64.0, 52.0, c.second),
    }
    for s in [-1.0, 1.0] {
        p.dot(62.0 * s, -12.0, 14.0, dye::BLACK);
        p.dot(62.0 * s - 4.0, -17.0, 4.6, dye::WHITE);
        p.oval(100.0 * s, 36.0, 26.0, 17.0, dye::ROSE.at(0.4));
    }
    if c.style != 3 {
        p.fill(&soft(&[(-21.0, 16.0), (21.0, 16.0), (0.0, 42.0)], 8.0), dye::BLACK);
        p.line(&wave(&[(-26.0, 60.0), (-12.0, 70.0), (0.0, 58.0), (12.0, 70.0), (26.0, 60.0)]), dye::BLACK, 4.0);
    }
}
