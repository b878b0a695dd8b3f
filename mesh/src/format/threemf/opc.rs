//! The package around the model parts: relationships and content types (Open Packaging
//! Conventions, as the core specification uses them).

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::MODEL_TYPE;
use crate::{MeshError, ZipMembers};

/// Type of the relationship to a thumbnail.
const THUMBNAIL_TYPE: &str =
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail";
/// Type of the relationship to settings for the printer.
const TICKET_TYPE: &str = "http://schemas.microsoft.com/3dmanufacturing/2013/01/printticket";
/// Type of the relationship to a picture.
const TEXTURE_TYPE: &str = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dtexture";
/// Type of the relationship to the keys of encrypted parts.
const KEYS_TYPE: &str = "http://schemas.microsoft.com/3dmanufacturing/2019/04/keystore";
/// Content type of a model part.
const MODEL_CONTENT: &str = "application/vnd.ms-package.3dmanufacturing-3dmodel+xml";
/// The member that says what the others hold.
const TYPES: &str = "[Content_Types].xml";

/// What a package says of its parts.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// Member of the root model part, in lower case.
    pub(super) root: String,
    /// Relationships to parts that are not there and not needed.
    pub(super) dangling: u32,
    /// Whether the package holds keys of encrypted parts.
    pub(super) has_keys: bool,
    /// Whether the root part is told to be something else than a model.
    pub(super) wrong_type: bool,
}

impl Package {
    /// Reads content types, the relationships of the package and those of its root part.
    pub(super) fn read(members: &ZipMembers<'_>) -> Result<Self, MeshError> {
        let mut package = Self::default();
        let mut roots = Vec::new();
        for relation in relations(members, "_rels/.rels", "")? {
            if relation.kind == MODEL_TYPE {
                roots.push(relation.target.clone());
            }
            package.note(members, &relation, "_rels/.rels")?;
        }
        let broken = |text: &str| {
            let (place, text) = ("_rels/.rels".to_owned(), text.to_owned());
            MeshError::ThreeMf { place, text }
        };
        package.root = match &roots[..] {
            [] => return Err(broken("names no 3D model part; add the relationship to it")),
            [root] => root.clone(),
            _ => return Err(broken("names more than one 3D model part; keep one")),
        };
        package.read_part(members)?;
        let types = content_types(members)?;
        package.wrong_type = types.of(&package.root) != Some(MODEL_CONTENT);
        Ok(package)
    }

    /// Reads the relationships of the root part.
    fn read_part(&mut self, members: &ZipMembers<'_>) -> Result<(), MeshError> {
        let (folder, name) = self.root.rsplit_once('/').unwrap_or(("", &self.root));
        let file = format!("{folder}/_rels/{name}.rels");
        let file = file.trim_start_matches('/').to_owned();
        if !members.contains(&file) {
            return Ok(());
        }
        let relations = relations(members, &file, folder)?;
        if relations.iter().filter(|r| r.kind == TICKET_TYPE).count() > 1 {
            let text = "attaches more than one print ticket; keep one".to_owned();
            return Err(MeshError::ThreeMf { place: file, text });
        }
        for relation in &relations {
            self.note(members, relation, &file)?;
        }
        Ok(())
    }

    fn note(
        &mut self,
        members: &ZipMembers<'_>,
        relation: &Relation,
        place: &str,
    ) -> Result<(), MeshError> {
        self.has_keys |= relation.kind == KEYS_TYPE;
        if members.contains(&relation.target) {
            return Ok(());
        }
        if relation.kind == MODEL_TYPE {
            return Err(MeshError::NoMember { name: relation.target.clone() });
        }
        if [THUMBNAIL_TYPE, TICKET_TYPE, TEXTURE_TYPE].contains(&relation.kind.as_str()) {
            let (place, target) = (place.to_owned(), &relation.target);
            let text = format!(
                "refers to {target:?}, which is not in the package; add it or leave the \
                 relationship out"
            );
            return Err(MeshError::ThreeMf { place, text });
        }
        self.dangling += 1;
        Ok(())
    }
}

/// A relationship to a part of the package.
#[derive(Debug)]
struct Relation {
    kind: String,
    /// Member, in lower case.
    target: String,
}

fn relations(
    members: &ZipMembers<'_>,
    file: &str,
    folder: &str,
) -> Result<Vec<Relation>, MeshError> {
    let mut found = Vec::new();
    each_element(members, file, |e| {
        if e.local_name().as_ref() != "Relationship" {
            return Ok(());
        }
        let needed =
            |name: &str| value(e, name)?.ok_or_else(|| format!("a relationship without {name}"));
        let (kind, target) = (needed("Type")?, needed("Target")?);
        if value(e, "TargetMode")?.is_some_and(|mode| mode.eq_ignore_ascii_case("external")) {
            return Err(format!("{target:?} lies outside of the package; put it into it"));
        }
        let target = resolve(folder, &target)?;
        found.push(Relation { kind, target });
        Ok(())
    })?;
    Ok(found)
}

/// The member that a target names, seen from a folder.
pub(super) fn resolve(folder: &str, target: &str) -> Result<String, String> {
    let scheme = target.split_once(':').map(|(head, _)| head);
    let is_scheme = scheme.is_some_and(|s| s.bytes().all(|b| b.is_ascii_alphanumeric()));
    if is_scheme || target.starts_with("//") || target.contains('\\') {
        return Err(format!("{target:?} lies outside of the package; put it into it"));
    }
    let target = unescaped(target)?;
    let from = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for part in from.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop().ok_or_else(|| format!("{target:?} leads out of the package"))?;
            }
            part => path.push(part),
        }
    }
    Ok(path.join("/").to_ascii_lowercase())
}

/// The text with `%20` and the like replaced.
fn unescaped(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| first == b'%').and_then(|h| std::str::from_utf8(h).ok());
        if let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("{text:?} is no UTF-8"))
}

/// What the parts of a package hold.
#[derive(Debug, Default)]
struct Types {
    by_ending: BTreeMap<String, String>,
    by_member: BTreeMap<String, String>,
}

impl Types {
    fn of(&self, member: &str) -> Option<&str> {
        let ending = member.rsplit_once('.').map_or("", |(_, ending)| ending);
        self.by_member.get(member).or_else(|| self.by_ending.get(ending)).map(String::as_str)
    }
}

fn content_types(members: &ZipMembers<'_>) -> Result<Types, MeshError> {
    let mut types = Types::default();
    each_element(members, TYPES, |e| {
        let kind = value(e, "ContentType")?.unwrap_or_default();
        match e.local_name().as_ref() {
            "Default" => {
                let ending = value(e, "Extension")?.ok_or("a default without Extension")?;
                types.by_ending.insert(ending.to_ascii_lowercase(), kind);
            }
            "Override" => {
                let name = value(e, "PartName")?.ok_or("an override without PartName")?;
                types.by_member.insert(resolve("", &name)?, kind);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(types)
}

/// Calls `take` with each tag of a small XML member.
fn each_element(
    members: &ZipMembers<'_>,
    file: &str,
    mut take: impl FnMut(&BytesStart<'_>) -> Result<(), String>,
) -> Result<(), MeshError> {
    let bytes = members.read(file)?;
    let broken = |text: String| MeshError::ThreeMf { place: file.to_owned(), text };
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| broken("is no UTF-8; write the XML in UTF-8".to_owned()))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut depth = 0_i32;
    loop {
        match reader.read_event().map_err(|error| broken(error.to_string()))? {
            Event::Start(e) => {
                depth += 1;
                take(&e).map_err(broken)?;
            }
            Event::Empty(e) => take(&e).map_err(broken)?,
            Event::End(_) => depth -= 1,
            Event::DocType(_) => {
                return Err(broken("a DTD is not allowed in a 3MF; leave it out".to_owned()));
            }
            Event::Eof if depth != 0 => return Err(broken("the XML is cut off".to_owned())),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn value(e: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = e.try_get_attribute(name).map_err(|error| error.to_string())?;
    let value = found.map(|a| a.normalized_value(XmlVersion::Implicit1_0));
    Ok(value.transpose().map_err(|error| error.to_string())?.map(std::borrow::Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_within_the_package() {
        for (folder, target, member) in [
            ("", "/3D/3dModel.model", "3d/3dmodel.model"),
            ("3d", "Texture/a.png", "3d/texture/a.png"),
            ("3d", "../Metadata/t.png", "metadata/t.png"),
            ("3d", "/a%20b.png", "a b.png"),
            ("", "./x", "x"),
        ] {
            assert_eq!(resolve(folder, target).unwrap(), member);
        }
        for target in ["C:/a.png", "http://x/y", "//host/a", "..\\a", "../a", "/%FF"] {
            assert!(resolve("", target).is_err(), "{target}");
        }
    }
}
