//! Problems of inputs: the one table of `INP` ids, and what a reader says when it could not read something.

use crate::finding::{Label, Severity};
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
    /// The other places that it takes to see it.
    pub related: Vec<Label>,
}

impl Problem {
    /// A problem of this kind at `span`.
    pub fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Problem {
        Problem { kind, span, message: message.into(), related: Vec::new() }
    }

    /// The same problem with another place that it takes to see it.
    #[must_use]
    pub fn see(mut self, span: Span, label: impl Into<String>) -> Problem {
        self.related.push(Label::new(span, label));
        self
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
        "IIS does not load such a file, nor does PowerShell. What stands before the fault was read; no setting of IIS in it is taken as complete, and no object that it falls into was used."
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
        "A web.config applies to the paths that lead to its folder on the server. It was looked for among the physical paths of applicationHost.config by the folders that it lies in, and what it may set there is not taken as known."
        "put the file into the same folders as on the server, such as CAS2/inetpub/wwwroot/web.config, or name its path in owalint-estate.toml below [servers.CAS2.web-config]"
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
    ArchiveNotRead "INP-428" "archive-not-read" Error
        "A file is an archive, which is not opened."
        "There may be exports in it, and none of them was checked."
        "unpack the archive into the snapshot, or take it out"
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
    WebConfigLocked "INP-501" "web-config-sets-what-is-locked" Error
        "A web.config sets a section, an attribute or an element that a file above it locks."
        "IIS does not load such a web.config: it answers every request to its paths with 500.19, whatever the value is."
        "take the setting out of the web.config, and set it in a location tag of applicationHost.config"
    WebConfigRedeclares "INP-502" "web-config-declares-a-section-again" Error
        "A web.config declares a section that applicationHost.config has declared."
        "IIS says `There is a duplicate section defined`, and answers every request to the paths of the file with 500.19."
        "take the declaration out of the web.config"
    WebConfigEmpty "INP-503" "empty-web-config" Error
        "A web.config is empty."
        "IIS takes an empty file for a broken one, and answers every request to its paths with 500.19; `<configuration/>` would be fine."
        "export the file again; if it is empty on the server, write `<configuration/>` into it or remove it"
    WebConfigAmbiguous "INP-504" "web-config-of-several-folders" Error
        "A web.config lies in a folder that could be one of several on the server."
        "What the file may set at any of their paths is not taken as known."
        "put the file into more of the folders that it lies in on the server, or name its path in owalint-estate.toml below [servers.CAS2.web-config]"
    WebConfigIgnored "INP-505" "web-config-not-in-force" Info
        "IIS does not read this web.config, so nothing in it holds."
        "The pool of the application has enableConfigurationOverride off, a virtual directory has allowSubDirConfig off, or another virtual directory takes the place of the folder."
        "set what is meant to hold in applicationHost.config"
    WebConfigTwice "INP-506" "two-web-configs-for-one-path" Error
        "Two web.config files with different content are for the same path."
        "There is only one on the server; what either of them may set is not taken as known."
        "keep the one that is on the server"
    WebConfigMapping "INP-507" "web-config-entry-without-effect" Error
        "The estate file places a web.config that the snapshot does not have, or at a site that the server does not have."
        "The entry was not used, so what is in force may be another thing than its author thinks."
        "correct the entry below [servers.CAS2.web-config]"
    ConfigSourceMissing "INP-508" "section-kept-in-another-file" Warning
        "A web.config keeps a section that matters in another file, which the snapshot does not have."
        "configSource is followed only to files of the snapshot, from the folder of the web.config downwards; what the section sets is not known."
        "put the file where the web.config names it"
    CollectionTwice "INP-509" "collection-item-added-twice" Error
        "An item is added to a collection that has one with the same key."
        "IIS says `Cannot add duplicate collection entry`, and answers every request to the path with 500.19."
        "remove the inherited item first, with `<remove …/>` or `<clear />`, or do not add it again"
    AppcmdOutput "INP-510" "appcmd-output-not-read" Error
        "A file holds output of appcmd of which it is not known what it holds for, or that is not read."
        "Nothing of it was checked. `appcmd list config PATH` is read where it was copied together with its command line, and so are lists of sites, apps, vdirs and apppools."
        "copy applicationHost.config itself, from %windir%\\system32\\inetsrv\\config"
    AppcmdFailed "INP-511" "appcmd-failed" Error
        "appcmd printed an error instead of what it was asked for."
        "What it was asked for is not known."
        "run the command again in an elevated prompt, or copy applicationHost.config itself, from %windir%\\system32\\inetsrv\\config"
    AppcmdOtherText "INP-512" "text-beside-appcmd-output" Warning
        "A file with output of appcmd holds lines that are none."
        "They were not read."
        "put exports of other kinds into files of their own"
    AppcmdLineUnread "INP-513" "appcmd-line-unreadable" Error
        "A line that lists an object of appcmd is cut off, or has a form that is not known."
        "Nothing of the object was used."
        "write the output to a file, with `appcmd list site > sites.txt`, since a console breaks long lines"
    AppcmdCollection "INP-514" "appcmd-collection-not-used" Warning
        "appcmd shows items of a collection, or settings of ipSecurity, from which nothing is concluded."
        "appcmd shows what is explicitly set, and whether that has the inherited items in it is not documented."
        "copy applicationHost.config itself, from %windir%\\system32\\inetsrv\\config"
    RegDataTooLong "INP-515" "registry-data-too-long" Error
        "Hex data goes on over more lines than owalint reads."
        "The value is taken as set, and what to as not known."
        "export only the keys that are needed"
    ListValueTooLong "INP-516" "list-value-too-long" Error
        "A value of a listing goes on over more lines than owalint reads."
        "The value is not known, and what depends on it is open."
        "export again with `Get-OwaVirtualDirectory | Format-List * | Out-File -Width 500 owa.txt`"
    TooManyItems "INP-517" "too-many-items" Error
        "A list in an export has more items than owalint reads."
        "The first ones were read, and the list counts as one that was cut: whether something is in it is known only of what was read."
        "export the settings of virtual directories only, or look at the value on the server"
    FindingsUnlisted "INP-518" "findings-not-listed" Info
        "There are more findings than a report lists."
        "The gravest are listed, and of those that are equally grave the ones that come first. The counts, the verdict and the exit code are of all of them."
        "mend what is listed, lint fewer servers at a time, or narrow the rules with --select"
    ObjectCut "INP-521" "object-cut-off" Error
        "An exported object is not whole: the file breaks off or is damaged inside it."
        "What the object lacks may have stood behind that place, so nothing of it was used. Objects before it were read."
        "export the file again"
    ClixmlVersion "INP-522" "clixml-version" Error
        "A CLIXML file is of a version that is not known, or does not say of which."
        "Every PowerShell writes a version 1. Of another version nothing was read, since its values may mean something else; without a version the file was read as version 1."
        "export again with Export-Clixml"
    ClixmlReference "INP-523" "clixml-reference" Error
        "A reference inside a CLIXML file leads to nothing, or its id was given twice."
        "PowerShell writes an object once and refers to it afterwards. What this reference stands for is not known, and was not guessed."
        "export again; parts of such a file cannot be moved to another"
    HalfCharacter "INP-524" "half-a-character" Warning
        "A text of an export holds half of a character that takes two units of UTF-16."
        "It was replaced by U+FFFD, so the text is not what Exchange holds."
        "look at the value on the server"
    ExportFailed "INP-525" "export-failed" Error
        "An export holds an error of PowerShell in place of an object."
        "The command that exported failed, at least for one object; what it did not give was not checked."
        "read the error in the file, mend its cause, and export again"
    RegistryAsObjects "INP-526" "registry-values-as-objects" Error
        "A file holds registry values of OWA as PowerShell objects."
        "This version reads the registry from .reg files only; nothing in the file was checked."
        "export with `reg export \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA\" owa.reg`"
    IisAsObjects "INP-527" "iis-settings-as-objects" Error
        "A file holds settings of IIS as PowerShell objects."
        "They are the answers to single questions, without what holds at other paths; nothing in the file was checked."
        "copy %windir%\\system32\\inetsrv\\config\\applicationHost.config"
    ExportValueUnreadable "INP-528" "export-value-unreadable" Error
        "A value in an XML export is not written as PowerShell writes it, or stands where none can."
        "It was not guessed what it means; what depends on it is open."
        "export the file again, and do not edit it"
    ObjectInside "INP-529" "object-inside-another" Error
        "A virtual directory or a server is a value inside of another object."
        "Such a value is cut at a depth that depends on the export, so it was not read."
        "export the objects themselves, such as `Get-OwaVirtualDirectory | Export-Clixml owa.xml`"
    JsonUnreadable "INP-531" "json-unreadable" Error
        "A JSON file could not be read beyond a place."
        "Objects that were complete before that place were used; what stands behind it was not, since reading on would be guessing. JSON that was copied from a console has line breaks in the middle of its words."
        "export again into a file, with `Get-OwaVirtualDirectory | ConvertTo-Json -Depth 4 | Out-File owa.json`"
    JsonEdited "INP-532" "json-written-by-hand" Warning
        "A JSON file holds what ConvertTo-Json never writes: a comment, a comma behind the last item, or a key twice."
        "PowerShell 7 reads over comments and such commas, Windows PowerShell refuses the file. No value was lost by it, but somebody changed the export."
        "export again, and leave the file as it was written"
    JsonKeyTwice "INP-533" "json-key-twice" Error
        "An object in JSON holds a key twice with different values."
        "PowerShell would take the last one, or refuse keys that differ only in case. Neither value was used."
        "export again"
    JsonWrapped "INP-534" "objects-inside-other-objects" Error
        "Settings of virtual directories stand deeper inside a JSON file than PowerShell exports them."
        "Only objects, lists of objects and lists of such lists are read; whose settings these are would be a guess, so nothing of them was checked."
        "export the objects themselves, with `Get-OwaVirtualDirectory | ConvertTo-Json -Depth 4`"
    JsonTruthAsText "INP-535" "json-truth-value-as-text" Info
        "A truth value stands in quotes in a JSON file."
        "ConvertTo-Json writes true and false without quotes; the text was taken for what it says."
        "export the property itself, not a text made of it"
    ValueLost "INP-536" "value-lost-by-the-export" Warning
        "An export holds something else in place of a value: the name of its type, a summary of what lay too deep, or question marks for letters."
        "The value is not in the file, so what depends on it was not answered."
        "join lists before exporting them, as in `@{n='InternalAuthenticationMethods';e={$_.InternalAuthenticationMethods -join ' '}}`, raise `-Depth`, and use `-Encoding UTF8`"
    FormatObjects "INP-537" "format-objects-exported" Error
        "A file holds the objects that Format-List or Format-Table make for the screen, not what they show."
        "A Format- cmdlet stood before the export in the pipeline; none of the settings are in the file."
        "export without it: `Get-OwaVirtualDirectory | ConvertTo-Json -Depth 4`, or `Select-Object *` in its place"
    ExportsRunTogether "INP-540" "exports-run-together" Info
        "Several exports stand in one file, one behind the other."
        "All of them were read; PowerShell itself reads such a file wrongly or not at all."
        "write each export to a file of its own"
    CsvHeadUnreadable "INP-541" "csv-without-usable-names" Error
        "A CSV file has no line of names from which its columns can be told."
        "The names are missing, two of them are the same, or no delimiter divides them into names of properties. Import-Csv refuses names that come twice. Nothing in it was checked."
        "export again, with names: `Get-OwaVirtualDirectory | Export-Csv owa.csv -NoTypeInformation -Encoding UTF8`"
    CsvQuoteOpen "INP-542" "csv-quote-not-closed" Error
        "A quote in a CSV file is never closed."
        "Import-Csv takes everything behind it for one value. Rows before it were used, and nothing behind it."
        "export the file again"
    CsvRowUneven "INP-543" "csv-row-of-other-length" Error
        "A row of a CSV file has more or fewer cells than there are names."
        "Export-Csv writes as many cells as names, so some value is not in the column in which it seems to be. Nothing of the row was used."
        "export again with all values in quotes"
    CsvCutOff "INP-544" "csv-may-be-cut-off" Warning
        "The last line of a CSV file has no line end and no closing quote."
        "Export-Csv ends every line, so the file may have been cut off inside the last value, which was not used."
        "export again, or end the last line"
    CsvQuoting "INP-545" "csv-text-behind-a-quote" Warning
        "Text stands between a closing quote and the next delimiter of a CSV file."
        "Export-Csv never writes that. Import-Csv adds the text to the value, and so it was read."
        "export the file again"
    CsvColumnUnnamed "INP-546" "csv-column-without-a-name" Warning
        "A column of a CSV file has no name."
        "Import-Csv calls such columns H1, H2 and so on, with a warning; what they hold cannot be told."
        "export again"
    ListCut "INP-551" "list-cut" Error
        "A listing ends in the middle of an object, or a list in braces has no closing brace."
        "What was cut off is not known: properties that are not there count as not exported, and an item that is not in the list may have been."
        "export again, and copy the whole of the file"
    ListMayBeCut "INP-552" "list-may-be-cut" Warning
        "A listing ends without a line end, which PowerShell always writes."
        "The last value was read as it stands; if the file was cut there, it is only the beginning of the value."
        "export again if the value is not whole"
    ListLabelCut "INP-553" "list-label-cut" Error
        "The name of a property was cut to the width of the console."
        "PowerShell clips labels without a mark, so that it is not known which property this is; it was not used."
        "export with `| Format-List * | Out-File -Width 500 owa.txt`"
    ForeignPart "INP-554" "part-not-read" Error
        "A file of listings holds a part of another kind that is about these settings."
        "Only the listings in it were read."
        "put the part into a file of its own"
    RejectedBaseline "INP-561" "rejected-baseline" Error
        "The baseline is not valid."
        "The run stops: a baseline that is read only in part would report what it was to hold back, or hold back what it was not to."
        "correct the file; `owalint baseline add` writes it anew"
    UnusedBaselineEntry "INP-562" "unused-baseline-entry" Info
        "An entry of the baseline matches no finding."
        "What it held back is gone, has become graver or could not be asked; it would silently take in the same fault if that came back."
        "run `owalint baseline prune`, which removes what is gone"
    OwnBaseline "INP-563" "baseline-in-snapshot" Info
        "The baseline that was named on the command line lies inside the linted paths."
        "It is used, since it was named; but whoever made the snapshot, or the change to it, also wrote what is held back."
        "review this file with the rest, or keep it outside the snapshot"
    RejectedIntent "INP-564" "rejected-intent" Error
        "The file that says what a change is to do is not valid."
        "The run stops: nobody could say whether the change does it."
        "correct the file"
    OwnIntent "INP-565" "intent-in-snapshot" Info
        "The file that says what a change is to do lies inside the snapshots that are compared."
        "It is used, since it was named; but whoever made the change also wrote what it is held against."
        "review this file with the rest, or keep it outside the snapshots"
    BaselineUnused "INP-566" "baseline-not-used" Info
        "A baseline lies inside the linted paths and is not named on the command line."
        "It holds nothing back: a change under review must not say which of its own findings are old."
        "name it with --baseline, or keep it outside the snapshot"
    EstateFileUnused "INP-567" "estate-file-not-used" Info
        "An owalint-estate.toml lies in a folder below the linted paths' root."
        "Which of several would hold is not for a folder to say, so nothing of it was used: sites, names and owners are those that the exports give."
        "lint the folder that it lies in, or name it with --estate"
    RegTextGarbled "INP-571" "registry-file-text-garbled" Info
        "A .reg file holds UTF-8 without a byte order mark: regedit reads it in the ANSI code page."
        "The text was read as UTF-8, as evidence of what the registry holds; importing the file on Windows would garble every character beyond ASCII."
        "export with regedit or `reg export`"
    RegNul "INP-572" "registry-file-nul" Error
        "A NUL character ends the buffer in which regedit holds a line."
        "The rest of the line is lost, and lines below it may be: how much depends on how the file was read. The line was not used; those below it were taken as they stand."
        "export again with `reg export`"
    RegHeaderEmpty "INP-573" "registry-file-imports-nothing" Error
        "The first line begins with REGEDIT and is no header: regedit accepts the file, and imports nothing of it."
        "There is no message; `reg import` says that it succeeded."
        "make `Windows Registry Editor Version 5.00` the first line"
    RegWindows31 "INP-574" "registry-file-of-windows-3-1" Error
        "A .reg file is in the format of Windows 3.1."
        "That format sets nothing but default values below HKEY_CLASSES_ROOT, so no setting of Exchange can stand in it."
        "export with `reg export`"
    RegBelowDeleted "INP-575" "registry-value-below-deleted-key" Warning
        "A value stands below a line that deletes its key: regedit drops it."
        "`[-KEY]` deletes the key and leaves none open; what follows belongs to no key until the next `[KEY]`."
        "put `[KEY]` between the deletion and the value"
    RegAboveKeys "INP-576" "registry-value-above-the-first-key" Warning
        "A value stands above the first key of the file: regedit drops it."
        "The value belongs to no key."
        "put the value below the key that it belongs to"
    RegCommaMissing "INP-577" "registry-continuation-without-a-comma" Warning
        "Hex data ends in a backslash without a comma: regedit drops the whole value."
        "A line is continued by `,\\`; behind a byte the backslash is junk, and the value is not set."
        "end every line of the data but the last in `,\\`"
    RegHashComment "INP-578" "registry-hash-behind-data" Warning
        "A `#` behind or within data is no comment: regedit drops the value."
        "Behind data only `;` begins a comment. `#` does so at the beginning of a line, but not between the lines of hex data."
        "write the comment with `;`, or on a line of its own above the value"
    RegStringAmbiguous "INP-579" "registry-string-ambiguous" Warning
        "A string in hex may be read in two ways."
        "The header of a file and its encoding disagree about strings in hex, or the string depends on the code page of the machine. The string was read as the header says, and as Windows-1252 in a REGEDIT4 file."
        "export again with `reg export`"
    RegStringOdd "INP-580" "registry-string-with-half-a-character" Warning
        "A string of 16-bit characters has an odd number of bytes."
        "regedit stores it as it stands; what programs make of the last byte differs. The bytes were taken as they are, and not as text."
        "export again with `reg export`"
    RegBracketMoved "INP-581" "registry-key-ends-at-a-later-bracket" Warning
        "A key line has a `]` and a `;` before its last `]`: all of that is a part of the key's name."
        "The path ends at the last `]` of the line, also where that stands in what was meant as a comment."
        "put the comment on a line of its own"
    RegTextExport "INP-582" "registry-text-export" Error
        "A file is an export of regedit in its text format."
        "That format is meant for people; it is not documented, and Windows cannot import it. Nothing in it was used."
        "export with `reg export`, or choose the type `Registration Files (*.reg)` in regedit"
    RegHive "INP-583" "registry-hive" Error
        "A file is a registry hive, as `reg save` writes it."
        "Hives are binary. Nothing in it was used."
        "export with `reg export`"
    RegQueryUnread "INP-584" "registry-output-unread" Error
        "A line of `reg query` output could not be read."
        "The line may be the rest of a value above, or a value that was cut or changed when it was copied. It was not used, and no value is taken as absent on the ground of this output."
        "export with `reg export`"
    RegQueryFailed "INP-585" "registry-query-failed" Error
        "A `reg query` in the file printed an error."
        "Only the message that a key or a value was not found, in English, shows that it is absent; any other error shows nothing."
        "run the query as an administrator, or export with `reg export`"
    RegTypesLost "INP-586" "registry-types-lost" Info
        "Get-ItemProperty prints values without their types."
        "A `1` may be a REG_DWORD, a REG_QWORD or a REG_SZ, and OWA takes only the first for a switch. Where that makes a difference the answer is left open."
        "export with `reg export`"
    RegControlSetUnknown "INP-587" "registry-control-set-unknown" Warning
        "An export holds the key of OWA in a numbered control set, and nothing says which control set is in use."
        "`CurrentControlSet` is one of the numbered sets; `HKEY_LOCAL_MACHINE\\SYSTEM\\Select` says which. Without it the values were neither used nor taken as absent."
        "export HKEY_LOCAL_MACHINE\\SYSTEM\\Select too, or the key below CurrentControlSet"
    RegBesideObjects "INP-588" "registry-output-beside-other-output" Error
        "A file holds registry output beside other output that was read."
        "One file is read as one kind of export. The registry output was not used."
        "put the registry output into a file of its own"
    RegOtherComputer "INP-589" "registry-query-of-another-computer" Error
        "A file holds `reg query` output of several computers."
        "A file belongs to one server. The output of the computer that is asked first was read, the rest was not."
        "put the output of each computer into a file of its own"
    RejectedCase "INP-591" "rejected-rule-case" Error
        "A case of a rule is not valid."
        "No case was run: the result would not be what the cases say."
        "correct the case.toml, or the name of its folder"
    TooManyServers "INP-592" "too-many-servers" Error
        "The snapshot describes more servers than are compared with each other."
        "Outcomes are worked out for pairs of servers, so that twice as many servers take four times as long. The servers that come first by their names were kept; nothing was asked about the others."
        "lint parts of the estate, such as one region with the servers that users reach from outside"
    TooManyDirectories "INP-593" "too-many-directories" Error
        "A server has more virtual directories than are looked up in its configurations."
        "What is in force is worked out for each virtual directory, so that many of them in large configurations take very long. The first ones were kept; nothing was asked about the others."
        "export the virtual directories that users reach, or leave out configurations that are not in force"
    UnusedSuppression "INP-595" "unused-suppression" Warning
        "A suppression in the configuration matches no finding."
        "What it was for is gone or is called otherwise; it would silently take in the next finding that it happens to match."
        "remove the suppression, or correct what it names"
    ExpiredSuppression "INP-596" "expired-suppression" Warning
        "A suppression in the configuration is past its last day."
        "It holds nothing back any more, so its findings are reported and count as any other."
        "correct what is found and remove the suppression, or agree on a later day"
    UnusedOverride "INP-597" "unused-override" Info
        "An override in the configuration changes the severity of no finding."
        "This may be as intended, where there is nothing to find; a misspelt server or site looks the same."
        "remove the override, or correct what it names, if it was meant to match"
    OwnConfiguration "INP-598" "configuration-in-snapshot" Info
        "The configuration that was named on the command line lies inside the linted paths."
        "It is used, since it was named; but whoever made the snapshot, or the change to it, also wrote what it is judged by."
        "review this file with the rest, or keep it outside the snapshot"
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
