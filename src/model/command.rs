//! Commands: what to run for an export that is missing, and the file that the collecting script would have written.

use crate::model::server::quoted;

/// Up to how many servers are named in one command.
const MOST: usize = 6;

/// A cmdlet that lists virtual directories, and the file of a server's folder that is for what it prints.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    cmdlet: &'static str,
    file: &'static str,
}

/// The virtual directories of OWA.
pub const OWA: Listing = Listing { cmdlet: "Get-OwaVirtualDirectory", file: "owa.txt" };
/// Those of the control panel.
pub const CONTROL_PANEL: Listing = Listing { cmdlet: "Get-EcpVirtualDirectory", file: "ecp.txt" };

/// What lists all virtual directories of one kind on a server, in the Exchange Management Shell.
pub fn directories(of: Listing, server: &str) -> String {
    let Listing { cmdlet, file } = of;
    let (name, path) = (quoted(server), quoted(&format!("{server}\\{file}")));
    format!("$FormatEnumerationLimit = -1; {cmdlet} -Server {name} | Format-List * | Out-File -Width 500 {path}")
}

/// The same for several servers, each with a file of its own; of many all are listed at once, which is as good.
pub fn directories_of_each(of: Listing, servers: &[String]) -> String {
    let Listing { cmdlet, file } = of;
    let print = |asked: &str, path: &str| format!("{cmdlet}{asked} | Format-List * | Out-File -Width 500 {path}");
    match servers {
        [only] => directories(of, only),
        few if few.len() <= MOST => {
            let names: Vec<String> = few.iter().map(|it| quoted(it)).collect();
            let each = print(" -Server $_", &format!("\"$_\\{file}\""));
            format!("$FormatEnumerationLimit = -1; {} | ForEach-Object {{ {each} }}", names.join(", "))
        }
        _ => format!("$FormatEnumerationLimit = -1; {}", print("", &quoted(&format!("org\\{file}")))),
    }
}

/// The collecting script for some servers; for many of them without their names, which is for all.
pub fn collect(servers: &[String]) -> String {
    let names: Vec<String> = servers.iter().map(|it| quoted(it)).collect();
    if names.len() > MOST {
        r".\collect.ps1".to_owned()
    } else {
        format!(r".\collect.ps1 -Server {}", names.join(", "))
    }
}

/// What copies a server's applicationHost.config by its administrative share.
pub fn iis(server: &str) -> String {
    let from = quoted(&format!(r"\\{server}\admin$\system32\inetsrv\config\applicationHost.config"));
    format!("Copy-Item {from} {}", quoted(&format!(r"{server}\applicationHost.config")))
}

/// What exports a key of the registry, which `reg` does on the server itself. The file is named after the last part of
/// the key: `owa.reg` for the key of OWA, whose name has a blank.
pub fn registry(server: &str, key: &str) -> String {
    let name = key.rsplit(['\\', ' ']).next().unwrap_or(key).to_lowercase();
    let key = key.replacen("HKEY_LOCAL_MACHINE", "HKLM", 1);
    format!("on {server}, reg export \"{key}\" {name}.reg, for the file {server}\\{name}.reg")
}
