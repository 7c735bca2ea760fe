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
        range::Range,
        summing::percent_of,
        tidy::{self, Figure, Span, Words},
        words::{self, InWords},
        written::{self, is_of_a_part, value, with_cover},
    },
};
use leptos::prelude::*;

use super::{choice::days_text, work::Done};
use crate::{
    phone::{
        association::asked::{Answer, Asking, place},
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

#[component]
pub fn Layout(done: Arc<Done>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let paragraph = paragraph(lang, &done);
    let sections = sections(&done.figures).into_iter().map(|section| {
        let is_whole = section.table == Table::Whole && !section.is_compared;
        if is_whole { whole(lang, &done, section) } else { table(lang, done.clone(), section) }
    });
    view! {
        {paragraph.map(|text| view! { <p class="lead">{text}</p> })}
        {sections.collect_view()}
    }
}

/// The sentences of the annual report, one after the other.
fn paragraph(lang: Lang, done: &Done) -> Option<String> {
    let in_words = InWords { lang, series: &done.series };
    (!done.sentences.is_empty()).then(|| written::paragraph(&in_words, &done.sentences))
}

fn whole(lang: Lang, done: &Arc<Done>, section: Section) -> AnyView {
    let large = section.figures.iter().filter(|figure| LARGE.contains(&figure.measure)).map(|figure| {
        let in_words = InWords { lang, series: &done.series };
        view! { <div><dt>{words::name(lang, figure.measure)}</dt><dd>{value(&in_words, figure)}</dd></div> }
    });
    let large = large.collect_view();
    let open = use_context::<Asking>().map_or_else(|| RwSignal::new(false), |asking| asking.unfolded);
    let (of_list, of_file) = (done.clone(), done.clone());
    let figures = Arc::new(section.figures);
    let listed = figures.clone();
    let list = move || {
        let item = |figure: &Figure| {
            let in_words = InWords { lang, series: &of_list.series };
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
        listed.iter().map(item).collect_view()
    };
    view! {
        <dl class="figures">{large}</dl>
        <Folded summary=t::all_figures(lang) open>
            <ul class="list">{list()}</ul>
        </Folded>
        <Download done=of_file table=Table::Whole figures />
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

fn table(lang: Lang, done: Arc<Done>, section: Section) -> AnyView {
    let Section { table, is_compared, figures } = section;
    let in_words = InWords { lang, series: &done.series };
    let title = match is_compared {
        true => t::compared_title(lang, words::table(lang, table)),
        false => words::table(lang, table).to_owned(),
    };
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
    let mut figures = figures;
    if is_of_months {
        figures.sort_by(|a, b| a.group.1.cmp(&b.group.1));
    }
    let mut columns: Vec<String> = Vec::new();
    let mut rows: Vec<TableRow<'_>> = Vec::new();
    for figure in &figures {
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
    let is_part = figures.iter().any(is_of_a_part);
    let days = done.comparison.filter(|_| is_compared).map(|comparison| {
        let text = |days: domain::report::range::Days| days_text(lang, days.first, days.last);
        t::compared_days(lang, text(comparison.now), text(comparison.before))
    });
    let (heading, label) = (title.clone(), title.clone());
    let class = if is_of_months { "dense" } else { "" };
    let content = view! {
        {charts(lang, &done, table, is_compared)}
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class=class>
                <thead><tr><th scope="col">{title}</th>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        {days.map(|text| view! { <p>{text}</p> })}
        {is_part.then(|| view! { <p>{t::cover_note(lang)}</p> })}
        {table.overlaps().then(|| view! { <p>{t::overlaps(lang)}</p> })}
        <Download done=done.clone() table figures=Arc::new(figures) />
    };
    // The tables that everybody asks for stand open: of a year, all together are fifteen screens. On paper every one is open.
    match !is_compared && OPEN.contains(&table) {
        true => view! { <section><h2>{heading}</h2>{content}</section> }.into_any(),
        false => view! { <details><summary><h2>{heading}</h2></summary>{content}</details> }.into_any(),
    }
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
fn Download(done: Arc<Done>, table: Table, figures: Arc<Vec<Figure>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let download = move |_| {
        let in_words = InWords { lang, series: &done.series };
        let header: Vec<Cell> = tidy::header(&in_words);
        let mut text = export::csv(lang, [header.as_slice()]);
        for figure in figures.iter() {
            export::push_row(lang, &tidy::cells(&in_words, figure), &mut text);
        }
        let name = format!("hytevihko-{}-{}.csv", done.range, table.code());
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
