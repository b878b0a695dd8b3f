//! The header of a PLY.

use super::Problem;
use crate::MeshError;

/// Bytes, elements and properties beyond which a header is refused.
const MOST_BYTES: usize = 1 << 20;
const MOST_ELEMENTS: usize = 100;
const MOST_PROPERTIES: usize = 1000;

/// How the data is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    Ascii,
    LittleEndian,
    BigEndian,
}

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "char" | "int8" => Self::I8,
            "uchar" | "uint8" => Self::U8,
            "short" | "int16" => Self::I16,
            "ushort" | "uint16" => Self::U16,
            "int" | "int32" => Self::I32,
            "uint" | "uint32" => Self::U32,
            "float" | "float32" => Self::F32,
            "double" | "float64" => Self::F64,
            _ => return None,
        })
    }

    /// Bytes of a number.
    pub(super) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// A property of the things of an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Property {
    pub(super) name: String,
    /// Type of the length, if it is a list.
    pub(super) length: Option<Kind>,
    /// Type of the numbers.
    pub(super) kind: Kind,
}

/// A list of things of one sort.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) properties: Vec<Property>,
}

impl Element {
    /// The property of a name.
    pub(super) fn position(&self, names: &[&str]) -> Option<usize> {
        self.properties.iter().position(|p| names.contains(&p.name.as_str()))
    }

    /// Least bytes of one thing: its numbers and the lengths of its lists.
    pub(super) fn least_bytes(&self, encoding: Encoding) -> u64 {
        let least = |p: &Property| match encoding {
            // A digit and a blank.
            Encoding::Ascii => 2,
            _ => p.length.unwrap_or(p.kind).size() as u64,
        };
        self.properties.iter().map(least).sum()
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub(super) encoding: Encoding,
    pub(super) elements: Vec<Element>,
    /// Bytes and lines of the header.
    pub(super) bytes: usize,
    pub(super) lines: usize,
    /// What ends its lines.
    pub(super) eol: u8,
}

impl Header {
    /// Reads the header.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, MeshError> {
        let start = &bytes[..bytes.len().min(MOST_BYTES)];
        let eol = match start.iter().find(|b| matches!(b, b'\n' | b'\r')) {
            Some(b'\r') if !start.starts_with(b"ply\r\n") => b'\r',
            _ => b'\n',
        };
        let (mut encoding, mut elements) = (None, Vec::new());
        let (mut at, mut lines) = (0, 0);
        loop {
            lines += 1;
            let fail = |text: String| Problem::Syntax(text).at(lines, 0);
            let Some(end) = start[at..].iter().position(|&b| b == eol) else {
                let text = "the header has no end_header: the file is cut off or no PLY";
                return Err(fail(text.to_owned()));
            };
            let line = String::from_utf8_lossy(&start[at..at + end]);
            at += end + 1;
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("ply") if lines == 1 => {}
                _ if lines == 1 => return Err(fail("a PLY begins with the line ply".to_owned())),
                Some("format") => encoding = Some(format(words.next()).map_err(fail)?),
                Some("element") => {
                    elements.push(element(words).map_err(fail)?);
                    if elements.len() > MOST_ELEMENTS {
                        return Err(fail(format!("more than {MOST_ELEMENTS} elements")));
                    }
                }
                Some("property") => {
                    let text = "a property before the first element";
                    let element = elements.last_mut().ok_or_else(|| fail(text.to_owned()))?;
                    element.properties.push(property(words).map_err(fail)?);
                    if element.properties.len() > MOST_PROPERTIES {
                        return Err(fail(format!("more than {MOST_PROPERTIES} properties")));
                    }
                }
                Some("end_header") => {
                    let text = "the header has no line format";
                    let encoding = encoding.ok_or_else(|| fail(text.to_owned()))?;
                    return Ok(Self { encoding, elements, bytes: at, lines, eol });
                }
                Some("comment" | "obj_info") | None => {}
                Some(other) => {
                    return Err(fail(format!("found {other:?}, expected a word of a PLY header")));
                }
            }
        }
    }
}

fn format(word: Option<&str>) -> Result<Encoding, String> {
    match word {
        Some("ascii") => Ok(Encoding::Ascii),
        Some("binary_little_endian") => Ok(Encoding::LittleEndian),
        Some("binary_big_endian") => Ok(Encoding::BigEndian),
        other => Err(format!("the format {:?} is not known", other.unwrap_or_default())),
    }
}

fn element<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Element, String> {
    let name = words.next().ok_or("an element without a name")?.to_owned();
    let count = words.next().unwrap_or_default();
    let count = count
        .parse()
        .map_err(|_| format!("found {count:?}, expected how many {name} there are"))?;
    Ok(Element { name, count, properties: Vec::new() })
}

fn property<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Property, String> {
    let kind = |word: Option<&str>| {
        let word = word.unwrap_or_default();
        Kind::of(word).ok_or_else(|| format!("found {word:?}, expected a type of numbers"))
    };
    let first = words.next();
    let (length, kind) = if first == Some("list") {
        let length = kind(words.next())?;
        (Some(length), kind(words.next())?)
    } else {
        (None, kind(first)?)
    };
    let name = words.next().ok_or("a property without a name")?.to_owned();
    Ok(Property { name, length, kind })
}
