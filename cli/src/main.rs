//! `platewright`: the one command. Data goes to standard output, everything else to standard
//! error.

mod args;
mod command;
mod config;
mod exit;
mod output;
mod progress;

use clap::Parser;

use crate::args::{Args, Command};

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Command::Plan(args) => command::plan::run(&args),
        Command::Check(args) => command::check::run(&args),
        Command::Report(args) => command::report::run(&args),
        Command::Restore(args) => command::restore::run(&args),
        Command::Explain(args) => command::explain::run(&args),
        Command::Inspect(args) => command::inspect::run(&args),
        Command::Slice(args) => command::slice::run(&args),
        Command::Nest(args) => command::nest::run(&args),
        Command::Schedule(args) => command::schedule::run(&args),
        Command::Calibrate(args) => command::calibrate::run(&args),
        Command::Dataset(args) => command::dataset::run(&args),
        Command::Serve(args) => command::serve::run(&args),
        Command::Backup(args) => command::backup::run(&args),
        Command::Openapi => command::openapi::run(),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::complain(&format!("error: {failure}"));
            failure.exit().into()
        }
    }
}
