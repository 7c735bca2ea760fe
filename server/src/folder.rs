//! The data folder: where each file is in it, who can read it, the lock that keeps a second process out, and the secret that is
//! in no backup.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use uuid::Uuid;

use crate::identity::secret;

/// Its name in the folder.
const SECRET: &str = "secret.key";
const SECRET_BYTES: usize = 32;
/// Empty; written whenever a backup was made.
const LAST_BACKUP: &str = "last-backup";
const LOCK: &str = "lock";
/// Who was deleted: see `deletions`.
pub const DELETED: &str = "deleted";

/// The database in its folder.
pub fn database(folder: &Path) -> PathBuf {
    folder.join("hytevihko.db")
}

/// Makes the folder, and those above it that are missing, for its owner alone. One that exists stays as it is: it may be
/// anything that the operator named.
pub fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new empty file that only its owner can read. An error where something of that name exists, be it a link that leads
/// elsewhere.
pub fn new_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Makes a database's file where it is missing, and takes it and what belongs to it from everybody but its owner. SQLite
/// gives the log, and what else it makes, the database's permissions.
///
/// # Errors
///
/// Where the file cannot be made. One that belongs to another user can keep its permissions: that is worth a warning.
pub fn own_database(file: &Path) -> io::Result<()> {
    match new_file(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map(drop),
    }
    #[cfg(unix)]
    for file in open_to_others(["", "-wal", "-shm"].map(|ending| with_ending(file, ending))) {
        use std::os::unix::fs::PermissionsExt;
        let closed = fs::metadata(&file).map(|metadata| metadata.permissions().mode() & 0o700);
        let done = closed.and_then(|mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)));
        if let Err(error) = done {
            tracing::warn!(file = %file.display(), %error, "others can read the database");
        }
    }
    Ok(())
}

/// Those of some files and folders that are there and that others than their owner can read, write or look into. Always none
/// where files have no Unix permissions.
pub fn open_to_others(paths: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
    #[cfg(unix)]
    let is_open = |path: &PathBuf| {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    };
    #[cfg(not(unix))]
    let is_open = |_: &PathBuf| false;
    paths.into_iter().filter(is_open).collect()
}

/// The files of a data folder that only its owner may read and write, whether or not each is there.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let database = database(folder);
    let of_database = ["", "-wal", "-shm"].map(|ending| with_ending(&database, ending));
    of_database.into_iter().chain([SECRET, LAST_BACKUP, LOCK, DELETED].map(|name| folder.join(name))).collect()
}

/// Remembers that a sound backup was made now, by the time of a file: it can be seen by whoever cannot read the file.
pub fn backup_made(folder: &Path) -> io::Result<()> {
    let part = folder.join(format!(".{LAST_BACKUP}.{}", Uuid::new_v4().simple()));
    // A new file each time, because another user's cannot be written to.
    new_file(&part)?;
    fs::rename(part, folder.join(LAST_BACKUP))
}

/// When the last sound backup was made, milliseconds since 1970 by the machine's clock; none where none was.
pub fn last_backup_ms(folder: &Path) -> Option<i64> {
    let made = fs::metadata(folder.join(LAST_BACKUP)).ok()?.modified().ok()?;
    i64::try_from(made.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

/// A file's name with something behind it.
pub fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The key of this installation for codes that are short enough to be guessed from their hash: who has the database or a
/// backup of it has not got the key. Made at its first use, from the operating system's random source.
///
/// # Errors
///
/// Where the file cannot be read or made, does not have 32 bytes, or can be read by others than its owner; each error says
/// what to do. It is never replaced by a new key, because that would make every open code worthless without a word.
pub fn secret(folder: &Path) -> io::Result<[u8; SECRET_BYTES]> {
    let file = folder.join(SECRET);
    match read_secret(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    make(folder)?;
    // It has its name when it is whole, and of two processes that make one the second takes the first one's.
    let part = folder.join(format!(".{SECRET}.{}", Uuid::new_v4().simple()));
    let made = new_file(&part)
        .and_then(|mut new| new.write_all(&secret::random()).and_then(|()| new.sync_all()))
        .and_then(|()| fs::hard_link(&part, &file));
    let removed = fs::remove_file(&part);
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made.and(removed)?,
    }
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    read_secret(&file)
}

fn read_secret(file: &Path) -> io::Result<[u8; SECRET_BYTES]> {
    let bytes = fs::read(file)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(file)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let why = format!("{0} can be read by others (mode {mode:o}): `chmod 600 {0}`", file.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
    }
    bytes.try_into().map_err(|bytes: Vec<u8>| {
        let why = format!(
            "{} has {} bytes instead of {SECRET_BYTES}: put back the file that was there, or delete it; open invitations and \
             recovery codes have to be made again then",
            file.display(),
            bytes.len()
        );
        io::Error::new(io::ErrorKind::InvalidData, why)
    })
}

/// The folder for this process alone, as long as the value lives. The operating system lets go of it when the process ends,
/// however it ends, so that nothing has to be cleaned up after a crash.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Makes the folder when missing. An error where another process holds it.
    pub fn take(folder: &Path) -> Result<Lock, String> {
        let say = |error: io::Error| format!("cannot use the folder {}: {error}", folder.display());
        make(folder).map_err(say)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(folder.join(LOCK)).map_err(say)?;
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
    fn a_folder_has_one_secret_that_only_its_owner_can_read() {
        let folder = std::env::temp_dir().join(format!("hytevihko-secret-{}", Uuid::new_v4()));
        let many: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| secret(&folder).expect("a secret"))).collect();
            threads.into_iter().map(|thread| thread.join().expect("a secret")).collect()
        });
        assert!(many.iter().all(|one| *one == many[0]), "whoever asks first, all get the same");
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing else is left");
        let other = std::env::temp_dir().join(format!("hytevihko-secret-{}", Uuid::new_v4()));
        assert_ne!(secret(&other).expect("a secret"), many[0]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&folder.join(SECRET))), (0o700, 0o600));
        }
        fs::remove_dir_all(&folder).expect("removed");
        fs::remove_dir_all(&other).expect("removed");
    }

    #[test]
    fn a_secret_that_is_torn_or_open_to_others_is_an_error_that_says_what_to_do() {
        let folder = std::env::temp_dir().join(format!("hytevihko-secret-{}", Uuid::new_v4()));
        let first = secret(&folder).expect("a secret");
        let file = folder.join(SECRET);
        for torn in [&first[..31], &[], &[first, first].concat()] {
            fs::write(&file, torn).expect("written");
            let error = secret(&folder).expect_err("torn").to_string();
            assert!(
                error.contains("instead of 32") && error.contains("delete it") && error.contains("recovery codes"),
                "{error}"
            );
            assert_eq!(fs::read(&file).expect("there"), torn, "it is not replaced");
        }
        fs::write(&file, first).expect("written");
        assert_eq!(secret(&folder).expect("whole again"), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            for mode in [0o640, 0o604, 0o666] {
                fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("set");
                let error = secret(&folder).expect_err("open").to_string();
                assert!(error.contains("chmod 600"), "{error}");
            }
        }
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn a_folder_is_one_processs_until_it_lets_go() {
        let folder = std::env::temp_dir().join(format!("hytevihko-lock-{}", Uuid::new_v4()));
        let first = Lock::take(&folder).expect("free");
        assert!(Lock::take(&folder).is_err());
        drop(first);
        assert!(Lock::take(&folder).is_ok());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
