//! The log on standard error, and the traces beside it.

use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

use crate::platform::{
    config::{Config, LogFormat},
    telemetry::{self, Exporter},
};

/// Starts both; the exporter, if there is one, has to be closed at the end.
///
/// # Errors
/// A sentence naming the key that is wrong.
pub(super) fn start(config: &Config) -> Result<Option<Exporter>, String> {
    let filter = EnvFilter::try_new(&config.log.filter).map_err(|error| format!("log.filter: {error}"))?;
    // Spans are for the collector; the log has a line of its own for each request.
    let spans_off = format!("{}=off", telemetry::TARGET).parse().map_err(|error| format!("log.filter: {error}"))?;
    let filter = filter.add_directive(spans_off);
    let exporter = Exporter::open(&config.telemetry)?;
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match config.log.format {
        LogFormat::Text => {
            tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_filter(filter).boxed()
        }
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
            .with_filter(filter)
            .boxed(),
    };
    let mut layers = vec![lines];
    if let Some(exporter) = &exporter {
        layers.push(exporter.layer::<Registry>().boxed());
    }
    tracing_subscriber::registry().with(layers).try_init().map_err(|error| error.to_string())?;
    Ok(exporter)
}
