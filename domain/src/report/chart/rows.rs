//! A row for each group, with bars to the right: room for long names, and for numbers of any length.

use super::{
    canvas::{Anchor, Area, Canvas, Frame, Look},
    label::{Labelled, Mark},
    scale::{Scale, Tenths},
    text::{width, wrap},
};

/// Between a name, its bar and the bar's number.
const GAP: Tenths = 60;
/// A bar's room, at least; otherwise names, and then numbers, stand over the bars.
const ROOM_MIN: Tenths = 800;
const CROSS: Tenths = 160;

/// Where things stand from left to right.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Of names; none where they stand over their bars.
    names: Option<Tenths>,
    /// Where bars begin.
    x: Tenths,
    /// Of the longest bar.
    room: Tenths,
    /// Numbers stand over their bars.
    is_over: bool,
}

fn layout(frame: Frame, all: &[Labelled]) -> Layout {
    let size = frame.letters();
    let names_max = match frame {
        Frame::Narrow => 1_000,
        Frame::Wide => 2_200,
    };
    let longest = all.iter().map(|one| width(&one.name, size, false)).max().unwrap_or(0);
    let with_bar = all.iter().flat_map(Labelled::marks).filter(|mark| mark.amount.is_some());
    let numbers = with_bar.map(|mark| width(&mark.label, size, true)).max().unwrap_or(0);
    let room = |x: Tenths| frame.width() - x - GAP - numbers;
    let beside = longest.min(names_max) + GAP;
    let is_beside = (longest <= names_max || frame == Frame::Wide) && room(beside) >= ROOM_MIN;
    match is_beside {
        true => Layout { names: Some(beside - GAP), x: beside, room: room(beside), is_over: false },
        false if room(10) >= ROOM_MIN => Layout { names: None, x: 10, room: room(10), is_over: false },
        false => Layout { names: None, x: 10, room: frame.width() - 20, is_over: true },
    }
}

/// From `y` down; where it ends.
pub fn draw(canvas: &mut Canvas, y: Tenths, all: &[Labelled]) -> Tenths {
    let frame = canvas.frame;
    let line = frame.line();
    let layout = layout(frame, all);
    let scale = Scale::new(Labelled::amounts(all), layout.room);
    let is_pair = all.iter().any(|one| one.before.is_some());
    let between = if layout.names.is_none() || is_pair { 90 } else { 60 };
    let mut y = y + 40;
    let top = y;
    for one in all {
        canvas.begin();
        let bars: Tenths = one.marks().map(|mark| height(&layout, frame, mark)).sum();
        let begins = match layout.names {
            Some(names) => {
                let lines = wrap(&one.name, names, frame.letters(), false);
                let text = line * lines.len() as Tenths;
                let whole = text.max(bars);
                for (at, text_line) in lines.iter().enumerate() {
                    let y = y + (whole - text) / 2 + line * (at as Tenths + 1) - line / 4;
                    canvas.text(Anchor::End, [layout.x - GAP, y], text_line);
                }
                let begins = y + (whole - bars) / 2;
                y += whole;
                begins
            }
            None => {
                let begins = canvas.lines(y, false, &one.name);
                y = begins + bars;
                begins
            }
        };
        let mut at = begins;
        for (mark, look) in one.marks().zip([Look::Now, Look::Before]) {
            at = draw_mark(canvas, &layout, scale, at, mark, look);
        }
        canvas.end();
        y += between;
    }
    let end = y - between;
    if layout.names.is_some() {
        canvas.axis(layout.x, top - 20, 0, end - top + 40);
    }
    end + 20
}

fn lines_of(layout: &Layout, frame: Frame, mark: &Mark) -> Vec<String> {
    let indent = if mark.amount.is_none() { CROSS } else { 0 };
    wrap(&mark.label, frame.width() - layout.x - indent, frame.letters(), true)
}

/// Of a bar with its number, or of what stands in its place.
fn height(layout: &Layout, frame: Frame, mark: &Mark) -> Tenths {
    let line = frame.line();
    match (mark.amount, layout.is_over) {
        (Some(_), false) => line,
        (Some(_), true) => line * (lines_of(layout, frame, mark).len() as Tenths + 1),
        (None, _) => line * lines_of(layout, frame, mark).len() as Tenths,
    }
}

fn draw_mark(canvas: &mut Canvas, layout: &Layout, scale: Scale, y: Tenths, mark: &Mark, look: Look) -> Tenths {
    let (frame, size) = (canvas.frame, canvas.frame.letters());
    let (line, base) = (frame.line(), frame.line() / 4 + 5);
    let ends = y + height(layout, frame, mark);
    let Some(amount) = mark.amount else {
        canvas.gap(layout.x + CROSS / 2, y + line / 2);
        for (at, text) in lines_of(layout, frame, mark).iter().enumerate() {
            canvas.text(Anchor::Start, [layout.x + CROSS, y + line * (at as Tenths + 1) - base], text);
        }
        return ends;
    };
    let thick = if look == Look::Now { 140 } else { 90 };
    let bar = Area { x: layout.x, y: ends - line + (line - thick) / 2, width: scale.length(amount), height: thick };
    match amount {
        0 => canvas.zero(Area { width: 20, ..bar }),
        _ => canvas.bar(look, mark.is_part, bar),
    }
    if layout.is_over {
        for (at, text) in lines_of(layout, frame, mark).iter().enumerate() {
            canvas.number(look, Anchor::Start, [layout.x, y + line * (at as Tenths + 1) - base], size, text);
        }
    } else {
        let x = bar.x + bar.width.max(20) + GAP - 10;
        canvas.number(look, Anchor::Start, [x, y + line - base], size, &mark.label);
    }
    ends
}
