//! Convex polytopes as the search turns them: corners, planes and edges.

use std::collections::BTreeMap;

use super::polytope::Polytope;
use super::vector::{Rotation, Vector, cross, dot, length, minus, plus, turned, unit};

/// Facets whose normals differ by less (sine of the angle) have no edge between them.
const FLAT: f64 = 1e-9;

/// A convex polytope.
#[derive(Clone, Debug)]
pub(crate) struct Convex {
    pub(crate) corners: Vec<Vector>,
    /// Outward normals of the facets.
    pub(crate) normals: Vec<Vector>,
    pub(crate) edges: Vec<Edge>,
}

/// An edge: its direction and the normals of the two facets that it is between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) along: Vector,
    pub(crate) normals: [Vector; 2],
}

impl Convex {
    /// Of its facets.
    pub(crate) fn new(polytope: &Polytope, eps: f64) -> Self {
        let corners = polytope.corners(eps);
        let number = |p: &Vector| {
            let far = |c: &Vector| length(minus(*c, *p));
            let near = corners.iter().enumerate().min_by(|a, b| far(a.1).total_cmp(&far(b.1)));
            near.map_or(0, |(k, _)| k)
        };
        let mut sides: BTreeMap<[usize; 2], Vector> = BTreeMap::new();
        let mut edges = Vec::new();
        for facet in &polytope.facets {
            let mut ring: Vec<usize> = facet.ring.iter().map(number).collect();
            ring.dedup();
            for (k, &from) in ring.iter().enumerate() {
                let to = ring[(k + 1) % ring.len()];
                if from == to {
                    continue;
                }
                match sides.get(&[to, from]) {
                    Some(&other) if length(cross(facet.normal, other)) > FLAT => {
                        let along = unit(minus(corners[to], corners[from]));
                        edges.push(Edge { along, normals: [facet.normal, other] });
                    }
                    Some(_) => {}
                    None => {
                        sides.insert([from, to], facet.normal);
                    }
                }
            }
        }
        Self { corners, normals: polytope.facets.iter().map(|facet| facet.normal).collect(), edges }
    }

    /// The same, turned.
    pub(crate) fn turned(&self, by: &Rotation) -> Self {
        let turn = |v: &Vector| turned(by, *v);
        let edge = |edge: &Edge| Edge {
            along: turn(&edge.along),
            normals: edge.normals.map(|normal| turned(by, normal)),
        };
        Self {
            corners: self.corners.iter().map(turn).collect(),
            normals: self.normals.iter().map(turn).collect(),
            edges: self.edges.iter().map(edge).collect(),
        }
    }

    /// The same, moved.
    pub(crate) fn moved(mut self, by: Vector) -> Self {
        self.corners.iter_mut().for_each(|p| *p = plus(*p, by));
        self
    }

    /// How far it reaches along a direction.
    pub(crate) fn reach(&self, along: Vector) -> f64 {
        self.corners.iter().map(|p| dot(along, *p)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Least and greatest corner of its box.
    pub(crate) fn bounds(&self) -> [Vector; 2] {
        let bound = |pick: fn(f64, f64) -> f64, k: usize| {
            self.corners.iter().map(|p| p[k]).reduce(pick).unwrap_or(0.0)
        };
        [[0, 1, 2].map(|k| bound(f64::min, k)), [0, 1, 2].map(|k| bound(f64::max, k))]
    }
}
