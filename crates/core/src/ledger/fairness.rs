//! How evenly a load is borne.

/// Figures over the weighted loads of a team. All are 0 for a team without load.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fairness {
    /// Hours of weighted load per person.
    pub mean_h: f64,
    pub max_h: f64,
    /// 1 when all bear the same; 2 when somebody bears twice the mean.
    pub max_over_mean: f64,
    /// Gini's coefficient: 0 when all bear the same, towards 1 when one bears all.
    pub gini: f64,
}

/// The figures over the weighted loads of people, in hours.
pub fn fairness(loads: impl Iterator<Item = f64>) -> Fairness {
    let mut loads: Vec<f64> = loads.collect();
    loads.sort_by(f64::total_cmp);
    let total: f64 = loads.iter().sum();
    if total <= 0.0 {
        return Fairness::default();
    }
    #[expect(clippy::cast_precision_loss, reason = "no team has 2^52 people")]
    let (count, places) = (loads.len() as f64, (1..=loads.len()).map(|place| place as f64));
    let ranked: f64 = loads.iter().zip(places).map(|(load, place)| load * place).sum();
    let max_h = loads.last().copied().unwrap_or_default();
    let mean_h = total / count;
    Fairness {
        mean_h,
        max_h,
        max_over_mean: max_h / mean_h,
        gini: (2.0 * ranked / (count * total) - (count + 1.0) / count).max(0.0),
    }
}
