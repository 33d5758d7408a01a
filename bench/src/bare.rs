//! What the machine can do at best: actix, the same queries, rows as JSON; reads on the same pool, each write a
//! transaction of its own. No login, no permission, no validation, no audit, no history, no answer headers.

use std::{sync::Arc, time::Duration};

use actix_web::{App, HttpResponse, HttpServer, error::ErrorInternalServerError, web};
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper, insert_into, update};
use innovation_pilots::{
    features::pilots::{
        PilotId, PilotRow, TransitionId,
        list_pilots::{Audience, Filters, ListPilotsQuery, Stream, fetch},
    },
    platform::{
        clock::Clock,
        db::{
            DatabaseUrl, Db, DbSettings,
            schema::{pilot_transitions, pilots, users},
        },
        error::AppError,
        web::page::Slice,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    rows::{Failure, connect, texts},
    writers::Writers,
};

struct Bare {
    db: Db,
    writers: Arc<Writers>,
    clock: Clock,
    /// A pilot of the owner, to be copied by `create`.
    model: PilotRow,
}

pub fn serve(url: &str, listen: &str, owner: &str) -> Result<(), Failure> {
    let settings =
        DbSettings { url: DatabaseUrl::parse(url)?, read_url: None, connections: 8, wait: Duration::from_secs(2) };
    let mut connection = connect(url)?;
    let owner = texts(&mut connection, &format!("SELECT id AS value FROM users WHERE email = '{owner}'"))?;
    let model = pilots::table
        .filter(pilots::owner_id.eq(owner.first().ok_or("no such owner")?))
        .select(PilotRow::as_select())
        .first(&mut connection)?;
    drop(connection);
    actix_web::rt::System::new().block_on(async {
        let writers = Arc::new(Writers::new(url));
        let bare = web::Data::from(Arc::new(Bare { db: Db::open(&settings)?, writers, clock: Clock::system(), model }));
        HttpServer::new(move || {
            App::new()
                .app_data(bare.clone())
                .route("/pilots/{id}", web::get().to(read))
                .route("/pilots", web::get().to(list))
                .route("/pilots", web::post().to(create))
                .route("/pilots/{id}", web::patch().to(patch))
                .route("/pilots/{id}/transitions", web::post().to(transition))
        })
        .bind(listen)?
        .run()
        .await?;
        Ok(())
    })
}

#[derive(Serialize)]
struct Named {
    pilot: PilotRow,
    owner_bn: Option<String>,
    owner_en: Option<String>,
    deputy_bn: Option<String>,
    deputy_en: Option<String>,
}

diesel::alias!(users as owners: Owners, users as deputies: Deputies);

fn id(text: &str) -> Result<PilotId, AppError> {
    PilotId::parse(text).ok_or_else(AppError::not_found)
}

async fn read(bare: web::Data<Bare>, path: web::Path<String>) -> actix_web::Result<HttpResponse> {
    use diesel::NullableExpressionMethods;
    let found = bare
        .db
        .read(move |connection| {
            let (pilot, owner_bn, owner_en, deputy_bn, deputy_en) = pilots::table
                .inner_join(owners.on(owners.field(users::id).eq(pilots::owner_id)))
                .left_join(deputies.on(deputies.field(users::id).nullable().eq(pilots::deputy_id)))
                .filter(pilots::id.eq(id(&path)?))
                .select((
                    PilotRow::as_select(),
                    owners.field(users::name_bn),
                    owners.field(users::name_en),
                    deputies.field(users::name_bn).nullable(),
                    deputies.field(users::name_en).nullable(),
                ))
                .first(connection)?;
            Ok(Named { pilot, owner_bn, owner_en, deputy_bn, deputy_en })
        })
        .await
        .map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(found))
}

/// The columns of a list that are its weight.
#[derive(Serialize)]
struct Item {
    id: PilotId,
    reference: Option<String>,
    title_bn: Option<String>,
    title_en: Option<String>,
    summary_bn: Option<String>,
    summary_en: Option<String>,
    sector_code: Option<String>,
    districts: Vec<String>,
    tags: Vec<String>,
    owner_bn: Option<String>,
    owner_en: Option<String>,
    version: i64,
    created_at: String,
    updated_at: String,
}

async fn list(bare: web::Data<Bare>, query: web::Query<ListedAs>) -> actix_web::Result<HttpResponse> {
    let found = bare
        .db
        .read(move |connection| {
            let slice = Slice { limit: 25, after: None, include_total: false };
            let query = query.into_inner();
            let asked = ListPilotsQuery {
                sector_code: query.sector_code,
                district_code: query.district_code,
                division_code: query.division_code,
                q: query.q,
                ..ListPilotsQuery::default()
            };
            let filters = Filters::new(&asked).ok_or_else(AppError::not_found)?;
            let status = query.status.and_then(|status| serde_json::from_value(serde_json::Value::String(status)).ok());
            fetch(connection, &[Stream { audience: Audience::Staff, status, phase: None }], &filters, &slice)
        })
        .await
        .map_err(ErrorInternalServerError)?;
    let items: Vec<Item> = found
        .into_iter()
        .map(|row| Item {
            id: row.id,
            reference: row.reference,
            title_bn: row.title_bn,
            title_en: row.title_en,
            summary_bn: row.summary_bn,
            summary_en: row.summary_en,
            sector_code: row.sector_code,
            districts: row.districts.to_vec(),
            tags: row.tags.to_vec(),
            owner_bn: row.owner_name_bn,
            owner_en: row.owner_name_en,
            version: row.version,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(items))
}

#[derive(Deserialize)]
struct ListedAs {
    status: Option<String>,
    sector_code: Option<String>,
    district_code: Option<String>,
    division_code: Option<String>,
    q: Option<String>,
}

#[derive(Deserialize)]
struct Title {
    title: Both,
}

#[derive(Deserialize)]
struct Both {
    bn: Option<String>,
    en: Option<String>,
}

async fn create(bare: web::Data<Bare>, body: web::Json<Title>) -> actix_web::Result<HttpResponse> {
    let body = body.into_inner().title;
    let shared = bare.clone();
    let created = bare
        .writers
        .write(move |connection| {
            let now = shared.clock.now();
            let row = PilotRow {
                id: PilotId::from(shared.clock.new_uuid(now)),
                reference: None,
                title_bn: body.bn.clone(),
                title_en: body.en.clone(),
                created_at: now,
                updated_at: now,
                ..shared.model.clone()
            };
            insert_into(pilots::table).values(&row).execute(connection)?;
            Ok(row)
        })
        .await
        .map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Created().json(created))
}

async fn patch(
    bare: web::Data<Bare>,
    path: web::Path<String>,
    body: web::Json<Title>,
) -> actix_web::Result<HttpResponse> {
    let body = body.into_inner().title;
    let clock = bare.clock.clone();
    let changed = bare
        .writers
        .write(move |connection| {
            Ok(update(pilots::table.find(id(&path)?))
                .set((
                    pilots::title_en.eq(body.en.as_deref()),
                    pilots::version.eq(pilots::version + 1),
                    pilots::updated_at.eq(clock.now()),
                ))
                .execute(connection)?)
        })
        .await
        .map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(changed))
}

async fn transition(bare: web::Data<Bare>, path: web::Path<String>) -> actix_web::Result<HttpResponse> {
    let shared = bare.clone();
    let moved = bare
        .writers
        .write(move |connection| {
            let now = shared.clock.now();
            let id = id(&path)?;
            update(pilots::table.find(id))
                .set((
                    pilots::status.eq("on_hold"),
                    pilots::version.eq(pilots::version + 1),
                    pilots::updated_at.eq(now),
                ))
                .execute(connection)?;
            Ok(insert_into(pilot_transitions::table)
                .values((
                    pilot_transitions::id.eq(TransitionId::from(shared.clock.new_uuid(now))),
                    pilot_transitions::pilot_id.eq(id),
                    pilot_transitions::command.eq("hold"),
                    pilot_transitions::from_status.eq("in_execution"),
                    pilot_transitions::to_status.eq("on_hold"),
                    pilot_transitions::actor_id.eq(shared.model.owner_id),
                    pilot_transitions::at.eq(now),
                ))
                .execute(connection)?)
        })
        .await
        .map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(moved))
}
