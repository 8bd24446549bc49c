//! What hangs on the wall, and what is on the breadboard.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, blob, card, leaf, poly, ring, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;

const DEEP: Colour = Colour(0x2a1f2a);

/// A framed print. The style is the picture: 0 harbour, 1 nine leaves, 2 river map, 3 moon and hills, 4 fruit bowl.
pub fn print(p: &mut Pen, c: &Coat) -> Frame {
    let frame = card(-250.0, -340.0, 500.0, 680.0, 3.0);
    p.drop(&frame, 20.0);
    let wood = p.slant(c.main.lift(0.06), c.main.lift(-0.08));
    p.fill(&frame, wood);
    p.fill(&card(-228.0, -318.0, 456.0, 636.0, 2.0), dye::CHALK);
    p.line(&Path::at(-228.0, 318.0).to(-228.0, -318.0).to(228.0, -318.0).open(), DEEP.at(0.2), 6.0);
    motif(p, c);
    p.fill(&poly(&[(-228.0, 60.0), (120.0, -318.0), (220.0, -318.0), (-228.0, 190.0)]), dye::WHITE.at(0.09));
    Frame::wall(520.0, 700.0).focus(20.0, 10.0)
}

/// A print without its frame: a sheet that lies there, in the styles of [`print`].
pub fn sheet(p: &mut Pen, c: &Coat) -> Frame {
    let paper = card(-206.0, -294.0, 412.0, 588.0, 2.0);
    p.drop(&paper, 12.0);
    p.fill(&paper, c.main);
    motif(p, c);
    Frame::lay(440.0, 620.0).focus(20.0, 10.0)
}

/// The picture of a print alone, 360 × 536 around (0, 0).
pub fn motif(p: &mut Pen, c: &Coat) {
    let sheet = card(-180.0, -268.0, 360.0, 536.0, 1.0);
    p.clip(&sheet, |p| match c.style {
        1 => leaves(p, c),
        2 => river(p, c),
        3 => moon(p, c),
        4 => fruit(p, c),
        _ => harbour(p, c),
    });
}

fn harbour(p: &mut Pen, c: &Coat) {
    let sky = p.down(c.third.lift(0.08), c.second.lift(0.1));
    p.rect(-180.0, -268.0, 360.0, 340.0, 0.0, sky);
    p.dot(70.0, -90.0, 62.0, dye::APRICOT);
    p.rect(-180.0, 40.0, 360.0, 240.0, 0.0, c.second);
    for (x, w, h, k) in [
        (-180.0, 70.0, 96.0, dye::RUST),
        (-106.0, 60.0, 130.0, dye::CREAM),
        (-42.0, 74.0, 84.0, dye::MUSTARD),
        (36.0, 56.0, 116.0, dye::CLAY),
        (96.0, 90.0, 74.0, dye::CREAM),
    ] {
        p.rect(x, 40.0 - h, w, h, 0.0, k);
        p.fill(&poly(&[(x, 40.0 - h), (x + w / 2.0, 6.0 - h), (x + w, 40.0 - h)]), k.lift(-0.14));
        p.rect(x, 40.0, w, h * 0.7, 0.0, k.at(0.3));
    }
    for y in [90.0, 130.0, 176.0, 224.0] {
        p.line(
            &wave(&[(-160.0, y), (-80.0, y - 5.0), (0.0, y + 4.0), (90.0, y - 5.0), (160.0, y)]),
            c.third.lift(0.1).at(0.6),
            5.0,
        );
    }
    p.fill(
        &blob(&[(-96.0, 140.0), (-96.0, 140.0), (30.0, 140.0), (30.0, 140.0), (8.0, 172.0), (-74.0, 172.0)]),
        dye::INK,
    );
    p.line(&Path::at(-30.0, 140.0).to(-30.5, 20.0).open(), dye::INK, 5.0);
    p.fill(&poly(&[(-24.0, 30.0), (40.0, 128.0), (-24.0, 128.0)]), dye::CHALK);
}

fn leaves(p: &mut Pen, c: &Coat) {
    p.rect(-180.0, -268.0, 360.0, 536.0, 0.0, dye::CREAM);
    let colours = [c.second, c.third, dye::MUSTARD];
    for row in 0..3 {
        for col in 0..3 {
            let (x, y) = (-112.0 + 112.0 * col as f32, -90.0 + 165.0 * row as f32);
            let colour = colours[(row + col) % 3];
            let lean = 12.0 * (col as f32 - 1.0);
            p.line(&Path::at(x, y).to(x + lean, y - 130.0).open(), colour, 4.0);
            match (row + 2 * col) % 3 {
                0 => p.fill(&leaf((x, y - 12.0), (x + lean, y - 146.0), 0.3, 0.0), colour),
                1 => {
                    for k in 0..4 {
                        let at = (x + lean * 0.22 * k as f32, y - 24.0 - 28.0 * k as f32);
                        p.fill(&leaf(at, (at.0 + 40.0, at.1 - 24.0), 0.22, 0.0), colour);
                        p.fill(&leaf(at, (at.0 - 40.0, at.1 - 24.0), 0.22, 0.0), colour);
                    }
                }
                _ => {
                    for k in 0..7 {
                        let a = -2.9 + 0.44 * k as f32;
                        p.fill(
                            &leaf(
                                (x + lean * 0.5, y - 70.0),
                                (x + lean * 0.5 + a.cos() * 62.0, y - 70.0 + a.sin() * 70.0),
                                0.14,
                                0.0,
                            ),
                            colour,
                        );
                    }
                }
            }
        }
    }
}

fn river(p: &mut Pen, c: &Coat) {
    p.rect(-180.0, -268.0, 360.0, 536.0, 0.0, dye::OAT.lift(0.04));
    for (x, y, r) in [(-110.0, -170.0, 90.0), (120.0, 40.0, 110.0), (-90.0, 170.0, 100.0)] {
        for k in 0..6 {
            p.line(&blob(&ring(x, y, r - 15.0 * k as f32, (r - 15.0 * k as f32) * 0.8, 7, 0.1)), c.third.at(0.5), 3.0);
        }
    }
    let bed = wave(&[
        (60.0, -290.0),
        (20.0, -200.0),
        (90.0, -110.0),
        (10.0, -30.0),
        (-70.0, 30.0),
        (20.0, 110.0),
        (60.0, 180.0),
        (-20.0, 290.0),
    ]);
    p.line(&bed, c.second, 34.0);
    p.line(&bed, c.second.lift(0.16), 6.0);
    p.line(&wave(&[(-190.0, -40.0), (-120.0, -20.0), (-66.0, 30.0)]), c.second, 13.0);
    for (x, y) in [(100.0, -150.0), (-30.0, 50.0), (80.0, 130.0), (-60.0, -60.0)] {
        p.fill(&poly(&[(x - 12.0, y), (x, y - 24.0), (x + 12.0, y)]), dye::TERRACOTTA);
        p.rect(x - 9.0, y, 18.0, 16.0, 0.0, dye::TERRACOTTA.lift(-0.1));
    }
    p.dot(136.0, -222.0, 22.0, dye::CHALK);
    p.fill(&poly(&[(136.0, -244.0), (143.0, -222.0), (136.0, -200.0), (129.0, -222.0)]), c.second.lift(-0.1));
}

fn moon(p: &mut Pen, c: &Coat) {
    let sky = p.down(c.second, c.second.lift(0.12));
    p.rect(-180.0, -268.0, 360.0, 536.0, 0.0, sky);
    p.dot(30.0, -120.0, 84.0, dye::CREAM);
    for (x, y) in [(-120.0, -210.0), (140.0, -220.0), (-80.0, -60.0), (150.0, -40.0), (-150.0, -120.0)] {
        p.dot(x, y, 4.0, dye::CREAM);
    }
    for (k, y) in [60.0, 120.0, 190.0].into_iter().enumerate() {
        let colour = c.second.mix(c.third, 0.3 + 0.3 * k as f32);
        p.fill(
            &Path::at(-180.0, y)
                .through(&[
                    (-180.0, y),
                    (-100.0, y - 60.0 + 20.0 * k as f32),
                    (10.0, y + 14.0),
                    (100.0, y - 50.0),
                    (190.0, y),
                ])
                .to(190.0, 280.0)
                .to(-180.0, 280.0)
                .close(),
            colour,
        );
    }
}

fn fruit(p: &mut Pen, c: &Coat) {
    p.rect(-180.0, -268.0, 360.0, 340.0, 0.0, c.second);
    p.rect(-180.0, 70.0, 360.0, 200.0, 0.0, c.third);
    for (x, y, r, colour) in
        [(-60.0, 10.0, 50.0, dye::TERRACOTTA), (44.0, 6.0, 54.0, dye::MUSTARD), (-6.0, -40.0, 48.0, dye::RASPBERRY)]
    {
        p.dot(x, y, r, colour);
        p.fill(&leaf((x, y - r), (x + 34.0, y - r - 24.0), 0.26, 0.0), dye::FERN);
    }
    p.fill(
        &Path::at(-140.0, 20.0)
            .to(140.0, 20.0)
            .curve((130.0, 110.0), (70.0, 150.0), (0.0, 150.0))
            .curve((-70.0, 150.0), (-130.0, 110.0), (-140.0, 20.0))
            .close(),
        dye::CHALK,
    );
    p.line(&wave(&[(-130.0, 50.0), (0.0, 66.0), (130.0, 50.0)]), c.second, 7.0);
    p.oval(0.0, 156.0, 110.0, 13.0, DEEP.at(0.2));
}

/// From the delicatessen. Styles: 0 cheese, 1 bread, 2 biscuits in a stack, 3 almonds in a bowl.
pub fn deli(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => bread(p, c),
        2 => biscuits(p, c),
        3 => almonds(p, c),
        _ => cheese(p, c),
    }
}

fn cheese(p: &mut Pen, c: &Coat) -> Frame {
    let wood = p.slant(dye::OLIVEWOOD.lift(0.06), dye::OLIVEWOOD.lift(-0.06));
    p.oval(0.0, 16.0, 330.0, 70.0, dye::OLIVEWOOD.lift(-0.16));
    p.oval(0.0, 2.0, 330.0, 68.0, wood);
    p.pool(30.0, 10.0, 270.0, 46.0, DEEP, 0.45);
    let rind = blob(&[
        (210.0, -190.0),
        (210.0, -190.0),
        (262.0, -150.0),
        (258.0, -10.0),
        (190.0, 30.0),
        (190.0, 30.0),
        (190.0, -150.0),
    ]);
    let crust = p.across(&[(0.0, c.second.lift(-0.02), 1.0), (1.0, c.second.lift(-0.14), 1.0)]);
    p.fill(&rind, crust);
    let top = poly(&[(-250.0, -150.0), (60.0, -236.0), (210.0, -194.0), (192.0, -140.0)]);
    let pale = p.slant(c.main.lift(0.07), c.main.lift(0.0));
    p.fill(&top, pale);
    let front = poly(&[(-250.0, -150.0), (192.0, -142.0), (190.0, 30.0), (-250.0, 10.0)]);
    let face = p.slant(c.main.lift(0.03), c.main.lift(-0.08));
    p.fill(&front, face);
    for (x, y, r) in [
        (-150.0, -80.0, 15.0),
        (-60.0, -30.0, 10.0),
        (20.0, -96.0, 19.0),
        (90.0, -20.0, 13.0),
        (-200.0, -30.0, 9.0),
        (130.0, -94.0, 10.0),
        (-90.0, -116.0, 8.0),
        (-10.0, 4.0, 8.0),
    ] {
        let hole = p.slant(c.main.lift(-0.2), c.main.lift(-0.06));
        p.oval(x, y, r, r * 0.8, hole);
    }
    p.line(&Path::at(190.0, -140.0).to(190.5, 28.0).open(), c.second.lift(-0.06), 9.0);
    for (x, y) in [(-240.0, 40.0), (-200.0, 54.0), (-272.0, 56.0)] {
        p.ball(x, y, 25.0, dye::PLUM);
    }
    p.fill(&leaf((-270.0, 34.0), (-330.0, -6.0), 0.28, 0.1), dye::FERN);
    Frame::stand(680.0, 330.0, 300.0).focus(20.0, -110.0)
}

fn bread(p: &mut Pen, c: &Coat) -> Frame {
    let loaf = blob(&[
        (-300.0, -40.0),
        (-290.0, -150.0),
        (-180.0, -246.0),
        (0.0, -276.0),
        (180.0, -246.0),
        (290.0, -150.0),
        (300.0, -40.0),
        (220.0, 10.0),
        (0.0, 22.0),
        (-220.0, 10.0),
    ]);
    let crust = p.rad(
        0.4,
        0.28,
        0.85,
        &[
            (0.0, c.main.lift(0.14), 1.0),
            (0.4, c.main.lift(0.03), 1.0),
            (0.8, c.main.lift(-0.11), 1.0),
            (1.0, c.main.lift(-0.22), 1.0),
        ],
    );
    p.fill(&loaf, crust);
    for (x, bow) in [(-160.0, -40.0), (-40.0, -22.0), (80.0, 6.0), (190.0, 26.0)] {
        let cut = blob(&[
            (x - 20.0, -216.0),
            (x + 30.0, -190.0),
            (x + 40.0 + bow, -110.0),
            (x + 10.0 + bow, -40.0),
            (x - 16.0 + bow, -110.0),
        ]);
        p.fill(&cut, dye::CREAM.mix(c.main, 0.25));
        p.line(&cut, c.main.lift(-0.16), 7.0);
    }
    let mut flour = Path::default();
    for _ in 0..90 {
        let (x, y) = (p.dice.range(-250.0, 250.0), p.dice.range(-240.0, -50.0));
        if (x / 290.0).powi(2) + ((y + 110.0) / 150.0).powi(2) < 0.8 {
            flour = flour.jump(x, y).to(x + 0.1, y);
        }
    }
    p.line(&flour.open(), dye::CHALK.at(0.5), 6.0);
    for s in [-1.0, 1.0] {
        for k in 0..7 {
            let at = (-330.0 + 10.0 * k as f32 + 40.0 * s, 34.0 - 13.0 * k as f32);
            p.fill(&leaf(at, (at.0 + 17.0 * s, at.1 - 24.0), 0.3, 0.0), dye::STRAW);
        }
        p.line(&Path::at(-336.0 + 40.0 * s, 46.0).to(-266.0 + 40.0 * s, -60.0).open(), dye::STRAW.lift(-0.1), 3.4);
    }
    Frame::stand(680.0, 320.0, 270.0).focus(30.0, -150.0)
}

fn biscuits(p: &mut Pen, c: &Coat) -> Frame {
    for k in 0..6 {
        let y = -38.0 * k as f32;
        let jog = p.dice.range(-16.0, 16.0);
        p.place(jog, y, 0.0, 1.0, |p| biscuit(p, c));
    }
    p.place(190.0, 20.0, 0.0, 1.0, |p| {
        p.shadow(0.0, 0.0, 120.0, 40.0, dye::SAND);
        biscuit(p, c);
    });
    Frame::stand(480.0, 300.0, 170.0).focus(0.0, -190.0)
}

fn biscuit(p: &mut Pen, c: &Coat) {
    p.oval(0.0, 0.0, 132.0, 40.0, c.main.lift(-0.16));
    p.rect(-132.0, -28.0, 264.0, 28.0, 0.0, c.main.lift(-0.1));
    let top = p.slant(c.main.lift(0.1), c.main.lift(-0.02));
    p.oval(0.0, -28.0, 132.0, 40.0, top);
    for (x, y) in [(-70.0, -34.0), (20.0, -46.0), (70.0, -24.0), (-20.0, -16.0), (-96.0, -24.0), (40.0, -14.0)] {
        p.oval(x, y, 13.0, 5.0, c.second);
    }
}

fn almonds(p: &mut Pen, c: &Coat) -> Frame {
    let bowl = crate::draw::lathe::Lathe::tilted(
        &[(80.0, 0.0), (80.0, 0.0), (150.0, 46.0), (196.0, 120.0), (206.0, 160.0)],
        0.26,
    );
    p.mouth(&bowl, c.second, c.second, 9.0);
    let place = |p: &mut Pen, x: f32, y: f32| {
        let (turn, tone) = (p.dice.range(0.0, 180.0), p.dice.range(-0.06, 0.06));
        p.place(x, y, turn, 1.0, |p| {
            let nut = blob(&[
                (-36.0, 0.0),
                (-20.0, -19.0),
                (10.0, -20.0),
                (40.0, 0.0),
                (40.0, 0.0),
                (10.0, 20.0),
                (-20.0, 19.0),
            ]);
            p.group("translate(3 5)", |p| p.fill(&nut, DEEP.at(0.25)));
            let ink = p.slant(c.main.lift(tone + 0.07), c.main.lift(tone - 0.08));
            p.fill(&nut, ink);
            p.line(&wave(&[(-22.0, 0.0), (0.0, -4.0), (26.0, 0.0)]), c.main.lift(-0.14).at(0.5), 2.4);
        });
    };
    for (x, y) in [
        (-150.0, -160.0),
        (-90.0, -176.0),
        (-30.0, -184.0),
        (40.0, -182.0),
        (100.0, -172.0),
        (150.0, -158.0),
        (-110.0, -140.0),
        (-46.0, -150.0),
        (20.0, -152.0),
        (80.0, -144.0),
        (130.0, -134.0),
        (-60.0, -208.0),
        (10.0, -214.0),
        (66.0, -202.0),
        (-10.0, -124.0),
        (50.0, -120.0),
        (-80.0, -116.0),
    ] {
        place(p, x, y);
    }
    p.body(&bowl, c.second, crate::draw::lathe::Finish::Gloss);
    p.line(&bowl.hoop(158.0), c.second.lift(0.1), 7.0);
    for (x, y) in [(240.0, 16.0), (300.0, -6.0), (-250.0, 20.0)] {
        place(p, x, y);
    }
    Frame::stand(640.0, 270.0, 90.0).focus(20.0, -160.0)
}
