//! One gathering: a held or cancelled club meeting, outing or peer-support session, with its fields, bounds and rules.

use serde_json::{Value, json};

use crate::{
    Content, Date, FieldError, Problem, RecordId, bounds,
    codes::{ActivityForm, Municipality, TargetGroup, Theme},
    content::{self, Reader, put, put_codes},
    date,
};

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

closed_list! {
    /// How the heads were counted; STEA asks for it.
    CountBasis { Counted = "counted", Sample = "sample", Estimated = "estimated" }
}
closed_list! {
    /// A cancelled gathering counts as none, and its numbers are empty.
    Status { Held = "held", Cancelled = "cancelled" }
}
closed_list! {
    Mode { OnSite = "on_site", Remote = "remote", Both = "both" }
}
closed_list! {
    /// The language in which a gathering was held. `se` is any of the Sámi languages.
    GatheringLanguage { Fi = "fi", Sv = "sv", Se = "se", En = "en", Other = "other" }
}
closed_list! {
    Partner { Municipality = "municipality", Parish = "parish", County = "county", Association = "association", Company = "company", Other = "other" }
}

/// Names of the age bands on the wire, youngest first; the ninth is "not known".
pub const AGE_BANDS: [&str; 9] = ["0_6", "7_12", "13_17", "18_19", "20_28", "29_63", "64_74", "75", "unknown"];
/// Names of the genders on the wire; the fourth is "not known".
pub const GENDERS: [&str; 4] = ["women", "men", "other", "unknown"];

/// A funder and the year of its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunderTag {
    pub funder: String,
    pub year: i16,
}

/// What a series gives to its gatherings; copied when recorded, so that a later change of the series does not rewrite the past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    pub place: Option<String>,
    pub postal_code: Option<String>,
    /// Minutes.
    pub duration: Option<u32>,
    pub target_groups: Vec<TargetGroup>,
    pub themes: Vec<Theme>,
    /// Marked by the association itself.
    pub sensitive: bool,
    pub free: Option<bool>,
    pub open: Option<bool>,
    /// In premises that the municipality gives free of charge.
    pub municipal_premises: Option<bool>,
    pub language: Option<GatheringLanguage>,
    pub funders: Vec<FunderTag>,
}

/// The heads of a held gathering. A cancelled one has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// Volunteers are not included.
    pub participants: u32,
    pub first_timers: Option<u32>,
    pub digital_participants: Option<u32>,
    /// Residents of the municipality.
    pub residents: Option<u32>,
    /// By [`AGE_BANDS`]; sums to the participants.
    pub ages: Option<[u32; 9]>,
    /// By [`GENDERS`]; sums to the participants.
    pub genders: Option<[u32; 4]>,
    pub volunteers: u32,
    /// Quarter hours of all volunteers together, preparation included.
    pub volunteer_quarter_hours: u32,
    pub staff: Option<u32>,
    /// Quarter hours of all staff together.
    pub staff_quarter_hours: Option<u32>,
}

/// A gathering whose every field has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathering {
    pub series: Option<RecordId>,
    pub form: ActivityForm,
    /// Of an outing of several days, the first.
    pub date: Date,
    /// Minutes since midnight, local time.
    pub start: Option<u16>,
    pub municipality: Municipality,
    pub defaults: Defaults,
    /// None when cancelled.
    pub heads: Option<Heads>,
    pub basis: CountBasis,
    pub mode: Mode,
    pub days: Option<u32>,
    pub nights: Option<u32>,
    pub partner: Option<Partner>,
    pub note: Option<String>,
    /// Why it was changed after its period was closed ([`crate::period`]).
    pub changed_because: Option<String>,
}

/// Every field of a gathering's content that this version knows.
pub const FIELDS: &[&str] = &[
    "series",
    "form",
    "date",
    "start",
    "municipality",
    "place",
    "postal_code",
    "duration",
    "target_groups",
    "themes",
    "sensitive",
    "free",
    "open",
    "municipal_premises",
    "language",
    "funders",
    "participants",
    "first_timers",
    "digital_participants",
    "residents",
    "ages",
    "genders",
    "volunteers",
    "volunteer_quarter_hours",
    "staff",
    "staff_quarter_hours",
    "basis",
    "status",
    "mode",
    "days",
    "nights",
    "partner",
    "note",
    "changed_because",
];

/// Those that a cancelled gathering does not have.
pub(crate) const NUMBER_FIELDS: [&str; 10] = [
    "participants",
    "first_timers",
    "digital_participants",
    "residents",
    "ages",
    "genders",
    "volunteers",
    "volunteer_quarter_hours",
    "staff",
    "staff_quarter_hours",
];

impl Gathering {
    /// Checks every field; `today` is the reader's day in Helsinki and bounds the date.
    pub fn parse(content: &Content, today: Date) -> Result<Gathering, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let form = read.required("form", content::code(ActivityForm::parse));
        let date = read.required("date", content::day(today));
        let municipality = read.required("municipality", content::municipality);
        let status = read.optional("status", content::code(Status::parse)).unwrap_or(Status::Held);
        let days = read.optional("days", content::number(1, bounds::DAYS_MAX));
        let heads = match status {
            Status::Held => Heads::read(&mut read, days.unwrap_or(1)),
            Status::Cancelled => {
                if let Some(field) = NUMBER_FIELDS.into_iter().find(|field| read.has(field)) {
                    read.fail(field, Problem::NumbersOfCancelled);
                }
                None
            }
        };
        let series = read.optional("series", content::id(RecordId::parse));
        let start = read.optional("start", content::time_of_day);
        let defaults = Defaults::read(&mut read);
        let basis = read.optional("basis", content::code(CountBasis::parse)).unwrap_or(CountBasis::Counted);
        let mode = read.optional("mode", content::code(Mode::parse)).unwrap_or(Mode::OnSite);
        let nights = read.optional("nights", content::number(0, bounds::NIGHTS_MAX));
        let partner = read.optional("partner", content::code(Partner::parse));
        let note = read.optional("note", content::line(bounds::NOTE_MAX_CHARS));
        let changed_because = read.optional("changed_because", content::line(bounds::REASON_MAX_CHARS));
        let whole = form.zip(date).zip(municipality).map(|((form, date), municipality)| Gathering {
            series,
            form,
            date,
            start,
            municipality,
            defaults,
            heads,
            basis,
            mode,
            days,
            nights,
            partner,
            note,
            changed_because,
        });
        read.finish(whole)
    }

    /// The content that parses to this gathering.
    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "series", self.series.map(|id| id.to_string()));
        put(&mut out, "form", Some(self.form.code()));
        put(&mut out, "date", Some(date::iso(self.date)));
        put(&mut out, "start", self.start.map(content::clock));
        put(&mut out, "municipality", Some(self.municipality.code()));
        self.defaults.write(&mut out);
        match &self.heads {
            Some(heads) => heads.write(&mut out),
            None => put(&mut out, "status", Some(Status::Cancelled.code())),
        }
        put(&mut out, "basis", (self.basis != CountBasis::Counted).then(|| self.basis.code()));
        put(&mut out, "mode", (self.mode != Mode::OnSite).then(|| self.mode.code()));
        put(&mut out, "days", self.days);
        put(&mut out, "nights", self.nights);
        put(&mut out, "partner", self.partner.map(Partner::code));
        put(&mut out, "note", self.note.clone());
        put(&mut out, "changed_because", self.changed_because.clone());
        out
    }

    pub fn is_held(&self) -> bool {
        self.heads.is_some()
    }

    /// Whether taking part says something about health or life situation: by form, by target group, or as marked.
    pub fn is_sensitive(&self) -> bool {
        is_sensitive(self.form, &self.defaults)
    }
}

/// Protection rule 2: a form or target group marked so in the data, or a series that its association marks.
pub(crate) fn is_sensitive(form: ActivityForm, defaults: &Defaults) -> bool {
    defaults.sensitive || form.is_sensitive() || defaults.target_groups.iter().any(|group| group.is_sensitive())
}

impl Heads {
    fn read(read: &mut Reader<'_>, days: u32) -> Option<Heads> {
        let participants = read.required("participants", content::number(0, bounds::PARTICIPANTS_MAX));
        let of_participants = |read: &mut Reader<'_>, field| {
            let part = read.optional(field, content::number(0, bounds::PARTICIPANTS_MAX))?;
            match participants {
                Some(participants) if part > participants => {
                    read.fail(field, Problem::MoreThanParticipants { participants });
                    None
                }
                _ => Some(part),
            }
        };
        let first_timers = of_participants(read, "first_timers");
        let digital_participants = of_participants(read, "digital_participants");
        let residents = of_participants(read, "residents");
        let ages = breakdown(read, "ages", &AGE_BANDS, participants);
        let genders = breakdown(read, "genders", &GENDERS, participants);
        let people_hours = |read: &mut Reader<'_>, people_field, hours_field| {
            let people = read.optional(people_field, content::number(0, bounds::VOLUNTEERS_MAX));
            let most = people.unwrap_or(0) * bounds::QUARTER_HOURS_PER_DAY * days;
            (people, read.optional(hours_field, content::number(0, most)))
        };
        let (volunteers, volunteer_quarter_hours) = people_hours(read, "volunteers", "volunteer_quarter_hours");
        let (staff, staff_quarter_hours) = people_hours(read, "staff", "staff_quarter_hours");
        Some(Heads {
            participants: participants?,
            first_timers,
            digital_participants,
            residents,
            ages,
            genders,
            volunteers: volunteers.unwrap_or(0),
            volunteer_quarter_hours: volunteer_quarter_hours.unwrap_or(0),
            staff,
            staff_quarter_hours,
        })
    }

    fn write(&self, out: &mut Content) {
        put(out, "participants", Some(self.participants));
        put(out, "first_timers", self.first_timers);
        put(out, "digital_participants", self.digital_participants);
        put(out, "residents", self.residents);
        put(out, "ages", self.ages.map(|counts| named(&AGE_BANDS, &counts)));
        put(out, "genders", self.genders.map(|counts| named(&GENDERS, &counts)));
        put(out, "volunteers", Some(self.volunteers));
        put(out, "volunteer_quarter_hours", Some(self.volunteer_quarter_hours));
        put(out, "staff", self.staff);
        put(out, "staff_quarter_hours", self.staff_quarter_hours);
    }
}

/// A breakdown by name; names left out are zero, names that are not in the list are refused, and it sums to the participants.
fn breakdown<const N: usize>(
    read: &mut Reader<'_>,
    field: &'static str,
    names: &[&str; N],
    participants: Option<u32>,
) -> Option<[u32; N]> {
    let counts = read.optional(field, |value| {
        let given = value.as_object().ok_or(Problem::UnknownCode)?;
        let mut counts = [0; N];
        for (name, count) in given {
            let index = names.iter().position(|known| known == name).ok_or(Problem::UnknownCode)?;
            counts[index] = content::number(0, bounds::PARTICIPANTS_MAX)(count)?;
        }
        Ok(counts)
    })?;
    let sum: u32 = counts.iter().sum();
    match participants {
        Some(expected) if sum != expected => {
            read.fail(field, Problem::DoesNotSum { sum, expected });
            None
        }
        _ => Some(counts),
    }
}

fn named(names: &[&str], counts: &[u32]) -> Value {
    let given: Content = names
        .iter()
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| ((*name).to_owned(), Value::from(*count)))
        .collect();
    Value::Object(given)
}

impl Defaults {
    pub(crate) fn read(read: &mut Reader<'_>) -> Defaults {
        Defaults {
            place: read.optional("place", content::line(bounds::PLACE_MAX_CHARS)),
            postal_code: read.optional("postal_code", content::postal_code),
            duration: read
                .optional("duration", content::number(bounds::DURATION_MIN_MINUTES, bounds::DURATION_MAX_MINUTES)),
            target_groups: read.list("target_groups", content::code(TargetGroup::parse)),
            themes: read.list("themes", content::code(Theme::parse)),
            sensitive: read.optional("sensitive", content::yes_or_no).unwrap_or(false),
            free: read.optional("free", content::yes_or_no),
            open: read.optional("open", content::yes_or_no),
            municipal_premises: read.optional("municipal_premises", content::yes_or_no),
            language: read.optional("language", content::code(GatheringLanguage::parse)),
            funders: read.list("funders", funder_tag),
        }
    }

    pub(crate) fn write(&self, out: &mut Content) {
        put(out, "place", self.place.clone());
        put(out, "postal_code", self.postal_code.clone());
        put(out, "duration", self.duration);
        put_codes(out, "target_groups", self.target_groups.iter().map(|group| group.code()));
        put_codes(out, "themes", self.themes.iter().map(|theme| theme.code()));
        put(out, "sensitive", self.sensitive.then_some(true));
        put(out, "free", self.free);
        put(out, "open", self.open);
        put(out, "municipal_premises", self.municipal_premises);
        put(out, "language", self.language.map(GatheringLanguage::code));
        let funders: Vec<Value> =
            self.funders.iter().map(|tag| json!({"funder": tag.funder, "year": tag.year})).collect();
        put(out, "funders", (!funders.is_empty()).then_some(funders));
    }
}

fn funder_tag(value: &Value) -> Result<FunderTag, Problem> {
    let funder = content::line(bounds::FUNDER_MAX_CHARS)(value.get("funder").ok_or(Problem::Missing)?)?;
    let year = content::number(2000, 2100)(value.get("year").ok_or(Problem::Missing)?)?;
    Ok(FunderTag { funder, year: year as i16 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 21);

    fn club() -> Content {
        json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 14, "volunteers": 2,
               "volunteer_quarter_hours": 16})
        .as_object()
        .cloned()
        .expect("object")
    }

    fn with(field: &str, value: Value) -> Result<Gathering, Vec<FieldError>> {
        let mut content = club();
        content.insert(field.to_owned(), value);
        Gathering::parse(&content, TODAY)
    }

    fn problem(field: &str, value: Value) -> Problem {
        with(field, value).expect_err("a problem")[0].problem
    }

    #[test]
    fn a_club_meeting_is_read_and_written_back() {
        let gathering = Gathering::parse(&club(), TODAY).expect("valid");
        assert_eq!(gathering.to_content(), club());
        assert!(!gathering.is_sensitive());
    }

    #[test]
    fn out_of_range_numbers_name_their_field() {
        assert_eq!(problem("participants", json!(100_001)), Problem::TooLarge { max: 100_000 });
        assert_eq!(problem("participants", json!(-3)), Problem::TooSmall { min: 0 });
        assert_eq!(problem("volunteer_quarter_hours", json!(193)), Problem::TooLarge { max: 192 });
        assert_eq!(problem("first_timers", json!(15)), Problem::MoreThanParticipants { participants: 14 });
        assert_eq!(problem("duration", json!(4)), Problem::TooSmall { min: 5 });
        assert_eq!(problem("days", json!(15)), Problem::TooLarge { max: 14 });
    }

    #[test]
    fn hours_grow_with_the_days_of_an_outing() {
        let mut content = club();
        content.insert("days".into(), json!(2));
        content.insert("volunteer_quarter_hours".into(), json!(2 * 96 * 2));
        assert!(Gathering::parse(&content, TODAY).is_ok());
    }

    #[test]
    fn ages_sum_to_the_participants() {
        assert!(with("ages", json!({"75": 10, "64_74": 4})).is_ok());
        assert_eq!(problem("ages", json!({"75": 10})), Problem::DoesNotSum { sum: 10, expected: 14 });
        assert_eq!(problem("ages", json!({"old": 14})), Problem::UnknownCode);
    }

    #[test]
    fn unknown_codes_and_wrong_dates_are_refused() {
        assert_eq!(problem("form", json!("bingo")), Problem::UnknownCode);
        assert_eq!(problem("municipality", json!("999")), Problem::UnknownCode);
        assert_eq!(problem("date", json!("1890-01-01")), Problem::TooEarly);
        assert_eq!(problem("note", json!("x".repeat(501))), Problem::TooLong { max: 500 });
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let content = json!({"form": "x", "date": "y"}).as_object().cloned().expect("object");
        let fields: Vec<_> = Gathering::parse(&content, TODAY).expect_err("bad").iter().map(|e| e.field).collect();
        assert_eq!(fields, ["form", "date", "municipality", "participants"]);
    }

    #[test]
    fn a_cancelled_gathering_has_no_numbers() {
        assert_eq!(problem("status", json!("cancelled")), Problem::NumbersOfCancelled);
        let content = json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "status": "cancelled"});
        let gathering = Gathering::parse(content.as_object().expect("object"), TODAY).expect("valid");
        assert!(!gathering.is_held());
    }

    #[test]
    fn a_form_a_target_group_or_a_mark_makes_it_sensitive() {
        assert!(with("form", json!("vertaistuki")).expect("valid").is_sensitive());
        assert!(with("target_groups", json!(["mielenterveys"])).expect("valid").is_sensitive());
        assert!(with("sensitive", json!(true)).expect("valid").is_sensitive());
        assert!(!with("target_groups", json!(["ikaihmiset"])).expect("valid").is_sensitive());
    }
}
