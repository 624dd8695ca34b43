//! CSV as PowerShell writes it, as `Import-Csv` reads it, and as it breaks.

mod any_text;

use super::{Names, head, read};
use crate::read::object::{Object, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::SourceId;

const SOURCE: SourceId = SourceId(0);
const NAMES: Names<'_> = Names {
    known: &["InternalUrl", "OwaVersion", "Server", "Name", "Site", "Identity"],
    telling: &["InternalUrl", "OwaVersion"],
};

/// The objects of a text with a head that is recognised, and the problems.
fn parse(text: &str) -> (Vec<Object<'_>>, Vec<Problem>) {
    let head = head(text, SOURCE, &NAMES).expect("no fault").unwrap_or_else(|| panic!("a head: {text}"));
    read(text, SOURCE, head, &NAMES)
}

fn shown(text: &str, value: &Value<'_>) -> String {
    let place = &text[value.span().range()];
    match value {
        Value::Empty(_) => format!("empty{place}"),
        Value::Text(it) if it.verbatim => it.text.to_string(),
        Value::Text(it) => format!("{} at {place}", it.text),
        Value::Unreadable(_) => format!("unreadable {place}"),
        other => panic!("{other:?}"),
    }
}

/// The values of every object, and the problems with the text they are pinned to.
fn rows(text: &str) -> (Vec<Vec<String>>, Vec<(ProblemKind, &str)>) {
    let (objects, problems) = parse(text);
    let values = |object: &Object<'_>| object.properties.iter().map(|it| shown(text, &it.value)).collect();
    (objects.iter().map(values).collect(), problems.iter().map(|it| (it.kind, &text[it.span.range()])).collect())
}

#[test]
fn rows_are_divided_as_import_csv_divides_them() {
    for (body, wanted) in [
        ("CAS1,x\n", &["CAS1", "x"][..]),
        ("CAS1,x\r\n", &["CAS1", "x"]),
        ("CAS1,x\r", &["CAS1", "x"]),
        ("\"CAS1\",\"x\"\n", &["CAS1", "x"]),
        ("\n\r\n  \nCAS1,x\n\n", &["CAS1", "x"]),
        (",\"\"\n", &["empty", "empty"]),
        ("  \"CAS1\"  ,\t\"x\"\t\n", &["CAS1", "x"]),
        ("  CAS1  ,x \n", &["CAS1", "x"]),
        ("\"a,b\",\"c\n\r\rd\r\n\"\n", &["a,b", "c\n\r\rd\r\n"]),
        ("\"a\"\"b\",\"\"\"\"\n", &["a\"b at a\"\"b", "\" at \"\""]),
        ("a\"b\"c,d\"\"\n", &["a\"b\"c", "d\"\""]),
        ("a \"b,c\n", &["a \"b", "c"]),
        ("\"a\"b,x\n", &["ab at a\"b", "x"]),
        ("\"a\" b c ,x\n", &["a b c  at a\" b c ", "x"]),
        ("é😀,'x'\n", &["é😀", "'x'"]),
        ("CAS1,x,,\n", &["CAS1", "x"]),
        ("System.String[],@{a=b}\n", &["unreadable System.String[]", "unreadable @{a=b}"]),
    ] {
        let text = format!("Server,InternalUrl\n{body}");
        assert_eq!(rows(&text).0, [wanted], "{text:?}");
    }
}

#[test]
fn every_delimiter_is_found_in_the_names() {
    for delimiter in [',', ';', '\t', '|', '^', '~', ':', '§', '/', '&', '\u{1f}'] {
        for quote in ["", "\""] {
            let line = |cells: [&str; 3]| cells.map(|it| format!("{quote}{it}{quote}")).join(&delimiter.to_string());
            let text = format!("{}\r\n{}\r\n", line(["Server", "Site", "InternalUrl"]), line(["CAS1", "HQ", "x"]));
            // A bar between names without quotes is also how a command line looks.
            assert_eq!(rows(&text).0, [["CAS1", "HQ", "x"]], "{text}");
        }
    }
    let text = "\"Server\" \"InternalUrl\"\n\"CAS1\" \"x\"\n";
    assert_eq!(rows(text).0, [["CAS1", "x"]]);
}

#[test]
fn so_many_delimiters_are_tried() {
    let text = |odd: &str| format!("x{odd}^Server^Site^InternalUrl\n^CAS1^HQ^x\n");
    // Four are always tried.
    assert_eq!(rows(&text("!%&()*+-./:")).0, [["empty", "CAS1", "HQ", "x"]]);
    assert!(head(&text("!%&()*+-./:<"), SOURCE, &NAMES).is_ok_and(|it| it.is_none()));
}

#[test]
fn heads_are_found_below_comments() {
    for top in ["", "#TYPE a.b\n", "#type a.b\r\n", "\n\n", "# x\n#y\n", "#Version: 1\n#Fields: "] {
        let text = format!("{top}Server,InternalUrl\nCAS1,x\n");
        assert_eq!(rows(&text).0, [["CAS1", "x"]], "{text}");
    }
    let types = |text: &str| parse(text).0[0].type_name().map(str::to_owned);
    assert_eq!(
        types("#TYPE Selected.Microsoft.ADOwaVirtualDirectory\r\n\"Server\",\"InternalUrl\"\n\"a\",\"b\"\n").as_deref(),
        Some("ADOwaVirtualDirectory")
    );
    assert_eq!(types("Server,InternalUrl\na,b\n"), None);
    // Below the name of a type, names need not be those of virtual directories.
    assert_eq!(rows("#TYPE ExchangeServer\n\"Name\",\"Site\"\n\"CAS1\",\"HQ\"\n").0, [["CAS1", "HQ"]]);
}

#[test]
fn other_texts_have_no_head() {
    for text in [
        "",
        "Name,Value\na,1\n",
        "Name,Path,Site\na,b,c\n",
        "InternalUrl\nx\n",
        "InternalUrl\n-----------\nx\n",
        "Server InternalUrl OwaVersion\nCAS1 x y\n",
        "| Server | InternalUrl | Name |\n|---|---|---|\n| CAS1 | x | y |\n",
        "Server | InternalUrl | Name\n--- | --- | ---\nCAS1 | x | y\n",
        "Set Server, InternalUrl and OwaVersion on every server.\n",
        "Server, InternalUrl, OwaVersion\nare what you need to set.\n",
        "[PS] C:\\>Get-OwaVirtualDirectory | fl Name,Server,InternalUrl,OwaVersion\n\nName : x\n",
        "Get-OwaVirtualDirectory | fl Name,Server,InternalUrl,OwaVersion\nName : x\n",
        "Name        : owa\nInternalUrl : http://x\nServer      : CAS1\n",
        "# Server,InternalUrl\n",
        "\"Server\",\"InternalUrl",
    ] {
        assert!(matches!(head(text, SOURCE, &NAMES), Ok(None)), "{text}");
    }
}

#[test]
fn many_known_names_are_a_head_whatever_stands_below() {
    let text = "Server^InternalUrl^Name^Site^OwaVersion\nCAS1^x";
    assert_eq!(rows(text), (vec![], vec![(ProblemKind::CsvRowUneven, "CAS1^x")]));
}

#[test]
fn two_columns_of_one_name_refuse_the_file() {
    let text = "Server,InternalUrl,SERVER\na,b,c\n";
    let problem = head(text, SOURCE, &NAMES).expect_err("two names");
    assert_eq!((problem.kind, &text[problem.span.range()]), (ProblemKind::CsvHeadUnreadable, "SERVER"));
}

#[test]
fn what_is_odd_is_said_at_its_place() {
    for (body, rows_read, kind, place) in [
        ("a,b\nc,d,e\n", 1, ProblemKind::CsvRowUneven, "c,d,e"),
        ("a,b\nc\n", 1, ProblemKind::CsvRowUneven, "c"),
        ("a,b\nc", 1, ProblemKind::CsvRowUneven, "c"),
        ("a,b\nc,\"d\ne,f\n", 1, ProblemKind::CsvQuoteOpen, "\""),
        ("\"a\" x,b\n", 1, ProblemKind::CsvQuoting, " x"),
        ("a,htt", 1, ProblemKind::CsvCutOff, "htt"),
        ("a,", 1, ProblemKind::CsvCutOff, ""),
        ("System.Object[],b\nSystem.Object[],c\n", 2, ProblemKind::ValueLost, "System.Object[]"),
        ("a,b\nServer,InternalUrl\nc,d\n", 2, ProblemKind::ExportsRunTogether, "Server,InternalUrl"),
        ("a,b\n#TYPE x.y\nServer,InternalUrl\nc,d\n", 2, ProblemKind::ExportsRunTogether, "#TYPE x.y"),
    ] {
        let text = format!("Server,InternalUrl\n{body}");
        let (found, problems) = rows(&text);
        assert_eq!(found.len(), rows_read, "{text}");
        assert_eq!(problems, [(kind, place)], "{text}");
    }
    let (found, problems) = rows("Server,,InternalUrl,,\na,b,c,,\n");
    assert_eq!(
        (found, problems),
        (vec![vec!["a".into(), "b".into(), "c".into()]], vec![(ProblemKind::CsvColumnUnnamed, "")])
    );
    assert_eq!(parse("Server,,InternalUrl\na,b,c\n").0[0].properties[1].name.text, "H1");
}

#[test]
fn a_value_may_be_cut_off_only_where_the_file_ends() {
    assert_eq!(rows("Server,InternalUrl\na,http://x").0, [["a", "unreadable http://x"]]);
    assert_eq!(rows("Server,InternalUrl\na,\"http://x\"").0, [["a", "http://x"]]);
    assert_eq!(rows("Server,InternalUrl\na,http://x\r").0, [["a", "http://x"]]);
}

#[test]
fn another_export_behind_the_first_has_its_own_columns() {
    let text = "#TYPE a.b\n\"Server\",\"InternalUrl\"\n\"x\",\"y\"\n#TYPE c.d\n\"InternalUrl\",\"Site\",\"Server\"\n\"1\",\"2\",\"3\"\n";
    let (objects, _) = parse(text);
    let said: Vec<(Option<&str>, Vec<&str>)> = objects
        .iter()
        .map(|it| (it.type_name(), it.properties.iter().map(|it| it.name.text.as_ref()).collect()))
        .collect();
    assert_eq!(said, [(Some("b"), vec!["Server", "InternalUrl"]), (Some("d"), vec!["InternalUrl", "Site", "Server"])]);
}

#[test]
fn question_marks_of_windows_powershell_stand_for_letters() {
    let quoted = "\"Server\",\"InternalUrl\"\r\n\"K?LN\",\"https://x/owa?a\"\r\n\"b\",\"https://k?ln/owa\"\r\n";
    let (found, problems) = rows(quoted);
    assert_eq!(found, [["unreadable K?LN", "https://x/owa?a"], ["b", "unreadable https://k?ln/owa"]]);
    assert_eq!(problems, [(ProblemKind::ValueLost, "K?LN"), (ProblemKind::ValueLost, "https://k?ln/owa")]);
    let plain = "Server,InternalUrl\nK?LN,b\n";
    assert_eq!(rows(plain).0, [["K?LN", "b"]]);
    // A letter beyond ASCII anywhere shows that none was replaced.
    let letters = "\"Server\",\"InternalUrl\"\r\n\"K?LN\",\"é\"\r\n";
    assert_eq!(rows(letters).0, [["K?LN", "é"]]);
}
