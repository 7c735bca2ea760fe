//! A spreadsheet becomes gatherings: choose a file, look at what would come of it, import it, and undo it. The server reads and writes;
//! nothing here works without a network, and what was imported comes to the phone as everything else does.

mod remembered;

use domain::{
    FieldError, Lang, Problem,
    codes::ActivityForm,
    import::{Column, FILE_BYTES_MAX},
};
use js_sys::{Reflect, Uint8Array};
use leptos::{prelude::*, task::spawn_local};
use remembered::Remembered;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::protocol::import::{ImportProblem, ImportReply, ImportRequest, ImportRow, ImportSaved, ImportUndone};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use crate::{
    phone::base::{
        actions::Refused,
        address::Link,
        phone::{Phone, phone},
        widgets::focus,
    },
    texts::{association, importing as t, problems},
};

/// How far it is.
#[derive(Clone, PartialEq)]
enum Step {
    /// No file yet, or one that cannot be read.
    Choose,
    /// Something is on its way, and what is said of it.
    Busy(String),
    Look(ImportReply),
    /// It has been imported; what is said of it.
    Done(Vec<String>),
}

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
struct Import {
    phone: Phone,
    /// The file, and what the user says of it.
    request: StoredValue<ImportRequest>,
    step: RwSignal<Step>,
    /// What went wrong, or became of the last press.
    said: RwSignal<Option<String>>,
    /// The columns are as they were chosen the last time, and not as the file's headings say.
    is_remembered: RwSignal<bool>,
    /// A question about the file is on its way, and whether what the user says of it has changed meanwhile.
    asking: StoredValue<Option<bool>>,
}

/// `/app/yhdistys/tuonti`
#[component]
pub fn ImportPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let import = Import {
        phone,
        request: StoredValue::new(ImportRequest::default()),
        step: RwSignal::new(Step::Choose),
        said: RwSignal::new(None),
        is_remembered: RwSignal::new(false),
        asking: StoredValue::new(None),
    };
    let choose = move |event: leptos::ev::Event| import.choose(event_target(&event));
    let is_busy = move || matches!(import.step.get(), Step::Busy(_));
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <p>{t::help(lang)}</p>
        // The browser's own button speaks the browser's language.
        <p><label class="button quiet file">
            {t::choose(lang)}
            <input type="file" class="visually-hidden" accept=".xlsx,.ods,.csv,.txt,.tsv" disabled=is_busy on:change=choose />
        </label></p>
        <div role="status">
            {move || import.said.get().map(|text| view! { <p class="notice ask">{text}</p> })}
            {move || match import.step.get() {
                Step::Busy(text) => Some(view! { <p class="notice">{text}</p> }.into_any()),
                Step::Done(lines) => Some(
                    view! { <div class="notice">{lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}</div> }
                        .into_any(),
                ),
                _ => None,
            }}
        </div>
        {move || match import.step.get() {
            Step::Look(reply) => view! { <Preview import reply /> }.into_any(),
            Step::Done(_) => view! {
                <p class="row">
                    <Link href="/app/vuosi" class="button">{association::year_tab(lang)}</Link>
                    <button class="button quiet" on:click=move |_| import.undo()>{t::undo(lang)}</button>
                </p>
            }
            .into_any(),
            _ => ().into_any(),
        }}
    }
}

impl Import {
    fn lang(self) -> Lang {
        self.phone.lang.get_untracked()
    }

    fn choose(self, input: HtmlInputElement) {
        let files = Reflect::get(&input, &"files".into());
        let chosen =
            files.and_then(|files| Reflect::get_u32(&files, 0)).ok().and_then(|file| file.dyn_into::<File>().ok());
        let Some(chosen) = chosen else { return };
        let lang = self.lang();
        self.said.set(None);
        // What is too large for the server is not even sent.
        if chosen.size() > FILE_BYTES_MAX as f64 {
            self.step.set(Step::Choose);
            input.set_value("");
            return self.said.set(Some(t::file_too_large(lang).to_owned()));
        }
        self.step.set(Step::Busy(t::reading(lang).to_owned()));
        spawn_local(async move {
            let read = JsFuture::from(chosen.array_buffer()).await;
            // The same file may be chosen again.
            input.set_value("");
            let Ok(buffer) = read else {
                self.step.set(Step::Choose);
                return self.said.set(Some(t::file_broken(lang).to_owned()));
            };
            let file = base64(&Uint8Array::new(&buffer).to_vec());
            let form = self.remembered().form;
            self.request.set_value(ImportRequest { file, name: chosen.name(), form, ..ImportRequest::default() });
            self.look().await;
        });
    }

    fn remembered(self) -> Remembered {
        self.phone.identity.association.get_untracked().map(Remembered::of).unwrap_or_default()
    }

    /// Remembers what was said of the file, for the next one.
    fn remember(self, say: impl FnOnce(&mut Remembered)) {
        let Some(association) = self.phone.identity.association.get_untracked() else { return };
        let mut remembered = Remembered::of(association);
        say(&mut remembered);
        remembered.keep(association);
    }

    /// Reads the file by its headings alone.
    fn forget(self) {
        self.remember(|remembered| *remembered = Remembered::default());
        self.is_remembered.set(false);
        self.change(|request| (request.columns, request.form) = (None, None));
        focus("#import-found");
    }

    /// Asks anew, after a change of what the user says of the file.
    fn change(self, change: impl FnOnce(&mut ImportRequest)) {
        self.request.update_value(change);
        self.said.set(None);
        spawn_local(self.look());
    }

    /// One question at a time, as the server takes them: an answer to what is not said any more is asked for again.
    async fn look(self) {
        if self.asking.get_value().is_some() {
            return self.asking.set_value(Some(true));
        }
        loop {
            self.asking.set_value(Some(false));
            let answer = self.preview().await;
            // Whoever has left the screen asks nothing more.
            match self.asking.try_get_value() {
                None => return,
                Some(Some(true)) => {}
                Some(_) => {
                    self.asking.set_value(None);
                    return self.show(answer);
                }
            }
        }
    }

    async fn preview(self) -> Result<ImportReply, String> {
        let mut answer = self.ask::<ImportReply>("preview").await;
        // Nobody has said yet what the columns of this file are: maybe of the one before.
        if let Ok(reply) = &answer
            && self.asking.try_get_value() == Some(Some(false))
            && self.request.with_value(|request| request.columns.is_none())
        {
            let columns = self.remembered().over(&reply.headings, &reply.columns);
            self.is_remembered.set(columns.is_some());
            if columns.is_some() {
                self.request.update_value(|request| request.columns = columns);
                answer = self.ask("preview").await;
            }
        }
        answer
    }

    /// Where a change cannot be looked at, what was found before stays, and can be changed again.
    fn show(self, answer: Result<ImportReply, String>) {
        let was_looking = matches!(self.step.get_untracked(), Step::Look(_));
        match answer {
            Ok(reply) => {
                self.step.set(Step::Look(reply));
                if !was_looking {
                    focus("#import-found");
                }
            }
            Err(text) => {
                if !was_looking {
                    self.step.set(Step::Choose);
                }
                self.said.set(Some(text));
            }
        }
    }

    /// Calls until nothing is left: each call writes for some seconds. A call that fails has lost nothing, and the next one goes on.
    fn bring(self, count: u32) {
        let lang = self.lang();
        self.said.set(None);
        spawn_local(async move {
            let mut saved = 0;
            let (refused, another_day) = loop {
                self.step.set(Step::Busy(t::bringing(lang, saved, count)));
                match self.ask::<ImportSaved>("save").await {
                    Ok(one) => {
                        saved += one.saved;
                        // A call that gets nothing done would be repeated for ever.
                        if one.left == 0 || one.saved == 0 {
                            break (one.refused, one.another_day);
                        }
                    }
                    Err(text) => {
                        self.look().await;
                        return self.said.set(Some(format!("{text} {}", t::broke_off(lang))));
                    }
                }
            };
            let mut lines = vec![t::brought(lang, saved)];
            lines.extend((refused > 0).then(|| t::refused(lang, refused)));
            lines.extend((another_day > 0).then(|| t::another_day(lang, another_day)));
            self.step.set(Step::Done(lines));
            self.phone.act(|actions| actions.send_now());
            focus("main h1");
        });
    }

    fn undo(self) {
        let lang = self.lang();
        self.said.set(None);
        spawn_local(async move {
            self.step.set(Step::Busy(t::undoing(lang).to_owned()));
            let mut undone = 0;
            let text = loop {
                match self.ask::<ImportUndone>("undo").await {
                    Ok(one) => {
                        undone += one.undone;
                        if one.edited > 0 {
                            break t::edited(lang, one.edited);
                        }
                        if one.left == 0 || one.undone == 0 {
                            break t::undone(lang, undone);
                        }
                    }
                    Err(text) => break text,
                }
            };
            self.phone.act(|actions| actions.send_now());
            self.look().await;
            self.said.set(Some(text));
        });
    }

    /// The server's answer, or why there is none in words.
    async fn ask<T: DeserializeOwned>(self, what: &'static str) -> Result<T, String> {
        let lang = self.lang();
        let home = self.phone.identity.association.get_untracked().ok_or_else(|| t::need_network(lang).to_owned())?;
        let body = self.request.with_value(serde_json::to_string).ok();
        let address = format!("/api/v1/import/{what}?association={home}");
        let answer: Result<Value, Refused> = self.phone.actions().await.ask(address, body).await;
        let answer = answer.map_err(|refused| refusal(lang, refused))?;
        serde_json::from_value(answer).map_err(|_| t::need_network(lang).to_owned())
    }
}

fn refusal(lang: Lang, refused: Refused) -> String {
    let Refused::Code { code, .. } = refused else { return t::need_network(lang).to_owned() };
    match code.as_str() {
        "file-empty" | "file-no-such-sheet" => t::file_empty(lang),
        "file-too-large" | "too-large" => t::file_too_large(lang),
        "file-not-a-table" => t::file_not_a_table(lang),
        "file-macros" => t::file_macros(lang),
        "file-old-or-locked" => t::file_old_or_locked(lang),
        "file-too-much-inside" => t::file_too_much_inside(lang),
        "file-too-many-rows" => t::file_too_many_rows(lang),
        "file-broken" => t::file_broken(lang),
        "too-many" | "busy" => t::wait(lang),
        _ => t::need_network(lang),
    }
    .to_owned()
}

/// What would come of the file.
#[component]
fn Preview(import: Import, reply: ImportReply) -> impl IntoView {
    let lang = import.lang();
    let count = reply.new;
    let can_bring = count > 0 && reply.lacks.is_empty();
    let names = |codes: &[String]| {
        let named = codes.iter().filter_map(|code| Column::parse(code)).map(|column| column.name(lang));
        named.collect::<Vec<_>>().join(", ")
    };
    let lines = [
        (!reply.lacks.is_empty()).then(|| t::lacks(lang, names(&reply.lacks))),
        (!reply.new_groups.is_empty()).then(|| t::new_groups(lang, reply.new_groups.join(", "))),
        (reply.known > 0).then(|| t::known(lang, reply.known)),
        (reply.deleted > 0).then(|| t::deleted(lang, reply.deleted)),
        (!reply.hidden.is_empty()).then(|| t::hidden(lang, reply.hidden.join(", "))),
    ];
    let (bad, shown): (Vec<ImportRow>, Vec<ImportRow>) =
        reply.rows.iter().cloned().partition(|row| !row.problems.is_empty());
    let left_out = reply.left_out.iter().map(|one| {
        let why = if one.why == "total" { t::total(lang) } else { t::heading(lang) };
        view! { <li>{t::row(lang, one.row)}": "{why}</li> }
    });
    view! {
        <section class="card">
            <h2 id="import-found" tabindex="-1">{t::found(lang, count, reply.visits)}</h2>
            {lines.into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()}
            <p class="row">
                {can_bring.then(|| view! {
                    <button class="button big" on:click=move |_| import.bring(count)>{t::bring(lang, count)}</button>
                })}
                {(reply.known > 0).then(|| view! {
                    <button class="button quiet" on:click=move |_| import.undo()>{t::undo(lang)}</button>
                })}
            </p>
        </section>
        {(!bad.is_empty()).then(|| view! {
            <section class="card">
                <h2>{t::bad(lang, reply.bad)}</h2>
                <p>{t::bad_help(lang)}</p>
                <ul class="list">{bad.iter().map(|row| bad_row(lang, row)).collect_view()}</ul>
            </section>
        })}
        {(!shown.is_empty()).then(|| view! { <Rows lang rows=shown /> })}
        {(!reply.left_out.is_empty()).then(|| view! {
            <details>
                <summary>{t::left_out(lang, reply.left_out.len())}</summary>
                <ul class="list">{left_out.collect_view()}</ul>
            </details>
        })}
        <Columns import reply=reply.clone() />
    }
}

/// A row in which something is wrong, and what.
fn bad_row(lang: Lang, row: &ImportRow) -> impl IntoView + use<> {
    let day = row.content.get("date").and_then(Value::as_str).unwrap_or_default().to_owned();
    let group = row.group.clone().unwrap_or_default();
    let what = row.problems.iter().map(|one| view! { <p>{in_words(lang, one)}</p> }).collect_view();
    view! { <li><p><strong>{t::row(lang, row.row)}</strong>" "{day}" "{group}</p>{what}</li> }
}

/// A problem of a field, as the form says it.
fn in_words(lang: Lang, one: &ImportProblem) -> String {
    let number = one.number.unwrap_or(0);
    let problem = match one.code.as_str() {
        "missing" => Problem::Missing,
        "not-a-number" => Problem::NotANumber,
        "too-small" => Problem::TooSmall { min: number },
        "too-large" => Problem::TooLarge { max: number },
        "not-a-date" => Problem::NotADate,
        "too-early" => Problem::TooEarly,
        "in-the-future" => Problem::InTheFuture,
        "not-a-time" => Problem::NotATime,
        "too-long" => Problem::TooLong { max: number as usize },
        "does-not-sum" => Problem::DoesNotSum { sum: number, expected: one.expected.unwrap_or(0) },
        "more-than-participants" => Problem::MoreThanParticipants { participants: number },
        "numbers-of-cancelled" => Problem::NumbersOfCancelled,
        "identity-code" => Problem::IdentityCode,
        "phone-number" => Problem::PhoneNumber,
        "email-address" => Problem::EmailAddress,
        _ => Problem::UnknownCode,
    };
    // The form names few of the fields that a table can have; a column names each.
    let field = Column::all().find(|column| column.field() == one.field);
    match field {
        Some(column) if !matches!(column.field(), "ages" | "genders") => {
            let error = FieldError { field: column.field(), problem };
            format!("{}: {}", column.name(lang), problems::what(lang, error))
        }
        Some(column) => problems::line(lang, FieldError { field: column.field(), problem }),
        None => problems::line(lang, FieldError { field: "", problem }),
    }
}

/// Some of the rows as they were read.
#[component]
fn Rows(lang: Lang, rows: Vec<ImportRow>) -> impl IntoView {
    let cell = |row: &ImportRow, field: &str| match row.content.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let line = |row: &ImportRow| {
        view! {
            <tr>
                <th scope="row">{row.row}</th>
                <td>{cell(row, "date")}</td>
                <td>{row.group.clone()}</td>
                <td>{cell(row, "participants")}</td>
                <td>{cell(row, "volunteers")}</td>
            </tr>
        }
    };
    let name = |code: &str| Column::parse(code).map(|column| column.name(lang));
    view! {
        <section>
            <h2 id="import-rows">{t::first_rows(lang)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="import-rows">
                <table>
                    <thead><tr>
                        <th scope="col">"#"</th>
                        {["date", "series", "participants", "volunteers"].map(|code| view! { <th scope="col">{name(code)}</th> }).collect_view()}
                    </tr></thead>
                    <tbody>{rows.iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// What the user says of the file.
#[component]
fn Columns(import: Import, reply: ImportReply) -> impl IntoView {
    let lang = import.lang();
    let request = import.request.get_value();
    let sheets = reply.sheets.clone();
    let chosen_sheet = reply.sheet;
    let choose_sheet = move |event| {
        let sheet = event_target_value(&event).parse().ok();
        // Another sheet has other columns, and maybe another year.
        import.change(|request| (request.sheet, request.columns, request.year) = (sheet, None, None));
    };
    let year = reply.year.map(|year| year.to_string()).unwrap_or_default();
    let choose_year = move |event| {
        let year = event_target_value(&event).trim().parse().ok().filter(|year| (2000..2100).contains(year));
        import.change(|request| request.year = year);
    };
    let form = request.form.unwrap_or_else(|| "kerho".to_owned());
    let choose_form = move |event| {
        let form = Some(event_target_value(&event));
        import.remember(|remembered| remembered.form.clone_from(&form));
        import.change(|request| request.form = form);
    };
    let headings = StoredValue::new(reply.headings.clone());
    let columns = reply.columns.clone();
    let select = move |(at, heading): (usize, String)| {
        let own = columns.get(at).cloned().unwrap_or_default();
        let all = columns.clone();
        let choose = move |event| {
            let code = event_target_value(&event);
            // What was chosen a moment ago may not have been answered yet.
            let mut all = import.request.with_value(|request| request.columns.clone()).unwrap_or_else(|| all.clone());
            // A column is one of the table's: the one that was it before is nothing now.
            all.iter_mut().filter(|other| **other == code).for_each(String::clear);
            if let Some(here) = all.get_mut(at) {
                *here = code;
            }
            import.remember(|remembered| headings.with_value(|headings| remembered.learn(headings, &all)));
            import.change(|request| request.columns = Some(all));
        };
        let option = |code: &'static str| {
            let is_own = own == code;
            view! { <option value=code selected=is_own>{Column::parse(code).map(|column| column.name(lang))}</option> }
        };
        let heading = if heading.is_empty() { t::column(lang, at + 1) } else { heading };
        view! {
            <label class="field">
                <span>{heading}</span>
                <select on:change=choose>
                    <option value="" selected=own.is_empty()>{t::not_a_column(lang)}</option>
                    {Column::all().map(|column| option(column.code())).collect_view()}
                </select>
            </label>
        }
    };
    view! {
        <section class="card">
            <h2>{t::columns(lang)}</h2>
            <p>{t::columns_help(lang)}</p>
            {move || import.is_remembered.get().then(|| view! {
                <p class="notice">{t::remembered(lang)}</p>
                <p class="row"><button class="button quiet" on:click=move |_| import.forget()>{t::forget(lang)}</button></p>
            })}
            {(sheets.len() > 1).then(|| view! {
                <label class="field">
                    <span>{t::sheet(lang)}</span>
                    <select on:change=choose_sheet>
                        {sheets.into_iter().enumerate().map(|(at, name)| view! {
                            <option value=at.to_string() selected=at == chosen_sheet as usize>{name}</option>
                        }).collect_view()}
                    </select>
                </label>
            })}
            {reply.headings.clone().into_iter().enumerate().map(select).collect_view()}
            <label class="field">
                <span>{t::year(lang)}</span>
                <input type="text" inputmode="numeric" maxlength="4" value=year on:change=choose_year />
            </label>
            <label class="field">
                <span>{t::form(lang)}</span>
                <select on:change=choose_form>
                    {ActivityForm::all().map(|one| view! {
                        <option value=one.code() selected=one.code() == form>{one.name(lang)}</option>
                    }).collect_view()}
                </select>
            </label>
        </section>
    }
}

/// All gatherings as a file. The server makes it.
#[component]
pub fn Download() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let address =
        move || phone.identity.association.get().map(|home| format!("/api/v1/gatherings.xlsx?association={home}"));
    view! {
        <p class="row">
            <a class="button quiet" href=address rel="external" download="">{t::download(lang)}</a>
            <Link href="/app/yhdistys/tuonti" class="button quiet">{t::title(lang)}</Link>
        </p>
    }
}

/// By hand: the browser's own takes a string of characters, of which 5 MB would be made first.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let three = [part.first(), part.get(1), part.get(2)].map(|byte| u32::from(byte.copied().unwrap_or(0)));
        let number = (three[0] << 16) | (three[1] << 8) | three[2];
        for at in 0..4 {
            let sign = SIGNS[(number >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= part.len() { char::from(sign) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::protocol::import::FILE_PROBLEMS;

    #[test]
    fn each_file_that_cannot_be_read_has_a_sentence_of_its_own() {
        let sentence = |code: &str| refusal(Lang::Fi, Refused::Code { code: code.to_owned(), wait: 0 });
        for code in FILE_PROBLEMS {
            assert_ne!(sentence(code), sentence("anything else"), "{code}");
        }
    }

    #[test]
    fn base64_is_as_everybody_writes_it() {
        for (text, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("\u{ff}\u{ff}>", "w7/Dvz4=")] {
            assert_eq!(base64(text.as_bytes()), coded);
        }
    }
}
