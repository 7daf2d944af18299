//! The arguments of a test program, as `cargo test` hands them on.

/// What to run and how, in the terms of `libtest`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Parts of names, of which a test has one; all tests without any.
    pub filters: Vec<String>,
    /// Parts of names, of which a test has none.
    pub skip: Vec<String>,
    /// Whether filters are whole names.
    pub exact: bool,
    /// Whether only ignored tests are wanted, of which there are none.
    pub ignored: bool,
    /// Whether names are printed and nothing is run.
    pub list: bool,
    /// Whether tests that pass are not named.
    pub quiet: bool,
    /// How many tests run at a time; as many as there are cores by default.
    pub threads: Option<usize>,
    /// Whether outputs are written into the pages.
    pub update: bool,
}

/// The variable that asks for an update.
const UPDATE: &str = "MDTEST_UPDATE";

impl Arguments {
    /// The arguments and the environment of this process.
    ///
    /// # Errors
    /// On an argument that is not known.
    pub fn from_env() -> Result<Self, String> {
        let mut arguments = Self::parse(std::env::args().skip(1))?;
        arguments.update = std::env::var_os(UPDATE).is_some_and(|value| value == "1");
        if let Ok(threads) = std::env::var("RUST_TEST_THREADS") {
            arguments.threads = arguments.threads.or(threads.parse().ok());
        }
        Ok(arguments)
    }

    /// Reads arguments.
    ///
    /// # Errors
    /// On one that is not known.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Self::default();
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            let mut value = || {
                let value = value.clone().or_else(|| rest.next());
                value.ok_or_else(|| format!("`{name}` needs a value"))
            };
            match name {
                "--exact" => parsed.exact = true,
                "--list" => parsed.list = true,
                "--ignored" => parsed.ignored = true,
                "-q" | "--quiet" => parsed.quiet = true,
                "--skip" => parsed.skip.push(value()?),
                "--test-threads" => {
                    let value = value()?;
                    let threads = value.parse().ok().filter(|threads| *threads > 0);
                    let wrong = || format!("`{value}` is not a number of threads");
                    parsed.threads = Some(threads.ok_or_else(wrong)?);
                }
                // Known to `libtest`, and without a meaning here.
                "--nocapture" | "--no-capture" | "--show-output" | "--include-ignored"
                | "--test" => {}
                "--color" | "--format" => drop(value()?),
                _ if name.starts_with('-') => return Err(format!("unknown argument `{name}`")),
                _ => parsed.filters.push(argument),
            }
        }
        Ok(parsed)
    }

    /// Whether a test is to be run.
    pub(crate) fn selects(&self, name: &str) -> bool {
        let fits = |filter: &String| match self.exact {
            true => name == filter,
            false => name.contains(filter.as_str()),
        };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(fits))
            && !self.skip.iter().any(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_arguments_of_libtest_are_known() {
        let arguments =
            parse("a --skip b --test-threads=2 --nocapture --format pretty -q").unwrap();
        assert_eq!(arguments.threads, Some(2));
        assert!(arguments.selects("xax") && !arguments.selects("ab") && !arguments.selects("c"));
        let exact = parse("--exact a").unwrap();
        assert!(exact.selects("a") && !exact.selects("aa"));
        assert!(!parse("--ignored").unwrap().selects("a"));
        assert!(parse("--list").unwrap().list);
    }

    #[test]
    fn others_are_refused() {
        for line in ["--bless", "--skip", "--test-threads 0", "--test-threads x"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
