//! YAML as a tree in which every key and every value knows its line and column.
//!
//! The tree is read into documents by a deserializer that goes on after a broken list entry, so that one
//! check says everything that is wrong, each with its place.

mod deserializer;
mod node;
#[cfg(test)]
mod tests;

pub(super) use deserializer::{At, Each, ReadError, read};
pub(super) use node::{Key, Node, Place, Value, parse};
