//! Drafts: the content of a form before it is saved, and of a gathering after it was deleted, as JSON in the store of
//! drafts.
//!
//! The same store has the half-written texts (`half_written.rs`). They are not JSON, and the parser here skips them.

use domain::{AssociationId, Content, Date, Kind, RecordId, content::overlay, date};
use serde_json::Value;
use sync::merge::rebase;

/// How long a deleted gathering can be brought back, days.
pub const KEPT_DAYS: i32 = 30;

const OPENED: &str = "opened";
const DELETED: &str = "deleted_on";
const WAS: &str = "was";
const GROUP: &str = "is_group";
const PAPER: &str = "is_paper";
const OF: &str = "of_association";
/// The group of a table. Not under the name by which the paper's form finds its own: that has no notes.
pub const TABLE_OF: &str = "table_of";

/// One of the phone's drafts.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The gathering's, also before there is one; of a deleted gathering, the one that it would come back as.
    pub id: RecordId,
    pub content: Content,
    pub about: About,
    /// None where an older version wrote it.
    pub association: Option<AssociationId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A gathering that has never been saved.
    New,
    /// A gathering that was there, with the content that its form was opened with.
    Edit { opened: Content },
    /// A gathering that was deleted on this day.
    Deleted { was: RecordId, on: Date },
    /// A group's form; what a group that was there before was opened with.
    Group { opened: Option<Content> },
    /// Lines of many gatherings from paper.
    Paper,
}

impl Draft {
    /// None of what another version wrote and this one cannot read.
    pub fn read((id, state): &(RecordId, String)) -> Option<Draft> {
        let mut content: Content = serde_json::from_str(state).ok()?;
        let opened = content.remove(OPENED);
        let (was, on) = (content.remove(WAS), content.remove(DELETED));
        let association = content.remove(OF).and_then(|of| AssociationId::parse(of.as_str()?));
        let opened = opened.and_then(|opened| opened.as_object().cloned());
        let about = match (opened, was, on) {
            _ if content.remove(PAPER).is_some() => About::Paper,
            (opened, ..) if content.remove(GROUP).is_some() => About::Group { opened },
            (Some(opened), ..) => About::Edit { opened },
            (_, Some(was), Some(on)) => {
                About::Deleted { was: RecordId::parse(was.as_str()?)?, on: date::parse(on.as_str()?)? }
            }
            _ => About::New,
        };
        Some(Draft { id: *id, content, about, association })
    }

    pub fn write(&self) -> String {
        let mut state = self.content.clone();
        match &self.about {
            About::New => {}
            About::Edit { opened } => {
                state.insert(OPENED.into(), Value::Object(opened.clone()));
            }
            About::Deleted { was, on } => {
                state.insert(WAS.into(), was.to_string().into());
                state.insert(DELETED.into(), date::iso(*on).into());
            }
            About::Group { opened } => {
                state.insert(GROUP.into(), true.into());
                if let Some(opened) = opened {
                    state.insert(OPENED.into(), Value::Object(opened.clone()));
                }
            }
            About::Paper => {
                state.insert(PAPER.into(), true.into());
            }
        }
        if let Some(association) = self.association {
            state.insert(OF.into(), association.to_string().into());
        }
        serde_json::to_string(&state).unwrap_or_default()
    }

    /// Nothing was there before: without it, what was typed is gone.
    pub fn is_new(&self) -> bool {
        matches!(self.about, About::New | About::Group { opened: None } | About::Paper)
    }

    /// A gathering that somebody is in the middle of.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.about, About::New | About::Edit { .. })
    }

    pub fn series(&self) -> Option<RecordId> {
        RecordId::parse(self.content.get("series")?.as_str()?)
    }

    /// The form of lines of many gatherings: that of the paper, the table, or the weeks without a record, which names no group.
    pub fn place_of_many(&self) -> String {
        let table = self.content.get(TABLE_OF).and_then(Value::as_str);
        match (self.series(), table) {
            (Some(series), _) => format!("/app/paperista/{series}"),
            (None, Some(series)) => format!("/app/yhdistys/taulukko/{series}"),
            (None, None) => "/app/yhdistys/kirjaamatta".to_owned(),
        }
    }

    /// The content to go on with, where the record now says `now`; see [`over`].
    pub fn over(&self, kind: Kind, now: &Content) -> Content {
        match &self.about {
            About::Edit { opened } | About::Group { opened: Some(opened) } => over(kind, opened, &self.content, now),
            _ => self.content.clone(),
        }
    }
}

/// What a form that was opened with `opened` and holds `form` makes of a record that says `now`: of the groups of fields that the
/// form changed, the form's; of all others, what came in the meantime (S11). `null` where a field is cleared.
pub fn over(kind: Kind, opened: &Content, form: &Content, now: &Content) -> Content {
    let whole = |content: &Content| overlay(&Content::new(), content);
    let mut content = rebase(kind, &whole(opened), &whole(form), &whole(now));
    for cleared in now.keys() {
        content.entry(cleared.clone()).or_insert(Value::Null);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: RecordId = RecordId::from_bytes([1; 16]);

    fn content(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    fn draft(about: About) -> Draft {
        let association = Some(AssociationId::from_bytes([9; 16]));
        Draft { id: ID, content: content(json!({"participants": 14, "note": "Sataa"})), about, association }
    }

    #[test]
    fn a_draft_is_read_as_it_was_written() {
        let opened = content(json!({"participants": 12}));
        let on = Date::constant(2026, 11, 22);
        let was = RecordId::from_bytes([2; 16]);
        let group = About::Group { opened: Some(opened.clone()) };
        for about in [About::New, About::Edit { opened }, About::Deleted { was, on }, group, About::Paper] {
            let draft = draft(about);
            assert_eq!(Draft::read(&(ID, draft.write())), Some(draft));
        }
        assert_eq!(Draft::read(&(ID, "{".into())), None);
    }

    #[test]
    fn lines_of_many_gatherings_are_open_again_where_they_were() {
        let place = |typed| Draft { content: content(typed), ..draft(About::Paper) }.place_of_many();
        let id = ID.to_string();
        assert_eq!(place(json!({"series": id, "lines": []})), format!("/app/paperista/{id}"));
        assert_eq!(place(json!({"table_of": id, "lines": []})), format!("/app/yhdistys/taulukko/{id}"));
        assert_eq!(place(json!({"weeks": []})), "/app/yhdistys/kirjaamatta");
    }

    #[test]
    fn an_unfinished_edit_keeps_what_came_in_the_meantime() {
        let opened = content(json!({"participants": 12, "note": "Sataa", "volunteers": 2, "place": "Talo"}));
        let mut edit = draft(About::Edit { opened });
        edit.content.insert("volunteers".into(), json!(2));
        edit.content.insert("place".into(), Value::Null);
        let now = content(json!({"participants": 12, "note": "Satoi", "volunteers": 3, "place": "Talo"}));
        let expected = json!({"participants": 14, "note": "Satoi", "volunteers": 3, "place": null});
        assert_eq!(edit.over(Kind::Gathering, &now), content(expected));
    }
}
