//! Letters that the server sends: plain text, without links.

super::texts!("mail");
