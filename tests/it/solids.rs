//! Published instances of solids and boxes, where the data are there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platewright_check::{VolumeMeshes, check_boxes, check_volumes};
use platewright_mesh::{MappedFile, TriMesh, read_model};
use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::measure::LengthUnit;
use platewright_model::run::RunContext;
use platewright_model::volume::{Turns, VolumeProblem};
use platewright_nesting::{SolidMeshes, VolumeHeuristic, nest_boxes, nest_volumes};
use platewright_store::{Instance, read_instance};

use crate::workspace;

/// Iterations of each search.
const ITERATIONS: u64 = 300;

fn data(folder: &str) -> Option<PathBuf> {
    let data = std::env::var_os("PLATEWRIGHT_DATA")
        .map_or_else(|| workspace::root().join("../shared/data"), PathBuf::from);
    let folder = data.join("esicup").join(folder);
    if !folder.exists() {
        eprintln!("skipped: no {} in $PLATEWRIGHT_DATA or ../shared/data", folder.display());
        return None;
    }
    Some(folder)
}

fn meshes(problem: &VolumeProblem, folder: &Path) -> Vec<Arc<TriMesh>> {
    let config: Config = toml::from_str(DEFAULT_TOML).expect("the default is well-formed");
    let read = |path: &str| {
        let file = MappedFile::open(&folder.join(path), &config.limits).expect("it is there");
        let model = read_model(&file, path, Some(LengthUnit::Mm), &config.limits);
        Arc::new(model.expect("it can be read").mesh)
    };
    problem.parts.iter().map(|part| read(&part.mesh)).collect()
}

#[test]
fn published_solids_are_packed_on_true_meshes() {
    let Some(folder) = data("3d_irregular") else { return };
    for name in [
        "Stoyan et al. 2005/Example3.json",
        "Egeblad et al. 2009/Merged2.json",
        "Liu et al. 2015/Experiment1.json",
        "Stoyan et al. 2004/Example2.json",
    ] {
        let instance = read_instance(&folder.join(name), 1).expect("it can be read");
        let Instance::Volumes(mut problem) = instance else { panic!("{name} is of solids") };
        problem.parts.iter_mut().for_each(|part| part.turns = Turns::Cube);
        let parts = meshes(&problem, &folder);
        let spaces = [None];
        let ctx = RunContext::with_iterations(1, ITERATIONS);
        let given = SolidMeshes { parts: &parts, spaces: &spaces };
        let nest = nest_volumes(&problem, given, None, VolumeHeuristic::Full, &ctx).unwrap();
        let given = VolumeMeshes { parts: &parts, spaces: &spaces };
        assert_eq!(check_volumes(&problem, given, &nest.layout), [], "{name}");
        assert_eq!((nest.layout.builds.len(), nest.layout.left.len()), (1, 0), "{name}");
        let heights: Vec<f64> = nest.trace.iter().map(|step| step.objective).collect();
        assert!(heights.is_sorted_by(|a, b| a >= b), "{name}: {heights:?}");
        assert!(heights.last().is_some_and(|last| *last >= nest.bound - 1e-6), "{name}");
    }
}

#[test]
fn published_boxes_are_loaded() {
    let Some(folder) = data("3d_rectangular/thpack") else { return };
    for (file, number) in [("thpack1.txt", 1), ("thpack4.txt", 50), ("thpack7.txt", 100)] {
        let instance = read_instance(&folder.join(file), number).expect("it can be read");
        let Instance::Boxes(problem) = instance else { panic!("{file} is of boxes") };
        let nest = nest_boxes(&problem, &RunContext::with_iterations(1, ITERATIONS)).unwrap();
        assert_eq!(check_boxes(&problem, &nest.layout), [], "{file} {number}");
        let full = nest.layout.volume(&problem) as f64 / problem.room() as f64;
        assert!(full > 0.85, "{file} {number}: {full}");
    }
}
