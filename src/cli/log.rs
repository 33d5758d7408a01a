//! The log on standard error, and the traces beside it.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

use crate::platform::{
    config::{Config, LogFormat, no_color},
    telemetry::{self, Exporter},
};

/// What a caller sends that is no HTTP is told to the caller; at ERROR, as actix has it, it would wake an operator.
const NOT_OURS: &str = "actix_http::h1::dispatcher=off";

/// Starts both; the exporter, if there is one, has to be closed at the end.
///
/// # Errors
/// A sentence naming the key that is wrong.
pub(super) fn start(config: &Config) -> Result<Option<Exporter>, String> {
    let filter = EnvFilter::try_new(format!("{NOT_OURS},{}", config.log.filter))
        .map_err(|error| format!("log.filter: {error}"))?;
    // Spans are for the collector; the log has a line of its own for each request.
    let spans_off = format!("{}=off", telemetry::TARGET).parse().map_err(|error| format!("log.filter: {error}"))?;
    let filter = filter.add_directive(spans_off);
    let exporter = Exporter::open(&config.telemetry)?;
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match config.log.format {
        LogFormat::Text => {
            let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
            lines
                .with_ansi(is_colourful(std::io::stderr().is_terminal(), no_color().as_deref()))
                .with_filter(filter)
                .boxed()
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

/// Colours are for terminals, and for those who want them: <https://no-color.org>.
fn is_colourful(is_terminal: bool, no_color: Option<&str>) -> bool {
    is_terminal && no_color.is_none_or(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_whose_owner_wants_them() {
        assert!(is_colourful(true, None) && is_colourful(true, Some("")));
        assert!(!is_colourful(true, Some("1")) && !is_colourful(false, None));
    }

    #[test]
    fn what_is_added_to_the_filter_is_one() {
        assert!(EnvFilter::try_new(format!("{NOT_OURS},info,http=warn")).is_ok());
    }
}
