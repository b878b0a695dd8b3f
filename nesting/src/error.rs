//! Errors of nesting: bad input only; what does not fit is an answer.

use platewright_model::id::PartId;

/// Errors of nesting (E4xxx).
#[derive(Debug, thiserror::Error)]
pub enum NestError {
    /// E4001: a mesh without triangles or with a coordinate that is no number.
    #[error("E4001: part {part} has no usable mesh; repair the model or leave the part out")]
    NoMesh {
        /// The part.
        part: PartId,
    },
    /// E4002: a build volume without room.
    #[error("E4002: build volume {volume} has no room; its size and margins must be positive")]
    NoVolume {
        /// Name of the volume.
        volume: String,
    },
    /// E4003: the part could not be prepared for nesting.
    #[error("E4003: failed to prepare part {part}: {text}")]
    Prepare {
        /// The part.
        part: PartId,
        /// What happened.
        text: String,
    },
    /// E4005: plates or outlines of no use.
    #[error("E4005: cannot nest on these plates: {what}")]
    BadPlates {
        /// What is wrong, where, and how to mend it.
        what: String,
    },
    /// E4004: a strip or an outline of no use.
    #[error("E4004: cannot lay out the strip: {what}")]
    BadStrip {
        /// What is wrong, where, and how to mend it.
        what: String,
    },
    /// E4007: volumes or solids of no use.
    #[error("E4007: cannot nest in these volumes: {what}")]
    BadVolumes {
        /// What is wrong, where, and how to mend it.
        what: String,
    },
    /// E4006: boxes or a container of no use.
    #[error("E4006: cannot pack boxes: {what}")]
    BadBoxes {
        /// What is wrong, where, and how to mend it.
        what: String,
    },
}
