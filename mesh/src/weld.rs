//! Joining of vertices with exactly the same coordinates.

use std::hash::{BuildHasher, RandomState};

use nalgebra::Point3;

/// Spreads the bits of `x` (the finaliser of SplitMix64).
pub(crate) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A table is never smaller than 2 to this.
const LEAST_BITS: u32 = 8;

/// Gives the same index to vertices with exactly the same coordinates, in order of first use.
///
/// A table of indices with open addressing: 4 bytes a slot, half to three quarters full, the
/// coordinates are looked up in the vertices themselves. The hash is keyed anew for each welder,
/// so that no file can be made whose vertices all collide; results do not depend on the key.
pub(crate) struct Welder {
    /// Index of a vertex and 1; 0 for a free slot.
    slots: Vec<u32>,
    /// By how much a hash is shifted to give a slot.
    shift: u32,
    key: [u64; 3],
    /// The distinct vertices.
    pub(crate) vertices: Vec<Point3<f64>>,
}

impl Welder {
    /// Makes room for `n` vertices.
    pub(crate) fn with_capacity(n: usize) -> Self {
        let bits = (n.saturating_mul(4) / 3).max(1).ilog2().max(LEAST_BITS - 1) + 1;
        let random = RandomState::new();
        Self {
            slots: vec![0; 1 << bits],
            shift: 64 - bits,
            key: [1, 2, 3].map(|k| random.hash_one(k)),
            vertices: Vec::with_capacity(n),
        }
    }

    /// Index of the vertex at `p`; −0 counts as 0.
    pub(crate) fn add(&mut self, p: [f64; 3]) -> u32 {
        self.add_all(&[p])[0]
    }

    /// Indices of the vertices at `points`; −0 counts as 0.
    ///
    /// The slots of all points are fetched before the first is compared, so that the misses of
    /// the cache overlap.
    #[inline]
    pub(crate) fn add_all<const N: usize>(&mut self, points: &[[f64; 3]; N]) -> [u32; N] {
        self.reserve(N);
        // Adding 0 turns −0 into +0 and leaves every other number as it is.
        let points = points.map(|point| point.map(|x| (x + 0.0).to_bits()));
        let mut slot = [0_usize; N];
        let mut found = [0_u32; N];
        for ((point, slot), found) in points.iter().zip(&mut slot).zip(&mut found) {
            *slot = self.slot_of(point);
            *found = self.slots[*slot];
        }
        let mut index = [0; N];
        let places = slot.iter().zip(&found);
        for ((point, (&slot, &found)), index) in points.iter().zip(places).zip(&mut index) {
            // Most vertices are there already, in their first slot.
            *index = match self.vertices.get(found.wrapping_sub(1) as usize) {
                Some(vertex) if same(vertex, point) => found.wrapping_sub(1),
                _ => self.find_or_add(point, slot),
            };
        }
        index
    }

    /// Looks for a vertex from its first slot on, and adds it where it is not found.
    fn find_or_add(&mut self, point: &[u64; 3], mut slot: usize) -> u32 {
        loop {
            let found = self.slots[slot];
            if found == 0 {
                let next = self.vertices.len() as u32;
                self.vertices.push(Point3::from(point.map(f64::from_bits)));
                self.slots[slot] = next.wrapping_add(1);
                return next;
            }
            if same(&self.vertices[found.wrapping_sub(1) as usize], point) {
                return found.wrapping_sub(1);
            }
            slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
        }
    }

    /// The first slot of a point. Two wide multiplications, folded, as in wyhash and foldhash.
    #[inline(always)]
    fn slot_of(&self, &[x, y, z]: &[u64; 3]) -> usize {
        let hash = folded(x ^ self.key[0], y ^ self.key[1]);
        let hash = folded(hash ^ z, self.key[2] | 1);
        (hash >> self.shift) as usize
    }

    /// Makes room for `n` more vertices; at most three quarters of the slots are in use.
    #[inline(always)]
    fn reserve(&mut self, n: usize) {
        let wanted = self.vertices.len().wrapping_add(n);
        if wanted > self.slots.len() / 4 * 3 {
            self.grow(wanted);
        }
    }

    #[cold]
    fn grow(&mut self, wanted: usize) {
        let bits = (wanted * 4 / 3).ilog2() + 1;
        self.shift = 64 - bits;
        self.slots = vec![0; 1 << bits];
        for (vertex, next) in self.vertices.iter().zip(1..) {
            let mut slot = self.slot_of(&vertex.coords.map(f64::to_bits).into());
            while self.slots[slot] != 0 {
                slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
            }
            self.slots[slot] = next;
        }
    }
}

/// Whether all three coordinates are the same, in one comparison: which one differs cannot be
/// foreseen.
#[inline(always)]
fn same(vertex: &Point3<f64>, [x, y, z]: &[u64; 3]) -> bool {
    (vertex.x.to_bits() ^ x) | (vertex.y.to_bits() ^ y) | (vertex.z.to_bits() ^ z) == 0
}

#[inline(always)]
fn folded(a: u64, b: u64) -> u64 {
    let wide = u128::from(a).wrapping_mul(u128::from(b));
    (wide as u64) ^ (wide >> 64) as u64
}

#[cfg(test)]
mod tests;
