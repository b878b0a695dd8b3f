//! Writes the first inputs of each target into `corpus/TARGET`.
//!
//!     cargo run --release --example seeds

use std::fs;
use std::path::Path;

use platewright_mesh::{
    ThreeMfBuild, ThreeMfItem, ThreeMfObject, TriMesh, read_model, three_mf_members, write_3mf,
    write_stl,
};
use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::measure::LengthUnit;

const CUBE: &str = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nv 0 0 1\nv 1 0 1\nv 0 1 1\nv 1 1 1\n\
    f 1 3 4 2\nf 5 6 8 7\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6\n";

fn main() -> std::io::Result<()> {
    let cube = cube();
    let stl = write_stl(&cube);
    let mut solid = stl.clone();
    solid[..5].copy_from_slice(b"solid");
    solid[80] = 99;
    let ascii = ascii(&cube);
    let none = ascii.replace("endloop\n", "").replace("endsolid a\n", "");
    save("stl", "binary", &stl)?;
    save("stl", "solid", &solid)?;
    save("stl", "one", &stl[..84 + 50])?;
    save("stl", "ascii", ascii.as_bytes())?;
    save("stl", "upper", ascii.to_uppercase().replace('\n', "\r").as_bytes())?;
    save("stl", "commas", ascii.replace("vertex 0.5", "vertex 0,5").as_bytes())?;
    save("stl", "no_ends", none.as_bytes())?;

    let spellings = "\u{feff}# c\r\no a\ng b\nusemtl m\nv 0 0 0 1.0\n\
        v 4 0 0 1 0 0\nv 4,5 4 0\nv 1 1 0\nv 0 4 0\n\
        vt 0 0\nvn 0 0 1\nf 1/1 2/1 3/1 4/1 5/1\nf 1//1 -1//1 \\\n -2\n\
        f 1/1/1 2/2/2 3/3/3\nl 1 2\nsurf 0 1\n";
    save("obj", "cube", CUBE.as_bytes())?;
    save("obj", "spellings", spellings.as_bytes())?;

    let head = |format: &str, more: &str| {
        format!(
            "ply\nformat {format} 1.0\ncomment c\nelement vertex 4\n\
             property float x\nproperty float y\n\
             property float z\n{more}element face 2\n\
             property list uchar int vertex_indices\nend_header\n"
        )
    };
    let text = "0 0 0 7\n1 0 0 7\n0 1 0 7\n0 0 1 7\n3 0 1 2\n4 0 1 2 3\n";
    save("ply", "ascii", (head("ascii", "property uchar red\n") + text).as_bytes())?;
    for (format, big) in [("binary_little_endian", false), ("binary_big_endian", true)] {
        let mut bytes = head(format, "").into_bytes();
        let mut put = |four: [u8; 4]| {
            let mut four = four;
            if big {
                four.reverse();
            }
            bytes.extend(four);
        };
        for x in [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0] {
            put(x.to_le_bytes());
        }
        for corners in [&[0_i32, 1, 2][..], &[0, 1, 2, 3]] {
            bytes.push(corners.len() as u8);
            for corner in corners {
                let mut four = corner.to_le_bytes();
                if big {
                    four.reverse();
                }
                bytes.extend(four);
            }
        }
        save("ply", format, &bytes)?;
    }

    layer_files()?;
    let uuid = |n: u32| format!("00000000-0000-4000-8000-{n:012}");
    let pose = Pose::IDENTITY;
    let item = |n| ThreeMfItem { object: 0, pose, uuid: uuid(n), part_number: "p".to_owned() };
    let build = ThreeMfBuild {
        uuid: uuid(1),
        objects: vec![ThreeMfObject { name: "a".to_owned(), mesh: &cube, uuid: uuid(2) }],
        items: vec![item(3), item(4)],
        metadata: vec![("Title".to_owned(), "t".to_owned())],
    };
    let members = three_mf_members(&build).expect("a cube can be written");
    save("threemf", "deflated", &write_3mf(&build).expect("a cube can be written"))?;
    // Stored, so that the fuzzer sees the XML.
    save("threemf", "stored", &stored(&members))
}

fn layer_files() -> std::io::Result<()> {
    let head = |kind: &str| format!("$$HEADERSTART\n$$UNITS/1\n$$VERSION/200\n{kind}$$HEADEREND");
    let text = "\n$$GEOMETRYSTART\n$$LAYER/0.1\n$$POLYLINE/1,1,4,0,0,1,0,1,1,0,0\n\
        $$HATCHES/1,1,0,0,1,1\n$$GEOMETRYEND\n";
    save("cli", "ascii", (head("$$ASCII\n") + text).as_bytes())?;
    let shorts = |numbers: &[u16]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>();
    let short = shorts(&[128, 1, 129, 1, 1, 4, 0, 0, 1, 0, 1, 1, 0, 0, 131, 1, 1, 0, 0, 1, 1]);
    save("cli", "short", &[head("$$BINARY\n").as_bytes(), &short].concat())?;
    let mut aligned = head("$$BINARY\n$$ALIGN\n").into_bytes();
    aligned.resize(aligned.len().next_multiple_of(4), 0);
    aligned.extend(shorts(&[127, 0, 0, 0x3f80, 130, 0, 1, 0, 1, 0, 1, 0, 0, 0x3f80, 0, 0x3f80]));
    save("cli", "aligned", &aligned)?;
    let mut slc = b"-UNIT MM\x0d\x0a\x1a".to_vec();
    slc.extend([0; 257]);
    for number in [0, 1, 1, 0, 0, 0, 0x3f80_0000, u32::MAX] {
        slc.extend(number.to_le_bytes());
    }
    save("cli", "slc", &slc)
}

fn cube() -> TriMesh {
    let limits = Limits {
        file_bytes: 1 << 20,
        triangles: 100,
        inflated_bytes: 0,
        inflation_ratio: 1,
        zip_members: 0,
        coordinate_mm: 100.0,
        line_quantity: 0,
        night_units: 0,
    };
    let unit = Some(LengthUnit::Mm);
    read_model(CUBE.as_bytes(), "a.obj", unit, &limits).expect("the cube is sound").mesh
}

fn ascii(mesh: &TriMesh) -> String {
    let mut text = "solid a\n".to_owned();
    for t in 0..mesh.triangles.len() {
        text += "facet normal 0 0 0\n outer loop\n";
        for p in mesh.corners(t) {
            text += &format!("vertex {} {} {:e}\n", p.x / 2.0, p.y, p.z);
        }
        text += "endloop\nendfacet\n";
    }
    text + "endsolid a\n"
}

/// A ZIP archive without compression.
fn stored(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let start = (bytes.len() as u32).to_le_bytes();
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut head = b"\x14\0\0\0\0\0\0\0\x21\0".to_vec();
        for n in [crc.sum(), content.len() as u32, content.len() as u32] {
            head.extend(n.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        bytes.extend([b"PK\x03\x04", &head[..], name.as_bytes(), content].concat());
        directory
            .extend([b"PK\x01\x02\x14\0", &head[..], &[0; 10], &start, name.as_bytes()].concat());
    }
    let at = (bytes.len() as u32).to_le_bytes();
    let length = (directory.len() as u32).to_le_bytes();
    let count = (members.len() as u16).to_le_bytes();
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &length, &at, &[0, 0]].concat());
    bytes
}

fn save(target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}
