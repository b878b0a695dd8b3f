//! Files of models, mapped into memory.

// The only unsafe code of the workspace; each use says why it is sound.
#![allow(unsafe_code)]

use std::fs::File;
use std::io::Read;
use std::ops::{Deref, Range};
use std::path::Path;

use memmap2::Mmap;
use platewright_model::config::Limits;

use crate::MeshError;

/// Files from this size on are mapped. Smaller ones are read: that is as fast, and leaves no
/// mapping that another program could change.
const MAPPED_BYTES: u64 = 1 << 20;

/// The bytes of a file. Large files are mapped instead of read, and readers let the pages they
/// have consumed go, so that a file need not fit into memory.
///
/// Nobody may change the file while it is open here. A file that is cut off meanwhile ends the
/// process when a missing page is touched; give files from outside a place of their own first.
#[derive(Debug)]
pub struct MappedFile {
    content: Content,
}

#[derive(Debug)]
enum Content {
    Read(Vec<u8>),
    Mapped(Mmap),
}

impl MappedFile {
    /// Opens a file within `limits.file_bytes`.
    ///
    /// # Errors
    /// [`MeshError::InFile`] if it is no regular file, cannot be read or is too large.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, MeshError> {
        open(path, limits).map_err(|error| error.in_file(&path.display().to_string()))
    }

    /// Maps all pages at once, for those who will read every byte: cheaper than page by page.
    pub(crate) fn fetch(&self) {
        #[cfg(target_os = "linux")]
        if let Content::Mapped(map) = &self.content {
            // Systems that do not know it map page by page.
            drop(map.advise(memmap2::Advice::PopulateRead));
        }
    }

    /// Lets the memory of a range of bytes go. The bytes stay readable: they are read from the
    /// file again where they are needed again.
    pub(crate) fn release(&self, range: Range<usize>) {
        #[cfg(unix)]
        if let Content::Mapped(map) = &self.content {
            let range = range.start.min(map.len())..range.end.min(map.len());
            // SAFETY: the mapping is of a file and is never written to, so that a page that was
            // let go comes back with the same bytes on the next access; slices of it stay valid.
            let let_go = unsafe {
                let advice = memmap2::UncheckedAdvice::DontNeed;
                map.unchecked_advise_range(advice, range.start, range.len())
            };
            // Without it only more memory is held.
            drop(let_go);
        }
        #[cfg(not(unix))]
        drop(range);
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.content {
            Content::Read(bytes) => bytes,
            Content::Mapped(map) => map,
        }
    }
}

fn open(path: &Path, limits: &Limits) -> Result<MappedFile, MeshError> {
    let unreadable = |text: String| MeshError::Open { text };
    // Opening a pipe or a device could wait for ever.
    let found = std::fs::metadata(path).map_err(|e| unreadable(e.to_string()))?;
    if !found.is_file() {
        return Err(unreadable("it is no regular file".to_owned()));
    }
    let file = File::open(path).map_err(|e| unreadable(e.to_string()))?;
    let limit = limits.file_bytes;
    let bytes = file.metadata().map_err(|e| unreadable(e.to_string()))?.len();
    if bytes > limit {
        return Err(MeshError::FileTooLarge { bytes, limit });
    }
    if bytes >= MAPPED_BYTES && usize::try_from(bytes).is_ok() {
        // SAFETY: the mapping is read-only and private to this process, and lives as long as its
        // owner. That nobody changes the file meanwhile is asked of the caller (see the type);
        // readers check every byte they use and build no value for which some bytes are invalid,
        // so that a change could give a wrong mesh or an error, but no invalid value.
        if let Ok(map) = unsafe { memmap2::MmapOptions::new().map_copy_read_only(&file) } {
            #[cfg(unix)]
            drop(map.advise(memmap2::Advice::Sequential));
            return Ok(MappedFile { content: Content::Mapped(map) });
        }
    }
    let mut content = Vec::new();
    let within = limit.saturating_add(1);
    file.take(within).read_to_end(&mut content).map_err(|e| unreadable(e.to_string()))?;
    if content.len() as u64 > limit {
        return Err(MeshError::FileTooLarge { bytes: content.len() as u64, limit });
    }
    Ok(MappedFile { content: Content::Read(content) })
}

#[cfg(test)]
mod tests;
