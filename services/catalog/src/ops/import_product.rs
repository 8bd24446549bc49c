//! Saves one product of a file, or says what is wrong with its rows.

use contracts::catalog::{
    ImportChange, ImportError, ImportOutcome, ProductInput, ProductStatus, limits::DESCRIPTION_MAX,
};
use db::Tx;
use kernel::{FieldError, ImportId, MediaId, Result, VendorScope};

use super::{
    import_sale::set_sale,
    link_products::{Linked, Pass, link, relink},
    lookups::Lookups,
    save_product::{Outcome, save},
    write_product::with_variants,
};
use crate::{
    Catalog,
    csv::{self, Links, Plan, Row, Sheet, Terms, Told},
    model::{Draft, Html, Stored, Tree, diff, fit, missing, sanitise},
    store,
};

/// Column of the picture that shows a variant.
const PICTURE: &str = "picture";

/// A product of the file, ready for its turn.
pub(super) struct Turn {
    first_row: i64,
    last_row: i64,
    /// How many rows the file has of it.
    pub rows: i64,
    told: Told,
    /// Sanitised; none if the file has no such column, or if only links are made.
    description: Option<Html>,
    links: Result<Links, Vec<ImportError>>,
    pub pass: Pass,
}

impl Turn {
    pub fn of(plan: &Plan, (product, pass): (usize, Pass), rows: Vec<Row>, tree: &Tree, terms: Terms) -> Self {
        let number = |row: Option<&Row>| row.map_or(0, |row| row.number);
        let (first_row, last_row, count) = (number(rows.first()), number(rows.last()), plan.rows(product) as i64);
        let told = plan.told(product, rows, tree, terms);
        let header = &told.sheet.header;
        let is_wanted = pass != Pass::Second && header.has("description_html");
        let described = told.sheet.rows.first().filter(|_| is_wanted);
        let description = described.map(|row| sanitise(row.cell(header, "description_html")));
        let links = Links::of(&told.sheet);
        Self { first_row, last_row, rows: count, told, description, links, pass }
    }

    /// Its SKUs, as its rows have them.
    pub fn skus(&self) -> impl Iterator<Item = &str> {
        let header = &self.told.sheet.header;
        self.told.sheet.rows.iter().map(move |row| row.cell(header, "sku"))
    }

    /// What the file calls it, unless it cannot be taken at all.
    pub fn handle(&self) -> Option<&str> {
        Some(self.told.handle.as_str()).filter(|_| self.told.problem.is_none())
    }

    /// What the file calls its category, if nothing here is called that.
    pub fn category_wanted(&self) -> Option<&str> {
        self.told.sheet.category_wanted.as_deref()
    }

    /// True if a row of the file is one of its own.
    pub fn has_row(&self, row: i64) -> bool {
        (self.first_row..=self.last_row).contains(&row)
    }

    /// True if nothing is to be done for it in this pass.
    pub fn is_done(&self) -> bool {
        self.pass != Pass::First && self.links.as_ref().map_or(true, Links::are_silent)
    }
}

/// What became of a product.
pub(super) struct Imported {
    pub change: ImportChange,
    pub errors: Vec<ImportError>,
    pub notes: Vec<ImportError>,
}

/// Gives a product its second turn; what is wrong with it.
pub(super) async fn link_product(
    app: &Catalog,
    tx: &mut Tx,
    (scope, import_id): (&VendorScope, ImportId),
    turn: &Turn,
    (tree, plan): (&Tree, &Plan),
    lookups: &mut Lookups,
) -> Result<Vec<ImportError>> {
    match &turn.links {
        Ok(links) if turn.pass == Pass::Second => relink(app, tx, scope, (&turn.told.handle, links), plan).await,
        _ => Ok(import_product(app, tx, (scope, import_id), turn, (tree, plan), lookups).await?.errors),
    }
}

/// Saves a product and queues its pictures.
pub(super) async fn import_product(
    app: &Catalog,
    tx: &mut Tx,
    (scope, import_id): (&VendorScope, ImportId),
    turn: &Turn,
    (tree, plan): (&Tree, &Plan),
    lookups: &mut Lookups,
) -> Result<Imported> {
    let Told { handle, sheet, problem } = &turn.told;
    let mut change = ImportChange {
        row: turn.first_row,
        handle: handle.clone(),
        title: String::new(),
        outcome: ImportOutcome::Failed,
        fields: vec![],
    };
    if let Some(problem) = problem {
        return Ok(Imported { change, errors: vec![problem.clone()], notes: vec![] });
    }
    let before = match lookups.lock_product(tx, scope, handle).await? {
        Some(product) => Some(with_variants(tx, product).await?),
        None => None,
    };
    change.title = before.as_ref().map_or_else(|| sheet.title(), |known| known.product.title.clone());
    let mut notes = sheet.notes.clone();
    let linked = match &turn.links {
        Ok(links) => link(tx, scope, links, before.as_ref(), (plan, turn.pass)).await?,
        Err(errors) => Linked { errors: errors.clone(), ..Linked::default() },
    };
    let mut draft = match draft(turn, before.as_ref(), &linked, tree, &mut notes) {
        Ok(draft) if linked.errors.is_empty() => draft,
        other => {
            let errors = other.err().into_iter().flatten().chain(linked.errors).collect();
            return Ok(Imported { change, errors: sheet.told(errors), notes: vec![] });
        }
    };
    let sale_before = before.as_ref().and_then(|known| known.product.sale);
    set_sale(sheet, sale_before, &mut draft, app.clock.now(), &mut notes);
    choose_pictures(before.as_ref(), &mut draft, sheet, &mut notes);
    show_variants(tx, before.as_ref(), &mut draft, sheet).await?;
    match save(app, tx, scope, before.as_ref(), &draft, (Some(handle.as_str()), &mut *lookups)).await {
        Ok((stored, outcome)) => {
            if outcome != Outcome::Unchanged {
                lookups.note(&stored);
            }
            for (position, picture) in (0_i64..).zip(&sheet.pictures) {
                if found(before.as_ref(), &picture.url).next().is_some() {
                    continue;
                }
                let named = (picture.url.as_str(), picture.alt.as_str());
                store::fetches::queue(tx, scope, import_id, stored.product.id, position, named).await?;
            }
            want_pictures(tx, &stored, sheet).await?;
            change.title.clone_from(&stored.product.title);
            change.outcome = match outcome {
                Outcome::Created => ImportOutcome::Created,
                Outcome::Updated => ImportOutcome::Updated,
                Outcome::Unchanged if linked.waits => ImportOutcome::Updated,
                Outcome::Unchanged => ImportOutcome::Unchanged,
            };
            change.fields = diff(before.as_ref(), &stored, tree);
            change.fields.extend(linked.fields);
            Ok(Imported { change, errors: vec![], notes })
        }
        Err(error) => match csv::errors_of(&error, &sheet.rows) {
            Some(errors) => Ok(Imported { change, errors: sheet.told(errors), notes: vec![] }),
            None => Err(error),
        },
    }
}

/// The pictures of a product that are at an address: its own, or ours for who is elsewhere. Pictures that are the same
/// share one.
fn found<'a>(before: Option<&'a Stored>, address: &'a str) -> impl Iterator<Item = MediaId> + 'a {
    let pictures = before.map_or(&[][..], |known| &known.product.pictures);
    let is_there = move |url: &str| address == url || url.starts_with('/') && address.ends_with(url);
    let known = pictures.iter().filter(move |stored| stored.picture.sizes.iter().any(|size| is_there(&size.url)));
    known.map(|stored| stored.picture.id)
}

/// Gives variants those of the product's pictures that a file of our own names for them.
fn choose_pictures(before: Option<&Stored>, draft: &mut Draft, sheet: &Sheet, notes: &mut Vec<ImportError>) {
    if !sheet.header.has(PICTURE) {
        return;
    }
    for row in &sheet.rows {
        let (sku, address) = (row.cell(&sheet.header, "sku"), row.cell(&sheet.header, PICTURE));
        let Some(variant) = draft.variants.iter_mut().find(|variant| variant.sku == sku) else { continue };
        let known = found(before, address).find(|id| Some(*id) == variant.picture_id);
        let known = known.or_else(|| found(before, address).next());
        if known.is_some() || address.is_empty() {
            variant.picture_id = known;
        } else if sheet.pictures.iter().all(|picture| picture.url != address) {
            let reason = "This is the address of none of the product's pictures here; it is left out.".to_owned();
            notes.push(ImportError { row: row.number, column: PICTURE.to_owned(), reason });
        }
    }
}

/// Gives variants the pictures that the file names for them, as far as they were fetched before.
async fn show_variants(tx: &mut Tx, before: Option<&Stored>, draft: &mut Draft, sheet: &Sheet) -> Result<()> {
    let Some(before) = before.filter(|_| !sheet.variant_pictures.is_empty()) else { return Ok(()) };
    let kept = store::fetches::kept(tx, before.product.id).await?;
    for (sku, url) in &sheet.variant_pictures {
        let picture_id = kept.get(url).copied().filter(|id| before.has_picture(*id));
        if let (Some(variant), Some(id)) = (draft.variants.iter_mut().find(|v| v.sku == *sku), picture_id) {
            variant.picture_id = Some(id);
        }
    }
    Ok(())
}

/// Notes which variants wait for a picture that is still to be fetched.
async fn want_pictures(tx: &mut Tx, stored: &Stored, sheet: &Sheet) -> Result<()> {
    if sheet.variant_pictures.is_empty() {
        return Ok(());
    }
    let kept = store::fetches::kept(tx, stored.product.id).await?;
    for (sku, url) in sheet.variant_pictures.iter().filter(|(_, url)| found(Some(stored), url).next().is_none()) {
        let waiting = stored.offered().find(|variant| variant.sku == *sku && !kept.contains_key(url));
        if let Some(id) = waiting.map(|variant| variant.id) {
            store::variants::want_picture(tx, id, url).await?;
        }
    }
    Ok(())
}

/// What the rows want the product to be.
fn draft(
    turn: &Turn,
    before: Option<&Stored>,
    linked: &Linked,
    tree: &Tree,
    notes: &mut Vec<ImportError>,
) -> Result<Draft, Vec<ImportError>> {
    let sheet = &turn.told.sheet;
    let mut input = csv::read(sheet, before, tree);
    if !sheet.errors.is_empty() {
        let further = input.err().unwrap_or_default();
        return Err(sheet.errors.iter().cloned().chain(further).collect());
    }
    if let (Ok(input), true) = (&mut input, sheet.terms.is_some()) {
        leave_out_misfits(input, before, sheet, tree, notes);
    }
    let mut input = input?;
    if let Some(related) = &linked.related {
        input.related.clone_from(related);
    }
    let stored = || {
        before.map_or_else(Html::default, |b| Html {
            html: b.product.description_html.clone(),
            text: b.product.description_text.clone(),
        })
    };
    let description = turn.description.clone().unwrap_or_else(stored);
    let too_long = description.html.chars().count() > DESCRIPTION_MAX;
    let length = FieldError {
        field: "description_html".to_owned(),
        reason: format!("Shorten the description to {DESCRIPTION_MAX} characters, markup included."),
    };
    let checked = match too_long {
        true => Err(kernel::Error::invalid_fields(vec![length])),
        false => souk_http::extract::validate(&input).and_then(|()| Draft::with_description(input, description)),
    };
    let made_of = |mut draft: Draft| {
        // A bundle has no stock of its own, not even while it waits for its parts.
        let bundles = turn.links.iter().flat_map(|links| &links.bundles).filter(|bundle| !bundle.parts.is_empty());
        for bundle in bundles {
            if let Some(variant) = draft.variants.get_mut(bundle.index) {
                variant.initial_stock = Some(0);
            }
        }
        for (index, parts) in &linked.parts {
            if let Some(variant) = draft.variants.get_mut(*index) {
                variant.parts = Some(parts.clone());
            }
        }
        draft
    };
    checked.map(made_of).map_err(|error| {
        let whole =
            || vec![ImportError { row: sheet.first_row(), column: String::new(), reason: error.detail().to_owned() }];
        csv::errors_of(&error, &sheet.rows).unwrap_or_else(whole)
    })
}

/// Another shop's facts need not fit what the category here asks: those that do not are left out. What then lacks
/// something that is needed waits as a draft.
fn leave_out_misfits(
    input: &mut ProductInput,
    before: Option<&Stored>,
    sheet: &Sheet,
    tree: &Tree,
    notes: &mut Vec<ImportError>,
) {
    let asked = tree.asked(input.category_id);
    let known = before.map_or(&[][..], |known| &known.product.attributes);
    input.attributes.retain(|fact| match fit(&asked, std::slice::from_ref(fact), known) {
        Ok(_) => true,
        Err(errors) => {
            let reason = errors.into_iter().map(|e| e.reason).collect::<Vec<_>>().join(" ");
            let reason = format!("“{}” is left out: {reason}", fact.value);
            let note = ImportError { row: sheet.first_row(), column: "attributes".to_owned(), reason };
            notes.extend(sheet.told(vec![note]));
            false
        }
    });
    let was_on_sale = before.is_some_and(|known| known.product.status == ProductStatus::Published);
    let lacking: Vec<&str> = missing(&asked, &input.attributes).map(|def| def.label.as_str()).collect();
    if input.status == ProductStatus::Published && !was_on_sale && !lacking.is_empty() {
        input.status = ProductStatus::Draft;
        let reason = format!("It stays a draft: its category asks for {}.", lacking.join(", "));
        notes.extend(sheet.told(vec![ImportError { row: sheet.first_row(), column: "status".to_owned(), reason }]));
    }
}
