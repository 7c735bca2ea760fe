//! The associations of the demo municipality. They and their villages are invented.

use domain::gathering::{Mode, Partner};

use super::{
    DEMO_MUNICIPALITY,
    calendar::{FRI, MON, MONTHLY, Pause, SAT, SUN, THU, TUE, WED},
    profile::{Activity, Profile, every_second_week, months, weekly},
};

mod leisure;
mod support;

const POSTAL_CODE: &str = "02580";
const SEURANTALO: &[&str] = &["Pilvijoen seurantalo"];
const KYLATUPA: &[&str] = &["Kuutamoniemen kylätupa"];
const LIIKUNTASALI: &[&str] = &["Tuulikellon liikuntasali"];

/// The first is the association of the demo's volunteer and reviewer.
pub fn profiles() -> Vec<Profile> {
    vec![
        seniors(),
        village(),
        families(),
        sports(),
        support::peers(),
        support::carers(),
        leisure::culture(),
        support::digital(),
        leisure::swedish_village(),
        support::cafe(),
        support::languages(),
        leisure::youth(),
        leisure::anglers(),
        leisure::storytellers(),
    ]
}

fn profile(name: &'static str, contact: &'static str, activities: Vec<Activity>) -> Profile {
    Profile::new(name, DEMO_MUNICIPALITY, contact, activities)
}

fn seniors() -> Profile {
    let for_seniors = |activity: Activity| activity.targets(&["ikaihmiset"]);
    let activities = vec![
        Activity::series("Maanantaikerho", "kerho", weekly(MON))
            .at(13, 0, 120)
            .people(20, 2, 4)
            .place(SEURANTALO, POSTAL_CODE)
            .in_municipal_premises()
            .themes(&["yhteisollisyys"])
            .funders(&["STEA", "Kunta"]),
        Activity::series("Juttutupa – vertaistukiryhmä", "vertaistuki", every_second_week(WED))
            .at(14, 0, 90)
            .people(7, 1, 2)
            .place(&["Pilvijoen seurantalo, takkahuone"], POSTAL_CODE)
            .sensitive()
            .themes(&["mieli"])
            .funders(&["STEA"]),
        Activity::series("Kävelykaverit", "ulkoilu", weekly(THU))
            .at(10, 0, 60)
            .people(12, 1, 2)
            .outdoors(&["Pilvijoen rantapolku"])
            .pause(Pause::None)
            .themes(&["liikunta", "luonto"]),
        Activity::series("Yhteislauluhetki", "kulttuuri", months(FRI, 2, MONTHLY))
            .at(14, 0, 90)
            .people(30, 2, 3)
            .place(SEURANTALO, POSTAL_CODE)
            .themes(&["kulttuuri", "yhteisollisyys"])
            .breakdown(30),
        Activity::occasions("retki", months(TUE, 3, &[2, 3, 5, 6, 9, 10]))
            .at(9, 0, 420)
            .people(34, 3, 4)
            .outdoors(&["Haaveranta", "Kuutamoniemen luontopolku", "Lohja", "Hanko"])
            .with_fee()
            .themes(&["luonto", "yhteisollisyys"])
            .funders(&["Kunta"]),
        Activity::occasions("retki", months(WED, 4, &[8]))
            .at(8, 0, 2 * 24 * 60)
            .people(28, 3, 4)
            .outdoors(&["Turku", "Hämeenlinna"])
            .with_fee()
            .days(2),
        Activity::occasions("tapahtuma", months(SUN, 2, &[5, 12]))
            .at(14, 0, 180)
            .people(68, 4, 6)
            .place(SEURANTALO, POSTAL_CODE)
            .partner(Partner::Parish)
            .themes(&["yhteisollisyys"]),
        Activity::occasions("talkoot", months(SAT, 4, &[4, 9]))
            .at(10, 0, 240)
            .people(14, 1, 3)
            .place(SEURANTALO, POSTAL_CODE),
    ];
    let activities = activities.into_iter().map(for_seniors).collect();
    profile("Pilvijoen Aurinkokellot ry", "Sihteeri, sihteeri@aurinkokellot.example", activities).records_after(4)
}

fn village() -> Profile {
    let for_all = |activity: Activity| activity.targets(&["kaikki"]).place(KYLATUPA, POSTAL_CODE);
    let activities = vec![
        Activity::series("Kylätuvan avoimet ovet", "kohtaamispaikka", weekly(TUE))
            .at(10, 0, 240)
            .people(24, 2, 3)
            .themes(&["yhteisollisyys"])
            .funders(&["Kunta"])
            .breakdown(10),
        Activity::series("Kylätuvan kuntojumppa", "liikuntaryhma", weekly(MON))
            .at(18, 0, 60)
            .people(13, 1, 2)
            .themes(&["liikunta"]),
        Activity::occasions("talkoot", months(SAT, 2, MONTHLY)).at(10, 0, 180).people(12, 1, 2),
        Activity::occasions("tapahtuma", months(SAT, 3, &[2, 6, 8, 11])).at(12, 0, 240).people(60, 4, 8),
        Activity::occasions("luento", months(THU, 1, &[3, 9, 10]))
            .at(18, 0, 120)
            .people(22, 1, 2)
            .mode(Mode::Both)
            .themes(&["ohjaus"])
            .partner(Partner::County),
    ];
    let activities = activities.into_iter().map(for_all).collect();
    profile("Kuutamoniemen Tupaväki ry", "Puheenjohtaja, tupa@tupavaki.example", activities)
        .records_after(3)
        .says_no_activity()
}

fn families() -> Profile {
    let for_families = |activity: Activity| activity.targets(&["lapset"]).pause(Pause::Summer);
    let place: &[&str] = &["Haaverannan perhetalo"];
    let activities = vec![
        Activity::series("Perhekahvila Pikkupilvi", "lastenhoito", weekly(WED))
            .at(9, 30, 150)
            .people(23, 2, 3)
            .place(place, POSTAL_CODE)
            .in_municipal_premises()
            .themes(&["yhteisollisyys"])
            .funders(&["STEA", "Kunta"])
            .breakdown(45),
        Activity::series("Puuhapaja", "kerho", weekly(THU))
            .at(17, 30, 90)
            .people(15, 2, 3)
            .place(place, POSTAL_CODE)
            .themes(&["kulttuuri"])
            .breakdown(40),
        Activity::series("Värikylpy", "kulttuuri", weekly(SAT))
            .at(10, 0, 60)
            .people(11, 1, 2)
            .place(place, POSTAL_CODE)
            .with_fee()
            .themes(&["kulttuuri"]),
        Activity::occasions("leiri", months(FRI, 2, &[5, 10]))
            .at(16, 0, 2 * 24 * 60)
            .people(27, 4, 5)
            .outdoors(&["Haaverannan leirialue"])
            .with_fee()
            .days(3)
            .breakdown(80),
        Activity::occasions("tapahtuma", months(SUN, 3, &[2, 4, 9, 11]))
            .at(13, 0, 150)
            .people(58, 4, 6)
            .place(place, POSTAL_CODE),
    ];
    let activities = activities.into_iter().map(for_families).collect();
    profile("Haaverannan Pikkupilvet ry", "Toimisto, toimisto@pikkupilvet.example", activities)
        .records_after(1)
        .says_no_activity()
}

fn sports() -> Profile {
    let moving = |activity: Activity| activity.themes(&["liikunta"]);
    let activities = vec![
        Activity::series("Seniorikuntosali", "liikuntaryhma", weekly(MON))
            .at(9, 0, 90)
            .people(16, 1, 2)
            .place(LIIKUNTASALI, POSTAL_CODE)
            .in_municipal_premises()
            .targets(&["ikaihmiset"])
            .for_members()
            .with_fee(),
        Activity::series("Tuolijumppa", "liikuntaryhma", weekly(FRI))
            .at(11, 0, 60)
            .people(22, 1, 3)
            .place(LIIKUNTASALI, POSTAL_CODE)
            .in_municipal_premises()
            .targets(&["ikaihmiset"])
            .funders(&["Kunta"])
            .breakdown(35),
        Activity::series("Sauvakävely", "ulkoilu", weekly(TUE))
            .at(17, 30, 75)
            .people(14, 1, 2)
            .outdoors(&["Tuulikellon pururata"])
            .targets(&["kaikki"])
            .pause(Pause::None),
        Activity::occasions("tapahtuma", months(SAT, 2, &[3, 9]))
            .at(11, 0, 240)
            .people(75, 6, 9)
            .place(LIIKUNTASALI, POSTAL_CODE)
            .targets(&["kaikki"])
            .partner(Partner::Municipality),
    ];
    let activities = activities.into_iter().map(moving).collect();
    profile("Tuulikellon Liikkujat ry", "Jaostot, jaostot@tuulikello.example", activities).secretary_sets_up_series()
}
