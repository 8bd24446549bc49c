use contracts::orders::{AskedBy, PlacedOrder, ReturnKind, ReturnStatus, ReturnView, VendorOrderView};
use kernel::{AccountId, CreditId, Error, Money, OrderId, Result, ReturnId, VendorId};
use words::Words;

use crate::{
    Notifications,
    jobs::Occasion,
    letters,
    model::{Letter, Rendered},
    store::{self, Envelope},
};

/// Letters with their recipients.
type Post = Vec<(Envelope, Rendered)>;

/// The letters of an occasion. `key` is the occasion's: each recipient gets one letter for it.
pub async fn compose(app: &Notifications, occasion: &Occasion, key: &str) -> Result<Post> {
    let url = app.public_url.as_str();
    match occasion {
        Occasion::Made { order_id, pay_by } => {
            let order = order(app, *order_id).await?;
            to_buyer(app, &order, letters::made(&order, *pay_by, url), key)
        }
        Occasion::Paid { order_id } => paid(app, *order_id, key).await,
        Occasion::Rejected { order_id } => {
            let order = order(app, *order_id).await?;
            to_buyer(app, &order, letters::rejected(&order, url), key)
        }
        Occasion::Cancelled { order_id, was_paid } => {
            let order = order(app, *order_id).await?;
            to_buyer(app, &order, letters::cancelled(&order, *was_paid, url), key)
        }
        Occasion::Refunded(refund) => {
            let order = order(app, refund.order_id).await?;
            to_buyer(app, &order, letters::refunded(&order, refund, url), key)
        }
        Occasion::Shipped(shipment) => {
            let order = order(app, shipment.order_id).await?;
            to_buyer(app, &order, letters::shipped(&order, shipment, url), key)
        }
        Occasion::Delivered { order_id, vendor_order_id } => {
            let order = order(app, *order_id).await?;
            to_buyer(app, &order, letters::delivered(&order, *vendor_order_id, url), key)
        }
        Occasion::ReturnAsked { return_id }
        | Occasion::ReturnLabelled { return_id }
        | Occasion::ReturnSent { return_id }
        | Occasion::ReturnDecided { return_id }
        | Occasion::ReturnReceived { return_id }
        | Occasion::ReturnEnded { return_id }
        | Occasion::Withdrawn { return_id } => of_return(app, occasion, *return_id, key).await,
        Occasion::Invited(invitation) => {
            let order = order(app, invitation.order_id).await?;
            let letter = letters::invited(&order, &invitation.product_ids, url);
            to_accounts(app, &[invitation.account_id], letters::words_of(&order.order), &letter, key).await
        }
        Occasion::Reviewed(_) | Occasion::ReviewAnswered(_) | Occasion::ReviewReported(_) => {
            of_review(app, occasion, key).await
        }
        Occasion::Decided(decision) => {
            let letter = letters::decided(decision.vendor_id, &decision.vendor, decision.reason.as_deref(), url);
            to_accounts(app, &decision.vendor.owners, words::english(), &letter, key).await
        }
        Occasion::LowStock(stock) => to_owners(app, stock.vendor_id, &letters::low_stock(stock, url), key).await,
        Occasion::DisputeOpened(_) | Occasion::DisputeClosed(_) => of_dispute(app, occasion, key).await,
        Occasion::InvoiceIssued(invoice) => {
            to_owners(app, invoice.vendor_id, &letters::invoice_issued(invoice, url), key).await
        }
        Occasion::GiftCard { credit_id, language } => gift_card(app, *credit_id, language.as_deref(), key).await,
        Occasion::PayoutPaid(payout) => to_owners(app, payout.vendor_id, &letters::payout_paid(payout, url), key).await,
        Occasion::PayoutFailed(payout) => {
            to_owners(app, payout.vendor_id, &letters::payout_failed(payout, url), key).await
        }
        Occasion::PayoutAccountChanged(changed) => {
            to_owners(app, changed.vendor_id, &letters::payout_account_changed(changed, url), key).await
        }
        Occasion::BackInStock(_) | Occasion::LeftCart { .. } => of_cart(app, occasion, key).await,
    }
}

/// What an account hears of its cart and its wish list, in the language of the account.
async fn of_cart(app: &Notifications, occasion: &Occasion, key: &str) -> Result<Post> {
    let url = app.public_url.as_str();
    let account_id = match occasion {
        Occasion::BackInStock(wish) => wish.account_id,
        Occasion::LeftCart { account_id, .. } => *account_id,
        _ => return Ok(Vec::new()),
    };
    let Some(contact) = app.contact(account_id).await? else { return Ok(Vec::new()) };
    let words = words::of(Some(&contact.locale));
    let letter = match occasion {
        Occasion::BackInStock(wish) => letters::back_in_stock(words, &contact.name, wish, url),
        Occasion::LeftCart { items, stop, .. } => {
            letters::left_cart(words, &contact.name, *items, stop.as_deref().unwrap_or_default(), url)
        }
        _ => return Ok(Vec::new()),
    };
    to_accounts(app, &[account_id], words, &letter, key).await
}

/// The store hears of a review, its author of the answer, those who run the platform of what waits for a decision.
async fn of_review(app: &Notifications, occasion: &Occasion, key: &str) -> Result<Post> {
    let url = app.public_url.as_str();
    match occasion {
        Occasion::Reviewed(review) => {
            to_owners(app, review.vendor_id, &letters::review_written(review, url), key).await
        }
        Occasion::ReviewAnswered(answer) => {
            let shop = store::name_of(&app.db, answer.vendor_id).await?;
            let shop = shop.ok_or_else(|| Error::early("the store is not known yet"))?;
            let Some(contact) = app.contact(answer.account_id).await? else { return Ok(Vec::new()) };
            let words = words::of(Some(&contact.locale));
            let letter = letters::review_answered(words, &contact.name, &shop, url);
            to_accounts(app, &[answer.account_id], words, &letter, key).await
        }
        Occasion::ReviewReported(report) => {
            Ok(to_operator(app, &letters::review_reported(report, url), key)?.into_iter().collect())
        }
        _ => Ok(Vec::new()),
    }
}

async fn of_dispute(app: &Notifications, occasion: &Occasion, key: &str) -> Result<Post> {
    let url = app.public_url.as_str();
    match occasion {
        Occasion::DisputeOpened(dispute) => {
            let order = order(app, dispute.order_id).await?;
            let letter = |part: &_, share| letters::dispute_opened(dispute, part, share, url);
            let mut post = to_parts(app, &order, &dispute.by_vendor, letter, key).await?;
            post.extend(to_operator(app, &letters::dispute_to_answer(dispute, &order.order, url), key)?);
            Ok(post)
        }
        Occasion::DisputeClosed(dispute) => {
            let order = order(app, dispute.order_id).await?;
            let letter = |part: &_, share| letters::dispute_closed(dispute, part, share, url);
            let mut post = to_parts(app, &order, &dispute.by_vendor, letter, key).await?;
            post.extend(to_operator(app, &letters::dispute_decided(dispute, &order.order, url), key)?);
            Ok(post)
        }
        _ => Ok(Vec::new()),
    }
}

/// To whom a gift card is for, who may have no account.
async fn gift_card(app: &Notifications, id: CreditId, language: Option<&str>, key: &str) -> Result<Post> {
    let (card, words) = (app.credits.letter(&app.myself, id).await?, words::of(language));
    let letter = letters::gift_card(words, &card, &app.public_url);
    let (key, locale) = (format!("{key}:holder"), words.code.to_owned());
    let envelope = Envelope { key, to: card.email, account_id: None, locale };
    Ok(vec![(envelope, letter.render(words, &app.sender, &app.public_url)?)])
}

async fn of_return(app: &Notifications, occasion: &Occasion, return_id: ReturnId, key: &str) -> Result<Post> {
    let (url, (of, order)) = (app.public_url.as_str(), returned(app, return_id).await?);
    match occasion {
        Occasion::ReturnAsked { .. } => to_owners(app, of.vendor_id, &letters::return_asked(&of, url), key).await,
        Occasion::ReturnSent { .. } => to_owners(app, of.vendor_id, &letters::return_sent(&of, url), key).await,
        Occasion::ReturnDecided { .. } => to_buyer(app, &order, letters::return_decided(&order, &of, url), key),
        Occasion::ReturnLabelled { .. } => to_buyer(app, &order, letters::return_labelled(&order, &of, url), key),
        Occasion::ReturnReceived { .. } => to_buyer(app, &order, letters::return_received(&order, &of, url), key),
        Occasion::ReturnEnded { .. } => return_ended(app, &of, &order, key).await,
        Occasion::Withdrawn { .. } => withdrawn(app, &of, &order, key).await,
        _ => Ok(Vec::new()),
    }
}

async fn return_ended(app: &Notifications, of: &ReturnView, order: &PlacedOrder, key: &str) -> Result<Post> {
    let url = app.public_url.as_str();
    match of.status {
        ReturnStatus::Refused if of.kind == ReturnKind::Withdrawal && of.asked_by == AskedBy::Buyer => {
            to_buyer(app, order, letters::not_withdrawn(order, of, url), key)
        }
        ReturnStatus::Cancelled => to_owners(app, of.vendor_id, &letters::return_ended(of, url), key).await,
        ReturnStatus::Closed => to_buyer(app, order, letters::return_decided(order, of, url), key),
        ReturnStatus::Exchanged => to_buyer(app, order, letters::return_exchanged(order, of, url), key),
        // The letter about the money says it.
        _ => Ok(Vec::new()),
    }
}

/// The buyer reads what goes back; the store, what it does not have to send, unless it has said so itself.
async fn withdrawn(app: &Notifications, of: &ReturnView, order: &PlacedOrder, key: &str) -> Result<Post> {
    let url = app.public_url.as_str();
    let mut post = to_buyer(app, order, letters::withdrawn(order, of, url), key)?;
    if of.asked_by != AskedBy::Vendor {
        post.extend(to_owners(app, of.vendor_id, &letters::not_to_be_sent(of, url), key).await?);
    }
    Ok(post)
}

async fn returned(app: &Notifications, id: ReturnId) -> Result<(ReturnView, PlacedOrder)> {
    let of = app.orders.return_for_message(&app.myself, id).await?;
    let order = order(app, of.order_id).await?;
    Ok((of, order))
}

async fn order(app: &Notifications, id: OrderId) -> Result<PlacedOrder> {
    app.orders.for_message(&app.myself, id).await
}

async fn paid(app: &Notifications, order_id: OrderId, key: &str) -> Result<Post> {
    let order = order(app, order_id).await?;
    let mut post = to_buyer(app, &order, letters::confirmed(&order, &app.public_url), key)?;
    let vendors: Vec<_> = order.order.vendor_orders.iter().map(|part| part.vendor_id).collect();
    let owners = store::owners_of(&app.db, &vendors).await?;
    for part in &order.order.vendor_orders {
        let letter = letters::new_order(&order.order, part, &app.public_url);
        let owners = owners.get(&part.vendor_id).map_or(&[][..], Vec::as_slice);
        post.extend(to_accounts(app, owners, words::english(), &letter, &format!("{key}:{}", part.id)).await?);
    }
    Ok(post)
}

/// A letter to the owners of each store that has a share, about its part of the order.
async fn to_parts(
    app: &Notifications,
    order: &PlacedOrder,
    shares: &[(VendorId, Money)],
    letter: impl Fn(&VendorOrderView, Money) -> Letter,
    key: &str,
) -> Result<Post> {
    let mut post = Post::new();
    for part in &order.order.vendor_orders {
        let share = shares.iter().find(|(vendor, share)| *vendor == part.vendor_id && !share.is_zero());
        if let Some((vendor, share)) = share {
            post.extend(to_owners(app, *vendor, &letter(part, *share), &format!("{key}:{}", part.id)).await?);
        }
    }
    Ok(post)
}

fn to_buyer(app: &Notifications, placed: &PlacedOrder, letter: Letter, key: &str) -> Result<Post> {
    let (order, words) = (&placed.order, letters::words_of(&placed.order));
    let envelope = Envelope {
        key: format!("{key}:buyer"),
        to: order.email.clone(),
        account_id: order.account_id,
        locale: words.code.to_owned(),
    };
    Ok(vec![(envelope, letter.render(words, &app.sender, &app.public_url)?)])
}

/// A letter to those who run the platform, if somebody is named for that.
fn to_operator(app: &Notifications, letter: &Letter, key: &str) -> Result<Option<(Envelope, Rendered)>> {
    let Some(to) = app.operator.clone() else { return Ok(None) };
    let (key, words) = (format!("{key}:operator"), words::english());
    let envelope = Envelope { key, to, account_id: None, locale: words.code.to_owned() };
    Ok(Some((envelope, letter.render(words, &app.sender, &app.public_url)?)))
}

async fn to_owners(app: &Notifications, vendor_id: VendorId, letter: &Letter, key: &str) -> Result<Post> {
    let owners = store::owners(&app.db, vendor_id).await?;
    to_accounts(app, &owners, words::english(), letter, key).await
}

/// A letter that was written in these words.
async fn to_accounts(
    app: &Notifications,
    accounts: &[AccountId],
    words: &Words,
    letter: &Letter,
    key: &str,
) -> Result<Post> {
    let rendered = letter.render(words, &app.sender, &app.public_url)?;
    let mut post = Vec::with_capacity(accounts.len());
    for account_id in accounts {
        let Some(contact) = app.contact(*account_id).await? else { continue };
        let envelope = Envelope {
            key: format!("{key}:{account_id}"),
            to: contact.email.clone(),
            account_id: Some(*account_id),
            locale: words.code.to_owned(),
        };
        post.push((envelope, rendered.clone()));
    }
    Ok(post)
}
