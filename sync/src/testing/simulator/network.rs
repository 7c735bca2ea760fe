//! The network: requests and replies, and which faults befall them.

use domain::{AssociationId, ChangeId, UserId};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    faults::Fault,
    world::{DAY, HOUR, MINUTE, What, World, number},
};
use crate::{
    canonical::text_hash,
    engine::{Event, Failure},
    protocol::{OfferRequest, PUSH_MAGIC, PushRequest},
    rules::read_changes,
    testing::memory_server::SimServer,
};

/// A request.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    Push(Box<PushRequest>),
    Pull { user: UserId, association: AssociationId, after: u64, epoch: String },
    Offer(Box<OfferRequest>),
}

/// What will become of a request that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Normal,
    /// Its reply meets this.
    Reply(Fault),
}

const ON_THE_WAY: [Fault; 20] = [
    Fault::RequestLost,
    Fault::RequestLost,
    Fault::ReplyLost,
    Fault::ReplyLost,
    Fault::ReplyCut,
    Fault::Late,
    Fault::Late,
    Fault::Twice,
    Fault::AfterNewer,
    Fault::CaptivePortal,
    Fault::Redirect,
    Fault::NoContent,
    Fault::ServerError,
    Fault::RetryLater,
    Fault::HeadersStripped,
    Fault::WrongJson,
    Fault::OtherOrder,
    Fault::TooLarge,
    Fault::KilledBeforeCommit,
    Fault::KilledAfterCommit,
];

/// A body with its status, as the driver of a browser reads it: whatever is not the answer that was asked for is a failure.
fn read_answer<T: DeserializeOwned>(status: u16, is_json: bool, body: &str) -> Result<T, Failure> {
    match status {
        200 if is_json => serde_json::from_str(body).map_err(|_| Failure::NoAnswer),
        401 | 403 => Err(Failure::SignIn),
        413 => Err(Failure::TooLarge),
        426 => Err(Failure::UpdateFirst),
        _ => Err(Failure::NoAnswer),
    }
}

impl<S: SimServer> World<S> {
    /// Puts a request on the wire.
    pub(super) fn ask(&mut self, phone: usize, page: u64, ask: Ask) {
        let Some(known) = self.phones[phone].pages.iter().find(|known| known.id == page) else { return };
        let contact = known.engine.contact();
        let cookie = self.phones[phone].cookie;
        let after = 20 + self.dice.below(2_000);
        let mut fate = Fate::Normal;
        if self.faults {
            if self.now < self.phones[phone].offline_until {
                let fault = if self.dice.chance(80) { Fault::NameNotFound } else { Fault::TlsFailure };
                self.tally.count(fault);
                return self.answer(phone, page, contact, 50, ask.failed(Failure::NoAnswer));
            }
            if self.dice.chance(14)
                && let Some(fault) = self.dice.pick(&ON_THE_WAY)
            {
                self.tally.count(fault);
                self.say(format_args!("phone {phone} meets {}", fault.name()));
                match fault {
                    Fault::RequestLost => return,
                    Fault::CaptivePortal => {
                        let event = ask.read(200, false, "<!doctype html><title>Welcome</title>");
                        return self.answer(phone, page, contact, after, event);
                    }
                    Fault::Redirect => return self.answer(phone, page, contact, after, ask.read(302, false, "")),
                    Fault::NoContent => return self.answer(phone, page, contact, after, ask.read(204, true, "")),
                    Fault::ServerError => return self.answer(phone, page, contact, after, ask.read(500, true, "{}")),
                    Fault::RetryLater => return self.answer(phone, page, contact, after, ask.read(503, true, "{}")),
                    Fault::TooLarge if ask.can_be_halved() => {
                        return self.answer(phone, page, contact, after, ask.read(413, false, ""));
                    }
                    Fault::WrongJson => {
                        let body = ask.wrong(self.dice.chance(50)).to_string();
                        return self.answer(phone, page, contact, after, ask.read(200, true, &body));
                    }
                    Fault::KilledBeforeCommit => {
                        return self.answer(phone, page, contact, after, ask.failed(Failure::NoAnswer));
                    }
                    Fault::Twice | Fault::AfterNewer => {
                        let later = match fault {
                            Fault::Twice => self.dice.below(2 * MINUTE),
                            _ => HOUR + self.dice.below(2 * DAY),
                        };
                        let copy = What::Request { phone, page, contact, cookie, ask: ask.clone(), fate };
                        self.plan(after + later, copy);
                    }
                    other => fate = Fate::Reply(other),
                }
            }
        }
        self.plan(after, What::Request { phone, page, contact, cookie, ask, fate });
    }

    fn answer(&mut self, phone: usize, page: u64, contact: u64, after: u64, event: Event) {
        let generation = self.generation;
        self.plan(after, What::Reply { phone, page, contact, generation, event });
    }

    /// A request is at the server.
    pub(super) fn arrives(
        &mut self,
        phone: usize,
        page: u64,
        contact: u64,
        cookie: Option<UserId>,
        ask: &Ask,
        fate: Fate,
    ) {
        let association = number(ask.association());
        let who = cookie.and_then(|user| self.who(user, association));
        let Some(mut who) = who else {
            let status = if cookie.is_some() { 403 } else { 401 };
            return self.answer(phone, page, contact, 100, ask.read(status, true, "{}"));
        };
        who.device = self.phones[phone].device;
        let event = match ask {
            Ask::Push(request) => {
                let reply = self.servers[association].push(&who, request, self.now as i64);
                self.observe_push(association, &who, request, &reply);
                Event::Pushed(reply)
            }
            Ask::Pull { user, after, epoch, .. } => {
                Event::Pulled(self.servers[association].pull(&who, *user, *after, epoch))
            }
            Ask::Offer(request) => {
                let reply = self.servers[association].offer(&who, request);
                self.observe_offer(phone, association, request, &reply);
                Event::Offered(reply)
            }
        };
        let mut after = 20 + self.dice.below(2_000);
        let event = match fate {
            Fate::Normal | Fate::Reply(Fault::TooLarge) => event,
            Fate::Reply(Fault::ReplyLost) => return,
            Fate::Reply(Fault::KilledAfterCommit) => ask.failed(Failure::NoAnswer),
            Fate::Reply(Fault::Late) => {
                // Within its lease, or long after.
                after = if self.dice.chance(50) { self.dice.below(40_000) } else { MINUTE + self.dice.below(HOUR / 2) };
                event
            }
            Fate::Reply(Fault::OtherOrder) => other_order(event),
            Fate::Reply(fault) => {
                let text = body(&event);
                let cut = match fault {
                    Fault::ReplyCut => self.dice.below(text.len().max(1) as u64) as usize,
                    _ => text.len(),
                };
                ask.read(200, fault != Fault::HeadersStripped, text.get(..cut).unwrap_or_default())
            }
        };
        // Some of what arrives whole is read from its text, too.
        let event = if self.dice.one_in(50) && is_answer(&event) { ask.read(200, true, &body(&event)) } else { event };
        self.answer(phone, page, contact, after, event);
    }
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Pushed(Ok(_)) | Event::Pulled(Ok(_)) | Event::Offered(Ok(_)))
}

fn body(event: &Event) -> String {
    fn text(reply: &impl Serialize) -> String {
        serde_json::to_string(reply).unwrap_or_default()
    }
    match event {
        Event::Pushed(Ok(reply)) => text(reply),
        Event::Pulled(Ok(reply)) => text(reply),
        Event::Offered(Ok(reply)) => text(reply),
        _ => String::new(),
    }
}

fn other_order(event: Event) -> Event {
    match event {
        Event::Pushed(Ok(mut reply)) => {
            reply.results.reverse();
            Event::Pushed(Ok(reply))
        }
        other => other,
    }
}

impl Ask {
    fn association(&self) -> AssociationId {
        match self {
            Ask::Push(request) => request.association,
            Ask::Pull { association, .. } => *association,
            Ask::Offer(request) => request.association,
        }
    }

    fn failed(&self, failure: Failure) -> Event {
        match self {
            Ask::Push(_) => Event::Pushed(Err(failure)),
            Ask::Pull { .. } => Event::Pulled(Err(failure)),
            Ask::Offer(_) => Event::Offered(Err(failure)),
        }
    }

    fn read(&self, status: u16, is_json: bool, body: &str) -> Event {
        match self {
            Ask::Push(_) => Event::Pushed(read_answer(status, is_json, body)),
            Ask::Pull { .. } => Event::Pulled(read_answer(status, is_json, body)),
            Ask::Offer(_) => Event::Offered(read_answer(status, is_json, body)),
        }
    }

    /// What is too large alone has to be mended, and nothing here is.
    fn can_be_halved(&self) -> bool {
        match self {
            Ask::Push(request) => request.changes.len() > 1,
            Ask::Pull { .. } => false,
            Ask::Offer(request) => request.holds.len() + request.records.len() > 1,
        }
    }

    /// JSON that did not come from our server: another service's that looks like ours, or a confused cache's with our magic
    /// word and receipts for something else.
    fn wrong(&self, is_cache: bool) -> Value {
        match self {
            Ask::Push(request) => {
                let changes = read_changes(&request.changes).unwrap_or_default();
                let results = changes.into_iter().flatten().map(|change| {
                    let hash = crate::canonical::body_hash(change.content.as_ref());
                    let sent_hash = if is_cache { text_hash("something else") } else { hash };
                    json!({"change": change.change, "outcome": "stored", "record": change.record, "rev": 1, "seq": 1,
                           "sent_hash": sent_hash})
                });
                let results: Vec<Value> = results.collect();
                let magic = if is_cache { PUSH_MAGIC } else { "other-service-1" };
                json!({"magic": magic, "epoch": request.epoch, "server_time": 0, "results": results})
            }
            Ask::Pull { epoch, .. } => {
                json!({"magic": "other-service-1", "epoch": epoch, "records": [], "next": 1_000_000, "more": false})
            }
            Ask::Offer(request) => json!({"magic": "other-service-1", "epoch": request.epoch, "wanted": []}),
        }
    }

    /// The changes of a push, with the revision that each started from.
    pub(super) fn bases(request: &PushRequest) -> Vec<(ChangeId, u32)> {
        request
            .changes
            .iter()
            .filter_map(|item| {
                let change = ChangeId::parse(item.get("change")?.as_str()?)?;
                Some((change, item.get("base").and_then(Value::as_u64).unwrap_or(0) as u32))
            })
            .collect()
    }
}
