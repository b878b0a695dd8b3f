//! The command itself: exit codes, what goes to which stream, what lies on disk afterwards.

mod estimates;
mod nest;
mod plan;
mod questions;
mod schedule;
mod tool;
