//! SQL and nothing else.

pub(crate) mod accounts;
pub(crate) mod addresses;
pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod memberships;
pub(crate) mod sessions;

/// `$first, $first+1, …`: placeholders for `count` values.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    all.join(", ")
}
