//! Tests of reading 3MF.
