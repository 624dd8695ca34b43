//! Tests of the Format-List reader: one listing in, one drawing of what was read out.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

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
            assert!(object.span.contains(property.name.span) && object.span.contains(property.value.span()));
            let (mark, value) = match &property.value {
                Value::Empty(span) => ("-", &text[span.range()]),
                Value::Unreadable(span) => ("!", &text[span.range()]),
                Value::Text(value) => match (value.verbatim, property.reconstructed) {
                    (true, _) => ("=", verified(text, value)),
                    (false, false) => ("~", verified(text, value)),
                    (false, true) => ("?", verified(text, value)),
                },
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
fn wrapped_with_blanks_kept() {
    check(
        "Name        : owa (Default Web \n              Site) and {pre\n              sentation}\nInternalUrl : \n",
        "#\nName ~ owa (Default Web Site) and {presentation}\nInternalUrl -",
    );
}

/// A real object of Exchange 2013, 119 cells wide, right-trimmed.
#[test]
fn wrapped_at_119_and_trimmed() {
    let label = |name: &str| format!("{name:<51} : ");
    let more = " ".repeat(54);
    let input = format!(
        "{}{{application/vnd.openxmlformats-officedocument.presentationml.pre\n\
         {more}sentation, application/vnd.openxmlformats-officedocument.wordproc\n\
         {more}essingml.document, application/vnd.openxmlformats-officedocument.\n\
         {more}spreadsheetml.sheet, application/vnd.ms-powerpoint,\n\
         {more}application/x-mspowerpoint, application/vnd.ms-excel,\n\
         {more}application/x-msexcel, application/msword, application/pdf}}\n\
         {}C:\\Program Files\\Microsoft\\Exchange\n\
         {more}Server\\V15\\FrontEnd\\HttpProxy\\owa\n\
         {}CN=owa (Default Web\n\
         {more}Site),CN=HTTP,CN=Protocols,CN=IDCEXC008,CN=Servers,CN=Exchange\n\
         {more}Administrative Group (FYDIBOHF23SPDLT),CN=Administrative\n\
         {more}Groups,CN=x\n\
         {}\n",
        label("ForceWebReadyDocumentViewingFirstOnPrivateComputers"),
        label("Path"),
        label("DistinguishedName"),
        label("ExternalUrl").trim_end(),
    );
    check(
        &input,
        "#
         ForceWebReadyDocumentViewingFirstOnPrivateComputers ~ {application/vnd.openxmlformats-officedocument.presentationml.presentation, application/vnd.openxmlformats-officedocument.wordprocessingml.document, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.ms-powerpoint, application/x-mspowerpoint, application/vnd.ms-excel, application/x-msexcel, application/msword, application/pdf}
         Path ~ C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa
         DistinguishedName ~ CN=owa (Default Web Site),CN=HTTP,CN=Protocols,CN=IDCEXC008,CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,CN=x
         ExternalUrl -",
    );
}

/// Joined verbatim values have the span from the first piece to the last.
#[test]
fn joined_values_span_their_pieces() {
    let text = "Name        : owa \n              (x)  \nInternalUrl : \n";
    let (document, _) = read(text, SourceId(0));
    assert_eq!(document.objects[0].properties[0].value.span().range(), 14..36);
}

#[test]
fn long_urls_break_at_the_width() {
    let url = format!("https://{}.example.com/owa", "a".repeat(70));
    let input =
        format!("Name        : owa\nServer      :\nInternalUrl : {}\n              {}\n", &url[..65], &url[65..]);
    check(&input, &format!("#\nName = owa\nServer -\nInternalUrl ? {url}"));
}

#[test]
fn one_break_at_no_known_width_is_taken_for_a_blank() {
    check(
        "Name        :\nPath        : C:\\Program Files\\Microsoft\\Exchange\n              Server\\V15\\owa\nInternalUrl : x\n",
        "#\nName -\nPath ? C:\\Program Files\\Microsoft\\Exchange Server\\V15\\owa\nInternalUrl = x",
    );
    check(
        "Name        :\nPath        : C:\\Program Files\\Microsoft\\Exchange is\n              a Server\nInternalUrl : x\n",
        "#\nName -\nPath ~ C:\\Program Files\\Microsoft\\Exchange is a Server\nInternalUrl = x",
    );
}

#[test]
fn continuations_may_look_like_labels() {
    check(
        "Name        : abc \n              Foo : bar \n              InternalUrl : y\nInternalUrl : x\n",
        "#\nName ~ abc Foo : bar InternalUrl : y\nInternalUrl = x",
    );
}

#[test]
fn blank_lines_inside_a_value() {
    let spaces = " ".repeat(14);
    for blank in ["", spaces.as_str()] {
        let input = format!("Name        : one\n{blank}\n{spaces}two\nInternalUrl : x\n");
        check(&input, "#\nName ~ one\\n\\ntwo\nInternalUrl = x");
    }
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
fn continuations_without_indentation() {
    let words = "owa (Default Web Site),CN=HTTP,CN=Protocols,CN=IDCEXC008,CN=Servers,CN";
    check(
        &format!("Name        : {words}\nGroup (FYDIBOHF23SPDLT)\nInternalUrl : x\n"),
        &format!("#\nName ~ {words} Group (FYDIBOHF23SPDLT)\nInternalUrl = x"),
    );
    check(
        "Identity    : a\nsome remark\nInternalUrl : x\n",
        "#\nIdentity ! a\\nsome remark\nInternalUrl = x\nListUnreadable: some remark",
    );
    check("Identity    : a\n...\n<snip>\nInternalUrl : x\n", "#\nIdentity = a\nInternalUrl = x");
    check(
        &format!("Identity    : {words}\nServer: ex.mydomain.com\nInternalUrl : x\n"),
        &format!(
            "#\nIdentity ! {words}\\nServer: ex.mydomain.com\nServer ! ex.mydomain.com\nInternalUrl = x\nListUnreadable: Server: ex.mydomain.com"
        ),
    );
    check(
        "Identity    : a\nNote: this is bad\nInternalUrl : x\n",
        "#\nIdentity = a\nNote = this is bad\nInternalUrl = x",
    );
    check(
        &format!("Name        : a\nInternalUrl : {words}\nrest\n"),
        &format!("#\nName = a\nInternalUrl ! {words}\\nrest\nListUnreadable: rest"),
    );
}

#[test]
fn escape_sequences_round_labels() {
    check(
        "\u{1b}[32;1mName        : \u{1b}[0mowa\n\u{1b}[32;1mExternalUrl : \u{1b}[0m\n\u{1b}[32;1mInternalUrl : \u{1b}[0mhttps://x/\u{1b}[1mowa\u{1b}[0m\n",
        "#\nName = owa\nExternalUrl -\nInternalUrl ~ https://x/owa",
    );
}

#[test]
fn blanks_that_markdown_added() {
    check(
        "Name        : owa (Default Web  \n              Site) and {pre  \n              sentation}  \nServer      : s  \nInternalUrl :  \n",
        "#\nName ~ owa (Default Web Site) and {pre sentation}\nServer = s\nInternalUrl -",
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
        "#\nName = owa\nInternalUrl = x\n#\nName = owa\nInternalUrl = y",
    );
    check(
        "< HTTP/1.1 302 Found\n< Server: Microsoft-IIS/8.5\n< Location: /owa\nName        : owa\nInternalUrl : x\n",
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
fn wide_characters_take_two_cells() {
    check(
        "Server      :\nName        : 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二a\n              三\nInternalUrl : x\n",
        "#\nServer -\nName ? 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二a三\nInternalUrl = x",
    );
}

#[test]
fn lists() {
    let drawn = |text: &str| {
        let text = format!("A : {text}\nB :\n");
        let (document, _) = read(&text, SourceId(7));
        let Value::Text(value) = &document.objects[0].properties[0].value else { panic!("a text") };
        items(value).map(|list| {
            let items: Vec<_> = list.items.iter().map(|item| verified(&text, item).to_owned()).collect();
            (items.join("|"), items.len(), list.truncated)
        })
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
    assert_eq!(drawn("{Basic"), None);
    assert_eq!(drawn("Basic}"), None);
    assert_eq!(drawn("{"), None);
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
    ] {
        let text = seed.repeat((1 << 18) / seed.len());
        let start = std::time::Instant::now();
        draw(&text);
        assert!(start.elapsed().as_secs() < 5, "{seed:?} took {:?}", start.elapsed());
    }
}

/// PowerShell's word wrap: words end in a blank; a word that fits nowhere is broken cell by cell, from where it begins.
fn wrap(value: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in value.split_inclusive(' ') {
        let left = width - lines.last().unwrap().len();
        if word.len() > width {
            for character in word.chars() {
                if lines.last().unwrap().len() == width {
                    lines.push(String::new());
                }
                lines.last_mut().unwrap().push(character);
            }
        } else if word.len() > left {
            lines.push(word.to_owned());
        } else {
            lines.last_mut().unwrap().push_str(word);
        }
    }
    lines
}

fn printed(values: &[(&str, &str)], width: usize, is_trimmed: bool) -> String {
    let longest = values.iter().map(|(name, _)| name.len()).max().unwrap();
    let mut text = String::new();
    for (name, value) in values {
        for (at, line) in wrap(value, width).into_iter().enumerate() {
            let line = if at == 0 { format!("{name:longest$} : {line}") } else { format!("{:longest$}   {line}", "") };
            text.push_str(if is_trimmed { line.trim_end() } else { &line });
            text.push('\n');
        }
    }
    text
}

proptest! {
    #[test]
    fn joining_undoes_wrapping(
        value in "[!-~]{1,90}( [!-~]{1,90}){0,30}",
        short in "[!-~]{1,9}( [!-~]{1,9}){0,40}",
        width in prop::sample::select(vec![20usize, 65, 119]),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let long = "x".repeat(3 * width + 1);
        for is_trimmed in [false, true] {
            let values = [("Name", value.as_str()), ("Server", &short), ("Long", &long), ("ExternalUrl", ""), ("InternalUrl", "x")];
            let text = printed(&values, width, is_trimmed).replace('\n', end);
            let (document, problems) = read(&text, SourceId(0));
            prop_assert!(problems.is_empty());
            prop_assert_eq!(document.objects.len(), 1);
            for (property, (name, value)) in document.objects[0].properties.iter().zip(values) {
                prop_assert_eq!(&property.name.text, name);
                match &property.value {
                    Value::Text(text) => prop_assert_eq!(text.text.as_ref(), value),
                    it => prop_assert!(value.is_empty() && matches!(it, Value::Empty(_))),
                }
            }
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        draw(&text);
    }

    #[test]
    fn any_listing_is_read(lines in prop::collection::vec("( {0,5}|\t|> |\\* |\u{3000}|\u{a0}|\u{1b}\\[1m){0,3}(Name|InternalUrl|PS C:\\\\>|--- ---|Name x|\u{e9}|一)? {0,3}[:\u{a0}\t]{0,2} ?(\\{a, b…\\}|[a-z:. \u{3000}\u{1b}一]{0,9}) {0,3}", 0..12), end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"])) {
        draw(&lines.join(end));
    }
}
#[test]
fn scratch() {
    let expected = std::fs::read_to_string("/tmp/sc/expected").unwrap();
    let mut names: Vec<_> = std::fs::read_dir("/tmp/sc")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    names.sort();
    for name in names {
        let text = std::fs::read_to_string(&name).unwrap();
        let (d, p) = read(&text, SourceId(0));
        let mut got = Vec::new();
        let mut guess = 0;
        let mut unread = 0;
        for o in &d.objects {
            got.push("#".to_string());
            for q in &o.properties {
                guess += usize::from(q.reconstructed);
                got.push(format!(
                    "{}|{}",
                    q.name.text,
                    match &q.value {
                        Value::Text(t) => t.text.to_string(),
                        Value::Empty(_) => String::new(),
                        Value::Unreadable(_) => {
                            unread += 1;
                            "!!".into()
                        }
                    }
                ));
            }
        }
        let want: Vec<_> = expected.lines().collect();
        let wrong: Vec<_> = got.iter().filter(|g| !g.ends_with("|!!") && !want.contains(&g.as_str())).collect();
        let missing = want.iter().filter(|w| **w != "#" && !got.iter().any(|g| g == *w)).count();
        println!(
            "{} objects={} guess={guess} unread={unread} problems={} wrong={} missing={missing}",
            name.file_stem().unwrap().to_str().unwrap(),
            d.objects.len(),
            p.len(),
            wrong.len()
        );
        if std::env::var("V").is_ok_and(|v| name.to_str().unwrap().contains(&v)) {
            for w in &wrong {
                println!("    {w}");
            }
            for q in &p {
                println!("   P {:?} {}", q.kind, &text[q.span.range()]);
            }
        }
    }
}
