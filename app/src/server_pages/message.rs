//! A page with a message only: why the requested page cannot be shown, and a way back.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::pages;

#[component]
pub fn MessagePage(lang: Lang, files: Files, title: &'static str, help: String) -> impl IntoView {
    view! {
        <Document lang files title=title.to_owned() here="/".to_owned()>
            <h1>{title}</h1>
            <p class="lead">{help}</p>
            <p><a class="button" href="/">{pages::back_to_start(lang)}</a></p>
        </Document>
    }
}
