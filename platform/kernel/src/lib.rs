//! Values every room of Souk agrees on: money, ids, time, randomness, pages, errors.
//!
//! Nothing here does I/O, and nothing here is async. Time and randomness are *ports*
//! ([`Clock`], [`Random`]) so that a test or the simulator can hand in its own.

pub mod cards;
pub mod error;
pub mod exchange;
pub mod id;
pub mod languages;
pub mod locale;
pub mod money;
pub mod page;
pub mod planted;
pub mod principal;
pub mod random;
pub mod secret;
pub mod text;
pub mod time;

pub use error::{Error, FieldError, Kind, Result};
pub use exchange::{Exchange, Rounding, RoundingMode};
pub use id::*;
pub use languages::Languages;
pub use locale::Locale;
pub use money::{Currency, Money};
pub use page::{Cursor, Page, PageRequest};
pub use principal::{Identity, Principal, Role, VendorMembership, VendorRole, VendorScope};
pub use random::{Ids, Random, SeededRandom, SystemRandom};
pub use secret::Secret;
pub use text::{Country, Email, PromoCode, Slug};
pub use time::{Clock, ManualClock, SystemClock, Timestamp};
