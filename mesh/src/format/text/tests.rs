//! Tests of the scanning of text, against the standard library.

use super::*;
use crate::fixtures::Dice;

fn number(text: &str) -> Result<f64, Problem> {
    let mut cursor = Cursor::new(text.as_bytes(), b'\n');
    let x = cursor.number();
    assert!(x.is_err() || cursor.at_line_end(), "{text:?}");
    x
}

#[test]
fn numbers_are_those_of_the_standard_library() {
    let mut texts: Vec<String> = [
        "0",
        "-0",
        "+1",
        "1.",
        ".5",
        "-.5e3",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
        "123456789012345678",
        "9007199254740993",
        "9007199254740992",
        "1234567890123456789",
        "12345678901234567890",
        "99999999999999999999999",
        "0.000000000000000000001",
        "1e38",
        "3.4028235e38",
        "1E+05",
        "2.2250738585072011e-308",
        "5e-324",
        "1.7976931348623157e308",
        "0.1e1",
        "00012.5",
        "1e0001",
        "8.5e00000000000001",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut dice = Dice(9);
    for _ in 0..20_000 {
        let x = dice.between(-1.0, 1.0) * 10_f64.powf(dice.between(-40.0, 40.0));
        let digits = (dice.roll() * 20.0) as usize;
        texts.push(format!("{x}"));
        texts.push(format!("{x:.digits$e}"));
        texts.push(format!("{:.digits$}", x % 1e6));
    }
    for text in texts {
        let wanted: f64 = text.parse().unwrap();
        let found = number(&text).unwrap();
        assert_eq!(found.to_bits(), wanted.to_bits(), "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["", "-", ".", "e5", "1e", "1e+", "x", "1.2.3", "1f", "0x10", "--1", "1-2", "\\"] {
        assert!(matches!(number(text), Err(Problem::Syntax(_))), "{text:?}");
    }
    for text in
        ["nan", "NaN", "-nan", "nan(ind)", "inf", "-Infinity", "1.#QNAN", "-1.#IND", "1e999"]
    {
        assert_eq!(number(text), Err(Problem::NotFinite(text.to_owned())));
    }
}

#[test]
fn one_comma_is_decimal_and_all_else_is_ambiguous() {
    for (text, x) in [("1,5", 1.5), ("-0,25", -0.25), ("1,5e3", 1500.0), ("12,345", 12.345)] {
        assert_eq!(number(text), Ok(x));
    }
    for text in ["1,", ",5", "1,2,3", "1.000,5", "1,000.5", "1,e5", "1,-5", "1,5,"] {
        assert!(matches!(number(text), Err(Problem::Syntax(_))), "{text:?}");
    }
    let spelling = |text: &str| {
        let mut cursor = Cursor::new(text.as_bytes(), b'\n');
        while !cursor.rest().is_empty() {
            cursor.number().unwrap();
            cursor.skip_space();
        }
        cursor.spelling.decimal_comma()
    };
    assert!(!spelling("1.5 2").unwrap());
    assert!(spelling("1,5 2").unwrap());
    let error = spelling("1\n2,5\n3.5\n4,5").unwrap_err().to_string();
    assert!(error.starts_with("E2008: line 2: numbers with a comma"), "{error}");
}

#[test]
fn chunks_cover_the_text_and_begin_where_they_may() {
    let text = b"ab\n c\nab\nab\n\nab c\nx";
    for length in 0..30 {
        let found = chunks(text, b'\n', length, |_, next| next.starts_with(b"ab"));
        let whole: Vec<u8> = found.iter().flat_map(|r| text[r.clone()].to_vec()).collect();
        assert_eq!(whole, text);
        assert!(found.iter().all(|r| r.start == 0 || text[r.start..].starts_with(b"ab")));
        assert!(length >= 3 || found.len() == 4, "{length} {found:?}");
    }
    assert!(chunks(b"", b'\n', 5, |_, _| true).is_empty());
}

#[test]
fn line_ends_of_all_kinds_are_found() {
    assert_eq!(line_end(b"a\r\nb"), b'\n');
    assert_eq!(line_end(b"a\rb"), b'\r');
    assert_eq!(line_end(b"ab"), b'\n');
    let mut cursor = Cursor::new(b"1 \\\r\n 2\\\n3\n4", b'\n');
    let numbers: Vec<_> = (0..3).map(|_| cursor.number().unwrap()).collect();
    assert_eq!((numbers, cursor.line), (vec![1.0, 2.0, 3.0], 2));
    assert!(cursor.next_line() && !cursor.next_line());
}
