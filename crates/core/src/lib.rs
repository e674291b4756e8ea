//! Decurion core.
