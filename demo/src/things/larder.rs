//! Jars, bottles, tins, bags: what food, tea and lotions come in.

use crate::draw::Coat;
use crate::draw::colour::dye;
use crate::draw::lathe::{Finish, Lathe, facing};
use crate::draw::path::{Path, blob, card, leaf, oval, poly, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

/// A paper label on a turned body: mark, words, a coloured foot.
fn paper(p: &mut Pen, c: &Coat, body: &Lathe, low: f32, high: f32, half: f32) {
    let ink = c.third.lift(if c.third.lightness() > 0.6 { -0.35 } else { 0.0 });
    p.label(body, low, high, half, dye::CHALK);
    let h = high - low;
    let foot =
        p.across(&[(0.0, c.third.lift(0.0), 1.0), (0.35, c.third.lift(0.05), 1.0), (1.0, c.third.lift(-0.1), 1.0)]);
    p.fill(&body.patch(low, low + h * 0.16, -half, half), foot);
    let front = body.on((low + high) / 2.0, 0.0).1;
    let w = body.radius((low + high) / 2.0) * half;
    p.mark(c.mark, 0.0, front - h * 0.16, h * 0.36, ink);
    p.words(0.0, front + h * 0.12, &[w * 1.1, w * 0.7], h * 0.1, (h * 0.035).max(2.6), ink);
}

/// A jar with a lid. Styles: 0 honey, 1 jam with pieces and a cloth cap, 2 olives, 3 salts with a cork.
pub fn jar(p: &mut Pen, c: &Coat) -> Frame {
    let glass = Lathe::new(&[
        (104.0, 0.0),
        (104.0, 0.0),
        (122.0, 14.0),
        (126.0, 50.0),
        (126.0, 196.0),
        (116.0, 232.0),
        (94.0, 250.0),
        (94.0, 264.0),
    ]);
    let fill = Lathe::new(&[
        (98.0, 10.0),
        (98.0, 10.0),
        (118.0, 24.0),
        (121.0, 60.0),
        (121.0, 190.0),
        (112.0, 222.0),
        (112.0, 222.0),
    ]);
    let ink = p.turned(c.main, Finish::Gloss);
    p.fill(&fill.band(10.0, 222.0), ink);
    let depth =
        p.rad(0.42, 0.4, 0.7, &[(0.0, c.main.lift(0.13), 0.85), (0.6, c.main, 0.0), (1.0, c.main.lift(-0.22), 0.6)]);
    p.fill(&fill.band(10.0, 222.0), depth);
    contents(p, c, &fill);
    super::cups::clear(p, &glass, 0.0);
    p.glint(&glass, 22.0, 216.0, -0.86, 0.8);
    paper(p, c, &glass, 52.0, 166.0, 0.74);
    cap(p, c);
    Frame::stand(280.0, 320.0, 112.0).focus(20.0, -190.0).fill(0.9)
}

fn contents(p: &mut Pen, c: &Coat, fill: &Lathe) {
    if c.style == 0 {
        return;
    }
    for _ in 0..26 {
        let (h, sine, r) = (p.dice.range(20.0, 210.0), p.dice.range(-0.88, 0.88), p.dice.range(9.0, 19.0));
        let (x, y) = fill.on(h, sine);
        let tone = p.dice.range(-0.1, 0.12);
        match c.style {
            2 => p.ball(x, y - 6.0, r, c.main.lift(tone)),
            3 => p.rect(x - 5.0, y - 10.0, 10.0, 8.0, 2.0, dye::WHITE.at(0.5)),
            _ => p.oval(x, y - 8.0, r, r * 0.7, c.main.lift(tone).at(0.75)),
        }
    }
}

fn cap(p: &mut Pen, c: &Coat) {
    p.place(0.0, -258.0, 0.0, 1.0, |p| match c.style {
        1 => {
            let skirt = blob(&[
                (-96.0, -40.0),
                (-116.0, 8.0),
                (-132.0, 28.0),
                (-70.0, 36.0),
                (0.0, 44.0),
                (70.0, 36.0),
                (134.0, 26.0),
                (114.0, 6.0),
                (96.0, -40.0),
                (0.0, -58.0),
            ]);
            let cloth = p.slant(c.second.lift(0.06), c.second.lift(-0.09));
            p.fill(&skirt, cloth);
            p.cloth(&skirt, c.second, (crate::draw::weave::Weave::Check, c.third, c.third), 0.3, 4.0);
            p.line(&wave(&[(-106.0, -4.0), (0.0, 16.0), (106.0, -4.0)]), dye::JUTE.lift(-0.1), 7.0);
            p.line(
                &wave(&[
                    (-10.0, 16.0),
                    (-40.0, 40.0),
                    (-14.0, 44.0),
                    (0.0, 18.0),
                    (24.0, 46.0),
                    (42.0, 36.0),
                    (6.0, 16.0),
                ]),
                dye::JUTE.lift(-0.06),
                5.0,
            );
        }
        3 => {
            let cork = Lathe::new(&[(86.0, 0.0), (86.0, 0.0), (98.0, 46.0), (98.0, 46.0)]);
            p.body(&cork, dye::CORK, Finish::Matte);
            p.specks(&cork, dye::CORK.lift(-0.2), 40, 4.0, 42.0);
            let top = p.slant(dye::CORK.lift(0.1), dye::CORK);
            p.oval(0.0, -46.0, 98.0, 19.0, top);
        }
        _ => {
            let lid = Lathe::new(&[(102.0, 0.0), (102.0, 0.0), (104.0, 6.0), (104.0, 44.0), (100.0, 50.0)]);
            p.body(&lid, c.second, Finish::Metal);
            let top = p.slant(c.second.lift(0.14), c.second.lift(-0.04));
            p.oval(0.0, -50.0, 100.0, 19.5, top);
            p.line(&oval(0.0, -50.0, 84.0, 15.6), c.second.lift(-0.1).at(0.6), 2.4);
        }
    });
}

/// A bottle. Styles: 0 dark oil bottle, 1 clear with vinegar, 2 swing-top cold brew, 3 ink.
pub fn bottle(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 3 {
        return ink_bottle(p, c);
    }
    let body = match c.style {
        1 => Lathe::new(&[
            (62.0, 0.0),
            (62.0, 0.0),
            (70.0, 10.0),
            (70.0, 200.0),
            (62.0, 246.0),
            (26.0, 296.0),
            (22.0, 372.0),
            (26.0, 380.0),
            (26.0, 396.0),
        ]),
        _ => Lathe::new(&[
            (80.0, 0.0),
            (80.0, 0.0),
            (88.0, 12.0),
            (88.0, 226.0),
            (78.0, 268.0),
            (32.0, 310.0),
            (27.0, 380.0),
            (32.0, 388.0),
            (32.0, 404.0),
        ]),
    };
    let h = body.height();
    if c.style == 0 {
        p.body(&body, c.main, Finish::Gloss);
        let through = p.rad(0.45, 0.6, 0.5, &[(0.0, dye::OIL, 0.3), (1.0, dye::OIL, 0.0)]);
        p.fill(&body.outline(), through);
    } else {
        let ink = p.turned(c.main, Finish::Gloss);
        p.fill(&body.band(8.0, h * 0.72), ink.fade(0.9));
        p.fill(&body.band(h * 0.7, h), c.main.lift(0.1).at(0.4));
        super::cups::clear(p, &body, 0.04);
        p.glint(&body, 20.0, h * 0.6, -0.84, 0.8);
    }
    paper(p, c, &body, 50.0, 186.0, 0.86);
    p.place(0.0, -h + 2.0, 0.0, 1.0, |p| {
        let r = body.rim().1;
        let stop = Lathe::new(&[
            (r * 0.8, 0.0),
            (r * 0.8, 0.0),
            (r * 0.86, 18.0),
            (r * 1.2, 20.0),
            (r * 1.2, 46.0),
            (r * 1.1, 50.0),
        ]);
        p.body(&stop, c.second, if c.second == dye::CORK { Finish::Matte } else { Finish::Gloss });
        p.oval(0.0, -50.0, r * 1.1, r * 0.22, c.second.lift(0.1));
    });
    if c.style == 0 {
        let seal = Lathe::new(&[(33.0, 340.0), (30.0, 380.0), (34.0, 404.0)]);
        let foil = p.turned(c.third, Finish::Gloss);
        p.fill(&seal.band(342.0, 402.0), foil);
    }
    Frame::stand(230.0, h + 50.0, body.foot()).focus(10.0, -h * 0.42).fill(1.0)
}

fn ink_bottle(p: &mut Pen, c: &Coat) -> Frame {
    let body = Lathe::new(&[
        (132.0, 0.0),
        (132.0, 0.0),
        (142.0, 16.0),
        (138.0, 110.0),
        (118.0, 148.0),
        (64.0, 164.0),
        (60.0, 184.0),
    ]);
    let ink = p.turned(c.main, Finish::Gloss);
    p.fill(&body.band(12.0, 124.0), ink);
    super::cups::clear(p, &body, 0.0);
    p.glint(&body, 16.0, 130.0, -0.86, 0.85);
    paper(p, c, &body, 26.0, 106.0, 0.6);
    p.place(0.0, -180.0, 0.0, 1.0, |p| {
        let lid = Lathe::new(&[(72.0, 0.0), (72.0, 0.0), (74.0, 8.0), (74.0, 62.0), (70.0, 68.0)]);
        p.body(&lid, c.second, Finish::Gloss);
        for k in -8..=8 {
            p.line(&lid.rib(6.0, 60.0, facing(k, 9.0)), c.second.lift(-0.14).at(0.6), 3.0);
        }
        let top = p.slant(c.second.lift(0.12), c.second.lift(-0.02));
        p.oval(0.0, -68.0, 70.0, 14.0, top);
    });
    p.fill(&blob(&[(150.0, 10.0), (190.0, 2.0), (226.0, 12.0), (214.0, 28.0), (170.0, 30.0)]), c.main);
    p.oval(184.0, 11.0, 14.0, 3.0, dye::WHITE.at(0.4));
    Frame::stand(390.0, 270.0, 138.0).focus(10.0, -120.0).fill(0.9)
}

/// A tin. Styles: 0 tall tea tin, 1 low spice tin, 2 oil canister, 3 biscuit tin.
pub fn tin(p: &mut Pen, c: &Coat) -> Frame {
    let (r, h) = match c.style {
        1 => (112.0, 170.0),
        2 => return canister(p, c),
        3 => (170.0, 190.0),
        _ => (110.0, 300.0),
    };
    let body = Lathe::new(&[(r, 0.0), (r, 0.0), (r, h), (r, h)]);
    p.body(&body, c.main, Finish::Gloss);
    let band = p.turned(c.second, Finish::Matte);
    p.fill(&body.band(h * 0.08, h * 0.14), &band);
    p.fill(&body.band(h * 0.86, h * 0.9), &band);
    ornament(p, c, &body, h);
    paper(p, c, &body, h * 0.26, h * 0.76, 0.58);
    p.place(0.0, -h, 0.0, 1.0, |p| {
        let lid = Lathe::new(&[(r + 4.0, 0.0), (r + 4.0, 0.0), (r + 4.0, 34.0), (r + 1.0, 40.0)]);
        p.body(&lid, c.main.lift(-0.03), Finish::Gloss);
        p.line(&lid.hoop(1.0), c.main.lift(-0.25).at(0.6), 3.0);
        let top = p.slant(c.main.lift(0.12), c.main.lift(-0.02));
        p.oval(0.0, -40.0, r + 1.0, r * 0.2, top);
        p.line(&oval(0.0, -40.0, r * 0.82, r * 0.163), c.main.lift(-0.1).at(0.5), 2.4);
    });
    Frame::stand(r * 2.0 + 20.0, h + 70.0, r).focus(20.0, -h * 0.62).fill(if c.style == 0 { 0.92 } else { 0.8 })
}

fn ornament(p: &mut Pen, c: &Coat, body: &Lathe, h: f32) {
    for k in -5..=5 {
        let sine = facing(k, 6.0);
        for at in [0.22, 0.8] {
            let (x, y) = body.on(h * at, sine);
            let w = 11.0 * (1.0 - sine * sine).sqrt().max(0.2);
            p.fill(&leaf((x - w, y), (x + w, y - 3.0), 0.34, 0.0), c.second.at(0.85));
        }
    }
}

fn canister(p: &mut Pen, c: &Coat) -> Frame {
    let (w, h) = (250.0, 350.0);
    p.carton(w, h, 150.0, c.main);
    p.sheen(&card(-w / 2.0, -h, w, h, 2.0), 0.22);
    p.rect(-w / 2.0, -64.0, w, 34.0, 0.0, c.third);
    let face = p.slant(dye::CHALK, dye::CHALK.lift(-0.05));
    p.fill(&card(-88.0, -290.0, 176.0, 190.0, 88.0), face);
    p.mark(c.mark, 0.0, -222.0, 84.0, c.third.lift(-0.12));
    p.words(0.0, -152.0, &[96.0, 64.0], 17.0, 5.0, c.third.lift(-0.12));
    p.place(60.0, -h - 26.0, 0.0, 1.0, |p| {
        let spout = Lathe::new(&[(24.0, 0.0), (24.0, 0.0), (20.0, 26.0), (22.0, 52.0), (18.0, 58.0)]);
        p.body(&spout, c.second, Finish::Metal);
    });
    let bow = Path::at(-70.0, -h - 22.0).curve((-80.0, -h - 74.0), (10.0, -h - 80.0), (14.0, -h - 30.0)).open();
    p.line(&bow, c.second.lift(-0.1), 10.0);
    p.line(&bow, c.second.lift(0.14), 3.6);
    Frame::stand(330.0, 430.0, 150.0).focus(10.0, -230.0).fill(0.96)
}

/// A bag. Styles: 0 coffee bag with a valve, 1 paper bag, folded and clipped.
pub fn bag(p: &mut Pen, c: &Coat) -> Frame {
    let h = if c.style == 0 { 400.0 } else { 320.0 };
    let w = 136.0;
    let front = [(-w, 0.0), (-w - 4.0, -h * 0.5), (-w + 10.0, -h), (w - 10.0, -h), (w + 4.0, -h * 0.5), (w, 0.0)];
    let side = p.down(c.main.lift(-0.12), c.main.lift(-0.2));
    p.fill(&poly(&[(w - 10.0, -h), (w + 44.0, -h - 12.0), (w + 50.0, -26.0), (w, 0.0)]), side);
    p.line(&Path::at(w + 20.0, -h).to(w + 27.0, -16.0).open(), c.main.lift(-0.28).at(0.5), 3.0);
    let face = p.slant(c.main.lift(0.07), c.main.lift(-0.06));
    p.fill(&soft(&front, 12.0), face);
    for (x1, x2, y) in
        [(-w + 20.0, -w + 44.0, -h * 0.7), (w - 40.0, w - 16.0, -h * 0.55), (-w + 12.0, -w + 50.0, -40.0)]
    {
        p.line(&wave(&[(x1, y - 60.0), ((x1 + x2) / 2.0, y), (x2, y + 70.0)]), c.main.lift(-0.12).at(0.28), 12.0);
        p.line(
            &wave(&[(x1 + 9.0, y - 50.0), ((x1 + x2) / 2.0 + 9.0, y), (x2 + 9.0, y + 60.0)]),
            c.main.lift(0.14).at(0.3),
            6.0,
        );
    }
    let fold = p.down(c.main.lift(0.05), c.main.lift(-0.03));
    p.fill(
        &soft(
            &[
                (-w + 6.0, -h + 24.0),
                (-w + 10.0, -h - 36.0),
                (w + 40.0, -h - 44.0),
                (w + 40.0, -h + 10.0),
                (w - 8.0, -h + 24.0),
            ],
            6.0,
        ),
        fold,
    );
    p.line(&Path::at(-w + 8.0, -h + 26.0).to(w - 8.0, -h + 26.0).open(), c.main.lift(-0.24).at(0.45), 4.0);
    if c.style == 0 {
        p.dot(0.0, -h + 62.0, 11.0, c.main.lift(-0.12));
        p.dot(-1.0, -h + 61.0, 5.0, c.main.lift(-0.28));
    } else {
        p.rect(-40.0, -h - 44.0, 80.0, 84.0, 4.0, dye::OAK);
        p.line(&Path::at(-40.0, -h - 2.0).to(40.0, -h - 2.0).open(), dye::OAK.lift(-0.2), 5.0);
    }
    bag_label(p, c, h);
    Frame::stand(340.0, h + 60.0, 146.0).focus(0.0, -h * 0.45).fill(0.98)
}

fn bag_label(p: &mut Pen, c: &Coat, h: f32) {
    let (top, tall) = (-h * 0.74, h * 0.56);
    let face = p.slant(dye::CHALK, dye::CHALK.lift(-0.05));
    p.fill(&card(-92.0, top, 184.0, tall, 8.0), face);
    let scene = card(-92.0, top, 184.0, tall * 0.5, 8.0);
    let sky = p.down(c.second.lift(0.08), c.second.lift(-0.02));
    p.fill(&scene, sky);
    p.dot(34.0, top + tall * 0.2, 22.0, dye::CHALK.at(0.9));
    let y = top + tall * 0.5;
    p.fill(
        &Path::at(-92.0, y)
            .to(-92.0, y - 24.0)
            .curve((-50.0, y - 74.0), (-20.0, y - 20.0), (10.0, y - 34.0))
            .curve((40.0, y - 52.0), (64.0, y - 30.0), (92.0, y - 20.0))
            .to(92.0, y)
            .close(),
        c.third,
    );
    p.mark(c.mark, -54.0, y + tall * 0.2, 46.0, c.third.lift(-0.1));
    p.words(26.0, y + tall * 0.13, &[92.0, 92.0, 64.0], tall * 0.1, 5.0, c.third.lift(-0.1));
}

/// A bar of chocolate or nougat, half unwrapped. Style 1: nougat with almonds.
pub fn bar(p: &mut Pen, c: &Coat) -> Frame {
    let whole = card(-150.0, -270.0, 300.0, 540.0, 8.0);
    p.drop(&whole, 15.0);
    let base = p.slant(c.main.lift(0.03), c.main.lift(-0.05));
    p.fill(&whole, base);
    if c.style == 1 {
        for _ in 0..34 {
            let (x, y, r) = (p.dice.range(-132.0, 132.0), p.dice.range(-256.0, 20.0), p.dice.range(9.0, 17.0));
            let turn = p.dice.range(0.0, 180.0);
            p.place(x, y, turn, 1.0, |p| p.oval(0.0, 0.0, r * 1.5, r, dye::BEECH.lift(0.02)));
        }
    } else {
        for row in 0..4 {
            for col in 0..3 {
                let (x, y) = (-140.0 + 94.0 * col as f32, -262.0 + 82.0 * row as f32);
                let lit = p.slant(c.main.lift(0.12), c.main.lift(-0.08));
                p.rect(x, y, 88.0, 76.0, 7.0, lit);
                let face = p.slant(c.main.lift(0.05), c.main.lift(0.0));
                p.rect(x + 11.0, y + 10.0, 66.0, 56.0, 5.0, face);
            }
        }
    }
    let foil = [
        (-158.0, 14.0),
        (-120.0, -22.0),
        (-76.0, 8.0),
        (-30.0, -26.0),
        (20.0, 6.0),
        (74.0, -28.0),
        (118.0, 4.0),
        (158.0, -20.0),
        (158.0, 70.0),
        (-158.0, 70.0),
    ];
    let silver = p.lin(
        (0.0, 0.0),
        (1.0, 0.4),
        &[(0.0, dye::SILVER, 1.0), (0.3, dye::WHITE, 1.0), (0.55, dye::STEEL, 1.0), (1.0, dye::SILVER.lift(0.05), 1.0)],
    );
    p.fill(&poly(&foil), silver);
    let sleeve = card(-158.0, 40.0, 316.0, 236.0, 4.0);
    let paper = p.slant(c.second.lift(0.05), c.second.lift(-0.06));
    p.fill(&sleeve, paper);
    p.cloth(&sleeve, c.second, (crate::draw::weave::Weave::Leaves, c.second.lift(0.09), c.third), 0.6, 12.0);
    p.rect(-96.0, 86.0, 192.0, 140.0, 70.0, dye::CHALK);
    p.mark(c.mark, 0.0, 136.0, 58.0, c.second.lift(-0.1));
    p.words(0.0, 186.0, &[92.0, 60.0], 14.0, 4.0, c.second.lift(-0.1));
    Frame::lay(330.0, 560.0).focus(10.0, -60.0)
}
