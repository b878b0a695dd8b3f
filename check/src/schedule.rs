//! .
use crate::facts::Facts;
use crate::{Evidence, Violation};
pub(crate) fn check(_: &Evidence<'_>, _: &Facts<'_>) -> Vec<Violation> {
    Vec::new()
}
