//! What commands print: `reg query`, Get-ItemProperty and appcmd, as a file of a server in a sound estate.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::reg_query;
use owalint_fuzz::{check_places, check_problems, check_registry, check_span, lint, only, replaced, source};

fuzz_target!(|bytes: &[u8]| {
    let source = source(bytes);
    let text = source.text();
    if let Some(span) = reg_query::claims(text, only()) {
        check_span(text, span);
    }
    let (document, problems) = reg_query::read(text, only());
    check_registry(text, &document);
    check_problems(text, &problems);
    if let Some(run) = lint(replaced([("CAS2/printed.txt".to_owned(), bytes.to_vec())])) {
        check_places(&run);
    }
});
