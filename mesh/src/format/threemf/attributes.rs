//! The attributes of one element, with their name spaces resolved.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::name::{Namespace, NamespaceResolver, ResolveResult};

use super::names::Space;

/// More attributes than this on one element are refused: looking for doubles takes their square.
const COUNT_MAX: usize = 100;

/// Attributes of an element.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    list: Vec<Attribute>,
}

#[derive(Debug)]
struct Attribute {
    /// `None` for an attribute without prefix.
    space: Option<Space>,
    /// Address of the name space, where it is none that is known.
    address: String,
    name: String,
    value: String,
}

impl Attributes {
    /// Reads the attributes of a tag; declarations of name spaces are left out.
    ///
    /// Fails for an attribute that is there twice, a prefix that is not declared, `xml:space`,
    /// and attributes of schema instances, which 3MF forbids.
    pub(super) fn of(e: &BytesStart<'_>, spaces: &NamespaceResolver) -> Result<Self, String> {
        let mut list = Vec::new();
        for (count, attribute) in e.attributes().enumerate() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            if count >= COUNT_MAX {
                return Err(format!("an element has more than {COUNT_MAX} attributes"));
            }
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (found, local) = spaces.resolve_attribute(attribute.key);
            let (space, address) = match found {
                ResolveResult::Unbound => (None, String::new()),
                ResolveResult::Bound(Namespace(a)) => (Some(Space::of(a)), a.to_owned()),
                ResolveResult::Unknown(prefix) => return Err(undeclared(&prefix)),
            };
            let name = local.as_ref();
            match space {
                Some(Space::Xml) if name == "space" => {
                    return Err("xml:space is not allowed in a 3MF; leave it out".to_owned());
                }
                Some(Space::Instance)
                    if !matches!(name, "schemaLocation" | "noNamespaceSchemaLocation") =>
                {
                    return Err(format!(
                        "attribute {} is of XML schema instances, which a 3MF does not have; \
                         leave it out",
                        attribute.key.0
                    ));
                }
                _ => {}
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?
                .into_owned();
            list.push(Attribute { space, address, name: name.to_owned(), value });
        }
        Ok(Self { list })
    }

    /// The value of an attribute without prefix.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.find(None, name)
    }

    /// The value of an attribute of an extension.
    pub(super) fn of_space(&self, space: Space, name: &str) -> Option<&str> {
        self.find(Some(space), name)
    }

    fn find(&self, space: Option<Space>, name: &str) -> Option<&str> {
        self.list.iter().find(|a| a.space == space && a.name == name).map(|a| a.value.as_str())
    }

    /// An attribute without prefix that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| format!("attribute {name} is missing"))
    }

    /// An id: a positive number below 2³¹.
    pub(super) fn id(&self, name: &str) -> Result<u32, String> {
        id(name, self.needed(name)?)
    }

    /// An id that need not be there.
    pub(super) fn optional_id(&self, name: &str) -> Result<Option<u32>, String> {
        self.get(name).map(|text| id(name, text)).transpose()
    }

    /// An index: a number from 0 on.
    pub(super) fn index(&self, name: &str) -> Result<Option<u32>, String> {
        self.get(name).map(|text| index(name, text)).transpose()
    }

    /// A number that must be there; it may be none that is finite.
    pub(super) fn number(&self, name: &str) -> Result<f64, String> {
        let text = self.needed(name)?;
        text.trim().parse().map_err(|_| format!("attribute {name}={text:?} is no number"))
    }

    /// Numbers with spaces between them.
    pub(super) fn indices(&self, name: &str) -> Result<Vec<u32>, String> {
        self.needed(name)?.split_ascii_whitespace().map(|word| index(name, word)).collect()
    }

    /// An attribute of a name space that the file does not declare ignorable.
    pub(super) fn foreign(&self, ignorable: &[String]) -> Option<&str> {
        let mut others = self.list.iter().filter(|a| {
            !matches!(a.space, None | Some(Space::Xml | Space::Instance | Space::Compatibility))
        });
        others.find(|a| !ignorable.contains(&a.address)).map(|a| a.name.as_str())
    }
}

/// Says that a prefix is not declared.
pub(super) fn undeclared(prefix: &str) -> String {
    format!("the prefix {prefix} is not declared; declare it with xmlns:{prefix} on the model")
}

/// An id, as attribute `name` has it.
pub(super) fn id(name: &str, text: &str) -> Result<u32, String> {
    let id = text.trim().parse().ok().filter(|id| (1..1 << 31).contains(id));
    id.ok_or_else(|| format!("attribute {name}={text:?} is no id; ids are numbers from 1 on"))
}

fn index(name: &str, text: &str) -> Result<u32, String> {
    text.trim().parse().map_err(|_| format!("attribute {name}={text:?} is no number in range"))
}
