//! The numbers behind the header of a PLY, one after another.

use super::header::{Encoding, Kind};
use super::{Cursor, Problem, Source};
use crate::MeshError;

/// Bytes after which the pages of a mapped file are let go.
const WINDOW: usize = 8 << 20;

/// Where numbers are taken from.
pub(super) trait Numbers {
    /// Begins the next thing of an element.
    fn begin(&mut self) -> Result<(), MeshError>;
    /// The next number, as the file has it.
    fn number(&mut self, kind: Kind) -> Result<f64, MeshError>;
    /// Skips `count` numbers.
    fn skip(&mut self, kind: Kind, count: u64) -> Result<(), MeshError>;
    /// An error at this place.
    fn fail(&self, problem: Problem, count: usize) -> MeshError;
    /// Bytes that are left.
    fn left(&self) -> u64;
    /// Whether anything is left at the end.
    fn tail(&mut self) -> bool;
}

/// Binary numbers.
pub(super) struct Binary<'a> {
    source: Source<'a>,
    rest: &'a [u8],
    released: usize,
    big: bool,
    /// Things that were begun.
    things: u64,
}

impl<'a> Binary<'a> {
    pub(super) fn new(source: Source<'a>, header: usize, encoding: Encoding) -> Self {
        let rest = &source.bytes()[header..];
        Self { source, rest, released: 0, big: encoding == Encoding::BigEndian, things: 0 }
    }

    #[inline(always)]
    fn take<const N: usize>(&mut self) -> Result<[u8; N], MeshError> {
        match self.rest.split_first_chunk::<N>() {
            Some((bytes, rest)) => {
                self.rest = rest;
                let mut bytes = *bytes;
                if self.big {
                    bytes.reverse();
                }
                Ok(bytes)
            }
            None => Err(self.cut_off(N as u64)),
        }
    }

    #[cold]
    fn cut_off(&self, wanted: u64) -> MeshError {
        let missing = wanted - (self.rest.len() as u64).min(wanted);
        MeshError::Truncated { missing, place: format!("of its thing number {}", self.things) }
    }
}

impl Numbers for Binary<'_> {
    #[inline(always)]
    fn begin(&mut self) -> Result<(), MeshError> {
        self.things = self.things.wrapping_add(1);
        if self.things.is_multiple_of(1 << 16) {
            let at = self.source.bytes().len() - self.rest.len();
            if at - self.released >= WINDOW {
                self.source.release(self.released..at);
                self.released = at;
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn number(&mut self, kind: Kind) -> Result<f64, MeshError> {
        Ok(match kind {
            Kind::I8 => f64::from(i8::from_le_bytes(self.take()?)),
            Kind::U8 => f64::from(u8::from_le_bytes(self.take()?)),
            Kind::I16 => f64::from(i16::from_le_bytes(self.take()?)),
            Kind::U16 => f64::from(u16::from_le_bytes(self.take()?)),
            Kind::I32 => f64::from(i32::from_le_bytes(self.take()?)),
            Kind::U32 => f64::from(u32::from_le_bytes(self.take()?)),
            Kind::F32 => f64::from(f32::from_le_bytes(self.take()?)),
            Kind::F64 => f64::from_le_bytes(self.take()?),
        })
    }

    fn skip(&mut self, kind: Kind, count: u64) -> Result<(), MeshError> {
        let wanted = count.saturating_mul(kind.size() as u64);
        match usize::try_from(wanted).ok().and_then(|n| self.rest.get(n..)) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.cut_off(wanted)),
        }
    }

    fn fail(&self, problem: Problem, count: usize) -> MeshError {
        let place = format!("thing number {}", self.things);
        match problem {
            Problem::Syntax(text) => MeshError::Syntax { place, text },
            Problem::NotFinite(value) => MeshError::NotFinite { place, value },
            Problem::BadIndex(index) => MeshError::BadIndex { place, index, count },
        }
    }

    fn left(&self) -> u64 {
        self.rest.len() as u64
    }

    fn tail(&mut self) -> bool {
        !self.rest.is_empty()
    }
}

/// Numbers in text, one thing a line.
pub(super) struct Ascii<'a> {
    pub(super) cursor: Cursor<'a>,
    /// Lines before the data.
    lines: usize,
}

impl<'a> Ascii<'a> {
    pub(super) fn new(bytes: &'a [u8], eol: u8, lines: usize) -> Self {
        Self { cursor: Cursor::new(bytes, eol), lines }
    }
}

impl Numbers for Ascii<'_> {
    fn begin(&mut self) -> Result<(), MeshError> {
        // What stands behind the numbers of a line is left out; empty lines are too.
        if !self.cursor.at_line_start() {
            self.cursor.next_line();
        }
        self.cursor.skip_space();
        self.cursor.begin();
        if self.cursor.rest().is_empty() {
            let text = "the file ends before all that the header promises: it is cut off";
            return Err(self.fail(Problem::Syntax(text.to_owned()), 0));
        }
        Ok(())
    }

    #[inline(always)]
    fn number(&mut self, _: Kind) -> Result<f64, MeshError> {
        self.cursor.number().map_err(|problem| self.fail(problem, 0))
    }

    fn skip(&mut self, _: Kind, count: u64) -> Result<(), MeshError> {
        for _ in 0..count {
            self.cursor.skip_blanks();
            if self.cursor.at_line_end() {
                let text = "the line has fewer numbers than the header says";
                return Err(self.fail(Problem::Syntax(text.to_owned()), 0));
            }
            self.cursor.word();
        }
        Ok(())
    }

    fn fail(&self, problem: Problem, count: usize) -> MeshError {
        problem.at(self.lines + self.cursor.line + 1, count)
    }

    fn left(&self) -> u64 {
        self.cursor.rest().len() as u64
    }

    fn tail(&mut self) -> bool {
        self.cursor.next_line();
        self.cursor.skip_space();
        !self.cursor.rest().is_empty()
    }
}
