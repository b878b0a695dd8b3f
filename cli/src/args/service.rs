//! Arguments of the service's commands.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::CommonArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {
    /// Folder of records, objects and runs; made if it is not there
    #[arg(long, default_value = "platewright-data")]
    pub(crate) data: PathBuf,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Load the demo night if the folder has no catalogue yet, and print keys to try things with
    #[arg(long)]
    pub(crate) demo: bool,
    /// Rules of prices; those of config/prices.toml if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct BackupArgs {
    /// Data folder of a service, which may be running; or a backup, to restore it
    pub(crate) data: PathBuf,
    /// Folder for the copy; must not be there yet. `serve --data` takes it as it is
    #[arg(long)]
    pub(crate) out: PathBuf,
}
