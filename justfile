# Every recipe is one line onto cargo, so everything works without `just`.

# list the recipes
default:
    @just --list

# formatting, lints and the repository's own rules
check:
    cargo xtask check

# every test
test:
    cargo test --workspace

# the Markdown suites, or those tests whose name has FILTER in it
spec FILTER="":
    cargo test -p actionc --test mdtest -- {{ quote(FILTER) }}

# write new outputs into suites, pages and snapshots; review them like code
bless:
    MDTEST_UPDATE=1 INSTA_UPDATE=always cargo test -p actionc

# renew what is generated
gen:
    cargo xtask gen

# exactly what CI runs
ready:
    cargo xtask ci

# time and memory against the floor
bench:
    cargo bench -p actionc --bench scale

# checking bodies against evaluating them
bench-bodies:
    cargo bench -p action-compile --bench bodies

# random projects, 10,000 of them
properties CASES="10000":
    ACTIONC_CASES={{ CASES }} cargo test --release -p action-compile --test properties -- --nocapture

# our parser against go-jsonnet's, which `pip install gojsonnet` brings
judge *ARGS:
    python3 crates/jsonnet-syntax/tests/judge.py {{ ARGS }}

# the same on every Jsonnet block of the suites and pages, the given FILES, and 100,000 mutants
judge-suites *FILES:
    cargo build --release -p jsonnet-syntax --example dump
    just judge target/release/examples/dump 100000 crates/*/mdtest/*.md crates/*/diagnostics/*.md docs/*.md {{ FILES }}

# CASES random programs on jrsonnet, two at a time; figures in differential.md
differential CASES="100000" *ARGS:
    cargo run --release -p differential -- random --programs {{ CASES }} --jobs 2 --table differential.md --findings differential-findings.txt {{ ARGS }}

# the same on go-jsonnet, with a PYTHON that has the package gojsonnet; figures in differential-go.md
differential-go PYTHON CASES="10000" *ARGS:
    cargo run --release -p differential -- random --judge go --python {{ PYTHON }} --programs {{ CASES }} --jobs 2 --table differential-go.md --findings differential-go-findings.txt {{ ARGS }}

# every operation on every tuple of a pool of values, with a PYTHON that has gojsonnet 0.21; renews the carried outcomes
table PYTHON *ARGS:
    cargo run --release -p differential -- table --python {{ PYTHON }} --outcomes crates/differential/src/table/outcomes.txt {{ ARGS }}

# what of the checker CASES random programs and the table reach, as docs/proof.md shows it; needs llvm-tools
coverage CASES="20000":
    RUSTC_WORKSPACE_WRAPPER=crates/differential/coverage.sh RUSTC_BOOTSTRAP=1 LLVM_PROFILE_FILE=target/coverage/%p-%m.profraw cargo run --release --target-dir target/coverage -p differential -- random --programs {{ CASES }} --show 0
    LLVM_PROFILE_FILE=target/coverage/%p-%m.profraw target/coverage/release/differential table --show 0

# bodies of the suites on random and recorded ctxs
ctx-runs CASES="20000":
    ACTIONC_CASES={{ CASES }} cargo test --release -p action-compile --test ctx_runs -- --nocapture no_

# bodies with one slip each, judged by go-jsonnet on 1,000 ctxs
mutants PYTHON CASES="1000":
    ACTIONC_CASES={{ CASES }} ACTIONC_PYTHON={{ PYTHON }} cargo test --release -p action-compile --test ctx_runs -- --nocapture slips

# fuzz TARGET (lexer, parser or checker) for SECONDS; needs cargo-fuzz
fuzz TARGET SECONDS="1200":
    ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=0 RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir crates/differential/fuzz {{ TARGET }} -- -max_total_time={{ SECONDS }} -rss_limit_mb=512 -timeout=60 -max_len=4096

# how the time of a check grows
growth:
    cargo bench -p differential --bench growth

# checking beside evaluating with jrsonnet and go-jsonnet, with a PYTHON that has the package gojsonnet
speed PYTHON:
    cargo run --release -p differential -- speed --python {{ PYTHON }}
