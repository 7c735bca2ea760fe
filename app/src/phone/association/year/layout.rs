//! Lays out the figures of a report: the whole as a list, each table as a table, and beside each figure what it covers.

use std::sync::Arc;

use domain::{
    Lang, Month,
    report::{
        chart::{
            model::{self, Chart},
            svg::{self, Texts},
        },
        export::{self, Cell},
        key::{Dimension, Group, Key, Table},
        measure::Measure,
        packs::Pack,
        range::Range,
        summing::percent_of,
        tidy::{self, Figure, Span, Words},
        words::{self, InWords},
        written::{self, is_of_a_part, value, with_cover},
    },
};
use leptos::{prelude::*, task::spawn_local};

use super::{choice::days_text, work::Done};
use crate::{
    phone::{
        association::{
            asked::{Answer, Asking, place},
            missing::still_open,
            slices::{Latest, breathe},
        },
        base::{phone::phone, widgets::Folded},
    },
    texts::{association as t, common},
};

/// What is shown large, where a pack has it.
const LARGE: [Measure; 5] =
    [Measure::Gatherings, Measure::Visits, Measure::Average, Measure::Volunteers, Measure::VolunteerHours];

/// The tables that are not folded.
const OPEN: [Table; 3] = [Table::Whole, Table::BySeries, Table::ByMonth];

/// Figures that stand together.
#[derive(Clone, Debug)]
struct Section {
    table: Table,
    is_compared: bool,
    figures: Vec<Figure>,
}

/// Cuts the figures where the table changes.
fn sections(figures: &[Figure]) -> Vec<Section> {
    let same = |a: &Figure, b: &Figure| a.table == b.table && (a.span == Span::Whole) == (b.span == Span::Whole);
    let cut = |figures: &[Figure]| {
        let first = figures.first()?;
        Some(Section { table: first.table, is_compared: first.span != Span::Whole, figures: figures.to_vec() })
    };
    let all = figures.chunk_by(same).filter_map(cut);
    // What a pack has in two places stands in one.
    let mut out: Vec<Section> = Vec::new();
    for section in all {
        match out.iter_mut().find(|one| (one.table, one.is_compared) == (section.table, section.is_compared)) {
            Some(before) => before.figures.extend(section.figures),
            None => out.push(section),
        }
    }
    out
}

/// What is drawn of a section: its figures, and the report that they are of.
type Content = (Arc<Done>, Arc<Vec<Figure>>);

/// A section's place on the screen. What stands in it is drawn anew with the next report, so that the page does not jump.
#[derive(Clone)]
struct Slot {
    table: Table,
    is_compared: bool,
    /// Drawn before the figures, which stand under them.
    charts: ArcRwSignal<Option<Content>>,
    figures: ArcRwSignal<Option<Content>>,
}

impl Slot {
    fn of(section: &Section) -> Slot {
        let Section { table, is_compared, .. } = *section;
        Slot { table, is_compared, charts: ArcRwSignal::new(None), figures: ArcRwSignal::new(None) }
    }

    fn is_of(&self, section: &Section) -> bool {
        (self.table, self.is_compared) == (section.table, section.is_compared)
    }

    /// The tables that everybody asks for stand open: of a year, all together are fifteen screens. On paper every one is open.
    fn is_open(&self) -> bool {
        !self.is_compared && OPEN.contains(&self.table)
    }
}

/// The sections of a report, each drawn in slices, the whole first. `drawn` is the report that has been drawn to its end.
#[component]
pub fn Layout(
    done: RwSignal<Option<Arc<Done>>>,
    drawn: RwSignal<Option<Arc<Done>>>,
    /// Somebody prints: what is folded is drawn, too.
    is_printed: RwSignal<bool>,
) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let slots = RwSignal::new(Vec::<Slot>::new());
    let latest = Latest::new();
    Effect::new(move |_| {
        let Some(now) = done.get() else { return };
        spawn_local(draw(now, latest.begin(), slots, drawn));
    });
    let one = move |slot: Slot| match (slot.table, slot.is_compared) {
        (Table::Whole, false) => whole(lang, slot.figures),
        _ => table(lang, slot, is_printed),
    };
    let lead = move || done.with(|done| done.as_ref().and_then(|done| paragraph(lang, done)));
    view! {
        {move || lead().map(|text| view! { <p class="lead">{text}</p> })}
        <For each=move || slots.get() key=|slot| (slot.table, slot.is_compared) let:slot>{one(slot)}</For>
    }
}

/// Draws one section after the other, until another report is there.
async fn draw(
    now: Arc<Done>,
    goes_on: impl Fn() -> bool,
    slots: RwSignal<Vec<Slot>>,
    drawn: RwSignal<Option<Arc<Done>>>,
) {
    let sections = sections(&now.figures);
    if !goes_on() {
        return;
    }
    slots.update(|slots| slots.retain(|slot| sections.iter().any(|section| slot.is_of(section))));
    for (at, section) in sections.into_iter().enumerate() {
        let known = slots.with_untracked(|slots| slots.iter().find(|slot| slot.is_of(&section)).cloned());
        let slot = known.unwrap_or_else(|| {
            let slot = Slot::of(&section);
            slots.update(|slots| slots.insert(at.min(slots.len()), slot.clone()));
            slot
        });
        let content = (now.clone(), Arc::new(section.figures));
        for part in [slot.charts, slot.figures] {
            part.set(Some(content.clone()));
            breathe().await;
            if !goes_on() {
                return;
            }
        }
    }
    drawn.set(Some(now));
}

/// The sentences of the annual report, one after the other.
fn paragraph(lang: Lang, done: &Done) -> Option<String> {
    let in_words = InWords { lang, series: &done.series };
    (!done.sentences.is_empty()).then(|| written::paragraph(&in_words, &done.sentences))
}

fn whole(lang: Lang, figures: ArcRwSignal<Option<Content>>) -> AnyView {
    let figures = RwSignal::from(figures);
    let open = use_context::<Asking>().map_or_else(|| RwSignal::new(false), |asking| asking.unfolded);
    let large = move || {
        let (done, figures) = figures.get()?;
        let in_words = InWords { lang, series: &done.series };
        let list = |figures: &mut dyn Iterator<Item = &Figure>| {
            let item = |figure: &Figure| {
                view! { <div><dt>{words::name(lang, figure.measure)}</dt><dd>{value(&in_words, figure)}</dd></div> }
            };
            let items = figures.filter(|figure| LARGE.contains(&figure.measure)).map(item).collect_view();
            view! { <dl class="figures">{items}</dl> }
        };
        // A funder asks what came of its own money: that stands first, and the whole is called so.
        let of_funders =
            done.figures.iter().filter(|figure| done.pack == Pack::Stea && figure.table == Table::ByFunder);
        let of_funders: Vec<&Figure> = of_funders.filter(|figure| figure.group.0 != Group::Funder(None)).collect();
        let funder = |of_one: &[&Figure]| {
            let name = of_one.first().map(|figure| in_words.key(&figure.group));
            view! { <h2>{name}</h2>{list(&mut of_one.iter().copied())} }
        };
        let funders = of_funders.chunk_by(|a, b| a.group == b.group).map(funder).collect_view();
        let whole = (!of_funders.is_empty()).then(|| view! { <h2>{words::table(lang, Table::Whole)}</h2> });
        Some(view! { {funders}{whole}{list(&mut figures.iter())} })
    };
    // What may still change them is not folded: who takes the figures out has to know.
    let may_change = move || {
        let (_, figures) = figures.get()?;
        let covers = figures.iter().find(|figure| figure.measure == Measure::Gatherings)?.covers;
        still_open(lang, covers.waiting, covers.missing_weeks.unwrap_or(0))
    };
    let list = move || {
        let (done, figures) = figures.get()?;
        let in_words = InWords { lang, series: &done.series };
        let item = |figure: &Figure| {
            let measure = figure.measure;
            view! {
                <li id=place(figure) tabindex=place(figure).map(|_| "-1")>
                    <p><strong>{words::name(lang, measure)}": "{value(&in_words, figure)}</strong></p>
                    <p>{cover(lang, figure)}</p>
                    <Answer figure=figure.clone() group="" />
                    <Explained measure />
                </li>
            }
        };
        Some(figures.iter().map(item).collect_view())
    };
    view! {
        {large}
        {may_change}
        <Folded summary=t::all_figures(lang) open>
            <ul class="list">{list}</ul>
            <Download of=figures table=Table::Whole />
        </Folded>
    }
    .into_any()
}

/// What a measure means, folded.
#[component]
fn Explained(measure: Measure) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    view! {
        <details>
            <summary>{t::where_from(lang)}<span class="visually-hidden">" "{words::name(lang, measure)}</span></summary>
            <p>{words::definition(lang, measure)}</p>
        </details>
    }
}

/// The charts of a table: of each measure that this pack draws.
fn charts(lang: Lang, done: &Done, table: Table, is_compared: bool) -> Option<AnyView> {
    let in_words = InWords { lang, series: &done.series };
    let value = |figure: &Figure| with_cover(&in_words, figure);
    let month = |month: Month| common::month_short(lang, month).to_owned();
    let texts = Texts { words: &in_words, value: &value, month: &month };
    let draw = |measure: &Measure| {
        let chart = Chart::of(&done.figures, table, is_compared, *measure, done.comparison)?;
        let compared = if is_compared { "-compared" } else { "" };
        let id = format!("chart-{}-{}{compared}", table.code(), measure.code()).replace('_', "-");
        Some(svg::both(&chart, &texts, &id))
    };
    let drawn: String = model::measures(done.pack).iter().filter_map(draw).collect();
    (!drawn.is_empty()).then(|| view! { <div class="charts" inner_html=drawn></div> }.into_any())
}

/// A row of a table: a group, and of a comparison one of its measures. Each figure has its column.
struct TableRow<'a> {
    key: Key<'static>,
    measure: Option<Measure>,
    figures: Vec<(usize, &'a Figure)>,
}

fn table(lang: Lang, slot: Slot, is_printed: RwSignal<bool>) -> AnyView {
    let Slot { table, is_compared, .. } = slot;
    let is_open = slot.is_open();
    let (charted, figures) = (RwSignal::from(slot.charts), RwSignal::from(slot.figures));
    let heading = title(lang, table, is_compared);
    let content = move || {
        view! {
            {move || charted.get().and_then(|(done, _)| charts(lang, &done, table, is_compared))}
            {move || figures.get().map(|(done, figures)| rows(lang, (table, is_compared), &done, &figures))}
            <Download of=figures table />
        }
    };
    if is_open {
        return view! { <section><h2>{heading}</h2>{content()}</section> }.into_any();
    }
    // Drawn when it is opened for the first time: most of a report's tables never are.
    let open = RwSignal::new(false);
    let drawn = Memo::new(move |before: Option<&bool>| before == Some(&true) || open.get() || is_printed.get());
    let toggled =
        move |event: leptos::ev::Event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    view! {
        <details on:toggle=toggled>
            <summary><h2>{heading}</h2></summary>
            {move || drawn.get().then(content)}
        </details>
    }
    .into_any()
}

fn title(lang: Lang, table: Table, is_compared: bool) -> String {
    match is_compared {
        true => t::compared_title(lang, words::table(lang, table)),
        false => words::table(lang, table).to_owned(),
    }
}

/// The table itself, and what has to be known of it.
fn rows(lang: Lang, (table, is_compared): (Table, bool), done: &Done, figures: &[Figure]) -> AnyView {
    let in_words = InWords { lang, series: &done.series };
    // A row is a group, with a column for each measure; of a comparison, a group and a measure, with a column for each span; of months
    // of groups, a group with a column for each month.
    let is_of_months = table.dimensions().1 == Dimension::Month;
    let measure_of = |figure: &Figure| is_compared.then_some(figure.measure);
    let key_of = |figure: &Figure| match is_of_months {
        true => Key(figure.group.0.clone(), Group::All),
        false => figure.group.clone(),
    };
    let column_of = |figure: &Figure| match is_compared {
        true => in_words.span(figure.span),
        false if is_of_months => month_text(lang, done.range, &figure.group.1),
        false => words::name(lang, figure.measure).to_owned(),
    };
    let mut figures: Vec<&Figure> = figures.iter().collect();
    if is_of_months {
        figures.sort_by(|a, b| a.group.1.cmp(&b.group.1));
    }
    let mut columns: Vec<String> = Vec::new();
    let mut rows: Vec<TableRow<'_>> = Vec::new();
    for figure in figures.iter().copied() {
        let column = column_of(figure);
        let at = columns.iter().position(|known| *known == column).unwrap_or(columns.len());
        if at == columns.len() {
            columns.push(column);
        }
        let (key, measure) = (key_of(figure), measure_of(figure));
        match rows.iter_mut().find(|row| (&row.key, row.measure) == (&key, measure)) {
            Some(row) => row.figures.push((at, figure)),
            None => rows.push(TableRow { key, measure, figures: vec![(at, figure)] }),
        }
    }
    if is_of_months {
        rows.sort_by(|a, b| a.key.cmp(&b.key));
    }
    let body = rows.iter().map(|TableRow { key, measure, figures }| {
        let names = [in_words.group(&key.0), in_words.group(&key.1)];
        let measure = measure.map(|measure| words::name(lang, measure).to_owned());
        let names: Vec<String> = names.into_iter().chain(measure).filter(|name| !name.is_empty()).collect();
        let cell = |column: usize| {
            let figure = figures.iter().find(|(at, _)| *at == column).map(|(_, figure)| *figure);
            let place = figure.and_then(place);
            let tabindex = place.as_ref().map(|_| "-1");
            let answer = figure.map(|figure| view! { <Answer figure=figure.clone() group=names.join(" ") /> });
            view! {
                <td id=place tabindex=tabindex>{figure.map(|figure| with_cover(&in_words, figure))}{answer}</td>
            }
        };
        view! { <tr><th scope="row">{names.join(" · ")}</th>{(0..columns.len()).map(cell).collect_view()}</tr> }
    });
    let body = body.collect_view();
    let head = columns.iter().map(|column| view! { <th scope="col">{column.clone()}</th> }).collect_view();
    let is_part = figures.iter().copied().any(is_of_a_part);
    let days = done.comparison.filter(|_| is_compared).map(|comparison| {
        let text = |days: domain::report::range::Days| days_text(lang, days.first, days.last);
        t::compared_days(lang, text(comparison.now), text(comparison.before))
    });
    let (head_of_names, label) = (title(lang, table, is_compared), title(lang, table, is_compared));
    let class = if is_of_months { "dense" } else { "" };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class=class>
                <thead><tr><th scope="col">{head_of_names}</th>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        {days.map(|text| view! { <p>{text}</p> })}
        {is_part.then(|| view! { <p>{t::cover_note(lang)}</p> })}
        {table.overlaps().then(|| view! { <p>{t::overlaps(lang)}</p> })}
    }
    .into_any()
}

/// A month as the head of its column; of a calendar year without the year.
fn month_text(lang: Lang, range: Range, group: &Group<'_>) -> String {
    match group {
        Group::Month(month) if range.whole_year().is_some() => common::month_short(lang, *month).to_owned(),
        Group::Month(month) => format!("{} {}", common::month_short(lang, *month), month.year()),
        _ => String::new(),
    }
}

/// The figures of a section as a file: one a row, with what each covers.
#[component]
fn Download(of: RwSignal<Option<Content>>, table: Table) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let download = move |_| {
        let Some((done, figures)) = of.get_untracked() else { return };
        let in_words = InWords { lang, series: &done.series };
        let header: Vec<Cell> = tidy::header(&in_words);
        let mut text = export::csv(lang, [header.as_slice()]);
        for figure in figures.iter() {
            export::push_row(lang, &tidy::cells(&in_words, figure), &mut text);
        }
        let name = format!("hytevihko-{}-{}-{}.csv", done.range, done.pack.code(), table.code());
        phone.act(move |actions| actions.download(&name, &text));
    };
    view! {
        <p class="row">
            <button class="button quiet" on:click=download>
                {common::download_csv(lang)}<span class="visually-hidden">" "{words::table(lang, table)}</span>
            </button>
        </p>
    }
}

/// Over what a figure is known, and what may still change it.
pub(super) fn cover(lang: Lang, figure: &Figure) -> String {
    let covers = figure.covers;
    let mut out = Vec::new();
    if !covers.is_whole() {
        out.push(match covers.is_of_groups {
            true => t::cover_groups(lang, covers.known, covers.of),
            false => t::cover_part(lang, covers.known, covers.of),
        });
    }
    let sum = u64::from(figure.basis.sum());
    if sum > 0 {
        let percent = |count: u32| t::percent(lang, percent_of(count.into(), sum));
        let basis = figure.basis;
        out.push(t::cover_basis(lang, percent(basis.counted), percent(basis.sample), percent(basis.estimated)));
    }
    if covers.waiting > 0 {
        out.push(t::cover_waiting(lang, covers.waiting));
    }
    if let Some(weeks @ 1..) = covers.missing_weeks {
        out.push(t::cover_missing(lang, weeks));
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{format, phone::association::year::choice::range_text};
    use domain::{
        Date,
        report::{
            range::Range,
            tidy::{Basis, Cover, Value},
        },
    };

    fn figure(value: Value, known: u32, of: u32) -> Figure {
        Figure {
            table: Table::Whole,
            group: Key::all(),
            span: Span::Whole,
            measure: Measure::Residents,
            value,
            covers: Cover { known, of, waiting: 4, missing_weeks: Some(3), ..Cover::default() },
            basis: Basis { counted: 91, sample: 3, estimated: 6 },
        }
    }

    #[test]
    fn a_figure_over_a_part_is_never_shown_as_the_whole() {
        let series = std::collections::BTreeMap::new();
        let in_words = InWords { lang: Lang::Fi, series: &series };
        let text = |figure: &Figure| with_cover(&in_words, figure);
        assert_eq!(text(&figure(Value::Count(120), 38, 52)), "120 (38/52)");
        assert_eq!(text(&figure(Value::Count(120), 52, 52)), "120");
        assert_eq!(text(&figure(Value::Range { least: 13, most: 673 }, 2, 3)), "13–673 (2/3)");
        assert_eq!(text(&figure(Value::Change(-12), 1, 1)), "−12");
    }

    /// The report has its numbers and days from its own words, which a phone has in every language.
    #[test]
    fn numbers_and_days_of_a_report_are_written_as_those_of_the_screens() {
        for lang in Lang::offered() {
            for count in [0, 7, 999, 1_234, 12_345, 1_234_567] {
                assert_eq!(written::number(lang, count), format::number(lang, count));
                assert_eq!(written::tenths(lang, count), format::tenths(lang, count));
                assert_eq!(written::hours(lang, count), format::hours(lang, count));
            }
            for code in ["2026", "2026-H1", "2026-Q4", "2026-03", "2026-01-05..2026-02-03"] {
                let range = Range::parse(code).expect("a code");
                assert_eq!(written::range(lang, range), range_text(lang, range));
            }
            let share = figure(Value::Share { part: 1, of: 4 }, 4, 4);
            let series = std::collections::BTreeMap::new();
            let percent = t::percent(lang, 25);
            assert!(value(&InWords { lang, series: &series }, &share).ends_with(&format!("({percent})")));
            let day = Date::constant(2026, 2, 3);
            assert_eq!(written::day(lang, day), format::day(lang, day));
        }
    }

    #[test]
    fn a_figure_says_what_it_covers() {
        let expected = "Tiedossa 38 / 52 kerrasta. Laskettu 91\u{a0}%, otos 3\u{a0}%, arvio 6\u{a0}%. Odottaa hyväksyntää: 4. \
                        Viikkoja kirjaamatta: 3.";
        assert_eq!(cover(Lang::Fi, &figure(Value::Count(120), 38, 52)), expected);
    }
}
