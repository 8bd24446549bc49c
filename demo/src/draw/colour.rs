//! Colours, and how light and shadow change them.
//!
//! Shading is done in OKLab: a shadow of mustard goes towards brown and not towards grey, which is most of what makes
//! flat shapes look lit.

use std::fmt;

/// An opaque sRGB colour, `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u32);

impl Colour {
    /// Moves the lightness by `by` (−1 to 1): shadows gain saturation and cool a little, lights warm a little.
    pub fn lift(self, by: f32) -> Colour {
        let (l, a, b) = self.to_lab();
        let l2 = (l + by).clamp(0.03, 0.995);
        let shade = (l - l2).max(0.0);
        let light = (l2 - l).max(0.0);
        let keep = (1.0 - 0.15 * shade) * (1.0 - 0.55 * light);
        Colour::from_lab(l2, a * keep + 0.012 * shade + 0.006 * light, b * keep - 0.045 * shade + 0.022 * light)
    }

    /// The colour `t` of the way from this one to `other`.
    pub fn mix(self, other: Colour, t: f32) -> Colour {
        let (l1, a1, b1) = self.to_lab();
        let (l2, a2, b2) = other.to_lab();
        Colour::from_lab(l1 + (l2 - l1) * t, a1 + (a2 - a1) * t, b1 + (b2 - b1) * t)
    }

    /// This colour, see-through: `alpha` 0 to 1.
    pub fn at(self, alpha: f32) -> Ink {
        Ink { paint: self.to_string(), alpha }
    }

    /// Perceived lightness, 0 to 1.
    pub fn lightness(self) -> f32 {
        self.to_lab().0
    }

    /// How different two colours look; 0.1 is plainly different.
    pub fn distance(self, other: Colour) -> f32 {
        let (l1, a1, b1) = self.to_lab();
        let (l2, a2, b2) = other.to_lab();
        ((l1 - l2).powi(2) + (a1 - a2).powi(2) + (b1 - b2).powi(2)).sqrt()
    }

    fn to_lab(self) -> (f32, f32, f32) {
        let [r, g, b] = [16, 8, 0].map(|shift| to_linear(((self.0 >> shift) & 0xff) as f32 / 255.0));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        (
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        )
    }

    fn from_lab(l: f32, a: f32, b: f32) -> Colour {
        let l_ = (l + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let m_ = (l - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let s_ = (l - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        let r = 4.076_741_7 * l_ - 3.307_711_6 * m_ + 0.230_969_94 * s_;
        let g = -1.268_438 * l_ + 2.609_757_4 * m_ - 0.341_319_38 * s_;
        let b = -0.004_196_086_3 * l_ - 0.703_418_6 * m_ + 1.707_614_7 * s_;
        let byte = |v: f32| (to_gamma(v) * 255.0).round().clamp(0.0, 255.0) as u32;
        Colour((byte(r) << 16) | (byte(g) << 8) | byte(b))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

fn to_linear(v: f32) -> f32 {
    if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

fn to_gamma(v: f32) -> f32 {
    if v <= 0.003_130_8 { v.max(0.0) * 12.92 } else { 1.055 * v.min(1.0).powf(1.0 / 2.4) - 0.055 }
}

/// What a shape is filled or stroked with: a colour or a gradient, and how opaque.
#[derive(Clone, Debug)]
pub struct Ink {
    pub(super) paint: String,
    pub(super) alpha: f32,
}

impl Ink {
    /// The same ink, `alpha` as opaque.
    pub fn fade(&self, alpha: f32) -> Ink {
        Ink { paint: self.paint.clone(), alpha: self.alpha * alpha }
    }

    pub(super) fn gradient(id: usize) -> Ink {
        Ink { paint: format!("url(#g{id})"), alpha: 1.0 }
    }
}

impl From<Colour> for Ink {
    fn from(colour: Colour) -> Ink {
        colour.at(1.0)
    }
}

impl From<&Ink> for Ink {
    fn from(ink: &Ink) -> Ink {
        ink.clone()
    }
}

/// The dye shelf: every colour the market is drawn with.
pub mod dye {
    use super::Colour;

    macro_rules! dyes {
        ($($name:ident = $hex:literal),+ $(,)?) => { $(
            #[doc = concat!("`", stringify!($name), "`")]
            pub const $name: Colour = Colour($hex);
        )+ };
    }

    dyes! {
        WHITE = 0xffffff, CHALK = 0xf7f3ec, CREAM = 0xf1e7d6, OAT = 0xe2d3bb, SAND = 0xd6bf9b, STONE = 0xb9b2a7,
        PEBBLE = 0x8f8a84, GRAPHITE = 0x54514f, CHARCOAL = 0x37363a, BLACK = 0x232227,
        CLAY = 0xc98a66, TERRACOTTA = 0xc2683f, RUST = 0xa34b2a, BRICK = 0x8f3b2c, COGNAC = 0xa8642f, CHESTNUT = 0x6b3d27,
        ESPRESSO = 0x42291f, MUSTARD = 0xd9a238, HONEY = 0xe0a030, BUTTER = 0xf0d48a, LEMON = 0xf0cf4d, APRICOT = 0xeba46b,
        BLUSH = 0xe9c0b0, ROSE = 0xd58f8a, RASPBERRY = 0xb03a52, TOMATO = 0xd0492f, WINE = 0x6e2537,
        PLUM = 0x5b3350, LILAC = 0xb9a3c9, LAVENDER = 0x9d8fc4,
        SAGE = 0xa3b18a, LEAF = 0x5f8f4e, OLIVE = 0x80803f, MOSS = 0x66713d, FERN = 0x3f7048, PINE = 0x2e5145,
        MINT = 0xb4d2bf, TEAL = 0x2f7478, PETROL = 0x1f4d59, SKY = 0x9cc3d5, DENIM = 0x5a7ba0, DUSK = 0x8698a8,
        COBALT = 0x2f57a5, INK = 0x26365a, NIGHT = 0x1e2638,
        BIRCH = 0xe8d2ae, ASH = 0xdcc298, OAK = 0xc59b64, BEECH = 0xd9ab7b, CHERRY = 0xb06a41, WALNUT = 0x76492f,
        OLIVEWOOD = 0xc79a5b, KRAFT = 0xc9a377, CORK = 0xcb9c68, JUTE = 0xc8a873, STRAW = 0xd9ba7c,
        BRASS = 0xcfa454, GOLD = 0xdfb559, ROSEGOLD = 0xdca189, SILVER = 0xc9ccd1, STEEL = 0xaab0b6, IRON = 0x4a4b50,
        COPPER = 0xc57a4e, PEARL = 0xf3ece4, MOONSTONE = 0xd5e3ea,
        CRUST = 0xb8743a, CACAO = 0x4b2a1e, MILKCHOC = 0x8a5635, COFFEE = 0x3a2318, TEA = 0xa8642a, AMBER = 0xc57a1c,
        OIL = 0xb2a22e, SAFFRON = 0xc2451d, PAPRIKA = 0xb5391f, CHEESE = 0xf0d488, SOIL = 0x4a352a,
    }
}
