//! Associations of two neighbouring municipalities, so that the county has figures of its own.
//!
//! In Inkoo a single association does sensitive activity and has not agreed to be shown, so its municipality's figures
//! are protected. In Vihti a single association has agreed, and its figures are shown.

use domain::gathering::Partner;

use super::{
    DEMO_MUNICIPALITY,
    calendar::{FRI, MON, MONTHLY, Pause, SAT, THU, TUE, WED},
    profile::{Activity, Profile, every_second_week, months, weekly},
};

const INKOO: &str = "149";
const INKOO_POSTAL_CODE: &str = "10210";
const VIHTI: &str = "927";
const VIHTI_POSTAL_CODE: &str = "03400";

pub fn profiles() -> Vec<Profile> {
    vec![bay_community(), rock_village(), experience(), walkers()]
}

fn bay_community() -> Profile {
    let activities = vec![
        Activity::series("Kamratkretsen", "vertaistuki", every_second_week(TUE))
            .at(18, 0, 90)
            .people(6, 1, 1)
            .targets(&["sairaat"])
            .sensitive()
            .themes(&["mieli"]),
        Activity::series("Torsdagsträffen", "kerho", weekly(THU))
            .at(13, 0, 120)
            .people(21, 2, 3)
            .targets(&["ikaihmiset"])
            .themes(&["yhteisollisyys"])
            .funders(&["Kommunen"]),
        Activity::series("Öppet hus", "kohtaamispaikka", weekly(MON))
            .at(10, 0, 180)
            .people(20, 2, 3)
            .targets(&["kaikki"])
            .themes(&["yhteisollisyys"]),
    ];
    let place: &[&str] = &["Dimviks lillstuga"];
    let swedish = |activity: Activity| activity.place(place, INKOO_POSTAL_CODE).in_swedish();
    let activities = activities.into_iter().map(swedish).collect();
    Profile::new("Dimviks Gemenskap rf", INKOO, "Kansliet, kansliet@dimvik.example", activities).records_after(4)
}

fn rock_village() -> Profile {
    let activities = vec![
        Activity::series("Päiväpiiri", "paivatoiminta", weekly(WED))
            .at(10, 0, 240)
            .people(13, 1, 2)
            .targets(&["ikaihmiset"])
            .staff(1)
            .themes(&["yhteisollisyys"])
            .funders(&["Hyvinvointialue"]),
        Activity::series("Perjantaipuuro", "ruokaapu", weekly(FRI))
            .at(8, 30, 120)
            .people(26, 2, 4)
            .targets(&["kaikki"])
            .partner(Partner::Parish)
            .themes(&["ravitsemus"]),
        Activity::series("Äijäkahvit", "kerho", every_second_week(MON))
            .at(13, 0, 90)
            .people(14, 1, 2)
            .targets(&["miehet"])
            .themes(&["yhteisollisyys"])
            .breakdown(30),
        Activity::occasions("talkoot", months(SAT, 1, &[4, 5, 9])).at(10, 0, 240).people(16, 1, 2).targets(&["kaikki"]),
    ];
    let place: &[&str] = &["Rantakallion seuratupa"];
    let placed = |activity: Activity| activity.place(place, INKOO_POSTAL_CODE);
    let activities = activities.into_iter().map(placed).collect();
    Profile::new("Rantakallion Seuratupa ry", INKOO, "Sihteeri, sihteeri@seuratupa.example", activities)
        .records_after(12)
}

fn experience() -> Profile {
    let activities = vec![
        Activity::series("Levähdyspenkki", "omaishoito", every_second_week(THU))
            .at(13, 0, 120)
            .people(8, 1, 2)
            .targets(&["omaiset"])
            .themes(&["mieli"]),
        Activity::series("Tiistain vertaiset", "vertaistuki", every_second_week(TUE))
            .at(17, 0, 90)
            .people(7, 1, 2)
            .targets(&["sairaat"])
            .themes(&["mieli"]),
        Activity::series("Olohuone", "kohtaamispaikka", weekly(MON))
            .at(11, 0, 240)
            .people(26, 2, 4)
            .targets(&["kaikki"])
            .themes(&["yhteisollisyys"]),
        Activity::series("Torikahvila", "kerho", weekly(FRI))
            .at(9, 0, 150)
            .people(23, 2, 3)
            .targets(&["kaikki"])
            .themes(&["yhteisollisyys"]),
        Activity::occasions("kokemus", months(WED, 2, &[2, 4, 5, 9, 10, 11]))
            .at(12, 0, 90)
            .people(26, 1, 2)
            .targets(&["nuoret"])
            .partner(Partner::Municipality)
            .themes(&["mieli"]),
    ];
    let place: &[&str] = &["Hopeahillan olohuone"];
    let housed = |activity: Activity| activity.place(place, VIHTI_POSTAL_CODE).funders(&["STEA"]);
    let activities = activities.into_iter().map(housed).collect();
    Profile::new("Hopeahillan Kokemusväki ry", VIHTI, "Toiminnanjohtaja, posti@hopeahilla.example", activities)
        .agrees_to_be_shown_alone()
        .records_after(6)
}

/// Its walking group crosses the border: something held in the demo municipality by an association from elsewhere.
fn walkers() -> Profile {
    let activities = vec![
        Activity::series("Rajapolun kulkijat", "ulkoilu", every_second_week(SAT))
            .at(10, 0, 120)
            .people(16, 1, 2)
            .outdoors(&["Rajapolun lähtöpaikka"])
            .held_in(DEMO_MUNICIPALITY)
            .pause(Pause::None)
            .themes(&["luonto", "liikunta"]),
        Activity::series("Aamuvenytys", "liikuntaryhma", weekly(MON))
            .at(9, 0, 60)
            .people(18, 1, 2)
            .place(&["Mäntykummun koulu"], VIHTI_POSTAL_CODE)
            .in_municipal_premises()
            .themes(&["liikunta"]),
        Activity::series("Keskiviikkokävely", "ulkoilu", weekly(WED))
            .at(18, 0, 75)
            .people(15, 1, 2)
            .outdoors(&["Mäntykummun harju"])
            .pause(Pause::None)
            .themes(&["liikunta"]),
        Activity::occasions("retki", months(SAT, 4, MONTHLY))
            .at(9, 0, 360)
            .people(27, 2, 4)
            .outdoors(&["Nuuksio", "Tyvenlampi", "Mäntykummun harju"])
            .pause(Pause::None)
            .themes(&["luonto"])
            .with_fee(),
    ];
    let for_all = |activity: Activity| activity.targets(&["kaikki"]);
    let activities = activities.into_iter().map(for_all).collect();
    Profile::new("Mäntykummun Menijät ry", VIHTI, "Sihteeri, sihteeri@mantykumpu.example", activities)
}
