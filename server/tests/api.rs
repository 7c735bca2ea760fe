//! The server over HTTP, without a socket: what phones send, what they are answered, and what a coordinator sees.
//!
//! Every answer under `/api` is held against the server's own description of it, see [`api::described`].

mod support;

mod api {
    pub mod described;
    pub mod world;

    mod batch;
    mod coordinator;
    mod damaged;
    mod devices;
    mod files;
    mod merging;
    mod municipality;
    mod offer;
    mod openapi;
    mod pull;
    mod refusals;
    mod twice;
}
