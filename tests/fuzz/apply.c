/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of companies and persons as they are typed, and the details of an order: what is taken
 * has the one form, and reads as itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/application.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void numbers(const char *text)
{
    char first[BK_ACCOUNT_MAX + 1], again[BK_ACCOUNT_MAX + 1];
    bool (*const readers[])(const char *, char *) = {
        bk_org_code_read, bk_citizen_id_read, bk_other_id_read, bk_card_read, bk_account_read};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i](text, first) && (!readers[i](first, again) || strcmp(first, again) != 0))
            abort();
    if (bk_email_valid(text) && (strpbrk(text, "\r\n ,;<>\"") || !strchr(text, '@')))
        abort();
}

static void details(const uint8_t *data, size_t size)
{
    char member[BK_MEMBER];
    json_t *given = NULL, *once = NULL, *twice = NULL;
    if (bk_json_parse(data, size, 65536, &given) != BK_OK)
        return;
    if (bk_application_read(given, NULL, &once, member) == BK_OK) {
        json_t *masked = bk_application_masked(once);
        if (!masked || bk_application_read(once, NULL, &twice, member) != BK_OK ||
            !json_equal(once, twice))
            abort();
        json_decref(masked);
    } else if (!*member) {
        abort();
    }
    json_decref(given);
    json_decref(once);
    json_decref(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    if (text)
        numbers(text);
    details(data, size);
    free(text);
    return 0;
}
