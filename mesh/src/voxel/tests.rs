//! Tests of voxels.
