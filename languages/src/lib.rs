//! The languages of the product and their texts, as data: reads `domain/data/languages.csv` and `app/texts/*.toml`, checks them and
//! turns them into Rust functions and into the files that a phone fetches.
//!
//! Used at build time only, by the build scripts of `domain` and `app` and by `xtask`, so that a mistake in a text stops the build
//! with its file and line. docs/TRANSLATING.md is for whoever writes the texts, docs/adr/0017 says why it is like this.

mod catalogue;
mod generate;
mod list;
mod parse;
mod pseudo;

pub use catalogue::{Catalogue, Place, Text, Translation};
pub use generate::{functions, tables};
pub use list::{Language, State, languages};
