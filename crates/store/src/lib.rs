//! Decurion store.
