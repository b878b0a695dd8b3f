//! Which parts cannot all be on time: a maximum flow of work from lots to the time that machines
//! have until they must be done, and the minimum cut that says where it is stuck.
//!
//! Every plan in which all lots are on time is a flow of all their work, so that a lot that the cut
//! leaves on the side of the source is one of too many on the machines that it reaches.

use std::collections::BTreeMap;

use petgraph::Graph;
use petgraph::algo::dinics;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef;

use crate::batching::capacity::floor::Floor;
use crate::batching::capacity::lot::{Chance, Lot, steps};

/// Ends that are told apart at the most; others are rounded, to the later.
const ENDS: usize = 32;

/// Pools that the work of a lot is shared out over at first.
const SHARED: usize = 8;

/// More than ever flows.
const NO_END: u64 = u64::MAX;

/// Sets of lots of which each is too much, by the indices of the lots. Sets have no machine in
/// common.
pub(super) fn stuck(floor: &Floor<'_>, lots: &[&Lot]) -> Vec<Vec<usize>> {
    let spans = Spans::new(floor, lots);
    let begun = Begun::new(floor, lots, &spans);
    if begun.left.iter().all(|left| *left == 0) {
        return Vec::new();
    }
    let net = Net::new(floor, lots, &spans, &begun);
    let (_, flows) = dinics(&net.graph, net.source, net.sink);
    let reached = net.reached(&flows);
    // Lots that compete for machines are in one set.
    let mut sets = UnionFind::<usize>::new(lots.len() + floor.pools.len());
    let short = (0..lots.len()).filter(|lot| reached[net.lots[*lot].index()]);
    let short: Vec<usize> = short.collect();
    for &lot in &short {
        for chance in &spans.chances[lot] {
            sets.union(lot, lots.len() + chance.pool as usize);
        }
    }
    let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for lot in short {
        named.entry(sets.find(lot)).or_default().push(lot);
    }
    named.into_values().collect()
}

/// Time of pools, span by span.
struct Spans {
    /// What pools can do for each lot.
    chances: Vec<Vec<Chance>>,
    /// Ends of the spans.
    ends: Vec<i64>,
    /// Work that a pool can do in a span, by pool and span.
    offered: Vec<u64>,
}

impl Spans {
    fn new(floor: &Floor<'_>, lots: &[&Lot]) -> Self {
        let chances: Vec<Vec<Chance>> =
            lots.iter().map(|lot| lot.chances(floor, 0).collect()).collect();
        let ends = chances.iter().flatten().map(|chance| chance.end);
        let releases = lots.iter().map(|lot| lot.release);
        let mut ends = [steps(ends, ENDS, true), steps(releases, ENDS, true)].concat();
        ends.sort_unstable();
        ends.dedup();
        let mut offered = Vec::with_capacity(floor.pools.len() * ends.len());
        for pool in &floor.pools {
            let mut from = floor.first(pool, i64::MIN / 4);
            for end in &ends {
                let to = floor.last(pool, *end).max(from);
                offered.push(floor.offer(pool, from, to) as u64);
                from = to;
            }
        }
        Self { chances, ends, offered }
    }

    /// The span that an end lies in, or is rounded to.
    fn span(&self, end: i64) -> usize {
        self.ends.partition_point(|e| *e < end).min(self.ends.len() - 1)
    }

    /// The first span that holds time after a release.
    fn after(&self, release: i64) -> usize {
        self.ends.partition_point(|e| *e <= release)
    }
}

/// Work that found time at once, so that the flow need not begin with nothing.
struct Begun {
    /// Lot, place among its chances, span, work.
    pushed: Vec<(usize, usize, usize, u64)>,
    /// Work of each lot that is left.
    left: Vec<u64>,
}

impl Begun {
    /// The earliest ends first, each lot shared out over a few pools as they have time, then where
    /// any is left.
    fn new(floor: &Floor<'_>, lots: &[&Lot], spans: &Spans) -> Self {
        let work = |(lot, chances): (&&Lot, &Vec<Chance>)| -> u64 {
            lot.works(floor, chances).map(|(_, work)| work as u64).sum()
        };
        let left = lots.iter().zip(&spans.chances).map(work).collect();
        let mut begun = Self { pushed: Vec::new(), left };
        let mut free = spans.offered.clone();
        let mut sorted: Vec<usize> = (0..lots.len()).collect();
        sorted.sort_by_key(|lot| lots[*lot].by);
        for (turn, lot) in sorted.into_iter().enumerate() {
            let chances = &spans.chances[lot];
            let first = spans.after(lots[lot].release);
            let pieces = chances.len().min(SHARED);
            for k in 0..pieces + chances.len() {
                let place = (turn * SHARED + k) % chances.len();
                let most = if k < pieces {
                    begun.left[lot].div_ceil((pieces - k) as u64)
                } else {
                    begun.left[lot]
                };
                begun.push(spans, lot, place, first, most, &mut free);
            }
        }
        begun
    }

    /// Puts work of a lot into the first spans of a pool that have time.
    fn push(
        &mut self,
        spans: &Spans,
        lot: usize,
        place: usize,
        first: usize,
        most: u64,
        free: &mut [u64],
    ) {
        let chance = &spans.chances[lot][place];
        let row = chance.pool as usize * spans.ends.len();
        let mut most = most;
        for span in first..=spans.span(chance.end) {
            let work = most.min(free[row + span]);
            if work > 0 {
                free[row + span] -= work;
                most -= work;
                self.left[lot] -= work;
                self.pushed.push((lot, place, span, work));
            }
            if most == 0 {
                break;
            }
        }
    }
}

/// What can still flow: source, lots, centres with what they can do for lots, spans of pools, sink.
/// Time that is needed up to some end may lie in any earlier span, so that each span has a way to
/// the one before.
struct Net {
    graph: DiGraph<(), u64>,
    source: NodeIndex,
    sink: NodeIndex,
    lots: Vec<NodeIndex>,
    /// Time of a pool in a span, by pool and span.
    cells: Vec<NodeIndex>,
    /// Time of a pool up to the end of a span.
    until: Vec<NodeIndex>,
    spans: usize,
}

impl Net {
    fn new(floor: &Floor<'_>, lots: &[&Lot], spans: &Spans, begun: &Begun) -> Self {
        let mut graph: DiGraph<(), u64> = Graph::new();
        let (source, sink) = (graph.add_node(()), graph.add_node(()));
        let (lots_of, cells, until) = (Vec::new(), Vec::new(), Vec::new());
        let mut net =
            Self { graph, source, sink, lots: lots_of, cells, until, spans: spans.ends.len() };
        net.add_spans(&spans.offered);
        let mut hubs = BTreeMap::new();
        // The hub of each lot for each of its chances.
        let mut hub_of: Vec<Vec<NodeIndex>> = Vec::with_capacity(lots.len());
        for (lot, chances) in lots.iter().zip(&spans.chances) {
            let node = net.graph.add_node(());
            net.lots.push(node);
            let mut own = Vec::with_capacity(chances.len());
            // A lot reaches the machines of a centre by one hub, shared with lots like it.
            let centre = |c: &Chance| floor.pools[c.pool as usize].centre;
            for chances in chances.chunk_by(|a, b| centre(a) == centre(b)) {
                let end = spans.span(chances[0].end);
                let begin = spans.after(lot.release);
                let pools: Vec<u32> = chances.iter().map(|c| c.pool).collect();
                let hub = *hubs.entry((pools, begin, end)).or_insert_with_key(|key| {
                    let hub = net.graph.add_node(());
                    for pool in &key.0 {
                        for to in net.between(*pool, begin, end) {
                            net.graph.add_edge(hub, to, NO_END);
                        }
                    }
                    hub
                });
                net.graph.add_edge(node, hub, NO_END);
                own.extend(chances.iter().map(|_| hub));
            }
            hub_of.push(own);
        }
        net.leave(lots, spans, begun, &hub_of);
        net
    }

    fn add_spans(&mut self, offered: &[u64]) {
        for (k, offered) in offered.iter().enumerate() {
            let (cell, until) = (self.graph.add_node(()), self.graph.add_node(()));
            self.graph.add_edge(cell, self.sink, *offered);
            self.graph.add_edge(until, cell, NO_END);
            if k % self.spans > 0 {
                self.graph.add_edge(until, self.until[k - 1], NO_END);
            }
            self.cells.push(cell);
            self.until.push(until);
        }
    }

    /// Where work on a pool goes that is to be done in spans `begin..=end`.
    fn between(&self, pool: u32, begin: usize, end: usize) -> Vec<NodeIndex> {
        let first = pool as usize * self.spans;
        if begin == 0 {
            return vec![self.until[first + end]];
        }
        (begin..=end).map(|k| self.cells[first + k]).collect()
    }

    /// Takes what has flowed out of the network: its way back is left.
    fn leave(&mut self, lots: &[&Lot], spans: &Spans, begun: &Begun, hub_of: &[Vec<NodeIndex>]) {
        let mut flows = vec![0; self.graph.edge_count()];
        for &(lot, place, span, work) in &begun.pushed {
            let chance = &spans.chances[lot][place];
            let first = chance.pool as usize * self.spans;
            let mut way = vec![self.lots[lot], hub_of[lot][place]];
            if spans.after(lots[lot].release) == 0 {
                let down = (span..=spans.span(chance.end)).rev();
                way.extend(down.map(|k| self.until[first + k]));
            }
            way.extend([self.cells[first + span], self.sink]);
            for pair in way.windows(2) {
                if let Some(edge) = self.graph.find_edge(pair[0], pair[1]) {
                    flows[edge.index()] += work;
                }
            }
        }
        for (k, flow) in flows.into_iter().enumerate().filter(|(_, flow)| *flow > 0) {
            let edge = EdgeIndex::new(k);
            let Some((from, to)) = self.graph.edge_endpoints(edge) else { continue };
            if self.graph[edge] != NO_END {
                self.graph[edge] -= flow;
            }
            self.graph.add_edge(to, from, flow);
        }
        for (node, left) in self.lots.iter().zip(&begun.left) {
            self.graph.add_edge(self.source, *node, *left);
        }
    }

    /// Nodes to which more could flow from the source.
    fn reached(&self, flows: &[u64]) -> Vec<bool> {
        let mut reached = vec![false; self.graph.node_count()];
        let mut next = vec![self.source];
        reached[self.source.index()] = true;
        let flow = |edge: EdgeIndex| flows[edge.index()];
        while let Some(node) = next.pop() {
            let out = self.graph.edges(node).filter(|e| flow(e.id()) < *e.weight());
            let back = self.graph.edges_directed(node, petgraph::Incoming);
            let back = back.filter(|e| flow(e.id()) > 0).map(|e| e.source());
            for to in out.map(|e| e.target()).chain(back) {
                if !std::mem::replace(&mut reached[to.index()], true) {
                    next.push(to);
                }
            }
        }
        reached
    }
}
