//! Clothes, laid out.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, Point, blob, card, oval, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;
use crate::draw::weave::Weave;

const DEEP: Colour = Colour(0x2a1f2a);

/// Cloth with its light: the base, the pattern, soft folds.
fn sew(p: &mut Pen, outline: &str, c: &Coat, colour: Colour, scale: f32, turn: f32) {
    let ink = p.lin(
        (0.0, 0.0),
        (1.0, 0.8),
        &[(0.0, colour.lift(0.06), 1.0), (0.5, colour, 1.0), (1.0, colour.lift(-0.09), 1.0)],
    );
    p.fill(outline, ink);
    p.cloth(outline, colour, (c.weave, c.second, c.third), scale, turn);
}

fn fold(p: &mut Pen, points: &[Point], width: f32) {
    let lit: Vec<Point> = points.iter().map(|(x, y)| (x - width * 0.9, y - width * 0.3)).collect();
    p.line(&wave(points), DEEP.at(0.1), width);
    p.line(&wave(&lit), dye::WHITE.at(0.1), width * 0.8);
}

/// A ribbed edge between two lines of points.
fn ribbing(p: &mut Pen, outline: &str, c: Colour, lines: &[(Point, Point)]) {
    let ink = p.slant(c.lift(0.02), c.lift(-0.07));
    p.fill(outline, ink);
    for (a, b) in lines {
        p.line(&Path::at(a.0, a.1).to(b.0, b.1 + 0.1).open(), c.lift(-0.13).at(0.6), 3.0);
    }
}

fn torso(w: f32, hem: f32) -> String {
    blob(&[
        (-84.0, -270.0),
        (-84.0, -270.0),
        (-176.0, -236.0),
        (-176.0, -236.0),
        (-w, -60.0),
        (-w, hem),
        (-w, hem),
        (0.0, hem + 8.0),
        (w, hem),
        (w, hem),
        (w, -60.0),
        (176.0, -236.0),
        (176.0, -236.0),
        (84.0, -270.0),
        (84.0, -270.0),
        (40.0, -232.0),
        (0.0, -222.0),
        (-40.0, -232.0),
    ])
}

fn sleeve(s: f32, long: bool) -> String {
    if long {
        blob(&[
            (120.0 * s, -256.0),
            (120.0 * s, -256.0),
            (186.0 * s, -232.0),
            (240.0 * s, -150.0),
            (292.0 * s, 60.0),
            (310.0 * s, 170.0),
            (310.0 * s, 170.0),
            (236.0 * s, 190.0),
            (236.0 * s, 190.0),
            (206.0 * s, 60.0),
            (152.0 * s, -60.0),
            (140.0 * s, -90.0),
        ])
    } else {
        blob(&[
            (120.0 * s, -256.0),
            (120.0 * s, -256.0),
            (190.0 * s, -230.0),
            (290.0 * s, -96.0),
            (290.0 * s, -96.0),
            (206.0 * s, -36.0),
            (206.0 * s, -36.0),
            (140.0 * s, -110.0),
        ])
    }
}

fn collar(p: &mut Pen, c: Colour, depth: f32) {
    p.fill(
        &blob(&[
            (-84.0, -270.0),
            (-50.0, -282.0),
            (0.0, -286.0),
            (50.0, -282.0),
            (84.0, -270.0),
            (40.0, -234.0),
            (0.0, -224.0),
            (-40.0, -234.0),
        ]),
        c.lift(-0.24),
    );
    let band = wave(&[(-84.0, -270.0), (-46.0, -230.0), (0.0, -216.0), (46.0, -230.0), (84.0, -270.0)]);
    p.line(&band, c.lift(-0.1), depth + 4.0);
    p.line(&band, c.lift(0.02), depth);
    p.seam(&band, c.lift(-0.14).at(0.5), depth, 3.0);
}

/// A sweater. Style 1: a cardigan with buttons.
pub fn sweater(p: &mut Pen, c: &Coat) -> Frame {
    let c = &Coat { weave: if c.weave == Weave::Plain { Weave::Knit } else { c.weave }, ..*c };
    let (body, left, right) = (torso(180.0, 250.0), sleeve(-1.0, true), sleeve(1.0, true));
    for part in [&left, &right, &body] {
        p.drop(part, 12.0);
    }
    for (part, turn) in [(&left, 14.0), (&right, -14.0)] {
        sew(p, part, c, c.main.lift(-0.03), 1.0, turn);
    }
    for s in [-1.0, 1.0] {
        let cuff = soft(&[(312.0 * s, 166.0), (232.0 * s, 188.0), (242.0 * s, 236.0), (318.0 * s, 214.0)], 8.0);
        let lines: Vec<_> = (0..7)
            .map(|k| {
                (
                    (304.0 * s - 10.0 * s * k as f32, 172.0 + 3.0 * k as f32),
                    (312.0 * s - 10.0 * s * k as f32, 212.0 + 3.0 * k as f32),
                )
            })
            .collect();
        ribbing(p, &cuff, c.main.lift(-0.04), &lines);
    }
    sew(p, &body, c, c.main, 1.0, 0.0);
    let hem = soft(&[(-181.0, 246.0), (181.0, 246.0), (172.0, 300.0), (-172.0, 300.0)], 10.0);
    let lines: Vec<_> =
        (0..24).map(|k| ((-168.0 + 14.6 * k as f32, 252.0), (-164.0 + 14.2 * k as f32, 294.0))).collect();
    ribbing(p, &hem, c.main.lift(-0.04), &lines);
    for points in
        [[(-178.0, -150.0), (-140.0, -60.0), (-150.0, 60.0)], [(178.0, -150.0), (142.0, -60.0), (150.0, 60.0)]]
    {
        fold(p, &points, 13.0);
    }
    fold(p, &[(-210.0, -120.0), (-226.0, -20.0), (-246.0, 60.0)], 11.0);
    fold(p, &[(220.0, -120.0), (234.0, -20.0), (258.0, 60.0)], 11.0);
    p.sheen(&body, 0.1);
    if c.style == 1 {
        p.fill(&Path::at(-84.0, -270.0).to(84.0, -270.0).to(4.0, -60.0).close(), c.main.lift(-0.26));
        for s in [-1.0, 1.0] {
            p.line(&Path::at(84.0 * s, -270.0).to(10.0 * s, -60.0).to(10.0, 296.0).open(), c.main.lift(-0.05), 22.0);
        }
        p.line(&Path::at(2.0, -60.0).to(2.5, 296.0).open(), DEEP.at(0.24), 3.0);
        for k in 0..5 {
            p.ball(13.0, -30.0 + 72.0 * k as f32, 12.0, c.second);
        }
    } else {
        collar(p, c.main.lift(-0.02), 26.0);
    }
    Frame::lay(650.0, 600.0).focus(-30.0, -140.0)
}

/// A T-shirt. Styles: 0 plain, 1 with a pocket. With long sleeves and buttons, see [`shirt`].
pub fn tshirt(p: &mut Pen, c: &Coat) -> Frame {
    let (body, left, right) = (torso(172.0, 290.0), sleeve(-1.0, false), sleeve(1.0, false));
    for part in [&left, &right, &body] {
        p.drop(part, 10.0);
    }
    for (part, turn, s) in [(&left, 34.0, -1.0), (&right, -34.0, 1.0)] {
        sew(p, part, c, c.main.lift(-0.025), 1.0, turn);
        p.seam(&Path::at(282.0 * s, -104.0).to(200.0 * s, -46.0).open(), c.main.lift(-0.14).at(0.8), 2.6, 7.0);
    }
    sew(p, &body, c, c.main, 1.0, 0.0);
    fold(p, &[(-168.0, -170.0), (-110.0, -110.0), (-60.0, 20.0)], 15.0);
    fold(p, &[(170.0, -170.0), (120.0, -60.0), (130.0, 120.0)], 15.0);
    fold(p, &[(-130.0, 60.0), (-90.0, 170.0), (-110.0, 280.0)], 13.0);
    p.sheen(&body, 0.1);
    p.seam(&wave(&[(-168.0, 274.0), (0.0, 282.0), (168.0, 274.0)]), c.main.lift(-0.14).at(0.8), 2.6, 7.0);
    if c.style == 1 {
        let pocket = soft(&[(44.0, -130.0), (126.0, -130.0), (126.0, -52.0), (85.0, -30.0), (44.0, -52.0)], 6.0);
        p.fill(&pocket, c.main.lift(-0.035));
        p.seam(&pocket, c.main.lift(-0.18).at(0.8), 2.6, 7.0);
    }
    collar(p, c.main.lift(-0.03), 17.0);
    Frame::lay(610.0, 600.0).focus(0.0, -150.0)
}

/// A shirt with a collar and buttons.
pub fn shirt(p: &mut Pen, c: &Coat) -> Frame {
    let (body, left, right) = (torso(176.0, 300.0), sleeve(-1.0, true), sleeve(1.0, true));
    for part in [&left, &right, &body] {
        p.drop(part, 10.0);
    }
    for (part, turn, s) in [(&left, 14.0, -1.0), (&right, -14.0, 1.0)] {
        sew(p, part, c, c.main.lift(-0.03), 1.0, turn);
        p.line(&Path::at(311.0 * s, 168.0).to(236.0 * s, 188.0).open(), c.main.lift(-0.07), 30.0);
        p.ball(280.0 * s, 178.0, 7.0, c.third);
    }
    sew(p, &body, c, c.main, 1.0, 0.0);
    fold(p, &[(-170.0, -150.0), (-104.0, -40.0), (-96.0, 120.0)], 15.0);
    fold(p, &[(170.0, -150.0), (110.0, -20.0), (120.0, 160.0)], 15.0);
    p.sheen(&body, 0.1);
    p.rect(-17.0, -222.0, 34.0, 524.0, 2.0, c.main.lift(0.025));
    p.line(&Path::at(-17.0, -216.0).to(-16.5, 300.0).jump(17.0, -216.0).to(17.5, 300.0).open(), DEEP.at(0.12), 2.6);
    for k in 0..6 {
        p.ball(0.0, -160.0 + 84.0 * k as f32, 8.5, c.third);
    }
    let pocket = soft(&[(50.0, -130.0), (136.0, -130.0), (136.0, -34.0), (50.0, -34.0)], 6.0);
    p.fill(&pocket, c.main.lift(-0.03));
    p.seam(&pocket, c.main.lift(-0.17).at(0.8), 2.6, 7.0);
    p.fill(&blob(&[(-86.0, -272.0), (0.0, -290.0), (86.0, -272.0), (0.0, -226.0)]), c.main.lift(-0.2));
    for s in [-1.0, 1.0] {
        let wing = soft(&[(20.0 * s, -290.0), (90.0 * s, -284.0), (104.0 * s, -196.0), (6.0 * s, -222.0)], 10.0);
        p.drop(&wing, 5.0);
        p.fill(&wing, c.main.lift(0.03));
    }
    Frame::lay(650.0, 630.0).focus(0.0, -140.0)
}

/// A hat. Styles: 0 beanie, 1 flat cap, 2 bucket hat.
pub fn hat(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => flat_cap(p, c),
        2 => bucket_hat(p, c),
        _ => beanie(p, c),
    }
}

fn beanie(p: &mut Pen, c: &Coat) -> Frame {
    let crown = blob(&[
        (-190.0, 60.0),
        (-190.0, 60.0),
        (-186.0, -80.0),
        (-110.0, -210.0),
        (0.0, -246.0),
        (110.0, -210.0),
        (186.0, -80.0),
        (190.0, 60.0),
        (190.0, 60.0),
    ]);
    p.drop(&crown, 14.0);
    let knit = Coat { weave: Weave::Knit, ..*c };
    sew(p, &crown, &knit, c.main, 1.1, 0.0);
    p.sheen(&crown, 0.2);
    let brim = soft(&[(-206.0, 34.0), (206.0, 34.0), (200.0, 156.0), (-200.0, 156.0)], 26.0);
    p.drop(&brim, 7.0);
    let lines: Vec<_> =
        (0..25).map(|k| ((-192.0 + 16.0 * k as f32, 44.0), (-190.0 + 15.8 * k as f32, 146.0))).collect();
    ribbing(p, &brim, c.main.lift(-0.02), &lines);
    p.sheen(&brim, 0.14);
    p.rect(96.0, 76.0, 62.0, 42.0, 3.0, c.second);
    p.mark(c.mark, 127.0, 97.0, 28.0, c.second.lift(-0.4));
    Frame::lay(440.0, 430.0).focus(60.0, 20.0).fill(0.94)
}

fn flat_cap(p: &mut Pen, c: &Coat) -> Frame {
    let visor = blob(&[(-200.0, 70.0), (-236.0, 130.0), (-120.0, 168.0), (60.0, 168.0), (200.0, 150.0), (150.0, 80.0)]);
    let crown = blob(&[
        (-216.0, 96.0),
        (-224.0, -20.0),
        (-130.0, -130.0),
        (40.0, -160.0),
        (200.0, -110.0),
        (252.0, 10.0),
        (236.0, 96.0),
        (120.0, 124.0),
        (-60.0, 132.0),
    ]);
    p.drop(&visor, 15.0);
    p.drop(&crown, 15.0);
    sew(p, &visor, c, c.main.lift(-0.11), 0.8, 0.0);
    sew(p, &crown, c, c.main, 0.8, 12.0);
    p.sheen(&crown, 0.22);
    for points in [[(20.0, -150.0), (-40.0, -40.0), (-110.0, 90.0)], [(20.0, -150.0), (110.0, -60.0), (190.0, 90.0)]] {
        p.line(&wave(&points), DEEP.at(0.2), 4.0);
    }
    p.line(&wave(&[(-212.0, 96.0), (-60.0, 134.0), (120.0, 126.0), (232.0, 96.0)]), c.main.lift(-0.16), 6.0);
    p.ball(24.0, -152.0, 16.0, c.main.lift(-0.05));
    Frame::lay(520.0, 360.0).focus(-40.0, -10.0)
}

fn bucket_hat(p: &mut Pen, c: &Coat) -> Frame {
    let brim = blob(&[
        (-270.0, 130.0),
        (-200.0, 30.0),
        (0.0, 10.0),
        (200.0, 30.0),
        (270.0, 130.0),
        (150.0, 190.0),
        (0.0, 204.0),
        (-150.0, 190.0),
    ]);
    let crown = blob(&[
        (-176.0, 60.0),
        (-176.0, 60.0),
        (-140.0, -140.0),
        (-120.0, -168.0),
        (0.0, -186.0),
        (120.0, -168.0),
        (140.0, -140.0),
        (176.0, 60.0),
        (176.0, 60.0),
        (0.0, 104.0),
    ]);
    p.drop(&brim, 15.0);
    sew(p, &brim, c, c.main.lift(-0.03), 0.8, 0.0);
    for k in 0..4 {
        let t = k as f32 * 0.22;
        p.seam(
            &wave(&[
                (-256.0 + 60.0 * t, 130.0 - 20.0 * t),
                (-150.0, 178.0 - 60.0 * t),
                (0.0, 192.0 - 70.0 * t),
                (150.0, 178.0 - 60.0 * t),
                (256.0 - 60.0 * t, 130.0 - 20.0 * t),
            ]),
            c.main.lift(-0.17).at(0.8),
            3.0,
            8.0,
        );
    }
    sew(p, &crown, c, c.main, 0.8, 0.0);
    p.sheen(&crown, 0.2);
    p.line(&wave(&[(-138.0, -140.0), (0.0, -112.0), (138.0, -140.0)]), c.main.lift(-0.15), 4.0);
    p.line(&wave(&[(-172.0, 50.0), (0.0, 92.0), (172.0, 50.0)]), c.second, 17.0);
    for x in [-60.0, -34.0] {
        p.dot(x, -20.0, 9.0, dye::BRASS);
        p.dot(x, -20.0, 4.5, DEEP.at(0.8));
    }
    Frame::lay(560.0, 420.0).focus(-40.0, 10.0)
}

/// A scarf, folded over and fringed.
pub fn scarf(p: &mut Pen, c: &Coat) -> Frame {
    for (outline, tone, fringe) in [
        (soft(&[(20.0, -230.0), (150.0, -210.0), (170.0, 270.0), (40.0, 276.0)], 8.0), -0.05, (44.0, 168.0, 272.0)),
        (soft(&[(-150.0, -200.0), (-10.0, -230.0), (-20.0, 226.0), (-156.0, 230.0)], 8.0), 0.0, (-152.0, -24.0, 228.0)),
    ] {
        let mut threads = Path::default();
        let mut x = fringe.0;
        while x < fringe.1 {
            let sway = p.dice.range(-5.0, 5.0);
            threads = threads.jump(x, fringe.2 - 4.0).to(x + sway, fringe.2 + 44.0);
            x += 9.0;
        }
        let threads = threads.open();
        p.line(&threads, c.main.lift(tone - 0.1), 6.0);
        p.drop(&outline, 12.0);
        sew(p, &outline, c, c.main.lift(tone), 0.9, 2.0);
        p.sheen(&outline, 0.16);
    }
    let wrap = blob(&[
        (-176.0, -170.0),
        (-150.0, -260.0),
        (0.0, -290.0),
        (160.0, -262.0),
        (186.0, -180.0),
        (100.0, -120.0),
        (0.0, -108.0),
        (-110.0, -116.0),
    ]);
    p.drop(&wrap, 14.0);
    sew(p, &wrap, c, c.main.lift(0.02), 0.9, 84.0);
    p.sheen(&wrap, 0.2);
    for points in
        [[(-150.0, -170.0), (0.0, -150.0), (150.0, -176.0)], [(-130.0, -214.0), (0.0, -200.0), (140.0, -220.0)]]
    {
        fold(p, &points, 11.0);
    }
    Frame::lay(400.0, 620.0).focus(-10.0, -120.0)
}

/// A pair of socks.
pub fn socks(p: &mut Pen, c: &Coat) -> Frame {
    let shape = blob(&[
        (-64.0, -250.0),
        (-64.0, -250.0),
        (64.0, -250.0),
        (64.0, -250.0),
        (64.0, 40.0),
        (110.0, 110.0),
        (210.0, 150.0),
        (236.0, 210.0),
        (190.0, 258.0),
        (60.0, 250.0),
        (-40.0, 200.0),
        (-70.0, 110.0),
        (-64.0, 0.0),
    ]);
    for (x, y, turn, lift) in [(-10.0, 14.0, 7.0, -0.04), (-110.0, 0.0, -7.0, 0.0)] {
        p.place(x, y, turn, 1.0, |p| {
            p.drop(&shape, 12.0);
            let knit = if c.weave == Weave::Plain { Weave::Knit } else { c.weave };
            sew(p, &shape, &Coat { weave: knit, ..*c }, c.main.lift(lift), 0.9, 0.0);
            p.fill(
                &blob(&[
                    (150.0, 126.0),
                    (210.0, 150.0),
                    (236.0, 210.0),
                    (190.0, 258.0),
                    (130.0, 256.0),
                    (160.0, 190.0),
                ]),
                c.third.lift(lift),
            );
            p.fill(
                &blob(&[(-68.0, 96.0), (-20.0, 120.0), (-10.0, 190.0), (-44.0, 198.0), (-72.0, 150.0)]),
                c.third.lift(lift),
            );
            p.sheen(&shape, 0.16);
            let cuff = card(-67.0, -262.0, 134.0, 76.0, 12.0);
            let lines: Vec<_> =
                (0..12).map(|k| ((-58.0 + 10.6 * k as f32, -254.0), (-58.0 + 10.6 * k as f32, -192.0))).collect();
            ribbing(p, &cuff, c.third.lift(lift), &lines);
        });
    }
    Frame::lay(520.0, 560.0).focus(-10.0, -60.0).fill(0.96)
}

/// A pair of mittens.
pub fn mittens(p: &mut Pen, c: &Coat) -> Frame {
    for (x, turn, s) in [(-186.0, -6.0, 1.0), (186.0, 6.0, -1.0)] {
        let hand = blob(&[
            (-96.0, 130.0),
            (-96.0, 130.0),
            (-104.0, -60.0),
            (-84.0, -190.0),
            (0.0, -250.0),
            (84.0, -190.0),
            (104.0, -60.0),
            (96.0, 130.0),
            (96.0, 130.0),
        ]);
        let thumb = blob(&[
            (80.0 * s, 70.0),
            (100.0 * s, -10.0),
            (150.0 * s, -70.0),
            (184.0 * s, -40.0),
            (164.0 * s, 40.0),
            (96.0 * s, 116.0),
        ]);
        p.place(x, 0.0, turn, 1.0, |p| {
            for part in [&thumb, &hand] {
                p.drop(part, 12.0);
            }
            sew(p, &thumb, c, c.main.lift(-0.04), 0.7, 0.0);
            sew(p, &hand, c, c.main, 0.7, 0.0);
            p.sheen(&hand, 0.16);
            let cuff = soft(&[(-100.0, 120.0), (100.0, 120.0), (92.0, 250.0), (-92.0, 250.0)], 16.0);
            let lines: Vec<_> =
                (0..14).map(|k| ((-88.0 + 13.4 * k as f32, 128.0), (-84.0 + 12.9 * k as f32, 244.0))).collect();
            ribbing(p, &cuff, c.second, &lines);
            p.line(&oval(0.0, 124.0, 96.0, 3.0), c.third, 8.0);
        });
    }
    Frame::lay(640.0, 560.0).focus(-160.0, -40.0)
}
