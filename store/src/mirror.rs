//! The mirror of unsent changes in Cache Storage (S3), one entry for each row. `sync::mirror` decides what to write and
//! when.

use js_sys::{Array, Promise};
use litemap::LiteMap;
use sync::mirror::{MirrorRow, MirrorWrite};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, Response};

/// Rows are stored under addresses; no server is ever asked for these.
const ADDRESS: &str = "/hytevihko-mirror/";

pub(crate) struct Mirror(Cache);

impl Mirror {
    /// Opens the mirror of a database, beginning at once; none where the browser has no Cache Storage, as in some private windows.
    pub fn open(database: &str) -> impl Future<Output = Option<Mirror>> + use<> {
        let name = database.replacen('-', "-mirror-", 1);
        let opening = web_sys::window().and_then(|window| Some(window.caches().ok()?.open(&name)));
        async move {
            let cache = JsFuture::from(opening?).await.ok()?;
            Some(Mirror(cache.dyn_into().ok()?))
        }
    }

    /// Every row by its name. One that is not ours to read is damaged, not absent.
    pub async fn read(&self) -> Result<LiteMap<String, MirrorRow>, JsValue> {
        let keys: Array = JsFuture::from(self.0.keys()).await?.unchecked_into();
        let mut rows = LiteMap::new();
        for request in keys.iter().filter_map(|key| key.dyn_into::<Request>().ok()) {
            let url = request.url();
            let Some((_, name)) = url.split_once(ADDRESS) else { continue };
            let text = self.text(&request).await.unwrap_or_default();
            let row = serde_json::from_str(&text).unwrap_or(MirrorRow { text, hash: String::new() });
            rows.insert(name.to_owned(), row);
        }
        Ok(rows)
    }

    async fn text(&self, request: &Request) -> Result<String, JsValue> {
        let response: Response = JsFuture::from(self.0.match_with_request(request)).await?.dyn_into()?;
        let text = JsFuture::from(response.text()?).await?;
        Ok(text.as_string().unwrap_or_default())
    }

    /// Writes all of it, each row by itself; they have names of their own, so the browser may do them side by side.
    pub async fn write(&self, writes: &[MirrorWrite]) -> Result<(), JsValue> {
        let all = Array::new();
        for write in writes {
            all.push(&self.begin(write)?.into());
        }
        if all.length() > 0 {
            JsFuture::from(Promise::all(&all)).await?;
        }
        Ok(())
    }

    fn begin(&self, write: &MirrorWrite) -> Result<Promise, JsValue> {
        Ok(match write {
            MirrorWrite::Put { name, row } => {
                let text = serde_json::to_string(row).unwrap_or_default();
                let response = Response::new_with_opt_str(Some(&text))?;
                self.0.put_with_str(&address(name), &response)
            }
            MirrorWrite::Drop { name } => self.0.delete_with_str(&address(name)),
        })
    }
}

fn address(name: &str) -> String {
    format!("{ADDRESS}{name}")
}
