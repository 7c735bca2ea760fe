//! Long work in slices, between which the browser draws and answers to what was tapped.

use js_sys::{Date, Promise};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long a slice lasts, in milliseconds: what is drawn in it has to be laid out, too, before 50 are over.
const SLICE_MS: f64 = 8.0;

/// Some work in slices. It begins with one.
pub struct Slices {
    began_ms: f64,
}

impl Slices {
    /// After what the tap itself changes has been drawn.
    pub async fn begin() -> Slices {
        let mut slices = Slices { began_ms: 0.0 };
        slices.next().await;
        slices
    }

    /// Another slice begins.
    pub async fn next(&mut self) {
        breathe().await;
        self.began_ms = Date::now();
    }

    /// Another slice begins where this one has lasted long enough. To be asked often.
    pub async fn next_if_long(&mut self) {
        // A clock that was set back begins another, too.
        if !(0.0..SLICE_MS).contains(&(Date::now() - self.began_ms)) {
            self.next().await;
        }
    }
}

/// Lets the browser draw: what follows is a task of its own. By a message: a timer within timers waits for four milliseconds.
pub async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return };
    let heard = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(heard).await;
    }
    channel.port1().close();
}

/// Work that is begun anew while it is under way: only what was begun last goes on.
#[derive(Clone, Copy)]
pub struct Latest(StoredValue<u32>);

impl Latest {
    pub fn new() -> Latest {
        Latest(StoredValue::new(0))
    }

    /// Begins. What comes back says whether to go on: nothing else was begun, and the screen has not been left.
    pub fn begin(self) -> impl Fn() -> bool + Copy {
        let this = self.0.get_value().wrapping_add(1);
        self.0.set_value(this);
        move || self.0.try_get_value() == Some(this)
    }
}

/// Items for a list, each of which is drawn in a slice. What is on the screen already, by its key, stays there.
pub fn one_by_one<T, K>(all: Memo<Vec<T>>, key: fn(&T) -> K) -> RwSignal<Vec<T>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: PartialEq + 'static,
{
    let shown = RwSignal::new(Vec::new());
    let latest = Latest::new();
    Effect::new(move |_| {
        let all = all.get();
        let goes_on = latest.begin();
        let mut is_shown: Vec<bool> = shown.with_untracked(|shown: &Vec<T>| {
            all.iter().map(|one| shown.iter().any(|it| key(it) == key(one))).collect()
        });
        spawn_local(async move {
            let mut slices = Slices::begin().await;
            let mut next = Some(0);
            while let Some(at) = next {
                if !goes_on() {
                    return;
                }
                if let Some(one) = is_shown.get_mut(at) {
                    *one = true;
                }
                let now = all.iter().zip(&is_shown).filter(|(_, is_shown)| **is_shown).map(|(one, _)| one.clone());
                shown.set(now.collect());
                next = is_shown.iter().position(|is_shown| !is_shown);
                slices.next_if_long().await;
            }
        });
    });
    shown
}
