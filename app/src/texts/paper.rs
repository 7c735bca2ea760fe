//! The blank form on paper, and many gatherings from a filled one.

super::texts!("paper");
