/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual key behind PC/SC: the card's end of vpcd (package vsmartcard-vpcd), whose reader
 * driver listens on 127.0.0.1. The connection is the card in the slot: connecting inserts it,
 * closing removes it. It is made again when pcscd starts anew.
 *
 * A control socket (Unix stream, mode 0600) takes one word a connection and answers one line:
 *   insert   connect; `ok`, or `waiting` while no reader driver listens
 *   remove   disconnect, until `insert`; `ok`
 *   reset    the key loses power for a moment without the reader's noticing; `ok`
 */
#ifndef BK_VKEY_VPCD_H
#define BK_VKEY_VPCD_H

#include "vkey/vkey.h"

#define BK_VPCD_PORT 35963u

struct bk_vpcd_params {
    unsigned port;
    const char *control; /* path of the control socket, or NULL */
    int stop_fd;         /* serving ends when this can be read */
};

/* BK_OK when asked to stop. BK_EREMOVED, BK_EDENIED, BK_ECORRUPT, BK_EIO: the key is gone. */
enum bk_err bk_vpcd_serve(struct bk_vkey *key, const struct bk_vpcd_params *params) BK_MUST_CHECK;

/* One word to a control socket; the answer's line without its end, a C string. */
enum bk_err bk_vpcd_control(const char *path, const char *word,
                            struct bk_buf *answer) BK_MUST_CHECK;

#endif
