//! Layouts of boxes, checked in whole numbers.

use platewright_model::boxes::{BoxLayout, BoxProblem, PlacedBox};

/// What is wrong with a layout of boxes. Indices count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoxFault {
    /// A kind that is not there.
    #[error("an entry of container {container} or of what is left names kind {kind}")]
    NoSuchKind {
        /// Index of the container; the number of containers for what is left.
        container: usize,
        /// The kind it names.
        kind: usize,
    },
    /// Boxes are missing, or there are too many.
    #[error("kind {kind} is placed {found} times and left {left} times, of {copies} boxes")]
    Copies {
        /// Index of the kind.
        kind: usize,
        /// Boxes in containers.
        found: u64,
        /// Boxes told as left over.
        left: u64,
        /// Boxes there are.
        copies: u32,
    },
    /// More containers than there are.
    #[error("{used} containers are used, but only {stock} are in stock")]
    Stock {
        /// Containers in the layout.
        used: usize,
        /// Containers there are.
        stock: u32,
    },
    /// A box that lies in a way that it must not.
    #[error("box {placed} in container {container} lies in a way that is not allowed")]
    Way {
        /// Index of the container.
        container: usize,
        /// Index of the box in it.
        placed: usize,
    },
    /// A box that sticks out.
    #[error("box {placed} sticks out of container {container}")]
    Outside {
        /// Index of the container.
        container: usize,
        /// Index of the box in it.
        placed: usize,
    },
    /// Two boxes that overlap.
    #[error("boxes {one} and {other} in container {container} overlap")]
    Overlap {
        /// Index of the container.
        container: usize,
        /// Index of one.
        one: usize,
        /// Index of the other.
        other: usize,
    },
}

/// Everything that is wrong with a layout; nothing if every box is there or told as left over, lies
/// in a way that is allowed within its container, and overlaps no other.
pub fn check_boxes(problem: &BoxProblem, layout: &BoxLayout) -> Vec<BoxFault> {
    let mut faults = Vec::new();
    let mut found = vec![0_u64; problem.boxes.len()];
    let mut left = found.clone();
    for (container, placed) in layout.containers.iter().enumerate() {
        for one in placed {
            match found.get_mut(one.kind) {
                Some(found) => *found += 1,
                None => faults.push(BoxFault::NoSuchKind { container, kind: one.kind }),
            }
        }
    }
    for (kind, copies) in &layout.left {
        let container = layout.containers.len();
        match left.get_mut(*kind) {
            Some(left) => *left += u64::from(*copies),
            None => faults.push(BoxFault::NoSuchKind { container, kind: *kind }),
        }
    }
    for (kind, given) in problem.boxes.iter().enumerate() {
        let (found, left, copies) = (found[kind], left[kind], given.copies);
        if found + left != u64::from(copies) {
            faults.push(BoxFault::Copies { kind, found, left, copies });
        }
    }
    let used = layout.containers.len();
    if let Some(stock) = problem.stock.filter(|stock| used > *stock as usize) {
        faults.push(BoxFault::Stock { used, stock });
    }
    for (container, placed) in layout.containers.iter().enumerate() {
        places(problem, container, placed, &mut faults);
    }
    faults
}

/// Ways, walls and overlaps in one container.
fn places(
    problem: &BoxProblem,
    container: usize,
    placed: &[PlacedBox],
    faults: &mut Vec<BoxFault>,
) {
    // Least and greatest corner of each box that is there and lies as it may.
    let mut corners: Vec<Option<[[u64; 3]; 2]>> = Vec::new();
    for (k, one) in placed.iter().enumerate() {
        let Some(kind) = problem.boxes.get(one.kind) else {
            corners.push(None);
            continue;
        };
        let mut sorted = one.edges;
        sorted.sort_unstable();
        let drawn = !kind.upright.contains(&true);
        let allowed = sorted == [0, 1, 2]
            && if drawn { one.edges == [0, 1, 2] } else { kind.upright[one.edges[2]] };
        if !allowed {
            faults.push(BoxFault::Way { container, placed: k });
            corners.push(None);
            continue;
        }
        let low = one.at.map(u64::from);
        let high = [0, 1, 2].map(|axis| low[axis] + u64::from(kind.size[one.edges[axis]]));
        if (0..3).any(|axis| high[axis] > u64::from(problem.container[axis])) {
            faults.push(BoxFault::Outside { container, placed: k });
        }
        corners.push(Some([low, high]));
    }
    for (one, a) in corners.iter().enumerate() {
        for (other, b) in corners.iter().enumerate().skip(one + 1) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            if (0..3).all(|axis| a[0][axis] < b[1][axis] && b[0][axis] < a[1][axis]) {
                faults.push(BoxFault::Overlap { container, one, other });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use platewright_model::boxes::BoxKind;

    use super::*;

    #[test]
    fn sound_layouts_pass_and_every_fault_is_told() {
        let kind = BoxKind { name: String::new(), size: [2, 3, 4], copies: 2, upright: [true; 3] };
        let mut problem =
            BoxProblem { container: [4, 3, 4], boxes: vec![kind], ..BoxProblem::default() };
        let at = |x| PlacedBox { kind: 0, edges: [0, 1, 2], at: [x, 0, 0] };
        let mut layout = BoxLayout { containers: vec![vec![at(0), at(2)]], left: Vec::new() };
        assert_eq!(check_boxes(&problem, &layout), []);
        layout.containers[0][1].at[0] = 1;
        let overlap = BoxFault::Overlap { container: 0, one: 0, other: 1 };
        assert_eq!(check_boxes(&problem, &layout), [overlap]);
        layout.containers[0][1].at[0] = 3;
        assert_eq!(check_boxes(&problem, &layout), [BoxFault::Outside { container: 0, placed: 1 }]);
        layout.containers[0].pop();
        let copies = BoxFault::Copies { kind: 0, found: 1, left: 0, copies: 2 };
        assert_eq!(check_boxes(&problem, &layout), [copies]);
        layout.left = vec![(0, 1)];
        assert_eq!(check_boxes(&problem, &layout), []);
        layout.left.push((1, 1));
        assert_eq!(
            check_boxes(&problem, &layout),
            [BoxFault::NoSuchKind { container: 1, kind: 1 }]
        );
        layout.left.pop();
        problem.stock = Some(0);
        assert_eq!(check_boxes(&problem, &layout), [BoxFault::Stock { used: 1, stock: 0 }]);
        problem.stock = None;
        problem.boxes[0].upright = [true, false, false];
        assert_eq!(check_boxes(&problem, &layout), [BoxFault::Way { container: 0, placed: 0 }]);
    }
}
