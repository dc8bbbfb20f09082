# A static binary, and nothing else in the image, run by a user without rights.
# The build needs no build kit: `docker build -t village .`
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/village ./cmd/village && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/village /village
COPY --from=build /src/content/encoder/model/LICENSE /src/content/encoder/model/NOTICE /licenses/sentence-encoder/
# 65532 is the number by which such images name a user without rights.
COPY --from=build --chown=65532:65532 /out/data /data
LABEL org.opencontainers.image.title="Village" \
      org.opencontainers.image.description="Rides, childcare and gentle reminders around treatment days, on Discord and Slack" \
      org.opencontainers.image.licenses="MIT"
USER 65532:65532
ENV VILLAGE_DATA=/data VILLAGE_LISTEN=127.0.0.1:8080
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/village", "doctor", "-health"]
ENTRYPOINT ["/village"]
