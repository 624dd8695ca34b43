//! Tests of what stands round objects: transcripts, commands, headings, tables, web pages, and cuts.

use super::{SourceId, Value, check, draw, read, shown};

const STARS: &str = "**********************\n";

/// Headers of several versions and languages; only their shape is the same.
fn headers() -> Vec<String> {
    let lines: [&[&str]; 6] = [
        &[
            "Windows PowerShell Transcript Start",
            "Start time: 20120131093000",
            "Username  : CORP\\admin",
            "Machine\t  : EX01 (Microsoft Windows NT 6.1)",
        ],
        &[
            "Windows PowerShell transcript start",
            "Start time: 20240131093000",
            "RunAs User: CORP\\admin",
            "Configuration Name: ",
            "Machine: EX01 (x)",
            "PSVersion: 5.1",
        ],
        &["PowerShell transcript start", "Start time: 20240131093000"],
        &["Start der Windows PowerShell-Aufzeichnung", "Startzeit: 20240131093000", "Benutzername: CORP\\admin"],
        &["Начало записи сценария Windows PowerShell", "Время начала: 20240131093000", "Компьютер: EX01 (x)"],
        &["Windows PowerShell トランスクリプト開始", "開始時刻: 20240131093000", "コンピューター：EX01"],
    ];
    lines.iter().map(|lines| format!("{STARS}{}\n{STARS}", lines.join("\n"))).collect()
}

fn is_transcript(text: &str) -> bool {
    read(text, SourceId(0)).0.is_transcript
}

#[test]
fn headers_of_transcripts_are_told_by_their_shape() {
    for header in headers() {
        let text = format!(
            "{header}\nPS C:\\> Get-OwaVirtualDirectory | fl\n\n\nName        : owa\nInternalUrl : x\n\n{STARS}End\nTime: 1\n{STARS}"
        );
        check(&text, "# Get-OwaVirtualDirectory | fl\nName = owa\nInternalUrl = x");
        assert!(is_transcript(&text), "{header}");
        let (document, _) = read(&text, SourceId(0));
        assert!(document.unread.is_empty(), "{:?}", document.unread);
    }
    assert!(!is_transcript(&format!("{STARS}\nName : owa\n{STARS}")));
    assert!(!is_transcript(&format!("{STARS}InternalUrl : x\nName : y\n{STARS}")));
}

#[test]
fn headers_above_each_command_divide_nothing() {
    let header = format!("{STARS}Command start time: 20240131093000\n{STARS}");
    check(
        &format!(
            "{header}PS C:\\> get-a\n\nName : a\nInternalUrl : x\n\n{header}PS C:\\> get-b\n\nName : b\nInternalUrl : y\n\n"
        ),
        "# get-a\nName = a\nInternalUrl = x\n# get-b\nName = b\nInternalUrl = y",
    );
}

#[test]
fn commands_may_take_several_lines() {
    for more in ["|\n>> fl", "|\n>> fl\n>>", "`\n  | fl", "|\n>> Select *,\n>> x |\n>> fl\n>> "] {
        let text = format!(
            "PS C:\\> Get-ExchangeServer |\n>> Get-OwaVirtualDirectory {more}\n\nName : a\nInternalUrl : x\n\n"
        );
        let (document, _) = read(&text, SourceId(0));
        let command = document.objects[0].command.as_ref().unwrap();
        let words = "Get-ExchangeServer | Get-OwaVirtualDirectory";
        assert!(command.text.starts_with(words) && command.text.ends_with("fl"), "{}", command.text);
        assert!(document.unread.is_empty());
    }
}

#[test]
fn headings_of_groups_belong_to_their_objects() {
    check(
        "\n\n   Server: CAS2\n\n\nName        : a\nInternalUrl : x\n\nName        : b\nInternalUrl : y\n\n   Server: CAS3\n\n\nName        : c\nInternalUrl : z\nServer      : own\n\n",
        "#\nName = a\nInternalUrl = x\nServer = CAS2\n#\nName = b\nInternalUrl = y\nServer = CAS2\n#\nName = c\nInternalUrl = z\nServer = own",
    );
    check("\n   InternalUrl: x\n\n\nName   : a\nServer : b\n", "#\nName = a\nServer = b\nInternalUrl = x");
    check("\n   ExternalUrl: \n\n\nName   : a\nServer : b\n", "#\nName = a\nServer = b\nExternalUrl -");
    check(
        "\n   Server: CAS2 and\n   more\n\n\nName        : a\nInternalUrl : x\n",
        "#\nName = a\nInternalUrl = x\nServer ! CAS2 and",
    );
    check("   Server: CAS2\n\nPS C:\\> get-x\n\nName : a\nInternalUrl : x\n", "# get-x\nName = a\nInternalUrl = x");
}

#[test]
fn lists_without_braces_stand_one_item_a_line() {
    let text = "Name                            : owa (Default Web Site)\n\
                InternalAuthenticationMethods   : Basic\n\
                \x20                                 Fba\n\
                \x20                                 WindowsIntegrated\n\
                ExternalAuthenticationMethods   : Fba\n\
                InternalUrl                     : https://cas2/owa\n\
                AllowedFileTypes                : .rpmsg\n\
                \x20                                 .xlsx\n\
                ObjectClass                     : top\n\
                \x20                                 msExchVirtualDirectory\n\n";
    let (document, problems) = read(text, SourceId(7));
    assert_eq!(problems, []);
    let items = |name: &str| {
        let property = document.objects[0].properties.iter().find(|it| it.name.is(name)).unwrap();
        let Value::List(list) = &property.value else { panic!("{:?}", property.value) };
        let items = list.items.iter().map(|item| text[item.text.span.range()].to_owned());
        (items.collect::<Vec<_>>(), list.truncated)
    };
    let whole = |names: &[&str]| (names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), false);
    assert_eq!(items("InternalAuthenticationMethods"), whole(&["Basic", "Fba", "WindowsIntegrated"]));
    assert_eq!(items("ExternalAuthenticationMethods"), whole(&["Fba"]));
    assert_eq!(items("ObjectClass"), whole(&["top", "msExchVirtualDirectory"]));
    let drawn = draw(text);
    assert!(drawn.contains("AllowedFileTypes ! .rpmsg") && drawn.contains("Name = owa (Default Web Site)"), "{drawn}");
    // Format-List prints braces, so that what a remote session printed is no such export.
    let remote = format!("RunspaceId                      : 1\n{text}");
    assert!(!draw(&remote).contains("AllowedFileTypes !"));
    let braces = text.replace(": Basic", ": {Basic,").replace(": top", ": {top,");
    assert!(!draw(&braces).contains("AllowedFileTypes !"));
}

#[test]
fn what_was_cut_is_said() {
    // A list without its closing brace shows what is in it, and no more.
    check(
        "Name        : a\nInternalUrl : x\nMethods     : {Basic, Fba,\n\n",
        "#\nName = a\nInternalUrl = x\nMethods = {Basic, Fba,\nListCut: Methods     :",
    );
    let whole = "Name        : a\nInternalUrl : https://x/owa\nServer      : s\nOther       : o\n\n";
    let drawn = draw(&format!("{whole}Name        : b\nInternalUrl : https://y/o"));
    assert!(drawn.ends_with("#\nName = b\nInternalUrl ! https://y/o\nListCut: InternalUrl :\n"), "{drawn}");
}

#[test]
fn the_end_of_the_file_is_where_it_may_be_cut() {
    let drawn = |text: &str| draw(text).lines().last().unwrap().to_owned();
    assert_eq!(drawn("Name        : a\nInternalUrl : https://x/ow"), "ListMayBeCut: InternalUrl :");
    for whole in ["True", "False", "{Basic}", "{}"] {
        assert_eq!(drawn(&format!("InternalUrl : x\nOther       : {whole}")), format!("Other = {whole}"));
    }
    assert_eq!(drawn("Name        : a\nInternalUrl : https://x/owa\n"), "InternalUrl = https://x/owa");
    assert_eq!(drawn("Name        : a\nInternalUrl : x\nExternalU"), "ListCut: ExternalU");
    // A transcript goes on behind each object.
    let transcript = format!("{}\nPS C:\\> get-x\n\nName        : a\nInternalUrl : https://x/owa", headers()[0]);
    assert_eq!(drawn(&transcript), "ListCut: InternalUrl :");
    assert!(draw(&transcript).contains("InternalUrl ! https://x/owa"));
    assert_eq!(drawn(&format!("{transcript}\n\n")), "InternalUrl = https://x/owa");
}

#[test]
fn clipped_labels_are_no_other_property() {
    check(
        "InternalU : x\nInternalA : {Basic}\nIdentity  : a\n",
        "#\nInternalU = x\nInternalA = {Basic}\nIdentity = a\nListLabelCut: InternalU\nListLabelCut: InternalA",
    );
    check("Internal   : x\nIdentity   : a\nLongerName : b\n", "#\nInternal = x\nIdentity = a\nLongerName = b");
}

#[test]
fn escape_sequences_of_every_kind() {
    check(
        "\u{1b}[32;1mName        : \u{1b}[0mowa\nExternalUrl : \u{1b}[0m\nInternalUrl : \u{1b}]8;;https://x\u{1b}\\https://x\u{1b}]8;;\u{1b}\\\nServer      : \u{1b}]0;title\u{7}CAS2\n",
        "#\nName = owa\nExternalUrl -\nInternalUrl = https://x\nServer = CAS2",
    );
}

#[test]
fn web_pages_wrap_listings() {
    check(
        "<pre>\nName        : owa (Default Web \n              Site)\nInternalUrl : https://x\n</pre>\n",
        "#\nName ~ owa (Default Web Site)\nInternalUrl = https://x",
    );
    check(
        "Name : owa<br>\nServer : CAS2<br />\nInternalUrl : https://x<br>\nExternalUrl :<br>\n",
        "#\nName = owa\nServer = CAS2\nInternalUrl = https://x\nExternalUrl -",
    );
    check(
        "<p>Name : owa<br>Server : CAS2<br>InternalUrl : https://x</p>",
        "#\nName = owa\nServer = CAS2\nInternalUrl = https://x",
    );
    check(
        "<pre>Name        : a\nInternalUrl : <a href=\"https://x\">https://x</a>\nServer      : <server>\n</pre>\n",
        "#\nName = a\nInternalUrl = https://x\nServer = <server>",
    );
    check(
        "<pre>\nName        : a &amp; b\nInternalUrl : https://x\n</pre>\n",
        "#\nName ! a &amp; b\nInternalUrl = https://x\nListUnreadable: Name        :",
    );
    check("Name        : a &amp; b\nInternalUrl : <b>\n", "#\nName = a &amp; b\nInternalUrl = <b>");
}

#[test]
fn what_stands_beside_the_objects_is_kept_for_others_to_judge() {
    let text = "Hello\n\nPS C:\\> get-a\n\nName : a\nInternalUrl : x\n\nodd\nlines\n\nPS C:\\> get-b\nnothing\n";
    let (document, _) = read(text, SourceId(0));
    let unread: Vec<_> = document
        .unread
        .iter()
        .map(|it| (shown(&text[it.span.range()]), it.command.as_ref().map(|it| it.text.to_string()), it.is_answered))
        .collect();
    let command = |text: &str| Some(text.to_owned());
    assert_eq!(
        unread,
        [
            ("Hello".to_owned(), None, false),
            ("odd\\nlines".to_owned(), command("get-a"), true),
            ("nothing".to_owned(), command("get-b"), false),
        ]
    );
}

#[test]
fn tables_of_other_commands_are_nothing_of_ours() {
    let files = "Mode     LastWriteTime   Length Name\n----     -------------   ------ ----\nd----    1/1/2012        1      inetpub\n";
    check(&format!("PS C:\\> dir\n\n{files}"), "");
    let servers = "Name Site ServerRole\n---- ---- ----------\nCAS1 HQ   Mailbox\n";
    check(&format!("PS C:\\> Get-ExchangeServer\n\n{servers}"), "TableOutput: Name Site ServerRole");
}
