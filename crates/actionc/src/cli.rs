//! The arguments.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use diagnostics::Level;
use kratos::Method;

/// What stands below the arguments of a command.
const AFTER_HELP: &str = "\
Environment:
  Settings are also variables; an argument comes first, then the variable, then actionc.yaml:
  ACTIONC_KRATOS, ACTIONC_ACTIONS, ACTIONC_BASE, ACTIONC_OUT, ACTIONC_IDENTITY_SCHEMAS,
  ACTIONC_METADATA_PUBLIC, ACTIONC_METHODS, ACTIONC_RULES, ACTIONC_FORMAT, ACTIONC_COLOR,
  ACTIONC_OUTPUT_FILE, ACTIONC_DENY

Exit status:
  0    all is well
  1    findings at error level (with `--deny warnings` at warning level), or a stale file
  2    wrong usage, missing input or an unfit environment
  101  a defect of actionc";

/// Compiles declarative action files into the hooks of an Ory Kratos configuration.
#[derive(Debug, Parser)]
#[command(
    name = "actionc",
    version,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = AFTER_HELP
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How findings are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Full, env = "ACTIONC_FORMAT", hide_env = true)]
    pub(crate) format: Format,

    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, env = "ACTIONC_COLOR", hide_env = true)]
    pub(crate) color: Color,

    /// Write the findings into a file instead of printing them; `-` is standard output
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ACTIONC_OUTPUT_FILE",
        hide_env = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) output_file: Option<String>,

    /// Make warnings fail the run
    #[arg(
        long,
        global = true,
        value_name = "LEVEL",
        env = "ACTIONC_DENY",
        hide_env = true
    )]
    pub(crate) deny: Option<Deny>,

    /// Print findings and answers, and nothing beside them
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say what is read and with which settings, and print every note
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check everything, write nothing
    #[command(after_help = AFTER_HELP)]
    Check {
        /// Report only what lies in these files or folders; everything is checked all the same. A
        /// configuration, which has `selfservice` at its top, or at `kratos.config` in the values of a
        /// Helm chart, is checked by itself, and the project only if other paths name files of it. `-`
        /// is a file on standard input
        paths: Vec<String>,
        #[command(flatten)]
        project: ProjectArguments,
        #[command(flatten)]
        fix: FixArguments,
        /// The file that standard input stands for
        #[arg(long, value_name = "FILE")]
        stdin_filename: Option<String>,
    },
    /// Check, then write the configuration
    #[command(alias = "build", after_help = AFTER_HELP)]
    Compile {
        #[command(flatten)]
        project: ProjectArguments,
        /// Write nothing; fail if the file on disk is not what would be written
        #[arg(long)]
        check: bool,
        /// Write nothing; show what would change in the file on disk
        #[arg(long)]
        diff: bool,
        /// Emit bodies inside the configuration, or as files of their own
        #[arg(long, value_enum, default_value_t = Body::Inline, value_name = "HOW")]
        body: Body,
        /// The folder that body files are written to
        #[arg(long, value_name = "DIR", required_if_eq("body", "file"))]
        body_dir: Option<String>,
        /// What stands before a body file's name in the configuration: where Kratos finds the folder
        #[arg(long, value_name = "PREFIX")]
        body_prefix: Option<String>,
    },
    /// Show what Kratos will run, in order, and where each hook comes from
    #[command(after_help = AFTER_HELP)]
    Plan {
        /// An existing configuration, instead of the project
        file: Option<String>,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Check Jsonnet bodies that are files of their own
    Body {
        /// What to do with them
        #[command(subcommand)]
        what: BodyCommand,
    },
    /// Print a JSON Schema: of a file format, of ctx at a point, of an action's payload
    Schema {
        /// Which schema
        #[command(subcommand)]
        what: Schema,
    },
    /// Print the page of a rule, or the list of all rules
    Explain {
        /// The rule's code
        code: Option<String>,
    },
    /// Print a script that completes commands and options in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program, or of one of its commands
    Man {
        /// The command
        command: Option<String>,
    },
}

/// What `check` may change.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct FixArguments {
    /// Mend what has one safe change that mends it, and report the rest
    #[arg(long)]
    pub(crate) fix: bool,
    /// With `--fix` or `--diff`: changes that are guesses, or that change what is sent, too
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Write nothing; show what `--fix` would change
    #[arg(long)]
    pub(crate) diff: bool,
}

/// Settings of the project file that an argument or the environment may override.
#[derive(Debug, Args)]
pub(crate) struct ProjectArguments {
    /// The target release of Kratos, such as `v26.2.0`, or `main`
    #[arg(long, value_name = "RELEASE", env = "ACTIONC_KRATOS", hide_env = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) kratos: Option<String>,
    /// The folder of action files
    #[arg(long, value_name = "DIR", env = "ACTIONC_ACTIONS", hide_env = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) actions: Option<String>,
    /// The configuration that the hooks are merged into
    #[arg(long, value_name = "FILE", env = "ACTIONC_BASE", hide_env = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) base: Option<String>,
    /// Where the result is written; `-` prints it
    #[arg(long, value_name = "FILE", env = "ACTIONC_OUT", hide_env = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) out: Option<String>,
    /// An identity schema and its file, instead of the project's; may be given several times
    #[arg(
        long = "identity-schema",
        value_name = "ID=FILE",
        value_parser = identity_schema,
        value_delimiter = ',',
        env = "ACTIONC_IDENTITY_SCHEMAS",
        hide_env = true
    )]
    pub(crate) identity_schemas: Vec<(String, String)>,
    /// The schema of `metadata_public`
    #[arg(
        long,
        value_name = "FILE",
        env = "ACTIONC_METADATA_PUBLIC",
        hide_env = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) metadata_public: Option<String>,
    /// The methods that are on
    #[arg(
        long,
        value_name = "METHODS",
        value_parser = method,
        value_delimiter = ',',
        env = "ACTIONC_METHODS",
        hide_env = true
    )]
    pub(crate) methods: Vec<Method>,
    /// The level of a rule: `error`, `warning`, `note` or `off`; may be given several times
    #[arg(
        long = "rule",
        value_name = "CODE=LEVEL",
        value_parser = rule,
        value_delimiter = ',',
        env = "ACTIONC_RULES",
        hide_env = true
    )]
    pub(crate) rules: Vec<(String, Option<Level>)>,
}

fn identity_schema(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, file)) if !id.is_empty() && !file.is_empty() => {
            Ok((id.to_owned(), file.to_owned()))
        }
        _ => Err("expected the id and the file, as in `default=identity.schema.json`".to_owned()),
    }
}

fn method(text: &str) -> Result<Method, String> {
    let known = || Method::ALL.iter().map(|it| it.as_str());
    Method::parse(text).ok_or_else(|| match diagnostics::did_you_mean(text, known()) {
        Some(near) => format!("it is no method; did you mean `{near}`?"),
        None => format!("expected {}", known().collect::<Vec<_>>().join(", ")),
    })
}

/// A code of the register, and a level that the rule may have.
fn rule(text: &str) -> Result<(String, Option<Level>), String> {
    let (code, level) = text
        .split_once('=')
        .ok_or("expected a code and a level, as in `default-body=off`")?;
    let registry = action_compile::registry();
    let rule = registry
        .get(code)
        .ok_or_else(|| match registry.nearest(code) {
            Some(near) => format!("there is no rule `{code}`; did you mean `{near}`?"),
            None => format!("there is no rule `{code}`; `actionc explain` lists all rules"),
        })?;
    let level = match level {
        "error" => Some(Level::Error),
        "warning" => Some(Level::Warning),
        "note" => Some(Level::Note),
        "off" => None,
        _ => {
            return Err(format!(
                "`{level}` is no level, expected `error`, `warning`, `note` or `off`"
            ));
        }
    };
    if rule.level == Level::Error && level != Some(Level::Error) {
        return Err(format!("`{code}` is always an error"));
    }
    Ok((code.to_owned(), level))
}

/// How findings are printed; `plan` prints its own answer as `json` or else as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the source, for people
    #[value(alias = "text")]
    Full,
    /// A line each
    Concise,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// A report of tests, as JUnit writes it
    Junit,
}

impl Format {
    /// Whether people read it; programs get every finding, and no word beside them.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Body {
    /// As `base64://` in the configuration
    Inline,
    /// As `.jsonnet` files
    File,
}

/// What can be done with bodies.
#[derive(Debug, Subcommand)]
pub(crate) enum BodyCommand {
    /// Check them against the ctx of a point
    Check(BodyArguments),
    /// Print the type of what they send
    Type(BodyArguments),
    /// Print what they send for a ctx, byte for byte
    Render {
        #[command(flatten)]
        body: BodyArguments,
        /// The ctx, as JSON; without it the smallest that the point can have
        #[arg(long, value_name = "FILE")]
        ctx: Option<String>,
    },
}

/// Bodies and the point they are for.
#[derive(Debug, Args)]
pub(crate) struct BodyArguments {
    #[command(flatten)]
    pub(crate) at: At,
    /// The bodies
    #[arg(required = true)]
    pub(crate) files: Vec<String>,
}

/// A point of execution.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// The list that the hook stands in, such as `registration.after.password`
    #[arg(long, value_name = "POINT")]
    pub(crate) at: String,
    /// The hook parses the answer: in registration and settings it runs before anything is stored
    #[arg(long)]
    pub(crate) parse: bool,
    /// An identity schema, instead of the project's; its id is the file's name up to the first dot
    #[arg(long, value_name = "FILE")]
    pub(crate) identity_schema: Vec<String>,
    /// The release of Kratos
    #[arg(long, value_name = "RELEASE", env = "ACTIONC_KRATOS", hide_env = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) kratos: Option<String>,
    /// The level of a rule: `error`, `warning`, `note` or `off`; may be given several times
    #[arg(
        long = "rule",
        value_name = "CODE=LEVEL",
        value_parser = rule,
        value_delimiter = ',',
        env = "ACTIONC_RULES",
        hide_env = true
    )]
    pub(crate) rules: Vec<(String, Option<Level>)>,
}

/// Which schema.
#[derive(Debug, Subcommand)]
pub(crate) enum Schema {
    /// Of an action file
    Action,
    /// Of the project file
    Project,
    /// Of what Kratos passes to a body at a point
    Ctx(At),
    /// Of what an action sends
    Payload {
        /// The action's name
        name: String,
        #[command(flatten)]
        project: ProjectArguments,
    },
}
