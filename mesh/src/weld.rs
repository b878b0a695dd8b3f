//! Joining of vertices with exactly the same coordinates.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use nalgebra::Point3;

/// A fast hasher for coordinates; attackers gain nothing but a slow read of their own file,
/// because the multiplication spreads all bits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mix(self.0 ^ value);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

/// Spreads the bits of `x` (the finaliser of SplitMix64).
pub(crate) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Gives the same index to vertices with exactly the same coordinates, in order of first use.
#[derive(Default)]
pub(crate) struct Welder {
    index: HashMap<[u64; 3], u32, BuildHasherDefault<Mix>>,
    /// The distinct vertices.
    pub(crate) vertices: Vec<Point3<f64>>,
}

impl Welder {
    /// Makes room for `n` vertices.
    pub(crate) fn with_capacity(n: usize) -> Self {
        Self {
            index: HashMap::with_capacity_and_hasher(n, BuildHasherDefault::default()),
            vertices: Vec::with_capacity(n),
        }
    }

    /// Index of the vertex at `p`; −0 counts as 0.
    pub(crate) fn add(&mut self, p: [f64; 3]) -> u32 {
        // Adding 0 turns −0 into +0 and leaves every other number as it is.
        let p = p.map(|x| x + 0.0);
        let next = self.vertices.len() as u32;
        let index = *self.index.entry(p.map(f64::to_bits)).or_insert(next);
        if index == next {
            self.vertices.push(Point3::from(p));
        }
        index
    }
}
