//! What a transaction has looked up, so that it need not ask again for each of many products: what an import needs for
//! all of a batch is asked for at once. It is as good as the transaction: it ends with it.

use std::{collections::BTreeMap, sync::Arc};

use db::Tx;
use kernel::{CategoryId, ProductId, Result, VendorId, VendorScope};

use crate::{
    model::{Category, Product, Stored},
    store::{self, listing::Numbers},
};

/// What was looked up; at first nothing.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    /// Categories, each with those above, itself first.
    ancestors: BTreeMap<CategoryId, Arc<[Category]>>,
    /// Numbers of lists.
    pub lists: Numbers,
    /// Handles that were asked for, with the products that have them.
    handles: BTreeMap<String, Option<ProductId>>,
    /// SKUs that were asked for, with the products that offer them.
    skus: BTreeMap<String, Option<ProductId>>,
}

/// What was asked for, with what was found of it.
fn known(asked: Vec<String>, found: Vec<(String, ProductId)>) -> BTreeMap<String, Option<ProductId>> {
    let none = asked.into_iter().map(|name| (name, None));
    none.chain(found.into_iter().map(|(name, id)| (name, Some(id)))).collect()
}

/// Filled up with empty names to one of a few lengths: each length is a statement of its own, which databases keep.
fn filled(mut names: Vec<String>) -> Vec<String> {
    if !names.is_empty() {
        names.resize(names.len().next_power_of_two(), String::new());
    }
    names
}

impl Lookups {
    /// Asks which of a vendor's products have these handles and SKUs.
    pub async fn of(tx: &mut Tx, scope: &VendorScope, handles: Vec<String>, skus: Vec<String>) -> Result<Self> {
        let (handles, skus) = (filled(handles), filled(skus));
        let products = store::products::by_handles(tx, scope, &handles).await?;
        let offering = store::variants::by_skus(tx, scope, &skus).await?;
        Ok(Self { handles: known(handles, products), skus: known(skus, offering), ..Self::default() })
    }

    /// Locks the vendor's product with a handle, and reads it.
    pub async fn lock_product(&self, tx: &mut Tx, scope: &VendorScope, handle: &str) -> Result<Option<Product>> {
        match self.handles.get(handle) {
            Some(Some(id)) => store::products::lock_own(tx, scope, *id).await,
            Some(None) => Ok(None),
            None => store::products::lock_by_handle(tx, scope, handle).await,
        }
    }

    /// A category and those above it, itself first; nothing if there is no such category.
    pub async fn ancestors(&mut self, tx: &mut Tx, id: CategoryId) -> Result<Arc<[Category]>> {
        if let Some(known) = self.ancestors.get(&id) {
            return Ok(known.clone());
        }
        let found: Arc<[Category]> = store::categories::with_ancestors(tx, id).await?.into();
        self.ancestors.insert(id, found.clone());
        Ok(found)
    }

    /// Those of some SKUs that other products of the vendor offer.
    pub async fn skus_in_use(
        &self,
        tx: &mut Tx,
        vendor_id: VendorId,
        product_id: ProductId,
        skus: &[&str],
    ) -> Result<Vec<String>> {
        let Some(owners) = skus.iter().map(|sku| self.skus.get(*sku).copied()).collect::<Option<Vec<_>>>() else {
            return store::variants::skus_in_use(tx, vendor_id, product_id, skus).await;
        };
        let used = skus.iter().zip(owners).filter(|(_, owner)| owner.is_some_and(|owner| owner != product_id));
        Ok(used.map(|(sku, _)| (*sku).to_owned()).collect())
    }

    /// Notes what has become of a product.
    pub fn note(&mut self, stored: &Stored) {
        let id = stored.product.id;
        if let Some(known) = self.handles.get_mut(&stored.product.handle) {
            *known = Some(id);
        }
        for owner in self.skus.values_mut().filter(|owner| **owner == Some(id)) {
            *owner = None;
        }
        for variant in stored.offered() {
            if let Some(owner) = self.skus.get_mut(&variant.sku) {
                *owner = Some(id);
            }
        }
    }
}
