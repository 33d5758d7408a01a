//! Overload: more requests at once than can be served are turned away at the door, so that those inside are served in
//! good time and memory stays flat. A request that still waits for its body does not count: slow senders would fill the
//! house.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use super::{AppState, call::RoutePattern};
use crate::platform::error::{AppError, ErrorCode};

/// Paths that are answered however full it is: those that operators look through.
const PROBES: &[&str] = &["/healthz", "/readyz", "/metrics"];

/// How many requests are being served.
#[derive(Clone)]
pub struct InFlight {
    now: Arc<AtomicUsize>,
    most: usize,
}

/// A place among those that are served, given back when dropped.
pub struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The time for which a request waits for its caller and leaves its place to others; it ends with this value.
pub struct Outside(Arc<AtomicUsize>);

impl Drop for Outside {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl InFlight {
    /// With room for `most` requests; 0 is no bound.
    pub fn new(most: usize) -> Self {
        Self { now: Arc::default(), most: if most == 0 { usize::MAX } else { most } }
    }

    /// How many are being served.
    pub fn now(&self) -> usize {
        self.now.load(Ordering::Relaxed)
    }

    fn enter(&self) -> Option<Place> {
        // The place is given back at once if there was no room.
        let before = self.now.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(&self.now));
        (before < self.most).then_some(place)
    }

    /// Steps aside while something is awaited from the caller, such as the body. Coming back is always possible: the
    /// work begun must not be for nothing.
    pub fn step_aside(&self) -> Outside {
        self.now.fetch_sub(1, Ordering::Relaxed);
        Outside(Arc::clone(&self.now))
    }
}

/// Turns requests away when the house is full, before anything is done for them.
///
/// # Errors
/// Those of the inner service.
pub async fn gate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let in_flight = request.app_data::<web::Data<AppState>>().map(|state| state.in_flight.clone());
    let _place = match in_flight {
        Some(in_flight) if !PROBES.contains(&request.path()) => match in_flight.enter() {
            Some(place) => Some(place),
            None => {
                let refusal = AppError::new(ErrorCode::Overloaded).retry_after(1).detail(
                    "More is asked than can be served at the moment. Nothing was changed.",
                    "এই মুহূর্তে অনুরোধের সংখ্যা ধারণক্ষমতার বেশি। কিছুই পরিবর্তন হয়নি।",
                );
                // Which operation it would have been is not worth looking for now.
                request.extensions_mut().insert(RoutePattern("unmatched".to_owned()));
                return Ok(request.error_response(refusal));
            }
        },
        _ => None,
    };
    Ok(next.call(request).await?.map_into_boxed_body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_a_body_leaves_their_place() {
        let house = InFlight::new(1);
        let first = house.enter();
        assert!(first.is_some() && house.enter().is_none());
        let aside = house.step_aside();
        let second = house.enter();
        assert!(second.is_some());
        drop(aside);
        assert_eq!(house.now(), 2);
        drop((first, second));
        assert_eq!(house.now(), 0);
        assert!(InFlight::new(0).enter().is_some());
    }
}
