//! The bytes of a part, inflated into a window that moves along.

use std::io::{self, BufRead, Read};

use crate::MeshError;
use crate::archive::MemberReader;

/// Bytes that are held at once: they stay in the cache between inflating and reading.
const WINDOW: usize = 1 << 17;
/// A text, comment or tag with more bytes than this is refused, so that none is held whole.
const EVENT_MAX: u64 = 1 << 24;

/// A window on the bytes of a member.
pub(super) struct Window<'a> {
    member: MemberReader<'a>,
    buffer: Vec<u8>,
    /// Bytes `from..to` of the buffer are not yet used.
    from: usize,
    to: usize,
    ended: bool,
    /// Bytes used since the last call of [`Window::begin_event`].
    event: u64,
    /// What stopped reading, if it was the archive and not the XML.
    failed: Option<MeshError>,
}

impl<'a> Window<'a> {
    pub(super) fn new(member: MemberReader<'a>) -> Self {
        let (buffer, failed) = (vec![0; WINDOW], None);
        Self { member, buffer, from: 0, to: 0, ended: false, event: 0, failed }
    }

    /// The bytes that are there.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.from..self.to]
    }

    /// Moves the bytes that are there to the front and inflates more behind them; whether any
    /// came.
    pub(super) fn more(&mut self) -> bool {
        if self.ended || (self.from == 0 && self.to == self.buffer.len()) {
            return false;
        }
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        match self.member.fill(&mut self.buffer[self.to..]) {
            Ok(0) => self.ended = true,
            Ok(n) => self.to += n,
            Err(error) => {
                self.failed = Some(error);
                self.ended = true;
            }
        }
        !self.ended
    }

    /// An event begins: its length is counted from here.
    pub(super) fn begin_event(&mut self) {
        self.event = 0;
    }

    /// Reads to the end, so that damage to the archive is found wherever it is.
    pub(super) fn drain(&mut self) -> Result<(), MeshError> {
        while !self.ended {
            self.from = self.to;
            self.more();
        }
        self.failed.take().map_or(Ok(()), Err)
    }
}

impl Read for Window<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let n = bytes.len().min(into.len());
        into[..n].copy_from_slice(&bytes[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Window<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.event > EVENT_MAX {
            return Err(io::Error::other(format!(
                "a text, comment or tag is longer than {EVENT_MAX} bytes"
            )));
        }
        if self.from == self.to {
            self.more();
        }
        if self.failed.is_some() {
            return Err(io::Error::other("the archive is damaged"));
        }
        Ok(&self.buffer[self.from..self.to])
    }

    fn consume(&mut self, n: usize) {
        self.event += n as u64;
        self.from += n;
    }
}
