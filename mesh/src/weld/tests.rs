//! Tests of welding, against a sorted map.

use std::collections::BTreeMap;

use super::*;
use crate::fixtures::Dice;

#[test]
fn indices_are_those_of_first_use() {
    let mut dice = Dice(3);
    for capacity in [0, 10, 100_000] {
        let mut welder = Welder::with_capacity(capacity);
        let mut known = BTreeMap::new();
        let mut corner = || [0; 3].map(|_| f64::from((dice.roll() * 20.0) as u32) / 8.0 - 1.0);
        for round in 0..3000 {
            let batch: [[f64; 3]; 7] = std::array::from_fn(|_| corner());
            let index =
                if round % 2 == 0 { welder.add_all(&batch) } else { batch.map(|p| welder.add(p)) };
            for (p, index) in batch.iter().zip(index) {
                let next = known.len() as u32;
                assert_eq!(*known.entry(p.map(|x| (x + 0.0).to_bits())).or_insert(next), index);
                assert_eq!(welder.vertices[index as usize], Point3::from(*p));
            }
        }
        assert_eq!(welder.vertices.len(), known.len());
    }
}

#[test]
fn minus_zero_is_zero_and_neighbours_of_numbers_stay_apart() {
    let mut welder = Welder::with_capacity(0);
    assert_eq!(welder.add_all(&[[-0.0, 0.0, -0.0], [0.0, -0.0, 0.0]]), [0, 0]);
    assert!(welder.vertices[0].iter().all(|x| x.is_sign_positive()));
    let next = 1.0_f64.next_up();
    assert_eq!(welder.add_all(&[[1.0, 0.0, 0.0], [next, 0.0, 0.0], [1.0, 0.0, 0.0]]), [1, 2, 1]);
}

#[test]
fn regular_points_do_not_cluster() {
    // Grids, diagonals and single axes, as CAD makes them: runs of taken slots stay short.
    let grids: [fn(u32) -> [f64; 3]; 4] = [
        |i| [f64::from(i % 40), f64::from(i / 40 % 40), f64::from(i / 1600)],
        |i| [f64::from(i); 3],
        |i| [0.0, 0.0, f64::from(i) * 1e-3],
        |i| [f64::from(i as f32 * 0.1), 0.0, 1e30],
    ];
    for point in grids {
        let mut welder = Welder::with_capacity(0);
        for i in 0..60_000 {
            welder.add(point(i));
        }
        let longest = welder.slots.split(|&s| s == 0).map(<[u32]>::len).max().unwrap();
        assert!(longest < 300, "{longest}");
    }
}
