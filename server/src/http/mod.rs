//! Conventions of the API, the same for every resource: what is read from a request, what an
//! answer looks like, and how a refusal becomes a problem of RFC 9457.

pub(crate) mod auth;
pub(crate) mod etag;
pub(crate) mod extract;
pub(crate) mod once;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod upload;
pub(crate) mod wire;
