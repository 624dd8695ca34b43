//! Outputs: a file that is asked for is there whole or as it was before, never in between.
#![allow(clippy::disallowed_methods, reason = "outputs are written here")]

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file by way of another one in the same folder, which takes its place when all of it is written. A pipe or a
/// device is written to, and a link leads to the file that is replaced.
pub(crate) fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let known = fs::metadata(path).ok();
    if known.as_ref().is_some_and(|it| !it.is_file()) {
        return content(&mut File::create(path)?);
    }
    let path = if known.is_some() { path.canonicalize()? } else { path.to_path_buf() };
    let Some((mut file, part)) = beside(&path)? else { return content(&mut File::create(&path)?) };
    let written = content(&mut file).and_then(|()| match known {
        Some(known) => file.set_permissions(known.permissions()),
        None => Ok(()),
    });
    // Windows does not move a file that is open.
    drop(file);
    let moved = written.and_then(|()| fs::rename(&part, &path));
    if moved.is_err() {
        let _ = fs::remove_file(&part);
    }
    moved
}

/// A new file beside another one, and its path; `None` where the folder takes none, although the file itself may be
/// written to.
fn beside(path: &Path) -> io::Result<Option<(File, PathBuf)>> {
    let Some(name) = path.file_name() else { return Err(io::ErrorKind::IsADirectory.into()) };
    let mut own = OsString::from(".");
    own.push(name);
    own.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(own);
    match OpenOptions::new().write(true).create_new(true).open(&beside) {
        Ok(file) => Ok(Some((file, beside))),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.exists() => Ok(None),
        // A name that is as long as names may be has no room for more.
        Err(error) if error.kind() == io::ErrorKind::InvalidFilename => Ok(None),
        Err(error) => Err(error),
    }
}
