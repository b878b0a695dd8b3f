-- Times are whole seconds since 1970 (UTC), money whole minor units, ids UUIDs as text.
-- `version` of a row counts its changes: it is what ETags are made of.

CREATE TABLE organisations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
    hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    centre TEXT,
    created_at INTEGER NOT NULL
) STRICT;

-- One row for each entry at each version; the newest that is not retired holds.
CREATE TABLE catalogue (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    retired INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT;

CREATE TABLE models (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    listed INTEGER NOT NULL DEFAULT 0,
    latest INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX models_of ON models (organisation, id);

CREATE TABLE model_versions (
    model TEXT NOT NULL REFERENCES models (id),
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    extension TEXT NOT NULL,
    unit TEXT,
    origin TEXT NOT NULL,
    author TEXT NOT NULL,
    check_state TEXT NOT NULL,
    record TEXT,
    released_by TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (model, version)
) STRICT;

CREATE TABLE quotes (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    order_id TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX quotes_of ON quotes (organisation, id);

CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    reference TEXT NOT NULL,
    region TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    price TEXT,
    promised_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_of ON orders (organisation, id);

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    number INTEGER NOT NULL,
    model TEXT NOT NULL,
    model_version INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 1),
    next_copy INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (order_id, number),
    FOREIGN KEY (model, model_version) REFERENCES model_versions (model, version)
) STRICT;

-- A unit is born when its line is confirmed, and is never deleted or given to another line.
CREATE TABLE units (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    replaces TEXT UNIQUE REFERENCES units (id),
    state TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (order_id, line, copy),
    FOREIGN KEY (order_id, line) REFERENCES order_lines (order_id, number)
) STRICT;
CREATE INDEX units_waiting ON units (order_id) WHERE state = 'waiting';

CREATE TRIGGER units_stay BEFORE DELETE ON units
BEGIN SELECT RAISE (ABORT, 'units are never deleted'); END;
CREATE TRIGGER units_keep_their_line BEFORE UPDATE OF id, order_id, line, copy, replaces ON units
BEGIN SELECT RAISE (ABORT, 'units are never given to another line'); END;

CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    follows TEXT REFERENCES plans (id),
    request TEXT NOT NULL,
    figures TEXT,
    created_at INTEGER NOT NULL,
    published_at INTEGER
) STRICT;
-- One plan is in force at most.
CREATE UNIQUE INDEX plan_in_force ON plans (state) WHERE state = 'published';

-- A build belongs to the plan that proposed it first; later plans may keep it.
CREATE TABLE builds (
    id TEXT PRIMARY KEY,
    plan TEXT NOT NULL REFERENCES plans (id),
    name TEXT NOT NULL,
    centre TEXT NOT NULL,
    machine TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    locked INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (plan, name)
) STRICT;
CREATE INDEX builds_live ON builds (start_at) WHERE state IN ('published', 'printing');

-- What a plan says of its builds.
CREATE TABLE plan_builds (
    plan TEXT NOT NULL REFERENCES plans (id),
    build TEXT NOT NULL REFERENCES builds (id),
    centre TEXT NOT NULL,
    machine TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    PRIMARY KEY (plan, build)
) STRICT, WITHOUT ROWID;

-- Units in builds. A unit is in one live build at most, whatever the program does.
CREATE TABLE build_units (
    build TEXT NOT NULL REFERENCES builds (id),
    unit TEXT NOT NULL REFERENCES units (id),
    live INTEGER NOT NULL,
    placement TEXT NOT NULL,
    PRIMARY KEY (build, unit)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_live_build ON build_units (unit) WHERE live = 1;

CREATE TABLE dispatches (
    id TEXT PRIMARY KEY,
    build TEXT NOT NULL UNIQUE REFERENCES builds (id),
    centre TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    progress REAL,
    note TEXT,
    sent_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dispatches_of ON dispatches (centre, id);

CREATE TABLE inspections (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (id),
    passed INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspections_of ON inspections (unit);

CREATE TABLE shipments (
    id TEXT PRIMARY KEY,
    centre TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    carrier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE shipment_units (
    shipment TEXT NOT NULL REFERENCES shipments (id),
    unit TEXT NOT NULL REFERENCES units (id),
    PRIMARY KEY (shipment, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    line INTEGER,
    author TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX comments_of ON comments (order_id, id);

-- Designers who are asked to revise the model of a line: they see the order and talk about it.
CREATE TABLE commissions (
    order_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    designer TEXT NOT NULL REFERENCES organisations (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (designer, order_id, line),
    FOREIGN KEY (order_id, line) REFERENCES order_lines (order_id, number)
) STRICT, WITHOUT ROWID;

-- What happened, in the order in which it was committed. Never changed.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    organisation TEXT,
    centre TEXT,
    order_id TEXT,
    unit TEXT,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_unit ON events (unit, seq) WHERE unit IS NOT NULL;
CREATE INDEX events_of_order ON events (order_id, seq) WHERE order_id IS NOT NULL;

CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE (ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_do_not_change BEFORE UPDATE ON events
BEGIN SELECT RAISE (ABORT, 'events are never changed'); END;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    organisation TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    payload TEXT NOT NULL,
    progress TEXT NOT NULL DEFAULT '{}',
    result TEXT,
    cancelled INTEGER NOT NULL DEFAULT 0,
    worker TEXT,
    beat_at INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX jobs_open ON jobs (kind, id) WHERE state IN ('queued', 'running');

-- Answers to requests with an Idempotency-Key.
CREATE TABLE answers (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    etag TEXT,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_by_age ON answers (at);
