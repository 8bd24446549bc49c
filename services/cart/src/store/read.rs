//! What a cart shows: one read by indexes for the whole of it.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{cart::CartPart, catalog::BundlePart, inventory::StockLevel};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, CartId, Currency, Error, Money, Result, Timestamp, VariantId};

use crate::model::{
    Cart, Item, Line, Offer, Wish,
    key::{Key, TokenHash},
};

/// Columns of what is known of a variant `v`, its vendor `s`, its offer `o` and its stock `k`.
const ITEM: &str =
    "v.variant_id, v.product_id, v.slug, v.vendor_id, s.name AS vendor_name, s.slug AS vendor_slug, s.open, v.title,
    v.options, v.parts, v.picture_url, v.list_minor, v.compare_minor, v.currency, v.on_sale,
    o.price_minor AS offer_minor, o.list_minor AS offer_list_minor, o.currency AS offer_currency,
    o.quantity_prices, k.level, k.remaining, k.back_order";

/// What is known of a variant, if its product and its store are.
pub(crate) async fn item(db: &Db, variant: VariantId) -> Result<Option<Item>> {
    db.opt(&item_query(), params![variant]).await?.as_ref().map(read_item).transpose()
}

/// The same within a transaction.
pub(crate) async fn item_in(tx: &mut Tx, variant: VariantId) -> Result<Option<Item>> {
    tx.opt(&item_query(), params![variant]).await?.as_ref().map(read_item).transpose()
}

/// What is known of each of these variants.
pub(crate) async fn items(db: &Db, ids: &BTreeSet<VariantId>) -> Result<BTreeMap<VariantId, Item>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = items_query(&format!("v.variant_id IN ({})", placeholders(1, ids.len())));
    let rows = db.all(&sql, ids.iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| read_item(row).map(|item| (item.variant_id, item))).collect()
}

fn item_query() -> String {
    items_query("v.variant_id = $1")
}

fn items_query(condition: &str) -> String {
    format!(
        "SELECT {ITEM} FROM variants v
         JOIN vendors s ON s.vendor_id = v.vendor_id
         LEFT JOIN offers o ON o.variant_id = v.variant_id
         LEFT JOIN levels k ON k.variant_id = v.variant_id
         WHERE {condition}"
    )
}

/// What an account wishes for, newest first, beyond `before`.
pub(crate) async fn wishes(db: &Db, account: AccountId, before: (Timestamp, &str), limit: i64) -> Result<Vec<Wish>> {
    let sql = format!(
        "SELECT w.wished_at, w.tell, {ITEM} FROM wishes w
         JOIN variants v ON v.variant_id = w.variant_id
         JOIN vendors s ON s.vendor_id = v.vendor_id
         LEFT JOIN offers o ON o.variant_id = w.variant_id
         LEFT JOIN levels k ON k.variant_id = w.variant_id
         WHERE w.account_id = $1 AND (w.wished_at < $2 OR (w.wished_at = $2 AND w.variant_id < $3))
         ORDER BY w.wished_at DESC, w.variant_id DESC LIMIT $4"
    );
    let rows = db.all(&sql, params![account, before.0, before.1, limit]).await?;
    let wish = |row: &Row| Ok(Wish { item: read_item(row)?, wished_at: row.get("wished_at")?, tell: row.get("tell")? });
    let mut wishes = rows.iter().map(wish).collect::<Result<Vec<_>>>()?;
    name_parts(db, wishes.iter_mut().map(|wish| &mut wish.item).collect()).await?;
    Ok(wishes)
}

/// Says what the parts of bundles are called: one more read, if there are any.
async fn name_parts(db: &Db, items: Vec<&mut Item>) -> Result<()> {
    let parts: Vec<&mut CartPart> = items.into_iter().flat_map(|item| &mut item.parts).collect();
    let ids: BTreeSet<VariantId> = parts.iter().map(|part| part.variant_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let sql =
        format!("SELECT variant_id, title, options FROM variants WHERE variant_id IN ({})", placeholders(1, ids.len()));
    let rows = db.all(&sql, ids.iter().map(Value::from).collect()).await?;
    let name = |row: &Row| Ok((row.get("variant_id")?, (row.get("title")?, row.json("options")?)));
    let names = rows.iter().map(name).collect::<Result<BTreeMap<VariantId, (String, Vec<String>)>>>()?;
    for part in parts {
        if let Some((title, options)) = names.get(&part.variant_id) {
            (part.title, part.options) = (title.clone(), options.clone());
        }
    }
    Ok(())
}

/// The cart that a key opens.
pub(crate) async fn cart(db: &Db, key: &Key, now: Timestamp) -> Result<Option<Cart>> {
    let sql = cart_query(&format!("c.{} = $1 AND c.updated_at > $2", key.column()));
    named(db, read_cart(&db.all(&sql, vec![key.value(), key.alive_after(now).into()]).await?)?).await
}

async fn named(db: &Db, mut cart: Option<Cart>) -> Result<Option<Cart>> {
    let lines = cart.iter_mut().flat_map(|cart| &mut cart.lines);
    name_parts(db, lines.map(|line| &mut line.item).collect()).await?;
    Ok(cart)
}

/// A cart, after a change by somebody whose key opened it.
pub(crate) async fn cart_by_id(db: &Db, id: CartId) -> Result<Option<Cart>> {
    named(db, read_cart(&db.all(&cart_query("c.cart_id = $1"), params![id]).await?)?).await
}

/// True if the token opens a cart.
pub(crate) async fn is_alive(db: &Db, token: &TokenHash, now: Timestamp) -> Result<bool> {
    let after = Key::Guest(token.clone()).alive_after(now);
    let row = db.opt("SELECT 1 FROM carts WHERE token_hash = $1 AND updated_at > $2", params![&token.0, after]).await?;
    Ok(row.is_some())
}

fn cart_query(condition: &str) -> String {
    // A line is only ever made of a known variant, and neither variants nor vendors are removed.
    format!(
        "SELECT c.cart_id, c.currency AS cart_currency, c.version, c.updated_at, c.codes, c.pay_currency, l.quantity, l.added_minor, l.later, {ITEM}
         FROM carts c
         LEFT JOIN lines l ON l.cart_id = c.cart_id
         LEFT JOIN variants v ON v.variant_id = l.variant_id
         LEFT JOIN vendors s ON s.vendor_id = v.vendor_id
         LEFT JOIN offers o ON o.variant_id = l.variant_id
         LEFT JOIN levels k ON k.variant_id = l.variant_id
         WHERE {condition} ORDER BY l.place, l.variant_id"
    )
}

fn read_cart(rows: &[Row]) -> Result<Option<Cart>> {
    let Some(first) = rows.first() else { return Ok(None) };
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        // An empty cart is one row without a line.
        if let Some(quantity) = row.get::<Option<i64>>("quantity")? {
            lines.push(Line {
                item: read_item(row)?,
                quantity,
                added_minor: row.get("added_minor")?,
                later: row.get("later")?,
            });
        }
    }
    Ok(Some(Cart {
        id: first.get("cart_id")?,
        currency: first.get("cart_currency")?,
        lines,
        codes: super::codes::of(first)?,
        pay_currency: first.get("pay_currency")?,
        updated_at: first.get("updated_at")?,
        version: first.get("version")?,
    }))
}

fn read_item(row: &Row) -> Result<Item> {
    let currency: Currency = row.get("currency")?;
    let offer = match row.get::<Option<Currency>>("offer_currency")? {
        Some(currency) => Some(Offer {
            price: Money::new(row.get("offer_minor")?, currency),
            list_price: Money::new(row.get("offer_list_minor")?, currency),
            quantity_prices: row.json("quantity_prices")?,
        }),
        None => None,
    };
    Ok(Item {
        variant_id: row.get("variant_id")?,
        product_id: row.get("product_id")?,
        product_slug: row.get("slug")?,
        vendor_id: row.get("vendor_id")?,
        vendor_name: row.get("vendor_name")?,
        vendor_slug: row.get("vendor_slug")?,
        title: row.get("title")?,
        options: row.json("options")?,
        parts: row.json::<Vec<BundlePart>>("parts")?.into_iter().map(unnamed).collect(),
        picture_url: row.get("picture_url")?,
        list_price: Money::new(row.get("list_minor")?, currency),
        compare_at: row.get::<Option<i64>>("compare_minor")?.map(|minor| Money::new(minor, currency)),
        offer,
        stock: read_level(row)?,
        on_sale: row.get::<bool>("on_sale")? && row.get::<bool>("open")?,
    })
}

fn unnamed(part: BundlePart) -> CartPart {
    let BundlePart { variant_id, quantity } = part;
    CartPart { variant_id, title: String::new(), options: Vec::new(), quantity }
}

fn read_level(row: &Row) -> Result<StockLevel> {
    let Some(level) = row.get::<Option<String>>("level")? else { return Ok(StockLevel::default()) };
    match level.as_str() {
        "in_stock" if row.get::<bool>("back_order")? => Ok(StockLevel::BackOrder),
        "in_stock" => Ok(StockLevel::InStock),
        "low" => Ok(StockLevel::Low(row.get("remaining")?)),
        "sold_out" => Ok(StockLevel::SoldOut),
        other => Err(Error::internal(format!("unknown stock level {other:?}"))),
    }
}
