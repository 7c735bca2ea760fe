//! The blank form on paper, and many gatherings from a filled one.

super::texts! {
    blank_form => "Paperilomake" | "Pappersblankett" | "Paper form";
    print => "Tulosta" | "Skriv ut" | "Print";
    from_paper => "Kirjaa paperista" | "Anteckna från papper" | "Record from paper";
    from_paper_title(name) => "{name}: kerrat paperista" | "{name}: gånger från papper" | "{name}: gatherings from paper";
    from_paper_help => "Yksi rivi kertaa kohti. Päivä esimerkiksi 16.11. Tyhjät rivit jäävät pois. Viiva osallistujien kohdalla: kertaa ei pidetty. Taulukosta voi liittää monta riviä kerralla." | "En rad per gång. Datum till exempel 16.11. Tomma rader lämnas bort. Ett streck för deltagare: gången blev inte av. Du kan klistra in flera rader från en tabell." | "One line for each gathering. A date for example 16.11. Blank lines are left out. A dash for participants: it was not held. You can paste many lines from a spreadsheet.";
    paper_help => "Täytä rivi jokaisen kerran jälkeen. Vapaaehtoisia ei lasketa osallistujiin. Jos kertaa ei pidetty, vedä viiva." | "Fyll i en rad efter varje gång. Frivilliga räknas inte som deltagare. Om gången inte blev av, dra ett streck." | "Fill in a line after each gathering. Volunteers are not counted as participants. If it was not held, draw a line.";
    no_names => "Ei nimiä eikä terveystietoja." | "Inga namn eller hälsouppgifter." | "No names or health details.";
    participants => "Osallistujia" | "Deltagare" | "Participants";
    // In a narrow column, with the places where it may be broken.
    participants_column => "Osallis\u{ad}tujia" | "Del\u{ad}tagare" | "Partici\u{ad}pants";
    volunteers_column => "Vapaa\u{ad}ehtoi\u{ad}sia" | "Fri\u{ad}villiga" | "Volun\u{ad}teers";
    hours => "Tunteja" | "Timmar" | "Hours";
    hours_column => "Tunteja" | "Tim\u{ad}mar" | "Hours";
    more_lines => "Lisää rivejä" | "Fler rader" | "More lines";
    save_many(count) => "Tallenna ({count})" | "Spara ({count})" | "Save ({count})";
    saved_many(count) => "Tallessa tässä puhelimessa, kertoja: {count}" | "Sparat i den här telefonen, gånger: {count}" | "Saved on this phone, gatherings: {count}";
    same_day_twice => "Sama päivä on monella rivillä. Jos kertoja oli monta, tallenna vain." | "Samma datum finns på flera rader. Om det var flera gånger, spara bara." | "Several lines have the same day. If there were several gatherings, just save.";
    too_many_lines(max) => "Kerralla mahtuu {max} riviä, ja loput jäivät pois. Tallenna ensin nämä ja liitä sitten loput." | "{max} rader får plats på en gång, och resten kom inte med. Spara först de här och klistra sedan in resten." | "{max} lines fit at a time, and the rest were left out. Save these first, and then paste the rest.";
    mend_lines => "Korjaa merkityt rivit. Mitään ei ole vielä tallennettu." | "Rätta de markerade raderna. Inget har sparats ännu." | "Fix the marked lines. Nothing has been saved yet.";
}
