//! Any bytes, given to the lexer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::smoke::lex(bytes));
