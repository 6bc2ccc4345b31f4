/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mobile numbers of mainland China. One number has one form here, whoever wrote it down: eleven
 * ASCII digits, the first a 1. The register, limits and messages know that form only.
 */
#ifndef BK_SERVER_PHONE_H
#define BK_SERVER_PHONE_H

#include <stdbool.h>

#define BK_PHONE 11u
#define BK_PHONE_TYPED 64u /* bytes of a number as people type it */

/* False when text isn't such a number. Taken away: spaces and dashes of any width, the country's
 * +86, 0086 or 86; full-width digits become digits. */
bool bk_phone_read(const char *text, char phone[BK_PHONE + 1]);
/* Whether text has that form already. */
bool bk_phone_valid(const char *text);
/* A prefix (three digits) of those in use, by number: equal numbers, equal prefixes. */
void bk_phone_prefix(unsigned number, char prefix[4]);

#endif
