//! The command line.

pub mod admin;
pub mod mail;
pub mod oidc;
pub mod push;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};

use self::{
    admin::{Admin, Check},
    mail::MailOptions,
    oidc::OidcOptions,
    push::PushOptions,
};
use crate::http::{client_address::Network, origin::Origin};

/// Hytevihko: associations record, municipalities see protected counts.
#[derive(Debug, Parser)]
#[command(name = "hytevihko", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages, the phone app and the API.
    Serve(Box<Serve>),
    /// Copy the database into a file; a server may be running.
    Backup(Backup),
    /// Put a backup in a data folder; no server may be running on it.
    Restore(Restore),
    /// Show or confirm the releases that wait; a server may be running.
    Releases(Releases),
    Admin(Admin),
    Check(Check),
}

#[derive(Clone, Debug, clap::Args)]
pub struct Serve {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Where browsers reach this server, such as `https://hytevihko.example.fi`; without it the local machine only.
    #[arg(long)]
    pub origin: Option<Origin>,
    /// A proxy in front, by address or network; only from these is X-Forwarded-For believed. Several: again, or with commas.
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,
    /// Give figures for Prometheus on this address; never one that browsers reach.
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Folder of the database; made when missing.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// Fill an empty database with a demo municipality, and offer its sign-ins on the front page.
    #[arg(long)]
    pub demo: bool,
    /// Who runs this service, for the privacy statement and the accessibility statement.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub operator_name: String,
    /// Where to ask them: an office's address or number, as in a sentence. Never a private person's.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub operator_contact: String,
    #[command(flatten)]
    pub oidc: OidcOptions,
    #[command(flatten)]
    pub mail: MailOptions,
    #[command(flatten)]
    pub push: PushOptions,
    /// Start the server's clock at this moment (RFC 3339). Only with --demo: figures depend on the day.
    #[arg(long, requires = "demo")]
    pub clock: Option<jiff::Timestamp>,
}

#[derive(Clone, Debug, clap::Args)]
pub struct Backup {
    /// The copy to make.
    pub file: PathBuf,
    /// Folder of the database.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// Replace the file where it exists.
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Debug, clap::Args)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// Folder of the database; made when missing.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
    /// Put the database that is there aside.
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Debug, clap::Args)]
pub struct Releases {
    /// What to do.
    #[command(subcommand)]
    pub command: ReleasesCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum ReleasesCommand {
    /// Print which quarters are due, and what holds them.
    Show(Data),
    /// Say that the quarters that are due may be released, after a restore or where the clock was in doubt. What is released
    /// is never revised.
    Confirm(Data),
}

#[derive(Clone, Debug, clap::Args)]
pub struct Data {
    /// Folder of the database.
    #[arg(long, default_value = "data")]
    pub data: PathBuf,
}
