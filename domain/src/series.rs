//! A series: a recurring activity, such as "Maanantaikerho", with the defaults of its gatherings.

use crate::{
    Content, FieldError, bounds,
    codes::{ActivityForm, Municipality},
    content::{self, Reader, put},
    gathering::{self, Defaults},
};

/// A series whose every field has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    pub form: ActivityForm,
    pub municipality: Municipality,
    /// Usual weekday, 0 is Monday.
    pub weekday: Option<u8>,
    /// Usual start, minutes since midnight.
    pub start: Option<u16>,
    pub defaults: Defaults,
    pub archived: bool,
}

/// Every field of a series' content that this version knows.
pub const FIELDS: &[&str] = &[
    "name",
    "form",
    "municipality",
    "weekday",
    "start",
    "archived",
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
];

impl Series {
    pub fn parse(content: &Content) -> Result<Series, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let name = read.required("name", content::line(bounds::SERIES_NAME_MAX_CHARS));
        let form = read.required("form", content::code(ActivityForm::parse));
        let municipality = read.required("municipality", content::municipality);
        let weekday = read.optional("weekday", content::number(0, 6)).map(|day| day as u8);
        let start = read.optional("start", content::time_of_day);
        let defaults = Defaults::read(&mut read);
        let archived = read.optional("archived", content::yes_or_no).unwrap_or(false);
        let whole = name.zip(form).zip(municipality).map(|((name, form), municipality)| Series {
            name,
            form,
            municipality,
            weekday,
            start,
            defaults,
            archived,
        });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "name", Some(self.name.clone()));
        put(&mut out, "form", Some(self.form.code()));
        put(&mut out, "municipality", Some(self.municipality.code()));
        put(&mut out, "weekday", self.weekday.map(u32::from));
        put(&mut out, "start", self.start.map(content::clock));
        self.defaults.write(&mut out);
        put(&mut out, "archived", self.archived.then_some(true));
        out
    }

    pub fn is_sensitive(&self) -> bool {
        gathering::is_sensitive(self.form, &self.defaults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_series_is_read_and_written_back() {
        let content = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "005", "weekday": 0,
                             "start": "13:00", "duration": 120, "free": true});
        let content = content.as_object().expect("object");
        let series = Series::parse(content).expect("valid");
        assert_eq!(series.start, Some(13 * 60));
        assert_eq!(&series.to_content(), content);
    }

    #[test]
    fn a_series_needs_a_name() {
        let content = json!({"name": "  ", "form": "kerho", "municipality": "005"});
        let errors = Series::parse(content.as_object().expect("object")).expect_err("no name");
        assert_eq!(errors[0].field, "name");
    }
}
