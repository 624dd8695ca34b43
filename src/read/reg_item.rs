//! Registry keys as PowerShell shows them: objects with a path and named values, without the types of the values.

use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::{Data, Extent, Operation, RegDocument, ValueName, key_path};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// What the registry provider of PowerShell adds to the values of a key.
pub const ADDED: [&str; 8] = [
    "PSPath",
    "PSParentPath",
    "PSChildName",
    "PSDrive",
    "PSProvider",
    "PSComputerName",
    "PSShowComputerName",
    "RunspaceId",
];

/// One key, from whatever form its object was exported in.
#[derive(Debug, Clone)]
pub struct Item<'t> {
    /// `Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE\…`; `None` where it could not be read.
    pub path: Option<Scalar<'t>>,
    /// Where the object stands, or its path if that could not be read.
    pub place: Span,
    /// The computer that was asked, where the object says so.
    pub computer: Option<Scalar<'t>>,
    /// Whether all values of the key are here.
    pub is_whole: bool,
    /// The values by name, without what [`ADDED`] names; the text is `None` where it could not be read.
    pub values: Vec<(Scalar<'t>, Option<Scalar<'t>>, Span)>,
}

/// Whether a path is one that the registry provider makes.
pub fn is_registry_path(path: &str) -> bool {
    provider_length(path).is_some()
}

/// The registry that the objects of a file show.
pub fn read(items: Vec<Item<'_>>) -> (RegDocument<'_>, Vec<Problem>) {
    let mut document = RegDocument::default();
    let mut problems = Vec::new();
    let mut first: Option<String> = None;
    for item in items {
        let computer = item.computer.as_ref().map_or_else(String::new, |it| it.text.to_lowercase());
        if *first.get_or_insert_with(|| computer.clone()) != computer {
            let message = "this key is of another computer than the first one of the file";
            problems.push(Problem::new(ProblemKind::RegOtherComputer, item.place, message));
            continue;
        }
        document.computer = document.computer.or_else(|| item.computer.clone());
        take(item, &mut document, &mut problems);
    }
    if let Some(Operation::SetValue { data_span, .. }) =
        document.operations.iter().find(|it| matches!(it, Operation::SetValue { .. }))
    {
        let message = "the type of this value is not shown, and neither is that of any other in the file";
        problems.push(Problem::new(ProblemKind::RegTypesLost, *data_span, message));
    }
    (document, problems)
}

fn take<'t>(item: Item<'t>, document: &mut RegDocument<'t>, problems: &mut Vec<Problem>) {
    let key = item.path.and_then(|path| {
        let behind = provider_length(&path.text)?;
        let line = path.span;
        key_path(path.sub(behind..path.text.len()), line)
    });
    let Some(path) = key else {
        let message = "it cannot be told which key this object shows, since its PSPath cannot be read with certainty";
        problems.push(Problem::new(ProblemKind::RegQueryUnread, item.place, message));
        return;
    };
    let extent = if item.is_whole { Extent::Values } else { Extent::Part };
    document.operations.push(Operation::ShowKey { path, extent });
    for (name, text, data_span) in item.values {
        let name = if name.is("(default)") { Scalar::rewritten("", name.span) } else { name };
        document.operations.push(Operation::SetValue {
            name: ValueName { name },
            data: Data::Untyped(text),
            data_span,
        });
    }
}

/// The length of what the provider puts before the path of a key.
fn provider_length(path: &str) -> Option<usize> {
    const PROVIDER: &str = "registry::";
    let end = path.to_ascii_lowercase().find(PROVIDER)? + PROVIDER.len();
    path.get(end..end + 5).is_some_and(|root| root.eq_ignore_ascii_case("HKEY_")).then_some(end)
}
