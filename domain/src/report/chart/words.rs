//! The words that charts have of their own.

/// What a chart says; its texts are among the words of the reports (`domain/data/report_words.csv`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartWord {
    /// `{group}` and `{value}`.
    Largest,
    /// `{value}` of all groups together.
    Sum,
    /// `{now}` and `{before}`, of the months that are compared.
    Compared,
    /// `{shown}` groups of a picture, and `{rest}` that only the table has.
    LeftOut,
    /// What a hatched bar means.
    Part,
    /// What a cross in place of a bar means.
    Gap,
}

impl ChartWord {
    pub const ALL: [ChartWord; 6] =
        [ChartWord::Largest, ChartWord::Sum, ChartWord::Compared, ChartWord::LeftOut, ChartWord::Part, ChartWord::Gap];

    pub const fn code(self) -> &'static str {
        match self {
            ChartWord::Largest => "largest",
            ChartWord::Sum => "sum",
            ChartWord::Compared => "compared",
            ChartWord::LeftOut => "left_out",
            ChartWord::Part => "part",
            ChartWord::Gap => "gap",
        }
    }
}
