//! Reminders of deadlines that the server sends.

super::texts!("reminders");
