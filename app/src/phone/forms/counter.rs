//! A counter with − and + buttons of 64 px, which repeat while held, and a number field for those who prefer to type.

use std::time::Duration;

use leptos::{ev, html::Input, prelude::*};

use crate::{
    phone::{
        base::phone::phone,
        forms::editing::{described, invalid},
    },
    texts::volunteer as t,
};

/// Wait before a held button repeats, and between repeats.
const HOLD: Duration = Duration::from_millis(450);
const REPEAT: Duration = Duration::from_millis(90);

/// A number that starts as "–". `step` is in the number's own unit; `show` writes it, `read` reads what was typed. What is typed and
/// is no number stays in the field, and the field's id in `wrong`, until it is mended.
#[component]
pub fn Counter(
    id: &'static str,
    label: &'static str,
    /// What is counted, as a noun, where the label is none: for the names of the buttons.
    #[prop(optional)]
    what: Option<&'static str>,
    /// Empty where there is nothing to add.
    hint: &'static str,
    value: RwSignal<Option<u32>>,
    wrong: RwSignal<Vec<&'static str>>,
    max: u32,
    #[prop(default = 1)] step: u32,
    #[prop(into)] show: Callback<u32, String>,
    #[prop(into)] read: Callback<String, Option<u32>>,
    #[prop(default = Callback::new(|()| {}))] changed: Callback<()>,
) -> impl IntoView {
    let phone = phone();
    let change = move |up: bool| {
        value.update(|value| {
            *value = match (*value, up) {
                (Some(now), true) => Some(now.saturating_add(step).min(max)),
                (Some(now), false) => Some(now.saturating_sub(step)),
                (None, true) => Some(step),
                (None, false) => Some(0),
            }
        });
        changed.run(());
    };
    let lang = phone.lang.get_untracked();
    let what = what.unwrap_or(label);
    view! {
        <div class="counter" role="group" aria-labelledby=format!("{id}-label")>
            <label id=format!("{id}-label") for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <div class="counter-row">
                <Hold label=t::less(lang, what) text="−" act=Callback::new(move |()| change(false)) />
                <NumberInput id value wrong show read changed hint=!hint.is_empty() />
                <Hold label=t::more(lang, what) text="+" act=Callback::new(move |()| change(true)) />
            </div>
        </div>
    }
}

/// The field of a number, in a [`Counter`] or by itself under a label; described by `{id}-hint` where it has one.
#[component]
pub fn NumberInput(
    id: &'static str,
    value: RwSignal<Option<u32>>,
    wrong: RwSignal<Vec<&'static str>>,
    show: Callback<u32, String>,
    read: Callback<String, Option<u32>>,
    #[prop(default = Callback::new(|()| {}))] changed: Callback<()>,
    #[prop(optional)] hint: bool,
    /// Its label is around it, and others on the screen have the same name.
    #[prop(optional)]
    is_one_of_many: bool,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let is_right = move || wrong.update(|wrong| wrong.retain(|other| *other != id));
    Effect::new(move |_| {
        if value.get().is_some() && wrong.with_untracked(|wrong| wrong.contains(&id)) {
            is_right();
        }
    });
    on_cleanup(is_right);
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        let number = read.run(text.clone());
        is_right();
        if number.is_none() && !text.trim().is_empty() {
            wrong.update(|wrong| wrong.push(id));
        }
        value.set(number);
        changed.run(());
    };
    // What was typed stands as it was typed, as long as it says the same.
    let text = move || {
        let number = value.get();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match number {
            number if !typed.is_empty() && read.run(typed.clone()) == number => typed,
            Some(number) => show.run(number),
            None => String::new(),
        }
    };
    let (problem, invalid) = (described(id), invalid(id));
    let described_by = move || {
        let ids: Vec<_> = [hint.then(|| format!("{id}-hint")), problem()].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    // Once it has been left it reads as it will be saved.
    let left = move |event: ev::Event| {
        if let Some(number) = value.get_untracked() {
            event_target::<web_sys::HtmlInputElement>(&event).set_value(&show.run(number));
        }
    };
    view! {
        <input
            id=(!is_one_of_many).then_some(id)
            node_ref=field
            class="number"
            inputmode="decimal"
            autocomplete="off"
            placeholder="–"
            aria-describedby=described_by
            aria-invalid=move || wrong.with(|wrong| wrong.contains(&id)).then_some("true").or_else(&invalid)
            prop:value=text
            on:input=typed
            on:change=left
            on:focus=select_all
        />
    }
}

/// A tap on the number is meant to write another one.
fn select_all(event: ev::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}

/// A button that repeats while it is held. A click by keyboard or by an assistive device counts once.
#[component]
fn Hold(label: String, text: &'static str, act: Callback<()>) -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // The click that ends a hold has been counted by the hold.
    let held = StoredValue::new(false);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let start = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        held.set_value(false);
        stop();
        repeat(timer, HOLD, held, act);
    };
    on_cleanup(stop);
    view! {
        <button
            type="button"
            class="counter-step"
            aria-label=label
            on:pointerdown=start
            on:pointerup=move |_| stop()
            on:pointerleave=move |_| stop()
            on:pointercancel=move |_| stop()
            on:contextmenu=|event| event.prevent_default()
            on:click=move |_| {
                stop();
                if !held.get_value() {
                    act.run(());
                }
                held.set_value(false);
            }
        >
            <span aria-hidden="true">{text}</span>
        </button>
    }
}

fn repeat(timer: StoredValue<Option<TimeoutHandle>>, after: Duration, held: StoredValue<bool>, act: Callback<()>) {
    let next = move || {
        held.set_value(true);
        act.run(());
        repeat(timer, REPEAT, held, act);
    };
    if let Ok(handle) = set_timeout_with_handle(next, after) {
        timer.set_value(Some(handle));
    }
}

/// A whole number as typed, with or without spaces.
pub fn read_whole(text: String) -> Option<u32> {
    let text = text.replace(['\u{a0}', ' '], "");
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = groups.collect();
    // English writes 1,234.
    let is_grouped = rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || (1..=3).contains(&first.len()));
    is_grouped
        .then(|| first + &rest.concat())
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?
        .parse()
        .ok()
}

/// Hours as typed, with a comma or a point, as a clock's or with a half, to the nearest quarter hour.
pub fn read_hours(text: String) -> Option<u32> {
    let of_clock = text.trim().split_once(':').or_else(|| {
        // 4.30 is half past four: no quarter of an hour is written so in decimals.
        let parts = text.trim().split_once(['.', ',']);
        parts.filter(|(_, minutes)| matches!(*minutes, "15" | "30" | "45"))
    });
    if let Some((hours, minutes)) = of_clock {
        let minutes = if minutes.is_empty() { Some(0) } else { read_whole(minutes.to_owned()) };
        let minutes = minutes.filter(|minutes| *minutes < 60)?;
        return Some(read_whole(hours.to_owned()).filter(|hours| *hours < 100_000)? * 4 + (minutes + 7) / 15);
    }
    let text = text.trim().replace(',', ".").replace(" ½", ".5").replace('½', ".5");
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    // The browser reads the number: Rust's own reader would bring 15 kB of tables. What is none is NaN and out of range.
    let hours = if is_decimal { wasm_bindgen::JsValue::from(text).unchecked_into_f64() } else { f64::NAN };
    (0.0..=1e6).contains(&hours).then(|| (hours * 4.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_read_as_each_language_writes_it_and_nothing_else_is() {
        let read = |text: &str| read_whole(text.to_owned());
        assert_eq!(read("14"), Some(14));
        assert_eq!(read("1\u{a0}234"), Some(1234));
        assert_eq!(read("1,234"), Some(1234));
        for none in ["", "abc", "-5", "12,7", "12.7", "1,23", ",123", "+5", "99999999999"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
