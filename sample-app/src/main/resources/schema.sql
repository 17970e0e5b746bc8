CREATE TABLE IF NOT EXISTS quake (
    id        VARCHAR(64)  PRIMARY KEY,
    net       VARCHAR(40)  NOT NULL,
    type      VARCHAR(40)  NOT NULL,
    magnitude DOUBLE PRECISION,
    place     VARCHAR(500),
    happened  TIMESTAMP WITH TIME ZONE NOT NULL,
    updated   TIMESTAMP WITH TIME ZONE NOT NULL,
    tsunami   BOOLEAN      NOT NULL,
    longitude DOUBLE PRECISION,
    latitude  DOUBLE PRECISION,
    depth_km  DOUBLE PRECISION
);
CREATE INDEX IF NOT EXISTS quake_by_time ON quake (happened DESC);
