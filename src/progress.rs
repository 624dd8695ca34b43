//! Progress: a line on standard error while long work goes on, where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long work may take before anything is said.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Says that work goes on until it is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to watch over work of this name; says nothing where standard error is no terminal.
    pub(crate) fn start(work: &'static str) -> Progress {
        if !io::stderr().is_terminal() {
            return Progress { running: None };
        }
        let (done, is_done) = mpsc::channel();
        let watch = thread::spawn(move || {
            let started = Instant::now();
            let mut wait = PATIENCE;
            let mut has_said = false;
            while is_done.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let _ = write!(io::stderr(), "\r{work}: {} s", started.elapsed().as_secs());
                let _ = io::stderr().flush();
                (wait, has_said) = (Duration::from_secs(1), true);
            }
            if has_said {
                let _ = write!(io::stderr(), "\r\u{1b}[K");
            }
        });
        Progress { running: Some((done, watch)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, watch)) = self.running.take() {
            drop(done);
            let _ = watch.join();
        }
    }
}
