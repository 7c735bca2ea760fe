//! `cargo xtask sbom`: which packages ship, in CycloneDX 1.6: the server's program for this machine, and the browser side in it.
//!
//! What is compiled into either is `required`. What only helps to make it (procedural macros, build scripts, the npm packages that shrink the
//! browser side) is `excluded`. Rust's own standard library is not listed: it comes with the compiler.
//!
//! Two runs over the same lock files give the same bytes: no time, no serial number, and everything in the order of its name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Value, json};

use crate::{command, tools};

#[derive(Args)]
pub struct Options {
    /// Where to write it [default: to the standard output]
    file: Option<PathBuf>,
}

/// What the name of our own crates' references begins with: they are in no registry.
const OURS: &str = "hytevihko";
/// The npm packages that the browser side passes through, and the crates that do the same (`xtask/src/site/`).
const NPM_TOOLS: [&str; 2] = ["binaryen", "esbuild"];
const CRATE_TOOLS: [&str; 2] = ["wasm-bindgen-cli-support", "wasm_split_cli_support"];

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let host = command::output(Command::new("rustc").arg("-vV"))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("`rustc -vV` names no host")?;
    let sides = [side(root, "server", "server", host)?, side(root, "browser", "client", tools::WASM_TARGET)?];
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    let npm_lock = serde_json::from_slice(&fs::read(root.join("end2end/package-lock.json"))?)?;
    let bill = bill(&sides, &checksums(&lock), &npm_lock, sqlite(&sides[0])?.as_deref());
    let text = serde_json::to_string_pretty(&bill)? + "\n";
    match &options.file {
        Some(file) => fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?,
        None => print!("{text}"),
    }
    Ok(())
}

/// A package's name and version.
type Package = (String, String);

/// One of the two programs that ship.
struct Side {
    /// Where its packages end up.
    name: &'static str,
    /// Our crate that it is made from.
    root: &'static str,
    /// What is compiled into it.
    linked: BTreeSet<Package>,
    /// That, and what runs while it is compiled.
    all: BTreeSet<Package>,
    /// Of `cargo metadata`, for the side's target.
    metadata: Value,
}

fn side(root: &Path, name: &'static str, package: &'static str, target: &str) -> Result<Side> {
    // `cargo metadata` knows licences, and `cargo tree` which features are really on: the former alone would name two more databases.
    let tree = |edges: &str| -> Result<BTreeSet<Package>> {
        let mut tree = command::cargo(root);
        tree.args(["tree", "--locked", "--package", package, "--target", target, "--edges", edges]);
        Ok(packages(&command::output(tree.args(["--prefix", "none", "--format", "{p}"]))?))
    };
    let mut metadata = command::cargo(root);
    metadata.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", target]);
    Ok(Side {
        name,
        root: package,
        linked: tree("normal,no-proc-macro")?,
        all: tree("normal,build")?,
        metadata: serde_json::from_str(&command::output(&mut metadata)?)?,
    })
}

/// Reads lines such as `serde v1.0.229` or `app v0.1.0 (/a/folder)`.
fn packages(tree: &str) -> BTreeSet<Package> {
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    };
    tree.lines().filter_map(package).collect()
}

/// The SHA-256 of each package that has one in Cargo.lock.
fn checksums(lock: &str) -> BTreeMap<Package, String> {
    let checksum = |block: &str| {
        let value = |key: &str| {
            let mut lines = block.lines();
            lines.find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned()))
        };
        Some(((value("name")?, value("version")?), value("checksum")?))
    };
    lock.split("[[package]]").filter_map(checksum).collect()
}

/// The version of SQLite, whose source one crate carries inside.
fn sqlite(server: &Side) -> Result<Option<String>> {
    let packages = server.metadata["packages"].as_array().into_iter().flatten();
    let Some(manifest) = packages
        .filter(|package| package["name"] == "libsqlite3-sys")
        .find_map(|package| package["manifest_path"].as_str())
    else {
        return Ok(None);
    };
    let header = Path::new(manifest).with_file_name("sqlite3").join("sqlite3.h");
    let header = fs::read_to_string(&header).with_context(|| format!("{} cannot be read", header.display()))?;
    let version = header.lines().find_map(|line| {
        let mut words = line.strip_prefix("#define SQLITE_VERSION ")?.trim().split('"');
        words.nth(1).map(str::to_owned)
    });
    version.context("sqlite3.h names no version").map(Some)
}

fn bill(sides: &[Side], checksums: &BTreeMap<Package, String>, npm_lock: &Value, sqlite: Option<&str>) -> Value {
    let mut components: BTreeMap<String, Component> = BTreeMap::new();
    let mut depends: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for side in sides {
        let known: BTreeMap<&str, &Value> = packages_of(side).map(|one| (text(&one["id"]), one)).collect();
        for package in known.values() {
            let is = package_of(package);
            let is_tool = CRATE_TOOLS.contains(&is.0.as_str());
            if side.all.contains(&is) || is_tool {
                let reference = reference(package);
                let one = components.entry(reference).or_insert(Component { package, ships_in: BTreeSet::new() });
                if side.linked.contains(&is) {
                    one.ships_in.insert(side.name);
                }
            }
        }
        for node in side.metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
            let of = |id: &Value| {
                let package = known.get(text(id))?;
                side.all.contains(&package_of(package)).then(|| reference(package))
            };
            let Some(from) = of(&node["id"]) else { continue };
            let is_dev = |kind: &Value| kind["kind"] == "dev";
            let needed = node["deps"].as_array().into_iter().flatten();
            let needed =
                needed.filter(|dep| !dep["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().all(is_dev)));
            depends.entry(from).or_default().extend(needed.filter_map(|dep| of(&dep["pkg"])));
        }
    }
    let ours = |name: &str| components.keys().find(|key| key.starts_with(&format!("{OURS}/{name}@"))).cloned();
    let roots: BTreeSet<_> = sides.iter().filter_map(|side| ours(side.root)).collect();
    let version = roots.first().and_then(|root| root.split_once('@')).map_or("0", |(_, version)| version).to_owned();
    let product = format!("{OURS}@{version}");
    depends.insert(product.clone(), roots);

    let mut listed: BTreeMap<String, Value> =
        components.iter().map(|(key, one)| (key.clone(), one.listed(key, checksums))).collect();
    if let Some(version) = sqlite {
        let reference = format!("pkg:generic/sqlite@{version}");
        let carrier = listed.keys().find(|key| key.starts_with("pkg:cargo/libsqlite3-sys@")).cloned();
        depends.entry(carrier.unwrap_or_else(|| product.clone())).or_default().insert(reference.clone());
        listed.insert(reference.clone(), sqlite_component(version, &reference));
    }
    for name in NPM_TOOLS {
        let (reference, component) = npm_component(name, &npm_lock["packages"][format!("node_modules/{name}")]);
        listed.insert(reference, component);
    }
    let depends: Vec<_> = depends.into_iter().map(|(from, to)| json!({"ref": from, "dependsOn": to})).collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "application", "bom-ref": product, "name": OURS, "version": version,
                "licenses": [{"expression": "EUPL-1.2"}],
            },
        },
        "components": listed.into_values().collect::<Vec<_>>(),
        "dependencies": depends,
    })
}

/// A crate, and the programs that it is compiled into.
struct Component<'a> {
    package: &'a Value,
    ships_in: BTreeSet<&'static str>,
}

impl Component<'_> {
    fn listed(&self, reference: &str, checksums: &BTreeMap<Package, String>) -> Value {
        let mut listed = json!({
            "type": "library", "bom-ref": reference, "name": self.package["name"], "version": self.package["version"],
            "scope": if self.ships_in.is_empty() { "excluded" } else { "required" },
        });
        if let Some(licence) = self.package["license"].as_str() {
            // Older packages write a slash, which is no expression of SPDX.
            listed["licenses"] = json!([{"expression": licence.replace('/', " OR ")}]);
        }
        if reference.starts_with("pkg:") {
            listed["purl"] = json!(reference);
        }
        if let Some(checksum) = checksums.get(&package_of(self.package)) {
            listed["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
        }
        let property = |side: &&str| json!({"name": "hytevihko:ships-in", "value": side});
        if !self.ships_in.is_empty() {
            listed["properties"] = self.ships_in.iter().map(property).collect();
        }
        listed
    }
}

fn sqlite_component(version: &str, reference: &str) -> Value {
    json!({
        "type": "library", "bom-ref": reference, "purl": reference, "name": "sqlite", "version": version,
        "scope": "required", "licenses": [{"license": {"id": "blessing"}}],
        "properties": [{"name": "hytevihko:ships-in", "value": "server"}],
    })
}

fn npm_component(name: &str, package: &Value) -> (String, Value) {
    let reference = format!("pkg:npm/{name}@{}", text(&package["version"]));
    let listed = json!({
        "type": "application", "bom-ref": reference, "purl": reference, "name": name, "version": package["version"],
        "scope": "excluded", "licenses": [{"expression": package["license"]}],
    });
    (reference, listed)
}

fn packages_of(side: &Side) -> impl Iterator<Item = &Value> {
    side.metadata["packages"].as_array().into_iter().flatten()
}

fn package_of(package: &Value) -> Package {
    (text(&package["name"]).to_owned(), text(&package["version"]).to_owned())
}

/// The name of a package in the whole bill; for one of a registry its package URL.
fn reference(package: &Value) -> String {
    let (name, version) = package_of(package);
    match package["source"].is_null() {
        true => format!("{OURS}/{name}@{version}"),
        false => format!("pkg:cargo/{name}@{}", version.replace('+', "%2B")),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"server\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"toml\"\n\
                        version = \"1.0.0+spec-1\"\nsource = \"registry\"\nchecksum = \"c0ffee\"\ndependencies = [\n \"x\",\n]\n";

    fn package(name: &str, version: &str, is_ours: bool) -> Value {
        let source = if is_ours { Value::Null } else { json!("registry") };
        json!({"id": name, "name": name, "version": version, "source": source, "license": "MIT/Apache-2.0"})
    }

    fn side(name: &'static str, root: &'static str, linked: &str, built: &str) -> Side {
        let needs = |name: &str, kind: Option<&str>| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [
                package("zebra", "2.0.0", false), package("derive", "1.0.0", false), package("toml", "1.0.0+spec-1", false),
                package("server", "0.1.0", true), package("client", "0.1.0", true), package("tempfile", "3.0.0", false),
            ],
            "resolve": {"nodes": [
                {"id": root, "deps": [
                    needs("toml", None), needs("derive", None), needs("zebra", Some("dev")), needs("tempfile", Some("dev")),
                ]},
                {"id": "toml", "deps": [needs("zebra", None)]},
            ]},
        });
        let linked = packages(linked);
        Side { name, root, all: linked.iter().cloned().chain(packages(built)).collect(), linked, metadata }
    }

    fn made() -> Value {
        let npm = json!({"packages": {
            "node_modules/binaryen": {"version": "132.0.0", "license": "Apache-2.0"},
            "node_modules/esbuild": {"version": "0.28.2", "license": "MIT"},
        }});
        let sides = [
            side(
                "server",
                "server",
                "server v0.1.0 (/a)\ntoml v1.0.0+spec-1\nzebra v2.0.0 (*)",
                "derive v1.0.0 (proc-macro)",
            ),
            side("browser", "client", "client v0.1.0 (/b)\ntoml v1.0.0+spec-1", "derive v1.0.0 (proc-macro)"),
        ];
        bill(&sides, &checksums(LOCK), &npm, Some("3.51.3"))
    }

    fn component(bill: &Value, reference: &str) -> Value {
        let mut all = bill["components"].as_array().into_iter().flatten();
        all.find(|one| one["bom-ref"] == reference).cloned().unwrap_or_else(|| panic!("{reference} is not in {bill:#}"))
    }

    #[test]
    fn a_package_is_listed_with_its_version_licence_checksum_and_where_it_ships() {
        let toml = component(&made(), "pkg:cargo/toml@1.0.0%2Bspec-1");
        assert_eq!(toml["version"], "1.0.0+spec-1");
        assert_eq!(toml["licenses"], json!([{"expression": "MIT OR Apache-2.0"}]));
        assert_eq!(toml["hashes"], json!([{"alg": "SHA-256", "content": "c0ffee"}]));
        assert_eq!(toml["scope"], "required");
        let sides: Vec<_> = toml["properties"].as_array().expect("two").iter().map(|one| &one["value"]).collect();
        assert_eq!(sides, ["browser", "server"]);
    }

    #[test]
    fn what_only_helps_to_build_is_excluded_and_what_only_tests_need_is_not_there() {
        let bill = made();
        for reference in ["pkg:cargo/derive@1.0.0", "pkg:npm/binaryen@132.0.0", "pkg:npm/esbuild@0.28.2"] {
            assert_eq!(component(&bill, reference)["scope"], "excluded");
        }
        assert!(!bill.to_string().contains("tempfile"));
        assert_eq!(component(&bill, "pkg:generic/sqlite@3.51.3")["scope"], "required");
    }

    #[test]
    fn it_says_what_needs_what() {
        let bill = made();
        let needs = |from: &str| {
            let mut all = bill["dependencies"].as_array().into_iter().flatten();
            all.find(|one| one["ref"] == from).map(|one| one["dependsOn"].clone())
        };
        let both = json!(["hytevihko/client@0.1.0", "hytevihko/server@0.1.0", "pkg:generic/sqlite@3.51.3"]);
        assert_eq!(needs("hytevihko@0.1.0"), Some(both));
        let direct = json!(["pkg:cargo/derive@1.0.0", "pkg:cargo/toml@1.0.0%2Bspec-1"]);
        assert_eq!(needs("hytevihko/server@0.1.0"), Some(direct), "not what its tests need");
        assert_eq!(needs("pkg:cargo/toml@1.0.0%2Bspec-1"), Some(json!(["pkg:cargo/zebra@2.0.0"])));
    }

    #[test]
    fn two_runs_give_the_same_bytes_in_the_order_of_names() {
        let bill = made();
        assert_eq!(bill.to_string(), made().to_string());
        assert!(bill.get("serialNumber").is_none() && bill["metadata"].get("timestamp").is_none());
        let names: Vec<_> =
            bill["components"].as_array().expect("some").iter().map(|one| text(&one["bom-ref"])).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}
