# The commands of every day; `just` lists them.

default:
    @just --list

# The server with demo data, in ./data.
demo:
    cargo run -- serve --demo

# What README says.
test *filter:
    cargo test --locked {{filter}}

# Everything that a change has to pass.
ci:
    .ci/run

# Formatting and lints.
lint:
    cargo fmt --check
    cargo clippy --locked --workspace --all-targets -- -D warnings

# The files that tests print out of the code: the OpenAPI document, permissions, lifecycles.
generated:
    UPDATE_GENERATED=1 cargo test --locked --test api structure

# Licences and known holes of the dependencies; needs cargo-deny.
deny:
    cargo deny check

# The image, and what compose makes of its file.
image:
    docker build -t innovation-pilots .
    docker compose config --quiet

# Requests a second beside a bare handler, up to a million pilots; about an hour, needs wrk.
bench *arguments:
    bench/run {{arguments}}

# Kills, restarts, overload, slow sockets, eight starts at once; needs wrk.
prove *arguments:
    bench/prove {{arguments}}
