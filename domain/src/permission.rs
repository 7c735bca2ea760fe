//! Permissions: who may do what. The screens and the server call the same function.

pub mod people;
pub mod scope;

use serde_json::Value;

use crate::{
    AssociationId, Content, Kind, RecordId, Series,
    own_page::{self, SHOWN, Showing},
    period,
    yearly_people::{self, YearlyPeople},
};

/// What a user is in one association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Volunteer,
    Reviewer,
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Role::Volunteer => "volunteer",
            Role::Reviewer => "reviewer",
        }
    }

    pub fn from_name(name: &str) -> Option<Role> {
        [Role::Volunteer, Role::Reviewer].into_iter().find(|role| role.name() == name)
    }
}

/// Whether `role` may change a record of `kind`. Volunteers record, and set up series where their association allows it.
pub fn may_change(role: Role, kind: Kind, volunteers_set_up_series: bool) -> bool {
    match (role, kind) {
        (_, Kind::Alternative) => false,
        (Role::Reviewer, _) => true,
        (Role::Volunteer, Kind::Gathering | Kind::YearlyPeople) => true,
        (Role::Volunteer, Kind::Series) => volunteers_set_up_series,
        (Role::Volunteer, Kind::Association | Kind::Review | Kind::Settlement) => false,
    }
}

/// Whether `role` may change a record of `kind` that somebody else made. A gathering is its recorder's: another volunteer changes or
/// deletes it only where the association has said so. A second record of the same evening stays possible, and the reviewer settles it.
/// A group, and how many different people came to it, are nobody's own.
pub fn may_change_others(role: Role, kind: Kind, volunteers_change_others: bool) -> bool {
    match (role, kind) {
        (Role::Reviewer, _) => true,
        (Role::Volunteer, Kind::Gathering) => volunteers_change_others,
        (Role::Volunteer, _) => true,
    }
}

/// Whether `role` may write a record of `kind` whose content is, or becomes, this. How many came to a group anybody of it may answer; how
/// many came to the whole association, the reviewers, who give the figures away.
pub fn may_say(role: Role, kind: Kind, content: &Content) -> bool {
    role == Role::Reviewer || kind != Kind::YearlyPeople || !yearly_people::is_of_whole(content)
}

/// Whether `role` may write a record of `kind` under `id`. A group's answer under the id of the whole's, which anybody can compute, would
/// stand where the reviewers' is to be.
pub fn may_write_under(role: Role, kind: Kind, id: RecordId, association: AssociationId) -> bool {
    role == Role::Reviewer || kind != Kind::YearlyPeople || !YearlyPeople::is_id_of_whole(association, id)
}

/// `content` as `role` may send it, where the record said `before`: a volunteer who may set up groups does not say which of them
/// everybody sees. Such fields stay as they were, and of a new record, or of one that comes back, there are none: nothing that a volunteer
/// typed is refused for what their screens do not even show. What was not seen is not seen after it either: the yes of a group that the
/// change makes ordinary was said of a sensitive one, and goes.
pub fn sayable(role: Role, kind: Kind, mut content: Content, before: Option<&Content>) -> Content {
    if (role, kind) == (Role::Volunteer, Kind::Series) {
        for field in own_page::OF_SERIES {
            match before.and_then(|before| before.get(*field)) {
                Some(said) => content.insert((*field).to_owned(), said.clone()),
                None => content.remove(*field),
            };
        }
        if is_seen(&content) && !before.is_some_and(is_seen) {
            content.remove(SHOWN);
        }
    }
    content
}

/// Whether everybody may see the group of this content, apart from whether it still meets.
fn is_seen(content: &Content) -> bool {
    Series::parse(content)
        .ok()
        .zip(Showing::parse(content).ok())
        .is_some_and(|(series, showing)| showing.of(series.is_sensitive()))
}

/// What a volunteer's phone is given of a gathering that somebody else recorded: where and when it was, and its numbers. What is not
/// listed is not given, nor is what a later version of the app has sent and this one does not know.
const OF_ANOTHERS_GATHERING: &[&str] = &[
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
];

/// The content as `role` may see it: a volunteer's phone is not given what others wrote in words.
pub fn visible(role: Role, is_own: bool, kind: Kind, content: &Content) -> Content {
    let given = match (role, kind) {
        (Role::Volunteer, Kind::Gathering) if !is_own => OF_ANOTHERS_GATHERING,
        // That a period is closed, and not its figures.
        (Role::Volunteer, Kind::Settlement) => period::FOR_EVERYBODY,
        _ => return content.clone(),
    };
    let is_given = |(name, _): &(&String, &Value)| given.contains(&name.as_str());
    content.iter().filter(is_given).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A record as the question whether a phone is given it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulled {
    pub kind: Kind,
    /// Of a gathering or of a review's gathering: the asking user recorded it.
    pub is_own: bool,
    /// Day number of a gathering or of a review's gathering; none of a deleted one.
    pub day: Option<i32>,
    /// Of a settlement: it says that a period is closed or open, or is a deletion.
    pub is_closing: bool,
}

/// Whether a phone is given a record. A reviewer's phone is given everything. A volunteer's is given the gatherings from
/// `first_day` on, and the reviews of its user's own gatherings among them, because the association's questions are for them;
/// what only the association settles is not for it, but for the periods that are closed. A deletion is for everybody: it travels without content.
pub fn may_pull(role: Role, first_day: Option<i32>, record: Pulled) -> bool {
    let is_recent = || record.day.zip(first_day).is_none_or(|(day, first)| day >= first);
    match (role, record.kind) {
        (Role::Reviewer, _) => true,
        (Role::Volunteer, Kind::Alternative) => false,
        (Role::Volunteer, Kind::Settlement) => record.is_closing,
        (Role::Volunteer, Kind::Gathering) => is_recent(),
        (Role::Volunteer, Kind::Review) => record.is_own && is_recent(),
        (Role::Volunteer, Kind::Association | Kind::Series | Kind::YearlyPeople) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Option<i32> = Some(20_000);

    fn pulls(role: Role, kind: Kind, is_own: bool, day: Option<i32>) -> bool {
        may_pull(role, FIRST, Pulled { kind, is_own, day, is_closing: false })
    }

    #[test]
    fn a_volunteers_phone_is_given_the_series_and_the_gatherings_of_its_months() {
        let volunteer = |kind, day| pulls(Role::Volunteer, kind, false, day);
        for kind in [Kind::Association, Kind::Series, Kind::YearlyPeople] {
            assert!(volunteer(kind, None));
        }
        assert!(volunteer(Kind::Gathering, Some(20_000)) && volunteer(Kind::Gathering, Some(20_001)));
        assert!(!volunteer(Kind::Gathering, Some(19_999)));
        assert!(volunteer(Kind::Gathering, None), "a deletion is for everybody");
    }

    #[test]
    fn a_volunteers_phone_is_given_the_reviews_of_its_users_own_gatherings_only() {
        let volunteer = |is_own, day| pulls(Role::Volunteer, Kind::Review, is_own, day);
        assert!(volunteer(true, Some(20_000)) && volunteer(true, None));
        assert!(!volunteer(true, Some(19_999)) && !volunteer(false, Some(20_000)) && !volunteer(false, None));
    }

    #[test]
    fn what_only_the_association_settles_is_for_reviewers() {
        for kind in [Kind::Alternative, Kind::Settlement] {
            assert!(!pulls(Role::Volunteer, kind, true, None));
        }
        for kind in Kind::ALL {
            assert!(pulls(Role::Reviewer, kind, false, Some(0)), "a reviewer's phone is given everything");
        }
    }

    #[test]
    fn a_volunteers_phone_is_told_that_a_period_is_closed_and_none_of_its_figures() {
        let closing = Pulled { kind: Kind::Settlement, is_own: false, day: None, is_closing: true };
        assert!(may_pull(Role::Volunteer, FIRST, closing));
        assert!(!may_pull(Role::Volunteer, FIRST, Pulled { is_closing: false, ..closing }));
        let content = serde_json::json!({"period": "2025", "closed": true, "visits": 512, "mark": "1-0", "new": 1});
        let content = content.as_object().expect("object");
        let given = visible(Role::Volunteer, true, Kind::Settlement, content);
        assert_eq!(given.keys().collect::<Vec<_>>(), ["closed", "period"]);
        assert_eq!(&visible(Role::Reviewer, false, Kind::Settlement, content), content);
        assert!(!may_change(Role::Volunteer, Kind::Settlement, true), "and closes none");
    }

    #[test]
    fn a_volunteer_records_but_does_not_review() {
        assert!(may_change(Role::Volunteer, Kind::Gathering, false));
        assert!(!may_change(Role::Volunteer, Kind::Review, true));
        assert!(!may_change(Role::Volunteer, Kind::Series, false));
        assert!(may_change(Role::Volunteer, Kind::Series, true));
    }

    #[test]
    fn a_volunteer_does_not_say_which_groups_everybody_sees() {
        let object = |value: Value| value.as_object().cloned().expect("object");
        let sent = object(serde_json::json!({"name": "Uusi nimi", "shown": true, "shown_sensitive": true}));
        let of = |role, before: Option<Value>| sayable(role, Kind::Series, sent.clone(), before.map(object).as_ref());
        let name_only = object(serde_json::json!({"name": "Uusi nimi"}));
        assert_eq!(of(Role::Volunteer, None), name_only);
        assert_eq!(of(Role::Volunteer, Some(serde_json::json!({"name": "Vanha"}))), name_only);
        let shown = of(Role::Volunteer, Some(serde_json::json!({"name": "Vanha", "shown": true})));
        assert_eq!(shown, object(serde_json::json!({"name": "Uusi nimi", "shown": true})));
        assert_eq!(of(Role::Reviewer, None), sent);
        // Nor takes one of them off the page.
        let before = object(serde_json::json!({"name": "Vanha", "shown": true}));
        for hidden in [serde_json::json!({"shown": null}), serde_json::json!({"shown": false}), serde_json::json!({})] {
            let kept = sayable(Role::Volunteer, Kind::Series, object(hidden), Some(&before));
            assert_eq!(kept, object(serde_json::json!({"shown": true})));
        }
        let other = sayable(Role::Volunteer, Kind::Gathering, sent.clone(), None);
        assert_eq!(other, sent, "nothing else is looked at");
    }

    #[test]
    fn a_volunteer_does_not_show_a_group_that_was_hidden_as_sensitive() {
        let group = |more: Value| {
            let mut content =
                serde_json::json!({"name": "Ryhmä", "form": "kerho", "municipality": "755", "weekday": 0});
            let fields = content.as_object_mut().expect("object");
            fields.extend(more.as_object().cloned().expect("object"));
            fields.clone()
        };
        let is_shown = |role, before: &Content, sent: Value| {
            sayable(role, Kind::Series, group(sent), Some(before)).contains_key(SHOWN)
        };
        let marked = group(serde_json::json!({"shown": true, "sensitive": true}));
        let by_form = group(serde_json::json!({"shown": true, "form": "vertaistuki"}));
        let unread = group(serde_json::json!({"shown": true, "weekday": 9}));
        for before in [&marked, &by_form, &unread] {
            assert!(!is_shown(Role::Volunteer, before, serde_json::json!({"shown": true})), "{before:?}");
            assert!(is_shown(Role::Reviewer, before, serde_json::json!({"shown": true})), "{before:?}");
            // What stays hidden keeps its first yes.
            assert!(is_shown(Role::Volunteer, before, serde_json::json!({"sensitive": true})), "{before:?}");
        }
        let ordinary = group(serde_json::json!({"shown": true}));
        assert!(is_shown(Role::Volunteer, &ordinary, serde_json::json!({"name": "Uusi"})));
        let both = group(serde_json::json!({"shown": true, "shown_sensitive": true, "sensitive": true}));
        assert!(is_shown(Role::Volunteer, &both, serde_json::json!({})), "everybody saw it before");
    }

    #[test]
    fn a_volunteer_changes_anothers_gathering_only_where_the_association_has_said_so() {
        assert!(!may_change_others(Role::Volunteer, Kind::Gathering, false));
        assert!(may_change_others(Role::Volunteer, Kind::Gathering, true));
        assert!(may_change_others(Role::Reviewer, Kind::Gathering, false));
        assert!(may_change_others(Role::Volunteer, Kind::Series, false), "a group is nobody's own");
        assert!(may_change_others(Role::Volunteer, Kind::YearlyPeople, false));
    }

    #[test]
    fn a_note_is_for_its_writer_and_the_reviewer() {
        let content = serde_json::json!({"note": "x", "place": "y"});
        let content = content.as_object().expect("object");
        let sees_note = |role, own| visible(role, own, Kind::Gathering, content).contains_key("note");
        assert!(sees_note(Role::Reviewer, false) && sees_note(Role::Volunteer, true));
        assert!(!sees_note(Role::Volunteer, false));
    }

    #[test]
    fn each_field_of_a_gathering_is_given_to_other_volunteers_or_kept_from_them_on_purpose() {
        // Words that are for the writer and the reviewer. A new field is in one of the two lists.
        let kept_from_others = ["note", "changed_because"];
        for field in crate::record::fields(Kind::Gathering) {
            let is_given = OF_ANOTHERS_GATHERING.contains(field);
            assert_ne!(is_given, kept_from_others.contains(field), "{field} has to be decided about");
        }
        assert_eq!(OF_ANOTHERS_GATHERING.len() + kept_from_others.len(), crate::record::fields(Kind::Gathering).len());
        let content = serde_json::json!({"weather": "rain", "participants": 14});
        let content = content.as_object().expect("object");
        let given = visible(Role::Volunteer, false, Kind::Gathering, content);
        assert_eq!(given.keys().collect::<Vec<_>>(), ["participants"], "nor what this version does not know");
    }

    #[test]
    fn nobody_makes_an_alternative_by_hand() {
        assert!(!may_change(Role::Reviewer, Kind::Alternative, true));
    }
}
