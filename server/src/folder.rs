//! The data folder: where each file is in it, and the lock that keeps a second process out.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The database in its folder.
pub fn database(folder: &Path) -> PathBuf {
    folder.join("hytevihko.db")
}

/// The folder for this process alone, as long as the value lives. The operating system lets go of it when the process ends,
/// however it ends, so that nothing has to be cleaned up after a crash.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Makes the folder when missing. An error where another process holds it.
    pub fn take(folder: &Path) -> Result<Lock, String> {
        let say = |error: io::Error| format!("cannot use the folder {}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(say)?;
        let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock")).map_err(say)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => {
                Err(format!("another Hytevihko uses the folder {}: stop it first", folder.display()))
            }
            Err(TryLockError::Error(error)) => Err(say(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_processs_until_it_lets_go() {
        let folder = std::env::temp_dir().join(format!("hytevihko-lock-{}", uuid::Uuid::new_v4()));
        let first = Lock::take(&folder).expect("free");
        assert!(Lock::take(&folder).is_err());
        drop(first);
        assert!(Lock::take(&folder).is_ok());
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
