//! Errors of the service: of starting it, and of what it is asked.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use platewright_model::error::InputFault;

/// Errors of starting the service (E930x).
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// E9301: the data folder cannot be used.
    #[error("E9301: failed to use {dir} as data folder; name a folder that can be written")]
    NoFolder {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
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
    /// E9303: the records cannot be opened.
    #[error(
        "E9303: failed to open {file}; it may be damaged or of a later version: restore a backup"
    )]
    Records {
        /// The database.
        file: PathBuf,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// E9304: what is to be loaded is refused.
    #[error("E9304: failed to load {what}")]
    Load {
        /// What was loaded.
        what: String,
        /// Why not.
        #[source]
        source: Refusal,
    },
}

/// Why a request is refused (E931x to E933x).
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    /// E9310: the request cannot be read.
    #[error("E9310: {place} cannot be read: {reason}")]
    Malformed {
        /// `body`, or a parameter.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// E9311: no key, or none that is known.
    #[error("E9311: send a known key as `Authorization: Bearer …`")]
    Unauthenticated,
    /// E9312: the key's role may not do that.
    #[error("E9312: a key of role {role} may not do this; it takes {needs}")]
    Forbidden {
        /// The role.
        role: &'static str,
        /// Roles that may.
        needs: String,
    },
    /// E9313: it is not there, or not yours.
    #[error("E9313: there is no {what} {id:?} that you may see")]
    NotFound {
        /// Such as `order`.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// E9314: its state does not allow that.
    #[error("E9314: {what} {id} is {state}: {remedy}")]
    Conflict {
        /// Such as `quote`.
        what: &'static str,
        /// Which.
        id: String,
        /// Its state.
        state: String,
        /// What to do instead.
        remedy: String,
    },
    /// E9315: it was changed since it was read.
    #[error("E9315: it has been changed since, its ETag is now {etag}: read it again")]
    Stale {
        /// The present ETag.
        etag: String,
    },
    /// E9316: a change needs If-Match.
    #[error("E9316: send the ETag that you have read as `If-Match`")]
    Unconditional,
    /// E9317: the request needs an Idempotency-Key.
    #[error(
        "E9317: send an `Idempotency-Key` of 1 to 255 visible characters, another for each request"
    )]
    NoKey,
    /// E9318: the key was used for another request.
    #[error("E9318: this `Idempotency-Key` was used for another request: use a new one")]
    KeyReused,
    /// E9319: the body is too large.
    #[error("E9319: the body is larger than {limit} bytes: {remedy}")]
    TooLarge {
        /// Most bytes.
        limit: u64,
        /// What to do instead.
        remedy: String,
    },
    /// E9320: a media type that is not taken.
    #[error("E9320: send {expected}")]
    MediaType {
        /// What is taken.
        expected: &'static str,
    },
    /// E9321: what is asked for has faults.
    #[error("E9321: {} of what is asked for is at fault: {}", faults.len(), list(faults))]
    Invalid {
        /// The faults.
        faults: Vec<InputFault>,
    },
    /// E9322: the resource has no such method.
    #[error("E9322: this resource does not have the method {method}")]
    Method {
        /// The method.
        method: String,
    },
    /// E9323: the price or promise does not hold any more.
    #[error("E9323: {reason}: ask for a new quote")]
    Expired {
        /// Why.
        reason: String,
    },
    /// E9324: too much work is waiting.
    #[error("E9324: too much work is waiting: try again in {retry_s} s")]
    Busy {
        /// When to try again, seconds.
        retry_s: u64,
    },
    /// E9325: the records or objects cannot be written or read.
    #[error("E9325: failed to {action}: {source}; nothing of this request is kept")]
    Storage {
        /// What was done.
        action: &'static str,
        /// What went wrong.
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// E9326: a bug.
    #[error("E9326: failed inside ({what}); nothing of this request is kept. Please report it")]
    Bug {
        /// Where.
        what: String,
    },
    /// E9327: the content is not what its digest says.
    #[error("E9327: the content does not have the digest that was sent: send it again")]
    Digest,
    /// E9328: the upload does not go on where this part begins.
    #[error("E9328: the upload has {received} bytes so far: go on from there")]
    Offset {
        /// Bytes received.
        received: u64,
    },
}

impl Refusal {
    /// A failure of the records.
    pub(crate) fn records(source: sqlx::Error) -> Self {
        Self::Storage { action: "use the records", source: Arc::new(source) }
    }

    /// A failure of the objects.
    pub(crate) fn objects(source: std::io::Error) -> Self {
        Self::Storage { action: "use the object folder", source: Arc::new(source) }
    }

    /// Something stored that cannot be read back.
    pub(crate) fn bug(what: impl ToString) -> Self {
        Self::Bug { what: what.to_string() }
    }

    /// One fault.
    pub(crate) fn fault(code: &str, place: &str, message: impl Into<String>) -> Self {
        Self::Invalid { faults: vec![InputFault::new(code, place, message)] }
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(source: sqlx::Error) -> Self {
        Self::records(source)
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(source: serde_json::Error) -> Self {
        Self::bug(source)
    }
}

fn list(faults: &[InputFault]) -> String {
    let shown: Vec<String> = faults.iter().take(3).map(InputFault::to_string).collect();
    let more = if faults.len() > shown.len() { "; …" } else { "" };
    shown.join("; ") + more
}
