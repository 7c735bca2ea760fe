//! The content of the first WebAssembly file: the frame and Home, and no room.

mod frame;
mod home;

pub use frame::App;
