/* SPDX-License-Identifier: Apache-2.0 */
/* A platform's store and stored secrets in a folder of their own, for tests of src/server. */
#ifndef TEST_SERVERHOST_H
#define TEST_SERVERHOST_H

#include <check.h>

#include "server/app.h"
#include "server/cad.h"

struct serverhost {
    char folder[64];
    char database[256]; /* SQLite's file in the folder, or a schema of TEST_POSTGRESQL's */
    struct bk_app app;
};

/* The one of the test that runs. */
extern struct serverhost host;

/* Ends the test when anything fails. */
void serverhost_open(void);
void serverhost_close(void);
/* A CA of its own in the host's folder, to be closed before the host. */
struct bk_cad *serverhost_cad(void);
/* A transaction, and its end. */
struct bk_tx *serverhost_begin(void);
void serverhost_commit(struct bk_tx *tx);
/* Another, empty database of the same kind, which goes with the host. */
void serverhost_database(const char *name, char database[256]);
/* A case of the suite whose tests each have a new host. */
TCase *serverhost_case(Suite *suite, const char *name);

#endif
