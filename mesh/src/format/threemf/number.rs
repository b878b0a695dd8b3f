//! Decimal numbers from bytes: correctly rounded, without a detour for the usual ones.
//!
//! A decimal is `w · 10^e` with an integer `w`. Three ways, from fast to general:
//! `w ≤ 2^53` and `|e| ≤ 22`: both are exact as `f64`, so one operation rounds once (Clinger 1990).
//! `w < 2^64` and `−27 ≤ e < 0`: `w` times a reciprocal of `5^−e` to 128 bits, which is exact
//! enough unless the bits behind the mantissa are all ones or lie on a tie (the idea of Lemire
//! 2021, with a bound of its own below). All else is left to the standard library.

/// Powers of ten that are exact as `f64`.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// The greatest `k` with `5^k < 2^64`.
const FIVES: usize = 27;

/// `floor(2^b / 5^k)` with 128 bits, the first of them set, and `b`.
const RECIPROCALS: [(u128, u32); FIVES + 1] = {
    let mut table = [(0, 0); FIVES + 1];
    let mut five: u128 = 1;
    let mut k = 0;
    while k <= FIVES {
        table[k] = reciprocal(five);
        five *= 5;
        k += 1;
    }
    table
};

/// Long division of a power of two by `five`, until the quotient has 128 bits.
const fn reciprocal(five: u128) -> (u128, u32) {
    let (mut quotient, mut rest, mut b): (u128, u128, u32) = (0, 1, 0);
    loop {
        quotient <<= 1;
        if rest >= five {
            rest -= five;
            quotient |= 1;
        }
        if quotient >> 127 == 1 {
            return (quotient, b);
        }
        rest <<= 1;
        b += 1;
    }
}

/// The number at the front of `text` (`-1.5e-3`), and how many bytes it takes.
///
/// `None` where there is none of this form, where it is followed by what may belong to it, or
/// where it is too great for an `f64`; it is then for the caller to read it in another way.
pub(super) fn decimal(text: &[u8]) -> Option<(f64, usize)> {
    let mut at = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let negative = text.first() == Some(&b'-');
    let (mut w, first) = (0, at);
    at = digits(text, at, &mut w);
    let mut count = at - first;
    let mut exponent = 0_i32;
    if text.get(at) == Some(&b'.') {
        let fraction = at + 1;
        at = digits(text, fraction, &mut w);
        count += at - fraction;
        exponent = -i32::try_from(at - fraction).ok()?;
    }
    if count == 0 {
        return None;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1;
        let down = text.get(at) == Some(&b'-');
        at += usize::from(matches!(text.get(at), Some(b'-' | b'+')));
        let (mut e, from) = (0, at);
        at = digits(text, at, &mut e);
        // Four digits are beyond every `f64`; what zeros may stand before them is not for here.
        if at == from || at - from > 4 {
            return None;
        }
        exponent += if down { -(e as i32) } else { e as i32 };
    }
    // 19 digits always fit; `w` may have wrapped with more.
    let fast = if count <= 19 { rounded(w, exponent) } else { None };
    let value = match fast {
        Some(value) if negative => -value,
        Some(value) => value,
        None => std::str::from_utf8(&text[..at]).ok()?.parse().ok()?,
    };
    f64::is_finite(value).then_some((value, at))
}

/// The integer at the front of `text`, and how many bytes it takes.
pub(super) fn integer(text: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0;
    let mut at = 0;
    while let Some(d) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        value = value * 10 + u64::from(d);
        at += 1;
        if at > 10 {
            return None;
        }
    }
    (at > 0).then_some((u32::try_from(value).ok()?, at))
}

/// Appends the digits from `at` on to `w` (modulo 2^64); where they end.
fn digits(text: &[u8], mut at: usize, w: &mut u64) -> usize {
    while let Some(eight) = text.get(at..at + 8) {
        let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes were taken"));
        if !are_digits(eight) {
            break;
        }
        *w = w.wrapping_mul(100_000_000).wrapping_add(eight_digits(eight));
        at += 8;
    }
    while let Some(d) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        *w = w.wrapping_mul(10).wrapping_add(u64::from(d));
        at += 1;
    }
    at
}

/// Whether all eight bytes are digits.
fn are_digits(eight: u64) -> bool {
    let high = eight & 0xf0f0_f0f0_f0f0_f0f0;
    // A byte above '9' reaches the next sixteen when six is added.
    let carried = eight.wrapping_add(0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0;
    high == 0x3030_3030_3030_3030 && carried == high
}

/// The value of eight digits, the first in the lowest byte: pairs, fours, eight.
fn eight_digits(eight: u64) -> u64 {
    let v = eight & 0x0f0f_0f0f_0f0f_0f0f;
    let v = v.wrapping_mul(10).wrapping_add(v >> 8) & 0x00ff_00ff_00ff_00ff;
    let v = v.wrapping_mul(100).wrapping_add(v >> 16) & 0x0000_ffff_0000_ffff;
    v.wrapping_mul(10_000).wrapping_add(v >> 32) & 0xffff_ffff
}

/// `w · 10^exponent`, rounded to the nearest, ties to even; `None` where this is not sure here.
fn rounded(w: u64, exponent: i32) -> Option<f64> {
    if w <= 1 << 53 {
        match exponent {
            0..=22 => return Some(w as f64 * EXACT[exponent as usize]),
            -22..0 => return Some(w as f64 / EXACT[-exponent as usize]),
            _ if w == 0 => return Some(0.0),
            _ => {}
        }
    }
    let k = usize::try_from(-exponent).ok().filter(|k| (1..=FIVES).contains(k))?;
    let (reciprocal, b) = RECIPROCALS[k];
    let shift = w.leading_zeros();
    let wide = u128::from(w << shift);
    // The product has three limbs. The reciprocal is less than one too small, hence the product
    // less than 2^64: less than one unit of the middle limb.
    let low = wide * (reciprocal & u128::from(u64::MAX));
    let product = wide * (reciprocal >> 64) + (low >> 64);
    let (high, middle) = ((product >> 64) as u64, product as u64);
    // Both factors have their first bit set, so that the product has it in the first or second.
    let spare = 11 - high.leading_zeros();
    let behind = high & ((1 << spare) - 1);
    let half = 1 << (spare - 1);
    if middle == u64::MAX || (behind == half && middle == 0) {
        return None;
    }
    let up = behind > half || (behind == half && middle > 0);
    let mantissa = (high >> spare) + u64::from(up);
    // value = high · 2^128 / 2^shift / 2^b / 2^k, and high ≈ mantissa · 2^spare. A power of two
    // times a mantissa of at most 54 bits is exact; the exponent is far from both ends.
    let power = spare as i32 + 128 - shift as i32 - b as i32 - k as i32;
    Some(mantissa as f64 * f64::from_bits(((1023 + power) as u64) << 52))
}

#[cfg(test)]
mod tests;
