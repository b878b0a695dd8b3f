//! In which order parts are drawn out of the powder, and which are interlocked.
//!
//! Each part leaves along one of six ways, past all that is still there: the directional blocking
//! graph of assembly planning (Wilson and Latombe 1994, doi:10.1016/0004-3702(94)90048-5), held
//! for six directions and taken apart greedily. What can leave stays able to leave when others
//! have left, so that greed finds an order if there is one.

use std::collections::BinaryHeap;

use platewright_model::geometry::Way;

/// Number of ways; they are numbered as in [`Way::ALL`].
const WAYS: usize = Way::ALL.len();

/// Most interlocked parts that are tried each time one must be pulled out.
const MOST_TRIED: usize = 64;

/// The way opposite to a way.
fn back(way: usize) -> usize {
    way ^ 1
}

/// Which parts are in the way of which.
#[derive(Clone, Debug)]
pub(crate) struct Blocking {
    parts: usize,
    /// Words of a row.
    words: usize,
    /// By way and part: the parts in its way.
    met: Vec<u64>,
}

/// What taking apart came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TakenApart {
    /// Parts and their ways, in the order in which they leave.
    pub(crate) order: Vec<(usize, Way)>,
    /// Parts of which none can leave before another one, ascending.
    pub(crate) stuck: Vec<usize>,
}

impl Blocking {
    /// So many parts, none in the way of another.
    pub(crate) fn new(parts: usize) -> Self {
        let words = parts.div_ceil(64);
        Self { parts, words, met: vec![0; WAYS * parts * words] }
    }

    /// One part meets another on its way; the other one meets it on the way back.
    pub(crate) fn block(&mut self, way: Way, one: usize, other: usize) {
        let way = way as usize;
        for (way, one, other) in [(way, one, other), (back(way), other, one)] {
            self.met[(way * self.parts + one) * self.words + other / 64] |= 1 << (other % 64);
        }
    }

    fn row(&self, way: usize, part: usize) -> &[u64] {
        let at = (way * self.parts + part) * self.words;
        &self.met[at..at + self.words]
    }

    /// Takes parts out while any can leave, those of the greatest rank first.
    pub(crate) fn take_apart(&self, rank: &[usize]) -> TakenApart {
        let mut leaving = Leaving::new(self, rank);
        leaving.go_on();
        leaving.told()
    }

    /// The same, but parts that are stuck are pulled out until all others can leave, each time the
    /// one that lets most others go, of these the least in `size`; they are told, too.
    pub(crate) fn take_apart_by_force(
        &self,
        rank: &[usize],
        size: impl Fn(usize) -> u64,
    ) -> (TakenApart, Vec<usize>) {
        let mut leaving = Leaving::new(self, rank);
        let mut pulled = Vec::new();
        loop {
            leaving.go_on();
            let stuck: Vec<usize> = (0..self.parts).filter(|&part| leaving.here[part]).collect();
            let still_stuck = |part: usize| {
                let mut without = leaving.clone();
                without.leave(part);
                without.go_on();
                without.here.iter().filter(|here| **here).count()
            };
            let tried = stuck.iter().take(MOST_TRIED);
            let Some((.., best)) = tried.map(|&p| (still_stuck(p), size(p), p)).min() else {
                break;
            };
            pulled.push(best);
            leaving.leave(best);
        }
        (leaving.told(), pulled)
    }
}

/// Parts that leave.
#[derive(Clone)]
struct Leaving<'a> {
    blocking: &'a Blocking,
    rank: &'a [usize],
    here: Vec<bool>,
    /// By way and part: how many that are still here it meets.
    meets: Vec<u32>,
    /// Parts that could leave, by rank.
    ready: BinaryHeap<(usize, usize)>,
    order: Vec<(usize, usize)>,
}

impl<'a> Leaving<'a> {
    fn new(blocking: &'a Blocking, rank: &'a [usize]) -> Self {
        let parts = blocking.parts;
        let rows = (0..WAYS).flat_map(|way| (0..parts).map(move |part| (way, part)));
        let meets: Vec<u32> = rows
            .map(|(way, part)| blocking.row(way, part).iter().map(|w| w.count_ones()).sum())
            .collect();
        let mut leaving = Self {
            blocking,
            rank,
            here: vec![true; parts],
            meets,
            ready: BinaryHeap::new(),
            order: Vec::new(),
        };
        let ready = (0..parts).filter(|&part| leaving.way(part).is_some());
        leaving.ready = ready.map(|part| (rank[part], part)).collect();
        leaving
    }

    /// A way along which a part can leave.
    fn way(&self, part: usize) -> Option<usize> {
        (0..WAYS).find(|way| self.meets[way * self.blocking.parts + part] == 0)
    }

    fn go_on(&mut self) {
        while let Some((_, part)) = self.ready.pop() {
            if !self.here[part] {
                continue;
            }
            let way = self.way(part).expect("what could leave still can");
            self.order.push((part, way));
            self.leave(part);
        }
    }

    fn leave(&mut self, gone: usize) {
        self.here[gone] = false;
        for way in 0..WAYS {
            // Those that it meets on the way back are those that meet it on this way.
            for (word, bits) in self.blocking.row(back(way), gone).iter().enumerate() {
                let mut bits = *bits;
                while bits != 0 {
                    let part = word * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    let meets = &mut self.meets[way * self.blocking.parts + part];
                    *meets -= 1;
                    if *meets == 0 && self.here[part] {
                        self.ready.push((self.rank[part], part));
                    }
                }
            }
        }
    }

    fn told(self) -> TakenApart {
        let stuck = (0..self.blocking.parts).filter(|&part| self.here[part]).collect();
        let order = self.order.into_iter().map(|(part, way)| (part, Way::ALL[way])).collect();
        TakenApart { order, stuck }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_another_leaves_first() {
        let mut blocking = Blocking::new(3);
        // 0 under 1 under 2.
        blocking.block(Way::Up, 0, 1);
        blocking.block(Way::Up, 0, 2);
        blocking.block(Way::Up, 1, 2);
        let apart = blocking.take_apart(&[0, 1, 2]);
        assert_eq!(apart.order, vec![(2, Way::Up), (1, Way::Up), (0, Way::Up)]);
        assert_eq!(apart.stuck, Vec::<usize>::new());
    }

    #[test]
    fn the_core_of_what_is_interlocked_is_told() {
        // Two rings through one another, and a part on top of each.
        let mut blocking = Blocking::new(4);
        for way in Way::ALL {
            blocking.block(way, 0, 1);
        }
        blocking.block(Way::Up, 0, 2);
        blocking.block(Way::Up, 1, 3);
        let apart = blocking.take_apart(&[0; 4]);
        assert_eq!(apart.stuck, vec![0, 1]);
        let (apart, pulled) = blocking.take_apart_by_force(&[0; 4], |part| 10 - part as u64);
        assert_eq!(pulled, vec![1]);
        assert_eq!((apart.order.len(), apart.stuck.len()), (3, 0));
    }
}
