//! Foreign bytes are parsed in a process of their own: the product's binary calls itself, under caps on memory, CPU and wall
//! time. The job comes as one line of JSON and the bytes behind it; the answer goes the same way.
use crate::{Error, File, Limits, Opened, Refusal, engine};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The argument by which the product's binary knows that it is the worker.
pub const ARGUMENT: &str = "intake-worker";
/// Bytes of the longest answer that is taken.
const ANSWER_BYTES: u64 = 128 << 20;

/// What the worker is to do with the bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
enum Job {
    Open { name: String, limits: Limits },
    Read { name: String, engine: String, limits: Limits },
    Upright { name: String, page: u32, rotation: u32, limits: Limits },
}

/// What the worker says; bytes of a picture follow an [`Answer::Upright`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
enum Answer {
    Opened { opened: Opened },
    Read { file: File },
    Upright,
    Refused { refusal: Refusal },
    Failed { message: String },
}

/// The worker's whole life: one job in, one answer out.
///
/// # Errors
/// [`Error::Io`] or [`Error::Protocol`] where the job cannot be read or the answer not written.
pub fn main(stdin: impl Read, mut stdout: impl Write) -> Result<(), Error> {
    let mut stdin = BufReader::new(stdin);
    let mut line = String::new();
    stdin.by_ref().take(1 << 16).read_line(&mut line).map_err(Error::io("job"))?;
    let job: Job = serde_json::from_str(&line).map_err(|e| Error::Protocol(e.to_string()))?;
    let mut bytes = Vec::new();
    stdin.read_to_end(&mut bytes).map_err(Error::io("bytes"))?;
    let (answer, picture) = match perform(&job, &bytes) {
        Ok(done) => done,
        Err(Error::Refused(refusal)) => (Answer::Refused { refusal }, Vec::new()),
        Err(error) => (Answer::Failed { message: error.to_string() }, Vec::new()),
    };
    let line = serde_json::to_string(&answer).map_err(|e| Error::Protocol(e.to_string()))?;
    stdout
        .write_all(line.as_bytes())
        .and_then(|()| stdout.write_all(b"\n"))
        .and_then(|()| stdout.write_all(&picture))
        .and_then(|()| stdout.flush())
        .map_err(Error::io("answer"))
}

fn perform(job: &Job, bytes: &[u8]) -> Result<(Answer, Vec<u8>), Error> {
    Ok(match job {
        Job::Open { name, limits } => (Answer::Opened { opened: crate::open(bytes, name, limits)? }, Vec::new()),
        Job::Read { name, engine, limits } => (Answer::Read { file: crate::read(bytes, name, engine::named(engine)?, limits)? }, Vec::new()),
        Job::Upright { name, page, rotation, limits } => (Answer::Upright, crate::upright(bytes, name, *page, *rotation, limits)?),
    })
}

/// Starts a worker for each job and holds it to its caps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The binary whose `main` calls [`main`] when its first argument is [`ARGUMENT`].
    pub exe: PathBuf,
    pub limits: Limits,
}

impl Client {
    /// Workers of this very binary, under the product's limits.
    ///
    /// # Errors
    /// [`Error::Io`] where the system cannot say which binary runs.
    pub fn of_this_binary() -> Result<Self, Error> {
        Ok(Self { exe: std::env::current_exe().map_err(Error::io("own path"))?, limits: Limits::default() })
    }

    /// What an upload is, or [`Error::Refused`].
    ///
    /// # Errors
    /// [`Error::Refused`] for the upload's faults, others for the machine's.
    pub fn open(&self, bytes: &[u8], name: &str) -> Result<Opened, Error> {
        self.large(bytes)?;
        match self.run(&Job::Open { name: name.into(), limits: self.limits.clone() }, bytes, self.limits.open_seconds)? {
            (Answer::Opened { opened }, _) => Ok(opened),
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// Reads an upload with the engine of this name: pages, text, kinds, fields.
    ///
    /// # Errors
    /// [`Error::Refused`] for the upload's faults, others for the machine's.
    pub fn read(&self, bytes: &[u8], name: &str, engine: &str) -> Result<File, Error> {
        let opened = self.open(bytes, name)?;
        let seconds = self.limits.open_seconds + self.limits.page_seconds * u64::from(opened.pages);
        match self.run(&Job::Read { name: name.into(), engine: engine.into(), limits: self.limits.clone() }, bytes, seconds)? {
            (Answer::Read { file }, _) => Ok(file),
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// The upright page as a grey JPEG, in whose pixels the boxes of [`crate::Page`] are. `rotation` is the page's.
    ///
    /// # Errors
    /// [`Error::Refused`] for the upload's faults, others for the machine's.
    pub fn upright(&self, bytes: &[u8], name: &str, page: u32, rotation: u32) -> Result<Vec<u8>, Error> {
        self.large(bytes)?;
        let seconds = self.limits.open_seconds + self.limits.page_seconds;
        match self.run(&Job::Upright { name: name.into(), page, rotation, limits: self.limits.clone() }, bytes, seconds)? {
            (Answer::Upright, picture) => Ok(picture),
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// Too large a file is refused before a process is started for it.
    fn large(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let (bytes, limit) = (bytes.len() as u64, self.limits.file_bytes);
        if bytes > limit { Err(Refusal::TooLarge { bytes, limit }) } else { Ok(()) }
    }

    fn run(&self, job: &Job, bytes: &[u8], seconds: u64) -> Result<(Answer, Vec<u8>), Error> {
        let mut child = self.spawn(seconds)?;
        let (mut stdin, stdout) = child.stdin.take().zip(child.stdout.take()).ok_or_else(|| Error::Protocol("no pipes".into()))?;
        let line = serde_json::to_string(job).map_err(|e| Error::Protocol(e.to_string()))?;
        std::thread::scope(|scope| {
            // A worker that ends early leaves the rest unread; its answer says why, not the broken pipe.
            scope.spawn(move || drop(stdin.write_all(line.as_bytes()).and_then(|()| stdin.write_all(b"\n")).and_then(|()| stdin.write_all(bytes))));
            let (send, answer) = mpsc::channel();
            scope.spawn(move || {
                let mut out = Vec::new();
                let read = stdout.take(ANSWER_BYTES).read_to_end(&mut out).map(|_| out);
                drop(send.send(read));
            });
            let answer = answer.recv_timeout(Duration::from_secs(seconds));
            kill(&mut child);
            let status = child.wait().map_err(Error::io("worker"))?;
            match answer {
                Err(_) => Err(Refusal::TooSlow { seconds }.into()),
                Ok(out) => {
                    parse(&out.map_err(Error::io("answer"))?).unwrap_or_else(|| Err(Refusal::ReaderStopped { what: status.to_string() }.into()))
                }
            }
        })
    }

    fn spawn(&self, seconds: u64) -> Result<Child, Error> {
        Command::new("prlimit")
            .args([format!("--as={}", self.limits.memory_bytes), format!("--cpu={}", seconds * 2), "--core=0".into(), "--".into()])
            .arg(&self.exe)
            .arg(ARGUMENT)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Program { program: "prlimit", source })
    }
}

/// Ends the worker and the programs it started; they are its process group.
fn kill(child: &mut Child) {
    let group = format!("-{}", child.id());
    // The group is gone when the worker ended by itself with its programs; there is nothing to do then.
    drop(Command::new("kill").args(["-KILL", "--", &group]).stdout(Stdio::null()).stderr(Stdio::null()).status());
    drop(child.kill());
}

fn parse(out: &[u8]) -> Option<Result<(Answer, Vec<u8>), Error>> {
    let end = out.iter().position(|b| *b == b'\n')?;
    Some(match serde_json::from_slice(&out[..end]) {
        Ok(Answer::Refused { refusal }) => Err(refusal.into()),
        Ok(Answer::Failed { message }) => Err(Error::Failed { program: ARGUMENT, message }),
        Ok(answer) => Ok((answer, out[end + 1..].to_vec())),
        Err(error) => Err(Error::Protocol(error.to_string())),
    })
}

fn unexpected(answer: &Answer) -> Error {
    Error::Protocol(format!(
        "unexpected answer {}",
        match answer {
            Answer::Opened { .. } => "opened",
            Answer::Read { .. } => "read",
            Answer::Upright => "upright",
            Answer::Refused { .. } => "refused",
            Answer::Failed { .. } => "failed",
        }
    ))
}
