//! How many different people came in a year, and how many different volunteers helped.

super::texts!("asked");
