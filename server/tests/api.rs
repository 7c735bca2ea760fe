//! The HTTP API, called without a socket: what phones send, what they are answered, and what a coordinator sees.
//!
//! Every answer under `/api` is compared with the server's own OpenAPI description, see [`api::described`].

mod support;

mod api {
    pub mod authenticator;
    pub mod described;
    pub mod post_office;
    pub mod world;

    mod admin;
    mod asked;
    mod audit;
    mod batch;
    mod bringing;
    mod coordinator;
    mod damaged;
    mod devices;
    mod doors;
    mod files;
    mod health;
    mod history;
    mod hurting;
    mod importing;
    mod joining;
    mod leaving;
    mod lost_phones;
    mod mail;
    mod merging;
    mod municipality;
    mod offer;
    mod openapi;
    mod organisation;
    mod own_data;
    mod own_page;
    mod passkeys;
    mod pull;
    mod push_service;
    mod recovery;
    mod refusals;
    mod releases;
    mod reminders;
    mod reporting;
    mod signing_out;
    mod statements;
    mod tokens;
    mod twice;
    mod walls;
    mod whose;
}
