//! Runs the simulator from the command line: `cargo xtask simulate [--seed N] [--seeds N] [--steps N]`.

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option =
        |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)?.parse::<u64>().ok());
    let steps = option("--steps").unwrap_or(1_000);
    let (first, count) = match option("--seed") {
        Some(seed) => (seed, 1),
        None => (0, option("--seeds").unwrap_or(1_000)),
    };
    let mut broken = 0;
    for seed in first..first + count {
        let run = sync::testing::simulator::run(seed, steps);
        if count == 1 {
            print!("{}", run.trace);
            println!("{:#?}", run.tally);
        }
        if let Some(what) = run.broken {
            broken += 1;
            println!("seed {seed}: {what}");
        }
    }
    println!("{count} seeds of {steps} steps, {broken} broke a promise");
    if broken > 0 {
        std::process::exit(1);
    }
}
