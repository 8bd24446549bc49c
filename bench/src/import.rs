//! One large file as Shopify exports it: sent in pieces by a vendor, worked off, found.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Result,
    catalogue::{self, CATEGORIES},
    client::Client,
    seed::Keeper,
    server::Server,
};

/// The columns of an export, but those of advertising. No picture is named: they would come from elsewhere.
const HEADER: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
     Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,\
     Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,\
     Image Alt Text,Gift Card,SEO Title,SEO Description,Variant Weight Unit,Cost per item,Status";
const SIZES: [&str; 4] = ["S", "M", "L", "XL"];
/// Rows of products in turn: simple ones, and some with sizes.
const ROWS: [usize; 4] = [1, 1, 2, 4];
/// How long the search may need for the last product, behind the catalogue.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// What an import came to.
pub struct Imported {
    /// Products in the file.
    pub products: usize,
    /// Megabytes of the file, of 10⁶ bytes.
    pub megabytes: f64,
    /// Until all of it was there.
    pub sent: Duration,
    /// From there until the catalogue had all products.
    pub written: Duration,
    /// The most memory that the server had held by then, in megabytes.
    pub memory_mb: f64,
    /// From there until the search found the last one.
    pub found: Duration,
    /// The most memory that the server had held by then, in megabytes.
    pub memory_found_mb: f64,
}

/// Writes the rows of a product, but no more than `most`; how many that were.
fn write_product(file: &mut Vec<u8>, n: usize, most: usize) -> Result<usize> {
    let (handle, title, rows) = (catalogue::slug(n), catalogue::title(n), ROWS[n % ROWS.len()].min(most));
    let (price, grams, matter) = (5 + n % 95, 100 + n % 900, catalogue::material(n));
    for (row, size) in SIZES.iter().take(rows).enumerate() {
        let (name, value) = if rows == 1 { ("Title", "Default Title") } else { ("Size", *size) };
        write!(file, "{handle},")?;
        if row == 0 {
            let shelf = n % CATEGORIES;
            write!(
                file,
                "{title},\"<p>Made by hand, in a small workshop, of {matter}; finished with natural oil.</p>\n<ul><li>Washed by \
                 hand</li><li>Lasts for years</li></ul>\n<p>Each piece differs a little, and comes in a \"\"box\"\" of recycled \
                 cardboard.</p>\",Workshop {},Home & Garden > Kitchen & Dining,Shelf {shelf},\"everyday, gift, {matter}\",TRUE,{name}",
                n % 40
            )?;
        } else {
            write!(file, ",,,,,,,")?;
        }
        let before = if n.is_multiple_of(3) { format!("{}.90", price + 10) } else { String::new() };
        write!(
            file,
            ",{value},SKU-{n}-{row},{grams},shopify,{},deny,manual,{price}.90,{before},TRUE,TRUE,,,,",
            10 + n % 90
        )?;
        match row {
            0 => writeln!(file, ",FALSE,{title},A {title} for every day.,kg,{}.10,active", price / 2)?,
            _ => writeln!(file, ",,,,kg,{}.10,", price / 2)?,
        }
    }
    Ok(rows)
}

/// Sends a file of so many rows, follows its import, and looks for its last product.
pub async fn run(server: &Server, keeper: &mut Keeper, rows: usize) -> Result<Imported> {
    let begun = Instant::now();
    let (file, products, bytes) = send(keeper, rows.max(1)).await?;
    let sent = begun.elapsed();
    eprintln!("  {products} products, {:.0} MB sent in {:.1} s", bytes as f64 / 1e6, sent.as_secs_f64());

    let begun = Instant::now();
    let path = format!("/api/v1/vendors/{}/imports", keeper.store());
    let import = keeper.post(&format!("{path}?currency=EUR&file={file}"), &json!(null), 202).await?;
    keeper.follow(&format!("{path}/{}", import["id"].as_str().ok_or("an import without an id")?)).await?;
    let (written, memory_mb) = (begun.elapsed(), server.process().memory_peak_mb()?);
    eprintln!("  written in {:.1} s, {memory_mb:.0} MB", written.as_secs_f64());

    let begun = Instant::now();
    let last = catalogue::title(products - 1).replace(' ', "%20");
    let (path, mark) = (format!("/api/v1/search?q={last}&limit=24"), catalogue::slug(products - 1));
    let mark = format!("\"slug\":\"{mark}\"");
    while !Client::connect(server.address).await?.get(&path).await?.tells(&mark)? {
        if begun.elapsed() > PATIENCE {
            return Err("the search does not find the last product".into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (found, memory_found_mb) = (begun.elapsed(), server.process().memory_peak_mb()?);
    Ok(Imported { products, megabytes: bytes as f64 / 1e6, sent, written, memory_mb, found, memory_found_mb })
}

/// Sends the file piece by piece, as it is made up: its id, its products, its bytes.
async fn send(keeper: &mut Keeper, rows: usize) -> Result<(String, usize, usize)> {
    let path = format!("/api/v1/vendors/{}/import-files", keeper.store());
    let begun: Value = keeper.post(&path, &json!(null), 201).await?;
    let id = begun["id"].as_str().ok_or("a file without an id")?.to_owned();
    let size = usize::try_from(begun["piece_bytes"].as_u64().ok_or("a file without the size of its pieces")?)?;
    let (mut text, mut left): (Vec<u8>, usize) = (Vec::new(), rows);
    let (mut products, mut pieces, mut bytes) = (0, 0_u64, 0);
    writeln!(text, "{HEADER}")?;
    while left > 0 || !text.is_empty() {
        while left > 0 && text.len() < size {
            left -= write_product(&mut text, products, left)?;
            products += 1;
        }
        let rest = text.split_off(size.min(text.len()));
        keeper.put(&format!("{path}/{id}/pieces/{pieces}"), &text).await?;
        bytes += text.len();
        pieces += 1;
        text = rest;
    }
    Ok((id, products, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of each row: commas and line ends within quotation marks part nothing.
    fn widths(file: &str) -> Vec<usize> {
        let (mut widths, mut cells, mut quoted) = (Vec::new(), 1, false);
        for c in file.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells += 1,
                '\n' if !quoted => widths.push(std::mem::replace(&mut cells, 1)),
                _ => {}
            }
        }
        widths
    }

    #[test]
    fn every_row_is_as_wide_as_the_header() {
        let mut file = Vec::new();
        let rows: Vec<usize> = (0..8).map(|n| write_product(&mut file, n, 100).unwrap()).collect();
        assert_eq!(rows, [1, 1, 2, 4, 1, 1, 2, 4]);
        assert_eq!(write_product(&mut file, 3, 2).unwrap(), 2);
        let width = HEADER.split(',').count();
        assert_eq!((width, widths(&String::from_utf8(file).unwrap())), (30, vec![30; 18]));
    }
}
