//! `GET /api/v1/devices` and `POST /api/v1/devices/seen`: which devices of an association may have lost records.

use domain::AssociationId;
use serde::{Deserialize, Serialize};

/// The devices of an association's members, the latest contact first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Devices))]
pub struct DevicesReply {
    pub devices: Vec<DeviceShown>,
}

/// One device. Its counts are over all associations of its user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceShown {
    /// A short code that tells devices apart; another one in each association.
    #[cfg_attr(feature = "openapi", schema(example = "7K3F-Q9"))]
    pub device: String,
    /// Whose it is, as the association calls them.
    pub by: String,
    /// Changes that waited on it at its last contact.
    pub waiting: u64,
    /// Milliseconds since 1970.
    pub last_contact: i64,
    /// Changes that were made on it and will not come, as far as anybody knows. Beyond those that a reviewer has seen.
    pub missing: u64,
}

/// Which notice a reviewer has seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Seen))]
pub struct SeenRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    /// The device's code.
    pub device: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_written_byte_for_byte_as_it_always_was_and_read_back() {
        let answer = concat!(
            r#"{"devices":[{"device":"7K3F-Q9","by":"Aino","waiting":2,"#,
            r#""last_contact":1795780800000,"missing":1}]}"#
        );
        let reply = DevicesReply {
            devices: vec![DeviceShown {
                device: "7K3F-Q9".to_owned(),
                by: "Aino".to_owned(),
                waiting: 2,
                last_contact: 1_795_780_800_000,
                missing: 1,
            }],
        };
        assert_eq!(serde_json::to_string(&reply).expect("json"), answer);
        assert_eq!(serde_json::from_str::<DevicesReply>(answer).expect("an answer"), reply);
    }

    #[test]
    fn what_a_reviewer_has_seen_is_written_as_it_always_was() {
        let association = AssociationId::parse("0190f3a0-0000-7000-8000-000000000002").expect("id");
        let seen = SeenRequest { association, device: "7K3F-Q9".to_owned() };
        let body = r#"{"association":"0190f3a0-0000-7000-8000-000000000002","device":"7K3F-Q9"}"#;
        assert_eq!(serde_json::to_string(&seen).expect("json"), body);
        assert_eq!(serde_json::from_str::<SeenRequest>(body).expect("a body"), seen);
    }
}
