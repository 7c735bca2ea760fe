//! The keys by which somebody moves between the cells of a table of fields.

use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Where a key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    Left,
    Right,
}

/// The step of a key that was pressed in a field; none where it is for the text in it.
pub fn step(event: &KeyboardEvent) -> Option<Step> {
    // A word that is still being put together takes its own Enter and arrows.
    if event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let length = field.value().encode_utf16().count();
    let place = |place: Option<u32>| place.map(|place| place as usize);
    let (start, end) = (place(field.selection_start().ok()?)?, place(field.selection_end().ok()?)?);
    of(&event.key(), start == 0, end == length)
}

/// Left and right leave a field from its ends; what is all chosen is at both.
fn of(key: &str, is_at_start: bool, is_at_end: bool) -> Option<Step> {
    match key {
        "ArrowUp" => Some(Step::Up),
        "ArrowDown" | "Enter" => Some(Step::Down),
        "ArrowLeft" if is_at_start => Some(Step::Left),
        "ArrowRight" if is_at_end => Some(Step::Right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_between_cells_and_within_a_text() {
        assert_eq!(of("ArrowUp", false, false), Some(Step::Up));
        assert_eq!(of("Enter", false, false), Some(Step::Down));
        assert_eq!(of("ArrowLeft", true, false), Some(Step::Left));
        assert_eq!(of("ArrowLeft", false, true), None, "the caret goes back in the text");
        assert_eq!(of("ArrowRight", true, true), Some(Step::Right), "chosen whole");
        assert_eq!(of("ArrowRight", true, false), None);
        assert_eq!(of("Tab", true, true), None);
    }
}
