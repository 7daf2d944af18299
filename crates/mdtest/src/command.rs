//! The command lines that a console block may hold.
//!
//! They mean what a POSIX shell would make of them, but there is no shell: whatever is not listed
//! in [`Verb`] is an error, and so is every character that a shell would expand.
//! Invariant: no path but the target of a symbolic link is absolute.

mod words;

use words::{Token, tokens};

/// One line behind `$ `.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// `NAME=value` before the program.
    pub(crate) env: Vec<(String, String)>,
    /// What is done.
    pub(crate) verb: Verb,
    /// `< FILE`
    pub(crate) stdin: Option<String>,
    /// `> FILE`
    pub(crate) stdout: Option<String>,
    /// `| head -n N`; the status stays the program's, as with `pipefail`.
    pub(crate) head: Option<usize>,
}

/// The known programs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// `actionc ARGS…`, also written `cargo run --release -- ARGS…`
    Program(Vec<String>),
    /// `cat FILE…`
    Cat(Vec<String>),
    /// `cd DIR`, until the test ends
    Cd(String),
    /// `chmod MODE FILE`, the mode in octal
    Chmod(u32, String),
    /// `cp [-r] FROM TO`
    Copy {
        recursive: bool,
        from: String,
        to: String,
    },
    /// `ln -s TARGET LINK`
    Link { target: String, link: String },
    /// `ls [-A] [DIR]`, one name a line, in byte order
    List { all: bool, folder: String },
    /// `mkdir [-p] DIR`
    MakeFolder { parents: bool, folder: String },
    /// `printf 'TEXT'`
    Print(Vec<u8>),
    /// `rm [-r] FILE…`
    Remove { recursive: bool, files: Vec<String> },
    /// `sed -i 's/FROM/TO/' FILE`: the first occurrence of each line; both are plain texts
    Replace {
        from: String,
        to: String,
        file: String,
    },
    /// `touch FILE…`
    Touch(Vec<String>),
}

/// The name under which the program is called in pages.
const PROGRAM: &str = "actionc";
/// How a reader without an installation calls it.
const FROM_SOURCE: [&str; 4] = ["cargo", "run", "--release", "--"];

/// Reads a command line; the error says what is wrong with it.
pub(crate) fn parse(line: &str) -> Result<Command, String> {
    let mut env = Vec::new();
    let mut words = Vec::new();
    let mut stdin = None;
    let mut stdout = None;
    let mut head = None;
    let mut tokens = tokens(line)?.into_iter();
    while let Some(token) = tokens.next() {
        if head.is_some() {
            return Err("nothing may follow `| head -n N`".to_owned());
        }
        match token {
            Token::Word(word) => match assignment(&word).filter(|_| words.is_empty()) {
                Some(pair) => env.push(pair),
                None => words.push(word),
            },
            Token::Mark('<') => stdin = Some(redirected(&mut tokens, '<')?),
            Token::Mark('>') => stdout = Some(redirected(&mut tokens, '>')?),
            Token::Mark(_) => head = Some(head_count(&mut tokens)?),
        }
    }
    let verb = verb(&words)?;
    let runs_program = matches!(verb, Verb::Program(_));
    if !runs_program && (stdin.is_some() || !env.is_empty()) {
        return Err(format!(
            "only `{PROGRAM}` takes an environment or standard input"
        ));
    }
    if matches!(verb, Verb::Print(_)) && stdout.is_none() {
        return Err("`printf` writes a file: `printf 'TEXT' > FILE`".to_owned());
    }
    Ok(Command {
        env,
        verb,
        stdin,
        stdout,
        head,
    })
}

fn verb(words: &[String]) -> Result<Verb, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    if let Some(arguments) = words.strip_prefix(&FROM_SOURCE) {
        return Ok(Verb::Program(owned(arguments)));
    }
    let (&program, arguments) = words.split_first().ok_or("no command")?;
    let usage = |usage: &str| format!("`{program}` is known as `{usage}`");
    if program == PROGRAM {
        return Ok(Verb::Program(owned(arguments)));
    }
    // No path begins with a dash, so a misplaced option is noticed as one.
    match (program, arguments) {
        ("cat", [_, ..]) => Ok(Verb::Cat(paths(arguments)?)),
        ("cat", _) => Err(usage("cat FILE…")),
        ("cd", [folder]) => Ok(Verb::Cd(path(folder)?)),
        ("cd", _) => Err(usage("cd DIR")),
        ("chmod", [mode, file]) => {
            let mode = u32::from_str_radix(mode, 8)
                .ok()
                .filter(|mode| *mode <= 0o777)
                .ok_or_else(|| format!("`{mode}` is not an octal mode such as 644"))?;
            Ok(Verb::Chmod(mode, path(file)?))
        }
        ("chmod", _) => Err(usage("chmod MODE FILE")),
        ("cp", ["-r", from, to]) => copy(true, from, to),
        ("cp", [from, to]) => copy(false, from, to),
        ("cp", _) => Err(usage("cp [-r] FROM TO")),
        ("ln", ["-s", target, link]) => Ok(Verb::Link {
            target: (*target).to_owned(),
            link: path(link)?,
        }),
        ("ln", _) => Err(usage("ln -s TARGET LINK")),
        ("ls", []) => list(false, "."),
        ("ls", ["-A"]) => list(true, "."),
        ("ls", ["-A", folder]) => list(true, folder),
        ("ls", [folder]) => list(false, folder),
        ("ls", _) => Err(usage("ls [-A] [DIR]")),
        ("mkdir", ["-p", folder]) => make_folder(true, folder),
        ("mkdir", [folder]) => make_folder(false, folder),
        ("mkdir", _) => Err(usage("mkdir [-p] DIR")),
        ("printf", [text]) => Ok(Verb::Print(words::printf(text)?)),
        ("printf", _) => Err(usage("printf 'TEXT' > FILE")),
        ("rm", ["-r", files @ ..]) if !files.is_empty() => remove(true, files),
        ("rm", files @ [_, ..]) => remove(false, files),
        ("rm", _) => Err(usage("rm [-r] FILE…")),
        ("sed", ["-i", script, file]) => replace(script, file),
        ("sed", _) => Err(usage("sed -i 's/FROM/TO/' FILE")),
        ("touch", [_, ..]) => Ok(Verb::Touch(paths(arguments)?)),
        ("touch", _) => Err(usage("touch FILE…")),
        _ => Err(format!("unknown command `{program}`")),
    }
}

fn copy(recursive: bool, from: &str, to: &str) -> Result<Verb, String> {
    Ok(Verb::Copy {
        recursive,
        from: path(from)?,
        to: path(to)?,
    })
}

fn list(all: bool, folder: &str) -> Result<Verb, String> {
    Ok(Verb::List {
        all,
        folder: path(folder)?,
    })
}

fn make_folder(parents: bool, folder: &str) -> Result<Verb, String> {
    Ok(Verb::MakeFolder {
        parents,
        folder: path(folder)?,
    })
}

fn remove(recursive: bool, files: &[&str]) -> Result<Verb, String> {
    Ok(Verb::Remove {
        recursive,
        files: paths(files)?,
    })
}

fn replace(script: &str, file: &str) -> Result<Verb, String> {
    let usage = || format!("`{script}` is not a script of the form `s/FROM/TO/`");
    let rest = script.strip_prefix('s').ok_or_else(usage)?;
    let mark = rest.chars().next().ok_or_else(usage)?;
    let parts: Vec<&str> = rest.split(mark).collect();
    let ["", from, to, ""] = parts.as_slice() else {
        return Err(usage());
    };
    // A dot stands for itself too, which is all that a reader expects of it.
    if from.is_empty() || from.contains(['*', '[', ']', '^', '$', '\\']) || to.contains(['&', '\\'])
    {
        return Err(format!(
            "`{script}` has signs of a pattern; only plain texts are replaced"
        ));
    }
    Ok(Verb::Replace {
        from: (*from).to_owned(),
        to: (*to).to_owned(),
        file: path(file)?,
    })
}

/// Refuses what can only be outside the test's folder; `..` is judged where the folder is known.
fn path(path: &str) -> Result<String, String> {
    if path.is_empty() || path.starts_with(['/', '-', '~']) {
        return Err(format!("`{path}` is not a path inside the test's folder"));
    }
    Ok(path.to_owned())
}

fn paths(words: &[&str]) -> Result<Vec<String>, String> {
    words.iter().map(|word| path(word)).collect()
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(fits))
        .then(|| (name.to_owned(), value.to_owned()))
}

fn redirected(tokens: &mut impl Iterator<Item = Token>, mark: char) -> Result<String, String> {
    match tokens.next() {
        Some(Token::Word(word)) => path(&word),
        _ => Err(format!("`{mark}` needs a file")),
    }
}

fn head_count(tokens: &mut impl Iterator<Item = Token>) -> Result<usize, String> {
    let mut expect = || match tokens.next() {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    };
    let (program, option, count) = (expect(), expect(), expect());
    if program.as_deref() == Some("head")
        && option.as_deref() == Some("-n")
        && let Some(count) = count.and_then(|count| count.parse().ok())
    {
        return Ok(count);
    }
    Err("`|` is known as `| head -n N`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(arguments: &[&str]) -> Verb {
        Verb::Program(arguments.iter().map(|&it| it.to_owned()).collect())
    }

    #[test]
    fn the_program_has_two_names() {
        assert_eq!(
            parse("actionc check 'a b'").unwrap().verb,
            program(&["check", "a b"])
        );
        let command = parse("cargo run --release -- plan --format json").unwrap();
        assert_eq!(command.verb, program(&["plan", "--format", "json"]));
    }

    #[test]
    fn redirections_and_head() {
        let command = parse("ACTIONC_KRATOS=v1.3.1 actionc check - < a.yaml > b | head -n 3");
        let command = command.unwrap();
        assert_eq!(command.env, [("ACTIONC_KRATOS".into(), "v1.3.1".into())]);
        assert_eq!(command.stdin.as_deref(), Some("a.yaml"));
        assert_eq!(command.stdout.as_deref(), Some("b"));
        assert_eq!(command.head, Some(3));
    }

    #[test]
    fn the_small_programs() {
        let verb = |line| parse(line).map(|command| command.verb);
        assert_eq!(verb("chmod 444 a"), Ok(Verb::Chmod(0o444, "a".into())));
        assert_eq!(
            verb("printf 'a\\n\\xff' > f"),
            Ok(Verb::Print(b"a\n\xff".to_vec()))
        );
        assert_eq!(
            verb("sed -i 's/a b/c/' f"),
            Ok(Verb::Replace {
                from: "a b".into(),
                to: "c".into(),
                file: "f".into()
            })
        );
        assert_eq!(
            verb("ln -s ../out link"),
            Ok(Verb::Link {
                target: "../out".into(),
                link: "link".into()
            })
        );
    }

    #[test]
    fn everything_else_is_refused() {
        let cases = [
            ("curl x", "unknown command `curl`"),
            ("", "no command"),
            ("A=b", "no command"),
            ("cat /etc/x", "`/etc/x` is not a path inside"),
            ("rm -f x", "`-f` is not a path"),
            ("ls -l x", "`ls` is known as `ls [-A] [DIR]`"),
            ("cp a", "`cp` is known as `cp [-r] FROM TO`"),
            ("chmod u+x a", "`u+x` is not an octal mode"),
            ("printf 'a'", "`printf` writes a file"),
            ("printf '%s' > a", "`%s`"),
            ("sed -i 's/a.*/b/' f", "signs of a pattern"),
            ("sed -i 's/a/b/g' f", "not a script"),
            ("sed 's/a/b/' f", "`sed` is known as"),
            ("actionc | grep x", "`|` is known as `| head -n N`"),
            ("actionc | head -n 2 | head -n 1", "nothing may follow"),
            ("actionc >", "`>` needs a file"),
            ("actionc > > a", "`>` needs a file"),
            ("X=1 cat a", "only `actionc` takes an environment"),
            ("cat < a", "`cat` is known as"),
            ("actionc *.yaml", "`*` means something to a shell"),
            ("actionc \"$HOME\"", "`$` means something to a shell"),
            ("actionc 'a", "unclosed `'`"),
            ("actionc; ls", "`;` means something to a shell"),
            ("! actionc", "`!` means something to a shell"),
        ];
        for (line, expected) in cases {
            let error = parse(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }
}
