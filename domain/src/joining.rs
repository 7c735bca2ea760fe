//! How an association comes in: what its first reviewer tells, step by step, and what it becomes.
//!
//! A draft holds what was typed, right or wrong, so that nothing is lost; what is wrong with a step is asked of it.

use serde_json::{Value, json};

use crate::{
    Content, FieldError, Problem, Series,
    association::{Association, typed_business_id},
    bounds,
    codes::{ActivityForm, Municipality},
    content,
    gathering::Defaults,
    personal, text,
};

/// Most characters of a field that are kept while it is wrong; beyond what any field may have.
const TYPED_MAX_CHARS: usize = 300;

/// The steps, one on each page, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Name and home municipality.
    Name,
    /// Business id, or that there is none.
    BusinessId,
    /// Whom to ask, and what the reviewer is called.
    Contact,
    /// First groups, from ready examples.
    Groups,
    /// Everything once more.
    Summary,
}

impl Step {
    pub const ALL: [Step; 5] = [Step::Name, Step::BusinessId, Step::Contact, Step::Groups, Step::Summary];

    /// Stable: it is in addresses and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Name => "nimi",
            Step::BusinessId => "tunnus",
            Step::Contact => "yhteys",
            Step::Groups => "ryhmat",
            Step::Summary => "yhteenveto",
        }
    }

    pub fn from_name(name: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.name() == name)
    }

    /// 1 for the first.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The step after this one; the last one's is itself.
    pub fn next(self) -> Step {
        Step::ALL.get(self.number()).copied().unwrap_or(Step::Summary)
    }

    /// The step before this one, if there is one.
    pub fn before(self) -> Option<Step> {
        (self as usize).checked_sub(1).and_then(|index| Step::ALL.get(index).copied())
    }
}

/// A ready example of a group; its name is a text of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Stable: it is in drafts.
    pub code: &'static str,
    /// Code of its activity form.
    form: &'static str,
}

impl Example {
    pub fn parse(code: &str) -> Option<Example> {
        EXAMPLES.into_iter().find(|example| example.code == code)
    }

    pub fn form(self) -> ActivityForm {
        ActivityForm::parse(self.form).expect("a test checks that every example's form exists")
    }
}

/// What small associations do most, one of each form.
pub const EXAMPLES: [Example; 10] = [
    Example { code: "kerho", form: "kerho" },
    Example { code: "kavely", form: "ulkoilu" },
    Example { code: "liikunta", form: "liikuntaryhma" },
    Example { code: "kahvila", form: "kohtaamispaikka" },
    Example { code: "kasityo", form: "kulttuuri" },
    Example { code: "vertaistuki", form: "vertaistuki" },
    Example { code: "omaiset", form: "omaishoito" },
    Example { code: "digituki", form: "digituki" },
    Example { code: "perhe", form: "lastenhoito" },
    Example { code: "ystava", form: "ystava" },
];

/// What the first reviewer has told so far, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    /// Code of the home municipality; empty until one is chosen.
    pub home: String,
    pub business_id: String,
    pub has_no_business_id: bool,
    pub contact: String,
    /// What the association calls its first reviewer.
    pub nickname: String,
    /// Codes of [`EXAMPLES`], each with the name that it had on the page.
    pub groups: Vec<(String, String)>,
}

impl Draft {
    /// What is wrong with a step; of the summary, with all of them.
    pub fn problems(&self, step: Step) -> Vec<FieldError> {
        let fields: &[&str] = match step {
            Step::Name => &["name", "home"],
            Step::BusinessId => &["business_id"],
            Step::Contact => &["contact", "nickname"],
            Step::Groups => &[],
            Step::Summary => &["name", "home", "business_id", "contact", "nickname"],
        };
        let mut all = Association::parse(&self.association_content()).err().unwrap_or_default();
        if self.business_id.trim().is_empty() && !self.has_no_business_id {
            all.push(FieldError { field: "business_id", problem: Problem::Missing });
        }
        if text::normalise(&self.contact).is_empty() {
            all.push(FieldError { field: "contact", problem: Problem::Missing });
        }
        // What a push refuses is said where it is typed. The contact is an office's.
        if let Some(problem) = personal::find(&self.name) {
            all.push(FieldError { field: "name", problem });
        }
        if let Err(problem) = self.checked_nickname() {
            all.push(FieldError { field: "nickname", problem });
        }
        fields.iter().filter_map(|field| all.iter().find(|error| error.field == *field).copied()).collect()
    }

    /// The first step that something is wrong with, or the summary.
    pub fn first_unfinished(&self) -> Step {
        Step::ALL.into_iter().find(|step| !self.problems(*step).is_empty()).unwrap_or(Step::Summary)
    }

    /// The association as it will be stored.
    ///
    /// # Errors
    /// What is still wrong with the steps.
    pub fn association(&self) -> Result<Association, Vec<FieldError>> {
        match self.problems(Step::Summary) {
            problems if problems.is_empty() => Association::parse(&self.association_content()),
            problems => Err(problems),
        }
    }

    /// The first groups of an association of this home. A name that could not be a group's is replaced by its form's, in Finnish.
    pub fn series(&self, home: Municipality) -> Vec<Series> {
        let known = self.groups.iter().filter_map(|(code, name)| Some((Example::parse(code)?.form(), name)));
        known
            .map(|(form, name)| {
                let name = content::line(bounds::SERIES_NAME_MAX_CHARS)(&json!(name));
                Series {
                    name: name.unwrap_or_else(|_| form.name(crate::Lang::Fi).to_owned()),
                    form,
                    municipality: home,
                    weekday: None,
                    start: None,
                    defaults: Defaults::default(),
                    archived: false,
                    breaks: Vec::new(),
                }
            })
            .collect()
    }

    /// What the association calls its first reviewer, in the form in which it is stored.
    ///
    /// # Errors
    /// Why it cannot be stored.
    pub fn checked_nickname(&self) -> Result<String, Problem> {
        match text::normalise(&self.nickname) {
            empty if empty.is_empty() => Err(Problem::Missing),
            long if long.chars().count() > bounds::NICKNAME_MAX_CHARS => {
                Err(Problem::TooLong { max: bounds::NICKNAME_MAX_CHARS })
            }
            nickname => Ok(nickname),
        }
    }

    /// The home municipality, where one is chosen.
    pub fn home(&self) -> Option<Municipality> {
        Municipality::parse_or_successor(&self.home)
    }

    fn association_content(&self) -> Content {
        let mut out = Content::new();
        let mut put = |name: &str, value: &str| {
            if !text::normalise(value).is_empty() {
                out.insert(name.to_owned(), value.into());
            }
        };
        put("name", &self.name);
        put("home", &self.home);
        put("contact", &self.contact);
        if !self.has_no_business_id {
            put("business_id", &typed_business_id(&self.business_id));
        }
        out
    }

    /// As it is kept. Far too long texts are cut, so that a draft has a bound.
    pub fn to_content(&self) -> Content {
        let cut = |typed: &str| Value::String(typed.chars().take(TYPED_MAX_CHARS).collect());
        let known = self.groups.iter().filter(|(code, _)| Example::parse(code).is_some()).take(EXAMPLES.len());
        let groups: Vec<Value> = known.map(|(code, name)| json!([code, cut(name)])).collect();
        let all = [
            ("name", cut(&self.name)),
            ("home", cut(&self.home)),
            ("business_id", cut(&self.business_id)),
            ("has_no_business_id", self.has_no_business_id.into()),
            ("contact", cut(&self.contact)),
            ("nickname", cut(&self.nickname)),
            ("groups", groups.into()),
        ];
        all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Reads it back. What is not there is as if it had not been typed yet.
    pub fn from_content(content: &Content) -> Draft {
        let typed = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let pair = |group: &Value| Some((group.get(0)?.as_str()?.to_owned(), group.get(1)?.as_str()?.to_owned()));
        let groups = content.get("groups").and_then(Value::as_array);
        Draft {
            name: typed("name"),
            home: typed("home"),
            business_id: typed("business_id"),
            has_no_business_id: content.get("has_no_business_id").and_then(Value::as_bool).unwrap_or(false),
            contact: typed("contact"),
            nickname: typed("nickname"),
            groups: groups.into_iter().flatten().filter_map(pair).collect(),
        }
    }
}

/// An association of a municipality, as whoever brings one in is warned of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub name: String,
    pub business_id: Option<String>,
}

/// Whether an association that is known may be the one that is being brought in: it has the business id, or the name but for capitals,
/// spaces and what the association's form adds to it.
pub fn may_be_same(new: &Association, known: &Known) -> bool {
    let by_id = new.business_id.is_some() && new.business_id == known.business_id;
    by_id || (!bare_name(&new.name).is_empty() && bare_name(&new.name) == bare_name(&known.name))
}

/// A name without what does not tell two associations apart: `Kylän Väki r.y.` is `kylänväki`.
fn bare_name(name: &str) -> String {
    let words = name.to_lowercase();
    let words = words.split_whitespace().map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>());
    words.filter(|word| !matches!(word.as_str(), "ry" | "rf")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Draft {
        Draft {
            name: "Kylän Väki ry".to_owned(),
            home: "755".to_owned(),
            business_id: "1162976".to_owned(),
            contact: "Sihteeri, toimisto 09 123 456".to_owned(),
            nickname: " Maija ".to_owned(),
            groups: vec![("kerho".to_owned(), "Kerho".to_owned()), ("vertaistuki".to_owned(), String::new())],
            ..Draft::default()
        }
    }

    fn fields(draft: &Draft, step: Step) -> Vec<&'static str> {
        draft.problems(step).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn each_step_says_what_is_wrong_with_its_own_fields() {
        let empty = Draft::default();
        assert_eq!(fields(&empty, Step::Name), ["name", "home"]);
        assert_eq!(fields(&empty, Step::BusinessId), ["business_id"]);
        assert_eq!(fields(&empty, Step::Contact), ["contact", "nickname"]);
        assert_eq!(fields(&empty, Step::Groups), [""; 0], "groups can come later");
        assert_eq!(fields(&empty, Step::Summary).len(), 5);
        assert_eq!(empty.first_unfinished(), Step::Name);

        let wrong = Draft { business_id: "0116297-5".to_owned(), ..whole() };
        assert_eq!(
            wrong.problems(Step::BusinessId),
            [FieldError { field: "business_id", problem: Problem::BadBusinessId }]
        );
        assert_eq!(wrong.first_unfinished(), Step::BusinessId);
        let none = Draft { has_no_business_id: true, ..wrong };
        assert_eq!(none.association().map(|association| association.business_id), Ok(None));
        let long = Draft { nickname: "a".repeat(41), ..whole() };
        assert_eq!(long.problems(Step::Contact)[0].problem, Problem::TooLong { max: 40 });
    }

    #[test]
    fn a_whole_draft_is_an_association_and_its_first_groups() {
        let association = whole().association().expect("whole");
        assert_eq!((association.name.as_str(), association.home.code()), ("Kylän Väki ry", "755"));
        assert_eq!(association.business_id.as_deref(), Some("0116297-6"));
        assert_eq!(whole().checked_nickname().as_deref(), Ok("Maija"));
        let series = whole().series(association.home);
        let told: Vec<_> = series.iter().map(|one| (one.name.as_str(), one.form.code())).collect();
        assert_eq!(told, [("Kerho", "kerho"), ("Vertaistukiryhmä", "vertaistuki")]);
        for one in series {
            assert!(Series::parse(&one.to_content()).is_ok());
        }
    }

    #[test]
    fn a_draft_is_kept_as_it_was_typed_and_has_a_bound() {
        let wrong = Draft { business_id: " 0116297–5".to_owned(), home: "xyz".to_owned(), ..whole() };
        assert_eq!(Draft::from_content(&wrong.to_content()), wrong);
        assert_eq!(Draft::from_content(&Content::new()), Draft::default());
        let long = "ä".repeat(100_000);
        let groups = vec![("kerho".to_owned(), long.clone()); 1_000];
        let huge = Draft { name: long.clone(), contact: long.clone(), nickname: long, groups, ..whole() };
        assert!(Value::Object(huge.to_content()).to_string().len() < 10_000);
    }

    #[test]
    fn the_examples_are_of_forms_that_exist_each_of_its_own() {
        let mut forms: Vec<_> = EXAMPLES.into_iter().map(Example::form).collect();
        forms.sort_unstable();
        forms.dedup();
        assert_eq!(forms.len(), EXAMPLES.len());
        assert!(EXAMPLES.len() <= bounds::CODES_MAX);
    }

    #[test]
    fn the_steps_lead_from_the_first_to_the_summary_and_back() {
        for step in Step::ALL {
            assert_eq!(Step::from_name(step.name()), Some(step));
            assert_eq!(step.before().map(Step::next), (step != Step::Name).then_some(step));
        }
        assert_eq!((Step::Summary.next(), Step::Name.before()), (Step::Summary, None));
    }

    #[test]
    fn another_association_of_the_same_name_or_business_id_is_noticed() {
        let new = whole().association().expect("whole");
        let known = |name: &str, id: Option<&str>| Known { name: name.to_owned(), business_id: id.map(str::to_owned) };
        for same in [
            known("KYLÄN  VÄKI r.y.", None),
            known("Kylän Väki", Some("2617416-4")),
            known("Toinen ry", Some("0116297-6")),
        ] {
            assert!(may_be_same(&new, &same), "{same:?}");
        }
        assert!(!may_be_same(&new, &known("Kylän Nuoret ry", None)));
        let nameless = Association { name: "ry".to_owned(), business_id: None, ..new };
        assert!(!may_be_same(&nameless, &known("r.y.", None)));
    }
}
