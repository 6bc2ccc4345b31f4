/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/pcsc_rv.h"

#include "base/log.h"

enum bk_err bk_pcsc_error(LONG rv)
{
    switch (rv) {
    case SCARD_S_SUCCESS:
        return BK_OK;
    case SCARD_W_RESET_CARD:
        return BK_ERESET;
    case SCARD_W_REMOVED_CARD:
    case SCARD_E_NO_SMARTCARD:
    case SCARD_E_READER_UNAVAILABLE:
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_INVALID_VALUE: /* so pcscd says of a handle whose reader is gone */
        return BK_EREMOVED;
    case SCARD_E_SHARING_VIOLATION:
        return BK_EBUSY;
    case SCARD_E_TIMEOUT:
        return BK_ETIMEOUT;
    case SCARD_E_NO_MEMORY:
        return BK_ENOMEM;
    default:
        bk_log(BK_LOG_INFO, "pcsc: error %lx", (unsigned long)rv);
        return BK_EIO;
    }
}

bool bk_pcsc_lost(LONG rv)
{
    return rv == SCARD_E_NO_SERVICE || rv == SCARD_E_SERVICE_STOPPED ||
           rv == SCARD_E_INVALID_HANDLE || rv == SCARD_F_COMM_ERROR || rv == SCARD_E_COMM_DATA_LOST;
}
