//! jsonnet-syntax
