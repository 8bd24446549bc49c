//! SVG path data from points.

use std::f32::consts::TAU;
use std::fmt::Write;

/// A point, or a size.
pub type Point = (f32, f32);

/// Writes a number as short as one decimal allows.
pub fn num(out: &mut String, v: f32) {
    let tenths = (v * 10.0).round() as i32;
    if tenths % 10 == 0 {
        push(out, format_args!("{}", tenths / 10));
    } else {
        push(out, format_args!("{:.1}", tenths as f32 / 10.0));
    }
}

/// Appends formatted text; writing to a `String` cannot fail.
pub fn push(out: &mut String, args: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(args);
    debug_assert!(written.is_ok());
}

fn pair(out: &mut String, p: Point) {
    num(out, p.0);
    out.push(' ');
    num(out, p.1);
    out.push(' ');
}

/// A path under construction.
#[derive(Clone, Debug, Default)]
pub struct Path(String);

impl Path {
    /// Starts at a point.
    pub fn at(x: f32, y: f32) -> Path {
        Path::default().jump(x, y)
    }

    /// Lifts the pen and starts again elsewhere.
    pub fn jump(mut self, x: f32, y: f32) -> Path {
        self.0.push('M');
        pair(&mut self.0, (x, y));
        self
    }

    /// A straight line.
    pub fn to(mut self, x: f32, y: f32) -> Path {
        self.0.push('L');
        pair(&mut self.0, (x, y));
        self
    }

    /// A curve with one control point.
    pub fn bend(mut self, cx: f32, cy: f32, x: f32, y: f32) -> Path {
        self.0.push('Q');
        pair(&mut self.0, (cx, cy));
        pair(&mut self.0, (x, y));
        self
    }

    /// A curve with two control points.
    pub fn curve(mut self, c1: Point, c2: Point, end: Point) -> Path {
        self.0.push('C');
        pair(&mut self.0, c1);
        pair(&mut self.0, c2);
        pair(&mut self.0, end);
        self
    }

    /// An arc of an ellipse; `sweep` is clockwise on screen, always the short way round.
    pub fn arc(mut self, rx: f32, ry: f32, sweep: bool, x: f32, y: f32) -> Path {
        self.0.push('A');
        pair(&mut self.0, (rx, ry));
        self.0.push_str(if sweep { "0 0 1 " } else { "0 0 0 " });
        pair(&mut self.0, (x, y));
        self
    }

    /// Continues smoothly through points.
    pub fn through(mut self, points: &[Point]) -> Path {
        spline(&mut self.0, points, false);
        self
    }

    /// Closes the shape and returns the path data.
    pub fn close(mut self) -> String {
        self.0.push('Z');
        self.0
    }

    /// Returns the path data, open.
    pub fn open(self) -> String {
        self.0
    }
}

/// Catmull–Rom through `points`; a point given twice makes a corner.
fn spline(out: &mut String, points: &[Point], closed: bool) {
    let n = points.len();
    let get = |i: isize| {
        if closed { points[i.rem_euclid(n as isize) as usize] } else { points[i.clamp(0, n as isize - 1) as usize] }
    };
    let last = if closed { n } else { n.saturating_sub(1) };
    for i in 0..last as isize {
        let (p0, p1, p2, p3) = (get(i - 1), get(i), get(i + 1), get(i + 2));
        if p1 == p2 {
            continue;
        }
        let c1 = if p0 == p1 { p1 } else { (p1.0 + (p2.0 - p0.0) / 6.0, p1.1 + (p2.1 - p0.1) / 6.0) };
        let c2 = if p3 == p2 { p2 } else { (p2.0 - (p3.0 - p1.0) / 6.0, p2.1 - (p3.1 - p1.1) / 6.0) };
        out.push('C');
        pair(out, c1);
        pair(out, c2);
        pair(out, p2);
    }
}

/// An open smooth line through points; a point given twice makes a corner.
pub fn wave(points: &[Point]) -> String {
    let first = points.first().copied().unwrap_or_default();
    Path::at(first.0, first.1).through(points).open()
}

/// A closed smooth shape through points; a point given twice makes a corner.
pub fn blob(points: &[Point]) -> String {
    let first = points.first().copied().unwrap_or_default();
    let mut path = Path::at(first.0, first.1);
    spline(&mut path.0, points, true);
    path.close()
}

/// A polygon.
pub fn poly(points: &[Point]) -> String {
    let mut path = Path::default();
    for (i, &(x, y)) in points.iter().enumerate() {
        path = if i == 0 { path.jump(x, y) } else { path.to(x, y) };
    }
    path.close()
}

/// A polygon with corners rounded by `r`.
pub fn soft(points: &[Point], r: f32) -> String {
    let n = points.len();
    let mut path = Path::default();
    for i in 0..n {
        let (prev, here, next) = (points[(i + n - 1) % n], points[i], points[(i + 1) % n]);
        let (a, b) = (towards(here, prev, r), towards(here, next, r));
        path = if i == 0 { path.jump(a.0, a.1) } else { path.to(a.0, a.1) };
        path = path.bend(here.0, here.1, b.0, b.1);
    }
    path.close()
}

/// A rectangle with rounded corners.
pub fn card(x: f32, y: f32, w: f32, h: f32, r: f32) -> String {
    soft(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)], r.min(w / 2.0).min(h / 2.0))
}

/// A whole ellipse as a path.
pub fn oval(cx: f32, cy: f32, rx: f32, ry: f32) -> String {
    Path::at(cx - rx, cy).arc(rx, ry, true, cx + rx, cy).arc(rx, ry, true, cx - rx, cy).close()
}

/// `n` points round an ellipse, from angle `start` (turns).
pub fn ring(cx: f32, cy: f32, rx: f32, ry: f32, n: usize, start: f32) -> Vec<Point> {
    (0..n)
        .map(|i| {
            let a = TAU * (start + i as f32 / n as f32);
            (cx + rx * a.cos(), cy + ry * a.sin())
        })
        .collect()
}

fn towards(from: Point, to: Point, r: f32) -> Point {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let len = (dx * dx + dy * dy).sqrt().max(0.001);
    let t = (r / len).min(0.5);
    (from.0 + dx * t, from.1 + dy * t)
}

/// A leaf from base to tip; `belly` is its half width relative to its length, `bow` bends it sideways.
pub fn leaf(base: Point, tip: Point, belly: f32, bow: f32) -> String {
    let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
    let at = |t: f32, side: f32| {
        let off = side * belly + bow * 4.0 * t * (1.0 - t);
        (base.0 + dx * t - dy * off, base.1 + dy * t + dx * off)
    };
    blob(&[
        base,
        base,
        at(0.3, 0.92),
        at(0.55, 0.95),
        at(0.82, 0.5),
        tip,
        tip,
        at(0.82, -0.5),
        at(0.55, -0.95),
        at(0.3, -0.92),
    ])
}

/// A small leaf in two strokes, where there are hundreds.
pub fn leaflet(base: Point, tip: Point, belly: f32) -> String {
    let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
    let side = |s: f32| (base.0 + dx * 0.45 - dy * s * belly * 2.0, base.1 + dy * 0.45 + dx * s * belly * 2.0);
    let (l, r) = (side(1.0), side(-1.0));
    Path::at(base.0, base.1).bend(l.0, l.1, tip.0, tip.1).bend(r.0, r.1, base.0, base.1).close()
}

/// One half of a leaf (the shaded one), same geometry as [`leaf`].
pub fn half_leaf(base: Point, tip: Point, belly: f32, bow: f32) -> String {
    let (dx, dy) = (tip.0 - base.0, tip.1 - base.1);
    let at = |t: f32, side: f32| {
        let off = side * belly + bow * 4.0 * t * (1.0 - t);
        (base.0 + dx * t - dy * off, base.1 + dy * t + dx * off)
    };
    blob(&[
        base,
        base,
        at(0.3, 0.92),
        at(0.55, 0.95),
        at(0.82, 0.5),
        tip,
        tip,
        at(0.75, 0.0),
        at(0.5, 0.0),
        at(0.25, 0.0),
    ])
}
