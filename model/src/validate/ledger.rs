//! Collects faults while values are taken over; a bad value is replaced by a harmless one, so
//! that validation goes on and finds the rest.

use std::ops::RangeInclusive;

use crate::draft::Origin;
use crate::error::InputFault;
use crate::measure::{Money, Seconds};
use crate::order::{OrientationPolicy, QualityClass};
use crate::time::Time;

/// Longest id, characters: ids become names of files.
const ID_CHARS: usize = 100;
/// Greatest amount, minor units; a night sums fewer than a million of them in 64 bits.
const MOST_MONEY: i64 = 1_000_000_000_000;
/// Longest duration of one step, hours (more than a year).
const MOST_HOURS: f64 = 10_000.0;
/// How many known names a message lists at most.
const NAMES_LISTED: usize = 12;

/// The place of a value in its file.
#[derive(Clone, Debug)]
pub(super) struct Place {
    text: String,
    /// What stands before a field: `.` within JSON, `: ` after a row.
    joint: &'static str,
}

impl Place {
    pub(super) fn json(file: &str, path: &str) -> Self {
        Self { text: format!("{file}: {path}"), joint: "." }
    }

    pub(super) fn root(name: &str) -> Self {
        Self { text: name.to_owned(), joint: "." }
    }

    pub(super) fn origin(origin: &Origin) -> Self {
        Self { text: origin.place.clone(), joint: ": " }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        Self { text: format!("{}{}{name}", self.text, self.joint), joint: "." }
    }

    pub(super) fn item(&self, name: &str, index: usize) -> Self {
        self.field(&format!("{name}[{index}]"))
    }
}

/// The faults so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) faults: Vec<InputFault>,
}

impl Ledger {
    pub(super) fn add(&mut self, code: &str, place: &Place, message: impl Into<String>) {
        self.faults.push(InputFault::new(code, place.text.clone(), message));
    }

    /// A number within `range`; NaN is in no range. Gives the least value of the range instead.
    pub(super) fn number(&mut self, place: &Place, value: f64, range: RangeInclusive<f64>) -> f64 {
        let (least, most) = (*range.start(), *range.end());
        if range.contains(&value) {
            return value;
        }
        let rule = if value < least {
            format!("at least {}", figure(least))
        } else if value > most {
            format!("at most {}", figure(most))
        } else {
            "a number".to_owned()
        };
        self.add("E1013", place, format!("must be {rule}, is {}", figure(value)));
        least
    }

    /// A whole number within `range`.
    pub(super) fn whole(&mut self, place: &Place, value: f64, most: u32) -> Option<u32> {
        if !value.is_finite() || value.fract() != 0.0 {
            let message = format!("must be a whole number, is {}", figure(value));
            self.add("E1013", place, message);
            return None;
        }
        let before = self.faults.len();
        let value = self.number(place, value, 1.0..=f64::from(most));
        // Whole and within `1..=u32::MAX` by now, so that nothing is cut off.
        (self.faults.len() == before).then_some(value as u32)
    }

    /// An amount, never negative.
    pub(super) fn money(&mut self, place: &Place, amount: i64) -> Money {
        if !(0..=MOST_MONEY).contains(&amount) {
            let message = format!("must be from 0 to {MOST_MONEY} minor units, is {amount}");
            self.add("E1013", place, message);
        }
        Money(amount.clamp(0, MOST_MONEY))
    }

    /// A duration, rounded up to whole seconds.
    pub(super) fn hours(&mut self, place: &Place, hours: f64) -> Seconds {
        Seconds::ceil_from(self.number(place, hours, 0.0..=MOST_HOURS) * 3600.0 - 1e-6)
    }

    /// A duration, rounded up to whole seconds.
    pub(super) fn minutes(&mut self, place: &Place, minutes: f64) -> Seconds {
        Seconds::ceil_from(self.number(place, minutes, 0.0..=MOST_HOURS * 60.0) * 60.0 - 1e-6)
    }

    /// Whether `id` can be an id: ids become keys, list items in CSV and parts of file names.
    pub(super) fn id(&mut self, place: &Place, id: &str) -> bool {
        let rule = if id.trim().is_empty() {
            self.add("E1010", place, "must not be empty");
            return false;
        } else if id.chars().count() > ID_CHARS {
            format!("must have at most {ID_CHARS} characters, has {}", id.chars().count())
        } else if id.trim() != id {
            format!("must not begin or end with a space, is {id:?}")
        } else if id.contains("..") || id.contains(['/', '\\', ';']) {
            format!("must not contain '/', '\\', ';' or '..', is {id:?}")
        } else if id.chars().any(char::is_control) {
            format!("must not contain control characters, is {id:?}")
        } else {
            return true;
        };
        self.add("E1024", place, rule);
        false
    }

    /// A name out of `known`.
    pub(super) fn known<'a>(
        &mut self,
        place: &Place,
        name: &str,
        what: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> bool {
        if name.is_empty() {
            self.add("E1010", place, "must not be empty");
            return false;
        }
        let found = known.clone().any(|k| k == name);
        if !found {
            let names = listed(known);
            self.add("E1012", place, format!("must be a known {what} ({names}), is {name:?}"));
        }
        found
    }

    /// A choice by its name.
    pub(super) fn choice<T: Copy>(
        &mut self,
        place: &Place,
        name: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let found = choices.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
        if found.is_none() {
            let names = listed(choices.iter().map(|(n, _)| *n));
            self.add("E1014", place, format!("must be one of {names}, is {name:?}"));
        }
        found
    }

    pub(super) fn orientation(&mut self, place: &Place, name: &str) -> Option<OrientationPolicy> {
        let choices = [
            ("fixed", OrientationPolicy::Fixed),
            ("upright", OrientationPolicy::Upright),
            ("axis24", OrientationPolicy::Axis24),
            ("any", OrientationPolicy::Any),
        ];
        self.choice(place, name, &choices)
    }

    pub(super) fn quality(&mut self, place: &Place, name: &str) -> Option<QualityClass> {
        let choices = [
            ("draft", QualityClass::Draft),
            ("standard", QualityClass::Standard),
            ("fine", QualityClass::Fine),
        ];
        self.choice(place, name, &choices)
    }

    pub(super) fn time(&mut self, place: &Place, text: &str) -> Option<Time> {
        if text.is_empty() {
            self.add("E1010", place, "must not be empty, but a time like 2026-11-20T20:00:00Z");
            return None;
        }
        Time::parse(text).map_err(|message| self.add("E1015", place, message)).ok()
    }

    /// Reports a list without entries.
    pub(super) fn filled<T>(&mut self, place: &Place, list: &[T]) {
        if list.is_empty() {
            self.add("E1023", place, "must have at least one entry");
        }
    }
}

/// A number as people write it; no hundreds of digits.
fn figure(value: f64) -> String {
    if value.abs() < 1e15 && (value == 0.0 || value.abs() >= 1e-6) || !value.is_finite() {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    match names.len() {
        0 => "there is none".to_owned(),
        n if n > NAMES_LISTED => format!("{}, … {n} in all", names[..NAMES_LISTED].join(", ")),
        _ => names.join(", "),
    }
}
