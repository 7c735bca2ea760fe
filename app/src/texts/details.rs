//! The optional fields of a gathering, and what a group gives to its gatherings.

use domain::Lang;

super::texts! {
    residents => "Heistä kunnan asukkaita" | "Av dem kommunens invånare" | "Of them residents of the municipality";
    ages_and_genders => "Iät ja sukupuolet" | "Åldrar och kön" | "Ages and genders";
    ages => "Iät" | "Åldrar" | "Ages";
    years(band) => "{band} v" | "{band} år" | "{band} years";
    not_known => "Ei tiedossa" | "Okänt" | "Not known";
    genders => "Sukupuolet" | "Kön" | "Genders";
    women => "Naisia" | "Kvinnor" | "Women";
    men => "Miehiä" | "Män" | "Men";
    other_gender => "Muita" | "Andra" | "Other";
    rest_not_known(rest) => "Loput {rest}: ei tiedossa" | "Resten {rest}: okänt" | "The other {rest}: not known";
    sum_of(sum, all) => "Yhteensä {sum}, osallistujia {all}" | "Sammanlagt {sum}, deltagare {all}" | "Total {sum}, participants {all}";
    mode => "Missä kokoonnuttiin?" | "Var träffades ni?" | "Where did you meet?";
    on_site => "Paikan päällä" | "På plats" | "On site";
    remote => "Etänä" | "På distans" | "Remotely";
    both_ways => "Molempia" | "Bådadera" | "Both";
    digital_participants => "Heistä etänä" | "Av dem på distans" | "Of them remotely";
    staff => "Palkattuja työntekijöitä" | "Avlönad personal" | "Paid staff";
    staff_hours => "Heidän tuntejaan yhteensä" | "Deras timmar sammanlagt" | "Their hours in total";
    days => "Päiviä (retki tai leiri)" | "Dagar (utflykt eller läger)" | "Days (outing or camp)";
    nights => "Öitä" | "Nätter" | "Nights";
    partner => "Yhteistyökumppani" | "Samarbetspart" | "Partner";
    not_said => "Ei kerrota" | "Anges inte" | "Not said";
    partner_municipality => "Kunta" | "Kommunen" | "Municipality";
    partner_parish => "Seurakunta" | "Församlingen" | "Parish";
    partner_county => "Hyvinvointialue" | "Välfärdsområdet" | "Wellbeing services county";
    partner_association => "Toinen yhdistys" | "En annan förening" | "Another association";
    partner_company => "Yritys" | "Ett företag" | "Company";
    other => "Muu" | "Annan" | "Other";
}

/// An age band by its name on the wire.
pub fn age_band(lang: Lang, band: &str) -> String {
    match band {
        "75" => years(lang, "75+"),
        "unknown" => not_known(lang).to_owned(),
        band => years(lang, band.replace('_', "–")),
    }
}
