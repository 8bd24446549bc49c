//! Renders the component gallery and sample pages with made-up data into a folder, with all the
//! assets, to be looked at through any static file server:
//!
//!     cargo run -p web --example gallery -- target/gallery
//!     python3 -m http.server --directory target/gallery 8099

mod buying;
mod pictures;
mod portal;
mod shop;
mod stock;

use std::{fs, io, path::Path};

use kernel::Timestamp;
use web::{
    assets,
    fmt::{Fmt, Locale},
    pages::components::ComponentsPage,
};

fn write(out: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = out.join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

fn main() -> io::Result<()> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let out = Path::new(&out);
    let fmt = Fmt::new(Locale::En, Timestamp::from_seconds(1_795_182_300));
    for name in assets::names() {
        if let Some(asset) = assets::find(&name) {
            write(out, &format!("assets/{name}"), &asset.bytes)?;
        }
    }
    for (name, svg) in pictures::all() {
        write(out, &format!("pictures/{name}.svg"), svg.as_bytes())?;
    }
    let components = ComponentsPage::new(shop::shell("Components", "/components.html"), &fmt);
    let pages = [
        ("components.html", components.to_string()),
        ("index.html", shop::home(&fmt).to_string()),
        ("category.html", shop::category(&fmt).to_string()),
        ("nothing.html", shop::nothing(&fmt).to_string()),
        ("product.html", shop::product(&fmt).to_string()),
        ("cart.html", buying::cart(&fmt).to_string()),
        ("checkout.html", buying::checkout(&fmt).to_string()),
        ("order.html", buying::order(&fmt).to_string()),
        ("vendor.html", portal::home(&fmt).to_string()),
        ("products.html", portal::products(&fmt).to_string()),
        ("admin.html", portal::admin(&fmt).to_string()),
    ];
    for (name, html) in pages {
        println!("{name}: {} bytes", html.len());
        write(out, name, html.as_bytes())?;
    }
    Ok(())
}
