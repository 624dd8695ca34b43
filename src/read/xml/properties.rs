//! Properties of the XML reader: what holds of any text, and what another parser says of it.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::tests::check_spans;
use super::*;

const SOURCE: SourceId = SourceId(0);

#[test]
fn hostile_input_takes_linear_time() {
    const SIZE: usize = 1 << 18;
    let repeated = |piece: &str| piece.repeat(SIZE / piece.len());
    let within = |before: &str, piece: &str, after: &str| format!("{before}{}{after}", repeated(piece));
    let started = Instant::now();
    for piece in [
        "<",
        ">",
        "<a ",
        "<a>",
        "</a>",
        "<a/>",
        "&",
        "&amp;",
        "&amp",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "<!DOCTYPE [",
        "<!d",
        "\"",
        "'",
        "=",
        "a=\"\" ",
        "<a b='",
        "<a b=''",
        "\0",
        "\u{feff}",
        "é",
        "<é",
        "<a b=\"<\"",
    ] {
        for text in
            [repeated(piece), within("<a>", piece, "</a>"), within("<a b='", piece, "'/>"), within("<a ", piece, "/>")]
        {
            let (document, problems) = read(&text, SOURCE);
            assert!(document.complete == problems.is_empty() && problems.len() <= 1);
        }
    }
    let attributes = |count: usize| (0..count).map(|index| format!(" a{index}=''")).collect::<Vec<_>>().concat();
    assert!(!read(&format!("<a{}/>", attributes(SIZE / 8)), SOURCE).0.complete);
    assert!(read(&format!("<a{}/>", attributes(1000)).repeat(100), SOURCE).0.complete);
    // All of this takes a few seconds without optimisation; a single read in quadratic time would take minutes.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

/// Compares with another parser: what one takes for well-formed the other does too, and places are the same. That one
/// takes `<?p<?>` for well-formed, which it is not; so no text here may hold such a thing.
fn compare(text: &str) {
    let (ours, problems) = read(text, SOURCE);
    check_spans(text, &ours, &problems);
    // Tags that are read without the parser are read as it reads them.
    let quick = read_without(text, SOURCE, &Passed { names: &["?"], ..Passed::NOTHING });
    assert_eq!(format!("{quick:?}"), format!("{:?}", (&ours, &problems)), "{text:?}");
    let theirs = match roxmltree::Document::parse(text) {
        Ok(theirs) => theirs,
        // It wants one root, and namespaces that are declared.
        Err(roxmltree::Error::UnknownNamespace(..)) => return,
        Err(error) => {
            let fragment = ours.complete && ours.only_root().is_none();
            assert!(!ours.complete || fragment, "{text:?} is not well-formed: {error}");
            return;
        }
    };
    assert!(ours.complete, "{text:?} is well-formed, but {problems:?}");
    let elements: Vec<roxmltree::Node> = theirs.descendants().filter(roxmltree::Node::is_element).collect();
    assert_eq!(ours.elements.len(), elements.len());
    for (index, theirs) in elements.iter().enumerate() {
        let inside: String = theirs.children().filter(roxmltree::Node::is_text).filter_map(|it| it.text()).collect();
        assert_eq!(ours.text(text, ElementId(index as u32)).text, inside);
    }
    for (ours, theirs) in ours.elements.iter().zip(elements) {
        assert_eq!(ours.span.range(), theirs.range());
        assert_eq!(ours.local_name(), theirs.tag_name().name());
        let ours: Vec<_> =
            ours.attributes.iter().map(|it| (it.name.span.range(), it.value.span.range(), &*it.value.text)).collect();
        let theirs: Vec<_> = theirs.attributes().map(|it| (it.range_qname(), it.range_value(), it.value())).collect();
        assert_eq!(ours, theirs);
    }
}

/// An element with attributes and children, as text.
fn element() -> impl Strategy<Value = String> {
    let value = "[ !#-%'-;=-~éü\n\t]{0,12}";
    let attributes = prop::collection::btree_map("[a-zé][a-z0-9.-]{0,5}", (value, " {1,2}|\n\t"), 0..4);
    let tag = ("[a-zA-Z_é][a-z0-9.-]{0,6}", attributes).prop_map(|(name, attributes)| {
        let attributes = attributes.iter().map(|(name, (value, blank))| format!("{blank}{name} = \"{value}\""));
        (name, attributes.collect::<Vec<_>>().concat())
    });
    let leaf = tag.clone().prop_map(|(name, attributes)| format!("<{name}{attributes}/>"));
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let text =
            prop::sample::select(vec!["", " \r\n", "text", "<!-- <c> -->", "<![CDATA[<>&]]>", "&amp;é", "<?pi x?>"]);
        (tag.clone(), prop::collection::vec((text, inner), 0..4)).prop_map(|((name, attributes), inner)| {
            let inner = inner.into_iter().map(|(text, inner)| text.to_owned() + &inner).collect::<Vec<_>>().concat();
            format!("<{name}{attributes}>{inner}</{name} >")
        })
    })
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let (document, problems) = read(&text, SOURCE);
        check_spans(&text, &document, &problems);
        claims(&text);
    }

    #[test]
    fn documents_are_read_as_another_parser_reads_them(text in element()) {
        prop_assert!(read(&text, SOURCE).0.complete);
        compare(&text);
    }

    #[test]
    fn every_cut_of_a_document_is_a_fault(text in element(), cut in any::<prop::sample::Index>()) {
        let cut = (0..=cut.index(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        prop_assert!(!read(&text[..cut], SOURCE).0.complete);
        compare(&text[..cut]);
    }

    #[test]
    fn pieces_of_xml_are_judged_as_another_parser_judges_them(pieces in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "/", "<a", "</a>", "<a>", "<a b='1'", " c=\"2\"", "/>", "'", "\"", "=", " ", "\n", "b", "é", "&", "&amp;",
        "&#65;", "&#x0;", "&x;", ";", "<!--", "--", "-->", "-", "<![CDATA[", "]]>", "]", "<?p ", "?>",
        "<?xml version='1.0'?>", "<!", "\u{0}", "\u{ffff}", "\u{feff}", "1", "<b>", "</b>", "x",
    ]), 0..24)) {
        compare(&pieces.concat());
    }
}
