# docker build -t evenhand . && docker run --rm -v "$PWD:/work" evenhand run tmall --out runs/tmall
FROM python:3.12-slim
COPY . /source
RUN pip install --no-cache-dir /source && rm -rf /source \
    && useradd --create-home evenhand && mkdir /work && chown evenhand /work
USER evenhand
WORKDIR /work
# Machine code is compiled once, here, and not by each container.
RUN evenhand run tmall --days 91 --replications 1 --engine numba --out /tmp/first && rm -r /tmp/first
ENTRYPOINT ["evenhand"]
CMD ["--help"]
