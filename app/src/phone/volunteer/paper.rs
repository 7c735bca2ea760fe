//! Paper: a printable blank form of a group, and entering many gatherings from a filled form.

use domain::{Date, FieldError, Kind, RecordId, Series};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::local::Body;

use crate::{
    format::clock,
    phone::{
        base::{
            address::Link,
            draft::{About, Draft},
            keep::drafts,
            phone::phone,
            widgets::focus,
        },
        forms::{
            editing::{Editing, GATHERINGS, GoesOn, SaveBar, ToMend, once_loaded},
            line::{FIELDS, ROWS_MAX, count_days, filled, line_id, problem_id, same_day},
        },
    },
    texts::{common, paper as t, problems, volunteer as v},
};

/// Gatherings on one printed page, with room for large handwriting.
const LINES: usize = 12;
/// "Kymmenen kertaa paperista", and as many again at a press.
const ROWS: usize = 10;

/// A page of a group, drawn once the group is here.
fn of_group(
    id: String,
    draw: impl Fn(RecordId, Series, RwSignal<()>) -> AnyView + Send + Sync + 'static,
) -> impl IntoView {
    let phone = phone();
    once_loaded(move |anew| match RecordId::parse(&id).and_then(|id| Some((id, phone.records.one_series(id)?))) {
        Some((id, series)) => draw(id, series, anew),
        None => view! { <p class="empty">{v::no_groups(phone.lang.get_untracked())}</p> }.into_any(),
    })
}

/// The columns, on paper as on the screen.
#[component]
fn Columns() -> impl IntoView {
    let lang = phone().lang.get_untracked();
    view! {
        <thead>
            <tr>
                <th scope="col">{v::date(lang)}</th>
                <th scope="col">{t::participants_column(lang)}</th>
                <th scope="col">{t::volunteers_column(lang)}</th>
                <th scope="col">{t::hours_column(lang)}</th>
            </tr>
        </thead>
    }
}

/// `/app/paperi/{series}`
#[component]
pub fn PaperPage(id: String) -> impl IntoView {
    of_group(id, |id, series, _| view! { <Paper id series /> }.into_any())
}

#[component]
fn Paper(id: RecordId, series: Series) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let association = untrack(|| phone.identity.association_name());
    let when = series.weekday.map(|weekday| common::weekday_name(lang, weekday));
    let start = series.start.map(|start| v::at_time(lang, clock(lang, start)));
    view! {
        <h1 tabindex="-1">{series.name}</h1>
        <p class="row">
            <button class="button" on:click=|_| { let _ = window().print(); }>{t::print(lang)}</button>
            <Link href=format!("/app/paperista/{id}") class="button quiet">{t::from_paper(lang)}</Link>
            // A whole year, or a spreadsheet that somebody has kept.
            {phone.identity.is_reviewer().then(|| view! {
                <Link href=format!("/app/yhdistys/taulukko/{id}") class="button quiet">{t::as_a_table(lang)}</Link>
                <Link href="/app/yhdistys/tuonti" class="button quiet">{t::to_import(lang)}</Link>
            })}
        </p>
        <p>{association}</p>
        <p>{when}" "{start}" "{series.defaults.place}</p>
        <p>{t::paper_help(lang)}</p>
        <table class="paper-blank">
            <Columns />
            <tbody>{(0..LINES).map(|_| view! { <tr><td></td><td></td><td></td><td></td></tr> }).collect_view()}</tbody>
        </table>
        <p>{t::no_names(lang)}</p>
    }
}

/// One line of the table, as it was typed.
#[derive(Clone, Copy)]
struct Line {
    key: usize,
    /// The gathering that it becomes: saved again after a failure, or when only some lines were saved, it is the same one.
    id: RecordId,
    date: RwSignal<String>,
    participants: RwSignal<String>,
    volunteers: RwSignal<String>,
    hours: RwSignal<String>,
    error: RwSignal<Option<FieldError>>,
}

impl Line {
    fn new(table: RecordId, key: usize) -> Line {
        Line {
            key,
            id: line_id(table, key),
            date: RwSignal::new(String::new()),
            participants: RwSignal::new(String::new()),
            volunteers: RwSignal::new(String::new()),
            hours: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        }
    }

    fn cells(self) -> [RwSignal<String>; 4] {
        [self.date, self.participants, self.volunteers, self.hours]
    }

    fn is_blank(self) -> bool {
        self.cells().iter().all(|cell| cell.with(|text| text.trim().is_empty()))
    }
}

/// `/app/paperista/{series}`
#[component]
pub fn FromPaperPage(id: String) -> impl IntoView {
    of_group(id, |id, series, anew| view! { <FromPaper id series anew /> }.into_any())
}

#[component]
fn FromPaper(id: RecordId, series: Series, anew: RwSignal<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let begun =
        untrack(|| drafts(phone)).into_iter().find(|draft| draft.about == About::Paper && draft.series() == Some(id));
    let goes_on = begun.is_some();
    let draft_id = begun.as_ref().map_or_else(|| phone.ask(|services| services.new_id()), |draft| draft.id);
    let empty = || (0..ROWS).map(|key| Line::new(draft_id, key)).collect();
    let lines = RwSignal::new(begun.as_ref().map_or_else(empty, typed_before));
    let name = series.name.clone();
    let series = StoredValue::new(series);
    let association = phone.identity.association.get_untracked();
    let editing = Editing::new(
        draft_id,
        RwSignal::new(Vec::new()),
        move || {
            let cells = lines
                .with(|lines| lines.iter().map(|line| json!(line.cells().map(|cell| cell.get()))).collect::<Vec<_>>());
            let content = json!({"series": id.to_string(), "lines": cells}).as_object().cloned().unwrap_or_default();
            Draft { id: draft_id, content, about: About::Paper, association }
        },
        Vec::new,
    );
    let filled = move || lines.with(|lines| lines.iter().filter(|line| !line.is_blank()).count());
    let add = move |count: usize| {
        lines.update(|lines| {
            let next = lines.len();
            lines.extend((next..next + count).map(|key| Line::new(draft_id, key)));
        });
    };
    let days = count_days(phone, move || lines.with(|lines| lines.iter().map(|line| line.date).collect()));
    let left_out = RwSignal::new(false);
    // What a spreadsheet puts on the clipboard: lines, and tabs between the cells.
    let paste = move |event: leptos::ev::ClipboardEvent, at: usize, column: usize| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        let mut rows: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        if rows.len() < 2 && !text.contains('\t') {
            return;
        }
        event.prevent_default();
        left_out.set(rows.len() > ROWS_MAX);
        rows.truncate(ROWS_MAX);
        let known = lines.with_untracked(Vec::len);
        add((at + rows.len()).saturating_sub(known));
        lines.with_untracked(|lines| {
            for (line, row) in lines[at..].iter().zip(rows) {
                line.error.set(None);
                for (cell, text) in line.cells()[column..].iter().zip(row.split('\t')) {
                    cell.set(text.trim().to_owned());
                }
            }
        });
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let today = phone.clock.today.get_untracked();
        let mut edits = Vec::new();
        let mut is_right = true;
        for line in lines.get_untracked().into_iter().filter(|line| untrack(|| !line.is_blank())) {
            let read = series.with_value(|series| untrack(|| read(line, id, series, today)));
            line.error.set(read.as_ref().err().copied());
            match read {
                Ok(edit) => edits.push(edit),
                Err(_) => is_right = false,
            }
        }
        if !is_right {
            return focus("#errors");
        }
        if !edits.is_empty() {
            let said = t::saved_many(lang, edits.len());
            editing.save(edits, said, GATHERINGS);
        }
    };
    let row = move |line: Line| {
        let number = line.key + 1;
        let cell = move |column: usize, label: &'static str| {
            let cell = line.cells()[column];
            let is_wrong = move || line.error.get().is_some_and(|error| error.field == FIELDS[column]);
            view! {
                <td><input
                    aria-label=format!("{label} {number}")
                    autocomplete="off"
                    inputmode=if column == 0 { "text" } else { "decimal" }
                    aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby=move || is_wrong().then(|| problem_id(line.key))
                    prop:value=move || cell.get()
                    on:input=move |event| {
                        cell.set(event_target_value(&event));
                        line.error.set(None);
                    }
                    on:paste=move |event| paste(event, line.key, column)
                /></td>
            }
        };
        let twice = same_day(phone, id, (line.id, line.date), days);
        view! {
            <tr>
                {cell(0, v::date(lang))}
                {cell(1, t::participants(lang))}
                {cell(2, v::volunteers(lang))}
                {cell(3, t::hours(lang))}
            </tr>
            {move || line.error.get().map(|error| view! {
                <tr><td colspan="4"><p class="error" id=problem_id(line.key)>{problems::line(lang, error)}</p></td></tr>
            })}
            {move || twice.get().map(|text| view! { <tr><td colspan="4"><p class="notice">{text}</p></td></tr> })}
        }
    };
    view! {
        <form class="edit-form" novalidate on:submit=save>
            <h1 tabindex="-1">{t::from_paper_title(lang, name)}</h1>
            <p>{t::from_paper_help(lang)}</p>
            <ToMend line=problems::line>
                {move || lines.with(|lines| lines.iter().any(|line| line.error.with(Option::is_some))).then(|| view! {
                    <p class="notice ask" role="alert">{t::mend_lines(lang)}</p>
                })}
            </ToMend>
            {goes_on.then(|| view! { <GoesOn text=v::goes_on(lang) is_new=true anew /> })}
            {move || left_out.get().then(|| view! { <p class="notice ask" role="alert">{t::too_many_lines(lang, ROWS_MAX)}</p> })}
            <div class="scroll">
                <table class="paper-lines">
                    <Columns />
                    <tbody><For each=move || lines.get() key=|line| line.key let:line>{row(line)}</For></tbody>
                </table>
            </div>
            <button type="button" class="button quiet" on:click=move |_| add(ROWS)>{t::more_lines(lang)}</button>
            <SaveBar label=Signal::derive(move || t::save_many(lang, filled())) disabled=Signal::derive(move || filled() == 0) />
        </form>
    }
}

/// What was typed and not saved.
fn typed_before(draft: &Draft) -> Vec<Line> {
    let lines = draft.content.get("lines").and_then(Value::as_array).cloned().unwrap_or_default();
    let typed = lines.iter().enumerate().map(|(key, cells)| {
        let line = Line::new(draft.id, key);
        for (cell, text) in line.cells().iter().zip(cells.as_array().into_iter().flatten()) {
            cell.set(text.as_str().unwrap_or_default().to_owned());
        }
        line
    });
    typed.collect()
}

type Edit = (RecordId, Kind, Body);

/// A line as a gathering; what is missing or wrong is named.
fn read(line: Line, id: RecordId, series: &Series, today: Date) -> Result<Edit, FieldError> {
    let form = filled(line.id, line.cells().map(|cell| cell.get()), (id, series), today)?;
    let content = form.parse(today, &[&series.to_content()]).map_err(|errors| errors[0])?;
    Ok((form.id, Kind::Gathering, Body::Content(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_died_in_the_middle_of_its_saving_has_the_same_gatherings_again() {
        let content = json!({"lines": [["1.9."], ["8.9."]]}).as_object().cloned().expect("object");
        let draft = Draft { id: RecordId::from_bytes([1; 16]), content, about: About::Paper, association: None };
        let read = || Owner::new().with(|| typed_before(&draft).iter().map(|line| line.id).collect::<Vec<_>>());
        assert_eq!(read(), read());
        assert_eq!(read(), [0, 1].map(|key| line_id(draft.id, key)));
    }
}
