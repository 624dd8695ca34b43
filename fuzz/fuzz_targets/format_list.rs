//! Format-List output and transcripts: every place is true.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::format_list::read;
use owalint_fuzz::{check_objects, check_problems, only, source};

fuzz_target!(|bytes: &[u8]| {
    let source = source(bytes);
    let (document, problems) = read(source.text(), only());
    check_objects(source.text(), &document.objects);
    check_problems(source.text(), &problems);
});
