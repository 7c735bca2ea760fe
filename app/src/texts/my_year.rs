//! The volunteer's own year, and how many different people came.

super::texts!("my_year");
