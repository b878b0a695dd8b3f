//! The commands of a binary CLI file.

use super::binary::{
    HATCHES_LONG, HATCHES_SHORT, LAYER_LONG, LAYER_SHORT, POLYLINE_LONG, POLYLINE_SHORT,
};
use super::read::{CliFile, bad};
use crate::error::SliceError;

/// Reads commands from byte `from` to the end.
pub(super) fn read(
    bytes: &[u8],
    from: usize,
    aligned: bool,
    file: &mut CliFile,
) -> Result<(), SliceError> {
    let mut reader = Reader { bytes, at: from, aligned };
    while reader.at < bytes.len() {
        let at = reader.at;
        let command = reader.short()?;
        let long = matches!(command, LAYER_LONG | POLYLINE_LONG | HATCHES_LONG);
        match command {
            LAYER_LONG | LAYER_SHORT => {
                let height = if long { reader.real()? } else { f64::from(reader.short()?) };
                file.begin_layer(at, height)?;
            }
            POLYLINE_LONG | POLYLINE_SHORT => {
                let head = [reader.number(long)?, reader.number(long)?];
                let count = reader.number(long)?;
                let points = reader.points(count as usize, long)?;
                file.add_polyline(at, head, points)?;
            }
            HATCHES_LONG | HATCHES_SHORT => {
                let (id, count) = (reader.number(long)?, reader.number(long)?);
                let ends = reader.points((count as usize).saturating_mul(2), long)?;
                let (lines, _) = ends.as_chunks::<2>();
                file.add_hatches(at, id, lines.to_vec())?;
            }
            other => return Err(bad(at, &format!("{other} is no command of the format"))),
        }
    }
    Ok(())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether a number of 16 bits outside of a list of points takes four bytes.
    aligned: bool,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], SliceError> {
        let slice = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        let chunk = *slice.ok_or_else(|| bad(self.at, "the file ends within a command"))?;
        self.at += N;
        Ok(chunk)
    }

    fn short(&mut self) -> Result<u16, SliceError> {
        if self.aligned {
            return self.take().map(|[a, b, _, _]: [u8; 4]| u16::from_le_bytes([a, b]));
        }
        self.take().map(u16::from_le_bytes)
    }

    fn number(&mut self, long: bool) -> Result<u32, SliceError> {
        if long { self.take().map(u32::from_le_bytes) } else { self.short().map(u32::from) }
    }

    fn real(&mut self) -> Result<f64, SliceError> {
        self.take().map(|b| f64::from(f32::from_le_bytes(b)))
    }

    /// Points, which are packed whether the file is aligned or not.
    fn points(&mut self, count: usize, long: bool) -> Result<Vec<[f64; 2]>, SliceError> {
        let size = if long { 8 } else { 4 };
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if count > rest.len() / size {
            return Err(bad(self.at, &format!("{count} points do not fit into the file")));
        }
        self.at += count * size;
        let points = rest[..count * size].chunks_exact(size).map(|p| {
            if long {
                let real = |k: usize| f32::from_le_bytes([p[k], p[k + 1], p[k + 2], p[k + 3]]);
                [0, 4].map(|k| f64::from(real(k)))
            } else {
                [0, 2].map(|k| f64::from(u16::from_le_bytes([p[k], p[k + 1]])))
            }
        });
        Ok(points.collect())
    }
}
