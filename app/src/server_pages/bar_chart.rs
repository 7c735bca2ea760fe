//! A bar chart by month: this year's bars are solid, last year's are outlines, each with its number. The table below
//! the chart has the same figures.

use domain::{Lang, Month};
use leptos::prelude::*;

use crate::{format::number, texts::common};

const WIDTH: u64 = 720;
const HEIGHT: u64 = 240;
/// Room above the highest bar for its number, and below the bars for the months.
const TOP: u64 = 24;
const BOTTOM: u64 = 28;

/// One month: its name, this year's value and last year's.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    pub month: Month,
    pub now: u64,
    pub before: u64,
}

/// A chart of twelve bars.
#[component]
pub fn BarChart(lang: Lang, bars: Vec<Bar>, title_id: &'static str) -> impl IntoView {
    let highest = bars.iter().map(|bar| bar.now.max(bar.before)).max().unwrap_or(0).max(1);
    let step = WIDTH / (bars.len() as u64).max(1);
    let height = |value: u64| value * (HEIGHT - TOP - BOTTOM) / highest;
    let drawn = bars.into_iter().enumerate().map(|(index, bar)| {
        let x = index as u64 * step;
        let rect = |value: u64, class: &'static str, inset: u64| {
            let h = height(value);
            view! { <rect class=class x=x + inset y=HEIGHT - BOTTOM - h width=step - 2 * inset height=h rx="3"></rect> }
        };
        let middle = x + step / 2;
        let label_y = HEIGHT - BOTTOM - height(bar.now.max(bar.before)) - 6;
        view! {
            <g>
                {rect(bar.now, "chart-now", 12)}
                {rect(bar.before, "chart-before", 6)}
                <text class="chart-value" x=middle y=label_y text-anchor="middle">
                    {(bar.now > 0).then(|| number(lang, bar.now))}
                </text>
                <text class="chart-label" x=middle y=HEIGHT - 8 text-anchor="middle">{common::month_short(lang, bar.month)}</text>
            </g>
        }
    });
    view! {
        <svg class="chart" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-labelledby=title_id>
            {drawn.collect_view()}
        </svg>
    }
}
