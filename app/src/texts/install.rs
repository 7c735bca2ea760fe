//! The app on the home screen, or installed on a computer.

super::texts! {
    title => "Lisää vihko kotinäytölle" | "Lägg till häftet på hemskärmen" | "Put the notebook on your home screen";
    why => "Silloin se aukeaa kuvakkeesta, myös ilman verkkoa, ja puhelin pitää sen muistin paremmin tallessa." | "Då öppnas det från en ikon, också utan nät, och telefonen tar bättre vara på dess minne." | "It then opens from an icon, also without a connection, and the phone keeps its storage safer.";
    why_first => "Tee tämä ennen ensimmäistä kirjausta: kotinäytön vihkolla on oma muistinsa." | "Gör det här före den första anteckningen: häftet på hemskärmen har ett eget minne." | "Do this before the first record: the notebook on the home screen has a storage of its own.";
    install => "Lisää kotinäytölle" | "Lägg till på hemskärmen" | "Put it on the home screen";
    not_now => "Ei nyt" | "Inte nu" | "Not now";
    ios_share => "Paina selaimen jakopainiketta." | "Tryck på webbläsarens delningsknapp." | "Press the browser’s share button.";
    ios_add => "Valitse Lisää Koti-valikkoon." | "Välj Lägg till på hemskärmen." | "Choose Add to Home Screen.";
    ios_open => "Avaa vihko uudesta kuvakkeesta ja kirjaudu siinä." | "Öppna häftet från den nya ikonen och logga in där." | "Open the notebook from the new icon and sign in there.";
    help => "Puhelimen kotinäyttö" | "Telefonens hemskärm" | "The phone’s home screen";
    send_first => "Lähetä ensin kerrat, jotka odottavat tässä selaimessa: kotinäytön vihkolla on oma muistinsa." | "Skicka först de gånger som väntar i den här webbläsaren: häftet på hemskärmen har ett eget minne." | "First send what is waiting in this browser: the notebook on the home screen has a storage of its own.";
    installed => "Vihko on kotinäytöllä." | "Häftet finns på hemskärmen." | "The notebook is on the home screen.";
    installed_or_not => "Selaimen valikosta voit lisätä vihkon kotinäytölle." | "I webbläsarens meny kan du lägga till häftet på hemskärmen." | "You can put the notebook on the home screen from the browser’s menu.";
    help_computer => "Tietokoneella" | "På datorn" | "On the computer";
    title_computer => "Asenna tietokoneelle" | "Installera på datorn" | "Install on the computer";
    why_computer => "Silloin vihko aukeaa omassa ikkunassaan, myös ilman verkkoa, ja selain pitää sen muistin paremmin tallessa." | "Då öppnas häftet i ett eget fönster, också utan nät, och webbläsaren tar bättre vara på dess minne." | "The notebook then opens in a window of its own, also without a connection, and the browser keeps its storage safer.";
    install_computer => "Asenna" | "Installera" | "Install";
    installed_computer => "Vihko on asennettu tietokoneelle." | "Häftet är installerat på datorn." | "The notebook is installed on the computer.";
    installed_or_not_computer => "Selaimen valikosta voit asentaa vihkon tietokoneelle." | "I webbläsarens meny kan du installera häftet på datorn." | "You can install the notebook on the computer from the browser’s menu.";
}
