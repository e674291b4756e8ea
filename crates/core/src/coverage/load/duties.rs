//! Duties of people: who holds which shift of the schedules that are paged first.

use jiff::Timestamp;

use crate::coverage::finding::Span;
use crate::coverage::limits;
use crate::coverage::people::P;
use crate::coverage::timelines::{Piece, Timeline, Timelines};

/// One duty of one person: pieces that follow each other, each with a layer of the one before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Duty {
    pub(super) span: Span,
    line: usize,
    layer: u32,
    /// The first and the last piece of the timeline.
    pieces: (usize, usize),
}

/// Too little time before a duty.
pub(super) struct Rest {
    /// The end of the duty before, or the page.
    pub(super) since: Timestamp,
    pub(super) paged: bool,
    pub(super) next: Span,
}

/// The duties of everybody, by the number of the person, each in the order of time.
pub(super) fn of(timelines: &Timelines<'_>, people: usize) -> Vec<Vec<Duty>> {
    let mut duties: Vec<Vec<Duty>> = vec![Vec::new(); people];
    for line in &timelines.primary {
        let timeline = &timelines.all[*line];
        for (index, piece) in timeline.pieces.iter().enumerate() {
            for person in &timeline.state(piece).people {
                hold(&mut duties, *person, timeline, (*line, index), piece);
            }
        }
    }
    if timelines.primary.len() > 1 {
        for own in &mut duties {
            own.sort_by_key(|duty| duty.span);
        }
    }
    duties
}

fn hold(
    duties: &mut [Vec<Duty>],
    person: P,
    timeline: &Timeline<'_>,
    (line, index): (usize, usize),
    piece: &Piece,
) {
    let Some(own) = duties.get_mut(person as usize) else { return };
    let goes_on = |last: &Duty| {
        last.line == line && last.span.end == piece.start && timeline.share_a_layer(last.layer, piece.layer)
    };
    match own.last_mut() {
        Some(last) if goes_on(last) => {
            last.span.end = piece.end;
            last.layer = piece.layer;
            last.pieces.1 = index;
        }
        _ => own.push(Duty {
            span: Span { start: piece.start, end: piece.end },
            line,
            layer: piece.layer,
            pieces: (index, index),
        }),
    }
}

/// Duties without overlaps; those that meet are one.
pub(super) fn blocks(duties: &[Duty]) -> Vec<Span> {
    crate::coverage::reach::union(duties.iter().map(|duty| duty.span).collect())
}

/// Blocks between which there is no weekly rest.
pub(super) fn rows(blocks: &[Span]) -> Vec<Span> {
    let mut rows: Vec<Span> = Vec::new();
    for block in blocks {
        match rows.last_mut() {
            Some(row) if block.start.as_second() - row.end.as_second() < limits::WEEKLY_REST_S => {
                row.end = block.end;
            }
            _ => rows.push(*block),
        }
    }
    rows
}

/// The duties before which there is too little rest, counted from the duty before or from a page at night.
pub(super) fn rests(duties: &[Duty], woken: &[Timestamp], timelines: &Timelines<'_>) -> Vec<Rest> {
    let mut rests = Vec::new();
    let mut last: Option<Duty> = None;
    for duty in duties {
        let due = |since: Timestamp| duty.span.start.as_second() - since.as_second() < limits::REST_S;
        let after = last.filter(|last| last.span.end <= duty.span.start && due(last.span.end));
        let page = woken.iter().filter(|at| **at <= duty.span.start && due(**at)).max();
        let since = page.copied().max(after.map(|last| last.span.end));
        if let Some(since) = since
            && (page.is_some_and(|at| *at == since)
                || after.is_some_and(|last| !lent(last, *duty, timelines)))
        {
            rests.push(Rest { since, paged: page.is_some_and(|at| *at == since), next: duty.span });
        }
        if last.is_none_or(|last| last.span.end < duty.span.end) {
            last = Some(*duty);
        }
    }
    rests
}

/// Whether somebody else only took over for a while within one turn, or nobody did: what lies between are
/// overrides of the same layer, or of all of them.
fn lent(last: Duty, next: Duty, timelines: &Timelines<'_>) -> bool {
    if last.line != next.line || last.layer != next.layer || last.span.end == next.span.start {
        return false;
    }
    let timeline = &timelines.all[last.line];
    let same = |piece: &Piece| piece.layer == last.layer || timeline.state(piece).people.is_empty();
    let between = timeline.pieces.get(last.pieces.1 + 1..next.pieces.0);
    between.is_some_and(|pieces| pieces.iter().all(|piece| piece.overridden && same(piece)))
}
