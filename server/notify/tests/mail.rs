//! Mail through a real SMTP server, and through bad ones: what arrives, and what the answers mean.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "post/office.rs"]
mod post;

use domain::id::RecoveryId;
use domain::message::{About, Channel, Stage};
use engine::ports::{Delivery, Letter, Recipient, Way};
use notify::Ask;
use notify::mail::{Mail, Settings, Tls};
use serde_json::json;
use std::process::Command;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

const PASSWORD: &str = "right and secret";

fn letter(id: &str, channel: Channel, title: &str) -> Letter {
    Letter {
        id: id.to_owned(),
        to: Recipient::Webhook("mail".to_owned()),
        way: Way::Webhook("mail".to_owned()),
        about: About::Recovery(RecoveryId(1042)),
        stage: Stage::NeedsHuman,
        channel,
        title: title.to_owned(),
        body: "prod: the node is NotReady. Węzeł stoi.".to_owned(),
        path: "/recoveries/1042".to_owned(),
        until: "2026-11-22T10:41:07Z".parse().unwrap(),
        written_at: "2026-11-22T09:41:07Z".parse().unwrap(),
        tries: 1,
        in_doubt: false,
    }
}

fn important() -> Letter {
    letter("0123456789abcdef", Channel::Important, "node-12 needs you")
}

fn settings(port: u16, tls: Tls, password: Option<&str>) -> Settings {
    let password = password.map(|one| {
        let one = one.to_owned();
        Arc::new(move || Ok(one.clone())) as Ask
    });
    Settings {
        host: "127.0.0.1".to_owned(),
        port,
        tls,
        from: "Uncordon <uncordon@example.test>".to_owned(),
        user: password.is_some().then(|| "uncordon".to_owned()),
        password,
        public_url: "https://uncordon.example.test/".to_owned(),
    }
}

fn mail(port: u16) -> Mail {
    Mail::new(settings(port, Tls::None, None)).unwrap()
}

fn to(names: &[&str]) -> Vec<String> {
    let all = names.iter().map(|name| format!("{name}@example.test"));
    all.collect()
}

fn refused(came: Delivery) -> String {
    match came {
        Delivery::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

fn later(came: Delivery) -> String {
    match came {
        Delivery::Later { after: None, why } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_mail_says_what_happened_where_to_look_and_how_much_it_matters() {
    let Some(mut post) = post::start(&[]).await else {
        return;
    };
    let mail = mail(post.port);
    let one = letter("a", Channel::Important, "Węzeł node-12 stoi ☠");
    assert_eq!(mail.deliver(&to(&["ops"]), &one).await, Delivery::Taken);
    let came = post.next().await;
    assert_eq!(came["to"], json!(["ops@example.test"]));
    assert_eq!(came["from"], "uncordon@example.test");
    assert_eq!(came["hello"], "uncordon.example.test");
    let headers = &came["headers"];
    assert_eq!(headers["subject"], "Węzeł node-12 stoi ☠");
    assert_eq!(headers["from"], "Uncordon <uncordon@example.test>");
    assert_eq!(headers["date"], "Sun, 22 Nov 2026 09:41:07 +0000");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert_eq!(headers["x-priority"], "1");
    assert_eq!(headers["importance"], "high");
    assert_eq!(
        came["body"],
        "prod: the node is NotReady. Węzeł stoi.\n\nhttps://uncordon.example.test/recoveries/1042\n\
         This is about recovery 1042. Nobody reads an answer to this mail.\n"
    );
    assert!(came["raw"].as_str().unwrap().is_ascii());

    let calm = letter("b", Channel::Default, "node-12 is back");
    assert_eq!(mail.deliver(&to(&["ops"]), &calm).await, Delivery::Taken);
    let came = post.next().await;
    assert!(came["headers"].get("importance").is_none());
}

#[tokio::test]
async fn words_of_an_alarm_cannot_add_a_header_a_recipient_or_a_second_mail() {
    let Some(mut post) = post::start(&[]).await else {
        return;
    };
    let hostile = Letter {
        body: "dot:\n.\nMAIL FROM:<evil@example.test>\r\n.\r\nQUIT\r.\r\u{0}end".to_owned(),
        ..letter(
            "a",
            Channel::Important,
            "node-12\r\nBcc: evil@example.test\n\nspoofed\u{7}",
        )
    };
    let mail = mail(post.port);
    assert_eq!(mail.deliver(&to(&["ops"]), &hostile).await, Delivery::Taken);
    let came = post.next().await;
    assert_eq!(
        came["headers"]["subject"],
        "node-12 Bcc: evil@example.test spoofed"
    );
    assert!(came["headers"].get("bcc").is_none());
    assert_eq!(came["to"], json!(["ops@example.test"]));
    let body = came["body"].as_str().unwrap();
    assert!(
        body.starts_with("dot:\n.\nMAIL FROM:<evil@example.test>\n.\nQUIT.end\n\nhttps://"),
        "{body:?}"
    );
}

#[tokio::test]
async fn mails_of_one_recovery_are_one_thread_and_a_second_try_is_the_same_mail() {
    let Some(mut post) = post::start(&[]).await else {
        return;
    };
    let mail = mail(post.port);
    let mut came = Vec::new();
    for id in ["first", "first", "second"] {
        let one = letter(id, Channel::Important, "node-12 needs you");
        assert_eq!(mail.deliver(&to(&["ops"]), &one).await, Delivery::Taken);
        came.push(post.next().await);
    }
    for one in &came {
        let thread = "<recovery-1042@example.test>";
        assert_eq!(one["headers"]["references"], thread);
        assert_eq!(one["headers"]["in-reply-to"], thread);
    }
    assert_eq!(came[0]["raw"], came[1]["raw"]);
    let id = |at: usize| came[at]["headers"]["message-id"].as_str().unwrap();
    assert_ne!(id(0), id(2));
    assert!(id(0).ends_with("@example.test>"));
    // Who shows a letter's id has got the letter: servers on the way do not learn it.
    assert!(!came[0]["raw"].as_str().unwrap().contains("first"));
}

#[tokio::test]
async fn what_a_server_does_not_take_now_is_tried_later_and_what_it_never_takes_is_refused() {
    let Some(mut post) = post::start(&[]).await else {
        return;
    };
    let mail = mail(post.port);
    let deliver = async |names: &[&str]| mail.deliver(&to(names), &important()).await;
    let busy = "127.0.0.1 answered 451 4.3.0 the mailbox is busy";
    assert_eq!(later(deliver(&["later"]).await), busy);
    let full = "127.0.0.1 answered 451 4.3.2 the disk is full";
    assert_eq!(later(deliver(&["late-later"]).await), full);
    let nobody = "127.0.0.1 answered 550 5.1.1 no such mailbox";
    assert_eq!(refused(deliver(&["nobody"]).await), nobody);
    let spam = "127.0.0.1 answered 554 5.7.1 looks like spam";
    assert_eq!(refused(deliver(&["late-nobody"]).await), spam);
    assert!(refused(deliver(&[]).await).contains("nobody"));
    let bad = mail.deliver(&["ops".to_owned()], &important()).await;
    assert!(refused(bad).contains("not a mail address"));

    // Of several, the good ones get it all the same, and the words name what became of the others.
    let some = refused(deliver(&["nobody", "ops"]).await);
    assert_eq!(some, format!("{nobody}; the other recipients have it"));
    assert_eq!(post.next().await["to"], json!(["ops@example.test"]));
    let some = later(deliver(&["nobody", "later"]).await);
    assert_eq!(some, format!("{nobody}; {busy}"));
}

#[tokio::test]
async fn a_login_is_needed_where_the_server_wants_one_and_the_password_is_never_in_the_words() {
    let Some(mut post) = post::start(&["--auth"]).await else {
        return;
    };
    let with = |password| Mail::new(settings(post.port, Tls::None, password)).unwrap();
    let good = with(Some(PASSWORD));
    assert_eq!(good.ready().await, Ok(()));
    assert_eq!(
        good.deliver(&to(&["ops"]), &important()).await,
        Delivery::Taken
    );
    let wrong = with(Some("wrong and secret"));
    let hidden = "127.0.0.1 answered 535 5.7.8 (hidden) is wrong";
    assert_eq!(
        refused(wrong.deliver(&to(&["ops"]), &important()).await),
        hidden
    );
    assert_eq!(wrong.ready().await, Err(hidden.to_owned()));
    let open = refused(with(None).deliver(&to(&["ops"]), &important()).await);
    assert!(open.contains("530"), "{open}");
    let mut gone = settings(post.port, Tls::None, Some(PASSWORD));
    gone.password = Some(Arc::new(|| Err("the secret file is gone".to_owned())));
    let gone = Mail::new(gone).unwrap();
    let why = later(gone.deliver(&to(&["ops"]), &important()).await);
    assert_eq!(why, "the secret file is gone");
    // `ready` sent nothing: the only mail is the one that was delivered.
    assert_eq!(post.next().await["user"], "uncordon");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_later() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let why = later(mail(port).deliver(&to(&["ops"]), &important()).await);
    assert!(why.contains("refused"), "{why}");
    assert_eq!(mail(port).ready().await, Err(why));
}

/// What a bad server does after it was told something that begins with `at`.
enum Then {
    HangUp,
    /// Says nothing more; the clock of the test runs on by itself.
    Silence,
}

/// A server that is good until a moment.
async fn bad_server(at: &'static str, then: Then) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let (read, mut write) = socket.split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 here\r\n").await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.starts_with(at) {
                match then {
                    Then::HangUp => return,
                    Then::Silence => tokio::time::pause(),
                }
                std::future::pending::<()>().await;
            }
            let answer = match line.as_str() {
                "DATA" => "354 go on\r\n",
                _ => "250 yes\r\n",
            };
            // Only commands are answered, not the lines of the message.
            let command = line.get(..4).unwrap_or_default();
            if ["EHLO", "MAIL", "RCPT", "DATA"].contains(&command) {
                write.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    port
}

#[tokio::test]
async fn nobody_knows_what_became_of_a_mail_whose_text_was_handed_over_and_not_answered() {
    let port = bad_server(".", Then::HangUp).await;
    let came = mail(port).deliver(&to(&["ops"]), &important()).await;
    assert!(matches!(came, Delivery::Unknown(_)), "{came:?}");
    let port = bad_server(".", Then::Silence).await;
    let came = mail(port).deliver(&to(&["ops"]), &important()).await;
    let why = "127.0.0.1 gave no answer in time".to_owned();
    assert_eq!(came, Delivery::Unknown(why));
}

#[tokio::test]
async fn a_mail_whose_text_was_not_handed_over_is_tried_later() {
    let port = bad_server("RCPT", Then::HangUp).await;
    later(mail(port).deliver(&to(&["ops"]), &important()).await);
    let port = bad_server("RCPT", Then::Silence).await;
    let why = later(mail(port).deliver(&to(&["ops"]), &important()).await);
    assert_eq!(why, "127.0.0.1 gave no answer in time");
}

#[test]
fn settings_that_cannot_work_or_would_show_the_password_are_said_at_once() {
    let why = |change: fn(&mut Settings)| {
        let mut one = settings(25, Tls::None, Some(PASSWORD));
        change(&mut one);
        Mail::new(one).err().unwrap()
    };
    assert!(why(|one| one.host = "mail.example.test".to_owned()).contains("in the clear"));
    assert!(why(|one| one.password = None).contains("no password"));
    assert!(why(|one| one.user = None).contains("no user"));
    assert!(why(|one| one.host = "a b".to_owned()).contains("mail server"));
    assert!(why(|one| one.from = "uncordon".to_owned()).contains("mail address"));
}

/// A certificate for 127.0.0.1 that nobody signed, and its key.
fn certificate(folder: &std::path::Path) -> Option<(String, String)> {
    let path = |name: &str| folder.join(name).display().to_string();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", "/CN=127.0.0.1", "-out", &cert, "-keyout", &key])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .output();
    made.ok()?.status.success().then_some((cert, key))
}

/// Names the folder in which the certificate that this process trusts lies.
const TRUSTING: &str = "UNCORDON_TEST_TRUSTING";

#[tokio::test]
async fn a_protected_way_is_taken_only_to_a_server_that_proves_who_it_is() {
    let trusting = std::env::var_os(TRUSTING).is_some();
    let folder = tempfile::tempdir().unwrap();
    let pair = match std::env::var_os(TRUSTING) {
        Some(folder) => Some((
            format!("{}/cert.pem", folder.display()),
            format!("{}/key.pem", folder.display()),
        )),
        None => certificate(folder.path()),
    };
    let Some((cert, key)) = pair else {
        println!("NOT RUN: mail over TLS (openssl is not installed)");
        return;
    };
    for (flag, tls) in [("--tls", Tls::Required), ("--starttls", Tls::Starttls)] {
        let Some(mut post) = post::start(&[flag, &cert, &key, "--auth"]).await else {
            return;
        };
        let mail = Mail::new(settings(post.port, tls, Some(PASSWORD))).unwrap();
        let came = mail.deliver(&to(&["ops"]), &important()).await;
        if trusting {
            assert_eq!(came, Delivery::Taken);
            assert_eq!(post.next().await["tls"], true);
            assert_eq!(mail.ready().await, Ok(()));
        } else {
            let why = later(came);
            assert!(why.contains("invalid peer certificate"), "{why}");
        }
    }
    if trusting {
        return;
    }
    // A process reads at its start whom it trusts: the same test once more, in one that trusts this certificate.
    let name = "a_protected_way_is_taken_only_to_a_server_that_proves_who_it_is";
    let again = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(TRUSTING, folder.path())
        .env("SSL_CERT_FILE", &cert)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(
        again.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_without_starttls_is_told_nothing() {
    let Some(post) = post::start(&["--auth"]).await else {
        return;
    };
    let mail = Mail::new(settings(post.port, Tls::Starttls, Some(PASSWORD))).unwrap();
    let why = refused(mail.deliver(&to(&["ops"]), &important()).await);
    assert!(why.contains("STARTTLS is not supported"), "{why}");
}
