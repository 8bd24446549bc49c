//! Pans, kettles, brewers and knives.

use super::cups::{clear, handle};
use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe, facing};
use crate::draw::path::{Path, blob, card, oval, poly, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

/// A pot or pan. Styles: 0 enamelled casserole, 1 skillet, 2 camp pot with a wire bow.
pub fn pot(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => skillet(p, c),
        2 => camp_pot(p, c),
        _ => casserole(p, c),
    }
}

fn casserole(p: &mut Pen, c: &Coat) -> Frame {
    let body = Lathe::new(&[(170.0, 0.0), (170.0, 0.0), (196.0, 22.0), (204.0, 90.0), (206.0, 196.0), (206.0, 196.0)]);
    for s in [-1.0, 1.0] {
        let d = Path::at(198.0 * s, -176.0).curve((276.0 * s, -190.0), (276.0 * s, -116.0), (200.0 * s, -124.0)).open();
        p.line(&d, c.main.lift(-0.14), 26.0);
        p.group("translate(-2 -4)", |p| p.line(&d, c.main.lift(0.0), 16.0));
    }
    p.body(&body, c.main, Finish::Gloss);
    p.line(&body.hoop(190.0), c.second, 7.0);
    p.place(0.0, -196.0, 0.0, 1.0, |p| {
        let dome = [(206.0, 0.0), (206.0, 0.0), (200.0, 20.0), (140.0, 62.0), (50.0, 84.0), (8.0, 88.0)];
        let lid = Lathe::new(&dome);
        p.body(&lid, c.main, Finish::Gloss);
        p.line(&lid.hoop(2.0), c.main.lift(-0.3).at(0.6), 4.0);
        p.place(0.0, -82.0, 0.0, 1.0, |p| {
            let knob = Lathe::new(&[(16.0, 0.0), (16.0, 14.0), (34.0, 24.0), (34.0, 40.0), (6.0, 48.0)]);
            p.body(&knob, c.second, Finish::Metal);
        });
    });
    Frame::stand(540.0, 340.0, 178.0).focus(60.0, -210.0)
}

fn skillet(p: &mut Pen, c: &Coat) -> Frame {
    let outline = oval(-70.0, 60.0, 250.0, 250.0);
    let arm = soft(&[(92.0, -140.0), (132.0, -100.0), (330.0, -306.0), (300.0, -342.0)], 18.0);
    p.drop(&arm, 16.0);
    p.drop(&outline, 18.0);
    let iron = p.slant(c.main.lift(0.12), c.main.lift(-0.06));
    p.fill(&arm, iron);
    p.line(&Path::at(150.0, -150.0).to(290.0, -300.0).open(), c.main.lift(0.2).at(0.35), 7.0);
    p.dot(306.0, -314.0, 11.0, Colour(0x8a7a6c));
    let rim = p.slant(c.main.lift(0.18), c.main.lift(-0.05));
    p.fill(&outline, rim);
    let wall = p.slant(c.main.lift(-0.12), c.main.lift(0.06));
    p.fill(&oval(-70.0, 60.0, 236.0, 236.0), wall);
    let floor = p.slant(c.main.lift(0.0), c.main.lift(0.05));
    p.fill(&oval(-66.0, 64.0, 200.0, 200.0), floor);
    let eggs = blob(&[
        (-150.0, 10.0),
        (-80.0, -40.0),
        (10.0, -20.0),
        (40.0, 60.0),
        (0.0, 140.0),
        (-70.0, 130.0),
        (-150.0, 150.0),
        (-190.0, 80.0),
    ]);
    p.fill(&eggs, dye::CHALK.lift(0.01));
    p.line(&eggs, dye::SAND.at(0.8), 5.0);
    p.ball(-100.0, 60.0, 38.0, dye::MUSTARD.lift(0.04));
    p.ball(-26.0, 40.0, 36.0, dye::MUSTARD.lift(0.04));
    for (x, y) in [(-60.0, 110.0), (-140.0, 40.0), (10.0, 90.0), (-70.0, 0.0)] {
        p.dot(x, y, 3.4, dye::CHARCOAL);
        p.fill(&crate::draw::path::leaf((x + 14.0, y + 6.0), (x + 34.0, y - 4.0), 0.3, 0.0), dye::LEAF);
    }
    Frame::lay(680.0, 680.0).focus(-100.0, 40.0)
}

fn camp_pot(p: &mut Pen, c: &Coat) -> Frame {
    let bow = Path::at(-150.0, -196.0).curve((-150.0, -420.0), (150.0, -420.0), (150.0, -196.0)).open();
    p.line(&bow, c.second.lift(-0.1), 10.0);
    p.line(&bow, c.second.lift(0.12), 3.6);
    let body = Lathe::new(&[(130.0, 0.0), (130.0, 0.0), (148.0, 16.0), (152.0, 100.0), (152.0, 210.0), (158.0, 216.0)]);
    p.mouth(&body, c.main.lift(0.1), c.main, 6.0);
    p.drink(&body, dye::TERRACOTTA.lift(0.02), 6.0);
    p.body(&body, c.main, Finish::Metal);
    for s in [-1.0, 1.0] {
        p.ball(146.0 * s, -192.0, 12.0, c.second);
    }
    p.line(&body.hoop(208.0), c.main.lift(0.16).at(0.7), 4.0);
    for x in [-50.0, 10.0, 60.0] {
        p.line(
            &wave(&[(x, -236.0), (x + 14.0, -262.0), (x - 10.0, -290.0), (x + 6.0, -320.0)]),
            dye::WHITE.at(0.35),
            9.0,
        );
    }
    Frame::stand(360.0, 390.0, 138.0).focus(20.0, -180.0)
}

/// A kettle with a goose neck.
pub fn kettle(p: &mut Pen, c: &Coat) -> Frame {
    let spout = Path::at(112.0, -50.0).curve((250.0, -30.0), (170.0, -260.0), (290.0, -262.0)).open();
    p.line(&spout, c.main.lift(-0.18), 27.0);
    p.group("translate(-3 -3)", |p| p.line(&spout, c.main, 18.0));
    p.group("translate(-5 -6)", |p| p.line(&spout, c.main.lift(0.2).at(0.7), 4.0));
    let body = Lathe::new(&[(152.0, 0.0), (152.0, 0.0), (158.0, 12.0), (136.0, 130.0), (92.0, 218.0), (92.0, 224.0)]);
    let grip = Path::at(-92.0, -214.0).curve((-250.0, -260.0), (-240.0, -80.0), (-214.0, -50.0)).open();
    p.line(&grip, c.second.lift(-0.12), 32.0);
    p.group("translate(-4 -4)", |p| p.line(&grip, c.second.lift(0.04), 21.0));
    p.body(&body, c.main, Finish::Gloss);
    p.place(0.0, -222.0, 0.0, 1.0, |p| {
        let lid = Lathe::new(&[(92.0, 0.0), (92.0, 0.0), (86.0, 14.0), (30.0, 28.0), (16.0, 30.0)]);
        p.body(&lid, c.main.lift(-0.02), Finish::Gloss);
        p.line(&lid.hoop(1.0), c.main.lift(-0.28).at(0.6), 3.0);
        p.place(0.0, -28.0, 0.0, 1.0, |p| {
            let knob = Lathe::new(&[(14.0, 0.0), (14.0, 8.0), (27.0, 18.0), (26.0, 40.0), (6.0, 46.0)]);
            p.body(&knob, c.second, Finish::Gloss);
        });
    });
    Frame::stand(560.0, 320.0, 154.0).focus(60.0, -170.0)
}

/// A pour-over dripper on a cup. Style 1: an hourglass carafe of glass with a wooden collar.
pub fn dripper(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 1 {
        return carafe(p, c);
    }
    let server = Lathe::new(&[(96.0, 0.0), (96.0, 0.0), (110.0, 14.0), (112.0, 90.0), (106.0, 170.0), (106.0, 170.0)]);
    let coffee = p.turned(dye::COFFEE, Finish::Gloss);
    p.fill(&server.band(8.0, 96.0), coffee);
    p.oval(0.0, -96.0, 110.0, 22.0, dye::COFFEE.lift(0.08));
    clear(p, &server, 0.0);
    p.glint(&server, 20.0, 150.0, -0.8, 0.8);
    handle(p, 126.0, 330.0, 236.0, 62.0, 22.0, c.main);
    p.place(0.0, -170.0, 0.0, 1.0, |p| {
        let plate = Lathe::new(&[(128.0, 0.0), (128.0, 0.0), (132.0, 12.0), (128.0, 22.0)]);
        p.body(&plate, c.main, Finish::Gloss);
        let cone = Lathe::new(&[(50.0, 18.0), (50.0, 18.0), (60.0, 46.0), (138.0, 176.0), (142.0, 196.0)]);
        p.body(&cone, c.main, Finish::Gloss);
        for k in -4..=4 {
            let sine = facing(k, 5.0);
            p.line(&cone.rib(40.0, 176.0, sine), c.main.lift(-0.1).at(0.35), 3.0);
        }
        p.mouth(&cone, c.main, c.main, 7.0);
        let paper = blob(&[
            (-122.0, -198.0),
            (-112.0, -224.0),
            (-40.0, -206.0),
            (60.0, -226.0),
            (118.0, -204.0),
            (124.0, -196.0),
            (0.0, -180.0),
        ]);
        p.fill(&paper, dye::CHALK);
        p.oval(0.0, -196.0, 108.0, 17.0, dye::COFFEE.lift(0.05));
        p.oval(-20.0, -197.0, 54.0, 7.0, dye::CHESTNUT.lift(0.06));
    });
    Frame::stand(360.0, 400.0, 100.0).focus(20.0, -280.0)
}

fn carafe(p: &mut Pen, c: &Coat) -> Frame {
    let glass = Lathe::new(&[
        (120.0, 0.0),
        (120.0, 0.0),
        (136.0, 24.0),
        (124.0, 110.0),
        (58.0, 208.0),
        (52.0, 232.0),
        (72.0, 290.0),
        (124.0, 396.0),
        (126.0, 402.0),
    ]);
    let coffee = p.turned(dye::COFFEE, Finish::Gloss);
    p.fill(&glass.band(6.0, 104.0), coffee);
    let r = glass.radius(104.0);
    p.oval(0.0, -104.0, r - 3.0, r * 0.19, dye::COFFEE.lift(0.1));
    p.fill(&poly(&[(-118.0, -398.0), (118.0, -398.0), (20.0, -236.0), (-20.0, -236.0)]), dye::CHALK.at(0.9));
    p.oval(0.0, -398.0, 118.0, 22.0, dye::CHALK);
    p.oval(0.0, -394.0, 96.0, 16.0, dye::COFFEE.lift(0.06));
    clear(p, &glass, 0.02);
    p.glint(&glass, 16.0, 130.0, -0.82, 0.85);
    p.glint(&glass, 290.0, 390.0, -0.8, 0.7);
    let collar = Lathe::new(&[(70.0, 182.0), (70.0, 182.0), (62.0, 220.0), (72.0, 272.0), (72.0, 272.0)]);
    p.body(&collar, c.main, Finish::Matte);
    for at in [196.0, 214.0, 236.0, 256.0] {
        p.line(&collar.hoop(at), c.main.lift(-0.14).at(0.35), 2.4);
    }
    p.line(&collar.hoop(226.0), dye::CHESTNUT, 8.0);
    p.ball(4.0, -214.0, 11.0, dye::OAK);
    Frame::stand(300.0, 420.0, 126.0).focus(10.0, -250.0)
}

/// A hand coffee grinder.
pub fn grinder(p: &mut Pen, c: &Coat) -> Frame {
    let jar = Lathe::new(&[(72.0, 0.0), (72.0, 0.0), (78.0, 10.0), (78.0, 116.0), (78.0, 116.0)]);
    p.body(&jar, c.second, Finish::Matte);
    for k in 0..5 {
        p.line(&jar.hoop(16.0 + 22.0 * k as f32), c.second.lift(-0.14).at(0.3), 2.4);
    }
    let body = Lathe::new(&[(80.0, 116.0), (80.0, 116.0), (80.0, 330.0), (76.0, 340.0)]);
    p.body(&body, c.main, Finish::Metal);
    p.line(&body.hoop(120.0), c.main.lift(-0.3).at(0.7), 4.0);
    p.mark(c.mark, -4.0, -220.0, 46.0, c.main.lift(-0.28));
    let top = p.slant(c.main.lift(0.16), c.main.lift(-0.04));
    p.oval(0.0, -340.0, 76.0, 15.0, top);
    p.line(&Path::at(0.0, -346.0).to(0.5, -374.0).open(), dye::STEEL, 13.0);
    let arm = Path::at(-4.0, -376.0).bend(90.0, -392.0, 172.0, -384.0).open();
    p.line(&arm, dye::STEEL.lift(-0.14), 17.0);
    p.line(&arm, dye::STEEL.lift(0.14), 6.0);
    p.place(174.0, -390.0, 0.0, 1.0, |p| {
        let knob = Lathe::new(&[(13.0, 0.0), (13.0, 0.0), (29.0, 26.0), (26.0, 58.0), (6.0, 66.0)]);
        p.body(&knob, c.second, Finish::Gloss);
    });
    for (x, y, r) in [(150.0, 8.0, 17.0), (192.0, -4.0, 15.0), (174.0, 26.0, 16.0), (-136.0, 14.0, 16.0)] {
        bean(p, x, y, r, x);
    }
    Frame::stand(420.0, 470.0, 82.0).focus(20.0, -260.0)
}

/// A coffee bean.
pub fn bean(p: &mut Pen, x: f32, y: f32, r: f32, turn: f32) {
    p.shadow(x, y + r * 0.5, r, 12.0, dye::SAND);
    p.place(x, y, turn % 90.0 - 40.0, 1.0, |p| {
        p.group("scale(1 0.72)", |p| p.ball(0.0, 0.0, r, dye::CHESTNUT));
        p.line(&wave(&[(-r * 0.9, 0.0), (-r * 0.3, -r * 0.14), (r * 0.3, r * 0.14), (r * 0.9, 0.0)]), dye::CACAO, 2.8);
    });
}

/// A stove-top coffee maker.
pub fn moka(p: &mut Pen, c: &Coat) -> Frame {
    let facets = |p: &mut Pen, y0: f32, y1: f32, w0: f32, w1: f32, c: Colour| {
        let cuts = [-1.0f32, -0.72, -0.2, 0.42, 0.84, 1.0];
        let light = [-0.12f32, 0.12, 0.02, -0.13, -0.2];
        for (i, l) in light.into_iter().enumerate() {
            let (a, b) = (cuts[i], cuts[i + 1]);
            let ink = p.down(c.lift(l + 0.04), c.lift(l - 0.06));
            p.fill(&poly(&[(w0 * a, y0), (w0 * b, y0), (w1 * b, y1), (w1 * a, y1)]), ink);
        }
    };
    let grip = blob(&[
        (104.0, -330.0),
        (196.0, -346.0),
        (206.0, -320.0),
        (186.0, -180.0),
        (160.0, -180.0),
        (164.0, -296.0),
        (110.0, -296.0),
    ]);
    p.fill(&grip, c.second.lift(0.04));
    p.fill(&poly(&[(-104.0, -316.0), (-156.0, -352.0), (-96.0, -264.0)]), c.main.lift(0.06));
    facets(p, 0.0, -140.0, 128.0, 98.0, c.main);
    p.rect(-104.0, -174.0, 208.0, 38.0, 6.0, c.main.lift(-0.1));
    p.rect(-104.0, -172.0, 208.0, 10.0, 5.0, c.main.lift(0.14).at(0.7));
    facets(p, -172.0, -330.0, 92.0, 122.0, c.main);
    facets(p, -330.0, -374.0, 124.0, 50.0, c.main.lift(0.04));
    p.place(0.0, -372.0, 0.0, 1.0, |p| {
        let knob = Lathe::new(&[(16.0, 0.0), (16.0, 8.0), (28.0, 18.0), (24.0, 46.0), (6.0, 52.0)]);
        p.body(&knob, c.second, Finish::Gloss);
    });
    p.dot(-40.0, -76.0, 11.0, dye::BRASS);
    Frame::stand(400.0, 430.0, 122.0).focus(20.0, -270.0)
}

/// A knife. Styles: 0 chef's, 1 bread, 2 carving knife with its sheath, 3 folding.
pub fn knife(p: &mut Pen, c: &Coat) -> Frame {
    let steel = |p: &mut Pen| {
        p.lin(
            (0.0, 0.0),
            (0.12, 1.0),
            &[
                (0.0, dye::STEEL.lift(-0.04), 1.0),
                (0.3, dye::SILVER.lift(0.08), 1.0),
                (0.62, dye::STEEL.lift(0.02), 1.0),
                (0.64, dye::WHITE, 1.0),
                (1.0, dye::SILVER, 1.0),
            ],
        )
    };
    let blade = match c.style {
        1 => serrated(),
        2 => blob(&[
            (-30.0, -24.0),
            (-30.0, -24.0),
            (-200.0, -24.0),
            (-270.0, 22.0),
            (-270.0, 22.0),
            (-200.0, 27.0),
            (-30.0, 27.0),
            (-30.0, 27.0),
        ]),
        3 => blob(&[
            (0.0, -22.0),
            (0.0, -22.0),
            (-170.0, -20.0),
            (-252.0, 18.0),
            (-252.0, 18.0),
            (-120.0, 26.0),
            (0.0, 22.0),
            (0.0, 22.0),
        ]),
        _ => blob(&[
            (20.0, -44.0),
            (20.0, -44.0),
            (-220.0, -38.0),
            (-380.0, 34.0),
            (-380.0, 34.0),
            (-220.0, 56.0),
            (0.0, 58.0),
            (20.0, 56.0),
            (20.0, 56.0),
        ]),
    };
    let (start, end) = if c.style == 2 { (-34.0, 220.0) } else { (14.0, 290.0) };
    let grip = blob(&[
        (start, -34.0),
        (start, -34.0),
        (start + 90.0, -29.0),
        (end - 60.0, -34.0),
        (end, -18.0),
        (end, 26.0),
        (end - 40.0, 38.0),
        (start + 110.0, 28.0),
        (start, 34.0),
        (start, 34.0),
    ]);
    p.group("rotate(-28)", |p| {
        p.drop(&blade, 11.0);
        p.drop(&grip, 14.0);
        let ink = steel(p);
        p.fill(&blade, ink);
        let wood = p.lin(
            (0.0, 0.0),
            (0.05, 1.0),
            &[(0.0, c.main.lift(-0.04), 1.0), (0.3, c.main.lift(0.09), 1.0), (1.0, c.main.lift(-0.15), 1.0)],
        );
        p.fill(&grip, wood);
        p.grain(start + 8.0, -26.0, end - start - 20.0, 52.0, c.main, 6);
        p.rect(start - 8.0, -35.0, 20.0, 70.0, 3.0, dye::BRASS.lift(0.04));
        for x in [0.3, 0.55, 0.8] {
            p.dot(start + (end - start) * x, 1.0, 7.0, dye::BRASS.lift(-0.1));
            p.dot(start + (end - start) * x - 1.0, 0.0, 5.0, dye::BRASS.lift(0.12));
        }
        if c.style == 2 {
            sheath(p, c);
        }
        if c.style == 3 {
            p.line(
                &wave(&[
                    (end - 8.0, 4.0),
                    (end + 40.0, 24.0),
                    (end + 70.0, -10.0),
                    (end + 30.0, -30.0),
                    (end - 8.0, 4.0),
                ]),
                c.second,
                8.0,
            );
        }
    });
    Frame::lay(if c.style > 1 { 480.0 } else { 580.0 }, 420.0).focus(90.0, -30.0)
}

fn serrated() -> String {
    let mut path = Path::at(20.0, -32.0).to(-360.0, -28.0).bend(-396.0, -20.0, -390.0, 22.0);
    for k in 0..20 {
        let x = -390.0 + 20.0 * k as f32;
        path = path.bend(x + 10.0, 42.0, x + 20.0, 24.0);
    }
    path.to(20.0, 30.0).close()
}

fn sheath(p: &mut Pen, c: &Coat) {
    let case = blob(&[
        (60.0, 120.0),
        (60.0, 120.0),
        (-160.0, 120.0),
        (-236.0, 164.0),
        (-236.0, 176.0),
        (-160.0, 196.0),
        (60.0, 200.0),
        (60.0, 200.0),
    ]);
    p.drop(&case, 12.0);
    let ink = p.slant(c.second.lift(0.06), c.second.lift(-0.08));
    p.fill(&case, ink);
    p.seam(
        &wave(&[(50.0, 186.0), (-150.0, 182.0), (-216.0, 168.0), (-156.0, 134.0), (50.0, 134.0)]),
        dye::CREAM.at(0.85),
        3.4,
        9.0,
    );
    p.fill(&card(30.0, 108.0, 60.0, 104.0, 12.0), c.second.lift(-0.05));
    p.dot(60.0, 160.0, 11.0, dye::BRASS);
    p.line(&oval(60.0, 160.0, 11.0, 11.0), dye::BRASS.lift(-0.16), 2.4);
}

/// A flask. Styles: 0 insulated bottle, 1 thermos with its cup, 2 cycling bottle.
pub fn flask(p: &mut Pen, c: &Coat) -> Frame {
    let body = match c.style {
        2 => Lathe::new(&[
            (92.0, 0.0),
            (92.0, 0.0),
            (98.0, 14.0),
            (98.0, 150.0),
            (88.0, 176.0),
            (88.0, 196.0),
            (98.0, 222.0),
            (98.0, 290.0),
            (86.0, 324.0),
            (76.0, 332.0),
        ]),
        1 => Lathe::new(&[(96.0, 0.0), (96.0, 0.0), (98.0, 8.0), (98.0, 320.0), (88.0, 352.0), (84.0, 362.0)]),
        _ => Lathe::new(&[
            (94.0, 0.0),
            (94.0, 0.0),
            (100.0, 14.0),
            (100.0, 270.0),
            (92.0, 316.0),
            (56.0, 356.0),
            (54.0, 380.0),
        ]),
    };
    let h = body.height();
    p.body(&body, c.main, Finish::Gloss);
    let steel = p.turned(dye::STEEL, Finish::Metal);
    match c.style {
        2 => {
            p.fill(&body.band(176.0, 200.0), c.main.lift(-0.14).at(0.5));
            let cap = Lathe::new(&[
                (84.0, h - 6.0),
                (84.0, h - 6.0),
                (84.0, h + 40.0),
                (46.0, h + 60.0),
                (24.0, h + 66.0),
                (22.0, h + 96.0),
                (28.0, h + 104.0),
                (24.0, h + 124.0),
            ]);
            p.body(&cap, c.second, Finish::Gloss);
        }
        1 => {
            let cup =
                Lathe::new(&[(92.0, h - 4.0), (92.0, h - 4.0), (94.0, h + 6.0), (88.0, h + 104.0), (80.0, h + 112.0)]);
            p.fill(&body.band(0.0, 26.0), &steel);
            p.fill(&cup.outline(), &steel);
            let top = p.slant(dye::SILVER.lift(0.08), dye::STEEL);
            p.oval(0.0, -h - 112.0, 80.0, 16.0, top);
            p.line(&body.hoop(h - 2.0), Colour(0x33343a).at(0.5), 5.0);
        }
        _ => {
            let neck = Lathe::new(&[(54.0, h - 16.0), (54.0, h), (54.0, h)]);
            p.fill(&neck.band(h - 16.0, h), &steel);
            let cap = Lathe::new(&[(62.0, h), (62.0, h), (62.0, h + 62.0), (56.0, h + 70.0)]);
            let bow =
                Path::at(-50.0, -h - 58.0).curve((-54.0, -h - 128.0), (54.0, -h - 128.0), (50.0, -h - 58.0)).open();
            p.line(&bow, c.second.lift(-0.08), 17.0);
            p.line(&bow, c.second.lift(0.1).at(0.8), 5.0);
            p.body(&cap, c.second, Finish::Matte);
            p.fill(&body.band(0.0, 12.0), steel);
        }
    }
    p.mark(c.mark, 0.0, -h * 0.52 + 18.0, 62.0, c.main.lift(if c.main.lightness() > 0.6 { -0.26 } else { 0.34 }));
    Frame::stand(230.0, h + 120.0, body.foot()).focus(10.0, -h * 0.7)
}
