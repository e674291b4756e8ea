//! Decurion api.
