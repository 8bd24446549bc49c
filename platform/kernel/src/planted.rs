//! Bugs that can be switched on, one at a time, to see whether the simulator finds them.
//!
//! Without the feature `planted-bugs` the question `kernel::planted!(n)` is the constant `false`, and
//! nothing of this is in the program.

#[cfg(feature = "planted-bugs")]
use std::cell::Cell;

#[cfg(feature = "planted-bugs")]
thread_local! {
    /// Of this thread: a simulated world is on one.
    static ON: Cell<u32> = const { Cell::new(0) };
}

/// Switches bug number `n` on, and all others off, for this thread. 0 is none.
#[cfg(feature = "planted-bugs")]
pub fn switch(n: u32) {
    ON.set(n);
}

/// True if bug number `n` is switched on.
#[cfg(feature = "planted-bugs")]
pub fn is_on(n: u32) -> bool {
    ON.get() == n
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
