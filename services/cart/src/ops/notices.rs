//! Telling people without an account that something is back: asked for, confirmed by a link, told once, forgotten.

use std::sync::Arc;

use contracts::{
    cart::{AskNotice, NoticeView},
    notifications::Template,
};
use db::Tx;
use kernel::{Email, Result, Secret};

use super::add_line::on_sale;
use crate::{
    Carts,
    error::CartError,
    jobs::{MAIL, Mail, TELL_BACK},
    model::{
        Item,
        key::TokenHash,
        notice::{CONFIRM_WITHIN, MAILS_WITHIN, Notice, named, stop_token},
    },
    store::{self, notices},
};

/// Has a mail sent with a link that confirms the notice. The answer is the same whether it is new, is known already, or
/// the address had enough mails: who asks learns nothing of it. It is written to in this language, in English without.
pub(crate) async fn ask(app: &Arc<Carts>, wanted: AskNotice, language: Option<&'static str>) -> Result<()> {
    let item = on_sale(app, wanted.variant_id).await?;
    if item.stock.available() {
        return Err(CartError::CanBeHad.into());
    }
    let token = app.random.token();
    let stop = stop_token(&app.notice_secret, &wanted.email);
    let notice = Notice {
        email: wanted.email,
        confirm_hash: TokenHash::of(&Secret::new(&token)),
        stop_hash: TokenHash::of(&stop),
        language: language.map(str::to_owned),
    };
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            if !notices::count_mail(tx, &notice.stop_hash, now.minus(MAILS_WITHIN), now).await?
                || !notices::put(tx, item.variant_id, &notice, now).await?
            {
                return Ok(());
            }
            let template = Template::ConfirmNotice {
                what: named(&item),
                path: format!("/notices/confirm?token={token}"),
                stop: stop_path(&stop),
            };
            let mail = Mail { email: notice.email.clone(), template, language: notice.language.clone() };
            this.jobs.enqueue(tx, MAIL, &format!("confirm:{}", notice.confirm_hash.0), &mail).await
        })
        .await
}

/// Confirms a notice by the link from its mail.
pub(crate) async fn confirm(app: &Arc<Carts>, token: Secret) -> Result<NoticeView> {
    let (this, hash) = (app.clone(), TokenHash::of(&token));
    app.db
        .write(async move |tx| {
            let since = this.clock.now().minus(CONFIRM_WITHIN);
            let variant = notices::of_link(tx, &hash, since).await?.ok_or(CartError::NoSuchNotice)?;
            // Held, so that news of its return come either before this or to this notice too.
            store::copies::hold_level(tx, variant).await?;
            notices::confirm(tx, &hash).await?;
            let item = store::read::item_in(tx, variant).await?.ok_or(CartError::NoSuchNotice)?;
            if item.stock.available() {
                this.jobs.enqueue(tx, TELL_BACK, &variant.to_string(), &variant).await?;
            }
            Ok(NoticeView { variant_id: variant, title: named(&item), product_slug: item.product_slug })
        })
        .await
}

/// Ends all notices to the address of the link. It is no mistake if there are none.
pub(crate) async fn stop(app: &Arc<Carts>, token: Secret) -> Result<()> {
    let hash = TokenHash::of(&token);
    app.db.write(async move |tx| notices::stop(tx, &hash).await).await
}

/// Writes to an address that what it waited for is back. It is no longer kept here.
pub(crate) async fn tell(app: &Carts, tx: &mut Tx, item: &Item, email: Email, language: Option<String>) -> Result<()> {
    let template = Template::BackInStock {
        what: named(item),
        path: format!("/p/{}?variant={}", item.product_slug, item.variant_id),
        stop: stop_path(&stop_token(&app.notice_secret, &email)),
    };
    let key = format!("back:{}", app.ids.uuid());
    app.jobs.enqueue(tx, MAIL, &key, &Mail { email, template, language }).await
}

fn stop_path(token: &Secret) -> String {
    format!("/notices/stop?token={}", token.expose())
}
