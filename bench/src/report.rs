//! What a run comes to.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::load::Sendings;
use crate::sink::Sink;

/// One run, in the units that its fields name.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    sent: usize,
    accepted: usize,
    /// From the first send to the last answer.
    send_s: f64,
    accepted_per_s: f64,
    answer_ms: Quantiles,
    /// Different alerts that came out as a webhook.
    delivered: usize,
    /// Webhooks in all.
    webhooks: u64,
    /// From the first send to the last first arrival.
    deliver_s: f64,
    delivered_per_s: f64,
    /// From the instant an alert was due to be sent to its first webhook.
    webhook_ms: Quantiles,
}

#[derive(Debug, Default, Serialize)]
struct Quantiles {
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

impl Report {
    pub(crate) fn new(sendings: &Sendings, sink: Option<&Sink>) -> Self {
        let since = |instant: Instant| instant.saturating_duration_since(sendings.began).as_secs_f64();
        let accepted = sendings.accepted().count();
        let send_s = sendings.sent.iter().map(|sent| since(sent.answered)).fold(0.0, f64::max);
        let arrivals: Vec<_> = sendings
            .accepted()
            .filter_map(|sent| {
                sink.and_then(|sink| sink.arrival(sent.mark)).map(|arrival| (sent.due, arrival))
            })
            .collect();
        let delivered = sink.map_or(0, Sink::distinct);
        let deliver_s = arrivals.iter().map(|(_, arrival)| since(*arrival)).fold(0.0, f64::max);
        Self {
            sent: sendings.sent.len(),
            accepted,
            send_s,
            accepted_per_s: per_second(accepted, send_s),
            answer_ms: Quantiles::of(sendings.accepted().map(|sent| sent.answered - sent.due)),
            delivered,
            webhooks: sink.map_or(0, Sink::requests),
            deliver_s,
            delivered_per_s: per_second(delivered, deliver_s),
            webhook_ms: Quantiles::of(
                arrivals.iter().map(|(due, arrival)| arrival.saturating_duration_since(*due)),
            ),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
fn per_second(count: usize, seconds: f64) -> f64 {
    if seconds > 0.0 { count as f64 / seconds } else { 0.0 }
}

impl Quantiles {
    fn of(durations: impl Iterator<Item = Duration>) -> Self {
        let mut millis: Vec<f64> = durations.map(|duration| duration.as_secs_f64() * 1_000.0).collect();
        millis.sort_by(f64::total_cmp);
        let at = |per_mille: usize| {
            let rank = (millis.len() * per_mille).div_ceil(1_000).max(1) - 1;
            millis.get(rank).copied().unwrap_or_default()
        };
        Self { p50: at(500), p95: at(950), p99: at(990), max: at(1_000) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Quantiles;

    #[test]
    fn quantiles_are_nearest_ranks() {
        let quantiles = Quantiles::of((1..=100).map(Duration::from_millis));
        let found = [quantiles.p50, quantiles.p95, quantiles.p99, quantiles.max];
        assert_eq!(found.map(|millis| format!("{millis:.0}")), ["50", "95", "99", "100"]);
        assert!(Quantiles::of(std::iter::empty()).max.abs() < f64::EPSILON);
    }
}
