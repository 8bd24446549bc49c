//! Pages that only say something: about the market, delivery, returns, contact, privacy, terms.

use askama::Template;
use kernel::Error;

use crate::{
    render::{self, Shown},
    ui::{Crumbs, Shell},
    visit::{Path, Visit},
};

/// A headed part of such a page.
type Part = (&'static str, &'static [&'static str]);

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/info.html")]
pub struct Info {
    /// Head and foot.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Title.
    pub title: &'static str,
    /// First sentence.
    pub lead: &'static str,
    /// The rest.
    pub parts: &'static [Part],
}

struct Text {
    topic: &'static str,
    title: &'static str,
    lead: &'static str,
    parts: &'static [Part],
}

/// What an operator replaces by their own words before opening.
const TEXTS: &[Text] = &[
    Text {
        topic: "about",
        title: "About this market",
        lead: "Many small makers, each with a stall of its own, under one roof.",
        parts: &[
            (
                "One basket",
                &[
                    "Put things of several makers into one basket and pay once. Each maker packs and sends its own part, and is paid for its own part.",
                ],
            ),
            (
                "The whole price, early",
                &[
                    "Delivery and VAT are shown in the cart, before you give an address. Beside every total stands how it came about.",
                ],
            ),
            (
                "Reviews by buyers",
                &["Only those who bought something can review it. Nothing is taken away for being critical."],
            ),
        ],
    },
    Text {
        topic: "delivery",
        title: "Delivery",
        lead: "Every maker sends its own parcels, so an order from two makers comes in two.",
        parts: &[
            (
                "What it costs",
                &[
                    "Each maker sets its prices; many send for free from a certain value on. The cart shows what it costs for your country, the checkout lets you choose.",
                ],
            ),
            (
                "When it comes",
                &[
                    "The page of a product says when it can be at your door. Once a parcel is on its way, a mail brings the link to follow it.",
                ],
            ),
        ],
    },
    Text {
        topic: "returns",
        title: "Returns",
        lead: "Changed your mind, or something is wrong? Send it back from the page of your order.",
        parts: &[
            (
                "Before it is sent",
                &[
                    "Until the first parcel is on its way, you can cancel the order on its page. What you paid goes back to where it came from.",
                ],
            ),
            (
                "After it has come",
                &[
                    "On the page of your order, “Return something” opens one form for all makers in it. Say what goes back and why, add photos if something is broken, and choose your money or another variant at the same price. How long you have is written in the form.",
                    "Each maker answers by mail with where to send its part. Once it has arrived, exactly what you sent back is paid back, or what you wanted instead is sent. As a guest, use the link in the mail about your order.",
                    "What a maker says about returns is on its own page under “Good to know”. The rights that the law gives you hold in any case.",
                ],
            ),
        ],
    },
    Text {
        topic: "contact",
        title: "Contact",
        lead: "The quickest answer comes from whoever packs the parcel.",
        parts: &[
            (
                "About a product or a parcel",
                &["Write to the maker. Its page, reached from the product or from your order, says how."],
            ),
            (
                "About your account or a payment",
                &[
                    "Write to the operator of this market, at the address in the mail that confirmed your order. Say the number of the order; it begins with S-.",
                ],
            ),
        ],
    },
    Text {
        topic: "privacy",
        title: "Privacy",
        lead: "We keep what an order needs, and nothing for advertising.",
        parts: &[
            (
                "What is kept",
                &[
                    "With an order: name, address, e-mail, what was bought. With an account: your addresses, log-ins and reviews. Makers see what they need to send their part.",
                ],
            ),
            (
                "Cookies",
                &[
                    "One that holds your session, set when you put something into the cart or log in; one that keeps forms safe; one for light or dark. Nothing is shared with others, and there are no trackers.",
                ],
            ),
            (
                "Payments",
                &["You pay on the page of the payment provider. The number of a card never reaches this shop."],
            ),
        ],
    },
    Text {
        topic: "terms",
        title: "Terms",
        lead: "What buyers, makers and the operator of this market agree to.",
        parts: &[
            (
                "Who you buy from",
                &[
                    "From the maker whose name stands beside the product. The operator runs the market and takes the payment on the makers’ behalf.",
                ],
            ),
            (
                "When an order is binding",
                &[
                    "When you press the button that names the amount. If something turns out to be sold, the order is called off and nothing is charged.",
                ],
            ),
            (
                "Withdrawing",
                &[
                    "Within the European Union you may withdraw from most purchases within 14 days of receiving them, without giving reasons. Tell the maker, and send the things back.",
                ],
            ),
        ],
    },
];

/// `GET /about`
pub async fn about(visit: Visit) -> Shown {
    page(visit, "about").await
}

/// `GET /help/{topic}`
pub async fn help(visit: Visit, Path(topic): Path<String>) -> Shown {
    page(visit, &topic).await
}

async fn page(mut visit: Visit, topic: &str) -> Shown {
    let text = TEXTS.iter().find(|text| text.topic == topic).ok_or_else(|| Error::not_found("page"))?;
    let shell = visit.shell(text.title).await;
    let page = Info {
        shell: Shell { description: text.lead.to_owned(), ..shell },
        crumbs: Crumbs::new(&[("Home", "/")], text.title),
        title: text.title,
        lead: text.lead,
        parts: text.parts,
    };
    render::public(&visit, &page)
}
