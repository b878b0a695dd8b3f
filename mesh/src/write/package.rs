//! The package around a model part: content types, relationships, ZIP.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::MeshError;
use crate::format::threemf::MODEL_TYPE;

/// How hard members are deflated. A gyroid of 90 MB of XML takes 21 MB in 0.17 s at level 1,
/// 13 MB in 0.39 s at level 3, 12 MB in 1.1 s at level 6.
const LEVEL: i64 = 3;

/// First line of every XML file.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The members of a package with one model part: name and content.
pub(super) fn members(model: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let types = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"model\" \
         ContentType=\"application/vnd.ms-package.3dmanufacturing-3dmodel+xml\"/></Types>\n"
    );
    let relations = relationships(std::iter::once("/3D/3dmodel.model".to_owned()));
    vec![
        ("[Content_Types].xml".to_owned(), types.into_bytes()),
        ("_rels/.rels".to_owned(), relations),
        ("3D/3dmodel.model".to_owned(), model),
    ]
}

/// Relationships to model parts.
pub(super) fn relationships(targets: impl Iterator<Item = String>) -> Vec<u8> {
    let head = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    let mut xml = format!("{HEAD}<Relationships {head}>");
    for (k, target) in targets.enumerate() {
        xml += &format!("<Relationship Target=\"{target}\" Id=\"rel{k}\" Type=\"{MODEL_TYPE}\"/>");
    }
    xml += "</Relationships>\n";
    xml.into_bytes()
}

/// How a member is packed: deflated, with a fixed time.
pub(super) fn member_options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(zip::DateTime::default())
        .system(zip::System::Unix)
}

/// Packs members: fixed times, the order given, deflated; the same bytes every time.
pub(super) fn zipped(members: &[(String, Vec<u8>)]) -> Result<Vec<u8>, MeshError> {
    let failed = |text: String| MeshError::Write { what: "3MF", text };
    let options = member_options();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(name.as_str(), options).map_err(|e| failed(e.to_string()))?;
        archive.write_all(content).map_err(|e| failed(e.to_string()))?;
    }
    Ok(archive.finish().map_err(|e| failed(e.to_string()))?.into_inner())
}

/// Text for an attribute or an element; what XML cannot hold becomes U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
