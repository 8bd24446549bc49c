//! What the customer wishes for, and the link that shows it to others.

use askama::Template;
use axum::http::StatusCode;
use contracts::cart::{CartLine, MakeWish, ShareWishes, SharedWishes, WishView};
use kernel::{Error, Kind, PageRequest, Result, Slug, VariantId};

use crate::{
    fmt::Fmt,
    forms::{Fields, Harmless, Posted, Reader},
    pages::shop::{
        cards,
        names::Names,
        paging::{Listed, Place},
        wishes::stock_badge,
    },
    render::{self, Shown},
    session::Message,
    ui::{Badge, Empty, Field, Filled, Pager, Picture, Price, Shell, Tabs, When},
    visit::{Path, Query, Visit},
};

/// Wishes on one page.
const PAGE: u32 = 20;
/// What a shared list is called until its owner says otherwise.
const TITLE: &str = "My wish list";

/// One wish.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its picture.
    pub picture: Picture,
    /// Its name.
    pub title: String,
    /// The language of that, if it is not that of the page's words.
    pub lang: Option<&'static str>,
    /// The variant: `Large, indigo`.
    pub variant: String,
    /// Its page.
    pub href: String,
    /// What it costs now.
    pub price: Price,
    /// A word about its stock.
    pub badge: Option<Badge>,
    /// Since when.
    pub since: When,
    /// True if a letter is sent once it is back.
    pub awaited: bool,
    /// The variant that the buttons name.
    pub id: String,
    /// False if it cannot be put into the cart.
    pub can_be_had: bool,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/wishes.html")]
pub struct Wishes {
    /// Head and foot.
    pub shell: Shell,
    /// The other pages.
    pub tabs: Tabs,
    /// What is wished for.
    pub entries: Vec<Entry>,
    /// More of it.
    pub pager: Pager,
    /// While nothing is.
    pub empty: Empty,
    /// The link that shows the list to others, if it is shared.
    pub link: Option<String>,
    /// What the list is called there.
    pub title: Field,
}

/// `GET /account/wishes`
pub async fn list(mut visit: Visit, Query(asked): Query) -> Shown {
    page(&mut visit, StatusCode::OK, &asked, None).await
}

async fn page(visit: &mut Visit, status: StatusCode, asked: &Fields, refused: Option<&Filled>) -> Shown {
    visit.account()?;
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let place = Place::of(asked);
    let wanted = PageRequest { limit: Some(PAGE), after: place.after.clone() };
    let (shell, found, shared) =
        futures::join!(visit.shell("Your wish list"), app.cart.wishes(&who, &wanted), app.cart.shared(&who));
    let (found, shared) = (visit.purse.show(found?), if_shared(shared)?);
    let lines: Vec<&CartLine> = found.items.iter().map(|wish| &wish.line).collect();
    let names = Names::of(visit, &lines).await;
    let list =
        Listed { shown: found.items.len(), page: PAGE as usize, next: found.next.as_deref(), ..Listed::default() };
    let title = Field::text("title", "What the list is called").max_length(80);
    let title = match refused {
        Some(filled) => title.filled(filled),
        None => title.value(shared.as_ref().map_or(TITLE, |shared| shared.title.as_str())),
    };
    let page = Wishes {
        shell: Shell { private: true, ..shell },
        tabs: super::tabs("/account/wishes"),
        entries: found.items.iter().map(|wish| entry(&fmt, wish, &names)).collect(),
        pager: place.pager(&fmt, "/account/wishes", &[], &list),
        empty: Empty::new("heart", "Nothing on your wish list yet", "The heart on a product's page puts it here.")
            .action("Look around", "/search"),
        link: shared.map(|shared| format!("{}/w/{}", app.public_url, shared.token)),
        title,
    };
    render::page_with(status, &page)
}

fn if_shared(answer: Result<SharedWishes>) -> Result<Option<SharedWishes>> {
    match answer {
        Ok(shared) => Ok(Some(shared)),
        Err(error) if error.is(Kind::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn entry(fmt: &Fmt, wish: &WishView, names: &Names) -> Entry {
    let line = &wish.line;
    Entry {
        picture: cards::picture_at(line.picture_url.as_deref(), 320, 320),
        title: names.title(line.product_id, &line.title).to_owned(),
        lang: names.language(fmt, line.product_id),
        variant: cards::variant(&line.options),
        href: format!("/p/{}?variant={}", line.product_slug, line.variant_id),
        price: cards::price(fmt, line.unit_price, line.compare_at),
        badge: stock_badge(line),
        since: fmt.when(wish.wished_at),
        awaited: wish.tell_when_back,
        id: line.variant_id.to_string(),
        can_be_had: line.available && line.stock.available(),
    }
}

/// `POST /account/wishes`: the heart on a product's page.
pub async fn add(Harmless(Posted { mut visit, fields }): Harmless) -> Shown {
    visit.account()?;
    let Some(variant) = fields.parsed::<VariantId>("variant") else {
        return Err(Error::invalid("variant", "Choose what you wish for first.").into());
    };
    let wish = MakeWish { tell_when_back: fields.get("tell") == "yes" };
    match visit.app.cart.wish(&visit.who(), variant, &wish).await {
        Ok(wish) if wish.tell_when_back => {
            let text = format!("{} is on your wish list. We write to you once it is back.", wish.line.title);
            visit.say(Message::good(text)).await?;
        }
        Ok(wish) => visit.say(Message::good(format!("{} is on your wish list.", wish.line.title))).await?,
        Err(error) if matches!(error.kind(), Kind::Internal | Kind::Unavailable) => return Err(error.into()),
        Err(error) => {
            let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str());
            visit.say(Message::bad(reason)).await?;
        }
    }
    // Back to the product; without one to the list.
    let product = fields.get("product").parse::<Slug>();
    Ok(visit.go(&product.map_or("/account/wishes".to_owned(), |slug| format!("/p/{slug}?variant={variant}"))))
}

/// `POST /account/wishes/{variant}/remove`
pub async fn remove(Path(variant): Path<VariantId>, Posted { visit, .. }: Posted) -> Shown {
    visit.account()?;
    match visit.app.cart.unwish(&visit.who(), variant).await {
        // Somebody took it off before: that is what was wanted.
        Err(error) if !error.is(Kind::NotFound) => return Err(error.into()),
        _ => {}
    }
    Ok(visit.go("/account/wishes"))
}

/// `POST /account/wishes/share`
pub async fn share(Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let mut reader = Reader::new(&fields);
    let title = reader.text("title", "Give the list a name.");
    let shared = match reader.ok() {
        true => visit.app.cart.share(&visit.who(), &ShareWishes { title }).await,
        false => Err(reader.error()),
    };
    match shared {
        Ok(_) => {
            visit.say(Message::good("Whoever has the link can see your wish list.")).await?;
            Ok(visit.go("/account/wishes"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut visit, status, &Fields::default(), Some(&filled)).await
        }
    }
}

/// `POST /account/wishes/unshare`
pub async fn unshare(Posted { mut visit, .. }: Posted) -> Shown {
    visit.account()?;
    visit.app.cart.unshare(&visit.who()).await?;
    visit.say(Message::good("The link opens nothing any more.")).await?;
    Ok(visit.go("/account/wishes"))
}
