//! A column for each month, with its number on top.

use super::{
    canvas::{Anchor, Area, Canvas, Frame, Look},
    label::Labelled,
    scale::{Scale, Tenths},
    text::width,
};
use crate::Month;

/// Months that have their name; of more, every second or third.
pub const NAMED_MAX: usize = 12;

/// Letters of the numbers on top: as small as the smallest of all.
pub const NUMBER_SIZE: Tenths = Frame::Narrow.letters();

/// Where columns stand: from `x` on, `width` wide, on a base line at `y`.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub x: Tenths,
    pub y: Tenths,
    pub width: Tenths,
}

impl Plot {
    fn step(&self, count: usize) -> Tenths {
        self.width / (count as Tenths).max(1)
    }
}

/// Whether the numbers of all columns have room beside each other.
pub fn fits(plot_width: Tenths, all: &[Labelled]) -> bool {
    let step = plot_width / (all.len() as Tenths).max(1);
    let is_pair = all.iter().any(|one| one.before.is_some());
    let room = if is_pair { step / 2 - 5 } else { step - 20 };
    let with_bar = all.iter().flat_map(Labelled::marks).filter(|mark| mark.amount.is_some());
    with_bar.into_iter().all(|mark| width(&mark.label, NUMBER_SIZE, true) <= room)
}

/// Bars of months on their base line, each with its number on top, or of the highest one only.
pub fn draw(canvas: &mut Canvas, plot: Plot, scale: Scale, all: &[Labelled], is_numbered: bool) {
    let step = plot.step(all.len());
    let is_pair = all.iter().any(|one| one.before.is_some());
    let size = NUMBER_SIZE;
    let mut highest = Labelled::amounts(all).max().filter(|most| *most > 0);
    for (at, one) in all.iter().enumerate() {
        canvas.begin();
        let begins = plot.x + step * at as Tenths;
        for (mark, look) in one.marks().zip([Look::Now, Look::Before]) {
            // A pair shares its month; alone a bar has the middle three fifths.
            let (x, wide) = match (is_pair, look) {
                (false, _) => (begins + step / 5, step * 3 / 5),
                (true, Look::Now) => (begins + step * 3 / 40, step * 2 / 5),
                (true, Look::Before) => (begins + step * 11 / 20, step * 7 / 20),
            };
            let middle = match (is_pair, look) {
                (false, _) => begins + step / 2,
                (true, Look::Now) => begins + step / 4 + 5,
                (true, Look::Before) => begins + step * 3 / 4 - 5,
            };
            let Some(amount) = mark.amount else {
                canvas.gap(middle, plot.y - 70);
                continue;
            };
            let high = scale.length(amount);
            match amount {
                0 => canvas.zero(Area { x, y: plot.y - 20, width: wide, height: 20 }),
                _ => canvas.bar(look, mark.is_part, Area { x, y: plot.y - high, width: wide, height: high }),
            }
            let is_highest = highest.take_if(|most| *most == amount).is_some();
            if is_numbered || is_highest {
                // The number of a column alone may be wider than it: at the ends it stands within the plot.
                let half = (width(&mark.label, size, true) / 2).min(plot.width / 2);
                let middle = middle.clamp(plot.x + half, plot.x + plot.width - half);
                canvas.number(look, Anchor::Middle, [middle, plot.y - high.max(20) - 40], size, &mark.label);
            }
        }
        canvas.end();
    }
    canvas.axis(plot.x, plot.y, plot.width, 0);
    if is_pair {
        for at in 0..=all.len() {
            canvas.axis(plot.x + step * at as Tenths, plot.y, 0, 40);
        }
    }
}

/// The months' names under the base line, as many of their letters as have room; and the years where there are several. Where it ends.
pub fn names(canvas: &mut Canvas, plot: Plot, all: &[Labelled], short: &dyn Fn(Month) -> String) -> Tenths {
    let (size, line, step) = (canvas.frame.letters(), canvas.frame.line(), plot.step(all.len()));
    let every = all.len().div_ceil(NAMED_MAX).max(1);
    let months: Vec<(usize, Month)> = all.iter().enumerate().filter_map(|(at, one)| Some((at, one.month?))).collect();
    let room = step * every as Tenths - 10;
    let whole = |month: Month| short(month);
    let few = |month: Month| short(month).chars().take(3).collect::<String>();
    let one = |month: Month| short(month).chars().take(1).flat_map(char::to_uppercase).collect::<String>();
    let ways: [&dyn Fn(Month) -> String; 2] = [&whole, &few];
    let is_room =
        |way: &&&dyn Fn(Month) -> String| months.iter().all(|(_, month)| width(&way(*month), size, false) <= room);
    let way = ways.iter().find(is_room).copied().unwrap_or(&one);
    let middle = |at: usize| plot.x + step * at as Tenths + step / 2;
    for (at, month) in months.iter().filter(|(at, _)| at % every == 0) {
        canvas.text(Anchor::Middle, [middle(*at), plot.y + line], &way(*month));
    }
    let is_one_year =
        months.iter().all(|(_, month)| Some(month.year()) == months.first().map(|(_, first)| first.year()));
    if is_one_year {
        return plot.y + line + 50;
    }
    for (at, month) in months.iter().filter(|(at, month)| *at == 0 || month.number() == 1) {
        // The first year has its place only where the second does not begin at once.
        let is_crowded = *at == 0
            && months.iter().any(|(next, month)| *next > 0 && month.number() == 1 && step * (*next as Tenths) < 500);
        if !is_crowded {
            canvas.text(Anchor::Start, [plot.x + step * *at as Tenths, plot.y + line * 2], &month.year().to_string());
        }
    }
    plot.y + line * 2 + 50
}
