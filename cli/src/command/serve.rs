//! `platewright serve`: the service.

use std::path::Path;

use platewright_datasets::{NightOptions, night, write_night};
use platewright_server::{DEFAULT_PRICES, PriceModel, Server, Settings};

use crate::args::ServeArgs;
use crate::config;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say};

/// Units of the demo night.
const DEMO_UNITS: u32 = 900;

pub(crate) fn run(args: &ServeArgs) -> Result<Exit, Failure> {
    let settings = settings(args)?;
    runtime()?.block_on(serve(args, settings))
}

/// What runs the service.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|e| Failure::other(format!("failed to start the service: {e}")))
}

fn settings(args: &ServeArgs) -> Result<Settings, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Settings {
        data: args.data.clone(),
        config: config::load(&args.common)?,
        prices: prices(args.prices.as_deref())?,
        threads: args.common.threads.unwrap_or(cores).max(1),
    })
}

/// The rules of prices of a file, or the committed ones.
pub(super) fn prices(file: Option<&Path>) -> Result<PriceModel, Failure> {
    let Some(path) = file else {
        return toml::from_str(DEFAULT_PRICES)
            .map_err(|e| Failure::other(format!("config/prices.toml: {e}")));
    };
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::input(format!("failed to read {}: {e}", path.display())))?;
    toml::from_str(&text).map_err(|e| Failure::input(format!("{}: {e}", path.display())))
}

async fn serve(args: &ServeArgs, settings: Settings) -> Result<Exit, Failure> {
    let failed = |e: platewright_server::ServerError| Failure::input(chain(&e));
    let data = settings.data.clone();
    let server = Server::open(settings).await.map_err(failed)?;
    if args.demo {
        demo(args, &server, &data).await?;
    }
    say(&format!("http://{}", args.listen));
    complain(&format!("serving {}; Ctrl-C ends it", data.display()));
    server.serve(args.listen, stopped()).await.map_err(failed)?;
    Ok(Exit::Done)
}

/// Loads the demo night, and prints keys.
async fn demo(args: &ServeArgs, server: &Server, data: &Path) -> Result<(), Failure> {
    let failed = |e: platewright_server::ServerError| Failure::input(chain(&e));
    let folder = data.join("demo-night");
    if !folder.exists() {
        complain("making and loading the demo night");
        let made = night(&NightOptions::units(DEMO_UNITS, args.common.seed))
            .and_then(|made| write_night(&folder, &made));
        made.map_err(|e| Failure::other(chain(&e)))?;
    }
    server.load_night(&folder).await.map_err(failed)?;
    let secret = std::fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
    let keys = server.demo_keys(&secret.to_string_lossy()).await.map_err(failed)?;
    for (name, key) in keys {
        say(&format!("key of {name}: {key}"));
    }
    Ok(())
}

/// Done at Ctrl-C; never, if that cannot be listened for.
async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
