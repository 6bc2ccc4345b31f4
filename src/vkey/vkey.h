/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual key: a card operating system after GM/T 0016 and 0017 whose memory is one file.
 *
 * Each bk_vkey_open is a power-up of its own: random, log-in, handles and session keys are
 * private to it and gone with reset or close. PINs, counters, files, keys and certificates are in
 * the file and shared: several processes may hold the same file open, and see each other's changes
 * with the next command. A command runs under a lock (PATH.lock), reloads the file when another
 * process replaced it, and answers only when what it changed is on disk.
 *
 * The file is the key: it holds private keys in clear and belongs to its owner alone (mode 0600;
 * one that others can read or write is refused).
 *
 * A struct bk_vkey is used by one thread at a time.
 */
#ifndef BK_VKEY_VKEY_H
#define BK_VKEY_VKEY_H

#include <stdbool.h>

#include "base/buf.h"

struct bk_vkey;

/*
 * The wire (docs/virtual-key.md). GetDevInfo tells which: its manufacturer field begins
 * with "bjca-pkcs11" in gmt0017 and with "Longmai" in longmai.
 */
enum bk_vkey_dialect { BK_VKEY_GMT0017 = 0, BK_VKEY_LONGMAI = 1 };
/* What UnblockPIN wants: the MAC alone, or the administrator PIN verified before. */
enum bk_vkey_shape { BK_VKEY_DIRECT = 0, BK_VKEY_ADMIN_FIRST = 1 };

/* Whether the application takes files: the user's; none, there is no room for any; none, nobody has
 * the right to make one. */
enum bk_vkey_files { BK_VKEY_FILES_USER = 0, BK_VKEY_FILES_NO_ROOM = 1, BK_VKEY_FILES_NO_RIGHT = 2 };

#define BK_VKEY_APPLICATION "BJCA-Application"
#define BK_VKEY_LABEL "BJCA-UserKey"
/* The factory PINs. The key's default flag (INS 14) is on while a PIN is this one. */
#define BK_VKEY_USER_PIN "12345678"
#define BK_VKEY_ADMIN_PIN "87654321"

#define BK_VKEY_PIN_MIN 6u
#define BK_VKEY_PIN_MAX 16u
#define BK_VKEY_RETRIES 10u /* at most 15 */
#define BK_VKEY_SERIAL_MAX 32u
#define BK_VKEY_APPS 4u
#define BK_VKEY_CONTAINERS 8u
#define BK_VKEY_FILES 32u
#define BK_VKEY_CERT_MAX 4096u
#define BK_VKEY_SPACE 131072u

/* What a new key is made with; NULL and 0 mean the defaults above. */
struct bk_vkey_params {
    const char *serial; /* 1 to 32 ASCII characters; must be given */
    const char *label;  /* up to 31 bytes of UTF-8 */
    enum bk_vkey_dialect dialect;
    enum bk_vkey_shape shape;
    const char *application; /* up to 32 bytes */
    enum bk_vkey_files files;
    const void *user_pin;
    size_t user_pin_len;
    const void *admin_pin;
    size_t admin_pin_len;
    unsigned user_retries;
    unsigned admin_retries;
    bool empty; /* no application: as from a factory */
    const uint8_t *device_key; /* 16 bytes for DevAuth (INS 10); NULL: random, known to nobody */
};

/* BK_EEXISTS when the file is there already; BK_EPIN_RULE, BK_EINVAL for what isn't allowed. */
enum bk_err bk_vkey_create(const char *path, const struct bk_vkey_params *params) BK_MUST_CHECK;

/* BK_ENOTFOUND; BK_EDENIED when it isn't ours alone; BK_ECORRUPT; BK_EUNSUPPORTED for a later
 * version of the file. */
enum bk_err bk_vkey_open(const char *path, struct bk_vkey **vkey) BK_MUST_CHECK;
void bk_vkey_close(struct bk_vkey **vkey);
/*
 * From begin to end no other open key on this file, in whatever process, carries out a command: theirs
 * wait for 20 seconds, then get BK_EBUSY. bk_vkey_reset and bk_vkey_close end it, too.
 */
enum bk_err bk_vkey_begin(struct bk_vkey *vkey) BK_MUST_CHECK;
void bk_vkey_end(struct bk_vkey *vkey);
/* Power off and on. */
void bk_vkey_reset(struct bk_vkey *vkey);
/*
 * One command APDU, any bytes; resp is cleared and holds the answer with its status word. An error
 * is returned only when the key itself is gone, broken or held by another: BK_EREMOVED (the file isn't
 * there any more), BK_EDENIED, BK_ECORRUPT, BK_EIO, BK_ENOMEM, BK_EBUSY.
 */
enum bk_err bk_vkey_transmit(struct bk_vkey *vkey, const uint8_t *cmd, size_t len,
                             struct bk_buf *resp) BK_MUST_CHECK;
/* ISO/IEC 7816-3 answer to reset, the same for each virtual key. */
const uint8_t *bk_vkey_atr(size_t *len);

struct bk_vkey_pin_info {
    unsigned max;
    unsigned left;
    bool is_default;
};

struct bk_vkey_app_info {
    char name[49];
    struct bk_vkey_pin_info user, admin;
    unsigned containers;
    unsigned files;
};

struct bk_vkey_info {
    char serial[BK_VKEY_SERIAL_MAX + 1];
    char label[33];
    enum bk_vkey_dialect dialect;
    enum bk_vkey_shape shape;
    uint32_t space;
    uint32_t space_left;
    unsigned app_count;
    struct bk_vkey_app_info apps[BK_VKEY_APPS];
};

/* What can be known without a PIN, as of now. */
enum bk_err bk_vkey_info(struct bk_vkey *vkey, struct bk_vkey_info *info) BK_MUST_CHECK;

/* "gmt0017", "longmai"; "direct", "admin-first". */
enum bk_err bk_vkey_dialect_parse(const char *text, enum bk_vkey_dialect *dialect) BK_MUST_CHECK;
enum bk_err bk_vkey_shape_parse(const char *text, enum bk_vkey_shape *shape) BK_MUST_CHECK;
/* "user", "no-room", "no-right" */
enum bk_err bk_vkey_files_parse(const char *text, enum bk_vkey_files *files) BK_MUST_CHECK;
const char *bk_vkey_dialect_name(enum bk_vkey_dialect dialect);
const char *bk_vkey_shape_name(enum bk_vkey_shape shape);

#endif
