//! The accept loop over real connections, with a patience of tenths of a second.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::Extension,
    routing::{get, post},
};
use server::http::{
    body_timer::timed,
    client_address::{Peer, TrustedProxies},
    patience::Patience,
    serve::serve,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

const TENTH: Duration = Duration::from_millis(100);

/// Longer than anything that is waited for here.
const LONG: Duration = Duration::from_secs(20);

fn hasty() -> Patience {
    Patience {
        head: TENTH * 3,
        body_idle: TENTH * 3,
        body: TENTH * 6,
        request: LONG,
        idle: TENTH * 9,
        stop: TENTH * 5,
        ..Patience::default()
    }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn run(patience: Patience) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let body = move |request: axum::extract::Request| async move {
        let body = timed(request.into_body(), patience.body_idle, patience.body);
        match axum::body::to_bytes(body, 1000).await {
            Ok(bytes) => bytes,
            Err(_) => Bytes::from_static(b"broke off"),
        }
    };
    let router = Router::new()
        .route("/", get(|| async { "hei" }))
        .route("/peer", get(|Extension(Peer(peer)): Extension<Peer>| async move { peer.to_string() }))
        .route("/slow", get(|| sleep(LONG)))
        .route("/body", post(body));
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve(listener, router, patience, TrustedProxies::default(), async {
        let _ = stopped.await;
    }));
    Running { address, stop, task }
}

/// Sends it, and reads until the server closes or `LONG` has passed; what came, and how long it took.
async fn say(address: SocketAddr, text: &str) -> (String, Duration) {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("sent");
    (rest(&mut stream).await, start.elapsed())
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end, too.
    let _ = timeout(LONG, stream.read_to_end(&mut answer)).await.expect("the server closes");
    String::from_utf8(answer).expect("text")
}

const GET: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn a_connection_that_says_nothing_or_half_a_head_is_closed() {
    let server = run(hasty()).await;
    for text in ["", "GET / HTTP/1.1\r\nhost: ", "GET"] {
        let (answer, time) = say(server.address, text).await;
        assert_eq!(answer, "", "{text}");
        assert!(time >= TENTH * 2 && time < LONG / 4, "{text} {time:?}");
    }
}

#[tokio::test]
async fn a_head_that_drips_is_closed_all_the_same() {
    let server = run(hasty()).await;
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    let start = Instant::now();
    while start.elapsed() < LONG {
        if stream.write_all(b"x").await.is_err() {
            break;
        }
        sleep(TENTH / 2).await;
    }
    assert!(start.elapsed() < LONG / 4, "{:?}", start.elapsed());
}

#[tokio::test]
async fn between_two_requests_a_connection_may_rest_longer() {
    let server = run(hasty()).await;
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    let mut answer = [0; 1000];
    stream.write_all(GET.as_bytes()).await.expect("sent");
    let first = stream.read(&mut answer).await.expect("an answer");
    assert!(first > 0);
    sleep(TENTH * 5).await;
    stream.write_all(GET.as_bytes()).await.expect("sent");
    assert!(stream.read(&mut answer).await.expect("an answer") > 0);
    let start = Instant::now();
    assert_eq!(rest(&mut stream).await, "");
    assert!(start.elapsed() >= TENTH * 7, "{:?}", start.elapsed());
    // The next head has the time of a head again, and no more.
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(format!("{GET}GET / HT").as_bytes()).await.expect("sent");
    assert!(rest(&mut stream).await.ends_with("hei"));
}

#[tokio::test]
async fn half_a_head_after_a_request_has_the_time_of_a_head_and_not_of_a_rest() {
    let server = run(Patience { idle: LONG, ..hasty() }).await;
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    let mut answer = [0; 1000];
    stream.write_all(GET.as_bytes()).await.expect("sent");
    assert!(stream.read(&mut answer).await.expect("an answer") > 0);
    // The server rests until the first byte of the next head.
    sleep(TENTH).await;
    let start = Instant::now();
    stream.write_all(b"GET / HT").await.expect("sent");
    assert_eq!(rest(&mut stream).await, "");
    assert!(start.elapsed() < LONG / 4, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_body_that_does_not_come_or_drips_breaks_off() {
    let server = run(hasty()).await;
    let head = "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n";
    let (answer, time) = say(server.address, &format!("{head}part")).await;
    assert!(answer.ends_with("broke off"), "{answer}");
    assert!(time < TENTH * 9, "{time:?}");
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    let start = Instant::now();
    stream.write_all(head.as_bytes()).await.expect("sent");
    for _ in 0..100 {
        if stream.write_all(b"x").await.is_err() {
            break;
        }
        sleep(TENTH).await;
    }
    assert!(start.elapsed() < LONG / 4, "{:?}", start.elapsed());
    let whole = format!("{}hyvä", head.replace("100", "5"));
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(whole.as_bytes()).await.expect("sent");
    assert!(rest(&mut stream).await.ends_with("hyvä"));
}

#[tokio::test]
async fn a_stop_finishes_what_was_begun_and_cuts_what_does_not_end() {
    let server = run(hasty()).await;
    let mut idle = TcpStream::connect(server.address).await.expect("a connection");
    idle.write_all(GET.as_bytes()).await.expect("sent");
    let mut slow = TcpStream::connect(server.address).await.expect("a connection");
    slow.write_all(GET.replace("/ ", "/slow ").as_bytes()).await.expect("sent");
    let mut half = TcpStream::connect(server.address).await.expect("a connection");
    half.write_all(b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n12").await.expect("sent");
    sleep(TENTH * 2).await;
    let start = Instant::now();
    server.stop.send(()).expect("it runs");
    sleep(TENTH / 2).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody new is taken");
    half.write_all(b"3").await.expect("sent");
    assert!(rest(&mut half).await.ends_with("123"), "what was begun is finished");
    assert!(rest(&mut idle).await.ends_with("hei"));
    assert_eq!(rest(&mut slow).await, "");
    server.task.await.expect("it ends");
    assert!(start.elapsed() >= TENTH * 4 && start.elapsed() < LONG / 4, "{:?}", start.elapsed());
}

#[tokio::test]
async fn when_all_places_are_taken_who_asks_nothing_makes_room() {
    let server = run(Patience { connections: 3, head: LONG, idle: LONG, ..hasty() }).await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(TcpStream::connect(server.address).await.expect("a connection"));
    }
    sleep(TENTH).await;
    let close = GET.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    for _ in 0..10 {
        let (answer, time) = say(server.address, &close).await;
        assert!(answer.ends_with("hei") && time < LONG / 4, "{answer} {time:?}");
    }
    assert_eq!(rest(&mut silent[0]).await, "", "the first to come was the first to go");
}

#[tokio::test]
async fn a_handler_hears_who_is_at_the_other_end() {
    let server = run(hasty()).await;
    let ask = GET.replace("/ ", "/peer ").replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    assert!(say(server.address, &ask).await.0.ends_with("127.0.0.1"));
}
