#!/bin/sh
# For RUSTC_WORKSPACE_WRAPPER: has cargo count what runs, in the crates of this workspace alone.
rustc="$1"; shift; exec "$rustc" "$@" -C instrument-coverage -Z coverage-options=branch
