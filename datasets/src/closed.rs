//! Whether a mesh is a closed body, by its edges.

use std::collections::BTreeMap;

use platewright_mesh::TriMesh;

/// What keeps a mesh from being a closed, outward oriented body; `None` if nothing does.
///
/// Corners at the same place, as an STL holds them (single precision), count as one.
pub fn fault(mesh: &TriMesh) -> Option<String> {
    let mut places: BTreeMap<[u32; 3], usize> = BTreeMap::new();
    let at: Vec<usize> = mesh
        .vertices
        .iter()
        .map(|v| {
            // Adding 0 turns −0 into 0.
            let key = [v.x, v.y, v.z].map(|c| (c as f32 + 0.0).to_bits());
            let next = places.len();
            *places.entry(key).or_insert(next)
        })
        .collect();
    let mut edges: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        let [a, b, c] = triangle.map(|v| at[v as usize]);
        if a == b || b == c || c == a {
            return Some(format!("triangle {t} has two corners at one place"));
        }
        for edge in [(a, b), (b, c), (c, a)] {
            if edges.insert(edge, t).is_some() {
                let place = mesh.corners(t).map(|p| [p.x, p.y, p.z]);
                return Some(format!("triangle {t} at {place:.3?} repeats a directed edge"));
            }
        }
    }
    if let Some((_, t)) = edges.iter().find(|((a, b), _)| !edges.contains_key(&(*b, *a))) {
        return Some(format!("an edge of triangle {t} has no partner"));
    }
    let volume = mesh.volume();
    (volume <= 0.0).then(|| format!("its volume is {volume} mm³"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::cuboid;

    #[test]
    fn faults_are_found() {
        let good = cuboid(1.0, 2.0, 3.0);
        assert_eq!(fault(&good), None);
        let mut hole = good.clone();
        hole.triangles.pop();
        assert!(fault(&hole).is_some());
        let mut inverted = good.clone();
        inverted.triangles.iter_mut().for_each(|t| t.swap(0, 1));
        assert!(fault(&inverted).is_some());
        let mut doubled = good;
        doubled.triangles.push(doubled.triangles[0]);
        assert!(fault(&doubled).is_some());
    }
}
