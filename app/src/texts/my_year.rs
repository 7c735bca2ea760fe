//! The volunteer's own year, and how many different people came.

super::texts! {
    my_year => "Oma vuoteni" | "Mitt år" | "My year";
    nothing => "Tältä vuodelta ei ole omia kirjauksia." | "Det finns inga egna anteckningar för året." | "There are no records of yours for this year.";
    picture => "Kaksitoista puuta, yksi kuukautta kohti. Mitä isompi latvus, sitä enemmän osallistumiskertoja." | "Tolv träd, ett för varje månad. Ju större krona, desto fler deltaganden." | "Twelve trees, one for each month. The larger the crown, the more visits.";
    met => "Kohtaamisia" | "Möten med människor" | "People met";
    of_what => "Luvut ovat niiltä kerroilta, jotka sinä olet kirjannut. Kiitos!" | "Talen gäller de gånger som du har antecknat. Tack!" | "The figures are of the gatherings that you have recorded. Thank you!";
    share => "Jaa" | "Dela" | "Share";
    share_year => "Jaa vuoteni" | "Dela mitt år" | "Share my year";
    by_month => "Kuukausittain" | "Per månad" | "By month";
    figures(gatherings, visits, hours) => "{gatherings} kertaa, {visits} kohtaamista, {hours} vapaaehtoistuntia" | "{gatherings} gånger, {visits} möten, {hours} frivilligtimmar" | "{gatherings} gatherings, {visits} people met, {hours} volunteer hours";
    told(when, gatherings, visits, hours) => "{when}: {gatherings} kertaa, {visits} kohtaamista ja {hours} tuntia vapaaehtoistyötä." | "{when}: {gatherings} gånger, {visits} möten och {hours} timmar frivilligarbete." | "{when}: {gatherings} gatherings, {visits} people met and {hours} hours of volunteering.";
    year_ends(year) => "Vuosi {year} täyttyy. Montako eri ihmistä ryhmissäsi kävi?" | "Året {year} tar slut. Hur många olika personer kom till dina grupper?" | "The year {year} comes to its end. How many different people came to your groups?";
    people_title(year) => "Montako eri ihmistä kävi vuonna {year}?" | "Hur många olika personer kom år {year}?" | "How many different people came in {year}?";
    people_help => "Sama ihminen lasketaan vain kerran, vaikka hän olisi käynyt usein. Rahoittajat kysyvät tätä. Arvio riittää." | "Samma person räknas bara en gång, även om hen har kommit ofta. Finansiärerna frågar efter det här. En uppskattning räcker." | "One person is counted once, however often they came. Funders ask for this. An estimate will do.";
    people_of(name) => "Eri ihmisiä: {name}" | "Olika personer: {name}" | "Different people: {name}";
    people_saved(name, count) => "Tallessa: {name}, {count} eri ihmistä" | "Sparat: {name}, {count} olika personer" | "Saved: {name}, {count} different people";
    people_answered(count, basis) => "{count} eri ihmistä ({basis})" | "{count} olika personer ({basis})" | "{count} different people ({basis})";
    change_answer => "Muuta" | "Ändra" | "Change";
}
