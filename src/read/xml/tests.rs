//! Tests of the XML reader: elements, places and faults.

use std::fmt::Write as _;

use super::*;
use crate::read::problem::ProblemKind;

const SOURCE: SourceId = SourceId(0);

fn well_formed(text: &str) -> XmlDocument<'_> {
    let (document, problems) = read(text, SOURCE);
    assert!(problems.is_empty() && document.complete, "{text:?}: {problems:?}");
    check_spans(text, &document, &problems);
    document
}

/// The elements that were kept, and the one problem as `span text: message`.
fn fault(text: &str) -> (usize, String) {
    let (document, problems) = read(text, SOURCE);
    check_spans(text, &document, &problems);
    assert!(!document.complete);
    let [problem] = &problems[..] else { panic!("{text:?}: {problems:?}") };
    assert_eq!(problem.kind, ProblemKind::XmlNotWellFormed);
    (document.elements.len(), format!("{}: {}", &text[problem.span.range()], problem.message))
}

/// Checks what holds of every document, well-formed or not.
pub(super) fn check_spans(text: &str, document: &XmlDocument<'_>, problems: &[Problem]) {
    let slice = |span: Span| text.get(span.range()).unwrap();
    assert_eq!(document.complete, problems.is_empty());
    assert!(problems.len() <= 1);
    assert!(problems.iter().all(|it| text.get(it.span.range()).is_some()));
    for (index, it) in document.elements.iter().enumerate() {
        assert!(slice(it.tag).starts_with('<') && slice(it.tag).ends_with('>'));
        assert!(it.span.contains(it.tag) && it.tag.contains(it.name.span));
        let inside = document.text(text, ElementId(index as u32));
        assert!(it.span.contains(inside.span) && (!inside.verbatim || slice(inside.span) == inside.text));
        assert_eq!(slice(it.name.span), it.name.text);
        assert!(it.next.0 as usize > index && it.next.0 as usize <= document.elements.len());
        let parent = it.parent.map(|id| document.get(id));
        assert_eq!(parent.map_or(0, |parent| parent.depth + 1), it.depth);
        assert!(parent.is_none_or(|parent| parent.span.contains(it.span) && parent.next >= it.next));
        for attribute in &it.attributes {
            assert!(it.tag.contains(attribute.name.span) && it.tag.contains(attribute.value.span));
            assert_eq!(slice(attribute.name.span), attribute.name.text);
            let raw = slice(attribute.value.span);
            assert!(!attribute.value.verbatim || raw == attribute.value.text);
            assert_eq!(attribute.value.verbatim, !raw.contains(['&', '\t', '\n', '\r']));
        }
    }
}

#[test]
fn elements_and_attributes_have_their_places() {
    let text = "\u{feff}<?xml version=\"1.0\" encoding='utf-16' ?>\r\n<!-- <no/> -->\n<a x = '1 \"ü\"'\n\ty=\"\">\n\
                <b/>text<p:c z=\"2\" /><![CDATA[<d>]]>\n</a >\n<?pi?>\n";
    let it = well_formed(text);
    let seen: Vec<(&str, &str, u32)> =
        it.elements.iter().map(|it| (&text[it.tag.range()], it.local_name(), it.depth)).collect();
    assert_eq!(seen, [("<a x = '1 \"ü\"'\n\ty=\"\">", "a", 0), ("<b/>", "b", 1), ("<p:c z=\"2\" />", "c", 1)]);
    assert!(text[it.elements[0].span.range()].ends_with("</a >"));
    assert_eq!(it.elements[2].span, it.elements[2].tag);
    assert_eq!(it.elements[0].attribute("x").unwrap().value.text, "1 \"ü\"");
    let empty = &it.elements[0].attribute("y").unwrap().value;
    assert_eq!((&*empty.text, empty.verbatim, &text[empty.span.start as usize..][..2]), ("", true, "\">"));
}

#[test]
fn children_and_roots_are_the_direct_ones() {
    let it = well_formed("<a><b><c/><d/></b><e/><f><g/></f></a>");
    let names = |ids: &mut dyn Iterator<Item = ElementId>| ids.map(|id| &*it.get(id).name.text).collect::<String>();
    assert_eq!(names(&mut it.roots()), "a");
    assert_eq!(it.only_root(), Some(ElementId(0)));
    let below = |index| names(&mut it.children(ElementId(index)));
    assert_eq!([0, 1, 2, 4, 5, 6].map(below), ["bef", "cd", "", "", "g", ""]);
}

#[test]
fn several_roots_are_a_fragment() {
    let it = well_formed("<a><b/></a>\n<c/>\n<!-- x -->\n<d></d>\n");
    assert_eq!(it.roots().map(|id| &*it.get(id).name.text).collect::<String>(), "acd");
    assert_eq!(it.only_root(), None);
}

#[test]
fn case_counts() {
    let it = well_formed("<Site NAME='1' name='2'/>");
    assert_eq!(it.elements[0].local_name(), "Site");
    assert_eq!(it.elements[0].attribute("name").unwrap().value.text, "2");
    assert!(it.elements[0].attribute("Name").is_none());
    assert_eq!(fault("<Site></site>").1, "</site>: this end tag does not close `<Site>`");
}

#[test]
fn references_are_replaced_and_line_ends_read_as_blanks() {
    for (raw, wanted) in [
        ("a&amp;b", "a&b"),
        ("&lt;&gt;&quot;&apos;", "<>\"'"),
        ("&#65;&#x42;&#x1F600;&#10;&#9;", "AB😀\n\t"),
        ("&amp;amp;", "&amp;"),
        ("a\r\nb\nc\td\re", "a b c d e"),
        ("ü&#252;", "üü"),
    ] {
        let text = format!("<a b=\"{raw}\"/>");
        let it = well_formed(&text);
        let value = &it.elements[0].attributes[0].value;
        assert_eq!((&*value.text, value.verbatim, &text[value.span.range()]), (wanted, false, raw));
    }
}

#[test]
fn references_that_mean_nothing_are_faults() {
    for (raw, wanted) in [
        ("&nbsp;", "&nbsp;: the entity `&nbsp;` is not defined"),
        ("x & y", "&: this `&` begins no reference"),
        ("a?x=1&y=2", "&: this `&` begins no reference"),
        ("&amp", "&: this `&` begins no reference"),
        ("&;", "&: this `&` begins no reference"),
        ("&#0;", "&#0;: this reference stands for no character"),
        ("&#x1b;", "&#x1b;: this reference stands for no character"),
        ("&#xd800;", "&#xd800;: this reference stands for no character"),
        ("&#99999999999;", "&#99999999999;: this reference stands for no character"),
        ("&#x;", "&#x;: this reference stands for no character"),
    ] {
        assert_eq!(fault(&format!("<r><a b='{raw}'/></r>")), (1, wanted.to_owned()));
        assert_eq!(fault(&format!("<r>{raw}</r>")), (1, wanted.to_owned()));
    }
    assert_eq!(fault("<r a='&#+65;'/>").1, "&: this `&` begins no reference");
    well_formed("<r>&amp;&#65;</r>");
}

#[test]
fn elements_that_are_not_closed_are_shown_where_they_begin() {
    for (text, kept, wanted) in [
        ("<a><b x='1'><c/>", 3, "b: `<b>` is never closed: the file ends inside it"),
        ("<a><b><c/></a>", 3, "b: `<b>` is never closed: the next end tag is `</a>`"),
        ("<a><b></c></a>", 2, "</c>: this end tag does not close `<b>`"),
        ("<a></a></b>", 1, "</b>: this end tag closes nothing"),
        ("<a></a b>", 1, "</a b>: this end tag does not close `<a>`"),
        ("</>", 0, "</>: this end tag closes nothing"),
        ("<a", 0, "a: the file ends inside this tag"),
        ("<r><a b", 1, "a: the file ends inside this tag"),
        ("<r><a b='1' /", 1, "a: the file ends inside this tag"),
        ("<r><a b='1", 1, "a: the file ends inside this tag"),
        ("<r><", 1, "<: the file ends inside this tag"),
        ("<r></r", 1, "</: this end tag is never closed"),
        ("<r><!-- </r>", 1, "<!--: this comment is never closed"),
        ("<r><![CDATA[ ]] </r>", 1, "<![CDATA[: this CDATA section is never closed"),
        ("<?xml version='1.0'", 0, "<?: this processing instruction is never closed"),
        ("<a><b></b>\n<c d='1'>\n<e/>\n", 4, "c: `<c>` is never closed: the file ends inside it"),
    ] {
        assert_eq!(fault(text), (kept, wanted.to_owned()), "{text}");
    }
}

#[test]
fn open_elements_end_at_the_fault() {
    let text = "<a><b><c/></b><d>&x;</d></a>";
    let (it, _) = read(text, SOURCE);
    let spans: Vec<&str> = it.elements.iter().map(|it| &text[it.span.range()]).collect();
    assert_eq!(spans, ["<a><b><c/></b><d>", "<b><c/></b>", "<c/>", "<d>"]);
    assert_eq!(it.children(ElementId(0)).map(|id| id.0).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn faults_in_tags_are_shown_at_their_characters() {
    for (tag, wanted) in [
        ("<1a/>", "<: no element name follows this `<`"),
        ("< a/>", "<: no element name follows this `<`"),
        ("<>", "<: no element name follows this `<`"),
        ("<a&b/>", "a&b: `a&b` is no element name"),
        ("<a/b>", "/: `/` is out of place in this tag"),
        ("<a b='1'c='2'/>", "c: no blank stands before this attribute"),
        ("<a b='1'/ >", "/: `/` is out of place in this tag"),
        ("<a 1='1'/>", "1: `1` is no attribute name"),
        ("<a ='1'/>", "=: `=` is out of place in this tag"),
        ("<a b/>", "b: the attribute `b` has no value"),
        ("<a b c='1'/>", "b: the attribute `b` has no value"),
        ("<a b=1 />", "1: the value of this attribute does not stand in quotes"),
        ("<a b= />", ": the value of this attribute does not stand in quotes"),
        ("<a b='1' c='2' b='3'/>", "b: the attribute `b` stands twice in this element"),
        ("<a b='<'/>", "<: a `<` stands in the value of an attribute"),
        ("<a b='1'\n<c d='2'/>", "<: a `<` stands in a tag that was not closed with `>`"),
        ("<a b='x/>\n<c d='2'/>\n</a>", "': this quote is not closed before the next `<`"),
        ("<a b='x/>\n<c d=\"2\"/>\n</a>", "': this quote is not closed before the next `<`"),
        ("<a b='1'' c='2'/>", "': `'` is out of place in this tag"),
    ] {
        assert_eq!(fault(&format!("<r><k/>{tag}</r>")), (2, wanted.to_owned()), "{tag}");
    }
}

#[test]
fn the_second_place_of_a_name_is_the_first_that_is_reported() {
    let text = "<a z='' y='' y='' z='' y=''/>";
    let (_, problems) = read(text, SOURCE);
    assert_eq!(problems[0].span.start, 13);
}

#[test]
fn faults_outside_of_tags_are_shown_at_their_characters() {
    for (text, kept, wanted) in [
        ("", 0, ": there is no element in this file"),
        ("<!-- only -->\n", 0, ": there is no element in this file"),
        ("<a/>\n some text \nmore", 1, "some text: text stands outside of any element"),
        ("prose", 0, "prose: text stands outside of any element"),
        ("<a/>&amp;", 1, "&amp;: text stands outside of any element"),
        ("<a/><![CDATA[x]]>", 1, "<![CDATA[: text stands outside of any element"),
        ("<a>]]></a>", 1, "]]>: `]]>` stands in a text, and no CDATA section ends here"),
        ("<a><!-- x -- y --></a>", 1, "--: `--` stands inside a comment"),
        ("<a><!-- x ---></a>", 1, "--: `--` stands inside a comment"),
        ("<a><!ELEMENT b></a>", 1, "<!: this begins neither a comment nor a CDATA section"),
        ("<a><!-ü></a>", 1, "<!: this begins neither a comment nor a CDATA section"),
        (
            "<a/><?xml version='1.0'?><b/>",
            1,
            "<?xml: an XML declaration stands here and not at the beginning of the file",
        ),
        (
            "\n<?xml version='1.0'?><b/>",
            0,
            "<?xml: an XML declaration stands here and not at the beginning of the file",
        ),
        ("<?xml?><a/>", 0, "<?xml: this XML declaration does not consist of version, encoding and standalone"),
        ("<? x?><a/>", 0, "<?: this begins no processing instruction"),
        ("<a/><?p<?>", 1, "<?p<: this begins no processing instruction"),
        ("\u{feff}\u{feff}<a/>", 0, "\u{feff}: a second byte order mark stands here"),
        ("<a><b/>\0</a>", 2, "\0: a NUL character stands here, which XML does not allow"),
        ("<a b='\u{1b}'/>", 0, "\u{1b}: the character U+001B stands here, which XML does not allow"),
        ("<a>ü\u{ffff}</a>", 1, "\u{ffff}: the character U+FFFF stands here, which XML does not allow"),
        ("<a></b>\0", 1, "</b>: this end tag does not close `<a>`"),
    ] {
        assert_eq!(fault(text), (kept, wanted.to_owned()), "{text:?}");
    }
}

#[test]
fn a_document_type_refuses_the_file() {
    for text in [
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
        "<a/><!doctype html>",
        "<a><!DOCTYPE [[[",
        "<?xml version='1.0'?>\n<!DOCTYPE",
    ] {
        let (it, problems) = read(text, SOURCE);
        assert!(it.elements.is_empty() && !it.complete);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].kind, ProblemKind::XmlDoctype);
        assert!(text[problems[0].span.range()].eq_ignore_ascii_case("<!DOCTYPE"));
    }
}

#[test]
fn depth_and_attributes_have_a_limit() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(well_formed(&nested(128)).elements.len(), 128);
    assert_eq!(fault(&nested(129)), (128, "a: elements nest deeper than 128 elements here".to_owned()));
    assert_eq!(well_formed(&"<a></a>".repeat(1000)).roots().count(), 1000);
    let with_attributes = |count: usize| {
        let mut text = "<a".to_owned();
        (0..count).for_each(|index| write!(text, " b{index}=''").unwrap());
        text + "/>"
    };
    assert_eq!(well_formed(&with_attributes(1000)).elements[0].attributes.len(), 1000);
    assert_eq!(fault(&with_attributes(1001)), (0, "b1000: this element has more than 1000 attributes".to_owned()));
}

#[test]
fn claims_tells_xml_by_its_beginning() {
    for text in ["<?xml version='1.0'?>", "\u{feff}\r\n <a/>", "<!-- x -->", "<!DOCTYPE html>", "<é>", "<_"] {
        assert!(claims(text), "{text:?}");
    }
    for text in ["", " ", "<", "< a>", "<1>", "<?php", "</a>", "<!x", "Name : <a>", "[KEY]", "a<b"] {
        assert!(!claims(text), "{text:?}");
    }
}
