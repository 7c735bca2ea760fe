//! Any bytes as an answer or a file: an entry is dropped only for a receipt that names its change, its record and the
//! hash of its content.

#![no_main]

use domain::{AssociationId, ChangeId, Content, Kind, RecordId};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use sync::{
    Body, Outbox, file,
    outbox::Edit,
    protocol::{OfferReply, Outcome, PullReply, PushReply},
};

const ASSOCIATION: AssociationId = AssociationId::from_bytes([9; 16]);

fuzz_target!(|bytes: &[u8]| {
    let outbox = three_waiting();
    let batch: Vec<ChangeId> = outbox.entries.values().map(|entry| entry.change).collect();
    if let Ok(reply) = serde_json::from_slice::<PushReply>(bytes) {
        let (writes, _) = outbox.settle(&batch, &reply.results, reply.server_time);
        for change in &writes.drop_entries {
            let entry = outbox.entry(*change).expect("only what was there");
            let is_receipt = reply.results.iter().any(|result| {
                result.change == *change
                    && result.record == entry.record
                    && result.sent_hash == entry.body.hash()
                    && !matches!(result.outcome, Outcome::Refused)
            });
            assert!(is_receipt, "S4: {change} went without a receipt");
        }
    }
    if let Ok(reply) = serde_json::from_slice::<PullReply>(bytes) {
        let writes = outbox.pulled(ASSOCIATION, &reply);
        assert!(writes.drop_entries.is_empty(), "S4: a pull dropped what waits");
        let mut after = outbox.clone();
        after.apply(&writes);
        assert_eq!(after.entries.len(), outbox.entries.len());
    }
    let _ = serde_json::from_slice::<OfferReply>(bytes);
    if let Ok(filed) = std::str::from_utf8(bytes).map_err(drop).and_then(|text| file::read(text, true).map_err(drop)) {
        let mut after = outbox.clone();
        after.apply(&outbox.take_in(&filed.changes));
        assert!(after.entries.len() >= outbox.entries.len());
        assert!(after.take_in(&filed.changes).is_empty(), "a file taken in twice");
    }
});

fn three_waiting() -> Outbox {
    let mut outbox = Outbox::default();
    for n in 1..=3_u8 {
        let content: Content = json!({"participants": n}).as_object().cloned().unwrap_or_default();
        let writes = outbox.edit(Edit {
            change: ChangeId::from_bytes([n; 16]),
            association: ASSOCIATION,
            record: RecordId::from_bytes([n; 16]),
            kind: Kind::Gathering,
            body: Body::Content(content),
            made_at: 0,
        });
        outbox.apply(&writes);
    }
    outbox
}
