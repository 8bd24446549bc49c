//! A vendor's products as a file.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{ProductId, Result, Timestamp, VendorScope};

use crate::{
    Catalog,
    csv::{self, Others},
    model::Tree,
    store,
};

/// Products read at once.
const BATCH: i64 = 100;
/// Names of others read at once.
const NAMES: usize = 500;

/// The file, piece by piece. The first piece is made before anything is answered, so that a database
/// that does not answer is an error and not half a file.
pub(crate) async fn export_products(
    app: &Arc<Catalog>,
    scope: VendorScope,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let tree = Arc::new(store::categories::tree(&app.db).await?);
    let start = (Timestamp(i64::MIN), 0);
    let (mut first, next) = piece(app, &scope, &tree, start).await?;
    first.splice(0..0, csv::header_line(&app.languages)?);
    let app = app.clone();
    let rest = stream::try_unfold(next, move |next| {
        let (app, tree) = (app.clone(), tree.clone());
        async move {
            let Some(after) = next else { return Ok(None) };
            let (lines, next) = piece(&app, &scope, &tree, after).await?;
            Ok(Some((Bytes::from(lines), next)))
        }
    });
    Ok(stream::iter([Ok(Bytes::from(first))]).chain(rest))
}

type After = (Timestamp, i64);

/// The rows of the products behind `after`, and where the next begin, if there are more.
async fn piece(app: &Catalog, scope: &VendorScope, tree: &Tree, after: After) -> Result<(Vec<u8>, Option<After>)> {
    let products = store::products::own_in_order(&app.db, scope, after, BATCH).await?;
    let ids: Vec<_> = products.iter().map(|product| product.id).collect();
    let mut variants = store::variants::offered(&app.db.as_vendor(scope), &ids).await?;
    let named: BTreeSet<ProductId> = products.iter().flat_map(|product| &product.related).copied().collect();
    let named: Vec<ProductId> = named.into_iter().collect();
    let bundles: Vec<_> = variants.values().flatten().filter(|v| v.is_bundle()).map(|v| v.id).collect();
    let parts = store::bundles::views(&app.db.as_vendor(scope), &bundles, None).await?;
    let mut others = Others { parts, public_url: app.public_url.clone(), ..Others::default() };
    for some in named.chunks(NAMES) {
        others.handles.extend(store::links::handles(&app.db, scope, some).await?);
    }
    let mut lines = Vec::new();
    for product in &products {
        let offered = variants.remove(&product.id).unwrap_or_default();
        lines.extend(csv::product_lines(product, &offered, tree, &app.languages, &others)?);
    }
    let next = products.last().filter(|_| products.len() == BATCH as usize).map(|last| (last.created_at, last.num));
    Ok((lines, next))
}
