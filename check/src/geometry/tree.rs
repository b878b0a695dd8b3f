//! A tree of boxes over the triangles of one part, for "how near do two parts come?".

use super::triangle_distance;
use super::vector::{Bounds, Triangle, V3};

/// Triangles in a leaf: few enough that a leaf pair is cheap, many enough that the tree is small.
const LEAF: usize = 6;

/// Triangles, sorted into a tree of boxes.
pub(crate) struct Tree {
    triangles: Vec<Triangle>,
    nodes: Vec<Node>,
}

struct Node {
    bounds: Bounds,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Leaf { start: usize, end: usize },
    Inner { left: usize, right: usize },
}

impl Tree {
    /// The tree of some triangles; halves at the median of the longest edge.
    pub(crate) fn new(mut triangles: Vec<Triangle>) -> Self {
        let mut nodes = Vec::with_capacity(triangles.len() / LEAF * 4 + 1);
        if !triangles.is_empty() {
            let end = triangles.len();
            grow(&mut triangles, 0, end, &mut nodes);
        }
        Self { triangles, nodes }
    }

    /// Box around all triangles; empty if there are none.
    pub(crate) fn bounds(&self) -> Bounds {
        self.nodes.last().map_or(Bounds::EMPTY, |root| root.bounds)
    }

    /// The triangles, in the order of the leaves.
    pub(crate) fn triangles(&self) -> &[Triangle] {
        &self.triangles
    }

    /// The triangles whose boxes come as near to a box as touching it, until `each` says no.
    pub(crate) fn each_in(&self, around: &Bounds, each: &mut dyn FnMut(&Triangle) -> bool) {
        let mut stack: Vec<usize> = self.nodes.len().checked_sub(1).into_iter().collect();
        while let Some(i) = stack.pop() {
            if self.nodes[i].bounds.distance_squared(around) > 0.0 {
                continue;
            }
            match self.nodes[i].kind {
                Kind::Leaf { start, end } => {
                    if !self.triangles[start..end].iter().all(&mut *each) {
                        return;
                    }
                }
                Kind::Inner { left, right } => stack.extend([left, right]),
            }
        }
    }

    /// Least distance of two sets of triangles if it is below `limit`, mm.
    pub(crate) fn distance_below(&self, other: &Self, limit: f64) -> Option<f64> {
        let mut best = limit.max(0.0).powi(2);
        let mut found = false;
        let mut stack = Vec::with_capacity(64);
        if let (Some(a), Some(b)) =
            (self.nodes.len().checked_sub(1), other.nodes.len().checked_sub(1))
        {
            stack.push((a, b));
        }
        while let Some((i, j)) = stack.pop() {
            let (a, b) = (&self.nodes[i], &other.nodes[j]);
            if a.bounds.distance_squared(&b.bounds) >= best {
                continue;
            }
            match (a.kind, b.kind) {
                (Kind::Leaf { start, end }, Kind::Leaf { start: from, end: to }) => {
                    let (mine, theirs) = (&self.triangles[start..end], &other.triangles[from..to]);
                    if let Some(nearer) = leaves(mine, theirs, best) {
                        (best, found) = (nearer, true);
                        if best == 0.0 {
                            break;
                        }
                    }
                }
                (Kind::Inner { left, right }, other_kind)
                    if matches!(other_kind, Kind::Leaf { .. })
                        || a.bounds.extent() >= b.bounds.extent() =>
                {
                    stack.extend([(left, j), (right, j)]);
                }
                (_, Kind::Inner { left, right }) => stack.extend([(i, left), (i, right)]),
                (Kind::Inner { left, right }, Kind::Leaf { .. }) => {
                    stack.extend([(left, j), (right, j)]);
                }
            }
        }
        found.then(|| best.sqrt())
    }
}

/// Least squared distance of two leaves, if below `best`.
fn leaves(mine: &[Triangle], theirs: &[Triangle], best: f64) -> Option<f64> {
    let mut nearest = best;
    for a in mine {
        let around = Bounds::around(std::slice::from_ref(a));
        for b in theirs {
            if around.distance_squared(&Bounds::around(std::slice::from_ref(b))) < nearest {
                nearest = nearest.min(triangle_distance::distance_squared(a, b));
            }
        }
    }
    (nearest < best).then_some(nearest)
}

/// Appends the nodes of `triangles[start..end]`, children first; answers the node's index.
fn grow(triangles: &mut [Triangle], start: usize, end: usize, nodes: &mut Vec<Node>) -> usize {
    let part = &mut triangles[start..end];
    let bounds = Bounds::around(part);
    let kind = if part.len() <= LEAF {
        Kind::Leaf { start, end }
    } else {
        let size: V3 = std::array::from_fn(|k| bounds.max[k] - bounds.min[k]);
        let axis = if size[0] >= size[1] && size[0] >= size[2] {
            0
        } else if size[1] >= size[2] {
            1
        } else {
            2
        };
        let middle = part.len() / 2;
        let centre = |t: &Triangle| t[0][axis] + t[1][axis] + t[2][axis];
        part.select_nth_unstable_by(middle, |a, b| centre(a).total_cmp(&centre(b)));
        let left = grow(triangles, start, start + middle, nodes);
        let right = grow(triangles, start + middle, end, nodes);
        Kind::Inner { left, right }
    };
    nodes.push(Node { bounds, kind });
    nodes.len() - 1
}

/// The twelve triangles of a box's surface, seen from outside counter-clockwise.
pub(crate) fn box_triangles(bounds: &Bounds) -> Vec<Triangle> {
    let corner = |k: usize| -> V3 {
        std::array::from_fn(|d| if k >> d & 1 == 0 { bounds.min[d] } else { bounds.max[d] })
    };
    [
        [0, 2, 3],
        [0, 3, 1],
        [4, 5, 7],
        [4, 7, 6],
        [0, 1, 5],
        [0, 5, 4],
        [2, 6, 7],
        [2, 7, 3],
        [0, 4, 6],
        [0, 6, 2],
        [1, 3, 7],
        [1, 7, 5],
    ]
    .into_iter()
    .map(|t: [usize; 3]| t.map(corner))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(min: V3, max: V3) -> Tree {
        Tree::new(box_triangles(&Bounds { min, max }))
    }

    #[test]
    fn boxes_apart_are_as_far_as_their_faces() {
        let a = tree([0.0; 3], [10.0; 3]);
        let b = tree([12.5, 2.0, 3.0], [14.0, 4.0, 5.0]);
        assert_eq!(a.distance_below(&b, 3.0), Some(2.5));
        assert_eq!(b.distance_below(&a, 2.5), None);
        assert_eq!(a.distance_below(&Tree::new(Vec::new()), 1e9), None);
    }

    #[test]
    fn the_tree_agrees_with_all_pairs() {
        let mut state = 3_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f64 / (1_u64 << 24) as f64
        };
        let mut cloud = |shift: f64| -> Vec<Triangle> {
            (0..120)
                .map(|_| {
                    let at: V3 = std::array::from_fn(|_| 10.0 * random());
                    std::array::from_fn(|_| {
                        std::array::from_fn(|k| at[k] + random() + shift * f64::from(k == 1))
                    })
                })
                .collect()
        };
        for shift in [0.0, 9.5, 11.0, 14.0] {
            let (a, b) = (cloud(0.0), cloud(shift));
            let slow = a
                .iter()
                .flat_map(|s| b.iter().map(|t| triangle_distance::distance_squared(s, t)))
                .fold(f64::INFINITY, f64::min)
                .sqrt();
            let (a, b) = (Tree::new(a), Tree::new(b));
            assert_eq!(a.distance_below(&b, 100.0), Some(slow));
            assert_eq!(a.distance_below(&b, slow * (1.0 - 1e-12)), None);
        }
    }
}
