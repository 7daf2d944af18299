//! The arguments.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles declarative action files into the hooks of an Ory Kratos configuration.
#[derive(Debug, Parser)]
#[command(
    name = "actionc",
    version,
    disable_help_subcommand = true,
    max_term_width = 100
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

    /// Print remarks too: notes that are no mistake, on nearly every webhook
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,

    /// Make warnings fail the run
    #[arg(long, global = true, value_name = "LEVEL")]
    pub(crate) deny: Option<Deny>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check everything, write nothing
    Check {
        /// Report only what lies in these files or folders; everything is checked all the same. A
        /// configuration, which has `selfservice` at its top, is checked by itself instead
        paths: Vec<String>,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Check, then write the configuration
    #[command(alias = "build")]
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
    /// Evaluate the request on standard input: what `worker::Bounded` starts
    #[command(hide = true)]
    WorkerEvaluate,
}

/// Settings of the project file that an argument or the environment may override.
#[derive(Debug, Args)]
pub(crate) struct ProjectArguments {
    /// The target release of Kratos, such as `v26.2.0`, or `main`
    #[arg(long, value_name = "RELEASE", env = "ACTIONC_KRATOS", hide_env = true)]
    pub(crate) kratos: Option<String>,
    /// The folder of action files
    #[arg(long, value_name = "DIR", env = "ACTIONC_ACTIONS", hide_env = true)]
    pub(crate) actions: Option<String>,
    /// The configuration that the hooks are merged into
    #[arg(long, value_name = "FILE", env = "ACTIONC_BASE", hide_env = true)]
    pub(crate) base: Option<String>,
    /// Where the result is written; `-` prints it
    #[arg(long, value_name = "FILE", env = "ACTIONC_OUT", hide_env = true)]
    pub(crate) out: Option<String>,
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
    #[arg(long, value_name = "RELEASE", env = "ACTIONC_KRATOS", hide_env = true)]
    pub(crate) kratos: Option<String>,
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
