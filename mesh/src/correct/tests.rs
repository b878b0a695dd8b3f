//! Tests of corrections.
