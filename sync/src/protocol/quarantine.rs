//! `GET /api/v1/quarantine` and `POST /api/v1/quarantine/take`, `/discard`: what people who have left handed in, for the association's
//! reviewers. Each answers the list as it is then.

use domain::{AssociationId, ChangeId, Date, RecordId, date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What waits for a decision, in the order in which it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Quarantine))]
pub struct QuarantineReply {
    /// At most 200; the rest comes when these are decided.
    pub records: Vec<QuarantinedRecord>,
    /// Of those that were to be taken in, how many could not be: they still wait.
    pub not_taken: u32,
}

/// One gathering that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantinedRecord {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub change: ChangeId,
    /// Whose it is, as the association calls them; empty where it does not any more.
    pub by: String,
    /// The day of the gathering, as in its content.
    #[cfg_attr(feature = "openapi", schema(example = "2026-11-16"))]
    pub date: String,
    /// Its series, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    pub series: Option<RecordId>,
    /// Code of its activity form.
    pub form: String,
    /// How many came; null of one that was cancelled.
    pub participants: Option<u64>,
    /// It changes a gathering that the association has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_edit: bool,
    /// Where its person is no member any more: when it is thrown away if nobody decides, milliseconds since 1970. A member's stays.
    pub until: i64,
}

/// Takes in, or throws away, what waits under these changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = QuarantineDecision))]
pub struct DecideRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    /// At most 200. One that does not wait is passed over: another reviewer may have decided.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, max_items = 200))]
    pub changes: Vec<ChangeId>,
}

impl QuarantineReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<QuarantineReply> {
        serde_json::from_value(answer.clone()).ok()
    }
}

impl QuarantinedRecord {
    pub fn day(&self) -> Option<Date> {
        date::parse(&self.date)
    }
}
