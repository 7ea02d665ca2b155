ARG BUILD_IMAGE=golang:1.26
ARG RUN_IMAGE=gcr.io/distroless/static-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
ARG GOPROXY
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata \
    -ldflags "-s -w -X main.version=${VERSION}" -o /out/pwsync ./cmd/pwsync

FROM ${RUN_IMAGE}
ARG VERSION=dev
LABEL org.opencontainers.image.title="pwsync" \
      org.opencontainers.image.description="Answers in Slack why a password is not syncing to Microsoft Entra ID" \
      org.opencontainers.image.source="https://github.com/pwsync/pwsync" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/pwsync /usr/local/bin/pwsync
COPY LICENSE /licenses/LICENSE
USER 65532:65532
WORKDIR /home/nonroot
ENTRYPOINT ["/usr/local/bin/pwsync"]
CMD ["serve"]
