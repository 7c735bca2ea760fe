//! A spreadsheet becomes gatherings.

super::texts!("importing");
