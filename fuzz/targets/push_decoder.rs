//! Any bytes as a push: decoded, decided twice by the real rules, and answered as promised.

#![no_main]

use domain::{Date, Role};
use libfuzzer_sys::fuzz_target;
use sync::{
    protocol::{OfferRequest, PushRequest},
    rules::{self, Who},
    testing::memory_server::{MemoryServer, SimServer},
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = serde_json::from_slice::<PushRequest>(bytes) {
        push(&request);
    }
    if let Ok(request) = serde_json::from_slice::<OfferRequest>(bytes) {
        let who = who(&request.user, &request.device, &request.association);
        let mut server = MemoryServer::new(&request.epoch);
        let first = server.offer(&who, &request);
        let newest = server.newest().len();
        let again = server.offer(&who, &request);
        assert_eq!(first.is_ok(), again.is_ok());
        assert_eq!(server.newest().len(), newest, "S9: an offer had its effect twice");
    }
});

fn who(user: &domain::UserId, device: &domain::DeviceId, association: &domain::AssociationId) -> Who {
    Who {
        user: *user,
        device: *device,
        association: *association,
        role: Role::Reviewer,
        volunteers_set_up_series: true,
        volunteers_change_others: true,
        today: Date::constant(2026, 11, 22),
    }
}

fn push(request: &PushRequest) {
    let who = who(&request.user, &request.device, &request.association);
    let mut server = MemoryServer::new(&request.epoch);
    let Ok(reply) = server.push(&who, request, 0) else { return };
    let read = rules::read_changes(&request.changes).unwrap_or_default();
    assert_eq!(reply.results.len(), read.len(), "S6: a change without a result of its own");
    for (change, result) in read.iter().zip(&reply.results) {
        let named = change.as_ref().map_or_else(|refusal| refusal.change, |change| change.change);
        assert_eq!(named, result.change, "S4: a result that names another change");
    }
    let stored = server.added(0).len();
    let again = server.push(&who, request, 1).expect("taken once, taken twice");
    assert_eq!(server.added(0).len(), stored, "S5: a repeat had an effect");
    for (first, second) in reply.results.iter().zip(&again.results) {
        assert_eq!((first.change, first.outcome, first.rev), (second.change, second.outcome, second.rev), "S5");
    }
}
