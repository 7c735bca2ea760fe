//! Charts of the association's figures: figures in, SVG out, the same on the phone and on the server.
//!
//! A chart stands beside its table and says nothing that the table does not say: each bar's label is the table's text, and each bar is as long
//! as its figure asks. Everything is whole numbers, so that both draw the same bytes. No style is inside: the classes are those of
//! `style/charts.css`, because the policy of the pages allows no other.

mod canvas;
mod columns;
mod label;
pub mod model;
mod panels;
mod rows;
pub mod scale;
pub mod svg;
pub mod text;
mod timeline;
pub mod words;
