//! ConvertTo-Json and Export-Csv: every place is true.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::csv::{self, Names};
use owalint::read::json;
use owalint_fuzz::{check_objects, check_problems, check_scalar, only, source};

const NAMES: [&str; 6] =
    ["Identity", "Server", "InternalUrl", "ExternalUrl", "InternalAuthenticationMethods", "BasicAuthentication"];

fuzz_target!(|bytes: &[u8]| {
    let source = source(bytes);
    let text = source.text();
    json::is_void(text);
    if json::claims(text) {
        let (objects, problems) = json::read(text, only(), &NAMES);
        check_objects(text, &objects);
        check_problems(text, &problems);
    }
    let names = Names { known: &NAMES, telling: &NAMES[2..] };
    match csv::head(text, only(), &names) {
        Err(problem) => check_problems(text, &[problem]),
        Ok(None) => {}
        Ok(Some(head)) => {
            head.columns.iter().chain(&head.types).for_each(|it| check_scalar(text, it));
            let (objects, problems) = csv::read(text, only(), head, &names);
            check_objects(text, &objects);
            check_problems(text, &problems);
        }
    }
});
