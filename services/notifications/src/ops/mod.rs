//! What is done with messages.

mod compose;
mod keep;
mod retry;
mod send_message;

pub use compose::compose;
pub use keep::keep;
pub use retry::retry;
pub use send_message::send_message;
