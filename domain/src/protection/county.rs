//! The county rule: no figure of a county may reveal a hidden municipality by subtraction, nor the other way round
//! (rule 4).
//!
//! A county's forms and its municipalities are two ways to divide the same activity, so both have the same sum. Whoever
//! subtracts every shown figure of both learns the sum of the hidden municipalities, or of the hidden forms, to within
//! a few. The tables allow no closer bound, because the forms of a single municipality are never published. So this sum
//! must leave room.

use std::collections::BTreeMap;

use super::cell::{Cell, Hiding};
use super::{Figures, Measure, POSSIBLE_VALUES_MIN, ProtectedFigures, SensitiveRow};
use crate::{
    AssociationId,
    codes::{ActivityForm, Municipality},
};

/// One county and quarter before it is published.
#[derive(Default)]
pub(super) struct CountyTables {
    municipalities: BTreeMap<Municipality, Cell>,
    forms: BTreeMap<ActivityForm, Cell>,
    parts: BTreeMap<(Municipality, ActivityForm), Figures>,
    /// Every form is hidden, and those where nothing happened as well.
    all_forms_hidden: bool,
}

impl CountyTables {
    pub fn add(&mut self, row: &SensitiveRow) {
        self.municipalities.entry(row.municipality).or_default().add(row.association, row.figures);
        self.forms.entry(row.form).or_default().add(row.association, row.figures);
        *self.parts.entry((row.municipality, row.form)).or_default() += row.figures;
    }

    pub fn protect(&mut self, agreed: &impl Fn(AssociationId) -> bool) {
        for cell in self.municipalities.values_mut().chain(self.forms.values_mut()) {
            cell.hide_small(agreed);
        }
        self.hide_the_rest_of_one_municipality();
        self.leave_room_for_municipalities();
        self.leave_room_for_forms();
    }

    /// A form is hidden in each measure to which exactly one hidden municipality adds something.
    fn hide_the_rest_of_one_municipality(&mut self) {
        for (form, cell) in &mut self.forms {
            for measure in Measure::ALL {
                let adds =
                    |municipality| self.parts.get(&(municipality, *form)).is_some_and(|part| part.get(measure) > 0);
                let hidden = self.municipalities.iter().filter(|(_, cell)| cell.hides(measure));
                if hidden.filter(|(municipality, _)| adds(**municipality)).count() == 1 {
                    cell.hide(Hiding::of(measure));
                }
            }
        }
    }

    /// Two hidden municipalities are not enough when together they have so little that both must be near 1, or so much that
    /// both must be near 7. Then every form that they feed is hidden.
    fn leave_room_for_municipalities(&mut self) {
        for measure in Measure::ALL {
            let hidden: Vec<_> = self.municipalities.iter().filter(|(_, cell)| cell.hides(measure)).collect();
            let most: Option<u64> = hidden.iter().map(|(_, cell)| cell.most(measure)).sum();
            if Hidden::of(hidden.iter().map(|(_, cell)| *cell), measure).has_room(most) {
                continue;
            }
            for (form, cell) in &mut self.forms {
                if hidden.iter().any(|(municipality, _)| self.parts.contains_key(&(**municipality, *form))) {
                    cell.hide(Hiding::of(measure));
                }
            }
        }
    }

    /// A hidden form hides the shown one with the fewest visits as well (of equals, the first by code), until the hidden ones
    /// leave room; in the end all of them, zeros included. Not needed where a municipality is hidden whole: then nobody knows
    /// what the forms sum to.
    fn leave_room_for_forms(&mut self) {
        if self.municipalities.values().any(|cell| cell.hides(Measure::Visits)) {
            return;
        }
        while let Some(measure) = Measure::ALL.into_iter().find(|measure| !self.forms_have_room(*measure)) {
            let shown = self.forms.values_mut().filter(|cell| !cell.hides(measure) && cell.figures.get(measure) > 0);
            match shown.min_by_key(|cell| cell.figures.visits) {
                Some(smallest) => smallest.hide(Hiding::of(measure)),
                None => {
                    self.all_forms_hidden = true;
                    return;
                }
            }
        }
    }

    fn forms_have_room(&self, measure: Measure) -> bool {
        let mut forms = Hidden::of(self.forms.values().filter(|cell| cell.hides(measure)), measure);
        let mut sum_is_known = true;
        for cell in self.municipalities.values().filter(|cell| cell.hides(measure)) {
            sum_is_known = false;
            match cell.most(measure) {
                // What a hidden municipality could have over its true figure, the hidden forms could have too.
                Some(most) => forms.sum += most - cell.figures.get(measure),
                None => return true,
            }
        }
        !(sum_is_known && forms.number == 1) && forms.has_room(None)
    }

    pub fn published_municipalities(&self) -> impl Iterator<Item = (Municipality, ProtectedFigures)> {
        self.municipalities.iter().map(|(municipality, cell)| (*municipality, cell.publish()))
    }

    pub fn published_forms(&self) -> Vec<(ActivityForm, ProtectedFigures)> {
        if self.all_forms_hidden {
            return ActivityForm::all().map(|form| (form, ProtectedFigures::SUPPRESSED)).collect();
        }
        self.forms.iter().map(|(form, cell)| (*form, cell.publish())).collect()
    }
}

/// Hidden figures of one measure. Those that are zero are not counted: zeros are no secret and give no cover.
struct Hidden {
    number: u64,
    sum: u64,
}

impl Hidden {
    fn of<'a>(cells: impl Iterator<Item = &'a Cell>, measure: Measure) -> Hidden {
        let figures = cells.map(|cell| cell.figures.get(measure)).filter(|figure| *figure > 0);
        figures.fold(Hidden { number: 0, sum: 0 }, |hidden, figure| Hidden {
            number: hidden.number + 1,
            sum: hidden.sum + figure,
        })
    }

    /// Whether each of them keeps at least five possible values for whoever knows their sum, and that it is at most `most`.
    ///
    /// With 5 over their number, each can be 1 to 6. When the county is hidden because the sum is under that, each can still
    /// be 1 to 5, so that the hiding itself does not tell too much. From above it is the same.
    fn has_room(&self, most: Option<u64>) -> bool {
        let low = self.number + POSSIBLE_VALUES_MIN <= self.sum;
        let high = most.is_none_or(|most| self.sum + POSSIBLE_VALUES_MIN <= most);
        self.number == 0 || (low && high)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Published::{Exact, Rounded, Suppressed};
    use super::super::{Place, SensitiveRelease, release};
    use super::*;
    use crate::{Quarter, codes::County};

    /// Rows of associations that have agreed: municipality, form, visits and volunteers of twelve gatherings.
    fn released(rows: &[(&str, &str, u64, u64)]) -> SensitiveRelease {
        let rows: Vec<_> = rows.iter().zip(1..).map(|(row, number)| row_of(*row, number)).collect();
        release(Quarter::new(2026, 4).expect("quarter"), &rows, |_| true)
    }

    fn row_of((municipality, form, visits, volunteers): (&str, &str, u64, u64), association: u8) -> SensitiveRow {
        SensitiveRow {
            municipality: Municipality::parse(municipality).expect("code"),
            form: ActivityForm::parse(form).expect("code"),
            association: AssociationId::from_bytes([association; 16]),
            figures: Figures { gatherings: 12, visits, volunteers, quarter_hours: volunteers * 8 },
        }
    }

    /// The form in the county of Enontekiö, Inari, Kemijärvi …
    fn lapland(release: &SensitiveRelease, form: &str) -> ProtectedFigures {
        let county = County::parse("21").expect("code");
        release.figures(Place::CountyForm(county, ActivityForm::parse(form).expect("code")))
    }

    #[test]
    fn a_county_figure_is_hidden_where_it_would_be_the_rest_of_one_municipality() {
        let one = released(&[("047", "vertaistuki", 60, 5), ("148", "vertaistuki", 60, 20)]);
        assert_eq!(lapland(&one, "vertaistuki").visits, Rounded(120));
        assert_eq!(lapland(&one, "vertaistuki").volunteers, Suppressed);
        let two = released(&[("047", "vertaistuki", 60, 5), ("148", "vertaistuki", 60, 4)]);
        assert_eq!(lapland(&two, "vertaistuki").volunteers, Rounded(10));
    }

    #[test]
    fn two_hidden_sevens_do_not_show_through_their_county() {
        let sevens = released(&[("047", "vertaistuki", 60, 7), ("148", "vertaistuki", 60, 7)]);
        assert_eq!(lapland(&sevens, "vertaistuki").volunteers, Suppressed);
    }

    #[test]
    fn many_hidden_ones_do_not_show_through_their_county() {
        let places = ["047", "148", "240", "241", "261", "273", "320", "498", "583", "614", "683", "698"];
        let ones = released(&places.map(|place| (place, "vertaistuki", 60, 1)));
        assert_eq!(lapland(&ones, "vertaistuki").volunteers, Suppressed);
        assert_eq!(lapland(&ones, "vertaistuki").visits, Rounded(720));
    }

    #[test]
    fn a_hidden_form_hides_a_second_one_where_every_municipality_is_shown() {
        let release =
            released(&[("047", "vertaistuki", 60, 20), ("047", "omaishoito", 7, 20), ("148", "leiri", 90, 20)]);
        assert_eq!(lapland(&release, "omaishoito").visits, Suppressed);
        assert_eq!(lapland(&release, "vertaistuki").visits, Suppressed);
        assert_eq!(lapland(&release, "leiri").visits, Rounded(90));
        assert_eq!(lapland(&release, "kerho").visits, Exact(0));
    }

    #[test]
    fn a_county_form_fed_by_one_association_is_hidden_without_its_agreement() {
        let rows = ["047", "148"].map(|place| row_of((place, "vertaistuki", 60, 20), 1));
        let quarter = Quarter::new(2026, 4).expect("quarter");
        assert_eq!(lapland(&release(quarter, &rows, |_| false), "vertaistuki"), ProtectedFigures::SUPPRESSED);
        assert_eq!(lapland(&release(quarter, &rows, |_| true), "vertaistuki").visits, Rounded(120));
    }

    #[test]
    fn helsinki_follows_the_rule_of_the_municipality() {
        let rows = [row_of(("091", "vertaistuki", 60, 20), 1), row_of(("091", "omaishoito", 90, 20), 2)];
        let forms = ["vertaistuki", "omaishoito"].map(|form| ActivityForm::parse(form).expect("code"));
        let helsinki = County::parse("90").expect("code");
        let shown = |agreed: bool| {
            let release = release(Quarter::new(2026, 4).expect("quarter"), &rows, |_| agreed);
            forms.map(|form| release.figures(Place::CountyForm(helsinki, form)).visits)
        };
        assert_eq!(shown(true), [Rounded(60), Rounded(90)]);
        assert_eq!(shown(false), [Suppressed, Suppressed]);
    }
}
