//! The drawing of a chart, with its title and what it says in words.

pub use super::{canvas::Frame, label::Texts};
use super::{
    canvas::{Canvas, Look, Sign},
    columns::{self, Plot},
    label::Labelled,
    model::{Chart, Picture, Slot, amount, one},
    panels, rows,
    scale::{Scale, Tenths},
    timeline,
    words::ChartWord,
};
use crate::report::{
    key::{Dimension, Key},
    tidy::{Basis, Cover, Figure, Span, Value},
    words,
};

/// Months that have a bar with a number each; more are a line of columns with an axis.
const NUMBERED_MAX: usize = 24;
/// As many equal ones are named as the largest; of more, none is.
const LARGEST_MAX: usize = 3;

/// Both drawings, of which the style shows the one that fits. `id` is of this chart alone on its page: letters, digits and hyphens.
pub fn both(chart: &Chart, texts: &Texts<'_>, id: &str) -> String {
    Frame::ALL.map(|frame| svg(chart, texts, frame, id)).concat()
}

/// One drawing.
pub fn svg(chart: &Chart, texts: &Texts<'_>, frame: Frame, id: &str) -> String {
    let (class, ending) = match frame {
        Frame::Narrow => ("chart-narrow", "n"),
        Frame::Wide => ("chart-wide", "w"),
    };
    let lang = texts.words.lang;
    let mut canvas = Canvas::new(frame, format!("{id}-{ending}"));
    let y = canvas.lines(0, true, words::name(lang, chart.measure));
    let lay = Lay::of(chart, texts, frame);
    let y = canvas.legend(y, &legend(chart, texts, lay)) + frame.line() / 3;
    let y = match (&chart.picture, lay) {
        (Picture::Panels(all), _) => panels::draw(&mut canvas, y, all, texts),
        (Picture::Groups(slots) | Picture::Months(slots), Lay::Rows) => {
            rows::draw(&mut canvas, y, &texts.labelled(slots))
        }
        (Picture::Groups(slots) | Picture::Months(slots), Lay::Columns) => columns(&mut canvas, y, slots, texts),
        (Picture::Groups(slots) | Picture::Months(slots), Lay::Timeline) => line(&mut canvas, y, chart, slots, texts),
    };
    let y = match left_out(chart, texts) {
        Some(text) => canvas.lines(y + frame.line() / 2, false, &text),
        None => y,
    };
    canvas.finish(class, y + 40, &title(chart, texts), &description(chart, texts))
}

/// How bars lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lay {
    Rows,
    Columns,
    Timeline,
}

impl Lay {
    fn of(chart: &Chart, texts: &Texts<'_>, frame: Frame) -> Lay {
        match &chart.picture {
            Picture::Groups(_) => Lay::Rows,
            Picture::Panels(_) => Lay::Columns,
            Picture::Months(slots) if slots.len() > NUMBERED_MAX => Lay::Timeline,
            Picture::Months(slots) if columns::fits(frame.width(), &texts.labelled(slots)) => Lay::Columns,
            Picture::Months(_) => Lay::Rows,
        }
    }
}

fn columns(canvas: &mut Canvas, y: Tenths, slots: &[Slot], texts: &Texts<'_>) -> Tenths {
    let (frame, all) = (canvas.frame, texts.labelled(slots));
    let high = if frame == Frame::Wide { 1_700 } else { 1_200 };
    let plot = Plot { x: 0, y: y + frame.line() + high, width: frame.width() };
    let scale = Scale::new(Labelled::amounts(&all), high);
    columns::draw(canvas, plot, scale, &all, true);
    columns::names(canvas, plot, &all, texts.month)
}

fn line(canvas: &mut Canvas, y: Tenths, chart: &Chart, slots: &[Slot], texts: &Texts<'_>) -> Tenths {
    let figure = slots.iter().find_map(|slot| slot.now.as_ref());
    let value = figure.map_or(Value::Count(0), |figure| figure.value);
    let number = |amount: u64| (texts.value)(&whole(chart, of_amount(value, amount)));
    timeline::draw(canvas, y, &texts.labelled(slots), one(value), &number)
}

/// A value of the same kind.
fn of_amount(value: Value, amount: u64) -> Value {
    match value {
        Value::QuarterHours(_) => Value::QuarterHours(amount),
        Value::Minutes(_) => Value::Minutes(amount),
        Value::Tenths(_) => Value::Tenths(amount),
        _ => Value::Count(amount),
    }
}

/// A number at an axis, which is nobody's figure and so known of all.
fn whole(chart: &Chart, value: Value) -> Figure {
    Figure {
        table: chart.table,
        group: Key::all(),
        span: Span::Whole,
        measure: chart.measure,
        value,
        covers: Cover::default(),
        basis: Basis::default(),
    }
}

fn legend(chart: &Chart, texts: &Texts<'_>, lay: Lay) -> Vec<(Sign, String)> {
    let word = |of| words::chart(texts.words.lang, of).to_owned();
    let mut items = Vec::new();
    if let Some([now, before]) = &chart.years {
        items.push((Sign::Bar(Look::Now, false), now.clone()));
        items.push((Sign::Bar(Look::Before, false), before.clone()));
    }
    // A nought has no bar to be hatched.
    if chart.figures().any(|figure| amount(figure.value).is_some_and(|amount| amount > 0) && !figure.covers.is_whole())
    {
        items.push((Sign::Bar(Look::Now, true), word(ChartWord::Part)));
    }
    // In rows the reason stands beside the cross, and a line has no room for crosses.
    let is_hole = |slot: &Slot| slot.now.as_ref().is_none_or(|figure| amount(figure.value).is_none());
    if lay == Lay::Columns && chart.picture.slots().any(is_hole) {
        items.push((Sign::Gap, word(ChartWord::Gap)));
    }
    items
}

/// "Osallistumiskerrat kuukausittain"; of a comparison with its years.
pub fn title(chart: &Chart, texts: &Texts<'_>) -> String {
    let lang = texts.words.lang;
    let (measure, table) = (words::name(lang, chart.measure), words::table(lang, chart.table));
    let mut letters = table.chars();
    let title = match (chart.table.dimensions().1, letters.next()) {
        (Dimension::All, Some(first)) => format!("{measure} {}{}", first.to_lowercase(), letters.as_str()),
        _ => format!("{table}: {measure}"),
    };
    match &chart.years {
        Some([now, before]) if chart.is_compared => format!("{title} ({now} / {before})"),
        _ => title,
    }
}

/// The main thing in words: the largest, all together, the comparison, and what is left out.
pub fn description(chart: &Chart, texts: &Texts<'_>) -> String {
    let word = |of| words::chart(texts.words.lang, of);
    let value = |figure: &Figure| (texts.value)(figure);
    let mut out = Vec::new();
    if let Some(first) = chart.largest.first().filter(|_| chart.largest.len() <= LARGEST_MAX) {
        let names: Vec<String> = chart.largest.iter().map(|figure| texts.words.key(&figure.group)).collect();
        out.push(word(ChartWord::Largest).replace("{value}", &value(first)).replace("{group}", &names.join(", ")));
    }
    if let Some(sum) = &chart.sum {
        out.push(word(ChartWord::Sum).replace("{value}", &value(sum)));
    }
    if let Some([now, before]) = &chart.compared {
        out.push(word(ChartWord::Compared).replace("{now}", &value(now)).replace("{before}", &value(before)));
    }
    out.extend(left_out(chart, texts));
    out.join(" ")
}

fn left_out(chart: &Chart, texts: &Texts<'_>) -> Option<String> {
    let shown = match &chart.picture {
        Picture::Groups(slots) | Picture::Months(slots) => slots.len(),
        Picture::Panels(panels) => panels.len(),
    };
    let text = words::chart(texts.words.lang, ChartWord::LeftOut);
    let text = || text.replace("{shown}", &shown.to_string()).replace("{rest}", &chart.left_out.to_string());
    (chart.left_out > 0).then(text)
}
