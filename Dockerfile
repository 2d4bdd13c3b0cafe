# One static binary in an empty image. Time zones and the roots of certificate
# authorities are inside the binary, so nothing else is needed at run time.
#
#   make image
#   docker run --rm -p 8480:8480 -v qingfeng-data:/data \
#     -e QINGFENG_TOKEN_FILE=/run/secrets/token -v ./token:/run/secrets/token:ro qingfeng:latest
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false \
      -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" \
      -o /out/qingfeng ./cmd/qingfeng \
 && mkdir -p -m 0700 /out/own/data \
 && mkdir -p -m 1777 /out/own/tmp

FROM scratch
COPY --from=build /out/qingfeng /qingfeng
# The data directory is readable by its owner only; spreadsheets are unpacked in /tmp.
COPY --from=build --chown=65532:65532 /out/own/ /
USER 65532:65532
# Outside its container nothing reaches a loopback address, so listen on all of them.
ENV QINGFENG_DATA=/data QINGFENG_LISTEN=0.0.0.0:8480
VOLUME /data
EXPOSE 8480
# No HEALTHCHECK: it would need a shell or a client, and the image has neither.
# Let the orchestrator ask GET /healthz and GET /readyz on port 8480.
ENTRYPOINT ["/qingfeng"]
CMD ["serve"]
