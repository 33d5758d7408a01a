# syntax=docker/dockerfile:1
# The program in a small image: no shell is needed to run it, no root, no writable file system but /data.

FROM rust:1.95-slim-trixie AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# Dependencies first, with an empty program: this layer stays as long as Cargo.lock does.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY allocator allocator
COPY bench/Cargo.toml bench/
RUN mkdir -p src bench/src tests/api && echo 'fn main() {}' | tee src/main.rs bench/src/main.rs > /dev/null \
    && touch src/lib.rs tests/api/main.rs && cargo build --release --locked --bin innovation-pilots && rm -rf src tests
COPY migrations migrations
COPY openapi/openapi.json openapi/
COPY src src
# cargo goes by times, and the empty program may be newer than ours.
RUN mkdir -p tests/api && touch tests/api/main.rs src/main.rs src/lib.rs \
    && cargo build --release --locked --bin innovation-pilots \
    && mkdir -p /out/data && cp target/release/innovation-pilots /out/

FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin pilots
COPY --from=build /out/innovation-pilots /usr/local/bin/innovation-pilots
# A named volume takes its owner from here.
COPY --from=build --chown=10001:10001 --chmod=700 /out/data /data
USER 10001:10001
WORKDIR /data
VOLUME /data
# Inside a container every address is the container's own.
ENV PILOTS_SERVER__LISTEN=0.0.0.0:8080 \
    PILOTS_DATABASE__URL=sqlite:///data/pilots.sqlite3 \
    PILOTS_AUTH__KEYS=/data/keys \
    PILOTS_FILES__FOLDER=/data/files \
    PILOTS_FILES__SPOOL=/tmp/spool \
    PILOTS_MAIL__FOLDER=/data/mail \
    PILOTS_LOG__FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["innovation-pilots", "healthcheck"]
ENTRYPOINT ["innovation-pilots"]
CMD ["serve"]
