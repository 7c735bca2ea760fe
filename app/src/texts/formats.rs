//! How a language writes numbers, days and times; see `crate::format`.

super::texts!("formats");
