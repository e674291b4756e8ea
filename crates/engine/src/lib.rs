//! Decurion engine.
