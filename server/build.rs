//! Rebuilds the server when the browser's files in `target/site` have changed, because the binary embeds them.

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
