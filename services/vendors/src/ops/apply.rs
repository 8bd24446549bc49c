//! Applies for a store.

use std::sync::Arc;

use contracts::vendors::{ApplyAsVendor, MemberChanged, UpdateStore, VendorApplied, VendorStatus, VendorView};
use db::Tx;
use kernel::{AccountId, Error, Random, Result, Slug, Timestamp, VendorId, VendorRole};

use crate::{
    App,
    error::VendorsError,
    model::{Vendor, clean_page},
    store,
};

/// Numbers tried behind a slug before it gets a random end.
const NUMBERED: u32 = 20;

/// Applies for a store; the account becomes its owner.
pub(crate) async fn apply(app: &Arc<App>, account_id: AccountId, input: ApplyAsVendor) -> Result<VendorView> {
    let vendor = new_vendor(app, input, app.clock.now())?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            if !store::count_store(tx, account_id).await? {
                return Err(VendorsError::TooManyStores.into());
            }
            let vendor = insert(tx, &vendor, &*this.random).await?;
            let vendor_id = vendor.id;
            store::set_member(tx, vendor_id, account_id, VendorRole::Owner, vendor.created_at).await?;
            this.outbox.publish(tx, &VendorApplied { vendor_id, vendor: vendor.snapshot(vec![account_id]) }).await?;
            this.outbox.publish(tx, &MemberChanged { vendor_id, account_id, role: Some(VendorRole::Owner) }).await?;
            Ok(vendor.view())
        })
        .await
}

fn new_vendor(app: &App, input: ApplyAsVendor, now: Timestamp) -> Result<Vendor> {
    let page = clean_page(UpdateStore {
        name: input.name,
        tagline: input.tagline,
        story: input.story,
        policies: String::new(),
        city: input.city,
        contact_email: input.contact_email,
        logo_url: None,
        banner_url: None,
    })?;
    Ok(Vendor {
        id: VendorId::new(&app.ids),
        slug: Slug::from_title(&page.name, "store"),
        name: page.name,
        tagline: page.tagline,
        story: page.story,
        policies: page.policies,
        country: input.country,
        city: page.city,
        contact_email: page.contact_email,
        logo_url: None,
        banner_url: None,
        status: VendorStatus::Applied,
        status_reason: None,
        commission_bp: app.default_commission_bp,
        refused_methods: Vec::new(),
        owner_count: 1,
        member_count: 1,
        approved_at: None,
        created_at: now,
        version: 1,
    })
}

/// Stores the vendor under the first slug that is free: `blue-mug`, `blue-mug-2` …
async fn insert(tx: &mut Tx, vendor: &Vendor, random: &dyn Random) -> Result<Vendor> {
    let numbered = (2..=NUMBERED).map(|n| vendor.slug.numbered(n));
    let random_end = u32::try_from(100_000 + random.below(900_000)).unwrap_or(u32::MAX);
    let slugs = std::iter::once(vendor.slug.clone()).chain(numbered).chain([vendor.slug.numbered(random_end)]);
    for slug in slugs {
        let vendor = Vendor { slug, ..vendor.clone() };
        if store::insert(tx, &vendor).await? {
            return Ok(vendor);
        }
    }
    Err(Error::conflict("name_taken", "Many stores have this name. Choose another."))
}
