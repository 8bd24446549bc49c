use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::future::BoxFuture;
use kernel::{Clock, Error, Ids, Principal, Result, SeededRandom, SystemClock, VendorMembership, VendorRole};
use runtime::limits::{Bucket, SharedBuckets, Taken};

use crate::{
    Settings,
    limits::{Allowance, Limits},
};

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

/// Two people: the staff of one store.
fn colleagues() -> [Principal; 2] {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids = Ids::new(clock, Arc::new(SeededRandom::new(1)));
    let store = VendorMembership { vendor_id: kernel::VendorId::new(&ids), role: VendorRole::Staff };
    [(); 2].map(|()| Principal {
        account_id: kernel::AccountId::new(&ids),
        session_id: kernel::SessionId::new(&ids),
        roles: Vec::new(),
        vendors: vec![store.clone()],
        email_verified: true,
    })
}

fn generous() -> Settings {
    Settings { burst: 100, account_burst: 100, store_burst: 100, ..Settings::default() }
}

#[tokio::test]
async fn an_account_has_one_limit_from_wherever_it_calls() {
    let limits = Limits::new(&Settings { account_burst: 2, account_requests_per_second: 1, ..generous() }, None);
    let [one, other] = colleagues();
    for (from, left) in [(1, 1), (2, 0)] {
        let allowance = limits.take(address(from), false, Some(&one)).await.unwrap();
        assert_eq!(
            (allowance.limit, allowance.remaining, allowance.exceeded),
            (2, left, false),
            "the tightest is told"
        );
    }
    assert!(limits.take(address(3), false, Some(&one)).await.unwrap().exceeded);
    assert!(!limits.take(address(3), false, Some(&other)).await.unwrap().exceeded);
    assert_eq!(limits.take(address(3), false, None).await.unwrap().limit, 100, "without an account, the client's");
}

#[tokio::test]
async fn the_staff_of_a_store_share_one_limit() {
    let limits = Limits::new(&Settings { store_burst: 2, store_requests_per_second: 1, ..generous() }, None);
    let [one, other] = colleagues();
    assert!(!limits.take(address(1), false, Some(&one)).await.unwrap().exceeded);
    assert!(!limits.take(address(2), false, Some(&other)).await.unwrap().exceeded);
    assert!(limits.take(address(1), false, Some(&one)).await.unwrap().exceeded);
    assert!(limits.take(address(2), false, Some(&other)).await.unwrap().exceeded);
}

#[tokio::test]
async fn all_limits_can_be_turned_off() {
    let limits = Limits::new(&Settings { limits: false, burst: 1, ..Settings::default() }, None);
    for _ in 0..3 {
        assert_eq!(limits.take(address(1), true, Some(&colleagues()[0])).await, None);
    }
}

/// Buckets elsewhere that grant five to everybody, or are out of order.
#[derive(Default)]
struct Elsewhere {
    keys: Mutex<Vec<String>>,
    broken: AtomicBool,
}

impl SharedBuckets for Elsewhere {
    fn take(&self, key: String, _: Bucket) -> BoxFuture<'_, Result<Taken>> {
        Box::pin(async move {
            self.keys.lock().unwrap().push(key);
            if self.broken.load(Ordering::Relaxed) {
                return Err(Error::unavailable("Gone."));
            }
            Ok(Taken::Granted { remaining: 5, full_in: Duration::from_secs(7) })
        })
    }
}

#[tokio::test]
async fn shared_buckets_count_for_all_and_each_counts_for_itself_while_they_are_gone() {
    let elsewhere = Arc::new(Elsewhere::default());
    let limits = Limits::new(&Settings { burst: 1, requests_per_second: 1, ..generous() }, Some(elsewhere.clone()));
    let [one, _] = colleagues();
    let told = limits.take(address(1), true, Some(&one)).await.unwrap();
    assert_eq!(told, Allowance { limit: 1, remaining: 5, reset_s: 7, exceeded: false });
    let (account, store) = (one.account_id, one.vendors[0].vendor_id);
    let keys = std::mem::take(&mut *elsewhere.keys.lock().unwrap());
    let expected = ["client:192.0.2.1", "sensitive:192.0.2.1"].map(|key| format!("limit:{key}"));
    assert_eq!(keys[..2], expected);
    assert_eq!(keys[2..], [format!("limit:account:{account}"), format!("limit:store:{store}")]);

    elsewhere.broken.store(true, Ordering::Relaxed);
    assert!(!limits.take(address(1), false, None).await.unwrap().exceeded);
    assert!(limits.take(address(1), false, None).await.unwrap().exceeded, "now it is counted here");
    assert_eq!(elsewhere.keys.lock().unwrap().len(), 1, "what failed is left alone for a while");
}
