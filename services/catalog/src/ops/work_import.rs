//! Works a file off: some products and the note of how far it has come are one transaction, so a
//! crash loses nothing and repeats nothing. A dry run does the same and takes it back.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use contracts::catalog::{ImportError, ImportStatus};
use db::Tx;
use kernel::{Error, ImportId, Result, VendorScope};

use super::{
    save_product::{Outcome, save},
    start_import::file_of,
    write_product::with_variants,
};
use crate::{
    Catalog,
    csv::{self, Description, Group, Plan, Row},
    jobs,
    model::{Draft, Html, Tree, sanitise},
    store::{self, imports::Import},
};

/// Most products, and most rows, of one transaction.
const BATCH: usize = 25;
const BATCH_ROWS: usize = 400;
/// Transactions of one job; then another job takes over, long before its lease ends.
const BATCHES: usize = 40;
/// Complaints that are kept.
const ERRORS_MAX: usize = 200;

/// What became of a batch.
#[derive(Debug, Clone, Default)]
struct Worked {
    products: i64,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    errors: Vec<ImportError>,
}

/// A product of the file, ready for its turn.
struct Turn {
    group: Group,
    rows: Vec<Row>,
    description: Description,
}

/// Works an import off, or as much of it as one job should.
pub(crate) async fn work_import(app: &Arc<Catalog>, id: ImportId) -> Result<()> {
    let Some(mut import) = store::imports::find(&app.db, id).await? else { return Ok(()) };
    if matches!(import.view.status, ImportStatus::Done | ImportStatus::Failed) {
        return app.files.delete(&file_of(id)).await;
    }
    let Some(file) = app.files.get(&file_of(id)).await? else {
        let lost = ImportError { row: 0, column: String::new(), reason: "The file is gone. Send it again.".to_owned() };
        return begin(app, id, ImportStatus::Failed, 0, vec![lost]).await;
    };
    let plan = match planned(file.clone()).await? {
        Ok(plan) => Arc::new(plan),
        Err(reason) => {
            begin(app, id, ImportStatus::Failed, 0, vec![reason]).await?;
            return app.files.delete(&file_of(id)).await;
        }
    };
    if import.view.status == ImportStatus::Queued {
        begin(app, id, ImportStatus::Running, plan.rows_total, vec![]).await?;
        import.view.status = ImportStatus::Running;
    }
    let tree = Arc::new(store::categories::tree(&app.db).await?);
    for _ in 0..BATCHES {
        let turns = turns(&plan, &file, import.position).await?;
        import = work_batch(app, import, &plan, turns, &tree).await?;
        if import.view.status == ImportStatus::Done {
            return app.files.delete(&file_of(id)).await;
        }
    }
    let this = app.clone();
    let key = format!("{id}:{}", import.position);
    app.db.write(async move |tx| this.jobs.enqueue(tx, jobs::IMPORT, &key, &id).await).await
}

async fn planned(file: Bytes) -> Result<Result<Plan, ImportError>> {
    tokio::task::spawn_blocking(move || Plan::of(&file)).await.map_err(Error::internal)
}

async fn begin(
    app: &Catalog,
    id: ImportId,
    status: ImportStatus,
    rows_total: i64,
    errors: Vec<ImportError>,
) -> Result<()> {
    app.db.write(async move |tx| store::imports::begin(tx, id, status, rows_total, &errors).await).await
}

/// The next products of the file. Their texts are sanitised here, before a transaction is open.
async fn turns(plan: &Arc<Plan>, file: &Bytes, position: i64) -> Result<Vec<Turn>> {
    let start = usize::try_from(position).map_err(Error::internal)?;
    let (mut end, mut rows) = (start, 0);
    while end < plan.groups.len() && end - start < BATCH && (rows == 0 || rows + plan.groups[end].rows <= BATCH_ROWS) {
        rows += plan.groups[end].rows;
        end += 1;
    }
    let (plan, file) = (plan.clone(), file.clone());
    let turns = tokio::task::spawn_blocking(move || {
        let rows = plan.rows(&file, start..end)?;
        let turn = |(group, rows): (&Group, Vec<Row>)| {
            let has = plan.header.has("description_html");
            let description =
                rows.first().filter(|_| has).map(|row| sanitise(row.cell(&plan.header, "description_html")));
            Turn { group: group.clone(), rows, description }
        };
        Ok(plan.groups[start..end].iter().zip(rows).map(turn).collect())
    });
    turns.await.map_err(Error::internal)?
}

/// Works off a batch and notes it; the import as it is then.
async fn work_batch(
    app: &Arc<Catalog>,
    import: Import,
    plan: &Arc<Plan>,
    turns: Vec<Turn>,
    tree: &Arc<Tree>,
) -> Result<Import> {
    let total = plan.groups.len();
    let db = app.db.as_vendor(&VendorScope::of_system(import.vendor_id));
    if !import.view.dry_run {
        let (this, plan, tree) = (app.clone(), plan.clone(), tree.clone());
        return db
            .write(async move |tx| {
                let worked = work(&this, tx, &import, &plan, &turns, &tree).await?;
                let next = after(&import, &worked, total);
                store::imports::advance(tx, &next).await?;
                Ok(next)
            })
            .await;
    }
    let worked = try_batch(app, &import, plan, turns, tree).await?;
    db.write(async move |tx| {
        lock(tx, &import).await?;
        let next = after(&import, &worked, total);
        store::imports::advance(tx, &next).await?;
        Ok(next)
    })
    .await
}

/// Works off a batch and takes it back: what it would have done.
async fn try_batch(
    app: &Arc<Catalog>,
    import: &Import,
    plan: &Arc<Plan>,
    turns: Vec<Turn>,
    tree: &Arc<Tree>,
) -> Result<Worked> {
    // The transaction is taken back by an error, so what it found has to leave it by another way.
    let found: Arc<Mutex<Worked>> = Arc::default();
    let (this, plan, tree, out, import) = (app.clone(), plan.clone(), tree.clone(), found.clone(), import.clone());
    let taken_back = || Error::conflict("dry_run", "Nothing is written in a dry run.");
    let db = app.db.as_vendor(&VendorScope::of_system(import.vendor_id));
    let outcome: Result<()> = db
        .write(async move |tx| {
            let worked = work(&this, tx, &import, &plan, &turns, &tree).await?;
            *out.lock().unwrap_or_else(PoisonError::into_inner) = worked;
            Err(taken_back())
        })
        .await;
    match outcome {
        Err(error) if error.code() != taken_back().code() => Err(error),
        _ => Ok(std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner))),
    }
}

/// Keeps other workers out until the commit.
async fn lock(tx: &mut Tx, import: &Import) -> Result<()> {
    if store::imports::lock(tx, import.view.id, import.position).await? {
        Ok(())
    } else {
        Err(Error::conflict("lease_lost", "Another worker has gone on with this import."))
    }
}

/// The import after a batch.
fn after(import: &Import, worked: &Worked, total: usize) -> Import {
    let mut next = import.clone();
    next.position += worked.products;
    next.view.rows += worked.rows;
    next.view.created += worked.created;
    next.view.updated += worked.updated;
    next.view.unchanged += worked.unchanged;
    next.view.errors.extend(worked.errors.iter().cloned());
    next.view.errors.truncate(ERRORS_MAX);
    if usize::try_from(next.position).is_ok_and(|position| position >= total) {
        next.view.status = ImportStatus::Done;
        next.view.rows = next.view.rows_total.max(next.view.rows);
    }
    next
}

async fn work(app: &Catalog, tx: &mut Tx, import: &Import, plan: &Plan, turns: &[Turn], tree: &Tree) -> Result<Worked> {
    lock(tx, import).await?;
    let scope = VendorScope::of_system(import.vendor_id);
    let mut worked = Worked::default();
    for turn in turns {
        worked.products += 1;
        worked.rows += i64::try_from(turn.rows.len()).map_err(Error::internal)?;
        match work_product(app, tx, &scope, plan, turn, tree).await? {
            Ok(Outcome::Created) => worked.created += 1,
            Ok(Outcome::Updated) => worked.updated += 1,
            Ok(Outcome::Unchanged) => worked.unchanged += 1,
            Err(errors) => worked.errors.extend(errors),
        }
    }
    Ok(worked)
}

/// Saves one product of the file, or says what is wrong with its rows.
async fn work_product(
    app: &Catalog,
    tx: &mut Tx,
    scope: &VendorScope,
    plan: &Plan,
    turn: &Turn,
    tree: &Tree,
) -> Result<Result<Outcome, Vec<ImportError>>> {
    if let Some(problem) = turn.group.problem {
        let error = ImportError { row: turn.group.first_row, column: "handle".to_owned(), reason: problem.to_owned() };
        return Ok(Err(vec![error]));
    }
    let before = match store::products::lock_by_handle(tx, scope, &turn.group.handle).await? {
        Some(product) => Some(with_variants(tx, product).await?),
        None => None,
    };
    let input = match csv::read(&plan.header, &turn.rows, before.as_ref(), tree) {
        Ok(input) => input,
        Err(errors) => return Ok(Err(errors)),
    };
    let stored = || {
        before.as_ref().map_or_else(Html::default, |b| Html {
            html: b.product.description_html.clone(),
            text: b.product.description_text.clone(),
        })
    };
    let description = turn.description.clone().unwrap_or_else(stored);
    let checked = souk_http::extract::validate(&input).and_then(|()| Draft::with_description(input, description));
    let saved = match checked {
        Ok(draft) => save(app, tx, scope, before.as_ref(), &draft, Some(&turn.group.handle)).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok((_, outcome)) => Ok(Ok(outcome)),
        Err(error) => csv::errors_of(&error, &turn.rows).map_or(Err(error), |errors| Ok(Err(errors))),
    }
}
