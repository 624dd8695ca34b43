//! IIS configuration: the reader against another one, and two files as a server's applicationHost.config and a web.config
//! below it, down to what is in force.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::read::xml;
use owalint_fuzz::{check_places, check_problems, check_scalar, check_span, lint, only, replaced, source};

/// What stands between the two files of an input.
const BETWEEN: &[u8] = b"\n=== web.config\n";

fuzz_target!(|bytes: &[u8]| {
    check_reader(bytes);
    let at = bytes.windows(BETWEEN.len()).position(|it| it == BETWEEN);
    let mut files = vec![("CAS2/applicationHost.config".to_owned(), bytes[..at.unwrap_or(bytes.len())].to_vec())];
    if let Some(at) = at {
        files.push(("CAS2/inetpub/wwwroot/web.config".to_owned(), bytes[at + BETWEEN.len()..].to_vec()));
    }
    if let Some(run) = lint(replaced(files)) {
        check_places(&run);
    }
});

fn check_reader(bytes: &[u8]) {
    let source = source(bytes);
    let text = source.text();
    if !xml::claims(text) {
        return;
    }
    let (document, problems) = xml::read(text, only());
    check_problems(text, &problems);
    for (index, element) in document.elements.iter().enumerate() {
        check_scalar(text, &element.name);
        check_span(text, element.span);
        assert!(element.span.contains(element.tag) && element.tag.contains(element.name.span));
        assert!(element.parent.is_none_or(|it| (it.0 as usize) < index) && element.next.0 as usize > index);
        for attribute in &element.attributes {
            check_scalar(text, &attribute.name);
            check_scalar(text, &attribute.value);
        }
    }
    assert_eq!(document.complete, problems.is_empty(), "a fault is said, and nothing else is");
    // The other reader checks namespaces too, takes one root only, takes `<?p<?>`, and has other limits.
    let is_limit = problems.iter().any(|it| it.message.contains("deeper than") || it.message.contains("more than"));
    if let (false, Ok(other)) = (is_limit || text.matches("<?").count() > 1, roxmltree::Document::parse(text)) {
        assert!(document.complete, "another reader takes it: {problems:?}");
        let names: Vec<&str> = other.descendants().filter(|it| it.is_element()).map(|it| it.tag_name().name()).collect();
        let own: Vec<&str> = document.elements.iter().map(|it| it.local_name()).collect();
        assert_eq!(own, names);
    }
}
