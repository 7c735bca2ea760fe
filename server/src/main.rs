//! The program: command line, database, clock, router, and a clean stop.

use std::{process::ExitCode, sync::Arc, time::Duration};

use clap::Parser;
use server::{
    Server,
    admin::{self, set_up, settings},
    assets::{self, Older},
    backup,
    clock::Clock,
    config::{Backup, Cli, Command, Releases, ReleasesCommand, Restore, Serve},
    demo,
    folder::{self, Lock},
    http::{client_address::TrustedProxies, measures, router, serve},
    identity::{
        mail_code::{self, MailCodes},
        oidc::OpenId,
        secret::Secret,
    },
    mail::Mailer,
    reminders::{self, Looked},
    reports::releases,
    retention,
    store::{Store, sqlite::SqliteStore},
};
use tokio::{net::TcpListener, time::timeout};

/// From the signal to the end of the process, whatever does not end by itself. Service managers kill after more.
const STOP_WITHIN: Duration = Duration::from_secs(14);
/// How often the server looks whether a quarter is to be released.
const RELEASE_CHECK: Duration = Duration::from_secs(3600);
/// How often it looks whether it is time to forget what is no longer needed.
const RETENTION_CHECK: Duration = Duration::from_secs(3600);

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into()),
        )
        .init();
    let done = match Cli::parse().command {
        Command::Serve(options) => serve(*options).await,
        Command::Backup(options) => back_up(options).await,
        Command::Restore(options) => restore(options).await,
        Command::Releases(options) => show_releases(options).await,
        Command::Admin(options) => return finished(admin::run(options).await),
        Command::Check(options) => return finished(admin::check(options).await),
    };
    finished(done.map(|()| true))
}

/// The exit code of what was done, found to be so, or neither.
fn finished(done: Result<bool, Box<dyn std::error::Error>>) -> ExitCode {
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("hytevihko: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Serve) -> Result<(), Box<dyn std::error::Error>> {
    let _lock = Lock::take(&options.data)?;
    if !folder::open_to_others([options.data.clone()]).is_empty() {
        tracing::warn!(folder = %options.data.display(), "others can look into the data folder: chmod 700");
    }
    let file = folder::database(&options.data);
    let clock = Clock::new(options.clock).ok_or("the time zone Europe/Helsinki is missing")?;
    let mut server = Server::new(Arc::new(SqliteStore::open(&file).await?), clock, options.demo).await?;
    server.secret = Secret::new(folder::secret(&options.data)?);
    server.data = options.data.as_path().into();
    server.operator =
        settings::operator_at_start(&*server.store, options.operator_name, options.operator_contact).await?.into();
    server.oidc = options.oidc.settings()?.map(OpenId::new).transpose()?.map(Arc::new);
    let mailer = options.mail.settings()?.map(Mailer::new).transpose()?;
    server.mail = mailer.map(MailCodes::new).map(Arc::new);
    settings::mail_at_start(&server).await?;
    server.push = options.push.push(&server.secret).map(Arc::new);
    match Older::keep(&options.data, &assets::list(), assets::bytes) {
        Ok(older) => server.older = older.into(),
        // Worth a line in the log; not worth standing still.
        Err(error) => tracing::error!(%error, "files of earlier releases are not kept"),
    }
    if let Some(mixed) = demo::mixed(&*server.store, options.demo).await? {
        return Err(format!("{}: {mixed}", options.data.display()).into());
    }
    if options.demo {
        demo::fill(&server).await?;
    }
    release(&server).await;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.listen))?;
    server.origin = settings::origin_at_start(&*server.store, options.origin, listener.local_addr()?).await?.into();
    server.proxies = TrustedProxies(options.trusted_proxy).into();
    if !server.origin.is_configured() && !options.listen.ip().is_loopback() {
        tracing::warn!(origin = %server.origin, "browsers of other machines are refused: set --origin");
    }
    if server.origin.is_https() && server.proxies.0.is_empty() {
        tracing::warn!("nobody is held back by their address: name the proxy in front with --trusted-proxy");
    }
    let measuring = match options.metrics {
        Some(address) => Some(measures::start(address, &server).await?),
        None => None,
    };
    if !options.demo
        && let Some(link) = set_up::link(&server).await?
    {
        print!("{link}");
    }
    println!("Hytevihko is ready on http://{}", listener.local_addr()?);
    let releasing = tokio::spawn(release_on_time(server.clone()));
    let retaining = tokio::spawn(retain_on_time(server.clone()));
    let sending = mail_code::start(&server);
    let reminding = tokio::spawn(remind_on_time(server.clone()));
    let router = router::router(server.clone());
    serve::serve(listener, router, server.patience, (*server.proxies).clone(), stop_signal()).await;
    // A release that is under way is dropped, and made at the next start.
    releasing.abort();
    drop(releasing.await);
    retaining.abort();
    drop(retaining.await);
    // A reminder that is on its way is lost: it was written down that it was sent.
    reminding.abort();
    drop(reminding.await);
    // Letters that wait are of no use after the next start: their codes were in memory.
    for task in [measuring, sending].into_iter().flatten() {
        task.abort();
    }
    if timeout(server.patience.close, server.store.close()).await.is_err() {
        tracing::error!("the database did not close in time; what was receipted is on the disk");
    }
    println!("Hytevihko has stopped.");
    Ok(())
}

async fn back_up(options: Backup) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = backup::backup(&options.data, &options.file, options.force).await?;
    println!("{}: a sound copy of {bytes} bytes.", options.file.display());
    Ok(())
}

async fn restore(options: Restore) -> Result<(), Box<dyn std::error::Error>> {
    let restored = backup::restore(&options.data, &options.file, options.force).await?;
    println!("{} is restored, with the new epoch {}.", options.data.display(), restored.epoch);
    let signed_in = match &restored.kept {
        Some(backup::Kept { carried: Ok(_), .. }) => "Who was signed in stays so",
        _ => "Nobody is signed in any more",
    };
    if let Some(kept) = restored.kept {
        println!("What was there before is kept as {}.", kept.file.display());
        match kept.carried {
            Ok(carried) => println!(
                "Taken over from it: who belongs to what, and releases that came after the backup: {}.",
                carried.releases
            ),
            Err(why) => println!(
                "NOTHING could be taken over from it: {why}. Who was removed or given less after the backup has it again: look \
                 through the members. A quarter that was released after the backup can be released again with other figures."
            ),
        }
    }
    if restored.deleted > 0 {
        println!("Deleted again, because they had been deleted since the backup: {} people.", restored.deleted);
    }
    println!("{signed_in}, and invitations have to be made again.");
    println!(
        "Releases are held. Let the phones offer what came after the backup, some days, and then: hytevihko releases \
         confirm --data {}",
        options.data.display()
    );
    Ok(())
}

async fn show_releases(options: Releases) -> Result<(), Box<dyn std::error::Error>> {
    let (data, confirms) = match options.command {
        ReleasesCommand::Show(folder) => (folder.data, false),
        ReleasesCommand::Confirm(folder) => (folder.data, true),
    };
    let file = folder::database(&data);
    if !file.exists() {
        return Err(format!("there is no {}", file.display()).into());
    }
    let clock = Clock::new(None).ok_or("the time zone Europe/Helsinki is missing")?;
    let store = SqliteStore::open(&file).await?;
    let pending =
        if confirms { releases::confirm(&store, &clock).await } else { releases::pending(&store, &clock).await };
    store.close().await;
    let pending = pending?;
    println!("Today is {} by this machine's clock.", clock.today());
    if !confirms {
        println!("To be released: {pending}.");
    } else if pending.held.is_empty() {
        println!("Confirmed: {pending}. A running server releases within the hour; another one when it starts.");
    } else {
        return Err(format!("nothing is confirmed: {pending}").into());
    }
    Ok(())
}

async fn release_on_time(server: Server) {
    loop {
        tokio::time::sleep(RELEASE_CHECK).await;
        release(&server).await;
    }
}

/// Looked hourly whether a day has passed. What fails is tried again a day later.
async fn retain_on_time(server: Server) {
    loop {
        match retention::look(&server).await {
            Ok(Some(looked)) => tracing::info!(?looked, "what is no longer needed is forgotten"),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "what is no longer needed is still there"),
        }
        tokio::time::sleep(RETENTION_CHECK).await;
    }
}

/// At each quarter of an hour: `reminders` knows when it is day.
async fn remind_on_time(server: Server) {
    loop {
        tokio::time::sleep(reminders::until_next(server.clock.now_ms())).await;
        match reminders::look(&server).await {
            Ok(looked) if looked != Looked::default() => tracing::info!(?looked, "reminders of deadlines"),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "reminders of deadlines wait"),
        }
    }
}

/// What cannot be released is tried again in an hour; phones are served meanwhile.
async fn release(server: &Server) {
    if let Err(error) = releases::release_due(server).await {
        tracing::error!(%error, "a release has to wait");
    }
    match releases::pending(&*server.store, &server.clock).await {
        Ok(pending) if !pending.held.is_empty() => {
            tracing::warn!(%pending, "releases are held: `hytevihko releases confirm --data …` lets them go");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "whether releases are held is not known"),
    }
}

/// SIGTERM from an operator's service manager, Ctrl-C from a terminal.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
    stop_at_last();
}

/// The last resort, on a thread that nothing holds up: a request that never ends, a disk that does not answer. What was answered is
/// on the disk, and SQLite undoes the rest at the next start, as after a power cut.
fn stop_at_last() {
    std::thread::spawn(|| {
        std::thread::sleep(STOP_WITHIN);
        eprintln!("hytevihko: stopped without waiting any longer");
        std::process::exit(1);
    });
}
