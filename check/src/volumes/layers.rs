//! What layers fuse.

use super::{Build, Standing3d, VolumeFault};
use crate::layer_area::beyond;

impl Build<'_> {
    pub(super) fn layers(&self, standing: &[Standing3d<'_>], faults: &mut Vec<VolumeFault>) {
        let Some(limits) = self.kind.layers else { return };
        let standing: Vec<_> = standing.iter().map(|part| &part.standing).collect();
        let found = beyond(&standing, &limits).into_iter();
        faults.extend(found.map(|(layer, how)| VolumeFault::Layer {
            build: self.index,
            layer,
            how,
        }));
    }
}
