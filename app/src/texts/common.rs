//! Words that several screens share.

super::texts! {
    product => "Hytevihko" | "Hytevihko" | "Hytevihko";
    tagline => "Yhdistysten toiminta näkyväksi" | "Gör föreningarnas verksamhet synlig" | "Making associations’ work visible";
    skip_to_content => "Siirry sisältöön" | "Gå till innehållet" | "Skip to content";
    language => "Kieli" | "Språk" | "Language";
    month_1 => "tammikuu" | "januari" | "January";
    month_2 => "helmikuu" | "februari" | "February";
    month_3 => "maaliskuu" | "mars" | "March";
    month_4 => "huhtikuu" | "april" | "April";
    month_5 => "toukokuu" | "maj" | "May";
    month_6 => "kesäkuu" | "juni" | "June";
    month_7 => "heinäkuu" | "juli" | "July";
    month_8 => "elokuu" | "augusti" | "August";
    month_9 => "syyskuu" | "september" | "September";
    month_10 => "lokakuu" | "oktober" | "October";
    month_11 => "marraskuu" | "november" | "November";
    month_12 => "joulukuu" | "december" | "December";
    month_short_1 => "tammi" | "jan" | "Jan";
    month_short_2 => "helmi" | "feb" | "Feb";
    month_short_3 => "maalis" | "mars" | "Mar";
    month_short_4 => "huhti" | "apr" | "Apr";
    month_short_5 => "touko" | "maj" | "May";
    month_short_6 => "kesä" | "juni" | "Jun";
    month_short_7 => "heinä" | "juli" | "Jul";
    month_short_8 => "elo" | "aug" | "Aug";
    month_short_9 => "syys" | "sep" | "Sep";
    month_short_10 => "loka" | "okt" | "Oct";
    month_short_11 => "marras" | "nov" | "Nov";
    month_short_12 => "joulu" | "dec" | "Dec";
    weekday_0 => "maanantai" | "måndag" | "Monday";
    weekday_1 => "tiistai" | "tisdag" | "Tuesday";
    weekday_2 => "keskiviikko" | "onsdag" | "Wednesday";
    weekday_3 => "torstai" | "torsdag" | "Thursday";
    weekday_4 => "perjantai" | "fredag" | "Friday";
    weekday_5 => "lauantai" | "lördag" | "Saturday";
    weekday_6 => "sunnuntai" | "söndag" | "Sunday";
    weekday_short_0 => "ma" | "må" | "Mon";
    weekday_short_1 => "ti" | "ti" | "Tue";
    weekday_short_2 => "ke" | "on" | "Wed";
    weekday_short_3 => "to" | "to" | "Thu";
    weekday_short_4 => "pe" | "fr" | "Fri";
    weekday_short_5 => "la" | "lö" | "Sat";
    weekday_short_6 => "su" | "sö" | "Sun";
    gatherings => "Kerrat" | "Gånger" | "Gatherings";
    visits => "Osallistumiskerrat" | "Besök" | "Visits";
    average => "Keskimäärin" | "I snitt" | "Average";
    volunteers => "Vapaaehtoiset" | "Frivilliga" | "Volunteers";
    volunteer_hours => "Vapaaehtoistunnit" | "Frivilligtimmar" | "Volunteer hours";
    together => "Yhteensä" | "Totalt" | "Total";
    month => "Kuukausi" | "Månad" | "Month";
    activity_form => "Toimintamuoto" | "Verksamhetsform" | "Activity form";
    download_csv => "Lataa taulukkona (CSV)" | "Ladda ner som tabell (CSV)" | "Download as a table (CSV)";
    print => "Tulosta" | "Skriv ut" | "Print";
    sign_out => "Kirjaudu ulos" | "Logga ut" | "Sign out";
    front_lead => "Vapaaehtoinen kirjaa kerhon, retken tai vertaistukiryhmän puhelimellaan, myös ilman verkkoa. Yhdistys hyväksyy luvut. Kunta näkee suojatut yhteismäärät." | "Den frivilliga antecknar klubben, utflykten eller kamratstödsgruppen i sin telefon, också utan nät. Föreningen godkänner siffrorna. Kommunen ser skyddade summor." | "A volunteer records a club, an outing or a peer support group on their phone, also without a connection. The association approves the figures. The municipality sees protected totals.";
    demo_title => "Kokeile" | "Prova" | "Try it";
    demo_lead => "Esittelyssä on keksittyjä yhdistyksiä oikeassa kunnassa. Voit kirjata, hyväksyä ja katsoa mitä vain." | "I demon finns påhittade föreningar i en verklig kommun. Du kan anteckna, godkänna och titta på vad du vill." | "The demo has invented associations in a real municipality. You can record, approve and look at anything.";
    demo_volunteer => "Olen vapaaehtoinen" | "Jag är frivillig" | "I am a volunteer";
    demo_volunteer_hint => "Kirjaa kerta puhelimella" | "Anteckna en gång i telefonen" | "Record a gathering on the phone";
    demo_reviewer => "Olen yhdistyksen sihteeri" | "Jag är föreningens sekreterare" | "I am the association’s secretary";
    demo_reviewer_hint => "Tarkista ja hyväksy kerrat, katso vuoden luvut" | "Granska och godkänn gånger, se årets siffror" | "Check and approve gatherings, see the year’s figures";
    demo_coordinator => "Olen kunnan hyte-koordinaattori" | "Jag är kommunens hyte-koordinator" | "I am the municipality’s hyte coordinator";
    demo_coordinator_hint => "Katso, mitä kunnassa tapahtuu" | "Se vad som händer i kommunen" | "See what happens in the municipality";
    no_demo_lead => "Tällä koneella ei ole esittelytietoja. Pyydä kutsu yhdistykseltäsi." | "På den här maskinen finns inga demodata. Be din förening om en inbjudan." | "This machine has no demo data. Ask your association for an invitation.";
    open_app => "Avaa vihko" | "Öppna häftet" | "Open the notebook";
    open_counts => "Kunnan luvut" | "Kommunens siffror" | "The municipality’s figures";
    promise_offline => "Toimii ilman verkkoa" | "Fungerar utan nät" | "Works without a connection";
    promise_heads => "Päitä, ei nimiä" | "Antal, inte namn" | "Heads, not names";
    promise_protected => "Pienet luvut suojataan" | "Små tal skyddas" | "Small counts are protected";
    not_found => "Tätä sivua ei ole" | "Den här sidan finns inte" | "There is no such page";
    not_found_help => "Tarkista osoite tai palaa alkuun." | "Kontrollera adressen eller gå tillbaka till början." | "Check the address or go back to the start.";
    not_allowed => "Tämä kirjautuminen ei näe tätä sivua" | "Den här inloggningen ser inte sidan" | "This sign-in cannot see this page";
    not_allowed_help => "Kirjaudu kunnan koordinaattorina nähdäksesi kunnan luvut." | "Logga in som kommunens koordinator för att se kommunens siffror." | "Sign in as the municipality’s coordinator to see its figures.";
    try_again => "Tietokanta ei vastannut. Yritä hetken päästä uudelleen." | "Databasen svarade inte. Försök igen om en stund." | "The database did not answer. Try again in a moment.";
    back_to_start => "Takaisin alkuun" | "Tillbaka till början" | "Back to the start";
    loading => "Avataan vihkoa…" | "Öppnar häftet…" | "Opening the notebook…";
    could_not_start => "Vihko ei auennut. Tallennetut kerrat ovat tallessa tässä puhelimessa. Sulje välilehti ja avaa se uudelleen." | "Häftet öppnades inte. Sparade gånger finns kvar i den här telefonen. Stäng fliken och öppna den igen." | "The notebook did not open. Saved gatherings are safe on this phone. Close the tab and open it again.";
    part_is_missing => "Tämä sivu ei ole vielä puhelimessa. Se haetaan, kun verkko löytyy. Tallennetut kerrat ovat tallessa." | "Den här sidan finns inte ännu i telefonen. Den hämtas när det finns nät. Sparade gånger är i behåll." | "This page is not on the phone yet. It is fetched when there is a network. Saved gatherings are safe.";
    fetch_again => "Hae uudelleen" | "Hämta på nytt" | "Fetch again";
    needs_javascript => "Vihko tarvitsee JavaScriptin. Kunnan luvut näkyvät ilman sitä." | "Häftet behöver JavaScript. Kommunens siffror syns utan det." | "The notebook needs JavaScript. The municipality’s figures show without it.";
}

use domain::{Lang, Month};

/// The month's name, in the form that stands alone.
pub const fn month_name(lang: Lang, month: Month) -> &'static str {
    match month.number() {
        1 => month_1(lang),
        2 => month_2(lang),
        3 => month_3(lang),
        4 => month_4(lang),
        5 => month_5(lang),
        6 => month_6(lang),
        7 => month_7(lang),
        8 => month_8(lang),
        9 => month_9(lang),
        10 => month_10(lang),
        11 => month_11(lang),
        _ => month_12(lang),
    }
}

/// The month's name in a table's head.
pub const fn month_short(lang: Lang, month: Month) -> &'static str {
    match month.number() {
        1 => month_short_1(lang),
        2 => month_short_2(lang),
        3 => month_short_3(lang),
        4 => month_short_4(lang),
        5 => month_short_5(lang),
        6 => month_short_6(lang),
        7 => month_short_7(lang),
        8 => month_short_8(lang),
        9 => month_short_9(lang),
        10 => month_short_10(lang),
        11 => month_short_11(lang),
        _ => month_short_12(lang),
    }
}

/// The weekday's name; 0 is Monday.
pub const fn weekday_name(lang: Lang, weekday: u8) -> &'static str {
    match weekday {
        0 => weekday_0(lang),
        1 => weekday_1(lang),
        2 => weekday_2(lang),
        3 => weekday_3(lang),
        4 => weekday_4(lang),
        5 => weekday_5(lang),
        _ => weekday_6(lang),
    }
}

/// The weekday's abbreviation; 0 is Monday.
pub const fn weekday_short(lang: Lang, weekday: u8) -> &'static str {
    match weekday {
        0 => weekday_short_0(lang),
        1 => weekday_short_1(lang),
        2 => weekday_short_2(lang),
        3 => weekday_short_3(lang),
        4 => weekday_short_4(lang),
        5 => weekday_short_5(lang),
        _ => weekday_short_6(lang),
    }
}
