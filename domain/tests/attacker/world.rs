//! Random counties, made so that the hard cases are common: tiny groups, equal groups, one association, one form.

use std::collections::BTreeSet;

use domain::{
    AssociationId,
    codes::{self, ActivityForm, Municipality},
    protection::{Figures, SensitiveRow},
};

/// SplitMix64: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    pub fn percent(&mut self, percent: u64) -> bool {
        self.from(1, 100) <= percent
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.from(0, all.len() as u64 - 1) as usize]
    }
}

/// One wellbeing services county with the groups in it.
pub struct County {
    pub municipalities: Vec<Municipality>,
    groups: Vec<(Municipality, ActivityForm, AssociationId)>,
    pub agreed: BTreeSet<AssociationId>,
    style: Style,
    /// The rows counted in the quarter's release.
    pub rows: Vec<SensitiveRow>,
}

/// How large groups are here.
struct Style {
    gatherings_max: u64,
    heads_max: u64,
    volunteers_max: u64,
    quarter_hours_max: u64,
    /// Every group has the same figures: sums then stand at the ends of what is possible.
    equal: bool,
    silent_percent: u64,
}

impl County {
    pub fn random(random: &mut Random) -> County {
        let counties: Vec<_> = codes::County::all().collect();
        let all: Vec<_> = random.one_of(&counties).municipalities().collect();
        let active_percent = random.one_of(&[10, 30, 60, 100]);
        let forms: Vec<_> = ActivityForm::all().collect();
        let forms: Vec<_> = (0..random.one_of(&[1, 1, 2, 3, 5, 21])).map(|_| random.one_of(&forms)).collect();
        let agreed_percent = random.one_of(&[0, 50, 100]);
        let shared_percent = random.one_of(&[0, 30]);
        let groups_max = random.one_of(&[1, 2, 4]);
        let mut county = County {
            municipalities: all.clone(),
            groups: Vec::new(),
            agreed: BTreeSet::new(),
            style: Style::random(random),
            rows: Vec::new(),
        };
        for (index, municipality) in all.into_iter().enumerate() {
            if !random.percent(active_percent) {
                continue;
            }
            for number in 0..random.from(1, groups_max) {
                let own = [index as u8 + 1, number as u8];
                let association = if random.percent(shared_percent) { [0, number as u8] } else { own };
                let mut bytes = [0; 16];
                bytes[..2].copy_from_slice(&association);
                let association = AssociationId::from_bytes(bytes);
                if random.percent(agreed_percent) {
                    county.agreed.insert(association);
                }
                county.groups.push((municipality, random.one_of(&forms), association));
            }
        }
        county
    }

    pub fn record_quarter(&mut self, random: &mut Random) {
        let same = self.style.group(random);
        self.rows.clear();
        for (municipality, form, association) in self.groups.iter().copied() {
            if random.percent(self.style.silent_percent) {
                continue;
            }
            let figures = if self.style.equal { same } else { self.style.group(random) };
            self.rows.push(SensitiveRow { municipality, form, association, figures });
        }
    }
}

impl Style {
    fn random(random: &mut Random) -> Style {
        Style {
            gatherings_max: random.one_of(&[1, 3, 5, 13, 40]),
            heads_max: random.one_of(&[0, 1, 2, 4, 12]),
            volunteers_max: random.one_of(&[0, 1, 1, 2, 3]),
            quarter_hours_max: random.one_of(&[0, 4, 12, 96]),
            equal: random.percent(25),
            silent_percent: random.one_of(&[0, 10, 50]),
        }
    }

    fn group(&self, random: &mut Random) -> Figures {
        let gatherings = random.from(1, self.gatherings_max);
        let mut figures = Figures { gatherings, ..Figures::default() };
        // In some groups nobody comes, or nobody helps, for a whole quarter.
        let heads_max = if random.percent(10) { 0 } else { self.heads_max };
        let volunteers_max = if random.percent(10) { 0 } else { self.volunteers_max };
        for _ in 0..gatherings {
            figures.visits += random.from(0, heads_max);
            let volunteers = random.from(0, volunteers_max);
            figures.volunteers += volunteers;
            figures.quarter_hours += volunteers * random.from(0, self.quarter_hours_max);
        }
        figures
    }
}

/// The counts of a breakdown: mostly small cells, some empty, sometimes a large one.
pub fn breakdown_counts(random: &mut Random, cells: usize) -> Vec<u64> {
    let max = random.one_of(&[1, 2, 5, 10, 40, 400]);
    let empty_percent = random.one_of(&[0, 20, 70]);
    let mut counts: Vec<u64> =
        (0..cells).map(|_| if random.percent(empty_percent) { 0 } else { random.from(0, max) }).collect();
    if random.percent(30) {
        counts[random.from(0, cells as u64 - 1) as usize] = random.from(0, 2_000);
    }
    counts
}
