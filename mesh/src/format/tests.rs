//! Tests of STL and OBJ: what is read, and every way a file can be bad.

use platewright_model::measure::LengthUnit;
use platewright_model::stage::FaultCode;

use crate::fixtures::{LIMITS, cuboid, data, files_below, sphere};
use crate::{MeshError, ReadModel, TriMesh, load_part, read_model, write_stl};
use platewright_model::config::Limits;
use platewright_model::stage::Verdict;

fn read(bytes: &[u8], file: &str) -> Result<ReadModel, MeshError> {
    read_model(bytes, file, Some(LengthUnit::Mm), &LIMITS)
}

fn message(bytes: &[u8], file: &str) -> String {
    read(bytes, file).unwrap_err().to_string()
}

fn boxy() -> TriMesh {
    cuboid([0.0; 3], [1.0, 2.0, 3.0])
}

fn ascii(mesh: &TriMesh) -> String {
    let mut text = "solid a vertex of facets\n".to_owned();
    for t in 0..mesh.triangles.len() {
        text += "facet normal 0 0 0\n outer loop\n";
        for p in mesh.corners(t) {
            text += &format!("  vertex {} {:e} {}\n", p.x, p.y, p.z);
        }
        text += " endloop\nendfacet\n";
    }
    text + "endsolid a\n"
}

#[test]
fn binary_stl_round_trips() {
    let mesh = sphere(10.0, 12);
    let back = read(&write_stl(&mesh), "ball.STL").unwrap();
    assert!(back.faults.is_empty());
    assert_eq!(back.mesh.triangles.len(), mesh.triangles.len());
    assert_eq!(back.mesh.vertices.len(), mesh.vertices.len());
    assert!((back.mesh.volume() - mesh.volume()).abs() < 1e-3);
}

#[test]
fn unit_is_needed_and_applied() {
    let bytes = write_stl(&boxy());
    let error = read_model(&bytes, "a.stl", None, &LIMITS).unwrap_err().to_string();
    assert!(
        error.starts_with("E2004: STL has no unit; give one of micron, mm, cm, m, inch, foot; ")
    );
    let inches = read_model(&bytes, "a.stl", Some(LengthUnit::Inch), &LIMITS).unwrap();
    assert!((inches.mesh.volume() - 6.0 * 25.4_f64.powi(3)).abs() < 1e-6);
    assert_eq!(inches.unit, LengthUnit::Inch);
}

#[test]
fn length_decides_before_the_word_solid() {
    let mut bytes = write_stl(&boxy());
    bytes[..5].copy_from_slice(b"solid");
    assert_eq!(read(&bytes, "a.stl").unwrap().mesh.triangles.len(), 12);
}

#[test]
fn lying_header_is_read_with_a_warning() {
    let good = write_stl(&boxy());
    for said in [0_u32, 3, 13, 1_000_000, u32::MAX] {
        let mut bytes = good.clone();
        bytes[80..84].copy_from_slice(&said.to_le_bytes());
        let model = read(&bytes, "a.stl").unwrap();
        assert_eq!(model.mesh.triangles.len(), 12);
        assert_eq!(model.faults[0].code, FaultCode::HeaderMismatch);
    }
    let mut longer = good;
    longer.extend_from_slice(b"tail");
    let model = read(&longer, "a.stl").unwrap();
    assert_eq!(model.mesh.triangles.len(), 12);
    assert_eq!(model.faults[0].code, FaultCode::HeaderMismatch);
}

#[test]
fn headers_of_all_kinds_are_read() {
    let good = write_stl(&boxy());
    // Colours of some programs, names in any text, zeros: none of it is looked at.
    for header in
        [&b"COLOR=\x80\x80\x80\xff,MATERIAL=\x01\x02"[..], b"solid facet vertex", &[0; 80]]
    {
        let mut bytes = good.clone();
        bytes[..80].fill(0);
        bytes[..header.len()].copy_from_slice(header);
        for said in [12_u32, 11, 13] {
            bytes[80..84].copy_from_slice(&said.to_le_bytes());
            assert_eq!(read(&bytes, "a.stl").unwrap().mesh.triangles.len(), 12);
        }
    }
    assert!(message(&[&good[..80], &[0; 4]].concat(), "a.stl").starts_with("E2012"));
    // Attributes and normals are not looked at either.
    let mut bytes = good;
    for t in 0..12 {
        bytes[84 + 50 * t..84 + 50 * t + 12].fill(0xff);
        bytes[84 + 50 * t + 48..84 + 50 * t + 50].fill(0xff);
    }
    assert!(read(&bytes, "a.stl").unwrap().faults.is_empty());
}

#[test]
fn large_binary_files_are_welded_in_batches() {
    // More triangles than a batch and a window, and a rest of both.
    let mesh = sphere(20.0, 300);
    let mut bytes = write_stl(&mesh);
    let back = read(&bytes, "a.stl").unwrap().mesh;
    let single = |p: &nalgebra::Point3<f64>| [0, 1, 2].map(|k| p[k] as f32 + 0.0);
    for t in 0..mesh.triangles.len() {
        let (found, wanted) = (back.corners(t), mesh.corners(t));
        assert!(found.iter().map(single).eq(wanted.iter().map(single)));
    }
    let mut distinct: Vec<_> = mesh.vertices.iter().map(|p| single(p).map(f32::to_bits)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(back.vertices.len(), distinct.len());
    for triangle in [1, 64, 100_000, mesh.triangles.len()] {
        let at = 84 + 50 * (triangle - 1) + 12 + 24;
        let saved: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
        bytes[at..at + 4].copy_from_slice(&f32::NEG_INFINITY.to_le_bytes());
        let place = format!("E2009: triangle {triangle}, corner 3: the coordinate -inf");
        assert!(message(&bytes, "a.stl").starts_with(&place));
        bytes[at..at + 4].copy_from_slice(&saved);
    }
}

#[test]
fn truncated_stl_says_how_much_is_missing() {
    let bytes = write_stl(&boxy());
    assert!(message(&bytes[..bytes.len() - 7], "a.stl").contains("7 bytes are missing"));
    assert!(message(&bytes[..50], "a.stl").contains("34 bytes are missing"));
    assert!(message(&bytes[..84], "a.stl").contains("600 bytes are missing"));
}

#[test]
fn empty_unknown_and_too_large_files_are_refused() {
    assert!(message(b"", "a.stl").starts_with("E2001"));
    assert!(message(b"", "a.3mf").starts_with("E2001"));
    assert!(message(b"hello", "a.step").starts_with("E2002"));
    let small = Limits { file_bytes: 100, triangles: 5, coordinate_mm: 2.5, ..LIMITS };
    let mm = Some(LengthUnit::Mm);
    let stl = write_stl(&boxy());
    let error = |limits: &Limits| read_model(&stl, "a.stl", mm, limits).unwrap_err().to_string();
    assert!(error(&small).starts_with("E2003"));
    assert!(error(&Limits { file_bytes: 10_000, ..small }).starts_with("E2006"));
    let limits = Limits { coordinate_mm: 2.5, ..LIMITS };
    assert!(error(&limits).starts_with("E2010: triangle 3"), "{}", error(&limits));
    let obj = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nf 1 2 3\nf 1 2 3\n";
    let limits = Limits { triangles: 2, ..LIMITS };
    assert!(read_model(obj, "a.obj", mm, &limits).unwrap_err().to_string().starts_with("E2006"));
    let text = ascii(&boxy());
    let limits = Limits { triangles: 11, ..LIMITS };
    assert!(read_model(text.as_bytes(), "a.stl", mm, &limits).is_err());
}

#[test]
fn content_decides_where_the_name_does_not() {
    assert!(read(&write_stl(&boxy()), "model").is_ok());
    assert!(read(ascii(&boxy()).as_bytes(), "model.txt").is_ok());
    assert!(read(b"# x\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "model").is_ok());
}

#[test]
fn not_a_number_is_named_with_its_place() {
    let mut bytes = write_stl(&boxy());
    bytes[84 + 50 + 12..84 + 50 + 16].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(message(&bytes, "a.stl").starts_with("E2009: triangle 2, corner 1"));
    bytes[84 + 50 + 12..84 + 50 + 16].copy_from_slice(&f32::INFINITY.to_le_bytes());
    assert!(message(&bytes, "a.stl").contains("inf"));
    let text = ascii(&boxy()).replacen("vertex 1 ", "vertex nan ", 1);
    assert!(message(text.as_bytes(), "a.stl").starts_with("E2009: line "));
    assert!(message(b"v 0 0 0\nv 1 inf 0\n", "a.obj").starts_with("E2009: line 2"));
    assert!(message(b"v 0 0 0\nv 1 1e999 0\n", "a.obj").starts_with("E2009: line 2"));
}

#[test]
fn ascii_stl_of_several_solids() {
    let mesh = boxy();
    let two = ascii(&mesh) + &ascii(&cuboid([5.0; 3], [6.0; 3]));
    let model = read(two.as_bytes(), "a.stl").unwrap();
    assert_eq!(model.mesh.triangles.len(), 24);
    assert!((model.mesh.volume() - 7.0).abs() < 1e-12);
    let windows = two.replace('\n', "\r\n").to_uppercase();
    assert_eq!(read(windows.as_bytes(), "a.stl").unwrap().mesh, model.mesh);
    let unended = ascii(&mesh).replace("endsolid a\n", "");
    let model = read(unended.as_bytes(), "a.stl").unwrap();
    assert_eq!((model.mesh.triangles.len(), model.faults.len()), (12, 1));
}

#[test]
fn broken_ascii_stl_is_named_with_its_line() {
    let text = ascii(&boxy());
    let cut = &text[..text.rfind("endloop").unwrap()];
    assert!(message(cut.as_bytes(), "a.stl").contains("cut off"));
    assert!(
        message(b"solid\nfacet normal 0 0 1\nouter loop\nvertex 1 2\n", "a.stl")
            .starts_with("E2008: line 4")
    );
    assert!(
        message(b"solid\nfacet normal 0 0 1\nouter loop\nvertex 1 2 3\nendloop\n", "a.stl")
            .contains("1 corners")
    );
    assert!(message(b"solid x\nvortex 1 2 3\n", "a.stl").contains("vortex"));
    assert!(message(b"solid x\nendsolid x\n", "a.stl").starts_with("E2012"));
}

#[test]
fn obj_of_polygons_groups_and_negative_indices() {
    let quad = b"# c\r\no a\r\ng b\r\nv 0 0 0 1\nv 2 0 0\nv 2 2 0\nv 0 2 0\nvt 0 0\nvn 0 0 1\n\
        usemtl m\ns off\nf 1/1/1 2//1 \\\n 3/1 4\nf -4 -3 -2\n";
    let model = read(quad, "a.obj").unwrap();
    assert_eq!(model.mesh.triangles, [[0, 1, 2], [0, 2, 3], [0, 1, 2]]);
    for (bad, code) in [
        ("f 1 2 9\n", "E2011: line 4"),
        ("f 0 1 2\n", "E2011: line 4"),
        ("f -4 1 2\n", "E2011: line 4"),
        ("f 1 2\n", "E2008: line 4"),
        ("f a b c\n", "E2008: line 4"),
        ("v 1 x 2\n", "E2008: line 4"),
        ("", "E2012"),
    ] {
        let text = format!("v 0 0 0\nv 1 0 0\nv 0 1 0\n{bad}");
        assert!(message(text.as_bytes(), "a.obj").starts_with(code), "{bad}");
    }
    let curved = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nsurf 0 1 0 1 1 2 3\n";
    let faults = read(curved.as_bytes(), "a.obj").unwrap().faults;
    assert_eq!(faults[0].code, FaultCode::UnsupportedContent);
}

#[test]
fn minus_zero_is_zero() {
    let text = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nv -0 -0 -0\nv 0 0 1\nf 1 2 3\nf 4 3 5\n";
    let mesh = read(text, "a.obj").unwrap().mesh;
    assert_eq!(mesh.vertices.len(), 4);
    assert!(mesh.vertices.iter().all(|v| v.iter().all(|x| x.is_sign_positive())));
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mut dice = crate::fixtures::Dice(1);
    let ply = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty int y\n\
        property char z\nelement face 1\nproperty list uchar int vertex_index\nend_header\n\
        0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n";
    let obj = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1/1 2 -1 3\n";
    let good =
        [write_stl(&boxy()), ascii(&boxy()).into_bytes(), obj.to_vec(), ply.as_bytes().to_vec()];
    for round in 0..4000 {
        let mut bytes = good[round % 4].clone();
        for _ in 0..1 + round % 5 {
            let at = (dice.roll() * bytes.len() as f64) as usize;
            bytes[at] = (dice.roll() * 256.0) as u8;
        }
        bytes.truncate((dice.roll() * 1.3 * bytes.len() as f64) as usize);
        for file in ["a.stl", "a.obj", "a.ply", "a.3mf", "a"] {
            let (record, mesh) =
                load_part(&bytes, &"p".into(), file, Some(LengthUnit::Mm), &LIMITS);
            assert_eq!(mesh.is_none(), record.verdict == Verdict::NotPrintable);
        }
    }
}

#[test]
fn real_models_are_read() {
    for (folder, ending) in [("voron0", "stl"), ("meshes", "stl"), ("meshes", "obj")] {
        let Some(folder) = data(folder) else { return };
        let files = files_below(&folder, ending);
        let (mut count, mut review) = ([0; 4], Vec::new());
        let began = std::time::Instant::now();
        for file in &files {
            let bytes = std::fs::read(file).unwrap();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let (record, _) = load_part(&bytes, &"p".into(), &name, Some(LengthUnit::Mm), &LIMITS);
            count[record.verdict as usize] += 1;
            if record.verdict > Verdict::Corrected {
                let texts: Vec<_> =
                    record.faults.iter().map(|f| format!("{:?} {}", f.code, f.count)).collect();
                review.push(format!("{name}: {}", texts.join(", ")));
            }
        }
        println!(
            "{ending}: {} files, {count:?} printable, corrected, review, not: {:?}",
            files.len(),
            began.elapsed()
        );
        println!("{}", review.join("\n"));
        assert_eq!(count[3], 0, "{review:?}");
        assert!(folder.ends_with("meshes") || count[0] + count[1] > 100);
    }
}

#[test]
fn vertices_that_add_nothing_are_told() {
    let text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 9 9 9\nv 0 0 0\nv 1 1 1\nf 1 2 3\nf 5 3 6\n";
    let model = read_model(text.as_bytes(), "a.obj", Some(LengthUnit::Mm), &LIMITS).unwrap();
    let told: Vec<_> = model.faults.iter().map(|f| (f.code, f.count)).collect();
    assert_eq!(told, [(FaultCode::UnreferencedVertices, 1), (FaultCode::DuplicateVertices, 1)]);
    assert_eq!(model.mesh.vertices.len(), 4);
    assert_eq!(model.faults[0].place.at, Some([9.0; 3]));
}
