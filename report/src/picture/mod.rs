//! Shaded pictures of builds: one rasteriser, two cameras.

mod camera;
mod canvas;
mod encode;
mod palette;
mod scene;

pub use camera::Camera;
pub use canvas::Canvas;
pub use encode::{Rgb, png_bytes};
pub use palette::{css, order_colour};
pub use scene::{View, draw_build};
