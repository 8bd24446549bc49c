//! Adapters of the platform's ports to what runs outside: one file (or folder) each.

pub mod replication;
