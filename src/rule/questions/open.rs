//! Open questions about a virtual directory: any property, any attribute of IIS, any property of the control panel.

use crate::model::answer::{Answer, List};
use crate::model::attributes::{self, ATTRIBUTES, Kind};
use crate::model::ladder::Ladder;
use crate::model::server::Server;
use crate::model::setting::Field;
use crate::model::vdir::Vdir;
use crate::rule::ask::Subject;
use crate::rule::questions::{Question, Side, question, target_of};
use crate::rule::value::{Type, Value};

/// The name of the question about attributes of IIS, the only one that a condition can give an `unset`.
pub const IIS: &str = "iis";

/// What can be asked of a virtual directory by any name.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        is_open: true,
        example: r#"vdir."LogonFormat""#,
        ..question(
            "vdir",
            Side::Vdir,
            Type::Any,
            "A property of the virtual directory; an empty text where it is empty, open where it was not exported.",
            |ladder, subject, name| {
                let target = target_of(ladder, subject);
                property(target.server, target.vdir, name)
            },
        )
    },
    Question {
        is_open: true,
        example: r#"ecp."FormsAuthentication""#,
        ..question(
            "ecp",
            Side::Vdir,
            Type::Any,
            "A property of the virtual directory of the Exchange Control Panel in the same web site (Get-EcpVirtualDirectory); open where none was given.",
            |ladder, subject, name| {
                let target = target_of(ladder, subject);
                match target.server.control_panel_beside(target.vdir) {
                    Ok(panel) => property(target.server, panel, name),
                    Err(missing) => Answer::open(missing),
                }
            },
        )
    },
    Question {
        is_open: true,
        example: r#"iis."system.webServer/httpRedirect@destination""#,
        check: check_attribute,
        ..question(
            IIS,
            Side::Vdir,
            Type::Any,
            "An attribute of IIS that is in force at the virtual directory: a list where it holds flags. Where no file sets one whose default owalint does not know, the answer is open, unless the condition gives the default as `unset`.",
            |ladder, subject, argument| attribute(ladder, subject, argument, None),
        )
    },
];

/// An attribute of IIS; `unset` is what holds where no file sets it.
pub fn attribute(ladder: &Ladder<'_>, subject: Subject, argument: &str, unset: Option<&str>) -> Answer<Value> {
    let (section, name) = argument.split_once('@').unwrap_or((argument, ""));
    let text = target_of(ladder, subject).iis_value(section, name, unset);
    text.map(|text| match attributes::find(section, name).map(|it| it.kind) {
        Some(Kind::Flags(_)) => {
            Value::List(List::whole(attributes::flags(&text).into_iter().map(str::to_owned).collect()))
        }
        _ => Value::Text(text),
    })
}

/// The default of an attribute that the table knows.
pub fn default_of(argument: &str) -> Option<&'static str> {
    let (section, name) = argument.split_once('@')?;
    attributes::find(section, name).map(|row| row.default)
}

/// IIS's names count by case, so a known name in other letters would never be found.
fn check_attribute(argument: &str) -> Result<(), String> {
    let wanted = "a section and an attribute are wanted here: `system.webServer/…@attribute`";
    let (section, name) = argument.split_once('@').ok_or(wanted)?;
    if !section.contains('/') || section.ends_with('/') || name.is_empty() || name.contains(['@', '/']) {
        return Err(wanted.to_owned());
    }
    let same =
        |row: &&attributes::Attribute| row.section.eq_ignore_ascii_case(section) && row.name.eq_ignore_ascii_case(name);
    match ATTRIBUTES.iter().find(same) {
        Some(row) if row.kind == Kind::Collection => Err(format!("`{name}` is a collection, not an attribute")),
        Some(row) if (row.section, row.name) != (section, name) => {
            Err(format!("names in IIS count by case; did you mean `{}@{}`?", row.section, row.name))
        }
        _ => Ok(()),
    }
}

fn property(server: &Server, vdir: &Vdir, name: &str) -> Answer<Value> {
    match vdir.get(name).map(|it| &it.field) {
        Some(Field::Known(content)) if content.items.is_none() => {
            Answer::at(Value::Text(content.text.text.to_string()), content.text.span)
        }
        Some(Field::Empty(span)) => Answer::at(Value::Text(String::new()), *span),
        _ => server.list_of(vdir, name).map(Value::List),
    }
}
