//! The three-way merge (S11), by groups of fields that belong together.

use domain::{Content, Kind, record::field_group};
use litemap::LiteMap;

/// What two edits of one record give together.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Theirs, with every group laid over it that only mine changed.
    pub content: Content,
    /// Fields that both changed differently; theirs stand in `content`.
    pub clashed: Vec<String>,
    /// Whether anything of mine was taken that theirs did not say.
    pub took_mine: bool,
}

/// Merges `mine` into `theirs`, both made from `base`. All three are whole contents.
pub fn three_way(kind: Kind, base: &Content, theirs: &Content, mine: &Content) -> Merged {
    let mut names: Vec<&String> = base.keys().chain(theirs.keys()).chain(mine.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let mut groups: LiteMap<&str, Vec<&String>> = LiteMap::new();
    for name in names {
        groups.entry(field_group(kind, name)).or_default().push(name);
    }
    let mut merged = Merged { content: theirs.clone(), clashed: Vec::new(), took_mine: false };
    for fields in groups.values() {
        let differ = |a: &Content, b: &Content| fields.iter().any(|name| a.get(*name) != b.get(*name));
        if !differ(mine, base) || !differ(mine, theirs) {
            continue;
        }
        if differ(theirs, base) {
            merged
                .clashed
                .extend(fields.iter().filter(|name| mine.get(**name) != theirs.get(**name)).map(|n| (*n).clone()));
            continue;
        }
        merged.took_mine = true;
        for name in fields {
            match mine.get(*name) {
                Some(value) => merged.content.insert((*name).clone(), value.clone()),
                None => merged.content.remove(*name),
            };
        }
    }
    merged
}

/// Lays a later edit over what the server made of the earlier one (S5): the groups that `later` changed since `sent` are the
/// user's last word, all others are the server's.
pub fn rebase(kind: Kind, sent: &Content, later: &Content, stored: &Content) -> Content {
    let merged = three_way(kind, sent, stored, later);
    let mut content = merged.content;
    for name in &merged.clashed {
        match later.get(name) {
            Some(value) => content.insert(name.clone(), value.clone()),
            None => content.remove(name),
        };
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn content(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    #[test]
    fn edits_of_different_groups_both_stand() {
        let base = content(json!({"participants": 14, "note": "a"}));
        let theirs = content(json!({"participants": 12, "note": "a"}));
        let mine = content(json!({"participants": 14, "note": "b", "place": "Seurala"}));
        let merged = three_way(Kind::Gathering, &base, &theirs, &mine);
        assert_eq!(merged.content, content(json!({"participants": 12, "note": "b", "place": "Seurala"})));
        assert!(merged.clashed.is_empty() && merged.took_mine);
    }

    #[test]
    fn two_counts_of_one_gathering_clash_and_the_servers_stays() {
        let base = content(json!({"participants": 14}));
        let theirs = content(json!({"participants": 12}));
        let mine = content(json!({"participants": 15}));
        let merged = three_way(Kind::Gathering, &base, &theirs, &mine);
        assert_eq!((merged.content, merged.clashed), (theirs, vec!["participants".to_owned()]));
    }

    #[test]
    fn a_breakdown_clashes_with_another_head_count() {
        let base = content(json!({"participants": 14}));
        let theirs = content(json!({"participants": 12}));
        let mine = content(json!({"participants": 14, "ages": {"75": 14}}));
        assert_eq!(three_way(Kind::Gathering, &base, &theirs, &mine).clashed, ["ages", "participants"]);
    }

    #[test]
    fn the_same_edit_twice_is_no_clash() {
        let base = content(json!({"participants": 14}));
        let edit = content(json!({"participants": 12}));
        let merged = three_way(Kind::Gathering, &base, &edit, &edit);
        assert!(merged.clashed.is_empty() && !merged.took_mine);
    }

    #[test]
    fn a_later_edit_keeps_what_others_said_of_other_fields() {
        let sent = content(json!({"participants": 14, "note": "a"}));
        let later = content(json!({"participants": 15, "note": "a"}));
        let stored = content(json!({"participants": 14, "note": "b"}));
        assert_eq!(rebase(Kind::Gathering, &sent, &later, &stored), content(json!({"participants": 15, "note": "b"})));
    }

    fn some_content() -> impl Strategy<Value = Content> {
        prop::collection::btree_map(
            prop::sample::select(vec!["participants", "ages", "volunteers", "note", "place", "date", "x"]),
            0..3_i32,
            0..5,
        )
        .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect())
    }

    proptest! {
        #[test]
        fn merging_is_quiet_when_one_side_did_nothing(base in some_content(), edit in some_content()) {
            let mine_only = three_way(Kind::Gathering, &base, &base, &edit);
            prop_assert_eq!(&mine_only.content, &edit);
            prop_assert!(mine_only.clashed.is_empty());
            let theirs_only = three_way(Kind::Gathering, &base, &edit, &base);
            prop_assert_eq!(&theirs_only.content, &edit);
            prop_assert!(theirs_only.clashed.is_empty() && !theirs_only.took_mine);
        }

        #[test]
        fn both_orders_agree_on_what_clashes(base in some_content(), a in some_content(), b in some_content()) {
            let one = three_way(Kind::Gathering, &base, &a, &b);
            let other = three_way(Kind::Gathering, &base, &b, &a);
            prop_assert_eq!(&one.clashed, &other.clashed);
            if one.clashed.is_empty() {
                prop_assert_eq!(one.content, other.content);
            }
        }

        #[test]
        fn every_value_of_mine_is_taken_or_named_as_clashing(
            base in some_content(), theirs in some_content(), mine in some_content()
        ) {
            let merged = three_way(Kind::Gathering, &base, &theirs, &mine);
            for (name, value) in &mine {
                let kept = base.get(name) == Some(value) || merged.content.get(name) == Some(value);
                prop_assert!(kept || merged.clashed.contains(name), "{} was lost", name);
            }
        }
    }
}
