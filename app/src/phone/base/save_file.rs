//! What waits on this phone, as a file: under "Lähtevät", and when somebody signs out.

use leptos::prelude::*;

use super::phone::phone;
use crate::texts::volunteer as t;

/// Saves all that is here as a file, for whoever cannot send it.
#[component]
pub fn SaveFile() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let filed = RwSignal::new(None);
    let save = move |_| {
        let count = phone.records.outbox.with_untracked(|outbox| outbox.waiting());
        phone.run(async move {
            phone.actions().await.save_file().await?;
            filed.set(Some(count));
            Ok(())
        });
    };
    view! {
        <p>{t::save_file_help(lang)}</p>
        <p><button class="button quiet" on:click=save>{t::save_file(lang)}</button></p>
        <p role="status">{move || filed.get().map(|count| t::saved_as_file(lang, count))}</p>
    }
}
