//! A vendor's statement: what it was owed, what has changed that, what it is owed.

use std::sync::Arc;

use bytes::Bytes;
use contracts::{
    payments::VendorMovement,
    payouts::{StatementQuery, StatementView},
};
use csv::{Terminator, WriterBuilder};
use futures::{Stream, StreamExt, stream};
use kernel::{Error, Money, Result, Timestamp, VendorScope, text::guard_cell};

use crate::{
    Payments,
    store::{self, Place, Span},
};

/// Movements read at once.
const BATCH: i64 = 500;
const COLUMNS: [&str; 8] = ["at", "kind", "text", "order_id", "entry_id", "amount", "balance", "currency"];

/// Reads a day that is asked for: its beginning.
pub fn day(field: &str, text: &str) -> Result<Timestamp> {
    let day = format!("{text}T00:00:00Z").parse();
    day.map_err(|_| Error::invalid(field, "Use a day such as 2026-11-30."))
}

/// Reads the days that are asked for.
pub fn span_of(query: &StatementQuery) -> Result<Span> {
    let (from, to) = (day("from", &query.from)?, day("to", &query.to)?);
    if to < from {
        return Err(Error::invalid("to", "The last day is before the first."));
    }
    Ok(Span { currency: query.currency, from, until: Timestamp::of_day(to.day() + 1) })
}

/// The statement of a period. Each kind of posting has its line, so that it adds up to the cent.
pub async fn statement(app: &Arc<Payments>, scope: &VendorScope, query: StatementQuery) -> Result<StatementView> {
    let span = span_of(&query)?;
    let (opening, sums) = store::statement_sums(&app.db, scope, &span).await?;
    let zero = Money::zero(query.currency);
    let mut view = StatementView {
        from: query.from,
        to: query.to,
        opening,
        sales: zero,
        shipping: zero,
        promotions: zero,
        commission: zero,
        refunds: zero,
        disputes_held: zero,
        disputes_lost: zero,
        reserve: zero,
        labels: zero,
        payouts: zero,
        payouts_returned: zero,
        payouts_reversed: zero,
        paid_directly: zero,
        closing: opening,
    };
    for (kind, sum) in sums {
        let line = match kind.as_str() {
            "sale" => &mut view.sales,
            "shipping" => &mut view.shipping,
            "promotion" | "promotion_refund" | "dispute_promotion" => &mut view.promotions,
            "commission" | "commission_refund" | "dispute_commission" => &mut view.commission,
            "refund" => &mut view.refunds,
            "dispute_hold" | "dispute_release" => &mut view.disputes_held,
            "dispute_loss" => &mut view.disputes_lost,
            "reserve_hold" | "reserve_release" => &mut view.reserve,
            "label" | "label_refund" => &mut view.labels,
            "payout" => &mut view.payouts,
            "payout_failed" => &mut view.payouts_returned,
            "payout_reversed" => &mut view.payouts_reversed,
            "direct" | "direct_refund" | "direct_loss" => &mut view.paid_directly,
            other => return Err(Error::internal(format!("a statement has no line for {other:?}"))),
        };
        *line = line.plus(sum)?;
        view.closing = view.closing.plus(sum)?;
    }
    Ok(view)
}

/// Every movement of the period with the balance after it, piece by piece. The first piece is made before anything is
/// answered, so that a database that does not answer is an error and not half a file.
pub async fn export_statement(
    app: &Arc<Payments>,
    scope: VendorScope,
    query: StatementQuery,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let span = span_of(&query)?;
    let (opening, _) = store::statement_sums(&app.db, &scope, &span).await?;
    let mut head = vec![COLUMNS.map(str::to_owned).to_vec()];
    head.push(boundary(span.from, "opening_balance", opening));
    let (rows, state) = piece(app, &scope, &span, None, opening).await?;
    let first = lines(head.into_iter().chain(rows))?;
    let app = app.clone();
    let rest = stream::try_unfold(state, move |state| {
        let app = app.clone();
        async move {
            let Some((place, balance)) = state else { return Ok(None) };
            let (rows, next) = piece(&app, &scope, &span, Some(place), balance).await?;
            Ok(Some((lines(rows)?, next)))
        }
    });
    Ok(stream::iter([Ok(first)]).chain(rest))
}

type State = Option<(Place, Money)>;

/// The rows behind a place, and where the next begin with which balance, if there are more.
async fn piece(
    app: &Arc<Payments>,
    scope: &VendorScope,
    span: &Span,
    behind: Option<Place>,
    mut balance: Money,
) -> Result<(Vec<Vec<String>>, State)> {
    let movements = store::statement_movements(&app.db, scope, span, behind, BATCH).await?;
    let mut rows = Vec::with_capacity(movements.len() + 1);
    for (_, movement) in &movements {
        balance = balance.plus(movement.amount)?;
        rows.push(row(movement, balance));
    }
    let is_full = i64::try_from(movements.len()).is_ok_and(|n| n == BATCH);
    let next = movements.last().filter(|_| is_full).map(|(place, _)| (*place, balance));
    if next.is_none() {
        rows.push(boundary(span.until, "closing_balance", balance));
    }
    Ok((rows, next))
}

fn row(movement: &VendorMovement, balance: Money) -> Vec<String> {
    vec![
        movement.at.to_string(),
        movement.kind.clone(),
        guard_cell(&movement.text),
        movement.order_id.map(|id| id.to_string()).unwrap_or_default(),
        movement.entry_id.to_string(),
        movement.amount.decimal(),
        balance.decimal(),
        balance.currency.code().to_owned(),
    ]
}

fn boundary(at: Timestamp, kind: &str, balance: Money) -> Vec<String> {
    let (none, code) = (String::new(), balance.currency.code().to_owned());
    vec![at.to_string(), kind.to_owned(), none.clone(), none.clone(), none.clone(), none, balance.decimal(), code]
}

/// Rows of a CSV file.
pub(super) fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Bytes> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(Error::internal)?;
    }
    Ok(writer.into_inner().map_err(|e| Error::internal(e.error()))?.into())
}
