//! What a schedule is made of, as the files of a pack hold it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::DateTime;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::clock::{Day, TimeOfDay};
use super::holidays::Holidays;
use crate::duration::DurationS;
use crate::id::{HolidaysId, PersonId, ScheduleId};

/// An on-call schedule: layers of rotations, of which the highest active priority decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The name by which the escalation policy refers to it.
    #[schemars(regex(pattern = "^[a-z0-9_-]{1,64}$"))]
    pub id: ScheduleId,
    /// The name that people read.
    pub name: String,
    /// IANA zone in which wall times of the layers are read, unless a layer names its own.
    pub zone: String,
    /// Certificates that everybody on call here must have, by the names that people are certified under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Who takes turns, and when. The order decides nothing but the order in which people are listed.
    #[schemars(length(min = 1))]
    pub layers: Vec<Layer>,
    /// Rosters that take the place of the layers one after the other, by ascending `effective_from`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<RosterVersion>,
    /// The holiday calendars that layers name. Not a part of the document: whoever compiles a pack puts them
    /// in with [`Schedule::with_calendars`].
    #[serde(skip)]
    pub calendars: BTreeMap<HolidaysId, Holidays>,
    /// Of what those on the schedule are told ahead; none: of nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notices: Option<Notices>,
}

/// A roster that takes effect later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterVersion {
    /// The wall time in the schedule's zone from which the change is wanted.
    #[schemars(with = "WallTime")]
    pub effective_from: DateTime,
    /// When the layers before it let go.
    #[serde(default)]
    pub rollout: Rollout,
    /// Who takes turns from then on.
    #[schemars(length(min = 1))]
    pub layers: Vec<Layer>,
}

/// When a new roster takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Rollout {
    /// At `effective_from` itself.
    #[default]
    AtOnce,
    /// When the shift that runs at `effective_from` ends.
    AfterThisShift,
    /// When the rotation that runs at `effective_from` has gone through all its slots, back to the first.
    AfterFullTurn,
}

/// Of what those on a schedule are told, without being paged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    /// How long before their duty begins people are reminded; a week and a day unless given.
    #[serde(default = "week_and_day")]
    pub before: Vec<DurationS>,
    /// Whether they are told when their duty begins and when it has ended.
    #[serde(default = "yes")]
    pub handoff: bool,
}

/// One rotation of people, restricted to the times at which it is active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// The name that people read, unique within the schedule.
    pub name: String,
    /// Higher wins. Where several active layers share the highest priority, all their people are on call.
    #[serde(default)]
    pub priority: i32,
    /// The layer's own IANA zone, for teams that follow the sun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Who takes turns.
    pub rotation: Rotation,
    /// The layer counts from this wall time on (a roster that takes effect later).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<WallTime>")]
    pub from: Option<DateTime>,
    /// The layer counts until this wall time (exclusive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<WallTime>")]
    pub until: Option<DateTime>,
    /// The times at which the layer is active; none given means always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active: Vec<Window>,
    /// Its people learn: they are told what the people on call are paged for, and are never counted as
    /// being on call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shadow: bool,
    /// Whether the layer counts on holidays only or on all other days only; goes with `calendar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<HolidayRule>,
    /// Which holidays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<HolidaysId>,
}

/// What holidays do to a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum HolidayRule {
    /// The layer counts on holidays only.
    Only,
    /// The layer does not count on holidays.
    Skip,
}

/// People who take turns, one slot after the other, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// The unit in which turns are counted.
    #[serde(default)]
    pub unit: Unit,
    /// A turn is this many units long.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub every: u32,
    /// The unit's length when `unit` is `custom`, on the wall clock; at least 15 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<DurationS>,
    /// Lengths of turns that follow each other over and over, on the wall clock, whoever's turn it is:
    /// `[4d, 3d]`. In the place of `unit`, `every` and `turn`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<DurationS>,
    /// Wall time at which the first slot's turn begins. Turns are counted backwards before it. May be left
    /// out where there is only one slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<WallTime>")]
    pub start: Option<DateTime>,
    /// Whether days on which the layer is never active consume turns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub advance: Advance,
    /// What a monthly rotation does in months that lack the day of `start`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub month_end: MonthEnd,
    /// The slots in the order of their turns.
    #[schemars(length(min = 1))]
    pub participants: Vec<Slot>,
}

/// The unit of a rotation's turns. All are wall-clock units: a day may have 23 or 25 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Unit {
    /// Hours on the wall clock.
    Hourly,
    /// Calendar days.
    Daily,
    /// Weeks of seven calendar days.
    #[default]
    Weekly,
    /// Calendar months.
    Monthly,
    /// The length that `turn` gives.
    Custom,
}

/// What moves a rotation on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Advance {
    /// Every unit of the calendar.
    #[default]
    Calendar,
    /// Only days on which an active window begins (daily rotations).
    Active,
    /// As the calendar, or by active days where turns are days; and each time that turns and weeks have come
    /// round together, the order moves on, so that everybody gets every hour of the week equally often.
    Fair,
}

/// What a monthly rotation does in a month that lacks the day of its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MonthEnd {
    /// Hands over on the month's last day.
    #[default]
    Clamp,
    /// Counts on into the next month: 31 February is 2 or 3 March.
    Overflow,
    /// Has no handoff in that month; the turn goes on.
    Skip,
}

/// One turn of a rotation: one person, several together, or deliberately nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// These people, together. Written as one name or as a list of names.
    People(Vec<PersonId>),
    /// A buffer in which this layer puts nobody on call. Written `NOBODY`.
    Nobody,
}

/// A span of the week in which a layer is active. It ends at the first `end` after its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The days on which it begins; none given means every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// The wall time at which it begins.
    pub start: TimeOfDay,
    /// The wall time at which it ends (exclusive). Not later than `start` means the next day: `22:00` to
    /// `06:00` crosses midnight, `09:00` to `09:00` lasts a day.
    pub end: TimeOfDay,
    /// The day on which it ends, for windows that last several days (Friday 17:00 to Monday 09:00).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_day: Option<Day>,
}

const NOBODY: &str = "NOBODY";

const fn yes() -> bool {
    true
}

fn week_and_day() -> Vec<DurationS> {
    vec![DurationS::from_hours(7 * 24), DurationS::from_hours(24)]
}

impl Default for Notices {
    fn default() -> Self {
        Self { before: week_and_day(), handoff: true }
    }
}

fn one() -> u32 {
    1
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Schedule {
    /// The schedule with those of the calendars that its layers name.
    #[must_use]
    pub fn with_calendars(mut self, calendars: &BTreeMap<HolidaysId, Holidays>) -> Self {
        let named: Vec<HolidaysId> = self.all_layers().filter_map(|layer| layer.calendar.clone()).collect();
        self.calendars =
            named.into_iter().filter_map(|id| Some((id.clone(), calendars.get(&id)?.clone()))).collect();
        self
    }

    /// The layers of every version, the first ones first.
    pub fn all_layers(&self) -> impl Iterator<Item = &Layer> {
        self.layers.iter().chain(self.versions.iter().flat_map(|version| &version.layers))
    }
}

impl Slot {
    /// A slot of one person.
    pub fn person(id: impl Into<PersonId>) -> Self {
        Self::People(vec![id.into()])
    }

    /// The people of the slot; empty for a buffer.
    pub fn people(&self) -> &[PersonId] {
        match self {
            Self::People(people) => people,
            Self::Nobody => &[],
        }
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nobody => serializer.serialize_str(NOBODY),
            Self::People(people) if people.len() == 1 => people[0].serialize(serializer),
            Self::People(people) => people.serialize(serializer),
        }
    }
}

impl JsonSchema for Slot {
    fn schema_name() -> Cow<'static, str> {
        "Slot".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One turn of a rotation: a person, several people together, or `NOBODY` for a \
                buffer in which this layer puts nobody on call.",
            "anyOf": [
                {"type": "string", "description": "A person's id, or `NOBODY`."},
                {"type": "array", "items": {"type": "string", "not": {"const": NOBODY}}},
            ],
        })
    }
}

/// How a [`DateTime`] is written in the files of a pack.
struct WallTime;

impl JsonSchema for WallTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WallTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$",
            "examples": ["2026-01-05T09:00"],
        })
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SlotVisitor)
    }
}

struct SlotVisitor;

impl<'de> de::Visitor<'de> for SlotVisitor {
    type Value = Slot;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a person, a list of people, or NOBODY")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Slot, E> {
        Ok(if text == NOBODY { Slot::Nobody } else { Slot::person(text) })
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Slot, A::Error> {
        let mut people = Vec::new();
        while let Some(person) = items.next_element::<PersonId>()? {
            if person.as_str() == NOBODY {
                return Err(de::Error::custom("NOBODY stands alone, not among people"));
            }
            people.push(person);
        }
        Ok(Slot::People(people))
    }
}
