//! `platewright openapi`: the document of the service.

use crate::exit::{Exit, Failure};
use crate::output::say;

#[expect(clippy::unnecessary_wraps, reason = "as every command")]
pub(crate) fn run() -> Result<Exit, Failure> {
    say(platewright_server::document().trim_end());
    Ok(Exit::Done)
}
