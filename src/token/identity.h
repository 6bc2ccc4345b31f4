/* SPDX-License-Identifier: Apache-2.0 */
/* Names that stay: what a certificate and its keys are called in PKCS#11. */
#ifndef BK_TOKEN_IDENTITY_H
#define BK_TOKEN_IDENTITY_H

#include "card/card.h"

#define BK_ID_LEN 20
#define BK_LABEL_MAX 128

/*
 * A NAME may carry the CKA_ID of its signing identity, given when its pair was made: "LABEL [ID]",
 * where ID is 1 to 8 bytes in lower-case hex or '=' and 9 to 20 bytes in base64 without padding. Any
 * other NAME is its own label.
 *
 * Else CKA_ID is the first 20 bytes of SHA-256 over "BJCA-ID/1" LF serial LF name LF use LF, where use is
 * "S" or "E"; for history also generation LF. So the current identity of NAME has the same one
 * before and after a renewal, on every machine.
 */
enum bk_err bk_identity_id(const char *serial, const char *name, enum bk_key_use use,
                           bool history, unsigned generation, uint8_t id[BK_ID_LEN],
                           size_t *len) BK_MUST_CHECK;
/* The NAME of this label and id. BK_ELIMIT when it is longer than one that can be renewed, or the id
 * than one may be; an id of no length is none. */
enum bk_err bk_identity_name(const char *label, const void *id, size_t id_len,
                             char name[BK_CARD_NAME_MAX + 1]) BK_MUST_CHECK;
/* LABEL, "LABEL (encryption)", "LABEL (history N)", "LABEL (encryption, history N)": no colon, since
 * NSS splits a nickname there (one in LABEL becomes a full stop). */
void bk_identity_label(const char *name, enum bk_key_use use, bool history, unsigned generation,
                       char label[BK_LABEL_MAX]);

#endif
