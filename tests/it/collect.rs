//! Collecting: what the script writes, as its own text says, is what the readers take and the owners are told by.

use std::collections::BTreeSet;

use crate::encodings::encoded;
use crate::scratch::{Files, Linted, fixture, lint_files, repository, run};
use crate::shapes::object::{control_panel, server};
use crate::shapes::writers;

pub(crate) const SERVERS: [&str; 3] = ["CAS1", "CAS2", "CAS3"];
const SITES: [&str; 3] = ["HQ", "Branch", "Plant"];

/// Where the script writes what, as its text says.
pub(crate) struct Layout {
    /// The folder of what belongs to no one server, and the file of the servers in it.
    pub(crate) servers: String,
    /// The files in a server's folder.
    pub(crate) owa: String,
    pub(crate) ecp: String,
    pub(crate) registry: String,
    pub(crate) iis: String,
    redirection: String,
    /// The name of a web.config in its folder.
    web_config: String,
    /// The applications of which a web.config is copied.
    applications: Vec<String>,
    /// The keys of the registry file: the name of the computer, and what lies below the services.
    computer_name: String,
    owa_key: String,
}

/// The text between two marks; the first of them stands there once.
fn cut<'t>(script: &'t str, before: &str, after: &str) -> &'t str {
    let (at, rest) = script.split_once(before).unwrap_or_else(|| panic!("the script has no `{before}`"));
    assert!(!rest.contains(before), "`{before}` stands twice, the first time behind {} characters", at.len());
    rest.split_once(after).unwrap_or_else(|| panic!("no `{after}` behind `{before}`")).0
}

/// The name in quotes behind the last `$folder` before a mark.
fn file_before<'t>(script: &'t str, mark: &str) -> &'t str {
    let (before, _) = script.split_once(mark).unwrap_or_else(|| panic!("the script has no `{mark}`"));
    before.rsplit_once("$folder '").unwrap().1.split_once('\'').unwrap().0
}

impl Layout {
    pub(crate) fn of_the_script() -> Layout {
        let script = String::from_utf8(run(&["collect"], &repository()).stdout).unwrap();
        let cut = |before: &str, after: &str| cut(&script, before, after).to_owned();
        let folder = cut("$org = Join-Path $OutputFolder '", "'");
        assert!(script.contains("$folder = Join-Path $OutputFolder $name\n"), "a folder is named as its server");
        assert!(script.contains("-Encoding Unicode") && script.contains("UnicodeEncoding($false, $true)"), "UTF-16");
        // A web.config lies below the letter of its drive, and from there as on the server.
        let place = "$drive = $Physical.Substring(0, 1)\n    $rest = $Physical.Substring(2).TrimEnd('\\')\n";
        assert!(script.contains(place) && script.contains("$target = Join-Path $Folder ($drive + $rest)\n"));
        let services = cut("$services = '", "'");
        Layout {
            servers: format!("{folder}/{}", cut("Export-Objects (Join-Path $org '", "'")),
            owa: file_before(&script, ") @(Get-OwaVirtualDirectory -Server $name)").to_owned(),
            ecp: file_before(&script, ") @(Get-EcpVirtualDirectory -Server $name)").to_owned(),
            registry: file_before(&script, ") $computer }\n        catch { $failed += ($name + ': registry").to_owned(),
            iis: cut("inetsrv\\config\\'\n    Copy-Item -Path ($config + '", "') -Destination $Folder "),
            redirection: cut("(Test-Path ($config + '", "'"),
            web_config: cut("$file = $share + '\\", "'"),
            applications: cut("('//site/application')) {\n        if (", " -notcontains")
                .split(", ")
                .map(|it| it.trim_matches('\'').to_owned())
                .collect(),
            computer_name: cut("Get-RegLines $hive '", "'"),
            owa_key: format!("{services}{}", cut("Get-RegLines $hive ($services + '", "'")),
        }
    }

    /// A sound estate as the script would write it: all texts that PowerShell writes are UTF-16 with CRLF.
    pub(crate) fn estate(&self) -> Files {
        let written = |text: &str| encoded(&text.replace("\r\n", "\n").replace('\n', "\r\n"), "utf-16le mark");
        let objects: Vec<_> = SERVERS.iter().zip(SITES).map(|(name, site)| server(name, site)).collect();
        let mut files = vec![(self.servers.clone(), written(&writers::list(&objects, None)))];
        for (path, bytes) in fixture("estates/sound") {
            let Some((name, below)) = path.split_once('/') else { continue };
            let text = String::from_utf8(bytes.clone()).unwrap();
            match below {
                "owa.txt" => files.push((format!("{name}/{}", self.owa), written(&text))),
                "registry/owa.reg" => {
                    files.push((format!("{name}/{}", self.registry), written(&self.registry_of(name, &text))));
                }
                "iis/applicationHost.config" => {
                    files.extend(self.web_configs(name, &text));
                    files.push((format!("{name}/{}", self.iis), bytes));
                }
                other => panic!("{other} is of another kind"),
            }
        }
        for name in SERVERS {
            let panel = if name == "CAS1" { control_panel(name).with_forms() } else { control_panel(name) };
            let panel = writers::list(&[panel], None);
            files.push((format!("{name}/{}", self.ecp), written(&panel)));
            let enabled = "<configuration><configurationRedirection enabled=\"false\" /></configuration>";
            files.push((format!("{name}/{}", self.redirection), enabled.into()));
        }
        files.sort();
        files
    }

    /// The registry file, from one of the key alone.
    fn registry_of(&self, name: &str, owa: &str) -> String {
        let (header, keys) = owa.split_once("\n\n").unwrap();
        assert!(keys.contains(&format!("[HKEY_LOCAL_MACHINE\\{}]", self.owa_key)), "the fixture has the key");
        let computer = &self.computer_name;
        format!("{}\n\n[HKEY_LOCAL_MACHINE\\{computer}]\n\"ComputerName\"=\"{name}\"\n\n{keys}", header.trim())
    }

    /// The web.config files of the folders of the applications that the script asks about.
    fn web_configs(&self, name: &str, iis: &str) -> Files {
        let folder = |application: &String| {
            let (_, rest) = iis.split_once(&format!("<application path=\"{application}\"")).unwrap();
            let physical = rest.split_once("physicalPath=\"").unwrap().1.split_once('"').unwrap().0;
            let physical = physical.replace("%SystemDrive%", "C:");
            let (drive, rest) = physical.split_once(":\\").unwrap();
            format!("{name}/{drive}/{}/{}", rest.replace('\\', "/"), self.web_config)
        };
        let empty = |application| (folder(application), "<?xml version=\"1.0\"?>\n<configuration />\n".into());
        self.applications.iter().map(empty).collect()
    }
}

/// The rules of findings about inputs, and the reasons of what is open.
fn unread(linted: &Linted) -> Vec<String> {
    let inputs = linted.report.findings.iter().filter(|it| it.rule.starts_with("INP-") || it.rule.starts_with("INC-"));
    let inputs = inputs.map(|it| format!("{}: {}", it.rule, it.message));
    inputs.chain(linted.report.open.iter().map(|it| it.reason.clone())).collect()
}

#[test]
fn what_the_script_writes_is_read_whole_and_leaves_nothing_open() {
    let layout = Layout::of_the_script();
    let files = layout.estate();
    assert_eq!(files.len(), 1 + SERVERS.len() * (5 + layout.applications.len()), "each kind for each server");
    let linted = lint_files(files.clone());
    assert_eq!(unread(&linted), Vec::<String>::new());
    assert_eq!((linted.report.exit_code, linted.report.summary.pairs), (0, 6), "{}", linted.human());
    let sites: BTreeSet<_> = linted.facts.servers.iter().map(|it| (it.name.as_str(), it.site.as_deref())).collect();
    assert_eq!(sites, SERVERS.into_iter().zip(SITES.map(Some)).collect());
    assert!(
        linted.paths.paths.iter().all(|it| ["proxied", "redirect"].contains(&it.outcome) && it.assumes.is_empty()),
        "{:?}",
        linted.paths
    );
}

#[test]
fn every_file_of_the_script_has_its_owner_and_its_kind() {
    let layout = Layout::of_the_script();
    let linted = lint_files(layout.estate());
    let mut kinds = BTreeSet::new();
    for input in &linted.report.inputs {
        let (folder, below) = input.path.split_once('/').unwrap();
        kinds.insert((below.rsplit('/').next().unwrap().to_owned(), input.format, input.status));
        let owner = SERVERS.iter().copied().find(|it| *it == folder && input.status == "read");
        assert_eq!(input.server.as_deref(), owner, "{input:?}");
    }
    let servers = layout.servers.rsplit('/').next().unwrap();
    let wanted = [
        (layout.iis.as_str(), "iis-application-host", "read"),
        (&layout.redirection, "iis-redirection", "ignored"),
        (&layout.ecp, "format-list", "read"),
        (&layout.owa, "format-list", "read"),
        (&layout.registry, "registry", "read"),
        (servers, "format-list", "read"),
        (&layout.web_config, "iis-web-config", "read"),
    ];
    assert_eq!(kinds, wanted.map(|(name, format, status)| (name.to_owned(), format, status)).into());
}

/// What is in the files decides, so that each of them was indeed read.
#[test]
fn a_fault_in_any_file_of_the_script_is_found() {
    let layout = Layout::of_the_script();
    let wwwroot = format!("CAS2/C/inetpub/wwwroot/{}", layout.web_config);
    let redirect = "<configuration><system.webServer><httpRedirect enabled=\"true\" destination=\"https://x.example/\" />\
                    </system.webServer></configuration>";
    let faults = [
        (
            format!("CAS2/{}", layout.owa),
            "https://cas2.corp.example.com/owa",
            "http://cas2.corp.example.com/owa",
            "P42-001",
        ),
        (
            format!("CAS2/{}", layout.ecp),
            "https://cas2.corp.example.com/ecp",
            "http://cas2.corp.example.com/ecp",
            "PRX-133",
        ),
        (
            format!("CAS2/{}", layout.registry),
            "\"SSLOffloaded\"=dword:00000000",
            "\"AllowProxyingWithoutSsl\"=\"1\"",
            "HYG-201",
        ),
        (wwwroot, "<configuration />", redirect, "PRX-121"),
    ];
    for (path, from, to, rule) in faults {
        let mut files = layout.estate();
        let (_, bytes) = files.iter_mut().find(|(it, _)| *it == path).unwrap_or_else(|| panic!("no {path}"));
        let text = owalint::text::decode::decode(std::mem::take(bytes)).text;
        assert!(text.contains(from), "{path} has {from}");
        *bytes = text.replace(from, to).into_bytes();
        let linted = lint_files(files);
        assert!(
            linted.rules().iter().any(|it| it.starts_with(rule)),
            "{path}: {:?}\n{}",
            linted.rules(),
            linted.human()
        );
    }
}

/// The lines below `not checked:` and below the notes that say what would settle it.
fn asked_for(human: &str) -> Vec<&str> {
    human.lines().filter_map(|line| line.trim_start().strip_prefix("to settle it: ")).collect()
}

/// Whoever runs the command that the report names, and keeps what it gives under the name that stands there, has
/// settled it.
#[test]
fn each_missing_export_is_asked_for_by_its_command_its_server_and_its_file() {
    let layout = Layout::of_the_script();
    let (owa, ecp, iis, registry) = (&layout.owa, &layout.ecp, &layout.iis, &layout.registry);
    let get = |cmdlet: &str, file: &str| {
        format!(
            "$FormatEnumerationLimit = -1; {cmdlet} -Server 'CAS2' | Format-List * | Out-File -Width 500 'CAS2\\{file}'"
        )
    };
    let key = format!("HKLM\\{}", layout.owa_key);
    let servers = layout.servers.replace('/', "\\");
    let web_config = format!("CAS2/C/inetpub/wwwroot/{}", layout.web_config);
    let wanted = [
        (format!("CAS2/{owa}"), 3, get("Get-OwaVirtualDirectory", owa)),
        (format!("CAS2/{ecp}"), 0, get("Get-EcpVirtualDirectory", ecp)),
        (
            format!("CAS2/{iis}"),
            3,
            format!("Copy-Item '\\\\CAS2\\admin$\\system32\\inetsrv\\config\\{iis}' 'CAS2\\{iis}'"),
        ),
        (
            format!("CAS2/{registry}"),
            3,
            format!("on CAS2, reg export \"{key}\" {registry}, for the file CAS2\\{registry}"),
        ),
        (
            layout.servers.clone(),
            0,
            format!(
                "Get-ExchangeServer | Format-List Name,Site,Fqdn,ServerRole,AdminDisplayVersion | Out-File -Width 500 '{servers}'"
            ),
        ),
        (web_config, 0, ".\\collect.ps1 -Server 'CAS2'".to_owned()),
    ];
    for (path, code, command) in wanted {
        let whole = layout.estate();
        let files: Files = whole.iter().filter(|(it, _)| *it != path).cloned().collect();
        assert_eq!(files.len() + 1, whole.len(), "{path} is written");
        let linted = lint_files(files);
        let human = linted.human();
        let asked = asked_for(&human);
        assert_eq!(asked, [command.as_str()], "{path} is missing:\n{human}");
        assert_eq!(linted.report.exit_code, code, "{path} is missing:\n{human}");
        let written = command.rsplit(['\'', ' ']).find(|it| it.contains('\\')).unwrap().replace('\\', "/");
        assert!(written == path || command.contains("collect.ps1"), "{command} writes {written}, not {path}");
        assert!(human.contains("`owalint collect` prints collect.ps1"), "{human}");
        let html = html(&linted);
        let table = html.split_once("id=\"coverage\"").unwrap().1.split_once("id=\"files\"").unwrap().0;
        assert!(table.contains(&escaped(&command)), "{command} stands in the page:\n{table}");
        let json = owalint::render::json::render(&linted.report);
        assert!(json.contains(serde_json::to_string(&command).unwrap()[1..].trim_end_matches('"')), "{json}");
    }
    assert!(
        asked_for(&lint_files(layout.estate()).human()).is_empty(),
        "nothing is asked for where nothing is missing"
    );
}

fn html(linted: &Linted) -> String {
    owalint::render::html::render(&linted.report, &linted.sources, owalint::render::Look::default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('\'', "&#39;").replace('"', "&quot;").replace('>', "&gt;")
}

#[test]
fn what_an_export_cut_or_lacks_is_settled_by_a_whole_one_beside_it() {
    let layout = Layout::of_the_script();
    let path = format!("CAS2/{}", layout.owa);
    let whole = layout.estate();
    let text = |files: &Files| {
        let (_, bytes) = files.iter().find(|(it, _)| *it == path).unwrap();
        owalint::text::decode::decode(bytes.clone()).text
    };
    let lost = text(&whole).lines().filter(|it| !it.starts_with("InternalUrl")).collect::<Vec<_>>().join("\n");
    for poor in [text(&whole).replace("{Ntlm, WindowsIntegrated}", "{Ntlm...}"), lost] {
        let mut files: Files = whole.iter().filter(|(it, _)| *it != path).cloned().collect();
        files.push(("org/owa.txt".to_owned(), poor.into_bytes()));
        let before = lint_files(files.clone());
        assert!(before.human().contains(&format!("Out-File -Width 500 'CAS2\\{}'", layout.owa)), "{}", before.human());
        files.extend(whole.iter().filter(|(it, _)| *it == path).cloned());
        let after = lint_files(files);
        assert_eq!((after.report.exit_code, after.report.open.len()), (0, 0), "{}", after.human());
    }
}

/// Above a handful of servers nobody wants a command that names each.
#[test]
fn control_panels_of_many_servers_are_asked_for_at_once() {
    let layout = Layout::of_the_script();
    let files: Files = layout.estate().into_iter().filter(|(it, _)| !it.ends_with(&layout.ecp)).collect();
    let human = lint_files(files.clone()).human();
    let each = format!(
        "'CAS1', 'CAS2', 'CAS3' | ForEach-Object {{ Get-EcpVirtualDirectory -Server $_ | Format-List * | \
                        Out-File -Width 500 \"$_\\{}\" }}",
        layout.ecp
    );
    assert!(human.contains(&each), "{human}");
    let of = |files: &Files, index: usize| -> Files {
        let name = format!("CAS{index}");
        let own = files.iter().filter(|(path, _)| path.starts_with("CAS3/"));
        own.map(|(path, bytes)| {
            let text = owalint::text::decode::decode(bytes.clone()).text;
            (
                path.replace("CAS3", &name),
                text.replace("CAS3", &name).replace("cas3", &name.to_lowercase()).into_bytes(),
            )
        })
        .collect()
    };
    let many: Files = files.iter().cloned().chain((4..9).flat_map(|index| of(&files, index))).collect();
    let human = lint_files(many).human();
    let all =
        "$FormatEnumerationLimit = -1; Get-EcpVirtualDirectory | Format-List * | Out-File -Width 500 'org\\ecp.txt'";
    assert!(asked_for(&human).contains(&all), "{human}");
}
