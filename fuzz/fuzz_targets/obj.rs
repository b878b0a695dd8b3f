//! Any bytes as a file that ends in `.obj`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| platewright_fuzz::check(bytes, "x.obj"));
