//! PNG out.

/// Red, green, blue, each 0–1.
pub type Rgb = [f32; 3];

/// Encodes `width × height` pixels, rows from the top, as a PNG without time stamps.
///
/// # Panics
/// If `pixels` does not hold `width · height` colours.
pub fn png_bytes(width: usize, height: usize, pixels: &[Rgb]) -> Vec<u8> {
    assert_eq!(pixels.len(), width * height, "a picture has width × height pixels");
    let bytes: Vec<u8> =
        pixels.iter().flat_map(|c| c.map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8)).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&bytes))
        .expect("writing a well-formed picture into memory cannot fail");
    out
}
