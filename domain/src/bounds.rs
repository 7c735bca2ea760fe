//! Every bound of a recorded value, with its reason. The forms, the sync endpoint and the import all read them from
//! here.

/// Largest head count of one gathering. The largest free public events in a small municipality stay under this; a slip of
/// two digits does not.
pub const PARTICIPANTS_MAX: u32 = 100_000;
/// Largest number of volunteers (or staff) at one gathering.
pub const VOLUNTEERS_MAX: u32 = 10_000;
/// Quarter hours in a day: nobody helps for more than 24 hours of it.
pub const QUARTER_HOURS_PER_DAY: u32 = 96;
/// Shortest gathering, minutes.
pub const DURATION_MIN_MINUTES: u32 = 5;
/// Longest gathering, minutes: a camp of fourteen days.
pub const DURATION_MAX_MINUTES: u32 = 14 * 24 * 60;
/// Longest outing or camp, days.
pub const DAYS_MAX: u32 = 14;
/// Nights of the longest outing or camp.
pub const NIGHTS_MAX: u32 = DAYS_MAX - 1;
/// First day that a gathering can have: older books belong to an archive, and a phone with a lost clock says 1970.
pub const FIRST_YEAR: i16 = 2000;
/// Last year of a day that may lie ahead, such as the end of a group's break.
pub const LAST_YEAR: i16 = 2100;
/// A gathering may be one day ahead of the server's day, because a phone's midnight may be.
pub const DAYS_AHEAD_MAX: i32 = 1;
/// Characters of a place's name.
pub const PLACE_MAX_CHARS: usize = 80;
/// Characters of a note: two short sentences; longer texts invite names.
pub const NOTE_MAX_CHARS: usize = 500;
/// Characters of a series' name: two lines on a phone.
pub const SERIES_NAME_MAX_CHARS: usize = 60;
/// Deadlines of one association: more funders than any of them has.
pub const DEADLINES_MAX: usize = 20;
/// Breaks of one series: a summer and a Christmas for ten years.
pub const BREAKS_MAX: usize = 20;
/// Characters of an association's name and of its contact.
pub const ASSOCIATION_NAME_MAX_CHARS: usize = 120;
/// Characters of an association's own words about a part of its activity, in one language: four sentences. Of all nine texts 4 kB, half of
/// what one record may take.
pub const ABOUT_MAX_CHARS: usize = 400;
/// Characters of a reviewer's comment on a returned gathering.
pub const COMMENT_MAX_CHARS: usize = 300;
/// Characters of why a gathering of a closed period was changed: one sentence.
pub const REASON_MAX_CHARS: usize = 200;
/// Target groups, themes or funder tags of one record; there are 13 groups and 8 themes.
pub const CODES_MAX: usize = 13;
/// Characters of a funder's name in a tag.
pub const FUNDER_MAX_CHARS: usize = 40;
/// Different people in a year in one series.
pub const DISTINCT_PEOPLE_MAX: u32 = 100_000;
/// Characters of a nickname, by which an association calls its member: a first name, or two.
pub const NICKNAME_MAX_CHARS: usize = 40;
/// Characters of what an association calls a token for a program: "Vuositilasto, taulukkolaskenta".
pub const TOKEN_NAME_MAX_CHARS: usize = 60;
/// Longest life of such a token, days: whoever still needs it after two years says so again.
pub const TOKEN_DAYS_MAX: u32 = 730;
/// Its life where nobody says otherwise, days.
pub const TOKEN_DAYS_USUAL: u32 = 365;
/// Tokens of one association that are good at the same time: one for each program that a small association has, and some for trying.
pub const TOKENS_MAX: u32 = 20;
