//! A row of the table of routes: who may call it, what sort of answer it has, and how much of a body is read.

use axum::{http::Method, routing::MethodRouter};
use domain::import::FILE_BYTES_MAX;
use sync::limits;

use crate::Server;

/// Most of a form or of a small JSON body, in bytes: a sign-in by passkey takes 4 kB, our longest form 2.
const SMALL_BODY_BYTES_MAX: usize = 16 * 1024;
/// Most of a sync body, in bytes. Room beyond a push, so that one that is too large is answered with our own words. Only a signed-in
/// user's is read at all.
const SYNC_BODY_BYTES_MAX: usize = limits::PUSH_BYTES_MAX * 2;

/// Most of the body that brings a file: the file in base64, and what is said of it.
const FILE_BODY_BYTES_MAX: usize = FILE_BYTES_MAX / 3 * 4 + SMALL_BODY_BYTES_MAX;

/// Who may call a route, at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    Anyone,
    /// Anybody who is signed in.
    SignedIn,
    /// A member of the association that the request names.
    Member,
    /// Somebody who belonged to that association until at most thirty days ago, or does and whose sign-in was ended from elsewhere.
    Left,
    /// A reviewer of that association.
    Reviewer,
    /// A program with a token of the association that the address names, or a reviewer of it.
    Program,
    /// The coordinator of an area, for that area.
    Coordinator,
    Operator,
}

/// What sort of answer a route has: how it is guarded, how much of a body is read, and what it waits behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// An HTML page, or a redirect to one.
    Page,
    /// Figures over many records: a page or an export. Waits behind [`Sort::Sync`].
    Report,
    /// A page that another site leads back to. The one GET that changes something: whoever was sent to a provider of accounts comes back
    /// by an address. No header says that it is we who sent them, so the handler takes it only with the ticket that this browser was
    /// given on its way out (`identity::oidc::ticket`), once.
    Return,
    /// A form of a page: always from a page of ours.
    Form,
    /// JSON of the app: where it changes something, always from a page of ours and with our header.
    Json,
    /// The routes that apps of earlier releases call too, which do not send our header (S13).
    Sync,
    /// A file of the browser side.
    File,
    /// For monitoring; never refused for load.
    Probe,
    /// A browser's report, which is only counted.
    Counted,
}

/// A row of the table.
pub struct Route {
    pub method: Method,
    /// As axum writes it: `{name}` for a part, `{*name}` for the rest.
    pub path: &'static str,
    pub access: Access,
    pub sort: Sort,
    /// Whether a call changes something. A GET never does, but for a [`Sort::Return`].
    pub changes: bool,
    /// Most of the body that is read, in bytes.
    pub body_max: usize,
    /// A right guess signs somebody in: fewer calls an address are taken.
    pub signs_in: bool,
    mount: fn() -> MethodRouter<Server>,
}

type Mount = fn() -> MethodRouter<Server>;

impl Route {
    const fn reading(path: &'static str, access: Access, sort: Sort, mount: Mount) -> Route {
        Route { method: Method::GET, path, access, sort, changes: false, body_max: 0, signs_in: false, mount }
    }

    const fn changing(path: &'static str, access: Access, sort: Sort, body_max: usize, mount: Mount) -> Route {
        Route { method: Method::POST, path, access, sort, changes: true, body_max, signs_in: false, mount }
    }

    /// `GET`, a page.
    pub const fn page(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::reading(path, access, Sort::Page, mount)
    }

    /// `GET`, figures.
    pub const fn report(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::reading(path, access, Sort::Report, mount)
    }

    /// `GET`, JSON.
    pub const fn read(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::reading(path, access, Sort::Json, mount)
    }

    /// `GET`, records for a phone.
    pub const fn pull(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::reading(path, access, Sort::Sync, mount)
    }

    /// `GET`, a file.
    pub const fn file(path: &'static str, mount: Mount) -> Route {
        Route::reading(path, Access::Anyone, Sort::File, mount)
    }

    /// `GET`, whether the server is well.
    pub const fn probe(path: &'static str, mount: Mount) -> Route {
        Route::reading(path, Access::Anyone, Sort::Probe, mount)
    }

    /// `POST`, a form that changes something.
    pub const fn form(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::changing(path, access, Sort::Form, SMALL_BODY_BYTES_MAX, mount)
    }

    /// `POST`, JSON that changes something. New routes for the app are of this sort.
    pub const fn json(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::changing(path, access, Sort::Json, SMALL_BODY_BYTES_MAX, mount)
    }

    /// `POST`, JSON with a file in it, which changes something. Only a reviewer's is read at all.
    pub const fn file_in_json(path: &'static str, mount: Mount) -> Route {
        Route::changing(path, Access::Reviewer, Sort::Json, FILE_BODY_BYTES_MAX, mount)
    }

    /// `POST`, what a phone sends, also one of an earlier release.
    pub const fn sync(path: &'static str, access: Access, mount: Mount) -> Route {
        Route::changing(path, access, Sort::Sync, SYNC_BODY_BYTES_MAX, mount)
    }

    /// `POST`, a browser's report: from anywhere, and only counted.
    pub const fn counted(path: &'static str, mount: Mount) -> Route {
        let mut row = Route::changing(path, Access::Anyone, Sort::Counted, SMALL_BODY_BYTES_MAX, mount);
        row.changes = false;
        row
    }

    /// `GET`, by which a person comes back from another site.
    pub const fn return_to(path: &'static str, mount: Mount) -> Route {
        let mut row = Route::reading(path, Access::Anyone, Sort::Return, mount);
        row.changes = true;
        row
    }

    /// A right guess here signs somebody in.
    pub const fn signing_in(mut self) -> Route {
        self.signs_in = true;
        self
    }

    /// The handler, without any layer.
    pub fn handler(&self) -> MethodRouter<Server> {
        (self.mount)()
    }

    /// Whether the answer, also a refusal, is a page for a reader.
    pub fn is_page(&self) -> bool {
        matches!(self.sort, Sort::Page | Sort::Report | Sort::Return | Sort::Form) && !self.path.starts_with("/api/")
    }
}
