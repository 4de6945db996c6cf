//! No secret comes back in an answer, a reading, a finding or a log line, even from a service that echoes all it gets.

use crate::bench::{Bench, CANARY, Next};
use crate::list::ALL;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_secret_never_comes_back_in_words_or_logs() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    for maker in ALL {
        let bench = Bench::new(maker).await;
        let mut words = vec![format!("{:?}", bench.cloud.machine(&bench.target).await)];
        bench.set(|stage| stage.next = Next::Denied);
        words.push(format!(
            "{:?}",
            bench.cloud.start(&bench.machine, "k").await
        ));
        bench.set(|stage| stage.echo = true);
        let echoing = [bench, {
            // Nothing is kept yet: here the sign-in itself is echoed.
            let fresh = Bench::new(maker).await;
            fresh.set(|stage| stage.echo = true);
            fresh
        }];
        for bench in echoing {
            words.push(format!("{:?}", bench.cloud.machine(&bench.target).await));
            words.push(format!(
                "{:?}",
                bench.cloud.start(&bench.machine, "k").await
            ));
            words.push(format!("{:?}", bench.cloud.console(&bench.machine).await));
            words.push(format!(
                "{:?}",
                bench
                    .cloud
                    .examine(std::slice::from_ref(&bench.target))
                    .await
            ));
        }
        let all = words.join("\n");
        assert!(
            all.contains("echo"),
            "{}: nothing was echoed: {all}",
            maker.name
        );
        assert!(!all.contains("canary"), "{}: {all}", maker.name);
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("Start was answered"), "the log was not caught");
    assert!(!log.contains(CANARY) && !log.contains("canary"), "{log}");
}
