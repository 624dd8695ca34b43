//! Registry exports: the key of OWA alone, the keys of services, and a whole `HKLM\SYSTEM`.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Registry;
use super::fault::Fault;
use super::random::Random;

/// How many bytes of services an export of `services` has.
const SERVICES: usize = 280 << 10;
/// How many bytes an export of the whole of `SYSTEM` has.
const SYSTEM: usize = 300_000_000;

/// Writes the export of a server as regedit does: UTF-16 with a byte order mark and CRLF.
pub(crate) fn export(
    out: &mut impl Write,
    random: &mut Random,
    registry: Registry,
    fault: Option<Fault>,
) -> io::Result<()> {
    let mut wide = Wide { out, written: 2 };
    wide.out.write_all(b"\xff\xfe")?;
    wide.push("Windows Registry Editor Version 5.00\r\n\r\n")?;
    match registry {
        Registry::None => {}
        Registry::Small => wide.push(&owa_key("CurrentControlSet", fault))?,
        Registry::Services => {
            wide.push("[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services]\r\n\r\n")?;
            control_set(&mut wide, random, "CurrentControlSet", SERVICES, fault)?;
        }
        Registry::System => {
            wide.push("[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\r\n")?;
            for (set, end) in [("ControlSet001", 1), ("ControlSet002", 2), ("CurrentControlSet", 3)] {
                whole_set(&mut wide, random, set, SYSTEM / 3 * end, fault)?;
            }
            wide.push("[HKEY_LOCAL_MACHINE\\SYSTEM\\Select]\r\n\"Current\"=dword:00000001\r\n\"Default\"=dword:00000001\r\n\"Failed\"=dword:00000000\r\n\"LastKnownGood\"=dword:00000002\r\n\r\n")?;
        }
    }
    Ok(())
}

fn whole_set<W: Write>(
    wide: &mut Wide<'_, W>,
    random: &mut Random,
    set: &str,
    end: usize,
    fault: Option<Fault>,
) -> io::Result<()> {
    let root = format!("HKEY_LOCAL_MACHINE\\SYSTEM\\{set}");
    wide.push(&format!(
        "[{root}]\r\n\r\n[{root}\\Control]\r\n\"WaitToKillServiceTimeout\"=\"12000\"\r\n\r\n[{root}\\Services]\r\n\r\n"
    ))?;
    control_set(wide, random, set, end, fault)
}

/// Writes services until so many bytes are written, with the key of OWA in the middle of them.
fn control_set<W: Write>(
    wide: &mut Wide<'_, W>,
    random: &mut Random,
    set: &str,
    end: usize,
    fault: Option<Fault>,
) -> io::Result<()> {
    let middle = wide.written.midpoint(end);
    let mut has_owa = false;
    let mut number = 0;
    while wide.written < end {
        if !has_owa && wide.written >= middle {
            wide.push(&owa_key(set, fault))?;
            has_owa = true;
        }
        wide.push(&service(random, set, number))?;
        number += 1;
    }
    Ok(())
}

fn owa_key(set: &str, fault: Option<Fault>) -> String {
    let switch = match fault {
        Some(Fault::SwitchAsText) => "\"AllowProxyingWithoutSsl\"=\"1\"\r\n",
        _ => "",
    };
    format!(
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\{set}\\Services\\MSExchange OWA]\r\n{switch}\"SSLOffloaded\"=dword:00000000\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\{set}\\Services\\MSExchange OWA\\Performance]\r\n\"Close\"=\"ClosePerformanceData\"\r\n\"Last Counter\"=dword:00002b1e\r\n\r\n"
    )
}

/// One service with its parameters, its security descriptor and what it enumerates.
fn service(random: &mut Random, set: &str, number: usize) -> String {
    let name = format!("{}{number}", random.one_of(&["adp", "disk", "net", "tcp", "svc", "wmi", "usb", "Größe"]));
    let key = format!("HKEY_LOCAL_MACHINE\\SYSTEM\\{set}\\Services\\{name}");
    let mut out = format!(
        "[{key}]\r\n\"Type\"=dword:{:08x}\r\n\"Start\"=dword:{:08x}\r\n\"ErrorControl\"=dword:00000001\r\n",
        random.below(32),
        random.below(5)
    );
    hex(&mut out, "\"ImagePath\"=hex(2):", &wide_bytes(&format!("%SystemRoot%\\System32\\drivers\\{name}.sys")));
    let _ = write!(
        out,
        "\"DisplayName\"=\"@%SystemRoot%\\\\System32\\\\drivers\\\\{name}.sys,-{}\"\r\n\"Group\"=\"Base \\\"{}\\\"\"\r\n\r\n",
        random.below(9999),
        random.below(99)
    );
    let _ = write!(out, "[{key}\\Parameters]\r\n@=\"\"\r\n");
    for _ in 0..random.below(12) {
        let value = random.next();
        let _ = write!(out, "\"Parameter{:x}\"=dword:{:08x}\r\n", value & 0xfff, value >> 32);
    }
    let _ = write!(out, "\r\n[{key}\\Security]\r\n");
    let bytes: Vec<u8> = (0..40 + random.below(200)).map(|_| random.next() as u8).collect();
    hex(&mut out, "\"Security\"=hex:", &bytes);
    let _ = write!(
        out,
        "\r\n[{key}\\Enum]\r\n\"0\"=\"Root\\\\LEGACY_{}\\\\0000\"\r\n\"Count\"=dword:00000001\r\n\r\n",
        name.to_uppercase()
    );
    out
}

fn wide_bytes(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// Bytes as regedit wraps them: a line is over when it has 77 characters or more behind a comma.
fn hex(out: &mut String, head: &str, bytes: &[u8]) {
    out.push_str(head);
    let mut width = head.len();
    for (at, byte) in bytes.iter().enumerate() {
        let _ = write!(out, "{byte:02x}");
        width += 3;
        if at + 1 < bytes.len() {
            out.push(',');
            if width >= 77 {
                out.push_str("\\\r\n  ");
                width = 2;
            }
        }
    }
    out.push_str("\r\n");
}

/// Text written as UTF-16, and how many bytes there are of it.
struct Wide<'w, W> {
    out: &'w mut W,
    written: usize,
}

impl<W: Write> Wide<'_, W> {
    fn push(&mut self, text: &str) -> io::Result<()> {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.written += bytes.len();
        self.out.write_all(&bytes)
    }
}
