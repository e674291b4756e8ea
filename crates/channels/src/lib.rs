//! Decurion channels.
