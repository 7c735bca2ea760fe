fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option =
        |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)?.parse::<u64>().ok());
    if let Some(seed) = option("--seed") {
        let run = sync::testing::simulator::run_traced(seed, 60);
        print!("{}", run.trace);
        println!("{:?}", run.broken);
        return;
    }
    let seeds = option("--seeds").unwrap_or(100);
    let start = std::time::Instant::now();
    let mut total = sync::testing::simulator::Tally::default();
    let mut broken = 0;
    for seed in 0..seeds {
        let run = sync::testing::simulator::run(seed, 60);
        total += &run.tally;
        if let Some(what) = run.broken {
            broken += 1;
            println!("seed {seed}: {what}");
        }
    }
    println!("{total:?} {} broken, {} years, {:?}", broken, total.device_years(), start.elapsed());
}
