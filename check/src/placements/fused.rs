//! What the layers of a build fuse, where its process limits that.

use platewright_model::measure::Mm;
use platewright_model::stage::Build;

use super::Part;
use crate::facts::Recipe;
use crate::layer_area::beyond;
use crate::{Rule, Violation};

/// The worst is told by its first layer; others are counted.
pub(super) fn check(build: &Build, parts: &[Part<'_>], recipe: &Recipe<'_>) -> Vec<Violation> {
    let Some(limits) = recipe.process.layer_limits(Mm(build.load.layer_mm)) else {
        return Vec::new();
    };
    let standing: Vec<_> = parts.iter().map(|part| &part.standing).collect();
    let found = beyond(&standing, &limits);
    let Some((layer, how)) = found.first() else { return Vec::new() };
    let subject = format!("build {}, layer {layer}", build.id);
    let others = found.len() - 1;
    vec![Violation::new(Rule::LayerArea, subject, format!("{how}; {others} more such layers"))]
}
