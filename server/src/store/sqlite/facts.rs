//! Facts about the database itself, in the table `meta`.

use async_trait::async_trait;

use super::SqliteStore;
use crate::store::{Fact, Facts, Result};

#[async_trait]
impl Facts for SqliteStore {
    async fn fact(&self, fact: Fact) -> Result<Option<String>> {
        let value = sqlx::query_scalar("select value from meta where name = $1").bind(fact.name());
        Ok(value.fetch_optional(&self.readers).await?)
    }

    async fn set_fact(&self, fact: Fact, value: &str) -> Result<()> {
        sqlx::query("insert into meta (name, value) values ($1, $2) on conflict do update set value = excluded.value")
            .bind(fact.name())
            .bind(value.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn remove_fact(&self, fact: Fact) -> Result<()> {
        sqlx::query("delete from meta where name = $1").bind(fact.name()).execute(&self.writer).await?;
        Ok(())
    }

    async fn is_empty(&self) -> Result<bool> {
        let is_used = "select exists (select 1 from association) or exists (select 1 from person)";
        Ok(!sqlx::query_scalar::<_, bool>(is_used).fetch_one(&self.readers).await?)
    }

    async fn newest_ms(&self) -> Result<Option<i64>> {
        // Small tables; the revisions, which have no index by time, would be read from end to end.
        let newest = "select max(at) from (select max(last_contact_at) as at from phone
            union all select max(computed_at) from release union all select max(created_at) from sign_in)";
        Ok(sqlx::query_scalar(newest).fetch_one(&self.readers).await?)
    }
}
