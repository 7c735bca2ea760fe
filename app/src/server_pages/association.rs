//! What everybody may read of an association that has made its page public.

use domain::{Lang, public_page::Page};
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::{public_page::body, texts::common};

/// `/yhdistykset/{id}`. `here` is the page's own address.
#[component]
pub fn AssociationPage(lang: Lang, files: Files, page: Page, here: String) -> impl IntoView {
    let title = format!("{} – {}", page.name, common::product(lang));
    let heading = |text: &'static str| view! { <h2>{text}</h2> }.into_any();
    view! {
        <Document lang files title here is_unlisted=true>
            <h1>{page.name.clone()}</h1>
            {body(lang, &page, heading)}
        </Document>
    }
}
