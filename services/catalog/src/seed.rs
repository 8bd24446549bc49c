//! The way in for demos and benchmarks: the same rules, events and pictures as everywhere, many
//! products in one transaction.

use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::{CategoryInput, CategoryView, Picture, ProductEdit, ProductInput};
use kernel::{Result, VendorId, VendorScope};
use runtime::Env;

use crate::{
    Catalog, Settings,
    model::{Draft, StoredPicture},
    ops, views,
};

/// Products saved in one transaction.
const BATCH: usize = 50;

/// A product to be seeded.
#[derive(Debug, Clone)]
pub struct SeedProduct {
    /// What its vendor would have entered.
    pub input: ProductInput,
    /// Its pictures, from [`Seeder::add_picture`].
    pub pictures: Vec<Picture>,
}

/// Fills the catalogue.
pub struct Seeder {
    app: Arc<Catalog>,
}

impl Seeder {
    /// A seeder with what the service was given.
    pub fn new(env: &Env) -> Self {
        Self { app: Arc::new(Catalog::new(env, &Settings::default())) }
    }

    /// Adds a category.
    pub async fn add_category(&self, input: CategoryInput) -> Result<CategoryView> {
        souk_http::extract::validate(&input)?;
        ops::add_category(&self.app, input).await
    }

    /// Renders a picture in its sizes and keeps them. Several may be under way at once.
    pub async fn add_picture(&self, upload: Bytes, alt: &str) -> Result<Picture> {
        Ok(self.app.pictures.keep(upload, alt.to_owned()).await?.picture)
    }

    /// Adds products of a vendor, in this order; published ones are told as published. The sizes of
    /// their pictures do not count towards the vendor's room.
    pub async fn add_products(&self, vendor_id: VendorId, products: Vec<SeedProduct>) -> Result<Vec<ProductEdit>> {
        let scope = VendorScope::of_system(vendor_id);
        let mut drafts = Vec::with_capacity(products.len());
        for product in products {
            souk_http::extract::validate(&product.input)?;
            let mut draft = Draft::new(product.input)?;
            draft.pictures = product.pictures.into_iter().map(|picture| StoredPicture { picture, bytes: 0 }).collect();
            drafts.push(draft);
        }
        let mut added = Vec::with_capacity(drafts.len());
        for batch in drafts.chunks(BATCH) {
            let (app, batch) = (self.app.clone(), batch.to_vec());
            let db = self.app.db.as_vendor(&scope);
            let edits = db.write(async move |tx| {
                let (mut edits, mut lookups) = (Vec::with_capacity(batch.len()), ops::Lookups::default());
                for draft in &batch {
                    let (stored, _) = ops::save(&app, tx, &scope, None, draft, (None, &mut lookups)).await?;
                    edits.push(views::stored_edit(&stored));
                }
                Ok(edits)
            });
            added.extend(edits.await?);
        }
        Ok(added)
    }
}
