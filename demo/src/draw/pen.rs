//! The pen: writes shapes, gradients and patterns of one picture.

use std::collections::BTreeMap;

use super::colour::{Colour, Ink};
use super::path::{num, push};

/// A small deterministic generator (SplitMix64): the same seed draws the same picture on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A number from `low` to `high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.next() >> 40) as f32 / (1u64 << 24) as f32)
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A stop of a gradient: position 0 to 1, colour, opacity.
pub type Stop = (f32, Colour, f32);

/// Draws one picture.
pub struct Pen {
    defs: String,
    known: BTreeMap<String, usize>,
    body: String,
    /// Chance, decided by the picture's seed.
    pub dice: Dice,
}

impl Pen {
    /// A clean sheet.
    pub fn new(seed: u64) -> Pen {
        Pen { defs: String::new(), known: BTreeMap::new(), body: String::new(), dice: Dice::new(seed) }
    }

    /// The whole document.
    pub fn finish(self, width: u32, height: u32) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\"><defs>{}</defs>{}</svg>",
            self.defs, self.body
        )
    }

    /// Draws aside and returns what was drawn, to be placed later with [`Pen::paste`].
    pub fn aside<T>(&mut self, draw: impl FnOnce(&mut Pen) -> T) -> (String, T) {
        let kept = std::mem::take(&mut self.body);
        let value = draw(self);
        (std::mem::replace(&mut self.body, kept), value)
    }

    /// Places what was drawn aside.
    pub fn paste(&mut self, drawn: &str, transform: &str) {
        push(&mut self.body, format_args!("<g transform=\"{transform}\">{drawn}</g>"));
    }

    /// Draws inside a transform.
    pub fn group<T>(&mut self, transform: &str, draw: impl FnOnce(&mut Pen) -> T) -> T {
        push(&mut self.body, format_args!("<g transform=\"{transform}\">"));
        let value = draw(self);
        self.body.push_str("</g>");
        value
    }

    /// Draws at a place, turned by degrees and scaled.
    pub fn place<T>(&mut self, x: f32, y: f32, turn: f32, scale: f32, draw: impl FnOnce(&mut Pen) -> T) -> T {
        let mut at = String::from("translate(");
        num(&mut at, x);
        at.push(' ');
        num(&mut at, y);
        at.push(')');
        if turn != 0.0 {
            at.push_str("rotate(");
            num(&mut at, turn);
            at.push(')');
        }
        if scale != 1.0 {
            push(&mut at, format_args!("scale({scale:.3})"));
        }
        self.group(&at, draw)
    }

    /// Draws inside the outline `d` only.
    pub fn clip<T>(&mut self, d: &str, draw: impl FnOnce(&mut Pen) -> T) -> T {
        let id = self.define(&format!("<clipPath id=\"g#\"><path d=\"{d}\"/></clipPath>"));
        push(&mut self.body, format_args!("<g clip-path=\"url(#g{id})\">"));
        let value = draw(self);
        self.body.push_str("</g>");
        value
    }

    /// Fills a path.
    pub fn fill(&mut self, d: &str, ink: impl Into<Ink>) {
        let ink = ink.into();
        push(&mut self.body, format_args!("<path d=\"{d}\" fill=\"{}\"", ink.paint));
        if ink.alpha < 0.999 {
            push(&mut self.body, format_args!(" fill-opacity=\"{:.3}\"", ink.alpha));
        }
        self.body.push_str("/>");
    }

    /// Strokes a path with round ends.
    pub fn line(&mut self, d: &str, ink: impl Into<Ink>, width: f32) {
        self.stroke(d, ink, width, "round", "");
    }

    /// Strokes a path with dashes, as a seam.
    pub fn seam(&mut self, d: &str, ink: impl Into<Ink>, width: f32, dash: f32) {
        self.stroke(d, ink, width, "round", &format!(" stroke-dasharray=\"{:.1} {:.1}\"", dash, dash * 0.8));
    }

    /// Strokes a path with flat ends.
    pub fn bar(&mut self, d: &str, ink: impl Into<Ink>, width: f32) {
        self.stroke(d, ink, width, "butt", "");
    }

    fn stroke(&mut self, d: &str, ink: impl Into<Ink>, width: f32, cap: &str, more: &str) {
        let ink = ink.into();
        push(
            &mut self.body,
            format_args!("<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.1}\"", ink.paint),
        );
        push(&mut self.body, format_args!(" stroke-linecap=\"{cap}\" stroke-linejoin=\"round\"{more}"));
        if ink.alpha < 0.999 {
            push(&mut self.body, format_args!(" stroke-opacity=\"{:.3}\"", ink.alpha));
        }
        self.body.push_str("/>");
    }

    /// Fills an ellipse.
    pub fn oval(&mut self, cx: f32, cy: f32, rx: f32, ry: f32, ink: impl Into<Ink>) {
        let ink = ink.into();
        push(
            &mut self.body,
            format_args!("<ellipse cx=\"{cx:.1}\" cy=\"{cy:.1}\" rx=\"{rx:.1}\" ry=\"{ry:.1}\" fill=\"{}\"", ink.paint),
        );
        if ink.alpha < 0.999 {
            push(&mut self.body, format_args!(" fill-opacity=\"{:.3}\"", ink.alpha));
        }
        self.body.push_str("/>");
    }

    /// Fills a circle.
    pub fn dot(&mut self, cx: f32, cy: f32, r: f32, ink: impl Into<Ink>) {
        self.oval(cx, cy, r, r, ink);
    }

    /// Fills a rectangle with rounded corners.
    pub fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, r: f32, ink: impl Into<Ink>) {
        let ink = ink.into();
        push(
            &mut self.body,
            format_args!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{r:.1}\" fill=\"{}\"",
                ink.paint
            ),
        );
        if ink.alpha < 0.999 {
            push(&mut self.body, format_args!(" fill-opacity=\"{:.3}\"", ink.alpha));
        }
        self.body.push_str("/>");
    }

    /// A linear gradient across the shape it fills, from one corner fraction to another.
    pub fn lin(&mut self, from: (f32, f32), to: (f32, f32), stops: &[Stop]) -> Ink {
        let head = format!(
            "<linearGradient id=\"g#\" x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\">",
            from.0, from.1, to.0, to.1
        );
        self.gradient(head, stops, "</linearGradient>")
    }

    /// A gradient from left to right.
    pub fn across(&mut self, stops: &[Stop]) -> Ink {
        self.lin((0.0, 0.0), (1.0, 0.0), stops)
    }

    /// A gradient from top to bottom.
    pub fn down(&mut self, top: Colour, bottom: Colour) -> Ink {
        self.lin((0.0, 0.0), (0.0, 1.0), &[(0.0, top, 1.0), (1.0, bottom, 1.0)])
    }

    /// A gradient from the lit corner (upper left) to the far one.
    pub fn slant(&mut self, lit: Colour, far: Colour) -> Ink {
        self.lin((0.1, 0.0), (0.9, 1.0), &[(0.0, lit, 1.0), (1.0, far, 1.0)])
    }

    /// A radial gradient inside the shape it fills: centre and radius as fractions of its box.
    pub fn rad(&mut self, cx: f32, cy: f32, r: f32, stops: &[Stop]) -> Ink {
        let head = format!("<radialGradient id=\"g#\" cx=\"{cx:.2}\" cy=\"{cy:.2}\" r=\"{r:.2}\">");
        self.gradient(head, stops, "</radialGradient>")
    }

    /// A spot that fades to nothing at the edge of the shape.
    pub fn glow(&mut self, colour: Colour, alpha: f32) -> Ink {
        let stops =
            [(0.0, colour, alpha), (0.45, colour, alpha * 0.55), (0.75, colour, alpha * 0.16), (1.0, colour, 0.0)];
        self.rad(0.5, 0.5, 0.5, &stops)
    }

    fn gradient(&mut self, mut head: String, stops: &[Stop], tail: &str) -> Ink {
        for (at, colour, alpha) in stops {
            push(&mut head, format_args!("<stop offset=\"{at:.2}\" stop-color=\"{colour}\""));
            if *alpha < 0.999 {
                push(&mut head, format_args!(" stop-opacity=\"{alpha:.3}\""));
            }
            head.push_str("/>");
        }
        head.push_str(tail);
        Ink::gradient(self.define(&head))
    }

    /// A repeated tile of `w` × `h`, drawn once.
    pub fn tile(&mut self, w: f32, h: f32, transform: &str, draw: impl FnOnce(&mut Pen)) -> Ink {
        let (drawn, ()) = self.aside(draw);
        let head = format!(
            "<pattern id=\"g#\" width=\"{w:.1}\" height=\"{h:.1}\" patternUnits=\"userSpaceOnUse\" patternTransform=\"{transform}\">"
        );
        Ink::gradient(self.define(&format!("{head}{drawn}</pattern>")))
    }

    /// Adds a definition once; `g#` stands for its id.
    fn define(&mut self, text: &str) -> usize {
        if let Some(&id) = self.known.get(text) {
            return id;
        }
        let id = self.known.len();
        self.known.insert(text.to_owned(), id);
        self.defs.push_str(&text.replacen("g#", &format!("g{id}"), 1));
        id
    }
}
