/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of companies and persons as customers type them, brought to one form and checked by their
 * own check digits: what is mistyped is found before anybody outside is asked.
 */
#ifndef BK_SERVER_NUMBERS_H
#define BK_SERVER_NUMBERS_H

#include <stdbool.h>

#define BK_ORG_CODE 18u
#define BK_CITIZEN_ID 18u
#define BK_CARD_MAX 19u
#define BK_ACCOUNT_MAX 32u

/* The unified social credit code (GB 32100-2015): white space is dropped, lower case and full-width
 * characters are understood. False when it isn't one, or its check character is wrong. */
bool bk_org_code_read(const char *text, char code[BK_ORG_CODE + 1]);
/* The citizen's number (GB 11643-1999): 17 digits with a date of birth that exists, and the check
 * character. */
bool bk_citizen_id_read(const char *text, char id[BK_CITIZEN_ID + 1]);
/* Another identity document: 5 to 18 letters and digits, upper case. */
bool bk_other_id_read(const char *text, char id[BK_CITIZEN_ID + 1]);
/* A bank card: 12 to 19 digits, the last by Luhn's rule (ISO/IEC 7812-1). */
bool bk_card_read(const char *text, char card[BK_CARD_MAX + 1]);
/* A company's account: 6 to 32 digits; banks have no common check digit. */
bool bk_account_read(const char *text, char account[BK_ACCOUNT_MAX + 1]);
/* One @ with something on both sides and a dot behind it, visible ASCII without what would end or
 * split a header or an address list; at most 254 bytes. */
bool bk_email_valid(const char *text);

#endif
