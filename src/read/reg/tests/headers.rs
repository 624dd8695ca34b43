//! First lines and encodings: what is claimed, and what is accepted.

use super::{FIVE, SOURCE, project, show_problems, show_registry};
use crate::read::reg::{claims, read};
use crate::text::decode::Encoding;

#[test]
fn headers_are_accepted_doubted_and_refused() {
    let body = "\r\n\r\n[HKEY_CURRENT_USER\\K]\r\n\"a\"=dword:1\r\n";
    for (first, expected) in [
        ("REGEDIT4", ""),
        ("  REGEDIT4", ""),
        ("\tREGEDIT4", ""),
        (" \t REGEDIT4", ""),
        (FIVE, ""),
        ("\t Windows Registry Editor Version 5.00", ""),
        ("REGEDIT4 ", "doubtful: "),
        ("REGEDIT4;c", "doubtful:;c"),
        ("Windows Registry Editor Version 5.00 \t", "doubtful: \t"),
        ("Windows Registry Editor Version 5.00 ;blah ", "doubtful:;blah "),
        ("REGEDIT", "old:REGEDIT"),
        ("REGEDIT3", "empty:REGEDIT3"),
        ("REGEDIT5", "empty:REGEDIT5"),
        ("REGEDIT9", "empty:REGEDIT9"),
        ("REGEDIT 4", "empty:REGEDIT 4"),
        ("REGEDIT4FOO", "empty:REGEDIT4FOO"),
        (" REGEDIT4 FOO ", "empty:REGEDIT4 FOO"),
        ("REGEDIT4 #c", "empty:REGEDIT4 #c"),
        ("regedit4", "refused:regedit4"),
        ("Regedit4", "refused:Regedit4"),
        ("AREGEDIT4", "refused:AREGEDIT4"),
        ("1REGEDIT4", "refused:1REGEDIT4"),
        ("Windows Registry Editor Version 4.00", "refused:Windows Registry Editor Version 4.00"),
        ("Windows Registry Editor Version 5", "refused:Windows Registry Editor Version 5"),
        ("Windows Registry Editor Version 5.0", "refused:Windows Registry Editor Version 5.0"),
        ("WINDOWS REGISTRY EDITOR VERSION 5.00", "refused:WINDOWS REGISTRY EDITOR VERSION 5.00"),
        ("Windows Registry Editor version 5.00", "refused:Windows Registry Editor version 5.00"),
        ("WINE REGISTRY Version 2", "refused:WINE REGISTRY Version 2"),
        ("\u{feff}REGEDIT4", "garbled:\u{feff} & refused:\u{feff}REGEDIT4"),
        ("", "refused:"),
        ("; by hand\r\nREGEDIT4", "refused:; by hand"),
        ("\r\nREGEDIT4", "refused:"),
    ] {
        let text = format!("{first}{body}");
        let (document, problems) = read(&text, SOURCE, Encoding::Utf8);
        assert_eq!(show_problems(&text, &problems), expected, "{first:?}");
        let is_read = expected.is_empty() || expected.starts_with("doubtful");
        assert_eq!(document.operations.is_empty(), !is_read, "{first:?}");
        assert!(claims(&text), "{first:?}");
    }
}

#[test]
fn refusals_say_why() {
    for (text, expected) in [
        ("REGEDIT\nHKEY_CLASSES_ROOT\\k = Value0\nHKEY_CLASSES_ROOT\\k Value4\n", "Windows 3.1"),
        ("REGEDIT5\n", "imports nothing"),
        ("regedit4\n", "with case"),
        ("Windows Registry Editor Version 4.00\n", "no version but"),
        ("WINE REGISTRY Version 2\n", "Wine"),
        ("AREGEDIT4\n", "before the header"),
        ("\nREGEDIT4\n", "the first line is empty"),
        ("; c\n\nREGEDIT4\n", "a comment stands above the header"),
        ("[HKEY_CURRENT_USER\\K]\n", "there is no header"),
        ("", "there is no header"),
    ] {
        let (document, problems) = read(text, SOURCE, Encoding::Utf8);
        assert!(document.operations.is_empty());
        assert_eq!(problems.len(), 1, "{text:?}");
        assert!(problems[0].message.contains(expected), "{text:?}: {}", problems[0].message);
    }
}

#[test]
fn registry_files_are_claimed_and_prose_is_not() {
    for text in [
        "REGEDIT4",
        "\n\n  REGEDIT4\n",
        "REGEDIT",
        "regedit4",
        "REGEDIT 4",
        "Windows Registry Editor Version 5.00",
        "windows registry editor version 5.00 foo",
        "; comment\n// another\nWindows Registry Editor Version 5.00\n",
        "[HKEY_LOCAL_MACHINE\\SOFTWARE]\n\"a\"=\"b\"\n",
        "; c\n\n[HKLM\\SOFTWARE]\n@=\"b\"\n",
        "[-HKEY_LOCAL_MACHINE\\SOFTWARE\\X]",
        "[hkey_users\\default]\n[HKU\\x] ;c\n",
        "Regedit export\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\n\"a\"=\"b\"\n",
    ] {
        assert!(claims(text), "{text:?}");
    }
    for text in [
        "",
        "; only a comment\n",
        "Regedit\n\nRegedit is a tool.\n",
        "Regedit is a tool that edits the registry\n",
        "regedit4 was the header of old registry files\n",
        "Windows Registry Editor Version 5.00 is the header of newer ones\n",
        "Open regedit and import:\nREGEDIT4\n",
        "[HKEY_LOCAL_MACHINE\\SOFTWARE] is where settings lie\n",
        "[HKEY_LOCAL_MACHINE\\SOFTWARE]\nis where settings lie\n",
        "[section]\n\"a\"=\"b\"\n",
        "Name : owa\nServer : CAS1\n",
        "<configuration/>",
    ] {
        assert!(!claims(text), "{text:?}");
    }
}

#[test]
fn files_in_encodings_that_regedit_does_not_read_are_read_as_evidence() {
    let text = "REGEDIT4\n[HKEY_CURRENT_USER\\K]\n\"a\"=\"A\"\n";
    for (encoding, expected) in [
        (Encoding::Utf8, ""),
        (Encoding::Windows1252, ""),
        (Encoding::Utf16LeBom, ""),
        (Encoding::Utf8Bom, "encoding:"),
        (Encoding::Utf16Le, "encoding:"),
        (Encoding::Utf16Be, "encoding:"),
        (Encoding::Utf16BeBom, "encoding:"),
    ] {
        let (document, problems) = read(text, SOURCE, encoding);
        assert_eq!(show_problems(text, &problems), expected, "{encoding:?}");
        assert_eq!(show_registry(&project(&document)), "a=sz A");
    }
}

#[test]
fn utf_8_beyond_ascii_is_read_as_it_is_and_reported() {
    let text = "REGEDIT4\n; \u{fc}\n[HKEY_CURRENT_USER\\K]\n\"a\"=\"\u{e4}\"\n";
    for (encoding, expected) in
        [(Encoding::Utf8, "garbled:\u{fc}"), (Encoding::Windows1252, ""), (Encoding::Utf16LeBom, "")]
    {
        let (document, problems) = read(text, SOURCE, encoding);
        assert_eq!(show_problems(text, &problems), expected, "{encoding:?}");
        assert_eq!(show_registry(&project(&document)), "a=sz \u{e4}");
    }
}
