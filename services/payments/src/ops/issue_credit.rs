//! An admin gives stored value: a gift card, or store credit to an account. Posted with it, once per key.

use std::sync::Arc;

use contracts::credits::{CreditKind, GiftCardIssued, GiftCardLetter, IssueCredit, IssuedCredit};
use db::Tx;
use kernel::{AccountId, CreditId, EntryId, Kind, Money, Result, Secret};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use crate::{
    Payments,
    error::CreditError,
    ledger,
    model::credits::{Credit, grouped, hash_of, last4, store_credit_id},
    store::{self, NewMovement},
};

/// Gives it. The answer is stored without the code, which is derived again for each answer.
///
/// # Errors
/// 422 for what does not fit the kind, or for an account that there is not.
pub async fn issue_credit(app: &Arc<Payments>, key: IdempotencyKey, input: IssueCredit) -> Result<StoredAnswer> {
    if let Some(answer) = idempotency::find(&app.db, &key).await? {
        return with_code(app, answer);
    }
    let owner = checked(app, &input).await?;
    let (this, card, entry) = (app.clone(), CreditId::new(&app.ids), EntryId::new(&app.ids));
    let answer = app
        .db
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let amount = Money::new(input.amount_minor, input.currency);
            let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
            let id = match owner {
                Some(account) => {
                    let id = store_credit_id(account, amount.currency);
                    store::add_store_credit(tx, id, account, amount, note, now).await?;
                    id
                }
                None => {
                    give_card(&this, tx, card, &input, note).await?;
                    card
                }
            };
            store::post(tx, &ledger::credits::issued(entry, id, input.kind, amount)?, now).await?;
            let movement = NewMovement {
                credit_id: id,
                kind: "issued",
                about: &entry.to_string(),
                order_id: None,
                balance_change: amount.amount_minor,
                held_change: 0,
                reason: None,
            };
            store::add_movement(tx, &movement, now).await?;
            let credit = store::lock_credit(tx, id).await?.ok_or(CreditError::NotFound)?;
            let code = owner.is_none().then(Secret::default);
            idempotency::store(tx, &key, 201, &IssuedCredit { code, credit: credit.view(now) }).await
        })
        .await?;
    with_code(app, answer)
}

/// Whose store credit it is; none for a gift card.
async fn checked(app: &Payments, input: &IssueCredit) -> Result<Option<AccountId>> {
    let misfit = |field, reason| -> Result<Option<AccountId>> { Err(CreditError::Misfit(field, reason).into()) };
    match (input.kind, input.account_id) {
        (CreditKind::GiftCard, Some(_)) => misfit("account_id", "A gift card belongs to whoever has its code."),
        (CreditKind::GiftCard, None) if !has_words(input.language.as_deref()) => {
            misfit("language", "Mails are not written in this language.")
        }
        (CreditKind::GiftCard, None) => match input.expires_at {
            Some(at) if at <= app.clock.now() => misfit("expires_at", "Choose a day that is still to come."),
            _ => Ok(None),
        },
        (CreditKind::StoreCredit, None) => misfit("account_id", "Say whose store credit it is."),
        (CreditKind::StoreCredit, Some(_)) if input.expires_at.is_some() => {
            misfit("expires_at", "Store credit does not expire.")
        }
        (CreditKind::StoreCredit, Some(_)) if input.email.is_some() => {
            misfit("email", "Store credit is on the page of its account; there is no code to send.")
        }
        (CreditKind::StoreCredit, Some(_)) if input.language.is_some() => {
            misfit("language", "Nobody is written to about store credit.")
        }
        (CreditKind::StoreCredit, Some(account)) => match app.identity.contact(&app.myself, account).await {
            Ok(_) => Ok(Some(account)),
            Err(error) if error.is(Kind::NotFound) => misfit("account_id", "There is no such account."),
            Err(error) => Err(error),
        },
    }
}

fn has_words(language: Option<&str>) -> bool {
    language.is_none_or(|tag| words::languages().find(tag).is_some())
}

async fn give_card(
    app: &Arc<Payments>,
    tx: &mut Tx,
    id: CreditId,
    input: &IssueCredit,
    note: Option<&str>,
) -> Result<()> {
    let (code, amount) = (app.code_of(id), Money::new(input.amount_minor, input.currency));
    let card = Credit {
        id,
        kind: CreditKind::GiftCard,
        last4: Some(last4(&code)),
        account_id: None,
        balance: amount,
        held: Money::zero(amount.currency),
        issued: amount,
        expires_at: input.expires_at,
        is_blocked: false,
        email: input.email.clone(),
        note: note.map(str::to_owned),
        created_at: app.clock.now(),
    };
    store::insert_gift_card(tx, &card, &hash_of(&code)).await?;
    if card.email.is_some() {
        let language = words::of(input.language.as_deref()).other().map(str::to_owned);
        app.outbox.publish(tx, &GiftCardIssued { credit_id: id, language }).await?;
    }
    Ok(())
}

fn with_code(app: &Payments, answer: StoredAnswer) -> Result<StoredAnswer> {
    let mut issued: IssuedCredit = serde_json::from_str(&answer.body)?;
    issued.code = issued.code.map(|_| Secret::new(grouped(&app.code_of(issued.credit.id))));
    Ok(StoredAnswer { body: serde_json::to_string(&issued)?, ..answer })
}

/// What the mail with a gift card says.
///
/// # Errors
/// Not found if nobody gets one.
pub async fn gift_card_letter(app: &Payments, id: CreditId) -> Result<GiftCardLetter> {
    let card = store::read_credit(&app.db, id).await?.ok_or(CreditError::NotFound)?;
    let email = card.email.ok_or(CreditError::NotFound)?;
    let code = Secret::new(grouped(&app.code_of(id)));
    Ok(GiftCardLetter { email, code, amount: card.issued, expires_at: card.expires_at })
}
