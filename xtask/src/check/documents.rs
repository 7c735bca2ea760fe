//! What documents and comments say of the repository itself: the paths that they name exist, and the decisions are listed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{comments, decisions, paths, tree::Tree};

/// The folder of the decisions, and the list of them.
const DECISIONS: &str = "docs/adr/";

/// Looks at every document and at every comment; all faults are printed before it fails.
pub fn check(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut faults = Vec::new();
    for file in tree.files() {
        let markdown = file.ends_with(".md");
        let syntax = comments::syntax(file);
        if !markdown && syntax.is_none() {
            continue;
        }
        let text = read(root, file)?;
        let missing = match syntax {
            Some(syntax) => paths::missing_in_text(&comments::only_comments(&text, syntax), &tree),
            None => paths::missing_in_markdown(&text, file.rsplit_once('/').map_or("", |(folder, _)| folder), &tree),
        };
        faults.extend(missing.iter().map(|it| {
            let moved = tree.moved(&it.path).map(|path| format!("; is it {path}?")).unwrap_or_default();
            format!("{file}:{}: {} does not exist{moved}", it.line, it.path)
        }));
        for paths::Function { line, file: source, name } in paths::functions(&text).into_iter().filter(|_| markdown) {
            // A file that is not there has been named above.
            if tree.has(&source) && !read(root, &source)?.contains(&format!("fn {name}(")) {
                faults.push(format!("{file}:{line}: {source} has no function {name}"));
            }
        }
    }
    faults.extend(faults_of_decisions(root, &tree)?);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if !faults.is_empty() {
        bail!("documents and comments say {} things of the repository that are not so", faults.len());
    }
    Ok(())
}

fn faults_of_decisions(root: &Path, tree: &Tree) -> Result<Vec<String>> {
    let list = format!("{DECISIONS}README.md");
    let files: Vec<_> = tree.files().filter(|file| file.starts_with(DECISIONS) && **file != list).collect();
    let texts = files.iter().map(|file| read(root, file)).collect::<Result<Vec<_>>>()?;
    let names = files.iter().map(|file| &file[DECISIONS.len()..]);
    let decisions: Vec<_> = names.zip(texts.iter().map(String::as_str)).collect();
    Ok(decisions::faults(&decisions, &read(root, &list)?))
}

fn read(root: &Path, file: &str) -> Result<String> {
    fs::read_to_string(root.join(file)).with_context(|| format!("{file} cannot be read"))
}
