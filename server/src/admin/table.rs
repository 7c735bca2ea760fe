//! Lists for a terminal.

/// Rows in columns as wide as what is in them, under a line of names. What people typed cannot steer the terminal.
pub fn columns<const N: usize>(names: [&str; N], rows: Vec<[String; N]>) -> String {
    let mut all = vec![names.map(str::to_owned)];
    all.extend(
        rows.into_iter().map(|row| row.map(|cell| if cell.is_empty() { "–".to_owned() } else { harmless(&cell) })),
    );
    let mut widths = [0; N];
    for row in &all {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("  {}\n", cells.join("  ").trim_end())
    };
    all.iter().map(line).collect()
}

/// Without the characters that a terminal acts upon.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let rows = vec![["a".to_owned(), "Yhdistys ry".to_owned()], ["bcd".to_owned(), String::new()]];
        assert_eq!(columns(["id", "name"], rows), "  id   name\n  a    Yhdistys ry\n  bcd  –\n");
    }

    #[test]
    fn what_people_typed_does_not_steer_the_terminal() {
        assert_eq!(columns(["n"], vec![["\u{1b}[2Jx".to_owned()]]), "  n\n  \u{fffd}[2Jx\n");
    }
}
