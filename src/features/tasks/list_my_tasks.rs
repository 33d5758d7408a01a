//! Everything that waits for the caller.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    source::{MOST, Viewer},
    task::{TaskView, by_urgency},
};
use crate::{
    features::{TASK_SOURCES, permissions::PERMISSIONS},
    platform::{
        auth::Standing,
        web::{Answer, Call, Reply},
    },
};

/// What waits for someone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskListView {
    /// Overdue first, then by the day on which they are due, then what waits longest.
    #[schema(max_items = 2000)]
    pub items: Vec<TaskView>,
    /// Whether this is all; else there are more than fifty of one kind, and as some are done others come up.
    pub is_complete: bool,
}

/// List what waits for you.
///
/// Of everything that you may do and nobody has done yet, in whatever role: screening, reviews, checks, decisions, payments,
/// reports, answers. Overdue first, then by the day on which it is due, then what waits longest. Each kind of record
/// contributes fifty at most, the oldest. What separation of duties bars you from is not here; whether a step has all it
/// needs shows on the record itself.
#[utoipa::path(get, path = "/v1/me/tasks", tag = "Tasks",
    responses((status = 200, description = "Your tasks.", body = TaskListView)))]
pub async fn list_my_tasks(call: Call) -> Answer {
    call.read(move |connection, context| {
        let actor = context.user()?;
        let standing = Standing { logged_in: true, roles: actor.roles, reach: actor.reach, ..Standing::default() };
        context.permit("list_my_tasks", &standing)?;
        let now = context.now();
        let viewer = Viewer { actor, now, today: now.day_in_dhaka() };
        let mut tasks = Vec::new();
        let mut is_complete = true;
        for source in TASK_SOURCES {
            let has_role = source.roles().is_empty() || actor.roles.has_any(source.roles());
            if !has_role || !actor.reach.covers(PERMISSIONS, source.read_by()) {
                continue;
            }
            let mut found = source.fetch(connection, viewer)?;
            let most = usize::try_from(MOST).unwrap_or(usize::MAX);
            is_complete &= found.len() <= most;
            found.truncate(most);
            tasks.append(&mut found);
        }
        tasks.sort_by(by_urgency);
        let items = tasks.into_iter().map(|task| TaskView::new(task, viewer.today)).collect();
        Reply::ok(&TaskListView { items, is_complete })
    })
    .await
}
