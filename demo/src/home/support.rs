//! Associations of the demo municipality that support people: peers, carers, advice, food and language.

use domain::gathering::{Mode, Partner};

use super::{
    super::{
        calendar::{FRI, MON, MONTHLY, Pause, SAT, SUN, THU, TUE, WED},
        profile::{Activity, Profile, every_second_week, months, weekly},
    },
    POSTAL_CODE, profile,
};

/// All that it does is sensitive, and it is small: its own figures are never seen outside.
pub fn peers() -> Profile {
    let place: &[&str] = &["Kellarikammari"];
    let activities = vec![
        Activity::series("Torstairyhmä", "vertaistuki", every_second_week(THU))
            .at(18, 0, 120)
            .people(6, 1, 1)
            .targets(&["mielenterveys"]),
        Activity::series("Selvä sunnuntai", "kerho", months(SUN, 1, MONTHLY))
            .at(15, 0, 120)
            .people(5, 1, 1)
            .targets(&["paihde"]),
    ];
    let sheltered = |activity: Activity| {
        activity.place(place, POSTAL_CODE).sensitive().themes(&["mieli"]).funders(&["STEA"]).pause(Pause::UntilOctober)
    };
    let activities = activities.into_iter().map(sheltered).collect();
    profile("Kipinäkehän Vertaiset ry", "Vastuuhenkilö, posti@kipinakeha.example", activities).records_after(9)
}

pub fn carers() -> Profile {
    let place: &[&str] = &["Kotilyhdyn kerhohuone"];
    let activities = vec![
        Activity::series("Hoivaajien hengähdys", "omaishoito", every_second_week(TUE))
            .at(13, 0, 120)
            .people(8, 1, 2)
            .place(place, POSTAL_CODE)
            .targets(&["omaiset"])
            .pause(Pause::UntilOctober)
            .themes(&["mieli", "ohjaus"])
            .funders(&["STEA", "Hyvinvointialue"]),
        Activity::series("Juttukaverit", "ystava", weekly(MON))
            .at(10, 0, 180)
            .people(9, 3, 4)
            .targets(&["ikaihmiset"])
            .mode(Mode::Remote)
            .themes(&["yhteisollisyys"])
            .funders(&["STEA"]),
        Activity::series("Yhteinen lounas", "ruokaapu", weekly(WED))
            .at(11, 0, 120)
            .people(28, 3, 4)
            .place(place, POSTAL_CODE)
            .targets(&["kaikki"])
            .partner(Partner::Parish)
            .themes(&["ravitsemus", "yhteisollisyys"])
            .funders(&["Kunta"]),
    ];
    profile("Kotilyhdyn Väki ry", "Toiminnanohjaaja, ohjaaja@kotilyhty.example", activities).records_after(6)
}

pub fn digital() -> Profile {
    let place: &[&str] = &["Pilvijoen kirjasto", "Kuutamoniemen kylätupa"];
    let for_all = |activity: Activity| {
        activity.place(place, POSTAL_CODE).in_municipal_premises().targets(&["kaikki"]).themes(&["toimeentulo"])
    };
    let activities = vec![
        Activity::series("Digiapu kirjastossa", "digituki", weekly(MON))
            .at(14, 0, 120)
            .people(11, 2, 3)
            .funders(&["Kunta"])
            .partner(Partner::Municipality),
        Activity::series("Nettikahvila", "kerho", weekly(THU)).at(13, 0, 120).people(22, 2, 3),
        Activity::series("Älypuhelin haltuun -kurssi", "koulutus", every_second_week(TUE))
            .at(17, 0, 90)
            .people(14, 1, 2)
            .pause(Pause::Summer)
            .with_fee(),
        Activity::occasions("luento", months(WED, 2, &[1, 3, 5, 9, 11]))
            .at(18, 0, 90)
            .people(34, 1, 2)
            .mode(Mode::Both)
            .partner(Partner::Company),
    ];
    let activities = activities.into_iter().map(for_all).collect();
    profile("Bittivakan Digineuvojat ry", "Sihteeri, sihteeri@bittivakka.example", activities).says_no_activity()
}

pub fn cafe() -> Profile {
    let activities = vec![
        Activity::series("Kantapöytä", "kohtaamispaikka", weekly(TUE))
            .at(9, 0, 300)
            .people(26, 2, 4)
            .targets(&["kaikki", "tyottomat"])
            .themes(&["yhteisollisyys"]),
        Activity::series("Ruokakassit", "ruokaapu", weekly(FRI))
            .at(12, 0, 120)
            .people(25, 3, 4)
            .targets(&["kaikki"])
            .partner(Partner::Company)
            .themes(&["ravitsemus", "toimeentulo"]),
        Activity::series("Paperit kuntoon", "neuvonta", weekly(WED))
            .at(10, 0, 180)
            .people(6, 1, 2)
            .targets(&["tyottomat"])
            .themes(&["ohjaus", "toimeentulo"]),
        Activity::series("Korjauspaja", "muu", every_second_week(THU))
            .at(12, 0, 180)
            .people(10, 1, 2)
            .targets(&["kaikki"])
            .themes(&["toimeentulo"]),
    ];
    let place: &[&str] = &["Kantapöydän kahvila"];
    let funded = |activity: Activity| activity.place(place, POSTAL_CODE).funders(&["STEA", "Kunta"]);
    let activities = activities.into_iter().map(funded).collect();
    profile("Kantapöydän Kulma ry", "Vastaava, kulma@kantapoyta.example", activities)
}

pub fn languages() -> Profile {
    let place: &[&str] = &["Pilvijoen koulun ruokala"];
    let activities = vec![
        Activity::series("Suomea yhdessä", "koulutus", weekly(TUE))
            .at(17, 30, 90)
            .people(13, 2, 3)
            .targets(&["maahanmuuttajat"])
            .pause(Pause::UntilOctober)
            .themes(&["toimeentulo"])
            .funders(&["Kunta"]),
        Activity::series("Kielikahvila", "kerho", weekly(THU))
            .at(17, 0, 120)
            .people(20, 2, 3)
            .targets(&["kaikki"])
            .themes(&["yhteisollisyys"]),
        Activity::series("Naisten iltapäivä", "kerho", weekly(WED))
            .at(14, 0, 120)
            .people(14, 1, 3)
            .targets(&["naiset"])
            .themes(&["yhteisollisyys", "kulttuuri"]),
        Activity::occasions("tapahtuma", months(SAT, 1, &[3, 5, 9, 10]))
            .at(12, 0, 240)
            .people(66, 4, 8)
            .targets(&["kaikki"])
            .themes(&["kulttuuri", "ravitsemus"])
            .partner(Partner::Association),
    ];
    let hosted = |activity: Activity| activity.place(place, POSTAL_CODE).in_municipal_premises();
    let activities = activities.into_iter().map(hosted).collect();
    profile("Yhteinen Pöytäliina ry", "Koordinaattori, hei@poytaliina.example", activities).records_after(5)
}
