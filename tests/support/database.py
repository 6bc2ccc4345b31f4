# SPDX-License-Identifier: Apache-2.0
"""The platform's database from beside it, for tests: SQLite's file, or the one that a URL names. Statements are written
as SQLite wants them: ? for a value."""
import json
import os
import sqlite3
import subprocess
import uuid


def run(path, url, sql, *values):
    """Its rows; what it changes is kept."""
    if url:
        return _postgresql(url, sql, values)
    db = sqlite3.connect(path, timeout=20)
    try:
        with db:
            return db.execute(sql, values).fetchall()
    finally:
        db.close()


def _literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def _value(value):
    return bytes.fromhex(value[2:]) if isinstance(value, str) and value.startswith("\\x") else value


def psql(url, sql):
    got = subprocess.run(["psql", "-qXAtd", url, "-v", "ON_ERROR_STOP=1", "-c", sql], capture_output=True, text=True,
                         timeout=60)
    if got.returncode:
        raise RuntimeError(f"{sql}: {got.stderr}")
    return got.stdout.strip()


def _postgresql(url, sql, values):
    parts = sql.split("?")
    sql = parts[0] + "".join(_literal(v) + p for v, p in zip(values, parts[1:], strict=True))
    if not sql.lstrip().upper().startswith("SELECT"):
        psql(url, sql)
        return []
    text = psql(url, f"SELECT json_agg(to_json(q)) FROM ({sql}) q")
    # names may stand twice: what counts is the order
    return json.loads(text, object_pairs_hook=lambda pairs: tuple(_value(v) for _, v in pairs)) if text else []


def fresh():
    """URL of a new, empty database on the test's server; None: tests run on SQLite."""
    base = os.environ.get("TEST_POSTGRESQL")
    if not base:
        return None
    name = "t" + uuid.uuid4().hex
    psql(base, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return base.replace("///postgres?", f"///{name}?")
