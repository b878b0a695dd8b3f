//! `platewright backup`: the data of a service, copied at one moment.

use platewright_server::{ServerError, back_up};

use super::serve::runtime;
use crate::args::BackupArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::say;

pub(crate) fn run(args: &BackupArgs) -> Result<Exit, Failure> {
    if args.out.exists() {
        let text = format!("{} is there already: name a new folder", args.out.display());
        return Err(Failure::input(text));
    }
    let done = runtime()?.block_on(back_up(&args.data, &args.out));
    done.map_err(|e: ServerError| Failure::input(chain(&e)))?;
    say(&format!("{}: a copy of {}", args.out.display(), args.data.display()));
    Ok(Exit::Done)
}
