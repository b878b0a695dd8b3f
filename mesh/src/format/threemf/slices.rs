//! Slice stacks of the slice extension: parsed, checked, and handed on as data.

use super::attributes::Attributes;
use super::names::Name;

/// A stack of slices of a part.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stack {
    /// Where the first slice begins, in the unit of the file.
    pub(super) bottom: f64,
    pub(super) slices: Vec<FileSlice>,
    /// Stacks of other parts that make it up, by path and id.
    pub(super) references: Vec<(String, u32)>,
    /// The first slice with a polygon that does not close.
    pub(super) open: Option<usize>,
}

/// A slice in the unit of its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FileSlice {
    pub(super) top: f64,
    vertices: Vec<[f64; 2]>,
    pub(super) polygons: Vec<Polygon>,
}

/// Corners of a polygon as indices; the last repeats the first where it closes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Polygon {
    corners: Vec<u32>,
}

impl FileSlice {
    /// The corners of a polygon; a closed one does not repeat its first.
    pub(super) fn points(&self, polygon: &Polygon) -> Vec<[f64; 2]> {
        let corners = match &polygon.corners[..] {
            [head @ .., last] if polygon.closes() && !head.is_empty() => {
                debug_assert_eq!(Some(last), head.first());
                head
            }
            all => all,
        };
        corners.iter().map(|&v| self.vertices[v as usize]).collect()
    }
}

impl Polygon {
    fn closes(&self) -> bool {
        self.corners.len() > 1 && self.corners.first() == self.corners.last()
    }
}

impl Stack {
    /// A stack without slices yet.
    pub(super) fn begin(a: &Attributes) -> Result<Self, String> {
        let bottom = if a.get("zbottom").is_some() { coordinate(a, "zbottom")? } else { 0.0 };
        Ok(Self { bottom, ..Self::default() })
    }

    /// Takes an element of the stack.
    pub(super) fn open(&mut self, name: Name, a: &Attributes) -> Result<(), String> {
        match name {
            Name::SliceRef => {
                if !self.slices.is_empty() {
                    return Err("a slice stack has slices and references; keep one".to_owned());
                }
                let path = a.needed("slicepath")?.to_owned();
                self.references.push((path, a.id("slicestackid")?));
            }
            Name::Slice => {
                if !self.references.is_empty() {
                    return Err("a slice stack has slices and references; keep one".to_owned());
                }
                let top = coordinate(a, "ztop")?;
                let below = self.slices.last().map_or(self.bottom, |s| s.top);
                // A first slice without thickness is common and harmless.
                let rises = if self.slices.is_empty() { top >= below } else { top > below };
                if !rises {
                    return Err(format!("ztop {top} is not above {below}; slices must rise"));
                }
                self.slices.push(FileSlice { top, ..FileSlice::default() });
            }
            Name::SliceVertex => {
                let p = [coordinate(a, "x")?, coordinate(a, "y")?];
                self.last()?.vertices.push(p);
            }
            Name::Polygon => {
                let first = self.corner(a, "startv")?;
                self.last()?.polygons.push(Polygon { corners: vec![first] });
            }
            Name::Segment => {
                let next = self.corner(a, "v2")?;
                let polygon = self.last()?.polygons.last_mut().ok_or("no polygon is open")?;
                if polygon.corners.last() == Some(&next) {
                    return Err(format!("a segment runs from vertex {next} to itself"));
                }
                polygon.corners.push(next);
            }
            _ => {}
        }
        Ok(())
    }

    /// A polygon ends.
    pub(super) fn close_polygon(&mut self) -> Result<(), String> {
        let number = self.slices.len();
        let polygon = self.last()?.polygons.last().ok_or("no polygon is open")?;
        if polygon.corners.len() < 2 {
            return Err("a polygon has no segment".to_owned());
        }
        if !polygon.closes() {
            self.open.get_or_insert(number);
        }
        Ok(())
    }

    fn last(&mut self) -> Result<&mut FileSlice, String> {
        self.slices.last_mut().ok_or_else(|| "no slice is open".to_owned())
    }

    fn corner(&mut self, a: &Attributes, name: &str) -> Result<u32, String> {
        let index = a.index(name)?.ok_or_else(|| format!("attribute {name} is missing"))?;
        let count = self.last()?.vertices.len();
        if index as usize >= count {
            return Err(format!("vertex {index} of a slice is out of range, there are {count}"));
        }
        Ok(index)
    }
}

fn coordinate(a: &Attributes, name: &str) -> Result<f64, String> {
    let x = a.number(name)?;
    if x.is_finite() { Ok(x) } else { Err(format!("attribute {name} is {x}")) }
}
