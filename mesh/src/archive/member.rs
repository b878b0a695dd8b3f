//! One member of an archive, inflated piece by piece within the limits.

use std::sync::atomic::Ordering;

use flate2::{Decompress, FlushDecompress, Status};

use super::directory::{Entry, Method};
use super::{RATIO_FREE_BYTES, ZipMembers};
use crate::MeshError;

/// Reads a member from its beginning to its end; nothing but the unpacker's window is held.
///
/// Every byte that comes out counts towards the limits of the archive, whatever the archive says
/// of their number. Length and check sum are compared at the end.
#[derive(Debug)]
pub(crate) struct MemberReader<'a> {
    archive: &'a ZipMembers<'a>,
    entry: &'a Entry,
    /// Packed bytes not yet used.
    packed: &'a [u8],
    /// `None` for a stored member.
    inflate: Option<Decompress>,
    crc: flate2::Crc,
    out: u64,
    ended: bool,
}

impl<'a> MemberReader<'a> {
    pub(super) fn new(archive: &'a ZipMembers<'a>, entry: &'a Entry) -> Self {
        let inflate = match entry.method {
            Method::Stored => None,
            Method::Deflated => Some(Decompress::new(false)),
        };
        let packed = &archive.bytes[entry.data.clone()];
        let crc = flate2::Crc::new();
        Self { archive, entry, packed, inflate, crc, out: 0, ended: false }
    }

    /// Fills the front of `buffer`; 0 at the end of the member.
    ///
    /// # Errors
    /// E2020 damaged (length or check sum differ as well), E2021 over a limit.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, MeshError> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        let n = match &mut self.inflate {
            None => {
                let n = buffer.len().min(self.packed.len());
                buffer[..n].copy_from_slice(&self.packed[..n]);
                self.packed = &self.packed[n..];
                n
            }
            Some(inflate) => {
                let name = &self.entry.name;
                let failed = |text: String| MeshError::Archive {
                    text: format!("member {name} cannot be inflated: {text}"),
                };
                let (taken, given) = (inflate.total_in(), inflate.total_out());
                let status = inflate
                    .decompress(self.packed, buffer, FlushDecompress::None)
                    .map_err(|error| failed(error.to_string()))?;
                self.packed = &self.packed[(inflate.total_in() - taken) as usize..];
                let n = (inflate.total_out() - given) as usize;
                if n == 0 && status != Status::StreamEnd {
                    return Err(failed("it is cut off".to_owned()));
                }
                n
            }
        };
        if n == 0 {
            self.ended = true;
            self.check_end()?;
            return Ok(0);
        }
        self.crc.update(&buffer[..n]);
        self.count(n as u64)?;
        Ok(n)
    }

    fn count(&mut self, n: u64) -> Result<(), MeshError> {
        self.out += n;
        let all = self.archive.inflated.fetch_add(n, Ordering::Relaxed) + n;
        let limit = self.archive.limits.inflated_bytes;
        if all > limit {
            let text = format!("its members inflate to more than {limit} bytes");
            return Err(MeshError::ArchiveLimit { text });
        }
        let (packed, ratio) = (self.entry.data.len() as u64, self.archive.limits.inflation_ratio);
        if self.out > RATIO_FREE_BYTES && self.out > packed.saturating_mul(ratio) {
            let name = &self.entry.name;
            let text = format!("member {name} inflates to more than {ratio} times its size");
            return Err(MeshError::ArchiveLimit { text });
        }
        Ok(())
    }

    fn check_end(&self) -> Result<(), MeshError> {
        let (name, said) = (&self.entry.name, self.entry.size);
        if self.out != said {
            let is = self.out;
            let text = format!("member {name} has {is} bytes, its entry says {said}");
            return Err(MeshError::Archive { text });
        }
        if self.crc.sum() != self.entry.crc {
            let text = format!("member {name} has a wrong check sum");
            return Err(MeshError::Archive { text });
        }
        Ok(())
    }
}
