/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an order for a certificate says of company, legal person, operator, product, delivery,
 * invoice, bank and contacts. Checked member by member against one table, brought to one form, and
 * kept sealed as a whole; what staff and queries need in clear (organisation code, company name,
 * product, way of delivery) stands beside it.
 */
#ifndef BK_SERVER_APPLICATION_H
#define BK_SERVER_APPLICATION_H

#include "net/json.h"
#include "server/escrow.h"
#include "server/numbers.h"
#include "server/store.h"

#define BK_MEMBER 48u /* "legal_person.id_number", with NUL */
#define BK_YEARS_MAX 5
#define BK_CONTACTS_MAX 5u
#define BK_COMPANY_MAX 128u

/*
 * The details as a new object: the parts that are given, each as a whole, over those of `before`
 * (NULL: none, all that are needed must be given). BK_EFORMAT: `member` is missing or can't be
 * taken.
 */
enum bk_err bk_application_read(const json_t *given, const json_t *before, json_t **details,
                                char member[BK_MEMBER]) BK_MUST_CHECK;
/* A member of details, "" when it isn't there. */
const char *bk_application_text(const json_t *details, const char *part, const char *name);
int64_t bk_application_years(const json_t *details);
/* A copy whose personal numbers show their ends only; NULL when memory ran out. */
json_t *bk_application_masked(const json_t *details);

struct bk_application {
    char order_id[27];
    char org_code[BK_ORG_CODE + 1];
    bool unreviewed; /* nobody looks at it: of a renewal that says nothing new */
    json_t *details;
};

/* A new one, or the details anew. phone: whose it is (NULL: as it was); the operator's opens the
 * order, too. */
enum bk_err bk_application_save(struct bk_tx *tx, const struct bk_escrow *escrow,
                                const struct bk_application *application,
                                const char *phone) BK_MUST_CHECK;
/* Nothing of persons stays, and no phone opens the order any more. */
enum bk_err bk_application_forget(struct bk_tx *tx, const struct bk_escrow *escrow,
                                  const char *order_id) BK_MUST_CHECK;
/* BK_ENOTFOUND: the order has none, or what it said is forgotten. */
enum bk_err bk_application_load(struct bk_tx *tx, const struct bk_escrow *escrow,
                                const char *order_id,
                                struct bk_application *application) BK_MUST_CHECK;
void bk_application_free(struct bk_application *application);
/* Whether a phone of this hash opens the order. */
enum bk_err bk_application_opens(struct bk_tx *tx, const char *order_id, const char *phone_hash,
                                 bool *opens) BK_MUST_CHECK;

#endif
