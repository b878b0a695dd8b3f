//! Walks the contours of a run of layers from edge to edge.

use crate::loose::{Chain, close_chains};
use crate::planes::Planes;
use crate::region::{GridPoint, Region, to_grid};
use crate::run_edges::{Edge, OPEN, RunEdges};

/// The contours of one layer as they were walked, before any union.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RunLayer {
    /// Closed contours.
    pub(crate) region: Region,
    /// Synthetic segments that closed open contours.
    pub(crate) closed_by_hand: u32,
}

/// What a thread keeps from one run to the next.
#[derive(Debug, Default)]
pub(crate) struct Walker {
    /// Where the edges of each layer begin in `order`.
    start: Vec<u32>,
    /// Edges by layer, in each layer in the order of the run.
    order: Vec<u32>,
    /// One bit an edge: whether the layer's contours have come by.
    passed: Vec<u64>,
}

impl Walker {
    /// The contours of all layers of a run.
    pub(crate) fn walk(&mut self, run: &RunEdges, planes: &Planes) -> Vec<RunLayer> {
        self.sort_into_layers(run);
        (run.first..run.end).map(|i| self.walk_layer(run, i, planes)).collect()
    }

    /// Counting sort of the edges into the layers they cross.
    fn sort_into_layers(&mut self, run: &RunEdges) {
        let n = (run.end - run.first) as usize;
        self.start.clear();
        self.start.resize(n + 2, 0);
        let own = |edge: &Edge| {
            let [from, to] = edge.span(run.first, run.end);
            from - run.first..to - run.first
        };
        for edge in &run.edges {
            for i in own(edge) {
                self.start[i as usize + 2] += 1;
            }
        }
        for i in 0..n {
            self.start[i + 2] += self.start[i + 1];
        }
        self.order.clear();
        self.order.resize(self.start[n + 1] as usize, 0);
        for (number, edge) in (0..).zip(&run.edges) {
            for i in own(edge) {
                let next = &mut self.start[i as usize + 1];
                self.order[*next as usize] = number;
                *next += 1;
            }
        }
    }

    fn walk_layer(&mut self, run: &RunEdges, i: u32, planes: &Planes) -> RunLayer {
        let k = (i - run.first) as usize;
        let crossed = &self.order[self.start[k] as usize..self.start[k + 1] as usize];
        self.passed.clear();
        self.passed.resize(run.edges.len().div_ceil(64), 0);
        let mut layer =
            RunLayer { region: Region::with_capacity(crossed.len()), ..RunLayer::default() };
        let mut chains = Vec::new();
        if run.open {
            // Open contours first and from their beginning; what is left then closes.
            for &edge in crossed {
                let begins = !run.edges[edge as usize].is_led_to();
                if begins && run.edges[edge as usize].leads_on() {
                    chains.push(walk_open(run, i, planes, edge, &mut self.passed));
                }
            }
        }
        for &edge in crossed {
            // An edge with nothing behind it ends an open contour, or its triangles were left out.
            if is_passed(&self.passed, edge) || !run.edges[edge as usize].leads_on() {
                continue;
            }
            walk_closed(run, i, planes, edge, &mut self.passed, &mut layer.region);
        }
        layer.closed_by_hand = close_chains(chains, &mut layer.region);
        layer
    }
}

#[inline(always)]
fn is_passed(passed: &[u64], edge: u32) -> bool {
    passed[edge as usize / 64] >> (edge % 64) & 1 != 0
}

#[inline(always)]
fn pass(passed: &mut [u64], edge: u32) {
    passed[edge as usize / 64] |= 1 << (edge % 64);
}

/// Walks from an edge until the contour comes back to it.
#[inline(always)]
fn walk_closed(
    run: &RunEdges,
    i: u32,
    planes: &Planes,
    begin: u32,
    passed: &mut [u64],
    region: &mut Region,
) {
    let mut last: Option<GridPoint> = None;
    let mut first: Option<GridPoint> = None;
    let mut here = begin;
    loop {
        pass(passed, here);
        let edge = &run.edges[here as usize];
        let point = to_grid(edge.point(i, planes));
        // The plane may go through a vertex: all its edges give one point.
        if last != Some(point) {
            region.draw(point);
            last = Some(point);
            first = first.or(last);
        }
        here = edge.next(i);
        if here == begin {
            break;
        }
        assert!(here != OPEN && !is_passed(passed, here), "a contour comes back to its beginning");
    }
    if first == last {
        region.undraw();
    }
    region.close();
}

/// Walks from an open edge to the open edge at the other end.
fn walk_open(run: &RunEdges, i: u32, planes: &Planes, begin: u32, passed: &mut [u64]) -> Chain {
    let mut points: Vec<GridPoint> = Vec::new();
    let mut here = begin;
    loop {
        pass(passed, here);
        let edge = &run.edges[here as usize];
        let point = to_grid(edge.point(i, planes));
        if points.last() != Some(&point) {
            points.push(point);
        }
        here = edge.next(i);
        if here == OPEN {
            return Chain { points };
        }
    }
}
