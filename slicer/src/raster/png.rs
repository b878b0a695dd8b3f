//! Images as PNG, grey with 8 bits or with 1.

use super::deflate::{Bytes, Coder, Stream};
use super::runs::{Packed, Raster, Run, packed};
use crate::error::SliceError;

/// Bits of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// 0 and 1: empty and solid. A pixel that is solid by half or more is solid.
    One,
    /// 0 to 255.
    Eight,
}

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Most bytes of a chunk.
const CHUNK_MAX: usize = i32::MAX as usize;

/// Writes images of one size as PNG.
#[derive(Debug)]
pub struct PngEncoder {
    depth: Depth,
    size: [u32; 2],
    coder: Coder,
}

impl PngEncoder {
    /// For images of that size.
    pub fn new(size: [u32; 2], depth: Depth) -> Self {
        let (bytes, kind) = match depth {
            Depth::One => (size[0].div_ceil(8), Bytes::EightPixels),
            Depth::Eight => (size[0], Bytes::Pixels),
        };
        Self { depth, size, coder: Coder::new(bytes as usize + 1, kind) }
    }

    /// The image as a PNG file.
    ///
    /// # Errors
    /// The image is not of the size told, or its stream is longer than 2 GiB.
    pub fn encode(&self, raster: &Raster) -> Result<Vec<u8>, SliceError> {
        let mut out = Vec::new();
        self.encode_into(raster, &mut out)?;
        Ok(out)
    }

    /// As [`Self::encode`], into bytes whose memory is used again.
    ///
    /// # Errors
    /// As [`Self::encode`]; the bytes are any then.
    pub fn encode_into(&self, raster: &Raster, out: &mut Vec<u8>) -> Result<(), SliceError> {
        if raster.size() != self.size {
            let (is, wanted) = (raster.size(), self.size);
            let what = format!("an image of {is:?} pixels is not of {wanted:?}");
            return Err(SliceError::RasterOptions { what });
        }
        out.clear();
        out.reserve(1 << 12);
        out.extend(SIGNATURE);
        let header = begin_chunk(out, b"IHDR");
        out.extend(self.size.iter().flat_map(|n| n.to_be_bytes()));
        let depth = if self.depth == Depth::One { 1 } else { 8 };
        // Grey, the one compression, the one filter method, not interlaced.
        out.extend([depth, 0, 0, 0, 0]);
        end_chunk(out, header)?;
        let data = begin_chunk(out, b"IDAT");
        self.write_rows(raster, out);
        end_chunk(out, data)?;
        let end = begin_chunk(out, b"IEND");
        end_chunk(out, end)
    }

    fn write_rows(&self, raster: &Raster, out: &mut Vec<u8>) {
        let mut stream = Stream::new(&self.coder, out);
        let rows = raster.kept_rows();
        stream.empty_rows(rows.start);
        let mut before: &[Packed] = &[];
        let mut bytes = Vec::new();
        for y in rows.clone() {
            let runs = raster.packed_row(y);
            // Short rows are compared with none: they are as fast written.
            if stream.pays_again(runs.len()) && runs == before {
                stream.row_again();
                continue;
            }
            before = runs;
            match self.depth {
                Depth::Eight => stream.row(runs),
                Depth::One => {
                    pack_bits(runs, &mut bytes);
                    stream.row(&bytes);
                }
            }
        }
        stream.empty_rows(self.size[1] - rows.end);
        stream.finish();
    }
}

/// Runs of bytes of eight pixels each, the first pixel highest, from runs of pixels.
fn pack_bits(runs: &[Packed], bytes: &mut Vec<Packed>) {
    bytes.clear();
    let mut push = |value: u8, n: u32| match bytes.last_mut() {
        Some(last) if *last as u8 == value => *last += n << 8,
        _ => bytes.push(packed(value, n)),
    };
    // Pixels of the byte that is being filled, and how many bytes were pushed.
    let (mut byte, mut pushed, mut at) = (0_u8, 0_u32, 0_u32);
    for &run in runs {
        let Run { value, len } = Run::unpack(run);
        let (from, to) = (at, at + len);
        at = to;
        if value < 128 {
            continue;
        }
        let (first, last) = (from / 8, to / 8);
        if first > pushed {
            if byte != 0 {
                push(byte, 1);
                pushed += 1;
                byte = 0;
            }
            if first > pushed {
                push(0, first - pushed);
                pushed = first;
            }
        }
        let (head, tail) = (0xff_u8 >> (from % 8), !(0xff_u16 >> (to % 8)) as u8);
        if first == last {
            byte |= head & tail;
            continue;
        }
        push(byte | head, 1);
        if last > first + 1 {
            push(0xff, last - first - 1);
        }
        pushed = last;
        byte = tail;
    }
    if byte != 0 {
        push(byte, 1);
    }
}

/// Begins a chunk; gives where its length stands.
fn begin_chunk(out: &mut Vec<u8>, kind: &[u8; 4]) -> usize {
    let at = out.len();
    out.extend([0; 4]);
    out.extend(kind);
    at
}

/// Ends a chunk: its length and its checksum.
fn end_chunk(out: &mut Vec<u8>, at: usize) -> Result<(), SliceError> {
    let length = out.len() - at - 8;
    if length > CHUNK_MAX {
        let what = format!("an image of {length} bytes does not go into a PNG chunk");
        return Err(SliceError::RasterOptions { what });
    }
    out[at..at + 4].copy_from_slice(&(length as u32).to_be_bytes());
    let checksum = crc32fast::hash(&out[at + 4..]);
    out.extend(checksum.to_be_bytes());
    Ok(())
}
