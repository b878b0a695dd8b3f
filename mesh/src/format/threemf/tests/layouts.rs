//! The fast path gives exactly what quick-xml gives, however the elements are written.

use super::*;
use crate::fixtures::Dice;
use crate::format::threemf::parser::read_with;

/// Picks one.
fn any<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    of[(dice.roll() * of.len() as f64) as usize]
}

/// A number, written in one of many ways; some are none.
fn number(dice: &mut Dice) -> String {
    let x = dice.between(-50.0, 50.0);
    match (dice.roll() * 14.0) as u32 {
        0 => format!("{x:.0}"),
        1 => format!("{x:.2}"),
        2 => format!("{x:e}"),
        3 => format!("{:E}", x / 1e9),
        4 => format!("{x:.30}"),
        5 => format!("+{}", x.abs()),
        6 => format!(" {x}\t"),
        7 => format!("{}", x as f32),
        8 if dice.roll() < 0.005 => "1e999".to_owned(),
        9 if dice.roll() < 0.005 => "1,5".to_owned(),
        10 => format!("&#x3{};.5", (dice.roll() * 10.0) as u32),
        11 => ".5".to_owned(),
        _ => format!("{x}"),
    }
}

/// A tag with attributes in any order, with any quotes and spaces.
fn tag(dice: &mut Dice, name: &str, attributes: &[(&str, String)]) -> String {
    const SPACES: [&str; 5] = [" ", "  ", "\n", "\t ", "\r\n"];
    let mut left: Vec<_> = attributes.iter().collect();
    let mut text = format!("<{name}");
    while !left.is_empty() {
        let (key, value) = left.remove((dice.roll() * left.len() as f64) as usize);
        let quote = any(dice, &["\"", "'"]);
        let equals = if dice.roll() < 0.03 { " = " } else { "=" };
        text += &format!("{}{key}{equals}{quote}{value}{quote}", any(dice, &SPACES));
    }
    text += any(dice, &["", "", " ", "\n"]);
    text + &if dice.roll() < 0.05 { format!("></{name}>") } else { "/>".to_owned() }
}

/// What may stand between two elements.
fn between(dice: &mut Dice) -> &'static str {
    const ALL: [&str; 12] = [
        "",
        "",
        "",
        "\n",
        "  ",
        "\r\n\t",
        "\n",
        "",
        "<!-- <vertex x='1' y='2' z='3'/> -->",
        "<![CDATA[<triangle/>]]>",
        "&amp;",
        "<?note?>",
    ];
    any(dice, &ALL)
}

fn document(dice: &mut Dice) -> String {
    let prefix = any(dice, &["", "", "c:"]);
    let vertices = 4 + (dice.roll() * 300.0) as usize;
    let mut body = String::new();
    for _ in 0..vertices {
        let mut list: Vec<_> = ["x", "y", "z"].iter().map(|k| (*k, number(dice))).collect();
        if dice.roll() < 0.02 {
            list.push(("o:other", "1".to_owned()));
        }
        if dice.roll() < 0.001 {
            list.push(("x", "1".to_owned()));
        }
        if dice.roll() < 0.001 {
            list.pop();
        }
        body += &tag(dice, &format!("{prefix}vertex"), &list);
        body += between(dice);
    }
    body += &format!("</{prefix}vertices><{prefix}triangles>");
    for _ in 0..(1.0 + dice.roll() * 600.0) as usize {
        let index = |dice: &mut Dice| (dice.roll() * vertices as f64) as usize;
        let mut list: Vec<_> =
            ["v1", "v2", "v3"].iter().map(|k| (*k, index(dice).to_string())).collect();
        if dice.roll() < 0.3 {
            list.push(("pid", if dice.roll() < 0.999 { "5" } else { "6" }.to_owned()));
            list.push(("p1", if dice.roll() < 0.999 { "1" } else { "2" }.to_owned()));
        }
        if dice.roll() < 0.0005 {
            list[0].1 = vertices.to_string();
        }
        if dice.roll() < 0.0005 {
            list[1].1 = "-1".to_owned();
        }
        body += &tag(dice, &format!("{prefix}triangle"), &list);
        body += between(dice);
    }
    format!(
        "<model xmlns=\"{CORE}\" xmlns:c=\"{CORE}\" xmlns:o=\"urn:other\"><resources>\
         <basematerials id=\"5\"><base name=\"a\" displaycolor=\"#000000\"/>\
         <base name=\"b\" displaycolor=\"#000000\"/></basematerials>\
         <object id=\"1\" pid=\"5\" pindex=\"0\"><mesh><{prefix}vertices>{}{body}\
         </{prefix}triangles></mesh></object></resources><build><item objectid=\"1\"/></build>\
         </model>",
        between(dice)
    )
}

#[test]
fn fast_path_equals_the_slow_one_on_random_layouts() {
    let mut dice = Dice(3);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..400 {
        let xml = document(&mut dice);
        let bytes = one(&xml);
        let members = ZipMembers::open(&bytes, &LIMITS).unwrap();
        let read = |fast| read_with(&members, "3D/3dmodel.model", &LIMITS, fast);
        match (read(true), read(false)) {
            (Ok(fast), Ok(slow)) => {
                let (fast, slow) = (&fast.objects[&1], &slow.objects[&1]);
                let bits =
                    |v: &[[f64; 3]]| -> Vec<_> { v.iter().map(|p| p.map(f64::to_bits)).collect() };
                assert_eq!(bits(&fast.vertices), bits(&slow.vertices));
                assert_eq!(fast.triangles, slow.triangles);
                assert_eq!(fast.lacks_default, slow.lacks_default);
                good += 1;
            }
            (Err(fast), Err(slow)) => {
                assert_eq!(fast.to_string(), slow.to_string());
                bad += 1;
            }
            (fast, slow) => panic!("{:?} but {:?}", fast.err(), slow.err()),
        }
    }
    assert!(good > 100 && bad > 50, "{good} good, {bad} bad");
}

/// Elements that lie across the edge of the window, wherever it falls.
#[test]
fn windows_end_anywhere() {
    for pad in (0..200).chain([1100, 70_000, 131_000, 140_000, 300_000]) {
        let spaces = " ".repeat(pad);
        let vertices: String =
            (0..3000).map(|i| format!("<vertex x=\"{i}\" y=\"0.1\" z=\"-7.25\"/>\n")).collect();
        let triangles: String = (0..2998)
            .map(|i| format!("<triangle v1=\"{i}\" v2=\"{}\" v3=\"{}\"/>", i + 1, i + 2))
            .collect();
        let mesh = format!(
            "<mesh><vertices>{spaces}{vertices}</vertices><triangles>{triangles}\
             </triangles></mesh>"
        );
        let xml = model("", &object(1, &mesh), "<item objectid=\"1\"/>");
        let bytes = one(&xml);
        let members = ZipMembers::open(&bytes, &LIMITS).unwrap();
        let part = read_with(&members, "3D/3dmodel.model", &LIMITS, true).unwrap();
        let object = &part.objects[&1];
        assert_eq!((object.vertices.len(), object.triangles.len()), (3000, 2998));
        assert_eq!(object.vertices[2999], [2999.0, 0.1, -7.25]);
        assert_eq!(object.triangles[2997], [2997, 2998, 2999]);
    }
}
