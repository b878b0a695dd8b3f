//! Benchmarks of the hot paths; see `benches/` and the README beside it.
