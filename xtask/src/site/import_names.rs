//! Short names between the WebAssembly and its glue.
//!
//! wasm-bindgen names each function of the browser with sixteen digits of a hash, which no compression makes smaller: in the WebAssembly
//! and again in the glue. The two are made and published together, so one or two letters do.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

use super::unused::bytes;

/// What wasm-bindgen calls the module of its glue.
const GLUE: &str = "./client_bg.js";

/// The module and its glue, with short names for what the one takes from the other.
pub fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.context("the client is no WebAssembly")?;
        if let Payload::ImportSection(section) = payload {
            let mut imports = ImportSection::new();
            for import in section.into_imports() {
                let import = import?;
                let ty = RoundtripReencoder.entity_type(import.ty)?;
                if import.module == GLUE {
                    let next = short(names.len());
                    imports.import(GLUE, names.entry(import.name.to_owned()).or_insert(next), ty);
                } else {
                    imports.import(import.module, import.name, ty);
                }
            }
            module.section(&imports);
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: bytes(wasm, range)? });
        }
    }
    Ok((module.finish(), rename(script, &names)?))
}

/// Renames the members of the object that the glue hands to the WebAssembly.
fn rename(script: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let mut found = 0;
    let rename = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        let short = line.trim_start().split_once(": ").and_then(|(name, rest)| Some((names.get(name)?, rest)));
        short.map(|(short, rest)| format!("{}{short}: {rest}", &line[..indent]))
    };
    let mut renamed = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let short = rename(line);
        found += usize::from(short.is_some());
        renamed.push_str(short.as_deref().unwrap_or(line));
    }
    if found != names.len() {
        bail!("the WebAssembly takes {} functions from its glue, which has {found} of them", names.len());
    }
    Ok(renamed)
}

/// `a` … `z`, `a0`, `b0` …: words that JavaScript does not keep for itself.
fn short(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index % 26).expect("a remainder"));
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round - 1),
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, MemoryType};

    use super::*;

    fn client(names: &[&str]) -> Vec<u8> {
        let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        let mut imports = ImportSection::new();
        for name in names {
            imports.import(GLUE, name, EntityType::Memory(memory));
        }
        imports.import("./other.js", "__wbg_other_37eb45aaf5eeb820", EntityType::Memory(memory));
        let mut module = Module::new();
        module.section(&imports);
        module.finish()
    }

    #[test]
    fn both_sides_agree_on_the_short_names() -> Result<()> {
        let wasm = client(&["__wbg_new_37eb45aaf5eeb820", "__wbg_push_c9f4893fc209f768"]);
        let script =
            "a = {\n  __wbg_push_c9f4893fc209f768: function(a) {\n  },\n  __wbg_new_37eb45aaf5eeb820: Date,\n};\n";
        let (wasm, script) = shorten(&wasm, script)?;
        assert_eq!(script, "a = {\n  b: function(a) {\n  },\n  a: Date,\n};\n");
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(&wasm) {
            if let Payload::ImportSection(section) = payload? {
                for import in section.into_imports() {
                    names.push(import?.name.to_owned());
                }
            }
        }
        assert_eq!(names, ["a", "b", "__wbg_other_37eb45aaf5eeb820"]);
        Ok(())
    }

    #[test]
    fn what_the_glue_lacks_stops_the_build() {
        assert!(shorten(&client(&["__wbg_new_37eb45aaf5eeb820"]), "a = {};\n").is_err());
    }

    #[test]
    fn no_two_names_are_one() {
        let names: std::collections::BTreeSet<_> = (0..2_000).map(short).collect();
        assert_eq!(names.len(), 2_000);
        assert_eq!([0, 25, 26, 52].map(short), ["a", "z", "a0", "a1"]);
    }
}
