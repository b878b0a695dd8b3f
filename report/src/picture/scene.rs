//! A build as a picture: its parts shaded in their colours, its volume as a frame.

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;
use platewright_model::geometry::{BoxMm, BuildVolume, Pose, VolumeShape};

use super::camera::corners;
use super::{Camera, Canvas, Rgb, png_bytes};

/// From where a build is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// From the front right: volumes.
    Shaded,
    /// Straight down: plates.
    Top,
}

const BACKGROUND: Rgb = [0.965, 0.970, 0.976];
const PLATE: Rgb = [0.870, 0.885, 0.900];
const FRAME: Rgb = [0.42, 0.47, 0.53];
const EXCLUDED: Rgb = [0.78, 0.62, 0.60];

/// Draws a build as a PNG `width × height`.
///
/// `parts` are meshes in their own frames with pose and colour. The picture shows the whole
/// plate and, from the side, the volume up to `top` mm.
pub fn draw_build(
    volume: &BuildVolume,
    parts: &[(&TriMesh, Pose, Rgb)],
    top: f64,
    view: View,
    (width, height): (usize, usize),
) -> Vec<u8> {
    let [x, y, z] = volume.size();
    let scene = BoxMm { min: [0.0; 3], max: [x, y, top.clamp(1.0, z)] };
    // Twice the size, halved at the end: smooth edges.
    let (w, h) = (2 * width, 2 * height);
    let camera = match view {
        View::Shaded => Camera::from_front_right(&scene, w, h, 16.0),
        View::Top => Camera::from_above(&scene, w, h, 16.0),
    };
    let mut canvas = Canvas::new(w, h, BACKGROUND);
    draw_plate(&mut canvas, &camera, volume);
    let light = light(&camera);
    for (mesh, pose, colour) in parts {
        draw_mesh(&mut canvas, &camera, &light, mesh, pose, *colour);
    }
    canvas.outline(1.5);
    if view == View::Shaded {
        draw_frame(&mut canvas, &camera, &scene);
    }
    let (width, height, pixels) = canvas.halved();
    png_bytes(width, height, &pixels)
}

/// Light from over the viewer's left shoulder.
fn light(camera: &Camera) -> Vector3<f64> {
    (camera.towards_viewer() + Vector3::new(-0.45, -0.2, 0.75)).normalize()
}

fn draw_mesh(
    canvas: &mut Canvas,
    camera: &Camera,
    light: &Vector3<f64>,
    mesh: &TriMesh,
    pose: &Pose,
    colour: Rgb,
) {
    let viewer = camera.towards_viewer();
    let posed: Vec<Point3<f64>> =
        mesh.vertices.iter().map(|v| Point3::from(pose.apply((*v).into()))).collect();
    for triangle in &mesh.triangles {
        let [a, b, c] = triangle.map(|v| posed[v as usize]);
        let normal = (b - a).cross(&(c - a));
        let length = normal.norm();
        if length <= 0.0 || normal.dot(&viewer) <= 0.0 {
            continue;
        }
        let shade = (0.42 + 0.62 * (normal.dot(light) / length).max(0.0)) as f32;
        canvas.triangle([a, b, c].map(|p| camera.project(p)), colour.map(|v| v * shade));
    }
}

fn draw_plate(canvas: &mut Canvas, camera: &Camera, volume: &BuildVolume) {
    // A hair below z = 0, so that parts on the plate hide it.
    let at = |x: f64, y: f64| camera.project(Point3::new(x, y, -0.01));
    match volume.shape {
        VolumeShape::Box { x, y, .. } => {
            let (x, y) = (x.0, y.0);
            canvas.triangle([at(0.0, 0.0), at(x, 0.0), at(x, y)], PLATE);
            canvas.triangle([at(0.0, 0.0), at(x, y), at(0.0, y)], PLATE);
        }
        VolumeShape::Cylinder { diameter, .. } => {
            let r = diameter.0 / 2.0;
            let rim = |i: usize| {
                let angle = i as f64 / 96.0 * std::f64::consts::TAU;
                at(r + r * angle.cos(), r + r * angle.sin())
            };
            for i in 0..96 {
                canvas.triangle([at(r, r), rim(i), rim(i + 1)], PLATE);
            }
        }
    }
    for excluded in &volume.excluded {
        let mut flat = *excluded;
        flat.max[2] = flat.min[2].max(0.0);
        let [a, b, d, c, ..] = corners(&flat).map(|p| camera.project(p));
        canvas.triangle([a, b, c], EXCLUDED);
        canvas.triangle([a, c, d], EXCLUDED);
    }
}

fn draw_frame(canvas: &mut Canvas, camera: &Camera, scene: &BoxMm) {
    let corner = corners(scene).map(|p| camera.project(p));
    for i in 0..8_usize {
        for axis in 0..3 {
            let j = i | 1 << axis;
            if j != i {
                canvas.line(corner[i], corner[j], FRAME, 0.55);
            }
        }
    }
}
