//! Minimum-cost flow from many nodes to one, by the primal network simplex.
//!
//! Every node is tied to the root by an arc of its own, over which its supply can go; further arcs
//! are added in between, as often as one likes, and the flow is made optimal again from where it
//! is. The basis is a spanning tree kept strongly feasible, so that no pivot repeats (Cunningham
//! 1976, Mathematical Programming 11); arcs enter by block search (Grigoriadis 1986) and leave as
//! in LEMON's implementation (Kovács 2015, Optimization Methods and Software 30). All amounts are
//! integers, and the result is the same everywhere.

/// More than ever flows.
const NO_END: i64 = i64::MAX / 4;

/// Arcs that are looked at for one that enters.
const BLOCK_LEAST: usize = 64;

/// The one that all flows to.
const ROOT: usize = 0;

/// Nothing: no child, no sibling.
const NONE: u32 = u32::MAX;

/// What a node brings, and its way to the root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) supply: i64,
    /// Most that its own arc takes, more than the supply; none for any amount.
    pub(super) most: Option<i64>,
    pub(super) cost: i64,
}

/// A network with a flow, feasible at any time.
pub(super) struct Network {
    from: Vec<u32>,
    to: Vec<u32>,
    most: Vec<i64>,
    cost: Vec<i64>,
    flow: Vec<i64>,
    /// 0 in the tree, 1 without flow, −1 full.
    state: Vec<i8>,
    parent: Vec<u32>,
    /// Arc between a node and its parent.
    arc: Vec<u32>,
    depth: Vec<u32>,
    child: Vec<u32>,
    next: Vec<u32>,
    before: Vec<u32>,
    price: Vec<i64>,
    cursor: usize,
}

impl Network {
    /// Node `k + 1` is that of source `k`; its arc to the root is arc `k`.
    pub(super) fn new(sources: &[Source]) -> Self {
        let nodes = sources.len() + 1;
        let mut net = Self {
            from: (1..nodes as u32).collect(),
            to: vec![ROOT as u32; sources.len()],
            most: sources.iter().map(|s| s.most.unwrap_or(NO_END)).collect(),
            cost: sources.iter().map(|s| s.cost).collect(),
            flow: sources.iter().map(|s| s.supply).collect(),
            state: vec![0; sources.len()],
            parent: vec![ROOT as u32; nodes],
            arc: (0..nodes as u32).map(|node| node.wrapping_sub(1)).collect(),
            depth: vec![1; nodes],
            child: vec![NONE; nodes],
            next: vec![NONE; nodes],
            before: vec![NONE; nodes],
            price: std::iter::once(0).chain(sources.iter().map(|s| -s.cost)).collect(),
            cursor: 0,
        };
        net.depth[ROOT] = 0;
        for node in 1..nodes {
            net.hang(node, ROOT, node - 1);
        }
        debug_assert!(net.flow.iter().zip(&net.most).all(|(flow, most)| flow < most));
        net
    }

    /// Adds an arc that takes any amount; its index.
    pub(super) fn add(&mut self, from: usize, to: usize, cost: i64) -> usize {
        self.from.push(from as u32);
        self.to.push(to as u32);
        self.most.push(NO_END);
        self.cost.push(cost);
        self.flow.push(0);
        self.state.push(1);
        self.from.len() - 1
    }

    /// What a unit more costs that begins at a node, with the sign turned: the root's is 0.
    pub(super) fn price(&self, node: usize) -> i64 {
        self.price[node]
    }

    /// What flows over an arc.
    pub(super) fn flow(&self, arc: usize) -> i64 {
        self.flow[arc]
    }

    /// Makes the flow one of least cost.
    pub(super) fn solve(&mut self) {
        while let Some(arc) = self.entering() {
            self.pivot(arc);
        }
    }

    /// The arc of the next block with one that pays, that pays most.
    fn entering(&mut self) -> Option<usize> {
        let arcs = self.from.len();
        let block = BLOCK_LEAST.max(arcs.isqrt());
        let (mut best, mut least, mut seen) = (None, 0, 0);
        for _ in 0..arcs {
            let k = self.cursor;
            self.cursor = if k + 1 == arcs { 0 } else { k + 1 };
            let reduced =
                self.cost[k] + self.price[self.from[k] as usize] - self.price[self.to[k] as usize];
            let gain = i64::from(self.state[k]) * reduced;
            if gain < least {
                (best, least) = (Some(k), gain);
            }
            seen += 1;
            if seen == block {
                if best.is_some() {
                    return best;
                }
                seen = 0;
            }
        }
        best
    }

    /// Whether the arc between a node and its parent leads to the parent.
    fn up(&self, node: usize) -> bool {
        self.from[self.arc[node] as usize] as usize == node
    }

    /// What the arc between a node and its parent can still take towards the parent, or from it.
    fn room(&self, node: usize, towards: bool) -> i64 {
        let arc = self.arc[node] as usize;
        if self.up(node) == towards { self.most[arc] - self.flow[arc] } else { self.flow[arc] }
    }

    fn join(&self, a: usize, b: usize) -> usize {
        let (mut a, mut b) = (a, b);
        while a != b {
            let lower = if self.depth[a] >= self.depth[b] { &mut a } else { &mut b };
            *lower = self.parent[*lower] as usize;
        }
        a
    }

    /// Takes an arc into the tree and another one out, along the cycle that it closes.
    fn pivot(&mut self, arc: usize) {
        let ends = (self.from[arc] as usize, self.to[arc] as usize);
        let fills = self.state[arc] == 1;
        let (first, second) = if fills { ends } else { (ends.1, ends.0) };
        let join = self.join(first, second);
        let mut change = self.most[arc];
        let mut leaving = None;
        // Of the arcs that block, the last on the way around from the join: the tree stays
        // strongly feasible.
        let mut node = first;
        while node != join {
            let room = self.room(node, false);
            if room < change {
                (change, leaving) = (room, Some((node, first, second)));
            }
            node = self.parent[node] as usize;
        }
        node = second;
        while node != join {
            let room = self.room(node, true);
            if room <= change {
                (change, leaving) = (room, Some((node, second, first)));
            }
            node = self.parent[node] as usize;
        }
        self.flow[arc] += if fills { change } else { -change };
        for (begin, towards) in [(first, false), (second, true)] {
            let mut node = begin;
            while node != join {
                let over = self.arc[node] as usize;
                self.flow[over] += if self.up(node) == towards { change } else { -change };
                node = self.parent[node] as usize;
            }
        }
        match leaving {
            None => self.state[arc] = -self.state[arc],
            Some((top, inner, outer)) => {
                let out = self.arc[top] as usize;
                self.state[out] = if self.flow[out] == 0 { 1 } else { -1 };
                self.state[arc] = 0;
                self.turn(top, inner, outer, arc);
            }
        }
    }

    /// Hangs the subtree of `top` on `outer` by its node `inner` and `arc` between the two.
    fn turn(&mut self, top: usize, inner: usize, outer: usize, arc: usize) {
        let (mut node, mut parent, mut by) = (inner, outer, arc);
        loop {
            let (above, old) = (self.parent[node] as usize, self.arc[node] as usize);
            self.unhang(node);
            self.hang(node, parent, by);
            if node == top {
                break;
            }
            (parent, by, node) = (node, old, above);
        }
        let cost = if self.up(inner) { -self.cost[arc] } else { self.cost[arc] };
        let rise = self.price[outer] + cost - self.price[inner];
        let mut stack = vec![inner as u32];
        while let Some(node) = stack.pop() {
            let node = node as usize;
            self.price[node] += rise;
            self.depth[node] = self.depth[self.parent[node] as usize] + 1;
            let mut child = self.child[node];
            while child != NONE {
                stack.push(child);
                child = self.next[child as usize];
            }
        }
    }

    fn hang(&mut self, node: usize, parent: usize, arc: usize) {
        let sibling = self.child[parent];
        if sibling != NONE {
            self.before[sibling as usize] = node as u32;
        }
        (self.next[node], self.before[node]) = (sibling, NONE);
        self.child[parent] = node as u32;
        (self.parent[node], self.arc[node]) = (parent as u32, arc as u32);
    }

    fn unhang(&mut self, node: usize) {
        let (next, before) = (self.next[node], self.before[node]);
        if next != NONE {
            self.before[next as usize] = before;
        }
        if before == NONE {
            self.child[self.parent[node] as usize] = next;
        } else {
            self.next[before as usize] = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64;

    use super::*;

    /// Cost of the least by paths that gain, one after the other (Bellman, Ford).
    fn brute(sources: &[Source], arcs: &[(usize, usize, i64)]) -> i64 {
        let nodes = sources.len() + 1;
        let mut edges: Vec<(usize, usize, i64, i64)> = Vec::new();
        let mut both = |a, b, cost, most| {
            edges.push((a, b, cost, most));
            edges.push((b, a, -cost, 0));
        };
        for (k, source) in sources.iter().enumerate() {
            both(k + 1, ROOT, source.cost, source.most.unwrap_or(NO_END));
        }
        arcs.iter().for_each(|(a, b, cost)| both(*a, *b, *cost, NO_END));
        let mut total = 0;
        for (k, source) in sources.iter().enumerate() {
            for _ in 0..source.supply {
                let mut way = vec![(NO_END, usize::MAX); nodes];
                way[k + 1].0 = 0;
                for _ in 0..nodes {
                    for (e, &(a, b, cost, most)) in edges.iter().enumerate() {
                        if most > 0 && way[a].0 < NO_END && way[a].0 + cost < way[b].0 {
                            way[b] = (way[a].0 + cost, e);
                        }
                    }
                }
                total += way[ROOT].0;
                let mut node = ROOT;
                while node != k + 1 {
                    let edge = way[node].1;
                    edges[edge].3 -= 1;
                    edges[edge ^ 1].3 += 1;
                    node = edges[edge].0;
                }
            }
        }
        total
    }

    #[test]
    fn costs_least_and_prices_prove_it() {
        for seed in 0..300 {
            let rng = &mut Pcg64::seed_from_u64(seed);
            let (lots, cells) = (rng.random_range(1..8), rng.random_range(1..8));
            let mut sources: Vec<Source> = (0..lots)
                .map(|_| Source {
                    supply: rng.random_range(0..6),
                    most: None,
                    cost: rng.random_range(20..60),
                })
                .collect();
            sources.extend((0..cells).map(|_| Source {
                supply: 0,
                most: Some(rng.random_range(1..6)),
                cost: rng.random_range(0..2),
            }));
            let arcs: Vec<(usize, usize, i64)> = (0..rng.random_range(0..40))
                .map(|_| {
                    let to = lots + rng.random_range(1..=cells);
                    (rng.random_range(1..=lots), to, rng.random_range(0..30))
                })
                .collect();
            let mut net = Network::new(&sources);
            // Some come later, as columns do.
            for (k, (from, to, cost)) in arcs.iter().enumerate() {
                net.add(*from, *to, *cost);
                if k % 7 == 0 {
                    net.solve();
                }
            }
            net.solve();
            let cost: i64 = net.flow.iter().zip(&net.cost).map(|(flow, cost)| flow * cost).sum();
            assert_eq!(cost, brute(&sources, &arcs), "seed {seed}");
            for k in 0..net.from.len() {
                let (from, to) = (net.from[k] as usize, net.to[k] as usize);
                let reduced = net.cost[k] + net.price(from) - net.price(to);
                assert!(net.flow(k) >= 0 && net.flow(k) <= net.most[k]);
                assert!(reduced >= 0 || net.flow(k) == net.most[k], "seed {seed}, arc {k}");
                assert!(reduced <= 0 || net.flow(k) == 0, "seed {seed}, arc {k}");
            }
        }
    }
}
