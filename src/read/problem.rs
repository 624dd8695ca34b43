//! Problems of inputs: the one table of `INP` ids, and what a reader says when it could not read something.

use crate::finding::Severity;
use crate::text::span::Span;

/// Something about an input that could not be read, or was read with a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which kind of problem this is.
    pub kind: ProblemKind,
    /// Where it stands.
    pub span: Span,
    /// What is wrong here: lower case, no full stop, one clause.
    pub message: String,
}

impl Problem {
    /// A problem of this kind at `span`.
    pub fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Problem {
        Problem { kind, span, message: message.into() }
    }
}

/// One row of the table of input problems.
#[derive(Debug, Clone, Copy)]
pub struct ProblemRow {
    /// The kind that the row describes.
    pub kind: ProblemKind,
    /// The id, such as `INP-411`.
    pub id: &'static str,
    /// The name in kebab-case.
    pub name: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What it means, in a sentence.
    pub summary: &'static str,
    /// Why it matters and what was done about it.
    pub why: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

macro_rules! problems {
    ($($kind:ident $id:literal $name:literal $severity:ident
        $summary:literal
        $why:literal
        $help:literal)*) => {
        /// The kinds of input problems; [`PROBLEMS`] describes each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemKind { $(#[doc = $summary] $kind),* }

        /// Every kind of input problem, by id.
        pub const PROBLEMS: &[ProblemRow] = &[$(ProblemRow {
            kind: ProblemKind::$kind, id: $id, name: $name, severity: Severity::$severity,
            summary: $summary, why: $why, help: $help,
        }),*];
    };
}

problems! {
    UnreadableFile "INP-401" "unreadable-file" Error
        "A file of the snapshot could not be opened or read."
        "Nothing in it was checked."
        "make the file readable, or leave it out of the paths that are linted"
    TooLarge "INP-402" "file-too-large" Error
        "A file is larger than owalint reads."
        "Nothing in it was checked."
        "export only the keys or objects that are needed"
    UnsupportedEncoding "INP-403" "unsupported-encoding" Error
        "A file is in an encoding that owalint does not read."
        "UTF-32 is recognised by its byte order mark; none of the exporting tools writes it."
        "save the file as UTF-8 or UTF-16"
    AssumedEncoding "INP-404" "assumed-encoding" Info
        "A file is not valid UTF-8 and was read as Windows-1252."
        "Older tools write text in the code page of the machine; Windows-1252 is the commonest, and the settings that rules ask about are ASCII in all of them."
        "export again in UTF-8 or UTF-16 if names are shown wrong"
    UndecodableText "INP-405" "undecodable-text" Error
        "Some bytes of a file mean nothing in its encoding."
        "The bytes were replaced by U+FFFD; a setting that holds such a character cannot be trusted."
        "export the file again"
    MixedEncoding "INP-406" "mixed-encoding" Error
        "A file holds NUL characters or a byte order mark in its middle: it was put together from parts in different encodings."
        "`>>` of Windows PowerShell appends UTF-16 to whatever the file was. What stands behind that place may be unreadable."
        "export each part to a file of its own"
    EmptyFile "INP-407" "empty-file" Error
        "A file that is named as an export is empty."
        "The export may have failed; nothing could be checked."
        "export again, or remove the file"
    XmlNotWellFormed "INP-411" "xml-not-well-formed" Error
        "An XML file is not well-formed."
        "IIS does not load such a file. What stands before the fault was read, and no setting of the file is taken as complete."
        "export the file again, or repair it at the place shown"
    XmlDoctype "INP-412" "xml-doctype" Error
        "An XML file declares a document type."
        "None of the exporting tools writes one, and its entities could change every value. The file was refused."
        "remove the declaration"
    IisFragment "INP-413" "iis-fragment" Info
        "An IIS configuration has no configSections: it is a fragment."
        "What a fragment does not set may be set elsewhere, so it is not taken as its default."
        "export the whole applicationHost.config"
    IisUnplaced "INP-414" "iis-configuration-without-a-place" Error
        "An IIS configuration holds settings that matter, and it could not be told where they apply."
        "A web.config applies to the folder it lies in on the server. This version of owalint does not layer web.config files over applicationHost.config, so settings in them were not checked."
        "check by hand that the file does not change the sections named, or set them in applicationHost.config"
    IisRedirected "INP-415" "iis-shared-configuration" Error
        "redirection.config says that IIS reads its configuration from another folder."
        "The applicationHost.config of this machine is not the one that is in force."
        "export applicationHost.config from the folder that redirection.config names"
    IisInvalid "INP-416" "iis-invalid-value" Error
        "A name or a value in an IIS configuration is not one that IIS accepts."
        "Names of elements and attributes count by case, and have their places. IIS refuses such a section (HTTP 500.19); what depends on it was not answered."
        "correct it at the place shown"
    IisDuplicate "INP-417" "iis-section-set-twice" Error
        "Two places of the same level of an IIS configuration set the same attribute differently."
        "IIS allows several location tags of one path only for different sections; which of the two holds is not documented, so what depends on it was not answered."
        "keep one of the two"
    IisOddPath "INP-418" "odd-location-path" Error
        "The path of a location tag is written in a way that may match nothing."
        "IIS matches paths as they are written, but for case. With doubled slashes, backslashes, escapes or blanks it is not documented what they match; the settings were not applied to anything."
        "write the path as `Site Name/application/folder`"
    IisDeadPath "INP-419" "location-of-no-site" Warning
        "A location tag names a site that the file does not have."
        "Its settings apply to nothing."
        "correct the name of the site, or remove the tag"
    ListUnreadable "INP-421" "list-unreadable" Error
        "Text that looks like Format-List output could not be read as objects."
        "The columns do not line up, or indentation was lost; reading on would be guessing."
        "export again with `Get-OwaVirtualDirectory | Format-List * | Out-File -Width 500 owa.txt`"
    ListPropertyTwice "INP-422" "list-property-twice" Error
        "An object lists a property twice with different values."
        "Two objects may have been run together; neither value was used."
        "export again"
    ListObjectUnknown "INP-423" "list-object-without-identity" Error
        "An object with URLs has neither name nor class, so it could not be told what it is."
        "Every kind of Exchange virtual directory has an InternalUrl; guessing would check the wrong one."
        "export with `| Format-List *`, or at least with Identity"
    TableOutput "INP-424" "table-output" Error
        "A file holds Format-Table output."
        "Tables cut values and drop columns; they hold none of the settings."
        "export with `| Format-List *` instead"
    ShapeNotRead "INP-425" "export-shape-not-read" Error
        "A file holds virtual directories in a shape that this version does not read."
        "Nothing in it was checked."
        "export with `Get-OwaVirtualDirectory | Format-List * | Out-File -Width 500 owa.txt`"
    VdirPlaceUnreadable "INP-426" "metabase-path-unreadable" Error
        "A virtual directory's MetabasePath is not of the form `IIS://server/W3SVC/id/ROOT/path`."
        "Without it the site in IIS cannot be told."
        "export again"
    RegHeaderRefused "INP-431" "registry-file-header-refused" Error
        "The first line is not one that regedit accepts: nothing of the file would be imported."
        "regedit compares the whole first line, and case counts."
        "make `Windows Registry Editor Version 5.00` the first line"
    RegValueIgnored "INP-432" "registry-value-ignored" Warning
        "regedit ignores this value: its line is malformed."
        "The value is not set by importing the file, although it looks as if it were."
        "correct the line; a DWORD is written `\"Name\"=dword:00000001`"
    RegKeyIgnored "INP-433" "registry-key-ignored" Error
        "regedit does not accept this key line, so the values below it do not go where they seem to."
        "What regedit does with the values that follow is not documented; they were not used."
        "write the key as `[HKEY_LOCAL_MACHINE\\…]`, with no blank behind the bracket"
    RegUnknownRoot "INP-434" "registry-root-unknown" Error
        "A key lies below a root that does not exist: regedit drops all its values."
        "The values below it are not imported, not even into the key above."
        "begin the key with one of the six HKEY_ names"
    RegEncodingRefused "INP-435" "registry-file-encoding-refused" Info
        "regedit reads UTF-16 with a byte order mark and the ANSI code page; this file is in neither, and was read as evidence only."
        "The content was taken as what the registry holds; importing the file on Windows would fail or garble it."
        "export with regedit or `reg export`"
    RegShortRoot "INP-436" "registry-root-abbreviated" Info
        "A key begins with an abbreviated root such as HKLM."
        "Newer versions of Windows are said to accept this in a .reg file; for older ones it is not known. It was read as the full name."
        "write HKEY_LOCAL_MACHINE"
    RegSwallowed "INP-437" "registry-line-swallowed" Error
        "A line is lost because the value above it ends in a continuation."
        "regedit takes this line for the next part of the hex data above, and drops both."
        "remove the trailing `,\\` above, or complete the data"
    RegDataCut "INP-438" "registry-data-cut" Warning
        "Hex data ends early: a continuation backslash is missing."
        "regedit stores what it has read so far and ignores the rest."
        "end every line of the data but the last in `,\\`"
    RegHeaderDoubtful "INP-439" "registry-file-header-doubtful" Warning
        "The first line has something behind a valid header; whether regedit accepts that is not documented."
        "The file was read as if it did."
        "remove what stands behind the header"
    Unattributed "INP-441" "file-without-a-server" Error
        "It could not be told which server a file belongs to."
        "Nothing was guessed, and nothing in it was checked."
        "put the file into a folder named as the server, or name it in owalint-estate.toml"
    ServerDisputed "INP-442" "server-named-twice" Warning
        "The folder of a file names one server and its content another."
        "The content holds."
        "move the file to the folder of its server"
    OnlyServer "INP-443" "taken-for-the-only-server" Info
        "A file names no server and was taken for the only one that is known."
        "There is no other server that it could belong to."
        "put the file into a folder named as the server"
    ConfigurationInside "INP-451" "configuration-inside-the-snapshot" Info
        "An owalint.toml inside the linted paths is not used."
        "A change under review must not configure its own review."
        "keep the configuration outside the snapshot, or name it with --config"
    RejectedRule "INP-491" "rejected-rule-file" Error
        "A rule file is not valid."
        "No rule was asked: the report would not be what the rules say."
        "correct the rule file"
    RejectedConfiguration "INP-492" "rejected-configuration" Error
        "The configuration is not valid."
        "No rule was asked: the report would not be what the configuration says."
        "correct the configuration"
    RejectedEstateFile "INP-493" "rejected-estate-file" Error
        "The estate file is not valid."
        "No rule was asked: servers and sites would be wrong."
        "correct the estate file"
    RejectedCase "INP-591" "rejected-rule-case" Error
        "A case of a rule is not valid."
        "No case was run: the result would not be what the cases say."
        "correct the case.toml, or the name of its folder"
}

impl ProblemKind {
    /// The row of the table that describes this kind.
    pub fn row(self) -> &'static ProblemRow {
        &PROBLEMS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_are_unique_and_rows_lie_where_their_kind_says() {
        let mut ids: Vec<&str> = PROBLEMS.iter().map(|row| row.id).collect();
        assert!(ids.is_sorted(), "rows stand in the order of their ids");
        ids.dedup();
        assert_eq!(ids.len(), PROBLEMS.len());
        assert!(PROBLEMS.iter().all(|row| row.kind.row().id == row.id));
    }
}
