//! Routes of price lists, and of the groups of customers that they are for.

use axum::{Json, extract::State, http::StatusCode};
use contracts::price_lists::{CustomerGroup, GroupsOfCustomer, PriceListInput, PriceListView};
use kernel::{AccountId, Page, PageRequest, PriceListId, Slug, VendorId, VendorRole};
use souk_http::{
    Answer, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, created, delete, get, no_content, post, put,
};

use super::App;
use crate::{
    Pricing,
    ops::{groups, price_lists},
    store,
};

const CREATED: &str = "Customers of the group get its prices within the period, wherever that is less than what everybody \
    pays: discounts are not taken off them. Of several lists the lowest price counts. A list may be in any currency of the shop; in \
    quotes of that currency it takes the place of lists in others.";

pub(super) fn routes() -> Routes<std::sync::Arc<Pricing>> {
    of_vendors().extend(of_admins())
}

fn of_vendors() -> Routes<std::sync::Arc<Pricing>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("pricing")
        .add(
            get("/api/v1/vendors/{vendor_id}/customer-groups", list_groups_for_vendor)
                .policy(staff)
                .doc("Groups of customers", "For which a vendor can make price lists.")
                .returns::<Vec<CustomerGroup>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/price-lists", list)
                .policy(staff)
                .doc("List a vendor's price lists", "Newest first.")
                .returns::<Page<PriceListView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/price-lists", create)
                .policy(staff)
                .doc("Create a price list", CREATED)
                .returns::<PriceListView>(201),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/price-lists/{id}", get_one)
                .policy(staff)
                .doc("Read a price list", "With its version as `ETag`.")
                .returns::<PriceListView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/price-lists/{id}", update)
                .policy(staff)
                .doc("Change a price list", "Counts for quotes made from now on.")
                .returns::<PriceListView>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/price-lists/{id}", remove)
                .policy(staff)
                .doc("Remove a price list", "Orders keep the prices they were placed at.")
                .returns_empty(204),
        )
}

fn of_admins() -> Routes<std::sync::Arc<Pricing>> {
    Routes::new("pricing")
        .add(
            get("/api/v1/admin/customer-groups", list_groups)
                .policy(Policy::Admin)
                .doc("List groups of customers", "By key, at most 100.")
                .returns::<Vec<CustomerGroup>>(200),
        )
        .add(
            put("/api/v1/admin/customer-groups/{key}", set_group)
                .policy(Policy::Admin)
                .doc("Add or rename a group of customers", "Vendors make price lists for it.")
                .returns::<CustomerGroup>(200),
        )
        .add(
            delete("/api/v1/admin/customer-groups/{key}", delete_group)
                .policy(Policy::Admin)
                .doc("Remove a group of customers", "Unless a price list is for it.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/admin/customers/{account_id}/groups", groups_of)
                .policy(Policy::Admin)
                .doc("The groups of a customer", "By key.")
                .returns::<GroupsOfCustomer>(200),
        )
        .add(
            put("/api/v1/admin/customers/{account_id}/groups", assign)
                .policy(Policy::Admin)
                .doc("Put a customer into groups", "Exactly these; counts for quotes made from now on.")
                .returns::<GroupsOfCustomer>(200),
        )
}

async fn list_groups_for_vendor(State(app): App, Scope(_): Scope) -> Answer<Json<Vec<CustomerGroup>>> {
    Ok(Json(store::groups::all(&app.db).await?))
}

async fn list(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<PriceListView>>> {
    Ok(Json(price_lists::list(&app, &scope, &page).await?))
}

async fn create(
    State(app): App,
    Scope(scope): Scope,
    Body(input): Body<PriceListInput>,
) -> Answer<(StatusCode, Json<PriceListView>)> {
    Ok(created(price_lists::create(&app, scope, input).await?))
}

async fn get_one(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, PriceListId)>,
) -> Answer<Versioned<PriceListView>> {
    let view = store::price_lists::get(&app.db, &scope, id).await?.view(app.clock.now());
    Ok(Versioned(view.version, view))
}

async fn update(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, PriceListId)>,
    seen: IfMatch,
    Body(input): Body<PriceListInput>,
) -> Answer<Versioned<PriceListView>> {
    let view = price_lists::update(&app, scope, id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn remove(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, PriceListId)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    price_lists::delete(&app, scope, id, seen).await?;
    Ok(no_content())
}

async fn list_groups(State(app): App) -> Answer<Json<Vec<CustomerGroup>>> {
    Ok(Json(store::groups::all(&app.db).await?))
}

async fn set_group(
    State(app): App,
    Path(key): Path<Slug>,
    Body(group): Body<CustomerGroup>,
) -> Answer<Json<CustomerGroup>> {
    Ok(Json(groups::set_group(&app, key, group).await?))
}

async fn delete_group(State(app): App, Path(key): Path<Slug>) -> Answer<StatusCode> {
    groups::delete_group(&app, key).await?;
    Ok(no_content())
}

async fn groups_of(State(app): App, Path(account): Path<AccountId>) -> Answer<Json<GroupsOfCustomer>> {
    Ok(Json(GroupsOfCustomer { groups: store::groups::of_account(&app.db, account).await? }))
}

async fn assign(
    State(app): App,
    Path(account): Path<AccountId>,
    Body(wanted): Body<GroupsOfCustomer>,
) -> Answer<Json<GroupsOfCustomer>> {
    Ok(Json(groups::assign(&app, account, wanted).await?))
}
