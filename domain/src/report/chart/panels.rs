//! Small multiples: the months of each group, on one scale.

use super::{
    canvas::{Anchor, Canvas, Frame},
    columns::{self, Plot},
    label::{Labelled, Texts},
    model::Panel,
    scale::{Scale, Tenths},
    text::wrap,
};
use crate::report::tidy::Words as _;

/// Between two panels beside each other, and between one and the next below.
const BETWEEN: Tenths = 300;

/// From `y` down; where it ends.
pub fn draw(canvas: &mut Canvas, y: Tenths, panels: &[Panel], texts: &Texts<'_>) -> Tenths {
    let frame = canvas.frame;
    let (beside, high) = match frame {
        Frame::Narrow => (1, 600),
        Frame::Wide => (2, 700),
    };
    let wide = (frame.width() - BETWEEN * (beside - 1)) / beside;
    let all: Vec<(String, Vec<Labelled>)> =
        panels.iter().map(|panel| (texts.words.group(&panel.group), texts.labelled(&panel.slots))).collect();
    let scale = Scale::new(all.iter().flat_map(|(_, months)| Labelled::amounts(months)), high);
    // Either every column has its number, or of each group the highest one.
    let is_numbered = all.iter().all(|(_, months)| columns::fits(wide, months));
    let (line, size) = (frame.line(), frame.letters());
    let mut y = y;
    for row in all.chunks(beside as usize) {
        let names: Vec<Vec<String>> = row.iter().map(|(name, _)| wrap(name, wide, size, true)).collect();
        let lines = names.iter().map(Vec::len).max().unwrap_or(1) as Tenths;
        let base = y + line * (lines + 1) + high + 60;
        let mut ends = base;
        for (at, ((_, months), names)) in row.iter().zip(&names).enumerate() {
            let x = (wide + BETWEEN) * at as Tenths;
            for (at, name) in names.iter().enumerate() {
                canvas.bold(Anchor::Start, [x, y + line * (at as Tenths + 1)], name);
            }
            let plot = Plot { x, y: base, width: wide };
            columns::draw(canvas, plot, scale, months, is_numbered);
            ends = ends.max(columns::names(canvas, plot, months, texts.month));
        }
        y = ends + 140;
    }
    y
}
