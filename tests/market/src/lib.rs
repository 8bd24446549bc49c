//! All services together, in one process, on SQLite and on PostgreSQL: a buyer's money and a vendor's
//! parcel go all the way through.

#[cfg(test)]
mod books;
#[cfg(test)]
mod commission;
#[cfg(test)]
mod currencies;
#[cfg(test)]
mod fences;
#[cfg(test)]
mod promoted;
#[cfg(test)]
mod story;
#[cfg(test)]
mod town;
