//! The commands of an ASCII CLI file.

use super::read::{CliFile, bad};
use crate::error::SliceError;

/// Reads the geometry section after byte `from`.
pub(super) fn read(bytes: &[u8], from: usize, file: &mut CliFile) -> Result<(), SliceError> {
    let mut text = Text { bytes, at: from };
    let mut begun = false;
    while let Some((at, command)) = text.command()? {
        match command {
            b"GEOMETRYSTART" => begun = true,
            b"GEOMETRYEND" => return Ok(()),
            _ if !begun => return Err(bad(at, "there is no $$GEOMETRYSTART")),
            b"LAYER" => {
                let height = text.real()?;
                file.begin_layer(at, height)?;
            }
            b"POLYLINE" => {
                let head = [text.whole()?, text.whole()?];
                let count = text.whole()?;
                let points = text.points(count as usize)?;
                file.add_polyline(at, head, points)?;
            }
            b"HATCHES" => {
                let (id, count) = (text.whole()?, text.whole()?);
                let ends = text.points((count as usize).saturating_mul(2))?;
                let (lines, _) = ends.as_chunks::<2>();
                file.add_hatches(at, id, lines.to_vec())?;
            }
            other => {
                let name = String::from_utf8_lossy(&other[..other.len().min(32)]);
                return Err(bad(at, &format!("$${name} is no command of the format")));
            }
        }
    }
    Err(bad(bytes.len(), "the file ends before $$GEOMETRYEND"))
}

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Text<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes over spaces, line ends and comments (between two slashes and two slashes, or to
    /// the end of the line).
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            self.at += blank;
            let Some(comment) = rest[blank..].strip_prefix(b"//") else { return };
            let line = comment.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let line = &comment[..line.unwrap_or(comment.len())];
            let closed = line.windows(2).position(|w| w == b"//").map(|end| end + 2);
            self.at += 2 + closed.unwrap_or(line.len());
        }
    }

    /// The next command without its dollars, and where it is.
    fn command(&mut self) -> Result<Option<(usize, &'a [u8])>, SliceError> {
        self.skip();
        let (at, rest) = (self.at, self.rest());
        if rest.is_empty() {
            return Ok(None);
        }
        let Some(name) = rest.strip_prefix(b"$$") else {
            return Err(bad(at, "a command was expected, with $$ before it"));
        };
        let length = name.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        self.at += 2 + length;
        Ok(Some((at, &name[..length])))
    }

    /// The next parameter: a slash or a comma, then the number.
    fn parameter(&mut self) -> Result<&'a str, SliceError> {
        self.skip();
        if matches!(self.rest().first(), Some(b',' | b'/')) {
            self.at += 1;
            self.skip();
        }
        let number = |b: &&u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
        let rest = self.rest();
        let token = &rest[..rest.iter().take_while(number).count()];
        if token.is_empty() {
            return Err(bad(self.at, "a number is missing"));
        }
        self.at += token.len();
        Ok(std::str::from_utf8(token).expect("the token is ASCII"))
    }

    fn real(&mut self) -> Result<f64, SliceError> {
        let at = self.at;
        let text = self.parameter()?;
        text.parse().map_err(|_| bad(at, &format!("{text:.32?} is no number")))
    }

    fn whole(&mut self) -> Result<u32, SliceError> {
        let at = self.at;
        let text = self.parameter()?;
        text.parse().map_err(|_| bad(at, &format!("{text:.32?} is no whole number of use")))
    }

    fn points(&mut self, count: usize) -> Result<Vec<[f64; 2]>, SliceError> {
        // Each number takes at least a digit and what parts it from the next.
        if count > self.rest().len() / 4 + 1 {
            return Err(bad(self.at, &format!("{count} points do not fit into the file")));
        }
        let mut points = Vec::with_capacity(count);
        for _ in 0..count {
            points.push([self.real()?, self.real()?]);
        }
        Ok(points)
    }
}
