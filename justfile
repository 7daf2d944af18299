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
