//! A handful of seeds on every test run, and proof that a seed is a history.

#[test]
fn a_handful_of_seeds_hold() {
    for seed in 0..12 {
        let report = sim::run(seed);
        assert!(report.violations.is_empty(), "SIM_SEED={seed}: {:#?}", report.violations);
        assert!(report.orders > 0, "seed {seed} sold nothing");
    }
}

#[test]
fn the_same_seed_is_the_same_history() {
    for seed in [1, 7, 23] {
        let (one, two) = (sim::run(seed), sim::run(seed));
        assert_eq!(one.lines, two.lines, "seed {seed}");
        assert_eq!(one.hash, two.hash);
        assert_eq!(one.marks, two.marks);
    }
    assert_ne!(sim::run(1).hash, sim::run(2).hash);
}
