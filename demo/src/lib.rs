//! Made-up associations with two years of plausible history, for trying the product out and for its screenshots.
//!
//! Pure: the same day gives the same plan, byte for byte. Whoever writes it into a database goes through the same doors as a
//! phone does. What is deliberately absent: names of people, business ids (every valid one may be somebody's) and telephone
//! numbers. The municipalities are real, because the code lists know no others; the villages and associations are not.
//!
//! This crate must never know the server, a database or a clock: it gets the day and returns records.

use domain::{AssociationId, Content, Date, RecordId};

mod association;
mod calendar;
mod heads;
mod home;
mod neighbours;
mod notes;
mod profile;
mod random;
mod review;

/// Siuntio: small, in two languages, and in a county with many neighbours.
pub const DEMO_MUNICIPALITY: &str = "755";
/// Where in the plan the association of the demo's volunteer and reviewer is. Its volunteer signs in as recorder 0.
pub const DEMO_ASSOCIATION: usize = 0;
/// Volunteers of each association who record.
pub const RECORDERS: usize = 3;

/// An association and all that it has recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedAssociation {
    pub id: AssociationId,
    pub content: Content,
    pub series: Vec<(RecordId, Content)>,
    /// Oldest first.
    pub gatherings: Vec<PlannedGathering>,
    pub yearly_people: Vec<(RecordId, Content)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PlannedGathering {
    pub id: RecordId,
    pub content: Content,
    /// Which of the association's volunteers recorded it, below [`RECORDERS`].
    pub recorder: usize,
    /// What the association said of it; none when it is still only recorded.
    pub review: Option<PlannedReview>,
}

/// A review of the gathering as it stands in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedReview {
    Approved,
    Returned { comment: &'static str },
}

/// The demo municipality's associations, and a few of its neighbours', with two years of history up to `today`.
pub fn plan(today: Date) -> Vec<PlannedAssociation> {
    let profiles = home::profiles().into_iter().chain(neighbours::profiles());
    profiles.enumerate().map(|(index, profile)| association::planned(index, &profile, today)).collect()
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeSet, HashSet},
        ops::RangeInclusive,
    };

    use domain::{Gathering, Kind, Month, codes::ActivityForm, date, personal, record::normalise};

    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 21);
    /// A Saturday, the first days of a month and of a year, a day in the summer break, and a leap day.
    const DAYS: [Date; 5] = [
        TODAY,
        Date::constant(2027, 1, 1),
        Date::constant(2026, 12, 2),
        Date::constant(2027, 7, 14),
        Date::constant(2028, 2, 29),
    ];
    /// Associations that do much less than the others, on purpose.
    const SMALL: [&str; 3] = ["Kipinäkehän Vertaiset ry", "Tyvenlammen Ongenkohot ry", "Ullakon Tarinankertojat ry"];
    const GATHERINGS_A_YEAR: RangeInclusive<usize> = 85..=160;
    const MEAN_VISITS: RangeInclusive<f64> = 14.0..=22.0;

    fn read(planned: &PlannedGathering, today: Date) -> Gathering {
        Gathering::parse(&planned.content, today).expect("a valid gathering")
    }

    /// The parsed gatherings of a plan, each with its place in the plan.
    fn all(plan: &[PlannedAssociation], today: Date) -> Vec<(usize, Gathering, Option<PlannedReview>)> {
        let each = |(index, association): (usize, &PlannedAssociation)| -> Vec<_> {
            association.gatherings.iter().map(|planned| (index, read(planned, today), planned.review)).collect()
        };
        plan.iter().enumerate().flat_map(each).collect()
    }

    #[test]
    fn the_same_day_gives_the_same_plan() {
        assert_eq!(plan(TODAY), plan(TODAY));
        assert_eq!(format!("{:?}", plan(TODAY)), format!("{:?}", plan(TODAY)));
    }

    #[test]
    fn tomorrow_tells_the_same_past() {
        let (today, tomorrow) = (plan(TODAY), plan(date::plus_days(TODAY, 1)));
        for (today, tomorrow) in today.iter().zip(&tomorrow) {
            let later: HashSet<_> = tomorrow.gatherings.iter().map(|planned| planned.id).collect();
            assert!(today.gatherings.iter().all(|planned| later.contains(&planned.id)));
            assert_eq!((today.id, &today.series), (tomorrow.id, &tomorrow.series));
        }
    }

    #[test]
    fn every_record_is_valid_and_in_its_normal_form() {
        for today in DAYS {
            let mut ids = HashSet::new();
            for association in plan(today) {
                assert!(ids.insert(association.id.uuid()));
                let mut check = |kind, id: Option<RecordId>, content: &Content| {
                    assert_eq!(normalise(kind, content, today).as_ref(), Ok(content));
                    assert!(id.is_none_or(|id| ids.insert(id.uuid()) && id.uuid().get_version_num() == 7), "{id:?}");
                };
                check(Kind::Association, None, &association.content);
                association.series.iter().for_each(|(id, content)| check(Kind::Series, Some(*id), content));
                association
                    .yearly_people
                    .iter()
                    .for_each(|(id, content)| check(Kind::YearlyPeople, Some(*id), content));
                association.gatherings.iter().for_each(|g| check(Kind::Gathering, Some(g.id), &g.content));
                assert!(association.gatherings.iter().all(|planned| planned.recorder < RECORDERS));
            }
        }
    }

    /// What associations write of two years, and no false alarm: at most one in two hundred would do.
    #[test]
    fn no_text_of_the_plan_is_taken_for_personal_data() {
        let plan = plan(TODAY);
        let (mut texts, mut alarms) = (0, Vec::new());
        let mut check = |kind, content: &Content| {
            texts += ["name", "note", "place"].iter().filter(|field| content.contains_key(**field)).count();
            alarms.extend(
                personal::in_new_texts(kind, content, &[]).into_iter().map(|error| content[error.field].clone()),
            );
        };
        for association in &plan {
            check(Kind::Association, &association.content);
            association.series.iter().for_each(|(_, content)| check(Kind::Series, content));
            association.gatherings.iter().for_each(|planned| check(Kind::Gathering, &planned.content));
        }
        assert!(texts > 1_000, "{texts} texts");
        assert_eq!(alarms, [""; 0]);
        let comments = notes::COMMENTS.iter().chain(notes::COMMENTS_SWEDISH).chain([&notes::HOURS_MISSING]);
        assert!(comments.into_iter().all(|comment| personal::find(comment).is_none()));
    }

    #[test]
    fn a_gathering_has_what_its_series_gives() {
        for association in plan(TODAY) {
            for planned in association.gatherings {
                let Some(series) = planned.content.get("series") else { continue };
                let of_id = |(id, _): &&(RecordId, Content)| *series == id.to_string();
                let (_, series) = association.series.iter().find(of_id).expect("a series of the same association");
                let this_year = planned.content["date"].as_str().is_some_and(|day| day.starts_with("2026"));
                for (field, value) in series {
                    let copied =
                        !matches!(field.as_str(), "name" | "weekday" | "breaks") && (field != "funders" || this_year);
                    assert!(!copied || planned.content.get(field) == Some(value), "{field}");
                }
            }
        }
    }

    #[test]
    fn every_activity_form_appears_and_some_are_missing_at_home() {
        let all = all(&plan(TODAY), TODAY);
        let forms: HashSet<_> = all.iter().map(|(_, gathering, _)| gathering.form).collect();
        assert_eq!(forms.len(), ActivityForm::all().len());
        let at_home = all.iter().filter(|(_, gathering, _)| gathering.municipality.code() == DEMO_MUNICIPALITY);
        let at_home: HashSet<_> = at_home.map(|(_, gathering, _)| gathering.form).collect();
        assert!(at_home.len() < forms.len());
    }

    #[test]
    fn an_ordinary_year_is_like_the_annual_reports() {
        for today in DAYS {
            let plan = plan(today);
            let all = all(&plan, today);
            for (index, association) in plan.iter().enumerate() {
                let name = association.content["name"].as_str().unwrap_or_default();
                for first in [Month::of(today).plus(-24), Month::of(today).plus(-12)] {
                    let months = first..first.plus(12);
                    let of_year = all.iter().filter(|(at, g, _)| *at == index && months.contains(&Month::of(g.date)));
                    let visits: Vec<_> = of_year.filter_map(|(_, g, _)| Some(g.heads.as_ref()?.participants)).collect();
                    let mean = f64::from(visits.iter().sum::<u32>()) / visits.len() as f64;
                    if SMALL.contains(&name) {
                        assert!((1..40).contains(&visits.len()), "{name} from {first}: {}", visits.len());
                    } else {
                        assert!(GATHERINGS_A_YEAR.contains(&visits.len()), "{name} from {first}: {}", visits.len());
                        assert!(MEAN_VISITS.contains(&mean), "{name} from {first}: {mean}");
                    }
                }
            }
        }
    }

    /// So that the coordinator sees a protected quarter beside shown ones, and neighbours of both kinds.
    #[test]
    fn sensitive_activity_is_done_by_one_association_alone_in_some_places_and_quarters() {
        let plan = plan(TODAY);
        let all = all(&plan, TODAY);
        let doing = |code: &str, quarter: u8| -> Vec<bool> {
            let here = |g: &Gathering| g.is_held() && g.is_sensitive() && g.municipality.code() == code;
            let doing = all.iter().filter(|(_, g, _)| here(g) && Month::of(g.date).quarter().number() == quarter);
            let doing: BTreeSet<_> = doing.map(|(index, _, _)| *index).collect();
            doing.into_iter().map(|index| plan[index].content.contains_key("shown_alone")).collect()
        };
        assert_eq!([1, 2, 3, 4].map(|quarter| doing(DEMO_MUNICIPALITY, quarter).len()), [4, 4, 1, 4]);
        for quarter in 1..=4 {
            assert_eq!((doing("149", quarter), doing("927", quarter)), (vec![false], vec![true]));
        }
    }

    #[test]
    fn nothing_is_held_after_today_or_more_than_two_years_ago() {
        for today in DAYS {
            for (_, gathering, _) in all(&plan(today), today) {
                assert!(gathering.date < today && Month::of(gathering.date).plus(24) >= Month::of(today));
            }
        }
    }

    #[test]
    fn the_demo_association_has_left_the_last_days_to_the_visitor() {
        for today in DAYS {
            let all = all(&plan(today), today);
            let newest = all.iter().filter(|(index, _, _)| *index == DEMO_ASSOCIATION).map(|(_, g, _)| g.date).max();
            assert!(newest.is_some_and(|newest| newest < date::plus_days(today, -3)), "{newest:?}");
        }
        let monday = plan(TODAY).swap_remove(DEMO_ASSOCIATION).series.swap_remove(0).1;
        assert_eq!(
            (&monday["name"], &monday["weekday"], &monday["start"]),
            (&"Maanantaikerho".into(), &0.into(), &"13:00".into())
        );
    }

    #[test]
    fn one_gathering_of_the_demo_association_came_back_to_its_volunteer() {
        for today in DAYS {
            let demo = plan(today).swap_remove(DEMO_ASSOCIATION);
            let returned: Vec<_> =
                demo.gatherings.iter().filter(|g| matches!(g.review, Some(PlannedReview::Returned { .. }))).collect();
            assert!(matches!(returned[..], [PlannedGathering { recorder: 0, .. }]), "{today}: {returned:?}");
            assert_eq!(returned[0].content["volunteer_quarter_hours"], 0);
        }
    }

    #[test]
    fn the_further_back_the_more_is_approved() {
        let all = all(&plan(TODAY), TODAY);
        let percent = |demo: bool, months_ago: RangeInclusive<i32>| {
            let ago = |day| Month::of(TODAY).index() - Month::of(day).index();
            let chosen = |at: usize, day| (at == DEMO_ASSOCIATION) == demo && months_ago.contains(&ago(day));
            let reviews: Vec<_> =
                all.iter().filter(|(at, g, _)| chosen(*at, g.date)).map(|(_, _, review)| review).collect();
            reviews.iter().filter(|review| ***review == Some(PlannedReview::Approved)).count() * 100 / reviews.len()
        };
        assert!((86..=94).contains(&percent(false, 3..=24)), "{}", percent(false, 3..=24));
        assert_eq!((percent(true, 2..=24), percent(true, 0..=0)), (100, 0));
        assert!((55..100).contains(&percent(true, 1..=1)), "{}", percent(true, 1..=1));
    }

    #[test]
    fn some_are_cancelled_some_estimated_and_some_say_who_came() {
        let plan = plan(TODAY);
        let all = all(&plan, TODAY);
        let share = |is: fn(&Gathering) -> bool| all.iter().filter(|(_, g, _)| is(g)).count() * 1_000 / all.len();
        assert!((20..=70).contains(&share(|g| !g.is_held())));
        assert!((20..=120).contains(&share(|g| g.basis.code() != "counted")));
        assert!((80..=300).contains(&share(|g| g.heads.as_ref().is_some_and(|heads| heads.ages.is_some()))));
        assert!((60..=200).contains(&share(|g| g.note.is_some())));
        assert!(share(|g| g.days.is_some()) > 0);
        assert!(plan.iter().any(|association| association.content.contains_key("no_activity")));
        assert!(plan.iter().any(|association| association.content.contains_key("shown_alone")));
    }
}
