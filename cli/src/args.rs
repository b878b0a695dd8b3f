//! The command line.

mod service;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use platewright_model::measure::LengthUnit;

pub(crate) use self::service::{BackupArgs, ServeArgs};
use self::values::{angle, duration, pixels, unit};

/// Plans a night of additive manufacturing: from orders and models to builds, machines, dates,
/// layers and packages.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 usage, 3 violations found or units left \
over, 4 bad input, 5 the budget ended before anything valid, 130 interrupted (best result written)";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Plan a night: inspect, group, nest, assign, schedule, slice, pack, verify, report
    Plan(PlanArgs),
    /// Verify a run or a plan of batches, independently of what planned it
    Check(CheckArgs),
    /// Write the report of a run again
    Report(ReportArgs),
    /// Give the original orders back out of the packages of a run alone
    Restore(RunArgs),
    /// Say why a unit, order or build is where it is, and what the alternatives would cost
    Explain(ExplainArgs),
    /// Look at models: facts, faults, whether they can be printed
    Inspect(InspectArgs),
    /// Slice a model into layers
    #[command(after_help = format!("Formats: {}", crate::command::slice::format_names()))]
    Slice(SliceArgs),
    /// Lay out outlines on as few plates, or on as short a strip, as possible
    #[command(after_help = crate::command::nest::heuristics())]
    Nest(NestArgs),
    /// Put parts into batches, batches onto machines, and machines in order
    Schedule(ScheduleArgs),
    /// Fit the time models of machines to what their jobs took
    Calibrate(CalibrateArgs),
    /// Make a night, models or plate jobs to try things on
    Dataset(DatasetArgs),
    /// Serve orders, plans and the ledger over HTTP
    Serve(ServeArgs),
    /// Copy the data of a service, as it is at one moment, also while it runs
    Backup(BackupArgs),
    /// Print the OpenAPI document of the service
    Openapi,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    /// Folder with orders, catalogue.json, centres.json and models/
    pub(crate) night: PathBuf,
    /// Folder for the run; must be new or empty
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// Folder of the run that is in force: what has started stays, other builds keep their parts
    /// where they can; `builds.json` in the night's folder may report on them
    #[arg(long, value_name = "RUN")]
    pub(crate) frozen: Option<PathBuf>,
    /// Wall time for planning, such as 60s or 5m
    #[arg(long, value_parser = duration, conflicts_with = "iterations")]
    pub(crate) budget: Option<Duration>,
    /// Search steps instead of wall time: the same steps give the same plan everywhere
    #[arg(long)]
    pub(crate) iterations: Option<u64>,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    /// End with 0 even if units are left over
    #[arg(long)]
    pub(crate) allow_leftover: bool,
    /// Print the figures of the plan as one JSON document
    #[arg(long, conflicts_with = "ndjson")]
    pub(crate) json: bool,
    /// Print progress as one JSON document a line
    #[arg(long)]
    pub(crate) ndjson: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CommonArgs {
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Worker threads; the plan does not depend on it [default: all cores]
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Configuration file; what it leaves out keeps its default
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
    /// One setting, such as volume.voxel_mm=0.5
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// Folder of the run, or a plan that `schedule` wrote
    #[arg(value_name = "RUN|PLAN")]
    pub(crate) run: PathBuf,
    /// The batch scheduling problem of the plan
    #[arg(long)]
    pub(crate) instance: Option<PathBuf>,
    /// Which one, of an instance with several problems
    #[arg(long, default_value_t = 1, requires = "instance")]
    pub(crate) number: usize,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,
    /// Open the report in the browser
    #[arg(long)]
    pub(crate) open: bool,
    /// Also write a picture of each build (PNG) to this folder
    #[arg(long)]
    pub(crate) pictures: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// Folder of the run, or a plan of batches (JSON)
    pub(crate) run: PathBuf,
    /// Unit (UUID or its beginning), order or build; of a plan of batches the index of a part
    #[arg(required_unless_present = "capacity")]
    pub(crate) subject: Option<String>,
    /// Problem that the plan of batches is for
    #[arg(long)]
    pub(crate) instance: Option<PathBuf>,
    /// Which orders cannot all be in time for lack of machine time, and what would have to give
    /// way; of a plan of batches also what more time is worth, centre by centre
    #[arg(long, conflicts_with = "subject")]
    pub(crate) capacity: bool,
    /// Which one, of an instance with several problems
    #[arg(long, default_value_t = 1)]
    pub(crate) number: usize,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InspectArgs {
    /// Model files: STL, OBJ, PLY, 3MF
    #[arg(required = true)]
    pub(crate) models: Vec<PathBuf>,
    /// Unit of length of files that do not say theirs
    #[arg(long, value_parser = unit)]
    pub(crate) unit: Option<LengthUnit>,
    /// Write to this folder each model as it would be printed, and for those with faults a 3MF
    /// that shows them in colour; the models themselves stay as they are
    #[arg(long)]
    pub(crate) repair: Option<PathBuf>,
    /// Format of the models that --repair writes
    #[arg(long, default_value = "3mf", requires = "repair")]
    pub(crate) format: ModelFormat,
    /// Leave out the files that show the faults
    #[arg(long, requires = "repair")]
    pub(crate) no_marks: bool,
    /// Rebuild models that cannot be corrected as a skin of this thickness around them, mm: the
    /// last resort
    #[arg(long, requires = "repair")]
    pub(crate) wrap: Option<f64>,
    /// Processes to judge by, comma-separated: mex, vpp, mjt, pbf, pbf-plate, bjt, ded, shl or
    /// all, with usual figures; with --catalogue, ids of its processes
    #[arg(long, value_delimiter = ',')]
    pub(crate) process: Vec<String>,
    /// A catalogue.json whose processes to judge by: all, or those of --process
    #[arg(long)]
    pub(crate) catalogue: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

/// Formats that corrected models are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelFormat {
    /// Exact coordinates, with their unit.
    #[value(name = "3mf")]
    ThreeMf,
    /// Single precision.
    Stl,
    /// Exact coordinates.
    Obj,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SliceArgs {
    /// Model files (STL, OBJ, PLY, 3MF), each standing on the plate as it is drawn, or folders
    /// of runs
    #[arg(required = true, value_name = "MODEL|RUN")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Unit of length of files that do not say theirs
    #[arg(long, value_parser = unit)]
    pub(crate) unit: Option<LengthUnit>,
    /// Builds of the runs, comma-separated [default: all]
    #[arg(long, value_delimiter = ',')]
    pub(crate) build: Vec<String>,
    /// Layer thickness, mm [default for runs: that of each build]
    #[arg(long)]
    pub(crate) layer: Option<f64>,
    /// Formats, comma-separated; see the list below
    #[arg(long, value_delimiter = ',', default_value = "cli")]
    pub(crate) format: Vec<String>,
    /// Folder for the layer files
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// Slice models as they are: neither inspected nor corrected; for models that are known to be
    /// sound, many times as fast
    #[arg(long)]
    pub(crate) as_is: bool,
    /// What is solid where contours overlap
    #[arg(long, value_enum, default_value_t = FillName::Positive)]
    pub(crate) fill: FillName,
    /// When contours are united
    #[arg(long, value_enum, default_value_t = UniteName::Auto)]
    pub(crate) unite: UniteName,
    /// How far the contours written may lie from the exact ones, mm
    #[arg(long, default_value_t = 0.0)]
    pub(crate) simplify: f64,
    /// Layers as thin as this where surfaces are flat, up to --layer where they are steep, mm
    #[arg(long, requires = "layer")]
    pub(crate) least: Option<f64>,
    /// Greatest step between a surface and its layers, for layers that follow the slope, mm
    #[arg(long, default_value_t = 0.02, requires = "least")]
    pub(crate) cusp: f64,
    /// Grow every part by this in the plane before it is written, mm; negative to shrink it by
    /// half the width of a beam
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) grow: f64,
    /// Pixels of an image, such as 2400x1600, for the formats of images
    #[arg(long, value_parser = pixels, requires = "pitch")]
    pub(crate) pixels: Option<[u32; 2]>,
    /// Size of a pixel, mm
    #[arg(long, requires = "pixels")]
    pub(crate) pitch: Option<f64>,
    /// Make a pixel solid if its centre is, without greys
    #[arg(long, requires = "pixels")]
    pub(crate) centre: bool,
    /// Compare each layer with the one below: islands, overhangs, area that changed
    #[arg(long)]
    pub(crate) figures: bool,
    /// Greatest angle from the vertical that needs no support, degrees [default for runs: that of
    /// the process; else 45]
    #[arg(long, value_name = "DEG", value_parser = angle, requires = "figures")]
    pub(crate) angle: Option<f64>,
    /// Write the facts of all layers to this Parquet file
    #[arg(long)]
    pub(crate) facts: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NestArgs {
    /// Instance, see docs/nesting.md: plates, volumes or boxes as JSON; published instances of
    /// strip packing, of solids (ESICUP) or of container loading (thpack)
    pub(crate) instance: PathBuf,
    /// Folder for layout.json, trace.parquet and pictures
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// How to nest; see the list below
    #[arg(long, value_name = "NAME", default_value = crate::command::nest::FULL)]
    pub(crate) heuristic: String,
    /// Wall time, such as 60s or 5m [default: 60s]
    #[arg(long, value_parser = duration, conflicts_with = "iterations")]
    pub(crate) budget: Option<Duration>,
    /// Search steps instead of wall time: the same steps give the same layout everywhere
    #[arg(long)]
    pub(crate) iterations: Option<u64>,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Layout of these plates or volumes to begin with: a layout.json of an earlier run
    #[arg(long, value_name = "LAYOUT")]
    pub(crate) start: Option<PathBuf>,
    /// Folder that paths of models begin at [default: that of the instance]
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
    /// Rotations of all solids, instead of those that the instance allows
    #[arg(long, value_enum, value_name = "TURNS")]
    pub(crate) turns: Option<TurnsName>,
    /// Which one, of a file with several instances
    #[arg(long, default_value_t = 1)]
    pub(crate) number: usize,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScheduleArgs {
    /// Batch scheduling problem, see docs/scheduling.md: JSON, or a published instance (.xlsx,
    /// .csv)
    pub(crate) instance: PathBuf,
    /// File for the plan (JSON)
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// Wall time, such as 60s or 5m [default: 60s]
    #[arg(long, value_parser = duration, conflicts_with = "iterations")]
    pub(crate) budget: Option<Duration>,
    /// Moves instead of wall time: the same number gives the same plan everywhere
    #[arg(long)]
    pub(crate) iterations: Option<u64>,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Worker threads; with --iterations the plan does not depend on it [default: all cores]
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Plan in force (JSON): go on from it, and change no more than need be
    #[arg(long, value_name = "PLAN")]
    pub(crate) from: Option<PathBuf>,
    /// With --from: what begins before this time has started and stays
    #[arg(long, requires = "from", default_value_t = 0)]
    pub(crate) now: i64,
    /// With --from: machines that print nothing more, by their index
    #[arg(long, requires = "from", value_name = "MACHINE")]
    pub(crate) broken: Vec<usize>,
    /// With --from: file for the problem with the plan in force, to check and go on from
    #[arg(long, requires = "from", value_name = "FILE")]
    pub(crate) next: Option<PathBuf>,
    /// Spend half of the budget on a proof of how far above the least the cost may be
    #[arg(long)]
    pub(crate) prove: bool,
    /// Limit batches by size alone where the outlines of parts are known too
    #[arg(long)]
    pub(crate) by_size: bool,
    /// Which one, of an instance with several problems
    #[arg(long, default_value_t = 1)]
    pub(crate) number: usize,
    /// File for the improvements on the way (Parquet)
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

/// Rotations that solids may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TurnsName {
    /// As drawn.
    Fixed,
    /// As drawn, and half turns about each axis.
    Halves,
    /// The 24 that map the axes on to themselves.
    Cube,
}

/// What is solid where contours overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FillName {
    /// Winding number 1 and more, as 3MF prescribes.
    Positive,
    /// Winding number other than 0: also shells that are inside out.
    Nonzero,
    /// An odd number of contours around: shells that overlap cut each other out.
    Evenodd,
}

/// When contours are united.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UniteName {
    /// In the heights of shells that overlap, and where an open contour was closed.
    Auto,
    /// Never.
    Never,
    /// In every layer.
    Always,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CalibrateArgs {
    /// Folders of the runs that planned the jobs, the newest last
    #[arg(required = true, value_name = "RUN")]
    pub(crate) runs: Vec<PathBuf>,
    /// What the jobs took: a file that ends in .json or .csv
    #[arg(long, value_name = "FILE")]
    pub(crate) actuals: PathBuf,
    /// Only this machine [default: all that have jobs]
    #[arg(long, value_name = "ID")]
    pub(crate) machine: Option<String>,
    /// What print time depends on, comma-separated
    #[arg(long, value_enum, value_delimiter = ',', default_value = "fixed,layers,volume,surface")]
    pub(crate) terms: Vec<TermName>,
    /// Write the centres of the last run with the new times to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

/// What print time may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TermName {
    /// Seconds of any job.
    Fixed,
    /// Seconds for a layer.
    Layers,
    /// Seconds for a volume of solid.
    Volume,
    /// Seconds for a surface of contours.
    Surface,
    /// Seconds for a height; jobs must be of two layer thicknesses.
    Height,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DatasetArgs {
    /// What to make: `night` (generated), `kit` (from a folder of models), `faults` (models with
    /// faults and their truth), `plates` and `volumes` (jobs for `nest`), `amb` (batch scheduling
    /// over many centres), `batches` (batch scheduling problems of the literature)
    #[arg(value_enum)]
    pub(crate) name: DatasetName,
    /// Folder for it
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// night: units of the night, 900 unless given; faults: models, 320 unless given; amb: parts,
    /// 50, 200 and 1000 unless given; batches: parts, 10, 20, 50 and 100 unless given
    #[arg(long)]
    pub(crate) size: Option<u32>,
    /// All but kit: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// kit: folder of models, each ordered as often as `_xN` in its name says; faults: folder of
    /// real models to put faults into, too
    #[arg(long, required_if_eq("name", "kit"))]
    pub(crate) models: Option<PathBuf>,
    /// kit: orders of the whole kit, alternating between laser sintering and filament
    #[arg(long, default_value_t = 3)]
    pub(crate) orders: u32,
}

/// Datasets by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DatasetName {
    /// A generated night.
    Night,
    /// Whole kits of real models.
    Kit,
    /// Models with faults, and what they should be once corrected.
    Faults,
    /// Outlines of generated parts on plates of three kinds.
    Plates,
    /// Generated parts in build volumes.
    Volumes,
    /// Batch scheduling over many centres, as other languages can repeat it.
    Amb,
    /// Batch scheduling as the literature has it.
    Batches,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
