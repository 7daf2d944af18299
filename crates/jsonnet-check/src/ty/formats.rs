//! What the `format` of a JSON Schema promises of a string: its least length, and characters that
//! are certainly in it.
//!
//! Invariants: each promise holds of every string that a lax validator of the format takes (the
//! standards ask for more), and each sample keeps the promise. A format that is not listed promises
//! nothing.

use super::Text;

/// One format.
struct Format {
    name: &'static str,
    min_length: usize,
    /// Characters, and how often each stands in the string at least.
    contains: &'static [(char, usize)],
    samples: &'static [&'static str],
}

const FORMATS: &[Format] = &[
    Format {
        name: "email",
        min_length: 3,
        contains: &[('@', 1)],
        samples: &["a@example.org", "b.c@example.com"],
    },
    Format {
        name: "uuid",
        min_length: 36,
        contains: &[('-', 4)],
        samples: &["9b3a6bd3-1c1f-4f4e-9a0a-6c3b7d1d2e3f"],
    },
    Format {
        name: "date-time",
        min_length: 20,
        contains: &[('-', 2), ('T', 1), (':', 2)],
        samples: &["2026-01-02T03:04:05Z", "0001-01-01T00:00:00Z"],
    },
    Format {
        name: "date",
        min_length: 10,
        contains: &[('-', 2)],
        samples: &["2026-01-02"],
    },
    Format {
        name: "time",
        min_length: 9,
        contains: &[(':', 2)],
        samples: &["03:04:05Z"],
    },
    Format {
        name: "hostname",
        min_length: 1,
        contains: &[],
        samples: &["example.org", "a"],
    },
    Format {
        name: "tel",
        min_length: 1,
        contains: &[],
        samples: &["+14155552671"],
    },
    Format {
        name: "ipv4",
        min_length: 7,
        contains: &[('.', 3)],
        samples: &["192.0.2.1"],
    },
    Format {
        name: "ipv6",
        min_length: 2,
        contains: &[(':', 2)],
        samples: &["2001:db8::1", "::"],
    },
    Format {
        name: "uri",
        min_length: 2,
        contains: &[(':', 1)],
        samples: &["https://example.org/a?b=c", "a:"],
    },
    Format {
        name: "uri-reference",
        min_length: 0,
        contains: &[],
        samples: &["/a?b=c", ""],
    },
    Format {
        name: "regex",
        min_length: 0,
        contains: &[],
        samples: &["^a+$", ""],
    },
    Format {
        name: "json-pointer",
        min_length: 0,
        contains: &[],
        samples: &["/a/0", ""],
    },
];

fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|it| it.name == name)
}

/// Strings that conform to the format, simplest first; none where nothing is known of it.
pub(crate) fn samples(name: &str) -> &'static [&'static str] {
    format(name).map_or(&[], |it| it.samples)
}

impl Text {
    /// Every string of this format, whose promise is taken at its word.
    #[must_use]
    pub fn of_format(name: &str) -> Self {
        Self {
            format: Some(name.into()),
            ..Self::at_least(format(name).map_or(0, |it| it.min_length))
        }
    }

    /// How often this one character stands in each of the strings at least.
    pub(crate) fn count_of(&self, character: char) -> usize {
        if let Some(literals) = &self.literals {
            let count = |it: &str| it.chars().filter(|c| *c == character).count();
            return literals.iter().map(|it| count(it)).min().unwrap_or(0);
        }
        let promised = self.format.as_deref().and_then(format);
        let contains = promised.map_or(&[][..], |it| it.contains);
        let found = contains.iter().find(|(it, _)| *it == character);
        found.map_or(0, |(_, count)| *count)
    }

    /// The format, where it does not tell upper case from lower.
    pub(crate) fn caseless_format(&self) -> Option<&str> {
        let name = self.format.as_deref()?;
        matches!(name, "email" | "uuid" | "hostname" | "ipv4" | "ipv6").then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_keep_the_promise_of_their_format() {
        for format in FORMATS {
            let promise = Text::of_format(format.name);
            assert!(!format.samples.is_empty(), "{}", format.name);
            for sample in format.samples {
                assert!(sample.chars().count() >= promise.min_length, "{sample}");
                for (character, count) in format.contains {
                    let found = sample.chars().filter(|it| it == character).count();
                    assert!(found >= *count, "{sample}");
                    assert_eq!(promise.count_of(*character), *count);
                }
            }
        }
    }
}
