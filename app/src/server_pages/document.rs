//! The HTML document around every server-rendered page.

use domain::Lang;
use leptos::prelude::*;

use crate::texts::{common, pages};

/// URLs of the files that a document names.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub style: String,
    /// The module that starts the phone app.
    pub boot: String,
    /// Loaded early, so that they are there when the boot module asks.
    pub script: String,
    pub wasm: String,
}

/// The language that a cookie or an `Accept-Language` header asks for; Finnish first. One that is not offered has to be asked for by
/// the cookie, `with_trials`.
pub fn page_language(cookie: Option<&str>, accept: Option<&str>, with_trials: bool) -> Lang {
    let offered = |tag: &str| Lang::from_tag(tag).filter(|lang| lang.is_offered());
    let chosen = if with_trials { cookie.and_then(Lang::from_tag) } else { cookie.and_then(offered) };
    let accepted = || accept?.split(',').find_map(|part| offered(part.split(';').next()?.trim()));
    chosen.or_else(accepted).unwrap_or_default()
}

/// A whole document. `here` is the path to come back to after the language was changed.
#[component]
pub fn Document(
    lang: Lang,
    files: Files,
    title: String,
    here: String,
    /// Search engines leave it out.
    #[prop(optional)]
    is_unlisted: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content=pages::tagline(lang) />
                {is_unlisted.then(|| view! { <meta name="robots" content="noindex" /> })}
                <title>{title}</title>
                <link rel="stylesheet" href=files.style />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
            </head>
            <body class="page">
                <a class="skip" href="#content">{common::skip_to_content(lang)}</a>
                <header>
                    <a class="frame-brand" href="/" rel="external">{common::product(lang)}</a>
                    <Languages lang here />
                </header>
                <main id="content" tabindex="-1">{children()}</main>
                <footer class="page-foot">
                    <nav class="pick" aria-label=common::about_service(lang)>
                        <ul>
                            <li><a href="/tietosuoja">{common::privacy(lang)}</a></li>
                            <li><a href="/saavutettavuus">{common::accessibility(lang)}</a></li>
                        </ul>
                    </nav>
                </footer>
            </body>
        </html>
    }
}

/// The languages as words, each a link that works without JavaScript.
#[component]
fn Languages(lang: Lang, here: String) -> impl IntoView {
    let links = Lang::offered().map(|other| {
        let href = format!("/kieli/{}?to={}", other.tag(), here);
        let current = (other == lang).then_some("true");
        view! { <li><a href=href lang=other.tag() hreflang=other.tag() aria-current=current>{other.own_name()}</a></li> }
    });
    view! { <nav class="pick languages" aria-label=common::language(lang)><ul>{links.collect_view()}</ul></nav> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_language_goes_before_the_browsers() {
        assert_eq!(page_language(Some("sv"), Some("en-GB,en;q=0.9"), false), Lang::Sv);
        assert_eq!(page_language(None, Some("de, sv-FI;q=0.8, en;q=0.7"), false), Lang::Sv);
        assert_eq!(page_language(Some("de"), None, false), Lang::Fi);
    }

    #[test]
    fn only_a_demo_speaks_the_pseudo_language_and_only_to_whom_it_is_asked_for_by_name() {
        assert_eq!(page_language(Some("qps-ploc"), None, true), Lang::QpsPloc);
        assert_eq!(page_language(Some("qps-ploc"), Some("en"), false), Lang::En);
        assert_eq!(page_language(None, Some("qps-ploc"), true), Lang::Fi);
    }
}
