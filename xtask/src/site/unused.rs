//! Removes exports that nobody calls from the client, and with them the code that only they reach.
//!
//! Leptos links `server_fn`, and with it `wasm-streams`, whose classes are exported to JavaScript whether an app has
//! server functions or not. Ours has none, so these exports are removed before the splitter computes what can be
//! reached.

use std::ops::Range;

use anyhow::{Context, Result};
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload};

/// A part of the names of the exports of `wasm-streams`: of its classes' methods, destructors and descriptions.
const UNUSED: &str = "intounderlying";

/// The module without these exports. All its other sections are the same bytes.
pub fn drop_exports(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.context("the client is no WebAssembly")?;
        if let Payload::ExportSection(section) = payload {
            let mut kept = ExportSection::new();
            for export in section {
                let export = export?;
                if !export.name.to_ascii_lowercase().contains(UNUSED) {
                    kept.export(export.name, kind(export.kind)?, export.index);
                }
            }
            module.section(&kept);
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: bytes(wasm, range)? });
        }
    }
    Ok(module.finish())
}

pub fn bytes(wasm: &[u8], range: Range<u64>) -> Result<&[u8]> {
    let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
    wasm.get(range).context("a section lies outside the client")
}

fn kind(kind: ExternalKind) -> Result<ExportKind> {
    Ok(match kind {
        ExternalKind::Func => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => ExportKind::Tag,
        other => anyhow::bail!("an export of a kind that a client does not have: {other:?}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_of_streams_go_and_all_else_stays() -> Result<()> {
        let mut exports = ExportSection::new();
        for name in ["memory", "intounderlyingsource_pull_58a9", "__wbg_intounderlyingsink_free_58a9"] {
            exports.export(name, ExportKind::Memory, 0);
        }
        let custom = [4, b'n', b'o', b't', b'e', 1, 2, 3];
        let mut module = Module::new();
        module.section(&exports).section(&RawSection { id: 0, data: &custom });
        let wasm = module.finish();

        let dropped = drop_exports(&wasm)?;
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(&dropped) {
            if let Payload::ExportSection(section) = payload? {
                for export in section {
                    names.push(export?.name.to_owned());
                }
            }
        }
        assert_eq!(names, ["memory"]);
        assert!(dropped.ends_with(&custom));
        // What comes out has nothing left to be dropped.
        assert_eq!(drop_exports(&dropped)?, dropped);
        Ok(())
    }
}
