//! What buyers are told of several variants; and of what they want, how much can be had together. Nothing is promised by it.

use std::collections::BTreeMap;

use contracts::inventory::{LevelView, LevelsRequest, Shortage, StockLevel};
use kernel::{Result, VariantId};

use crate::{
    Inventory,
    error::Refused,
    model::{Need, Stock, Wanted},
    store,
};

/// Levels in the order asked for, with what is short of all that is wanted.
pub(crate) async fn levels(app: &Inventory, input: &LevelsRequest) -> Result<Vec<LevelView>> {
    let LevelsRequest { variant_ids, quantities } = input;
    if !quantities.is_empty() && quantities.len() != variant_ids.len() {
        return Err(Refused::NotOneEach.into());
    }
    let known = by_id(store::find_many(&app.db, variant_ids).await?);
    let mut lines = Need::new();
    for (id, quantity) in variant_ids.iter().zip(quantities) {
        *lines.entry(*id).or_insert(0) += quantity;
    }
    let short = short_together(app, &known, lines).await?;
    let level = |id: &VariantId| {
        let view = known.get(id).map(Stock::level_view);
        let none = LevelView { variant_id: *id, level: StockLevel::SoldOut, available: 0, together: None };
        LevelView { together: short.get(id).copied(), ..view.unwrap_or(none) }
    };
    Ok(variant_ids.iter().map(level).collect())
}

/// Of which lines fewer can be had than are wanted, and how many: needs are summed before they are compared, as when an
/// order is placed. What cannot be had at all has to go anyway, so it takes nothing from the rest.
async fn short_together(
    app: &Inventory,
    known: &BTreeMap<VariantId, Stock>,
    mut lines: Need,
) -> Result<BTreeMap<VariantId, i64>> {
    lines.retain(|id, _| known.get(id).is_some_and(|stock| !stock.digital && stock.orderable() > 0));
    let is_bundle = |id: &&VariantId| known.get(*id).is_some_and(|stock| stock.bundle);
    let bundles: Vec<VariantId> = lines.keys().filter(is_bundle).copied().collect();
    let wanted = Wanted::new(lines, store::bundles::now(&app.db, &bundles).await?)?;
    let others: Vec<VariantId> = wanted.need.keys().filter(|id| !known.contains_key(id)).copied().collect();
    let others = by_id(store::find_many(&app.db, &others).await?);
    let missing = |(id, pieces): (&VariantId, &i64)| {
        let available = known.get(id).or_else(|| others.get(id)).map_or(0, Stock::orderable);
        (available < *pieces).then_some(Shortage { variant_id: *id, wanted: *pieces, available })
    };
    let short: Vec<Shortage> = wanted.need.iter().filter_map(missing).collect();
    Ok(wanted.short_lines(&short).into_iter().map(|line| (line.variant_id, line.available)).collect())
}

fn by_id(stocks: Vec<Stock>) -> BTreeMap<VariantId, Stock> {
    stocks.into_iter().map(|stock| (stock.variant_id, stock)).collect()
}
