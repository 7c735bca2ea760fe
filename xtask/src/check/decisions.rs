//! The list of decisions (docs/adr/README.md): it has every file of its folder, in order, and nothing else.

/// What is wrong, each with what to do. `files` are the names and texts of the folder's decisions.
pub fn faults(files: &[(&str, &str)], list: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expected = Vec::new();
    let mut next = 1;
    for (name, text) in files {
        let number = name.get(..4).and_then(|digits| digits.parse().ok()).unwrap_or(next);
        if number != next || !name.starts_with(&format!("{number:04}-")) {
            faults.push(format!("docs/adr/{name}: decisions are numbered without gaps, and {next:04} comes here"));
        }
        next = number + 1;
        let heading = text.lines().next().unwrap_or_default();
        match heading.strip_prefix("# ").filter(|title| title.starts_with(&format!("{number}. "))) {
            Some(title) => expected.push(format!("- [{title}]({name}): ")),
            None => faults.push(format!("docs/adr/{name}: its first line is not `# {number}. Title`")),
        }
    }
    let listed: Vec<_> = list.lines().filter(|line| line.starts_with("- [")).collect();
    for line in &expected {
        match listed.iter().filter(|it| it.len() > line.len() && it.starts_with(line)).count() {
            0 => faults.push(format!("docs/adr/README.md lacks the line `{line}…`")),
            1 => {}
            _ => faults.push(format!("docs/adr/README.md has `{line}` more than once")),
        }
    }
    for line in &listed {
        if !expected.iter().any(|it| line.starts_with(it)) {
            faults.push(format!("docs/adr/README.md: no decision has this file and title: `{line}`"));
        }
    }
    if faults.is_empty() && !listed.iter().zip(&expected).all(|(line, expected)| line.starts_with(expected)) {
        faults.push("docs/adr/README.md: the lines are not in the order of the numbers".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 2] = [("0001-shell.md", "# 1. A shell\n"), ("0002-ids.md", "# 2. Ids\n")];
    const LIST: &str = "# Decisions\n\n- [1. A shell](0001-shell.md): why.\n- [2. Ids](0002-ids.md): why.\n";

    #[test]
    fn a_complete_list_has_no_fault() {
        assert_eq!(faults(&FILES, LIST), [""; 0]);
    }

    #[test]
    fn a_decision_that_is_not_listed_is_named_with_the_line_to_add() {
        let list = "- [1. A shell](0001-shell.md): why.\n";
        assert_eq!(faults(&FILES, list), ["docs/adr/README.md lacks the line `- [2. Ids](0002-ids.md): …`"]);
    }

    #[test]
    fn a_line_without_its_decision_is_named() {
        let list = format!("{LIST}- [3. Clocks](0003-clocks.md): why.\n");
        let fault = "docs/adr/README.md: no decision has this file and title: `- [3. Clocks](0003-clocks.md): why.`";
        assert_eq!(faults(&FILES, &list), [fault]);
    }

    #[test]
    fn a_line_says_why() {
        assert_eq!(faults(&FILES, &LIST.replace("ids.md): why.", "ids.md): ")).len(), 1);
    }

    #[test]
    fn a_title_is_the_same_in_both_places() {
        assert_eq!(faults(&FILES, &LIST.replace("Ids", "Numbers")).len(), 2);
    }

    #[test]
    fn gaps_and_doubles_are_named() {
        let gap = [FILES[0], ("0003-ids.md", "# 3. Ids\n")];
        let list = LIST.replace("[2. Ids](0002", "[3. Ids](0003");
        assert_eq!(
            faults(&gap, &list),
            ["docs/adr/0003-ids.md: decisions are numbered without gaps, and 0002 comes here"]
        );
        let double = [FILES[0], ("0001-ids.md", "# 1. Ids\n")];
        assert!(faults(&double, LIST)[0].contains("0002 comes here"));
    }

    #[test]
    fn the_order_of_the_list_is_that_of_the_numbers() {
        let list = "- [2. Ids](0002-ids.md): why.\n- [1. A shell](0001-shell.md): why.\n";
        assert_eq!(faults(&FILES, list), ["docs/adr/README.md: the lines are not in the order of the numbers"]);
    }
}
