//! Runs a program that is on the list of allowed ones: without a shell, told by its environment, ended with all it began.

mod group;
mod output;

use async_trait::async_trait;
use domain::check::{Ask, Seen, Tried};
use engine::ports::Check;
use group::Group;
use output::End;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, Command as Process};

/// What is left of a program's output may come so long after its end.
const LINGER: Duration = Duration::from_millis(500);

/// A program on Uncordon's own machine.
pub struct Command {
    /// Its absolute path.
    pub path: PathBuf,
    /// The programs that may be run at all.
    pub allowed: Vec<PathBuf>,
    /// One run may take so long.
    pub timeout: Duration,
}

/// Whether a program may be run: its path is absolute and stands, letter for letter, on the list.
pub fn may_run(path: &Path, allowed: &[PathBuf]) -> Result<(), String> {
    if !path.is_absolute() {
        return Err(format!("{} is not an absolute path", path.display()));
    }
    if !allowed
        .iter()
        .any(|one| one.as_os_str() == path.as_os_str())
    {
        return Err(format!(
            "{} is not among the programs in server.check_commands",
            path.display()
        ));
    }
    Ok(())
}

#[async_trait]
impl Check for Command {
    async fn try_once(&self, ask: &Ask) -> Tried {
        if let Err(why) = may_run(&self.path, &self.allowed) {
            return Tried::Refused(why);
        }
        let path = self.path.display();
        if !ask.begin {
            return Tried::NotYet(Seen::new(&format!(
                "{path}: the outcome of its run was lost, and its time is over"
            )));
        }
        let begun = Instant::now();
        let (mut child, output) = match self.start(ask) {
            Ok(started) => started,
            Err(why) => return Tried::NotYet(Seen::new(&format!("{path} cannot be run: {why}"))),
        };
        // Whatever ends this try, being dropped included, ends the whole group.
        let _group = Group::of(&child);
        let mut end = End::default();
        let ended = tokio::time::timeout(self.timeout, run(&mut child, output, &mut end)).await;
        let took = begun.elapsed().as_millis();
        let seen = |text: String| Seen::new(&text).with_end(&end.kept, end.before);
        match ended {
            Ok(Ok(status)) if status.success() => {
                Tried::Passed(seen(format!("{path}: exit status 0 in {took} ms")))
            }
            Ok(Ok(status)) => {
                Tried::NotYet(seen(format!("{path}: {} after {took} ms", how(status))))
            }
            Ok(Err(why)) => Tried::NotYet(seen(format!("{path}: {why}"))),
            Err(_) => Tried::NotYet(seen(format!(
                "{path}: did not end within {} s and was killed",
                self.timeout.as_secs_f32()
            ))),
        }
    }

    async fn ready(&self) -> Result<(), String> {
        use std::os::unix::fs::PermissionsExt;
        may_run(&self.path, &self.allowed)?;
        let file = std::fs::metadata(&self.path)
            .map_err(|why| format!("{}: {why}", self.path.display()))?;
        if file.is_file() && file.permissions().mode() & 0o111 != 0 {
            Ok(())
        } else {
            Err(format!("{} is not a program", self.path.display()))
        }
    }
}

impl Command {
    /// Starts it with one pipe for both outputs, so that their order is kept.
    fn start(&self, ask: &Ask) -> std::io::Result<(Child, Receiver)> {
        let (reader, writer) = std::io::pipe()?;
        let child = Process::new(&self.path)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .envs(ask.variables())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok((child, Receiver::from_owned_fd(reader.into())?))
    }
}

/// Reads until the program has ended and its output too, or until nothing more of it came for a moment.
async fn run(
    child: &mut Child,
    mut output: Receiver,
    end: &mut End,
) -> std::io::Result<ExitStatus> {
    let mut buffer = [0; 4096];
    let mut ended = None;
    let mut open = true;
    let mut until = tokio::time::Instant::now();
    loop {
        tokio::select! {
            status = child.wait(), if ended.is_none() => {
                ended = Some(status?);
                until = tokio::time::Instant::now() + LINGER;
            }
            read = output.read(&mut buffer), if open => match read? {
                0 => open = false,
                count => end.push(&buffer[..count]),
            },
            () = tokio::time::sleep_until(until), if ended.is_some() => open = false,
        }
        if let Some(status) = ended.filter(|_| !open) {
            return Ok(status);
        }
    }
}

fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => "ended without a status".to_owned(),
    }
}
