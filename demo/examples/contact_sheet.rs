//! Renders pictures of the demo market side by side, to be looked at:
//! `cargo run -p demo --example contact_sheet -- heroes /tmp/sheet.png [from] [count] [size] [columns]`,
//! where the first word is `heroes`, `all` (pictures of products), `banners`, `logos` or `categories`.

use std::error::Error;
use std::time::Instant;

use demo::{Market, Picture, market};
use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};
use resvg::usvg::{Options, Tree};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, usual: usize| arguments.get(i).and_then(|a| a.parse().ok()).unwrap_or(usual);
    let which = arguments.first().map_or("heroes", String::as_str);
    let path = arguments.get(1).map_or("/tmp/contact_sheet.png", String::as_str);
    let (from, count, size, columns) = (number(2, 0), number(3, 60), number(4, 320) as u32, number(5, 10) as u32);

    let market = market();
    let pictures: Vec<&Picture> = choose(&market, which).into_iter().skip(from).take(count).collect();
    let Some(first) = pictures.first() else { return Err("no such pictures".into()) };
    let (w, h) = first.size();
    let high = size * h / w;
    let rows = (pictures.len() as u32).div_ceil(columns);
    let mut sheet = Pixmap::new(columns * size, rows * high).ok_or("the sheet has no size")?;
    let begin = Instant::now();
    for (picture, i) in pictures.iter().zip(0u32..) {
        let cell = render(picture, size, high)?;
        let (x, y) = ((i % columns * size) as i32, (i / columns * high) as i32);
        sheet.draw_pixmap(x, y, cell.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
    }
    println!("{} pictures, {:?} each", pictures.len(), begin.elapsed() / pictures.len() as u32);
    measure(&pictures)?;
    sheet.save_png(path)?;
    Ok(())
}

fn choose<'a>(market: &'a Market, which: &str) -> Vec<&'a Picture> {
    match which {
        "banners" => market.vendors.iter().map(|v| &v.banner).collect(),
        "logos" => market.vendors.iter().map(|v| &v.logo).collect(),
        "categories" => market.categories.iter().map(|c| &c.picture).collect(),
        "all" => market.products.iter().flat_map(|p| &p.pictures).collect(),
        _ => market.products.iter().filter_map(|p| p.pictures.first()).collect(),
    }
}

fn render(picture: &Picture, w: u32, h: u32) -> Result<Pixmap, Box<dyn Error>> {
    let tree = Tree::from_str(&picture.svg(), &Options::default())?;
    let mut cell = Pixmap::new(w, h).ok_or("a cell has no size")?;
    let scale = w as f32 / tree.size().width();
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut cell.as_mut());
    Ok(cell)
}

/// How long a picture of 1000 × 1000 takes from nothing to JPEG, and what it weighs.
fn measure(pictures: &[&Picture]) -> Result<(), Box<dyn Error>> {
    let (mut jpeg, mut svg, mut slowest) = (0, 0, 0.0f64);
    let begin = Instant::now();
    for picture in pictures {
        let start = Instant::now();
        jpeg += picture.jpeg(1000, 1000)?.len();
        svg += picture.svg().len();
        slowest = slowest.max(start.elapsed().as_secs_f64() * 1000.0);
    }
    let n = pictures.len();
    let mean = begin.elapsed().as_secs_f64() * 1000.0 / n as f64;
    println!(
        "1000 × 1000: {mean:.1} ms on average, {slowest:.1} ms at most; JPEG {} kB, SVG {} kB",
        jpeg / n / 1000,
        svg / n / 1000
    );
    Ok(())
}
