# The Lambda, as a container image and as a zip. The package list is that of `make run`: a test compares them.
#
#     docker build -f deploy/lambda.Dockerfile -t bedrock-sessions-lambda .
#     docker build -f deploy/lambda.Dockerfile --target zip --output . .
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libhiredis-dev libcurl4-openssl-dev libssl-dev libuv1-dev libsqlite3-dev zlib1g-dev pkg-config ca-certificates unzip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN swift build -c release --static-swift-stdlib --product bedrock-sessions
# The same files and the same checks as for a zip: Amazon Linux 2023 has the older glibc in both forms.
RUN .build/release/bedrock-sessions package --output /bootstrap.zip && unzip -q /bootstrap.zip -d /function

FROM scratch AS zip
COPY --from=build /bootstrap.zip /

FROM public.ecr.aws/lambda/provided:al2023
# The base image starts this file; its libraries are beside it.
COPY --from=build /function/ /var/runtime/
CMD ["bootstrap"]
