//! The association's groups.

use domain::{FieldError, Lang, Problem, gathering::GatheringLanguage};

use super::{problems, volunteer as t};

super::texts! {
    change_groups => "Lisää ryhmä tai muuta ryhmiä" | "Lägg till eller ändra grupper" | "Add or change groups";
    change_this_group => "Muuta ryhmän tietoja" | "Ändra gruppens uppgifter" | "Change the group’s details";
    goes_on => "Jatkat keskeneräistä muutosta." | "Du fortsätter på en ofärdig ändring." | "You are going on with an unfinished change.";
    new_group => "Uusi ryhmä" | "Ny grupp" | "New group";
    secretary_sets_up => "Ryhmät perustaa yhdistyksesi sihteeri. Pyydä häntä lisäämään ryhmä." | "Föreningens sekreterare lägger upp grupperna. Be sekreteraren lägga till en grupp." | "Your association’s secretary sets up the groups. Ask for a group to be added.";
    name => "Ryhmän nimi" | "Gruppens namn" | "Name of the group";
    form => "Mitä ryhmä tekee?" | "Vad gör gruppen?" | "What does the group do?";
    weekday => "Tavallinen päivä" | "Vanlig dag" | "Usual day";
    no_weekday => "Vaihtelee" | "Varierar" | "Varies";
    start => "Alkaa kello" | "Börjar klockan" | "Begins at";
    duration => "Kesto tunteina" | "Längd i timmar" | "Length in hours";
    target_groups => "Kenelle" | "För vem" | "For whom";
    themes => "Teemat" | "Teman" | "Themes";
    free => "Maksuton osallistujille?" | "Avgiftsfri för deltagarna?" | "Free for the participants?";
    open => "Avoin kaikille?" | "Öppen för alla?" | "Open to all?";
    municipal_premises => "Kunnan maksuttomissa tiloissa?" | "I kommunens avgiftsfria lokaler?" | "In the municipality’s free premises?";
    yes => "Kyllä" | "Ja" | "Yes";
    no => "Ei" | "Nej" | "No";
    language => "Ryhmän kieli" | "Gruppens språk" | "Language of the group";
    finnish => "suomi" | "finska" | "Finnish";
    swedish => "ruotsi" | "svenska" | "Swedish";
    sami => "saame" | "samiska" | "Sámi";
    english => "englanti" | "engelska" | "English";
    other_language => "muu" | "annat" | "other";
    funders => "Rahoittajat" | "Finansiärer" | "Funders";
    funder => "Rahoittaja" | "Finansiär" | "Funder";
    grant_year => "Avustusvuosi" | "Bidragsår" | "Year of the grant";
    add_funder => "Lisää rahoittaja" | "Lägg till en finansiär" | "Add a funder";
    sensitive => "Osallistuminen kertoo terveydestä tai elämäntilanteesta" | "Deltagandet säger något om hälsa eller livssituation" | "Taking part says something about health or life situation";
    sensitive_help => "Silloin kunta näkee luvut vain suojattuina neljännesvuosittain." | "Då ser kommunen talen bara skyddade och kvartalsvis." | "The municipality then sees the figures protected, and by quarter only.";
    past_stays => "Muutokset koskevat tulevia kertoja. Jo kirjatut pysyvät ennallaan." | "Ändringarna gäller kommande gånger. Det som redan antecknats ändras inte." | "Changes are for gatherings to come. What has been recorded stays as it is.";
    end => "Lopeta ryhmä" | "Avsluta gruppen" | "End the group";
    take_up => "Ota takaisin käyttöön" | "Ta i bruk igen" | "Take up again";
    ended(count) => "Lopetetut ({count})" | "Avslutade ({count})" | "Ended ({count})";
    was_ended(name) => "Lopetettu: {name}. Kirjatut kerrat säilyvät." | "Avslutad: {name}. Antecknade gånger finns kvar." | "Ended: {name}. Recorded gatherings stay.";
    was_taken_up(name) => "Taas käytössä: {name}" | "I bruk igen: {name}" | "In use again: {name}";
    missing_title => "Kirjaamatta?" | "Inte antecknat?" | "Not recorded?";
    missing_help => "Näiltä viikoilta ei ole kirjausta. Jos ryhmä kokoontui, kirjaa kerta. Jos ei, kerro sekin." | "För de här veckorna finns ingen anteckning. Om gruppen träffades, anteckna gången. Om inte, berätta det." | "There is no record for these weeks. If the group met, record it. If not, say so.";
    record => "Kirjaa" | "Anteckna" | "Record";
    not_held => "Ei pidetty" | "Blev inte av" | "Not held";
    was_not_held(name, date) => "Merkitty, ettei pidetty: {name} {date}" | "Antecknat att den inte blev av: {name} {date}" | "Marked as not held: {name} {date}";
    show_all(count) => "Näytä kaikki {count}" | "Visa alla {count}" | "Show all {count}";
}

pub const fn language_name(lang: Lang, language: GatheringLanguage) -> &'static str {
    match language {
        GatheringLanguage::Fi => finnish(lang),
        GatheringLanguage::Sv => swedish(lang),
        GatheringLanguage::Se => sami(lang),
        GatheringLanguage::En => english(lang),
        GatheringLanguage::Other => other_language(lang),
    }
}

/// Field and problem as one line of the group's form.
pub fn line(lang: Lang, error: FieldError) -> String {
    let field = match error.field {
        "name" => name(lang),
        "form" => form(lang),
        "start" => start(lang),
        "duration" => duration(lang),
        "place" => t::place(lang),
        "funders" => funders(lang),
        other => problems::field(lang, other),
    };
    let problem = match error {
        FieldError { field: "duration", problem: Problem::TooLarge { max } } => problems::too_large(lang, max / 60),
        error => problems::what(lang, error),
    };
    format!("{}: {problem}", field.trim_end_matches('?'))
}
