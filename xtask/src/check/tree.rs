//! The files and folders of the repository, without what `.gitignore` names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Paths from the root of the repository, with `/` between their parts.
pub struct Tree {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
    ignored: Vec<String>,
}

impl Tree {
    pub fn read(root: &Path) -> Result<Self> {
        let ignored = fs::read_to_string(root.join(".gitignore")).context(".gitignore cannot be read")?;
        let mut tree = Self::new(&ignored);
        tree.add_folder(root, "")?;
        Ok(tree)
    }

    fn new(gitignore: &str) -> Self {
        let ignored = gitignore.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { files: BTreeSet::new(), folders: BTreeSet::new(), ignored: ignored.map(str::to_owned).collect() }
    }

    fn add_folder(&mut self, root: &Path, folder: &str) -> Result<()> {
        for entry in fs::read_dir(root.join(folder)).with_context(|| format!("{folder} cannot be read"))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
            if path == ".git" || self.is_ignored(&path) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.add_folder(root, &path)?;
                self.folders.insert(path);
            } else {
                self.files.insert(path);
            }
        }
        Ok(())
    }

    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// Whether git leaves it out: made by a build, or by the running program. Understands the three forms of line that the
    /// repository's `.gitignore` has: `/path`, `name` and `*.extension`.
    pub fn is_ignored(&self, path: &str) -> bool {
        self.ignored.iter().any(|pattern| {
            if let Some(anchored) = pattern.strip_prefix('/') {
                is_or_is_below(path, anchored)
            } else if let Some(ending) = pattern.strip_prefix('*') {
                path.ends_with(ending)
            } else {
                path.split('/').any(|part| part == pattern)
            }
        })
    }

    pub fn is_top_level(&self, name: &str) -> bool {
        self.files.contains(name) || self.folders.contains(name)
    }

    /// The file or folder with exactly this path.
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.files.contains(path) || self.folders.contains(path)
    }

    /// A file or folder with this path, or with one that ends in it: `outbox.rs` and `sync/src/outbox.rs` both name that file.
    pub fn has_ending(&self, path: &str) -> bool {
        let ending = format!("/{path}");
        self.has(path) || self.files.iter().chain(&self.folders).any(|it| it.ends_with(&ending))
    }

    /// Where a file has moved to: the one file with its name below the same top-level folder, or else in the repository.
    pub fn moved(&self, path: &str) -> Option<&str> {
        let (folder, name) = (path.split('/').next(), path.rsplit('/').next());
        let same_name: Vec<_> = self.files().filter(|file| file.rsplit('/').next() == name).collect();
        let same_folder: Vec<_> = same_name.iter().copied().filter(|file| file.split('/').next() == folder).collect();
        match (&same_folder[..], &same_name[..]) {
            ([one], _) | ([], [one]) => Some(one),
            _ => None,
        }
    }

    #[cfg(test)]
    pub fn of(files: &[&str], gitignore: &str) -> Self {
        let mut tree = Self::new(gitignore);
        for file in files {
            tree.files.insert((*file).to_owned());
            let folders = file.match_indices('/').map(|(end, _)| file[..end].to_owned());
            tree.folders.extend(folders);
        }
        tree
    }
}

fn is_or_is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_path_and_by_the_end_of_it() {
        let tree = Tree::of(&["sync/src/outbox.rs"], "");
        assert!(tree.has("sync/src/outbox.rs") && tree.has("sync/src"));
        assert!(tree.has_ending("outbox.rs") && tree.has_ending("src/outbox.rs"));
        assert!(!tree.has("outbox.rs"));
        assert!(!tree.has_ending("box.rs"), "part of a name is no name");
    }

    #[test]
    fn a_file_that_moved_is_found_where_only_one_has_its_name() {
        let tree =
            Tree::of(&["app/src/phone/base/status.rs", "app/src/lib.rs", "sync/src/lib.rs", "sync/src/a/lib.rs"], "");
        assert_eq!(tree.moved("app/src/phone/status.rs"), Some("app/src/phone/base/status.rs"));
        assert_eq!(tree.moved("client/src/status.rs"), Some("app/src/phone/base/status.rs"));
        assert_eq!(tree.moved("app/lib.rs"), Some("app/src/lib.rs"), "the nearer one of three");
        assert_eq!(tree.moved("sync/lib.rs"), None, "two have that name");
        assert_eq!(tree.moved("gone.rs"), None);
    }

    #[test]
    fn what_git_ignores_is_no_part_of_the_tree() {
        let tree = Tree::of(&[], "/target\nnode_modules\n/data\n*.db\n");
        for path in
            ["target", "target/site/files.json", "end2end/node_modules/x.md", "data/hytevihko.db", "hytevihko.db"]
        {
            assert!(tree.is_ignored(path), "{path}");
        }
        for path in ["domain/data/README.md", "targets/merge.rs", "docs/database.md"] {
            assert!(!tree.is_ignored(path), "{path}");
        }
    }

    #[test]
    fn the_repository_is_read_without_what_was_built() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies inside the workspace");
        let tree = Tree::read(root).expect("the repository can be read");
        assert!(tree.has("xtask/src/check/tree.rs"));
        assert!(!tree.has("target") && !tree.has("end2end/node_modules") && !tree.has(".git"));
    }
}
