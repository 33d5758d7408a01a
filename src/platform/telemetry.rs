//! Traces by OpenTelemetry. Spans have the target [`TARGET`]: without an endpoint no layer wants it, and a span costs a
//! comparison.

use std::time::Duration;

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::config::TelemetryConfig;

/// The target of our spans.
pub const TARGET: &str = "otel";

/// How long the collector may take; spans that it does not take in time are dropped, requests never wait for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends the spans that are left when dropped or shut down.
pub struct Exporter(SdkTracerProvider);

impl Exporter {
    /// Opens the way to the collector; `None` when none is configured.
    ///
    /// # Errors
    /// A sentence, when the endpoint cannot be used.
    pub fn open(config: &TelemetryConfig) -> Result<Option<Self>, String> {
        let Some(endpoint) = config.otlp_endpoint.as_ref().filter(|endpoint| !endpoint.is_empty()) else {
            return Ok(None);
        };
        if !(0.0..=1.0).contains(&config.sample_ratio) {
            return Err("telemetry.sample_ratio must be from 0 to 1".to_owned());
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .with_headers(Default::default())
            .build()
            .map_err(|error| format!("telemetry.otlp_endpoint: {error}"))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.sample_ratio))))
            .with_resource(Resource::builder().with_service_name("innovation-pilots").build())
            .build();
        Ok(Some(Self(provider)))
    }

    /// What turns our spans into OpenTelemetry's.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("innovation-pilots"))
            .with_location(false)
            .with_threads(false)
            .with_filter(filter_fn(|metadata| metadata.target() == TARGET))
    }

    /// Sends what is left. Not to be called on an async worker.
    ///
    /// # Errors
    /// A sentence, when the collector did not take it.
    pub fn close(self) -> Result<(), String> {
        self.0.shutdown_with_timeout(PATIENCE).map_err(|error| error.to_string())
    }
}

/// The span of a request, under the caller's span if `traceparent` names one.
pub fn request_span(method: &str, traceparent: Option<&str>) -> Span {
    let span = tracing::info_span!(
        target: TARGET,
        "request",
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = tracing::field::Empty,
        http.response.status_code = tracing::field::Empty,
        request_id = tracing::field::Empty,
    );
    if !span.is_disabled()
        && let Some(parent) = traceparent.and_then(parent)
    {
        // Fails only for spans that have begun or are disabled.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    span
}

/// Tells a request's span how it ended.
pub fn describe(span: &Span, operation: &str, route: &str, status: u16, request_id: &str) {
    if span.is_disabled() {
        return;
    }
    // A span that has begun takes a new name only this way.
    span.context().span().update_name(operation.to_owned());
    span.record("http.route", route);
    span.record("http.response.status_code", status);
    span.record("request_id", request_id);
    if status >= 500 {
        span.record("otel.status_code", "error");
    }
}

/// The trace that a span belongs to, if it is recorded.
pub fn trace_id(span: &Span) -> Option<String> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let span_context = context.span().span_context().clone();
    span_context.is_valid().then(|| span_context.trace_id().to_string())
}

/// The span of a piece of work with the database: `read` or `write`.
pub fn database_span(pool: &'static str) -> Span {
    let name = if pool == "write" { "db.write" } else { "db.read" };
    tracing::info_span!(target: TARGET, "db", otel.name = name, otel.kind = "client", db.operation.name = pool)
}

/// The remote span of a valid W3C `traceparent`.
fn parent(traceparent: &str) -> Option<SpanContext> {
    let mut parts = traceparent.split('-');
    let (_version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}
