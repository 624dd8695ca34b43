//! Days of the calendar: when a suppression ends, and which day it is.

use std::fmt;
use std::str::FromStr;

/// A day; the later the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, in UTC, that lies this many seconds after the beginning of 1970.
    pub fn from_unix_time(seconds: u64) -> Date {
        let mut days = seconds / 86_400;
        let mut year = 1970;
        while days >= days_of_year(year) && year < 9999 {
            days -= days_of_year(year);
            year += 1;
        }
        let mut month = 1;
        while month < 12 && days >= u64::from(days_of_month(year, month)) {
            days -= u64::from(days_of_month(year, month));
            month += 1;
        }
        let day = days.min(u64::from(days_of_month(year, month)) - 1) as u8 + 1;
        Date { year, month, day }
    }
}

impl FromStr for Date {
    type Err = String;

    /// A day as ISO 8601 and TOML write it: `2026-12-31`.
    fn from_str(text: &str) -> Result<Date, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str, width: usize| {
            let is_number = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { part.parse::<u16>().ok() } else { None }
        };
        let read = match parts.as_slice() {
            [year, month, day] => number(year, 4).zip(number(month, 2)).zip(number(day, 2)),
            _ => None,
        };
        let date = read.map(|((year, month), day)| Date { year, month: month as u8, day: day as u8 });
        let exists =
            |it: &Date| (1..=12).contains(&it.month) && (1..=days_of_month(it.year, it.month)).contains(&it.day);
        date.filter(exists).ok_or_else(|| format!("`{text}` is no day such as 2026-12-31"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_798_761_599, "2026-12-31"),
            (1_798_761_600, "2027-01-01"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(Date::from_unix_time(seconds).to_string(), day, "{seconds}");
        }
        assert_eq!(Date::from_unix_time(u64::MAX).to_string(), "9999-12-31");
    }

    #[test]
    fn only_days_that_exist_are_read() {
        for text in ["2026-12-31", "2024-02-29", "0001-01-01"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-01T00:00:00", "", "+026-01-01"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2026-12-31".parse::<Date>().unwrap() < "2027-01-01".parse::<Date>().unwrap());
    }
}
