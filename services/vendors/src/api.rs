//! Routes.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::vendors::{
    AddMember, ApplyAsVendor, Decision as DecisionInput, MemberView, RefusedMethods, StoreView, Terms, UpdateStore,
    VendorQuery, VendorView,
};
use kernel::{AccountId, Page, PageRequest, VendorId, VendorRole, VendorScope};
use souk_http::{
    Answer, Auth, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, created, delete, get, no_content, post,
    put,
};

use crate::{App, model::Decision, ops};

type Here = State<Arc<App>>;

pub(crate) fn routes() -> Routes<Arc<App>> {
    Routes::new("vendors").extend(public()).extend(members()).extend(admin())
}

fn public() -> Routes<Arc<App>> {
    Routes::new("vendors")
        .add(
            post("/api/v1/vendors", apply)
                .policy(Policy::Account)
                .doc(
                    "Apply for a store",
                    "The account logged in becomes its owner: the next access token says so, so renew the tokens. The store can \
                     be prepared at once and is visible once an admin has approved it. 409 `too_many_stores` after 5.",
                )
                .returns::<VendorView>(201),
        )
        .add(
            get("/api/v1/stores", list_stores)
                .policy(Policy::Public)
                .doc("List stores", "Those that are open, by name.")
                .returns::<Page<StoreView>>(200),
        )
        .add(
            get("/api/v1/stores/{slug}", view_store)
                .policy(Policy::Public)
                .doc("A store's page", "If it is open.")
                .returns::<StoreView>(200),
        )
        .add(
            get("/api/v1/me/vendors", my_vendors)
                .policy(Policy::Account)
                .doc("Own stores", "Those the account logged in belongs to, open or not; at most 100.")
                .returns::<Vec<VendorView>>(200),
        )
}

fn members() -> Routes<Arc<App>> {
    Routes::new("vendors")
        .add(
            get("/api/v1/vendors/{vendor_id}", view_vendor)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("A store, for its members", "With status and terms.")
                .returns::<VendorView>(200),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}", update_store)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc("Change the store page", "Pictures are uploaded first; here goes the address they were given. The slug stays.")
                .returns::<VendorView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/members", list_members)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("List members", "The first first; at most 50.")
                .returns::<Vec<MemberView>>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/members", add_member)
                .policy(Policy::Vendor(VendorRole::Owner))
                .doc(
                    "Add a member",
                    "By the verified e-mail address of an account. Who is a member already gets the other role; 409 `last_owner` \
                     if the store would be left without one, `already_member` if nothing would change.",
                )
                .returns::<MemberView>(201),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/members/{account_id}", remove_member)
                .policy(Policy::Vendor(VendorRole::Staff))
                .doc("Remove a member", "Owners remove anybody, staff only themselves. 409 `last_owner`: a store keeps one.")
                .returns_empty(204),
        )
}

fn admin() -> Routes<Arc<App>> {
    Routes::new("vendors")
        .add(
            get("/api/v1/admin/vendors", list_vendors)
                .policy(Policy::Admin)
                .doc("List vendors", "Newest first, by status and part of the name.")
                .returns::<Page<VendorView>>(200),
        )
        .add(
            get("/api/v1/admin/vendors/{vendor_id}", one_vendor)
                .policy(Policy::Admin)
                .doc("One vendor", "Whatever its status.")
                .returns::<VendorView>(200),
        )
        .add(
            get("/api/v1/admin/vendors/{vendor_id}/members", members_of)
                .policy(Policy::Admin)
                .doc("Members of a vendor", "The first first; at most 50.")
                .returns::<Vec<MemberView>>(200),
        )
        .add(
            post("/api/v1/admin/vendors/{vendor_id}/approve", approve)
                .policy(Policy::Admin)
                .doc(
                    "Approve",
                    "An application, a suspended store or one that was turned down: it is open from now on.",
                )
                .returns::<VendorView>(200),
        )
        .add(
            post("/api/v1/admin/vendors/{vendor_id}/reject", reject)
                .policy(Policy::Admin)
                .doc("Turn down", "An application. Its owner reads the reason.")
                .returns::<VendorView>(200),
        )
        .add(
            post("/api/v1/admin/vendors/{vendor_id}/suspend", suspend)
                .policy(Policy::Admin)
                .doc("Suspend", "An open store: its products are hidden, its orders are still to be fulfilled.")
                .returns::<VendorView>(200),
        )
        .add(
            put("/api/v1/admin/vendors/{vendor_id}/terms", set_terms)
                .policy(Policy::Admin)
                .doc("Set the commission", "For sales from now on.")
                .returns::<VendorView>(200),
        )
        .add(
            put("/api/v1/admin/vendors/{vendor_id}/payment-methods", set_refused_methods)
                .policy(Policy::Admin)
                .doc(
                    "Set which ways to pay are not offered",
                    "For carts with anything of this vendor, from the next quote on. Orders that are placed keep their way.",
                )
                .returns::<VendorView>(200),
        )
}

fn versioned(view: VendorView) -> Versioned<VendorView> {
    Versioned(view.version, view)
}

async fn apply(
    State(app): Here,
    Auth(who): Auth,
    Body(input): Body<ApplyAsVendor>,
) -> Answer<(StatusCode, Json<VendorView>)> {
    Ok(created(ops::apply(&app, who.account_id, input).await?))
}

async fn list_stores(State(app): Here, Query(page): Query<PageRequest>) -> Answer<Json<Page<StoreView>>> {
    Ok(Json(ops::list_stores(&app, page).await?))
}

async fn view_store(State(app): Here, Path(slug): Path<String>) -> Answer<Json<StoreView>> {
    Ok(Json(ops::view_store(&app, &slug).await?))
}

async fn my_vendors(State(app): Here, Auth(who): Auth) -> Answer<Json<Vec<VendorView>>> {
    Ok(Json(ops::my_vendors(&app, who.account_id).await?))
}

async fn view_vendor(State(app): Here, Scope(scope): Scope) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::view_vendor(&app, &scope).await?))
}

async fn update_store(
    State(app): Here,
    Scope(scope): Scope,
    seen: IfMatch,
    Body(input): Body<UpdateStore>,
) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::update_store(&app, scope, seen, input).await?))
}

async fn list_members(State(app): Here, Scope(scope): Scope) -> Answer<Json<Vec<MemberView>>> {
    Ok(Json(ops::list_members(&app, &scope).await?))
}

async fn add_member(
    State(app): Here,
    Scope(scope): Scope,
    Body(input): Body<AddMember>,
) -> Answer<(StatusCode, Json<MemberView>)> {
    Ok(created(ops::add_member(&app, scope, input).await?))
}

async fn remove_member(
    State(app): Here,
    Scope(scope): Scope,
    Auth(who): Auth,
    Path((_, account_id)): Path<(VendorId, AccountId)>,
) -> Answer<StatusCode> {
    ops::remove_member(&app, scope, who.account_id, account_id).await?;
    Ok(no_content())
}

async fn list_vendors(State(app): Here, Query(query): Query<VendorQuery>) -> Answer<Json<Page<VendorView>>> {
    Ok(Json(ops::list_vendors(&app, query).await?))
}

/// Admins act for the platform, which every vendor belongs to.
fn platform_scope(vendor_id: VendorId) -> VendorScope {
    VendorScope::of_system(vendor_id)
}

async fn members_of(State(app): Here, Path(id): Path<VendorId>) -> Answer<Json<Vec<MemberView>>> {
    let scope = platform_scope(id);
    ops::view_vendor(&app, &scope).await?;
    Ok(Json(ops::list_members(&app, &scope).await?))
}

async fn one_vendor(State(app): Here, Path(id): Path<VendorId>) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::view_vendor(&app, &platform_scope(id)).await?))
}

async fn approve(
    State(app): Here,
    Path(id): Path<VendorId>,
    Body(input): Body<DecisionInput>,
) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::decide(&app, platform_scope(id), Decision::Approve, input.reason).await?))
}

async fn reject(
    State(app): Here,
    Path(id): Path<VendorId>,
    Body(input): Body<DecisionInput>,
) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::decide(&app, platform_scope(id), Decision::Reject, input.reason).await?))
}

async fn suspend(
    State(app): Here,
    Path(id): Path<VendorId>,
    Body(input): Body<DecisionInput>,
) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::decide(&app, platform_scope(id), Decision::Suspend, input.reason).await?))
}

async fn set_terms(
    State(app): Here,
    Path(id): Path<VendorId>,
    seen: IfMatch,
    Body(input): Body<Terms>,
) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::set_terms(&app, platform_scope(id), seen, input).await?))
}

async fn set_refused_methods(
    State(app): Here,
    Path(id): Path<VendorId>,
    seen: IfMatch,
    Body(input): Body<RefusedMethods>,
) -> Answer<Versioned<VendorView>> {
    Ok(versioned(ops::set_refused_methods(&app, platform_scope(id), seen, input).await?))
}
