//! No module of a crate imports in a circle, and no room of the phone another one (docs/ARCHITECTURE.md, "Rooms"), nor the texts that
//! come with another one.
//!
//! Reads `use` statements and `crate::` paths as text. A name that a module only passes on (`pub use`) counts as an import of the module
//! that defines it, so that a room's own file may name its parts and these the room.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use languages::{Catalogue, Place};

use crate::site::inputs::files_below;

const CRATES: [&str; 8] = ["languages", "domain", "sync", "store", "app", "client", "demo", "server"];

/// The simulator's world, its phones and its checks know each other; so do the protected tables of a municipality and a county.
const EXEMPT: [&str; 2] = ["sync::testing::simulator", "domain::protection"];

/// Folders of `app::phone` whose modules know `base`, `forms` and themselves.
const ROOMS: [&str; 4] = ["volunteer", "association", "device", "join"];

type Module = Vec<String>;

pub fn check(root: &Path) -> Result<()> {
    let mut problems = Vec::new();
    let texts = Catalogue::read(&root.join("domain/data/languages.csv"), &root.join("app/texts"))
        .map_err(|mistakes| anyhow!("app/texts: {}", mistakes.join("\n")))?;
    let places = texts.texts.iter().map(|text| (text.group.as_str(), text.place)).collect();
    for name in CRATES {
        let sources = files_below(&root.join(name).join("src"))?;
        let sources = sources.iter().filter(|(path, _)| path.ends_with(".rs"));
        let sources: Vec<_> = sources.map(|(path, text)| (path.as_str(), String::from_utf8_lossy(text))).collect();
        let modules: BTreeMap<Module, String> =
            sources.iter().map(|(path, text)| (module(path), without_tests(text).to_owned())).collect();
        let imports = imports(&modules);
        problems.extend(circles(name, &imports));
        if name == "client" {
            problems.extend(modules.iter().flat_map(|(module, text)| texts_of_app(module, text, &places)));
        }
        if name == "app" {
            problems.extend(between_rooms(&imports));
            problems.extend(texts_elsewhere(&imports, &places));
            let is_there =
                |room: &&str| imports.keys().any(|module| module.starts_with(&["phone".into(), (*room).into()]));
            problems.extend(ROOMS.iter().filter(|room| !is_there(room)).map(|room| format!("there is no room {room}")));
        }
    }
    if !problems.is_empty() {
        bail!("imports that go round or from room to room:\n{}", problems.join("\n"));
    }
    Ok(())
}

/// `phone/base/part.rs` is `phone::base::part`; the crate's own file is the empty path.
fn module(path: &str) -> Module {
    let path = path.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let parts = path.split('/').map(str::to_owned);
    parts.filter(|part| part != "lib" && part != "main").collect()
}

fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]").map_or(text, |at| &text[..at])
}

/// A `use` statement's path, and whether it passes the name on.
struct Use {
    path: Vec<String>,
    is_public: bool,
}

/// Which modules each module takes something from.
fn imports(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let uses: BTreeMap<&Module, Vec<Use>> = modules.iter().map(|(module, text)| (module, uses(text))).collect();
    // A name that a module passes on, and where it comes from.
    let mut passed_on: BTreeMap<(Module, String), Vec<String>> = BTreeMap::new();
    for (module, uses) in &uses {
        for one in uses.iter().filter(|one| one.is_public) {
            if let (Some(path), Some(name)) = (absolute(modules, module, &one.path), one.path.last()) {
                passed_on.insert(((*module).clone(), name.clone()), path);
            }
        }
    }
    let mut imports: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, uses) in uses {
        let from = imports.entry(module.clone()).or_default();
        // Passing on a name of one's own part is no import; passing on another room's is.
        let is_own = |path: &Vec<String>| path.starts_with(module);
        for one in uses {
            if one.is_public && absolute(modules, module, &one.path).is_none_or(|path| is_own(&path)) {
                continue;
            }
            let found = absolute(modules, module, &one.path).and_then(|path| resolve(modules, &passed_on, path, 8));
            from.extend(found.filter(|found| found != module));
        }
    }
    imports
}

/// The path from the crate's root; none of another crate's.
fn absolute(modules: &BTreeMap<Module, String>, module: &Module, path: &[String]) -> Option<Vec<String>> {
    let mut base = module.clone();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => (base, rest) = (Module::new(), &path[1..]),
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        child => {
            let mut child_module = module.clone();
            child_module.push(child.to_owned());
            modules.get(&child_module)?;
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The module that defines what a path names. `depth` ends what is passed on in a circle.
fn resolve(
    modules: &BTreeMap<Module, String>,
    passed_on: &BTreeMap<(Module, String), Vec<String>>,
    path: Vec<String>,
    depth: u32,
) -> Option<Module> {
    let length = (0..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
    let owner = path[..length].to_vec();
    let source = path.get(length).and_then(|name| passed_on.get(&(owner.clone(), name.clone())));
    match source {
        Some(source) if depth > 0 => {
            let rest = path[length + 1..].iter();
            resolve(modules, passed_on, source.iter().chain(rest).cloned().collect(), depth - 1)
        }
        _ => Some(owner),
    }
}

/// The paths of all `use` statements, and those that code names from the crate's root.
fn uses(text: &str) -> Vec<Use> {
    let mut found = Vec::new();
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default().trim();
        let is_statement = line.is_empty() || (line.starts_with("pub") && !line.contains(' '));
        let Some(end) = code[at..].find(';').filter(|_| is_statement) else { continue };
        let tree: String = code[at + 4..at + end].split_whitespace().collect::<Vec<_>>().join(" ");
        for path in expand(&tree) {
            found.push(Use { path, is_public: line.starts_with("pub") });
        }
    }
    for (at, _) in code.match_indices("crate::") {
        let is_begun = code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$');
        let path: String = code[at..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '_')).collect();
        // A tree of a `use` statement, which has been read.
        if !is_begun && !path.ends_with(':') {
            found.push(Use { path: path.split("::").map(str::to_owned).collect(), is_public: false });
        }
    }
    found
}

/// `a::{b, c::d as e}` as `a::b` and `a::c::d`.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    if let Some(inner) = tree.strip_prefix('{').and_then(|tree| tree.strip_suffix('}')) {
        return top_level(inner).into_iter().flat_map(expand).collect();
    }
    match tree.split_once("::") {
        Some((first, rest)) => {
            let with_first = |path: Vec<String>| [vec![first.trim().to_owned()], path].concat();
            expand(rest).into_iter().map(with_first).collect()
        }
        None => match tree.split(" as ").next().unwrap_or_default().trim() {
            "" => Vec::new(),
            "self" | "*" => vec![Vec::new()],
            name => vec![vec![name.to_owned()]],
        },
    }
}

/// Split at the commas that are in no braces.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

/// Each pair of modules from which each leads back to the other.
fn circles(name: &str, imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let is_exempt = |module: &Module| {
        let path = full(name, module);
        EXEMPT.iter().any(|exempt| path == *exempt || path.starts_with(&format!("{exempt}::")))
    };
    let reach = |from: &Module| {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Module> = imports.get(from).into_iter().flatten().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(imports.get(next).into_iter().flatten());
            }
        }
        reached
    };
    let mut found = Vec::new();
    for (module, targets) in imports.iter().filter(|(module, _)| !is_exempt(module)) {
        for target in targets.iter().filter(|target| !is_exempt(target) && reach(target).contains(module)) {
            found.push(format!("{} takes from {}, which leads back", full(name, module), full(name, target)));
        }
    }
    found
}

fn full(name: &str, module: &Module) -> String {
    [&[name.to_owned()], module.as_slice()].concat().join("::")
}

/// The phone's room of whose files a module is.
fn own_room(module: &Module) -> Option<String> {
    match module.as_slice() {
        [phone, room, ..] if phone == "phone" => Some(room.clone()),
        _ => None,
    }
}

/// Imports of the phone from a room to another, and to rooms from what knows none.
fn between_rooms(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let may = |from: &str, to: &str| match from {
        "seam" => true,
        "base" => to == "base",
        "forms" => matches!(to, "base" | "forms"),
        "first" => matches!(to, "base" | "first" | "seam"),
        room => to == room || matches!(to, "base" | "forms"),
    };
    let mut found = Vec::new();
    for (module, targets) in imports {
        let Some(from) = own_room(module) else { continue };
        for target in targets {
            if own_room(target).is_some_and(|to| !may(&from, &to)) {
                found.push(format!("{} takes from {}", full("app", module), full("app", target)));
            }
        }
    }
    found
}

/// Texts of a late room that something else takes, which would be drawn before they are there; and texts of every phone's file that
/// only one late room takes. `places` has the groups of texts.
fn texts_elsewhere(imports: &BTreeMap<Module, BTreeSet<Module>>, places: &BTreeSet<(&str, Place)>) -> Vec<String> {
    let mut found = Vec::new();
    for (group, place) in places {
        let texts: Module = vec!["texts".to_owned(), (*group).to_owned()];
        let users: Vec<&Module> = imports
            .iter()
            .filter(|(user, targets)| targets.contains(&texts) && !is_of_pages(user))
            .map(|(user, _)| user)
            .collect();
        match place {
            Place::Room(room) => {
                let others = users.iter().filter(|user| room_of(user, imports, places).as_deref() != Some(*room));
                let told =
                    |user: &&Module| format!("{} takes texts of the late room {room}: {group}", full("app", user));
                found.extend(others.map(told));
            }
            Place::Phone => {
                let rooms: BTreeSet<Option<String>> = users.iter().map(|user| room_of(user, imports, places)).collect();
                let late = places.iter().find_map(|(_, place)| match place {
                    Place::Room(room) if rooms == BTreeSet::from([Some((*room).to_owned())]) => Some(room),
                    _ => None,
                });
                let told =
                    |room| format!("only the late room {room} takes the texts of [{group}]: [{room}.{group}] it is");
                found.extend(late.map(told));
            }
            Place::Server => {}
        }
    }
    found
}

/// The room of a module: of a room's own, of the late room's that its texts come with, or of what one room alone takes.
fn room_of(
    module: &Module,
    imports: &BTreeMap<Module, BTreeSet<Module>>,
    places: &BTreeSet<(&str, Place)>,
) -> Option<String> {
    own_room(module).or_else(|| match module.as_slice() {
        [texts, group] if texts == "texts" => places.iter().find_map(|(name, place)| match place {
            Place::Room(room) if name == group => Some((*room).to_owned()),
            _ => None,
        }),
        [] => None,
        _ => {
            let users = imports.iter().filter(|(user, targets)| targets.contains(module) && !is_of_pages(user));
            let rooms: BTreeSet<Option<String>> = users.map(|(user, _)| own_room(user)).collect();
            if rooms.len() == 1 { rooms.into_iter().next().flatten() } else { None }
        }
    })
}

/// The server's pages have all texts.
fn is_of_pages(module: &Module) -> bool {
    module.first().is_some_and(|first| first == "server_pages")
}

/// The same of the client, which is in no room.
fn texts_of_app(module: &Module, text: &str, places: &BTreeSet<(&str, Place)>) -> Vec<String> {
    let is_late = |path: &[String], group: &str| path.starts_with(&["app", "texts", group].map(str::to_owned));
    let mut found = Vec::new();
    for (group, place) in places {
        if let Place::Room(room) = place
            && uses(text).iter().any(|one| is_late(&one.path, group))
        {
            found.push(format!("{} takes texts of the late room {room}: {group}", full("client", module)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> BTreeMap<Module, BTreeSet<Module>> {
        let modules = files.iter().map(|(path, text)| (module(path), without_tests(text).to_owned())).collect();
        imports(&modules)
    }

    #[test]
    fn a_circle_is_found_wherever_it_is_named() {
        let a = ("a.rs", "use crate::b::{c::Thing, Other};");
        for b in ["use crate::a::Word;", "fn f() { crate::a::word() }", "use super::{a::{self, Word as W}};"] {
            let found = circles("x", &tree(&[("lib.rs", ""), a, ("b.rs", ""), ("b/c.rs", b)]));
            let is_found = found.contains(&"x::a takes from x::b::c, which leads back".to_owned());
            assert_eq!(is_found, !b.starts_with("use super"), "{b}: {found:?}");
        }
        let found = circles("x", &tree(&[("lib.rs", ""), a, ("b.rs", "use super::{a::{self, Word as W}};")]));
        assert_eq!(found.len(), 2, "{found:?}");
        let tests = "#[cfg(test)]\nmod tests { use crate::a::Word; }";
        assert_eq!(circles("x", &tree(&[("lib.rs", ""), a, ("b.rs", tests)])), [""; 0]);
    }

    #[test]
    fn a_name_that_is_passed_on_is_its_definers() {
        let files = [
            ("lib.rs", ""),
            ("b.rs", "pub use self::c::Thing;\npub use d::Other;"),
            ("b/c.rs", "use super::Other;"),
            ("b/d.rs", "fn f() {}"),
        ];
        assert_eq!(circles("x", &tree(&files)), [""; 0]);
    }

    #[test]
    fn a_late_rooms_texts_are_the_rooms_and_nobody_elses() {
        let places = BTreeSet::from([
            ("board", Place::Room("association")),
            ("common", Place::Phone),
            ("members", Place::Phone),
            ("pages", Place::Server),
        ]);
        let taken = |path: &str, text: &str| {
            texts_elsewhere(
                &tree(&[
                    ("texts.rs", ""),
                    ("texts/board.rs", "pub use super::common::month_name;"),
                    ("texts/common.rs", ""),
                    ("texts/members.rs", ""),
                    ("phone/association/board.rs", "use crate::{phone::base::words::W, texts::{board as t, common}};"),
                    ("phone/base/words.rs", "use crate::texts::common;"),
                    (path, text),
                ]),
                &places,
            )
        };
        for user in
            ["phone/first/frame", "phone/base/part", "phone/seam", "phone/volunteer/record", "texts/problems", "format"]
        {
            let name = format!("app::{}", user.replace('/', "::"));
            for text in [
                "use crate::texts::{common, board};",
                "fn f() { crate::texts::board::close(lang) }",
                "use crate::texts::board::close;",
            ] {
                let said = taken(&format!("{user}.rs"), text);
                assert_eq!(said, [format!("{name} takes texts of the late room association: board")], "{text}");
            }
        }
        for user in ["phone/association/board/cell.rs", "server_pages/own.rs"] {
            assert_eq!(taken(user, "use crate::texts::board as t;"), [""; 0]);
        }
        // What only the room takes is the room's, wherever it stands.
        let acts = "use crate::texts::board as t;";
        assert_eq!(taken("acts.rs", acts), ["app::acts takes texts of the late room association: board"]);
        let two = |user: &str| {
            let files = [("acts.rs", acts), ("texts/board.rs", ""), (user, "use crate::acts::sentence;")];
            texts_elsewhere(&tree(&files), &places)
        };
        assert_eq!(two("phone/association/log.rs"), [""; 0]);
        assert_eq!(two("phone/first/home.rs"), ["app::acts takes texts of the late room association: board"]);
        let client = vec!["services".to_owned()];
        let said = texts_of_app(&client, "use app::{phone::Services, texts::{self, board}};", &places);
        assert_eq!(said, ["client::services takes texts of the late room association: board"]);
        assert_eq!(texts_of_app(&client, "use app::{phone::Services, texts::{self, common}};", &places), [""; 0]);
        // And the other way round: what it alone takes is no other phone's.
        let said = taken("phone/association/people.rs", "use crate::texts::members;");
        assert_eq!(said, ["only the late room association takes the texts of [members]: [association.members] it is"]);
    }

    #[test]
    fn rooms_know_the_base_and_the_forms_and_not_each_other() {
        let files = [
            ("phone/base/words.rs", "use crate::phone::volunteer::record::Row;"),
            ("phone/first/home.rs", "use crate::phone::{base::words::W, seam, association::month::M};"),
            ("phone/forms/counter.rs", "use crate::phone::base::words::W;"),
            (
                "phone/volunteer/record.rs",
                "use crate::phone::forms::counter::C;\npub use crate::phone::association::month::M;",
            ),
            ("phone/association/month.rs", "use crate::phone::base::words::W;"),
            ("phone/seam.rs", "use super::{association::month::M, volunteer::record::R};"),
        ];
        let expected = [
            "app::phone::base::words takes from app::phone::volunteer::record",
            "app::phone::first::home takes from app::phone::association::month",
            "app::phone::volunteer::record takes from app::phone::association::month",
        ];
        assert_eq!(between_rooms(&tree(&files)), expected);
    }
}
