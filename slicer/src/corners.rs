//! Corners of the same coordinates, found by hashing.

use std::hash::{BuildHasher, RandomState};

/// Vertices by their coordinates: open addressing, at most half full.
#[derive(Debug, Default)]
pub(crate) struct Corners {
    /// Coordinates as bits, and the number of the vertex and 1; 0 for a free slot.
    slots: Vec<([u32; 3], u32)>,
    used: usize,
    /// Anew for each table, so that no file can be made whose vertices all collide; results do
    /// not depend on it.
    key: u64,
}

/// Slots of the smallest table.
const LEAST: usize = 256;

impl Corners {
    /// Makes room for `n` more vertices.
    #[inline(always)]
    pub(crate) fn reserve(&mut self, n: usize) {
        while self.used + n > self.slots.len() / 2 {
            self.grow();
        }
    }

    /// The slot at which the search for a corner begins: to be asked for many corners before the
    /// first is looked for, so that the waits for memory overlap. Room must have been made.
    #[inline(always)]
    pub(crate) fn first(&self, corner: &[f32; 3]) -> usize {
        self.slot_of(corner.map(f32::to_bits))
    }

    /// Number of the vertex at these coordinates, which is `new` if there is none yet; looked for
    /// from its first slot on. Not for −0, whose bits are not those of 0.
    #[inline(always)]
    pub(crate) fn find_or_insert(&mut self, corner: &[f32; 3], mut slot: usize, new: u32) -> u32 {
        let bits = corner.map(f32::to_bits);
        let mask = self.slots.len().wrapping_sub(1);
        loop {
            let (found, number) = self.slots[slot];
            // One comparison: which coordinate differs cannot be foreseen.
            let same = (found[0] ^ bits[0]) | (found[1] ^ bits[1]) | (found[2] ^ bits[2]) == 0;
            if number != 0 && same {
                return number.wrapping_sub(1);
            }
            if number == 0 {
                self.slots[slot] = (bits, new.wrapping_add(1));
                self.used = self.used.wrapping_add(1);
                return new;
            }
            slot = slot.wrapping_add(1) & mask;
        }
    }

    /// The first slot of a corner: a wide multiplication, folded, as in wyhash.
    #[inline(always)]
    fn slot_of(&self, [x, y, z]: [u32; 3]) -> usize {
        let low = u64::from(x) << 32 | u64::from(y);
        let wide = u128::from(low ^ self.key)
            .wrapping_mul(u128::from(u64::from(z) ^ 0x9e37_79b9_7f4a_7c15 ^ self.key >> 7));
        ((wide as u64) ^ (wide >> 64) as u64) as usize & self.slots.len().wrapping_sub(1)
    }

    #[cold]
    fn grow(&mut self) {
        if self.slots.is_empty() {
            self.key = RandomState::new().hash_one(1);
        }
        let larger = vec![([0; 3], 0); (self.slots.len() * 2).max(LEAST)];
        for (bits, number) in std::mem::replace(&mut self.slots, larger) {
            if number != 0 {
                let mut slot = self.slot_of(bits);
                while self.slots[slot].1 != 0 {
                    slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
                }
                self.slots[slot] = (bits, number);
            }
        }
    }
}
