//! An applicationHost.config in the proportions of real ones: comments, sections, pools, sites, types, modules, handlers,
//! and a location for each virtual directory of Exchange.

use std::fmt::Write as _;

use super::fault::Fault;
use super::random::Random;

/// The virtual directories of a Client Access server, and whether forms or tokens are usual there.
const FOLDERS: [&str; 16] = [
    "owa",
    "ecp",
    "EWS",
    "OAB",
    "Autodiscover",
    "Microsoft-Server-ActiveSync",
    "PowerShell",
    "Rpc",
    "RpcWithCert",
    "Exchange",
    "Exchweb",
    "Public",
    "Exadmin",
    "aspnet_client",
    "owa/auth",
    "EWS/bin",
];

const SECTIONS: [(&str, &[&str]); 4] = [
    (
        "system.webServer",
        &[
            "asp",
            "caching",
            "cgi",
            "defaultDocument",
            "directoryBrowse",
            "fastCgi",
            "globalModules",
            "handlers",
            "httpCompression",
            "httpErrors",
            "httpLogging",
            "httpProtocol",
            "httpRedirect",
            "httpTracing",
            "isapiFilters",
            "modules",
            "odbcLogging",
            "serverRuntime",
            "serverSideInclude",
            "staticContent",
            "urlCompression",
            "validation",
        ],
    ),
    ("security", &["access", "applicationDependencies", "ipSecurity", "isapiCgiRestriction", "requestFiltering"]),
    (
        "authentication",
        &[
            "anonymousAuthentication",
            "basicAuthentication",
            "clientCertificateMappingAuthentication",
            "digestAuthentication",
            "iisClientCertificateMappingAuthentication",
            "windowsAuthentication",
        ],
    ),
    ("tracing", &["traceFailedRequests", "traceProviderDefinitions"]),
];

/// How much stands in it beside what decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bulk {
    /// As on a server: about 100 KB.
    Whole,
    /// What decides, and little more: about 4 KB.
    Little,
}

/// The configuration of a server.
pub(crate) fn application_host(random: &mut Random, bulk: Bulk, fault: Option<Fault>) -> String {
    let mut out = String::with_capacity(128 << 10);
    let is_whole = bulk == Bulk::Whole;
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
    let lines = if is_whole { 60 } else { 3 };
    comment(&mut out, random, lines);
    out.push_str("<configuration>\r\n");
    config_sections(&mut out, random, is_whole);
    application_host_section(&mut out, random, is_whole, fault);
    web_server(&mut out, random, is_whole);
    for folder in if is_whole { &FOLDERS[..] } else { &FOLDERS[..2] } {
        location(&mut out, random, folder, is_whole, fault);
    }
    out.push_str("</configuration>\r\n");
    out
}

fn comment(out: &mut String, random: &mut Random, lines: usize) {
    const WORDS: [&str; 12] = [
        "The section",
        "controls",
        "how requests",
        "are handled",
        "by the server;",
        "see the schema",
        "for its",
        "attributes,",
        "which may be",
        "<locked>",
        "below",
        "a location.",
    ];
    out.push_str("<!--\r\n\r\n");
    for _ in 0..lines {
        out.push_str("       ");
        for _ in 0..6 + random.below(4) {
            let _ = write!(out, " {}", random.one_of(&WORDS));
        }
        out.push_str("\r\n");
    }
    out.push_str("\r\n-->\r\n");
}

fn config_sections(out: &mut String, random: &mut Random, is_whole: bool) {
    out.push_str("    <configSections>\r\n");
    if is_whole {
        comment(out, random, 30);
    }
    out.push_str("        <sectionGroup name=\"system.applicationHost\">\r\n");
    for name in ["applicationPools", "configHistory", "customMetadata", "listenerAdapters", "log", "sites", "webLimits"]
    {
        let _ = writeln!(
            out,
            "            <section name=\"{name}\" allowDefinition=\"AppHostOnly\" overrideModeDefault=\"Deny\" />\r"
        );
    }
    out.push_str("        </sectionGroup>\r\n        <sectionGroup name=\"system.webServer\">\r\n");
    for (group, names) in SECTIONS {
        if group != "system.webServer" {
            let _ = writeln!(out, "            <sectionGroup name=\"{group}\">\r");
        }
        for name in names {
            let mode = if group == "authentication" || *name == "access" { "Deny" } else { "Allow" };
            let _ = writeln!(out, "                <section name=\"{name}\" overrideModeDefault=\"{mode}\" />\r");
        }
        match group {
            "authentication" => out.push_str("            </sectionGroup>\r\n            </sectionGroup>\r\n"),
            "tracing" => out.push_str("            </sectionGroup>\r\n"),
            _ => {}
        }
    }
    out.push_str("        </sectionGroup>\r\n    </configSections>\r\n");
}

fn application_host_section(out: &mut String, random: &mut Random, is_whole: bool, fault: Option<Fault>) {
    out.push_str("    <system.applicationHost>\r\n        <applicationPools>\r\n");
    for name in if is_whole { &FOLDERS[..] } else { &FOLDERS[..2] } {
        let name = name.replace('/', "");
        let minutes = random.below(29);
        let _ = write!(
            out,
            "            <add name=\"MSExchange{name}AppPool\" autoStart=\"true\" managedRuntimeVersion=\"v2.0\">\r\n                <processModel identityType=\"LocalSystem\" idleTimeout=\"00:{minutes:02}:00\" />\r\n                <recycling logEventOnRecycle=\"Time, Requests, Memory\">\r\n                    <periodicRestart time=\"00:00:00\" memory=\"{minutes}\" />\r\n                </recycling>\r\n                <failure rapidFailProtection=\"false\" />\r\n            </add>\r\n"
        );
    }
    out.push_str("        </applicationPools>\r\n        <sites>\r\n            <site name=\"Default Web Site\" id=\"1\" serverAutoStart=\"true\">\r\n");
    out.push_str("                <application path=\"/\">\r\n                    <virtualDirectory path=\"/\" physicalPath=\"%SystemDrive%\\inetpub\\wwwroot\" />\r\n                </application>\r\n");
    for name in FOLDERS.iter().filter(|name| !name.contains('/')) {
        let _ = write!(
            out,
            "                <application path=\"/{name}\" applicationPool=\"MSExchange{name}AppPool\" enabledProtocols=\"http\">\r\n                    <virtualDirectory path=\"/\" physicalPath=\"C:\\Program Files\\Microsoft\\Exchange Server\\V14\\ClientAccess\\{name}\" />\r\n                </application>\r\n"
        );
    }
    out.push_str("                <bindings>\r\n                    <binding protocol=\"http\" bindingInformation=\"*:80:\" />\r\n");
    if fault != Some(Fault::NoBinding) {
        out.push_str("                    <binding protocol=\"https\" bindingInformation=\"*:443:\" />\r\n");
    }
    out.push_str(
        "                </bindings>\r\n            </site>\r\n        </sites>\r\n    </system.applicationHost>\r\n",
    );
}

fn web_server(out: &mut String, random: &mut Random, is_whole: bool) {
    out.push_str("    <system.webServer>\r\n");
    if is_whole {
        modules(out, random);
        types(out, random);
    }
    out.push_str("        <handlers accessPolicy=\"Read, Script\">\r\n");
    for number in 0..if is_whole { 150 } else { 2 } {
        let name = random.one_of(&["Page", "Service", "Resource", "Trace", "Handler", "Remoting"]);
        let _ = writeln!(
            out,
            "            <add name=\"{name}-{number}\" path=\"*.{:x}\" verb=\"GET,HEAD,POST\" modules=\"IsapiModule\" scriptProcessor=\"%windir%\\Microsoft.NET\\Framework64\\v2.0.50727\\aspnet_isapi.dll\" preCondition=\"classicMode,runtimeVersionv2.0,bitness64\" responseBufferLimit=\"0\" />\r",
            random.below(1 << 16)
        );
    }
    out.push_str("        </handlers>\r\n        <httpRedirect enabled=\"false\" />\r\n        <security>\r\n            <access sslFlags=\"None\" />\r\n            <ipSecurity allowUnlisted=\"true\" />\r\n            <authentication>\r\n                <anonymousAuthentication enabled=\"true\" userName=\"IUSR\" />\r\n                <basicAuthentication enabled=\"false\" />\r\n                <digestAuthentication enabled=\"false\" />\r\n                <windowsAuthentication enabled=\"false\">\r\n                    <providers>\r\n                        <add value=\"Negotiate\" />\r\n                        <add value=\"NTLM\" />\r\n                    </providers>\r\n                </windowsAuthentication>\r\n            </authentication>\r\n        </security>\r\n    </system.webServer>\r\n");
}

fn modules(out: &mut String, random: &mut Random) {
    out.push_str("        <globalModules>\r\n");
    for number in 0..50 {
        let _ = writeln!(
            out,
            "            <add name=\"Module{number}\" image=\"%windir%\\System32\\inetsrv\\module{:x}.dll\" />\r",
            random.below(4096)
        );
    }
    out.push_str("        </globalModules>\r\n        <modules>\r\n");
    for number in 0..50 {
        let _ = writeln!(out, "            <add name=\"Module{number}\" lockItem=\"true\" />\r");
    }
    out.push_str("        </modules>\r\n");
}

fn types(out: &mut String, random: &mut Random) {
    out.push_str("        <staticContent lockAttributes=\"isDocFooterFileName\">\r\n");
    for _ in 0..380 {
        let kind = random.one_of(&["application", "audio", "image", "text", "video"]);
        let number = random.below(1 << 20);
        let _ = writeln!(
            out,
            "            <mimeMap fileExtension=\".{number:x}\" mimeType=\"{kind}/vnd.example.{number:x}\" />\r"
        );
    }
    out.push_str("        </staticContent>\r\n");
}

fn location(out: &mut String, random: &mut Random, folder: &str, is_whole: bool, fault: Option<Fault>) {
    let fault = fault.filter(|_| folder == "owa");
    let flags = match fault {
        Some(Fault::ClientCertificate) => "Ssl, SslNegotiateCert, SslRequireCert, Ssl128",
        Some(Fault::PlainHttp) => "None",
        _ => "Ssl, Ssl128",
    };
    let policy = if fault == Some(Fault::NoScripts) { "Read" } else { "Read, Script" };
    let has_windows = fault != Some(Fault::WindowsOffInIis);
    let _ = write!(
        out,
        "    <location path=\"Default Web Site/{folder}\" overrideMode=\"Allow\">\r\n        <system.webServer>\r\n            <handlers accessPolicy=\"{policy}\" />\r\n            <security>\r\n                <access sslFlags=\"{flags}\" />\r\n                <authentication>\r\n                    <anonymousAuthentication enabled=\"false\" />\r\n                    <basicAuthentication enabled=\"false\" defaultLogonDomain=\"\" />\r\n                    <digestAuthentication enabled=\"false\" />\r\n                    <windowsAuthentication enabled=\"{has_windows}\">\r\n                        <providers>\r\n                            <clear />\r\n                            <add value=\"Negotiate\" />\r\n                            <add value=\"NTLM\" />\r\n                        </providers>\r\n                    </windowsAuthentication>\r\n                </authentication>\r\n            </security>\r\n"
    );
    if is_whole {
        out.push_str("            <defaultDocument enabled=\"true\">\r\n                <files>\r\n                    <clear />\r\n");
        for number in 0..5 {
            let _ = writeln!(out, "                    <add value=\"default{number}.aspx\" />\r");
        }
        let seconds = random.below(60);
        let _ = write!(
            out,
            "                </files>\r\n            </defaultDocument>\r\n            <urlCompression doStaticCompression=\"true\" />\r\n            <staticContent>\r\n                <clientCache cacheControlMode=\"UseMaxAge\" cacheControlMaxAge=\"30.00:00:{seconds:02}\" />\r\n            </staticContent>\r\n"
        );
    }
    out.push_str("        </system.webServer>\r\n    </location>\r\n");
}
