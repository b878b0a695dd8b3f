//! Every number is the one the standard library reads.

use super::*;
use crate::fixtures::Dice;

/// Compares with the standard library, and asks for the whole text to be used.
fn same(text: &str) {
    let expected: f64 = text.parse().unwrap();
    match decimal(text.as_bytes()) {
        Some((value, used)) => {
            assert_eq!((value.to_bits(), used), (expected.to_bits(), text.len()), "{text}");
        }
        None => assert!(!expected.is_finite(), "{text}"),
    }
}

#[test]
fn random_numbers_are_those_of_the_standard_library() {
    let mut dice = Dice(11);
    for _ in 0..200_000 {
        let x = dice.between(-1.0, 1.0) * 10_f64.powi((dice.roll() * 40.0) as i32 - 20);
        same(&format!("{x}"));
        same(&format!("{x:e}"));
        same(&format!("{x:.3}"));
        same(&format!("{}", x as f32));
        same(&format!("{}", f64::from(x as f32)));
    }
}

#[test]
fn numbers_with_any_digits_are_those_of_the_standard_library() {
    let mut dice = Dice(12);
    for _ in 0..200_000 {
        let length = 1 + (dice.roll() * 24.0) as usize;
        let mut text: String =
            (0..length).map(|_| char::from(b'0' + (dice.roll() * 10.0) as u8)).collect();
        text.insert((dice.roll() * length as f64) as usize + 1, '.');
        same(&text);
        let e = (dice.roll() * 700.0) as i32 - 350;
        same(&format!("-{text}e{e}"));
    }
}

/// Numbers that lie on or next to the middle of two neighbours.
#[test]
fn ties_and_their_neighbours_are_rounded_right() {
    let mut dice = Dice(13);
    for _ in 0..100_000 {
        // x + half a unit is exact in decimal with few digits if x is small times a power of two.
        let k = 1 + (dice.roll() * 10.0) as i32;
        let mantissa = (1_u64 << 53) + 2 * (dice.roll() * 1e15) as u64 + 1;
        let digits = u128::from(mantissa) * 5_u128.pow(k as u32);
        for near in [digits - 1, digits, digits + 1] {
            let text = near.to_string();
            same(&format!("{text}e-{k}"));
            if text.len() > k as usize {
                let (whole, fraction) = text.split_at(text.len() - k as usize);
                same(&format!("{whole}.{fraction}"));
            }
        }
    }
    for text in ["9007199254740993", "9007199254740992.5", "1.7976931348623157e308", "5e-324"] {
        same(text);
    }
    for text in
        ["0.5000000000000000277555756156289135", "123456789012345678", "2.2250738585072011e-308"]
    {
        same(text);
    }
}

#[test]
fn what_is_no_number_is_left_alone() {
    for text in ["", "-", ".", "e5", "-.e1", "1e", "1e+", "nan", "inf", "1e400", "1e00001"] {
        assert_eq!(decimal(text.as_bytes()), None, "{text}");
    }
    for (text, value, used) in [
        ("1.5\"", 1.5, 3),
        ("-0.0 ", -0.0, 4),
        ("+7x", 7.0, 2),
        (".5,", 0.5, 2),
        ("12345678.", 12_345_678.0, 9),
        ("1e2e3", 100.0, 3),
    ] {
        let (found, length) = decimal(text.as_bytes()).unwrap();
        assert_eq!((found.to_bits(), length), (f64::to_bits(value), used), "{text}");
    }
}

#[test]
fn integers_end_where_digits_end() {
    assert_eq!(integer(b"0\""), Some((0, 1)));
    assert_eq!(integer(b"4294967295'"), Some((u32::MAX, 10)));
    for text in ["", "-1", "4294967296", "99999999999", "x"] {
        assert_eq!(integer(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn reciprocals_have_128_bits() {
    for (k, (reciprocal, _)) in RECIPROCALS.iter().enumerate() {
        assert_eq!(reciprocal.leading_zeros(), 0, "5^{k}");
    }
    assert_eq!(RECIPROCALS[0], (1 << 127, 127));
}
