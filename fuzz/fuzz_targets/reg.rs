//! Registry exports: every place is true, and nothing is set where no key is open.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::reg;
use owalint_fuzz::{check_problems, check_registry, only, source};

fuzz_target!(|bytes: &[u8]| {
    let source = source(bytes);
    let text = source.text();
    reg::claims(text);
    let (document, problems) = reg::read(text, only(), source.encoding());
    check_registry(text, &document);
    check_problems(text, &problems);
});
