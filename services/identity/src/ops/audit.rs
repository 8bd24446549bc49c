//! What admins did: appended with the change itself, each entry bound to the one before by its hash,
//! so that nothing can be altered or left out unseen.

use db::{Db, Tx};
use kernel::{AccountId, Error, Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::{
    links::encode_hash,
    store::{
        self,
        audit::{Entry, Head},
    },
};

/// Who did something, to whom, when.
pub(super) struct Deed {
    pub(super) at: Timestamp,
    /// Account id, or `setup`.
    pub(super) actor: String,
    pub(super) action: &'static str,
    pub(super) subject: AccountId,
    pub(super) detail: serde_json::Value,
}

/// Takes the end of the chain. What is decided after it sees all that was decided before, so decisions
/// about admins do not cross each other.
pub(super) async fn lock(tx: &mut Tx) -> Result<Head> {
    store::audit::lock_head(tx).await
}

/// Appends a deed.
pub(super) async fn append(tx: &mut Tx, head: Head, deed: Deed) -> Result<()> {
    let mut entry = Entry {
        seq: head.length + 1,
        at: deed.at,
        actor: deed.actor,
        action: deed.action.to_owned(),
        subject: deed.subject.to_string(),
        detail: deed.detail.to_string(),
        prev_hash: head.hash,
        hash: String::new(),
    };
    entry.hash = hash_of(&entry);
    store::audit::append(tx, &entry).await
}

fn hash_of(entry: &Entry) -> String {
    let mut hash = Sha256::new();
    hash.update(&entry.prev_hash);
    hash.update(entry.seq.to_be_bytes());
    hash.update(entry.at.micros().to_be_bytes());
    for part in [&entry.actor, &entry.action, &entry.subject, &entry.detail] {
        // The length first, so that no text can pass for two.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    encode_hash(hash)
}

/// Goes through the whole audit log; the number of entries.
///
/// # Errors
/// Names the first entry that was altered or removed.
pub async fn verify_audit(db: &Db) -> Result<i64> {
    let (mut seq, mut prev) = (0, String::new());
    loop {
        let entries = store::audit::behind(db, seq).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            seq += 1;
            if entry.seq != seq || entry.prev_hash != prev || entry.hash != hash_of(&entry) {
                return Err(broken(seq));
            }
            prev = entry.hash;
        }
    }
    let head = store::audit::head(db).await?;
    if head.length != seq || head.hash != prev {
        return Err(broken(seq + 1));
    }
    Ok(seq)
}

fn broken(seq: i64) -> Error {
    Error::conflict("audit_broken", format!("Entry {seq} of the audit log was altered or removed."))
}
