//! Tests of OBJ: what is found in the wild, and every way a file can be bad.

use platewright_model::measure::LengthUnit;

use super::*;
use crate::fixtures::{Dice, LIMITS, sphere};
use crate::{ReadModel, read_model};

fn read(text: &str) -> Result<ReadModel, MeshError> {
    read_model(text.as_bytes(), "a.obj", Some(LengthUnit::Mm), &LIMITS)
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

const SQUARE: &str = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n";

fn triangles(faces: &str) -> Vec<[u32; 3]> {
    read(&format!("{SQUARE}{faces}")).unwrap().mesh.triangles
}

#[test]
fn all_spellings_of_faces_are_read() {
    for face in [
        "f 1 2 3",
        "f 1/1 2/2 3/3",
        "f 1//1 2//2 3//3",
        "f 1/1/1 2/2/2 3/3/3",
        "f -4 -3 -2",
        "f -4/1 -3//2 -2/1/1",
        "f\t1\t2\t3",
        "  f 1 2 3  ",
        "f 1 2 3 # corner",
        "fo 1 2 3",
        "f 1 \\\n2 \\\r\n 3",
        "f 1\\\n 2\\\n 3",
        "f 1/5\\\n 2/5 3",
        "f 1 2 3\r",
        "f 01 +2 3",
    ] {
        assert_eq!(triangles(face), [[0, 1, 2]], "{face:?}");
    }
    assert_eq!(triangles("f 1 2 3 4"), [[0, 1, 2], [0, 2, 3]]);
    assert_eq!(triangles("f -1 -2 -3\nf 1 2 3"), [[0, 1, 2], [3, 2, 1]]);
    // Faces may come before their vertices.
    assert_eq!(read(&format!("f 1 2 3\n{SQUARE}")).unwrap().mesh.triangles, [[0, 1, 2]]);
}

#[test]
fn what_says_nothing_of_the_shape_is_skipped() {
    let text = "# Größe\nmtllib a.mtl\no a\ng b c\ns 1\ns off\nusemtl m\nvt 0 0\nvn 0 0 1\n\
        vp 0.5\nl 1 2\np 1\nv 0 0 0 1.0\nv 1 0 0 255 0 0\n\tv 0 1 0 0.1 0.2 0.3 # c\n\n\
        # a comment that ends with a backslash \\\nf 9 9 9\nf 1 2 3";
    let model = read(text).unwrap();
    assert_eq!(model.mesh.triangles, [[0, 1, 2]]);
    assert!(model.faults.is_empty());
    let mac = text.replace('\n', "\r");
    assert_eq!(read(&mac).unwrap(), model);
    assert_eq!(read(&text.replace('\n', "\r\n")).unwrap(), model);
    assert_eq!(read(&format!("\u{feff}{text}")).unwrap(), model);
}

#[test]
fn chunks_of_any_length_give_the_same() {
    let mesh = sphere(3.3, 9);
    let mut text = String::new();
    for (t, _) in mesh.triangles.iter().enumerate() {
        for p in mesh.corners(t) {
            text += &format!("v {} {} \\\n {}\n", p.x, p.y, p.z);
        }
        text += if t % 2 == 0 { "f -3 -2 -1\n" } else { "f -3//7 -2/1 -1/2/3\n" };
        if t == 50 {
            text += "f -6 -3 -2 -5\nf 1 2 3 -9\nf 1 5 9\n";
        }
    }
    let whole = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, usize::MAX).unwrap();
    assert_eq!(whole.triangles.len(), mesh.triangles.len() + 5);
    for length in [0, 1, 100, 999, 5000] {
        let found = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, length).unwrap();
        assert_eq!(found.vertices, whole.vertices);
        assert_eq!(found.triangles, whole.triangles);
    }
    // Lines of errors are exact wherever chunks begin.
    let lines: Vec<&str> = text.lines().collect();
    let bad = [
        ("f 1 2", "E2008"),
        ("f 0 1 1", "E2011"),
        ("f 1 1 99999", "E2011"),
        ("v 1 1", "E2008"),
        ("f -99999 1 1", "E2011"),
        ("f 1 1 99999999999", "E2011"),
        ("v inf 1 1", "E2009"),
        ("f 1 1 1.5", "E2008"),
    ];
    let mut free = (0..lines.len()).filter(|&n| lines[n].starts_with('f'));
    for (bad, code) in bad.iter().cycle().take(80) {
        let n = free.next().unwrap();
        let mut broken = lines.clone();
        broken[n] = bad;
        let broken = broken.join("\n");
        for length in [1, 333, usize::MAX] {
            let error = read_in_chunks(Source::from(broken.as_bytes()), &LIMITS, length);
            let text = error.unwrap_err().to_string();
            assert!(text.starts_with(&format!("{code}: line {}:", n + 1)), "{bad} {length} {text}");
        }
    }
}

#[test]
fn an_index_tells_how_many_there_are() {
    assert!(
        message(&format!("{SQUARE}f 1 2 9\nv 0 0 0\n"))
            .contains("index 9 is out of range, there are 5")
    );
    assert!(message(&format!("{SQUARE}f 1 2 -5\n")).contains("E2011: line 5: index -5"));
}

#[test]
fn concave_polygons_are_cut_within_their_outline() {
    // An arrow whose first corner does not see all others.
    let arrow = "v 0 4 0\nv -2 0 0\nv 0 1 0\nv 2 0 0\nf 2 3 4 1\nf 1 2 3 4\n";
    let mesh = read(arrow).unwrap().mesh;
    assert!((mesh.surface() - 12.0).abs() < 1e-12, "{}", mesh.surface());
    let all_up = (0..4).all(|t| mesh.normal_times_area(t).z > 0.0);
    assert!(all_up);
}

#[test]
fn decimal_commas_are_read_with_a_note() {
    let model = read("v 0,5 0 0\nv 1 0 0\nv 0 1,25 0\nf 1 2 3\n").unwrap();
    assert_eq!(model.mesh.vertices[0].x, 0.5);
    assert!(model.faults[0].text.contains("comma"));
    assert!(message("v 0,5 0.5 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n").starts_with("E2008: line 1"));
}

#[test]
fn many_negative_numbers_do_not_wrap() {
    let far = format!("{SQUARE}f {} 1 2\n", i64::MIN);
    assert!(message(&far).starts_with("E2011: line 5"));
    assert!(message(&format!("{SQUARE}f -4294967296 1 2\n")).starts_with("E2011: line 5"));
    assert!(message(&format!("{SQUARE}f 4294967297 1 2\n")).starts_with("E2011: line 5"));
    assert!(message(&format!("{SQUARE}f 99999999999999999999 1 2\n")).starts_with("E2008: line 5"));
}

#[test]
fn damaged_text_is_read_or_refused_alike_in_chunks_of_any_length() {
    let mut dice = Dice(12);
    let mut good = String::new();
    for k in 0..12 {
        good += &format!("v {k} 0.5 {}\nv 1 {k} 2\nv 0 0 {k}\n", k * k);
        good += "f -3 -2 -1\nf 1 2 3\nf 1/1 \\\n 2//1 -1 3\n";
    }
    let parts =
        ["f 1 ", "v ", "\\\n", "-9", "36", "40", "\n", "#", "/", "f 9 8 7 -1\n", ",5", "x", " "];
    let mut fine = 0;
    for _ in 0..1500 {
        let mut text = good.clone();
        for _ in 0..1 + (dice.roll() * 2.0) as usize {
            let from = (dice.roll() * text.len() as f64) as usize;
            let to = (from + (dice.roll() * 9.0) as usize).min(text.len());
            text.replace_range(from..to, parts[(dice.roll() * parts.len() as f64) as usize]);
        }
        let read = |length| {
            let raw = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, length);
            raw.map(|raw| (raw.vertices, raw.triangles, raw.faults))
        };
        let whole = read(usize::MAX);
        fine += usize::from(whole.is_ok());
        for length in [1, 50, 200] {
            // Which of several errors is told may differ.
            assert_eq!(read(length).ok(), whole.as_ref().ok().cloned(), "{text}");
        }
    }
    assert!(fine > 300, "{fine}");
}
