//! Bags, wallets, belts, shoes.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, Point, blob, card, oval, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;
use crate::draw::weave::Weave;

const DEEP: Colour = Colour(0x2a1f2a);

/// A panel of leather or canvas with stitching inside its edge.
fn panel(p: &mut Pen, outline: &str, c: Colour) {
    let ink =
        p.lin((0.0, 0.0), (0.8, 1.0), &[(0.0, c.lift(0.08), 1.0), (0.45, c.lift(0.0), 1.0), (1.0, c.lift(-0.12), 1.0)]);
    p.fill(outline, ink);
}

fn stitch(p: &mut Pen, d: &str, c: Colour) {
    p.seam(d, c.lift(if c.lightness() > 0.62 { -0.26 } else { 0.3 }).at(0.85), 3.0, 8.0);
}

fn buckle(p: &mut Pen, x: f32, y: f32, w: f32, h: f32) {
    p.line(&card(x - w / 2.0, y - h / 2.0, w, h, 6.0), dye::BRASS.lift(-0.14), 8.0);
    p.line(&card(x - w / 2.0, y - h / 2.0, w, h, 6.0), dye::BRASS.lift(0.1), 4.0);
    p.line(&Path::at(x, y - h / 2.0).to(x + 0.5, y + h * 0.3).open(), dye::BRASS.lift(0.04), 4.0);
}

fn strap(p: &mut Pen, x: f32, from: f32, to: f32, w: f32, c: Colour) {
    let ink = p.across(&[(0.0, c.lift(0.06), 1.0), (1.0, c.lift(-0.08), 1.0)]);
    p.rect(x - w / 2.0, from, w, to - from, 4.0, ink);
    stitch(
        p,
        &Path::at(x - w / 2.0 + 5.0, from + 4.0)
            .to(x - w / 2.0 + 5.5, to - 4.0)
            .jump(x + w / 2.0 - 5.0, from + 4.0)
            .to(x + w / 2.0 - 4.5, to - 4.0)
            .open(),
        c,
    );
}

/// A backpack. Styles: 0 roll-top, 1 city with a flap, 2 for hiking.
pub fn backpack(p: &mut Pen, c: &Coat) -> Frame {
    let s = if c.style == 2 { 1.2 } else { 1.0 };
    for side in [-1.0, 1.0] {
        let d = Path::at(130.0 * side, -330.0 * s)
            .curve((236.0 * side, -300.0), (240.0 * side, -80.0), (176.0 * side, -20.0))
            .open();
        p.line(&d, c.second.lift(-0.12), 34.0);
        p.line(&d, c.second.lift(-0.02), 24.0);
    }
    let bow = Path::at(-56.0, -430.0 * s).curve((-56.0, -500.0 * s), (56.0, -500.0 * s), (56.0, -430.0 * s)).open();
    p.line(&bow, c.second.lift(-0.1), 20.0);
    p.line(&bow, c.second.lift(0.08), 7.0);
    let body = blob(&[
        (-176.0, -20.0),
        (-150.0, 0.0),
        (0.0, 6.0),
        (150.0, 0.0),
        (178.0, -22.0),
        (190.0, -200.0 * s),
        (168.0, -390.0 * s),
        (120.0, -436.0 * s),
        (0.0, -444.0 * s),
        (-120.0, -436.0 * s),
        (-168.0, -390.0 * s),
        (-190.0, -200.0 * s),
    ]);
    panel(p, &body, c.main);
    p.cloth(&body, c.main, (Weave::Linen, c.main, c.main), 0.7, 0.0);
    p.sheen(&body, 0.16);
    match c.style {
        1 => flap_front(p, c),
        2 => hiking_front(p, c),
        _ => roll_front(p, c),
    }
    Frame::stand(470.0, 500.0 * s, 172.0).focus(20.0, -290.0 * s)
}

fn roll_front(p: &mut Pen, c: &Coat) {
    let roll = soft(&[(-178.0, -470.0), (178.0, -470.0), (186.0, -392.0), (-186.0, -392.0)], 32.0);
    p.place(0.0, 9.0, 0.0, 1.0, |p| p.fill(&roll, DEEP.at(0.25)));
    let ink = p.lin(
        (0.0, 0.0),
        (0.0, 1.0),
        &[(0.0, c.main.lift(0.1), 1.0), (0.5, c.main.lift(0.02), 1.0), (1.0, c.main.lift(-0.14), 1.0)],
    );
    p.fill(&roll, ink);
    p.line(&wave(&[(-170.0, -424.0), (0.0, -420.0), (170.0, -424.0)]), DEEP.at(0.16), 4.0);
    for x in [-96.0, 96.0] {
        strap(p, x, -474.0, -250.0, 30.0, c.second);
        buckle(p, x, -300.0, 46.0, 34.0);
    }
    let pocket = soft(&[(-140.0, -196.0), (140.0, -196.0), (146.0, -34.0), (-146.0, -34.0)], 26.0);
    p.place(0.0, 6.0, 0.0, 1.0, |p| p.fill(&pocket, DEEP.at(0.2)));
    panel(p, &pocket, c.main.lift(0.01));
    stitch(p, &soft(&[(-132.0, -188.0), (132.0, -188.0), (138.0, -42.0), (-138.0, -42.0)], 22.0), c.main);
    p.rect(-140.0, -200.0, 280.0, 26.0, 6.0, c.second);
    p.fill(&card(-40.0, -130.0, 80.0, 56.0, 5.0), c.second);
    p.mark(c.mark, 0.0, -102.0, 36.0, c.second.lift(0.3));
}

fn flap_front(p: &mut Pen, c: &Coat) {
    let pocket = soft(&[(-132.0, -170.0), (132.0, -170.0), (138.0, -26.0), (-138.0, -26.0)], 30.0);
    p.place(0.0, 7.0, 0.0, 1.0, |p| p.fill(&pocket, DEEP.at(0.22)));
    panel(p, &pocket, c.main.lift(-0.01));
    stitch(p, &soft(&[(-124.0, -162.0), (124.0, -162.0), (130.0, -34.0), (-130.0, -34.0)], 26.0), c.main);
    let flap = blob(&[
        (-178.0, -400.0),
        (-120.0, -446.0),
        (0.0, -452.0),
        (120.0, -446.0),
        (178.0, -400.0),
        (184.0, -260.0),
        (150.0, -206.0),
        (0.0, -190.0),
        (-150.0, -206.0),
        (-184.0, -260.0),
    ]);
    p.place(0.0, 10.0, 0.0, 1.0, |p| p.fill(&flap, DEEP.at(0.26)));
    panel(p, &flap, c.main.lift(0.02));
    p.sheen(&flap, 0.14);
    stitch(p, &wave(&[(-170.0, -270.0), (-142.0, -218.0), (0.0, -202.0), (142.0, -218.0), (170.0, -270.0)]), c.main);
    for x in [-82.0, 82.0] {
        strap(p, x, -280.0, -130.0, 28.0, c.second);
        buckle(p, x, -170.0, 42.0, 30.0);
    }
}

fn hiking_front(p: &mut Pen, c: &Coat) {
    let lid = blob(&[
        (-172.0, -470.0),
        (-120.0, -548.0),
        (0.0, -560.0),
        (120.0, -548.0),
        (172.0, -470.0),
        (150.0, -436.0),
        (0.0, -426.0),
        (-150.0, -436.0),
    ]);
    p.place(0.0, 10.0, 0.0, 1.0, |p| p.fill(&lid, DEEP.at(0.28)));
    panel(p, &lid, c.second);
    p.sheen(&lid, 0.16);
    p.line(&wave(&[(-130.0, -496.0), (0.0, -482.0), (130.0, -496.0)]), DEEP.at(0.35), 6.0);
    let pocket = soft(&[(-136.0, -300.0), (136.0, -300.0), (144.0, -40.0), (-144.0, -40.0)], 34.0);
    p.place(0.0, 7.0, 0.0, 1.0, |p| p.fill(&pocket, DEEP.at(0.22)));
    panel(p, &pocket, c.main.lift(0.02));
    p.line(&wave(&[(-118.0, -262.0), (0.0, -272.0), (118.0, -262.0)]), DEEP.at(0.4), 6.0);
    p.line(&Path::at(118.0, -262.0).to(126.0, -234.0).open(), c.third, 9.0);
    for x in [-104.0, 104.0] {
        strap(p, x, -460.0, -250.0, 22.0, c.third);
        p.rect(x - 19.0, -380.0, 38.0, 26.0, 5.0, dye::CHARCOAL);
    }
    let cord = Path::at(-90.0, -230.0)
        .to(90.0, -170.0)
        .to(-90.0, -120.0)
        .to(90.0, -64.0)
        .jump(90.0, -230.0)
        .to(-90.0, -170.0)
        .to(90.0, -120.0)
        .to(-90.0, -64.0)
        .open();
    p.line(&cord, c.third.lift(-0.02), 6.0);
    for s in [-1.0, 1.0] {
        panel(
            p,
            &blob(&[
                (160.0 * s, -20.0),
                (168.0 * s, -150.0),
                (206.0 * s, -170.0),
                (214.0 * s, -60.0),
                (190.0 * s, -10.0),
            ]),
            c.second.lift(-0.05),
        );
    }
    p.mark(c.mark, 0.0, -516.0, 44.0, c.second.lift(0.34));
}

/// A bag. Styles: 0 canvas tote, 1 leather tote, 2 crossbody, 3 weekender, 4 handlebar bag.
pub fn bag(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        2 => crossbody(p, c),
        3 => weekender(p, c),
        4 => handlebar(p, c),
        _ => tote(p, c),
    }
}

fn tote(p: &mut Pen, c: &Coat) -> Frame {
    let leather = c.style == 1;
    let bow =
        |lean: f32| Path::at(-92.0, -372.0).curve((-96.0 + lean, -640.0), (96.0 + lean, -640.0), (92.0, -372.0)).open();
    p.line(&bow(24.0), c.second.lift(-0.16), 22.0);
    let body = blob(&[
        (-214.0, -376.0),
        (-214.0, -376.0),
        (0.0, -366.0),
        (214.0, -376.0),
        (214.0, -376.0),
        (206.0, -180.0),
        (224.0, 0.0),
        (224.0, 0.0),
        (0.0, 8.0),
        (-224.0, 0.0),
        (-224.0, 0.0),
        (-206.0, -180.0),
    ]);
    panel(p, &body, c.main);
    if !leather {
        p.cloth(
            &body,
            c.main,
            (if c.weave == Weave::Plain { Weave::Linen } else { c.weave }, c.third, c.third),
            0.8,
            0.0,
        );
    }
    for (x, a) in [(-120.0, 0.12), (70.0, 0.1), (150.0, 0.14)] {
        p.line(&wave(&[(x * 0.94, -350.0), (x, -180.0), (x * 1.1, -10.0)]), DEEP.at(a), 22.0);
        p.line(
            &wave(&[(x * 0.94 - 26.0, -350.0), (x - 26.0, -180.0), (x * 1.1 - 28.0, -10.0)]),
            dye::WHITE.at(a),
            16.0,
        );
    }
    p.sheen(&body, 0.14);
    p.line(&wave(&[(-210.0, -360.0), (0.0, -350.0), (210.0, -360.0)]), c.main.lift(-0.1), 5.0);
    stitch(p, &wave(&[(-208.0, -346.0), (0.0, -336.0), (208.0, -346.0)]), c.main);
    p.line(&bow(0.0), c.second.lift(-0.08), 24.0);
    p.line(&bow(0.0), c.second.lift(0.06), 14.0);
    for x in [-92.0, 92.0] {
        p.fill(&card(x - 15.0, -384.0, 30.0, 78.0, 5.0), c.second);
        stitch(p, &card(x - 9.0, -362.0, 18.0, 50.0, 3.0), c.second);
    }
    if leather {
        p.fill(&card(-44.0, -120.0, 88.0, 60.0, 6.0), c.main.lift(-0.06));
        p.mark(c.mark, 0.0, -90.0, 40.0, c.main.lift(-0.2));
    } else {
        p.mark(c.mark, 0.0, -180.0, 150.0, c.second);
    }
    Frame::stand(460.0, 600.0, 214.0).focus(30.0, -320.0)
}

fn crossbody(p: &mut Pen, c: &Coat) -> Frame {
    let long = Path::at(-190.0, -210.0).curve((-210.0, -640.0), (250.0, -640.0), (196.0, -214.0)).open();
    p.line(&long, c.main.lift(-0.16), 15.0);
    p.line(&long, c.main.lift(0.02), 8.0);
    let body = soft(
        &[(-200.0, 0.0), (-208.0, -210.0), (-170.0, -256.0), (170.0, -256.0), (208.0, -210.0), (200.0, 0.0)],
        40.0,
    );
    panel(p, &body, c.main.lift(-0.05));
    let flap = blob(&[
        (-206.0, -226.0),
        (-160.0, -268.0),
        (0.0, -272.0),
        (160.0, -268.0),
        (206.0, -226.0),
        (200.0, -120.0),
        (120.0, -72.0),
        (0.0, -62.0),
        (-120.0, -72.0),
        (-200.0, -120.0),
    ]);
    p.place(0.0, 9.0, 0.0, 1.0, |p| p.fill(&flap, DEEP.at(0.28)));
    panel(p, &flap, c.main);
    p.sheen(&flap, 0.2);
    stitch(p, &wave(&[(-190.0, -130.0), (-116.0, -86.0), (0.0, -76.0), (116.0, -86.0), (190.0, -130.0)]), c.main);
    stitch(p, &soft(&[(-188.0, -12.0), (-192.0, -80.0), (192.0, -80.0), (188.0, -12.0)], 30.0), c.main);
    p.dot(0.0, -88.0, 21.0, dye::BRASS.lift(-0.12));
    p.ball(-1.0, -90.0, 18.0, dye::BRASS);
    for x in [-192.0, 198.0] {
        p.line(&oval(x, -222.0, 15.0, 15.0), dye::BRASS, 6.0);
    }
    Frame::stand(450.0, 540.0, 196.0).focus(10.0, -150.0)
}

fn weekender(p: &mut Pen, c: &Coat) -> Frame {
    let bow = |lean: f32| {
        Path::at(-110.0, -220.0).curve((-110.0 + lean, -450.0), (110.0 + lean, -450.0), (110.0, -220.0)).open()
    };
    p.line(&bow(26.0), c.second.lift(-0.15), 22.0);
    let body = blob(&[
        (-300.0, -20.0),
        (-260.0, 0.0),
        (0.0, 8.0),
        (260.0, 0.0),
        (300.0, -20.0),
        (310.0, -150.0),
        (270.0, -260.0),
        (150.0, -292.0),
        (0.0, -298.0),
        (-150.0, -292.0),
        (-270.0, -260.0),
        (-310.0, -150.0),
    ]);
    panel(p, &body, c.main);
    p.cloth(&body, c.main, (Weave::Linen, c.main, c.main), 0.8, 0.0);
    for x in [-60.0, 30.0, 90.0] {
        p.line(&wave(&[(x, -280.0), (x * 1.4, -150.0), (x * 1.2, -10.0)]), DEEP.at(0.1), 22.0);
    }
    p.sheen(&body, 0.18);
    for s in [-1.0, 1.0] {
        let corner = blob(&[
            (306.0 * s, -130.0),
            (306.0 * s, -20.0),
            (260.0 * s, 4.0),
            (170.0 * s, 4.0),
            (190.0 * s, -70.0),
            (250.0 * s, -120.0),
        ]);
        panel(p, &corner, c.second.lift(-0.03));
        stitch(p, &wave(&[(292.0 * s, -128.0), (246.0 * s, -108.0), (200.0 * s, -66.0), (184.0 * s, 0.0)]), c.second);
    }
    p.line(&wave(&[(-260.0, -262.0), (0.0, -286.0), (260.0, -262.0)]), DEEP.at(0.45), 9.0);
    p.seam(&wave(&[(-260.0, -262.0), (0.0, -286.0), (260.0, -262.0)]), dye::BRASS, 5.0, 4.0);
    for x in [-110.0, 110.0] {
        strap(p, x, -230.0, 0.0, 34.0, c.second);
    }
    p.line(&bow(0.0), c.second.lift(-0.08), 24.0);
    p.line(&bow(0.0), c.second.lift(0.07), 13.0);
    p.fill(&card(-40.0, -412.0, 80.0, 40.0, 14.0), c.second.lift(-0.04));
    Frame::stand(640.0, 440.0, 290.0).focus(90.0, -200.0)
}

fn handlebar(p: &mut Pen, c: &Coat) -> Frame {
    let body = soft(&[(-270.0, -10.0), (-270.0, -230.0), (270.0, -230.0), (270.0, -10.0)], 96.0);
    panel(p, &body, c.main);
    p.cloth(&body, c.main, (Weave::Linen, c.main, c.main), 0.7, 0.0);
    let round = p.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, dye::WHITE, 0.2), (0.4, dye::WHITE, 0.0), (1.0, DEEP, 0.4)]);
    p.fill(&body, round);
    p.line(&Path::at(-220.0, -176.0).bend(0.0, -166.0, 220.0, -176.0).open(), DEEP.at(0.5), 9.0);
    p.line(&Path::at(204.0, -176.0).to(220.0, -140.0).open(), c.second, 11.0);
    for x in [-130.0, 130.0] {
        strap(p, x, -300.0, -20.0, 36.0, c.second);
        buckle(p, x, -240.0, 50.0, 38.0);
    }
    p.fill(&card(-44.0, -110.0, 88.0, 62.0, 6.0), c.second);
    p.mark(c.mark, 0.0, -79.0, 42.0, c.second.lift(0.32));
    Frame::stand(560.0, 310.0, 220.0).focus(-60.0, -140.0)
}

/// A wallet. Styles: 0 bifold, 1 card holder, 2 key fob, 3 laptop sleeve.
pub fn wallet(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => return card_holder(p, c),
        2 => return key_fob(p, c),
        3 => return sleeve(p, c),
        _ => {}
    }
    for (x, y, turn) in [(40.0, -70.0, 11.0), (-20.0, 60.0, -7.0)] {
        let outline = card(-220.0, -150.0, 440.0, 300.0, 24.0);
        p.place(x, y, turn, 1.0, |p| {
            p.drop(&outline, 14.0);
            panel(p, &outline, c.main.lift(if turn > 0.0 { -0.05 } else { 0.0 }));
            if turn > 0.0 {
                for (k, colour) in [dye::CREAM, dye::SAGE, dye::DENIM].into_iter().enumerate() {
                    p.rect(-196.0, -168.0 + 14.0 * k as f32, 180.0, 60.0, 7.0, colour);
                }
                panel(p, &card(-214.0, -120.0, 428.0, 266.0, 20.0), c.main.lift(-0.02));
            }
            stitch(p, &card(-208.0, -138.0, 416.0, 276.0, 18.0), c.main);
            let spine = p.across(&[(0.0, DEEP, 0.3), (1.0, DEEP, 0.0)]);
            p.rect(-220.0, -148.0, 40.0, 296.0, 18.0, spine);
            p.mark(c.mark, 150.0, 96.0, 44.0, c.main.lift(-0.14));
            p.sheen(&outline, 0.12);
        });
    }
    Frame::lay(540.0, 500.0).focus(60.0, 60.0)
}

fn card_holder(p: &mut Pen, c: &Coat) -> Frame {
    for (k, colour) in [dye::BLUSH, dye::CHALK, dye::PINE].into_iter().enumerate() {
        let y = -250.0 + 44.0 * k as f32;
        let slip = card(-186.0 + 6.0 * k as f32, y, 360.0, 220.0, 16.0);
        p.drop(&slip, 7.0);
        panel(p, &slip, colour);
        p.rect(-150.0, y + 22.0, 54.0, 10.0, 4.0, colour.lift(-0.18).at(0.6));
    }
    let outline = card(-216.0, -110.0, 432.0, 310.0, 26.0);
    p.drop(&outline, 15.0);
    panel(p, &outline, c.main);
    stitch(p, &card(-204.0, -98.0, 408.0, 286.0, 20.0), c.main);
    for y in [-30.0, 56.0] {
        p.line(&wave(&[(-210.0, y), (0.0, y + 18.0), (210.0, y)]), DEEP.at(0.3), 5.0);
        p.line(&wave(&[(-210.0, y + 6.0), (0.0, y + 24.0), (210.0, y + 6.0)]), c.main.lift(0.12).at(0.5), 3.0);
    }
    p.mark(c.mark, 0.0, 136.0, 54.0, c.main.lift(-0.15));
    Frame::lay(460.0, 480.0).focus(40.0, 20.0)
}

fn key_fob(p: &mut Pen, c: &Coat) -> Frame {
    let fob = soft(&[(-52.0, -70.0), (52.0, -70.0), (60.0, 270.0), (-60.0, 270.0)], 40.0);
    p.drop(&fob, 14.0);
    panel(p, &fob, c.main);
    stitch(p, &soft(&[(-40.0, -56.0), (40.0, -56.0), (47.0, 256.0), (-47.0, 256.0)], 32.0), c.main);
    p.mark(c.mark, 0.0, 176.0, 60.0, c.main.lift(-0.16));
    p.dot(0.0, -30.0, 17.0, dye::BRASS);
    p.dot(0.0, -30.0, 8.0, dye::BRASS.lift(-0.2));
    p.line(&oval(0.0, -150.0, 90.0, 90.0), dye::BRASS.lift(-0.16), 14.0);
    p.line(&oval(-2.0, -152.0, 90.0, 90.0), dye::BRASS.lift(0.12), 6.0);
    for (turn, colour) in [(38.0, dye::STEEL), (66.0, dye::BRASS)] {
        p.place(60.0, -210.0, turn - 130.0, 1.0, |p| {
            p.dot(0.0, -54.0, 44.0, colour.lift(-0.05));
            p.dot(0.0, -66.0, 15.0, DEEP.at(0.4));
            p.rect(-11.0, -20.0, 22.0, 170.0, 4.0, colour);
            for y in [84.0, 108.0, 132.0] {
                p.rect(8.0, y, 22.0, 13.0, 2.0, colour);
            }
        });
    }
    Frame::lay(460.0, 560.0).focus(0.0, 60.0)
}

fn sleeve(p: &mut Pen, c: &Coat) -> Frame {
    let laptop = card(-240.0, -250.0, 480.0, 320.0, 16.0);
    p.drop(&laptop, 10.0);
    panel(p, &laptop, dye::STEEL);
    let outline = card(-264.0, -150.0, 528.0, 360.0, 22.0);
    p.drop(&outline, 14.0);
    panel(p, &outline, c.main);
    p.cloth(&outline, c.main, (Weave::Tweed, c.main.lift(0.1), c.main.lift(-0.1)), 0.7, 0.0);
    stitch(p, &card(-252.0, -138.0, 504.0, 336.0, 16.0), c.main);
    panel(p, &soft(&[(60.0, -152.0), (200.0, -152.0), (200.0, 0.0), (130.0, 46.0), (60.0, 0.0)], 16.0), c.second);
    p.ball(130.0, 4.0, 14.0, dye::BRASS);
    p.mark(c.mark, -190.0, 140.0, 48.0, c.second);
    Frame::lay(560.0, 500.0).focus(60.0, 0.0)
}

/// A belt, coiled. Style 1: woven.
pub fn belt(p: &mut Pen, c: &Coat) -> Frame {
    let coil: Vec<Point> = (0..=46)
        .map(|k| {
            let t = k as f32 / 46.0;
            let (a, r) = (t * 13.2 + 0.6, 84.0 + 128.0 * t);
            (a.cos() * r, a.sin() * r * 0.94)
        })
        .collect();
    let d = wave(&coil);
    p.place(10.0, 15.0, 0.0, 1.0, |p| p.line(&d, DEEP.at(0.2), 42.0));
    p.line(&d, c.main.lift(-0.2), 38.0);
    p.line(&d, c.main.lift(0.0), 30.0);
    if c.style == 1 {
        p.seam(&d, c.main.lift(0.12), 24.0, 6.0);
        p.seam(&d, c.main.lift(-0.14).at(0.7), 8.0, 9.0);
    } else {
        p.line(&d, c.main.lift(0.08).at(0.5), 10.0);
        stitch(p, &d, c.main);
    }
    let end = coil[46];
    p.place(end.0 - 6.0, end.1 + 50.0, 96.0, 1.0, |p| {
        p.rect(-70.0, -22.0, 150.0, 44.0, 10.0, c.main.lift(0.02));
        p.line(&card(30.0, -42.0, 74.0, 84.0, 12.0), dye::BRASS.lift(-0.16), 14.0);
        p.line(&card(28.0, -44.0, 74.0, 84.0, 12.0), dye::BRASS.lift(0.12), 7.0);
        p.line(&Path::at(30.0, 0.0).to(104.0, 2.0).open(), dye::BRASS, 9.0);
    });
    Frame::lay(560.0, 540.0).focus(80.0, 90.0)
}
