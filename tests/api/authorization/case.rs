//! One line of a matrix, and what becomes of it when everyone asks.

use awc::http::Method;

use crate::support::{Client, contract};

/// What each persona meets, in the order of the columns: `+` allowed, `1` unauthenticated (401), `3` forbidden (403), `4` not
/// there (404). Spaces part strangers, team and staff.
pub type Expected = &'static str;

/// A line of the matrix: an action of the permission table, a request for it, and what everyone meets.
pub struct Case {
    pub action: &'static str,
    pub method: Method,
    pub path: &'static str,
    pub body: Option<&'static str>,
    pub expected: Expected,
}

pub const fn get(action: &'static str, path: &'static str, expected: Expected) -> Case {
    Case { action, method: Method::GET, path, body: None, expected }
}

/// Sent without a `Content-Type`.
pub const fn post(action: &'static str, path: &'static str, expected: Expected) -> Case {
    Case { action, method: Method::POST, path, body: None, expected }
}

/// Sent with a body where none is read.
pub const fn order(action: &'static str, path: &'static str, expected: Expected) -> Case {
    Case { action, method: Method::POST, path, body: Some(r#"{"nothing": 1}"#), expected }
}

/// Sent without a `Content-Type`.
pub const fn patch(action: &'static str, path: &'static str, expected: Expected) -> Case {
    Case { action, method: Method::PATCH, path, body: None, expected }
}

/// Sent without `If-Match`.
pub const fn delete(action: &'static str, path: &'static str, expected: Expected) -> Case {
    Case { action, method: Method::DELETE, path, body: None, expected }
}

/// Sent without `If-Match`; `body` names the action.
pub const fn act_on(action: &'static str, path: &'static str, body: &'static str, expected: Expected) -> Case {
    Case { action, method: Method::POST, path, body: Some(body), expected }
}

/// The operation of an action: `transition_pilot.submit` belongs to `transition_pilot`.
pub fn operation_of(action: &str) -> &str {
    action.split('.').next().unwrap()
}

/// Everyone and everything that the matrix speaks of.
pub struct Stage {
    pub people: Vec<Client>,
    pub places: Vec<(&'static str, String)>,
}

impl Stage {
    pub fn fill(&self, template: &str) -> String {
        self.places.iter().fold(template.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    /// What this one meets.
    pub async fn ask(&self, case: &Case, who: &Client) -> Result<char, String> {
        let mut request = who.request(case.method.clone(), self.fill(case.path));
        if let Some(body) = case.body {
            request = request.body("application/json", self.fill(body));
        }
        let answer = request.send().await;
        let status = answer.status.as_u16();
        if status == 200 && case.method == Method::GET {
            return Ok('+');
        }
        match (status, answer.json()["code"].as_str().unwrap_or_default()) {
            (401, "unauthenticated") => Ok('1'),
            (403, "forbidden" | "separation_of_duties") => Ok('3'),
            (404, "not_found") => Ok('4'),
            (415 | 422 | 428, _) if case.method != Method::GET => Ok('+'),
            _ => Err(format!("{status} {}", String::from_utf8_lossy(&answer.body))),
        }
    }
}

/// Lets everyone ask for everything, and compares.
pub async fn check(stage: &Stage, personas: &[&str], cases: impl Iterator<Item = &Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let place = stage.fill(case.path);
        let operation =
            contract::operation(&case.method, &place).unwrap_or_else(|| panic!("{place} is no operation")).1;
        assert_eq!(operation["operationId"], operation_of(case.action), "{place}");
        let expected: Vec<char> = case.expected.chars().filter(|sign| *sign != ' ').collect();
        assert_eq!(expected.len(), personas.len(), "{}", case.action);
        for ((persona, who), expected) in personas.iter().zip(&stage.people).zip(expected) {
            match stage.ask(case, who).await {
                Ok(met) if met == expected => {}
                met => {
                    wrong.push(format!("{} {} as {persona}: expected {expected}, met {met:?}", case.action, case.path))
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
