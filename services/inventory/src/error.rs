//! What inventory refuses.

use kernel::Error;

/// A refusal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such stock, or it is another vendor's.
    NoSuchStock,
    /// There is no such open location, or it is another vendor's.
    NoSuchLocation,
    /// Fewer would be on hand than are promised to orders.
    BelowReserved {
        /// Promised.
        reserved: i64,
    },
    /// More were to be taken from a location than are free there.
    NotThere {
        /// Not promised to orders.
        free: i64,
    },
    /// More are sold beyond what is there than would be allowed.
    BelowBackordered {
        /// Sold so.
        backordered: i64,
    },
    /// It is a bundle, of which there is as much as its parts suffice for.
    IsBundle,
    /// More than can be counted.
    TooMany,
    /// Another open location of the vendor is called the same.
    NameTaken,
    /// The vendor has as many locations as it may have.
    TooManyLocations(usize),
    /// The default location was to be closed.
    StaysOpen,
    /// A location was to be closed at which something is.
    NotEmpty {
        /// Pieces there.
        on_hand: i64,
    },
    /// An order of locations that does not name each open one once.
    NotEachOnce,
    /// Quantities that are not one for each variant.
    NotOneEach,
    /// An event came before the one it builds on; it will come again.
    NotYet(&'static str),
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchStock => Self::not_found("stock"),
            Refused::NoSuchLocation => Self::not_found("location"),
            Refused::BelowReserved { reserved } => Self::conflict(
                "stock_reserved",
                format!("{reserved} of these are promised to orders, so at least {reserved} must stay on hand."),
            ),
            Refused::NotThere { free } => Self::conflict(
                "not_there",
                format!("Only {free} can be taken from there; what is promised to orders stays."),
            ),
            Refused::BelowBackordered { backordered } => Self::conflict(
                "backordered",
                format!("{backordered} are sold beyond what is there, so the number cannot be lower than that."),
            ),
            Refused::IsBundle => Self::conflict(
                "bundle",
                "A bundle has no stock of its own: there are as many as its parts suffice for. Change the stock of those.",
            ),
            Refused::TooMany => Self::invalid("change", "That would be more than can be kept on hand."),
            Refused::NameTaken => Self::invalid("name", "Another of your open locations has this name."),
            Refused::TooManyLocations(most) => {
                Self::conflict("too_many_locations", format!("A store has at most {most} locations."))
            }
            Refused::StaysOpen => Self::conflict(
                "default_location",
                "This location stays open: what you have not put elsewhere is there. You can rename it.",
            ),
            Refused::NotEmpty { on_hand } => Self::conflict(
                "location_not_empty",
                format!("{on_hand} pieces are at this location. Move them to another one first."),
            ),
            Refused::NotEachOnce => {
                Self::invalid("locations", "Name each open location once. One may have been added or closed meanwhile.")
            }
            Refused::NotYet(what) => Self::early(what),
            Refused::NotOneEach => Self::invalid("quantities", "Say how many of each variant, in the same order."),
        }
    }
}
