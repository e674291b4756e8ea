//! How messages leave the house. The binary joins it with the channels.

use async_trait::async_trait;
use decurion_core::notify::{Message, Outcome};
use decurion_core::org::Channel;

/// Sends messages and says what became of them. A send ends within its own time limit.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends one message; the provider may have had it before when `message.attempt` is above 1.
    async fn send(&self, message: &Message, now_us: i64) -> Outcome;

    /// Asks the provider by its receipt what became of a message that was [`Outcome::Sent`]. As long as it cannot
    /// say, the outcome stays that. When the page is over, what still rings is stopped.
    async fn ask(&self, channel: Channel, receipt: &str, over: bool) -> Outcome;

    /// Why nothing can be sent over the channel, as far as that is known without sending.
    fn usable(&self, channel: Channel) -> Result<(), String>;

    /// Tells a monitor outside that this node is alive.
    async fn heartbeat(&self, url: &str) -> Result<(), String>;
}
