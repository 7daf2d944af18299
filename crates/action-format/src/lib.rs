//! action-format
