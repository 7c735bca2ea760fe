//! The server's other pages: the front page, and what the shell says while the app starts.

super::texts!("pages");
