//! What phones told of themselves at their contacts; the arithmetic is `phones`'.

use domain::{AssociationId, DeviceId, UserId};
use sqlx::{Row, SqliteConnection, SqlitePool, sqlite::SqliteRow};

use super::{bytes, natural, uuid};
use crate::{
    phones::{Account, Told},
    store::{Device, DeviceReport, LastContact, Result},
};

pub(super) async fn seen(
    connection: &mut SqliteConnection,
    association: AssociationId,
    report: DeviceReport,
    now_ms: i64,
) -> Result<()> {
    let (user, device) = (bytes(report.user.uuid()), bytes(report.device.uuid()));
    sqlx::query("insert into device (association_id, person_id, id) values ($1, $2, $3) on conflict do nothing")
        .bind(bytes(association.uuid()))
        .bind(user.clone())
        .bind(device.clone())
        .execute(&mut *connection)
        .await?;
    let Some(told) = report.told else { return Ok(()) };
    let before = sqlx::query("select * from phone where person_id = $1 and id = $2")
        .bind(user.clone())
        .bind(device.clone())
        .fetch_optional(&mut *connection)
        .await?;
    let before = before.as_ref().map(account).transpose()?;
    let Account { told, received, unexplained, missing_before, missing, .. } =
        Account::after(before, told, report.brought);
    sqlx::query(
        "insert into phone (person_id, id, counter, waiting, thrown, received, unexplained, missing_before, missing, last_contact_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (person_id, id) do update set counter = excluded.counter, waiting = excluded.waiting,
            thrown = excluded.thrown, received = excluded.received, unexplained = excluded.unexplained,
            missing_before = excluded.missing_before, missing = excluded.missing,
            last_contact_at = excluded.last_contact_at, begins_anew = 0",
    )
    .bind(user)
    .bind(device)
    .bind(at_most(told.counter))
    .bind(at_most(told.waiting))
    .bind(at_most(told.thrown))
    .bind(received)
    .bind(unexplained)
    .bind(missing_before)
    .bind(missing)
    .bind(now_ms)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

pub(super) async fn last_contacts(readers: &SqlitePool, user: UserId) -> Result<Vec<LastContact>> {
    let rows = sqlx::query("select * from phone where person_id = $1 order by last_contact_at desc, id")
        .bind(bytes(user.uuid()))
        .fetch_all(readers)
        .await?;
    let read = |row: &SqliteRow| {
        Ok(LastContact {
            device: DeviceId::new(uuid(row.try_get("id")?)?),
            at_ms: row.try_get("last_contact_at")?,
            told: account(row)?.told,
        })
    };
    rows.iter().map(read).collect()
}

pub(super) async fn devices(readers: &SqlitePool, association: AssociationId) -> Result<Vec<Device>> {
    let rows = sqlx::query(
        "select d.person_id, d.id, p.nickname, f.waiting, f.last_contact_at, f.missing, d.missing_seen
         from device d
         join membership m on m.association_id = d.association_id and m.person_id = d.person_id
         join person p on p.id = d.person_id
         join phone f on f.person_id = d.person_id and f.id = d.id
         where d.association_id = $1 order by f.last_contact_at desc, d.id",
    )
    .bind(bytes(association.uuid()))
    .fetch_all(readers)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Device {
                user: UserId::new(uuid(row.try_get("person_id")?)?),
                device: DeviceId::new(uuid(row.try_get("id")?)?),
                nickname: row.try_get("nickname")?,
                waiting: natural(row.try_get("waiting")?)?,
                last_contact_ms: row.try_get("last_contact_at")?,
                missing: natural(row.try_get("missing")?)?,
                missing_seen: natural(row.try_get("missing_seen")?)?,
            })
        })
        .collect()
}

pub(super) async fn missing_seen(
    writer: &SqlitePool,
    association: AssociationId,
    user: UserId,
    device: DeviceId,
    missing: u64,
) -> Result<()> {
    sqlx::query("update device set missing_seen = $4 where association_id = $1 and person_id = $2 and id = $3")
        .bind(bytes(association.uuid()))
        .bind(bytes(user.uuid()))
        .bind(bytes(device.uuid()))
        .bind(at_most(missing))
        .execute(writer)
        .await?;
    Ok(())
}

fn account(row: &SqliteRow) -> Result<Account> {
    let told = Told {
        counter: natural(row.try_get("counter")?)?,
        waiting: natural(row.try_get("waiting")?)?,
        thrown: natural(row.try_get("thrown")?)?,
    };
    Ok(Account {
        told,
        received: row.try_get("received")?,
        unexplained: row.try_get("unexplained")?,
        missing_before: row.try_get("missing_before")?,
        missing: row.try_get("missing")?,
        begins_anew: row.try_get("begins_anew")?,
    })
}

/// A phone can tell any number; one that no signed integer holds is no reason to keep it waiting for ever.
fn at_most(told: u64) -> i64 {
    i64::try_from(told).unwrap_or(i64::MAX)
}
