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
const ENDS: usize = 48;

/// More than ever flows.
const NO_END: u64 = u64::MAX;

/// Sets of lots of which each is too much, by the indices of the lots. Sets have no machine in
/// common.
pub(super) fn stuck(floor: &Floor<'_>, lots: &[&Lot]) -> Vec<Vec<usize>> {
    let net = Net::new(floor, lots);
    let (flow, flows) = dinics(&net.graph, net.source, net.sink);
    if flow >= net.demand {
        return Vec::new();
    }
    let reached = net.reached(&flows);
    // Lots that compete for machines are in one set.
    let mut sets = UnionFind::<usize>::new(lots.len() + floor.pools.len());
    let short = (0..lots.len()).filter(|lot| reached[net.lots[*lot].index()]);
    let short: Vec<usize> = short.collect();
    for &lot in &short {
        for chance in &net.chances[lot] {
            sets.union(lot, lots.len() + chance.pool as usize);
        }
    }
    let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for lot in short {
        named.entry(sets.find(lot)).or_default().push(lot);
    }
    named.into_values().collect()
}

/// Source, lots, what pools can do for them, spans of pools, sink. Time that is needed up to some
/// end may lie in any earlier span, so that each span has a way to the one before.
struct Net {
    graph: DiGraph<(), u64>,
    source: NodeIndex,
    sink: NodeIndex,
    lots: Vec<NodeIndex>,
    chances: Vec<Vec<Chance>>,
    demand: u64,
}

/// Nodes of spans.
struct Spans {
    /// Ends of the spans.
    ends: Vec<i64>,
    /// Time of a pool in a span, by pool and span.
    cells: Vec<NodeIndex>,
    /// Time of a pool up to the end of a span.
    until: Vec<NodeIndex>,
}

impl Net {
    fn new(floor: &Floor<'_>, lots: &[&Lot]) -> Self {
        let mut graph: DiGraph<(), u64> = Graph::new();
        let (source, sink) = (graph.add_node(()), graph.add_node(()));
        let chances: Vec<Vec<Chance>> =
            lots.iter().map(|lot| lot.chances(floor, 0).collect()).collect();
        let ends = chances.iter().flatten().map(|chance| chance.end);
        let releases = lots.iter().map(|lot| lot.release);
        let mut ends = [steps(ends, ENDS, true), steps(releases, ENDS, true)].concat();
        ends.sort_unstable();
        ends.dedup();
        let spans = Spans::new(floor, ends, sink, &mut graph);
        let mut net =
            Self { graph, source, sink, lots: Vec::new(), chances: Vec::new(), demand: 0 };
        let mut hubs = BTreeMap::new();
        for (lot, chances) in lots.iter().zip(&chances) {
            let work = lot.works(floor, chances).map(|(_, work)| work as u64).sum();
            let node = net.graph.add_node(());
            net.graph.add_edge(source, node, work);
            net.demand += work;
            net.lots.push(node);
            // A lot reaches the machines of a centre by one hub, shared with lots like it.
            let centre = |c: &Chance| floor.pools[c.pool as usize].centre;
            for chances in chances.chunk_by(|a, b| centre(a) == centre(b)) {
                let end = spans.span(chances[0].end);
                let begin = spans.after(lot.release);
                let pools: Vec<u32> = chances.iter().map(|c| c.pool).collect();
                let hub = *hubs.entry((pools, begin, end)).or_insert_with_key(|key| {
                    let hub = net.graph.add_node(());
                    for pool in &key.0 {
                        for to in spans.between(*pool, begin, end) {
                            net.graph.add_edge(hub, to, NO_END);
                        }
                    }
                    hub
                });
                net.graph.add_edge(node, hub, NO_END);
            }
        }
        net.chances = chances;
        net
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

impl Spans {
    fn new(
        floor: &Floor<'_>,
        ends: Vec<i64>,
        sink: NodeIndex,
        graph: &mut DiGraph<(), u64>,
    ) -> Self {
        let mut spans = Self { ends, cells: Vec::new(), until: Vec::new() };
        for pool in &floor.pools {
            let mut from = floor.first(pool, i64::MIN / 4);
            for (k, end) in spans.ends.iter().enumerate() {
                let to = floor.last(pool, *end).max(from);
                let (cell, until) = (graph.add_node(()), graph.add_node(()));
                graph.add_edge(cell, sink, floor.offer(pool, from, to) as u64);
                graph.add_edge(until, cell, NO_END);
                if let Some(before) = spans.until.last().filter(|_| k > 0) {
                    graph.add_edge(until, *before, NO_END);
                }
                spans.cells.push(cell);
                spans.until.push(until);
                from = to;
            }
        }
        spans
    }

    /// The span that an end lies in, or is rounded to.
    fn span(&self, end: i64) -> usize {
        self.ends.partition_point(|e| *e < end).min(self.ends.len() - 1)
    }

    /// The first span that holds time after a release.
    fn after(&self, release: i64) -> usize {
        self.ends.partition_point(|e| *e <= release)
    }

    /// Where work on a pool goes that is to be done in spans `begin..=end`.
    fn between(&self, pool: u32, begin: usize, end: usize) -> Vec<NodeIndex> {
        let first = pool as usize * self.ends.len();
        if begin == 0 {
            return vec![self.until[first + end]];
        }
        (begin..=end).map(|k| self.cells[first + k]).collect()
    }
}
