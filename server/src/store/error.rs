//! What a database can fail with.

use sync::rules::rows::Unreadable;

/// The database did not do what it should.
#[derive(Debug)]
pub enum StoreError {
    Sql(sqlx::Error),
    Migration(sqlx::migrate::MigrateError),
    /// Something in the database cannot be read back, by name. It is an error and never left out: what is counted from the rest
    /// would be wrong.
    Damaged(&'static str),
    /// The transaction met another one and has to be repeated from its beginning. Nothing of it happened.
    Retry,
    /// The program has a mistake: what decides or writes ended half-way. Nothing of it happened.
    Panicked,
    /// The server is about to stop.
    Stopped,
}

pub type Result<T> = std::result::Result<T, StoreError>;

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Sql(error) => write!(f, "SQL: {error}"),
            StoreError::Migration(error) => write!(f, "migration: {error}"),
            StoreError::Damaged(what) => write!(f, "damaged: {what}"),
            StoreError::Retry => f.write_str("the transaction has to be repeated"),
            StoreError::Panicked => f.write_str("the program has a mistake here: see the line about the panic"),
            StoreError::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Sql(error)
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        StoreError::Migration(error)
    }
}

impl From<Unreadable> for StoreError {
    fn from(Unreadable(what): Unreadable) -> Self {
        StoreError::Damaged(what)
    }
}
