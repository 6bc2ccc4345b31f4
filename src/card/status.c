/* SPDX-License-Identifier: Apache-2.0 */
#include "card/status.h"

#include <stddef.h>

#include "apdu/sw.h"

static const struct {
    uint16_t sw;
    enum bk_err err;
} table[] = {
    {BK_SW_OK, BK_OK},
    {BK_SW_WRITE_FAILED, BK_EIO},
    {BK_SW_LENGTH, BK_EINVAL},
    {BK_SW_KEYGEN_FAILED, BK_ECRYPTO},
    {BK_SW_SECURITY, BK_ELOGIN},
    {BK_SW_LOCKED, BK_EPIN_LOCKED},
    {BK_SW_NO_RANDOM, BK_ESTATE},
    {BK_SW_CONDITIONS, BK_ESTATE},
    {BK_SW_NOT_ALLOWED, BK_EDENIED},
    {BK_SW_SM_OBJECT, BK_EVERIFY},
    {BK_SW_APP_CLOSED, BK_ERESET},
    {BK_SW_DATA, BK_EINVAL},
    {BK_SW_UNSUPPORTED, BK_EUNSUPPORTED},
    {BK_SW_NO_SPACE, BK_EFULL},
    {BK_SW_P1P2, BK_EINVAL},
    {BK_SW_NO_APP, BK_ENOTFOUND},
    {BK_SW_APP_EXISTS, BK_EEXISTS},
    {BK_SW_APP_OPEN, BK_ESTATE},
    {BK_SW_NO_APP_NAME, BK_ENOTFOUND},
    {BK_SW_NO_SESSION_KEY, BK_ENOTFOUND},
    {BK_SW_OTHER_APP_OPEN, BK_ESTATE},
    {BK_SW_NO_CONTAINER_NAME, BK_ENOTFOUND},
    {BK_SW_FILE_EXISTS, BK_EEXISTS},
    {BK_SW_NO_FILE, BK_ENOTFOUND},
    {BK_SW_NO_CONTAINER, BK_ENOTFOUND},
    {BK_SW_NO_KEY_PAIR, BK_ENOTFOUND},
    {BK_SW_NO_CERT, BK_ENOTFOUND},
    {BK_SW_FILE_WRITE, BK_EIO},
    {BK_SW_VERIFY_FAILED, BK_EVERIFY},
    {BK_SW_SESSION_ALG, BK_EUNSUPPORTED},
    {BK_SW_ENCRYPT_FAILED, BK_ECRYPTO},
    {BK_SW_DECRYPT_FAILED, BK_EVERIFY},
    {BK_SW_SIGN_FAILED, BK_ECRYPTO},
    {BK_SW_HASH_ALG, BK_EUNSUPPORTED},
    {BK_SW_NO_KEY, BK_ENOTFOUND},
    {BK_SW_OFFSET, BK_EINVAL},
    {BK_SW_LE, BK_EINVAL},
    {BK_SW_INS, BK_EUNSUPPORTED},
    {BK_SW_CLA, BK_EUNSUPPORTED},
    {BK_SW_ANSWER_LONG, BK_ELIMIT},
    {BK_SW_CONTAINER_EXISTS, BK_EEXISTS},
};

enum bk_err bk_status_err(uint16_t sw)
{
    if ((sw & 0xfff0) == BK_SW_PIN_WRONG)
        return sw & 0x0f ? BK_EPIN_WRONG : BK_EPIN_LOCKED;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].sw == sw)
            return table[i].err;
    return BK_EIO;
}

int bk_status_tries(uint16_t sw)
{
    if ((sw & 0xfff0) == BK_SW_PIN_WRONG)
        return sw & 0x0f;
    return sw == BK_SW_LOCKED ? 0 : -1;
}
