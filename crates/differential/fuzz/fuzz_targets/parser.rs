//! Any bytes, given to the parser.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::smoke::parse(bytes));
