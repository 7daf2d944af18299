//! action-compile
