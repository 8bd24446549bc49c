//! What stands behind the ports where more than one process runs: one module per backend.
//!
//! Which one is used is configuration, decided in the application's `compose.rs`.

mod intake;
pub mod kafka;
pub mod rabbitmq;
pub mod redis;
pub mod replication;
pub mod s3;
#[cfg(test)]
mod tests;

pub use rabbitmq::RabbitMq;
pub use redis::Redis;
pub use s3::S3Files;
