//! The volunteer's own year, and how many different people came.

super::texts! {
    my_year => "Oma vuoteni" | "Mitt år" | "My year";
    nothing => "Tältä vuodelta ei ole omia kirjauksia." | "Det finns inga egna anteckningar för året." | "There are no records of yours for this year.";
    picture => "Kaksitoista puuta, yksi kuukautta kohti. Mitä isompi latvus, sitä enemmän osallistumiskertoja." | "Tolv träd, ett för varje månad. Ju större krona, desto fler deltaganden." | "Twelve trees, one for each month. The larger the crown, the more visits.";
    met => "Kohtaamisia" | "Besök" | "People met";
    of_what => "Luvut ovat niiltä kerroilta, jotka sinä olet kirjannut. Vertaistuki ja muu arkaluonteinen ei ole mukana. Kiitos!" | "Talen gäller de gånger som du har antecknat. Kamratstöd och annat känsligt är inte med. Tack!" | "The figures are of the gatherings that you have recorded, without peer support and anything else that is sensitive. Thank you!";
    share => "Jaa" | "Dela" | "Share";
    share_year => "Jaa vuoteni" | "Dela mitt år" | "Share my year";
    by_month => "Kuukausittain" | "Per månad" | "By month";
    figures(gatherings, visits, hours) => "Kertoja {gatherings}, kohtaamisia {visits}, vapaaehtoistunteja {hours}" | "Gånger {gatherings}, besök {visits}, frivilligtimmar {hours}" | "Gatherings {gatherings}, people met {visits}, volunteer hours {hours}";
    told(when, gatherings, visits, hours) => "{when}: kertoja {gatherings}, kohtaamisia {visits}, vapaaehtoistunteja {hours}." | "{when}: gånger {gatherings}, besök {visits}, frivilligtimmar {hours}." | "{when}: gatherings {gatherings}, people met {visits}, volunteer hours {hours}.";
    year_ends(year) => "Vuosi {year}: montako eri ihmistä ryhmissäsi kävi?" | "Året {year}: hur många olika personer kom till dina grupper?" | "The year {year}: how many different people came to your groups?";
    people_title(year) => "Montako eri ihmistä kävi vuonna {year}?" | "Hur många olika personer kom år {year}?" | "How many different people came in {year}?";
    people_help => "Sama ihminen lasketaan vain kerran, vaikka hän olisi käynyt usein. Rahoittajat kysyvät tätä. Arvio riittää." | "Samma person räknas bara en gång, även om hen har kommit ofta. Finansiärerna frågar efter det här. En uppskattning räcker." | "One person is counted once, however often they came. Funders ask for this. An estimate will do.";
    people_of(name) => "Eri ihmisiä: {name}" | "Olika personer: {name}" | "Different people: {name}";
    people_of_year(name, year) => "Eri ihmisiä {year}: {name}" | "Olika personer {year}: {name}" | "Different people {year}: {name}";
    people => "Eri ihmisiä" | "Olika personer" | "Different people";
    people_needed => "Kirjoita luku. Arvio riittää." | "Skriv ett tal. En uppskattning räcker." | "Write a number. An estimate will do.";
    people_too_few(least) => "Yhdellä kerralla oli {least} osallistujaa. Onko luku oikein?" | "En gång kom {least} deltagare. Stämmer talet?" | "One gathering had {least} participants. Is the number right?";
    people_too_many(most) => "Käyntejä oli yhteensä {most}. Onko luku oikein?" | "Besöken var sammanlagt {most}. Stämmer talet?" | "There were {most} visits in all. Is the number right?";
    people_saved(name, count) => "Tallessa: {name}, {count} eri ihmistä" | "Sparat: {name}, {count} olika personer" | "Saved: {name}, {count} different people";
    people_answered(count, basis) => "{count} eri ihmistä ({basis})" | "{count} olika personer ({basis})" | "{count} different people ({basis})";
    change_answer => "Muuta" | "Ändra" | "Change";
}
