//! Fast scanning of text: words, numbers, lines, and chunks that are read side by side.
//!
//! The functions below take bytes off the front of a slice by patterns, which leaves no bounds
//! or overflow to check in their loops.

use std::ops::Range;

use memchr::memchr;

use crate::MeshError;

/// Bytes of text that one task reads. A constant, so that no result depends on the threads.
pub(super) const CHUNK: usize = 1 << 20;
/// Chunks that are read side by side before their results are put together.
pub(super) const ROUND: usize = 16;

/// The bytes behind the mark that some programs put before UTF-8.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What ends a line: `\n`, or `\r` where there is no `\n`.
pub(super) fn line_end(bytes: &[u8]) -> u8 {
    if memchr(b'\n', bytes).is_none() && memchr(b'\r', bytes).is_some() { b'\r' } else { b'\n' }
}

/// Cuts text into chunks of about `length` bytes that begin at lines for which `begins` holds;
/// it is given the bytes before the line and those from it on.
pub(super) fn chunks(
    bytes: &[u8],
    eol: u8,
    length: usize,
    begins: fn(&[u8], &[u8]) -> bool,
) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        let mut to = from.saturating_add(length).min(bytes.len());
        loop {
            let Some(found) = memchr(eol, &bytes[to..]) else {
                to = bytes.len();
                break;
            };
            to += found + 1;
            if begins(&bytes[..to], &bytes[to..]) {
                break;
            }
        }
        chunks.push(from..to);
        from = to;
    }
    chunks
}

/// What is wrong in a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Problem {
    Syntax(String),
    NotFinite(String),
    /// An index that cannot be; how many there are is known when chunks are put together.
    BadIndex(i64),
}

impl Problem {
    /// The error, once its line is known, counted from 1; `count` for indices.
    pub(super) fn at(self, line: usize, count: usize) -> MeshError {
        let place = format!("line {line}");
        match self {
            Self::Syntax(text) => MeshError::Syntax { place, text },
            Self::NotFinite(value) => MeshError::NotFinite { place, value },
            Self::BadIndex(index) => MeshError::BadIndex { place, index, count },
        }
    }
}

/// How the numbers of a text are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spelling {
    /// There is a decimal point.
    pub(super) point: bool,
    /// There is a decimal comma; the first is in this line, counted from 0.
    pub(super) comma: Option<usize>,
}

impl Spelling {
    /// Joins the spelling of a later chunk, whose first line is `line`.
    pub(super) fn join(&mut self, later: Self, line: usize) {
        self.point |= later.point;
        self.comma = self.comma.or(later.comma.map(|l| l + line));
    }

    /// Whether commas were read as decimal; fails where points and commas are mixed, because
    /// either could separate thousands then.
    pub(super) fn decimal_comma(self) -> Result<bool, MeshError> {
        match self.comma {
            Some(line) if self.point => {
                let text = "numbers with a comma and numbers with a point are mixed; \
                            export with decimal points";
                Err(Problem::Syntax(text.to_owned()).at(line + 1, 0))
            }
            comma => Ok(comma.is_some()),
        }
    }
}

/// A place in text.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    eol: u8,
    /// What was left at [`Self::begin`].
    begun: usize,
    /// Lines before this one.
    pub(super) line: usize,
    pub(super) spelling: Spelling,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], eol: u8) -> Self {
        Self { rest: bytes, eol, begun: bytes.len(), line: 0, spelling: Spelling::default() }
    }

    /// Marks the beginning of a thing that is written in one line.
    pub(super) fn begin(&mut self) {
        self.begun = self.rest.len();
    }

    /// Whether nothing was read since [`Self::begin`].
    pub(super) fn at_line_start(&self) -> bool {
        self.begun == self.rest.len()
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Takes `n` bytes that were looked at in [`Self::rest`].
    pub(super) fn skip(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }

    /// Goes back to bytes of the same line that were skipped.
    pub(super) fn back_to(&mut self, rest: &'a [u8]) {
        self.rest = rest;
    }

    /// Skips blanks within the line; a backslash at its end continues it.
    #[inline(always)]
    pub(super) fn skip_blanks(&mut self) {
        while let [b, rest @ ..] = self.rest {
            if is_blank(*b) && *b != self.eol {
                self.rest = rest;
            } else if *b == b'\\' && self.continued(rest) {
                self.line = self.line.wrapping_add(1);
            } else {
                return;
            }
        }
    }

    /// Takes a line end after a backslash.
    fn continued(&mut self, rest: &'a [u8]) -> bool {
        let rest = match rest {
            [b'\r', rest @ ..] if self.eol != b'\r' => rest,
            rest => rest,
        };
        match rest {
            [b, rest @ ..] if *b == self.eol => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Whether the line has ended.
    #[inline(always)]
    pub(super) fn at_line_end(&self) -> bool {
        self.rest.first().is_none_or(|&b| b == self.eol)
    }

    /// Skips to the next line; whether there is one.
    #[inline(always)]
    pub(super) fn next_line(&mut self) -> bool {
        match self.rest {
            [b, rest @ ..] if *b == self.eol => self.rest = rest,
            _ => match memchr(self.eol, self.rest) {
                Some(at) => self.rest = self.rest.get(at..).and_then(|r| r.get(1..)).unwrap_or(&[]),
                None => {
                    self.rest = &[];
                    return false;
                }
            },
        }
        self.line = self.line.wrapping_add(1);
        true
    }

    /// Skips to the next line, over lines that are continued by a backslash.
    pub(super) fn next_whole_line(&mut self) -> bool {
        while let Some(at) = memchr(self.eol, self.rest) {
            let line = &self.rest[..at];
            self.rest = &self.rest[at + 1..];
            self.line += 1;
            if !line.trim_ascii_end().ends_with(b"\\") {
                return true;
            }
        }
        self.rest = &[];
        false
    }

    /// Skips blanks and line ends.
    #[inline(always)]
    pub(super) fn skip_space(&mut self) {
        while let [b, rest @ ..] = self.rest {
            if !is_blank(*b) {
                return;
            }
            self.line = self.line.wrapping_add(usize::from(*b == self.eol));
            self.rest = rest;
        }
    }

    /// Takes the bytes up to the next blank or line end.
    #[inline(always)]
    pub(super) fn word(&mut self) -> &'a [u8] {
        let length = self.rest.iter().position(|&b| is_blank(b)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    /// As [`Self::word`], but a backslash that continues the line ends the word too.
    #[inline(always)]
    pub(super) fn word_before_backslash(&mut self) -> &'a [u8] {
        let start = self.rest;
        let word = self.word();
        match (word, self.rest) {
            ([before @ .., b'\\'], [_, ..]) => {
                self.rest = &start[before.len()..];
                before
            }
            _ => word,
        }
    }

    /// Takes a finite number.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Result<f64, Problem> {
        self.skip_blanks();
        if let Some((x, rest, point)) = plain(self.rest) {
            self.rest = rest;
            self.spelling.point |= point;
            return Ok(x);
        }
        self.any_number()
    }

    /// A number in any other spelling: many digits, a decimal comma, no number at all.
    #[cold]
    fn any_number(&mut self) -> Result<f64, Problem> {
        let word = self.word_before_backslash();
        let text = String::from_utf8_lossy(word);
        let (x, point) = match text.parse::<f64>() {
            Ok(x) => (x, text.contains('.')),
            Err(_) => {
                let x = with_comma(&text).ok_or_else(|| no_number(&text))?;
                self.spelling.comma = self.spelling.comma.or(Some(self.line));
                (x, false)
            }
        };
        self.spelling.point |= point;
        if x.is_finite() { Ok(x) } else { Err(Problem::NotFinite(text.into_owned())) }
    }
}

/// Blanks and both line ends.
#[inline(always)]
pub(super) fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}

/// A number with one comma and no point.
fn with_comma(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once(',')?;
    let digit = part.bytes().next().is_some_and(|b| b.is_ascii_digit());
    if !digit || text.contains('.') || !whole.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // A second comma is no number either.
    format!("{whole}.{part}").parse().ok()
}

fn no_number(text: &str) -> Problem {
    let sign = |c| c == '-' || c == '+';
    let lower = text.trim_start_matches(sign).to_ascii_lowercase();
    // As C libraries write what is no number: nan(ind), 1.#QNAN, 1.#INF.
    if lower.starts_with("nan") || lower.starts_with("inf") || lower.starts_with("1.#") {
        return Problem::NotFinite(text.to_owned());
    }
    Problem::Syntax(format!("found {text:?}, expected a number"))
}

/// Powers of ten that are exact.
const TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A number whose nearest double is one exact operation away (Clinger 1990): up to 2⁵³ times or
/// over a power of ten up to 10²²; what comes after it, and whether it has a point. `None` for
/// any other.
#[inline(always)]
fn plain(bytes: &[u8]) -> Option<(f64, &[u8], bool)> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut mantissa, mut rest) = (0, digits);
    take_digits(&mut mantissa, &mut rest);
    let mut count = digits.len().wrapping_sub(rest.len());
    let (mut exponent, mut point) = (0_i32, false);
    if let [b'.', fraction @ ..] = rest {
        rest = fraction;
        take_digits(&mut mantissa, &mut rest);
        let places = fraction.len().wrapping_sub(rest.len());
        exponent = (places as i32).wrapping_neg();
        count = count.wrapping_add(places);
        point = true;
    }
    // 19 digits cannot overflow the mantissa.
    if count == 0 || count > 19 || mantissa > 1 << 53 {
        return None;
    }
    if let [b'e' | b'E', power @ ..] = rest {
        let (down, power) = match power {
            [b'-', power @ ..] => (true, power),
            [b'+', power @ ..] => (false, power),
            power => (false, power),
        };
        let mut value = 0;
        rest = power;
        take_digits(&mut value, &mut rest);
        if !(1..=4).contains(&power.len().wrapping_sub(rest.len())) {
            return None;
        }
        let value = value as i32;
        exponent = exponent.wrapping_add(if down { value.wrapping_neg() } else { value });
    }
    if rest.first().is_some_and(|&b| !is_blank(b)) {
        return None;
    }
    let mantissa = mantissa as f64;
    let power = *TEN.get(exponent.unsigned_abs() as usize)?;
    let x = if exponent < 0 { mantissa / power } else { mantissa * power };
    Some((if negative { -x } else { x }, rest, point))
}

/// Takes digits off the front; the value wraps where there are too many.
#[inline(always)]
pub(super) fn take_digits(value: &mut u64, bytes: &mut &[u8]) {
    while let [digit @ b'0'..=b'9', rest @ ..] = *bytes {
        *value = value.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')));
        *bytes = rest;
    }
}

#[cfg(test)]
mod tests;
