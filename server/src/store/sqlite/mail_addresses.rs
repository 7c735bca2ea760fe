//! Where reviewers have codes sent.

use async_trait::async_trait;
use domain::UserId;

use super::{
    SqliteStore, audit,
    decode::{bytes, uuid},
};
use crate::store::{AuditEntry, MailAddress, MailAddresses, Result};

#[async_trait]
impl MailAddresses for SqliteStore {
    async fn mail_address(&self, user: UserId) -> Result<Option<MailAddress>> {
        let row: Option<(String, i64)> =
            sqlx::query_as("select address, confirmed_at from mail_address where person_id = $1")
                .bind(bytes(user.uuid()))
                .fetch_optional(&self.readers)
                .await?;
        Ok(row.map(|(address, confirmed_ms)| MailAddress { address, confirmed_ms }))
    }

    async fn person_at(&self, address: &str) -> Result<Option<UserId>> {
        let found: Option<Vec<u8>> = sqlx::query_scalar("select person_id from mail_address where address = $1")
            .bind(address.to_owned())
            .fetch_optional(&self.readers)
            .await?;
        found.map(|id| Ok(UserId::new(uuid(id)?))).transpose()
    }

    async fn set_mail_address(&self, user: UserId, address: &str, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "insert into mail_address (person_id, address, confirmed_at)
             select $1, $2, $3 where exists (select 1 from person where id = $1)
             and not exists (select 1 from mail_address where address = $2 and person_id <> $1)
             on conflict (person_id) do update set address = excluded.address, confirmed_at = excluded.confirmed_at",
        )
        .bind(bytes(user.uuid()))
        .bind(address.to_owned())
        .bind(entry.at_ms)
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }

    async fn remove_mail_address(&self, user: UserId, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("delete from mail_address where person_id = $1")
            .bind(bytes(user.uuid()))
            .execute(&mut *tx)
            .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }
}
