//! The files under which this is deployed fit the program: variables, paths, and compose's own check where it is there.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use innovation_pilots::platform::config::{Config, Flags};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The words of a text that begin so.
fn words(text: &str, begin: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).filter(|word| word.starts_with(begin)).map(str::to_owned).collect()
}

#[test]
fn every_variable_in_the_deployment_is_one_that_the_program_reads() {
    let mut known = BTreeSet::new();
    let mut section = String::new();
    for line in read("src/platform/config/defaults.toml").lines() {
        let line = line.trim_start_matches(['#', ' ']);
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_uppercase().replace('.', "__");
        } else if let Some((key, _)) = line.split_once(" = ") {
            known.insert(format!("PILOTS_{section}__{}", key.to_uppercase()));
        }
    }
    assert!(known.len() > 20 && known.contains("PILOTS_METRICS__TOKEN"), "{known:?}");
    for file in ["Dockerfile", "docker-compose.yml", ".env.example", "README.md"] {
        for variable in words(&read(file), "PILOTS_").into_iter().filter(|name| name.contains("__")) {
            let is_pattern = variable.ends_with("__");
            assert!(
                is_pattern || variable == "PILOTS_DATABASE__READ_URL" || known.contains(&variable),
                "{file}: {variable}"
            );
        }
    }
}

#[test]
fn every_variable_that_compose_asks_for_is_explained_and_no_password_has_a_default() {
    let (compose, example) = (read("docker-compose.yml"), read(".env.example"));
    let mut asked = BTreeSet::new();
    for part in compose.split("${").skip(1) {
        let inner = part.split('}').next().unwrap();
        let name: String = inner.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if name.contains("PASSWORD") || name.contains("TOKEN") {
            assert!(inner.starts_with(&format!("{name}:?")), "{name} has to be given: {inner}");
            let line = example.lines().find(|line| line.starts_with(&format!("{name}="))).unwrap_or_default();
            assert_eq!(line, format!("{name}="), ".env.example must not have a value for it");
        }
        asked.insert(name);
    }
    assert!(asked.len() >= 3, "{asked:?}");
    for name in asked {
        assert!(example.contains(&format!("{name}=")), ".env.example does not explain {name}");
    }
}

#[test]
fn what_the_image_copies_is_there() {
    let (dockerfile, ignored) = (read("Dockerfile"), read(".dockerignore"));
    for line in dockerfile.lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from=")) {
        let mut sources: Vec<&str> = line.split(' ').skip(1).filter(|word| !word.starts_with("--")).collect();
        sources.pop();
        for source in sources {
            assert!(root().join(source).exists(), "{line}: {source} is not there");
            assert!(
                ignored.lines().any(|line| line == format!("!{source}")),
                "{line}: .dockerignore keeps {source} out"
            );
        }
    }
    assert!(dockerfile.contains("USER 10001"), "the image runs as a user of its own");
    let compose = read("docker-compose.yml");
    for line in compose.lines().map(str::trim).filter(|line| line.starts_with("- ./")) {
        let source = line.trim_start_matches("- ").split(':').next().unwrap();
        assert!(root().join(source).exists(), "docker-compose.yml: {source} is not there");
    }
}

/// Only where compose is installed: this machine's tests must not need it.
#[test]
fn compose_accepts_its_file() {
    let ways: [&[&str]; 2] = [&["docker", "compose"], &["docker-compose"]];
    for way in ways {
        let run = |arguments: &[&str]| {
            let mut command = Command::new(way[0]);
            command.args(&way[1..]).args(arguments).current_dir(root());
            command.env("POSTGRES_PASSWORD", "x").env("METRICS_TOKEN", "x").output()
        };
        if run(&["version"]).is_ok_and(|output| output.status.success()) {
            let output = run(&["-f", "docker-compose.yml", "config", "--quiet"]).unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            return;
        }
    }
}

#[test]
fn an_empty_setting_is_no_setting() {
    // Compose passes an unset variable on as an empty one.
    let mut config = Config::load(&Flags::default()).unwrap();
    config.telemetry.otlp_endpoint = Some(String::new());
    assert!(innovation_pilots::platform::telemetry::Exporter::open(&config.telemetry).unwrap().is_none());
}
