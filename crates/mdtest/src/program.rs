//! The program under test, as something that can be called.
//!
//! A trait, so that the runner's own tests need no binary.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// One call.
#[derive(Clone, Debug)]
pub struct Invocation<'a> {
    /// The arguments, without the program.
    pub arguments: &'a [String],
    /// The working folder.
    pub folder: &'a Path,
    /// The whole environment, apart from what the system needs to start a program.
    pub env: &'a [(String, String)],
    /// The file that standard input reads from; empty otherwise.
    pub stdin: Option<&'a Path>,
    /// Whether standard error is to be kept apart from standard output.
    pub apart: bool,
    /// The user to call it as, instead of the superuser.
    pub user: Option<u32>,
}

/// What a call came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completed {
    /// Standard output; with standard error in between unless they were to be kept apart.
    pub output: Vec<u8>,
    /// Standard error, if it was to be kept apart.
    pub errors: Vec<u8>,
    /// The exit status.
    pub status: i32,
}

/// A program that pages call.
pub trait Program: Sync {
    /// The version that pages write as `[VERSION]`.
    fn version(&self) -> &str;

    /// Calls it.
    ///
    /// # Errors
    /// When it cannot be called, does not end in time or ends by a signal.
    fn call(&self, invocation: &Invocation<'_>) -> io::Result<Completed>;
}

/// A program on disk.
#[derive(Debug)]
pub struct Binary {
    path: PathBuf,
    version: String,
    limit: Duration,
    /// A copy in a place that every user can reach, made when first needed.
    shared: OnceLock<Result<(TempDir, PathBuf), String>>,
}

impl Binary {
    /// The program at a path, which must end within a minute each time it is called.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, version: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            version: version.into(),
            limit: Duration::from_secs(60),
            shared: OnceLock::new(),
        }
    }

    /// Replaces the time that a call may take.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    fn command(&self, user: Option<u32>) -> io::Result<Command> {
        let Some(user) = user else {
            return Ok(Command::new(&self.path));
        };
        // The build folder may lie where only its owner can go.
        let shared = self.shared.get_or_init(|| {
            share(&self.path).map_err(|error| format!("the program cannot be copied: {error}"))
        });
        let (_, path) = shared
            .as_ref()
            .map_err(|text| io::Error::other(text.clone()))?;
        let mut command = Command::new(path);
        set_user(&mut command, user);
        Ok(command)
    }
}

impl Program for Binary {
    fn version(&self) -> &str {
        &self.version
    }

    fn call(&self, invocation: &Invocation<'_>) -> io::Result<Completed> {
        let mut command = self.command(invocation.user)?;
        command
            .args(invocation.arguments)
            .current_dir(invocation.folder)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(invocation.env.iter().map(|(name, value)| (name, value)));
        command.stdin(match invocation.stdin {
            Some(path) => Stdio::from(fs::File::open(path)?),
            None => Stdio::null(),
        });
        let (output, writer) = io::pipe()?;
        let errors = if invocation.apart {
            let (errors, writer) = io::pipe()?;
            command.stderr(writer);
            Some(errors)
        } else {
            command.stderr(writer.try_clone()?);
            None
        };
        command.stdout(writer);
        let child = spawn(&mut command)?;
        // The command holds the writing ends, which must be closed for reading to come to an end.
        drop(command);
        let output = collect(output);
        let errors = errors.map(collect);
        finish(child, output, errors, self.limit)
    }
}

/// Starts the program. A copy of it that was written a moment ago counts as busy for as long as
/// any process that another thread was just starting still holds it open.
fn spawn(command: &mut Command) -> io::Result<Child> {
    for _ in 0..200 {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(10));
            }
            started => return started,
        }
    }
    command.spawn()
}

type Collected = mpsc::Receiver<io::Result<Vec<u8>>>;

fn collect(mut pipe: io::PipeReader) -> Collected {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = pipe.read_to_end(&mut bytes).map(|_| bytes);
        // Nobody listens any more when the time was up.
        let _ = sender.send(result);
    });
    receiver
}

fn finish(
    mut child: Child,
    output: Collected,
    errors: Option<Collected>,
    limit: Duration,
) -> io::Result<Completed> {
    let end = Instant::now() + limit;
    let receive = |collected: &Collected| {
        let left = end.saturating_duration_since(Instant::now());
        collected
            .recv_timeout(left)
            .unwrap_or_else(|_| Err(late(limit)))
    };
    let received = receive(&output).and_then(|output| {
        let errors = errors
            .as_ref()
            .map(receive)
            .transpose()?
            .unwrap_or_default();
        Ok((output, errors))
    });
    let received = received.and_then(|received| {
        // It may close its output and go on.
        loop {
            match child.try_wait()? {
                Some(status) => return Ok((received, status)),
                None if Instant::now() >= end => return Err(late(limit)),
                None => thread::sleep(Duration::from_millis(1)),
            }
        }
    });
    if received.is_err() {
        // It may be gone already, which is as good.
        let _ = child.kill();
        let _ = child.wait();
    }
    let ((output, errors), status) = received?;
    let status = status
        .code()
        .ok_or_else(|| io::Error::other(format!("it was ended by a signal ({status})")))?;
    Ok(Completed {
        output,
        errors,
        status,
    })
}

fn late(limit: Duration) -> io::Error {
    let text = format!("it is still running after {} seconds", limit.as_secs_f32());
    io::Error::new(io::ErrorKind::TimedOut, text)
}

#[cfg(unix)]
fn set_user(command: &mut Command, user: u32) {
    use std::os::unix::process::CommandExt as _;
    command.uid(user).gid(user);
}

#[cfg(not(unix))]
fn set_user(_command: &mut Command, _user: u32) {}

fn share(path: &Path) -> io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::Builder::new().prefix("mdtest-").tempdir()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    }
    let copy = folder.path().join(path.file_name().unwrap_or_default());
    fs::copy(path, &copy)?;
    Ok((folder, copy))
}
