//! What the phone keeps of a form before it is saved, and of a gathering after it was deleted: as JSON, in the store of drafts.

use domain::{Content, Date, RecordId, date};
use serde_json::Value;

/// How long a deleted gathering can be brought back, days.
pub const KEPT_DAYS: i32 = 30;

const OPENED: &str = "opened";
const DELETED: &str = "deleted_on";
const WAS: &str = "was";
const GROUP: &str = "is_group";

/// One of the phone's drafts.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The gathering's, also before there is one; of a deleted gathering, the one that it would come back as.
    pub id: RecordId,
    pub content: Content,
    pub about: About,
}

#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A gathering that has never been saved.
    New,
    /// A gathering that was there, with the content that its form was opened with.
    Edit { opened: Content },
    /// A gathering that was deleted on this day.
    Deleted { was: RecordId, on: Date },
    /// A group's form.
    Group,
}

impl Draft {
    /// None of what another version wrote and this one cannot read.
    pub fn read((id, state): &(RecordId, String)) -> Option<Draft> {
        let mut content: Content = serde_json::from_str(state).ok()?;
        let opened = content.remove(OPENED);
        let (was, on) = (content.remove(WAS), content.remove(DELETED));
        let about = match (opened, was, on) {
            _ if content.remove(GROUP).is_some() => About::Group,
            (Some(Value::Object(opened)), ..) => About::Edit { opened },
            (_, Some(was), Some(on)) => {
                About::Deleted { was: RecordId::parse(was.as_str()?)?, on: date::parse(on.as_str()?)? }
            }
            _ => About::New,
        };
        Some(Draft { id: *id, content, about })
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
            About::Group => {
                state.insert(GROUP.into(), true.into());
            }
        }
        serde_json::to_string(&state).unwrap_or_default()
    }

    /// A gathering that somebody is in the middle of.
    pub fn is_unfinished(&self) -> bool {
        matches!(self.about, About::New | About::Edit { .. })
    }

    pub fn series(&self) -> Option<RecordId> {
        RecordId::parse(self.content.get("series")?.as_str()?)
    }

    /// The content to go on with, where the gathering now says `now`: of what the form changed, the form's; of all else, what
    /// came in the meantime.
    pub fn over(&self, now: &Content) -> Content {
        let About::Edit { opened } = &self.about else { return self.content.clone() };
        let changed = self.content.iter().filter(|(name, value)| opened.get(*name) != Some(value));
        let mut content = now.clone();
        content.extend(changed.map(|(name, value)| (name.clone(), value.clone())));
        content
    }
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
        Draft { id: ID, content: content(json!({"participants": 14, "note": "Sataa"})), about }
    }

    #[test]
    fn a_draft_is_read_as_it_was_written() {
        let opened = content(json!({"participants": 12}));
        let on = Date::constant(2026, 11, 22);
        let was = RecordId::from_bytes([2; 16]);
        for about in [About::New, About::Edit { opened }, About::Deleted { was, on }, About::Group] {
            let draft = draft(about);
            assert_eq!(Draft::read(&(ID, draft.write())), Some(draft));
        }
        assert_eq!(Draft::read(&(ID, "{".into())), None);
    }

    #[test]
    fn an_unfinished_edit_keeps_what_came_in_the_meantime() {
        let opened = content(json!({"participants": 12, "note": "Sataa", "volunteers": 2}));
        let mut edit = draft(About::Edit { opened });
        edit.content.insert("volunteers".into(), json!(2));
        let now = content(json!({"participants": 12, "note": "Satoi", "volunteers": 3}));
        assert_eq!(edit.over(&now), content(json!({"participants": 14, "note": "Satoi", "volunteers": 3})));
    }
}
