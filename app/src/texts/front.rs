//! The front page: the ways in, and the demo's tour.

super::texts!("front");
