//! The names of the rules, each explained in docs/packs.md.

pub(super) const YAML: &str = "PACK-YAML";
pub(super) const LIMIT: &str = "PACK-LIMIT";
pub(super) const KIND: &str = "PACK-KIND";
pub(super) const SHAPE: &str = "PACK-SHAPE";
pub(super) const VALUE: &str = "PACK-VALUE";
pub(super) const MISSING: &str = "PACK-MISSING";
pub(super) const DUPLICATE: &str = "PACK-DUPLICATE";
pub(super) const ID: &str = "PACK-ID";
pub(super) const REFERENCE: &str = "PACK-REFERENCE";
pub(super) const ZONE: &str = "PACK-ZONE";
pub(super) const ADDRESS: &str = "PACK-ADDRESS";
pub(super) const DURATION: &str = "PACK-DURATION";
pub(super) const EXPRESSION: &str = "PACK-EXPRESSION";
pub(super) const FACT: &str = "PACK-FACT";
pub(super) const GUARD: &str = "PACK-GUARD";
pub(super) const TARGET: &str = "PACK-TARGET";
pub(super) const SCHEDULE: &str = "PACK-SCHEDULE";
pub(super) const MAPPING: &str = "PACK-MAPPING";
pub(super) const TOPIC: &str = "PACK-TOPIC";
pub(super) const WEAK: &str = "PACK-WEAK";
pub(super) const STAND_IN: &str = "PACK-STAND-IN";
