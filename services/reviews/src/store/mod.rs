//! SQL of reviews, and nothing else.

pub(crate) mod moderation;
pub(crate) mod purchases;
pub(crate) mod ratings;
pub(crate) mod reviews;
pub(crate) mod votes;
