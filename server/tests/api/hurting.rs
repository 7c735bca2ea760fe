//! Files that hurt, as people have them: each is read as it was meant, or gets a word that says what to do, and nothing of one that is refused is
//! written.

use base64::{Engine, engine::general_purpose::STANDARD};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::{Value, json};
use server::files::FileProblem;
use sync::protocol::import::FILE_PROBLEMS;

use super::{importing::xlsx, world::*};

/// A workbook of one sheet, by hand: what no writer of ours would write.
fn by_hand(rows: &[u8]) -> Vec<u8> {
    xlsx(&[&b"<worksheet><sheetData>"[..], rows, b"</sheetData></worksheet>"].concat(), &[])
}

fn texts(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (column, text) in (0_u16..).zip(texts) {
        match text.parse::<f64>() {
            Ok(number) => sheet.write_number(row, column, number).expect("a number"),
            Err(_) => sheet.write_string(row, column, *text).expect("a text"),
        };
    }
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a file")
}

async fn call(world: &World, person: &Person, what: &str, file: &[u8], name: &str) -> Answer {
    let body = json!({"file": STANDARD.encode(file), "name": name});
    world.post(Some(person), &format!("/api/v1/import/{what}?association={CHOIR}"), bytes(&body)).await
}

#[tokio::test]
async fn a_table_that_hurts_is_read_as_it_was_meant() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let merged = book(|sheet| {
        sheet.merge_range(0, 0, 0, 4, "Kerho 2025", &Format::new()).expect("merged");
        sheet.merge_range(2, 1, 2, 2, "Osallistujat", &Format::new()).expect("merged");
        sheet.merge_range(2, 3, 2, 4, "Vapaaehtoiset", &Format::new()).expect("merged");
        texts(sheet, 3, &["Pvm", "Naiset", "Miehet", "Määrä", "Tunnit"]);
        texts(sheet, 4, &["13.1.", "10", "4", "2", "4"]);
        texts(sheet, 5, &["20.1.", "9", "4", "2", "4"]);
    });
    let hidden = book(|sheet| {
        texts(sheet, 0, &["Pvm", "Osallistujia", "Salainen", "Vapaaehtoisia"]);
        texts(sheet, 1, &["14.1.2025", "5", "x", "1"]);
        sheet.set_column_hidden(2).expect("hidden").set_column_hidden(3).expect("hidden");
    });
    let total = book(|sheet| {
        texts(sheet, 0, &["Pvm", "Osallistujia", "Vapaaehtoisia"]);
        texts(sheet, 1, &["15.1.2025", "", "2"]);
        sheet.write_formula(1, 1, Formula::new("=7+7").set_result("14")).expect("a formula");
        texts(sheet, 2, &["Yhteensä"]);
        sheet.write_formula(2, 1, Formula::new("=SUM(B2:B2)").set_result("14")).expect("a formula");
    });
    let days = book(|sheet| {
        texts(sheet, 0, &["Päivä", "Kävijöitä"]);
        for (row, day) in (1..).zip(["ma 3.2.2025", "2025-02-04", "5/2/2025", "6. 2. 2025", "7.2.25"]) {
            texts(sheet, row, &[day, "8"]);
        }
    });
    let sheets = {
        let mut book = Workbook::new();
        for month in 1..=12 {
            book.add_worksheet().set_name(format!("Kuukausi {month}")).expect("a name");
        }
        let march = book.worksheet_from_index(2).expect("March");
        texts(march, 0, &["Pvm", "Osallistujia"]);
        texts(march, 1, &["3.3.2025", "6"]);
        book.save_to_buffer().expect("a file")
    };
    let windows = b"P\xe4iv\xe4;K\xe4vij\xf6it\xe4;Huom\r\n8.4.2025;7;P\xf6yt\xe4\r\n".to_vec();
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    // Whoever has coloured columns has a row for each line of the sheet. An unoptimised server gets through this many in time.
    let coloured = {
        let mut rows = format!("<row>{}{}</row>", cell("Pvm"), cell("Osallistujia"));
        rows += &format!("<row>{}<c><v>7</v></c></row>", cell("9.4.2025"));
        rows += &"<row><c s=\"1\"/></row>".repeat(50_000);
        by_hand(rows.as_bytes())
    };
    // A program that computes nothing has left the formulas without values. The other row is good, and comes.
    let uncomputed = by_hand(
        format!(
            "<row>{}{}</row><row>{}<c><f>B9+B10</f></c></row><row>{}<c><v>9</v></c></row>",
            cell("Pvm"),
            cell("Osallistujia"),
            cell("10.4.2025"),
            cell("11.4.2025")
        )
        .as_bytes(),
    );
    let mut there = 0;
    for (what, file, new, visits, bad) in [
        ("merged heads and two heading rows", &merged, 2, 27, 0),
        ("hidden columns", &hidden, 1, 5, 0),
        ("formulas and a total row", &total, 1, 14, 0),
        ("days as text", &days, 5, 40, 0),
        ("twelve sheets", &sheets, 1, 6, 0),
        ("Windows-1252", &windows, 1, 7, 0),
        ("a sheet of which two rows have something", &coloured, 1, 7, 0),
        ("formulas without values", &uncomputed, 1, 9, 1),
    ] {
        let told = call(&world, &rauha, "preview", file, "kirja.xlsx").await;
        assert_eq!(told.status, 200, "{what}: {}", told.body);
        let told = told.json();
        assert_eq!(
            (&told["new"], &told["visits"], &told["bad"]),
            (&json!(new), &json!(visits), &json!(bad)),
            "{what}: {told}"
        );
        match what {
            "hidden columns" => assert_eq!(told["hidden"], json!(["Salainen", "Vapaaehtoisia"])),
            "formulas and a total row" => assert_eq!(told["left_out"], json!([{"row": 3, "why": "total"}])),
            "twelve sheets" => {
                assert_eq!((told["sheets"].as_array().map(Vec::len), &told["sheet"]), (Some(12), &json!(2)))
            }
            "formulas without values" => {
                let row = told["rows"].as_array().expect("rows").iter().find(|row| row["state"] == "bad");
                let problem = &row.expect("a row")["problems"][0];
                assert_eq!((&problem["field"], &problem["code"]), (&json!("participants"), &json!("not-a-number")));
            }
            _ => {}
        }
        assert_eq!(call(&world, &rauha, "save", file, "kirja.xlsx").await.json()["saved"], new, "{what}");
        there += new;
        assert_eq!(world.records("gathering").await.len(), there, "{what}");
    }
}

#[tokio::test]
async fn of_a_file_that_cannot_be_read_nothing_is_written_and_its_word_is_known_to_the_phone() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let good = "<row><c t=\"inlineStr\"><is><t>Pvm</t></is></c><c t=\"inlineStr\"><is><t>Osallistujia</t></is></c></row>\
                <row><c t=\"inlineStr\"><is><t>9.4.2025</t></is></c><c><v>7</v></c></row>";
    // Each begins as a good table does.
    let many = by_hand(&[good.as_bytes(), &b"<row><c><v>1</v></c></row>".repeat(1_048_574)].concat());
    let bomb = by_hand(&[good.as_bytes(), &vec![b' '; 70 << 20]].concat());
    let cut = by_hand(good.as_bytes());
    let cut = &cut[..cut.len() - 200];
    let photo = b"\xff\xd8\xff\xe1\x12\x34Exif\0\0MM\0*";
    let empty = Workbook::new().save_to_buffer().expect("a file");
    for (name, file, code) in [
        ("kuva.xlsx", &photo[..], "file-not-a-table"),
        ("kuva.png.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file-not-a-table"),
        ("tyhja.xlsx", &empty, "file-empty"),
        ("tyhja.csv", b"", "file-empty"),
        ("rivit.xlsx", &many, "file-too-many-rows"),
        ("pommi.xlsx", &bomb, "file-too-much-inside"),
        ("kesken.xlsx", cut, "file-broken"),
        ("vanha.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-old-or-locked"),
    ] {
        for what in ["preview", "save", "undo"] {
            assert_eq!(call(&world, &rauha, what, file, name).await.code_of(422), code, "{what} {name}");
        }
        assert!(FILE_PROBLEMS.contains(&code), "{code}");
    }
    assert_eq!(world.records("gathering").await, Vec::<Value>::new());
    assert_eq!(FileProblem::ALL.map(FileProblem::code), FILE_PROBLEMS);
}
