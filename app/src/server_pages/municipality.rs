//! The coordinator's page: one year of a municipality as a sentence, a chart and tables. All figures come from one
//! protected report.

use domain::{
    Date, Lang, Month, Quarter,
    codes::{ActivityForm, Municipality},
    gathering::AGE_BANDS,
    municipality_report::MunicipalityReport,
    protection::{Breakdown, Place, Published},
};
use leptos::prelude::*;

use super::{
    areas::ChooseMunicipality,
    bar_chart::{Bar, BarChart},
    document::{Document, Files},
    published,
};
use crate::{
    format::{day, hours, number, tenths},
    texts::{common, coordinator as t, pages},
};

#[component]
pub fn MunicipalityPage(
    lang: Lang,
    files: Files,
    report: MunicipalityReport,
    /// Municipalities that the coordinator may look at, with this one.
    choices: Vec<Municipality>,
    today: Date,
) -> impl IntoView {
    // Whoever has one needs no choice, and no code in the address.
    let of_which = match choices.as_slice() {
        [_] => String::new(),
        _ => format!("kunta={}&", report.municipality.code()),
    };
    let address = |year: i16| format!("/kunta?{of_which}vuosi={year}");
    let csv = format!("/kunta/csv?{of_which}vuosi={}", report.year);
    let name = report.municipality.name(lang);
    let title = t::title(lang, name, report.year);
    let years =
        [report.year - 1, report.year].into_iter().chain((today.year() > report.year).then_some(report.year + 1));
    let year_links = years
        .map(|year| {
            let current = (year == report.year).then_some("page");
            view! { <li><a href=address(year) aria-current=current>{year}</a></li> }
        })
        .collect_view();
    let bars = report
        .ordinary
        .months()
        .zip(report.year_before.months())
        .map(|(month, before)| Bar {
            month,
            now: report.ordinary.month_total(month).gatherings,
            before: report.year_before.month_total(before).gatherings,
        })
        .collect::<Vec<_>>();
    let latest = report.completeness.last().copied();
    view! {
        <Document lang files title=title.clone() here=address(report.year).replace('&', "%26")>
            <h1>{title}</h1>
            <ChooseMunicipality lang choices current=report.municipality year=report.year />
            <nav class="pick municipality-years" aria-label=t::choose_year(lang)><ul>{year_links}</ul></nav>
            <p class="lead">{sentence(lang, &report)}</p>
            <p>{t::ordinary_scope(lang)}</p>
            {latest.map(|(month, of)| view! {
                <p class="notice">
                    {t::reported(lang, of.reported, of.expected, common::month_name(lang, month))} " "
                    {report.ordinary.provisional().percent().map(|percent| t::provisional_share(lang, percent))}
                </p>
            })}
            <section aria-labelledby="chart-title">
                <h2 id="chart-title">{t::chart_title(lang)}</h2>
                <p>{t::chart_help(lang, report.year, report.year - 1)}</p>
                <BarChart lang bars title_id="chart-title" />
            </section>
            <KeyFigures lang report=report.clone() />
            <OrdinaryTable lang report=report.clone() />
            <SensitiveTable lang report=report.clone() />
            <section aria-labelledby="total-title">
                <h2 id="total-title">{t::total_title(lang)}</h2>
                <p>{t::total_sentence(lang, published::sum(lang, report.all_gatherings().sum()))}</p>
            </section>
            <Breakdowns lang report=report.clone() />
            <CompletenessTable lang report=report.clone() />
            <p class="row">
                <a class="button quiet" href="/kunta/yhdistykset">{crate::texts::invites::link(lang)}</a>
                <a class="button" href=csv download="">{common::download_csv(lang)}</a>
            </p>
            <footer>
                <p>{t::protection_note(lang)}</p>
                <p>{t::source_note(lang, day(lang, today))}</p>
                <form method="post" action="/kirjaudu/ulos"><button class="button quiet">{common::sign_out(lang)}</button></form>
            </footer>
        </Document>
    }
}

fn sentence(lang: Lang, report: &MunicipalityReport) -> String {
    let closed = report.closed_months;
    let Some(last) = Month::new(report.year, closed) else { return t::sentence_nothing(lang).to_owned() };
    let months = match closed {
        1 => t::months_january(lang).to_owned(),
        12 => t::months_whole(lang).to_owned(),
        _ => {
            let name = common::month_name(lang, last);
            t::months_of(lang, name.strip_suffix("kuu").unwrap_or(name))
        }
    };
    let comparison = report.comparison();
    let now = number(lang, comparison.now);
    match comparison.percent() {
        None => t::sentence_first(lang, months, now),
        Some(0) => t::sentence_same(lang, months, now),
        Some(percent) if percent > 0 => t::sentence_more(lang, months, now, percent),
        Some(percent) => t::sentence_less(lang, months, now, -percent),
    }
}

#[component]
fn KeyFigures(lang: Lang, report: MunicipalityReport) -> impl IntoView {
    let (now, before) = (report.ordinary.total(), report.year_before.total());
    let pair = |name: &'static str, now: String, before: String| {
        view! { <tr><th scope="row">{name}</th><td>{now}</td><td>{before}</td></tr> }
    };
    let single = |name: &'static str, value: String| pair(name, value, "–".to_owned());
    view! {
        <section>
            <h2 id="key-title">{t::key_figures(lang)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="key-title">
                <table>
                    <thead><tr><td></td><th scope="col">{report.year}</th><th scope="col">{report.year - 1}</th></tr></thead>
                    <tbody>
                        {pair(common::gatherings(lang), number(lang, now.gatherings), number(lang, before.gatherings))}
                        {pair(common::visits(lang), number(lang, now.visits), number(lang, before.visits))}
                        {pair(common::volunteers(lang), number(lang, now.volunteers), number(lang, before.volunteers))}
                        {pair(common::volunteer_hours(lang), hours(lang, now.quarter_hours), hours(lang, before.quarter_hours))}
                        {single(t::per_thousand(lang), tenths(lang, report.visits_per_thousand_tenths()))}
                        {single(t::free_share(lang), number(lang, report.free))}
                        {single(t::open_share(lang), number(lang, report.open))}
                        {single(t::premises(lang), number(lang, report.municipal_premises))}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn OrdinaryTable(lang: Lang, report: MunicipalityReport) -> impl IntoView {
    let table = report.ordinary.clone();
    let months: Vec<Month> = table.months().collect();
    let forms = table.forms();
    if forms.is_empty() {
        return view! {
            <section><h2>{t::ordinary_title(lang)}</h2><p>{t::ordinary_empty(lang)}</p></section>
        }
        .into_any();
    }
    let cell = |gatherings: u64, visits: u64| {
        if gatherings == 0 {
            "0".to_owned()
        } else {
            format!("{} ({})", number(lang, gatherings), number(lang, visits))
        }
    };
    let head =
        months.iter().map(|month| view! { <th scope="col">{common::month_short(lang, *month)}</th> }).collect_view();
    let row = |form: ActivityForm| {
        let cells = months
            .iter()
            .map(|month| {
                let activity = table.cell(form, *month);
                view! { <td>{cell(activity.gatherings, activity.visits)}</td> }
            })
            .collect_view();
        let total = table.form_total(form);
        view! {
            <tr>
                <th scope="row">{form.name(lang)}</th>
                {cells}
                <td class="sum">{cell(total.gatherings, total.visits)}</td>
            </tr>
        }
    };
    let sums = months
        .iter()
        .map(|month| {
            let sum = table.month_total(*month);
            view! { <td>{cell(sum.gatherings, sum.visits)}</td> }
        })
        .collect_view();
    let total = table.total();
    view! {
        <section>
            <h2 id="ordinary-title">{t::ordinary_title(lang)}</h2>
            <p>{t::ordinary_lead(lang)}</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="ordinary-title">
                <table class="dense">
                    <thead>
                        <tr><th scope="col">{pages::activity_form(lang)}</th>{head}<th scope="col">{common::together(lang)}</th></tr>
                    </thead>
                    <tbody>{forms.into_iter().map(row).collect_view()}</tbody>
                    <tfoot>
                        <tr><th scope="row">{common::together(lang)}</th>{sums}<td class="sum">{cell(total.gatherings, total.visits)}</td></tr>
                    </tfoot>
                </table>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn SensitiveTable(lang: Lang, report: MunicipalityReport) -> impl IntoView {
    let place = Place::Municipality(report.municipality);
    let name = |quarter: Quarter| t::quarter_name(lang, quarter.number(), quarter.year());
    let released = report.releases.iter().map(|(release_number, release)| {
        let figures = release.figures(place);
        view! {
            <tr>
                <th scope="row">{name(release.quarter())}</th>
                <td>{published::cell(lang, figures.gatherings)}</td>
                <td>{published::cell(lang, figures.visits)}</td>
                <td>{published::cell(lang, figures.volunteers)}</td>
                <td>{published::cell(lang, figures.hours)}</td>
                <td>{t::release_number(lang, *release_number)}</td>
            </tr>
        }
    });
    let coming = report.quarters_to_come().into_iter().map(|quarter| {
        view! {
            <tr>
                <th scope="row">{name(quarter)}</th>
                <td colspan="5">{t::to_come(lang, day(lang, quarter.release_day()))}</td>
            </tr>
        }
    });
    let year = report.sensitive_year;
    view! {
        <section>
            <h2 id="sensitive-title">{t::sensitive_title(lang)}</h2>
            <p>{t::sensitive_lead(lang)}</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="sensitive-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t::quarter(lang)}</th>
                            <th scope="col">{common::gatherings(lang)}</th>
                            <th scope="col">{common::visits(lang)}</th>
                            <th scope="col">{common::volunteers(lang)}</th>
                            <th scope="col">{t::hours(lang)}</th>
                            <th scope="col">{t::release(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{released.collect_view()}{coming.collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{t::year_so_far(lang)}</th>
                            <td>{published::sum(lang, year.gatherings)}</td>
                            <td>{published::sum(lang, year.visits)}</td>
                            <td>{published::sum(lang, year.volunteers)}</td>
                            <td>{published::sum(lang, year.hours)}</td>
                            <td></td>
                        </tr>
                    </tfoot>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Breakdowns(lang: Lang, report: MunicipalityReport) -> impl IntoView {
    let Some(all) = report.breakdowns.clone() else {
        let day = Quarter::new(report.year, 4).map(|quarter| day(lang, quarter.release_day()));
        return view! {
            <section><h2>{t::breakdowns_title(lang)}</h2><p>{t::breakdowns_to_come(lang, day.unwrap_or_default())}</p></section>
        }
        .into_any();
    };
    let ages = AGE_BANDS.map(|band| match band {
        "unknown" => t::unknown(lang).to_owned(),
        "75" => t::years(lang, "75+"),
        band => t::years(lang, band.replace('_', "–")),
    });
    let genders = [t::women(lang), t::men(lang), t::other_gender(lang), t::unknown(lang)].map(str::to_owned);
    let residence = [t::residents(lang), t::others(lang)].map(str::to_owned);
    view! {
        <section aria-labelledby="breakdowns-title">
            <h2 id="breakdowns-title">{t::breakdowns_title(lang)}</h2>
            <p>{t::breakdowns_lead(lang)}</p>
            <div class="columns">
                {breakdown(lang, t::age(lang), &ages, &all.ages)}
                {breakdown(lang, t::gender(lang), &genders, &all.genders)}
                {breakdown(lang, t::residence(lang), &residence, &all.residence)}
            </div>
        </section>
    }
    .into_any()
}

fn breakdown(lang: Lang, title: &'static str, names: &[String], table: &Breakdown) -> impl IntoView + use<> {
    let row = |name: String, value: Published<u64>| {
        view! { <tr><th scope="row">{name}</th><td>{published::cell(lang, value)}</td></tr> }
    };
    let rows = names.iter().zip(&table.cells).map(|(name, cell)| row(name.clone(), *cell)).collect_view();
    view! {
        <table>
            <thead><tr><th scope="col">{title}</th><th scope="col">{common::visits(lang)}</th></tr></thead>
            <tbody>{rows}</tbody>
            <tfoot>{row(common::together(lang).to_owned(), table.total)}</tfoot>
        </table>
    }
}

#[component]
fn CompletenessTable(lang: Lang, report: MunicipalityReport) -> impl IntoView {
    let rows = report
        .completeness
        .iter()
        .map(|(month, of)| {
            view! {
                <tr><th scope="row">{common::month_name(lang, *month)}</th><td>{of.reported}</td><td>{of.expected}</td></tr>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2 id="completeness-title">{t::completeness(lang)}</h2>
            <p>{t::completeness_lead(lang)}</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="completeness-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{pages::month(lang)}</th>
                            <th scope="col">{t::reported_column(lang)}</th>
                            <th scope="col">{t::expected_column(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
