//! Runs the simulator from the command line: `cargo xtask simulate --help`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use serde_json::{Value, json};
use sync::{
    mutant::Mutant,
    testing::simulator::{DAYS, Fault, Run, Tally, mutants, run, run_traced},
};

const HELP: &str = "\
Runs the sync simulator: phones, a server, people and everything that goes wrong between them.

Usage: cargo xtask simulate [options]

  --seed N           live one seed, and print every step of it
  --device-years N   live seeds until N device-years are reached [default: 200]
  --days N           days of one life [default: 60]
  --mutants          hunt the seeded bugs: each has to be found within 1,000 seeds
  --mutant NAME      hunt one of them
  --seeds N          with --mutants: the seeds to hunt through [default: 1000]
  --threads N        1 or 2 [default: 2]
  --resume           go on from the tally that an earlier run kept in target/simulate.json
  --help             print this";

struct Options {
    seed: Option<u64>,
    device_years: u64,
    days: u64,
    mutants: bool,
    hunted: Vec<Mutant>,
    seeds: u64,
    threads: u64,
    resume: bool,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            eprintln!("error: {wrong}\n\n{HELP}");
            return ExitCode::FAILURE;
        }
    };
    let is_whole = match (options.seed, options.mutants) {
        (Some(seed), _) => one_seed(seed, options.days),
        (None, true) => hunt(&options),
        (None, false) => many_seeds(&options),
    };
    if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// None where help was asked for.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options {
        seed: None,
        device_years: 200,
        days: DAYS,
        mutants: false,
        hunted: Vec::new(),
        seeds: 1_000,
        threads: 2,
        resume: false,
    };
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
            value.ok_or_else(|| format!("{argument} needs a number"))
        };
        match argument.as_str() {
            "--seed" => options.seed = Some(number()?),
            "--device-years" => options.device_years = number()?,
            "--days" => options.days = number()?.max(1),
            "--seeds" => options.seeds = number()?,
            "--threads" => options.threads = number()?.clamp(1, 2),
            "--mutants" => options.mutants = true,
            "--mutant" => {
                let name = arguments.next().unwrap_or_default();
                let known = Mutant::ALL.iter().find(|mutant| format!("{mutant:?}") == name);
                options.hunted.push(*known.ok_or_else(|| format!("{name} is no seeded bug"))?);
                options.mutants = true;
            }
            "--resume" => options.resume = true,
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("{other} is not an option")),
        }
    }
    Ok(Some(options))
}

fn one_seed(seed: u64, days: u64) -> bool {
    println!("seed {seed}, {days} days");
    let run = run_traced(seed, days);
    print!("{}", run.trace);
    print_tally(&run.tally);
    println!("digest {:016x}", run.digest);
    match &run.broken {
        Some(what) => println!("BROKEN {what}"),
        None => println!("all promises held"),
    }
    run.broken.is_none()
}

/// What is kept between runs.
#[derive(Default)]
struct Kept {
    next_seed: u64,
    tally: Tally,
    broken: BTreeMap<u64, String>,
    seconds: f64,
}

fn many_seeds(options: &Options) -> bool {
    let file = kept_file();
    let kept = if options.resume { read(&file) } else { Kept::default() };
    println!("seeds from {} on, {} days each", kept.next_seed, options.days);
    let (start, before) = (Instant::now(), kept.seconds);
    let target = options.device_years as f64;
    let next = AtomicU64::new(kept.next_seed);
    let (kept, is_done) = (Mutex::new(kept), AtomicBool::new(false));
    let add = |seed: u64, run: &Run| {
        let Ok(mut kept) = kept.lock() else { return };
        kept.tally += &run.tally;
        kept.next_seed = kept.next_seed.max(seed + 1);
        kept.seconds = before + start.elapsed().as_secs_f64();
        if let Some(what) = &run.broken {
            println!("\rseed {seed}: {what}");
            kept.broken.insert(seed, what.clone());
        }
        let years = kept.tally.device_years();
        is_done.store(years >= target, Ordering::Relaxed);
        if seed.is_multiple_of(50) {
            eprint!("\r{years:.0} of {target:.0} device-years, {:.0} s ", kept.seconds);
            write(&file, &mut kept);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    add(seed, &run(seed, options.days));
                }
            });
        }
    });
    eprintln!();
    let Ok(mut kept) = kept.into_inner() else { return false };
    write(&file, &mut kept);
    print_tally(&kept.tally);
    let years = kept.tally.device_years();
    println!(
        "{} seeds, {years:.0} device-years in {:.1} s, {:.1} a second; {} broke a promise",
        kept.next_seed,
        kept.seconds,
        years / kept.seconds.max(0.001),
        kept.broken.len()
    );
    kept.broken.is_empty()
}

fn hunt(options: &Options) -> bool {
    println!("{:<28} {:<6} {:>5}  {:<9} what it said", "mutant", "found", "seed", "invariant");
    let all = if options.hunted.is_empty() { Mutant::ALL } else { &options.hunted };
    let next = AtomicU64::new(0);
    let missed = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while let Some(mutant) = all.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let hunt = mutants::hunt(*mutant, options.seeds, options.days);
                    let name = format!("{mutant:?}");
                    match &hunt.found {
                        Some((seed, what)) => {
                            let invariant = hunt.invariant().unwrap_or_default();
                            let said: String = what
                                .split_once(": ")
                                .map_or(what.as_str(), |(_, said)| said)
                                .chars()
                                .take(90)
                                .collect();
                            println!("{name:<28} {:<6} {seed:>5}  {invariant:<9} {said}", "yes");
                        }
                        None => {
                            missed.fetch_add(1, Ordering::Relaxed);
                            println!("{name:<28} {:<6} {:>5}  {:<9}", "NO", "-", "-");
                        }
                    }
                }
            });
        }
    });
    let missed = missed.into_inner();
    println!("{} seeded bugs, {missed} not found within {} seeds", all.len(), options.seeds);
    missed == 0
}

fn print_tally(tally: &Tally) {
    let mut tally = tally.clone();
    for (name, figure) in tally.figures() {
        println!("{figure:>12}  {name}");
    }
    println!("{:>12}  faults, of these:", tally.fault_count());
    for fault in Fault::ALL {
        println!("{:>12}    {}", tally.of(*fault), fault.name());
    }
}

fn kept_file() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    target.join("simulate.json")
}

/// What an earlier run kept; nothing where it cannot be read.
fn read(file: &Path) -> Kept {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let Ok(value) = serde_json::from_str::<Value>(&text) else { return Kept::default() };
    let mut kept = Kept { next_seed: value["next_seed"].as_u64().unwrap_or(0), ..Kept::default() };
    kept.seconds = value["seconds"].as_f64().unwrap_or(0.0);
    for (name, figure) in kept.tally.figures() {
        *figure = value["figures"][name].as_u64().unwrap_or(0);
    }
    kept.tally.faults = Fault::ALL.iter().map(|fault| value["faults"][fault.name()].as_u64().unwrap_or(0)).collect();
    for (seed, what) in value["broken"].as_object().into_iter().flatten() {
        kept.broken.insert(seed.parse().unwrap_or(0), what.as_str().unwrap_or_default().to_owned());
    }
    kept
}

fn write(file: &Path, kept: &mut Kept) {
    let faults: BTreeMap<&str, u64> = Fault::ALL.iter().map(|fault| (fault.name(), kept.tally.of(*fault))).collect();
    let figures: BTreeMap<&str, u64> = kept.tally.figures().into_iter().map(|(name, figure)| (name, *figure)).collect();
    let value = json!({"next_seed": kept.next_seed, "seconds": kept.seconds, "figures": figures, "faults": faults,
                       "broken": kept.broken});
    // Through a second file, so that a run that is stopped here leaves a whole one.
    let new = file.with_extension("json.new");
    let written = std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))
        .and_then(|()| std::fs::write(&new, value.to_string()))
        .and_then(|()| std::fs::rename(&new, file));
    if let Err(error) = written {
        eprintln!("\rthe tally was not kept: {error}");
    }
}
