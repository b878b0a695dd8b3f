//! The 3MF of a package: one item a unit, each in its place.
//!
//! 3MF Core Specification 1.3: a transform is the four rows of a matrix that row vectors are
//! multiplied by, so its 3 × 3 part is the transpose of a pose's rotation. The UUID of an item
//! is of the Production Extension 1.1.

use std::collections::BTreeMap;
use std::str::FromStr;

use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::stage::Build;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::archive::{self, Members};
use super::compare_units;
use crate::facts::Facts;
use crate::geometry::V3;
use crate::{Rule, Violation};

/// Name of the 3MF in a package, and of the model in the 3MF.
const NAME: &str = "build.3mf";
const MODEL: &str = "3D/3dmodel.model";

/// Relative difference of a part's volume by the rounding of its coordinates.
const VOLUME: f64 = 1e-3;

/// What a 3MF model holds, as far as it matters here.
#[derive(Default)]
struct Model {
    unit: Option<String>,
    /// By id: mesh, `None` for an object of components.
    objects: BTreeMap<String, Option<Mesh>>,
    items: Vec<Item>,
}

#[derive(Default)]
struct Mesh {
    vertices: Vec<V3>,
    triangles: Vec<[usize; 3]>,
}

struct Item {
    object: String,
    uuid: String,
    pose: Pose,
}

pub(super) fn check(
    facts: &Facts<'_>,
    build: &Build,
    members: &Members,
    limits: &Limits,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut fault = |rule, text: String| {
        found.push(Violation::new(rule, format!("build {}", build.id), text));
    };
    let model = members
        .get(NAME)
        .ok_or_else(|| "is missing".to_owned())
        .and_then(|bytes| archive::members(bytes, limits))
        .and_then(|inner| inner.get(MODEL).cloned().ok_or_else(|| format!("{MODEL} is missing")))
        .and_then(|xml| read(&xml));
    let model = match model {
        Ok(model) => model,
        Err(text) => {
            fault(Rule::PackageModel, format!("{NAME}: {text}"));
            return found;
        }
    };
    if model.unit.as_deref().is_some_and(|unit| unit != "millimeter") {
        fault(Rule::PackageModel, format!("{NAME} is in {:?}, not in millimeter", model.unit));
    }
    let given: Vec<(String, Pose)> = model.items.iter().map(|i| (i.uuid.clone(), i.pose)).collect();
    compare_units(build, NAME, &given, &mut fault);
    for item in &model.items {
        match model.objects.get(&item.object) {
            None => fault(
                Rule::PackageModel,
                format!("{NAME}: item {} is of object {:?}, not there", item.uuid, item.object),
            ),
            Some(Some(mesh)) => {
                let unit = build.placements.iter().find(|p| p.unit.to_string() == item.uuid);
                let Some(solid) = unit.and_then(|p| facts.solids.get(&p.part)) else { continue };
                let volume = mesh.volume();
                let slack = VOLUME * solid.volume.abs();
                if volume.is_nan() || (volume - solid.volume).abs() > slack {
                    let text = format!(
                        "{NAME}: item {} has {volume:.6} mm³, its part {:.6} mm³",
                        item.uuid, solid.volume
                    );
                    fault(Rule::PackageModel, text);
                }
            }
            Some(None) => {}
        }
    }
    found
}

impl Mesh {
    /// Signed volume, not a number if a corner is missing.
    fn volume(&self) -> f64 {
        let corner = |v: usize| self.vertices.get(v).copied().unwrap_or([f64::NAN; 3]);
        let origin = self.vertices.first().copied().unwrap_or_default();
        let six: f64 = self
            .triangles
            .iter()
            .map(|t| {
                let [a, b, c]: [V3; 3] =
                    t.map(|v| std::array::from_fn(|k| corner(v)[k] - origin[k]));
                a[0] * (b[1] * c[2] - b[2] * c[1])
                    + a[1] * (b[2] * c[0] - b[0] * c[2])
                    + a[2] * (b[0] * c[1] - b[1] * c[0])
            })
            .sum();
        six / 6.0
    }
}

fn read(xml: &[u8]) -> Result<Model, String> {
    let text = std::str::from_utf8(xml).map_err(|e| format!("{MODEL} is no UTF-8: {e}"))?;
    let mut reader = Reader::from_str(text);
    let mut model = Model::default();
    let mut object = String::new();
    loop {
        let event = reader.read_event();
        let at = reader.buffer_position();
        match event.map_err(|e| format!("{MODEL} at byte {at}: {e}"))? {
            Event::Eof => return Ok(model),
            Event::Start(tag) | Event::Empty(tag) => {
                element(&tag, &mut model, &mut object)
                    .map_err(|what| format!("{MODEL} at byte {at}: {what}"))?;
            }
            _ => {}
        }
    }
}

fn element(tag: &BytesStart<'_>, model: &mut Model, object: &mut String) -> Result<(), String> {
    match tag.local_name().as_ref() {
        "model" => model.unit = attribute(tag, "unit")?,
        "object" => {
            *object = attribute(tag, "id")?.unwrap_or_default();
            if model.objects.insert(object.clone(), None).is_some() {
                return Err(format!("object {object} is there twice"));
            }
        }
        "mesh" => {
            model.objects.insert(object.clone(), Some(Mesh::default()));
        }
        "vertex" => {
            let vertex = numbers(tag, ["x", "y", "z"])?;
            if let Some(Some(mesh)) = model.objects.get_mut(object.as_str()) {
                mesh.vertices.push(vertex);
            }
        }
        "triangle" => {
            let corners = numbers(tag, ["v1", "v2", "v3"])?;
            if let Some(Some(mesh)) = model.objects.get_mut(object.as_str()) {
                mesh.triangles.push(corners);
            }
        }
        "item" => {
            let pose = attribute(tag, "transform")?;
            model.items.push(Item {
                object: attribute(tag, "objectid")?.unwrap_or_default(),
                uuid: attribute(tag, "UUID")?.unwrap_or_default().to_ascii_lowercase(),
                pose: pose.map_or(Ok(Pose::IDENTITY), |text| transform(&text))?,
            });
        }
        _ => {}
    }
    Ok(())
}

/// The value of an attribute by its local name.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        if attribute.key.local_name().as_ref() == name {
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Three attributes as numbers, in one pass: there are many vertices and triangles.
fn numbers<T: FromStr + Copy>(tag: &BytesStart<'_>, names: [&str; 3]) -> Result<[T; 3], String> {
    let mut values: [Option<T>; 3] = [None; 3];
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let Some(k) = names.iter().position(|n| *n == attribute.key.as_ref()) else { continue };
        let text = attribute.value.trim();
        values[k] = Some(text.parse().map_err(|_| format!("{} is no number: {text}", names[k]))?);
    }
    let [Some(a), Some(b), Some(c)] = values else {
        return Err(format!("attributes {names:?} are not all there"));
    };
    Ok([a, b, c])
}

/// A pose out of the twelve numbers of a transform.
fn transform(text: &str) -> Result<Pose, String> {
    let numbers: Vec<f64> = text
        .split_ascii_whitespace()
        .map(|n| n.parse().map_err(|_| format!("transform has {n:?} for a number")))
        .collect::<Result<_, String>>()?;
    let Ok(m) = <[f64; 12]>::try_from(numbers) else {
        return Err(format!("transform {text:?} has not twelve numbers"));
    };
    Ok(Pose {
        rotation: std::array::from_fn(|i| std::array::from_fn(|j| m[3 * j + i])),
        translation: [m[9], m[10], m[11]],
    })
}
