//! Answer of `GET /api/v1/me`: who is signed in, and to which associations they belong.

use domain::{AssociationId, DeviceId, Role, UserId};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The signed-in user, as the app keeps it for use without a network.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Me))]
pub struct MeReply {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    pub nickname: String,
    pub associations: Vec<MyAssociation>,
    /// Code of the municipality whose protected counts the user may see.
    pub coordinates: Option<String>,
    pub server_time: i64,
    // Only what an older version of the app has kept is without it.
    #[cfg_attr(feature = "openapi", schema(value_type = MyDevice, required = true))]
    pub device: Option<MyDevice>,
    /// Associations to which the user belonged, and belongs no more: their phone forgets what it received of these and of no others. One
    /// that is merely not named may be one that a restored server does not know yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub ended: Vec<AssociationId>,
}

/// The browser by its long-lived cookie, which outlives its storage: one that was met and whose storage is empty has lost it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyDevice {
    /// The browser's device id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: DeviceId,
    /// When this user's app on it last told of itself, milliseconds since 1970; null when it never did.
    pub last_contact: Option<i64>,
    /// Changes that waited there then.
    pub waiting: Option<u64>,
    /// Changes that had ever been made there then.
    pub counter: Option<u64>,
    /// Where this browser never told of itself: the user's device that did last, one on which something waited before all others.
    pub before: Option<DeviceBefore>,
}

/// Another browser of the same user: maybe this very one, before it was cleared together with its cookies.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceBefore {
    /// Milliseconds since 1970.
    pub last_contact: i64,
    /// Changes that waited there then.
    pub waiting: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyAssociation {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: AssociationId,
    pub name: String,
    #[serde(serialize_with = "name_of_role")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "volunteer"))]
    pub role: Role,
    pub volunteers_set_up_series: bool,
}

fn name_of_role<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.name())
}

impl MeReply {
    /// Reads an answer, of this version or of another. An association in which the user is something that this version does not know
    /// is left out; none where it is no answer of ours.
    ///
    /// By hand: readers made by serde weigh more, and this one is in the app's first file.
    pub fn read(answer: &Value) -> Option<MeReply> {
        Some(MeReply {
            user: UserId::parse(text(answer, "user")?)?,
            nickname: text(answer, "nickname")?.to_owned(),
            associations: answer.get("associations")?.as_array()?.iter().filter_map(MyAssociation::read).collect(),
            coordinates: text(answer, "coordinates").map(str::to_owned),
            server_time: answer.get("server_time")?.as_i64()?,
            device: answer.get("device").and_then(MyDevice::read),
            ended: answer.get("ended").and_then(Value::as_array).map(|ended| ids(ended)).unwrap_or_default(),
        })
    }
}

impl MyDevice {
    fn read(device: &Value) -> Option<MyDevice> {
        let before = device.get("before").and_then(|before| {
            let waiting = number(before, "waiting").unwrap_or(0);
            Some(DeviceBefore { last_contact: before.get("last_contact")?.as_i64()?, waiting })
        });
        Some(MyDevice {
            id: DeviceId::parse(text(device, "id")?)?,
            last_contact: device.get("last_contact").and_then(Value::as_i64),
            waiting: number(device, "waiting"),
            counter: number(device, "counter"),
            before,
        })
    }
}

impl MyAssociation {
    fn read(association: &Value) -> Option<MyAssociation> {
        Some(MyAssociation {
            id: AssociationId::parse(text(association, "id")?)?,
            name: text(association, "name")?.to_owned(),
            role: Role::from_name(text(association, "role")?)?,
            volunteers_set_up_series: association.get("volunteers_set_up_series").and_then(Value::as_bool)
                == Some(true),
        })
    }
}

fn ids(values: &[Value]) -> Vec<AssociationId> {
    values.iter().filter_map(|value| AssociationId::parse(value.as_str()?)).collect()
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn number(value: &Value, name: &str) -> Option<u64> {
    value.get(name)?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ANSWER: &str = concat!(
        r#"{"user":"0190f3a0-0000-7000-8000-000000000001","nickname":"Aino","#,
        r#""associations":[{"id":"0190f3a0-0000-7000-8000-000000000002","name":"Kuoro","role":"volunteer","#,
        r#""volunteers_set_up_series":true}],"coordinates":null,"server_time":1795780800000,"#,
        r#""device":{"id":"0190f3a0-0000-7000-8000-000000000003","last_contact":null,"waiting":null,"counter":null,"#,
        r#""before":{"last_contact":1795780700000,"waiting":2}}}"#
    );

    fn reply() -> MeReply {
        let uuid = "0190f3a0-0000-7000-8000-00000000000";
        MeReply {
            user: UserId::parse(&format!("{uuid}1")).expect("id"),
            nickname: "Aino".to_owned(),
            associations: vec![MyAssociation {
                id: AssociationId::parse(&format!("{uuid}2")).expect("id"),
                name: "Kuoro".to_owned(),
                role: Role::Volunteer,
                volunteers_set_up_series: true,
            }],
            coordinates: None,
            server_time: 1_795_780_800_000,
            device: Some(MyDevice {
                id: DeviceId::parse(&format!("{uuid}3")).expect("id"),
                last_contact: None,
                waiting: None,
                counter: None,
                before: Some(DeviceBefore { last_contact: 1_795_780_700_000, waiting: 2 }),
            }),
            ended: Vec::new(),
        }
    }

    fn read(answer: &str) -> Option<MeReply> {
        MeReply::read(&serde_json::from_str(answer).ok()?)
    }

    #[test]
    fn the_answer_is_written_byte_for_byte_as_it_always_was_and_read_back() {
        assert_eq!(serde_json::to_string(&reply()).expect("json"), ANSWER);
        assert_eq!(read(ANSWER), Some(reply()));
        let met = ANSWER.replace(
            r#""last_contact":null,"waiting":null,"counter":null,"before":{"last_contact":1795780700000,"waiting":2}"#,
            r#""last_contact":1795780600000,"waiting":0,"counter":7,"before":null"#,
        );
        let device = read(&met).and_then(|reply| reply.device).expect("a device");
        assert_eq!((device.last_contact, device.waiting, device.counter), (Some(1_795_780_600_000), Some(0), Some(7)));
        assert_eq!(device.before, None);
    }

    #[test]
    fn an_association_that_the_user_has_left_is_named_and_none_is_made_of_silence() {
        let named = ANSWER.replace("2}}}", r#"2}},"ended":["0190f3a0-0000-7000-8000-000000000004"]}"#);
        let left = AssociationId::parse("0190f3a0-0000-7000-8000-000000000004").expect("id");
        let expected = MeReply { ended: vec![left], ..reply() };
        assert_eq!(serde_json::to_string(&expected).expect("json"), named);
        assert_eq!(read(&named), Some(expected));
        for unknown in [r#""ended":null"#, r#""ended":["x",7]"#, r#""ended":"all""#] {
            let other = ANSWER.replace("2}}}", &format!("2}}}},{unknown}}}"));
            assert_eq!(read(&other), Some(reply()), "{unknown}");
        }
    }

    #[test]
    fn an_answer_that_an_older_version_has_kept_is_read() {
        let kept = json!({"user": "0190f3a0-0000-7000-8000-000000000001", "nickname": "Aino", "coordinates": null,
            "associations": [{"id": "0190f3a0-0000-7000-8000-000000000002", "name": "Kuoro", "role": "volunteer"}],
            "server_time": 1_795_780_800_000_i64});
        let expected = reply();
        let associations = vec![MyAssociation { volunteers_set_up_series: false, ..expected.associations[0].clone() }];
        assert_eq!(MeReply::read(&kept), Some(MeReply { associations, device: None, ..expected }));
    }

    #[test]
    fn a_role_of_a_later_version_takes_nothing_else_away() {
        let newer = ANSWER.replace("volunteer\"", "treasurer\"");
        assert_eq!(read(&newer), Some(MeReply { associations: Vec::new(), ..reply() }));
        assert_eq!(read(r#"{"magic":"portal"}"#), None);
    }

    #[cfg(feature = "openapi")]
    #[test]
    fn the_answer_is_described_with_all_that_the_server_says() {
        use utoipa::{PartialSchema, ToSchema};
        let described = serde_json::to_value(MeReply::schema()).expect("json");
        let fields = ["user", "nickname", "associations", "server_time", "device"];
        assert_eq!((MeReply::name().as_ref(), &described["required"]), ("Me", &json!(fields)));
        let device = &described["properties"]["device"];
        assert!(device.to_string().contains("#/components/schemas/MyDevice") && !device.to_string().contains("null"));
        assert_eq!(described["properties"]["user"], json!({"type": "string", "format": "uuid"}));
    }
}
