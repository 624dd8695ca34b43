//! Reading one file: whole, or part by part where it is large; nothing waits for a pipe, and nothing grows without end.
#![allow(clippy::disallowed_methods, reason = "this is where files are read")]

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::load::MAX_BYTES;
use crate::text::decode::{Decoded, decode};
use crate::text::origin::{Fetched, Unread};
use crate::text::stream::{MARK, SIZE, Stream};

/// Whether a path that was given can be read; nothing waits for a pipe to be written to.
pub(super) fn check_readable(path: &Path) -> io::Result<()> {
    let metadata = path.metadata()?;
    if metadata.is_dir() {
        return std::fs::read_dir(path).map(|_| ());
    }
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a folder"));
    }
    File::open(path).map(|_| ())
}

/// Reads a file that was named on the command line, which may be the input or another open pipe of this process, but no
/// device that never ends.
pub(super) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    if is_pipe(&path.metadata()?) && !OWN.iter().any(|own| path.starts_with(own)) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a named pipe or a socket, which is not read"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("files over {MAX_BYTES} bytes are not read")));
    }
    Ok(bytes)
}

/// Where a process finds what it was started with, such as `<(command)` of a shell: somebody writes to it, or has.
const OWN: [&str; 3] = ["/dev/stdin", "/dev/fd", "/proc/self/fd"];

/// Whether a file is one that is waited for until somebody writes to it, which may be never.
#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_fifo() || metadata.file_type().is_socket()
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Reads a file of the snapshot.
pub(super) fn read_file(path: &Path) -> Result<Decoded, Unread> {
    open(path).and_then(|(file, size)| read_all(file, size))
}

/// From how many bytes on a file is read part by part, if it may be a registry file.
const LARGE: u64 = 4 << 20;

/// Reads a file of the snapshot, or gives a large one in UTF-16 as a stream.
pub(super) fn begin_file(path: &Path) -> Result<Fetched, Unread> {
    let (file, size) = open(path)?;
    if !(LARGE..=MAX_BYTES).contains(&size) {
        return read_all(file, size).map(Fetched::Whole);
    }
    match Stream::open(Box::new(file.take(MAX_BYTES + 1)), SIZE) {
        Ok(Some(stream)) => Ok(Fetched::Parts(stream)),
        // What is wrong with it is told where it is read again.
        Ok(None) | Err(_) => read_file(path).map(Fetched::Whole),
    }
}

/// Opens a regular file, and gives its size in bytes; nothing else is opened, and no link is followed.
fn open(path: &Path) -> Result<(File, u64), Unread> {
    let metadata = std::fs::symlink_metadata(path).map_err(failed)?;
    if metadata.is_symlink() {
        let leads_nowhere = path.canonicalize().is_err();
        let what = if leads_nowhere { "a link that leads nowhere" } else { "a link out of the snapshot" };
        return Err(unread(format!("it is {what}, which is not followed")));
    }
    if metadata.is_dir() {
        return Err(unread(std::fs::read_dir(path).err().map_or_else(
            || "the folder changed while it was read".to_owned(),
            |cause| format!("the folder cannot be read: {cause}"),
        )));
    }
    // The file may be another one by now, and it may grow while it is read.
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_file() { Ok((file, metadata.len())) } else { Err(unread("it changed while it was read".to_owned())) }
}

fn read_all(file: File, size: u64) -> Result<Decoded, Unread> {
    if size > MAX_BYTES {
        return Err(too_large(size));
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    (&file).take(HEAD).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 == HEAD {
        if let Some(decoded) = utf16(&bytes, &file, size).map_err(failed)? {
            return Ok(decoded);
        }
        file.take(MAX_BYTES + 1 - HEAD).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() as u64 > MAX_BYTES { Err(too_large(bytes.len() as u64)) } else { Ok(decode(bytes)) }
}

/// How many bytes of a file are read before it is known how to go on.
const HEAD: u64 = 64 << 10;

/// The rest of a file in UTF-16 behind its head, part by part, so that its bytes take no memory beside its text. `None`
/// where it is not certain that all of it is UTF-16; the file is as it was then.
fn utf16(head: &[u8], file: &File, size: u64) -> io::Result<Option<Decoded>> {
    if !head.starts_with(&MARK) {
        return Ok(None);
    }
    let rest = file.try_clone()?.take(MAX_BYTES + 1 - HEAD);
    let decoded = Stream::behind(head, Box::new(rest)).whole(size as usize);
    let mut file = file;
    // What has grown too large meanwhile is read on, and refused.
    if decoded.is_none() || file.stream_position()? > MAX_BYTES {
        file.seek(SeekFrom::Start(HEAD))?;
        return Ok(None);
    }
    Ok(decoded)
}

fn too_large(bytes: u64) -> Unread {
    let message = format!("it has {bytes} bytes, and files over {MAX_BYTES} are not read");
    Unread { is_too_large: true, message }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn failed(cause: io::Error) -> Unread {
    unread(format!("it cannot be read: {cause}"))
}

fn unread(message: String) -> Unread {
    Unread { is_too_large: false, message }
}
