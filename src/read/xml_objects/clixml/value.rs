//! The values of CLIXML: what a property says, with references followed and nothing deeper than it prints.

use std::collections::HashMap;
use std::rc::Rc;

use super::escape::unescaped;
use super::index::Index;
use super::node::{Kind, kind, short};
use super::unreadable;
use crate::read::lost::is_type_name;
use crate::read::object::{Item, Record, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::read::xml_objects::gather::{list, trimmed};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// How many objects may be wrapped in each other before the value inside counts as unreadable; real ones have one.
const MAX_WRAPPED: usize = 16;

/// How many names of types are read of an object; the longest chain of Exchange has some ten.
const MAX_TYPES: usize = 16;

/// Reads values of one export.
pub(super) struct Values<'d, 't> {
    pub(super) document: &'d XmlDocument<'t>,
    text: &'t str,
    pub(super) index: &'d Index,
    parts: HashMap<ElementId, Rc<Parts<'t>>>,
    /// How many bytes references may still add: a short file can refer to one long value any number of times.
    budget: usize,
    pub(super) problems: Vec<Problem>,
}

/// The parts of an object, which may stand in any order.
#[derive(Default)]
pub(super) struct Parts<'t> {
    /// The `TN` or `TNRef`.
    pub(super) types: Option<ElementId>,
    /// What the object printed as, unless that is no more than the name of its type, and the element that says it.
    printed: Option<(Item<'t>, ElementId)>,
    /// The value that the object is, if it is more than its properties.
    pub(super) base: Option<ElementId>,
    /// Properties and extended members.
    pub(super) members: Vec<ElementId>,
    /// What has no place in an object.
    pub(super) odd: Vec<ElementId>,
}

/// A value that is one text.
type Single<'t> = Option<Item<'t>>;

impl<'d, 't> Values<'d, 't> {
    pub(super) fn new(document: &'d XmlDocument<'t>, text: &'t str, index: &'d Index) -> Values<'d, 't> {
        let budget = (1 << 20) + 4 * text.len();
        Values { document, text, index, parts: HashMap::new(), budget, problems: Vec::new() }
    }

    /// The kind of an element.
    pub(super) fn kind(&self, id: ElementId) -> Option<Kind> {
        kind(self.document.get(id).local_name())
    }

    fn tag(&self, id: ElementId) -> Span {
        self.document.get(id).tag
    }

    /// The parts of an object.
    pub(super) fn parts(&mut self, object: ElementId) -> Rc<Parts<'t>> {
        if let Some(parts) = self.parts.get(&object) {
            return Rc::clone(parts);
        }
        let mut parts = Parts::default();
        let mut to_string = None;
        for child in self.document.children(object) {
            let is_second = match self.kind(child) {
                Some(Kind::Types) => parts.types.replace(child).is_some(),
                Some(Kind::ToString) => to_string.replace(child).is_some(),
                Some(Kind::Properties | Kind::Members) => {
                    self.members(child, &mut parts);
                    false
                }
                Some(_) => parts.base.replace(child).is_some(),
                None => true,
            };
            if is_second {
                parts.odd.push(child);
            }
        }
        parts.printed = to_string.and_then(|it| Some((self.printed(it)?, it)));
        let parts = Rc::new(parts);
        self.parts.insert(object, Rc::clone(&parts));
        parts
    }

    /// The values below `Props` or `MS`; an `MS` inside is a set of members, which are no properties.
    fn members(&self, holder: ElementId, parts: &mut Parts<'t>) {
        for member in self.document.children(holder) {
            if self.kind(member) != Some(Kind::Members) {
                parts.members.push(member);
            }
        }
    }

    /// The names of an object's types.
    pub(super) fn types(&mut self, object: ElementId) -> Vec<Scalar<'t>> {
        let Some(told) = self.parts(object).types else { return Vec::new() };
        let is_reference = self.document.get(told).local_name() == "TNRef";
        let Some(names) = (if is_reference { self.index.target(told) } else { Some(told) }) else { return Vec::new() };
        let names =
            self.document.children(names).take(MAX_TYPES).filter(|id| self.document.get(*id).local_name() == "T");
        names.map(|id| trimmed(&unescaped(self.document.text(self.text, id)).0)).collect()
    }

    /// The first name of a `TN`.
    pub(super) fn first_type(&self, names: ElementId) -> Option<Scalar<'t>> {
        let first = self.document.children(names).find(|id| self.document.get(*id).local_name() == "T")?;
        Some(trimmed(&unescaped(self.document.text(self.text, first)).0))
    }

    /// The name of a property, from its attribute `N`.
    pub(super) fn name(&mut self, member: ElementId) -> Option<Scalar<'t>> {
        let name = self.document.get(member).attribute("N")?.value.clone();
        Some(self.unescaped(name)).filter(|name| !name.text.is_empty())
    }

    /// What an element says.
    pub(super) fn value(&mut self, id: ElementId) -> Value<'t> {
        let Some(inner) = self.followed(id) else { return Value::Unreadable(self.tag(id)) };
        match self.kind(inner) {
            Some(Kind::Nil) => Value::Empty(self.document.get(inner).span),
            Some(Kind::List) => self.list(inner),
            Some(Kind::Dictionary) => self.dictionary(inner),
            Some(Kind::Obj) => self.object(inner),
            _ => match self.primitive(inner) {
                Some(item) => single(item, self.document.get(inner).span),
                None => Value::Unreadable(self.tag(inner)),
            },
        }
    }

    /// What an object without a value inside says: what it prints as, or its properties.
    fn object(&mut self, id: ElementId) -> Value<'t> {
        let parts = self.parts(id);
        if let Some((item, element)) = parts.printed.clone() {
            return single(item, self.document.get(element).span);
        }
        let span = self.tag(id);
        if parts.members.is_empty() {
            return Value::Unreadable(span);
        }
        let mut fields = Vec::new();
        for member in &parts.members {
            if let (Some(name), Some(item)) = (self.name(*member), self.single(*member)) {
                fields.push((name, item.text));
            }
        }
        Value::Record(Record { span, fields })
    }

    /// A value that is one text, without what lies deeper.
    fn single(&mut self, id: ElementId) -> Single<'t> {
        let inner = self.followed(id)?;
        match self.kind(inner) {
            Some(Kind::Obj) => self.parts(inner).printed.clone().map(|(item, _)| item),
            Some(Kind::Nil | Kind::List | Kind::Dictionary) => None,
            _ => self.primitive(inner),
        }
    }

    /// The element that holds a value, if references do not repeat too much.
    fn followed(&mut self, id: ElementId) -> Option<ElementId> {
        let (inner, is_repeated) = self.unwrapped(id)?;
        if !is_repeated {
            return Some(inner);
        }
        let printed = match self.kind(inner) {
            Some(Kind::Obj) => self.parts(inner).printed.as_ref().map(|(item, _)| item.text.text.len()),
            _ => None,
        };
        let bytes = printed.unwrap_or_else(|| self.document.get(inner).span.range().len());
        self.spend(bytes, id).then_some(inner)
    }

    /// The element that holds a value, and whether a reference led to it: references are followed, and objects around
    /// a list or a plain value taken off. An object that prints as something else than what it wraps, such as an
    /// enumeration, is the value itself.
    fn unwrapped(&mut self, id: ElementId) -> Option<(ElementId, bool)> {
        let mut at = id;
        let mut is_repeated = false;
        for _ in 0..=MAX_WRAPPED {
            match self.kind(at) {
                Some(Kind::Ref) => {
                    at = self.index.target(at)?;
                    is_repeated = true;
                }
                Some(Kind::Obj) => {
                    let parts = self.parts(at);
                    let prints = parts.printed.as_ref().is_some_and(|(item, _)| !is_blank(&item.text));
                    match parts.base {
                        Some(base) if self.is_container(base) || !prints => at = base,
                        _ => return Some((at, is_repeated)),
                    }
                }
                _ => return Some((at, is_repeated)),
            }
        }
        None
    }

    fn is_container(&self, id: ElementId) -> bool {
        matches!(self.kind(id), Some(Kind::List | Kind::Dictionary))
    }

    fn printed(&mut self, to_string: ElementId) -> Single<'t> {
        let text = self.document.text(self.text, to_string);
        let text = self.unescaped(text);
        (!is_type_name(&text.text)).then_some(Item { text, is_number: false })
    }

    fn list(&mut self, id: ElementId) -> Value<'t> {
        let place = self.document.get(id).span;
        let items = self.document.children(id).filter_map(|child| match self.single(child) {
            None if self.kind(child) == Some(Kind::Nil) => None,
            item => Some(item),
        });
        list(items, place)
    }

    fn dictionary(&mut self, id: ElementId) -> Value<'t> {
        let mut fields = Vec::new();
        for entry in self.document.children(id) {
            let named = |wanted: &str| {
                let is_wanted = |child: &ElementId| {
                    self.document.get(*child).attribute("N").is_some_and(|it| it.value.text == wanted)
                };
                self.document.children(entry).find(is_wanted)
            };
            let (key, value) = (named("Key"), named("Value"));
            if let (Some(key), Some(value)) = (key.and_then(|it| self.single(it)), value.and_then(|it| self.single(it)))
            {
                fields.push((key.text, value.text));
            }
        }
        Value::Record(Record { span: self.tag(id), fields })
    }

    /// A plain value. Bytes and secrets have none that is printed.
    fn primitive(&mut self, id: ElementId) -> Single<'t> {
        let kind = self.kind(id).filter(|kind| kind.is_value());
        let Some(kind) = kind else {
            let element = self.document.get(id);
            let message = format!("`{}` is no kind of value", short(element.local_name()));
            self.problems.push(unreadable(element.name.span, message));
            return None;
        };
        if matches!(kind, Kind::Bytes | Kind::Secret | Kind::Progress) {
            return None;
        }
        if let Some(child) = self.document.children(id).next() {
            let message = "an element stands inside a plain value";
            self.problems.push(unreadable(self.document.get(child).name.span, message));
            return None;
        }
        let text = self.document.text(self.text, id);
        if kind == Kind::Text {
            let text = self.unescaped(text);
            return (!is_type_name(&text.text)).then_some(Item { text, is_number: false });
        }
        let text = trimmed(&text);
        let read = match kind {
            Kind::Truth => truth(&text),
            Kind::Number => Some(text.clone()).filter(|it| is_number(&it.text)),
            Kind::Character => self.character(&text),
            _ => Some(text.clone()),
        };
        if read.is_none() {
            let message = format!("this is no value of the kind `{}`", self.document.get(id).local_name());
            let place = if text.text.is_empty() { self.tag(id) } else { text.span };
            self.problems.push(unreadable(place, message));
        }
        read.map(|text| Item { text, is_number: kind == Kind::Number })
    }

    fn character(&mut self, text: &Scalar<'t>) -> Option<Scalar<'t>> {
        let unit = text.text.parse::<u16>().ok()?;
        let character = char::from_u32(u32::from(unit));
        if character.is_none() {
            self.half(text.span);
        }
        Some(Scalar::rewritten(String::from(character.unwrap_or('\u{fffd}')), text.span))
    }

    fn unescaped(&mut self, text: Scalar<'t>) -> Scalar<'t> {
        let (text, lone) = unescaped(text);
        if lone {
            self.half(text.span);
        }
        text
    }

    fn half(&mut self, place: Span) {
        let message = "half of a character stands alone in this text";
        self.problems.push(Problem::new(ProblemKind::HalfCharacter, place, message));
    }

    fn spend(&mut self, bytes: usize, reference: ElementId) -> bool {
        let Some(left) = self.budget.checked_sub(bytes) else {
            self.budget = 0;
            let message = "references repeat so much text that this one was not followed";
            self.problems.push(Problem::new(ProblemKind::ClixmlReference, self.tag(reference), message));
            return false;
        };
        self.budget = left;
        true
    }
}

fn single(item: Item<'_>, element: Span) -> Value<'_> {
    if is_blank(&item.text) {
        Value::Empty(element)
    } else if item.is_number {
        Value::Number(item.text)
    } else {
        Value::Text(item.text)
    }
}

fn is_blank(text: &Scalar<'_>) -> bool {
    text.text.trim().is_empty()
}

/// A truth value as PowerShell prints it.
fn truth<'t>(text: &Scalar<'t>) -> Option<Scalar<'t>> {
    let printed = match text.text.as_ref() {
        "true" | "1" => "True",
        "false" | "0" => "False",
        _ => return None,
    };
    Some(Scalar::rewritten(printed, text.span))
}

fn is_number(text: &str) -> bool {
    matches!(text, "INF" | "-INF" | "NaN") || text.parse::<f64>().is_ok_and(f64::is_finite)
}
