//! Whether there is as much as a cart wants, asked for all of its lines at once: said before anybody orders, and what was
//! typed stays.

use std::collections::BTreeMap;

use contracts::{
    cart::{CartLine, CartView},
    inventory::{LevelView, LevelsRequest, StockLevel},
};
use kernel::{Identity, VariantId};

use super::cart::can_be_had;
use crate::{
    app::App,
    fmt::Fmt,
    pages::portal::or_none,
    ui::{Notice, Tone},
};

/// What can be ordered of the things in a cart; empty if nobody says.
#[derive(Debug, Clone, Default)]
pub struct Stock(BTreeMap<VariantId, LevelView>);

impl Stock {
    /// What can be ordered now of what this cart wants.
    pub async fn of(app: &App, who: &Identity, cart: &CartView) -> Self {
        let wanted = cart.lines.iter().filter(|line| can_be_had(line));
        let (variant_ids, quantities): (Vec<VariantId>, Vec<i64>) =
            wanted.map(|line| (line.variant_id, line.quantity)).unzip();
        if variant_ids.is_empty() {
            return Self::default();
        }
        let told = app.inventory.levels(who, &LevelsRequest { variant_ids, quantities }).await;
        let levels = or_none("what is left of things in the cart", told).unwrap_or_default();
        Self(levels.into_iter().map(|level| (level.variant_id, level)).collect())
    }

    /// What is to be said of a line that wants more than there is.
    pub fn notice(&self, fmt: &Fmt, line: &CartLine) -> Option<Notice> {
        self.shared(fmt, line).or_else(|| self.alone(fmt, line))
    }

    /// What is to be said of a line of which there are too few, whatever else is in the cart.
    fn alone(&self, fmt: &Fmt, line: &CartLine) -> Option<Notice> {
        let (level, left) = match (self.0.get(&line.variant_id), line.stock) {
            (Some(told), _) => (told.level, told.available),
            // The cart knows of what is nearly gone, if nobody else says.
            (None, StockLevel::Low(left)) => (line.stock, left),
            (None, _) => return None,
        };
        if left >= line.quantity {
            return None;
        }
        let (title, left) = (&line.title, left.max(0));
        let said = match (left, level) {
            (0, _) => format!("{title} is sold out."),
            (_, StockLevel::BackOrder) => format!("Only {} of {title} can be ordered ahead.", fmt.count(left)),
            _ => format!("Only {} left of {title}.", fmt.count(left)),
        };
        let text = match left {
            0 => "Take it out or keep it for later: it cannot be ordered now.".to_owned(),
            _ => format!("You have {} in the cart. Choose fewer to order.", fmt.count(line.quantity)),
        };
        Some(Notice::new(Tone::Warning, said, text))
    }

    /// What is to be said of a line of which the rest of the cart leaves fewer than there are.
    fn shared(&self, fmt: &Fmt, line: &CartLine) -> Option<Notice> {
        let told = self.0.get(&line.variant_id)?;
        let left = told.together.filter(|left| *left < line.quantity.min(told.available))?;
        let (title, wanted) = (&line.title, fmt.count(line.quantity));
        let said = match left {
            ..=0 => format!("Nothing is left of {title} beside the rest of your cart."),
            _ => format!("Only {} left of {title} beside the rest of your cart.", fmt.count(left)),
        };
        let why = "and other things in it need the same pieces. Choose fewer of them.";
        let text = format!("You have {wanted} in the cart, {why}");
        Some(Notice::new(Tone::Warning, said, text))
    }

    /// The same for every line that would be ordered, with the way to the cart.
    pub fn notices(&self, fmt: &Fmt, cart: &CartView) -> Vec<Notice> {
        let wanted = cart.lines.iter().filter(|line| can_be_had(line));
        wanted.filter_map(|line| self.notice(fmt, line)).map(|notice| notice.action("To the cart", "/cart")).collect()
    }
}
