//! Fills an empty database with the plan of the crate `demo`, and names the three people to sign in as.

mod tour;

pub use tour::{LOOKED, tour};

use ::demo::{DEMO_MUNICIPALITY, PlannedAssociation, PlannedReview};
use domain::{Area, AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, Role, UserId, codes::Municipality};
use serde_json::json;
use sync::{
    protocol::Change,
    rules::{self, ReadChange, Who},
};
use uuid::Uuid;

use crate::{
    Server,
    reports::releases,
    store::{Fact, Result, Store, StoreError, repeated},
};

/// Changes in one transaction while the demo is filled in.
const CHANGES_AT_A_TIME: usize = 500;

/// Whom the front page's three buttons sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoPerson {
    Volunteer,
    Reviewer,
    Coordinator,
}

impl DemoPerson {
    /// The button's value.
    pub fn parse(value: &str) -> Option<DemoPerson> {
        match value {
            "vapaaehtoinen" => Some(DemoPerson::Volunteer),
            "sihteeri" => Some(DemoPerson::Reviewer),
            "koordinaattori" => Some(DemoPerson::Coordinator),
            _ => None,
        }
    }

    pub fn user(self) -> UserId {
        UserId::from_bytes([0xd0 + self as u8; 16])
    }

    /// Where the person goes first.
    pub fn first_page(self) -> &'static str {
        match self {
            DemoPerson::Volunteer => "/app",
            DemoPerson::Reviewer => "/app/yhdistys",
            DemoPerson::Coordinator => "/kunta",
        }
    }
}

/// Why a database is not served with the demo, or without it: invented people and real ones are never in one database, and
/// whoever pressed one of the demo's buttons is not signed in where the buttons are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixed {
    /// `--demo` over somebody's real database.
    DemoOverReal,
    /// A demo's database without `--demo`.
    RealOverDemo,
}

impl std::fmt::Display for Mixed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Mixed::DemoOverReal => {
                "this is a real database, and --demo would let anybody in and put invented people into it: start without \
                 --demo, or give the demo an empty folder with --data"
            }
            Mixed::RealOverDemo => {
                "this database was filled with --demo, and everything in it is invented: start with --demo, or name an empty \
                 folder with --data for real use"
            }
        })
    }
}

impl std::error::Error for Mixed {}

/// Whether a database may be served with the demo or without it: an empty one either way, any other as it began.
pub async fn mixed(store: &dyn Store, with_demo: bool) -> Result<Option<Mixed>> {
    let is_demo = store.fact(Fact::Demo).await?.is_some();
    Ok(match (is_demo, with_demo) {
        (true, false) => Some(Mixed::RealOverDemo),
        (false, true) if !store.is_empty().await? => Some(Mixed::DemoOverReal),
        _ => None,
    })
}

/// Fills an empty database with the demo and marks it as one; where it stopped half-way, it goes on. A database that has it all
/// is left as it is. Only where [`mixed`] finds nothing.
pub async fn fill(server: &Server) -> Result<()> {
    if server.store.person(DemoPerson::Coordinator.user()).await?.is_some() {
        return Ok(());
    }
    // Before the first row: a database that a crash left with a part of the demo is a demo.
    server.store.set_fact(Fact::Demo, "1").await?;
    for (index, association) in ::demo::plan(server.clock.today()).iter().enumerate() {
        add_association(server, association, index == 0).await?;
    }
    let coordinator = DemoPerson::Coordinator.user();
    server.store.add_person(coordinator, "Kunnan koordinaattori").await?;
    let municipality = Municipality::parse(DEMO_MUNICIPALITY).ok_or(StoreError::Damaged("the demo's municipality"))?;
    server.store.add_coordinator(coordinator, Area::Municipality(municipality)).await?;
    releases::begin_with_history(server).await
}

async fn add_association(server: &Server, planned: &PlannedAssociation, is_demo_users: bool) -> Result<()> {
    let of_this = |n: u8| {
        let mut bytes = *planned.id.uuid().as_bytes();
        bytes[0] ^= 0x80 + n;
        UserId::from_bytes(bytes)
    };
    let mut reviewer = of_this(9);
    let mut volunteers = [of_this(0), of_this(1), of_this(2)];
    if is_demo_users {
        reviewer = DemoPerson::Reviewer.user();
        volunteers[0] = DemoPerson::Volunteer.user();
    }
    server.store.add_person(reviewer, "Sihteeri").await?;
    for (index, volunteer) in volunteers.into_iter().enumerate() {
        server.store.add_person(volunteer, &format!("Vapaaehtoinen {}", index + 1)).await?;
    }

    let change = |kind, record: RecordId, content: &Content| Change {
        // One change a record: the record's own id serves for both.
        change: ChangeId::new(record.uuid()),
        record,
        kind,
        base: 0,
        content: Some(content.clone()),
        deleted: false,
        made_at: 0,
        filed: false,
    };
    let own = RecordId::new(planned.id.uuid());
    let mut setup = vec![change(Kind::Association, own, &planned.content)];
    setup.extend(planned.series.iter().map(|(id, content)| change(Kind::Series, *id, content)));
    setup.extend(planned.yearly_people.iter().map(|(id, content)| change(Kind::YearlyPeople, *id, content)));
    take(server, planned.id, reviewer, Role::Reviewer, setup).await?;
    for (index, volunteer) in volunteers.into_iter().enumerate() {
        let own = planned.gatherings.iter().filter(|gathering| gathering.recorder % volunteers.len() == index);
        let changes = own.map(|gathering| change(Kind::Gathering, gathering.id, &gathering.content)).collect();
        take(server, planned.id, volunteer, Role::Volunteer, changes).await?;
        server.store.add_member(planned.id, volunteer, Role::Volunteer).await?;
    }
    let reviews = planned
        .gatherings
        .iter()
        .filter_map(|gathering| {
            let mut content = json!({"gathering": gathering.id.to_string(), "revision": 1});
            match gathering.review.as_ref()? {
                PlannedReview::Approved => content["verdict"] = json!("approved"),
                PlannedReview::Returned { comment } => {
                    content["verdict"] = json!("returned");
                    content["comment"] = json!(*comment);
                }
            }
            let mut bytes = *gathering.id.uuid().as_bytes();
            bytes[15] ^= 0xff;
            Some(change(Kind::Review, RecordId::from_bytes(bytes), content.as_object()?))
        })
        .collect();
    take(server, planned.id, reviewer, Role::Reviewer, reviews).await?;
    server.store.add_member(planned.id, reviewer, Role::Reviewer).await
}

/// The same rules and the same writes as a push.
async fn take(
    server: &Server,
    association: AssociationId,
    user: UserId,
    role: Role,
    changes: Vec<Change>,
) -> Result<()> {
    let who = Who {
        user,
        device: DeviceId::new(Uuid::nil()),
        association,
        role,
        volunteers_set_up_series: true,
        volunteers_change_others: false,
        today: server.clock.today(),
    };
    for batch in changes.chunks(CHANGES_AT_A_TIME) {
        let batch: Vec<_> = batch.iter().cloned().map(Ok).collect();
        repeated(|| take_batch(server, &who, &batch)).await?;
    }
    Ok(())
}

async fn take_batch(server: &Server, who: &Who, batch: &[ReadChange]) -> Result<()> {
    let mut tx = server.store.begin(&[who.association]).await?;
    let loaded = tx.load(who.association, &rules::keys(batch)).await?;
    let (results, writes) = rules::decide(loaded, who, batch);
    if results.iter().any(|result| result.outcome != sync::protocol::Outcome::Stored) {
        return Err(StoreError::Damaged("the demo plan is not valid"));
    }
    tx.apply(who.association, &writes, server.clock.now_ms()).await?;
    tx.commit().await
}
