//! A small HTTP server whose answers are made by a function: it answers, stays silent, hangs up, or passes the call on.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST /path?query`.
    pub call: String,
    /// Header lines.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

/// What becomes of a request.
#[expect(
    dead_code,
    reason = "each of the tests that share this uses some of them"
)]
pub enum Fate {
    Answer(u16, Vec<(String, String)>, String),
    /// The connection is closed without a byte.
    HangUp,
    /// No answer, ever.
    Silence,
    /// Passed on to the service behind.
    Forward,
}

pub fn answer(status: u16, body: impl Into<String>) -> Fate {
    Fate::Answer(status, Vec::new(), body.into())
}

type Handler = dyn Fn(&Request) -> Fate + Send + Sync;

pub struct Relay {
    pub url: String,
    seen: Arc<Mutex<Vec<Request>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Relay {
    /// Starts it; `behind` is the address of the service that calls are passed on to.
    pub async fn start(
        behind: Option<String>,
        handler: impl Fn(&Request) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let kept = Arc::clone(&seen);
        let handler: Arc<Handler> = Arc::new(handler);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (handler, kept, behind) =
                    (Arc::clone(&handler), Arc::clone(&kept), behind.clone());
                tokio::spawn(
                    async move { serve(stream, &handler, &kept, behind.as_deref()).await },
                );
            }
        });
        Self { url, seen, task }
    }

    /// What came so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    handler: &Arc<Handler>,
    kept: &Mutex<Vec<Request>>,
    behind: Option<&str>,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    kept.lock().unwrap().push(request.clone());
    match handler(&request) {
        Fate::Answer(status, headers, body) => {
            write(&mut stream, status, &headers, body.as_bytes()).await;
        }
        Fate::HangUp => {}
        Fate::Silence => std::future::pending().await,
        Fate::Forward => {
            let (method, path) = request.call.split_once(' ').unwrap();
            let url = format!("{}{path}", behind.expect("nothing stands behind"));
            let mut call = reqwest::Client::new().request(method.parse().unwrap(), url);
            for (key, value) in &request.headers {
                if !["content-length", "connection"].contains(&key.to_lowercase().as_str()) {
                    call = call.header(key, value);
                }
            }
            let reply = call.body(request.body).send().await.unwrap();
            let status = reply.status().as_u16();
            let headers: Vec<(String, String)> = reply
                .headers()
                .iter()
                .filter(|(key, _)| {
                    !["content-length", "connection", "transfer-encoding"].contains(&key.as_str())
                })
                .map(|(key, value)| (key.to_string(), value.to_str().unwrap().to_owned()))
                .collect();
            let body = reply.bytes().await.unwrap();
            write(&mut stream, status, &headers, &body).await;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let first = lines.next()?;
    let call = first.rsplit_once(' ')?.0.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let mut request = Request {
        call,
        headers,
        body: String::new(),
    };
    let length: usize = request.header("content-length").parse().unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => body.extend_from_slice(&part[..count]),
        }
    }
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

async fn write(stream: &mut TcpStream, status: u16, headers: &[(String, String)], body: &[u8]) {
    let mut head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    for (key, value) in headers {
        head.push_str(&format!("{key}: {value}\r\n"));
    }
    head.push_str("\r\n");
    if stream.write_all(head.as_bytes()).await.is_ok() && stream.write_all(body).await.is_ok() {
        stream.shutdown().await.ok();
    }
}
