//! Stages 7 and 8: layers and packages.

use platewright_model::id::BuildId;
use platewright_model::measure::{Grams, Seconds};
use platewright_model::stage::{BuildSlices, LayerFacts, Package, PackageSet, SliceSet};

use super::folder::RunDir;
use crate::StoreError;
use crate::layer_facts::{LayerStack, read_figures, write_layer_facts};
use crate::table::{Rows, Table};

impl RunDir {
    /// Writes stage 7, without the layer files.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_slice_set(&self, set: &SliceSet) -> Result<(), StoreError> {
        let builds = &set.builds;
        Table::new("sliced builds")
            .text("build", builds.iter().map(|b| b.build.as_str()))
            .whole("layers", builds.iter().map(|b| b.layers.len() as i64))
            .text("file", builds.iter().map(|b| &b.file))
            .text("sha256", builds.iter().map(|b| &b.sha256))
            .whole("print_time_s", builds.iter().map(|b| b.print_time.0))
            .real("material_g", builds.iter().map(|b| b.material.0))
            .whole("open_contours", builds.iter().map(|b| i64::from(b.open_contours)))
            .write(&self.slices().join("builds.parquet"))?;
        let stacks: Vec<LayerStack<'_>> = builds
            .iter()
            .map(|b| LayerStack { name: b.build.as_str(), facts: &b.layers, figures: &b.figures })
            .collect();
        write_layer_facts(&self.slices().join("layers.parquet"), &stacks)
    }

    /// Reads stage 7, without the layer files.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_slice_set(&self) -> Result<SliceSet, StoreError> {
        let rows = Rows::read(&self.slices().join("layers.parquet"), "layers")?;
        let owners: Vec<BuildId> = rows.ids("build")?;
        let (top, area) = (rows.real("top_mm")?, rows.real("area_mm2")?);
        let (perimeter, contours) = (rows.real("perimeter_mm")?, rows.count("contours")?);
        let figures = read_figures(&rows)?;
        let mut layers =
            owners.into_iter().zip(figures).enumerate().map(|(i, (build, figures))| {
                let (top_mm, area_mm2, perimeter_mm) = (top[i], area[i], perimeter[i]);
                (
                    build,
                    LayerFacts { top_mm, area_mm2, perimeter_mm, contours: contours[i] },
                    figures,
                )
            });
        let rows = Rows::read(&self.slices().join("builds.parquet"), "sliced builds")?;
        let ids: Vec<BuildId> = rows.ids("build")?;
        let counts: Vec<usize> = rows.count("layers")?;
        let (files, hashes) = (rows.text("file")?, rows.text("sha256")?);
        let (times, material) = (rows.whole("print_time_s")?, rows.real("material_g")?);
        let open: Vec<u32> = rows.count("open_contours")?;
        let mut builds = Vec::with_capacity(rows.len());
        for (i, build) in ids.into_iter().enumerate() {
            let own: Vec<_> = layers.by_ref().take(counts[i]).collect();
            if own.len() != counts[i] || own.iter().any(|(owner, ..)| *owner != build) {
                return Err(rows.fault(format!("does not agree with layers.parquet on {build}")));
            }
            builds.push(BuildSlices {
                build,
                layers: own.iter().map(|(_, layer, _)| *layer).collect(),
                file: files[i].clone(),
                sha256: hashes[i].clone(),
                // All layers have figures or none.
                figures: own.iter().map_while(|(.., figures)| *figures).collect(),
                print_time: Seconds(times[i]),
                material: Grams(material[i]),
                open_contours: open[i],
            });
        }
        if let Some((build, ..)) = layers.next() {
            return Err(rows.fault(format!("does not agree with layers.parquet on {build}")));
        }
        Ok(SliceSet { builds })
    }

    /// Writes stage 8, without the packages.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_package_set(&self, set: &PackageSet) -> Result<(), StoreError> {
        let packages = &set.packages;
        Table::new("packages")
            .text("build", packages.iter().map(|p| p.build.as_str()))
            .text("file", packages.iter().map(|p| &p.file))
            .text("sha256", packages.iter().map(|p| &p.sha256))
            .whole("bytes", packages.iter().map(|p| p.bytes as i64))
            .write(&self.packages().join("packages.parquet"))
    }

    /// Reads stage 8, without the packages.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_package_set(&self) -> Result<PackageSet, StoreError> {
        let rows = Rows::read(&self.packages().join("packages.parquet"), "packages")?;
        let packages = rows
            .ids("build")?
            .into_iter()
            .zip(rows.text("file")?)
            .zip(rows.text("sha256")?.into_iter().zip(rows.count("bytes")?))
            .map(|((build, file), (sha256, bytes))| Package { build, file, sha256, bytes })
            .collect();
        Ok(PackageSet { packages })
    }
}
