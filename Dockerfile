FROM node:22-slim AS build
WORKDIR /hubbub
COPY . .
RUN npx -y deno@2.9.6 task compile

FROM debian:stable-slim
COPY --from=build /hubbub/dist/hubbub /usr/local/bin/hubbub
RUN useradd --system --create-home hubbub && mkdir /data && chown hubbub /data
USER hubbub
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["hubbub", "ready"]
ENTRYPOINT ["hubbub"]
