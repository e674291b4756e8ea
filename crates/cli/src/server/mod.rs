//! The server: data folder, database, engine, channels and interface, wired together.

pub(crate) mod init;
mod log;
mod open;
mod run;
pub(crate) mod serve;
mod settings;
mod sns;
mod transport;

pub(crate) use log::{LogFormat, start as start_log};
pub(crate) use open::{Database, admin, apply_files, is_set_up, make_folder};
pub(crate) use run::{Running, Start, Stop, bind};
pub(crate) use settings::ChannelArgs;
pub(crate) use sns::SnsArgs;
