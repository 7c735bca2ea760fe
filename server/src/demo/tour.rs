//! The front page's guided tour: how far a browser has come.

use app::server_pages::Tour;
use axum::http::HeaderMap;
use domain::{Kind, Month, codes::Municipality};

use super::{DEMO_MUNICIPALITY, DemoPerson};
use crate::{
    Server,
    http::cookies::cookie,
    identity::sign_in,
    reports::municipality,
    store::{Result, StoreError},
};

const LOOKED_COOKIE: &str = "hytevihko-kierros";
/// `Set-Cookie` of a browser that went to look at the figures, the tour's last step: for a day. It signs nobody in.
pub const LOOKED: &str = "hytevihko-kierros=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400";

/// Whether this browser has recorded and approved follows from what its device has sent, so that visitors of one demo do not disturb
/// each other.
pub async fn tour(server: &Server, headers: &HeaderMap) -> Result<Tour> {
    let home = Municipality::parse(DEMO_MUNICIPALITY).ok_or(StoreError::Damaged("the demo's municipality"))?;
    let month = Month::of(server.clock.today());
    let gatherings = municipality::report(server, home, None).await?.ordinary.month_total(month).gatherings;
    let mut done = [false, false, cookie(headers, LOOKED_COOKIE).as_deref() == Some("1")];
    let secretary = server.store.person(DemoPerson::Reviewer.user()).await?;
    if let (Some(device), Some(secretary)) = (sign_in::known_device(headers), secretary) {
        for membership in secretary.memberships {
            for (done, kind) in done.iter_mut().zip([Kind::Gathering, Kind::Review]) {
                *done = *done || server.store.has_written(membership.association, device, kind).await?;
            }
        }
    }
    Ok(Tour { done, gatherings })
}
