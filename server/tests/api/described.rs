//! Compares every answer under `/api` with `/api/v1/openapi.json`.

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use serde_json::Value;
use utoipa::OpenApi;

use super::world::Answer;

/// Names in the body of every answer that fails.
pub const PROBLEM: [&str; 2] = ["code", "message"];

pub static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(server::api::openapi::Api::openapi()).expect("a description"));

/// Fails where a route's answer has a status or a body that its description does not know, or fails without the envelope.
pub fn hold_against_description(method: &Method, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    if path.starts_with("/api/") && !answer.status.is_success() && answer.status != StatusCode::NOT_MODIFIED {
        answer.code_of(answer.status.as_u16());
    }
    let operation = &operations(path)[method.as_str().to_lowercase()];
    if operation.is_null() {
        let unknown = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
        assert!(unknown || !path.starts_with("/api/"), "{method} {path} is not described");
        return;
    }
    let response = &operation["responses"][answer.status.as_str()];
    assert!(!response.is_null(), "{method} {path} does not describe {}: {}", answer.status, answer.body);
    if answer.status == StatusCode::NOT_MODIFIED {
        assert!(answer.body.is_empty() && answer.headers.contains_key("etag"), "{method} {path}");
        return;
    }
    let media_type =
        answer.headers["content-type"].to_str().expect("a media type").split(';').next().unwrap_or_default();
    let schema = &response["content"][media_type]["schema"];
    assert!(!schema.is_null(), "{method} {path} {} does not describe {media_type}", answer.status);
    let body = match media_type {
        "application/json" => answer.json(),
        _ => Value::String(answer.body.clone()),
    };
    let problems = problems(schema, &body, "body");
    assert!(problems.is_empty(), "{method} {path} {}: {problems:#?}", answer.status);
}

/// What is described of an address: as it stands, or with a part of its own in the place of each name.
fn operations(path: &str) -> &Value {
    let fits = |template: &str| {
        let (parts, own): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        let is_part = |(part, own): (&&str, &&str)| part == own || (part.starts_with('{') && !own.is_empty());
        parts.len() == own.len() && parts.iter().zip(&own).all(is_part)
    };
    let paths = DESCRIPTION["paths"].as_object().expect("paths");
    paths
        .get(path)
        .or_else(|| paths.iter().find(|(template, _)| fits(template)).map(|(_, found)| found))
        .unwrap_or(&Value::Null)
}

/// Where a value is not what a schema says. The part of JSON Schema that our description uses.
pub fn problems(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = DESCRIPTION.pointer(reference.trim_start_matches('#'));
        return problems(target.unwrap_or_else(|| panic!("{reference} is nowhere")), value, at);
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[several].as_array() {
            let fits = choices.iter().any(|choice| problems(choice, value, at).is_empty());
            return if fits { Vec::new() } else { vec![format!("{at} fits none of {several}")] };
        }
    }
    let mut found = Vec::new();
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
        return vec![format!("{at} is {value} and not {types:?}")];
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        found.push(format!("{at} is {value} and not one of {}", schema["enum"]));
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_f64(), value.as_f64())
        && number < least
    {
        found.push(format!("{at} is {number} and under {least}"));
    }
    if let (Some("uuid"), Some(text)) = (schema["format"].as_str(), value.as_str())
        && uuid::Uuid::try_parse(text).is_err()
    {
        found.push(format!("{at} is {text} and not a UUID"));
    }
    if let Some(items) = value.as_array() {
        let each = items.iter().enumerate();
        found.extend(each.flat_map(|(index, item)| problems(&schema["items"], item, &format!("{at}[{index}]"))));
    }
    if let Some(object) = value.as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        found.extend(required.filter(|name| !object.contains_key(*name)).map(|name| format!("{at}.{name} is missing")));
        if let Some(properties) = schema["properties"].as_object() {
            for (name, field) in object {
                match properties.get(name) {
                    Some(described) => found.extend(problems(described, field, &format!("{at}.{name}"))),
                    None => found.push(format!("{at}.{name} is not described")),
                }
            }
        }
    }
    found
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
