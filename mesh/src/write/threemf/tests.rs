//! Tests of writing 3MF: what is written reads back exactly.

use nalgebra::Rotation3;
use platewright_model::measure::LengthUnit;

use super::*;
use crate::fixtures::{Dice, LIMITS, cuboid, ring};
use crate::{ZipMembers, inspect, read_3mf_items, read_model};

const UUIDS: [&str; 6] = [
    "01cbb956-1d24-062d-fbe6-7362e5727590",
    "01cbb956-1d24-062d-fbe6-7362e5727591",
    "01cbb956-1d24-062d-fbe6-7362e5727592",
    "01cbb956-1d24-062d-fbe6-7362e5727593",
    "01cbb956-1d24-062d-fbe6-7362e5727594",
    "01cbb956-1d24-062d-fbe6-7362e5727595",
];

fn pose(rotation: &Rotation3<f64>, translation: [f64; 3]) -> Pose {
    let m = rotation.matrix();
    let rotation = std::array::from_fn(|i| std::array::from_fn(|k| m[(i, k)]));
    Pose { rotation, translation }
}

fn sample<'a>(a: &'a TriMesh, b: &'a TriMesh) -> ThreeMfBuild<'a> {
    let mut dice = Dice(4);
    let object = |mesh, name: &str, uuid: usize| ThreeMfObject {
        name: name.to_owned(),
        mesh,
        uuid: UUIDS[uuid].to_owned(),
    };
    let items = (0..3)
        .map(|i| ThreeMfItem {
            object: i % 2,
            pose: pose(&dice.rotation(), [dice.roll() * 100.0, 1.0 / 3.0, 1e-9]),
            uuid: UUIDS[3 + i].to_owned(),
            part_number: format!("A&B <\"{i}\">\tü"),
        })
        .collect();
    ThreeMfBuild {
        uuid: UUIDS[0].to_owned(),
        objects: vec![object(a, "box & co", 1), object(b, "ring", 2)],
        items,
        metadata: vec![
            ("Application".to_owned(), "Platewright".to_owned()),
            ("Build".to_owned(), "b < 1".to_owned()),
        ],
    }
}

#[test]
fn items_come_back_exactly() {
    let (a, b) = (cuboid([0.1; 3], [1.0 / 3.0, 2.0, 3e-7 + 1.0]), ring(3.0, 5.0, 1.1, 24));
    let build = sample(&a, &b);
    let bytes = write_3mf(&build).unwrap();
    let items = read_3mf_items(&bytes, &LIMITS).unwrap();
    assert_eq!(items.len(), 3);
    for (item, read) in build.items.iter().zip(&items) {
        assert_eq!(read.pose, item.pose);
        assert_eq!(read.uuid.as_deref(), Some(item.uuid.as_str()));
        assert_eq!(read.part_number.as_deref(), Some(item.part_number.as_str()));
        assert_eq!(read.object, item.object);
        let object = &build.objects[item.object];
        assert_eq!(read.name.as_deref(), Some(object.name.as_str()));
        assert_eq!(read.object_uuid.as_deref(), Some(object.uuid.as_str()));
        assert_eq!(*read.mesh, *object.mesh);
    }
    assert!(std::sync::Arc::ptr_eq(&items[0].mesh, &items[2].mesh));
}

#[test]
fn merged_build_has_the_volume_of_its_items() {
    let (a, b) = (cuboid([0.0; 3], [2.0; 3]), ring(3.0, 5.0, 1.0, 24));
    let build = sample(&a, &b);
    let model = read_model(&write_3mf(&build).unwrap(), "a.3mf", None, &LIMITS).unwrap();
    assert_eq!(model.unit, LengthUnit::Mm);
    assert!(model.faults.is_empty());
    let facts = inspect(&model.mesh).facts;
    assert!((facts.volume_mm3 - (16.0 + b.volume())).abs() < 1e-9);
    assert_eq!(facts.shells, 3);
    let error = read_model(&write_3mf(&build).unwrap(), "a.3mf", Some(LengthUnit::Inch), &LIMITS);
    assert!(error.unwrap_err().to_string().starts_with("E2005"));
}

#[test]
fn same_build_gives_the_same_bytes() {
    let (a, b) = (cuboid([0.0; 3], [2.0; 3]), ring(3.0, 5.0, 1.0, 24));
    let bytes = write_3mf(&sample(&a, &b)).unwrap();
    assert_eq!(bytes, write_3mf(&sample(&a, &b)).unwrap());
    let archive = ZipMembers::open(&bytes, &LIMITS).unwrap();
    assert_eq!(archive.names(), ["3D/3dmodel.model", "[Content_Types].xml", "_rels/.rels"]);
    for (name, content) in three_mf_members(&sample(&a, &b)).unwrap() {
        assert_eq!(archive.read(&name).unwrap(), content);
    }
}

#[test]
fn transform_is_in_the_order_of_3mf() {
    // A quarter turn about z: x becomes y. As 3MF writes it, rows times matrix: 0 1 0 −1 0 0 …
    let mesh = cuboid([0.0; 3], [1.0; 3]);
    let mut build = sample(&mesh, &mesh);
    build.items.truncate(1);
    build.items[0].pose = Pose {
        rotation: [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        translation: [7.0, 8.0, 9.0],
    };
    let members = three_mf_members(&build).unwrap();
    let xml = std::str::from_utf8(&members[2].1).unwrap();
    assert!(xml.contains("transform=\"0 1 0 -1 0 0 0 0 1 7 8 9\""));
    assert!(xml.contains("name=\"pw:Build\"") && xml.contains("name=\"Application\""));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let mesh = cuboid([0.0; 3], [1.0; 3]);
    let refused = |change: &dyn Fn(&mut ThreeMfBuild<'_>)| {
        let mut build = sample(&mesh, &mesh);
        change(&mut build);
        write_3mf(&build).unwrap_err().to_string().starts_with("E2040")
    };
    assert!(refused(&|b| b.uuid = "x".to_owned()));
    assert!(refused(&|b| b.items[0].object = 2));
    assert!(refused(&|b| b.items[0].pose.translation[0] = f64::NAN));
    let empty = TriMesh::default();
    let mut build = sample(&mesh, &mesh);
    build.objects[0].mesh = &empty;
    assert!(write_3mf(&build).is_err());
}
