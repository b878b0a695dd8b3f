//! Every rule of the specifications, broken once: the refusal names the place and the reason.

use super::*;
use crate::format::threemf::names::Space;
use platewright_model::stage::Severity;

const ITEM: &str = "<item objectid=\"1\"/>";
/// One group of each kind.
const GROUPS: &str = "<basematerials id=\"11\"><base name=\"PA 12\" displaycolor=\"#FFFFFF\"/>\
    <base name=\"TPU\" displaycolor=\"#00000080\"/></basematerials>\
    <m:texture2d id=\"12\" path=\"/3D/t.png\" contenttype=\"image/png\"/>\
    <m:texture2dgroup id=\"13\" texid=\"12\"><m:tex2coord u=\"0.5\" v=\"-1\"/></m:texture2dgroup>\
    <m:colorgroup id=\"14\"><m:color color=\"#00ff00\"/></m:colorgroup>\
    <m:compositematerials id=\"15\" matid=\"11\" matindices=\"0 1\">\
    <m:composite values=\"0.25 0.75\"/></m:compositematerials>\
    <m:multiproperties id=\"16\" pids=\"11 13 14\"><m:multi pindices=\"0 0\"/></m:multiproperties>";
const SLICES: &str = "<s:slicestack id=\"21\" zbottom=\"1\"><s:slice ztop=\"2\"><s:vertices>\
    <s:vertex x=\"0\" y=\"0\"/><s:vertex x=\"3\" y=\"0\"/><s:vertex x=\"0\" y=\"3\"/></s:vertices>\
    <s:polygon startv=\"0\"><s:segment v2=\"1\"/><s:segment v2=\"2\"/><s:segment v2=\"0\"/>\
    </s:polygon></s:slice><s:slice ztop=\"2.5\"/></s:slicestack>";

/// A good document with `from` replaced by `to`, read.
fn changed(good: &str, from: &str, to: &str) -> Result<crate::ReadModel, MeshError> {
    assert!(good.contains(from), "{from}");
    read_one(&good.replacen(from, to, 1))
}

fn check(good: &str, cases: &[(&str, &str, &str)]) {
    assert!(read_one(good).is_ok(), "{}", message(good));
    for (from, to, reason) in cases {
        let text = match changed(good, from, to) {
            Ok(_) => panic!("{from} → {to} is read"),
            Err(error) => error.to_string(),
        };
        assert!(text.contains(reason), "{from} → {to}: {text}");
        assert!(text.contains("E2030: 3d/3dmodel.model"), "{text}");
    }
}

#[test]
fn core() {
    let good = model("", &object(1, TETRAHEDRON), ITEM);
    check(
        &good,
        &[
            ("<resources>", "<metadata name=\"\">x</metadata><resources>", "without a name"),
            ("<resources>", "<metadata>x</metadata><resources>", "without a name"),
            (
                "<resources>",
                "<metadata name=\"a:B\"/><metadata name=\"a:B\"/><resources>",
                "a:B is there twice",
            ),
            ("</resources>", "</resources><resources/>", "resources is there twice"),
            ("</build>", "</build><build/>", "build is there twice"),
            ("type=\"model\"", "type=\"solid\"", "object type \"solid\""),
            ("<object id=\"1\"", "<object id=\"2147483648\"", "is no id"),
            ("<mesh>", "<mesh/><mesh>", "mesh is there twice"),
            ("<mesh>", "<components/><mesh>", "keep one"),
            ("<vertices>", "<vertices/><vertices>", "vertices is there twice"),
            ("<vertices>", "<triangles/><vertices>", "before the vertices"),
            (TETRAHEDRON, "", "no mesh and no components"),
            (TETRAHEDRON, "<components></components>", "none is there"),
            (TETRAHEDRON, "<mesh><vertices/><triangles/></mesh>", "0 vertices and 0 triangles"),
            (ITEM, "<item objectid=\"2\"/>", "object 2 is referred to"),
            (ITEM, "<item objectid=\"1\" p:UUID=\"1\"/>", "UUID \"1\" is none"),
            (ITEM, "<item objectid=\"1\" p:path=\"3D/b.model\"/>", "does not begin with /"),
            (ITEM, "<item objectid=\"1\" q:path=\"/3D/b.model\"/>", "prefix q is not declared"),
            ("<mesh>", "<mesh p:a=\"1\">", "attribute a of another name space"),
            ("<build>", "<build xml:space=\"preserve\">", "xml:space"),
            ("version=\"1.0\"", "version=\"1.0\" encoding=\"latin1\"", "written in latin1"),
            ("<build>", "<build><vertex x=\"1\" y=\"1\" z=\"1\"/>", "wrong place"),
            ("</model>", "</model><x/>", "the root is no 3MF model"),
            (" v1=\"0\" v2=\"2\"", " v1=\"0\" p2=\"2\" v2=\"2\"", "give pid"),
            (" v1=\"0\" v2=\"2\"", " v1=\"0\" pid=\"9\" v2=\"2\"", "pid=9 refers to nothing"),
            (" v1=\"0\" v2=\"2\"", " v1=\"0\" v1=\"0\" v2=\"2\"", "duplicate"),
        ],
    );
    assert!(message(&good.replace("<build><item objectid=\"1\"/></build>", "")).contains("build"));
    let other = object(1, TETRAHEDRON).replace("\"model\"", "\"other\"");
    let text = message(&model("", &other, ITEM));
    assert!(text.contains("object 1 of type other"), "{text}");
}

/// What is harmless, or of others, is read.
#[test]
fn what_is_not_known_is_ignored() {
    let good = model("", &object(1, TETRAHEDRON), ITEM);
    for (from, to) in [
        ("<resources>", "<metadata name=\"Unheard\">x</metadata><resources>"),
        ("<object", "<object paint=\"1\" o:paint=\"2\" xmlns:o=\"urn:o\""),
        (" v1=\"0\"", " paint_color=\"8\" v1=\"0\""),
        ("<build>", "<o:x xmlns:o=\"urn:o\"><o:object id=\"1\"/></o:x><build>"),
        ("<vertices>", "<vertices v:new=\"1\">"),
        ("</model>", "</model><!-- the end -->"),
    ] {
        let ignorable = "xmlns:v=\"urn:v\" mc:Ignorable=\"v\" \
            xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";
        let good = good.replace("xmlns:b", &format!("{ignorable} xmlns:b"));
        let read = changed(&good, from, to).unwrap();
        assert_eq!((read.mesh.triangles.len(), read.faults.len()), (4, 0), "{to}");
    }
    let read = changed(&good, "<mesh>", "<mirror/><mesh>").unwrap();
    assert!(read.faults[0].text.contains("\"mirror\" are not known"), "{:?}", read.faults);
}

#[test]
fn materials() {
    let pid = object(1, TETRAHEDRON).replace("id=\"1\"", "id=\"1\" pid=\"11\" pindex=\"1\"");
    let good = model("requiredextensions=\"m\"", &format!("{GROUPS}{pid}"), ITEM);
    check(
        &good,
        &[
            ("pid=\"11\" pindex=\"1\"", "pid=\"11\" pindex=\"2\"", "2 is out of range"),
            ("pid=\"11\" pindex=\"1\"", "pid=\"99\"", "pid=99 refers to nothing"),
            ("pid=\"11\" pindex=\"1\"", "pindex=\"0\"", "pindex without pid"),
            ("pid=\"11\" pindex=\"1\"", "pid=\"12\"", "refers to a picture"),
            ("object id=\"1\"", "object id=\"14\"", "id 14 is there twice"),
            ("colorgroup id=\"14\"", "colorgroup id=\"0\"", "is no id"),
            ("name=\"TPU\" ", "", "attribute name is missing"),
            ("displaycolor=\"#FFFFFF\"", "", "displaycolor is missing"),
            ("#00ff00", "#00ff0", "is no colour"),
            ("#00ff00", "00ff0000", "is no colour"),
            ("u=\"0.5\"", "", "attribute u is missing"),
            ("u=\"0.5\"", "u=\"inf\"", "u is inf"),
            ("path=\"/3D/t.png\"", "path=\"t.png\"", "does not name a part"),
            ("image/png", "image/gif", "contenttype"),
            ("texid=\"12\"", "texid=\"11\"", "no texture2d"),
            ("matid=\"11\"", "matid=\"14\"", "no basematerials"),
            ("matindices=\"0 1\"", "matindices=\"\"", "matindices is empty"),
            ("matindices=\"0 1\"", "matindices=\"0 2\"", "2 is out of range"),
            ("0.25 0.75", "0.2 0.2 0.6", "3 shares of 2"),
            ("0.25 0.75", "0.25 1.75", "no number from 0 to 1"),
            ("0.25 0.75", "", "without shares"),
            ("11 13 14", "", "pids is empty"),
            ("11 13 14", "11 15 14", "more than one group of materials"),
            ("11 13 14", "14 14", "more than one colorgroup"),
            ("11 13 14", "11 77", "pids=77 refers to nothing"),
            ("pindices=\"0 0\"", "pindices=\"0 0 0 0\"", "4 numbers for 3 layers"),
            ("v3=\"1\"", "v3=\"1\" p1=\"5\"", "5 is out of range: group 11 has 2"),
            ("v3=\"1\"", "v3=\"1\" pid=\"14\" p2=\"0\"", "without p1"),
        ],
    );
    let read = read_one(&good).unwrap();
    let texts: Vec<_> = read.faults.iter().map(|f| f.text.as_str()).collect();
    assert!(texts.iter().any(|t| t.contains("(PA 12, TPU)")), "{texts:?}");
    assert!(texts.iter().any(|t| t.contains("pictures of textures")), "{texts:?}");
    assert!(read.faults.iter().all(|f| f.severity == Severity::Note));
    for (from, to, told) in [
        ("11 13 14", "11 12 14", "pictures, not groups"),
        ("pindices=\"0 0\"", "pindices=\"0 7\"", "property that is not there"),
        ("11 13 14", "14 11", "not the first layer"),
        ("pid=\"11\" pindex=\"1\"", "", ""),
    ] {
        let read = changed(&good, from, to).unwrap();
        assert!(read.faults.iter().any(|f| f.text.contains(told)), "{to}: {:?}", read.faults);
    }
    let read =
        changed(&good.replace(" pid=\"11\" pindex=\"1\"", ""), "v3=\"1\"", "v3=\"1\" pid=\"14\"");
    let faults = read.unwrap().faults;
    assert!(faults.iter().any(|f| f.text.contains("none as default")), "{faults:?}");
}

#[test]
fn slices() {
    let sliced = object(1, TETRAHEDRON).replace("id=\"1\"", "id=\"1\" s:slicestackid=\"21\"");
    let good =
        model("requiredextensions=\"s\" unit=\"centimeter\"", &format!("{SLICES}{sliced}"), ITEM);
    check(
        &good,
        &[
            ("ztop=\"2.5\"", "ztop=\"2\"", "ztop 2 is not above 2"),
            ("ztop=\"2\"", "ztop=\"0.5\"", "ztop 0.5 is not above 1"),
            ("ztop=\"2\"", "ztop=\"nan\"", "ztop is NaN"),
            ("startv=\"0\"", "startv=\"3\"", "vertex 3 of a slice is out of range"),
            ("<s:segment v2=\"0\"/>", "", "does not close"),
            ("<s:segment v2=\"1\"/>", "<s:segment v2=\"0\"/>", "to itself"),
            (
                "<s:slice ztop=\"2.5\"/>",
                "<s:sliceref slicestackid=\"1\" slicepath=\"/a\"/>",
                "keep one",
            ),
            ("slicestackid=\"21\"", "slicestackid=\"22\"", "refers to nothing"),
            ("slicestack id=\"21\"", "slicestack id=\"0\"", "is no id"),
            ("s:slicestackid", "s:meshresolution=\"low\" s:slicestackid", "no fullres or lowres"),
            (
                ITEM,
                "<item objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 2 0 0 0\"/>",
                "turn it about z",
            ),
        ],
    );
    let bytes = one(&good);
    let found = read_3mf_slices(&bytes, &LIMITS).unwrap();
    let [stack] = &found[..] else { panic!("one stack, not {found:?}") };
    assert_eq!((stack.object, stack.bottom_mm), (1, 10.0));
    assert_eq!(stack.slices[0].top_mm, 20.0);
    assert_eq!(stack.slices[0].polygons, [[[0.0, 0.0], [30.0, 0.0], [0.0, 30.0]]]);
    assert_eq!((stack.slices[1].top_mm, stack.slices[1].polygons.len()), (25.0, 0));
    let rough = good.replace("s:slicestackid", "s:meshresolution=\"lowres\" s:slicestackid");
    let faults = read_one(&rough).unwrap().faults;
    assert!(faults.iter().any(|f| f.text.contains("rough picture")), "{faults:?}");
    let free = rough.replace("requiredextensions=\"s\"", "");
    assert!(message(&free).contains("require it"));
    // Open polygons are for supports.
    let support = good.replace("<s:segment v2=\"0\"/>", "").replace("\"model\"", "\"surface\"");
    assert!(read_one(&support).is_ok());
}

#[test]
fn slices_of_other_parts() {
    let there = |resources: &str| model("", resources, "");
    let stack = |path: &str, id: u32| {
        let own = object(1, TETRAHEDRON).replace("id=\"1\"", "id=\"1\" s:slicestackid=\"5\"");
        let reference = format!("<s:sliceref slicestackid=\"{id}\" slicepath=\"{path}\"/>");
        let stack =
            format!("<s:slicestack id=\"5\" zbottom=\"1\">{reference}{reference}</s:slicestack>");
        model("", &(stack + &own), ITEM)
    };
    let read = |root: &str, far: &str| {
        let bytes = package(&[("3D/3dmodel.model", root), ("2D/a.model", far)]);
        read_3mf_slices(&bytes, &LIMITS).map_err(|error| error.to_string())
    };
    let twice = stack("/2D/a.model", 21);
    assert!(read(&twice, &there(SLICES)).unwrap_err().contains("slices must rise"));
    let first = twice.find("<s:sliceref").unwrap();
    let second = twice.rfind("<s:sliceref").unwrap();
    let once = twice[..first].to_owned() + &twice[second..];
    assert_eq!(read(&once, &there(SLICES)).unwrap()[0].slices.len(), 2);
    let missing = once.replace("slicestackid=\"21\"", "slicestackid=\"23\"");
    assert!(read(&missing, &there(SLICES)).unwrap_err().contains("23 of \"/2D/a.model\" is not"));
    let own = once.replace("/2D/a.model", "/3D/3dmodel.model");
    assert!(read(&own, &there(SLICES)).unwrap_err().contains("refers to its own part"));
    let on = "<s:slicestack id=\"21\"><s:sliceref slicestackid=\"5\" \
        slicepath=\"/3D/3dmodel.model\"/></s:slicestack>";
    assert!(read(&once, &there(on)).unwrap_err().contains("refers on"));
    let open = SLICES.replace("<s:segment v2=\"0\"/>", "");
    assert!(read(&once, &there(&open)).unwrap_err().contains("does not close"));
}

#[test]
fn shapes_of_extensions_are_told_and_the_rest_is_read() {
    let beams = "<b:beamlattice minlength=\"1\"><b:beams><b:beam v1=\"0\" v2=\"1\"/></b:beams>\
        </b:beamlattice></mesh>";
    let both = object(1, &TETRAHEDRON.replace("</mesh>", beams));
    for (required, severity) in [("", Severity::Warning), ("b", Severity::Error)] {
        let attributes = format!("requiredextensions=\"{required}\"");
        let read = read_one(&model(&attributes, &both, ITEM)).unwrap();
        assert_eq!(read.mesh.triangles.len(), 4);
        let [told] = &read.faults[..] else { panic!("{:?}", read.faults) };
        assert_eq!((told.severity, told.count), (severity, 1));
        assert!(told.text.contains("beam lattices are not read"), "{}", told.text);
    }
    let vertices = &TETRAHEDRON[..TETRAHEDRON.find("<triangles>").unwrap()];
    let only = object(1, &format!("{vertices}{beams}"));
    assert!(message(&model("requiredextensions=\"b\"", &only, ITEM)).contains("E2031"));
    assert!(message(&model("", &only, ITEM)).contains("E2012"));
    for (part, name) in [
        ("3dmanufacturing/booleanoperations/2023/07", "boolean shapes"),
        ("3dmanufacturing/displacement/2023/10", "displaced surfaces"),
        ("3dmanufacturing/volumetric/2022/01", "volumetric shapes"),
        ("3dmanufacturing/implicit/2023/12", "implicit shapes"),
    ] {
        let address = format!("http://schemas.3mf.io/{part}");
        assert_eq!(Space::of(&address), Space::Shape(name));
        let shape = object(2, &format!("<o:shape xmlns:o=\"{address}\"/>"));
        let xml =
            model("", &(shape + &object(1, TETRAHEDRON)), &format!("{ITEM}<item objectid=\"2\"/>"));
        let read = read_one(&xml).unwrap();
        assert_eq!(read.mesh.triangles.len(), 4);
        assert!(read.faults.iter().any(|f| f.text.contains(name)), "{:?}", read.faults);
    }
}

#[test]
fn supports_are_left_out() {
    for kind in ["support", "other"] {
        let helper = object(2, TETRAHEDRON).replace("\"model\"", &format!("\"{kind}\""));
        let parts =
            "<components><component objectid=\"1\"/><component objectid=\"2\"/></components>";
        // The type of an object that is made of others says nothing.
        let whole = object(3, parts).replace("\"model\"", "\"support\"");
        let xml = model("", &(object(1, TETRAHEDRON) + &helper + &whole), "<item objectid=\"3\"/>");
        let read = read_one(&xml).unwrap();
        assert_eq!(read.mesh.triangles.len(), 4, "{kind}");
        assert!(read.faults[0].text.contains("supports and helper"), "{:?}", read.faults);
    }
}

#[test]
fn encrypted_parts_are_refused_with_the_reason() {
    let root = model("", "", "<item objectid=\"1\" p:path=\"/3D/secret.model\"/>");
    let bytes = package(&[("3D/3dmodel.model", &root), ("3D/secret.model", "%3McF\u{1}\0\0")]);
    let text = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(text.contains("3d/secret.model, line 1: is encrypted (secure content)"), "{text}");
}

#[test]
fn packages_around_the_model() {
    let xml = model("", &object(1, TETRAHEDRON), ITEM);
    let with = |types: &str, relations: &str| {
        let members = [
            Member { name: "[Content_Types].xml", content: types.as_bytes() },
            Member { name: "_rels/.rels", content: relations.as_bytes() },
            Member { name: "3D/3dmodel.model", content: xml.as_bytes() },
        ];
        read_model(&zip_of(&members).0, "a.3mf", None, &LIMITS).map_err(|e| e.to_string())
    };
    let relation = |attributes: &str| {
        RELATIONS.replace("</Rel", &format!("<Relationship {attributes} Id=\"x\"/></Rel"))
    };
    let thumbnail =
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail";
    for (attributes, reason) in [
        (format!("Type=\"{MODEL_TYPE}\" Target=\"/3D/b.model\""), "E2023"),
        (format!("Type=\"{MODEL_TYPE}\" Target=\"/3D/3dmodel.model\""), "more than one 3D model"),
        (format!("Type=\"{thumbnail}\" Target=\"/t.png\""), "which is not in the package"),
        ("Type=\"x\" Target=\"http://a/b\"".to_owned(), "outside of the package"),
        ("Type=\"x\" Target=\"/a\" TargetMode=\"External\"".to_owned(), "outside of the package"),
        ("Target=\"/a\"".to_owned(), "without Type"),
        ("Type=\"x\"".to_owned(), "without Target"),
    ] {
        let text = with(TYPES, &relation(&attributes)).unwrap_err();
        assert!(text.contains(reason), "{attributes}: {text}");
    }
    let read = with(TYPES, &relation("Type=\"x\" Target=\"/a\"")).unwrap();
    assert!(read.faults[0].text.contains("not in the package"));
    assert!(with("<Types/>", RELATIONS).unwrap().faults[0].text.contains("content type"));
    assert!(with("<Types>", RELATIONS).unwrap_err().contains("cut off"));
    assert!(with("<!DOCTYPE a><Types/>", RELATIONS).unwrap_err().contains("DTD"));
    let bare = [Member { name: "3D/3dmodel.model", content: xml.as_bytes() }];
    let text = read_model(&zip_of(&bare).0, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(text.contains("_rels/.rels"), "{text}");
}
