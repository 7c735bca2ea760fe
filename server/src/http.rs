//! What stands around every handler: the route table, headers, cookies, compression, and how an error is answered.

pub mod around;
pub mod body_timer;
pub mod client_address;
pub mod compression;
pub mod cookies;
pub mod csp;
pub mod guard;
pub mod header;
pub mod headers;
pub mod limits;
pub mod measures;
pub mod origin;
pub mod own_path;
pub mod page_problem;
pub mod patience;
pub mod problem;
pub mod route;
pub mod router;
pub mod routes;
pub mod serve;
pub mod trace;
