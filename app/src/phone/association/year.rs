//! The association's year, computed from local records by the same functions as on the server.

use domain::{
    Date, Lang, Month,
    report::{AssociationReport, Row as ReportRow, Sums},
};
use leptos::prelude::*;

use crate::{
    format::{hours, number, tenths},
    phone::{
        association::import::Download,
        association::periods::ChangedSince,
        base::{
            phone::phone,
            widgets::{Show, YearSteps},
        },
        forms::people::PeopleQuestions,
    },
    texts::{association as t, common},
};

#[component]
pub fn YearPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let year = RwSignal::new(phone.clock.today.get_untracked().year());
    let report = Memo::new(move |_| {
        let rows = phone.records.gatherings();
        let year = year.get();
        let all = rows.iter().map(|row| ReportRow { gathering: &row.gathering, state: row.state });
        AssociationReport::new(
            all,
            Date::new(year, 1, 1).unwrap_or(Date::MIN),
            Date::new(year, 12, 31).unwrap_or(Date::MAX),
        )
    });
    let by_series = move || {
        let name = |id: &Option<domain::RecordId>| {
            let own = id.and_then(|id| phone.records.one_series(id));
            own.map_or_else(|| t::outside_series(lang).to_owned(), |series| series.name)
        };
        report.with(|report| report.by_series.iter().map(|(id, sums)| (name(id), *sums)).collect::<Vec<_>>())
    };
    let by_month = move || {
        let name = |month: &Month| common::month_name(lang, *month).to_owned();
        report.with(|report| report.by_month.iter().map(|(month, sums)| (name(month), *sums)).collect::<Vec<_>>())
    };
    let by_form = move || {
        report.with(|report| {
            report.by_form.iter().map(|(form, sums)| (form.name(lang).to_owned(), *sums)).collect::<Vec<_>>()
        })
    };
    let download = move |_| {
        let tables = [
            (t::by_series(lang), untrack(by_series)),
            (t::by_month(lang), untrack(by_month)),
            (t::by_form(lang), untrack(by_form)),
        ];
        let text = csv(lang, &tables, report.with_untracked(|report| report.total));
        let name = format!("hytevihko-{}.csv", year.get_untracked());
        phone.act(move |actions| actions.download(&name, &text));
    };
    let figure = move |name: fn(Lang) -> &'static str, value: fn(Lang, &Sums) -> String| {
        view! { <div><dt>{move || name(lang)}</dt><dd>{move || report.with(|report| value(lang, &report.total))}</dd></div> }
    };
    view! {
        <h1 tabindex="-1">{move || t::year_title(lang, year.get())}</h1>
        <YearSteps year />
        <Show when={move || report.with(|report| report.total.gatherings > 0)}
            fallback=move || view! { <p class="empty">{t::nothing_this_year(lang)}</p> }>
            <dl class="figures">
                {figure(common::gatherings, |lang, sums| number(lang, sums.gatherings.into()))}
                {figure(common::visits, |lang, sums| number(lang, sums.visits))}
                {figure(common::average, |lang, sums| sums.average_tenths().map_or_else(|| "–".into(), |value| tenths(lang, value)))}
                {figure(common::volunteers, |lang, sums| number(lang, sums.volunteers))}
                {figure(common::volunteer_hours, |lang, sums| hours(lang, sums.quarter_hours))}
            </dl>
            <p>
                {move || report.with(|report| {
                    t::counted_share(lang, report.total.counted * 100 / report.total.gatherings.max(1))
                })}
                " "
                {move || cancelled(lang, report.with(|report| report.cancelled))}
            </p>
            <ChangedSince
                first=Signal::derive(move || Date::new(year.get(), 1, 1).unwrap_or(Date::MIN))
                last=Signal::derive(move || Date::new(year.get(), 12, 31).unwrap_or(Date::MAX))
            />
            <FigureTable title=t::by_series rows=Signal::derive(by_series) />
            <FigureTable title=t::by_month rows=Signal::derive(by_month) />
            <FigureTable title=t::by_form rows=Signal::derive(by_form) />
            <PeopleQuestions year />
            <p class="row"><button class="button" on:click=download>{common::download_csv(lang)}</button></p>
        </Show>
        <Download />
    }
}

#[component]
fn FigureTable(title: fn(Lang) -> &'static str, rows: Signal<Vec<(String, Sums)>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let row = move |(name, sums): (String, Sums)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{number(lang, sums.gatherings.into())}</td>
                <td>{number(lang, sums.visits)}</td>
                <td>{sums.average_tenths().map(|value| tenths(lang, value))}</td>
                <td>{number(lang, sums.volunteers)}</td>
                <td>{hours(lang, sums.quarter_hours)}</td>
            </tr>
        }
    };
    view! {
        <section>
            <h2>{move || title(lang)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=move || title(lang)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{move || title(lang)}</th>
                            <th scope="col">{common::gatherings(lang)}</th>
                            <th scope="col">{common::visits(lang)}</th>
                            <th scope="col">{common::average(lang)}</th>
                            <th scope="col">{common::volunteers(lang)}</th>
                            <th scope="col">{common::volunteer_hours(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn cancelled(lang: Lang, count: u32) -> Option<String> {
    (count > 0).then(|| t::cancelled_count(lang, count))
}

/// UTF-8 with BOM and `;`, as spreadsheets in Finland open it. A name that starts like a formula is made text.
fn csv(lang: Lang, tables: &[(&'static str, Vec<(String, Sums)>)], total: Sums) -> String {
    let line = |table: &str, name: &str, sums: &Sums| {
        let average = sums.average_tenths().map(|value| tenths(lang, value)).unwrap_or_default();
        format!(
            "{};{};{};{};{average};{};{}\r\n",
            text_cell(table),
            text_cell(name),
            sums.gatherings,
            sums.visits,
            sums.volunteers,
            hours(lang, sums.quarter_hours).replace('\u{a0}', "")
        )
    };
    let mut out = format!(
        "\u{feff};;{};{};{};{};{}\r\n",
        common::gatherings(lang),
        common::visits(lang),
        common::average(lang),
        common::volunteers(lang),
        common::volunteer_hours(lang)
    );
    out.push_str(&line(common::together(lang), "", &total));
    for (title, rows) in tables {
        for (name, sums) in rows {
            out.push_str(&line(title, name, sums));
        }
    }
    out
}

fn text_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([';', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula_or_a_column_of_its_own() {
        assert_eq!(text_cell("=1+1"), "'=1+1");
        assert_eq!(text_cell("a;b \"c\""), "\"a;b \"\"c\"\"\"");
        assert_eq!(text_cell("Maanantaikerho"), "Maanantaikerho");
    }
}
