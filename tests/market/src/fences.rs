//! On PostgreSQL no table of a vendor is without a fence, and the fences hold.

use std::collections::BTreeSet;

use db::{Db, Dialect, params};
use kernel::VendorScope;

use crate::{
    story::{order_for, quote},
    town::{Shop, Town},
};

/// Tables whose rows belong to vendors: those that name one in a column, or call themselves vendors, and
/// those that refer to one of these.
const OF_VENDORS: &str = "
    WITH RECURSIVE of_vendors (id) AS (
        SELECT c.oid FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND
            (c.relname = 'vendors' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                AND a.attname IN ('vendor_id', 'store_id', 'seller_id', 'tenant_id')))
        UNION
        SELECT r.conrelid FROM pg_constraint r JOIN of_vendors v ON r.confrelid = v.id WHERE r.contype = 'f'
    )";

/// Of these, the ones on which no policy is forced.
async fn unfenced(db: &Db) -> Vec<String> {
    let sql = format!(
        "{OF_VENDORS} SELECT c.relname::text AS name FROM of_vendors v JOIN pg_class c ON c.oid = v.id
         WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
             SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*'
             AND pg_get_expr(p.polqual, p.polrelid) LIKE '%souk.scope%'))
         ORDER BY name"
    );
    names(db, &sql).await
}

async fn fenced(db: &Db) -> Vec<String> {
    let sql = "SELECT relname::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace
               AND relrowsecurity ORDER BY name";
    names(db, sql).await
}

async fn names(db: &Db, sql: &str) -> Vec<String> {
    db.all(sql, params![]).await.unwrap().iter().map(|row| row.get("name").unwrap()).collect()
}

async fn count(db: &Db, sql: &str) -> i64 {
    db.one(sql, params![]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}")).at(0).unwrap()
}

#[tokio::test]
async fn no_table_of_a_vendor_is_without_a_fence() {
    let town = Town::new(Dialect::Postgres).await;
    let mut all = BTreeSet::new();
    for (service, db) in town.app.system.databases() {
        assert_eq!(unfenced(&db).await, [] as [&str; 0], "tables of {service} without a forced policy");
        all.extend(fenced(&db).await.into_iter().map(|table| format!("{service}.{table}")));
    }
    for wanted in [
        "catalog.products",
        "inventory.stock",
        "inventory.movements",
        "orders.vendor_orders",
        "orders.order_lines",
        "orders.returns",
        "orders.return_lines",
        "orders.return_photos",
        "payments.postings",
        "payments.journal_entries",
        "payments.payment_parts",
        "payments.payouts",
        "payments.payout_accounts",
        "payments.payout_terms",
        "payments.transfer_reversals",
        "payments.reserve_terms",
        "payments.reserves",
        "pricing.discounts",
        "pricing.discount_products",
        "shipping.shipments",
        "vendors.vendors",
        "vendors.members",
        "reviews.reviews",
        "analytics.sales_daily",
        "identity.memberships",
    ] {
        assert!(all.contains(wanted), "{wanted} is not fenced: {all:?}");
    }

    // The test itself finds what it is for.
    let db = town.app.db("catalog");
    let forgotten = "CREATE TABLE forgotten (id TEXT PRIMARY KEY, vendor_id TEXT NOT NULL)";
    db.write(async move |tx| tx.exec(forgotten, params![]).await).await.unwrap();
    db.write(async |tx| tx.exec("ALTER TABLE products NO FORCE ROW LEVEL SECURITY", params![]).await).await.unwrap();
    assert_eq!(unfenced(&db).await, ["forgotten", "products"]);
}

/// A paid order of a piece of each shop.
async fn buy_from_both(town: &Town, shops: [&Shop; 2]) {
    let lines: Vec<_> = shops
        .iter()
        .map(|shop| serde_json::json!({"variant_id": shop.product.input.variants[0].id, "quantity": 1}))
        .collect();
    let lines = serde_json::json!(lines);
    let guest = town.app.guest();
    let quote = quote(&guest, &lines).await;
    guest.key("both").post("/api/v1/orders", &order_for(&quote, &lines, Some("tok_visa"))).await.expect(202);
    town.settle().await;
}

#[tokio::test]
async fn raw_sql_as_one_vendor_finds_nothing_of_another() {
    let town = Town::new(Dialect::Postgres).await;
    let category = town.category().await;
    let potter = town.shop("Potter", "Blue mug", 1_800, 5, category).await;
    let weaver = town.shop("Weaver", "Wool blanket", 9_000, 3, category).await;
    town.later(1).await;
    buy_from_both(&town, [&potter, &weaver]).await;

    let mut with_rows_of_both = BTreeSet::new();
    for (service, db) in town.app.system.databases() {
        for table in fenced(&db).await {
            let (all, mut seen, mut least) = (count(&db, &format!("SELECT count(*) FROM {table}")).await, 0, i64::MAX);
            for shop in [&potter, &weaver] {
                let scoped = db.as_vendor(&VendorScope::of_system(shop.vendor_id));
                let own = count(&scoped, &format!("SELECT count(*) FROM {table}")).await;
                let foreign =
                    [&potter, &weaver].iter().find(|other| other.vendor_id != shop.vendor_id).unwrap().vendor_id;
                let text = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{foreign}%'");
                assert_eq!(count(&scoped, &text).await, 0, "{service}.{table} shows {foreign} to another vendor");
                let changed = format!("UPDATE {table} SET {} WHERE true", same(&db, &table).await);
                if !["postings", "journal_entries", "shipment_events", "credit_movements"].contains(&table.as_str()) {
                    let changed = scoped.write(async move |tx| tx.exec(&changed, params![]).await).await.unwrap();
                    assert_eq!(i64::try_from(changed).unwrap(), own, "{service}.{table}: rows that can be changed");
                }
                seen += own;
                least = least.min(own);
            }
            // An entry of the journal is seen by everybody who has a posting in it.
            assert!(seen <= all || table == "journal_entries", "{service}.{table}: no row is two vendors'");
            if least > 0 {
                with_rows_of_both.insert(format!("{service}.{table}"));
            }
        }
    }
    for wanted in [
        "catalog.products",
        "catalog.variants",
        "inventory.stock",
        "inventory.movements",
        "orders.vendor_orders",
        "orders.order_lines",
        "payments.postings",
        "payments.journal_entries",
        "shipping.shipments",
        "vendors.vendors",
        "analytics.sales_daily",
        "cart.variants",
        "search.documents",
        "pricing.shipping_methods",
    ] {
        assert!(with_rows_of_both.contains(wanted), "{wanted} had nothing to hide: {with_rows_of_both:?}");
    }
}

/// An assignment that changes nothing.
async fn same(db: &Db, table: &str) -> String {
    let sql = format!(
        "SELECT attname::text AS name FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0
         AND attidentity = '' AND NOT attisdropped ORDER BY attnum LIMIT 1"
    );
    let column = names(db, &sql).await.remove(0);
    format!("{column} = {column}")
}
