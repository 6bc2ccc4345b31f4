/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the CA process has issued: a line each, "SECOND ALGORITHM PROFILE SERIAL END", on the disk
 * before the certificate leaves. A part of all serial numbers is kept in memory (16 to 32 bytes
 * each); the file is searched only for one that has it in common with another. Several threads may
 * add at once.
 */
#ifndef BK_SERVER_CAD_JOURNAL_H
#define BK_SERVER_CAD_JOURNAL_H

#include "crypto/issue.h"

struct bk_cad_journal;

struct bk_cad_entry {
    const char *algorithm, *profile;
    const uint8_t *serial; /* BK_SERIAL_BYTES, the first not 0 */
    int64_t not_after;     /* seconds since 1970 */
};

/* The file must be there. */
enum bk_err bk_cad_journal_open(const char *path, struct bk_cad_journal **journal) BK_MUST_CHECK;
void bk_cad_journal_close(struct bk_cad_journal **journal);
/* Something is about to be added; bk_cad_journal_add, or bk_cad_journal_forget: it isn't. */
void bk_cad_journal_expect(struct bk_cad_journal *journal);
void bk_cad_journal_forget(struct bk_cad_journal *journal);
/* What was expected: all of them or none, and on the disk. BK_EEXISTS: one's serial number was
 * used. */
enum bk_err bk_cad_journal_add(struct bk_cad_journal *journal, const struct bk_cad_entry *entries,
                               size_t count) BK_MUST_CHECK;

#endif
