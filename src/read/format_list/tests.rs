//! Tests of the Format-List reader: one listing in, one drawing of what was read out.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

mod framed;
mod wrapped;
mod wrapped_properties;

/// Draws what is read from `text`, and holds every span against the text on the way.
///
/// `=` is a verbatim value, `~` a joined one, `?` one joined by guessing at blanks, `-` an empty and `!` an unreadable one.
fn draw(text: &str) -> String {
    let (document, problems) = read(text, SourceId(7));
    let mut drawn = String::new();
    for object in &document.objects {
        match &object.command {
            Some(command) => writeln!(drawn, "# {}", verified(text, command)).unwrap(),
            None => writeln!(drawn, "#").unwrap(),
        }
        for property in &object.properties {
            let is_inside = object.span.contains(property.name.span) && object.span.contains(property.value.span());
            // What the heading of a group says stands above all of its objects.
            assert!(is_inside || property.value.span().end <= object.span.start);
            let (mark, value) = match &property.value {
                Value::Empty(span) => ("-", &text[span.range()]),
                Value::Unreadable(span) => ("!", &text[span.range()]),
                Value::Text(value) | Value::List(List { text: value, .. }) => {
                    match (value.verbatim, property.reconstructed) {
                        (true, _) => ("=", verified(text, value)),
                        (false, false) => ("~", verified(text, value)),
                        (false, true) => ("?", verified(text, value)),
                    }
                }
                other => panic!("{other:?} is nothing that a list prints"),
            };
            let line = format!("{} {mark} {value}", verified(text, &property.name));
            writeln!(drawn, "{}", shown(line.trim_end())).unwrap();
        }
    }
    for problem in &problems {
        assert!(problem.message.starts_with(|first: char| first.is_lowercase() || first == '`'));
        writeln!(drawn, "{:?}: {}", problem.kind, shown(&text[problem.span.range()])).unwrap();
    }
    drawn
}

fn verified<'v>(text: &str, scalar: &'v Scalar<'_>) -> &'v str {
    assert_eq!(scalar.span.source, SourceId(7));
    let there = &text[scalar.span.range()];
    assert!(!scalar.verbatim || there == scalar.text, "{there:?} is not {:?}", scalar.text);
    &scalar.text
}

fn shown(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\\n")
}

/// Reads `input` with each kind of line end, and compares.
#[track_caller]
fn check(input: &str, expected: &str) {
    let lines: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut mixed = String::new();
    for (line, end) in input.split('\n').zip(["\n", "\r\n", "\r\n", "\r"].iter().cycle()) {
        // A lone CR before an empty line that ends in LF would make one line end of two.
        let is_merged = line.is_empty() && mixed.ends_with('\r');
        mixed.truncate(mixed.len() - usize::from(is_merged));
        mixed.push_str(if is_merged { "\n" } else { "" });
        mixed.push_str(line);
        mixed.push_str(end);
    }
    for text in [input.to_owned(), input.replace('\n', "\r\n"), input.replace('\n', "\r"), mixed] {
        let drawn = draw(&text);
        assert_eq!(drawn.lines().collect::<Vec<_>>(), lines, "read from {text:?}");
    }
}

#[test]
fn aligned_objects_with_empty_values() {
    check(
        "\n\nName         : owa (Default Web Site)\nInternalUrl  : https://cas1/owa\nExternalUrl  : \nWebSite      :\n\n\n\n",
        "#
         Name = owa (Default Web Site)
         InternalUrl = https://cas1/owa
         ExternalUrl -
         WebSite -",
    );
}

#[test]
fn empty_spans_stand_behind_the_colon() {
    let text = "Name        : \nInternalUrl :\n";
    let (document, _) = read(text, SourceId(0));
    let spans: Vec<_> = document.objects[0].properties.iter().map(|it| it.value.span().range()).collect();
    assert_eq!(spans, [14..14, 28..28]);
}

#[test]
fn blanks_round_a_value_are_no_part_of_it() {
    check("Name        :   owa   \nInternalUrl : x\n", "#\nName = owa\nInternalUrl = x");
}

#[test]
fn values_may_hold_colons() {
    check(
        "Name        : a : b: c\nInternalUrl : x : y\nTime        : 12:30 : Foo : bar\n",
        "#\nName = a : b: c\nInternalUrl = x : y\nTime = 12:30 : Foo : bar",
    );
}

#[test]
fn objects_have_their_own_columns() {
    check(
        "Name        : a\nInternalUrl : x\n\nName       : b\nInternalId : y\n             z\n",
        "#\nName = a\nInternalUrl = x\n#\nName = b\nInternalId ~ y z",
    );
}

#[test]
fn prompts_name_the_command() {
    for prompt in [
        "[PS] C:\\Windows\\system32>",
        "PS C:\\> ",
        "PS] C:\\>",
        "C:\\>",
        "[cas1]: PS C:\\Users\\x> ",
        "PS>",
        "PS HKLM:\\> ",
        "",
    ] {
        check(
            &format!(
                "InternalUrl : w\n{prompt}Get-OwaVirtualDirectory | fl\n\nName        : a\nInternalUrl : x\n\nInternalUrl : y\n\n{prompt}get-x\nInternalUrl : z\n"
            ),
            "#\nInternalUrl = w\n# Get-OwaVirtualDirectory | fl\nName = a\nInternalUrl = x\n# Get-OwaVirtualDirectory | fl\nInternalUrl = y\n# get-x\nInternalUrl = z",
        );
    }
    check(
        "PS C:\\> cls; get-owavirtualdirectory | fl\nInternalUrl : x\nPS C:\\>\nInternalUrl : y\n",
        "# cls; get-owavirtualdirectory | fl\nInternalUrl = x\n#\nInternalUrl = y",
    );
    check("`Get-OwaVirtualDirectory | fl`\n\nInternalUrl : x\n", "# Get-OwaVirtualDirectory | fl\nInternalUrl = x");
    check(
        "Get-OwaVirtualDirectory : The term is not recognized\nGet-OwaVirtualDirectory returns this\n\nInternalUrl : x\n",
        "#\nInternalUrl = x",
    );
}

#[test]
fn prose_is_passed_over() {
    check("Hello all,\n\nI see this: it fails.\nNote: see below\n\nThanks\n", "");
    check(
        "Here is the output:\nName        : a\nInternalUrl : x\nThis is what I see.\n\nAnd the other:\nName        : b\nInternalUrl : y\nThanks!\n",
        "#\nName = a\nInternalUrl = x\n#\nName = b\nInternalUrl = y",
    );
    check(
        "```powershell\nName        : a\nInternalUrl : x\n```\nand\n~~~\nInternalUrl : y\n~~~\n",
        "#\nName = a\nInternalUrl = x\n#\nInternalUrl = y",
    );
}

#[test]
fn uniform_prefixes() {
    for prefix in ["    ", "> ", "> > ", "\t", "# ", "  > "] {
        check(
            &format!(
                "{prefix}Name        : a \n{prefix}              b\n{prefix}InternalUrl : x\n{prefix}\n{prefix}InternalUrl : y\n"
            ),
            "#\nName ~ a b\nInternalUrl = x\n#\nInternalUrl = y",
        );
    }
    for bullet in ["* ", "- ", "  + ", "• "] {
        check(&format!("{bullet}Name: a\n{bullet}InternalUrl : x\n"), "#\nName = a\nInternalUrl = x");
    }
    check("* Name        : a \n                b\n* InternalUrl : x\n", "#\nName ~ a b\nInternalUrl = x");
}

#[test]
fn blank_lines_behind_every_line() {
    check(
        "Name : owa\n\nServer : CAS1\n\nInternalUrl : x\n\nExternalUrl :\n\nName : owa\n\nServer : CAS2\n\nInternalUrl : y\n",
        "#\nName = owa\nServer = CAS1\nInternalUrl = x\nExternalUrl -\n#\nName = owa\nServer = CAS2\nInternalUrl = y",
    );
    check(
        "Name        : a \n\n              b\n\nServer      : CAS1\n\nInternalUrl : x\n\n\n\nIdentity : y\n\nSite : z\n",
        "#\nName ~ a b\nServer = CAS1\nInternalUrl = x\n#\nIdentity = y\nSite = z",
    );
}

#[test]
fn one_property_each() {
    check(
        "InternalUrl : x\n\nInternalUrl : y\n\nInternalUrl : x\n\n",
        "#\nInternalUrl = x\n#\nInternalUrl = y\n#\nInternalUrl = x",
    );
}

#[test]
fn a_blank_line_put_into_an_object() {
    check("Name        : a\nServer      : b\n\nInternalUrl : x\n", "#\nName = a\nServer = b\nInternalUrl = x");
    check(
        "Name : a\nSite : b\n\nServer : c\nInternalUrl : x\n",
        "#\nName = a\nSite = b\n#\nServer = c\nInternalUrl = x",
    );
}

#[test]
fn objects_without_a_blank_line_between() {
    check(
        "Name        : a\nServer      : s\nInternalUrl : x\nName        : a\nServer      : t\nInternalUrl : y\n",
        "#\nName = a\nServer = s\nInternalUrl = x\n#\nName = a\nServer = t\nInternalUrl = y",
    );
}

#[test]
fn a_property_twice() {
    check(
        "InternalUrl : x\nSetPhotoURL : p\nSomeAuthUrl : q\nSetPhotoURL : p\n",
        "#\nInternalUrl = x\nSetPhotoURL = p\nSomeAuthUrl = q\nSetPhotoURL = p",
    );
    check(
        "Name        : a\nInternalUrl : x\nServer      : s\nInternalUrl : y\n",
        "#\nName = a\nInternalUrl ! x\nServer = s\nInternalUrl ! y\nListPropertyTwice: InternalUrl :",
    );
}

#[test]
fn collapsed_and_misaligned_labels() {
    check("Name : a\nInternalUrl : x\nExternalUrl :\n", "#\nName = a\nInternalUrl = x\nExternalUrl -");
    check("Name: a\nInternalUrl: x\nExternalUrl:\n", "#\nName = a\nInternalUrl = x\nExternalUrl -");
    check(
        "Name         : a\nServer      : s\nInternalUrl   : x\nExternalUrl:y\n",
        "#\nName = a\nServer = s\nInternalUrl = x",
    );
    check("       Name : a\n     Server : s\nInternalUrl : x\n", "#\nName = a\nServer = s\nInternalUrl = x");
    check("internalURL:https://x\n", "#\ninternalURL = https://x");
}

#[test]
fn escape_sequences_round_labels() {
    check(
        "\u{1b}[32;1mName        : \u{1b}[0mowa\n\u{1b}[32;1mExternalUrl : \u{1b}[0m\n\u{1b}[32;1mInternalUrl : \u{1b}[0mhttps://x/\u{1b}[1mowa\u{1b}[0m\n",
        "#\nName = owa\nExternalUrl -\nInternalUrl ~ https://x/owa",
    );
}

#[test]
fn transcripts() {
    check(
        "**********************\nWindows PowerShell transcript start\nStart time: 20240131093000\nUsername: CONTOSO\\admin\nMachine: EX01 (Microsoft Windows NT)\nPSVersion: 5.1\n**********************\nTranscript started, output file is C:\\x.txt\nPS C:\\> Get-OwaVirtualDirectory | fl\n\n\nName        : owa\nInternalUrl :\n\n\n\nPS C:\\> Stop-Transcript\n**********************\nWindows PowerShell transcript end\nEnd time: 20240131093100\n**********************\n",
        "# Get-OwaVirtualDirectory | fl\nName = owa\nInternalUrl -",
    );
}

#[test]
fn group_headers_and_http_headers() {
    check(
        "\n   Server: CAS1\n\n\nName        : owa\nInternalUrl : x\n\n   Server: CAS2\n\nName        : owa\nInternalUrl : y\n",
        "#\nName = owa\nInternalUrl = x\nServer = CAS1\n#\nName = owa\nInternalUrl = y\nServer = CAS2",
    );
    check(
        "< HTTP/1.1 302 Found\n< Server: Microsoft-IIS/8.5\n< Location: /owa\nName        : owa\nInternalUrl : x\n",
        "#\nName = owa\nInternalUrl = x",
    );
    check(
        "WARNING: some object is corrupt\nand more\nName        : owa\nInternalUrl : x\n",
        "#\nName = owa\nInternalUrl = x",
    );
    check("Server: Microsoft-IIS/8.5\nName        : owa\nInternalUrl : x\n", "#\nName = owa\nInternalUrl = x");
}

#[test]
fn tabs_among_the_columns() {
    check("Name\t: owa\nInternalUrl\t: x\n", "#\nName ! owa\nInternalUrl ! x\nListUnreadable: Name\t:");
    check(
        "Name        : owa\n\t\trest\nInternalUrl : x\n",
        "#\nName ! owa\nInternalUrl = x\nListUnreadable: Name        :",
    );
    check("From:\tme\nSubject:\tyou\n", "#\nFrom ! me\nSubject ! you");
}

#[test]
fn tables() {
    check(
        "Name                    Server  OwaVersion\n----                    ------  ----------\nowa (Default Web Site)  CAS1    Exchange2010\nInternalUrl : x\n\nName        : a\nInternalUrl : y\n",
        "#\nName = a\nInternalUrl = y\nTableOutput: Name                    Server  OwaVersion\nListUnreadable: InternalUrl : x",
    );
    check(
        "Name\n----\nSome text\n\nAbout this\n----------\n| Name | Server |\n|------|------|\nFoo Bar\n--- ---\n",
        "",
    );
    check("InternalUrl\n-----------\nhttps://x\n", "TableOutput: InternalUrl");
}

#[test]
fn urls_are_never_lost() {
    check("**InternalUrl:** https://x\n", "ListUnreadable: **InternalUrl:** https://x");
    check("-InternalUrl : a\n", "ListUnreadable: -InternalUrl : a");
    check(
        "Name : a\n              InternalUrl : x\n",
        "#\nName ! a\\n              InternalUrl : x\nInternalUrl ! x\nListUnreadable: InternalUrl : x",
    );
}

#[test]
fn lists() {
    let drawn = |text: &str| {
        let text = format!("A : {text}\nB :\n");
        let (document, _) = read(&text, SourceId(7));
        let Value::List(list) = &document.objects[0].properties[0].value else { return None };
        let items: Vec<_> = list.items.iter().map(|item| verified(&text, &item.text).to_owned()).collect();
        Some((items.join("|"), items.len(), list.truncated))
    };
    assert_eq!(drawn("{Basic, Fba}"), Some(("Basic|Fba".to_owned(), 2, false)));
    assert_eq!(drawn("{Basic,  Fba , a,b}"), Some(("Basic|Fba|a,b".to_owned(), 3, false)));
    assert_eq!(drawn("{Basic, Fba...}"), Some(("Basic|Fba".to_owned(), 2, true)));
    assert_eq!(drawn("{Basic, Fba…}"), Some(("Basic|Fba".to_owned(), 2, true)));
    assert_eq!(drawn("{Basic, ...}"), Some(("Basic".to_owned(), 1, true)));
    assert_eq!(drawn("{...}"), Some((String::new(), 0, true)));
    assert_eq!(drawn("{…}"), Some((String::new(), 0, true)));
    assert_eq!(drawn("{}"), Some((String::new(), 0, false)));
    assert_eq!(drawn("{ }"), Some((String::new(), 0, false)));
    assert_eq!(drawn("{Basic"), Some((String::new(), 0, true)));
    assert_eq!(drawn("{Basic, Fb"), Some(("Basic".to_owned(), 1, true)));
    assert_eq!(drawn("{Basic, Fba,"), Some(("Basic|Fba".to_owned(), 2, true)));
    assert_eq!(drawn("Basic}"), None);
    assert_eq!(drawn("{"), Some((String::new(), 0, true)));
}

#[test]
fn hostile_text_takes_linear_time() {
    for seed in [
        " : ",
        "A : b\n",
        "A : b\n\n",
        "InternalUrl : x\n    ",
        "> ",
        "\u{1b}[",
        "- ",
        "\n",
        "\t",
        "{a, ",
        "a\n---\n",
        "A : b\nc\n",
        "A: b\nA : b\n",
        "A :\n    x\n",
        "{",
        " ",
        "PS C:\\>\n",
        "PS C:\\> get-x |\n",
        "A : b\nInternalUrl : {\n",
        "   A: b\n\nInternalUrl : x\n",
        "   a\n",
        "***\na: b\n",
        "***\n",
        "<br>",
        "<b ",
        "&amp;<br>",
        "InternalUrl : x<br>",
        "\u{1b}]",
    ] {
        let text = format!("PS C:\\> get-x |\n>> y\n{}", seed.repeat((1 << 16) / seed.len()));
        let start = std::time::Instant::now();
        draw(&text);
        assert!(start.elapsed().as_secs() < 5, "{seed:?} took {:?}", start.elapsed());
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        draw(&text);
    }

    #[test]
    fn any_listing_is_read(lines in prop::collection::vec("( {0,5}|\t|> |\\* |\u{3000}|\u{a0}|\u{1b}\\[1m){0,3}(Name|InternalUrl|PS C:\\\\>|--- ---|Name x|\u{e9}|一)? {0,3}[:\u{a0}\t]{0,2} ?(\\{a, b…\\}|[a-z:. \u{3000}\u{1b}一]{0,9}) {0,3}", 0..12), end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"])) {
        draw(&lines.join(end));
    }
}
