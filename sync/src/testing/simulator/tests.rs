use super::*;

#[test]
fn no_seed_loses_doubles_or_holds_back_a_gathering() {
    for seed in 0..20 {
        assert_eq!(run(seed, DAYS).broken, None, "seed {seed}");
    }
}
