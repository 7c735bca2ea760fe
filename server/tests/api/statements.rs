//! The privacy statement and the accessibility statement: read by anybody, in each language, without JavaScript.

use app::server_pages::Operator;
use server::http::router::router;

use super::world::*;

const LANGUAGES: [&str; 3] = ["fi", "sv", "en"];

#[tokio::test]
async fn both_statements_are_read_without_a_sign_in_in_each_language() {
    let world = World::new().await;
    for (path, titles) in [
        ("/tietosuoja", ["Tietosuoja", "Dataskydd", "Privacy"]),
        ("/saavutettavuus", ["Saavutettavuusseloste", "Tillgänglighetsutlåtande", "Accessibility statement"]),
    ] {
        for (language, title) in LANGUAGES.into_iter().zip(titles) {
            let answer = world.get_in(language, path, None).await;
            assert_eq!(answer.status, 200);
            let page = &answer.body;
            assert!(page.contains(&format!("<h1>{title}</h1>")), "{language}: {page}");
            assert!(page.contains(&format!("<html lang=\"{language}\"")));
            assert!(!page.contains(" src="), "{path} loads a script");
            assert!(page.contains(&format!("/kieli/sv?to={path}")), "the language can be changed here");
            assert!(!page.contains('{'), "an argument was not put in: {page}");
        }
    }
}

#[tokio::test]
async fn the_accessibility_statement_has_the_parts_that_the_law_asks_for() {
    let world = World::new().await;
    let page = world.get_in("fi", "/saavutettavuus", None).await.body;
    for part in
        ["306/2019", "osittain", "WCAG 2.1", "27.11.2026", "14 päivässä", "Traficom", "saavutettavuus@traficom.fi"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("href=\"https://www.saavutettavuusvaatimukset.fi\""));
    assert!(
        world.get_in("sv", "/saavutettavuus", None).await.body.contains("href=\"https://www.tillganglighetskrav.fi\"")
    );
}

#[tokio::test]
async fn both_are_at_the_foot_of_the_front_page_and_of_a_page_that_is_not_there() {
    let world = World::new().await;
    for path in ["/", "/ei-ole"] {
        let page = world.get_in("fi", path, None).await.body;
        let foot = page.split("<footer").nth(1).expect("a foot");
        assert!(foot.contains("href=\"/tietosuoja\"") && foot.contains("href=\"/saavutettavuus\""), "{path}");
    }
}

#[tokio::test]
async fn the_operator_is_named_where_they_have_said_who_they_are() {
    let mut world = World::new().await;
    for path in ["/tietosuoja", "/saavutettavuus"] {
        let page = world.get_in("fi", path, None).await.body;
        assert!(
            page.contains("nimeä ei ole vielä ilmoitettu") && page.contains("yhteystietoja ei ole vielä ilmoitettu")
        );
    }
    let operator = Operator { name: "Kylä & <Kunta>".to_owned(), contact: "neuvonta@kunta.example".to_owned() };
    world.server.operator = operator.into();
    world.router = router(world.server.clone());
    for path in ["/tietosuoja", "/saavutettavuus"] {
        let page = world.get_in("fi", path, None).await.body;
        assert!(page.contains("Kylä &amp; &lt;Kunta&gt;") && page.contains("neuvonta@kunta.example"), "{page}");
        assert!(!page.contains("ei ole vielä ilmoitettu"));
    }
}
