//! Leisure associations of the demo municipality: culture, a Swedish-speaking village, youth, and two small ones.

use domain::gathering::Partner;

use super::{
    super::{
        calendar::{FRI, MON, MONTHLY, Pause, SAT, SUN, THU, TUE, WED},
        profile::{Activity, Profile, every_second_week, months, weekly},
    },
    POSTAL_CODE, profile,
};

pub fn culture() -> Profile {
    let place: &[&str] = &["Pirttimyllyn kulttuuritalo"];
    let activities = vec![
        Activity::series("Pirtapiiri", "kulttuuri", weekly(TUE)).at(17, 0, 150).people(12, 1, 1).targets(&["kaikki"]),
        Activity::series("Myllykuoro", "kulttuuri", weekly(WED))
            .at(18, 30, 120)
            .people(23, 1, 2)
            .targets(&["kaikki"])
            .for_members()
            .with_fee(),
        Activity::series("Visgruppen i Månvik", "kulttuuri", every_second_week(MON))
            .at(18, 0, 90)
            .people(12, 1, 2)
            .targets(&["kaikki"])
            .in_swedish(),
        Activity::series("Tarinatuokio", "kerho", every_second_week(FRI))
            .at(13, 0, 90)
            .people(15, 1, 2)
            .targets(&["ikaihmiset"]),
        Activity::occasions("tapahtuma", months(SAT, 4, &[3, 5, 8, 10, 11]))
            .at(18, 0, 120)
            .people(55, 3, 6)
            .targets(&["kaikki"])
            .with_fee(),
    ];
    let housed = |activity: Activity| activity.place(place, POSTAL_CODE).themes(&["kulttuuri"]).funders(&["Kunta"]);
    let activities = activities.into_iter().map(housed).collect();
    profile("Pirttimyllyn Kulttuuriväki ry", "Sihteeri, mylly@pirttimylly.example", activities)
        .secretary_sets_up_series()
        .records_after(8)
        .says_no_activity()
}

pub fn swedish_village() -> Profile {
    let place: &[&str] = &["Månviks byastuga"];
    let activities = vec![
        Activity::series("Onsdagsklubben", "kerho", weekly(WED))
            .at(13, 0, 120)
            .people(19, 2, 3)
            .place(place, POSTAL_CODE)
            .targets(&["ikaihmiset"])
            .themes(&["yhteisollisyys"])
            .funders(&["Kommunen"]),
        Activity::series("Handarbetscaféet", "kulttuuri", every_second_week(THU))
            .at(17, 30, 120)
            .people(12, 1, 2)
            .place(place, POSTAL_CODE)
            .targets(&["kaikki"])
            .themes(&["kulttuuri"]),
        Activity::series("Byakaféet", "kohtaamispaikka", weekly(FRI))
            .at(10, 0, 180)
            .people(19, 2, 3)
            .place(place, POSTAL_CODE)
            .targets(&["kaikki"])
            .themes(&["yhteisollisyys"]),
        Activity::occasions("retki", months(TUE, 2, &[4, 6, 9]))
            .at(9, 0, 360)
            .people(30, 2, 4)
            .outdoors(&["Molnbäck", "Ekenäs", "Hangö"])
            .targets(&["ikaihmiset"])
            .with_fee(),
    ];
    let activities = activities.into_iter().map(Activity::in_swedish).collect();
    profile("Månviks Byavänner rf", "Sekreteraren, sekreteraren@manvik.example", activities).records_after(3)
}

pub fn youth() -> Profile {
    let for_the_young = |activity: Activity| activity.targets(&["nuoret"]).pause(Pause::Summer).breakdown(50);
    let activities = vec![
        Activity::series("Peli-ilta", "kerho", weekly(FRI))
            .at(18, 0, 180)
            .people(16, 2, 3)
            .place(&["Nuorisotila Satelliitti"], POSTAL_CODE)
            .in_municipal_premises()
            .themes(&["yhteisollisyys"])
            .funders(&["Kunta"]),
        Activity::series("Avoin sali", "liikuntaryhma", weekly(TUE))
            .at(18, 0, 90)
            .people(21, 2, 2)
            .place(&["Pilvijoen koulun sali"], POSTAL_CODE)
            .in_municipal_premises()
            .themes(&["liikunta"])
            .funders(&["Kunta"]),
        Activity::series("Metsäjengi", "ulkoilu", every_second_week(SUN))
            .at(13, 0, 150)
            .people(11, 2, 2)
            .outdoors(&["Kuutamoniemen laavu"])
            .themes(&["luonto"]),
        Activity::series("Läksypaja", "kerho", every_second_week(MON))
            .at(15, 0, 90)
            .people(10, 1, 2)
            .place(&["Nuorisotila Satelliitti"], POSTAL_CODE)
            .themes(&["toimeentulo"]),
        Activity::occasions("leiri", months(FRI, 3, &[3, 9]))
            .at(17, 0, 2 * 24 * 60)
            .people(24, 3, 4)
            .outdoors(&["Haaverannan leirialue"])
            .with_fee()
            .days(3)
            .partner(Partner::Parish),
    ];
    let activities = activities.into_iter().map(for_the_young).collect();
    profile("Satelliitin Nuoret ry", "Toimisto, toimisto@satelliitti.example", activities).records_after(2)
}

/// Very little, and told on paper weeks later.
pub fn anglers() -> Profile {
    let activities = vec![
        Activity::occasions("retki", months(SAT, 1, &[2, 6, 9]))
            .at(8, 0, 300)
            .people(9, 1, 2)
            .outdoors(&["Tyvenlampi"])
            .targets(&["kaikki"])
            .themes(&["luonto"]),
        Activity::occasions("talkoot", months(SAT, 3, &[5, 10]))
            .at(9, 0, 240)
            .people(8, 1, 1)
            .outdoors(&["Tyvenlampi"]),
    ];
    profile("Tyvenlammen Ongenkohot ry", "Puheenjohtaja, koho@tyvenlampi.example", activities).records_after(40)
}

/// Meets once a month, and says so of the months when it does not.
pub fn storytellers() -> Profile {
    let activities = vec![
        Activity::series("Tarinailta", "kulttuuri", months(THU, 3, MONTHLY))
            .at(18, 0, 120)
            .people(8, 1, 1)
            .place(&["Ullakkohuone"], POSTAL_CODE)
            .targets(&["kaikki"])
            .pause(Pause::Summer)
            .themes(&["kulttuuri"]),
    ];
    profile("Ullakon Tarinankertojat ry", "Kokoonkutsuja, tarinat@ullakko.example", activities).says_no_activity()
}
