//! A municipality with associations, each with one reviewer who is signed in on one phone and also records.

use std::{
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::http::HeaderMap;
use domain::{AssociationId, ChangeId, DeviceId, Kind, RecordId, Role, UserId, date};
use serde_json::{Value, json};
use server::{
    Server,
    clock::Clock,
    identity::sign_in::{self, NewSignIn},
    store::{Way, sqlite::SqliteStore},
};
use sync::{
    protocol::Change,
    rules::{self, Who},
};
use uuid::{NoContext, Timestamp, Uuid};

/// The coordinator's municipality.
pub const MUNICIPALITY: &str = "755";

/// A reviewer's phone.
#[derive(Clone, Debug)]
pub struct Phone {
    pub association: AssociationId,
    pub user: UserId,
    pub device: DeviceId,
    pub series: RecordId,
    pub municipality: &'static str,
    pub cookie: String,
}

/// The `n`th association's phone; the same in every run.
pub fn phone(n: usize, municipality: &'static str) -> Phone {
    let id = |sort: u8| {
        let [.., a, b, c, d] = n.to_be_bytes();
        Uuid::from_bytes([sort, a, b, c, d, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, sort])
    };
    Phone {
        association: AssociationId::new(id(1)),
        user: UserId::new(id(2)),
        device: DeviceId::new(id(3)),
        series: RecordId::new(id(4)),
        municipality,
        cookie: String::new(),
    }
}

/// As a phone makes it.
fn new_id() -> Uuid {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Uuid::new_v7(Timestamp::from_unix(NoContext, now.as_secs(), now.subsec_nanos()))
}

impl Phone {
    pub fn who(&self, role: Role, today: domain::Date) -> Who {
        let Phone { user, device, association, .. } = *self;
        Who { user, device, association, role, volunteers_set_up_series: true, volunteers_change_others: false, today }
    }

    /// A club meeting some days ago, as a phone sends it: with an id of its own, and now and then a word about it.
    pub fn gathering(&self, n: usize, today: domain::Date) -> Change {
        let day = date::plus_days(today, -i32::try_from(n * 7 % 600).unwrap_or(0));
        let mut content = json!({
            "series": self.series, "form": "kerho", "date": day.to_string(), "municipality": self.municipality,
            "participants": 6 + n * 7 % 17, "volunteers": 1 + n % 3, "volunteer_quarter_hours": 8 + n % 3 * 4,
        });
        if n.is_multiple_of(10) {
            content["note"] = json!("Kahvit keitettiin kahteen kertaan.");
        }
        Change {
            change: ChangeId::new(new_id()),
            record: RecordId::new(new_id()),
            kind: Kind::Gathering,
            base: 0,
            content: content.as_object().cloned(),
            deleted: false,
            made_at: 0,
            filed: false,
        }
    }

    pub fn push_body(&self, changes: &[Value], counter: usize) -> Vec<u8> {
        json!({"magic": "hytevihko-push-1", "user": self.user, "association": self.association, "device": self.device,
               "schema": 1, "counter": counter, "waiting": changes.len(), "changes": changes})
        .to_string()
        .into_bytes()
    }
}

/// Opens the database of a data folder with all that a server has.
pub async fn open(folder: &Path) -> Server {
    std::fs::create_dir_all(folder).expect("a folder");
    let store = SqliteStore::open(&folder.join("hytevihko.db")).await.expect("a database");
    Server::new(Arc::new(store), Clock::new(None).expect("a clock"), false).await.expect("a server")
}

/// Writes changes with the rules, without a socket.
pub async fn take(server: &Server, who: &Who, changes: Vec<Change>) {
    let changes: Vec<_> = changes.into_iter().map(Ok).collect();
    let mut tx = server.store.begin(&[who.association]).await.expect("begin");
    let loaded = tx.load(who.association, &rules::keys(&changes)).await.expect("load");
    let (results, writes) = rules::decide(loaded, who, &changes);
    assert!(results.iter().all(|result| result.seq > 0), "{results:?}");
    tx.apply(who.association, &writes, server.clock.now_ms()).await.expect("apply");
    tx.commit().await.expect("commit");
}

/// Adds the phone's association, with a series and its user.
pub async fn found(server: &Server, phone: &Phone) {
    let change = |kind, record, content: Value| Change {
        change: ChangeId::new(new_id()),
        record,
        kind,
        base: 0,
        content: content.as_object().cloned(),
        deleted: false,
        made_at: 0,
        filed: false,
    };
    let own = RecordId::new(phone.association.uuid());
    let home = phone.municipality;
    let setup = vec![
        change(Kind::Association, own, json!({"name": "Kyläyhdistys ry", "home": home})),
        change(
            Kind::Series,
            phone.series,
            json!({"name": "Maanantaikerho", "form": "kerho", "municipality": home, "weekday": 0}),
        ),
    ];
    take(server, &phone.who(Role::Reviewer, server.clock.today()), setup).await;
    server.store.add_person(phone.user, "Sihteeri").await.expect("a person");
    // A reviewer is given everything, whatever day it is.
    server.store.add_member(phone.association, phone.user, Role::Reviewer).await.expect("a member");
}

/// The `Cookie` header of a new sign-in.
pub async fn sign_in(server: &Server, user: UserId) -> String {
    let new = NewSignIn { user, way: Way::Invitation, is_own_device: true };
    let cookies = sign_in::sign_in(server, &HeaderMap::new(), new).await.expect("a sign-in");
    let cookie = &cookies[0];
    cookie.split(';').next().unwrap_or_default().to_owned()
}
