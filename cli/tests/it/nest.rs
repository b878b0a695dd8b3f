//! Laying out instances.

use crate::tool::{platewright, text};

const INSTANCE: &str = r#"{"name": "five", "strip_height": 4.01, "items": [
    {"demand": 3, "allowed_orientations": [0.0, 180.0],
     "shape": {"type": "simple_polygon", "data": [[0, 0], [2, 0], [0, 2]]}},
    {"demand": 2, "allowed_orientations": [0.0],
     "shape": {"type": "simple_polygon", "data": [[0, 0], [2, 0], [2, 1], [0, 1]]}}]}"#;

#[test]
fn a_layout_is_verified_and_written() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("five.json");
    std::fs::write(&instance, INSTANCE).expect("the instance can be written");
    let lay = |out: &str| {
        let out = folder.path().join(out);
        let args = ["nest", text(&instance), "--out", text(&out), "--iterations", "300", "--json"];
        let said = platewright(&args).ends(0).json();
        let read = |name: &str| std::fs::read(out.join(name)).expect("it was written");
        assert!(read("layout.svg").starts_with(b"<svg"));
        assert!(read("trace.parquet").starts_with(b"PAR1"));
        (said, read("layout.json"))
    };
    let (said, layout) = lay("one");
    assert_eq!(said["valid"], true);
    assert_eq!(said["placed"], 5);
    let (length, bound) = (said["length"].as_f64(), said["bound"].as_f64());
    // Areas of 3 times 2 and 2 times 2 over the height.
    assert_eq!(bound, Some(10.0 / 4.01));
    assert!(length >= bound && length <= Some(4.01), "{length:?}");
    assert_eq!(layout, lay("two").1, "the same seed gives the same bytes");
}

#[test]
fn an_instance_of_no_use_is_told() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let instance = folder.path().join("low.json");
    let out = folder.path().join("out");
    let args = ["nest", text(&instance), "--out", text(&out)];
    std::fs::write(&instance, INSTANCE.replace("4.01", "0.5")).expect("it can be written");
    let said = platewright(&args).ends(4);
    assert!(said.err.contains("E4004") && said.err.contains("item 0"), "{}", said.err);
    std::fs::write(&instance, "{}").expect("it can be written");
    assert!(platewright(&args).ends(4).err.contains("E1002"));
}
