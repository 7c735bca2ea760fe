//! The association's own page, and the screen on which it is written.

super::texts!("own_page");
