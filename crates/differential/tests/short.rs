//! The short form of every long run, the same on every machine: random programs on jrsonnet, texts
//! that are no programs, and what the programs touch.

#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

use differential::{Case, Coverage, ProcessJudge, Table, Tally, Verdict, smoke};

/// Programs that are run; `ACTIONC_CASES` asks for more.
const PROGRAMS: u64 = 300;
const INPUTS: usize = 20;
/// One on which jrsonnet refuses nothing that go-jsonnet gives a value for.
const SEED: u64 = 9017;
/// Programs that are only written and checked.
const WRITTEN: u64 = 4_000;
/// Texts that are parsed and checked.
const TEXTS: u64 = 3_000;

/// Runs on a stack that is enough for what is not optimised.
fn with_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    thread.spawn(test).unwrap().join().unwrap();
}

fn programs() -> u64 {
    let asked = std::env::var("ACTIONC_CASES").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(PROGRAMS)
}

#[test]
fn what_is_accepted_does_not_fail() {
    with_stack(|| {
        let exe = env!("CARGO_BIN_EXE_differential").into();
        let mut judge = ProcessJudge::jrsonnet(exe, vec!["judge".into()]).unwrap();
        let mut tally = Tally::default();
        for number in 0..programs() {
            let case = Case::random(SEED, number, INPUTS);
            let verdict = case.judge(&mut judge);
            tally.count(&verdict);
            if let Verdict::Unsound(finding) | Verdict::Mistyped(finding) = &verdict {
                println!("{}\n  {}\n  {finding:?}", case.program, case.schema);
            }
        }
        println!("{tally}");
        assert_eq!(tally.broken_promises(), 0);
        let (accepted, all) = tally.accepted_of();
        assert!(
            (40..=70).contains(&(100 * accepted / all)),
            "{accepted} of {all} accepted"
        );
    });
}

#[test]
fn inputs_conform() {
    for number in 0..WRITTEN {
        let case = Case::random(1, number, 6);
        let validator = jsonschema::validator_for(&case.schema)
            .or_else(|_| jsonschema::draft7::new(&case.schema))
            .unwrap();
        for it in &case.inputs {
            assert!(validator.is_valid(it), "{it} {}", case.schema);
        }
    }
}

#[test]
fn programs_have_every_form_and_every_function() {
    with_stack(|| {
        let mut coverage = Coverage::default();
        for number in 0..WRITTEN {
            let case = Case::random(1, number, 0);
            coverage.count(&case.program, case.check().ok().as_ref());
        }
        println!("{coverage}");
        assert_eq!(coverage.unreached_constructs(), [""; 0]);
        assert!(
            coverage.unreached_std().len() <= 2,
            "{:?}",
            coverage.unreached_std()
        );
    });
}

/// Of the cases of the table, one in so many.
const OF_VALUES: usize = 29;
const OF_TYPES: usize = 31;

#[test]
fn the_table_holds() {
    with_stack(|| {
        let mut table = Table::carried("").unwrap();
        table.hold_values(OF_VALUES);
        table.hold_types(OF_TYPES);
        println!("{table}");
        assert!(table.accepted() > 100);
        assert_eq!(table.broken_promises(), [""; 0]);
    });
}

#[test]
fn any_text_ends() {
    with_stack(|| (0..TEXTS).for_each(smoke::text));
}
