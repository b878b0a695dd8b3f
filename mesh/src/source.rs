//! Where the bytes of a model come from.

use std::ops::Range;

use crate::MappedFile;

/// The bytes of a model: in memory, or of a file that lets its pages go once they are consumed.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    bytes: &'a [u8],
    file: Option<&'a MappedFile>,
}

impl<'a> Source<'a> {
    /// All bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The bytes in pieces of at most `length`, for passes from the beginning to the end; each
    /// piece is let go when the next one is asked for.
    pub fn pieces(self, length: usize) -> impl Iterator<Item = &'a [u8]> {
        let length = length.max(1);
        self.bytes.chunks(length).enumerate().map(move |(i, piece)| {
            self.release(i.saturating_sub(1) * length..i * length);
            piece
        })
    }

    /// Lets consumed bytes go. They can still be read, but from the disk again.
    pub(crate) fn release(self, range: Range<usize>) {
        if let Some(file) = self.file {
            file.release(range);
        }
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, file: None }
    }
}

impl<'a> From<&'a Vec<u8>> for Source<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self { bytes, file: None }
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Source<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self { bytes, file: None }
    }
}

impl<'a> From<&'a MappedFile> for Source<'a> {
    fn from(file: &'a MappedFile) -> Self {
        Self { bytes: file, file: Some(file) }
    }
}
