//! The backend of Bangladesh's public-service innovation pilots.
//!
//! - [`cli`]: the commands of the program.
//! - [`app`]: the HTTP application, put together once for the server and the tests.
//! - [`openapi`]: the head of the OpenAPI document.
//! - `features`: the slices, one folder each; `features::permissions` says who may do what.
//! - [`platform`]: what the slices stand on; knows nothing of pilots.

pub mod app;
pub mod cli;
pub mod features;
pub mod openapi;
pub mod platform;

/// glibc keeps what concurrent password hashes took: 400 MB after a run of the contract fuzz. See [`allocator`].
#[global_allocator]
static ALLOCATOR: allocator::MiMalloc = allocator::MiMalloc;
