//! Incidents: what people are paged for.

mod severity;

pub use severity::Severity;
