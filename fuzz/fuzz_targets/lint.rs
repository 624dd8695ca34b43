//! The whole lint of a small tree: an input is divided into files at lines `=== PATH`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint_fuzz::{check_places, files, lint};

fuzz_target!(|bytes: &[u8]| {
    if let Some(run) = lint(files(bytes)) {
        check_places(&run);
        assert!(!run.report.inputs.is_empty() || run.report.exit_code != 0);
    }
});
