//! CLIXML and ConvertTo-Xml: every place is true, whatever refers to what.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::xml;
use owalint::read::xml_objects::{clixml, convert_to_xml};
use owalint_fuzz::{check_objects, check_problems, check_scalar, check_span, only, source};

fuzz_target!(|bytes: &[u8]| {
    let source = source(bytes);
    let text = source.text();
    if !xml::claims(text) {
        return;
    }
    let (document, problems) = xml::read(text, only());
    check_problems(text, &problems);
    for (exports, problems) in [clixml::read(&document, text), convert_to_xml::read(&document, text)] {
        check_objects(text, &exports.objects);
        check_problems(text, &problems);
        exports.errors.iter().for_each(|it| check_span(text, *it));
        exports.inner_types.iter().for_each(|it| check_scalar(text, it));
    }
});
