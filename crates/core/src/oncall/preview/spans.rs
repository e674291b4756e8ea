//! Stretches of time as a set: what is in one and not in another.

use jiff::Timestamp;

use super::PreviewShift;
use crate::id::ScheduleId;

/// Half-open stretches in the order of time that neither touch nor overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<(Timestamp, Timestamp)>);

impl Spans {
    /// Adds a stretch that begins no earlier than the last one ends.
    pub(super) fn push(&mut self, start: Timestamp, end: Timestamp) {
        match self.0.last_mut() {
            _ if start >= end => {}
            Some(last) if last.1 >= start => last.1 = last.1.max(end),
            _ => self.0.push((start, end)),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is in here and not in `other`.
    pub(super) fn without(&self, other: &Self) -> Self {
        let mut left = Self::default();
        let mut taken = other.0.iter().peekable();
        for &(start, end) in &self.0 {
            let mut at = start;
            while taken.next_if(|(_, until)| *until <= at).is_some() {}
            let mut ahead = taken.clone();
            while let Some(&(from, until)) = ahead.next_if(|(from, _)| *from < end) {
                left.push(at, from);
                at = at.max(until);
            }
            left.push(at, end);
        }
        left
    }

    pub(super) fn shifts(self, schedule: &ScheduleId) -> impl Iterator<Item = PreviewShift> + '_ {
        self.0.into_iter().map(|(start, end)| PreviewShift { start, end, schedule: schedule.clone() })
    }
}
