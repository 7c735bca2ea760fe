//! The blank form on paper, and many gatherings from a filled one.

super::texts! {
    blank_form => "Tulosta paperilomake" | "Skriv ut en pappersblankett" | "Print a paper form";
    print => "Tulosta" | "Skriv ut" | "Print";
    from_paper => "Kirjaa paperista" | "Anteckna från papper" | "Record from paper";
    from_paper_title(name) => "{name}: kerrat paperista" | "{name}: gånger från papper" | "{name}: gatherings from paper";
    from_paper_help => "Yksi rivi kertaa kohti. Tyhjät rivit jäävät pois. Taulukosta voi liittää monta riviä kerralla." | "En rad per gång. Tomma rader lämnas bort. Du kan klistra in flera rader från en tabell." | "One line for each gathering. Blank lines are left out. You can paste many lines from a spreadsheet.";
    paper_help => "Täytä rivi jokaisen kerran jälkeen. Vapaaehtoisia ei lasketa osallistujiin. Jos kertaa ei pidetty, vedä viiva." | "Fyll i en rad efter varje gång. Frivilliga räknas inte som deltagare. Om gången inte blev av, dra ett streck." | "Fill in a line after each gathering. Volunteers are not counted as participants. If it was not held, draw a line.";
    no_names => "Ei nimiä eikä terveystietoja." | "Inga namn eller hälsouppgifter." | "No names or health details.";
    participants => "Osallistujia" | "Deltagare" | "Participants";
    hours => "Tunteja" | "Timmar" | "Hours";
    date_example => "16.11." | "16.11" | "16.11.";
    more_lines => "Lisää rivejä" | "Fler rader" | "More lines";
    save_many(count) => "Tallenna ({count})" | "Spara ({count})" | "Save ({count})";
    saved_many(count) => "Tallessa tässä puhelimessa: {count} kertaa" | "Sparade i den här telefonen: {count} gånger" | "Saved on this phone: {count} gatherings";
    mend_lines => "Korjaa merkityt rivit. Mitään ei ole vielä tallennettu." | "Rätta de markerade raderna. Inget har sparats ännu." | "Fix the marked lines. Nothing has been saved yet.";
}
