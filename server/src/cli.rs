//! The command line: one binary, one word for each thing it does.

mod check;
mod people;
mod rule;
mod sandbox;
mod serve;

use clap::{Parser, Subcommand};
use domain::access::Role;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Brings failed Kubernetes nodes back, from a phone or by rule.
#[derive(Debug, Parser)]
#[command(name = "uncordon", version, about)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the product on a make-believe cluster and cloud.
    Sandbox(Sandbox),
    /// Run the product on your clusters.
    Serve(WithConfig),
    /// Check config, clusters, clouds and alarm sources, and say what to do about each problem.
    Check(Check),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenVerb),
    /// People.
    #[command(subcommand)]
    User(UserVerb),
    /// Rules.
    #[command(subcommand)]
    Rule(RuleVerb),
}

/// Options of `sandbox`.
#[derive(Debug, clap::Args)]
struct Sandbox {
    /// Address to listen on; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:3000")]
    addr: SocketAddr,
    /// How browsers reach it, if not by that address.
    #[arg(long)]
    public_url: Option<String>,
    /// Folder to remember in; a new temporary one if absent.
    #[arg(long)]
    data: Option<PathBuf>,
    /// How much faster than real time the world and the product's clock run.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// How many such clusters: `prod`, `prod-2`, `prod-3` and so on, each with a cloud of its own.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=50))]
    clusters: u32,
    /// So many workers in each cluster besides its own twelve nodes: a world to measure in.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    nodes: u32,
    /// So many pods on these workers.
    #[arg(long, default_value_t = 0, requires = "nodes", value_parser = clap::value_parser!(u32).range(0..=200_000))]
    pods: u32,
    /// Print one line of JSON with addresses, sign-in link and tokens first.
    #[arg(long)]
    print_json: bool,
    /// Run only the world, and write a config for `uncordon serve`.
    #[arg(long, requires = "config_out")]
    world_only: bool,
    /// Where to write that config.
    #[arg(long, requires = "world_only")]
    config_out: Option<PathBuf>,
}

/// The config file of a verb.
#[derive(Debug, clap::Args)]
struct WithConfig {
    /// The config file.
    #[arg(long)]
    config: PathBuf,
}

/// Options of `check`.
#[derive(Debug, clap::Args)]
struct Check {
    /// The config file.
    #[arg(long)]
    config: PathBuf,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum TokenVerb {
    /// Make an API token; it is shown once.
    Create(Named),
}

#[derive(Debug, Subcommand)]
enum UserVerb {
    /// Make a one-time sign-in link.
    Invite(Named),
}

/// Options of `token create` and `user invite`.
#[derive(Debug, clap::Args)]
struct Named {
    /// Name shown in timelines.
    #[arg(long)]
    name: String,
    /// viewer, responder or admin.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The config file.
    #[arg(long)]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum RuleVerb {
    /// Read alarm texts from standard input, one a line, and say which match.
    Try {
        /// The pattern.
        #[arg(long)]
        pattern: String,
    },
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.1..=1000.0).contains(&speed) => Ok(speed),
        _ => Err("expected a number from 0.1 to 1000".to_owned()),
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "expected viewer, responder or admin".to_owned())
}

/// Runs what the command line says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // Two providers are compiled in by different clients: name ours, so that none has to guess.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("uncordon: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli.verb)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("uncordon: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Sandbox(options) => {
            crate::telemetry::start("warn");
            sandbox::run(options).await.map(|()| ExitCode::SUCCESS)
        }
        Verb::Serve(with) => {
            crate::telemetry::start("info");
            serve::run(&with.config).await.map(|()| ExitCode::SUCCESS)
        }
        Verb::Check(asked) => check::run(&asked.config, asked.json).await,
        Verb::Token(TokenVerb::Create(named)) => {
            people::token(&named).await.map(|()| ExitCode::SUCCESS)
        }
        Verb::User(UserVerb::Invite(named)) => {
            people::invite(&named).await.map(|()| ExitCode::SUCCESS)
        }
        Verb::Rule(RuleVerb::Try { pattern }) => rule::attempt(&pattern),
    }
}
