//! Files made to exhaust time or memory end early, with a reason.

use super::*;

const ITEM: &str = "<item objectid=\"1\"/>";

/// Objects 1 to `n`, each after the first made of `times` of the one before.
fn tower(n: u32, times: usize) -> String {
    (1..=n)
        .map(|i| match i {
            1 => object(1, TETRAHEDRON),
            i => {
                let inner = format!("<component objectid=\"{}\"/>", i - 1).repeat(times);
                object(i, &format!("<components>{inner}</components>"))
            }
        })
        .collect()
}

#[test]
fn cycles_and_deep_nests_are_refused() {
    let own = object(1, "<components><component objectid=\"1\"/></components>");
    assert!(message(&model("", &own, "<item objectid=\"1\"/>")).contains("made of itself"));
    let later =
        object(1, "<components><component objectid=\"2\"/></components>") + &object(2, TETRAHEDRON);
    let text = message(&model("", &later, "<item objectid=\"1\"/>"));
    assert!(text.contains("object 2, which is not defined before it"), "{text}");
    // A cycle through two parts.
    let there = |path: &str| {
        let inner = format!("<component objectid=\"1\" p:path=\"{path}\"/>");
        let object = object(1, &format!("<components>{inner}</components>"));
        model("", &object, "<item objectid=\"1\"/>")
    };
    let bytes = package(&[
        ("3D/3dmodel.model", &there("/3D/b.model")),
        ("3D/b.model", &there("/3D/3dmodel.model")),
    ]);
    let text = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(text.contains("made of itself"), "{text}");
    for (deep, good) in [(64, true), (65, false), (3000, false)] {
        let xml = model("", &tower(deep, 1), &format!("<item objectid=\"{deep}\"/>"));
        match read_one(&xml) {
            Ok(read) => assert!(good && read.mesh.triangles.len() == 4),
            Err(error) => assert!(!good && error.to_string().contains("64 deep"), "{deep}"),
        }
    }
}

/// 10⁵⁰ triangles in a few kilobytes are refused by counting, before any is put together.
#[test]
fn explosions_are_refused_before_they_happen() {
    let bytes = one(&model("", &tower(50, 10), "<item objectid=\"50\"/>"));
    let text = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(text.contains("used more than 1000000 times"), "{text}");
    assert!(read_3mf_items(&bytes, &LIMITS).is_err());
    // Few uses, but many triangles.
    let few = Limits { triangles: 1000, ..LIMITS };
    let bytes = one(&model("", &tower(4, 10), "<item objectid=\"4\"/>"));
    let text = read_model(&bytes, "a.3mf", None, &few).unwrap_err().to_string();
    assert!(text.contains("E2006") && text.contains("4000 triangles"), "{text}");
    let read = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap();
    assert_eq!(read.mesh.triangles.len(), 4000);
    // Many items of nothing but supports.
    let support = object(1, TETRAHEDRON).replace("\"model\"", "\"support\"");
    let items = "<item objectid=\"1\"/>".repeat(1_000_001);
    assert!(message(&model("", &support, &items)).contains("used more than 1000000 times"));
}

/// Copies that are stretched each have a mesh of their own; vertices that no triangle uses take
/// memory as well.
#[test]
fn copies_count_towards_the_limits() {
    let few = Limits { triangles: 10, ..LIMITS };
    let stretched = "<item objectid=\"1\" transform=\"2 0 0 0 1 0 0 0 1 0 0 0\"/>";
    let bytes = one(&model("", &object(1, TETRAHEDRON), &stretched.repeat(2)));
    assert_eq!(read_3mf_items(&bytes, &few).unwrap().len(), 2);
    let bytes = one(&model("", &object(1, TETRAHEDRON), &stretched.repeat(3)));
    let text = read_3mf_items(&bytes, &few).unwrap_err().to_string();
    assert!(text.contains("E2006"), "{text}");
    let idle = "<vertex x=\"1\" y=\"1\" z=\"1\"/>".repeat(30) + "</vertices>";
    let mesh = TETRAHEDRON.replace("</vertices>", &idle);
    let bytes = one(&model("", &object(1, &mesh), ITEM));
    let text = read_model(&bytes, "a.3mf", None, &few).unwrap_err().to_string();
    assert!(text.contains("34 vertices, more than the 30"), "{text}");
}

#[test]
fn endless_attributes_are_refused() {
    let many: String = (0..1_000_000).map(|i| format!(" a{i}=\"\"")).collect();
    let text = message(&model(&many, &object(1, TETRAHEDRON), ITEM));
    assert!(text.contains("more than 100 attributes"), "{text}");
}

#[test]
fn a_hundred_thousand_objects_are_read() {
    let n = 100_000;
    let objects: String = (1..=n).map(|i| object(i, TETRAHEDRON)).collect();
    let items: String = (1..=n).map(|i| format!("<item objectid=\"{i}\"/>")).collect();
    let bytes = one(&model("", &objects, &items));
    let read = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap();
    assert_eq!((read.mesh.triangles.len(), read.mesh.vertices.len()), (400_000, 4));
    let found = read_3mf_items(&bytes, &LIMITS).unwrap();
    assert_eq!(found.len(), n as usize);
}

#[test]
fn xml_that_is_cut_anywhere_is_refused() {
    let xml = model("", &object(1, TETRAHEDRON), "<item objectid=\"1\"/>");
    for cut in 0..xml.len() {
        let text = message(&xml[..cut]);
        assert!(text.starts_with("E20"), "cut at {cut}: {text}");
    }
    assert!(read_one(&xml).is_ok());
}

#[test]
fn deep_elements_and_endless_texts_are_refused() {
    let deep = "<x>".repeat(100);
    let resources = object(1, TETRAHEDRON) + &deep + &deep.replace('<', "</");
    let text = message(&model("", &resources, "<item objectid=\"1\"/>"));
    assert!(text.contains("64 deep"), "{text}");
    let attributes = format!("lang=\"{}\"", "x".repeat(20 << 20));
    let wide = Limits { inflation_ratio: 10_000, ..LIMITS };
    for xml in [
        model("", &object(1, TETRAHEDRON), &"x".repeat(20 << 20)),
        model("", &object(1, TETRAHEDRON), &format!("<!--{}-->", "x".repeat(20 << 20))),
        model(&attributes, &object(1, TETRAHEDRON), ""),
    ] {
        let text = read_model(&one(&xml), "a.3mf", None, &wide).unwrap_err().to_string();
        assert!(text.contains("is longer than"), "{text}");
    }
}

/// White space that inflates without end is refused by what comes out.
#[test]
fn bombs_are_refused() {
    let good = model("", &object(1, TETRAHEDRON), "<item objectid=\"1\"/>");
    let padded = good.replace("<build>", &format!("{}<build>", "\n".repeat(12 << 20)));
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in
        [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("3D/3dmodel.model", &padded)]
    {
        writer.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut writer, content.as_bytes()).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let text = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(text.contains("E2021") && text.contains("200 times"), "{text}");
    let loose = Limits { inflation_ratio: u64::MAX, ..LIMITS };
    assert!(read_model(&bytes, "a.3mf", None, &loose).is_ok());
    let small = Limits { inflation_ratio: u64::MAX, inflated_bytes: 1 << 20, ..LIMITS };
    let text = read_model(&bytes, "a.3mf", None, &small).unwrap_err().to_string();
    assert!(text.contains("E2021"), "{text}");
}

/// Damage to the archive is told as such, though the XML breaks first.
#[test]
fn damage_to_the_archive_is_told_before_what_follows_from_it() {
    let xml = model("", &object(1, TETRAHEDRON), "<item objectid=\"1\"/>");
    let mut bytes = one(&xml);
    let at = bytes.windows(9).rposition(|w| w == b"<triangle").unwrap();
    bytes[at + 3] = b'<';
    let text = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(text.contains("E2020") && text.contains("check sum"), "{text}");
}

#[test]
fn any_flipped_byte_gives_an_answer() {
    let xml = model("", &object(1, TETRAHEDRON), "<item objectid=\"1\"/>");
    for at in 0..xml.len() {
        for value in [b'<', b'"', b'&', 0, 0xff] {
            let mut changed = xml.clone().into_bytes();
            changed[at] = value;
            let members = [
                Member { name: "[Content_Types].xml", content: TYPES.as_bytes() },
                Member { name: "_rels/.rels", content: RELATIONS.as_bytes() },
                Member { name: "3D/3dmodel.model", content: &changed },
            ];
            let _ = read_model(&zip_of(&members).0, "a.3mf", None, &LIMITS);
        }
    }
}
