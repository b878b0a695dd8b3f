//! The tests of the whole workspace, one binary.

mod bad_input;
mod damage;
mod degenerate;
mod determinism;
mod flow;
mod images;
mod intake;
mod layering;
mod layers;
mod licences;
mod random;
mod real_models;
mod replan;
mod shortage;
mod solids;
mod stacked;
mod strips;
mod terms;
mod tidy;
mod workspace;
