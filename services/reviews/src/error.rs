//! What reviews refuse.

use kernel::{Error, Kind};

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such review, it is hidden, or it is another vendor's.
    NoSuchReview,
    /// Whoever writes has not bought the product.
    NotBought,
    /// One's own review is not to be voted for or reported.
    OwnReview,
    /// This account has reported the review before.
    ReportedBefore,
    /// A hidden review stays until a moderator decides.
    Hidden,
    /// It is hidden already.
    HiddenBefore,
    /// It is not hidden.
    NotHidden,
    /// There is no report that is not dealt with.
    NotReported,
    /// The review has as many photos as it may.
    TooManyPhotos,
    /// The account keeps as many bytes of photos as it may.
    PhotoQuota,
    /// The review has no such photo.
    NoSuchPhoto,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchReview => Self::not_found("review"),
            Refused::NoSuchPhoto => Self::not_found("photo"),
            Refused::NotBought => {
                Self::new(Kind::Forbidden, "not_bought", "Only those who have bought a product may review it.")
            }
            Refused::OwnReview => {
                Self::new(Kind::Forbidden, "own_review", "This is your own review: change it or remove it instead.")
            }
            Refused::ReportedBefore => {
                Self::conflict("reported_before", "You have reported this review before. Once is enough.")
            }
            Refused::Hidden => Self::conflict(
                "review_hidden",
                "The marketplace has hidden this review. You may change it, but not remove it.",
            ),
            Refused::HiddenBefore => Self::conflict("hidden_before", "This review is hidden already."),
            Refused::NotHidden => Self::conflict("not_hidden", "This review is not hidden."),
            Refused::NotReported => {
                Self::conflict("not_reported", "Nobody has reported this review, or the reports are dealt with.")
            }
            Refused::TooManyPhotos => {
                Self::conflict("too_many_photos", "A review has at most four photos. Remove one first.")
            }
            Refused::PhotoQuota => {
                Self::conflict("photo_quota", "You have used up your room for photos. Remove some first.")
            }
        }
    }
}
