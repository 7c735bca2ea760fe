//! The page on which a person sees what is kept about them, and deletes it.

super::texts!("own_data");
