//! What a person may be asked to carry. The limits are the product's: a roster is changed, not the rule.
//!
//! Sources. **WTD**: Directive 2003/88/EC on working time, articles 2, 3, 5 and 16. **SRE**: Google, *Site
//! Reliability Engineering*, chapter 11 (at most a quarter of the time on call). **HSE**: Health and Safety
//! Executive, *Managing shift work* (HSG256), good practice for the design of shifts. docs/coverage.md says
//! what each limit means for a roster.

/// A larger part of the time as the first to be paged is a warning (SRE).
pub const PRIMARY_SHARE_WARN_PERCENT: i64 = 25;
/// A larger part of the time as the first to be paged fails: three people cannot carry a duty (SRE, with
/// the eight people for one site that it derives).
pub const PRIMARY_SHARE_FAIL_PERCENT: i64 = 33;
/// Shares are counted over this many weeks, so that rotations of two, three, four and six weeks come out even.
pub const SHARE_WEEKS: i64 = 12;
/// Over fewer weeks than this a share says nothing.
pub const SHARE_WEEKS_LEAST: i64 = 4;
/// A week in which clocks go back is an hour longer, and that is nobody's fault.
pub const CLOCK_CHANGE_S: i64 = 3_600;

/// Rest between two duties, and from a page at night to the next duty (WTD, article 3).
pub const REST_S: i64 = 11 * 3_600;
/// The rest that ends a row of days: 24 hours and the daily rest (WTD, article 5).
pub const WEEKLY_REST_S: i64 = 24 * 3_600 + REST_S;
/// More days than this without a weekly rest are a warning (WTD, article 5; HSE: five to seven).
pub const DAYS_IN_A_ROW_WARN: usize = 7;
/// More days than this without a weekly rest fail (WTD, article 16: the longest reference period).
pub const DAYS_IN_A_ROW_FAIL: usize = 14;

/// The night begins at this hour of the person's wall clock (WTD, article 2: it holds midnight to 05:00).
pub const NIGHT_BEGINS_HOUR: i8 = 23;
/// The night ends at this hour of the person's wall clock.
pub const NIGHT_ENDS_HOUR: i8 = 7;
/// A night counts with this much duty in it (WTD, article 2: three hours of night time).
pub const NIGHT_DUTY_S: i64 = 3 * 3_600;
/// More nights than this in a row are a warning (HSE: two or three).
pub const NIGHTS_IN_A_ROW_WARN: usize = 3;
/// More nights than this in a row fail.
pub const NIGHTS_IN_A_ROW_FAIL: usize = 7;

/// A public holiday counts with this much duty between its midnights, on the person's clock.
pub const HOLIDAY_DUTY_S: i64 = 3 * 3_600;

/// A weekend counts with this much duty between Saturday 07:00 and Monday 00:00.
pub const WEEKEND_DUTY_S: i64 = 3 * 3_600;
/// More weekends than this of four in a row are a warning (HSE: free weekends at regular times).
pub const WEEKENDS_OF_FOUR_WARN: usize = 2;
/// More weekends than this of four in a row fail: there was none free.
pub const WEEKENDS_OF_FOUR_FAIL: usize = 3;
