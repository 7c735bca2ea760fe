//! The one table of all routes. The router is made from it, so a route that is not in it does not exist, and tests can ask each row.
//!
//! A row ([`super::route`]) says who may call the route and whether a call changes something. The layer around every handler (`around.rs`)
//! reads it: what may not be forged is checked by [`super::guard`], and how much is read, and when it has to wait, follows from its sort.
//! Who may call is decided by the handlers; `tests/api/doors.rs` holds them against the table.

use axum::routing::{get, post};

use super::{
    csp,
    route::{Access, Route},
};
use crate::{
    api::{
        account::{me, passkey},
        association::{
            self, audit, devices, export, history, import, members, quarantine, reminders, report, sign_ins, tokens,
        },
        health, invitations, openapi, programs,
        sync::{hand_in, offer, pull, push},
    },
    assets,
    pages::{
        account, admin, association as association_page, coordinator, invitations as inviting, joining, mail_code,
        oidc, own, own_data, own_mail, public, sign_in, worker,
    },
};

/// Every route of the server, but the files of `public/`, which `router.rs` adds by the names that they have.
pub static ROUTES: &[Route] = &[
    // Pages.
    Route::page("/", Access::Anyone, || get(public::front)),
    Route::page("/tietosuoja", Access::Anyone, || get(public::privacy)),
    Route::page("/saavutettavuus", Access::Anyone, || get(public::accessibility)),
    Route::page("/kieli/{lang}", Access::Anyone, || get(public::choose_language)),
    Route::page("/app", Access::Anyone, || get(public::shell)),
    Route::page("/app/", Access::Anyone, || get(public::shell)),
    Route::page("/app/{*path}", Access::Anyone, || get(public::shell)),
    Route::report("/kunta", Access::Coordinator, || get(coordinator::municipality)),
    Route::report("/kunta/csv", Access::Coordinator, || get(coordinator::municipality_csv)),
    Route::page("/yllapito", Access::Operator, || get(admin::page)),
    Route::form("/yllapito/kutsu", Access::Operator, || post(admin::invite)),
    Route::form("/yllapito/peru", Access::Operator, || post(admin::revoke)),
    // An association comes in.
    Route::page("/yhdistys/mukaan", Access::SignedIn, || get(joining::invited)),
    Route::form("/yhdistys/mukaan", Access::SignedIn, || post(joining::save_invited)),
    Route::page("/yhdistys/pyynto", Access::Anyone, || get(joining::asking)),
    Route::form("/yhdistys/pyynto", Access::Anyone, || post(joining::save_asking)).signing_in(),
    Route::form("/yhdistys/pyynto/peru", Access::SignedIn, || post(joining::take_back)),
    Route::form("/yhdistys/pyynto/jatka", Access::SignedIn, || post(joining::collect)),
    Route::page("/yhdistys/valmis", Access::SignedIn, || get(joining::joined)),
    Route::page("/kunta/yhdistykset", Access::Coordinator, || get(inviting::page)),
    Route::form("/kunta/yhdistykset/kutsu", Access::Coordinator, || post(inviting::invite)),
    Route::form("/kunta/yhdistykset/peru", Access::Coordinator, || post(inviting::revoke)),
    Route::page("/kunta/yhdistykset/pyynto", Access::Coordinator, || get(inviting::confirm)),
    Route::form("/kunta/yhdistykset/pyynto", Access::Coordinator, || post(inviting::answer)),
    // Signing in and out.
    Route::page("/kirjaudu", Access::Anyone, || get(sign_in::page)),
    Route::form("/kirjaudu/varakoodi", Access::Anyone, || post(sign_in::recover)).signing_in(),
    Route::form("/kirjaudu/sahkoposti", Access::Anyone, || post(mail_code::ask)).signing_in(),
    Route::page("/kirjaudu/koodi", Access::Anyone, || get(mail_code::page)),
    Route::form("/kirjaudu/koodi", Access::Anyone, || post(mail_code::use_code)).signing_in(),
    Route::form("/kirjaudu/demo", Access::Anyone, || post(account::demo_sign_in)).signing_in(),
    Route::form("/kirjaudu/ulos", Access::Anyone, || post(account::sign_out)),
    Route::page("/kirjaudu/oidc", Access::Anyone, || get(oidc::begin)).signing_in(),
    Route::return_to("/kirjaudu/oidc/paluu", || get(oidc::come_back)).signing_in(),
    Route::page("/kirjaudu/oidc/ulos", Access::Anyone, || get(oidc::signed_out)),
    // Oneself.
    Route::page("/oma", Access::SignedIn, || get(own::page)),
    Route::form("/oma/kirjautuminen", Access::SignedIn, || post(own::end_sign_in)),
    Route::form("/oma/muut", Access::SignedIn, || post(own::end_others)),
    Route::form("/oma/avain", Access::SignedIn, || post(own::rename_key)),
    Route::form("/oma/avain/poista", Access::SignedIn, || post(own::remove_key)),
    Route::form("/oma/varakoodit", Access::SignedIn, || post(own::new_codes)),
    Route::form("/oma/sahkoposti", Access::SignedIn, || post(own_mail::give)),
    Route::form("/oma/sahkoposti/koodi", Access::SignedIn, || post(own_mail::confirm)),
    Route::form("/oma/sahkoposti/poista", Access::SignedIn, || post(own_mail::remove)),
    // One's own data.
    Route::report("/oma/tiedot", Access::SignedIn, || get(own_data::page)),
    Route::form("/oma/tiedot.json", Access::SignedIn, || post(own_data::download)),
    Route::form("/oma/poista", Access::SignedIn, || post(own_data::delete)),
    // What an association shows everybody.
    Route::page("/yhdistykset/{id}", Access::Anyone, || get(association_page::page)),
    // The browser's files.
    Route::file("/sw.js", || get(worker::service_worker)),
    Route::file("/pkg/{file}", || get(assets::package)),
    // Monitoring.
    Route::counted("/csp", || post(csp::report)),
    Route::probe("/healthz", || get(health::healthz)),
    Route::probe("/readyz", || get(health::readyz)),
    // The app.
    Route::read("/api/v1/me", Access::SignedIn, || get(me::me)),
    Route::json("/api/v1/passkey/begin", Access::Anyone, || post(passkey::begin)).signing_in(),
    Route::json("/api/v1/passkey/finish", Access::Anyone, || post(passkey::finish)).signing_in(),
    Route::json("/api/v1/passkey/register/begin", Access::SignedIn, || post(passkey::register_begin)),
    Route::json("/api/v1/passkey/register/finish", Access::SignedIn, || post(passkey::register_finish)),
    Route::read("/api/v1/devices", Access::Reviewer, || get(devices::devices)),
    Route::sync("/api/v1/devices/seen", Access::Reviewer, || post(devices::seen)),
    Route::read("/api/v1/gatherings/history", Access::Reviewer, || get(history::history)),
    Route::json("/api/v1/invitations/look", Access::Anyone, || post(invitations::look)).signing_in(),
    Route::json("/api/v1/invitations/accept", Access::Anyone, || post(invitations::accept)).signing_in(),
    Route::read("/api/v1/invitations", Access::Reviewer, || get(association::invitations::open)),
    Route::json("/api/v1/invitations", Access::Reviewer, || post(association::invitations::invite)),
    Route::json("/api/v1/invitations/revoke", Access::Reviewer, || post(association::invitations::revoke)),
    Route::read("/api/v1/members", Access::Reviewer, || get(members::members)),
    Route::json("/api/v1/members/rename", Access::Reviewer, || post(members::rename)),
    Route::json("/api/v1/members/role", Access::Reviewer, || post(members::role)),
    Route::json("/api/v1/members/remove", Access::Reviewer, || post(members::remove)),
    Route::read("/api/v1/quarantine", Access::Reviewer, || get(quarantine::waiting)),
    Route::json("/api/v1/quarantine/take", Access::Reviewer, || post(quarantine::take)),
    Route::json("/api/v1/quarantine/discard", Access::Reviewer, || post(quarantine::discard)),
    Route::sync("/api/v1/sync/hand-in", Access::Left, || post(hand_in::hand_in)),
    Route::file_in_json("/api/v1/import/preview", || post(import::preview)),
    Route::file_in_json("/api/v1/import/save", || post(import::save)),
    Route::file_in_json("/api/v1/import/undo", || post(import::undo)),
    Route::report("/api/v1/gatherings.xlsx", Access::Reviewer, || get(export::gatherings)),
    Route::report("/api/v1/report.xlsx", Access::Reviewer, || get(report::packs)),
    Route::sync("/api/v1/sync/push", Access::Member, || post(push::push)),
    Route::sync("/api/v1/sync/offer", Access::Member, || post(offer::offer)),
    Route::sync("/api/v1/sync/pull", Access::Member, || post(pull::pull)),
    Route::pull("/api/v1/sync/pull", Access::Member, || get(pull::pull_by_address)),
    Route::read("/api/v1/openapi.json", Access::Anyone, || get(openapi::openapi)),
    // Lost phones, and what was done.
    Route::read("/api/v1/sign-ins", Access::Reviewer, || get(sign_ins::sign_ins)),
    Route::json("/api/v1/sign-ins/end", Access::Reviewer, || post(sign_ins::end)),
    Route::read("/api/v1/audit", Access::Reviewer, || get(audit::audit)),
    // Programs that read an association, and the tokens that they have for it.
    Route::report("/api/v1/associations/{association}/gatherings", Access::Program, || {
        get(programs::gatherings::gatherings)
    }),
    Route::report("/api/v1/associations/{association}/groups", Access::Program, || get(programs::groups::groups)),
    Route::report("/api/v1/associations/{association}/report", Access::Program, || get(programs::report::report)),
    Route::read("/api/v1/tokens", Access::Reviewer, || get(tokens::tokens)),
    Route::json("/api/v1/tokens", Access::Reviewer, || post(tokens::make)),
    Route::json("/api/v1/tokens/end", Access::Reviewer, || post(tokens::end)),
    // Reminders of deadlines.
    Route::read("/api/v1/reminders", Access::Reviewer, || get(reminders::reminders)),
    Route::json("/api/v1/reminders/mail", Access::Reviewer, || post(reminders::mail)),
    Route::json("/api/v1/reminders/here", Access::Reviewer, || post(reminders::here)),
];

/// What is asked of each file of `public/`.
pub static PUBLIC_FILE: Route = Route::file("/{public}", || get(assets::public));
