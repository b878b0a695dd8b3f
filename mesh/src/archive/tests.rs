//! Tests of reading archives.
