//! Charts, judged from outside: their SVG is read again, and each bar is held against the table.

use std::{collections::BTreeMap, time::Instant};

use domain::{
    Date, Gathering, Lang, Month, RecordId, Series, date,
    report::{
        Row,
        chart::{
            model::{Chart, GROUPS_MAX, Picture, measures},
            svg::{Frame, Texts, both, description, svg, title},
            text,
        },
        key::{Group, Key, Table},
        measure::Measure,
        packs::Pack,
        range::{Comparison, Range},
        summing::Report,
        tidy::{Basis, Cover, Figure, Missing, Span, Value, Words as _},
        words::InWords,
    },
    review::ReviewState,
};
use proptest::prelude::*;
use serde_json::json;

/// An element as it was read: its name, attributes, and text up to the next tag.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    /// Which of the groups of bars it is in.
    slot: Option<usize>,
}

impl Element {
    fn number(&self, name: &str) -> f64 {
        self.attributes.get(name).map_or(0.0, |value| value.parse().expect("a number"))
    }

    fn class(&self) -> &str {
        self.attributes.get("class").map_or("", String::as_str)
    }
}

/// Reads what is well-formed, and panics of anything else.
fn read(svg: &str) -> Vec<Element> {
    let unescaped = |text: &str| {
        assert!(!text.contains(['<', '>']), "{text}");
        let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        pairs.iter().fold(text.to_owned(), |text, (of, to)| text.replace(of, to))
    };
    let (mut elements, mut open, mut slots): (Vec<Element>, Vec<String>, usize) = (Vec::new(), Vec::new(), 0);
    let mut rest = svg;
    while let Some(after) = rest.strip_prefix('<') {
        let (tag, text) = after.split_once('>').expect("a tag ends");
        let next = text.find('<').unwrap_or(text.len());
        rest = &text[next..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closes what is open");
            continue;
        }
        let (tag, is_closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut list) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = BTreeMap::new();
        while let Some((attribute, after)) = list.split_once("=\"") {
            let (value, after) = after.split_once('"').expect("a value ends");
            assert!(attributes.insert(attribute.trim().to_owned(), unescaped(value)).is_none(), "{attribute} twice");
            list = after;
        }
        assert!(list.trim().is_empty(), "{list}");
        assert!(!attributes.contains_key("style"), "the policy forbids it");
        if name == "g" && attributes.is_empty() {
            slots += 1;
        }
        if !is_closed {
            open.push(name.to_owned());
        }
        // The outermost are the drawing and its content; a slot is a group in them.
        let is_in_slot = open.iter().filter(|name| *name == "g").count() > 1;
        let slot = is_in_slot.then(|| slots.checked_sub(1)).flatten();
        elements.push(Element { name: name.to_owned(), attributes, text: unescaped(&text[..next]), slot });
    }
    assert_eq!((open.len(), rest), (0, ""));
    elements
}

/// The texts of one place as they stand in its table.
fn value(words: &InWords<'_>, figure: &Figure) -> String {
    let value = match figure.value {
        Value::Count(count) => count.to_string(),
        Value::QuarterHours(quarters) => format!("{},{:02}", quarters / 4, quarters % 4 * 25),
        Value::Missing(why) => return words.missing(why),
        other => format!("{other:?}"),
    };
    match figure.covers.is_whole() {
        true => value,
        false => format!("{value} ({}/{})", figure.covers.known, figure.covers.of),
    }
}

fn with_texts<T>(lang: Lang, series: &BTreeMap<RecordId, Series>, work: impl FnOnce(&Texts<'_>) -> T) -> T {
    let words = InWords { lang, series };
    let month = |month: Month| {
        let names = "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu";
        names.split(' ').nth(usize::from(month.number()) - 1).expect("a month").to_owned()
    };
    work(&Texts { words: &words, value: &|figure| value(&words, figure), month: &month })
}

fn draw(chart: &Chart, frame: Frame) -> String {
    with_texts(Lang::Fi, &BTreeMap::new(), |texts| svg(chart, texts, frame, "one"))
}

fn figure(table: Table, group: Group<'static>, span: Span, value: Value, known: u32, of: u32) -> Figure {
    let covers = Cover { known, of, ..Cover::default() };
    Figure { table, group: group.into(), span, measure: Measure::Visits, value, covers, basis: Basis::default() }
}

fn place(name: &str, value: Value) -> Figure {
    let group = Group::Place(Some(name.to_owned().into()));
    figure(Table::ByPlace, group, Span::Whole, value, 1, 1)
}

fn places(counts: &[u64]) -> Vec<Figure> {
    counts.iter().enumerate().map(|(at, count)| place(&format!("Talo {at}"), Value::Count(*count))).collect()
}

fn month(index: i32, span: Span, count: u64) -> Figure {
    figure(Table::ByMonth, Group::Month(Month::from_index(2025 * 12 + index)), span, Value::Count(count), 1, 1)
}

fn of(figures: &[Figure], table: Table) -> Option<Chart> {
    let range = Range::Year(2025).comparison(Date::constant(2026, 1, 20));
    Chart::of(figures, table, false, Measure::Visits, range)
}

/// Bars, ticks of noughts and crosses of a drawing, in order, with the length of each in units.
fn bars(elements: &[Element], length: &str) -> Vec<(usize, String, f64)> {
    let of_bar =
        |one: &&Element| ["chart-bar", "chart-part", "chart-outline", "chart-zero", "chart-gap"].contains(&one.class());
    let all = elements.iter().filter(of_bar);
    all.filter_map(|one| Some((one.slot?, one.class().to_owned(), one.number(length)))).collect()
}

/// The texts of a slot, without its name.
fn texts_of(elements: &[Element], slot: usize) -> Vec<&str> {
    elements.iter().filter(|one| one.slot == Some(slot) && one.name == "text").map(|one| one.text.as_str()).collect()
}

/// Where each text is: from, to, and its base line. No text has a place outside the drawing.
fn is_inside(elements: &[Element]) {
    let view: Vec<f64> =
        elements[0].attributes["viewBox"].split(' ').map(|number| number.parse().expect("a number")).collect();
    for one in elements.iter().filter(|one| one.name == "text") {
        let size = one.attributes.get("font-size").unwrap_or(&elements[0].attributes["font-size"]);
        assert!(size.parse::<f64>().expect("a size") >= 13.0, "12 px on a phone of 320");
        let size = (size.parse::<f64>().expect("a size") * 10.0) as i64;
        let wide = text::width(&one.text, size, one.class() == "chart-strong") as f64 / 10.0;
        let x = one.number("x");
        let (from, to) = match one.attributes.get("text-anchor").map(String::as_str) {
            Some("middle") => (x - wide / 2.0, x + wide / 2.0),
            Some("end") => (x - wide, x),
            _ => (x, x + wide),
        };
        assert!(from >= view[0] - 0.1 && to <= view[0] + view[2] + 0.1, "{one:?} from {from} to {to}");
        assert!(one.number("y") > 0.0 && one.number("y") < view[3], "{one:?}");
    }
    for one in elements.iter().filter(|one| one.name == "rect") {
        assert!(["x", "y", "width", "height"].iter().all(|name| one.number(name) >= 0.0), "{one:?}");
        assert!(one.number("x") + one.number("width") <= view[2], "{one:?}");
        assert!(one.number("y") + one.number("height") <= view[3], "{one:?}");
    }
}

/// What a group may have: a number, nought, or none.
fn values() -> impl Strategy<Value = (Value, u32, u32)> {
    let count = prop_oneof![3 => 1_u64..400, 1 => Just(0), 1 => 1_000..2_000_000_u64];
    prop_oneof![
        6 => count.clone().prop_map(|count| (Value::Count(count), 4, 4)),
        2 => count.prop_map(|count| (Value::Count(count), 3, 52)),
        1 => Just((Value::Missing(Missing::NotSaid), 0, 4)),
    ]
}

/// Every bar as long as its figure asks, over the longest; a nought and a hole have none.
fn holds(drawn: &[(usize, String, f64)], expected: &[(Value, bool, bool)]) {
    let amount = |value: Value| if let Value::Count(count) = value { Some(count) } else { None };
    let most = expected.iter().filter_map(|(value, ..)| amount(*value)).max().unwrap_or(0) as f64;
    let longest = drawn.iter().filter(|(_, class, _)| !["chart-zero", "chart-gap"].contains(&class.as_str()));
    let longest = longest.map(|(.., length)| *length).fold(0.0, f64::max);
    assert_eq!(drawn.len(), expected.len());
    for ((_, class, length), (value, is_part, is_before)) in drawn.iter().zip(expected) {
        let expected = match (amount(*value), is_part, is_before) {
            (None, ..) => "chart-gap",
            (Some(0), ..) => "chart-zero",
            (_, _, true) => "chart-outline",
            (_, true, _) => "chart-part",
            _ => "chart-bar",
        };
        assert_eq!(class, expected);
        if let Some(amount) = amount(*value).filter(|amount| *amount > 0) {
            let exact = amount as f64 / most * longest;
            assert!((length - exact).abs() <= 0.11, "{amount} of {most}: {length} and not {exact}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_row_s_label_is_the_table_s_figure_and_its_bar_as_long(
        all in prop::collection::vec(("[A-Za-zäö<>&\"' -]{0,50}", values()), 3..40),
    ) {
        let figures: Vec<Figure> = all.iter().enumerate().map(|(at, (name, (value, known, of)))| {
            let covers = Cover { known: *known, of: *of, ..Cover::default() };
            Figure { covers, ..place(&format!("{at}{name}"), *value) }
        }).collect();
        let something = figures.iter().any(|one| matches!(one.value, Value::Count(1..)));
        let chart = of(&figures, Table::ByPlace);
        prop_assert_eq!(chart.is_some(), something);
        let Some(chart) = chart else { return Ok(()) };
        // The largest first; of equals the table's order.
        let mut sorted: Vec<&Figure> = figures.iter().collect();
        sorted.sort_by_key(|one| if let Value::Count(count) = one.value { -(count as i64) } else { 1 });
        sorted.truncate(GROUPS_MAX);
        prop_assert_eq!(chart.left_out, figures.len() - sorted.len());
        let series = BTreeMap::new();
        let words = InWords { lang: Lang::Fi, series: &series };
        for frame in Frame::ALL {
            let drawing = draw(&chart, frame);
            let elements = read(&drawing);
            is_inside(&elements);
            let drawn = bars(&elements, "width");
            let expected: Vec<_> = sorted.iter().map(|one| (one.value, !one.covers.is_whole(), false)).collect();
            holds(&drawn, &expected);
            for (slot, one) in sorted.iter().enumerate() {
                let letters = |text: &str| text.replace([' ', '-'], "");
                let said: String = texts_of(&elements, slot).concat();
                let Group::Place(Some(name)) = &one.group.0 else { panic!("{one:?}") };
                let all = [words.group(&Group::Place(Some(name.clone()))), value(&words, one)].concat();
                prop_assert_eq!(letters(&said), letters(&all));
            }
            prop_assert!(drawing.contains(r#"role="img""#));
        }
    }

    #[test]
    fn a_month_stands_in_its_order_with_its_holes_beside_the_year_before(
        now in prop::collection::btree_map(0_i32..12, 0_u64..900, 3..12),
        before in prop::collection::btree_map(0_i32..12, 0_u64..900, 0..12),
    ) {
        let mut figures: Vec<Figure> = now.iter().map(|(at, count)| month(*at, Span::Whole, *count)).collect();
        figures.extend(before.iter().map(|(at, count)| month(*at, Span::YearBefore, *count)));
        let (first, last) = (now.keys().chain(before.keys()).min(), now.keys().chain(before.keys()).max());
        let (first, last) = (*first.expect("some"), *last.expect("some"));
        let Some(chart) = of(&figures, Table::ByMonth) else {
            prop_assert!(last - first < 2 || now.values().chain(before.values()).all(|count| *count == 0));
            return Ok(());
        };
        let mut expected = Vec::new();
        let mut labels = Vec::new();
        for at in first..=last {
            expected.push((now.get(&at).map_or(Value::Missing(Missing::NothingHeld), |count| Value::Count(*count)), false, false));
            labels.extend(now.get(&at).map(u64::to_string));
            if let Some(count) = before.get(&at) {
                expected.push((Value::Count(*count), false, true));
                labels.push(count.to_string());
            }
        }
        for frame in Frame::ALL {
            let elements = read(&draw(&chart, frame));
            is_inside(&elements);
            // They stand where their numbers have room on top, and otherwise lie.
            let is_column = elements.iter().any(|one| one.slot.is_some() && one.attributes.contains_key("text-anchor"));
            let is_column = is_column && !elements.iter().any(|one| one.attributes.get("text-anchor").is_some_and(|at| at == "end"));
            prop_assert!(is_column || frame == Frame::Narrow, "at most 900 fit on top of twelve");
            holds(&bars(&elements, if is_column { "height" } else { "width" }), &expected);
            let is_digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
            let said: Vec<&str> = (0..=(last - first) as usize).flat_map(|slot| texts_of(&elements, slot)).filter(is_digits).collect();
            prop_assert_eq!(&said, &labels);
        }
    }

    #[test]
    fn nothing_that_a_name_has_is_markup(name in "\\PC{0,60}") {
        let figures = [place(&name, Value::Count(3)), place("a", Value::Count(2)), place("b", Value::Count(1))];
        let chart = of(&figures, Table::ByPlace).expect("three groups");
        for frame in Frame::ALL {
            let elements = read(&draw(&chart, frame));
            is_inside(&elements);
            let known = ["svg", "title", "desc", "g", "rect", "text", "path", "pattern"];
            prop_assert!(elements.iter().all(|one| known.contains(&one.name.as_str())));
        }
    }
}

#[test]
fn groups_compared_with_the_year_before_have_a_filled_bar_and_an_outline() {
    let comparison = Range::Year(2025).comparison(Date::constant(2026, 1, 20));
    let counts = [("a", 10, 20), ("b", 30, 0), ("c", 5, 5)];
    let of_span = |span, at: fn(&(&'static str, u64, u64)) -> u64| {
        counts.map(|one| Figure { span, ..place(one.0, Value::Count(at(&one))) })
    };
    let change = counts.map(|one| Figure { span: Span::Change, ..place(one.0, Value::Change(-3)) });
    let figures = [of_span(Span::Compared, |one| one.1), of_span(Span::YearBefore, |one| one.2), change].concat();
    let chart = Chart::of(&figures, Table::ByPlace, true, Measure::Visits, comparison).expect("three groups");
    let sorted = [(30, 0), (10, 20), (5, 5)];
    let expected: Vec<_> = sorted
        .iter()
        .flat_map(|(now, before)| [(Value::Count(*now), false, false), (Value::Count(*before), false, true)])
        .collect();
    for frame in Frame::ALL {
        let elements = read(&draw(&chart, frame));
        holds(&bars(&elements, "width"), &expected);
        assert_eq!(
            [0, 1, 2].map(|slot| texts_of(&elements, slot)),
            [["b", "30", "0"], ["a", "10", "20"], ["c", "5", "5"]]
        );
        let legend: Vec<&str> = elements.iter().filter(|one| one.slot.is_none()).map(|one| one.text.as_str()).collect();
        assert!(legend.contains(&"2025") && legend.contains(&"2024"), "{legend:?}");
    }
    let said =
        with_texts(Lang::En, &BTreeMap::new(), |texts| [title(&chart, texts), description(&chart, texts)].join(". "));
    assert_eq!(
        said,
        "Visits by place (2025 / 2024). Most: b, 30. In the compared months 45, in the same months the year before 25."
    );
}

#[test]
fn a_group_s_name_is_never_a_script() {
    let figures = [place("<script>alert(1)</script>", Value::Count(3)), place("\"><img src=x>", Value::Count(2))];
    let figures = [&figures[..], &places(&[1])].concat();
    let chart = of(&figures, Table::ByPlace).expect("three groups");
    let drawn = draw(&chart, Frame::Wide);
    assert!(!drawn.contains("<script") && !drawn.contains("<img"), "{drawn}");
    assert!(drawn.contains("&lt;script&gt;"), "{drawn}");
}

#[test]
fn a_table_of_one_or_two_rows_or_of_noughts_has_no_chart() {
    assert_eq!(of(&places(&[]), Table::ByPlace), None);
    assert_eq!(of(&places(&[4]), Table::ByPlace), None);
    assert_eq!(of(&places(&[4, 5]), Table::ByPlace), None);
    assert_eq!(of(&places(&[0, 0, 0, 0]), Table::ByPlace), None);
    assert!(of(&places(&[4, 0, 0]), Table::ByPlace).is_some());
    let missing = [0; 3].map(|_| place("x", Value::Missing(Missing::NotSaid)));
    assert_eq!(of(&missing, Table::ByPlace), None);
    // The whole is a list of measures.
    let whole = places(&[4, 5, 6]).into_iter().map(|one| Figure { table: Table::Whole, group: Key::all(), ..one });
    assert_eq!(of(&whole.collect::<Vec<_>>(), Table::Whole), None);
    // A difference can be below nought, and a range has no length.
    for value in [Value::Change(-4), Value::Percent(30), Value::Range { least: 3, most: 9 }] {
        assert_eq!(of(&["a", "b", "c"].map(|name| place(name, value)), Table::ByPlace), None);
    }
}

#[test]
fn where_a_table_judges_it_has_no_picture_of_visits() {
    let mut figures = places(&[4, 5, 6]);
    figures.push(Figure {
        measure: Measure::Sivis,
        value: Value::Verdict(domain::report::tidy::Verdict::Fails),
        ..figures[0].clone()
    });
    assert_eq!(of(&figures, Table::ByPlace), None);
}

#[test]
fn of_sixty_groups_twelve_are_drawn_and_the_rest_is_said_in_words() {
    let counts: Vec<u64> = (1..=60).collect();
    let chart = of(&places(&counts), Table::ByPlace).expect("many groups");
    let elements = read(&draw(&chart, Frame::Narrow));
    assert_eq!(bars(&elements, "width").len(), GROUPS_MAX);
    let said: Vec<&str> = elements.iter().filter(|one| one.name == "text").map(|one| one.text.as_str()).collect();
    assert!(said.join(" ").contains("Kuvassa on 12 suurinta. Taulukossa on vielä 48 muuta."), "{said:?}");
    // 1 + … + 60, those left out included.
    let about = with_texts(Lang::Fi, &BTreeMap::new(), |texts| description(&chart, texts));
    assert_eq!(about, "Eniten: Talo 59, 60. Yhteensä 1830. Kuvassa on 12 suurinta. Taulukossa on vielä 48 muuta.");
}

#[test]
fn a_hundred_and_twenty_months_are_columns_with_at_most_twelve_years_under_them() {
    let figures: Vec<Figure> =
        (0..120).filter(|at| at % 12 != 6).map(|at| month(at, Span::Whole, 300 + at as u64)).collect();
    let chart = of(&figures, Table::ByMonth).expect("many months");
    for frame in Frame::ALL {
        let drawn = draw(&chart, frame);
        let elements = read(&drawn);
        is_inside(&elements);
        let columns = bars(&elements, "height");
        assert_eq!(columns.len(), 110);
        assert!(columns.windows(2).all(|pair| pair[0].2 <= pair[1].2), "each is higher than the one before");
        let years =
            elements.iter().filter(|one| one.name == "text" && one.text.starts_with("20") && one.text.len() == 4);
        assert!((5..=12).contains(&years.count()), "{frame:?}");
        // Holes are no columns: the months after them are where they belong.
        let lefts: Vec<f64> =
            elements.iter().filter(|one| one.class() == "chart-bar").map(|one| one.number("x")).collect();
        let step = (lefts[109] - lefts[0]) / 119.0;
        assert!((lefts[6] - lefts[5] - 2.0 * step).abs() <= 0.2, "{lefts:?}");
    }
}

#[test]
fn numbers_of_any_length_have_room() {
    for counts in [[u64::MAX, u64::MAX - 1, 7], [u64::MAX, 0, 0], [1, 1, 1]] {
        let mut figures = places(&counts);
        figures[2].covers = Cover { known: u32::MAX - 1, of: u32::MAX, ..Cover::default() };
        let chart = of(&figures, Table::ByPlace).expect("three groups");
        for frame in Frame::ALL {
            is_inside(&read(&draw(&chart, frame)));
        }
    }
    let months: Vec<Figure> = (0..12).map(|at| month(at, Span::Whole, u64::MAX - at as u64)).collect();
    for months in [&months[..], &months[..3]] {
        let chart = of(months, Table::ByMonth).expect("months");
        for frame in Frame::ALL {
            is_inside(&read(&draw(&chart, frame)));
        }
    }
}

#[test]
fn hours_are_drawn_of_quarters_and_written_as_hours() {
    let figures = [4_u64, 8, 10].map(|quarters| Figure {
        measure: Measure::VolunteerHours,
        ..place(&format!("Talo {quarters}"), Value::QuarterHours(quarters))
    });
    let chart = Chart::of(&figures, Table::ByPlace, false, Measure::VolunteerHours, None).expect("three groups");
    let elements = read(&draw(&chart, Frame::Wide));
    assert_eq!(texts_of(&elements, 0), ["Talo 10", "2,50"]);
    let lengths: Vec<f64> = bars(&elements, "width").iter().map(|one| one.2).collect();
    assert!((lengths[1] / lengths[0] - 0.8).abs() < 0.001, "{lengths:?}");
}

#[test]
fn what_overlaps_is_not_summed_and_many_equals_are_not_named() {
    let groups = ["ikaihmiset", "miehet", "sairaat"].map(|code| {
        let group = Group::TargetGroup(domain::codes::TargetGroup::parse(code));
        figure(Table::ByTargetGroup, group, Span::Whole, Value::Count(7), 1, 1)
    });
    let chart = of(&groups, Table::ByTargetGroup).expect("three groups");
    assert_eq!(chart.sum, None);
    let four = of(&places(&[3, 3, 3, 3, 1]), Table::ByPlace).expect("five groups");
    let about = with_texts(Lang::Fi, &BTreeMap::new(), |texts| description(&four, texts));
    assert_eq!(about, "Yhteensä 13.");
}

#[test]
fn a_week_keeps_its_order_and_groups_stand_from_the_largest_on() {
    let days: Vec<Figure> = [(0, 2), (2, 9), (4, 5)]
        .map(|(day, count)| figure(Table::ByWeekday, Group::Weekday(day), Span::Whole, Value::Count(count), 1, 1))
        .into();
    let chart = of(&days, Table::ByWeekday).expect("three days");
    let elements = read(&draw(&chart, Frame::Wide));
    assert_eq!([0, 1, 2].map(|slot| texts_of(&elements, slot)[0]), ["maanantai", "keskiviikko", "perjantai"]);
    let chart = of(&places(&[2, 9, 5]), Table::ByPlace).expect("three groups");
    let elements = read(&draw(&chart, Frame::Wide));
    assert_eq!([0, 1, 2].map(|slot| texts_of(&elements, slot)[0]), ["Talo 1", "Talo 2", "Talo 0"]);
}

#[test]
fn both_drawings_of_one_page_have_ids_of_their_own_and_are_the_same_every_time() {
    let mut figures = places(&[5, 3, 2]);
    figures[0].covers.known = 0;
    let chart = of(&figures, Table::ByPlace).expect("three groups");
    let all = || with_texts(Lang::Sv, &BTreeMap::new(), |texts| both(&chart, texts, "by-place"));
    let drawn = all();
    assert_eq!(drawn, all());
    let elements = read(&drawn);
    let ids: Vec<&String> = elements.iter().filter_map(|one| one.attributes.get("id")).collect();
    let mut each = ids.clone();
    each.sort();
    each.dedup();
    assert_eq!((ids.len(), each.len()), (6, 6), "{ids:?}");
    for one in &elements {
        for name in ["aria-labelledby", "aria-describedby"] {
            assert!(one.attributes.get(name).is_none_or(|id| ids.contains(&id)), "{one:?}");
        }
        let fill = one.attributes.get("fill").and_then(|fill| fill.strip_prefix("url(#")?.strip_suffix(')'));
        assert!(fill.is_none_or(|id| ids.iter().any(|known| *known == id)), "{one:?}");
    }
    // No noise of fractions: at most one decimal.
    let decimals = |value: &str| value.split_once('.').map_or(0, |(_, rest)| rest.len());
    for one in &elements {
        assert!(
            ["x", "y", "width", "height"].iter().all(|name| decimals(one.attributes.get(*name).map_or("", |v| v)) <= 1)
        );
    }
}

/// Ten years of a busy association: 5,000 gatherings of 55 groups.
fn busy(range: Range, pack: Pack) -> (Vec<Figure>, BTreeMap<RecordId, Series>, Option<Comparison>) {
    let id = |number: u16| {
        let mut bytes = [7; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        RecordId::from_bytes(bytes)
    };
    let days = date::day_number(range.last()) - date::day_number(range.first());
    let gatherings: Vec<Gathering> = (0..5_000)
        .map(|at| {
            let day = date::iso(date::plus_days(range.first(), at * days / 5_000));
            let content = json!({"series": id((at * 7 % 55) as u16).to_string(), "form": "kerho", "date": day,
                "municipality": "005", "participants": 5 + at % 17, "volunteers": 2, "place": format!("Paikka {}", at % 30),
                "target_groups": ["ikaihmiset", "miehet"], "themes": ["luonto"]});
            Gathering::parse(content.as_object().expect("object"), Date::MAX).expect("valid")
        })
        .collect();
    let one = |number| {
        let content =
            json!({"name": format!("Juttutupa {number} – vertaistukiryhmä"), "form": "kerho", "municipality": "005"});
        (id(number), Series::parse(content.as_object().expect("object")).expect("valid"))
    };
    let series: BTreeMap<RecordId, Series> = (0..55).map(one).collect();
    let today = Date::constant(2026, 1, 20);
    let mut report = Report::new(range, today, pack.tables().iter().copied(), pack.compared().iter().copied());
    for gathering in &gatherings {
        report.add(Row { gathering, state: ReviewState::Approved });
    }
    let summed = report.finish(&series, &[]);
    (pack.figures(&summed), series, summed.comparison())
}

/// All charts of a pack: what they are called, what they say, and both drawings.
fn charts(lang: Lang, range: Range, pack: Pack) -> Vec<(Chart, String, String, String)> {
    let (figures, series, comparison) = busy(range, pack);
    let mut out = Vec::new();
    for (table, is_compared) in Table::ALL.iter().flat_map(|table| [(*table, false), (*table, true)]) {
        for measure in measures(pack) {
            let begun = Instant::now();
            let Some(chart) = Chart::of(&figures, table, is_compared, *measure, comparison) else { continue };
            let drawn = with_texts(lang, &series, |texts| {
                (title(&chart, texts), description(&chart, texts), both(&chart, texts, "x"))
            });
            // 5 ms on a desktop core; here without optimisation, beside other tests.
            assert!(begun.elapsed().as_millis() < 50, "{table:?} took {:?}", begun.elapsed());
            out.push((chart, drawn.0, drawn.1, drawn.2));
        }
    }
    out
}

#[test]
fn every_chart_of_a_busy_association_is_drawn_at_once_and_says_what_it_shows() {
    for lang in Lang::offered() {
        for (range, pack) in [
            (Range::Year(2025), Pack::Year),
            (Range::parse("2024-01-01..2025-12-31").expect("a code"), Pack::Year),
            (Range::parse("2016-01-01..2025-12-31").expect("a code"), Pack::Year),
            (Range::Year(2025), Pack::Stea),
        ] {
            let all = charts(lang, range, pack);
            assert!(all.len() >= if pack == Pack::Year { 4 } else { 1 }, "{}", all.len());
            for (chart, title, about, drawn) in all {
                assert!(!title.is_empty() && !about.is_empty(), "{:?}", chart.table);
                assert!(!title.contains(['{', '}']) && !about.contains(['{', '}']), "{title}: {about}");
                let elements = read(&drawn);
                for one in &elements {
                    assert!(one.attributes.get("class").is_none_or(|class| class.starts_with("chart-")), "{one:?}");
                }
                for half in drawn.split_inclusive("</svg>") {
                    is_inside(&read(half));
                }
            }
        }
    }
}

#[test]
fn each_group_has_the_same_months_on_the_same_scale() {
    let all = charts(Lang::Fi, Range::Year(2025), Pack::Year);
    let crossed = all.iter().find(|(chart, ..)| chart.table == Table::SeriesByMonth).expect("groups by month");
    let Picture::Panels(panels) = &crossed.0.picture else { panic!("{:?}", crossed.0.picture) };
    assert_eq!((panels.len(), crossed.0.left_out), (GROUPS_MAX, 55 - GROUPS_MAX));
    assert!(panels.iter().all(|panel| panel.slots.len() == 12));
    let wide = crossed.3.split_inclusive("</svg>").nth(1).expect("two drawings");
    let columns = bars(&read(wide), "height");
    let slots = panels.iter().flat_map(|panel| &panel.slots);
    let expected: Vec<_> = slots
        .map(|slot| (slot.now.as_ref().map_or(Value::Missing(Missing::NothingHeld), |one| one.value), false, false))
        .collect();
    holds(&columns, &expected);
    assert_eq!(crossed.1, "Ryhmät kuukausittain: Osallistumiskerrat");
}

#[test]
fn the_title_and_the_sentences_read_in_each_language() {
    let mut figures: Vec<Figure> = (0..12).map(|at| month(at, Span::Whole, 100 + at as u64)).collect();
    figures.extend((0..12).map(|at| month(at, Span::Compared, 100 + at as u64)));
    figures.extend((0..12).map(|at| month(at, Span::YearBefore, 90)));
    let chart = of(&figures, Table::ByMonth).expect("twelve months");
    let said = |lang| {
        with_texts(lang, &BTreeMap::new(), |texts| [title(&chart, texts), description(&chart, texts)].join(". "))
    };
    assert_eq!(
        said(Lang::Fi),
        "Osallistumiskerrat kuukausittain. Eniten: joulukuu 2025, 111. Yhteensä 1266. Verrattavina kuukausina 1266, \
         samoina kuukausina edellisvuonna 1080."
    );
    assert_eq!(
        said(Lang::Sv),
        "Besök per månad. Mest: december 2025, 111. Sammanlagt 1266. Under de jämförda månaderna 1266, under samma \
         månader året innan 1080."
    );
    assert_eq!(
        said(Lang::En),
        "Visits by month. Most: December 2025, 111. In all 1266. In the compared months 1266, in the same months the \
         year before 1080."
    );
    assert_eq!(chart.years, Some(["2025".to_owned(), "2024".to_owned()]));
}
