/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a production station does with a key: the administrator's log-in, the user's PIN by it,
 * erasing, and making an empty key ready for use. An administrator PIN or device key that the key
 * has refused is not sent to it again as long as it can't have become right: a PIN while the key's
 * counter stands where that left it, a device key until it is plugged in anew.
 */
#ifndef BK_TOKEN_STATION_H
#define BK_TOKEN_STATION_H

#include "token/token.h"

/*
 * The administrator's log-in is this process's alone: the PIN is proved to the key and kept in
 * locked memory; each use proves it again and leaves the key logged out. BK_ELIMIT, BK_EPIN_RULE:
 * it can't be one, nothing is sent. BK_EPIN_WRONG, BK_EPIN_LOCKED.
 */
enum bk_err bk_so_login(struct bk_token *t, const void *pin, size_t len) BK_MUST_CHECK;
void bk_so_logout(struct bk_token *t);
/* A new user PIN with all its tries. When the kept administrator PIN is refused, it was changed
 * elsewhere and is dropped: BK_ELOGIN. */
enum bk_err bk_so_init_pin(struct bk_token *t, const void *pin, size_t len) BK_MUST_CHECK;
enum bk_err bk_so_change_pin(struct bk_token *t, const void *old_pin, size_t old_len,
                             const void *new_pin, size_t new_len) BK_MUST_CHECK;

/*
 * Deletes every container and file, sets the label, and leaves the user PIN at a value nobody
 * knows. Each step can be cut; run again it goes on. A container goes before those of its later
 * generations, and all files after them. BK_EUNSUPPORTED, with nothing changed, on a key with a
 * generation record of a later version.
 */
enum bk_err bk_erase(struct bk_token *t, const void *admin_pin, size_t len,
                     const char *label) BK_MUST_CHECK;

struct bk_personalise {
    uint8_t device_key[BK_CARD_DEVICE_KEY];
    bool change_device_key, erase;
    uint8_t new_device_key[BK_CARD_DEVICE_KEY];
    const char *label; /* NULL: stays */
    /* name NULL: that of the one that is there, else that of the options; numbers 0: what the key
     * has */
    struct bk_new_app app;
};

/* BK_EDENIED: an application is there, of whatever name, and `erase` isn't said; that deletes the
 * one of this name alone. BK_EPIN_WRONG, BK_EPIN_LOCKED: of the device key. The
 * application comes last. The token is to be freed afterwards, whatever came of it. */
enum bk_err bk_personalise(struct bk_token *t, const struct bk_personalise *p) BK_MUST_CHECK;

#endif
