# The server of the compose stack. The package list and the build command are those of `make run`: a test compares them.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libhiredis-dev libcurl4-openssl-dev libssl-dev libuv1-dev libsqlite3-dev zlib1g-dev pkg-config ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN swift build -c release --static-swift-stdlib --product bedrock-sessions

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libhiredis0.14 libcurl4 libssl3 libuv1 libsqlite3-0 zlib1g libstdc++6 ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/bedrock-sessions sessions
COPY --from=build /src/.build/release/bedrock-sessions /usr/local/bin/bedrock-sessions
USER sessions
WORKDIR /var/lib/bedrock-sessions
EXPOSE 8080
ENTRYPOINT ["bedrock-sessions"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
