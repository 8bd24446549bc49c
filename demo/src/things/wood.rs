//! Furniture and small things of wood.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::lathe::{Finish, Lathe};
use crate::draw::path::{Path, Point, blob, card, oval, poly, ring, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;
use crate::draw::weave::Weave;

/// A leg from the seat to the floor: round, tapering.
fn leg(p: &mut Pen, from: Point, to: Point, top: f32, foot: f32, c: Colour) {
    let ink = p.across(&[(0.0, c.lift(0.05), 1.0), (0.4, c, 1.0), (1.0, c.lift(-0.16), 1.0)]);
    p.fill(
        &soft(&[(from.0 - top, from.1), (from.0 + top, from.1), (to.0 + foot, to.1), (to.0 - foot, to.1)], 4.0),
        ink,
    );
}

/// A slab seen slightly from above: an ellipse with an edge.
fn round_top(p: &mut Pen, y: f32, rx: f32, thick: f32, c: Colour) {
    let ry = rx * 0.2;
    let edge = p.turned(c.lift(-0.06), Finish::Matte);
    p.fill(&Path::at(-rx, y).to(-rx, y + thick).arc(rx, ry, false, rx, y + thick).to(rx, y).close(), edge);
    let face = p.slant(c.lift(0.09), c.lift(-0.01));
    p.oval(0.0, y, rx, ry, face);
    for k in 1..5 {
        let t = 1.0 - 0.2 * k as f32;
        p.line(&oval(rx * 0.06, y + 1.0, rx * t, ry * t * 0.94), c.lift(-0.13).at(0.3), 2.4);
    }
}

/// A stool. Styles: 0 three legs, 1 steps, 2 side table.
pub fn stool(p: &mut Pen, c: &Coat) -> Frame {
    match c.style {
        1 => steps(p, c),
        2 => side_table(p, c),
        _ => {
            leg(p, (20.0, -420.0), (40.0, -40.0), 17.0, 12.0, c.main.lift(-0.12));
            p.line(&Path::at(-106.0, -160.0).to(116.0, -176.0).open(), c.main.lift(-0.13), 17.0);
            leg(p, (-104.0, -420.0), (-156.0, 12.0), 18.0, 12.0, c.main);
            leg(p, (106.0, -420.0), (160.0, 6.0), 18.0, 12.0, c.main.lift(-0.04));
            p.line(&Path::at(-130.0, -196.0).to(128.0, -196.0).open(), c.main.lift(-0.06), 15.0);
            p.line(&Path::at(-130.0, -199.0).to(128.0, -199.0).open(), c.main.lift(0.08).at(0.6), 4.0);
            round_top(p, -440.0, 176.0, 30.0, c.main);
            Frame::stand(360.0, 480.0, 166.0).focus(20.0, -380.0).airy()
        }
    }
}

fn side_table(p: &mut Pen, c: &Coat) -> Frame {
    leg(p, (10.0, -400.0), (22.0, -46.0), 13.0, 9.0, c.main.lift(-0.12));
    leg(p, (-150.0, -400.0), (-184.0, 8.0), 15.0, 9.0, c.main);
    leg(p, (150.0, -400.0), (184.0, 4.0), 15.0, 9.0, c.main.lift(-0.04));
    round_top(p, -420.0, 232.0, 24.0, c.main);
    p.place(70.0, -418.0, 0.0, 0.52, |p| {
        p.shadow(0.0, 4.0, 110.0, 200.0, c.main);
        super::cups::mug(p, &Coat { main: dye::CHALK, style: 1, second: dye::CLAY, ..*c });
    });
    p.place(-78.0, -416.0, 0.0, 1.0, |p| {
        for (i, shade) in [dye::PETROL, dye::BLUSH].into_iter().enumerate() {
            let y = -(i as f32) * 24.0;
            p.rect(-74.0 + 5.0 * i as f32, y - 24.0, 140.0, 23.0, 3.0, shade);
            p.rect(-70.0 + 5.0 * i as f32, y - 8.0, 134.0, 5.0, 1.0, dye::CHALK.at(0.85));
        }
    });
    Frame::stand(480.0, 560.0, 190.0).focus(10.0, -420.0).fill(1.04).airy()
}

fn steps(p: &mut Pen, c: &Coat) -> Frame {
    let plank = |p: &mut Pen, x: f32, y: f32, w: f32, d: f32| {
        let top = p.slant(c.main.lift(0.1), c.main.lift(0.02));
        p.fill(&poly(&[(x - w, y), (x - w + d, y - d * 0.6), (x + w + d, y - d * 0.6), (x + w, y)]), top);
        p.grain(x - w + d * 0.6, y - d * 0.56, w * 2.0 - d * 0.2, d * 0.5, c.main, 4);
        let edge = p.down(c.main.lift(-0.02), c.main.lift(-0.1));
        p.rect(x - w, y, w * 2.0, 24.0, 3.0, edge);
        p.fill(
            &poly(&[(x + w, y), (x + w + d, y - d * 0.6), (x + w + d, y - d * 0.6 + 22.0), (x + w, y + 24.0)]),
            c.main.lift(-0.18),
        );
    };
    let inner = p.down(c.main.lift(-0.2), c.main.lift(-0.28));
    p.fill(&poly(&[(-150.0, -380.0), (230.0, -380.0), (230.0, -40.0), (-120.0, -30.0)]), inner.fade(0.85));
    plank(p, 20.0, -380.0, 170.0, 96.0);
    let side = p.down(c.main.lift(-0.06), c.main.lift(-0.14));
    p.fill(&poly(&[(190.0, -356.0), (276.0, -416.0), (296.0, -50.0), (206.0, 0.0)]), side);
    let near = p.slant(c.main.lift(0.03), c.main.lift(-0.08));
    p.fill(&soft(&[(-150.0, -356.0), (-122.0, -356.0), (-134.0, -190.0), (-160.0, 0.0), (-188.0, 0.0)], 3.0), &near);
    p.fill(&soft(&[(162.0, -356.0), (190.0, -356.0), (206.0, 0.0), (178.0, 0.0)], 3.0), &near);
    plank(p, 0.0, -190.0, 176.0, 70.0);
    Frame::stand(500.0, 450.0, 200.0).focus(20.0, -330.0)
}

/// A chair. Styles: 0 spindle back, 1 woven seat and curved back.
pub fn chair(p: &mut Pen, c: &Coat) -> Frame {
    let wood = c.main;
    leg(p, (-104.0, -300.0), (-126.0, -46.0), 13.0, 9.0, wood.lift(-0.14));
    leg(p, (128.0, -310.0), (156.0, -46.0), 13.0, 9.0, wood.lift(-0.16));
    p.line(&Path::at(-128.0, -120.0).to(150.0, -136.0).open(), wood.lift(-0.16), 13.0);
    if c.style == 0 {
        for k in 0..7 {
            let x = -92.0 + 33.0 * k as f32;
            p.line(
                &wave(&[(x * 0.92 + 4.0, -300.0), (x, -430.0), (x * 1.16, -612.0)]),
                wood.lift(-0.03 - 0.012 * k as f32),
                11.0,
            );
            p.line(
                &wave(&[(x * 0.92 + 2.0, -300.0), (x - 2.0, -430.0), (x * 1.16 - 2.0, -612.0)]),
                wood.lift(0.1).at(0.5),
                3.0,
            );
        }
        let comb = blob(&[
            (-154.0, -640.0),
            (-150.0, -604.0),
            (0.0, -592.0),
            (164.0, -604.0),
            (168.0, -640.0),
            (150.0, -656.0),
            (0.0, -640.0),
            (-136.0, -656.0),
        ]);
        let ink = p.slant(wood.lift(0.08), wood.lift(-0.1));
        p.fill(&comb, ink);
    } else {
        for (x, lean) in [(-116.0, -18.0), (126.0, 22.0)] {
            p.line(
                &wave(&[(x, -296.0), (x + lean * 0.4, -430.0), (x + lean, -590.0)]),
                wood.lift(if x < 0.0 { 0.0 } else { -0.1 }),
                24.0,
            );
            p.line(
                &wave(&[(x - 6.0, -296.0), (x + lean * 0.4 - 6.0, -430.0), (x + lean - 6.0, -590.0)]),
                wood.lift(0.12).at(0.5),
                5.0,
            );
        }
        for (y, h) in [(-600.0, 74.0), (-470.0, 40.0)] {
            let rail =
                blob(&[(-140.0, y), (-140.0, y + h), (0.0, y + h + 16.0), (154.0, y + h), (154.0, y), (0.0, y + 12.0)]);
            let ink =
                p.across(&[(0.0, wood.lift(0.06), 1.0), (0.45, wood.lift(-0.06), 1.0), (1.0, wood.lift(0.03), 1.0)]);
            p.fill(&rail, ink);
        }
    }
    let seat = soft(&[(-148.0, -292.0), (-112.0, -340.0), (146.0, -342.0), (180.0, -290.0)], 22.0);
    p.place(0.0, 22.0, 0.0, 1.0, |p| p.fill(&seat, wood.lift(-0.15)));
    let lap = if c.style == 1 { c.second } else { wood };
    let face = p.slant(lap.lift(0.08), lap.lift(-0.04));
    p.fill(&seat, face);
    if c.style == 1 {
        p.cloth(&seat, lap, (Weave::Braid, lap, lap), 0.42, -8.0);
    } else {
        p.grain(-110.0, -334.0, 250.0, 38.0, wood, 5);
    }
    p.line(&Path::at(-140.0, -150.0).to(170.0, -150.0).open(), wood.lift(-0.06), 14.0);
    leg(p, (-126.0, -276.0), (-160.0, 10.0), 15.0, 10.0, wood);
    leg(p, (158.0, -276.0), (192.0, 10.0), 15.0, 10.0, wood.lift(-0.04));
    Frame::stand(400.0, 680.0, 180.0).focus(10.0, -470.0).fill(1.06).airy()
}

/// A bench.
pub fn bench(p: &mut Pen, c: &Coat) -> Frame {
    let wood = c.main;
    for (x, shade) in [(-300.0, -0.15), (320.0, -0.17)] {
        leg(p, (x * 0.9, -240.0), (x * 0.98, -44.0), 15.0, 11.0, wood.lift(shade));
    }
    let top = p.slant(wood.lift(0.1), wood.lift(0.0));
    p.fill(&soft(&[(-372.0, -250.0), (-326.0, -310.0), (366.0, -310.0), (400.0, -250.0)], 10.0), top);
    p.grain(-330.0, -306.0, 690.0, 50.0, wood, 7);
    let edge = p.down(wood.lift(-0.02), wood.lift(-0.1));
    p.rect(-372.0, -252.0, 772.0, 34.0, 8.0, edge);
    p.line(&Path::at(-300.0, -110.0).to(316.0, -110.0).open(), wood.lift(-0.08), 15.0);
    for (x, shade) in [(-318.0, 0.0), (342.0, -0.04)] {
        leg(p, (x, -220.0), (x * 1.08, 8.0), 18.0, 13.0, wood.lift(shade));
    }
    p.place(-190.0, -276.0, 0.0, 0.62, |p| {
        super::cloth::folded(p, c.second, c.second.lift(-0.2), Weave::Stripe, 3);
    });
    Frame::stand(800.0, 420.0, 350.0).focus(-170.0, -240.0).airy()
}

/// A wall shelf with pegs, things on it.
pub fn shelf(p: &mut Pen, c: &Coat) -> Frame {
    let board = card(-330.0, -60.0, 660.0, 150.0, 8.0);
    p.drop(&board, 16.0);
    let ink = p.slant(c.main.lift(0.04), c.main.lift(-0.05));
    p.fill(&board, ink);
    p.grain(-320.0, -52.0, 640.0, 136.0, c.main, 8);
    p.rect(-346.0, -96.0, 692.0, 40.0, 5.0, c.main.lift(0.06));
    p.rect(-346.0, -66.0, 692.0, 12.0, 4.0, c.main.lift(-0.14).at(0.6));
    for x in [-240.0, -80.0, 80.0, 240.0] {
        p.oval(x + 8.0, 40.0, 20.0, 22.0, c.main.lift(-0.3).at(0.35));
        p.ball(x, 30.0, 21.0, c.main);
    }
    let strap = wave(&[(-80.0, 36.0), (-104.0, 110.0), (-112.0, 180.0)]);
    p.line(&strap, c.second.lift(-0.1), 9.0);
    p.line(&wave(&[(-80.0, 36.0), (-56.0, 110.0), (-48.0, 180.0)]), c.second.lift(-0.04), 9.0);
    let tote = soft(&[(-154.0, 172.0), (-8.0, 172.0), (4.0, 370.0), (-166.0, 370.0)], 10.0);
    p.drop(&tote, 10.0);
    let cloth = p.slant(c.second.lift(0.05), c.second.lift(-0.07));
    p.fill(&tote, cloth);
    p.place(-190.0, -96.0, 0.0, 0.62, |p| {
        super::vessels::vase(p, &Coat { main: dye::CHALK, style: 0, third: dye::SAGE, ..*c });
    });
    p.place(110.0, -96.0, 0.0, 0.5, super::paper::standing_books);
    Frame::wall(700.0, 800.0).focus(-40.0, -20.0).fill(1.0)
}

/// A cutting board. Styles: 0 with a handle, 1 end grain block, 2 round with a groove.
pub fn board(p: &mut Pen, c: &Coat) -> Frame {
    let outline = match c.style {
        1 => card(-260.0, -180.0, 520.0, 360.0, 18.0),
        2 => blob(&ring(0.0, 0.0, 250.0, 250.0, 12, 0.0)),
        _ => blob(&[
            (-150.0, 290.0),
            (150.0, 290.0),
            (186.0, 250.0),
            (180.0, -90.0),
            (120.0, -170.0),
            (52.0, -210.0),
            (44.0, -300.0),
            (0.0, -344.0),
            (-44.0, -300.0),
            (-52.0, -210.0),
            (-120.0, -170.0),
            (-180.0, -90.0),
            (-186.0, 250.0),
        ]),
    };
    p.drop(&outline, 17.0);
    let ink = p.slant(c.main.lift(0.07), c.main.lift(-0.05));
    p.fill(&outline, ink);
    if c.style == 1 {
        end_grain(p, c);
        return Frame::lay(560.0, 400.0).focus(-60.0, -20.0);
    }
    p.clip(&outline, |p| {
        for k in 0..9 {
            let x = -210.0 + 52.0 * k as f32;
            let (a, b) = (p.dice.range(-44.0, 44.0), p.dice.range(-44.0, 44.0));
            let d = wave(&[(x, -360.0), (x + a, -120.0), (x + b, 60.0), (x + a * 0.4, 320.0)]);
            p.line(&d, c.main.lift(-0.15).at(0.3), 4.0 + 3.0 * (k % 3) as f32);
            p.line(
                &wave(&[(x + 22.0, -360.0), (x + 22.0 + a, -100.0), (x + 18.0 + b, 80.0), (x + 22.0, 320.0)]),
                c.main.lift(-0.1).at(0.24),
                2.4,
            );
        }
        p.line(&blob(&ring(54.0, 96.0, 26.0, 44.0, 6, 0.1)), c.main.lift(-0.18).at(0.4), 5.0);
        p.line(&blob(&ring(54.0, 96.0, 12.0, 22.0, 6, 0.1)), c.main.lift(-0.2).at(0.5), 5.0);
    });
    p.line(&outline, c.main.lift(0.14).at(0.5), 4.0);
    if c.style == 2 {
        p.line(&oval(0.0, 0.0, 218.0, 218.0), c.main.lift(-0.16).at(0.75), 11.0);
        p.line(&oval(2.0, 3.0, 219.0, 219.0), c.main.lift(0.12).at(0.5), 4.0);
        return Frame::lay(520.0, 520.0);
    }
    p.dot(0.0, -290.0, 17.0, Colour(0x3a2a20).at(0.55));
    p.line(&wave(&[(0.0, -290.0), (28.0, -350.0), (6.0, -384.0), (-16.0, -346.0), (0.0, -290.0)]), dye::COGNAC, 7.0);
    Frame::lay(390.0, 680.0).focus(10.0, -90.0)
}

fn end_grain(p: &mut Pen, c: &Coat) {
    for row in 0..6 {
        for col in 0..9 {
            let (x, y) = (-256.0 + 57.0 * col as f32, -176.0 + 59.0 * row as f32);
            let tone = p.dice.range(-0.1, 0.07);
            let piece = p.slant(c.main.lift(tone + 0.04), c.main.lift(tone - 0.03));
            p.rect(x, y, 56.0, 58.0, 2.0, piece);
            let (dx, dy) = (p.dice.range(4.0, 52.0), p.dice.range(4.0, 54.0));
            for r in [9.0, 17.0] {
                p.line(
                    &Path::at(x + dx.min(40.0), y + 4.0).bend(x + dx, y + dy, x + 4.0 + r, y + 52.0).open(),
                    c.main.lift(tone - 0.12).at(0.35),
                    2.0,
                );
            }
        }
    }
    p.line(&card(-258.0, -178.0, 516.0, 356.0, 16.0), c.main.lift(0.14).at(0.5), 4.0);
    p.line(&card(-224.0, -144.0, 448.0, 288.0, 16.0), c.main.lift(-0.24).at(0.6), 9.0);
}

/// Cooking spoons laid side by side.
pub fn spoons(p: &mut Pen, c: &Coat) -> Frame {
    for (i, (x, tone)) in [(-130.0, 0.0), (0.0, -0.1), (130.0, 0.04)].into_iter().enumerate() {
        let wood = c.main.lift(tone);
        let head = match i {
            1 => soft(&[(x - 52.0, -300.0), (x + 52.0, -300.0), (x + 44.0, -150.0), (x - 44.0, -150.0)], 34.0),
            _ => blob(&ring(x, -220.0, 56.0, 84.0, 8, 0.0)),
        };
        let stick = soft(&[(x - 13.0, -170.0), (x + 13.0, -170.0), (x + 17.0, 300.0), (x - 17.0, 300.0)], 12.0);
        p.drop(&stick, 12.0);
        p.drop(&head, 12.0);
        let ink = p.across(&[(0.0, wood.lift(0.07), 1.0), (0.5, wood, 1.0), (1.0, wood.lift(-0.14), 1.0)]);
        p.fill(&stick, &ink);
        p.fill(&head, &ink);
        if i != 1 {
            let hollow = p.slant(wood.lift(-0.15), wood.lift(0.04));
            p.oval(x, -226.0, 42.0, 66.0, hollow);
        } else {
            for dx in [-20.0, 0.0, 20.0] {
                p.line(&Path::at(x + dx, -270.0).to(x + dx, -200.0).open(), Colour(0x3a2a20).at(0.5), 9.0);
            }
        }
        p.grain(x - 10.0, -140.0, 20.0, 420.0, wood, 3);
        p.dot(x, 272.0, 6.0, Colour(0x3a2a20).at(0.5));
    }
    Frame::lay(400.0, 640.0).focus(-60.0, -180.0)
}

/// A rolling pin with dough and flour.
pub fn rolling_pin(p: &mut Pen, c: &Coat) -> Frame {
    let dough = blob(&ring(30.0, 60.0, 250.0, 170.0, 8, 0.06));
    p.drop(&dough, 7.0);
    p.fill(&dough, dye::CREAM.lift(0.02));
    p.oval(0.0, 40.0, 190.0, 110.0, dye::CHALK.at(0.6));
    p.group("rotate(-24)", |p| {
        let roll = card(-270.0, -54.0, 540.0, 108.0, 26.0);
        p.drop(&roll, 16.0);
        for side in [-1.0, 1.0] {
            let grip = blob(&[
                (262.0 * side, -20.0),
                (300.0 * side, -17.0),
                (352.0 * side, -27.0),
                (376.0 * side, 0.0),
                (352.0 * side, 27.0),
                (300.0 * side, 17.0),
                (262.0 * side, 20.0),
            ]);
            let ink = p.down(c.second.lift(0.08), c.second.lift(-0.16));
            p.fill(&grip, ink);
        }
        let ink = p.lin(
            (0.0, 0.0),
            (0.0, 1.0),
            &[
                (0.0, c.main.lift(-0.02), 1.0),
                (0.25, c.main.lift(0.11), 1.0),
                (0.6, c.main, 1.0),
                (1.0, c.main.lift(-0.2), 1.0),
            ],
        );
        p.fill(&roll, ink);
        p.grain(-256.0, -48.0, 512.0, 96.0, c.main, 8);
    });
    Frame::lay(740.0, 480.0).focus(-60.0, 0.0)
}

/// A pepper mill, and peppercorns.
pub fn mill(p: &mut Pen, c: &Coat) -> Frame {
    let body = Lathe::new(&[
        (74.0, 0.0),
        (74.0, 0.0),
        (76.0, 30.0),
        (58.0, 96.0),
        (46.0, 190.0),
        (60.0, 254.0),
        (62.0, 268.0),
        (62.0, 268.0),
    ]);
    p.body(&body, c.main, Finish::Gloss);
    let head = Lathe::new(&[(60.0, 272.0), (60.0, 272.0), (66.0, 296.0), (66.0, 332.0), (38.0, 384.0), (6.0, 396.0)]);
    p.body(&head, c.main, Finish::Gloss);
    let band = p.turned(c.second, Finish::Metal);
    p.fill(&body.band(262.0, 272.0), band);
    p.ball(0.0, -408.0, 17.0, c.second);
    for k in 0..6 {
        p.line(&body.hoop(20.0 + 34.0 * k as f32), c.main.lift(-0.14).at(0.25), 2.4);
    }
    for (x, y, r) in [
        (130.0, 6.0, 13.0),
        (166.0, -8.0, 11.0),
        (158.0, 20.0, 12.0),
        (-128.0, 12.0, 12.0),
        (104.0, 28.0, 10.0),
        (198.0, 8.0, 12.0),
    ] {
        p.shadow(x, y + r * 0.8, r, 14.0, dye::SAND);
        p.ball(x, y, r, dye::CHARCOAL.lift(0.04));
    }
    Frame::stand(360.0, 440.0, 76.0).focus(10.0, -290.0)
}
