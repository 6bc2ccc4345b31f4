/* SPDX-License-Identifier: Apache-2.0 */
#include "serverhost.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_POSTGRESQL
#include <libpq-fe.h>
#endif

#include "server/schema.h"

struct serverhost host;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

#ifdef HAVE_POSTGRESQL
static char schemas[8][64];
static size_t schema_count;

static void change(const char *sql)
{
    PGconn *pg = PQconnectdb(getenv("TEST_POSTGRESQL"));
    PGresult *res = PQexec(pg, sql);
    ck_assert_msg(PQresultStatus(res) == PGRES_COMMAND_OK, "%s", PQerrorMessage(pg));
    PQclear(res);
    PQfinish(pg);
}

static void new_schema(const char *name, char database[256])
{
    char sql[128];
    ck_assert_uint_lt(schema_count, 8);
    (void)snprintf(schemas[schema_count], sizeof *schemas, "%s_%d", name, (int)getpid());
    (void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", schemas[schema_count]);
    change(sql);
    (void)snprintf(database, 256, "%s&options=-csearch_path%%3D%s", getenv("TEST_POSTGRESQL"),
                   schemas[schema_count++]);
}

static void drop_schemas(void)
{
    char sql[128];
    while (schema_count) {
        (void)snprintf(sql, sizeof sql, "SET client_min_messages = error; DROP SCHEMA %s CASCADE",
                       schemas[--schema_count]);
        change(sql);
    }
}
#endif

void serverhost_database(const char *name, char database[256])
{
#ifdef HAVE_POSTGRESQL
    if (getenv("TEST_POSTGRESQL")) {
        new_schema(name, database);
        return;
    }
#endif
    (void)snprintf(database, 256, "%s/%s", host.folder, name);
}

void serverhost_open(void)
{
    char path[128], why[200];
    const char *bad = NULL;
    memset(&host, 0, sizeof host);
    (void)snprintf(host.folder, sizeof host.folder, "/tmp/bjca-server.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(host.folder));
    (void)snprintf(path, sizeof path, "%s/keys", host.folder);
    ck_assert_int_eq(bk_escrow_open(path, NULL, &host.app.escrow, why, sizeof why), BK_OK);
    serverhost_database("db", host.database);
    ck_assert_int_eq(bk_store_open(host.database, bk_schema, bk_schema_count, &host.app.store),
                     BK_OK);
    ck_assert_int_eq(bk_policy_read(NULL, &host.app.policy, &bad), BK_OK);
    (void)snprintf(host.app.origin, sizeof host.app.origin, "https://127.0.0.1:1");
}

void serverhost_close(void)
{
    bk_store_close(&host.app.store);
    bk_escrow_free(&host.app.escrow);
#ifdef HAVE_POSTGRESQL
    drop_schemas();
#endif
    (void)nftw(host.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

struct bk_cad *serverhost_cad(void)
{
    char folder[96], why[200];
    struct bk_cad *cad = NULL;
    (void)snprintf(folder, sizeof folder, "%s/ca", host.folder);
    const struct bk_cad_options options = {.folder = folder, .name = "示例", .org = "示例"};
    ck_assert_int_eq(bk_cad_make(&options, why, sizeof why), BK_OK);
    ck_assert_int_eq(bk_cad_open(&options, &cad, why, sizeof why), BK_OK);
    return cad;
}

struct bk_tx *serverhost_begin(void)
{
    struct bk_tx *tx = NULL;
    ck_assert_int_eq(bk_tx_begin(host.app.store, &tx), BK_OK);
    return tx;
}

void serverhost_commit(struct bk_tx *tx)
{
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
}

TCase *serverhost_case(Suite *suite, const char *name)
{
    TCase *tc = tcase_create(name);
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, serverhost_open, serverhost_close);
    suite_add_tcase(suite, tc);
    return tc;
}
