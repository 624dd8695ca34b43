//! What holds for any output of appcmd: no panic, linear time, true places, and lines that are taken or told.

use proptest::prelude::*;

use super::object::{is_object, take_line};
use super::*;

const SOURCE: SourceId = SourceId(0);

/// Pieces that output is made of, and some that it is not.
const PIECES: &[&str] = &[
    "SITE \"",
    "APP \"",
    "VDIR \"",
    "APPPOOL \"",
    "\" (",
    ")",
    "id:1",
    ",bindings:",
    "http/*:80:",
    ",https/*:443:",
    ",state:Started",
    "applicationPool:",
    "physicalPath:",
    "MgdVersion:",
    "appcmd list config ",
    "appcmd list site",
    "\"Default Web Site/owa\"",
    "/section:access",
    "<system.webServer>",
    "</system.webServer>",
    "<security>",
    "</",
    "<access sslFlags=\"Ssl\" />",
    "<appcmd>",
    "<SITE SITE.NAME=\"x\" ",
    "SITE.ID=\"",
    "/>",
    "<?xml?>",
    "<!--",
    "-->",
    "ERROR ( message:x. )",
    "\n",
    "\r\n",
    "\r",
    " ",
    "é",
    "ß😀",
    "\u{ff}",
    "\0",
    "'",
    "C:\\>",
    "PS C:\\> & ",
];

fn check_any(text: &str) {
    let Some(input) = read_appcmd(SOURCE, text) else { return };
    for problem in &input.problems {
        assert!(text.get(problem.span.range()).is_some(), "{problem:?} lies in the text");
    }
    let objects = lines(text).filter(|line| is_object(line.text) && !contains_word(line.text, "appcmd"));
    for line in objects {
        let is_taken = take_line(SOURCE, line.at, line.text, &mut Listing::default());
        let is_told = input.problems.iter().any(|it| it.span.contains(line.span(SOURCE)) || it.message == MIXED);
        assert!(is_taken || is_told, "{:?} is passed over", line.text);
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_any(&format!("APP \"x\" (applicationPool:y)\n{text}"));
    }

    #[test]
    fn any_pieces_are_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check_any(&pieces.concat());
    }
}

#[test]
fn lines_that_end_in_the_middle_of_an_object_are_told() {
    for line in ["VDIR \"x\" (physicalPath:ÿ", "SITE \"x\" (ÿÿ,bindings:,state:)", "SITE \"x\" (é", "APP \"x\" (ÿ"]
    {
        let input = read_appcmd(SOURCE, line).unwrap();
        assert!(input.problems.iter().any(|it| it.kind == ProblemKind::AppcmdLineUnread), "{line}");
    }
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn hostile_output_is_read_in_linear_time() {
    // Anything quadratic would take minutes here.
    let many = 50_000;
    for text in [
        "SITE \"x\" (id:1,bindings:http/*:80:,state:Started)\n".repeat(many),
        numbered(many, |it| format!("SITE \"s{it}\" (id:{it},bindings:http/*:80:,state:Started)\n")),
        numbered(many, |it| format!("VDIR \"s/{it}\" (physicalPath:C:\\{it})\n")),
        format!("SITE \"x\" (id:1,bindings:{},state:Started)\n", "http/*:80:,".repeat(many)),
        "appcmd list config \"x\"\n<a>\n".repeat(many),
        format!("appcmd list config {}", "\"x' ".repeat(many)),
        format!("appcmd list config x\n{}", "<".repeat(many)),
        format!("appcmd list config x\n<a>{}", "</a>\n".repeat(many)),
        format!("SITE \"{}", "\" (".repeat(many)),
        format!("appcmd list site\n{}", "ERROR ( message:x. )\n".repeat(many)),
        format!("SITE \"x\" (\n{}", "x\n".repeat(many)),
    ] {
        read_appcmd(SOURCE, &text).unwrap();
    }
}
