//! Writes a made-up snapshot of any size to a folder, and beside it what a lint is to find there.
//!
//! `cargo run --release --example generate -- --servers 1000 --shape mixed --registry services FOLDER`
#![allow(clippy::disallowed_methods, reason = "this program writes files")]

mod shapes;
mod snapshot;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use rayon::prelude::*;

use snapshot::{Plan, Registry, Shape};

#[derive(Parser)]
struct Arguments {
    /// How many servers there are
    #[arg(long, default_value_t = 3)]
    servers: usize,
    /// How their objects are exported
    #[arg(long, default_value = "list")]
    shape: ShapeName,
    /// How much of each registry is exported
    #[arg(long, default_value = "small")]
    registry: RegistryName,
    /// The same seed gives the same snapshot
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of servers that have a fault, from 0 to 1
    #[arg(long, default_value_t = 0.0)]
    faults: f64,
    /// Small files: three or four of a few KB for each server
    #[arg(long)]
    small_files: bool,
    /// The folder, which must not be there yet; what is to be found is written to FOLDER.truth.json
    folder: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ShapeName {
    List,
    Clixml,
    Json,
    Mixed,
}

#[derive(Clone, Copy, ValueEnum)]
enum RegistryName {
    None,
    Small,
    Services,
    System,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let plan = Plan {
        servers: arguments.servers,
        shape: match arguments.shape {
            ShapeName::List => Shape::List,
            ShapeName::Clixml => Shape::Clixml,
            ShapeName::Json => Shape::Json,
            ShapeName::Mixed => Shape::Mixed,
        },
        registry: match arguments.registry {
            RegistryName::None => Registry::None,
            RegistryName::Small => Registry::Small,
            RegistryName::Services => Registry::Services,
            RegistryName::System => Registry::System,
        },
        seed: arguments.seed,
        faults: arguments.faults,
        is_small: arguments.small_files,
    };
    fs::create_dir(&arguments.folder)?;
    (0..plan.servers)
        .into_par_iter()
        .try_for_each(|index| write(&plan, index, &arguments.folder).map_err(|error| error.to_string()))?;
    let mut truth = arguments.folder.into_os_string();
    truth.push(".truth.json");
    fs::write(truth, serde_json::to_string_pretty(&plan.truth())?)?;
    Ok(())
}

fn write(plan: &Plan, index: usize, folder: &Path) -> std::io::Result<()> {
    for (path, bytes) in plan.files(index)? {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}
