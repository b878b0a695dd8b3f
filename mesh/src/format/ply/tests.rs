//! Tests of PLY: all encodings, and every way a file can be bad.

use platewright_model::measure::LengthUnit;

use super::header::Kind;
use super::*;
use crate::fixtures::{LIMITS, cuboid, sphere};
use crate::{ReadModel, TriMesh, read_model};

fn read(bytes: &[u8]) -> Result<ReadModel, MeshError> {
    read_model(bytes, "a.ply", Some(LengthUnit::Mm), &LIMITS)
}

fn message(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

const TYPES: [(&str, &str, Kind); 8] = [
    ("char", "int8", Kind::I8),
    ("uchar", "uint8", Kind::U8),
    ("short", "int16", Kind::I16),
    ("ushort", "uint16", Kind::U16),
    ("int", "int32", Kind::I32),
    ("uint", "uint32", Kind::U32),
    ("float", "float32", Kind::F32),
    ("double", "float64", Kind::F64),
];

/// Writes a mesh of small whole coordinates with all numbers of one type.
struct Writer {
    format: &'static str,
    kind: Kind,
    bytes: Vec<u8>,
}

impl Writer {
    fn put(&mut self, x: f64, kind: Kind) {
        let mut bytes = match kind {
            Kind::I8 => (x as i8).to_le_bytes().to_vec(),
            Kind::U8 => (x as u8).to_le_bytes().to_vec(),
            Kind::I16 => (x as i16).to_le_bytes().to_vec(),
            Kind::U16 => (x as u16).to_le_bytes().to_vec(),
            Kind::I32 => (x as i32).to_le_bytes().to_vec(),
            Kind::U32 => (x as u32).to_le_bytes().to_vec(),
            Kind::F32 => (x as f32).to_le_bytes().to_vec(),
            Kind::F64 => x.to_le_bytes().to_vec(),
        };
        match self.format {
            "ascii" => bytes = format!("{x} ").into_bytes(),
            "binary_big_endian" => bytes.reverse(),
            _ => {}
        }
        self.bytes.extend(bytes);
    }

    fn end(&mut self) {
        if self.format == "ascii" {
            self.bytes.push(b'\n');
        }
    }

    fn write(mut self, mesh: &TriMesh, name: &str) -> Vec<u8> {
        let (format, kind) = (self.format, self.kind);
        let (vertices, faces) = (mesh.vertices.len(), mesh.triangles.len());
        self.bytes = format!(
            "ply\nformat {format} 1.0\ncomment any text\nobj_info more\nelement extra 2\n\
             property list {name} double values\nproperty short id\nelement vertex {vertices}\n\
             property {name} x\nproperty uchar red\nproperty {name} y\nproperty {name} z\n\
             property list uchar ushort rest\nelement face {faces}\nproperty {name} flags\n\
             property list {name} {name} vertex_indices\nproperty float quality\nend_header\n"
        )
        .into_bytes();
        for _ in 0..2 {
            self.put(3.0, kind);
            for x in [1.5, 2.5, 3.5] {
                self.put(x, Kind::F64);
            }
            self.put(7.0, Kind::I16);
            self.end();
        }
        for p in &mesh.vertices {
            self.put(p.x, kind);
            self.put(200.0, Kind::U8);
            self.put(p.y, kind);
            self.put(p.z, kind);
            self.put(1.0, Kind::U8);
            self.put(9.0, Kind::U16);
            self.end();
        }
        for t in &mesh.triangles {
            self.put(1.0, kind);
            self.put(3.0, kind);
            for &v in t {
                self.put(f64::from(v), kind);
            }
            self.put(f64::NAN, Kind::F32);
            self.end();
        }
        self.bytes
    }
}

#[test]
fn all_encodings_and_types_are_read() {
    let mesh = cuboid([0.0; 3], [1.0, 2.0, 3.0]);
    for format in ["ascii", "binary_little_endian", "binary_big_endian"] {
        for (old, new, kind) in TYPES {
            for name in [old, new] {
                let bytes = Writer { format, kind, bytes: Vec::new() }.write(&mesh, name);
                let model = read(&bytes).unwrap_or_else(|e| panic!("{format} {name}: {e}"));
                assert_eq!(model.mesh.triangles.len(), 12);
                assert_eq!(model.mesh.volume(), 6.0);
                assert!(model.faults.is_empty());
                // Cut off anywhere it is refused, and more behind it is told.
                for cut in [1, 5, 40, 200] {
                    let cut = read(&bytes[..bytes.len() - cut]);
                    assert!(cut.is_err() || (format == "ascii" && cut.unwrap() == model));
                }
                let longer = [bytes, b"tail".to_vec()].concat();
                assert_eq!(read(&longer).unwrap().faults[0].code, FaultCode::HeaderMismatch);
            }
        }
    }
}

#[test]
fn doubles_are_read_exactly() {
    let mesh = sphere(7.3, 12);
    for format in ["binary_little_endian", "binary_big_endian"] {
        let bytes = Writer { format, kind: Kind::F64, bytes: Vec::new() }.write(&mesh, "double");
        let model = read(&bytes).unwrap();
        assert_eq!(model.mesh.volume(), mesh.volume());
    }
}

const HEADER: &str = "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\n\
    property float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_index\n\
    end_header\n";
const SQUARE: &str = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n";

#[test]
fn ascii_of_all_kinds_is_read() {
    let triangles = |text: &str| read(text.as_bytes()).unwrap().mesh.triangles;
    let square = format!("{HEADER}{SQUARE}4 0 1 2 3");
    assert_eq!(triangles(&square), [[0, 1, 2], [0, 2, 3]]);
    assert_eq!(triangles(&square.replace('\n', "\r\n")), [[0, 1, 2], [0, 2, 3]]);
    assert_eq!(triangles(&square.replace('\n', "\r")), [[0, 1, 2], [0, 2, 3]]);
    assert_eq!(triangles(&square.replace("1 1 0", "\n\n 1\t1 0 extra")), [[0, 1, 2], [0, 2, 3]]);
    let arrow = square.replace(SQUARE, "-2 0 0\n0 1 0\n2 0 0\n0 4 0\n");
    let mesh = read(arrow.as_bytes()).unwrap().mesh;
    assert!((mesh.surface() - 6.0).abs() < 1e-12);
    let comma = read(square.replace("1 1 0", "1,5 1 0").as_bytes()).unwrap();
    assert!(comma.faults[0].text.contains("comma"));
    assert!(read_model(square.as_bytes(), "model", Some(LengthUnit::Mm), &LIMITS).is_ok());
    assert!(
        read_model(square.as_bytes(), "a.ply", None, &LIMITS)
            .unwrap_err()
            .to_string()
            .starts_with("E2004: PLY has no unit")
    );
}

#[test]
fn bad_data_is_named_with_its_place() {
    let with = |face: &str| message(&format!("{HEADER}{SQUARE}{face}"));
    assert!(with("4 0 1 2 4").starts_with("E2011: line 14: index 4 is out of range, there are 4"));
    assert!(with("3 0 1 -1").starts_with("E2011: line 14: index -1"));
    assert!(with("3 0 1 1.5").starts_with("E2011: line 14"));
    assert!(with("2 0 1").starts_with("E2008: line 14: a face with 2 corners"));
    assert!(with("-1").starts_with("E2008: line 14"));
    assert!(with("3 0 1").starts_with("E2008: line 14"));
    assert!(with("3 0 1 x").starts_with("E2008: line 14"));
    assert!(with("").starts_with("E2"));
    let vertex = |line: &str| message(&format!("{HEADER}{SQUARE}3 0 1 2").replace("1 1 0", line));
    assert!(vertex("1 nan 0").starts_with("E2009: line 12"));
    assert!(vertex("1 1").starts_with("E2008: line 12"));
    assert!(vertex("1 1e9 0").starts_with("E2010"));
}

#[test]
fn bad_headers_are_refused() {
    let change =
        |from: &str, to: &str| message(&format!("{HEADER}{SQUARE}3 0 1 2").replace(from, to));
    assert!(change("property float z\n", "").contains("no x, y and z"));
    assert!(change("vertex 4", "point 4").contains("no element vertex"));
    assert!(change("list uchar int", "int").contains("no list"));
    assert!(change("vertex_index", "corners").contains("no list vertex_indices"));
    assert!(change("ascii", "binary").contains("line 2: the format \"binary\" is not known"));
    assert!(change("format ascii 1.0\n", "").contains("no line format"));
    assert!(change("float x", "half x").contains("line 4: found \"half\""));
    assert!(change("element face 1", "element face many").contains("line 7"));
    assert!(change("end_header\n", "").contains("found \"0\""));
    assert!(change("ply\n", "plyx\n").contains("line 1"));
    assert!(change("element vertex 4\n", "").contains("before the first element"));
    assert!(message("ply\n").contains("end_header"));
    assert!(change("element face 1", "element tristrips 1").contains("tristrips"));
    assert!(
        change("element face 1\nproperty list uchar int vertex_index\n", "").starts_with("E2012")
    );
    let many = "element e 0\n".repeat(101);
    assert!(message(&format!("ply\n{many}")).contains("more than 100 elements"));
    let many = "property int a\n".repeat(1001);
    assert!(message(&format!("ply\nelement e 0\n{many}")).contains("more than 1000 properties"));
}

#[test]
fn promises_that_cannot_be_kept_fail_at_once() {
    for promise in ["4000000000", "4294967294", "18446744073709551615"] {
        let text = HEADER.replace("vertex 4", &format!("vertex {promise}"));
        assert!(message(&text).starts_with("E2"), "{promise}");
        let text = HEADER.replace("face 1", &format!("face {promise}"));
        assert!(message(&format!("{text}{SQUARE}")).starts_with("E2007"), "{promise}");
        let text = HEADER.replace("ascii", "binary_little_endian").replace("face 1", "face 0");
        let text = text.replace("vertex 4", &format!("vertex {promise}"));
        assert!(message(&text).starts_with("E2"), "{promise}");
    }
    // Things without a property take no bytes.
    let text = HEADER.replace("element face", "element nothing 18446744073709551615\nelement face");
    assert_eq!(read(format!("{text}{SQUARE}3 0 1 2").as_bytes()).unwrap().mesh.triangles.len(), 1);
    let list = "ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty list uint int a\n\
        property float x\nproperty float y\nproperty float z\nend_header\n";
    let bytes = [list.as_bytes(), &[255; 40]].concat();
    assert!(read(&bytes).unwrap_err().to_string().starts_with("E2007"));
}
