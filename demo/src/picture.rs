//! Pictures: what a shop shows, as SVG and as JPEG.

use std::fmt;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::draw::Coat;
use crate::draw::colour::Colour;
use crate::draw::group::{Group, logo};
use crate::draw::marks::Mark;
use crate::draw::pen::Pen;
use crate::draw::shot::{Shot, Sitting};
use crate::things::wall;

/// A picture that draws itself, the same on every machine.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(crate) subject: Subject,
    /// What the picture shows, for those who do not see it.
    pub alt: String,
}

#[derive(Clone, Debug)]
pub(crate) enum Subject {
    Product(Box<Sitting>, Shot),
    Group(Group),
    Logo(Mark, Colour),
    /// A print as a file: nothing but the picture.
    Sheet(Coat),
}

/// A picture that could not be rendered.
#[derive(Debug)]
pub struct PictureError(String);

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the picture could not be rendered: {}", self.0)
    }
}

impl std::error::Error for PictureError {}

/// JPEG quality, of 100: no visible rings round edges, a third of the bytes of 95.
const QUALITY: u8 = 82;

impl Picture {
    /// The size the picture is composed for.
    pub fn size(&self) -> (u32, u32) {
        match &self.subject {
            Subject::Product(..) => (1000, 1000),
            Subject::Group(group) => group.size,
            Subject::Logo(..) => (400, 400),
            Subject::Sheet(_) => (720, 1072),
        }
    }

    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        match &self.subject {
            Subject::Product(sitting, shot) => sitting.take(*shot),
            Subject::Group(group) => group.take(),
            Subject::Logo(mark, ground) => logo(*mark, *ground),
            Subject::Sheet(coat) => {
                let mut pen = Pen::new(0);
                // The clip has soft corners, which paper has not: what shows there is the sheet's own ground.
                pen.rect(-10.0, -10.0, 740.0, 1092.0, 0.0, coat.main);
                pen.group("translate(360 536)scale(2.02)", |pen| wall::motif(pen, coat));
                pen.finish(720, 1072)
            }
        }
    }

    /// The picture as a JPEG that fills `width` × `height`; what does not fit is cut evenly from both sides.
    ///
    /// # Errors
    /// When a side is 0 or larger than a JPEG can be.
    pub fn jpeg(&self, width: u16, height: u16) -> Result<Vec<u8>, PictureError> {
        let pixels = self.pixels(width, height)?;
        let mut out = Vec::with_capacity(pixels.data().len() / 24);
        let mut encoder = jpeg_encoder::Encoder::new(&mut out, QUALITY);
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
        encoder
            .encode(pixels.data(), width, height, jpeg_encoder::ColorType::Rgba)
            .map_err(|e| PictureError(e.to_string()))?;
        Ok(out)
    }

    /// The rendered pixels, opaque.
    pub(crate) fn pixels(&self, width: u16, height: u16) -> Result<Pixmap, PictureError> {
        let tree = Tree::from_str(&self.svg(), &Options::default()).map_err(|e| PictureError(e.to_string()))?;
        let mut pixels = Pixmap::new(u32::from(width), u32::from(height))
            .ok_or_else(|| PictureError(format!("{width} × {height} is no size")))?;
        let (w, h) = (tree.size().width(), tree.size().height());
        let scale = (f32::from(width) / w).max(f32::from(height) / h);
        let (dx, dy) = ((f32::from(width) - w * scale) / 2.0, (f32::from(height) - h * scale) / 2.0);
        resvg::render(&tree, Transform::from_row(scale, 0.0, 0.0, scale, dx, dy), &mut pixels.as_mut());
        Ok(pixels)
    }
}
