//! Pictures that are fetched for products.

use std::collections::BTreeMap;

use contracts::catalog::{FetchState, ImportPicture, ImportPictures};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{Error, ImportId, MediaId, ProductId, Result, VendorId, VendorScope};

/// A picture that waits.
#[derive(Debug, Clone)]
pub(crate) struct Fetch {
    pub num: i64,
    pub vendor_id: VendorId,
    pub product_id: ProductId,
    pub url: String,
    pub alt: String,
    pub position: i64,
}

fn fetch(row: &Row) -> Result<Fetch> {
    Ok(Fetch {
        num: row.get("num")?,
        vendor_id: row.get("vendor_id")?,
        product_id: row.get("product_id")?,
        url: row.get("url")?,
        alt: row.get("alt")?,
        position: row.get("position")?,
    })
}

fn state_text(state: FetchState) -> &'static str {
    match state {
        FetchState::Waiting => "waiting",
        FetchState::Kept => "kept",
        FetchState::Failed => "failed",
    }
}

fn state_of(text: &str) -> Result<FetchState> {
    match text {
        "waiting" => Ok(FetchState::Waiting),
        "kept" => Ok(FetchState::Kept),
        "failed" => Ok(FetchState::Failed),
        other => Err(Error::internal(format!("unknown state {other:?} of a picture"))),
    }
}

/// Queues a picture, unless its address is known to the product; one that was given up is tried again.
pub(crate) async fn queue(
    tx: &mut Tx,
    scope: &VendorScope,
    import_id: ImportId,
    product_id: ProductId,
    position: i64,
    (url, alt): (&str, &str),
) -> Result<()> {
    tx.defer(
        "INSERT INTO picture_fetches (vendor_id, product_id, import_id, url, alt, position, state, tries, reason)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, '')
         ON CONFLICT (product_id, url) DO UPDATE SET import_id = excluded.import_id, alt = excluded.alt,
            position = excluded.position, state = 'waiting', tries = 0, reason = ''
         WHERE picture_fetches.state = 'failed'",
        params![scope.vendor_id(), product_id, import_id, url, alt, position],
    )
    .await
}

/// The next product of an import with pictures that nobody has tried to fetch.
pub(crate) async fn next_product(tx: &mut Tx, import_id: ImportId) -> Result<Option<ProductId>> {
    let sql = "SELECT product_id FROM picture_fetches WHERE import_id = $1 AND state = 'waiting' AND tries = 0 ORDER BY num LIMIT 1";
    tx.opt(sql, params![import_id]).await?.map(|row| row.get("product_id")).transpose()
}

/// Pictures of a product that wait, in their order.
pub(crate) async fn waiting(db: &Db, product_id: ProductId) -> Result<Vec<Fetch>> {
    let sql = "SELECT num, vendor_id, product_id, url, alt, position FROM picture_fetches
               WHERE product_id = $1 AND state = 'waiting' ORDER BY position, num";
    db.all(sql, params![product_id]).await?.iter().map(fetch).collect()
}

/// Notes that a picture is kept. False if it does not wait any longer.
pub(crate) async fn keep(tx: &mut Tx, num: i64, media_id: MediaId) -> Result<bool> {
    let sql =
        "UPDATE picture_fetches SET state = 'kept', reason = '', media_id = $2 WHERE num = $1 AND state = 'waiting'";
    Ok(tx.exec(sql, params![num, media_id]).await? == 1)
}

/// Notes that a picture could not be had, for ever.
pub(crate) async fn fail(tx: &mut Tx, num: i64, reason: &str) -> Result<()> {
    let sql = "UPDATE picture_fetches SET state = 'failed', reason = $2 WHERE num = $1 AND state = 'waiting'";
    tx.defer(sql, params![num, reason]).await
}

/// Notes why a picture could not be had yet, and that its product's turn is over for now.
pub(crate) async fn postpone(tx: &mut Tx, failed: &Fetch, reason: &str) -> Result<()> {
    let sql = "UPDATE picture_fetches SET reason = $2 WHERE num = $1 AND state = 'waiting'";
    tx.defer(sql, params![failed.num, reason]).await?;
    let sql = "UPDATE picture_fetches SET tries = tries + 1 WHERE product_id = $1 AND state = 'waiting'";
    tx.defer(sql, params![failed.product_id]).await
}

/// Fetched pictures of a product that come behind `position`.
pub(crate) async fn kept_behind(tx: &mut Tx, product_id: ProductId, position: i64) -> Result<Vec<MediaId>> {
    let sql = "SELECT media_id FROM picture_fetches WHERE product_id = $1 AND state = 'kept' AND position > $2";
    tx.all(sql, params![product_id, position]).await?.iter().map(|row| row.get("media_id")).collect()
}

/// Which of a product's pictures were fetched from where.
pub(crate) async fn kept(tx: &mut Tx, product_id: ProductId) -> Result<BTreeMap<String, MediaId>> {
    let sql =
        "SELECT url, media_id FROM picture_fetches WHERE product_id = $1 AND state = 'kept' AND media_id IS NOT NULL";
    let rows = tx.all(sql, params![product_id]).await?;
    rows.iter().map(|row| Ok((row.get("url")?, row.get("media_id")?))).collect()
}

/// Forgets the pictures of a product that is deleted.
pub(super) async fn forget(tx: &mut Tx, product_id: ProductId) -> Result<()> {
    tx.defer("DELETE FROM picture_fetches WHERE product_id = $1", params![product_id]).await
}

/// How many pictures of some imports are where.
pub(crate) async fn counts(
    db: &Db,
    scope: &VendorScope,
    ids: &[ImportId],
) -> Result<BTreeMap<ImportId, ImportPictures>> {
    let mut by_import: BTreeMap<ImportId, ImportPictures> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(by_import);
    }
    let sql = format!(
        "SELECT import_id, state, count(*) AS pictures FROM picture_fetches
         WHERE vendor_id = $1 AND import_id IN ({}) GROUP BY import_id, state",
        placeholders(2, ids.len())
    );
    let mut params = params![scope.vendor_id()];
    params.extend(ids.iter().map(Value::from));
    for row in db.as_vendor(scope).all(&sql, params).await? {
        let counts = by_import.entry(row.get("import_id")?).or_default();
        let pictures = row.get("pictures")?;
        match state_of(&row.get::<String>("state")?)? {
            FetchState::Waiting => counts.waiting = pictures,
            FetchState::Kept => counts.kept = pictures,
            FetchState::Failed => counts.failed = pictures,
        }
    }
    Ok(by_import)
}

/// A page of an import's pictures with their numbers, in the order of the file.
pub(crate) async fn page(
    db: &Db,
    scope: &VendorScope,
    id: ImportId,
    state: Option<FetchState>,
    (after, limit): (i64, i64),
) -> Result<Vec<(i64, ImportPicture)>> {
    let sql = "SELECT f.num, f.product_id, f.url, f.state, f.reason, p.title
               FROM picture_fetches f JOIN products p ON p.id = f.product_id
               WHERE f.vendor_id = $1 AND f.import_id = $2 AND f.num > $3 AND ($4 = '' OR f.state = $4) ORDER BY f.num LIMIT $5";
    let params = params![scope.vendor_id(), id, after, state.map_or("", state_text), limit];
    let picture = |row: &Row| {
        let picture = ImportPicture {
            product_id: row.get("product_id")?,
            title: row.get("title")?,
            url: row.get("url")?,
            state: state_of(&row.get::<String>("state")?)?,
            reason: row.get("reason")?,
        };
        Ok((row.get("num")?, picture))
    };
    db.as_vendor(scope).all(sql, params).await?.iter().map(picture).collect()
}
