/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host for tests of the virtual key: makes commands after the standard, shares nothing with the
 * card layer. Each call that can't go wrong in a healthy test ends it when it does.
 */
#ifndef TEST_KEYHOST_H
#define TEST_KEYHOST_H

#include <stdint.h>

#include "base/buf.h"
#include "crypto/pubkey.h"
#include "vkey/vkey.h"

#define NO_LE (-1)

struct keyhost {
    struct bk_vkey *key;
    enum bk_vkey_dialect dialect;
    struct bk_buf resp; /* of the last command, without its status word */
    uint8_t app[2];     /* application id as on the wire */
    uint8_t box[2];     /* container id as on the wire */
};

/* A fresh folder under TMPDIR with a path for a key in it; removed by keyhost_forget. */
char *keyhost_path(void);
void keyhost_forget(char **path);
/* Powers up the key and opens its application. */
void keyhost_open(struct keyhost *host, const char *path);
void keyhost_close(struct keyhost *host);
/* Opens the application (again) and keeps its id. */
uint16_t keyhost_open_app(struct keyhost *host, const char *name);
uint16_t keyhost_open_box(struct keyhost *host, const char *name, bool create);

/* The status word. */
uint16_t keyhost_raw(struct keyhost *host, const void *cmd, size_t len);
uint16_t keyhost_hex(struct keyhost *host, const char *hex);
uint16_t keyhost_cmd(struct keyhost *host, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2,
                     const void *data, size_t len, int le);
/* Class 80, with application id (and container id) before the data, all of the answer wanted. */
uint16_t keyhost_app_cmd(struct keyhost *host, uint8_t ins, uint8_t p1, uint8_t p2,
                         const void *data, size_t len);
uint16_t keyhost_box_cmd(struct keyhost *host, uint8_t ins, uint8_t p1, uint8_t p2,
                         const void *data, size_t len);
/* An integer in the dialect's order, appended; or read from the last answer. */
void keyhost_put16(const struct keyhost *host, struct bk_buf *buf, uint16_t v);
void keyhost_put32(const struct keyhost *host, struct bk_buf *buf, uint32_t v);
uint32_t keyhost_get32(const struct keyhost *host, size_t at);

/* Draw a random, then the command. type: 0 administrator, 1 user. */
uint16_t keyhost_verify(struct keyhost *host, int type, const char *pin);
uint16_t keyhost_change(struct keyhost *host, int type, const char *old, const char *pin);
uint16_t keyhost_unblock(struct keyhost *host, const char *admin, const char *pin);
/* Of INS 14. */
unsigned keyhost_tries(struct keyhost *host, int type);
bool keyhost_is_default(struct keyhost *host, int type);

/* The container's public key (INS 88); p1: 1 signing, 0 encryption. */
void keyhost_pubkey(struct keyhost *host, int which, enum bk_alg alg, struct bk_pubkey *pub);
/* A certificate with this public key, signed by a throw-away key; `pad` bytes in an extension. */
void keyhost_cert(const struct bk_pubkey *pub, size_t pad, struct bk_buf *der);
uint16_t keyhost_import_cert(struct keyhost *host, int which, const struct bk_buf *der);
/* Makes an encryption pair and imports it sealed to the container's signing key. */
uint16_t keyhost_import_pair(struct keyhost *host, enum bk_alg alg);

#endif
