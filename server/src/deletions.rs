//! Who was deleted, as a list beside the database: a backup of before knows nothing of it, and a restore replays it.
//!
//! A line a person: SHA-256 of their id. An id is random, so nobody finds it from its hash, and the list says nothing of anybody who is not
//! in a backup too. It needs no key, because the key of the data folder may be lost when the list is needed.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use domain::UserId;
use sha2::{Digest, Sha256};

use crate::folder::{self, DELETED};

/// Adds a person to the list of a data folder, durably.
pub fn note(data: &Path, user: UserId) -> io::Result<()> {
    let file = data.join(DELETED);
    let is_new = match folder::new_file(&file) {
        Ok(_) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(error),
    };
    let mut list = OpenOptions::new().append(true).open(&file)?;
    // Its own line, also after one that a power cut tore.
    list.write_all(format!("\n{}\n", hash(user)).as_bytes())?;
    list.sync_all()?;
    #[cfg(unix)]
    if is_new {
        File::open(data)?.sync_all()?;
    }
    Ok(())
}

/// The list of a data folder.
pub fn read(data: &Path) -> io::Result<HashSet<String>> {
    match fs::read_to_string(data.join(DELETED)) {
        Ok(list) => Ok(list.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(HashSet::new()),
        Err(error) => Err(error),
    }
}

/// A person as the list has them.
pub fn hash(user: UserId) -> String {
    let mut digest = Sha256::new();
    digest.update(b"hytevihko deleted person");
    digest.update(user.uuid().as_bytes());
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_whoever_was_noted_also_after_a_torn_line() {
        let data = std::env::temp_dir().join(format!("hytevihko-deleted-{}", uuid::Uuid::new_v4()));
        folder::make(&data).expect("a folder");
        assert!(read(&data).expect("no list yet").is_empty());
        let [one, other] = [UserId::from_bytes([1; 16]), UserId::from_bytes([2; 16])];
        note(&data, one).expect("noted");
        let mut list = OpenOptions::new().append(true).open(data.join(DELETED)).expect("a list");
        list.write_all(b"0123").expect("torn");
        note(&data, other).expect("noted");
        let all = read(&data).expect("a list");
        assert!(all.contains(&hash(one)) && all.contains(&hash(other)));
        let text = fs::read_to_string(data.join(DELETED)).expect("text");
        assert!(!text.contains(&one.to_string()) && !text.contains(&one.uuid().simple().to_string()));
        #[cfg(unix)]
        assert_eq!(folder::open_to_others([data.join(DELETED)]), Vec::<std::path::PathBuf>::new());
        fs::remove_dir_all(&data).expect("removed");
    }
}
