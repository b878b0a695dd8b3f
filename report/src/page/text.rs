//! Numbers, times and text as a person reads them.

use platewright_model::measure::{Money, Seconds};
use platewright_model::time::Time;

/// Why writing to a `String` is expected to succeed.
pub(super) const INTO_MEMORY: &str = "writing into memory cannot fail";

/// Escapes text for HTML content and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// An amount with its currency, thousands apart: `EUR 12 345.60`.
pub(super) fn money(amount: Money, currency: &str) -> String {
    let sign = if amount.0 < 0 { "−" } else { "" };
    let cents = amount.0.unsigned_abs();
    format!("{} {sign}{}.{:02}", escape(currency), grouped(cents / 100), cents % 100)
}

/// A whole number, thousands apart by a thin space.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(c);
    }
    out
}

/// A duration: `2 d 3 h`, `3 h 20 min`, `4 min`.
pub(super) fn duration(seconds: Seconds) -> String {
    let minutes = (seconds.0 + 59) / 60;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest} min"),
        (0, _) => format!("{hours} h {rest:02} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// A point in time: `Fri 20 Nov 20:00`.
pub(super) fn moment(time: Time) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = time.to_string();
    let (weekday, _) = time.weekday_and_second();
    let month = iso.get(5..7).and_then(|m| m.parse::<usize>().ok()).unwrap_or(1);
    let month = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or("?");
    let day = iso.get(8..10).unwrap_or("??");
    let clock = iso.get(11..16).unwrap_or("??");
    format!("{} {day} {month} {clock}", DAYS[weekday])
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}\u{2009}%", 100.0 * share)
}

/// The first eight digits of a UUID: enough to tell units of a night apart by eye.
pub(super) fn short(id: &impl std::fmt::Display) -> String {
    id.to_string().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_shows_cents_and_groups_thousands() {
        assert_eq!(money(Money(1_234_560), "EUR"), "EUR 12\u{2009}345.60");
        assert_eq!(money(Money(-5), "EUR"), "EUR −0.05");
    }

    #[test]
    fn times_read_like_a_calendar() {
        let time = Time::parse("2026-11-20T20:00:00Z").expect("a valid time");
        assert_eq!(moment(time), "Fri 20 Nov 20:00");
        assert_eq!(duration(Seconds(3 * 3600 + 61)), "3 h 02 min");
        assert_eq!(duration(Seconds(50 * 3600)), "2 d 2 h");
    }

    #[test]
    fn text_cannot_break_out_of_its_place() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }
}
