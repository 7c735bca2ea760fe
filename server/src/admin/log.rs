//! `hytevihko admin audit`.

use domain::AssociationId;

use super::{Result, moment, table::columns};
use crate::{
    Server,
    store::{AuditRow, audit},
};

/// False where the chain is broken.
pub async fn verify(server: &Server) -> Result<bool> {
    let verified = audit::verify(&*server.store).await?;
    let head: String = verified.head.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("rows: {}", verified.rows);
    println!("hash: {head}");
    match verified.broken_at {
        None => println!("The log is whole."),
        Some(row) => {
            println!("The log is broken at row {row}: it, or what is before it, is not what was written there.")
        }
    }
    Ok(verified.broken_at.is_none())
}

pub async fn show(server: &Server, association: Option<AssociationId>, limit: u32) -> Result<()> {
    let rows = match association {
        Some(association) => server.store.audit_of(association, limit).await?,
        None => newest(server, limit).await?,
    };
    let or_dash = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
    let row = |row: AuditRow| {
        [
            row.seq.to_string(),
            moment(row.at_ms),
            row.act.code().to_owned(),
            or_dash(row.actor.map(|id| id.to_string())),
            or_dash(row.association.map(|id| id.to_string())),
            or_dash(row.subject.map(|id| id.to_string())),
        ]
    };
    let rows = rows.into_iter().map(row).collect();
    print!("{}", columns(["row", "when", "what", "by", "association", "about"], rows));
    Ok(())
}

/// The last rows of all, the newest first.
async fn newest(server: &Server, limit: u32) -> Result<Vec<AuditRow>> {
    const PAGE: u32 = 1_000;
    let (mut after, mut last) = (0, std::collections::VecDeque::new());
    loop {
        let page = server.store.audit_rows(after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        after = page.last().map_or(after, |row| row.seq);
        last.extend(page);
        while last.len() > limit as usize {
            last.pop_front();
        }
        if is_last {
            return Ok(last.into_iter().rev().collect());
        }
    }
}
