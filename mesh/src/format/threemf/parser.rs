//! The events of a model part, one after the other.

use std::collections::BTreeSet;
use std::io::BufRead;

use platewright_model::config::Limits;
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{Namespace, NamespaceResolver, ResolveResult};

use super::attributes::{Attributes, undeclared};
use super::names::{Name, Space};
use super::part::{ModelPart, Object};
use super::properties::unknown_id;
use super::slices::Stack;
use super::window::Window;
use super::{element, scan};
use crate::format::check_count;
use crate::{MeshError, ZipMembers};

/// Elements nested deeper than this are refused.
const DEPTH_MAX: usize = 64;
/// While fewer bytes than this are there, more are inflated before an element is read.
const MARGIN: usize = 1 << 10;

/// Reads the model part `member`.
pub(super) fn read(
    members: &ZipMembers<'_>,
    member: &str,
    limits: &Limits,
) -> Result<ModelPart, MeshError> {
    read_with(members, member, limits, true)
}

/// As [`read`], with or without the fast path.
pub(super) fn read_with(
    members: &ZipMembers<'_>,
    member: &str,
    limits: &Limits,
    fast: bool,
) -> Result<ModelPart, MeshError> {
    let mut reader = Reader::from_reader(Window::new(members.reader(member)?));
    let mut parser = Parser::new(limits, fast);
    let result = parser.run(&mut reader);
    let at = reader.buffer_position();
    // What is wrong with the archive explains what is wrong in it.
    reader.get_mut().drain()?;
    let place = || format!("{member}, line {}", line_at(members, member, at));
    match result {
        Ok(()) => Ok(parser.part),
        Err(Fault::Mesh(error)) => Err(error),
        Err(Fault::Text(text)) => Err(MeshError::ThreeMf { place: place(), text }),
        Err(Fault::Value(value)) => Err(MeshError::NotFinite { place: place(), value }),
    }
}

/// The line of a byte, found by reading once more: it is needed for faults only.
fn line_at(members: &ZipMembers<'_>, member: &str, at: u64) -> usize {
    let mut line = 1;
    let mut left = usize::try_from(at).unwrap_or(usize::MAX);
    let mut piece = vec![0; 1 << 16];
    let Ok(mut reader) = members.reader(member) else { return line };
    while let Ok(n) = reader.fill(&mut piece)
        && n > 0
        && left > 0
    {
        line += piece[..n.min(left)].iter().filter(|b| **b == b'\n').count();
        left = left.saturating_sub(n);
    }
    line
}

/// What went wrong within a part; it gets its place from the reader.
pub(super) enum Fault {
    /// Something against the specification.
    Text(String),
    /// A coordinate that is no number.
    Value(String),
    /// A limit.
    Mesh(MeshError),
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What was read so far, and where in the document that is.
pub(super) struct Parser {
    pub(super) part: ModelPart,
    pub(super) object: Option<(u32, Object)>,
    pub(super) stack: Option<(u32, Stack)>,
    /// Names of the open elements; elements that are not read are `None`.
    path: Vec<Option<Name>>,
    pub(super) spaces: NamespaceResolver,
    /// Addresses of name spaces that the file lets us ignore.
    pub(super) ignorable: Vec<String>,
    /// Names of metadata of the model, and of the group that is open.
    pub(super) metadata: [BTreeSet<String>; 2],
    limits: Limits,
    triangles: u64,
    /// `<vertex` or `<triangle`, with the prefix of their list.
    tag: Vec<u8>,
    /// Whether elements are taken straight from the bytes where they are written plainly.
    fast: bool,
}

impl Parser {
    fn new(limits: &Limits, fast: bool) -> Self {
        Self {
            part: ModelPart::default(),
            object: None,
            stack: None,
            path: Vec::new(),
            spaces: NamespaceResolver::default(),
            ignorable: Vec::new(),
            metadata: Default::default(),
            limits: *limits,
            triangles: 0,
            tag: Vec::new(),
            fast,
        }
    }

    fn run(&mut self, reader: &mut Reader<Window<'_>>) -> Result<(), Fault> {
        check_beginning(reader)?;
        let mut buffer = Vec::new();
        // After a text quick-xml knows what comes next and wants to find it there.
        let mut after_text = false;
        loop {
            match self.path.last().copied().flatten().filter(|_| self.fast && !after_text) {
                Some(Name::Vertices) => self.vertices(reader)?,
                Some(Name::Triangles) => self.triangles(reader)?,
                _ => {}
            }
            reader.get_mut().begin_event();
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).map_err(|e| e.to_string())?;
            after_text = matches!(event, Event::Text(_));
            match event {
                Event::Start(e) => self.open(&e)?,
                Event::Empty(e) => {
                    self.open(&e)?;
                    self.close()?;
                }
                Event::End(_) => self.close()?,
                Event::DocType(_) => {
                    return Err("a DTD is not allowed in a 3MF; leave it out".into());
                }
                Event::Decl(declaration) => check_encoding(&declaration)?,
                Event::Eof if !self.path.is_empty() => return Err("the XML is cut off".into()),
                Event::Eof if self.part.unit.is_none() => return Err("there is no model".into()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Takes vertices as long as they are written plainly.
    fn vertices(&mut self, reader: &mut Reader<Window<'_>>) -> Result<(), Fault> {
        let Some((_, object)) = &mut self.object else { return Ok(()) };
        loop {
            if reader.get_ref().bytes().len() < MARGIN {
                reader.get_mut().more();
            }
            let bytes = reader.get_ref().bytes();
            let mut used = 0;
            while let Some((p, length)) = scan::vertex(&bytes[used..], &self.tag) {
                object.vertices.push(p);
                used += length;
                if bytes.len() - used < MARGIN {
                    break;
                }
            }
            reader.stream().consume(used);
            if used == 0 {
                return Ok(());
            }
        }
    }

    /// Takes triangles as long as they are written plainly and nothing is wrong with them.
    fn triangles(&mut self, reader: &mut Reader<Window<'_>>) -> Result<(), Fault> {
        let Some((_, object)) = &mut self.object else { return Ok(()) };
        loop {
            if reader.get_ref().bytes().len() < MARGIN {
                reader.get_mut().more();
            }
            let bytes = reader.get_ref().bytes();
            let before = object.triangles.len();
            let mut used = 0;
            while let Some((t, length)) = scan::triangle(&bytes[used..], &self.tag) {
                if element::take_triangle(object, &self.part.groups, &t).is_err() {
                    break;
                }
                used += length;
                if bytes.len() - used < MARGIN {
                    break;
                }
            }
            self.triangles += (object.triangles.len() - before) as u64;
            check_count(self.triangles, &self.limits).map_err(Fault::Mesh)?;
            reader.stream().consume(used);
            if used == 0 {
                return Ok(());
            }
        }
    }

    /// One more triangle of the part.
    pub(super) fn count_triangle(&mut self) -> Result<(), Fault> {
        self.triangles += 1;
        check_count(self.triangles, &self.limits).map_err(Fault::Mesh)
    }

    fn open(&mut self, e: &BytesStart<'_>) -> Result<(), Fault> {
        if self.path.len() >= DEPTH_MAX {
            return Err(format!("elements are nested more than {DEPTH_MAX} deep").into());
        }
        self.spaces.push(e).map_err(|error| error.to_string())?;
        let attributes = Attributes::of(e, &self.spaces)?;
        let (found, local) = self.spaces.resolve_element(e.name());
        let space = match found {
            ResolveResult::Bound(Namespace(address)) => Space::of(address),
            ResolveResult::Unbound => Space::Other,
            ResolveResult::Unknown(prefix) => return Err(undeclared(&prefix).into()),
        };
        let local = local.as_ref();
        let parent = self.path.last().copied();
        // What stands within an element that is not read is not read either.
        let name = if parent == Some(None) { None } else { Name::of(space, local) };
        if parent.is_none() && name != Some(Name::Model) {
            return Err("the root is no 3MF model".into());
        }
        if parent.is_none() && self.part.unit.is_some() {
            return Err("there is more than one model; keep one".into());
        }
        self.path.push(name);
        let Some(name) = name else {
            self.note_foreign(parent.flatten(), space, local, &attributes);
            return Ok(());
        };
        if parent.is_some_and(|p| p.is_none_or(|p| !name.parents().contains(&p))) {
            return Err(format!("{} stands in the wrong place", e.name().0).into());
        }
        if !name.takes_foreign_attributes()
            && let Some(other) = attributes.foreign(&self.ignorable)
        {
            let tag = e.name().0;
            return Err(format!(
                "attribute {other} of another name space is not allowed on {tag}; leave it out"
            )
            .into());
        }
        if matches!(name, Name::Vertices | Name::Triangles) {
            let element: &[u8] = if name == Name::Vertices { b"vertex" } else { b"triangle" };
            let prefix = e.name().prefix().map_or(String::new(), |p| format!("{}:", p.as_ref()));
            self.tag = [b"<", prefix.as_bytes(), element].concat();
        }
        element::open(self, name, parent.flatten(), &attributes)
    }

    /// Notes an element that is not read.
    fn note_foreign(&mut self, parent: Option<Name>, space: Space, local: &str, a: &Attributes) {
        match space {
            Space::Shape(what) => {
                // The element that begins a shape stands in one that is read.
                if parent.is_some() {
                    *self.part.shapes.entry(what).or_default() += 1;
                }
                if let Some((_, object)) = &mut self.object {
                    object.content.foreign = true;
                }
            }
            Space::Core if self.part.unknown.len() < 100 => {
                *self.part.unknown.entry(local.to_owned()).or_default() += 1;
            }
            _ => {}
        }
        if parent.is_some_and(Name::is_group) {
            self.part.groups.blur();
        }
        if parent == Some(Name::Resources)
            && let Some(id) = unknown_id(space, a).filter(|id| !self.part.has_resource(*id))
        {
            self.part.groups.add_unknown(id);
        }
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.spaces.pop();
        match self.path.pop().flatten() {
            Some(name) => element::close(self, name),
            None => Ok(()),
        }
    }
}

/// Refuses what is no XML in UTF-8 by its first bytes.
fn check_beginning(reader: &mut Reader<Window<'_>>) -> Result<(), Fault> {
    let bytes = reader.get_mut().fill_buf().map_err(|e| e.to_string())?;
    if bytes.starts_with(b"%3McF") {
        let text = "is encrypted (secure content), and there is no key for it here; \
                    export the model without encryption";
        return Err(text.into());
    }
    let wide = [&b"\xff\xfe"[..], b"\xfe\xff", b"<\0", b"\0<", b"\0\0"];
    if wide.iter().any(|head| bytes.starts_with(head)) {
        return Err("is no UTF-8; write the XML in UTF-8".into());
    }
    Ok(())
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), Fault> {
    let Some(encoding) = declaration.encoding() else { return Ok(()) };
    let encoding = encoding.map_err(|error| error.to_string())?;
    if encoding.eq_ignore_ascii_case("utf-8") {
        return Ok(());
    }
    Err(format!("says that it is written in {encoding}; write the XML in UTF-8").into())
}
