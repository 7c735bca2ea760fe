//! The association's words.

super::texts! {
    month_tab => "Hyväksy" | "Godkänn" | "Approve";
    year_tab => "Vuosi" | "År" | "Year";
    month_title(month, year) => "{month} {year}" | "{month} {year}" | "{month} {year}";
    approve_month(count) => "Hyväksy {count} kertaa" | "Godkänn {count} gånger" | "Approve {count} gatherings";
    approve_one => "Hyväksy 1 kerta" | "Godkänn 1 gång" | "Approve 1 gathering";
    approved_all => "Kaikki hyväksytty" | "Alla godkända" | "All approved";
    approved(count) => "Hyväksytty {count}" | "Godkända {count}" | "Approved {count}";
    state_recorded => "Odottaa hyväksyntää" | "Väntar på godkännande" | "Awaiting approval";
    state_approved => "Hyväksytty" | "Godkänd" | "Approved";
    state_returned => "Palautettu" | "Returnerad" | "Returned";
    state_on_this_device => "Ei vielä perillä" | "Inte framme ännu" | "Not received yet";
    return_gathering => "Palauta" | "Returnera" | "Return";
    return_title => "Palauta kirjaajalle" | "Returnera till den som antecknade" | "Return to who recorded it";
    return_comment => "Mitä pitäisi tarkistaa?" | "Vad borde kontrolleras?" | "What should be checked?";
    return_hint => "Vapaaehtoinen näkee tämän puhelimessaan. Ei nimiä." | "Den frivilliga ser detta i sin telefon. Inga namn." | "The volunteer sees this on their phone. No names.";
    return_send => "Lähetä kysymys" | "Skicka frågan" | "Send the question";
    recorded_by(who) => "Kirjasi {who}" | "Antecknad av {who}" | "Recorded by {who}";
    missing_one(days) => "1 kerta kirjaamatta: {days}" | "1 gång saknas: {days}" | "1 gathering not recorded: {days}";
    missing_many(count, days) => "{count} kertaa kirjaamatta: {days}" | "{count} gånger saknas: {days}" | "{count} gatherings not recorded: {days}";
    no_month => "Tältä kuulta ei ole kirjattu kertoja." | "Inga gånger har antecknats för månaden." | "No gatherings have been recorded for this month.";
    outside_series => "Muut kerrat" | "Övriga gånger" | "Other gatherings";
    same_gathering => "Sama kerta?" | "Samma gång?" | "The same gathering?";
    same_gathering_help => "Samasta ryhmästä ja päivästä on kaksi kirjausta. Kumpaakaan ei hyväksytä, ennen kuin tämä on selvä." | "För samma grupp och dag finns två anteckningar. Ingendera godkänns innan det här är klart." | "There are two records of the same group and day. Neither is approved before this is clear.";
    same_keep_first => "Sama: jätä tämä" | "Samma: behåll den här" | "The same: keep this one";
    both_happened => "Molemmat pidettiin" | "Båda hölls" | "Both were held";
    clash_title => "Kaksi eri tietoa" | "Två olika uppgifter" | "Two different versions";
    clash_help => "Kaksi ihmistä muutti samaa kertaa eri tavalla. Kumpi on oikein?" | "Två personer ändrade samma gång på olika sätt. Vilken är rätt?" | "Two people changed the same gathering differently. Which is right?";
    clash_deletion => "Toinen poisti kerran, jota toinen muutti. Kerta on tallessa." | "Den ena tog bort gången som den andra ändrade. Gången är sparad." | "One deleted the gathering that another changed. It has been kept.";
    clash_keep => "Nyt voimassa: pidä tämä" | "Gäller nu: behåll den" | "In force now: keep this";
    clash_take => "Ota tämä" | "Ta den här" | "Take this";
    clash_delete => "Poista kerta" | "Ta bort gången" | "Delete the gathering";
    year_title(year) => "Vuosi {year}" | "År {year}" | "Year {year}";
    by_series => "Ryhmittäin" | "Per grupp" | "By group";
    by_month => "Kuukausittain" | "Per månad" | "By month";
    by_form => "Toimintamuodoittain" | "Per verksamhetsform" | "By activity form";
    counted_share(percent) => "{percent} % kerroista on laskettu tarkasti, muut ovat arvioita tai otoksia." | "{percent} % av gångerna är räknade, de övriga är uppskattningar eller stickprov." | "{percent}% of gatherings were counted, the rest are estimates or samples.";
    cancelled_count(count) => "Pitämättä jäi {count} kertaa." | "{count} gånger blev inte av." | "{count} gatherings were not held.";
    nothing_this_year => "Vuodelta ei ole vielä kirjattuja kertoja." | "Inga gånger har antecknats för året ännu." | "No gatherings have been recorded for the year yet.";
    reviewers_only => "Tämä sivu on yhdistyksen sihteerille." | "Den här sidan är för föreningens sekreterare." | "This page is for the association’s secretary.";
}
