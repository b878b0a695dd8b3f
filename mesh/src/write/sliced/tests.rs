//! 3MF with slices: what is written reads back.

use std::io::Cursor;

use super::*;
use crate::fixtures::{LIMITS, cuboid};
use crate::{ZipMembers, read_3mf_items, read_3mf_slices};

const UUID: &str = "01cbb956-1d24-062d-fbe6-7362e5727590";

fn square(side: f64) -> Vec<[f64; 2]> {
    vec![[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]]
}

fn slice(top: f64, rings: &[Vec<[f64; 2]>]) -> Vec<u8> {
    let mut xml = Vec::new();
    put_slice(&mut xml, top, rings.iter().map(|r| r.iter().copied())).unwrap();
    xml
}

fn build<'a>(mesh: &'a TriMesh, turn: Pose) -> SlicedBuild<'a> {
    let object =
        |pose| SlicedObject { name: "a & b".to_owned(), mesh, pose, uuid: UUID.to_owned() };
    let item = |object, x| ThreeMfItem {
        object,
        pose: Pose { translation: [x, -0.0, 4.0], ..Pose::IDENTITY },
        uuid: UUID.to_owned(),
        part_number: "n".to_owned(),
    };
    SlicedBuild {
        uuid: UUID.to_owned(),
        objects: vec![object(Pose::IDENTITY), object(turn), object(Pose::IDENTITY)],
        items: vec![item(0, 1.0), item(1, 20.0), item(0, 2.0), item(2, 9.0)],
        metadata: vec![("Title".to_owned(), "t".to_owned()), ("k".to_owned(), "v".to_owned())],
    }
}

#[test]
fn slices_of_all_parts_come_back() {
    let mesh = cuboid([0.0; 3], [2.0; 3]);
    let mut package = SlicedThreeMf::new(Cursor::new(Vec::new())).unwrap();
    let first = [slice(0.5, &[square(2.0)]), slice(1.0, &[])].concat();
    let hole = vec![[0.5, 0.5], [0.5, 1.0], [1.0, 1.0], [1.0, 1.0], [0.5, 0.5]];
    let sliver = vec![[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]];
    let other = slice(0.7, &[square(2.0), sliver, hole.clone()]);
    let rest = slice(1.5, &[square(1.0)]);
    let run = |object, bottom_mm, slices| SliceRun { object, bottom_mm, slices };
    package.put_slices(&[run(0, 0.0, &first), run(1, 0.0, &other)]).unwrap();
    package.put_slices(&[run(0, 1.0, &rest)]).unwrap();
    let turn = Pose {
        rotation: [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        translation: [2.0, 0.0, 0.0],
    };
    let bytes = package.finish(&build(&mesh, turn)).unwrap().into_inner();
    let read = read_3mf_slices(&bytes, &LIMITS).unwrap();
    assert_eq!(read.len(), 2, "the third object has no slices");
    let tops = |k: usize| read[k].slices.iter().map(|s| s.top_mm).collect::<Vec<_>>();
    assert_eq!((tops(0), tops(1)), (vec![0.5, 1.0, 1.5], vec![0.7]));
    assert_eq!(read[0].slices[0].polygons, [square(2.0)]);
    assert!(read[0].slices[1].polygons.is_empty());
    assert_eq!(read[0].slices[2].polygons, [square(1.0)]);
    assert_eq!(read[1].slices[0].polygons, [square(2.0), hole[..3].to_vec()]);
    let items = read_3mf_items(&bytes, &LIMITS).unwrap();
    let places: Vec<_> = items.iter().map(|i| i.pose.translation).collect();
    assert_eq!(places, [[1.0, 0.0, 4.0], [20.0, 0.0, 4.0], [2.0, 0.0, 4.0], [9.0, 0.0, 4.0]]);
    assert_eq!(*items[0].mesh, mesh);
    assert_eq!(*items[1].mesh, mesh.posed(&turn));
    let members = ZipMembers::open(&bytes, &LIMITS).unwrap();
    let model = String::from_utf8(members.read("3D/3dmodel.model").unwrap()).unwrap();
    assert_eq!(model.matches("transform=\"1 0 0 0 1 0 0 0 1 ").count(), 4);
    assert!(!model.contains("\"-0\"") && !model.contains(" -0 "), "{model}");
}

#[test]
fn what_cannot_be_written_is_refused() {
    let mesh = cuboid([0.0; 3], [1.0; 3]);
    let empty = TriMesh::default();
    let package = || SlicedThreeMf::new(Cursor::new(Vec::new())).unwrap();
    let error = |build: &SlicedBuild<'_>| package().finish(build).unwrap_err().to_string();
    let good = build(&mesh, Pose::IDENTITY);
    assert!(package().finish(&good).is_ok());
    let mut bad = good.clone();
    bad.items[0].pose.rotation[0][0] = -1.0;
    assert!(error(&bad).contains("E2040") && error(&bad).contains("is turned"));
    bad = good.clone();
    bad.items[0].object = 3;
    assert!(error(&bad).contains("of object 3"));
    bad = good.clone();
    bad.objects[0].mesh = &empty;
    assert!(error(&bad).contains("no triangle"));
    bad = good;
    bad.objects[0].uuid = "x".to_owned();
    assert!(error(&bad).contains("UUID"));
    let points = [[0.0, 0.0], [f64::NAN, 0.0], [1.0, 1.0]];
    assert!(put_slice(&mut Vec::new(), 1.0, std::iter::once(points.into_iter())).is_err());
}
