//! What the first WebAssembly file holds: the frame, Home, and nothing that a room has.

mod frame;
mod home;

pub use frame::App;
