//! Overload: more requests at once than can be served are turned away at the door, so that those inside are served in
//! good time and memory stays flat. A request that still waits for its body does not count: slow senders would fill the
//! house.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Paths that are answered however full it is: those that operators look through.
const PROBES: &[&str] = &["/healthz", "/readyz", "/metrics"];

pub(super) fn is_probe(path: &str) -> bool {
    PROBES.contains(&path)
}

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

    /// A place; `None` when there is none.
    pub(super) fn enter(&self) -> Option<Place> {
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
