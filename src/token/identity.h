/* SPDX-License-Identifier: Apache-2.0 */
/* Names that stay: what a certificate and its keys are called in PKCS#11. */
#ifndef BK_TOKEN_IDENTITY_H
#define BK_TOKEN_IDENTITY_H

#include "card/card.h"

#define BK_ID_LEN 20
#define BK_LABEL_MAX 128

/*
 * CKA_ID: the first 20 bytes of SHA-256 over "BJCA-ID/1" LF serial LF name LF use LF, where use is
 * "S" or "E"; for history also generation LF. So the current identity of NAME has the same one
 * before and after a renewal, on every machine.
 */
enum bk_err bk_identity_id(const char *serial, const char *name, enum bk_key_use use,
                           bool history, unsigned generation, uint8_t id[BK_ID_LEN]) BK_MUST_CHECK;
/* NAME, "NAME (encryption)", "NAME (history N)", "NAME (encryption, history N)": no colon, since
 * NSS splits a nickname there (one in NAME becomes a full stop). */
void bk_identity_label(const char *name, enum bk_key_use use, bool history, unsigned generation,
                       char label[BK_LABEL_MAX]);

#endif
