//! What stands in front of an API server: TLS, and proxies. Each counts who came through.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A file of `tests/tls`, for the tests of this crate and of the server above it.
pub fn pem(name: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [package.join("tests/tls"), package.join("cluster/tests/tls")];
    let folder = folders.into_iter().find(|one| one.is_dir());
    folder.unwrap().join(name)
}

/// Something that listens, and whom it saw.
pub struct Front {
    pub addr: SocketAddr,
    pub seen: Arc<AtomicU32>,
    /// What a proxy was told about who asks.
    pub told: Arc<Mutex<Option<String>>>,
}

impl Front {
    pub fn count(&self) -> u32 {
        self.seen.load(Ordering::SeqCst)
    }

    async fn listen() -> (TcpListener, Front) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = Front {
            addr: listener.local_addr().unwrap(),
            seen: Arc::default(),
            told: Arc::default(),
        };
        (listener, front)
    }
}

/// TLS in front of this address, with the certificate that `ca.pem` signed for 127.0.0.1.
pub async fn tls(behind: SocketAddr) -> Front {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let chain = CertificateDer::pem_file_iter(pem("server.pem")).unwrap();
    let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(pem("server.key")).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (listener, front) = Front::listen().await;
    let seen = Arc::clone(&front.seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
            tokio::spawn(async move {
                // Whoever does not trust us hangs up here.
                let Ok(mut outer) = acceptor.accept(stream).await else {
                    return;
                };
                seen.fetch_add(1, Ordering::SeqCst);
                let mut inner = TcpStream::connect(behind).await.unwrap();
                let _ = copy_bidirectional(&mut outer, &mut inner).await;
            });
        }
    });
    front
}

/// A proxy that takes `CONNECT`.
pub async fn http_proxy() -> Front {
    let (listener, front) = Front::listen().await;
    let (seen, told) = (Arc::clone(&front.seen), Arc::clone(&front.told));
    tokio::spawn(async move {
        while let Ok((mut outer, _)) = listener.accept().await {
            let (seen, told) = (Arc::clone(&seen), Arc::clone(&told));
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = outer.read_u8().await else {
                        return;
                    };
                    head.push(byte);
                }
                let head = String::from_utf8(head).unwrap();
                let target = head
                    .strip_prefix("CONNECT ")
                    .and_then(|rest| rest.split(' ').next());
                let mut inner = TcpStream::connect(target.unwrap()).await.unwrap();
                let who = head.lines().find_map(|line| {
                    let (key, value) = line.split_once(": ")?;
                    key.eq_ignore_ascii_case("proxy-authorization")
                        .then(|| value.to_owned())
                });
                *told.lock().unwrap() = who;
                seen.fetch_add(1, Ordering::SeqCst);
                outer.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let _ = copy_bidirectional(&mut outer, &mut inner).await;
            });
        }
    });
    front
}

/// A SOCKS5 proxy without authentication (RFC 1928), for IPv4 addresses.
pub async fn socks_proxy() -> Front {
    let (listener, front) = Front::listen().await;
    let seen = Arc::clone(&front.seen);
    tokio::spawn(async move {
        while let Ok((mut outer, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut hello = [0; 2];
                outer.read_exact(&mut hello).await.unwrap();
                let mut methods = vec![0; hello[1].into()];
                outer.read_exact(&mut methods).await.unwrap();
                outer.write_all(&[5, 0]).await.unwrap();
                let mut request = [0; 10];
                outer.read_exact(&mut request).await.unwrap();
                assert_eq!(request[..4], [5, 1, 0, 1], "connect to an IPv4 address");
                let ip: [u8; 4] = request[4..8].try_into().unwrap();
                let port = u16::from_be_bytes([request[8], request[9]]);
                let mut inner = TcpStream::connect(SocketAddr::from((ip, port)))
                    .await
                    .unwrap();
                seen.fetch_add(1, Ordering::SeqCst);
                outer
                    .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
                    .await
                    .unwrap();
                let _ = copy_bidirectional(&mut outer, &mut inner).await;
            });
        }
    });
    front
}
