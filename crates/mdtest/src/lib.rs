//! mdtest
