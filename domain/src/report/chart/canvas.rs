//! Elements of SVG, written one after the other.

use std::fmt::Write as _;

use super::{
    scale::Tenths,
    text::{push_escaped, width, wrap},
};

/// In which of the two drawings: each is shown where it fits (`style/charts.css`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// For 270 to 470 px: its letters are 12 px in a fold on a screen of 320.
    Narrow,
    /// For 660 px and more.
    Wide,
}

impl Frame {
    pub const ALL: [Frame; 2] = [Frame::Narrow, Frame::Wide];

    pub const fn width(self) -> Tenths {
        match self {
            Frame::Narrow => 2_900,
            Frame::Wide => 6_800,
        }
    }

    /// The size of all letters but those over columns.
    pub const fn letters(self) -> Tenths {
        match self {
            Frame::Narrow => 130,
            Frame::Wide => 140,
        }
    }

    /// From line to line.
    pub const fn line(self) -> Tenths {
        self.letters() * 5 / 4
    }
}

/// At both sides: some letters lean out of their line.
const MARGIN: Tenths = 20;

/// Where a text stands from its place.
#[derive(Clone, Copy, Debug)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A bar's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Now,
    Before,
}

#[derive(Clone, Copy, Debug)]
pub struct Area {
    pub x: Tenths,
    pub y: Tenths,
    pub width: Tenths,
    pub height: Tenths,
}

#[derive(Debug)]
pub struct Canvas {
    out: String,
    pub frame: Frame,
    /// Begins the ids of what is referred to; of this page's drawings no other has it.
    id: String,
}

/// `12`, `12.5`
struct Length(Tenths);

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        match (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, rest) => write!(f, "{sign}{whole}.{rest}"),
        }
    }
}

impl Canvas {
    pub fn new(frame: Frame, id: String) -> Canvas {
        Canvas { out: String::new(), frame, id }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(text);
    }

    /// What belongs to one group or month stands together.
    pub fn begin(&mut self) {
        self.out.push_str("<g>");
    }

    pub fn end(&mut self) {
        self.out.push_str("</g>");
    }

    /// `fill` is what the style does not say.
    fn rect(&mut self, class: &str, area: Area, fill: &str) {
        let Area { x, y, width, height } = area;
        let [x, y, width, height] = [x, y, width, height].map(Length);
        self.write(format_args!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"{fill}/>"#));
    }

    /// A bar; hatched where it is of a part only.
    pub fn bar(&mut self, look: Look, is_part: bool, area: Area) {
        let hatched = format!(r#" fill="url(#{}-hatch)""#, self.id);
        match (look, is_part) {
            (Look::Now, false) => self.rect("chart-bar", area, ""),
            (Look::Now, true) => self.rect("chart-part", area, &hatched),
            (Look::Before, false) => self.rect("chart-outline", area, r#" fill="none""#),
            (Look::Before, true) => self.rect("chart-outline", area, &hatched),
        }
    }

    /// Nought, which has no length: a tick where its bar would begin.
    pub fn zero(&mut self, area: Area) {
        self.rect("chart-zero", area, "");
    }

    fn path(&mut self, class: &str, x: Tenths, y: Tenths, goes: std::fmt::Arguments<'_>) {
        let (x, y) = (Length(x), Length(y));
        self.write(format_args!(r#"<path class="{class}" d="M{x} {y}{goes}"/>"#));
    }

    /// No figure: a cross around a place.
    pub fn gap(&mut self, x: Tenths, y: Tenths) {
        self.path("chart-gap", x - 35, y - 35, format_args!("l7 7m0-7l-7 7"));
    }

    /// From a place to the right, or down.
    pub fn axis(&mut self, x: Tenths, y: Tenths, width: Tenths, height: Tenths) {
        self.path("chart-axis", x, y, format_args!("l{} {}", Length(width), Length(height)));
    }

    pub fn grid(&mut self, x: Tenths, y: Tenths, width: Tenths) {
        self.path("chart-grid", x, y, format_args!("h{}", Length(width)));
    }

    fn write_text(&mut self, class: &str, anchor: Anchor, [x, y]: [Tenths; 2], size: Tenths, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (x, y) = (Length(x), Length(y));
        self.write(format_args!(r#"<text class="{class}" x="{x}" y="{y}"{anchor}"#));
        if size != self.frame.letters() {
            self.write(format_args!(r#" font-size="{}""#, Length(size)));
        }
        self.out.push('>');
        push_escaped(text, &mut self.out);
        self.out.push_str("</text>");
    }

    /// Ordinary text. `at` is where its line begins, in the middle or ends.
    pub fn text(&mut self, anchor: Anchor, at: [Tenths; 2], text: &str) {
        self.write_text("chart-text", anchor, at, self.frame.letters(), text);
    }

    pub fn bold(&mut self, anchor: Anchor, at: [Tenths; 2], text: &str) {
        self.write_text("chart-strong", anchor, at, self.frame.letters(), text);
    }

    /// A bar's number: bold where it is of now.
    pub fn number(&mut self, look: Look, anchor: Anchor, at: [Tenths; 2], size: Tenths, text: &str) {
        match look {
            Look::Now => self.write_text("chart-strong", anchor, at, size, text),
            Look::Before => self.write_text("chart-text", anchor, at, size, text),
        }
    }

    /// Lines over the whole width, from `y` down; where they end.
    pub fn lines(&mut self, y: Tenths, is_bold: bool, text: &str) -> Tenths {
        let (size, line) = (self.frame.letters(), self.frame.line());
        let mut y = y;
        for text in wrap(text, self.frame.width(), size, is_bold) {
            y += line;
            let at = [0, y - line / 4];
            if is_bold { self.bold(Anchor::Start, at, &text) } else { self.text(Anchor::Start, at, &text) }
        }
        y
    }

    /// What the looks mean, one beside the other as far as there is room; where it ends.
    pub fn legend(&mut self, y: Tenths, items: &[(Sign, String)]) -> Tenths {
        const SWATCH: Tenths = 120;
        let (size, line) = (self.frame.letters(), self.frame.line());
        let (mut x, mut y) = (0, y);
        for (sign, text) in items {
            let whole = SWATCH + 50 + width(text, size, false);
            if x > 0 && x + whole > self.frame.width() {
                (x, y) = (0, y + line);
            }
            let area = Area { x: x + 5, y: y + line - SWATCH - 15, width: SWATCH - 10, height: SWATCH - 10 };
            match sign {
                Sign::Bar(look, is_part) => self.bar(*look, *is_part, area),
                Sign::Gap => self.gap(area.x + area.width / 2, area.y + area.height / 2),
            }
            for (at, text) in wrap(text, self.frame.width() - SWATCH - 50, size, false).iter().enumerate() {
                y += if at == 0 { 0 } else { line };
                self.text(Anchor::Start, [x + SWATCH + 50, y + line - line / 4], text);
            }
            x += whole + 160;
        }
        if items.is_empty() { y } else { y + line }
    }

    /// The whole drawing, `height` high, with what it shows in words. What is drawn says the same as the table.
    pub fn finish(self, class: &str, height: Tenths, title: &str, description: &str) -> String {
        let Canvas { out: drawn, frame, id } = self;
        let mut out = String::with_capacity(drawn.len() + 1_000);
        let [side, width, height, letters] = [MARGIN, frame.width() + MARGIN * 2, height, frame.letters()].map(Length);
        let _ = write!(
            out,
            r#"<svg class="{class}" viewBox="-{side} 0 {width} {height}" font-size="{letters}" role="img" aria-labelledby="{id}-title" aria-describedby="{id}-about"><title id="{id}-title">"#
        );
        push_escaped(title, &mut out);
        let _ = write!(out, r#"</title><desc id="{id}-about">"#);
        push_escaped(description, &mut out);
        out.push_str("</desc>");
        if drawn.contains("-hatch)") {
            let hatch = |class: &str| {
                format!(
                    r#"<pattern id="{id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="{class}" d="M1 0v5"/></pattern>"#
                )
            };
            out.push_str(&hatch("chart-hatch"));
        }
        let _ = write!(out, r#"<g aria-hidden="true">{drawn}</g></svg>"#);
        out
    }
}

/// What a legend explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Bar(Look, bool),
    Gap,
}
