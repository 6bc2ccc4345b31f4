/* SPDX-License-Identifier: Apache-2.0 */
/* An answer of the payment gateway: the bytes that a signature is looked for over are those of the
 * member that a reader of the whole finds. */
#include <stdlib.h>
#include <string.h>

#include "net/json.h"
#include "server/pay_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_pay_answer a;
    json_t *all = NULL, *inner = NULL;
    if (bk_pay_answer_read(data, size, "a", &a) != BK_OK)
        return 0;
    if (a.inner.at < data || a.inner.at + a.inner.left > data + size ||
        bk_json_parse(data, size, BK_PAY_ANSWER_MAX, &all) != BK_OK ||
        bk_json_parse(a.inner.at, a.inner.left, BK_PAY_ANSWER_MAX, &inner) != BK_OK ||
        !json_is_object(inner) || !json_equal(inner, json_object_get(all, "a")) ||
        strcmp(json_string_value(json_object_get(all, "sign")), a.sign) != 0)
        abort();
    json_decref(all);
    json_decref(inner);
    return 0;
}
