/* SPDX-License-Identifier: Apache-2.0 */
/* What the CA process has issued: a line each, "SECOND ALGORITHM PROFILE SERIAL END". */
#ifndef BK_SERVER_CAD_JOURNAL_H
#define BK_SERVER_CAD_JOURNAL_H

#include "crypto/issue.h"

/* Whether the journal, which may be as long as it likes, has an entry of this serial number. */
enum bk_err bk_cad_journal_has(int fd, const uint8_t serial[BK_SERIAL_BYTES],
                               bool *has) BK_MUST_CHECK;

#endif
