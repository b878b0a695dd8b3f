//! Errors of the service.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Errors of the service (E93xx).
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// E9301: the folder with the runs is not there.
    #[error("E9301: {dir} is no folder; name the folder that holds your run folders")]
    NoFolder {
        /// The folder.
        dir: PathBuf,
    },
    /// E9302: the address cannot be listened on.
    #[error("E9302: failed to listen on {address}; maybe another program does, try --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}
