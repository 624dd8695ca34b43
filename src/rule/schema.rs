//! The form of rule files: the tables of their keys that the loader goes by, and the JSON Schema made from them.

use serde_json::{Map, Value as Json, json};

use crate::finding::{Confidence, Severity};
use crate::model::ladder::STEPS;
use crate::rule::ask::Scope;
use crate::rule::checks::CHECKS;
use crate::rule::condition::IfOpen;
use crate::rule::questions::{Question, open};
use crate::rule::value::Type;

/// One key of a table of a rule file.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// What it says, for editors.
    pub doc: &'static str,
    shape: fn() -> Json,
}

const fn key(name: &'static str, required: bool, doc: &'static str, shape: fn() -> Json) -> Key {
    Key { name, required, doc, shape }
}

/// The keys of a rule.
pub const RULE: &[Key] = &[
    key(
        "name",
        true,
        "The rule's name in kebab-case.",
        || json!({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}),
    ),
    key("severity", true, "How grave its findings are.", || words(Severity::WORDS.map(|(word, _)| word))),
    key("confidence", false, "How well founded it is; medium unless it says so.", || {
        words(Confidence::WORDS.map(|(word, _)| word))
    }),
    key("event", false, "The event that it predicts.", || json!({"type": "integer", "minimum": 0, "maximum": 65535})),
    key("since", false, "The version that has it first.", text),
    key("scope", true, "What it is asked about, once each.", || words(Scope::WORDS.map(|(word, _)| word))),
    key("step", false, "The step of the request that it is: no later step silences it.", steps),
    key("after", false, "The step of the request behind which it is asked.", steps),
    key("summary", true, "The headline of its findings; names in braces are filled in.", text),
    key("why", true, "What happens and why, in Markdown.", text),
    key("disputed", false, "What its sources disagree about, in Markdown.", text),
    key("help", false, "What to do; names in braces are filled in.", text),
    key("unseen", false, "What it cannot see, in Markdown.", text),
    key("refines", false, "The id of a rule that it takes the place of, where it fires.", text),
    key("explains", false, "The id of a rule that it says more about.", text),
    key("check", false, "A function in place of conditions.", || words(CHECKS.iter().map(|row| row.name))),
    key("founded-on", false, "Where its facts come from.", || list(&table(SOURCE))),
    key("when", false, "Conditions that all hold.", tables),
    key("any", false, "Conditions of which one holds at least.", tables),
    key("unless", false, "Conditions of which none holds.", tables),
    key("show", false, "Conditions that are shown where they hold, and decide nothing.", tables),
    key("soften", false, "Conditions under which a finding is less grave or less sure.", tables),
];

/// The keys of a source.
pub const SOURCE: &[Key] = &[
    key("url", true, "Where it stands.", text),
    key("says", true, "The fact in one sentence.", text),
    key(
        "date",
        false,
        "The day, month or year that the source gives for itself.",
        || json!({"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}),
    ),
];

/// The tests; a condition has one of them.
pub const TESTS: [&str; 8] = ["is", "one-of", "has", "lacks", "matches", "at-least", "at-most", "known"];

/// The keys of a condition.
pub const CONDITION: &[Key] = &[
    key("ask", true, "The question.", text),
    key("is", false, "The answer is this; texts are compared without regard to case.", literal),
    key("one-of", false, "The answer is one of these.", || json!({"type": "array", "minItems": 1, "items": literal()})),
    key("has", false, "The list has this item.", text),
    key("lacks", false, "The list does not have this item.", text),
    key(
        "matches",
        false,
        "The text, or an item of the list, matches this glob: * any characters, ? one, [a-z] one of these.",
        text,
    ),
    key("at-least", false, "The number, or the number of items, is this at least.", || json!({"type": "integer"})),
    key("at-most", false, "The number, or the number of items, is this at most.", || json!({"type": "integer"})),
    key("known", false, "Whether the answer is known.", || json!({"type": "boolean"})),
    key(
        "if-open",
        false,
        "What becomes of an open answer: it leaves the rule open, the documented default is assumed, or the condition is taken not to hold.",
        || words(IfOpen::WORDS.map(|(word, _)| word)),
    ),
    key("unset", false, "What holds where no file sets an attribute of IIS whose default is not known.", text),
    key("label", false, "What the place of the answer has to do with the finding.", text),
    key(
        "primary",
        false,
        "Whether this is the place of the finding; one condition in [[when]] is.",
        || json!({"type": "boolean"}),
    ),
];

/// What a condition in `[[soften]]` has beside.
pub const SOFTEN: &[Key] = &[
    key("severity", false, "The severity where it holds.", || words(Severity::WORDS.map(|(word, _)| word))),
    key("confidence", false, "The confidence where it holds.", || words(Confidence::WORDS.map(|(word, _)| word))),
];

/// The keys that a table has to have.
pub fn required(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().filter(|key| key.required).map(|key| key.name).collect()
}

/// Whether a reader has asked for exactly the keys of a table, and, where some may follow, for no others than those.
pub fn is_asked(asked: &[&str], keys: &[Key], more: &[Key]) -> bool {
    let is_known = |name: &&str| keys.iter().chain(more).any(|key| key.name == *name);
    asked.iter().all(is_known) && keys.iter().all(|key| asked.contains(&key.name))
}

/// The JSON Schema of rule files, in the draft that editors of TOML read.
pub fn schema() -> Json {
    let mut schema = table(RULE);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("a rule of owalint");
    let mut definitions = Map::new();
    let mut by_scope = Vec::new();
    for (word, scope) in Scope::WORDS {
        definitions.insert(format!("{word}-condition"), condition(scope, &[]));
        definitions.insert(format!("{word}-soften"), condition(scope, SOFTEN));
        let conditions = list(&json!({"$ref": format!("#/definitions/{word}-condition")}));
        let soften = list(&json!({"$ref": format!("#/definitions/{word}-soften")}));
        let mut properties =
            json!({"when": conditions, "any": conditions, "unless": conditions, "show": conditions, "soften": soften});
        if scope != Scope::Pair {
            properties["step"] = json!(false);
            properties["after"] = json!(false);
        }
        by_scope.push(json!({"if": {"properties": {"scope": {"const": word}}}, "then": {"properties": properties}}));
    }
    schema["definitions"] = Json::Object(definitions);
    schema["allOf"] = Json::Array(by_scope);
    schema["not"] = json!({"required": ["step", "after"]});
    schema["anyOf"] = json!([{"required": ["when"]}, {"required": ["check"]}]);
    schema
}

/// A condition of a rule of this scope, with keys beside its own.
fn condition(scope: Scope, more: &[Key]) -> Json {
    let mut schema = table(&[CONDITION, more].concat());
    let asked: Vec<(String, &Question)> = scope.askable();
    let closed: Vec<&str> = asked.iter().filter(|(_, it)| !it.is_open).map(|(written, _)| written.as_str()).collect();
    let mut forms = vec![json!({"enum": closed})];
    for (written, question) in asked.iter().filter(|(_, it)| it.is_open) {
        forms.push(json!({"pattern": pattern(written, question), "description": question.doc}));
    }
    schema["properties"]["ask"]["anyOf"] = Json::Array(forms);
    schema["oneOf"] = TESTS.iter().map(|test| json!({"required": [test]})).collect();
    if !more.is_empty() {
        schema["anyOf"] = more.iter().map(|key| json!({"required": [key.name]})).collect();
    }
    let mut rules = Vec::new();
    for (index, (_, question)) in asked.iter().enumerate() {
        let is_first = !asked[..index].iter().any(|(_, earlier)| earlier.ty == question.ty);
        if is_first && question.ty != Type::Any {
            let same: Vec<&str> =
                asked.iter().filter(|(_, it)| it.ty == question.ty).map(|(written, _)| written.as_str()).collect();
            rules.push(when(&json!({"enum": same}), &fitting(question.ty)));
        }
    }
    let assumable: Vec<&str> =
        asked.iter().filter(|(_, it)| it.default.is_some()).map(|(written, _)| written.as_str()).collect();
    rules.push(when(&json!({"not": {"enum": assumable}}), &json!({"if-open": {"enum": ["open", "skip"]}})));
    let attributes = format!(r"\.{}\.[\x22']", open::IIS);
    rules.push(when(&json!({"not": {"pattern": attributes}}), &json!({"unset": false})));
    schema["allOf"] = Json::Array(rules);
    schema
}

fn when(ask: &Json, properties: &Json) -> Json {
    json!({"if": {"properties": {"ask": ask}}, "then": {"properties": properties}})
}

/// What the tests may hold that an answer of this type is put to.
fn fitting(ty: Type) -> Json {
    let no = json!(false);
    let of = |is: Json, has: Json, matches: bool, counts: bool| {
        let one_of = if is == no { no.clone() } else { json!({"items": is}) };
        json!({"is": is, "one-of": one_of, "has": has, "lacks": has, "matches": matches, "at-least": counts, "at-most": counts})
    };
    match ty {
        Type::Boolean => of(json!({"type": "boolean"}), no.clone(), false, false),
        Type::Number => of(json!({"type": "integer"}), no.clone(), false, true),
        Type::Text => of(json!({"type": "string"}), no.clone(), true, false),
        Type::Words(words) => {
            let words: Vec<&str> = words.iter().copied().chain([""]).collect();
            of(json!({"enum": words}), no.clone(), true, false)
        }
        Type::List => of(no.clone(), json!({"type": "string"}), true, true),
        Type::Flags(words) => of(no.clone(), json!({"enum": words}), false, true),
        Type::Any => json!({}),
    }
}

/// What an open question looks like: a name in quotes behind a dot.
fn pattern(written: &str, question: &Question) -> String {
    let inner = match question.name {
        "registry" => r"HKEY_[A-Z_]+\\[^\x22']+",
        open::IIS => r"[^\x22'@]+/[^\x22'@/]+@[^\x22'@/]+",
        _ => r"[^\x22']+",
    };
    format!(r"^{}\.(\x22{inner}\x22|'{inner}')$", written.replace('.', r"\."))
}

fn table(keys: &[Key]) -> Json {
    let mut properties = Map::new();
    for key in keys {
        let mut shape = (key.shape)();
        shape["description"] = json!(key.doc);
        properties.insert(key.name.to_owned(), shape);
    }
    json!({"type": "object", "additionalProperties": false, "required": required(keys), "properties": properties})
}

fn list(items: &Json) -> Json {
    json!({"type": "array", "items": items})
}

fn tables() -> Json {
    list(&json!({"type": "object"}))
}

fn text() -> Json {
    json!({"type": "string"})
}

fn literal() -> Json {
    json!({"type": ["boolean", "integer", "string"]})
}

fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Json {
    json!({"enum": words.into_iter().collect::<Vec<_>>()})
}

fn steps() -> Json {
    words(STEPS.iter().map(|step| step.name))
}
