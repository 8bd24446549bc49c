//! The category tree as lists and choices show it.

use std::collections::BTreeMap;

use contracts::catalog::CategoryView;
use kernel::CategoryId;

/// All categories with the number of those above them, each before the ones under it. `without` is left out, and
/// with it what is under it: under these it may not be moved itself.
pub fn in_order(categories: &[CategoryView], without: Option<CategoryId>) -> Vec<(&CategoryView, usize)> {
    let mut children: BTreeMap<Option<CategoryId>, Vec<&CategoryView>> = BTreeMap::new();
    for category in categories.iter().rev().filter(|category| Some(category.id) != without) {
        children.entry(category.parent_id).or_default().push(category);
    }
    let tops = children.remove(&None).unwrap_or_default();
    let mut open: Vec<(&CategoryView, usize)> = tops.into_iter().map(|top| (top, 0)).collect();
    let mut ordered = Vec::with_capacity(categories.len());
    while let Some((category, depth)) = open.pop() {
        ordered.push((category, depth));
        let below = children.remove(&Some(category.id)).unwrap_or_default();
        open.extend(below.into_iter().map(|child| (child, depth + 1)));
    }
    ordered
}

/// `– Mugs`: a name as deep as its category stands.
pub fn indented(category: &CategoryView, depth: usize) -> String {
    format!("{}{}", "– ".repeat(depth), category.name)
}

/// The tree to choose from.
pub fn choices(categories: &[CategoryView], without: Option<CategoryId>) -> Vec<(String, String)> {
    let choice = |(category, depth): (&CategoryView, usize)| (category.id.to_string(), indented(category, depth));
    in_order(categories, without).into_iter().map(choice).collect()
}
