//! A file in memory.

use std::io::{Cursor, Result, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file in memory: clones write to the same bytes, so that they can be taken when the writer
/// that was given a clone is done.
#[derive(Clone, Debug, Default)]
pub struct MemoryFile(Arc<Mutex<Cursor<Vec<u8>>>>);

impl MemoryFile {
    /// The bytes written so far; leaves the file empty.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.cursor()).into_inner()
    }

    fn cursor(&self) -> MutexGuard<'_, Cursor<Vec<u8>>> {
        // What was written before another thread panicked is still there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.cursor().write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for MemoryFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.cursor().seek(to)
    }
}
