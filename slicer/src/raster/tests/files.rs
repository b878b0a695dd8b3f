//! PNG files, read by another decoder.

use super::super::{Depth, PngEncoder};
use super::*;
use crate::raster::runs::packed;

/// Bytes of the rows as the decoder of the `png` crate reads them.
fn decoded(file: &[u8]) -> (::png::OutputInfo, Vec<u8>) {
    let mut options = ::png::DecodeOptions::default();
    options.set_ignore_checksums(false);
    let mut decoder = ::png::Decoder::new_with_options(std::io::Cursor::new(file), options);
    decoder.set_transformations(::png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().expect("the header can be read");
    let mut bytes = vec![0; reader.output_buffer_size().expect("it fits into memory")];
    let info = reader.next_frame(&mut bytes).expect("the image can be read");
    reader.finish().expect("the file ends well");
    (info, bytes)
}

fn check_file(raster: &Raster) {
    let size = raster.size();
    let eight = PngEncoder::new(size, Depth::Eight).encode(raster).expect("it can be written");
    let (info, bytes) = decoded(&eight);
    assert_eq!([info.width, info.height], size);
    assert_eq!(
        (info.color_type, info.bit_depth),
        (::png::ColorType::Grayscale, ::png::BitDepth::Eight)
    );
    assert!(bytes == bitmap(raster), "pixels of 8 bits differ");
    let one = PngEncoder::new(size, Depth::One).encode(raster).expect("it can be written");
    let (info, bytes) = decoded(&one);
    assert_eq!(info.bit_depth, ::png::BitDepth::One);
    let wanted: Vec<u8> = (0..size[1])
        .flat_map(|y| {
            let row = pixels(raster, y);
            let byte =
                |eight: &[u8]| (0..).zip(eight).fold(0, |byte, (k, &v)| byte | (v & 128) >> k);
            row.chunks(8).map(byte).collect::<Vec<u8>>()
        })
        .collect();
    assert!(bytes == wanted, "pixels of 1 bit differ");
}

/// An image of random runs; some rows are empty, some as the row before.
fn random_raster(chance: &mut Chance, size: [u32; 2], longest: u32) -> Raster {
    let mut raster = Raster::default();
    raster.reset(size);
    let first = chance.below(size[1]);
    raster.go_to(first);
    let mut before = Vec::new();
    for _ in first..size[1] {
        if chance.below(4) == 0 {
            raster.end_row(0, 0);
            continue;
        }
        if chance.below(3) > 0 {
            before.clear();
            let (mut at, mut last) = (0, 256);
            while at < size[0] {
                let bound = 1 + chance.below(longest);
                let len = (1 + chance.below(bound)).min(size[0] - at);
                let value = [0, 255, chance.below(256)][chance.below(3) as usize];
                if value != last && (value != 0 || at + len < size[0]) {
                    before.push(packed(value as u8, len));
                    last = value;
                } else if value == last {
                    *before.last_mut().expect("there was one") += len << 8;
                }
                at += len;
            }
            if before.last().is_some_and(|run| run & 0xff == 0) {
                before.pop();
            }
        }
        raster.room(before.len()).copy_from_slice(&before);
        raster.end_row(before.len(), 0);
    }
    raster
}

#[test]
fn another_decoder_reads_random_runs() {
    let mut chance = Chance(1);
    for round in 0..300 {
        let size = [1 + chance.below(1 + 7 * round), 1 + chance.below(60)];
        let longest = [4, 40, 3000][chance.below(3) as usize];
        check_file(&random_raster(&mut chance, size, longest));
    }
}

#[test]
fn another_decoder_reads_great_and_empty_images() {
    let mut chance = Chance(2);
    for size in [[65_535, 9], [32_767, 20], [32_768, 20], [1, 65_535], [2400, 2400], [258, 259]] {
        check_file(&random_raster(&mut chance, size, 700));
        let mut empty = Raster::default();
        empty.reset(size);
        check_file(&empty);
    }
}

#[test]
fn another_decoder_reads_layers() {
    let mut chance = Chance(4);
    let round = region(&[&star(&mut chance, [4_000_000, 5_000_000], 3_000_000.0, 900)]);
    let upright = rectangle([7_000_000, 100], [9_000_000, 9_000_077]);
    for shade in [Shade::Grey, Shade::Centre] {
        let options = options([5000.0; 2], [2400, 2400], shade);
        let comb: Vec<(GridPoint, &Region)> =
            (0..30).map(|k| ([k * 40_000 - 6_900_000, 0], &upright)).collect();
        check_file(&raster(&layer(&[([0; 2], &round), ([0; 2], &upright)]), &options));
        check_file(&raster(&layer(&comb[..25]), &options));
    }
}

#[test]
fn empty_space_takes_few_bytes() {
    let mut raster = Raster::default();
    raster.reset([2400, 2400]);
    let file = PngEncoder::new([2400, 2400], Depth::Eight).encode(&raster).expect("it is small");
    assert!(file.len() < 6_200, "{} bytes", file.len());
}

#[test]
fn images_of_another_size_are_refused() {
    let mut raster = Raster::default();
    raster.reset([10, 10]);
    assert!(PngEncoder::new([10, 11], Depth::Eight).encode(&raster).is_err());
}
