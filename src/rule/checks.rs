//! Rules that no conjunction of questions can say: functions over the whole estate, named by `check` in a rule file.

mod missing;
mod switches;

use crate::finding::Label;
use crate::model::answer::Answer;
use crate::model::attributes;
use crate::model::ladder::Ladder;
use crate::model::target::{IN_FORCE, Target};
use crate::rule::ask::Scope;
use crate::text::span::Span;

/// What such a function finds.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The index of the server in the estate.
    pub server: usize,
    /// Further servers that it is about.
    pub also: Vec<usize>,
    /// Whether it is about the server's registry: then the server is listed as a source.
    pub of_registry: bool,
    /// The places, the primary one first; there is one at least.
    pub labels: Vec<Label>,
    /// More gaps of the rule's texts.
    pub values: Vec<(&'static str, String)>,
    /// The normalised cause.
    pub cause: String,
}

/// A function that finds things.
pub type Check = fn(&Ladder<'_>) -> Vec<Hit>;

/// One function that a rule may name.
#[derive(Debug, Clone, Copy)]
pub struct CheckRow {
    /// The name in rule files.
    pub name: &'static str,
    /// The scope of the rules that may name it.
    pub scope: Scope,
    /// The gaps that it fills beside those of the scope.
    pub gaps: &'static [&'static str],
    /// Whether it goes by the configuration of IIS.
    pub reads_iis: bool,
    /// Whether it makes one finding of all servers.
    pub is_group: bool,
    /// The function.
    pub check: Check,
}

const fn row(name: &'static str, gaps: &'static [&'static str], check: Check) -> CheckRow {
    CheckRow { name, scope: Scope::Server, gaps, reads_iis: false, is_group: false, check }
}

const fn group(row: CheckRow) -> CheckRow {
    CheckRow { is_group: true, ..row }
}

const fn of_iis(row: CheckRow) -> CheckRow {
    CheckRow { reads_iis: true, ..row }
}

/// The functions by name.
pub const CHECKS: &[CheckRow] = &[
    row("ineffective-type", &["value", "kind"], switches::ineffective_type),
    row("misplaced-value", &["value", "key"], switches::misplaced_value),
    row("other-control-set", &["value", "key"], switches::other_control_set),
    row("near-miss-name", &["value", "name"], switches::near_miss_name),
    row("deleted-switch", &["value"], switches::deleted),
    row("vdir-exports-differ", &["property", "vdir"], vdir_exports_differ),
    row("server-exports-differ", &["property"], server_exports_differ),
    of_iis(row("iis-exports-differ", &[], iis_exports_differ)),
    row("registry-exports-differ", &["value", "key"], registry_exports_differ),
    row("estate-file-inside", &["servers"], estate_file_inside),
    group(row("sites-unknown", &["servers"], missing::sites_unknown)),
    group(row("secondary-properties-missing", &["servers", "properties", "command"], missing::secondary_properties)),
    group(row("control-panels-missing", &["servers", "command"], missing::control_panels)),
    group(of_iis(row("web-configs-missing", &["servers", "command"], missing::web_configs))),
];

fn vdir_exports_differ(ladder: &Ladder<'_>) -> Vec<Hit> {
    let clashes = ladder.estate.vdir_clashes.iter();
    let hits = clashes.filter_map(|clash| {
        let values = vec![("property", clash.property.clone()), ("vdir", clash.vdir.clone())];
        let cause = format!("{}/{}", clash.vdir.to_lowercase(), clash.property.to_lowercase());
        export_clash(ladder, &clash.server, (clash.one, clash.other), values, cause)
    });
    hits.collect()
}

fn server_exports_differ(ladder: &Ladder<'_>) -> Vec<Hit> {
    let clashes = ladder.estate.server_clashes.iter();
    let hits = clashes.filter_map(|clash| {
        let values = vec![("property", clash.property.to_owned())];
        export_clash(ladder, &clash.server, (clash.one, clash.other), values, clash.property.to_lowercase())
    });
    hits.collect()
}

/// Two exports that say different things of the property that the first of `values` names.
fn export_clash(
    ladder: &Ladder<'_>,
    server: &str,
    (one, other): (Span, Span),
    values: Vec<(&'static str, String)>,
    cause: String,
) -> Option<Hit> {
    let labels =
        vec![Label::new(other, format!("{} is this here", values[0].1)), Label::new(one, "and this in another export")];
    Some(Hit { server: ladder.estate.index_of(server)?, also: Vec::new(), of_registry: false, labels, values, cause })
}

/// What two configurations of one server say differently of the server's own virtual directories.
fn iis_exports_differ(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (index, server) in
        ladder.estate.servers.iter().enumerate().filter(|(_, server)| server.iis.len() + server.excerpts.len() > 1)
    {
        let mut labels = Vec::new();
        for target in ladder.targets.iter().filter(|target| std::ptr::eq(target.server, server)) {
            labels.extend(differences(target));
        }
        if labels.is_empty() && !same_sites(server) {
            let roots = server.iis.iter();
            labels.extend(roots.map(|iis| Label::new(iis.root, "one of the configurations, with sites of its own")));
        }
        if !labels.is_empty() {
            hits.push(Hit {
                server: index,
                also: Vec::new(),
                of_registry: false,
                labels,
                values: Vec::new(),
                cause: String::new(),
            });
        }
    }
    hits
}

fn differences(target: &Target<'_>) -> Vec<Label> {
    let mut labels = Vec::new();
    for row in attributes::ATTRIBUTES.iter().filter(|row| row.kind != attributes::Kind::Collection) {
        let section = attributes::last_part(row.section);
        labels.extend(difference(&target.iis_text(row.section, row.name), &format!("{section}@{}", row.name)));
    }
    labels.extend(difference(target.providers(), "the providers of Windows authentication"));
    labels.extend(difference(&target.site_starts(), "whether the site starts"));
    labels.extend(difference(&target.pool_starts(), "whether the pool starts"));
    labels.extend(difference(&target.has_application(), "whether there is an application"));
    labels.extend(target.admission_of_all().iter().flat_map(|answer| difference(answer, "whom ipSecurity lets in")));
    labels
}

fn difference<T>(answer: &Answer<T>, what: &str) -> Vec<Label> {
    match answer {
        Answer::Open(missing, evidence) if missing.ask_for == IN_FORCE => {
            evidence.iter().map(|it| Label::new(it.span, format!("{what} differs"))).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the sites and bindings of all configurations of a server read the same.
fn same_sites(server: &crate::model::server::Server) -> bool {
    let shape = |iis: &crate::model::iis::Iis| -> Vec<String> {
        let sites = iis.sites.sites.iter();
        sites
            .map(|site| {
                let bindings: Vec<String> =
                    site.bindings.iter().map(|it| format!("{} {}", it.protocol.text, it.information.text)).collect();
                let applications: Vec<&str> = site.applications.iter().map(|it| it.path.text.as_ref()).collect();
                format!("{} {:?} {bindings:?} {applications:?}", site.name.text, site.id.as_ref().map(|id| &id.text))
            })
            .collect()
    };
    let mut shapes = server.iis.iter().map(shape);
    let first = shapes.next();
    shapes.all(|it| Some(it) == first)
}

fn registry_exports_differ(ladder: &Ladder<'_>) -> Vec<Hit> {
    let clashes = ladder.estate.registry_clashes.iter();
    let hits = clashes.filter_map(|(server, dispute)| {
        Some(Hit {
            server: ladder.estate.index_of(server)?,
            also: Vec::new(),
            of_registry: true,
            labels: vec![
                Label::new(dispute.later, "this holds, since its file comes later"),
                Label::new(dispute.earlier, "this does not"),
            ],
            values: vec![("value", dispute.name.clone()), ("key", dispute.key.clone())],
            cause: format!("{}\\{}", dispute.key.to_lowercase(), dispute.name.to_lowercase()),
        })
    });
    hits.collect()
}

fn estate_file_inside(ladder: &Ladder<'_>) -> Vec<Hit> {
    let Some(note) = &ladder.estate.estate_file else { return Vec::new() };
    let Some(server) =
        note.servers.iter().find_map(|name| ladder.estate.index_of(name.split('.').next().unwrap_or(name)))
    else {
        return Vec::new();
    };
    let servers = match note.servers.as_slice() {
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        few => few.join(", "),
    };
    let label = format!("what stands here is taken as said of {servers}");
    let values = vec![("servers", servers)];
    vec![Hit {
        server,
        also: Vec::new(),
        of_registry: false,
        labels: vec![Label::new(note.place, label)],
        values,
        cause: String::new(),
    }]
}
