//! Textiles for the house: blankets, cushions, rugs, towels.

use crate::draw::Coat;
use crate::draw::colour::{Colour, dye};
use crate::draw::path::{Path, blob, card, oval, ring, soft, wave};
use crate::draw::pen::Pen;
use crate::draw::stage::Frame;
use crate::draw::weave::Weave;

const DEEP: Colour = Colour(0x2a1f2a);

/// A stack of `layers` folds standing at (0, 0), 420 wide.
pub fn folded(p: &mut Pen, c: Colour, d: Colour, weave: Weave, layers: usize) -> f32 {
    let thick = 52.0;
    for i in 0..layers {
        let y = -(i as f32) * (thick - 3.0);
        let jog = p.dice.range(-7.0, 7.0);
        let fold =
            soft(&[(-212.0 + jog, y), (-212.0 + jog, y - thick), (208.0 + jog, y - thick), (208.0 + jog, y)], 25.0);
        let ink = p.lin(
            (0.0, 0.0),
            (0.15, 1.0),
            &[(0.0, c.lift(0.08), 1.0), (0.5, c.lift(0.0), 1.0), (1.0, c.lift(-0.16), 1.0)],
        );
        p.fill(&fold, ink);
        p.cloth(&fold, c, (weave, d, d.mix(c, 0.3)), 0.8, 0.0);
        let round = p.lin(
            (0.0, 0.0),
            (0.0, 1.0),
            &[(0.0, dye::WHITE, 0.18), (0.4, dye::WHITE, 0.0), (0.7, DEEP, 0.0), (1.0, DEEP, 0.32)],
        );
        p.fill(&fold, round);
        p.line(
            &Path::at(-188.0 + jog, y - thick * 0.42).bend(0.0, y - thick * 0.34, 190.0 + jog, y - thick * 0.46).open(),
            DEEP.at(0.16),
            3.0,
        );
    }
    layers as f32 * (thick - 3.0)
}

/// A blanket, folded; its fringe hangs at the front.
pub fn blanket(p: &mut Pen, c: &Coat) -> Frame {
    let h = folded(p, c.main, c.second, c.weave, 4);
    let drape = soft(&[(-60.0, -h - 12.0), (150.0, -h - 12.0), (158.0, -58.0), (-66.0, -58.0)], 14.0);
    p.place(8.0, 6.0, 0.0, 1.0, |p| p.fill(&drape, DEEP.at(0.2)));
    let ink = p.lin(
        (0.0, 0.0),
        (1.0, 0.3),
        &[(0.0, c.main.lift(0.07), 1.0), (0.5, c.main.lift(0.01), 1.0), (1.0, c.main.lift(-0.09), 1.0)],
    );
    p.fill(&drape, ink);
    p.cloth(&drape, c.main, (c.weave, c.second, c.third), 0.8, 0.0);
    for x in [-16.0, 56.0, 118.0] {
        p.line(&wave(&[(x, -h), (x + 5.0, -h * 0.6), (x - 2.0, -72.0)]), DEEP.at(0.1), 15.0);
        p.line(&wave(&[(x - 17.0, -h), (x - 12.0, -h * 0.6), (x - 19.0, -72.0)]), dye::WHITE.at(0.12), 11.0);
    }
    if c.weave != Weave::Quilt && c.weave != Weave::Waffle {
        for k in 0..16 {
            let x = -58.0 + 14.2 * k as f32;
            let sway = p.dice.range(-3.0, 3.0);
            p.line(
                &Path::at(x, -60.0).bend(x + sway, -44.0, x + sway * 1.4, -26.0).open(),
                c.main.lift(if k % 2 == 0 { 0.04 } else { -0.07 }),
                6.0,
            );
        }
    }
    Frame::stand(460.0, h + 30.0, 212.0).focus(60.0, -h * 0.68).fill(0.98)
}

/// A stack of towels or linen. Style 1: tied with a ribbon.
pub fn towels(p: &mut Pen, c: &Coat) -> Frame {
    let mut y = 0.0;
    for colour in [c.main.lift(-0.03), c.second, c.main] {
        p.place(0.0, y, 0.0, 1.0, |p| folded(p, colour, colour.lift(-0.12), c.weave, 2));
        y -= 98.0;
    }
    if c.style == 1 {
        let ribbon = p.across(&[(0.0, c.third.lift(0.05), 1.0), (1.0, c.third.lift(-0.1), 1.0)]);
        p.rect(-26.0, y - 4.0, 44.0, -y + 2.0, 5.0, ribbon);
        for side in [-1.0, 1.0] {
            p.fill(
                &blob(&[(-4.0, y), (62.0 * side - 4.0, y - 48.0), (86.0 * side - 4.0, y - 14.0)]),
                c.third.lift(0.02 * side),
            );
        }
        p.dot(-4.0, y - 4.0, 13.0, c.third.lift(-0.08));
    }
    Frame::stand(450.0, 330.0, 212.0).focus(-50.0, -210.0)
}

/// A cushion. Style 1: round.
pub fn cushion(p: &mut Pen, c: &Coat) -> Frame {
    let outline = if c.style == 1 {
        blob(&ring(0.0, -210.0, 226.0, 210.0, 10, 0.0))
    } else {
        blob(&[
            (-232.0, -436.0),
            (-232.0, -436.0),
            (0.0, -414.0),
            (230.0, -440.0),
            (230.0, -440.0),
            (212.0, -216.0),
            (236.0, 6.0),
            (236.0, 6.0),
            (0.0, -4.0),
            (-238.0, 8.0),
            (-238.0, 8.0),
            (-214.0, -214.0),
        ])
    };
    p.line(&outline, c.main.lift(-0.14), 9.0);
    let ink = p.rad(
        0.42,
        0.38,
        0.75,
        &[(0.0, c.main.lift(0.09), 1.0), (0.5, c.main.lift(0.01), 1.0), (1.0, c.main.lift(-0.13), 1.0)],
    );
    p.fill(&outline, ink);
    p.cloth(&outline, c.main, (c.weave, c.second, c.third), 1.0, if c.style == 1 { 0.0 } else { -2.0 });
    let form = p.rad(
        0.42,
        0.36,
        0.78,
        &[(0.0, dye::WHITE, 0.16), (0.45, dye::WHITE, 0.0), (0.75, DEEP, 0.06), (1.0, DEEP, 0.34)],
    );
    p.fill(&outline, form);
    for (x, y, dx, dy) in [
        (-196.0, -404.0, 96.0, 74.0),
        (196.0, -404.0, -90.0, 70.0),
        (-200.0, -26.0, 88.0, -78.0),
        (202.0, -26.0, -92.0, -80.0),
    ] {
        if c.style == 0 {
            p.line(&wave(&[(x, y), (x + dx * 0.5, y + dy * 0.4), (x + dx, y + dy)]), DEEP.at(0.1), 12.0);
        }
    }
    if c.style == 1 {
        p.pool(0.0, -216.0, 44.0, 36.0, DEEP, 0.5);
        p.ball(0.0, -216.0, 16.0, c.main.lift(-0.06));
        for (x, y) in ring(0.0, -216.0, 96.0, 84.0, 9, 0.03) {
            p.line(&Path::at(x * 0.3, -216.0 + (y + 216.0) * 0.3).to(x, y).open(), DEEP.at(0.12), 6.0);
        }
    }
    Frame::stand(480.0, 440.0, 205.0).focus(-50.0, -270.0).fill(0.96)
}

/// A rug, half rolled out, from above. Style 1: a runner; 2: round.
pub fn rug(p: &mut Pen, c: &Coat) -> Frame {
    if c.style == 2 {
        return round_rug(p, c);
    }
    let (w, h) = if c.style == 1 { (150.0, 340.0) } else { (230.0, 320.0) };
    let outline = card(-w, -h, w * 2.0, h * 2.0, 4.0);
    let mut fringe = Path::default();
    for k in 0..=((w / 7.0) as i32) {
        let x = -w + 4.0 + 14.0 * k as f32 * (w * 2.0 - 8.0) / (14.0 * (w / 7.0).floor());
        let lean = p.dice.range(-4.0, 4.0);
        fringe = fringe.jump(x, h - 2.0).to(x + lean, h + 28.0).jump(x, -h + 2.0).to(x + lean, -h - 28.0);
    }
    let fringe = fringe.open();
    p.drop(&outline, 9.0);
    p.line(&fringe, c.third.lift(-0.06), 5.0);
    let ink = p.slant(c.main.lift(0.04), c.main.lift(-0.04));
    p.fill(&outline, ink);
    p.cloth(&outline, c.main, (c.weave, c.second, c.third), 1.1, 0.0);
    if let Some(threads) = p.weave(Weave::Linen, c.main, c.main, c.main, 0.5, 0.0) {
        p.fill(&outline, threads.fade(0.6));
    }
    for inset in [10.0, 26.0] {
        p.line(&card(-w + inset, -h + inset, (w - inset) * 2.0, (h - inset) * 2.0, 2.0), c.third.at(0.9), 6.0);
    }
    p.sheen(&outline, 0.1);
    Frame::lay(w * 2.0 + 20.0, h * 2.0 + 60.0).focus(-w * 0.3, -h * 0.35)
}

fn round_rug(p: &mut Pen, c: &Coat) -> Frame {
    let outline = oval(0.0, 0.0, 300.0, 300.0);
    p.drop(&outline, 10.0);
    let ink = p.slant(c.main.lift(0.06), c.main.lift(-0.06));
    p.fill(&outline, ink);
    for k in 0..15 {
        let r = 296.0 - 20.0 * k as f32;
        let shade = match k {
            2 | 3 | 8 => c.second,
            _ if k % 2 == 0 => c.main.lift(-0.08),
            _ => c.main.lift(0.04),
        };
        p.line(&oval(0.0, 0.0, r - 6.0, r - 6.0), shade, 17.0);
        p.seam(&oval(0.0, 0.0, r - 6.0, r - 6.0), shade.lift(0.1).at(0.55), 9.0, 13.0);
        p.line(&oval(0.0, 0.0, r + 3.0, r + 3.0), DEEP.at(0.2), 2.2);
    }
    p.sheen(&outline, 0.12);
    Frame::lay(620.0, 620.0).focus(-120.0, -90.0)
}

/// Tea towels or napkins laid out. Style 1: a fan of four napkins.
pub fn linens(p: &mut Pen, c: &Coat) -> Frame {
    let pieces: &[(f32, f32, f32)] = if c.style == 1 {
        &[(-60.0, 30.0, -18.0), (-20.0, 10.0, -6.0), (20.0, 0.0, 6.0), (60.0, 0.0, 18.0)]
    } else {
        &[(-84.0, 26.0, -9.0), (84.0, -10.0, 8.0)]
    };
    for (i, (x, y, turn)) in pieces.iter().enumerate() {
        let colour = if i % 2 == 0 { c.main } else { c.second };
        let (w, h) = if c.style == 1 { (130.0, 150.0) } else { (150.0, 270.0) };
        p.place(*x, *y, *turn, 1.0, |p| {
            let outline = soft(&[(-w, -h), (w, -h), (w + 3.0, h), (-w - 3.0, h)], 7.0);
            p.drop(&outline, 10.0);
            let ink = p.slant(colour.lift(0.05), colour.lift(-0.05));
            p.fill(&outline, ink);
            p.cloth(&outline, colour, (Weave::Linen, colour, colour), 0.8, 0.0);
            p.rect(-w - 2.0, h - 62.0, w * 2.0 + 4.0, 12.0, 0.0, c.third);
            p.rect(-w - 2.0, h - 42.0, w * 2.0 + 4.0, 5.0, 0.0, c.third);
            p.line(&Path::at(4.0, -h + 4.0).to(6.0, h - 4.0).open(), DEEP.at(0.13), 6.0);
            p.line(&Path::at(-5.0, -h + 4.0).to(-3.0, h - 4.0).open(), dye::WHITE.at(0.3), 5.0);
            p.line(&wave(&[(-14.0, -h + 4.0), (0.0, -h - 22.0), (14.0, -h + 4.0)]), colour.lift(-0.16), 6.0);
            p.sheen(&outline, 0.1);
        });
    }
    Frame::lay(520.0, if c.style == 1 { 440.0 } else { 640.0 }).focus(-50.0, 60.0)
}

/// An apron on a peg.
pub fn apron(p: &mut Pen, c: &Coat) -> Frame {
    let outline = blob(&[
        (-92.0, -250.0),
        (-92.0, -250.0),
        (0.0, -240.0),
        (92.0, -250.0),
        (92.0, -250.0),
        (112.0, -150.0),
        (190.0, -70.0),
        (190.0, -70.0),
        (206.0, 310.0),
        (206.0, 310.0),
        (0.0, 326.0),
        (-206.0, 310.0),
        (-206.0, 310.0),
        (-190.0, -70.0),
        (-190.0, -70.0),
        (-112.0, -150.0),
    ]);
    let neck = wave(&[(-84.0, -246.0), (-60.0, -330.0), (0.0, -372.0), (60.0, -330.0), (84.0, -246.0)]);
    p.oval(8.0, -362.0, 21.0, 23.0, DEEP.at(0.25));
    p.line(&neck, c.second.lift(-0.1), 13.0);
    p.ball(0.0, -374.0, 20.0, dye::OAK);
    for s in [-1.0, 1.0] {
        p.line(
            &wave(&[(188.0 * s, -64.0), (230.0 * s, 20.0), (206.0 * s, 130.0), (226.0 * s, 210.0)]),
            c.second.lift(-0.05),
            9.0,
        );
    }
    p.drop(&outline, 12.0);
    let ink = p.lin(
        (0.0, 0.0),
        (1.0, 0.3),
        &[(0.0, c.main.lift(0.05), 1.0), (0.5, c.main, 1.0), (1.0, c.main.lift(-0.09), 1.0)],
    );
    p.fill(&outline, ink);
    p.cloth(&outline, c.main, (Weave::Linen, c.main, c.main), 0.9, 0.0);
    for (x, a) in [(-120.0, 0.1), (-40.0, 0.06), (60.0, 0.09), (136.0, 0.12)] {
        p.line(&wave(&[(x * 0.8, -60.0), (x, 120.0), (x * 1.1, 312.0)]), DEEP.at(a), 20.0);
        p.line(&wave(&[(x * 0.8 - 24.0, -60.0), (x - 24.0, 120.0), (x * 1.1 - 26.0, 312.0)]), dye::WHITE.at(a), 15.0);
    }
    let pocket = soft(&[(-110.0, 30.0), (110.0, 30.0), (106.0, 176.0), (-106.0, 176.0)], 12.0);
    p.fill(&pocket, c.main.lift(-0.03));
    p.seam(&pocket, c.second.at(0.8), 3.0, 9.0);
    p.line(&Path::at(0.0, 34.0).to(0.5, 174.0).open(), DEEP.at(0.16), 3.0);
    p.rect(-96.0, -246.0, 192.0, 9.0, 3.0, c.second.at(0.7));
    Frame::wall(480.0, 740.0).focus(-20.0, 60.0)
}
