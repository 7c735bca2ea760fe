//! Where the keys lead in a grid.

/// The place (row, column) to which a key leads in a grid of so many rows and columns, as in the ARIA pattern "grid"; none of a key
/// that leads nowhere.
pub fn moved(
    key: &str,
    ctrl: bool,
    (row, column): (usize, usize),
    (rows, columns): (usize, usize),
) -> Option<(usize, usize)> {
    let (last_row, last_column) = (rows.checked_sub(1)?, columns.checked_sub(1)?);
    Some(match (key, ctrl) {
        ("ArrowLeft", false) => (row, column.saturating_sub(1)),
        ("ArrowRight", false) => (row, (column + 1).min(last_column)),
        ("ArrowUp", false) => (row.saturating_sub(1), column),
        ("ArrowDown", false) => ((row + 1).min(last_row), column),
        ("Home", false) => (row, 0),
        ("End", false) => (row, last_column),
        ("Home", true) => (0, 0),
        ("End", true) => (last_row, last_column),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_stay_within_the_grid() {
        let size = (3, 5);
        let walk = |keys: &[&str]| keys.iter().fold((1, 1), |at, key| moved(key, false, at, size).expect("a step"));
        assert_eq!(walk(&["ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"]), (0, 0));
        assert_eq!(walk(&["End", "ArrowRight", "ArrowDown", "ArrowDown"]), (2, 4));
        assert_eq!(walk(&["End", "Home"]), (1, 0));
        assert_eq!(moved("End", true, (1, 1), size), Some((2, 4)));
        assert_eq!(moved("Home", true, (1, 1), size), Some((0, 0)));
    }

    #[test]
    fn other_keys_and_the_browsers_own_lead_nowhere() {
        for (key, ctrl) in [("a", false), ("Enter", false), ("ArrowLeft", true), ("Tab", false)] {
            assert_eq!(moved(key, ctrl, (0, 0), (2, 2)), None, "{key}");
        }
        assert_eq!(moved("ArrowDown", false, (0, 0), (0, 4)), None, "in a grid without rows");
    }
}
