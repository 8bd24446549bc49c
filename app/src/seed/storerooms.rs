//! Where the first shop keeps its goods, and what it sells beyond them.

use contracts::inventory::{
    AdjustStock, InventoryClient, LocationView, NewLocation, SetBackorder, StockChange, StockView, TransferStock,
};
use demo::Market;
use kernel::{LocationId, Result, VariantId};

use super::{
    Seeding,
    shops::{Shop, Shops},
};

/// Articles of which a part lies in the second storeroom.
const SPLIT: usize = 6;
/// How many of one article may be sold beyond what is there.
const CAP: i64 = 10;

/// A second storeroom with a part of some articles; of the two after them nothing is left, and one of these can be
/// ordered all the same.
pub(crate) async fn arrange(seeding: &Seeding, market: &Market, shops: &Shops) -> Result<()> {
    let Some(shop) = market.vendors.first().and_then(|vendor| shops.by_slug.get(vendor.slug)) else { return Ok(()) };
    let room = Room { inventory: seeding.souk.system.client(), shop };
    let cellar = room.add("Cellar").await?;
    let own: Vec<_> = shops.articles.iter().filter(|article| article.vendor_id == shop.vendor_id).collect();
    for variant in own.iter().take(SPLIT).flat_map(|article| &article.variants) {
        room.carry_over(*variant, cellar.id).await?;
    }
    for (i, article) in own.iter().skip(SPLIT).take(2).enumerate() {
        for variant in &article.variants {
            room.sell_out(*variant).await?;
            if i == 0 {
                room.allow(*variant).await?;
            }
        }
    }
    seeding.settle().await
}

struct Room<'a> {
    inventory: InventoryClient,
    shop: &'a Shop,
}

impl Room<'_> {
    async fn add(&self, name: &str) -> Result<LocationView> {
        let new = NewLocation { name: name.to_owned() };
        self.inventory.add_location(&self.shop.owner, self.shop.vendor_id, &new).await
    }

    async fn stock(&self, variant: VariantId) -> Result<StockView> {
        self.inventory.stock_of(&self.shop.owner, self.shop.vendor_id, variant).await
    }

    /// Carries a third of what is free to a location.
    async fn carry_over(&self, variant: VariantId, to: LocationId) -> Result<()> {
        let quantity = self.stock(variant).await?.available / 3;
        if quantity < 1 {
            return Ok(());
        }
        let from = LocationId(self.shop.vendor_id.0);
        let transfer = TransferStock { from, to, quantity, reason: "More room".to_owned() };
        self.inventory.transfer(&self.shop.owner, self.shop.vendor_id, variant, &transfer).await.map(|_| ())
    }

    /// Leaves only what is promised to orders.
    async fn sell_out(&self, variant: VariantId) -> Result<()> {
        let change = StockChange::Set(self.stock(variant).await?.reserved);
        let count = AdjustStock { change, location_id: None, reason: "Stocktaking".to_owned() };
        self.inventory.adjust(&self.shop.owner, self.shop.vendor_id, variant, &count).await.map(|_| ())
    }

    async fn allow(&self, variant: VariantId) -> Result<()> {
        let cap = SetBackorder { backorder_cap: CAP };
        self.inventory.set_backorder(&self.shop.owner, self.shop.vendor_id, variant, &cap).await.map(|_| ())
    }
}
