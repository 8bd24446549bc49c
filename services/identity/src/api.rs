//! Routes.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use contracts::identity::*;
use kernel::{AccountId, AddressId, Page, SessionId};
use souk_http::{
    Answer, Auth, Body, ClientInfo, IfMatch, InLanguage, Path, Policy, Query, Routes, Versioned, created, delete, get,
    no_content, post, put,
};

use crate::{app::App, model::REVOCATION_WINDOW, ops, store};

type Here = State<Arc<App>>;

pub(crate) fn routes() -> Routes<Arc<App>> {
    Routes::new("identity")
        .extend(accounts())
        .extend(sessions())
        .extend(own())
        .extend(addresses())
        .extend(admin())
        .extend(internal())
}

fn accounts() -> Routes<Arc<App>> {
    Routes::new("identity")
        .add(
            post("/api/v1/accounts", register)
                .policy(Policy::Public)
                .doc(
                    "Open an account",
                    "Mails a link that verifies the address. 409 `email_taken` if the address has an account: a form that \
                     cannot say so helps nobody, requests are limited, and the owner of the address is told by mail. Without \
                     `locale` it is written to in the language of the request.",
                )
                .returns::<AccountView>(201),
        )
        .add(
            post("/api/v1/setup", set_up_admin)
                .policy(Policy::Public)
                .doc("Create the first admin", "By the link that the program prints while there is no admin. Works once.")
                .returns::<AccountView>(201),
        )
        .add(
            post("/api/v1/accounts/verify", verify_email)
                .policy(Policy::Public)
                .doc("Verify an e-mail address", "By the token of the link in the mail: 48 hours, once. 422 `link_invalid` otherwise.")
                .returns::<AccountView>(200),
        )
        .add(
            post("/api/v1/password-resets", request_reset)
                .policy(Policy::Public)
                .doc("Ask for a link to set a new password", "The answer is the same whether the address has an account or not.")
                .returns_empty(204),
        )
        .add(
            post("/api/v1/password-resets/complete", reset_password)
                .policy(Policy::Public)
                .doc(
                    "Set a new password by a link",
                    "30 minutes, once; 422 `link_invalid` otherwise. Ends all sessions of the account and tells its owner by mail.",
                )
                .returns_empty(204),
        )
}

fn sessions() -> Routes<Arc<App>> {
    Routes::new("identity")
        .add(
            post("/api/v1/sessions", log_in)
                .policy(Policy::Public)
                .doc(
                    "Log in",
                    "Opens a session. 401 `wrong_credentials` whether the address or the password is wrong; after five wrong \
                     attempts 429 with `Retry-After`, longer each time.",
                )
                .returns::<Tokens>(201),
        )
        .add(
            post("/api/v1/sessions/refresh", refresh)
                .policy(Policy::Public)
                .doc(
                    "Renew the tokens",
                    "A refresh token works once. One that comes a second time ends its session, since somebody has copied it: \
                     a client renews one request at a time. A session ends after 14 days without use, and after 90 days.",
                )
                .returns::<Tokens>(200),
        )
        .add(
            delete("/api/v1/sessions/current", log_out)
                .policy(Policy::Account)
                .doc("Log out", "Ends the session asking.")
                .returns_empty(204),
        )
        .add(
            get("/api/v1/sessions", list_sessions)
                .policy(Policy::Account)
                .doc("List open sessions", "Of the account logged in, last used first; at most 100.")
                .returns::<Vec<SessionView>>(200),
        )
        .add(
            delete("/api/v1/sessions/{id}", end_session)
                .policy(Policy::Account)
                .doc("End a session", "One of the account logged in.")
                .returns_empty(204),
        )
}

fn own() -> Routes<Arc<App>> {
    Routes::new("identity")
        .add(
            get("/api/v1/me", me)
                .policy(Policy::Account)
                .doc("The account logged in", "With its roles and the stores it belongs to.")
                .returns::<AccountView>(200),
        )
        .add(
            put("/api/v1/me", update_profile)
                .policy(Policy::Account)
                .doc("Change the profile", "Name, telephone, language.")
                .returns::<AccountView>(200),
        )
        .add(
            put("/api/v1/me/password", change_password)
                .policy(Policy::Account)
                .doc("Change the password", "Takes the one now. Ends all other sessions and tells the owner by mail.")
                .returns_empty(204),
        )
        .add(
            post("/api/v1/me/erasure", erase)
                .policy(Policy::Account)
                .doc(
                    "Erase the account",
                    "For good, after the password was typed again: name, addresses, log-ins and what other parts of the \
                     marketplace keep of the person; invoices stay for as long as the law demands, without the account. \
                     409 `orders_under_way`, `returns_open`, `store_credit_left`, `last_admin` or `only_owner` while that \
                     stands against it. The address can register anew.",
                )
                .returns_empty(204),
        )
        .add(
            post("/api/v1/me/verification-mail", resend_verification)
                .policy(Policy::Account)
                .doc(
                    "Mail a new verification link",
                    "Nothing happens if the address is verified; 429 after three mails in 15 minutes.",
                )
                .returns_empty(204),
        )
}

fn addresses() -> Routes<Arc<App>> {
    Routes::new("identity")
        .add(
            get("/api/v1/me/addresses", list_addresses)
                .policy(Policy::Account)
                .doc("Address book", "The default first; at most 50.")
                .returns::<Vec<AddressView>>(200),
        )
        .add(
            post("/api/v1/me/addresses", add_address)
                .policy(Policy::Account)
                .doc(
                    "Add an address",
                    "A new default takes the place of the old one. 409 `address_book_full` after 50.",
                )
                .returns::<AddressView>(201),
        )
        .add(
            put("/api/v1/me/addresses/{id}", update_address)
                .policy(Policy::Account)
                .doc("Change an address", "A new default takes the place of the old one.")
                .returns::<AddressView>(200),
        )
        .add(
            delete("/api/v1/me/addresses/{id}", remove_address)
                .policy(Policy::Account)
                .doc("Remove an address", "Orders keep the address they were placed with.")
                .returns_empty(204),
        )
}

fn admin() -> Routes<Arc<App>> {
    Routes::new("identity")
        .add(
            get("/api/v1/admin/accounts", list_accounts)
                .policy(Policy::Admin)
                .doc("List accounts", "Newest first; `q` is looked for in name and e-mail.")
                .returns::<Page<AccountView>>(200),
        )
        .add(
            get("/api/v1/admin/accounts/{id}", one_account)
                .policy(Policy::Admin)
                .doc("One account", "With its roles and the stores it belongs to.")
                .returns::<AccountView>(200),
        )
        .add(
            put("/api/v1/admin/accounts/{id}/roles", set_roles)
                .policy(Policy::Admin)
                .doc(
                    "Set roles, or close the account",
                    "Ends the account's sessions if anything changes, and is written to the audit log. Nobody takes the admin \
                     role from themselves, nor grants a role they lack.",
                )
                .returns::<AccountView>(200),
        )
        .add(
            post("/api/v1/admin/accounts/{id}/erasure", erase_for_owner)
                .policy(Policy::Admin)
                .doc(
                    "Erase somebody's account",
                    "As its owner could, and refused for the same reasons. Written to the audit log with the reason.",
                )
                .returns_empty(204),
        )
        .add(
            get("/.well-known/jwks.json", jwks)
                .policy(Policy::Public)
                .doc("Public keys", "They verify access tokens (RFC 7517). The first signs.")
                .returns::<Jwks>(200),
        )
}

fn internal() -> Routes<Arc<App>> {
    Routes::new("identity")
        .add(get("/internal/identity/revocations", revocations).policy(Policy::Service))
        .add(get("/internal/identity/accounts/{id}/contact", contact).policy(Policy::Service))
        .add(post("/internal/identity/accounts/{id}/password-check", confirm_password).policy(Policy::Service))
        .add(post("/internal/identity/contacts", contact_by_email).policy(Policy::Service))
        .add(post("/internal/identity/contacts/of-accounts", contacts).policy(Policy::Service))
}

async fn register(
    State(app): Here,
    language: InLanguage,
    Body(mut input): Body<Register>,
) -> Answer<(StatusCode, Json<AccountView>)> {
    // Who says nothing of a language has asked in one.
    input.locale = input.locale.or(language.other().map(str::to_owned));
    Ok(created(ops::register(&app, input).await?))
}

async fn set_up_admin(State(app): Here, Body(input): Body<SetUpAdmin>) -> Answer<(StatusCode, Json<AccountView>)> {
    Ok(created(ops::set_up_admin(&app, input).await?))
}

async fn verify_email(State(app): Here, Body(input): Body<VerifyEmail>) -> Answer<Json<AccountView>> {
    Ok(Json(ops::verify_email(&app, input).await?))
}

async fn request_reset(State(app): Here, Body(input): Body<EmailOnly>) -> Answer<StatusCode> {
    ops::request_reset(&app, input).await?;
    Ok(no_content())
}

async fn reset_password(State(app): Here, Body(input): Body<ResetPassword>) -> Answer<StatusCode> {
    ops::reset_password(&app, input).await?;
    Ok(no_content())
}

async fn log_in(State(app): Here, client: ClientInfo, Body(input): Body<Login>) -> Answer<(StatusCode, Json<Tokens>)> {
    Ok(created(ops::log_in(&app, input, client.user_agent).await?))
}

async fn refresh(State(app): Here, Body(input): Body<Refresh>) -> Answer<Json<Tokens>> {
    Ok(Json(ops::refresh(&app, input).await?))
}

async fn log_out(State(app): Here, Auth(who): Auth) -> Answer<StatusCode> {
    ops::log_out(&app, &who).await?;
    Ok(no_content())
}

async fn list_sessions(State(app): Here, Auth(who): Auth) -> Answer<Json<Vec<SessionView>>> {
    Ok(Json(store::sessions::list(&app.db, who.account_id, who.session_id, app.clock.now()).await?))
}

async fn end_session(State(app): Here, Auth(who): Auth, Path(id): Path<SessionId>) -> Answer<StatusCode> {
    ops::end_session(&app, who.account_id, id).await?;
    Ok(no_content())
}

async fn me(State(app): Here, Auth(who): Auth) -> Answer<Versioned<AccountView>> {
    let view = ops::view_account(&app, who.account_id).await?;
    Ok(Versioned(view.version, view))
}

async fn update_profile(
    State(app): Here,
    Auth(who): Auth,
    seen: IfMatch,
    Body(input): Body<UpdateProfile>,
) -> Answer<Versioned<AccountView>> {
    let view = ops::update_profile(&app, who.account_id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn change_password(State(app): Here, Auth(who): Auth, Body(input): Body<ChangePassword>) -> Answer<StatusCode> {
    ops::change_password(&app, &who, input).await?;
    Ok(no_content())
}

async fn erase(State(app): Here, Auth(who): Auth, Body(input): Body<EraseAccount>) -> Answer<StatusCode> {
    ops::erase_own(&app, &who, input).await?;
    Ok(no_content())
}

async fn erase_for_owner(
    State(app): Here,
    Auth(who): Auth,
    Path(id): Path<AccountId>,
    Body(input): Body<EraseForOwner>,
) -> Answer<StatusCode> {
    ops::erase_for_owner(&app, &who, id, input).await?;
    Ok(no_content())
}

async fn resend_verification(State(app): Here, Auth(who): Auth) -> Answer<StatusCode> {
    ops::resend_verification(&app, who.account_id).await?;
    Ok(no_content())
}

async fn list_addresses(State(app): Here, Auth(who): Auth) -> Answer<Json<Vec<AddressView>>> {
    Ok(Json(store::addresses::list(&app.db, who.account_id).await?))
}

async fn add_address(
    State(app): Here,
    Auth(who): Auth,
    Body(input): Body<AddressInput>,
) -> Answer<(StatusCode, Json<AddressView>)> {
    Ok(created(ops::add_address(&app, who.account_id, input).await?))
}

async fn update_address(
    State(app): Here,
    Auth(who): Auth,
    Path(id): Path<AddressId>,
    Body(input): Body<AddressInput>,
) -> Answer<Json<AddressView>> {
    Ok(Json(ops::update_address(&app, who.account_id, id, input).await?))
}

async fn remove_address(State(app): Here, Auth(who): Auth, Path(id): Path<AddressId>) -> Answer<StatusCode> {
    ops::remove_address(&app, who.account_id, id).await?;
    Ok(no_content())
}

async fn list_accounts(State(app): Here, Query(query): Query<AccountQuery>) -> Answer<Json<Page<AccountView>>> {
    Ok(Json(ops::list_accounts(&app, query).await?))
}

async fn one_account(State(app): Here, Path(id): Path<AccountId>) -> Answer<Versioned<AccountView>> {
    let view = ops::view_account(&app, id).await?;
    Ok(Versioned(view.version, view))
}

async fn set_roles(
    State(app): Here,
    Auth(who): Auth,
    Path(id): Path<AccountId>,
    seen: IfMatch,
    Body(input): Body<SetRoles>,
) -> Answer<Versioned<AccountView>> {
    let view = ops::set_roles(&app, &who, id, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn jwks(State(app): Here) -> Answer<Json<Jwks>> {
    Ok(Json(app.keys.jwks().await?))
}

async fn revocations(State(app): Here) -> Answer<Json<Revocations>> {
    let since = app.clock.now().minus(REVOCATION_WINDOW);
    Ok(Json(Revocations { sessions: store::sessions::ended_since(&app.db, since).await? }))
}

async fn contact(State(app): Here, Path(id): Path<AccountId>) -> Answer<Json<Contact>> {
    Ok(Json(ops::contact(&app, id).await?))
}

async fn confirm_password(
    State(app): Here,
    Path(id): Path<AccountId>,
    Body(input): Body<ConfirmPassword>,
) -> Answer<StatusCode> {
    ops::confirm_password(&app, id, &input.password).await?;
    Ok(no_content())
}

async fn contact_by_email(State(app): Here, Body(input): Body<EmailOnly>) -> Answer<Json<Contact>> {
    Ok(Json(ops::contact_by_email(&app, &input.email).await?))
}

async fn contacts(State(app): Here, Body(input): Body<AccountIds>) -> Answer<Json<Vec<Contact>>> {
    Ok(Json(ops::contacts(&app, &input.ids).await?))
}
