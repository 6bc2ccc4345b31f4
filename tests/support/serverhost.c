/* SPDX-License-Identifier: Apache-2.0 */
#include "serverhost.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/schema.h"

struct serverhost host;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void serverhost_open(void)
{
    char path[128];
    const char *bad = NULL;
    memset(&host, 0, sizeof host);
    (void)snprintf(host.folder, sizeof host.folder, "/tmp/bjca-server.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(host.folder));
    (void)snprintf(path, sizeof path, "%s/keys", host.folder);
    ck_assert_int_eq(bk_escrow_open(path, &host.app.escrow), BK_OK);
    (void)snprintf(path, sizeof path, "%s/db", host.folder);
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &host.app.store), BK_OK);
    ck_assert_int_eq(bk_policy_read(NULL, &host.app.policy, &bad), BK_OK);
    (void)snprintf(host.app.origin, sizeof host.app.origin, "https://127.0.0.1:1");
}

void serverhost_close(void)
{
    bk_store_close(&host.app.store);
    bk_escrow_free(&host.app.escrow);
    (void)nftw(host.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
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
