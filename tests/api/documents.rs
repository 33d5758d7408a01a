//! What the written documents say of the code is true: keys, paths, markers.

use std::{fs, path::PathBuf};

/// Folders whose files the documents name.
const FOLDERS: &[&str] = &["src/", "docs/", "migrations/", "tests/", "clients/", "contract/"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// README.md and every page under docs.
fn documents() -> Vec<String> {
    let mut found = vec!["README.md".to_owned()];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// What stands between backticks on a line of its own, outside of fenced blocks.
fn quoted(document: &str) -> Vec<String> {
    let mut is_fenced = false;
    let mut found = Vec::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

#[test]
fn the_table_of_the_configuration_names_every_key() {
    let readme = read("README.md");
    let mut section = "";
    let defaults = read("src/platform/config/defaults.toml");
    let mut keys = vec![("database".to_owned(), "read_url".to_owned())];
    for line in defaults.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if let Some((key, _)) = line.split_once(" = ") {
            keys.push((section.to_owned(), key.to_owned()));
        }
    }
    assert!(keys.len() > 10, "defaults.toml was not understood: {keys:?}");
    for (section, key) in keys {
        let name = if section.is_empty() { key.clone() } else { format!("{section}.{key}") };
        let begin = format!("| `{name}` |");
        let row = readme.lines().find(|line| line.starts_with(&begin));
        let row = row.unwrap_or_else(|| panic!("README.md has no row of {section}.{key}"));
        let variable = format!("PILOTS_{}", name.to_uppercase().replace('.', "__"));
        assert!(row.contains(&variable), "the row of {section}.{key} does not name {variable}");
    }
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in documents() {
        for path in quoted(&read(&document)) {
            let is_path =
                FOLDERS.iter().any(|folder| path.starts_with(folder)) && !path.contains(['…', '<', '{', '*', ' ', ':']);
            if is_path && !root().join(&path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "these are not there:\n{}", missing.join("\n"));
}

#[test]
fn the_test_command_stands_between_its_markers() {
    let readme = read("README.md");
    let block = "<!-- test-command -->\n```sh\ncargo test --locked\n```\n<!-- /test-command -->\n";
    assert_eq!(readme.matches(block).count(), 1, "README.md has to have exactly\n{block}");
}

#[test]
fn the_excerpts_of_the_readme_are_excerpts() {
    let readme = read("README.md");
    let mut count = 0;
    for part in readme.split("<!-- excerpt ").skip(1) {
        let (path, rest) = part.split_once(" -->\n```").expect("a block of code follows its excerpt line");
        let (_, rest) = rest.split_once('\n').unwrap();
        let (excerpt, _) = rest.split_once("```").unwrap();
        assert!(!excerpt.trim().is_empty());
        assert!(read(path).contains(excerpt), "README.md shows this of {path}, which does not hold it:\n{excerpt}");
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn every_decision_is_numbered_in_turn_and_has_its_three_parts() {
    let decisions: Vec<String> = documents().into_iter().filter(|path| path.starts_with("docs/decisions/")).collect();
    assert!(!decisions.is_empty());
    for (number, path) in (1..).zip(&decisions) {
        assert!(path.starts_with(&format!("docs/decisions/{number:04}-")), "{path} is not number {number}");
        let text = read(path);
        for heading in ["## Context", "## Decision", "## Consequences"] {
            assert!(text.lines().any(|line| line == heading), "{path} has no {heading}");
        }
    }
}
