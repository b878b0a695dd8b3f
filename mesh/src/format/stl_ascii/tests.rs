//! Tests of ASCII STL: what is found in the wild, and every way a file can be bad.

use platewright_model::measure::LengthUnit;

use super::*;
use crate::fixtures::{Dice, LIMITS, cuboid, sphere};
use crate::{ReadModel, TriMesh, read_model};

fn read(text: &str) -> Result<ReadModel, MeshError> {
    read_model(text.as_bytes(), "a.stl", Some(LengthUnit::Mm), &LIMITS)
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn ascii(mesh: &TriMesh) -> String {
    let mut text = "solid a\n".to_owned();
    for t in 0..mesh.triangles.len() {
        text += "facet normal 0 0 0\n outer loop\n";
        for p in mesh.corners(t) {
            text += &format!("  vertex {:?} {:e} {:?}\n", p.x, p.y, p.z);
        }
        text += " endloop\nendfacet\n";
    }
    text + "endsolid a\n"
}

fn boxy() -> String {
    ascii(&cuboid([0.0; 3], [1.0, 2.0, 3.0]))
}

/// One facet with a line in place of its second corner.
fn facet(line: &str) -> String {
    format!(
        "solid\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n{line}\nvertex 0 1 0\nendloop\n\
         endfacet\nendsolid\n"
    )
}

#[test]
fn chunks_of_any_length_give_the_same() {
    let mesh = sphere(7.3, 9);
    let text = ascii(&mesh).replacen("endsolid a", "endsolid a\nsolid b", 1);
    let whole = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, usize::MAX).unwrap();
    assert_eq!(whole.triangles.len(), mesh.triangles.len());
    assert_eq!(whole.vertices.len(), mesh.vertices.len());
    for length in [0, 1, 100, 999, 5000] {
        let found = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, length).unwrap();
        assert_eq!(found.vertices, whole.vertices);
        assert_eq!(found.triangles, whole.triangles);
        assert_eq!(found.faults, whole.faults);
    }
    // Lines of errors are exact wherever chunks begin.
    let lines: Vec<&str> = text.lines().collect();
    for (n, (bad, code)) in
        [("vertex 1 x 3", "E2008"), ("vertex nan 0 0", "E2009"), ("what", "E2008")]
            .iter()
            .cycle()
            .take(lines.len() - 20)
            .enumerate()
    {
        let mut broken = lines.clone();
        broken[n + 1] = bad;
        let broken = broken.join("\n");
        for length in [1, 333, usize::MAX] {
            let error = read_in_chunks(Source::from(broken.as_bytes()), &LIMITS, length);
            let text = error.unwrap_err().to_string();
            assert!(text.starts_with(&format!("{code}: line {}:", n + 2)), "{n} {length} {text}");
        }
    }
}

#[test]
fn a_facet_that_does_not_end_is_found_between_chunks_too() {
    let text = boxy().replacen("endloop\nendfacet\n", "", 1);
    for length in [1, 50, 150, usize::MAX] {
        let error = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, length).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("E2008: line 7: a facet begins before"), "{length} {text}");
    }
}

#[test]
fn blanks_and_line_ends_of_all_kinds_are_read() {
    let mesh = read(&boxy()).unwrap().mesh;
    for text in [
        boxy().replace('\n', "\r\n"),
        boxy().replace('\n', "\r"),
        boxy().replace(' ', "\t"),
        boxy().replace('\n', "\n\n \t\n"),
        boxy().replace('\n', " \x0c"),
        boxy().replace("endloop\n", "endloop ").replace("outer loop\n", "outer loop "),
        boxy().to_uppercase(),
        boxy().replace("vertex", "Vertex").replace("endfacet", "EndFacet"),
        boxy().replace("endloop", "end loop").replace("endfacet", "end facet"),
        boxy().replace("endsolid", "end solid"),
        format!("\u{feff}{}", boxy()),
        format!("\n\n  {}", boxy()),
        boxy().replacen("solid a\n", "", 1),
    ] {
        let model = read(&text).unwrap();
        assert_eq!(model.mesh, mesh, "{text:.80}");
        assert!(model.faults.is_empty());
    }
    // Lines are counted by what ends them.
    assert!(message(&facet("vertex x").replace('\n', "\r")).starts_with("E2008: line 5"));
    assert!(message(&facet("vertex x").replace('\n', "\r\n")).starts_with("E2008: line 5"));
}

#[test]
fn names_may_be_any_text() {
    for name in [
        "",
        "a vertex of facets",
        "facet",
        "solid endsolid",
        "Größe №1",
        "1 2 3",
        "\u{0} zero",
        "a\u{0}facet\u{0}",
        "#/*\"'\\",
        "COLOR=abcd",
    ] {
        let text = boxy().replace("solid a", &format!("solid {name}"));
        let model = read(&text).unwrap();
        assert_eq!((model.mesh.triangles.len(), model.faults.len()), (12, 0), "{name:?}");
    }
    let latin = boxy().replace("solid a", "solid \x01").replace('\x01', "?");
    let mut latin = latin.into_bytes();
    let at = latin.iter().position(|&b| b == b'?').unwrap();
    latin[at] = 0xe4;
    assert!(read_model(&latin, "a.stl", Some(LengthUnit::Mm), &LIMITS).is_ok());
}

#[test]
fn missing_ends_are_read_or_told() {
    let mesh = read(&boxy()).unwrap().mesh;
    assert_eq!(read(&boxy().replace(" endloop\n", "")).unwrap().mesh, mesh);
    assert_eq!(read(&boxy().replace(" outer loop\n", "")).unwrap().mesh, mesh);
    let model = read(&boxy().replace("endsolid a\n", "")).unwrap();
    assert_eq!(model.mesh, mesh);
    assert_eq!(model.faults[0].code, FaultCode::HeaderMismatch);
    assert!(message(&boxy().replace("endfacet\n", "")).contains("begins before"));
    assert!(message(boxy().split_at(500).0).contains("line"));
    let several =
        boxy() + &boxy().replace("solid a", "solid b").replace("endsolid b\n", "") + &boxy();
    assert_eq!(read(&several).unwrap().mesh.triangles.len(), 36);
}

#[test]
fn decimal_commas_are_read_with_a_note() {
    let mesh = read(&facet("vertex 1.5 0.25 0")).unwrap().mesh;
    let model = read(&facet("vertex 1,5 0,25 0")).unwrap();
    assert_eq!(model.mesh, mesh);
    assert_eq!(model.faults[0].severity, Severity::Note);
    assert!(model.faults[0].text.contains("comma"));
    // Mixed with points, or several: either could separate thousands.
    assert!(message(&facet("vertex 1,500 2.5 0")).starts_with("E2008: line 5"));
    assert!(message(&facet("vertex 1,2,3 4 5")).starts_with("E2008: line 5"));
    assert!(message(&facet("vertex 1,2,3")).starts_with("E2008: line 5"));
}

#[test]
fn numbers_that_are_none_are_refused_but_not_in_normals() {
    for bad in ["nan", "-nan(ind)", "inf", "1.#INF", "1e999"] {
        let text = message(&facet(&format!("vertex 1 {bad} 0")));
        assert!(text.starts_with("E2009: line 5"), "{text}");
    }
    for normal in ["nan nan nan", "-nan(ind) inf 1.#QNAN", "0 0", "", "1,5 x y"] {
        let text = facet("vertex 1 0 0").replace("normal 0 0 1", &format!("normal {normal}"));
        assert_eq!(read(&text).unwrap().mesh.triangles.len(), 1, "{normal}");
    }
    assert!(message(&facet("vertex 1e38 0 0")).starts_with("E2010: triangle 1, corner 2"));
    let wide = Limits { coordinate_mm: 1e39, ..LIMITS };
    let mm = Some(LengthUnit::Mm);
    assert!(read_model(facet("vertex 1e38 0 0").as_bytes(), "a.stl", mm, &wide).is_ok());
}

#[test]
fn facets_of_more_corners_are_cut() {
    let square = facet("vertex 1 0 0\nvertex 1 1 0");
    assert_eq!(read(&square).unwrap().mesh.triangles, [[0, 1, 2], [0, 2, 3]]);
    assert!(message(&facet("")).contains("a facet with 2 corners"));
    assert!(message(&facet("vertex 1 2")).starts_with("E2008: line 5"));
    assert!(message(&facet("vortex 1 2 3")).contains("vortex"));
}

#[test]
fn one_long_line_is_read() {
    let text = boxy().replace('\n', " ");
    assert_eq!(read(&text).unwrap().mesh.triangles.len(), 12);
}

#[test]
fn damaged_text_is_read_or_refused_alike_in_chunks_of_any_length() {
    let mut dice = Dice(11);
    let good = boxy();
    let parts =
        ["facet", "endfacet\n", "endloop ", "vertex 1 2", "solid x\n", "\n", "\r", "nan", ",5"];
    for _ in 0..1500 {
        let mut text = good.clone();
        for _ in 0..1 + (dice.roll() * 3.0) as usize {
            let from = (dice.roll() * text.len() as f64) as usize;
            let to = (from + (dice.roll() * 9.0) as usize).min(text.len());
            text.replace_range(from..to, parts[(dice.roll() * parts.len() as f64) as usize]);
        }
        let read = |length| {
            let raw = read_in_chunks(Source::from(text.as_bytes()), &LIMITS, length);
            raw.map(|raw| (raw.vertices, raw.triangles, raw.faults)).map_err(|e| e.to_string())
        };
        let whole = read(usize::MAX);
        for length in [1, 150, 700] {
            assert_eq!(read(length), whole, "{text}");
        }
    }
}
