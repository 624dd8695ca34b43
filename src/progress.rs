//! Progress: a line on standard error while long work goes on, where that is a terminal.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::terminal;

/// How long work may take before anything is said.
const PATIENCE: Duration = Duration::from_millis(1500);

/// How often it is said then.
const BEAT: Duration = Duration::from_secs(1);

/// Does work of this name, and says that it goes on where it takes long. Nothing may be printed in it.
pub(crate) fn over<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    let _progress = Progress::start(name);
    work()
}

/// Says that work goes on until it is dropped.
struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to watch over work of this name; says nothing where standard error is no terminal that can be wiped.
    fn start(work: &'static str) -> Progress {
        if !terminal::can_wipe() {
            return Progress { running: None };
        }
        let (done, is_done) = mpsc::channel();
        let watch = thread::spawn(move || {
            let started = Instant::now();
            let goes_on = |wait: Duration| is_done.recv_timeout(wait) == Err(RecvTimeoutError::Timeout);
            watch(work, goes_on, || started.elapsed(), &mut io::stderr());
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

/// Writes a line over itself for as long as work goes on, and wipes it; nothing where the work ends soon.
fn watch(
    work: &str,
    mut goes_on: impl FnMut(Duration) -> bool,
    elapsed: impl Fn() -> Duration,
    screen: &mut impl Write,
) {
    let mut wait = PATIENCE;
    while goes_on(wait) {
        let _ = write!(screen, "\r{work}: {} s", elapsed().as_secs());
        let _ = screen.flush();
        wait = BEAT;
    }
    if wait == BEAT {
        let _ = write!(screen, "\r\u{1b}[K");
        let _ = screen.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// What is written over work that takes so long, by a clock that runs only while it is waited for.
    fn written(takes: Duration) -> String {
        let clock = Cell::new(Duration::ZERO);
        let goes_on = |wait: Duration| {
            clock.set((clock.get() + wait).min(takes));
            clock.get() < takes
        };
        let mut screen = Vec::new();
        watch("linting", goes_on, || clock.get(), &mut screen);
        String::from_utf8(screen).unwrap()
    }

    #[test]
    fn only_long_work_is_told_and_its_line_is_wiped() {
        assert_eq!(written(Duration::ZERO), "");
        assert_eq!(written(PATIENCE), "");
        assert_eq!(written(PATIENCE + Duration::from_millis(1)), "\rlinting: 1 s\r\u{1b}[K");
        assert_eq!(written(Duration::from_millis(3600)), "\rlinting: 1 s\rlinting: 2 s\rlinting: 3 s\r\u{1b}[K");
    }
}
