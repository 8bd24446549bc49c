//! The makers' marks, drawn in one colour round (0, 0), about 100 wide.

use super::colour::Colour;
use super::path::{Path, blob, leaf, oval, poly, ring, soft, wave};
use super::pen::Pen;

/// A maker's mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A bowl with a flame.
    Flame,
    /// A swallow.
    Swallow,
    /// A star over the horizon.
    Star,
    /// Year rings.
    Rings,
    /// A blossom.
    Blossom,
    /// Arches of a bridge.
    Bridge,
    /// A wave and a stitch.
    Tide,
    /// A wheel.
    Wheel,
    /// A cut stone.
    Stone,
    /// A sprig.
    Sprig,
    /// A river.
    River,
    /// Firs.
    Firs,
    /// A mountain and the sun.
    Peak,
    /// Sound.
    Sound,
    /// A sprout.
    Sprout,
    /// The market's own: an awning.
    Awning,
}

impl Pen {
    /// Draws a mark at a place, `size` wide.
    pub fn mark(&mut self, mark: Mark, x: f32, y: f32, size: f32, c: Colour) {
        self.place(x, y, 0.0, size / 100.0, |p| match mark {
            Mark::Flame => p.flame(c),
            Mark::Swallow => p.swallow(c),
            Mark::Star => p.star(c),
            Mark::Rings => p.year_rings(c),
            Mark::Blossom => p.blossom(c),
            Mark::Bridge => p.bridge(c),
            Mark::Tide => p.tide(c),
            Mark::Wheel => p.wheel(c),
            Mark::Stone => p.stone(c),
            Mark::Sprig => p.sprig(c),
            Mark::River => p.river(c),
            Mark::Firs => p.firs(c),
            Mark::Peak => p.peak(c),
            Mark::Sound => p.sound(c),
            Mark::Sprout => p.sprout(c),
            Mark::Awning => p.awning(c),
        });
    }

    fn flame(&mut self, c: Colour) {
        self.fill(
            &Path::at(-46.0, 8.0)
                .to(46.0, 8.0)
                .curve((44.0, 36.0), (22.0, 46.0), (0.0, 46.0))
                .curve((-22.0, 46.0), (-44.0, 36.0), (-46.0, 8.0))
                .close(),
            c,
        );
        self.fill(
            &blob(&[
                (0.0, -50.0),
                (0.0, -50.0),
                (16.0, -26.0),
                (13.0, -6.0),
                (0.0, 0.0),
                (-13.0, -6.0),
                (-14.0, -22.0),
            ]),
            c,
        );
    }

    fn swallow(&mut self, c: Colour) {
        let body = [
            (-50.0, -34.0),
            (-50.0, -34.0),
            (-12.0, -20.0),
            (10.0, -6.0),
            (34.0, -12.0),
            (50.0, -6.0),
            (50.0, -6.0),
            (30.0, 8.0),
            (6.0, 16.0),
            (-16.0, 50.0),
            (-16.0, 50.0),
            (-13.0, 26.0),
            (-44.0, 30.0),
            (-44.0, 30.0),
            (-18.0, 12.0),
            (-18.0, -4.0),
        ];
        self.fill(&blob(&body), c);
    }

    fn star(&mut self, c: Colour) {
        let mut points = Vec::new();
        for k in 0..8 {
            let r = if k % 2 == 0 { 44.0 } else { 11.0 };
            points.push(ring(0.0, -8.0, r, r, 8, -0.25)[k]);
        }
        self.fill(&poly(&points), c);
        self.line(&Path::at(-44.0, 46.0).to(44.0, 46.0).open(), c, 6.0);
    }

    fn year_rings(&mut self, c: Colour) {
        for (r, w) in [(45.0, 6.0), (31.0, 5.0), (17.0, 5.0)] {
            self.line(&blob(&ring(r * 0.05, 0.0, r, r * 0.94, 7, 0.1)), c, w);
        }
        self.dot(2.0, 0.0, 5.0, c);
    }

    fn blossom(&mut self, c: Colour) {
        for tip in ring(0.0, 0.0, 48.0, 48.0, 5, -0.25) {
            self.fill(&leaf((tip.0 * 0.2, tip.1 * 0.2), tip, 0.34, 0.0), c);
        }
        self.line(&oval(0.0, 0.0, 4.0, 4.0), c, 3.0);
    }

    fn bridge(&mut self, c: Colour) {
        let mut d = Path::at(-50.0, -20.0).to(50.0, -20.0).to(50.0, 34.0).to(44.0, 34.0);
        for x in [44.0, 12.0, -20.0] {
            d = d.to(x, 16.0).arc(13.0, 17.0, false, x - 26.0, 16.0).to(x - 26.0, 34.0).to(x - 32.0, 34.0);
        }
        self.fill(&d.to(-50.0, 34.0).close(), c);
        self.line(&wave(&[(-48.0, 46.0), (-24.0, 42.0), (0.0, 46.0), (24.0, 42.0), (48.0, 46.0)]), c, 5.0);
    }

    fn tide(&mut self, c: Colour) {
        for y in [-24.0, 4.0] {
            self.line(
                &wave(&[
                    (-46.0, y),
                    (-30.0, y - 12.0),
                    (-10.0, y + 8.0),
                    (12.0, y - 12.0),
                    (30.0, y + 8.0),
                    (46.0, y - 4.0),
                ]),
                c,
                7.0,
            );
        }
        self.seam(&Path::at(-44.0, 34.0).to(44.0, 34.0).open(), c, 7.0, 12.0);
    }

    fn wheel(&mut self, c: Colour) {
        self.line(&oval(0.0, 0.0, 43.0, 43.0), c, 8.0);
        for (a, b) in ring(0.0, 0.0, 42.0, 42.0, 8, 0.0).into_iter().zip(ring(0.0, 0.0, 9.0, 9.0, 8, 0.0)) {
            self.line(&Path::at(b.0, b.1).to(a.0, a.1).open(), c, 4.0);
        }
        self.dot(0.0, 0.0, 9.0, c);
    }

    fn stone(&mut self, c: Colour) {
        let rim = [(-44.0, -12.0), (-24.0, -38.0), (24.0, -38.0), (44.0, -12.0), (0.0, 46.0)];
        self.line(&poly(&rim), c, 6.0);
        self.line(&Path::at(-44.0, -12.0).to(44.0, -12.0).open(), c, 5.0);
        self.line(
            &Path::at(-24.0, -38.0).to(-12.0, -12.0).to(0.0, 44.0).to(12.0, -12.0).to(24.0, -38.0).open(),
            c,
            4.0,
        );
    }

    fn sprig(&mut self, c: Colour) {
        self.line(&wave(&[(0.0, 50.0), (-3.0, 10.0), (2.0, -40.0)]), c, 5.0);
        for (i, y) in [30.0, 12.0, -6.0, -22.0].into_iter().enumerate() {
            let reach = 34.0 - 5.0 * i as f32;
            self.fill(&leaf((0.0, y), (reach, y - 20.0), 0.22, 0.05), c);
            self.fill(&leaf((0.0, y + 4.0), (-reach, y - 14.0), 0.22, -0.05), c);
        }
        self.fill(&leaf((1.0, -30.0), (3.0, -54.0), 0.24, 0.0), c);
    }

    fn river(&mut self, c: Colour) {
        for x in [-26.0, 0.0, 26.0] {
            self.line(&wave(&[(x + 14.0, -46.0), (x - 8.0, -20.0), (x + 8.0, 8.0), (x - 12.0, 46.0)]), c, 9.0);
        }
    }

    fn firs(&mut self, c: Colour) {
        for (x, s) in [(-24.0, 0.8), (18.0, 1.1)] {
            self.fill(&soft(&[(x, -44.0 * s), (x + 20.0 * s, -6.0), (x - 20.0 * s, -6.0)], 3.0), c);
            self.fill(&soft(&[(x, -22.0 * s), (x + 28.0 * s, 32.0), (x - 28.0 * s, 32.0)], 3.0), c);
            self.line(&Path::at(x, 32.0).to(x, 46.0).open(), c, 7.0);
        }
    }

    fn peak(&mut self, c: Colour) {
        self.dot(20.0, -26.0, 14.0, c);
        self.fill(&soft(&[(-50.0, 40.0), (-14.0, -26.0), (6.0, 8.0), (18.0, -8.0), (50.0, 40.0)], 3.0), c);
    }

    fn sound(&mut self, c: Colour) {
        for (i, h) in [18.0, 36.0, 48.0, 28.0, 14.0].into_iter().enumerate() {
            let x = -40.0 + 20.0 * i as f32;
            self.line(&Path::at(x, -h).to(x, h).open(), c, 9.0);
        }
    }

    fn sprout(&mut self, c: Colour) {
        self.line(&wave(&[(0.0, 48.0), (2.0, 20.0), (0.0, -4.0)]), c, 6.0);
        self.fill(&leaf((0.0, 0.0), (44.0, -34.0), 0.3, -0.08), c);
        self.fill(&leaf((0.0, 14.0), (-42.0, -12.0), 0.3, 0.08), c);
    }

    fn awning(&mut self, c: Colour) {
        for k in 0..4 {
            let x = -46.0 + 23.0 * k as f32;
            self.fill(
                &Path::at(x * 0.8, -36.0)
                    .to((x + 23.0) * 0.8, -36.0)
                    .to(x + 23.0, 0.0)
                    .arc(11.5, 13.0, true, x, 0.0)
                    .close(),
                c.at(if k % 2 == 0 { 1.0 } else { 0.7 }),
            );
        }
        self.line(&Path::at(-36.0, 18.0).to(-36.0, 46.0).open(), c, 6.0);
        self.line(&Path::at(36.0, 18.0).to(36.0, 46.0).open(), c, 6.0);
    }
}
