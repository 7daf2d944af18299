//! Any bytes, given to the checker.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::smoke::check_program(bytes));
