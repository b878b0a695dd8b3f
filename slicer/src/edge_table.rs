//! Edges by their ends, found by hashing.

use std::hash::{BuildHasher, RandomState};

use crate::triangles::Vertex;

/// Edges by their ends: open addressing, at most half full.
#[derive(Debug)]
pub(crate) struct EdgeTable<V> {
    /// In the lower bits the number of an edge and 1, in the others a part of its hash; 0 for a
    /// free slot. So a slot is 4 bytes, and the table stays in a core's own cache.
    slots: Vec<u32>,
    /// The ends of each edge, the lower first.
    ends: Vec<[V; 2]>,
    /// There are 2 to the power of this slots.
    bits: u32,
    /// Anew for each table, so that no file can be made whose edges all collide; results do not
    /// depend on it.
    key: u64,
}

impl<V> Default for EdgeTable<V> {
    fn default() -> Self {
        let key = RandomState::new().hash_one(1);
        Self { slots: Vec::new(), ends: Vec::new(), bits: 0, key }
    }
}

impl<V: Vertex> EdgeTable<V> {
    /// Empties the table and makes room for the edges of `n` triangles.
    pub(crate) fn clear(&mut self, n: usize) {
        // A closed surface has one and a half times as many edges as triangles.
        self.bits = (n.max(64) * 3).next_power_of_two().ilog2();
        self.slots.clear();
        self.slots.resize(1 << self.bits, 0);
        self.ends.clear();
    }

    /// The ends of an edge, the lower first.
    pub(crate) fn ends(&self, edge: u32) -> [V; 2] {
        self.ends[edge as usize]
    }

    /// The hash of an end.
    #[inline(always)]
    pub(crate) fn hash_of(&self, end: V) -> u64 {
        end.hash(self.key)
    }

    /// What is in the slot that the search for an edge begins at: to be asked for many edges
    /// before the first is looked for, so that the waits for memory overlap.
    #[inline(always)]
    pub(crate) fn touch(&self, hash: u64) -> u32 {
        self.slots[self.first(hash) & self.slots.len().wrapping_sub(1)]
    }

    /// Number of the edge between two ends, which is that of the next new edge if it is not there
    /// yet.
    #[inline(always)]
    pub(crate) fn find_or_insert(&mut self, ends: [V; 2], hash: u64) -> u32 {
        let number_bits = 1_u32.wrapping_shl(self.bits).wrapping_sub(1);
        let part = hash as u32 & !number_bits;
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = self.first(hash);
        loop {
            let known = self.slots[slot & mask];
            if known == 0 {
                break;
            }
            let number = (known & number_bits).wrapping_sub(1);
            if known & !number_bits == part && self.ends[number as usize] == ends {
                return number;
            }
            slot = slot.wrapping_add(1);
        }
        let new = self.ends.len() as u32;
        self.slots[slot & mask] = part | new.wrapping_add(1);
        self.ends.push(ends);
        if self.ends.len() > self.slots.len() / 2 {
            self.grow();
        }
        new
    }

    /// The slot at which the search for an edge begins.
    #[inline(always)]
    fn first(&self, hash: u64) -> usize {
        (hash >> (64 - self.bits)) as usize
    }

    #[cold]
    fn grow(&mut self) {
        self.bits += 1;
        self.slots = vec![0; self.slots.len() * 2];
        let mask = self.slots.len() - 1;
        let number_bits = 1_u32.wrapping_shl(self.bits).wrapping_sub(1);
        for (ends, number) in self.ends.iter().zip(1..) {
            let hash = edge_hash(self.hash_of(ends[0]), self.hash_of(ends[1]));
            let mut slot = self.first(hash);
            while self.slots[slot & mask] != 0 {
                slot = slot.wrapping_add(1);
            }
            self.slots[slot & mask] = hash as u32 & !number_bits | number;
        }
    }
}

/// The hash of an edge by those of its lower and its higher end.
#[inline(always)]
pub(crate) fn edge_hash(low: u64, high: u64) -> u64 {
    low.rotate_left(29) ^ high
}
