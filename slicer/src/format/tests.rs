//! The registry, and archives of images.

use std::io::{Cursor, Read};
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::machine::LAYER_FORMATS;
use platewright_model::measure::Mm;
use platewright_model::run::RunContext;

use super::*;
use crate::build::Placed;
use crate::planes::Planes;
use crate::raster::Shade;
use crate::slicer::{BuildSlicer, SliceOptions};

fn tetrahedron() -> TriMesh {
    let corners = [[0.0, 0.0, 0.0], [9.0, 0.0, 0.0], [0.0, 8.0, 0.0], [1.0, 1.0, 3.0]];
    TriMesh {
        vertices: corners.map(Point3::from).to_vec(),
        triangles: vec![[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]],
    }
}

fn options(shade: Shade) -> FormatOptions {
    let raster = RasterOptions { shade, ..RasterOptions::new([0.05, 0.1], [400, 130]) };
    let name = "a part 7".to_owned();
    FormatOptions { name, raster: Some(raster), ..FormatOptions::default() }
}

fn write(format: &str, options: &FormatOptions, threads: usize) -> Vec<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let at = |x: f64| Pose { translation: [x, 1.0, 0.0], ..Pose::IDENTITY };
        let mesh = Arc::new(tetrahedron());
        let placed = [Placed::sound(Arc::clone(&mesh), at(0.5)), Placed::sound(mesh, at(9.73))];
        let planes = Planes::uniform(Mm(0.05), Mm(3.1)).unwrap();
        let slicer = BuildSlicer::new(&placed, &planes, &SliceOptions::default()).unwrap();
        let out = MemoryFile::default();
        let format = LayerFormat::named(format).unwrap();
        let writer = format.open(Box::new(out.clone()), slicer.stack(), options).unwrap();
        let ctx = RunContext::with_iterations(0, 0);
        let sliced = write_layers(&slicer, vec![writer], &ctx).unwrap();
        assert_eq!(sliced.facts.len(), 62);
        out.take()
    })
}

fn members(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..zip.len())
        .map(|k| {
            let mut member = zip.by_index(k).unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            (member.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn image(file: &[u8]) -> (png::BitDepth, Vec<u8>) {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    (info.bit_depth, bytes)
}

#[test]
fn a_png_stack_holds_every_layer() {
    let archive = write("png", &options(Shade::Grey), 2);
    let members = members(&archive);
    let (name, manifest) = members.last().unwrap();
    assert_eq!(name, "manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    assert_eq!(manifest["schema"], "platewright/png-stack/1");
    assert_eq!(manifest["bits"], 8);
    let layers = manifest["layers"].as_array().unwrap();
    assert_eq!(layers.len() + 1, members.len());
    for (layer, (name, file)) in layers.iter().zip(&members) {
        assert_eq!(layer["file"], name.as_str());
        let (depth, pixels) = image(file);
        assert_eq!((depth, pixels.len()), (png::BitDepth::Eight, 400 * 130));
        let sum: f64 = pixels.iter().map(|&v| f64::from(v) / 255.0).sum();
        let area = layer["area_mm2"].as_f64().unwrap();
        assert!((sum * 0.05 * 0.1 - area).abs() < 0.01, "{name}: {sum} pixels for {area} mm2");
    }
    assert!((layers[3]["top_mm"].as_f64().unwrap() - 0.2).abs() < 1e-12);
    let one = write("png", &options(Shade::Centre), 2);
    assert_eq!(image(&self::members(&one)[0].1).0, png::BitDepth::One);
}

#[test]
fn an_sl1_archive_has_what_readers_look_for() {
    let archive = write("sl1", &options(Shade::Grey), 2);
    let members = members(&archive);
    let text = |wanted: &str| {
        let (_, bytes) = members.iter().find(|(name, _)| name == wanted).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let (config, settings) = (text("config.ini"), text("prusaslicer.ini"));
    let value = |text: &str, key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        line.unwrap_or_else(|| panic!("{key} is missing")).to_owned()
    };
    let name = value(&config, "jobDir");
    assert_eq!(name, "a_part_7_");
    assert_eq!(value(&config, "layerHeight"), "0.05");
    assert_eq!(value(&config, "numFast"), "62");
    assert_eq!(value(&settings, "display_pixels_x"), "400");
    assert_eq!(value(&settings, "display_width"), "20");
    assert_eq!(value(&settings, "display_height"), "13");
    let (pictures, images): (Vec<_>, Vec<_>) = members
        .iter()
        .filter(|(name, _)| name.ends_with(".png"))
        .partition(|(name, _)| name.starts_with("thumbnail/"));
    assert_eq!(images.len(), 62);
    assert_eq!(pictures.len(), 2);
    for (picture, [width, height]) in pictures.into_iter().zip([[400.0, 400.0], [800.0, 480.0]]) {
        assert_eq!(picture.0, format!("thumbnail/thumbnail{width}x{height}.png"));
        let pixels = image(&picture.1).1;
        assert_eq!(pixels.len() as f64, width * height);
        // Seen from the front the two are triangles of 9 mm by 3 mm, together 18.23 mm wide.
        let lit = pixels.iter().filter(|&&grey| grey > 0).count() as f64;
        let wanted = 27.0 * (0.9 * width / 18.23).powi(2);
        assert!((lit / wanted - 1.0).abs() < 0.03, "{lit} pixels, not {wanted}");
        // They rise by three when they go back by one: Lambert's law for light from the left.
        let light = (0.7 + 0.5 / 3.0) / (10.0_f64 / 9.0 * 0.99).sqrt();
        let wanted = (40.0 + 208.0 * light) as u8 / 8 * 8;
        let so = pixels.iter().filter(|&&grey| grey == wanted).count() as f64;
        assert!(so > 0.95 * lit, "{so} of {lit} pixels are {wanted}");
    }
    for (k, (file, bytes)) in images.iter().enumerate() {
        assert_eq!(*file, format!("{name}{k:05}.png"));
        assert_eq!(image(bytes).0, png::BitDepth::Eight);
    }
    let volume: f64 = value(&config, "usedMaterial").parse().unwrap();
    // A third of the ground times the height, twice, ml.
    assert!((volume - 0.072).abs() < 1e-4, "{volume}");
}

#[test]
fn archives_are_the_same_on_any_number_of_threads() {
    for format in ["png", "sl1"] {
        let one = write(format, &options(Shade::Grey), 1);
        assert!(one == write(format, &options(Shade::Grey), 3), "{format}");
    }
}

#[test]
fn formats_of_images_need_their_options() {
    let planes = Planes::uniform(Mm(0.1), Mm(1.0)).unwrap();
    let slicer = BuildSlicer::new(&[], &planes, &SliceOptions::default()).unwrap();
    for format in ["png", "sl1"] {
        let format = LayerFormat::named(format).unwrap();
        let out = Box::<MemoryFile>::default();
        assert!(format.open(out, slicer.stack(), &FormatOptions::default()).is_err());
    }
    // SL1 has no place for layers of several thicknesses.
    let planes = Planes::tops(vec![0.1, 0.3]).unwrap();
    let slicer = BuildSlicer::new(&[], &planes, &SliceOptions::default()).unwrap();
    let open = LayerFormat::named("sl1").unwrap().open;
    assert!(open(Box::<MemoryFile>::default(), slicer.stack(), &options(Shade::Grey)).is_err());
}

#[test]
fn machines_may_take_every_format() {
    let mut names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    names.sort_unstable();
    assert_eq!(names, LAYER_FORMATS);
    let error = LayerFormat::named("goo").unwrap_err().to_string();
    assert!(error.contains("E7006") && error.contains("cli-ascii"), "{error}");
}
