//! `platewright serve`: finished runs over HTTP.

use crate::args::ServeArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::complain;

pub(crate) fn run(args: &ServeArgs) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Failure::other(format!("failed to start the service: {e}")))?;
    complain(&format!("showing the runs of {} on http://{}", args.runs.display(), args.listen));
    runtime
        .block_on(platewright_server::serve(args.runs.clone(), args.listen, stopped()))
        .map_err(|e| Failure::input(chain(&e)))?;
    Ok(Exit::Done)
}

/// Done at Ctrl-C; never, if that cannot be listened for.
async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
