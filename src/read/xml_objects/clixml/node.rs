//! The elements of CLIXML by what they are for.

/// What an element is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An object.
    Obj,
    /// An object that stands above.
    Ref,
    /// Null.
    Nil,
    /// A list: items follow each other.
    List,
    /// A dictionary of `En`, each with a key and a value.
    Dictionary,
    /// Text whose characters may be escaped.
    Text,
    /// Text as it is: an identifier, an address, a date, a version.
    Plain,
    /// A truth value.
    Truth,
    /// A number.
    Number,
    /// A character, as the number of its unit of UTF-16.
    Character,
    /// Bytes in base 64.
    Bytes,
    /// A secret: never read.
    Secret,
    /// The state of a progress bar.
    Progress,
    /// Names of types, or where they stand above.
    Types,
    /// What the object printed as.
    ToString,
    /// Its properties.
    Properties,
    /// Its extended members; below them, a set of members.
    Members,
}

/// The kind of the element with this name; `None` for one that the format does not have.
pub(super) fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "Obj" => Kind::Obj,
        "Ref" => Kind::Ref,
        "Nil" => Kind::Nil,
        "LST" | "IE" | "STK" | "QUE" => Kind::List,
        "DCT" => Kind::Dictionary,
        "S" | "XD" | "SBK" => Kind::Text,
        "G" | "URI" | "DT" | "TS" | "Version" | "SemanticVersion" => Kind::Plain,
        "B" => Kind::Truth,
        "By" | "SB" | "U16" | "I16" | "U32" | "I32" | "U64" | "I64" | "Sg" | "Db" | "D" => Kind::Number,
        "C" => Kind::Character,
        "BA" => Kind::Bytes,
        "SS" => Kind::Secret,
        "PR" => Kind::Progress,
        "TN" | "TNRef" => Kind::Types,
        "ToString" => Kind::ToString,
        "Props" => Kind::Properties,
        "MS" => Kind::Members,
        _ => return None,
    })
}

impl Kind {
    /// Whether an element of this kind is a value.
    pub(super) fn is_value(self) -> bool {
        !matches!(self, Kind::Types | Kind::ToString | Kind::Properties | Kind::Members)
    }
}

/// A name of the file fit for a message.
pub(super) fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
