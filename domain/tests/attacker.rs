//! The attacker: the test of the protection rules (docs/PRIVACY.md, rules 1–7).
//!
//! It takes every published number, knows the rules, subtracts what can be subtracted, and looks for a count of 1 to 7
//! for which fewer than five values are possible. It is first shown to succeed against weaker protections: an attacker
//! that never finds anything would prove nothing. A year and a total give it nothing more, because they are functions
//! of published values only (`year_of` takes releases, not records).

mod attacker {
    pub mod attack;
    pub mod intervals;
    pub mod inversion;
    pub mod tables;
    pub mod weak;
    pub mod world;
}

use attacker::{
    attack::{Findings, attack_breakdown, attack_tables},
    inversion, tables,
    weak::{self, Rules},
    world::{self, Random},
};
use domain::{
    Quarter,
    protection::{breakdown, release},
};

/// Change it to look elsewhere; a failure prints it.
const SEED: u64 = 0x0048_7974_6576_6968;
const MUNICIPALITIES: u64 = 10_000;

/// Attacks county after county, four quarters each, until enough municipalities have been seen.
fn attack_municipalities(protect: impl Fn(Quarter, &world::County) -> tables::Tables) -> Findings {
    let mut random = Random::new(SEED);
    let mut findings = Findings::default();
    while findings.municipalities < MUNICIPALITIES {
        let mut county = world::County::random(&mut random);
        findings.municipalities += county.municipalities.len() as u64;
        for number in 1..=4 {
            let quarter = Quarter::new(2026, number).expect("quarter");
            county.record_quarter(&mut random);
            attack_tables(&protect(quarter, &county), &county.rows, &mut findings);
        }
    }
    findings
}

fn protected(quarter: Quarter, county: &world::County) -> tables::Tables {
    let release = release(quarter, &county.rows, |association| county.agreed.contains(&association));
    tables::Tables::of_release(&release)
}

fn attack_weak(what: &str, rules: Rules) -> Findings {
    let findings = attack_municipalities(|_, county| weak::protect(county, rules));
    println!("{what}, seed {SEED:#x}: {findings}");
    findings
}

#[test]
fn the_attacker_pins_no_hidden_small_count_in_ten_thousand_municipalities() {
    let findings = attack_municipalities(protected);
    println!("as protected, seed {SEED:#x}: {findings}");
    assert_eq!(findings.pinned, 0, "seed {SEED:#x}: {findings}");
    assert!(findings.small > MUNICIPALITIES, "too few small counts to prove anything: {findings}");
}

#[test]
fn the_attacker_succeeds_against_weaker_protections() {
    let written = attack_weak("the rules as first written", Rules::AS_WRITTEN);
    assert!(written.pinned_heads > 0, "they leave a leak, see docs/adr/0007-protection-of-small-counts.md");
    let rounded = attack_weak("small counts rounded only", Rules { hide_small: false, ..Rules::AS_WRITTEN });
    assert!(rounded.pinned_heads > written.pinned_heads);
    let open = attack_weak("no county rule", Rules { county_rule: false, ..Rules::AS_WRITTEN });
    assert!(open.pinned_heads > written.pinned_heads);
    let follow = attack_weak("hours hidden with volunteers", Rules { hide_hours: true, ..Rules::AS_WRITTEN });
    assert!(follow.pinned_heads < written.pinned_heads, "some volunteers were read from their hours");
}

#[test]
fn the_attacker_pins_no_cell_of_a_breakdown() {
    let mut random = Random::new(SEED);
    let mut findings = Findings::default();
    let mut weak = Findings::default();
    for _ in 0..MUNICIPALITIES {
        findings.municipalities += 1;
        weak.municipalities += 1;
        for cells in [9, 4, 2] {
            let counts = world::breakdown_counts(&mut random, cells);
            attack_breakdown(&breakdown(&counts).cells, &counts, &mut findings);
            attack_breakdown(&weak::breakdown_without_a_second_cell(&counts), &counts, &mut weak);
        }
    }
    println!("breakdowns, seed {SEED:#x}: {findings}");
    println!("breakdowns without a second cell: {weak}");
    assert_eq!(findings.pinned, 0, "seed {SEED:#x}: {findings}");
    assert!(weak.pinned > 0);
}

#[test]
fn an_attacker_who_knows_the_code_pins_no_cell_of_a_small_breakdown() {
    for (cells, total_max) in [(2, 60), (3, 50), (4, 34), (5, 24), (9, 15)] {
        let fewest = inversion::fewest_values_of_breakdowns(cells, total_max, |counts| breakdown(counts).cells);
        println!("{cells} cells, totals up to {total_max}: at least {fewest} possible values");
        assert!(fewest >= 5, "{cells} cells leave {fewest}");
    }
    assert!(inversion::fewest_values_of_breakdowns(3, 50, weak::breakdown_with_the_smallest_second_cell) < 5);
}

#[test]
fn an_attacker_who_knows_the_code_pins_no_municipality_of_a_small_county() {
    for case in inversion::SMALL_COUNTIES {
        let fewest = inversion::fewest_values_of_counties(case);
        println!("{case:?}: at least {fewest} possible values");
        assert!(fewest >= 5, "{case:?} leaves {fewest}");
    }
}
