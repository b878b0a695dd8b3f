//! Slices of objects: references between stacks checked and resolved.

use super::ReadSlices;
use super::package::Package;
use super::part::{Kind, Required};
use super::slices::{FileSlice, Stack};
use super::{ReadSlice, opc};
use crate::MeshError;

impl Package {
    /// Checks the slice stacks of a part and the uses of them by its objects.
    pub(super) fn check_slices(&self, p: usize) -> Result<(), MeshError> {
        let part = &self.parts[p];
        for (id, stack) in &part.stacks {
            let mut below = stack.bottom;
            for (path, other) in &stack.references {
                let target = self.part_of(p, Some(path));
                let name = opc::resolve("", path).unwrap_or_default();
                if name == self.name(p) {
                    let text = format!("slice stack {id} refers to its own part; slices go there");
                    return Err(self.broken(p, &text));
                }
                let Some(found) = self.parts[target].stacks.get(other) else {
                    let text = format!("slice stack {other} of {path:?} is not there");
                    return Err(self.broken(p, &text));
                };
                if !found.references.is_empty() {
                    let text = format!("slice stack {other} of {path:?} refers on to others");
                    return Err(self.broken(p, &text));
                }
                if let (Some(first), Some(last)) = (found.slices.first(), found.slices.last()) {
                    if first.top < below {
                        let (top, text) = (first.top, "slices must rise");
                        let text = format!("ztop {top} of {path:?} is below {below}; {text}");
                        return Err(self.broken(p, &text));
                    }
                    below = last.top;
                }
            }
        }
        for (id, object) in &part.objects {
            if object.is_rough && !part.required.contains(&Required::Slice) {
                let text = format!(
                    "the mesh of object {id} is rough (lowres), but the slice extension is not \
                     required; require it"
                );
                return Err(self.broken(p, &text));
            }
            let Some((path, stack)) = &object.slices else { continue };
            let target = self.part_of(p, path.as_deref());
            let Some(found) = self.parts[target].stacks.get(stack) else {
                return Err(self.broken(p, &format!("slice stack {stack} is not there")));
            };
            if !matches!(object.kind, Kind::Model | Kind::SolidSupport) {
                continue;
            }
            if let Some(open) = self.resolved(target, found).find_map(|s| s.open) {
                let text = format!(
                    "slice {open} of stack {stack} has a polygon that does not close; the slices \
                     of a body must"
                );
                return Err(self.broken(target, &text));
            }
        }
        Ok(())
    }

    /// A stack, or the stacks it is made of.
    fn resolved<'a>(
        &'a self,
        part: usize,
        stack: &'a Stack,
    ) -> impl Iterator<Item = &'a Stack> + 'a {
        let others = stack.references.iter().filter_map(move |(path, id)| {
            self.parts[self.part_of(part, Some(path))].stacks.get(id)
        });
        others.chain(stack.references.is_empty().then_some(stack))
    }

    /// The slices of all objects that have some, mm.
    pub(super) fn slices(&self) -> Vec<ReadSlices> {
        let scale = self.unit().in_mm();
        let mut all = Vec::new();
        for (p, part) in self.parts.iter().enumerate() {
            for (id, object) in &part.objects {
                let Some((path, stack)) = &object.slices else { continue };
                let target = self.part_of(p, path.as_deref());
                let Some(stack) = self.parts[target].stacks.get(stack) else { continue };
                let slices = self.resolved(target, stack).flat_map(|s| &s.slices);
                all.push(ReadSlices {
                    object: *id,
                    name: object.name.clone(),
                    bottom_mm: stack.bottom * scale,
                    slices: slices.map(|s| to_mm(s, scale)).collect(),
                });
            }
        }
        all
    }
}

fn to_mm(slice: &FileSlice, scale: f64) -> ReadSlice {
    let points = |p| slice.points(p).into_iter().map(|p| p.map(|x| x * scale)).collect();
    ReadSlice { top_mm: slice.top * scale, polygons: slice.polygons.iter().map(points).collect() }
}
