//! What devices told of themselves at their contacts; the arithmetic is `sync::account`'s.
//!
//! The table of the accounts keeps its first name, `phone`: the binary before this one has to find it after a migration.

use async_trait::async_trait;
use domain::{AssociationId, DeviceId, UserId};
use sqlx::{Row, sqlite::SqliteRow};
use sync::account::{DeviceAccount, DeviceCounts};

use super::{
    SqliteStore,
    decode::{at_most, bytes, natural, uuid},
    transaction::SqliteTx,
};
use crate::store::{DeviceRow, Devices, DevicesTx, LastContact, Result};

#[async_trait]
impl Devices for SqliteStore {
    async fn last_contacts(&self, user: UserId) -> Result<Vec<LastContact>> {
        let rows = sqlx::query("select * from phone where person_id = $1 order by last_contact_at desc, id")
            .bind(bytes(user.uuid()))
            .fetch_all(&self.readers)
            .await?;
        let read = |row: &SqliteRow| {
            Ok(LastContact {
                device: DeviceId::new(uuid(row.try_get("id")?)?),
                at_ms: row.try_get("last_contact_at")?,
                counts: account(row)?.counts,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn devices(&self, association: AssociationId) -> Result<Vec<DeviceRow>> {
        let rows = sqlx::query(
            "select d.person_id, d.id, m.nickname, f.waiting, f.last_contact_at, f.missing, d.missing_seen
             from device d
             join membership m on m.association_id = d.association_id and m.person_id = d.person_id
                  and m.ended_at is null
             join phone f on f.person_id = d.person_id and f.id = d.id
             where d.association_id = $1 order by f.last_contact_at desc, d.id",
        )
        .bind(bytes(association.uuid()))
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(DeviceRow {
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

    async fn missing_seen(
        &self,
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
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

#[async_trait]
impl DevicesTx for SqliteTx {
    async fn add_device(&mut self, association: AssociationId, user: UserId, device: DeviceId) -> Result<()> {
        sqlx::query("insert into device (association_id, person_id, id) values ($1, $2, $3) on conflict do nothing")
            .bind(bytes(association.uuid()))
            .bind(bytes(user.uuid()))
            .bind(bytes(device.uuid()))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn forget_devices(&mut self, user: UserId, device: DeviceId, most: u32) -> Result<()> {
        sqlx::query(
            "delete from phone where person_id = $1 and id in (
                select id from phone where person_id = $1
                order by id = $2 desc, waiting > 0 or missing > 0 desc, last_contact_at desc, id limit -1 offset $3)",
        )
        .bind(bytes(user.uuid()))
        .bind(bytes(device.uuid()))
        .bind(i64::from(most))
        .execute(&mut *self.0)
        .await?;
        sqlx::query(
            "delete from device where person_id = $1 and id not in (select id from phone where person_id = $1)",
        )
        .bind(bytes(user.uuid()))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn device_account(&mut self, user: UserId, device: DeviceId) -> Result<Option<DeviceAccount>> {
        let row = sqlx::query("select * from phone where person_id = $1 and id = $2")
            .bind(bytes(user.uuid()))
            .bind(bytes(device.uuid()))
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map(account).transpose()
    }

    async fn save_device_account(
        &mut self,
        user: UserId,
        device: DeviceId,
        account: &DeviceAccount,
        now_ms: i64,
    ) -> Result<()> {
        let DeviceAccount { counts, received, unexplained, missing_before, missing, begins_anew } = *account;
        sqlx::query(
            "insert into phone (person_id, id, counter, waiting, thrown, received, unexplained, missing_before, missing,
                last_contact_at, begins_anew)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (person_id, id) do update set counter = excluded.counter, waiting = excluded.waiting,
                thrown = excluded.thrown, received = excluded.received, unexplained = excluded.unexplained,
                missing_before = excluded.missing_before, missing = excluded.missing,
                last_contact_at = excluded.last_contact_at, begins_anew = excluded.begins_anew",
        )
        .bind(bytes(user.uuid()))
        .bind(bytes(device.uuid()))
        .bind(at_most(counts.counter))
        .bind(at_most(counts.waiting))
        .bind(at_most(counts.thrown))
        .bind(received)
        .bind(unexplained)
        .bind(missing_before)
        .bind(missing)
        .bind(now_ms)
        .bind(begins_anew)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

fn account(row: &SqliteRow) -> Result<DeviceAccount> {
    let counts = DeviceCounts {
        counter: natural(row.try_get("counter")?)?,
        waiting: natural(row.try_get("waiting")?)?,
        thrown: natural(row.try_get("thrown")?)?,
    };
    Ok(DeviceAccount {
        counts,
        received: row.try_get("received")?,
        unexplained: row.try_get("unexplained")?,
        missing_before: row.try_get("missing_before")?,
        missing: row.try_get("missing")?,
        begins_anew: row.try_get("begins_anew")?,
    })
}
