//! Errors of reading and writing meshes.

/// Errors of meshes and their files (E2xxx). Places are lines, triangles, members of archives.
#[derive(Debug, thiserror::Error)]
pub enum MeshError {
    /// An error with the file it was found in.
    #[error("{source} (in {file})")]
    InFile {
        /// The file.
        file: String,
        /// What is wrong in it.
        source: Box<MeshError>,
    },
    /// E2001: a file of 0 bytes.
    #[error("E2001: the file is empty (0 bytes); export the model again")]
    Empty,
    /// E2002: neither the name nor the content shows a format we read.
    #[error("E2002: the format is not known; give one of {known}")]
    UnknownFormat {
        /// Endings of the formats that are read.
        known: String,
    },
    /// E2003: more bytes than the limit.
    #[error("E2003: the file has {bytes} bytes, more than limits.file_bytes = {limit}")]
    FileTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// E2004: a format without a unit, and none was given.
    #[error("E2004: {format} has no unit; give one of {known}{guess}")]
    NoUnit {
        /// Name of the format.
        format: &'static str,
        /// Names of units.
        known: String,
        /// Which it may be and why, for the end of the message; may be empty.
        guess: String,
    },
    /// E2005: the file says another unit than was given.
    #[error(
        "E2005: the file is drawn in {own}, but the unit {given} was given; leave the unit out"
    )]
    UnitConflict {
        /// Unit of the file.
        own: &'static str,
        /// Unit that was given.
        given: &'static str,
    },
    /// E2006: more triangles than the limit.
    #[error(
        "E2006: the model has {count} triangles or more, the limit is limits.triangles = {limit}; \
         export it coarser"
    )]
    TooManyTriangles {
        /// How many were seen.
        count: u64,
        /// The limit.
        limit: u64,
    },
    /// E2007: the file ends too early.
    #[error("E2007: the file is cut off: {missing} bytes are missing {place}; copy it again")]
    Truncated {
        /// How many bytes are missing.
        missing: u64,
        /// Where.
        place: String,
    },
    /// E2008: text that does not follow the format.
    #[error("E2008: {place}: {text}")]
    Syntax {
        /// Where.
        place: String,
        /// What was found and what was expected.
        text: String,
    },
    /// E2009: a coordinate that is no number.
    #[error("E2009: {place}: the coordinate {value} is not a finite number; repair the model")]
    NotFinite {
        /// Where.
        place: String,
        /// What was found.
        value: String,
    },
    /// E2010: a coordinate beyond the limit.
    #[error(
        "E2010: {place}: the coordinate {value_mm} mm is beyond limits.coordinate_mm = {limit_mm}; \
         check the unit"
    )]
    CoordinateTooLarge {
        /// Where.
        place: String,
        /// The coordinate, mm.
        value_mm: f64,
        /// The limit, mm.
        limit_mm: f64,
    },
    /// E2011: an index of something that does not exist.
    #[error("E2011: {place}: index {index} is out of range, there are {count}")]
    BadIndex {
        /// Where.
        place: String,
        /// The index as it is written.
        index: i64,
        /// How many there are to choose from.
        count: usize,
    },
    /// E2012: a file without a triangle.
    #[error("E2012: the model has no triangle; export it as a triangle mesh")]
    NoTriangles,
    /// E2013: a file that cannot be opened or read.
    #[error("E2013: the file cannot be read: {text}")]
    Open {
        /// The cause the operating system tells.
        text: String,
    },
    /// E2020: not a ZIP archive, or a damaged one.
    #[error("E2020: the ZIP archive is damaged: {text}")]
    Archive {
        /// What is wrong.
        text: String,
    },
    /// E2021: an archive beyond a limit.
    #[error("E2021: the ZIP archive is refused: {text}")]
    ArchiveLimit {
        /// Which limit, and by what it is exceeded.
        text: String,
    },
    /// E2022: a member with a path that leads out of the archive, or that is double.
    #[error("E2022: the ZIP archive is refused: member {name:?} {text}")]
    ArchiveName {
        /// Name of the member.
        name: String,
        /// What is wrong with it.
        text: &'static str,
    },
    /// E2023: a member that is needed and not there.
    #[error("E2023: the archive has no member {name:?}; export the model again")]
    NoMember {
        /// Its name.
        name: String,
    },
    /// E2030: a 3MF that contradicts its specification.
    #[error("E2030: {place}: {text}")]
    ThreeMf {
        /// Member and place in it.
        place: String,
        /// What is wrong.
        text: String,
    },
    /// E2031: a 3MF that needs an extension which is not read.
    #[error("E2031: the 3MF requires the extension {name}, which is not read; export without it")]
    Extension {
        /// Name space of the extension.
        name: String,
    },
    /// E2041: a skin that cannot be drawn.
    #[error("E2041: a skin of {thickness} mm cannot be drawn; give at least {least:.3} mm")]
    WrapThickness {
        /// What was asked for, mm.
        thickness: f64,
        /// The least that this model allows, mm.
        least: f64,
    },
    /// E2040: what is to be written cannot be written.
    #[error("E2040: failed to write {what}: {text}")]
    Write {
        /// What was to be written.
        what: &'static str,
        /// Why not.
        text: String,
    },
}

impl MeshError {
    /// The error, with the file it was found in.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        Self::InFile { file: file.to_owned(), source: Box::new(self) }
    }
}
