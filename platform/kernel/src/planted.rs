//! Bugs that can be switched on, one at a time, to see whether the simulator finds them.
//!
//! Without the feature `planted-bugs` the question `kernel::planted!(n)` is the constant `false`, and
//! nothing of this is in the program.

#[cfg(feature = "planted-bugs")]
use std::sync::atomic::{AtomicU32, Ordering};

#[cfg(feature = "planted-bugs")]
static ON: AtomicU32 = AtomicU32::new(0);

/// Switches bug number `n` on, and all others off. 0 is none.
#[cfg(feature = "planted-bugs")]
pub fn switch(n: u32) {
    ON.store(n, Ordering::SeqCst);
}

/// True if bug number `n` is switched on.
#[cfg(feature = "planted-bugs")]
pub fn is_on(n: u32) -> bool {
    ON.load(Ordering::SeqCst) == n
}

/// True if this planted bug is switched on; `false` in every program but the simulator's.
#[cfg(feature = "planted-bugs")]
#[macro_export]
macro_rules! planted {
    ($n:literal) => {
        $crate::planted::is_on($n)
    };
}

/// True if this planted bug is switched on; `false` in every program but the simulator's.
#[cfg(not(feature = "planted-bugs"))]
#[macro_export]
macro_rules! planted {
    ($n:literal) => {
        false
    };
}
