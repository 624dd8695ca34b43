//! Tests of values on several lines: what wrapping does to a value, joining undoes.

use proptest::prelude::*;

use super::{SourceId, Value, check, read};

#[test]
fn wrapped_with_blanks_kept() {
    check(
        "Name        : owa (Default Web \n              Site) and {pre\n              sentation}\nInternalUrl : \n",
        "#\nName ~ owa (Default Web Site) and {presentation}\nInternalUrl -",
    );
}

/// The wrapped values of a real object of Exchange 2013, 119 cells wide, right-trimmed.
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

#[test]
fn lines_of_other_cultures_break_anywhere() {
    let value = "abcdefgh ijklmnop qrstuvw xyzabcdefg hijk lmnopqrs tuvwxyz abcdefghijk lmnopqr";
    let pieces: Vec<&str> = (0..4).map(|at| &value[at * 20..value.len().min(at * 20 + 20)]).collect();
    let input = format!(
        "Name        : {}\n{:14}{}\n{:14}{}\n{:14}{}\nExternalUrl :\nInternalUrl : x\n",
        pieces[0], "", pieces[1], "", pieces[2], "", pieces[3]
    );
    check(&input, &format!("#\nName ~ {value}\nExternalUrl -\nInternalUrl = x"));
}

#[test]
fn each_command_has_its_own_width() {
    let long = "x".repeat(200);
    let print = |values: &[(&str, &str)], width: usize| printed(values, width, true);
    let narrow = print(
        &[("Name", &long), ("Path", "C:\\Program Files\\Microsoft\\Exchange Server\\V15"), ("ExternalUrl", "")],
        40,
    );
    let wide = print(&[("Name", &long), ("InternalUrl", "x")], 500);
    check(
        &format!("PS C:\\> get-a\n\n{narrow}\nPS C:\\> get-b\n\n{wide}\n"),
        &format!(
            "# get-a\nName ~ {long}\nPath ~ C:\\Program Files\\Microsoft\\Exchange Server\\V15\nExternalUrl -\n# get-b\nName = {long}\nInternalUrl = x"
        ),
    );
}

#[test]
fn the_blank_of_a_word_can_fill_a_line_alone() {
    let word = "x".repeat(80);
    let value = format!("{word} {}", "y".repeat(20));
    for is_trimmed in [false, true] {
        let text = printed(&[("Name", &value), ("ExternalUrl", ""), ("InternalUrl", "z")], 20, is_trimmed);
        check(&text, &format!("#\nName ~ {value}\nExternalUrl -\nInternalUrl = z"));
    }
}

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
fn blank_lines_behind_wrapped_lines() {
    let url = format!("https://{}.example.com/owa", "a".repeat(70));
    check(
        &format!("Server      : s\n\nInternalUrl : {}\n\n              {}\n\n", &url[..65], &url[65..]),
        &format!("#\nServer = s\nInternalUrl ? {url}"),
    );
    // A mail program that also collapsed the padding and took the indentation away.
    check(
        &format!(
            "Name : owa (Default Web Site)\n\nServer : s\n\nInternalUrl : {}\n\n{}\n\nExternalUrl :\n\nThanks!\n",
            &url[..65],
            &url[65..]
        ),
        &format!("#\nName = owa (Default Web Site)\nServer = s\nInternalUrl ? {url}\nExternalUrl -"),
    );
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
fn blanks_that_markdown_added() {
    check(
        "Name        : owa (Default Web  \n              Site) and {pre  \n              sentation}  \nServer      : s  \nInternalUrl :  \n",
        "#\nName ~ owa (Default Web Site) and {pre sentation}\nServer = s\nInternalUrl -",
    );
}

#[test]
fn wide_characters_take_two_cells() {
    check(
        "Server      :\nName        : 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二a\n              三\nInternalUrl : x\n",
        "#\nServer -\nName ? 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二a三\nInternalUrl = x",
    );
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

/// Values as Format-List prints them, with this many cells for each line of a value.
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
        value in "[!-;=-z|~][!-;=-~]{0,90}( [!-;=-~]{1,90}){0,30}",
        short in "[!-;=-z|~][!-;=-~]{0,9}( [!-;=-~]{1,9}){0,40}",
        width in prop::sample::select(vec![20usize, 65, 119]),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        // What stands in braces is a list, and elements of HTML are no part of a value.
        prop_assume!(![&value, &short].iter().any(|it| it.starts_with('{') && it.ends_with('}')));
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
}
