//! A municipality's report as a file: one figure a line.

use domain::{
    municipality_report::{MunicipalityReport, TidyRow, Value},
    protection::{Published, PublishedSum},
};

/// UTF-8 with a byte order mark and `;`, as a spreadsheet in Finland opens it.
pub fn csv(report: &MunicipalityReport) -> String {
    let mut out = String::from("\u{feff}municipality;table;period;class;measure;value;precision;release\r\n");
    for row in report.tidy() {
        let TidyRow { table, period, class, measure, value, release } = row;
        let (value, precision) = text(value);
        let release = release.map(|number| number.to_string()).unwrap_or_default();
        let code = report.municipality.code();
        out.push_str(&format!("{code};{table};{period};{class};{measure};{value};{precision};{release}\r\n"));
    }
    out
}

/// The value, and how exact it is. A hidden value is the word, never a number (rule 6).
fn text(value: Value) -> (String, &'static str) {
    match value {
        Value::Published(Published::Exact(exact)) | Value::Sum(PublishedSum::Exact(exact)) => {
            (exact.to_string(), "exact")
        }
        Value::Published(Published::Rounded(rounded)) | Value::Sum(PublishedSum::Rounded(rounded)) => {
            (rounded.to_string(), "rounded to 5")
        }
        Value::Sum(PublishedSum::AtLeast(least)) => (least.to_string(), "at least"),
        Value::Published(Published::Suppressed) | Value::Sum(PublishedSum::Suppressed) => {
            ("suojattu".to_owned(), "suppressed")
        }
        Value::QuarterHours(quarters) => {
            let cents = quarters * 25;
            (format!("{},{:02}", cents / 100, cents % 100), "exact")
        }
    }
}
