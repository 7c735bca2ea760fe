//! The `ETag` of an answer, and the answer without a body for whoever has it already.
//!
//! An answer follows from the association's records, from what was asked, from the day and from this program. Each write of a record takes
//! the association's next sequence number (S8), so the number and the epoch (S9) say what the records are without reading one of them.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{AssociationId, date};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sync::rules::Keys;

use crate::{
    Server,
    http::{compression::AsItIs, problem::Problem},
};

/// What an answer follows from, before it is made.
pub struct Version {
    association: AssociationId,
    seq: u64,
    tag: String,
}

impl Version {
    /// `asked` names the route and everything that was asked of it.
    pub async fn of(server: &Server, association: AssociationId, asked: &str) -> Result<Version, Problem> {
        let seq = seq(server, association).await?;
        let of = [
            env!("CARGO_PKG_VERSION"),
            &*server.epoch,
            &association.to_string(),
            &seq.to_string(),
            &date::iso(server.clock.today()),
            asked,
        ];
        let digest = Sha256::digest(of.join("\n").as_bytes());
        let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Ok(Version { association, seq, tag: format!("\"{tag}\"") })
    }

    /// The answer of whoever has this version already.
    pub fn unchanged(&self, headers: &HeaderMap) -> Option<Response> {
        self.is_known(headers).then(|| self.tagged(StatusCode::NOT_MODIFIED.into_response()))
    }

    /// An answer that was made of what is there now. Where somebody wrote while it was made, it may be of this version or of the next one,
    /// and has no tag.
    pub async fn answer(&self, server: &Server, body: impl Serialize) -> Result<Response, Problem> {
        let mut response = Json(body).into_response();
        response.extensions_mut().insert(AsItIs);
        Ok(match seq(server, self.association).await? == self.seq {
            true => self.tagged(response),
            false => response,
        })
    }

    fn tagged(&self, mut response: Response) -> Response {
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }

    /// By the weak comparison, as RFC 9110 (section 13.1.2) has it for `If-None-Match`.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let said = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        said.flat_map(|line| line.split(',')).map(str::trim).any(|tag| {
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag == "*" || tag == self.tag
        })
    }
}

async fn seq(server: &Server, association: AssociationId) -> Result<u64, Problem> {
    Ok(server.store.look_up(association, &Keys::default()).await?.seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_among_others_and_as_a_weak_one() {
        let version =
            Version { association: AssociationId::from_bytes([1; 16]), seq: 1, tag: "\"0123456789abcdef\"".to_owned() };
        let is_known = |said: &'static str| {
            version.is_known(&HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(said))]))
        };
        for known in ["\"0123456789abcdef\"", "W/\"0123456789abcdef\"", "\"x\", \"0123456789abcdef\"", "*"] {
            assert!(is_known(known), "{known}");
        }
        for unknown in ["", "0123456789abcdef", "\"0123456789abcde\"", "\"x\""] {
            assert!(!is_known(unknown), "{unknown}");
        }
        assert!(!version.is_known(&HeaderMap::new()));
    }
}
