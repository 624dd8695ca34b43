//! What must hold of a document, whatever it was read from: every span lies in the text, and what is verbatim is there.

use owalint::read::object::{Object, Value};
use owalint::read::problem::Problem;
use owalint::read::reg::{Data, Operation, RegDocument};
use owalint::text::scalar::Scalar;
use owalint::text::span::Span;

/// A span lies in the text, on the boundaries of characters.
pub fn check_span(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} does not lie in the text");
}

/// What is said to be verbatim is what stands there.
pub fn check_scalar(text: &str, scalar: &Scalar<'_>) {
    check_span(text, scalar.span);
    assert!(!scalar.verbatim || text[scalar.span.range()] == scalar.text, "{scalar:?} is not what stands there");
}

/// The places of problems, and their words.
pub fn check_problems(text: &str, problems: &[Problem]) {
    for problem in problems {
        check_span(text, problem.span);
        problem.related.iter().for_each(|label| check_span(text, label.span));
        assert!(!problem.message.is_empty());
    }
}

/// The places of everything in exported objects.
pub fn check_objects(text: &str, objects: &[Object<'_>]) {
    for object in objects {
        check_span(text, object.span);
        object.command.iter().chain(&object.types).for_each(|it| check_scalar(text, it));
        for property in &object.properties {
            check_scalar(text, &property.name);
            check_span(text, property.value.span());
            match &property.value {
                Value::Text(scalar) | Value::Number(scalar) => check_scalar(text, scalar),
                Value::List(list) => {
                    check_scalar(text, &list.text);
                    list.items.iter().for_each(|item| check_scalar(text, &item.text));
                }
                Value::Record(record) => {
                    for (name, value) in &record.fields {
                        check_scalar(text, name);
                        check_scalar(text, value);
                    }
                }
                Value::Empty(_) | Value::Unreadable(_) => {}
            }
        }
    }
}

/// The places of everything in a registry export; no value is set where no key is open.
pub fn check_registry(text: &str, document: &RegDocument<'_>) {
    document.computer.iter().for_each(|it| check_scalar(text, it));
    let mut is_open = false;
    for operation in &document.operations {
        match operation {
            Operation::OpenKey(key) | Operation::DeleteKey(key) | Operation::ShowKey { path: key, .. } => {
                is_open = !matches!(operation, Operation::DeleteKey(_));
                check_scalar(text, &key.path);
                check_span(text, key.line);
            }
            Operation::SetValue { name, data, data_span } => {
                assert!(is_open, "{name:?} is set in no key");
                check_scalar(text, &name.name);
                check_span(text, *data_span);
                if let Data::Text(it) | Data::Untyped(Some(it)) = data {
                    check_scalar(text, it);
                }
            }
            Operation::DeleteValue { name, data_span } => {
                assert!(is_open, "{name:?} is deleted in no key");
                check_scalar(text, &name.name);
                check_span(text, *data_span);
            }
            Operation::Absent { path, name } => {
                check_scalar(text, &path.path);
                check_span(text, path.line);
                name.iter().for_each(|it| check_scalar(text, &it.name));
            }
        }
    }
}
