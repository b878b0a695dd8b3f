//! The tests of the whole workspace, one binary.

mod layering;
mod licences;
mod tidy;
mod workspace;
