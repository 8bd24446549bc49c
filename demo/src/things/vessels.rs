//! Pots and vases: what pours and what holds flowers.

use super::cups::handle;
use super::foliage;
use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe, facing};
use crate::draw::path::{Path, blob, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

/// A lid with a knob on a turned body whose rim is at `y`.
fn lid(p: &mut Pen, y: f32, r: f32, rise: f32, c: Colour, knob: Colour) {
    p.place(0.0, y, 0.0, 1.0, |p| {
        let dome = Lathe::new(&[(r, 0.0), (r, 0.0), (r * 0.92, rise * 0.42), (r * 0.5, rise * 0.86), (8.0, rise)]);
        p.body(&dome, c, Finish::Gloss);
        p.line(&dome.hoop(1.0), c.lift(-0.25).at(0.55), 3.0);
        p.place(0.0, -rise * 0.92, 0.0, 1.0, |p| {
            let top = Lathe::new(&[(12.0, 0.0), (12.0, 8.0), (25.0, 22.0), (24.0, 38.0), (4.0, 48.0)]);
            p.body(&top, knob, Finish::Gloss);
        });
    });
}

/// A teapot. Styles: 0 ribbed stoneware, 1 glass with tea in it.
pub fn teapot(p: &mut Pen, c: &Coat) -> Frame {
    let body = Lathe::new(&[
        (92.0, 0.0),
        (92.0, 0.0),
        (150.0, 40.0),
        (178.0, 116.0),
        (148.0, 196.0),
        (82.0, 232.0),
        (78.0, 240.0),
    ]);
    let glass = c.style == 1;
    let spout = blob(&[
        (128.0, -74.0),
        (190.0, -98.0),
        (224.0, -164.0),
        (250.0, -222.0),
        (250.0, -222.0),
        (274.0, -214.0),
        (274.0, -214.0),
        (262.0, -150.0),
        (228.0, -60.0),
        (150.0, -26.0),
    ]);
    let bow = Path::at(-128.0, -186.0).curve((-270.0, -250.0), (-290.0, -60.0), (-146.0, -62.0)).open();
    let grip = if glass { c.third } else { c.main };
    p.line(&bow, grip.lift(-0.16), 27.0);
    p.group("translate(-3 -3)", |p| p.line(&bow, grip.lift(-0.02), 18.0));
    p.group("translate(-4 -6)", |p| p.line(&bow, grip.lift(0.12).at(0.7), 5.0));
    if glass {
        p.fill(&spout, dye::DUSK.at(0.5));
        p.line(&spout, dye::WHITE.at(0.35), 4.0);
        let tea = p.turned(c.second, Finish::Gloss);
        p.fill(&body.band(6.0, 168.0), tea.fade(0.88));
        let top = p.slant(c.second.lift(0.16), c.second.lift(0.06));
        p.oval(0.0, -168.0, body.radius(168.0), body.radius(168.0) * 0.2, top.fade(0.8));
        super::cups::clear(p, &body, 0.0);
        p.glint(&body, 50.0, 210.0, -0.72, 0.85);
        let collar = p.across(&[(0.0, dye::DUSK, 0.6), (0.3, dye::WHITE, 0.5), (1.0, dye::DUSK, 0.65)]);
        p.fill(&body.band(206.0, 238.0), collar);
        lid(p, -234.0, 84.0, 34.0, c.third, c.third);
    } else {
        let ink = p.slant(c.main.lift(0.05), c.main.lift(-0.16));
        p.fill(&spout, ink);
        p.oval(262.0, -218.0, 13.0, 6.0, c.main.lift(-0.34));
        p.body(&body, c.main, Finish::Gloss);
        for k in -6..=6 {
            let sine = facing(k, 7.2);
            p.line(&body.rib(14.0, 214.0, sine), c.main.lift(-0.12).at(0.35), 4.0);
            p.line(&body.rib(14.0, 214.0, sine + 0.024), c.main.lift(0.1).at(0.3), 2.4);
        }
        lid(p, -234.0, 84.0, 42.0, c.main, c.third);
    }
    Frame::stand(530.0, 330.0, 110.0).focus(60.0, -190.0)
}

/// A jug, glazed to the shoulder. Style 1: tall.
pub fn jug(p: &mut Pen, c: &Coat) -> Frame {
    let k = if c.style == 1 { 1.3 } else { 1.0 };
    let body = Lathe::new(&[
        (88.0, 0.0),
        (88.0, 0.0),
        (124.0, 44.0 * k),
        (132.0, 110.0 * k),
        (96.0, 204.0 * k),
        (88.0, 250.0 * k),
        (104.0, 296.0 * k),
    ]);
    let h = body.height();
    handle(p, 98.0, h * 0.86, h * 0.36, 88.0, 26.0, c.main);
    let (y, rx, ry) = body.rim();
    let lip = blob(&[
        (-70.0, y - 12.0),
        (-128.0, y - 20.0),
        (-134.0, y - 16.0),
        (-104.0, y + 26.0),
        (-80.0, y + 60.0),
        (-40.0, y + 20.0),
    ]);
    let ink = p.slant(c.main.lift(0.06), c.main.lift(-0.06));
    p.fill(&lip, ink);
    p.body(&body, c.main, Finish::Gloss);
    let clay = p.turned(c.second, Finish::Matte);
    p.fill(&body.band(0.0, 62.0), clay);
    p.line(&body.hoop(62.0), c.second.lift(-0.2).at(0.5), 3.0);
    p.specks(&body, c.main.lift(-0.28), 50, 70.0, h - 20.0);
    p.mouth(&body, c.main, c.main.mix(dye::CREAM, 0.3), 8.0);
    p.fill(
        &blob(&[(-rx + 6.0, y), (-126.0, y - 17.0), (-126.0, y - 17.0), (-rx + 30.0, y - ry + 4.0), (-rx + 44.0, y)]),
        c.main.lift(-0.12),
    );
    Frame::stand(330.0, h + 30.0, 96.0).focus(10.0, -h * 0.72).fill(0.98)
}

/// A vase with something growing in it. Styles: 0 bottle, 1 moon, 2 ribbed cylinder, 3 amphora, empty.
pub fn vase(p: &mut Pen, c: &Coat) -> Frame {
    let body = match c.style {
        1 => Lathe::new(&[
            (70.0, 0.0),
            (70.0, 0.0),
            (142.0, 58.0),
            (168.0, 146.0),
            (138.0, 238.0),
            (60.0, 290.0),
            (44.0, 300.0),
            (50.0, 318.0),
        ]),
        2 => Lathe::new(&[(94.0, 0.0), (94.0, 0.0), (104.0, 14.0), (104.0, 120.0), (104.0, 300.0), (104.0, 300.0)]),
        3 => Lathe::new(&[
            (64.0, 0.0),
            (64.0, 0.0),
            (112.0, 96.0),
            (136.0, 210.0),
            (104.0, 292.0),
            (52.0, 330.0),
            (48.0, 372.0),
            (70.0, 396.0),
        ]),
        _ => Lathe::new(&[
            (86.0, 0.0),
            (86.0, 0.0),
            (112.0, 34.0),
            (116.0, 120.0),
            (88.0, 196.0),
            (38.0, 248.0),
            (32.0, 310.0),
            (42.0, 336.0),
        ]),
    };
    let (h, (y, rx, _)) = (body.height(), body.rim());
    let rim = (y, rx);
    p.mouth(&body, c.main, c.main.lift(-0.2), 5.0);
    match c.style {
        0 => foliage::branch(p, (2.0, y), 1.0, c.third),
        1 => foliage::blossoms(p, (0.0, y), c.third),
        2 => foliage::tulips(p, (0.0, y), c.third),
        _ => foliage::grasses(p, (0.0, y), c.third),
    }
    p.body(&body, c.main, if c.style == 2 || c.style == 3 { Finish::Matte } else { Finish::Gloss });
    if c.style == 2 {
        for k in -9..=9 {
            let sine = facing(k, 10.2);
            p.line(&body.rib(6.0, 294.0, sine), c.main.lift(-0.15).at(0.42), 4.0);
            p.line(&body.rib(6.0, 294.0, sine + 0.03), c.main.lift(0.09).at(0.4), 3.0);
        }
    } else if c.style == 3 {
        for side in [-1.0, 1.0] {
            let d = Path::at(54.0 * side, -362.0)
                .curve((126.0 * side, -378.0), (142.0 * side, -300.0), (112.0 * side, -268.0))
                .open();
            p.line(&d, c.main.lift(if side < 0.0 { 0.0 } else { -0.15 }), 20.0);
            p.line(&d, c.main.lift(0.08).at(0.5), 5.0);
        }
        for at in [96.0, 106.0, 214.0] {
            p.line(&body.hoop(at), c.second.at(0.8), 5.0);
        }
    } else {
        p.specks(&body, c.main.lift(if c.main.lightness() > 0.5 { -0.3 } else { 0.3 }), 60, 30.0, h * 0.85);
    }
    p.line(&Path::at(-rim.1, rim.0).arc(rim.1, rim.1 * 0.2, false, rim.1, rim.0).open(), c.main.lift(0.1), 6.0);
    Frame::stand(360.0, h + 250.0, body.foot()).focus(10.0, -h * 0.7).fill(1.08)
}

/// A stoneware jar with a cork.
pub fn storage_jar(p: &mut Pen, c: &Coat) -> Frame {
    let body = Lathe::new(&[
        (118.0, 0.0),
        (118.0, 0.0),
        (130.0, 16.0),
        (134.0, 110.0),
        (130.0, 224.0),
        (110.0, 252.0),
        (110.0, 262.0),
    ]);
    p.body(&body, c.main, Finish::Matte);
    let glaze = p.turned(c.second, Finish::Gloss);
    p.fill(&body.band(150.0, 252.0), glaze);
    p.glint(&body, 158.0, 240.0, -0.66, 0.5);
    p.line(&body.hoop(150.0), c.second.lift(-0.2).at(0.5), 3.0);
    p.specks(&body, c.main.lift(-0.25), 60, 10.0, 146.0);
    p.place(0.0, -258.0, 0.0, 1.0, |p| {
        let cork = Lathe::new(&[(102.0, 0.0), (102.0, 0.0), (112.0, 44.0), (112.0, 44.0)]);
        p.body(&cork, dye::CORK, Finish::Matte);
        p.specks(&cork, dye::CORK.lift(-0.2), 50, 4.0, 42.0);
        let top = p.slant(dye::CORK.lift(0.09), dye::CORK.lift(0.0));
        p.oval(0.0, -44.0, 112.0, 22.0, top);
        p.specks(&Lathe::tilted(&[(100.0, 44.0), (20.0, 46.0)], 0.15), dye::CORK.lift(-0.18), 30, 44.0, 46.0);
    });
    p.mark(c.mark, 0.0, -66.0, 62.0, c.main.lift(-0.26));
    Frame::stand(280.0, 330.0, 122.0).focus(20.0, -220.0).fill(0.94)
}

/// A watering can with a long spout.
pub fn watering_can(p: &mut Pen, c: &Coat) -> Frame {
    let spout = Path::at(92.0, -52.0).curve((190.0, -60.0), (220.0, -190.0), (300.0, -300.0)).open();
    p.line(&spout, c.main.lift(-0.16), 30.0);
    p.group("translate(-4 -4)", |p| p.line(&spout, c.main.lift(0.0), 19.0));
    p.group("translate(-7 -6)", |p| p.line(&spout, c.main.lift(0.16).at(0.7), 5.0));
    p.place(308.0, -312.0, 38.0, 1.0, |p| {
        let rose = Lathe::tilted(&[(14.0, 0.0), (14.0, 0.0), (44.0, 34.0), (44.0, 34.0)], 0.34);
        p.body(&rose, c.second, Finish::Metal);
        p.oval(0.0, -34.0, 44.0, 15.0, c.second.lift(0.1));
        for (x, y) in crate::draw::path::ring(0.0, -34.0, 27.0, 9.0, 8, 0.0) {
            p.dot(x, y, 2.6, c.second.lift(-0.35));
        }
    });
    let bow = Path::at(64.0, -236.0).curve((20.0, -380.0), (-250.0, -360.0), (-124.0, -70.0)).open();
    p.line(&bow, c.main.lift(-0.15), 20.0);
    p.group("translate(-3 -3)", |p| p.line(&bow, c.main.lift(0.05), 12.0));
    let body = Lathe::new(&[(132.0, 0.0), (132.0, 0.0), (136.0, 10.0), (128.0, 120.0), (110.0, 226.0), (110.0, 226.0)]);
    p.mouth(&body, c.main.lift(0.05), c.main, 7.0);
    p.body(&body, c.main, Finish::Gloss);
    for at in [14.0, 206.0] {
        p.line(&body.hoop(at), c.main.lift(-0.18).at(0.5), 4.0);
        p.line(&body.hoop(at + 5.0), c.main.lift(0.14).at(0.5), 3.0);
    }
    Frame::stand(560.0, 380.0, 136.0).focus(60.0, -180.0).fill(1.02)
}

/// A basket woven of seagrass, with handles and something in it. Style 1: with a lid of cloth.
pub fn basket(p: &mut Pen, c: &Coat) -> Frame {
    let body = Lathe::tilted(
        &[(150.0, 0.0), (150.0, 0.0), (190.0, 80.0), (198.0, 180.0), (180.0, 262.0), (180.0, 262.0)],
        0.22,
    );
    p.mouth(&body, c.main, c.main.lift(-0.1), 12.0);
    let (y, rx, _) = body.rim();
    let throw = blob(&[
        (-136.0, y + 12.0),
        (-110.0, y - 60.0),
        (-30.0, y - 84.0),
        (60.0, y - 66.0),
        (130.0, y - 30.0),
        (140.0, y + 14.0),
        (0.0, y + 46.0),
    ]);
    let ink = p.slant(c.second.lift(0.06), c.second.lift(-0.1));
    p.fill(&throw, ink);
    for (a, b) in [(-70.0, -30.0), (10.0, 60.0)] {
        p.line(&wave(&[(a, y - 68.0), (a + 18.0, y - 20.0), (b, y + 26.0)]), c.second.lift(-0.14).at(0.5), 6.0);
    }
    p.body(&body, c.main, Finish::Matte);
    if let Some(braid) = p.weave(crate::draw::weave::Weave::Braid, c.main, c.main, c.main, 0.9, 0.0) {
        p.fill(&body.outline(), braid.fade(0.75));
    }
    let shade = p.across(&[
        (0.0, c.main.lift(-0.2), 0.35),
        (0.3, dye::WHITE, 0.14),
        (0.6, c.main, 0.0),
        (1.0, c.main.lift(-0.4), 0.6),
    ]);
    p.fill(&body.outline(), shade);
    p.line(&body.hoop(258.0), c.main.lift(0.06), 12.0);
    for side in [-1.0, 1.0] {
        let d = Path::at((rx - 40.0) * side, y + 30.0)
            .curve(((rx + 10.0) * side, y - 66.0), ((rx + 60.0) * side, y - 20.0), ((rx + 2.0) * side, y + 60.0))
            .open();
        p.line(&d, c.main.lift(-0.14), 17.0);
        p.line(&d, c.main.lift(0.05), 9.0);
    }
    Frame::stand(440.0, 360.0, 158.0).focus(50.0, -200.0).fill(0.98)
}
