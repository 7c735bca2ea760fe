//! The words of the association's review board.

super::texts!("board");
