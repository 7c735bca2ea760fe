//! Many months: columns side by side without numbers, and the numbers at an axis.

use super::{
    canvas::{Anchor, Area, Canvas, Frame, Look},
    columns::NAMED_MAX,
    label::Labelled,
    scale::{Scale, Tenths, ticks},
    text::width,
};

/// From `y` down; where it ends. `unit` is what the reader takes for one, and `number` writes an amount.
pub fn draw(canvas: &mut Canvas, y: Tenths, all: &[Labelled], unit: u64, number: &dyn Fn(u64) -> String) -> Tenths {
    let frame = canvas.frame;
    let (size, line) = (frame.letters(), frame.line());
    let high = if frame == Frame::Wide { 1_700 } else { 1_300 };
    let ticks = ticks(Labelled::amounts(all).max().unwrap_or(0), unit);
    let numbers: Vec<String> = ticks.iter().map(|amount| number(*amount)).collect();
    let x = numbers.iter().map(|number| width(number, size, false)).max().unwrap_or(0) + 60;
    let base = y + line + high;
    let scale = Scale::new(ticks.iter().copied(), high);
    for (amount, number) in ticks.iter().zip(&numbers) {
        let at = base - scale.length(*amount);
        canvas.text(Anchor::End, [x - 60, at + size / 3], number);
        if *amount > 0 {
            canvas.grid(x, at, frame.width() - x);
        }
    }
    // Each from the beginning, so that what is rounded does not add up.
    let count = (all.len() as Tenths).max(1);
    let edge = |at: usize| x + (frame.width() - x) * at as Tenths / count;
    for (at, one) in all.iter().enumerate() {
        canvas.begin();
        let (begins, ends) = (edge(at), edge(at + 1));
        let wide = ((ends - begins) * 4 / 5).max(5);
        match one.now.amount {
            Some(0) => canvas.zero(Area { x: begins, y: base - 15, width: wide, height: 15 }),
            Some(amount) => {
                let high = scale.length(amount);
                canvas.bar(Look::Now, one.now.is_part, Area { x: begins, y: base - high, width: wide, height: high });
            }
            // Too narrow for a cross: a hole with a tick under the base line.
            None => canvas.axis(begins + wide / 2, base, 0, 30),
        }
        canvas.end();
    }
    canvas.axis(x, base, frame.width() - x, 0);
    // The years, as many as have room beside each other.
    let januaries: Vec<(usize, i16)> = all
        .iter()
        .enumerate()
        .filter_map(|(at, one)| one.month.filter(|month| month.number() == 1).map(|month| (at, month.year())))
        .collect();
    let room = (frame.width() - x) / (width("2000", size, false) + 120).max(1);
    let most = (room.max(1) as usize).min(NAMED_MAX);
    let every = januaries.len().div_ceil(most).max(1);
    let last = frame.width() - width("2000", size, false);
    for (at, year) in januaries.iter().step_by(every) {
        canvas.axis(edge(*at), base, 0, 60);
        canvas.text(Anchor::Start, [edge(*at).min(last), base + line + 30], &year.to_string());
    }
    base + line + 80
}
