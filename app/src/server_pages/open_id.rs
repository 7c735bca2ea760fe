//! What became of a sign-in with an organisation's account, and the page after signing out of it.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::pages;

/// A link that is more than the way back to the beginning.
#[derive(Clone, Debug)]
pub struct OtherPlace {
    pub name: String,
    pub href: String,
}

#[component]
pub fn OpenIdPage(
    lang: Lang,
    files: Files,
    title: &'static str,
    help: String,
    place: Option<OtherPlace>,
) -> impl IntoView {
    view! {
        <Document lang files title=title.to_owned() here="/".to_owned()>
            <h1>{title}</h1>
            <p class="lead">{help}</p>
            <p class="row">
                {place.map(|place| view! { <a class="button" href=place.href>{place.name}</a> })}
                <a class="button quiet" href="/">{pages::back_to_start(lang)}</a>
            </p>
        </Document>
    }
}
