//! Things turned on a wheel or a lathe: cups, bottles, lamps, pots. A profile becomes an outline, bands, labels, a mouth.

use std::f32::consts::FRAC_PI_2;

use super::colour::{Colour, Ink, dye};
use super::path::{Path, Point, wave};
use super::pen::{Pen, Stop};

/// How far circles lean towards the viewer: ellipse height over width.
pub const TILT: f32 = 0.2;

/// A turned body standing at (0, 0), growing upwards (negative y).
#[derive(Clone, Debug)]
pub struct Lathe {
    /// (radius, height) from the foot up, dense.
    samples: Vec<Point>,
    tilt: f32,
}

/// How a surface answers the light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finish {
    /// Unglazed clay, paper, painted metal.
    Matte,
    /// Glazed, lacquered, moulded.
    Gloss,
    /// Polished metal.
    Metal,
    /// Wax and other things that light enters.
    Wax,
}

impl Lathe {
    /// From (radius, height) pairs, foot first; a pair given twice makes an edge.
    pub fn new(profile: &[Point]) -> Lathe {
        Lathe::tilted(profile, TILT)
    }

    /// The same, seen from a different height.
    pub fn tilted(profile: &[Point], tilt: f32) -> Lathe {
        let mut samples = Vec::new();
        let get = |i: isize| profile[i.clamp(0, profile.len() as isize - 1) as usize];
        for i in 0..profile.len() as isize - 1 {
            let (p0, p1, p2, p3) = (get(i - 1), get(i), get(i + 1), get(i + 2));
            if p1 == p2 {
                continue;
            }
            for step in 0..8 {
                samples.push(catmull(p0, p1, p2, p3, step as f32 / 8.0));
            }
        }
        samples.extend(profile.last());
        Lathe { samples, tilt }
    }

    /// Total height.
    pub fn height(&self) -> f32 {
        self.samples.last().map_or(0.0, |s| s.1)
    }

    /// Radius of the foot.
    pub fn foot(&self) -> f32 {
        self.samples.first().map_or(0.0, |s| s.0)
    }

    /// Radius at a height.
    pub fn radius(&self, height: f32) -> f32 {
        let above = self.samples.iter().position(|s| s.1 >= height).unwrap_or(self.samples.len() - 1);
        let (hi, lo) = (self.samples[above], self.samples[above.saturating_sub(1)]);
        let span = hi.1 - lo.1;
        if span.abs() < 0.01 { hi.0 } else { lo.0 + (hi.0 - lo.0) * (height - lo.1) / span }
    }

    /// The rim: (y, rx, ry).
    pub fn rim(&self) -> (f32, f32, f32) {
        let (r, h) = self.samples.last().copied().unwrap_or_default();
        (-h, r, r * self.tilt)
    }

    /// The silhouette, closed over the back of the rim and the front of the foot.
    pub fn outline(&self) -> String {
        let low = self.samples.first().map_or(0.0, |s| s.1);
        self.band(low, self.height())
    }

    /// The part of the surface between two heights, rounded at the front.
    pub fn band(&self, low: f32, high: f32) -> String {
        self.patch(low, high, -1.0, 1.0)
    }

    /// A patch of the surface, as a label: `from` and `to` are sines of the angle, −1 (left edge) to 1.
    pub fn patch(&self, low: f32, high: f32, from: f32, to: f32) -> String {
        let side = |s: f32| -> Vec<Point> {
            let mut points = vec![low];
            points.extend(self.samples.iter().map(|p| p.1).filter(|h| *h > low + 0.5 && *h < high - 0.5));
            points.push(high);
            points.iter().map(|h| self.on(*h, s)).collect()
        };
        let (left, mut right) = (side(from), side(to));
        right.reverse();
        let (r1, r0) = (self.radius(high).max(0.5), self.radius(low).max(0.5));
        let (start, top, end) = (left[0], right[0], left[0]);
        Path::at(start.0, start.1)
            .through(&left)
            .arc(r1, (r1 * self.tilt).max(0.1), false, top.0, top.1)
            .through(&right)
            .arc(r0, (r0 * self.tilt).max(0.1), true, end.0, end.1)
            .close()
    }

    /// The point on the front at a height and a sine.
    pub fn on(&self, height: f32, sine: f32) -> Point {
        let r = self.radius(height);
        (r * sine, -height + r * self.tilt * (1.0 - sine * sine).max(0.0).sqrt())
    }

    /// A line round the front at a height.
    pub fn hoop(&self, height: f32) -> String {
        let r = self.radius(height);
        let (a, b) = (self.on(height, -1.0), self.on(height, 1.0));
        Path::at(a.0, a.1).arc(r, (r * self.tilt).max(0.1), false, b.0, b.1).open()
    }

    /// A line up the front at a sine.
    pub fn rib(&self, low: f32, high: f32, sine: f32) -> String {
        let points: Vec<Point> = (0..=10).map(|i| self.on(low + (high - low) * i as f32 / 10.0, sine)).collect();
        wave(&points)
    }
}

/// The sine at which the `k`th of evenly spaced ribs is seen, `n` of them from the middle to the edge.
pub fn facing(k: i32, n: f32) -> f32 {
    (k as f32 / n * FRAC_PI_2).sin()
}

fn catmull(p0: Point, p1: Point, p2: Point, p3: Point, t: f32) -> Point {
    let axis = |a: f32, b: f32, c: f32, d: f32| {
        let (t2, t3) = (t * t, t * t * t);
        let m1 = if p0 == p1 { c - b } else { (c - a) * 0.5 };
        let m2 = if p2 == p3 { c - b } else { (d - b) * 0.5 };
        (2.0 * t3 - 3.0 * t2 + 1.0) * b + (t3 - 2.0 * t2 + t) * m1 + (3.0 * t2 - 2.0 * t3) * c + (t3 - t2) * m2
    };
    (axis(p0.0, p1.0, p2.0, p3.0).max(0.1), axis(p0.1, p1.1, p2.1, p3.1))
}

impl Pen {
    /// The ink of a turned surface of this colour.
    pub fn turned(&mut self, c: Colour, finish: Finish) -> Ink {
        let stops: Vec<Stop> = match finish {
            Finish::Matte => vec![
                (0.0, c.lift(-0.05), 1.0),
                (0.12, c.lift(0.01), 1.0),
                (0.3, c.lift(0.05), 1.0),
                (0.52, c.lift(-0.005), 1.0),
                (0.82, c.lift(-0.13), 1.0),
                (1.0, c.lift(-0.15), 1.0),
            ],
            Finish::Gloss => vec![
                (0.0, c.lift(-0.08), 1.0),
                (0.1, c.lift(0.0), 1.0),
                (0.28, c.lift(0.07), 1.0),
                (0.5, c, 1.0),
                (0.84, c.lift(-0.17), 1.0),
                (0.95, c.lift(-0.12), 1.0),
                (1.0, c.lift(-0.04), 1.0),
            ],
            Finish::Metal => vec![
                (0.0, c.lift(-0.22), 1.0),
                (0.1, c.lift(-0.02), 1.0),
                (0.24, c.lift(0.2), 1.0),
                (0.36, c.lift(0.06), 1.0),
                (0.56, c.lift(-0.2), 1.0),
                (0.72, c.lift(-0.1), 1.0),
                (0.86, c.lift(-0.26), 1.0),
                (0.95, c.lift(-0.02), 1.0),
                (1.0, c.lift(-0.16), 1.0),
            ],
            Finish::Wax => vec![
                (0.0, c.lift(-0.03), 1.0),
                (0.3, c.lift(0.05), 1.0),
                (0.6, c.lift(0.01), 1.0),
                (1.0, c.lift(-0.09), 1.0),
            ],
        };
        self.across(&stops)
    }

    /// A turned body with its light: the surface, the shade under it, and the glint of a gloss.
    pub fn body(&mut self, lathe: &Lathe, c: Colour, finish: Finish) {
        let ink = self.turned(c, finish);
        let outline = lathe.outline();
        self.fill(&outline, ink);
        let shade = self.lin(
            (0.0, 0.0),
            (0.0, 1.0),
            &[(0.0, WHITE, 0.10), (0.3, WHITE, 0.0), (0.62, c.lift(-0.3), 0.0), (1.0, c.lift(-0.34), 0.34)],
        );
        self.fill(&outline, shade);
        if finish == Finish::Gloss {
            let (low, h) = (lathe.samples.first().map_or(0.0, |s| s.1), lathe.height());
            self.glint(lathe, low + (h - low) * 0.16, low + (h - low) * 0.86, -0.66, 0.5);
        }
    }

    /// A streak of reflected window on the left of a turned body.
    pub fn glint(&mut self, lathe: &Lathe, low: f32, high: f32, sine: f32, alpha: f32) {
        let streak = self.lin(
            (0.0, 0.0),
            (0.0, 1.0),
            &[(0.0, WHITE, alpha * 0.2), (0.2, WHITE, alpha), (0.6, WHITE, alpha * 0.7), (1.0, WHITE, 0.0)],
        );
        self.fill(&lathe.patch(low, high, sine, sine + 0.13), streak);
        let thin = self.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, WHITE, alpha * 0.35), (1.0, WHITE, 0.0)]);
        self.fill(&lathe.patch(low + (high - low) * 0.2, high * 0.97, sine + 0.2, sine + 0.235), thin);
    }

    /// The open mouth of a vessel: rim, inner wall. `wall` is the thickness of the rim.
    pub fn mouth(&mut self, lathe: &Lathe, rim: Colour, inside: Colour, wall: f32) {
        let (y, rx, ry) = lathe.rim();
        let lip = self.across(&[(0.0, rim.lift(0.02), 1.0), (0.3, rim.lift(0.10), 1.0), (1.0, rim.lift(-0.05), 1.0)]);
        self.oval(0.0, y, rx, ry, lip);
        let deep = self.lin(
            (0.0, 0.1),
            (0.75, 1.0),
            &[(0.0, inside.lift(-0.22), 1.0), (0.45, inside.lift(-0.12), 1.0), (1.0, inside.lift(0.03), 1.0)],
        );
        self.oval(0.0, y + wall * 0.12, rx - wall, ry - wall * 0.55, deep);
    }

    /// What fills a vessel nearly to the brim.
    pub fn drink(&mut self, lathe: &Lathe, c: Colour, wall: f32) {
        let (y, rx, ry) = lathe.rim();
        let (rx, ry) = ((rx - wall) * 0.93, (ry - wall * 0.55) * 0.86);
        let surface = self.slant(c.lift(0.06), c.lift(-0.05));
        self.oval(0.0, y + ry * 0.15, rx, ry, surface);
        self.oval(-rx * 0.35, y + ry * 0.02, rx * 0.4, ry * 0.22, WHITE.at(0.16));
    }

    /// Specks in a glaze, scattered over the front.
    pub fn specks(&mut self, lathe: &Lathe, c: Colour, count: usize, low: f32, high: f32) {
        for (share, size) in [(0.62, 2.2), (0.3, 3.6), (0.08, 5.4)] {
            let mut path = Path::default();
            for _ in 0..(count as f32 * share) as usize {
                let (sine, h) = (self.dice.range(-0.97, 0.97), self.dice.range(low, high));
                let at = lathe.on(h, sine);
                path = path.jump(at.0, at.1).to(at.0 + 0.1, at.1);
            }
            self.line(&path.open(), c.at(0.75), size);
        }
    }

    /// A paper label on the front, with the maker's mark and lines for words.
    pub fn label(&mut self, lathe: &Lathe, low: f32, high: f32, half: f32, paper: Colour) {
        let shade =
            self.across(&[(0.0, paper.lift(-0.02), 1.0), (0.35, paper.lift(0.02), 1.0), (1.0, paper.lift(-0.12), 1.0)]);
        self.fill(&lathe.patch(low, high, -half, half), shade);
    }

    /// Lines that stand for words, centred.
    pub fn words(&mut self, cx: f32, y: f32, widths: &[f32], gap: f32, weight: f32, c: Colour) {
        for (i, width) in widths.iter().enumerate() {
            let at = y + gap * i as f32;
            self.line(&Path::at(cx - width / 2.0, at).to(cx + width / 2.0, at).open(), c.at(0.85), weight);
        }
    }
}

const WHITE: Colour = dye::WHITE;
