//! Works a file off: some products and the note of how far it has come are one transaction, so a
//! crash loses nothing and repeats nothing. A dry run does the same and takes it back.

use std::sync::{Arc, Mutex, PoisonError};

use contracts::catalog::{
    ImportCategory, ImportChange, ImportError, ImportFormat, ImportOutcome, ImportStatus, ImportView,
    limits::IMPORT_CATEGORIES_MAX,
};
use db::Tx;
use kernel::{Currency, Error, ImportId, Result, VendorScope};

use super::{
    fetch_pictures::start_fetching,
    import_file::{GONE, Pieces, forget_file},
    import_product::{Turn, import_product, link_product},
    link_products::Pass,
    lookups::Lookups,
};
use crate::{
    Catalog,
    csv::{Plan, Row, Terms},
    jobs,
    model::{Tree, path_key},
    store::{self, imports::Import},
};

/// Most products, and most rows, of one transaction: it confirms them all at once, and keeps other writers waiting for
/// some hundredths of a second.
const BATCH: usize = 100;
const BATCH_ROWS: usize = 400;
/// Bytes of rows after which a transaction takes in no further product.
const BATCH_BYTES: usize = 4 << 20;
/// Transactions of one job; then another job takes over, long before its lease ends.
const BATCHES: usize = 25;
/// Complaints, and notes, that are kept.
const ERRORS_MAX: usize = 200;
/// Characters of a complaint: it may name what stands in a cell, and a cell may be very long.
const REASON_MAX: usize = 1_000;
/// Products with one outcome of which is kept what changes.
const CHANGES_MAX: i64 = 200;

/// What became of a batch.
#[derive(Debug, Clone, Default)]
struct Worked {
    products: i64,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    failed: i64,
    errors: Vec<ImportError>,
    notes: Vec<ImportError>,
    changes: Vec<ImportChange>,
    /// Categories of products that nothing here is called like.
    wanted: Vec<String>,
}

/// What does not change from batch to batch.
struct Course {
    plan: Arc<Plan>,
    tree: Tree,
    terms: Terms,
    /// Turns of the whole import: one for each product, and one more for each that refers to what may stand further below
    /// in the file.
    turns: usize,
}

impl Course {
    /// Whose turn it is, and for which time. `complaints` are those that are kept.
    fn turn(&self, position: usize, complaints: usize) -> Option<(usize, Pass)> {
        let Some(linked) = position.checked_sub(self.plan.products()) else { return Some((position, Pass::First)) };
        let pass = if complaints < ERRORS_MAX { Pass::Second } else { Pass::Again };
        self.plan.linked().get(linked).map(|product| (*product as usize, pass))
    }

    /// Where the pass ends in which `position` is: the second one has to know whom the first has refused, so no
    /// transaction has turns of both.
    fn end_of_pass(&self, position: usize) -> usize {
        if position < self.plan.products() { self.plan.products() } else { self.turns }
    }
}

/// Works an import off, or as much of it as one job should.
pub(crate) async fn work_import(app: &Arc<Catalog>, id: ImportId) -> Result<()> {
    match work_on(app, id).await {
        Err(error) if error.code() == GONE => {
            let lost = ImportError { row: 0, column: String::new(), reason: error.detail().to_owned() };
            fail(app, id, lost).await
        }
        outcome => outcome,
    }
}

async fn work_on(app: &Arc<Catalog>, id: ImportId) -> Result<()> {
    let Some(mut import) = store::imports::find(&app.db, id).await? else { return Ok(()) };
    if matches!(import.view.status, ImportStatus::Done | ImportStatus::Failed) {
        return end(app, &import).await;
    }
    let file = match import.file_id {
        Some(file_id) => store::import_files::find(&app.db, file_id).await?,
        None => None,
    };
    let file = file.ok_or_else(|| Error::conflict(GONE, "The file is gone. Send it again."))?;
    let mut pieces = Pieces::of(app, &file);
    let plan = match app.plans.get(id) {
        Some(plan) => plan,
        None => match pieces.plan().await? {
            Ok(plan) => app.plans.keep(id, plan),
            Err(reason) => return fail(app, id, reason).await,
        },
    };
    let usual = usual_currency(app, &import, &plan).await?;
    if import.view.status == ImportStatus::Queued {
        let (rows, format, ignored) = (plan.rows_total, plan.format(), plan.ignored_columns());
        app.db.write(async move |tx| store::imports::begin(tx, id, rows, format, &ignored, usual).await).await?;
        (import.view.status, import.view.rows_total) = (ImportStatus::Running, plan.rows_total);
    }
    let course = Arc::new(course(app, &import, plan, usual).await?);
    let mut ready = None;
    for batch in 1..=BATCHES {
        let turns = match ready.take() {
            Some(turns) => turns,
            None => next_turns(&course, &mut pieces, import.position, import.view.errors.len()).await?,
        };
        let next = import.position + turns.len() as i64;
        // The next ones are made ready while these are written; but the second pass has to know what becomes of them.
        let is_first_pass = usize::try_from(next).is_ok_and(|next| next < course.plan.products());
        let ahead = async {
            if batch < BATCHES && is_first_pass {
                next_turns(&course, &mut pieces, next, 0).await.map(Some)
            } else {
                Ok(None)
            }
        };
        let (worked, ahead) = futures::join!(work_batch(app, import, &course, turns), ahead);
        import = worked?;
        if import.view.status == ImportStatus::Done {
            return end(app, &import).await;
        }
        ready = ahead?;
    }
    let this = app.clone();
    let key = format!("{id}:{}", import.position);
    app.db.write(async move |tx| this.jobs.enqueue(tx, jobs::IMPORT, &key, &id).await).await
}

/// Ends an import that cannot go on.
async fn fail(app: &Arc<Catalog>, id: ImportId, reason: ImportError) -> Result<()> {
    app.db.write(async move |tx| store::imports::fail(tx, id, reason.clone()).await).await?;
    match store::imports::find(&app.db, id).await? {
        Some(import) => end(app, &import).await,
        None => Ok(()),
    }
}

/// Forgets what an import that is over needed. The file of a dry run stays, to be confirmed.
async fn end(app: &Arc<Catalog>, import: &Import) -> Result<()> {
    app.plans.forget(import.view.id);
    let file = match import.file_id.filter(|_| !import.view.can_confirm) {
        Some(file_id) => store::import_files::find(&app.db, file_id).await?,
        None => None,
    };
    match file {
        Some(file) => forget_file(app, file).await,
        None => Ok(()),
    }
}

/// The currency of new products where nothing says one. It is asked for once, when an import begins: all of its vendor's
/// products are looked at for it.
async fn usual_currency(app: &Catalog, import: &Import, plan: &Plan) -> Result<Currency> {
    let is_said = import.currency.is_some() || plan.format() == ImportFormat::Own;
    match import.usual_currency {
        Some(usual) => Ok(usual),
        None if is_said => Ok(app.currency),
        None => {
            let scope = VendorScope::of_system(import.vendor_id);
            Ok(store::products::usual_currency(&app.db, &scope).await?.unwrap_or(app.currency))
        }
    }
}

async fn course(app: &Catalog, import: &Import, plan: Arc<Plan>, usual_currency: Currency) -> Result<Course> {
    let Import { currency, category_id: category, stock, .. } = *import;
    let terms = Terms { currency, usual_currency, category, stock };
    // What a dry run would have saved is not there to be linked.
    let again = if import.view.dry_run { 0 } else { plan.linked().len() };
    let turns = plan.products() + again;
    let chosen = store::import_categories::chosen(&app.db, &VendorScope::of_system(import.vendor_id)).await?;
    let chosen = chosen.into_iter().map(|(path, id, _)| (path, id));
    Ok(Course { plan, tree: store::categories::tree(&app.db).await?.choosing(chosen), terms, turns })
}

/// The next products of the file from a position on, in an import with so many complaints. Their texts are sanitised here,
/// before a transaction is open.
async fn next_turns(course: &Arc<Course>, pieces: &mut Pieces, position: i64, complaints: usize) -> Result<Vec<Turn>> {
    let (plan, mut position) = (&course.plan, usize::try_from(position).map_err(Error::internal)?);
    let (mut read, mut rows, mut bytes) = (Vec::with_capacity(BATCH), 0, 0);
    let end = course.end_of_pass(position);
    while position < end && read.len() < BATCH && bytes < BATCH_BYTES {
        let Some(turn) = course.turn(position, complaints) else { break };
        let count = plan.rows(turn.0);
        if rows > 0 && rows + count > BATCH_ROWS {
            break;
        }
        rows += count;
        let of_product = pieces.rows(plan, turn.0).await?;
        bytes += of_product.iter().map(Row::bytes).sum::<usize>();
        read.push((turn, of_product));
        position += 1;
    }
    let course = course.clone();
    let turns = tokio::task::spawn_blocking(move || {
        let turn = |(turn, rows)| Turn::of(&course.plan, turn, rows, &course.tree, course.terms);
        read.into_iter().map(turn).collect()
    });
    turns.await.map_err(Error::internal)
}

/// Works off a batch and notes it; the import as it is then.
async fn work_batch(app: &Arc<Catalog>, import: Import, course: &Arc<Course>, turns: Vec<Turn>) -> Result<Import> {
    let total = course.turns;
    let db = app.db.as_vendor(&VendorScope::of_system(import.vendor_id));
    if !import.view.dry_run {
        let (this, course) = (app.clone(), course.clone());
        return db
            .write(async move |tx| {
                let worked = work(&this, tx, &import, &turns, &course).await?;
                start_fetching(&this, tx, import.view.id).await?;
                note(tx, &import, &worked, total).await
            })
            .await;
    }
    let worked = try_batch(app, &import, course, turns).await?;
    db.write(async move |tx| {
        lock(tx, &import).await?;
        note(tx, &import, &worked, total).await
    })
    .await
}

/// Notes how far the import has come; as it is then.
async fn note(tx: &mut Tx, import: &Import, worked: &Worked, total: usize) -> Result<Import> {
    let next = after(import, worked, total);
    store::imports::put_changes(tx, import, &worked.changes).await?;
    store::import_complaints::put(tx, import, &worked.errors).await?;
    store::imports::advance(tx, import, &next).await?;
    Ok(next)
}

/// Works off a batch and takes it back: what it would have done.
async fn try_batch(app: &Arc<Catalog>, import: &Import, course: &Arc<Course>, turns: Vec<Turn>) -> Result<Worked> {
    // The transaction is taken back by an error, so what it found has to leave it by another way.
    let found: Arc<Mutex<Worked>> = Arc::default();
    let (this, course, out, import) = (app.clone(), course.clone(), found.clone(), import.clone());
    let taken_back = || Error::conflict("dry_run", "Nothing is written in a dry run.");
    let db = app.db.as_vendor(&VendorScope::of_system(import.vendor_id));
    let outcome: Result<()> = db
        .write(async move |tx| {
            let worked = work(&this, tx, &import, &turns, &course).await?;
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
    next.view.failed += worked.failed;
    next.view.errors_total += worked.errors.len() as i64;
    next.view.notes_total += worked.notes.len() as i64;
    next.view.errors.extend(worked.errors.iter().cloned());
    next.view.errors.truncate(ERRORS_MAX);
    next.view.notes.extend(worked.notes.iter().cloned());
    next.view.notes.truncate(ERRORS_MAX);
    list_categories(&mut next.view, &worked.wanted);
    if usize::try_from(next.position).is_ok_and(|position| position >= total) {
        next.view.status = ImportStatus::Done;
        next.view.rows = next.view.rows_total.max(next.view.rows);
        next.view.can_confirm = next.view.dry_run;
    }
    next
}

/// Lists categories of a file that nothing here is called like, with how many products name each.
fn list_categories(view: &mut ImportView, wanted: &[String]) {
    if wanted.is_empty() {
        return;
    }
    let mut keys: Vec<Option<String>> = view.categories.iter().map(|known| path_key(&known.path)).collect();
    for path in wanted {
        let key = path_key(path);
        let place = keys.iter().position(|known| known.is_some() && *known == key);
        if let Some(known) = place.and_then(|place| view.categories.get_mut(place)) {
            known.products += 1;
        } else if key.is_some() && keys.len() < IMPORT_CATEGORIES_MAX {
            view.categories.push(ImportCategory { path: path.trim().to_owned(), products: 1, category: None });
            keys.push(key);
        } else {
            view.categories_rest += 1;
        }
    }
}

/// A complaint short enough to be kept.
fn bounded(mut complaint: ImportError) -> ImportError {
    if let Some((end, _)) = complaint.reason.char_indices().nth(REASON_MAX) {
        complaint.reason.truncate(end);
        complaint.reason.push('…');
    }
    complaint
}

/// Looks up for all turns at once what each needs to know.
async fn looked_up(tx: &mut Tx, scope: &VendorScope, turns: &[Turn]) -> Result<Lookups> {
    let (mut handles, mut skus) = (Vec::with_capacity(turns.len()), Vec::new());
    for turn in turns.iter().filter(|turn| turn.pass != Pass::Second && !turn.is_done()) {
        if let Some(handle) = turn.handle() {
            handles.push(handle.to_owned());
            skus.extend(turn.skus().map(str::to_owned));
        }
    }
    Lookups::of(tx, scope, handles, skus).await
}

async fn work(app: &Catalog, tx: &mut Tx, import: &Import, turns: &[Turn], course: &Course) -> Result<Worked> {
    lock(tx, import).await?;
    let scope = VendorScope::of_system(import.vendor_id);
    let (mut worked, mut lookups) = (Worked::default(), looked_up(tx, &scope, turns).await?);
    for turn in turns {
        worked.products += 1;
        // What was refused in the first pass stays refused.
        let is_refused = |error: &ImportError| turn.pass != Pass::First && turn.has_row(error.row);
        if turn.is_done() || import.view.errors.iter().any(is_refused) {
            continue;
        }
        let (of, within) = ((&scope, import.view.id), (&course.tree, &*course.plan));
        if turn.pass != Pass::First {
            // It was counted in the first pass, and what was wrong then was told.
            let errors = link_product(app, tx, of, turn, within, &mut lookups).await?.into_iter().map(bounded);
            let known = |error: &ImportError| import.view.errors.contains(error) || worked.errors.contains(error);
            let new: Vec<ImportError> = errors.filter(|error| !known(error)).collect();
            // With as many as are kept nobody knows which of them are new, and none would be kept.
            if turn.pass == Pass::Second {
                worked.errors.extend(new);
            }
            continue;
        }
        worked.wanted.extend(turn.category_wanted().map(str::to_owned));
        let imported = import_product(app, tx, of, turn, within, &mut lookups).await?;
        worked.rows += turn.rows;
        let (count, before) = match imported.change.outcome {
            ImportOutcome::Created => (&mut worked.created, import.view.created),
            ImportOutcome::Updated => (&mut worked.updated, import.view.updated),
            ImportOutcome::Unchanged => (&mut worked.unchanged, import.view.unchanged),
            ImportOutcome::Failed => (&mut worked.failed, import.view.failed),
        };
        *count += 1;
        if before + *count <= CHANGES_MAX {
            worked.changes.push(imported.change);
        }
        worked.errors.extend(imported.errors.into_iter().map(bounded));
        worked.notes.extend(imported.notes.into_iter().map(bounded));
    }
    Ok(worked)
}
