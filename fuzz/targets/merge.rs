//! Any bytes as three forms of one gathering: every merged value comes from one of them, and nobody's edit vanishes.

#![no_main]

use domain::{Content, Kind, record::field_group};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sync::merge::{rebase, three_way};

const FIELDS: [&str; 10] =
    ["participants", "first_timers", "ages", "volunteers", "duration", "date", "days", "place", "note", "weather"];

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.iter().copied();
    let kind = if bytes.next().is_some_and(|byte| byte % 4 == 0) { Kind::Series } else { Kind::Gathering };
    let (base, theirs, mine) = (content(&mut bytes), content(&mut bytes), content(&mut bytes));
    let merged = three_way(kind, &base, &theirs, &mine);
    for name in FIELDS {
        let (was, is, wanted) = (base.get(name), theirs.get(name), mine.get(name));
        let value = merged.content.get(name);
        assert!(value == is || value == wanted, "{name} is nobody's");
        let clashes = merged.clashed.iter().any(|clashed| field_group(kind, clashed) == field_group(kind, name));
        if clashes {
            assert_eq!(value, is, "of a clash the server's stands");
        } else if was == is && wanted != was {
            assert_eq!(value, wanted, "an edit of {name} that nobody contradicted vanished");
        }
    }
    assert_eq!(three_way(kind, &base, &theirs, &base).content, theirs);
    assert!(three_way(kind, &base, &base, &mine).clashed.is_empty());
    assert_eq!(rebase(kind, &base, &mine, &base), three_way(kind, &base, &base, &mine).content);
});

/// Some of the fields, each absent, cleared, or one of a few values.
fn content(bytes: &mut impl Iterator<Item = u8>) -> Content {
    let value = |byte: u8| match byte % 5 {
        0 => None,
        1 => Some(Value::Null),
        n => Some(Value::from(n)),
    };
    FIELDS.into_iter().filter_map(|name| Some((name.to_owned(), value(bytes.next()?)?))).collect()
}
