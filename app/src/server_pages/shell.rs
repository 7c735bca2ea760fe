//! The static shell of the phone app: the same bytes for every path under `/app`, with and without a network.
//!
//! Its texts are in all languages at once, because it is built before the reader's language is known.

use domain::Lang;
use leptos::prelude::*;

use super::document::Files;
use crate::texts::{common, pages};

/// The shell's document. It holds a skeleton, which the app takes away when it mounts.
pub fn shell_html(files: Files) -> String {
    let owner = Owner::new();
    let body = owner.with(|| {
        let in_all = |text: fn(Lang) -> &'static str| {
            Lang::offered().map(|lang| view! { <p lang=lang.tag()>{text(lang)}</p> }).collect_view()
        };
        view! {
            <html lang="fi">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <meta name="theme-color" media="(prefers-color-scheme: light)" content="#0b4f4a" />
                    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#10211f" />
                    <meta name="description" content=pages::tagline(Lang::Fi) />
                    <title>{common::product(Lang::Fi)}</title>
                    <link rel="stylesheet" href=files.style />
                    <link rel="modulepreload" href=files.script />
                    <link rel="preload" href=files.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                    <link rel="apple-touch-icon" href="/icon-192.png" />
                    <link rel="manifest" href="/manifest.webmanifest" />
                    <script type="module" src=files.boot></script>
                </head>
                <body>
                    <div id="skeleton" class="app">
                        <header><span class="frame-brand">{common::product(Lang::Fi)}</span></header>
                        <main>
                            <h1 class="visually-hidden">{common::product(Lang::Fi)}</h1>
                            <div class="bone tall"></div>
                            <div class="bone"></div>
                            <div class="bone"></div>
                            <div class="small">{in_all(pages::loading)}</div>
                            <div id="boot-error" hidden role="alert">{in_all(pages::could_not_start)}</div>
                            <noscript>{in_all(pages::needs_javascript)}</noscript>
                        </main>
                    </div>
                </body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{body}")
}
