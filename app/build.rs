//! Makes the functions of `crate::texts` from the files in `texts/`, and stops the build where one of them has a mistake.

use std::{collections::BTreeSet, env, fs, path::Path};

use languages::{Catalogue, functions, tables};

fn main() {
    println!("cargo:rerun-if-changed=texts");
    println!("cargo:rerun-if-changed=../domain/data/languages.csv");
    let read = Catalogue::read(Path::new("../domain/data/languages.csv"), Path::new("texts"));
    let catalogue = read.unwrap_or_else(|mistakes| {
        // As warnings they stand each on a line of its own; the panic is what stops the build.
        mistakes.iter().for_each(|mistake| println!("cargo:warning=app/texts/{mistake}"));
        panic!("the texts have {} mistakes:\n{}", mistakes.len(), mistakes.join("\n"))
    });
    for translation in &catalogue.translations {
        for name in &translation.missing {
            println!("cargo:warning=app/texts/{}.toml: {name} is missing, and is in Finnish", translation.language.tag);
        }
    }
    let for_phone = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    let folder = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("texts");
    fs::create_dir_all(&folder).expect("OUT_DIR is writable");
    let write = |name: &str, content: String| {
        fs::write(folder.join(format!("{name}.rs")), content).expect("OUT_DIR is writable");
    };
    let groups: BTreeSet<&str> = catalogue.texts.iter().map(|text| text.group.as_str()).collect();
    for group in groups {
        write(group, functions(&catalogue, group, for_phone));
    }
    write("tables", tables(&catalogue, for_phone));
}
