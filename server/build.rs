//! Builds the server again when the browser's files have changed: it carries `target/site` inside.

use std::fs;
use std::path::Path;

const LIST: &str = "../target/site/files.json";

fn main() -> std::io::Result<()> {
    // Lints and tests run before the browser side is built: an empty list stands for it until then.
    let list = Path::new(LIST);
    if !list.exists() {
        fs::create_dir_all("../target/site")?;
        fs::write(list, "[]\n")?;
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={LIST}");
    Ok(())
}
