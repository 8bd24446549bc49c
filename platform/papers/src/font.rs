//! The two faces papers are set in: what they can draw, and how wide it is.

use std::sync::LazyLock;

use ttf_parser::GlyphId;

/// A weight of the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// For text.
    Regular,
    /// For headings and totals.
    Bold,
}

/// A face, read.
pub struct Font {
    /// The file.
    pub data: &'static [u8],
    face: ttf_parser::Face<'static>,
}

static REGULAR: LazyLock<Font> = LazyLock::new(|| Font::of(include_bytes!("../fonts/NotoSans-Regular.ttf")));
static BOLD: LazyLock<Font> = LazyLock::new(|| Font::of(include_bytes!("../fonts/NotoSans-Bold.ttf")));

/// What stands for a character that a face cannot draw.
const REPLACEMENT: char = '\u{fffd}';

impl Face {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    /// The font of this weight.
    pub fn font(self) -> &'static Font {
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }
    /// How wide a text is.
    pub fn width(self, text: &str, size: f32) -> f32 {
        let font = self.font();
        text.chars().map(|c| font.advance(font.glyph(c))).sum::<f32>() * size / 1000.0
    }
}

impl Font {
    fn of(data: &'static [u8]) -> Self {
        Self { data, face: ttf_parser::Face::parse(data, 0).expect("the font beside this file can be read") }
    }

    /// The glyph that shows a character.
    pub fn glyph(&self, c: char) -> u16 {
        let drawn = |c| self.face.glyph_index(c);
        drawn(c).or_else(|| drawn(stand_in(c)?)).or_else(|| drawn(REPLACEMENT)).unwrap_or(GlyphId(0)).0
    }
    /// How far a glyph moves the pen, in thousandths of the size.
    pub fn advance(&self, glyph: u16) -> f32 {
        let advance = self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default();
        self.scaled(f32::from(advance))
    }
    /// Left, bottom, right, top of the largest glyphs.
    pub fn bounds(&self) -> [f32; 4] {
        let bounds = self.face.global_bounding_box();
        [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|edge| self.scaled(f32::from(edge)))
    }
    /// Above the line.
    pub fn ascent(&self) -> f32 {
        self.scaled(f32::from(self.face.ascender()))
    }
    /// Below the line, negative.
    pub fn descent(&self) -> f32 {
        self.scaled(f32::from(self.face.descender()))
    }
    /// Height of capitals.
    pub fn cap_height(&self) -> f32 {
        self.scaled(f32::from(self.face.capital_height().unwrap_or_default()))
    }
    fn scaled(&self, units: f32) -> f32 {
        units * 1000.0 / f32::from(self.face.units_per_em())
    }
}

/// What looks like a character that the fonts lack.
fn stand_in(c: char) -> Option<char> {
    match c {
        '\u{2212}' => Some('\u{2013}'),
        '\u{e3f}' => Some('B'),
        _ => None,
    }
}
