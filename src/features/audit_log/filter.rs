//! Which entries of the audit trail are wanted; for the list and the export.

use diesel::{ExpressionMethods, QueryDsl};

use crate::platform::{
    clock::Timestamp,
    db::{dialect::Backend, schema::audit_entries},
    error::{AppError, ErrorCode, FieldError},
    ids::{ServiceAccountId, UserId},
};

/// The parameters as they came.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub record_type: Option<String>,
    pub record_id: Option<String>,
    pub actor_id: Option<UserId>,
    pub service_account_id: Option<ServiceAccountId>,
    pub operation: Option<String>,
    pub request_id: Option<String>,
    pub at_gte: Option<String>,
    pub at_lt: Option<String>,
}

/// Which entries.
pub struct Filter {
    record: Option<(String, String)>,
    actor: Option<UserId>,
    service_account: Option<ServiceAccountId>,
    operation: Option<String>,
    request: Option<String>,
    from: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Filter {
    /// Reads it.
    ///
    /// # Errors
    /// `InvalidParameters`, naming each.
    pub fn of(query: Wanted) -> Result<Self, AppError> {
        let mut errors = Vec::new();
        let mut moment = |name: &str, text: Option<String>| {
            let read = text.as_deref().map(Timestamp::parse);
            if read == Some(None) {
                errors.push(FieldError::parameter(name, "format", "This is not a date-time.", "এটি সঠিক সময় নয়।"));
            }
            read.flatten()
        };
        let (from, before) = (moment("at_gte", query.at_gte), moment("at_lt", query.at_lt));
        let lonely = match (&query.record_type, &query.record_id) {
            (Some(_), None) => Some("record_id"),
            (None, Some(_)) => Some("record_type"),
            _ => None,
        };
        if let Some(name) = lonely {
            errors.push(FieldError::parameter(
                name,
                "required",
                "`record_type` and `record_id` go together.",
                "রেকর্ডের ধরন (`record_type`) ও শনাক্তকারী (`record_id`) একসঙ্গে দিতে হবে।",
            ));
        }
        if !errors.is_empty() {
            return Err(AppError::new(ErrorCode::InvalidParameters).errors(errors));
        }
        let record = query.record_type.zip(query.record_id);
        Ok(Self {
            record,
            actor: query.actor_id,
            service_account: query.service_account_id,
            operation: query.operation,
            request: query.request_id,
            from,
            before,
        })
    }

    /// As a query.
    pub fn apply(&self) -> audit_entries::BoxedQuery<'static, Backend> {
        let mut chosen = audit_entries::table.into_boxed();
        if let Some((kind, id)) = &self.record {
            chosen = chosen
                .filter(audit_entries::record_type.eq(kind.clone()))
                .filter(audit_entries::record_id.eq(id.clone()));
        }
        if let Some(actor) = self.actor {
            chosen = chosen.filter(audit_entries::actor_id.eq(actor));
        }
        if let Some(account) = self.service_account {
            chosen = chosen.filter(audit_entries::service_account_id.eq(account));
        }
        if let Some(operation) = &self.operation {
            chosen = chosen.filter(audit_entries::operation.eq(operation.clone()));
        }
        if let Some(request) = &self.request {
            chosen = chosen.filter(audit_entries::request_id.eq(request.clone()));
        }
        if let Some(from) = self.from {
            chosen = chosen.filter(audit_entries::at.ge(from));
        }
        if let Some(before) = self.before {
            chosen = chosen.filter(audit_entries::at.lt(before));
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_record_is_refused() {
        let query = Wanted { record_type: Some("user".into()), ..Wanted::default() };
        assert!(Filter::of(query).is_err_and(|error| error.code == ErrorCode::InvalidParameters));
        let query = Wanted { at_gte: Some("yesterday".into()), ..Wanted::default() };
        assert!(Filter::of(query).is_err_and(|error| error.errors.len() == 1));
    }
}
