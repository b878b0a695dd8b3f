//! The service as its users meet it: over real HTTP, one binary.

#![expect(clippy::unwrap_used, reason = "what is missing is a test that fails")]

mod annex_a;
mod comments;
mod conventions;
mod import;
mod ledger;
mod meta;
mod models;
mod rights;
mod standing;
mod world;
