//! What can go wrong, with stable codes.

/// A failure of slicing or of a layer file.
#[derive(Debug, thiserror::Error)]
pub enum SliceError {
    /// The layer thickness is of no use.
    #[error("E7001 layer thickness must be above 0 and finite, is {0} mm; mend the parameter set")]
    LayerThickness(f64),
    /// More layers than a layer file can hold.
    #[error(
        "E7002 {layers} layers are more than {limit}; give thicker layers or mend the unit of \
         length"
    )]
    TooManyLayers {
        /// How many there would be.
        layers: f64,
        /// How many there may be.
        limit: u32,
    },
    /// A mesh holds an index or a coordinate that is none.
    #[error("E7003 mesh {part} is broken: {what}; inspect the model")]
    BadMesh {
        /// Index of the part in the call.
        part: usize,
        /// What is wrong with it.
        what: String,
    },
    /// A part stands below the plate or above the height of the build.
    #[error(
        "E7004 part {part} reaches from {bottom_mm} mm to {top_mm} mm, outside of the build's \
         0 mm to {height_mm} mm; check the placements"
    )]
    OutsideBuild {
        /// Index of the part in the call.
        part: usize,
        /// Its bottom over the plate, mm.
        bottom_mm: f64,
        /// Its top over the plate, mm.
        top_mm: f64,
        /// Height of the build, mm.
        height_mm: f64,
    },
    /// The run was cancelled.
    #[error("E7005 slicing was stopped; run it again to finish it")]
    Stopped,
    /// No format of that name.
    #[error("E7006 there is no layer format {name:?}; there are {known}")]
    UnknownFormat {
        /// Name that was asked for.
        name: String,
        /// Names there are.
        known: String,
    },
    /// A layer file cannot be written.
    #[error("E7008 failed to write a layer file; check the disk and the folder")]
    Write(#[source] std::io::Error),
    /// A 3MF with slices cannot be written.
    #[error("E7016 failed to write the 3MF; check the models, the disk and the folder")]
    ThreeMf(#[from] platewright_mesh::MeshError),
    /// A format cannot hold the build, or the options are of no use for it.
    #[error("E7017 format {format} cannot hold the build: {what}; take another format")]
    FormatCannot {
        /// Name of the format.
        format: &'static str,
        /// Why.
        what: String,
    },
    /// A part lies too far from the origin for the grid of contours.
    #[error(
        "E7009 part {part} reaches {reach_mm} mm from the origin, more than {limit_mm} mm; check \
         the placements and the unit of length"
    )]
    TooFar {
        /// Index of the part in the call.
        part: usize,
        /// How far it reaches, mm.
        reach_mm: f64,
        /// How far it may reach, mm.
        limit_mm: f64,
    },
    /// Layers cannot be turned into images.
    #[error("E7015 layers cannot be turned into images: {what}; mend the raster options")]
    RasterOptions {
        /// What is wrong.
        what: String,
    },
    /// A contour is to be moved by a distance of no use.
    #[error(
        "E7010 contours can be moved by up to 1000 mm with an arc error above 0 mm, not by {by} \
         mm with {arc} mm; mend the offset"
    )]
    Offset {
        /// The distance, mm.
        by: f64,
        /// The bound on the error of arcs, mm.
        arc: f64,
    },
    /// A greatest angle of overhangs that is of no use.
    #[error(
        "E7018 a greatest overhang of {angle} degrees is of no use for these layers; give 0 to 89 \
         degrees from the vertical"
    )]
    Angle {
        /// The angle, degrees.
        angle: f64,
    },
    /// Limits of adaptive layers that contradict one another.
    #[error("E7011 adaptive layers need {what}; mend the limits of the parameter set")]
    AdaptiveLimits {
        /// What is needed, and what was given.
        what: String,
    },
    /// A layer file cannot be read.
    #[error("E7007 layer file cannot be read at byte {at}: {what}")]
    BadLayerFile {
        /// Where.
        at: usize,
        /// What is wrong.
        what: String,
    },
}

/// Jobs that a time model cannot be fitted to.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CalibrateError {
    /// Fewer jobs than a fit needs.
    #[error(
        "E7012 {jobs} jobs are too few to fit {terms}; post {needed} or more, or fit fewer terms"
    )]
    TooFewJobs {
        /// How many there are.
        jobs: usize,
        /// How many are needed.
        needed: usize,
        /// What was to be fitted.
        terms: String,
    },
    /// A job with a measure of no use.
    #[error("E7013 job {job:?} cannot be used: {what}; correct it or leave it out")]
    BadJob {
        /// Its name.
        job: String,
        /// What is wrong with it.
        what: String,
    },
    /// Terms that the jobs do not tell from one another.
    #[error("E7014 the jobs do not tell apart: {terms}; {remedy}")]
    Alike {
        /// The terms.
        terms: String,
        /// What would help.
        remedy: &'static str,
    },
}

/// A failure of writing or reading a technical data package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The plan that is to be packed refers to what is not there.
    #[error("E8001 build {build} refers to {what}, which is not in the night; check the plan")]
    Missing {
        /// The build.
        build: String,
        /// What is missing.
        what: String,
    },
    /// The 3MF cannot be written.
    #[error("E8002 failed to write the 3MF of build {build}")]
    ThreeMf {
        /// The build.
        build: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The ZIP cannot be written.
    #[error("E8003 failed to write the ZIP container: {0}")]
    Write(String),
    /// The ZIP cannot be read, or breaks ISO/IEC 21320-1.
    #[error("E8004 package cannot be read: {0}; fetch it again or write it again")]
    Container(String),
    /// The package is larger than allowed.
    #[error("E8005 package holds {what} {found}, more than the limit of {limit}; raise the limit")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much was found.
        found: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// A member that the manifest lists is not there, or one is there that it does not list.
    #[error("E8006 package member {path:?} {what}; fetch the package again or write it again")]
    Member {
        /// Name of the member.
        path: String,
        /// What is wrong with it.
        what: String,
    },
    /// The manifest cannot be understood.
    #[error("E8007 manifest.json cannot be read: {0}")]
    Manifest(String),
    /// The plan has a measure that JSON cannot hold.
    #[error("E8008 failed to write manifest.json: {0}")]
    ManifestWrite(String),
}
