//! Counts passed and failed tests from the output of the different test runners.

use std::fmt;
use std::ops::AddAssign;

use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Stands for a part that could not run.
    pub const FAILED: Self = Self { passed: 0, failed: 1 };

    /// Reads a summary such as `test result: ok. 3 passed; 0 failed; …`, of cargo's runner or wasm-bindgen's; any other
    /// line counts nothing.
    pub fn of_cargo_line(line: &str) -> Self {
        let Some(counts) = line.trim_start().strip_prefix("test result: ") else {
            return Self::default();
        };
        let count = |noun: &str| {
            counts.split(['.', ';']).find_map(|part| part.trim().strip_suffix(noun)?.trim().parse().ok()).unwrap_or(0)
        };
        Self { passed: count(" passed"), failed: count(" failed") }
    }

    /// Reads Playwright's JSON report. Errors outside any test, such as a spec that does not load, count as failures.
    pub fn of_playwright_report(report: &Value) -> Self {
        let stat = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
        let errors = report["errors"].as_array().map_or(0, Vec::len) as u64;
        Self { passed: stat("expected") + stat("flaky"), failed: stat("unexpected") + errors }
    }

    /// For a runner that reported failure: it may have stopped before it could count one.
    pub fn at_least_one_failure(self) -> Self {
        Self { failed: self.failed.max(1), ..self }
    }

    /// A part that ran no test at all has failed: more likely it looked in the wrong place.
    pub fn at_least_one_test(self) -> Self {
        if self == Self::default() {
            eprintln!("error: this part ran no test at all, which counts as a failure");
            return Self::FAILED;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn a_summary_of_cargo_is_counted() {
        let line = "test result: FAILED. 12 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.52s";
        assert_eq!(Tally::of_cargo_line(line), tally(12, 1));
    }

    #[test]
    fn a_summary_of_the_browser_runner_is_counted() {
        let line = "    test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.10s";
        assert_eq!(Tally::of_cargo_line(line), tally(4, 0));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(Tally::of_cargo_line("test counts_5 passed ... ok"), tally(0, 0));
    }

    #[test]
    fn a_spec_that_does_not_load_is_a_failure() {
        let report = json!({
            "stats": {"expected": 3, "unexpected": 1, "flaky": 0, "skipped": 2},
            "errors": [{"message": "Cannot find module"}],
        });
        assert_eq!(Tally::of_playwright_report(&report), tally(3, 2));
    }

    #[test]
    fn a_part_without_tests_has_failed() {
        assert_eq!(tally(0, 0).at_least_one_test(), Tally::FAILED);
        assert_eq!(tally(1, 0).at_least_one_test(), tally(1, 0));
    }
}
