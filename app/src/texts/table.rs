//! Many gatherings of one group as a table.

super::texts!("table");
