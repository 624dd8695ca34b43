//! Registry exports: every place is true, nothing is set where no key is open, and reading what is wanted or part by
//! part tells what reading the whole does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::reg;
use owalint_fuzz::{check_parts, check_problems, check_registry, check_wanted, on_one_thread, only, source};

fuzz_target!(|bytes: &[u8]| {
    on_one_thread();
    let source = source(bytes);
    let text = source.text();
    reg::claims(text);
    let (document, problems) = reg::read(text, only(), source.encoding());
    check_registry(text, &document);
    check_problems(text, &problems);
    check_wanted(text, source.encoding());
    // Parts that are smaller than lines, and some that hold several.
    check_parts(text, [4, 32, 150, 1000][bytes.len() % 4]);
});
