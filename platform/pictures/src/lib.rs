//! From an uploaded picture to JPEGs of our own: checked by its first bytes, decoded within limits, turned
//! upright, scaled down, and written anew, which leaves behind whatever else was in the file.
//!
//! A crate of its own so that the arithmetic of others that is compiled into it is optimised in every build.

mod workshop;

use std::io::Cursor;

use bytes::Bytes;
use fast_image_resize::{
    FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::U8x3,
};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};
use kernel::{Error, Kind, Result};
use sha2::{Digest, Sha256};

pub use workshop::{Kept, Shelf, UPLOAD_MAX, UPLOAD_TYPES, Workshop, is_media_url};

/// Widths that are made; one is left out if the picture is narrower.
const WIDTHS: [u32; 3] = [320, 640, 1200];
/// Most pixels of an uploaded picture.
const PIXELS_MAX: u64 = 50_000_000;
/// Longest side of an uploaded picture.
const SIDE_MAX: u32 = 20_000;
/// Most bytes a decoder may ask for.
const DECODER_BYTES_MAX: u64 = 320 * 1024 * 1024;
/// Quality of the JPEGs.
const QUALITY: u8 = 82;

/// One size of a picture.
pub struct Rendered {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// 32 hexadecimal digits of the content's hash, `-`, the width, `.jpg`: a name's content never changes.
    pub name: String,
    /// The file.
    pub jpeg: Bytes,
}

/// Kind of a picture, by its first bytes.
fn format_of(upload: &[u8]) -> Option<ImageFormat> {
    let format = image::guess_format(upload).ok()?;
    matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif).then_some(format)
}

/// The file is not of a kind of picture that is taken.
pub fn not_a_picture() -> Error {
    Error::new(Kind::UnsupportedMedia, "not_a_picture", "Send a JPEG, PNG, WebP or GIF picture.")
}

/// True if the first bytes are those of a kind of picture that is taken.
pub fn looks_like_a_picture(upload: &[u8]) -> bool {
    format_of(upload).is_some()
}

/// All sizes of a picture, smallest first.
///
/// # Errors
/// [`not_a_picture`], or Invalid for the field `picture` if it is broken or too large in pixels.
pub fn render(upload: &[u8]) -> Result<Vec<Rendered>> {
    let picture = flatten(decode(upload)?);
    let width = picture.width();
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|wanted| *wanted < width).collect();
    // The largest is the picture itself where it is not wider than what is made of others.
    if widths.len() < WIDTHS.len() {
        widths.push(width);
    }
    let mut resizer = Resizer::new();
    widths.into_iter().map(|wanted| size_of(&picture, &mut resizer, wanted)).collect()
}

fn size_of(picture: &RgbImage, resizer: &mut Resizer, width: u32) -> Result<Rendered> {
    let (from_width, from_height) = (u64::from(picture.width()), u64::from(picture.height()));
    let height = (from_height * u64::from(width) + from_width / 2) / from_width;
    let height = u32::try_from(height.max(1)).map_err(Error::internal)?;
    let jpeg = if width == picture.width() {
        encode(picture, width, height)?
    } else {
        // Typed, for without that it is compiled for every kind of pixel there is.
        let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture);
        let source = source.map_err(Error::internal)?;
        let mut scaled = vec![0; width as usize * height as usize * 3];
        let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut scaled).map_err(Error::internal)?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        resizer.resize_typed(&source, &mut target, &options).map_err(Error::internal)?;
        encode(&scaled, width, height)?
    };
    let hash = hex::encode(&Sha256::digest(&jpeg)[..16]);
    Ok(Rendered { width, height, name: format!("{hash}-{width}.jpg"), jpeg: jpeg.into() })
}

fn encode(rgb: &[u8], width: u32, height: u32) -> Result<Vec<u8>> {
    let mut jpeg = Vec::with_capacity(rgb.len() / 8);
    let encoder = Encoder::new(&mut jpeg, QUALITY);
    let side = |n: u32| u16::try_from(n).map_err(Error::internal);
    encoder.encode(rgb, side(width)?, side(height)?, ColorType::Rgb).map_err(Error::internal)?;
    Ok(jpeg)
}

/// Decodes the first frame, upright.
fn decode(upload: &[u8]) -> Result<DynamicImage> {
    let format = format_of(upload).ok_or_else(not_a_picture)?;
    let broken = |e: image::ImageError| Error::invalid("picture", "The picture is broken.").caused_by(e);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits);
    let too_large =
        || Error::invalid("picture", format!("The picture is too large: at most 50 megapixels, {SIDE_MAX} on a side."));
    let mut decoder = match reader.into_decoder() {
        Err(image::ImageError::Limits(_)) => return Err(too_large()),
        decoder => decoder.map_err(broken)?,
    };
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = match DynamicImage::from_decoder(decoder) {
        Err(image::ImageError::Limits(_)) => return Err(too_large()),
        picture => picture.map_err(broken)?,
    };
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Without transparency, on white.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba: RgbaImage = picture.into_rgba8();
    let (width, height) = rgba.dimensions();
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for pixel in rgba.pixels() {
        let [red, green, blue, alpha] = pixel.0.map(u32::from);
        rgb.extend([red, green, blue].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8));
    }
    // The buffer has exactly three bytes per pixel, so there is always a picture.
    RgbImage::from_raw(width, height, rgb).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgba};

    use super::*;

    fn file(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn plain(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90])).into()
    }

    fn sizes(upload: &[u8]) -> Vec<(u32, u32)> {
        render(upload).unwrap().iter().map(|r| (r.width, r.height)).collect()
    }

    #[test]
    fn scaled_down_never_up() {
        assert_eq!(sizes(&file(plain(2400, 1200), ImageFormat::Jpeg)), [(320, 160), (640, 320), (1200, 600)]);
        assert_eq!(sizes(&file(plain(1200, 10), ImageFormat::Png)), [(320, 3), (640, 5), (1200, 10)]);
        assert_eq!(sizes(&file(plain(800, 800), ImageFormat::Png)), [(320, 320), (640, 640), (800, 800)]);
        assert_eq!(sizes(&file(plain(100, 50), ImageFormat::Gif)), [(100, 50)]);
        assert_eq!(sizes(&file(plain(320, 50), ImageFormat::WebP)), [(320, 50)]);
    }

    #[test]
    fn what_comes_out_is_a_jpeg_named_by_its_content() {
        let upload = file(plain(400, 300), ImageFormat::Png);
        let (first, second) = (render(&upload).unwrap(), render(&upload).unwrap());
        for (a, b) in first.iter().zip(&second) {
            assert_eq!(a.name, b.name);
            let (hash, rest) = a.name.split_at(32);
            assert!(hash.bytes().all(|b| b.is_ascii_hexdigit()), "{}", a.name);
            assert_eq!(rest, format!("-{}.jpg", a.width));
            let decoded = image::load_from_memory_with_format(&a.jpeg, ImageFormat::Jpeg).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (a.width, a.height));
        }
    }

    #[test]
    fn transparency_becomes_white() {
        let clear: DynamicImage = RgbaImage::from_pixel(50, 50, Rgba([255, 0, 0, 0])).into();
        let rendered = render(&file(clear, ImageFormat::Png)).unwrap();
        let decoded = image::load_from_memory(&rendered[0].jpeg).unwrap().into_rgb8();
        assert!(decoded.pixels().all(|p| p.0.iter().all(|c| *c > 250)));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for junk in [&b""[..], b"hello", svg, b"%PDF-1.7", b"BM\0\0\0\0"] {
            assert!(!looks_like_a_picture(junk));
            assert_eq!(render(junk).err().map(|e| e.code().to_owned()).as_deref(), Some("not_a_picture"));
        }
        let mut cut = file(plain(400, 300), ImageFormat::Png);
        cut.truncate(200);
        let error = render(&cut).err().unwrap();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), ("invalid_input", "picture"));
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        // A PNG that says 15,000 × 15,000 pixels.
        let mut bomb = file(plain(10, 10), ImageFormat::Png);
        bomb[16..20].copy_from_slice(&15_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&15_000_u32.to_be_bytes());
        let checksum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        let error = render(&bomb).err().unwrap();
        assert!(error.fields()[0].reason.contains("50 megapixels"), "{error}");
    }

    /// CRC-32 of a PNG chunk.
    fn crc(bytes: &[u8]) -> u32 {
        let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        !bytes.iter().fold(!0, |crc: u32, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
    }
}
