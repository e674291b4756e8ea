//! The built binary, run as people and scripts run it.

mod bed;
mod check;
mod demo;
mod journal;
mod life;
mod whatif;
