//! Materials and properties: groups are parsed and checked, so that a file that contradicts itself
//! is told. The material of a part comes with its order, hence nothing of them is kept but names.

use std::collections::BTreeMap;

use super::attributes::Attributes;
use super::names::{Name, Space};

/// What a group holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Base,
    Color,
    /// A picture; no group, but it shares the ids.
    Texture,
    TextureGroup,
    /// So many base materials are mixed.
    Composite(usize),
    /// Layers of other groups, by their lengths; `None` where a length is not known.
    Multi(Vec<Option<u32>>),
    /// A resource of another extension, or one without properties.
    Unknown,
}

#[derive(Clone, Debug)]
struct Group {
    kind: Kind,
    /// How many properties it has.
    length: u32,
}

/// The groups of a part, by id.
#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: BTreeMap<u32, Group>,
    /// The group that is being read.
    current: u32,
    /// Names of base materials, in their order.
    pub(super) materials: Vec<String>,
    /// Paths of pictures.
    pub(super) textures: Vec<String>,
    /// Faults that do not change the shape, with how often they are there.
    pub(super) odd: BTreeMap<&'static str, u32>,
}

impl Groups {
    /// Whether a resource has this id.
    pub(super) fn contains(&self, id: u32) -> bool {
        self.groups.contains_key(&id)
    }

    /// Notes a resource of another extension.
    pub(super) fn add_unknown(&mut self, id: u32) {
        self.groups.insert(id, Group { kind: Kind::Unknown, length: 0 });
    }

    /// The group that is open has an element that is not known: its length cannot be checked.
    pub(super) fn blur(&mut self) {
        if let Some(group) = self.groups.get_mut(&self.current) {
            group.kind = Kind::Unknown;
        }
    }

    /// Takes an element of materials; the id of a group is known to be free.
    pub(super) fn open(&mut self, name: Name, a: &Attributes) -> Result<(), String> {
        match name {
            Name::BaseMaterials => self.begin(a, Kind::Base),
            Name::ColorGroup => self.begin(a, Kind::Color),
            Name::Texture => self.texture(a),
            Name::TextureGroup => {
                self.refer(a.id("texid")?, "texid", |kind| *kind == Kind::Texture, "texture2d")?;
                self.begin(a, Kind::TextureGroup)
            }
            Name::Composites => self.composites(a),
            Name::Multis => self.multis(a),
            Name::Base => {
                check_color("displaycolor", a.needed("displaycolor")?)?;
                let name = a.needed("name")?.to_owned();
                self.materials.push(name);
                self.count()
            }
            Name::Color => {
                check_color("color", a.needed("color")?)?;
                self.count()
            }
            Name::TextureCoordinate => {
                finite("u", a.number("u")?)?;
                finite("v", a.number("v")?)?;
                self.count()
            }
            Name::Composite => self.composite(a),
            Name::Multi => self.multi(a),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, a: &Attributes, kind: Kind) -> Result<(), String> {
        self.current = a.id("id")?;
        self.groups.insert(self.current, Group { kind, length: 0 });
        Ok(())
    }

    fn count(&mut self) -> Result<(), String> {
        let group = self.groups.get_mut(&self.current).ok_or("no group is open")?;
        group.length = group.length.checked_add(1).ok_or("a group has too many properties")?;
        Ok(())
    }

    /// The group that attribute `name` refers to, if it is of the kind that is wanted.
    fn refer(
        &self,
        id: u32,
        name: &str,
        wanted: impl Fn(&Kind) -> bool,
        what: &str,
    ) -> Result<&Group, String> {
        let group = self.groups.get(&id).ok_or_else(|| not_there(name, id))?;
        if wanted(&group.kind) || group.kind == Kind::Unknown {
            return Ok(group);
        }
        Err(format!("{name}={id} refers to no {what}; give the id of one"))
    }

    fn texture(&mut self, a: &Attributes) -> Result<(), String> {
        let path = a.needed("path")?;
        if !path.starts_with('/') || path.ends_with('/') {
            return Err(format!("texture path {path:?} does not name a part of the package"));
        }
        let kind = a.needed("contenttype")?;
        if !matches!(kind, "image/png" | "image/jpeg") {
            return Err(format!("contenttype {kind:?} of a texture is no image/png or image/jpeg"));
        }
        self.textures.push(path.to_owned());
        self.begin(a, Kind::Texture)
    }

    fn composites(&mut self, a: &Attributes) -> Result<(), String> {
        let id = a.id("matid")?;
        let base = self.refer(id, "matid", |kind| *kind == Kind::Base, "basematerials")?;
        let length = base.length;
        let parts = a.indices("matindices")?;
        if parts.is_empty() {
            return Err("matindices is empty; name the materials that are mixed".to_owned());
        }
        if let Some(index) = parts.iter().find(|i| **i >= length) {
            return Err(out_of_range("matindices", *index, id, length));
        }
        self.begin(a, Kind::Composite(parts.len()))
    }

    fn composite(&mut self, a: &Attributes) -> Result<(), String> {
        let mut given = 0;
        for word in a.needed("values")?.split_ascii_whitespace() {
            let share = word.parse::<f64>().ok().filter(|x| (0.0..=1.0).contains(x));
            share
                .ok_or_else(|| format!("share {word:?} of a composite is no number from 0 to 1"))?;
            given += 1;
        }
        match self.groups.get(&self.current).map(|g| &g.kind) {
            Some(Kind::Composite(mixed)) if given > *mixed => {
                Err(format!("a composite has {given} shares of {mixed} materials"))
            }
            _ if given == 0 => Err("a composite without shares".to_owned()),
            _ => self.count(),
        }
    }

    fn multis(&mut self, a: &Attributes) -> Result<(), String> {
        let (mut materials, mut colors) = (0, 0);
        let mut lengths = Vec::new();
        let pids = a.indices("pids")?;
        if pids.is_empty() {
            return Err("pids is empty; name the groups of the layers".to_owned());
        }
        for (layer, &id) in pids.iter().enumerate() {
            let group = self.groups.get(&id).ok_or_else(|| not_there("pids", id))?;
            lengths.push((group.kind != Kind::Unknown).then_some(group.length));
            match group.kind {
                Kind::Multi(_) => {
                    return Err(format!(
                        "pids={id} refers to multiproperties from multiproperties; name the \
                         groups themselves"
                    ));
                }
                Kind::Base | Kind::Composite(_) => {
                    materials += 1;
                    if layer > 0 && materials == 1 {
                        *self.odd.entry("materials that are not the first layer").or_default() += 1;
                    }
                }
                Kind::Color => colors += 1,
                Kind::Texture => {
                    *self.odd.entry("layers that are pictures, not groups").or_default() += 1;
                    *lengths.last_mut().expect("pushed above") = None;
                }
                Kind::TextureGroup | Kind::Unknown => {}
            }
        }
        if materials > 1 {
            return Err("pids names more than one group of materials; keep one".to_owned());
        }
        if colors > 1 {
            return Err("pids names more than one colorgroup; keep one".to_owned());
        }
        self.begin(a, Kind::Multi(lengths))
    }

    fn multi(&mut self, a: &Attributes) -> Result<(), String> {
        let indices = a.indices("pindices")?;
        if let Some(Kind::Multi(lengths)) = self.groups.get(&self.current).map(|g| &g.kind) {
            if indices.len() > lengths.len() {
                let (given, layers) = (indices.len(), lengths.len());
                return Err(format!("pindices has {given} numbers for {layers} layers"));
            }
            // Files that must pass have such indices, and no shape depends on them.
            let beyond = indices.iter().zip(lengths).any(|(i, n)| n.is_some_and(|n| *i >= n));
            if beyond {
                *self.odd.entry("layers with a property that is not there").or_default() += 1;
            }
        }
        self.count()
    }

    /// Fails unless `group` is there and has the property `index`.
    pub(super) fn check(&self, group: u32, index: Option<u32>) -> Result<(), String> {
        let found = self.groups.get(&group).ok_or_else(|| not_there("pid", group))?;
        match (&found.kind, index) {
            (Kind::Texture, _) => {
                Err(format!("pid={group} refers to a picture; give its texture2dgroup"))
            }
            (Kind::Unknown, _) | (_, None) => Ok(()),
            (_, Some(index)) if index >= found.length => {
                Err(out_of_range("a property", index, group, found.length))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a resource of another name space may be a group: it then shares the ids.
pub(super) fn unknown_id(space: Space, a: &Attributes) -> Option<u32> {
    if space == Space::Core { None } else { a.optional_id("id").ok().flatten() }
}

fn not_there(name: &str, id: u32) -> String {
    format!("{name}={id} refers to nothing that is defined before it")
}

fn out_of_range(name: &str, index: u32, group: u32, length: u32) -> String {
    format!("{name} {index} is out of range: group {group} has {length}, counted from 0")
}

fn finite(name: &str, x: f64) -> Result<(), String> {
    if x.is_finite() { Ok(()) } else { Err(format!("attribute {name} is {x}")) }
}

/// `#RRGGBB` or `#RRGGBBAA`.
fn check_color(name: &str, text: &str) -> Result<(), String> {
    let digits = text.strip_prefix('#').filter(|d| matches!(d.len(), 6 | 8));
    match digits {
        Some(d) if d.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(()),
        _ => Err(format!("{name}={text:?} is no colour such as #RRGGBB or #RRGGBBAA")),
    }
}
