# ash-ops in a container: docker build -t ash-ops . && docker run --rm -e AWS_REGION -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY ash-ops doctor
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY ash_client ash_client
COPY ash_ops ash_ops
RUN python -m venv /usr/local/ash-ops && /usr/local/ash-ops/bin/pip install --no-cache-dir '.[mcp]'

FROM python:3.13-slim
COPY --from=build /usr/local/ash-ops /usr/local/ash-ops
ENV PATH=/usr/local/ash-ops/bin:$PATH
# Nobody in particular: it needs no right of root's, and writes only to the folder it is given.
USER 65534:65534
WORKDIR /reports
ENTRYPOINT ["ash-ops"]
CMD ["--help"]
