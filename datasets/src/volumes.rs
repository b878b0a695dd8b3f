//! Volume jobs: functional parts, as they come to a service, in build volumes.

use std::fs;
use std::path::Path;

use platewright_mesh::{TriMesh, write_stl};
use platewright_model::volume::{Space, VolumePart, VolumeProblem, VolumeType};
use rand::RngExt;
use rayon::prelude::*;

use crate::error::DatasetError;
use crate::family::families;
use crate::night::stream::{normal, stream, zipf};

/// Parts of the jobs.
const SIZES: [u32; 4] = [50, 100, 200, 400];
/// Distance that parts keep, mm.
const CLEARANCE: f64 = 1.0;
/// Median of the longest edge, mm, and standard deviation of its logarithm.
const MEDIAN: f64 = 45.0;
const SPREAD: f64 = 0.45;
/// One over how full a cube over the base is.
const EMPTY: f64 = 5.0;

/// A job and the meshes of its parts, by part.
#[derive(Clone, Debug)]
pub struct VolumeJob {
    /// Its name says what it is: `mix-100`, `copies-100`.
    pub problem: VolumeProblem,
    /// Closed, mm.
    pub meshes: Vec<TriMesh>,
}

/// Eight volume jobs: 50, 100, 200 and 400 parts, each a body of its own or a few bodies in many
/// copies, 1 mm apart, at the 24 rotations of a cube, on a square base that is open above.
///
/// Bodies are of the [`families`](crate::families), drawn at random, their longest edge lognormal
/// with a median of 45 mm as far as the family goes. The base is such that a cube over it, a fifth
/// full, holds all parts, but no smaller than the longest part. The same seed gives the same jobs.
pub fn volume_jobs(seed: u64) -> Vec<VolumeJob> {
    let kinds = SIZES.into_iter().flat_map(|size| [("mix", size), ("copies", size)]);
    kinds.map(|(mix, size)| job(seed, mix, size)).collect()
}

fn job(seed: u64, mix: &str, size: u32) -> VolumeJob {
    let name = format!("{mix}-{size}");
    let copies: Vec<u32> = if mix == "mix" {
        vec![1; size as usize]
    } else {
        // About the square root of the parts in number, at least one of each, the first ones most
        // often.
        let kinds = (f64::from(size).sqrt().round() as usize).max(2);
        let mut rng = stream(seed, &format!("volumes/{name}/copies"));
        let mut copies = vec![1; kinds];
        for _ in kinds..size as usize {
            copies[zipf(&mut rng, kinds)] += 1;
        }
        copies
    };
    let numbered = copies.into_par_iter().enumerate();
    let (parts, meshes): (Vec<VolumePart>, Vec<TriMesh>) = numbered
        .map(|(number, copies)| {
            let mut rng = stream(seed, &format!("volumes/{name}/{number}"));
            let family = &families()[rng.random_range(0..families().len())];
            let longest = MEDIAN * (SPREAD * normal(&mut rng)).exp();
            let mesh = (family.make)(&mut rng, longest.clamp(family.size[0], family.size[1]));
            let file = format!("{name}/{number:03}-{}.stl", family.name);
            let part = VolumePart {
                name: family.name.into(),
                mesh: file,
                copies,
                ..VolumePart::default()
            };
            (part, mesh)
        })
        .unzip();
    let edge = base(&parts, &meshes);
    let volumes = vec![VolumeType { space: Space::Open([edge; 2]), ..VolumeType::default() }];
    let problem =
        VolumeProblem { name, volumes, parts, clearance: CLEARANCE, ..VolumeProblem::default() };
    VolumeJob { problem, meshes }
}

/// Edge of the base, a whole number of mm.
fn base(parts: &[VolumePart], meshes: &[TriMesh]) -> f64 {
    let each = parts.iter().zip(meshes);
    let volume: f64 = each.map(|(part, mesh)| f64::from(part.copies) * mesh.volume()).sum();
    let longest = meshes.iter().filter_map(TriMesh::bounds).flat_map(|bounds| bounds.size());
    let longest = longest.fold(0.0, f64::max);
    (EMPTY * volume).cbrt().max(longest + 2.0).ceil()
}

/// Writes [`volume_jobs`] to a folder, each as `NAME.json` with its meshes as binary STL beside it,
/// as `platewright nest` reads them; the folder is made if it is not there. Returns the number of
/// jobs and of parts in all.
///
/// # Errors
/// E1092: a file cannot be written.
pub fn write_volume_jobs(out: &Path, seed: u64) -> Result<(usize, u32), DatasetError> {
    let write = |path: &Path, bytes: &[u8]| {
        let fault = |source| DatasetError::Write { path: path.to_owned(), source };
        fs::create_dir_all(path.parent().unwrap_or(out)).map_err(fault)?;
        fs::write(path, bytes).map_err(fault)
    };
    let jobs = volume_jobs(seed);
    for job in &jobs {
        let mut text = serde_json::to_vec(&job.problem).expect("problems are plain data");
        text.push(b'\n');
        write(&out.join(format!("{}.json", job.problem.name)), &text)?;
        for (part, mesh) in job.problem.parts.iter().zip(&job.meshes) {
            write(&out.join(&part.mesh), &write_stl(mesh))?;
        }
    }
    let copies = jobs.iter().flat_map(|job| &job.problem.parts).map(|part| part.copies);
    Ok((jobs.len(), copies.sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_have_their_parts_and_bases_hold_them() {
        for job in volume_jobs(1) {
            let problem = &job.problem;
            let (mix, size) = problem.name.split_once('-').unwrap();
            let copies: u32 = problem.parts.iter().map(|part| part.copies).sum();
            assert_eq!(size.parse(), Ok(copies));
            assert_eq!(problem.parts.len() == copies as usize, mix == "mix");
            assert_eq!(problem.parts.len(), job.meshes.len());
            let Space::Open([edge, _]) = problem.volumes[0].space else { panic!("it is open") };
            for mesh in &job.meshes {
                assert!(mesh.volume() > 0.0);
                let size = mesh.bounds().unwrap().size();
                assert!(size.iter().all(|x| *x < edge));
            }
        }
        assert_eq!(volume_jobs(1)[0].problem, volume_jobs(1)[0].problem);
        assert_ne!(volume_jobs(1)[0].problem, volume_jobs(2)[0].problem);
    }
}
