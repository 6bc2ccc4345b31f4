/* SPDX-License-Identifier: Apache-2.0 */
/* A platform's store and stored secrets in a folder of their own, for tests of src/server. */
#ifndef TEST_SERVERHOST_H
#define TEST_SERVERHOST_H

#include "server/app.h"

struct serverhost {
    char folder[64];
    struct bk_app app;
};

/* Ends the test when anything fails. */
void serverhost_open(struct serverhost *host);
void serverhost_close(struct serverhost *host);
/* A transaction, and its end. */
struct bk_tx *serverhost_begin(struct serverhost *host);
void serverhost_commit(struct bk_tx *tx);

#endif
