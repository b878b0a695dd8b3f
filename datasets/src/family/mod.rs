//! Families of parametric functional parts, one file for each theme.
//!
//! To add a family: write its function in the file of its theme, with its [`Family`] in that
//! file's `FAMILIES`; a new theme is one more line in [`families`]. The tests below run over
//! every family.

mod brackets;
mod clips;
mod dental;
mod draw;
mod ducts;
mod fasteners;
mod gears;
mod handles;
mod heat_sinks;
mod hinges;
mod housings;
mod impellers;
mod jewellery;
mod jigs;
mod lattices;
mod manifolds;
mod pulleys;
mod shells;

use std::sync::OnceLock;

use platewright_mesh::TriMesh;
use rand_pcg::Pcg64;

/// A family of parts.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// Its name, unique, as it appears in file names.
    pub name: &'static str,
    /// What its parts are, in one sentence.
    pub what: &'static str,
    /// Ids of the processes that such parts are typically made by.
    pub processes: &'static [&'static str],
    /// Least and greatest longest edge of its parts, mm; [`Family::make`] takes scales between.
    pub size: [f64; 2],
    /// Makes a part whose longest edge is `scale` mm, more or less; everything else about it
    /// is drawn from the generator. The mesh is closed, in the first octant.
    pub make: fn(&mut Pcg64, f64) -> TriMesh,
}

/// All families, in a fixed order.
pub fn families() -> &'static [Family] {
    static ALL: OnceLock<Vec<Family>> = OnceLock::new();
    ALL.get_or_init(|| {
        [
            brackets::FAMILIES,
            housings::FAMILIES,
            gears::FAMILIES,
            hinges::FAMILIES,
            ducts::FAMILIES,
            clips::FAMILIES,
            manifolds::FAMILIES,
            lattices::FAMILIES,
            handles::FAMILIES,
            shells::FAMILIES,
            fasteners::FAMILIES,
            pulleys::FAMILIES,
            impellers::FAMILIES,
            heat_sinks::FAMILIES,
            dental::FAMILIES,
            jewellery::FAMILIES,
            jigs::FAMILIES,
        ]
        .concat()
    })
}

#[cfg(test)]
mod tests;
