//! Which methods a path knows: all others are 405, with those that it knows in `Allow`. Actix alone answers 404.

use actix_web::{
    HttpResponse, Resource, Route,
    body::BoxBody,
    http::{Method, header},
    web,
};

/// A resource that is only read; HEAD works as on every GET.
pub fn read_only(path: &str, route: impl Fn() -> Route) -> Resource {
    let resource = web::resource(path).route(route().method(Method::GET)).route(route().method(Method::HEAD));
    refusing_others(resource, "GET, HEAD".to_owned())
}

/// The same resource, with a refusal for every method that it has no route for.
pub fn refusing_others(resource: Resource, allow: String) -> Resource {
    resource.default_service(web::to(move || {
        let allow = allow.clone();
        async move { HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allow)).body(BoxBody::new(())) }
    }))
}
